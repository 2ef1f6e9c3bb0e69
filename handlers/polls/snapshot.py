"""A poll as it stands: everything that views show, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.representation import Named
from handlers.polls import rules
from handlers.polls.rules import Choices, Line, Result
from storage import agencies, consortia, members, polls
from storage.live_messages import LiveMessage
from storage.polls import Ballot, Poll
from storage.vocabulary import AgencyId, PollKind, PollState, Shows


@dataclass(frozen=True)
class Cast:
    """One person's ballot as all may see it."""

    name: str
    agency: str
    choices: Choices


@dataclass(frozen=True)
class PollSnapshot:
    """A poll as plain values.

    `options` maps places to labels, `starts` to moments in a time poll. `voters` names who has voted, which is
    known in anonymous polls too; `cast` is empty in those. `result` is empty while it may not be shown.
    """

    number: int
    question: str
    kind: PollKind
    most: int
    anonymous: bool
    shows: Shows
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
    cast: Sequence[Cast]
    result: Result | None

    @property
    def open(self) -> bool:
        """Tell whether ballots are still taken."""
        return self.state is PollState.OPEN

    @property
    def sealed(self) -> bool:
        """Tell whether what was chosen is hidden for now."""
        return self.open and (self.anonymous or self.shows is not Shows.AT_ONCE)


def take(session: Session, poll: Poll, *, reveal: bool = False) -> PollSnapshot:
    """Take the picture of a poll.

    Counts of a hidden poll are left out while it is open, unless `reveal` says that this reader has voted and
    may see them then. Those of an anonymous one are never there before closing.
    """
    ballots = polls.ballots(session, poll.id)
    options = polls.options(session, poll.id)
    people = members.named(session, {poll.author_id, *(b.member_id for b in ballots)})
    names = {id_: agency.name for id_, agency in agencies.every(session, poll.consortium_id).items()}
    shown = (
        poll.state is PollState.CLOSED or poll.shows is Shows.AT_ONCE or (reveal and poll.shows is Shows.AFTER_VOTE)
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
        ballots=len(ballots),
        voters=sorted(people[b.member_id].name for b in ballots),
        cast=_cast(ballots, people, names) if shown and not poll.anonymous else (),
        result=result(session, poll, ballots) if shown else None,
    )


def _cast(ballots: Sequence[Ballot], people: Mapping[Any, Any], names: Mapping[AgencyId, str]) -> list[Cast]:
    return [
        Cast(
            people[b.member_id].name,
            names.get(b.agency_id, "") if b.agency_id is not None else "",
            rules.unpack(b.choices),
        )
        for b in ballots
    ]


def result(session: Session, poll: Poll, ballots: Sequence[Ballot]) -> Result:
    """Give the result: the one kept at closing, or the present count."""
    if poll.result is not None:
        return load(poll.result)
    places = [option.place for option in polls.options(session, poll.id)]
    if not poll.by_agency:
        return rules.count(poll.kind, places, [rules.unpack(b.choices) for b in ballots])
    heard, divided = rules.voices(ballots, _named(session, ballots))
    counted = rules.count(poll.kind, places, heard)
    return Result(counted.ballots, counted.lines, counted.leaders, divided)


def _named(session: Session, ballots: Sequence[Ballot]) -> dict[AgencyId, Named]:
    ids = {b.agency_id for b in ballots if b.agency_id is not None}
    pairs = members.speakers(session, ids)
    return {agency: Named.of(speakers) for agency, speakers in pairs.items()}


def dump(result: Result) -> dict[str, Any]:
    """Turn a result into what is kept."""
    return {
        "ballots": result.ballots,
        "lines": [[line.place, line.number, line.yes, line.maybe] for line in result.lines],
        "leaders": list(result.leaders),
        "divided": result.divided,
        "withheld": result.withheld,
    }


def load(kept: dict[str, Any]) -> Result:
    """Turn what is kept into a result."""
    return Result(
        ballots=kept["ballots"],
        lines=[Line(*line) for line in kept["lines"]],
        leaders=kept["leaders"],
        divided=kept["divided"],
        withheld=kept["withheld"],
    )


def of_live(session: Session, live: LiveMessage) -> PollSnapshot:
    """Take the snapshot of the poll that a live message shows. Raise LookupError where it no longer exists."""
    poll = polls.get(session, live.consortium_id, live.number)
    if poll is None:
        raise LookupError("a live message shows a poll that does not exist")
    return take(session, poll)
