"""Planning a pulse and opening its rounds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.callers import Caller
from handlers.kit.dates import local
from handlers.kit.refusals import Refusal
from handlers.kit.text import day, moment
from handlers.pulse.rules import calendar
from storage import audit, closures, notices, pulse, seals
from storage.consortia import Consortium
from storage.notices import Wanted
from storage.pulse import Person, Pulse, Round
from storage.seals import KeyRing
from storage.vocabulary import AgencyId, Every, Manner, MemberId, NoticeKind, Theme

LEAST = timedelta(days=5)
"""Rounds follow one another at no shorter distance; two on one day would let one compare person by person."""

TOGETHER = 500
"""So many people are written down at once; the memory it takes does not grow with their number."""


@dataclass(frozen=True)
class Plan:
    """When the pulse comes. `weekday` counts from Monday, 0."""

    weekday: int
    clock: time
    every: Every
    starts_on: date
    channel: str
    themes: tuple[Theme, ...] = tuple(Theme)


def schedule(session: Session, caller: Caller, plan: Plan, now: datetime) -> Pulse:
    """Plan the pulse anew. Raises Refusal."""
    if plan.channel.startswith("D"):
        raise Refusal("The results need a channel that the consortium reads. Type it there.", field="channel")
    consortium = caller.consortium
    planned = pulse.lock_of(session, consortium.id)
    if planned is None:
        planned = Pulse(consortium_id=consortium.id, rounds=0)
        session.add(planned)
    planned.team_id, planned.channel, planned.set_by = caller.workspace, plan.channel, caller.person.id
    planned.weekday, planned.clock, planned.every = plan.weekday, f"{plan.clock:%H:%M}", plan.every
    planned.starts_on = calendar.first_day(plan.weekday, plan.starts_on)
    planned.themes = [theme.value for theme in plan.themes]
    before = planned.starts_on - timedelta(days=1)
    last = pulse.last_day(session, consortium.id)
    earliest = last + LEAST if last else planned.starts_on
    _plan_next(
        planned,
        before,
        lambda on: on >= earliest and local(datetime.combine(on, plan.clock), consortium.zone) > now,
    )
    session.flush()
    audit.note(session, consortium.id, caller.person.id, "planned", "the pulse", now)
    return planned


def wall(planned: Pulse, on: date) -> datetime:
    """Give the wall-clock time of a round on its day."""
    return datetime.combine(on, time.fromisoformat(planned.clock))


def themes_of(planned: Pulse) -> tuple[Theme, ...]:
    """Give the themes that a pulse asks about."""
    return tuple(Theme(theme) for theme in planned.themes)


def stop(session: Session, caller: Caller, now: datetime) -> str:
    """Plan no further rounds, and say so. Raises Refusal."""
    planned = pulse.lock_of(session, caller.consortium.id)
    if planned is None or planned.next_day is None:
        raise Refusal("No pulse is planned. `/pulse schedule monday 9:00` plans one.")
    planned.next_day = planned.opens_at = None
    audit.note(session, caller.consortium.id, caller.person.id, "stopped", "the pulse", now)
    return "No further rounds are planned. An open one closes as it was said. `/pulse schedule` begins again."


def open_now(session: Session, caller: Caller, ring: KeyRing, channel: str, now: datetime) -> Round:
    """Open a round today. Raises Refusal."""
    consortium = caller.consortium
    planned = pulse.lock_of(session, consortium.id)
    running = pulse.open_round(session, consortium.id)
    if running is not None:
        raise Refusal(f"A round is open until {moment(running.closes_at, consortium.zone)}. The next can follow then.")
    planned = planned or _unplanned(session, caller, channel, now)
    today = caller.today(now)
    last = next(iter(pulse.closed_rounds(session, consortium.id, 1)), None)
    if last is not None and last.day + LEAST > today:
        raise Refusal(
            f"The last round was on {day(last.day)}. Rounds that follow too closely would let one guess who said "
            f"what; the next can open from {day(last.day + LEAST)} on."
        )
    opened = _open(session, ring, planned, today, now, at_once=True)
    if opened is None:
        raise Refusal("There is nobody to ask: everybody is closed, pausing, or without an agency.")
    audit.note(session, consortium.id, caller.person.id, "opened", f"round {opened.number} of the pulse", now)
    return opened


def closes_at(consortium: Consortium, people: Sequence[Person], on: date) -> datetime:
    """Give when the round of a day closes: in the evening, once that has come for everybody."""
    return calendar.closes_at(on, {consortium.zone, *(person.zone for person in people)})


def open_planned(session: Session, ring: KeyRing, planned: Pulse, now: datetime) -> None:
    """Open the round whose time has come; rounds that were slept through are passed over."""
    running = pulse.open_round(session, planned.consortium_id)
    if running is not None:
        planned.opens_at = running.closes_at + timedelta(minutes=1)
        return
    on = planned.next_day
    if on is not None:
        zone = session.get_one(Consortium, planned.consortium_id).zone
        if _open(session, ring, planned, on, now) is None:
            _plan_next(planned, on, lambda later: calendar.closes_at(later, [zone]) > now)


def _unplanned(session: Session, caller: Caller, channel: str, now: datetime) -> Pulse:
    """Make a pulse that has no days yet: a round was asked for before any was planned."""
    today = caller.today(now)
    made = schedule(session, caller, Plan(today.weekday(), time(9), Every.WEEK, today, channel), now)
    made.next_day = made.opens_at = None
    return made


def _plan_next(planned: Pulse, after: date, fits: Callable[[date], bool]) -> None:
    """Note the first day of the pulse after another that fits."""
    on = calendar.next_day(planned.every, planned.starts_on, after)
    while not fits(on):
        on = calendar.next_day(planned.every, planned.starts_on, on)
    planned.next_day, planned.opens_at = on, calendar.opens_at(on)


def _open(
    session: Session, ring: KeyRing, planned: Pulse, on: date, now: datetime, *, at_once: bool = False
) -> Round | None:
    """Write a round with all who are asked in it; None where that is nobody."""
    consortium = session.get_one(Consortium, planned.consortium_id)
    people = pulse.people(session, consortium.id)
    until = closes_at(consortium, people, on)
    if until <= now:
        return None
    asked = list(_asked(session, consortium, planned, people, on, until, now if at_once else None))
    if not asked:
        return None
    opened = Round(
        consortium_id=consortium.id,
        number=planned.rounds + 1,
        team_id=planned.team_id,
        channel=planned.channel,
        seal_id=seals.start(session, ring),
        day=on,
        questions=calendar.questions(themes_of(planned), planned.rounds),
        opened_at=now,
        closes_at=until,
    )
    session.add(opened)
    session.flush()
    for first in range(0, len(asked), TOGETHER):
        some = asked[first : first + TOGETHER]
        pulse.invite(session, opened.id, [(person.member_id, person.agency_id) for person, _ in some])
        notices.put(session, *(wanted for person, at in some for wanted in _wanted(opened, person.member_id, at)))
    planned.rounds += 1
    if planned.next_day is not None:
        # a round closes before the next opens
        _plan_next(planned, on, lambda later: later >= on + LEAST and calendar.opens_at(later) > until)
    return opened


def _asked(
    session: Session,
    consortium: Consortium,
    planned: Pulse,
    people: list[Person],
    on: date,
    closes_at: datetime,
    now: datetime | None,
) -> Iterator[tuple[Person, datetime]]:
    """List whom to ask, and when; `now` is given where it is to be at once."""
    closed = closures.closed_days(session, consortium.id, on, on + timedelta(days=calendar.NEVER))
    clock = time() if now else time.fromisoformat(planned.clock)
    known: dict[tuple[AgencyId, str], datetime | None] = {}
    for person in people:
        where = (person.agency_id, person.zone)
        if where not in known:
            shut = closed.get(person.agency_id, set())
            at = calendar.due_at(on, clock, person.zone, shut, consortium.quiet_hours)
            if at is not None and now is not None:
                at = quiet_hours.next_open(max(at, now), person.zone, consortium.quiet_hours)
            known[where] = at
        at = known[where]
        if at is not None and at < closes_at and not _rests(person, at, closes_at):
            yield person, at


def _rests(person: Person, at: datetime, closes_at: datetime) -> bool:
    """Tell whether somebody pauses when the questions come, or is away until the round is over."""
    pauses = person.paused_until is not None and person.paused_until > at
    return pauses or (person.away_until is not None and person.away_until >= closes_at)


def notice_key(number: int, member_id: MemberId, place: int) -> str:
    """Name what a person is told of a round: 0 for the questions, 1 and 2 for the reminders."""
    return f"pulse/{number}/{member_id}/{place}"


def is_reminder(key: str) -> bool:
    """Tell whether this names a reminder."""
    return not key.endswith("/0")


def _wanted(opened: Round, member_id: MemberId, at: datetime) -> Iterator[Wanted]:
    """List what a person is told of a round: the questions, and two reminders."""
    for place, wait in enumerate((timedelta(), *calendar.REMINDERS)):
        if at + wait < opened.closes_at:
            yield Wanted(
                opened.consortium_id,
                member_id,
                opened.team_id,
                NoticeKind.PULSE,
                notice_key(opened.number, member_id, place),
                opened.number,
                at + wait,
                opened.closes_at,
                Manner.DAY if place else Manner.HOUR,
            )
