"""The current state of a poll as plain values, for the views."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.representation import Named, speaking
from handlers.polls import rules
from handlers.polls.ranking.rules import Duel, Reason
from handlers.polls.rules import Choices, OptionResult, PollResult
from storage import agencies, consortia, members, polls
from storage.live_messages import LiveMessage
from storage.members import Member
from storage.polls import Ballot, Poll
from storage.vocabulary import AgencyId, MemberId, PollKind, PollState, ResultVisibility


@dataclass(frozen=True)
class NamedBallot:
    """A ballot that everyone may see, with the names of the person and the agency.

    Where agencies vote, `voice` means that the ballot does not count, because others speak for the agency.
    """

    name: str
    agency: str
    choices: Choices
    voice: bool = False


@dataclass(frozen=True)
class PollSnapshot:
    """A poll as plain values.

    `options` maps places to labels; in a time poll, `starts` maps them to times. `ballots` counts the people who have
    voted, and `voters` are their names, in anonymous polls too. `named_ballots` is empty in anonymous polls, and while
    the choices are hidden. `result` is None while the counts are hidden.
    """

    number: int
    question: str
    kind: PollKind
    most: int
    anonymous: bool
    shows: ResultVisibility
    open_options: bool
    by_agency: bool
    state: PollState
    author: str
    author_user: str
    closes_at: datetime
    closed_at: datetime | None
    zone: str
    options: Mapping[int, str]
    starts: Mapping[int, datetime]
    ballots: int
    voters: Sequence[str]
    named_ballots: Sequence[NamedBallot]
    result: PollResult | None

    @property
    def open(self) -> bool:
        """Whether people can still vote."""
        return self.state is PollState.OPEN

    @property
    def hidden(self) -> bool:
        """Whether the choices are hidden for now, at least from people who have not voted."""
        return self.open and (self.anonymous or self.shows is not ResultVisibility.AT_ONCE)


def load_snapshot(session: Session, poll: Poll, *, reveal: bool = False) -> PollSnapshot:
    """Load the current state of a poll.

    While a poll is open, hidden counts are left out. If `reveal` is True, the reader has voted and gets the counts
    that are hidden only until then. An anonymous poll has no counts before it closes.
    """
    ballots = polls.list_ballots(session, poll.id)
    options = polls.list_options(session, poll.id)
    voter_ids = {ballot.member_id for ballot in ballots}
    people = members.by_ids(session, {poll.author_id, *voter_ids})
    agency_names = {id_: agency.name for id_, agency in agencies.all_by_id(session, poll.consortium_id).items()}
    shown = (
        poll.state is PollState.CLOSED
        or poll.shows is ResultVisibility.AT_ONCE
        or (reveal and poll.shows is ResultVisibility.AFTER_VOTE)
    ) and not (poll.anonymous and poll.state is PollState.OPEN)
    author = people[poll.author_id]
    return PollSnapshot(
        number=poll.number,
        question=poll.question,
        kind=poll.kind,
        most=poll.most,
        anonymous=poll.anonymous,
        shows=poll.shows,
        open_options=poll.open_options,
        by_agency=poll.by_agency,
        state=poll.state,
        author=author.name,
        author_user=author.user_id,
        closes_at=poll.closes_at,
        closed_at=poll.closed_at,
        zone=session.get_one(consortia.Consortium, poll.consortium_id).zone,
        options={option.place: option.label for option in options},
        starts={option.place: option.starts_at for option in options if option.starts_at},
        ballots=len(voter_ids),
        voters=sorted(people[member_id].name for member_id in voter_ids),
        named_ballots=_named_ballots(
            ballots, people, agency_names, _voices(session, ballots) if poll.by_agency else frozenset()
        )
        if shown and not poll.anonymous
        else (),
        result=load_result(session, poll, ballots) if shown else None,
    )


def load_live_snapshot(session: Session, live: LiveMessage) -> PollSnapshot:
    """Load the poll that a live message shows. Raise LookupError if the poll no longer exists."""
    poll = polls.get(session, live.consortium_id, live.number)
    if poll is None:
        raise LookupError("a live message shows a poll that does not exist")
    return load_snapshot(session, poll)


def _voices(session: Session, ballots: Sequence[Ballot]) -> frozenset[int]:
    """Return the places in the list of the ballots that do not count for their agency."""
    counted: list[Ballot] = []
    for agency_id, named in named_speakers(session, ballots).items():
        counted += speaking([ballot for ballot in ballots if ballot.agency_id == agency_id], named)
    return frozenset(place for place, ballot in enumerate(ballots) if all(ballot is not one for one in counted))


def _named_ballots(
    ballots: Sequence[Ballot],
    people: Mapping[MemberId, Member],
    agency_names: Mapping[AgencyId, str],
    voices: Collection[int],
) -> list[NamedBallot]:
    return [
        NamedBallot(
            people[ballot.member_id].name,
            agency_names.get(ballot.agency_id, "") if ballot.agency_id is not None else "",
            rules.unpack(ballot.choices),
            voice=place in voices,
        )
        for place, ballot in enumerate(ballots)
    ]


def load_result(session: Session, poll: Poll, ballots: Sequence[Ballot]) -> PollResult:
    """Return the result that was stored when the poll closed, or the current count."""
    if poll.result is not None:
        return result_from_json(poll.result)
    places = [option.place for option in polls.list_options(session, poll.id)]
    if not poll.by_agency:
        return rules.count(poll.kind, places, [rules.unpack(ballot.choices) for ballot in ballots])
    agreed, divided = rules.agency_ballots(poll.kind, places, ballots, named_speakers(session, ballots))
    names = agencies.all_by_id(session, poll.consortium_id) if divided else {}
    divided_names = sorted(names[agency_id].name for agency_id in divided)
    return replace(rules.count(poll.kind, places, agreed), divided=len(divided), divided_names=divided_names)


def named_speakers(session: Session, ballots: Sequence[Ballot]) -> dict[AgencyId, Named]:
    """Return who is named now to speak for each agency for which there are ballots."""
    agency_ids = {ballot.agency_id for ballot in ballots if ballot.agency_id is not None}
    speakers = members.representatives(session, agency_ids)
    return {agency_id: Named.of(pair) for agency_id, pair in speakers.items()}


def result_to_json(result: PollResult) -> dict[str, Any]:
    """Convert a result to JSON for storage."""
    return {
        "ballots": result.ballots,
        "lines": [astuple(option) for option in result.options],
        "leaders": list(result.leaders),
        "divided": result.divided,
        "divided_names": list(result.divided_names),
        "withheld": result.withheld,
        "reason": result.reason,
        "duels": [astuple(duel) for duel in result.duels],
    }


def result_from_json(stored: dict[str, Any]) -> PollResult:
    """Convert stored JSON to a result. Polls that closed under 0.1.0 lack the values that are read with a default."""
    return PollResult(
        ballots=stored["ballots"],
        options=[OptionResult(*option) for option in stored["lines"]],
        leaders=stored["leaders"],
        divided=stored["divided"],
        withheld=stored["withheld"],
        divided_names=stored.get("divided_names", []),
        reason=Reason(stored["reason"]) if stored.get("reason") else None,
        duels=[Duel(*duel) for duel in stored.get("duels", [])],
    )
