"""What can be done with a poll that is there; each is one intention within the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller, ask_whom
from handlers.kit.notices.messages import reply
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, moment
from handlers.polls import creation, rules, snapshot, views
from handlers.polls.audience import no_such
from handlers.polls.creation import folded
from handlers.polls.rules import Choices
from storage import audit, live_messages, members, polls, seals
from storage.polls import Option, Poll
from storage.seals import KeyRing
from storage.vocabulary import PollState, Seat
from storage.voting import PollPaper, Voter


def locked(session: Session, caller: Caller, number: int) -> Poll:
    """Lock a poll of the caller's consortium. Raises Refusal where there is none of that number."""
    poll = polls.lock(session, caller.consortium.id, number)
    return poll if poll is not None else no_such(number)


def must_be_open(poll: Poll | PollPaper, now: datetime) -> None:
    """Refuse what comes after closing. Raises Refusal."""
    if poll.state is PollState.CLOSED or now >= poll.closes_at:
        at = moment(poll.closed_at or poll.closes_at)
        raise Refusal(
            f"Poll {poll.number} closed {at}. Nothing has changed. `/vote show {poll.number}` has the result."
        )


def cast(
    session: Session,
    caller: Caller | Voter,
    ring: KeyRing,
    poll: Poll | PollPaper,
    choices: Choices,
    now: datetime,
    places: Sequence[int] | None = None,
) -> str:
    """Keep a ballot in a locked poll, and return what was noted. Raise Refusal.

    `places` are those of the options, where they have been read already.
    """
    number = poll.number
    must_be_open(poll, now)
    places = polls.places(session, poll.id) if places is None else places
    rules.check(poll.kind, poll.most, places, choices)
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
        seals.put(session, ring, poll.seal_id, caller.person.id, rules.pack(choices))
        row |= {"choices": None, "said_at": None, "agency_id": None, "seat": Seat.MEMBER}
    note = _voice(session, caller, row) if poll.by_agency else ""
    polls.cast(session, row)
    live_messages.want(session, poll.live_id)
    sealed = " It is sealed until the poll closes." if poll.anonymous else ""
    return f"Your vote in #{number} is noted.{sealed}{note} You can change it until {moment(poll.closes_at)}."


def _voice(session: Session, caller: Caller | Voter, row: dict[str, object]) -> str:
    """Work out for whom somebody votes where agencies have one voice each."""
    agency = caller.agency
    if agency is None or agency.ended_at is not None:
        raise Refusal("In this poll agencies vote, and you belong to none. `/consortium join` asks to join one.")
    first, second = members.speakers(session, [agency.id])[agency.id]
    row["sole"] = first is None and second is None
    speaker = first or second
    if speaker is not None and caller.person.seat is Seat.MEMBER:
        return f" {escape(speaker.name)} speaks for {escape(agency.name)}; yours is shown as a voice."
    if first is not None and caller.person.seat is Seat.ALTERNATE:
        return f" It counts for {escape(agency.name)} as long as {escape(first.name)} has not voted."
    return f" It counts for {escape(agency.name)}."


def retract(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Take a ballot back, and say so. Raises Refusal."""
    poll = locked(session, caller, number)
    must_be_open(poll, now)
    if not polls.take_back(session, poll.id, caller.person.id):
        raise Refusal(
            f"You have not voted in poll {number}, so there is nothing to take back. `/vote show {number}` shows it."
        )
    if poll.seal_id is not None:
        seals.take_out(session, poll.seal_id, caller.person.id)
    live_messages.want(session, poll.live_id)
    return f"Your vote in #{number} is taken back. You can vote again until {moment(poll.closes_at)}."


def add_option(
    session: Session, caller: Caller, number: int, label: str, starts_at: datetime | None, now: datetime
) -> str:
    """Add an option where people may. Raises Refusal."""
    poll = locked(session, caller, number)
    must_be_open(poll, now)
    if not poll.open_options:
        raise Refusal(f"The choices of poll {number} are settled.")
    present = polls.options(session, poll.id)
    if len(present) >= rules.MOST_OPTIONS:
        raise Refusal(f"A poll has room for {rules.MOST_OPTIONS} choices.", field="label")
    if not label or len(label) > creation.LABEL:
        raise Refusal(f"A choice has 1 to {creation.LABEL} characters.", field="label")
    if any(folded(o.label) == folded(label) or (starts_at and o.starts_at == starts_at) for o in present):
        raise Refusal("This choice is there already.", field="label")
    place = len(present) + 1
    session.add(Option(poll_id=poll.id, place=place, label=label, starts_at=starts_at, author_id=caller.person.id))
    live_messages.want(session, poll.live_id)
    audit.note(session, poll.consortium_id, caller.person.id, "added a choice", f"poll {number}", now)
    return f"Choice {place} was added to #{number}: “{escape(label)}”."


def close(session: Session, ring: KeyRing, poll: Poll, now: datetime) -> None:
    """Close a locked, open poll: count, write the result down and say it.

    Sealed ballots are opened and destroyed here; of them only counts are kept, and none of fewer than five.
    """
    poll.state = PollState.CLOSED
    poll.closed_at = now
    if poll.anonymous and poll.seal_id is not None:
        answers = seals.open_all(session, ring, poll.seal_id)
        poll.result = snapshot.dump(_sealed_result(session, poll, [rules.unpack(a) for a in answers]))
    else:
        ballots = polls.ballots(session, poll.id)
        poll.result = snapshot.dump(snapshot.result(session, poll, ballots))
    session.flush()
    live_messages.want(session, poll.live_id)
    reply(session, poll, views.result_post(snapshot.take(session, poll)), "the result", now)


def _sealed_result(session: Session, poll: Poll, answers: Sequence[Choices]) -> rules.Result:
    if len(answers) < rules.ENOUGH:
        return rules.Result(len(answers), [], [], withheld=bool(answers))
    places = [option.place for option in polls.options(session, poll.id)]
    return rules.count(poll.kind, places, answers)


def close_now(session: Session, caller: Caller, ring: KeyRing, number: int, now: datetime) -> str:
    """Close before the time. Raises Refusal."""
    poll = locked(session, caller, number)
    if not (caller.facilitates or caller.person.id == poll.author_id):
        raise Refusal(f"Its author or a facilitator can close poll {number}. {ask_whom(session, caller.consortium)}")
    must_be_open(poll, now)
    close(session, ring, poll, now)
    audit.note(session, poll.consortium_id, caller.person.id, "closed", f"poll {number}", now)
    return f"Poll {number} is closed: {escape(views.outcome(snapshot.take(session, poll)))}"
