"""Ballots and closing: each operation is one intention within the caller's transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from handlers.kit import voices
from handlers.kit.callers import Caller, require_author_or_facilitator
from handlers.kit.notices.messages import queue_thread_reply
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaking, speaks
from handlers.kit.text import escape, slack_date, strip_numbering
from handlers.kit.voices import News
from handlers.polls import creation, rules, snapshot, views
from handlers.polls.audience import no_such
from handlers.polls.rules import Choices
from storage import audit, live_messages, members, polls, seals
from storage.names import normalize_name
from storage.polls import Poll, PollOption
from storage.seals import KeyRing
from storage.vocabulary import AgencyId, MemberId, PollKind, PollState, ResultVisibility, Seat
from storage.voting import PollBallotPaper, Voter

log = structlog.get_logger()


def lock_poll(session: Session, caller: Caller, number: int) -> Poll:
    """Lock a poll of the caller's consortium. Raise Refusal if no poll has this number."""
    poll = polls.lock_by_number(session, caller.consortium.id, number)
    return poll if poll is not None else no_such(number)


def check_open(poll: Poll | PollBallotPaper, now: datetime) -> None:
    """Check that people can still vote. Raise Refusal if the poll has closed."""
    if poll.state is PollState.CLOSED or now >= poll.closes_at:
        at = slack_date(poll.closed_at or poll.closes_at)
        raise Refusal(
            f"Poll {poll.number} closed {at}. Nothing has changed. `/vote show {poll.number}` shows the result."
        )


def cast_ballot(
    session: Session,
    caller: Caller | Voter,
    ring: KeyRing,
    poll: Poll | PollBallotPaper,
    choices: Choices,
    now: datetime,
    places: Sequence[int] | None = None,
    words: str = "",
) -> str:
    """Store a ballot in a locked poll, and return the confirmation. Raise Refusal if the poll does not allow it.

    `places` are the places of the options, if they have been read already. `words` are the ballot in words, for the
    confirmation. They are not given where the confirmation of a secret ballot may be stored.
    """
    number = poll.number
    check_open(poll, now)
    places = polls.option_places(session, poll.id) if places is None else places
    rules.check_ballot(poll.kind, poll.most, places, choices)
    row: dict[str, object] = {
        "poll_id": poll.id,
        "member_id": caller.person.id,
        "agency_id": caller.person.agency_id,
        "choices": rules.pack(choices),
        "seat": caller.person.seat,
        "sole": False,
        "said_at": now,
    }
    if poll.anonymous and poll.seal_id is not None:
        with _needs_key(number):
            seals.seal_answer(session, ring, poll.seal_id, caller.person.id, rules.pack(choices))
        row |= {"choices": None, "said_at": None, "agency_id": None, "seat": Seat.MEMBER}
    note = ""
    if poll.by_agency:
        note = _cast_for_agency(session, caller, poll, places, row, now)
    else:
        polls.save_ballot(session, row, by_agency=False)
    live_messages.request_update(session, poll.live_id)
    sealed = " It is sealed until the poll closes." if poll.anonymous else ""
    until = slack_date(poll.closes_at, caller.person.zone)
    chosen = f" You chose: {words}." if words else ""
    return f"Your vote in #{number} is noted.{chosen}{sealed}{note} You can change it until {until}."


def words_of(kind: PollKind, choices: Choices, options: Sequence[PollOption], zone: str) -> str:
    """Return a ballot in words; empty if the options are not known, or it names one that does not exist."""
    labels = {option.place: option.label for option in options}
    starts = {option.place: option.starts_at for option in options if option.starts_at}
    return views.ballot_words(kind, choices, labels, starts, zone) if choices.keys() <= labels.keys() else ""


def _cast_for_agency(
    session: Session,
    caller: Caller | Voter,
    poll: Poll | PollBallotPaper,
    places: Sequence[int],
    row: dict[str, object],
    now: datetime,
) -> str:
    """Store a ballot where agencies vote, tell whom it concerns, and return what it counts for.

    Raise Refusal if the caller belongs to no active agency.
    """
    agency = caller.agency
    if agency is None or agency.ended_at is not None:
        raise Refusal(
            "In this poll agencies vote, and you do not belong to an active one. You can join one: `/consortium join`"
        )
    representative, alternate = members.representatives(session, [agency.id])[agency.id]
    named = Named.of((representative, alternate))
    before = _standing(session, poll, places, agency.id, named)
    polls.save_ballot(session, {**row, "sole": named.nobody}, by_agency=True)
    after = _standing(session, poll, places, agency.id, named)
    _tell_concerned(session, caller, poll, before, after, now)
    speaker = representative or alternate
    counts = speaks(caller.person.seat, named) and caller.person.id in after.people
    if speaker is not None and not counts:
        voice = "Your vote is shown as a voice and does not count."
        return f" {escape(speaker.name)} speaks for {escape(agency.name)}. {voice}"
    if representative is not None and caller.person.seat is Seat.ALTERNATE:
        return f" It counts for {escape(agency.name)} as long as {escape(representative.name)} has not voted."
    if after.divided and poll.shows is not ResultVisibility.AT_CLOSE:
        return f" {escape(agency.name)} is divided, because its members disagree: none of their votes counts for it."
    return f" It counts for {escape(agency.name)}."


@dataclass(frozen=True)
class _Standing:
    """What an agency says in a poll: the people whose ballots count, whether they disagree, and what it comes to."""

    people: Sequence[MemberId] = ()
    seats: Sequence[Seat] = ()
    agreed: Sequence[Choices] = ()
    divided: bool = False


def _standing(
    session: Session, poll: Poll | PollBallotPaper, places: Sequence[int], agency_id: AgencyId, named: Named
) -> _Standing:
    ballots = polls.list_ballots_for(session, poll.id, agency_id)
    own = speaking(ballots, named)
    agreed, divided = rules.agency_ballots(poll.kind, places, ballots, {agency_id: named})
    return _Standing([each.member_id for each in own], [each.seat for each in own], agreed, bool(divided))


def _tell_concerned(
    session: Session,
    caller: Caller | Voter,
    poll: Poll | PollBallotPaper,
    before: _Standing,
    after: _Standing,
    now: datetime,
) -> None:
    """Tell an alternate whom the representative has overruled, or members that their agency is divided now.

    Nobody hears what a poll hides until it closes. Who is in a private channel is not known here.
    """
    hidden = poll.shows is ResultVisibility.AT_CLOSE
    overrules = caller.person.seat is Seat.REPRESENTATIVE and Seat.ALTERNATE in before.seats
    news = []
    if overrules and (hidden or before.agreed != after.agreed):
        news.append((News.BESIDE, before.people))
    if after.divided and not before.divided and not hidden:
        news.append((News.DIVIDED, [member_id for member_id in after.people if member_id != caller.person.id]))
    for each, people in news if not poll.private else ():
        voices.tell(session, voices.POLL, each, session.get_one(Poll, poll.id), people, now)


def retract_ballot(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Remove the caller's ballot, and return the confirmation. Raise Refusal if the caller has not voted."""
    poll = lock_poll(session, caller, number)
    check_open(poll, now)
    if poll.by_agency and caller.agency is not None and caller.agency.ended_at is not None:
        raise Refusal(f"{escape(caller.agency.name)} has ended, and what was said for it stays in poll {number}.")
    places = polls.option_places(session, poll.id)
    agency, named = caller.active_agency if poll.by_agency else None, Named()
    if agency is not None:
        named = Named.of(members.representatives(session, [agency.id])[agency.id])
    before = _standing(session, poll, places, agency.id, named) if agency is not None else _Standing()
    if not polls.delete_own_ballots(session, poll, caller.person):
        raise Refusal(
            f"You have not voted in poll {number}, so there is nothing to take back. `/vote show {number}` shows it."
        )
    if poll.seal_id is not None:
        seals.delete_answer(session, poll.seal_id, caller.person.id)
    live_messages.request_update(session, poll.live_id)
    after = _standing(session, poll, places, agency.id, named) if agency is not None else _Standing()
    again = [member_id for member_id in after.people if member_id not in before.people and not poll.private]
    voices.tell(session, voices.POLL, News.AGAIN, poll, again, now)
    return f"You took back your vote in #{number}. You can vote again until {slack_date(poll.closes_at, caller.zone)}."


def add_option(
    session: Session, caller: Caller, number: int, label: str, starts_at: datetime | None, now: datetime
) -> str:
    """Add an option, and return the confirmation. Raise Refusal if the poll is not open to new options."""
    poll = lock_poll(session, caller, number)
    check_open(poll, now)
    if not poll.open_options:
        raise Refusal(f"Nobody can add choices to poll {number}. `/vote new` creates a new poll.")
    options = polls.list_options(session, poll.id)
    if len(options) >= rules.MAX_OPTIONS:
        raise Refusal(f"A poll has room for {rules.MAX_OPTIONS} choices.", field="label")
    if starts_at is None:
        (label,) = strip_numbering([label], len(options) + 1)
    if not normalize_name(label) or len(label) > creation.MAX_LABEL:
        raise Refusal(f"A choice needs 1 to {creation.MAX_LABEL} characters.", field="label")
    if any(_is_same(option, label, starts_at) for option in options):
        raise Refusal("The poll already has this choice.", field="label")
    place = len(options) + 1
    session.add(PollOption(poll_id=poll.id, place=place, label=label, starts_at=starts_at, author_id=caller.person.id))
    live_messages.request_update(session, poll.live_id)
    audit.record(session, poll.consortium_id, caller.person.id, "added a choice", f"poll {number}", now)
    if starts_at is None:
        return f"Choice {place} was added to #{number}: “{escape(label)}”."
    added = f"Choice {place} was added to #{number}: {slack_date(starts_at, caller.zone)}."
    late = f" The poll closes after that, {slack_date(poll.closes_at, caller.zone)}."
    return added + (late if poll.closes_at > starts_at else "")


def _is_same(option: PollOption, label: str, starts_at: datetime | None) -> bool:
    """Return whether an option is the one that is added. Times are compared as such: people type them in their zone."""
    if starts_at is not None:
        return option.starts_at == starts_at
    return normalize_name(option.label) == normalize_name(label)


def close_now(session: Session, caller: Caller, ring: KeyRing, number: int, now: datetime) -> str:
    """Close a poll before its time, and return the confirmation.

    Raise Refusal if the caller may not close it, or if the key of its sealed ballots is missing.
    """
    poll = lock_poll(session, caller, number)
    require_author_or_facilitator(session, caller, poll.author_id, f"close poll {number}")
    check_open(poll, now)
    with _needs_key(number):
        close(session, ring, poll, now)
    audit.record(session, poll.consortium_id, caller.person.id, "closed", f"poll {number}", now)
    return f"Poll {number} is closed: {views.outcome(snapshot.load_snapshot(session, poll))}"


def close(session: Session, ring: KeyRing, poll: Poll, now: datetime) -> None:
    """Close a locked, open poll: store the result, and queue its message.

    Sealed ballots are opened and destroyed here. Only their counts are kept, and none if fewer than five people voted.
    Raise KeyMissing if the key of the sealed ballots is missing.
    """
    poll.state = PollState.CLOSED
    poll.closed_at = now
    if poll.anonymous and poll.seal_id is not None:
        ballots = [rules.unpack(answer) for answer in seals.open_and_erase(session, ring, poll.seal_id)]
        poll.result = snapshot.result_to_json(_sealed_result(session, poll, ballots))
    else:
        result = snapshot.load_result(session, poll, polls.list_ballots(session, poll.id))
        poll.result = snapshot.result_to_json(result)
    session.flush()
    live_messages.request_update(session, poll.live_id)
    queue_thread_reply(session, poll, views.result_reply(snapshot.load_snapshot(session, poll)), "the result", now)


def _sealed_result(session: Session, poll: Poll, ballots: Sequence[Choices]) -> rules.PollResult:
    if len(ballots) < rules.MIN_ANONYMOUS_BALLOTS:
        return rules.PollResult(len(ballots), [], [], withheld=bool(ballots))
    places = [option.place for option in polls.list_options(session, poll.id)]
    return rules.count(poll.kind, places, ballots)


@contextmanager
def _needs_key(number: int) -> Iterator[None]:
    """Raise Refusal if SEAL_KEYS lacks the key of the sealed ballots: people cannot help it, and nothing is lost."""
    try:
        yield
    except seals.KeyMissing:
        log.critical("sealed ballots cannot be used: SEAL_KEYS lacks their key", feature="polls", poll=number)
        raise Refusal(
            f"I cannot open the sealed votes of poll {number}: their key is missing. Nothing has changed, and every "
            "vote is kept. Ask whoever runs this bot to restore SEAL_KEYS, then try again."
        ) from None
