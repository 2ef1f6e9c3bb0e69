"""Rounds of the pulse: opening them with everybody who is asked, and closing them with their results."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import format_day as day_text
from handlers.kit.text import slack_date
from handlers.pulse import result_views
from handlers.pulse.rules import calendar, disclosure, results
from handlers.pulse.rules.disclosure import Answer, Part, Precedent
from handlers.pulse.schedule import MIN_DISTANCE, Plan, set_next_round, set_schedule, themes
from handlers.pulse.snapshot import load_snapshot
from storage import audit, closures, members, notices, outbox, pulse, seals
from storage.consortia import Consortium
from storage.notices import NewNotice
from storage.pulse import Invitee, Pulse, PulseRound
from storage.seals import KeyRing
from storage.vocabulary import AgencyId, MemberId, NoticeKind, NoticeTiming, PulseInterval, RoundState

BATCH = 500
"""How many people are written at once, so that the memory needed does not grow with their number."""


def open_now(session: Session, caller: Caller, ring: KeyRing, channel: str, now: datetime) -> PulseRound:
    """Lock the pulse and open a round today. Raise Refusal if one is open or too recent, or nobody can be asked."""
    consortium = caller.consortium
    record = pulse.lock_by_consortium(session, consortium.id)
    running = pulse.find_open_round(session, consortium.id)
    if running is not None and running.day > caller.today(now):
        # its rows exist as soon as its day begins anywhere, and nobody is asked before their own day
        raise Refusal(
            f"The next round is on {day_text(running.day)}, and is ready: its questions go out then. Only one round "
            "can be open at a time."
        )
    if running is not None:
        until = slack_date(running.closes_at, consortium.zone)
        raise Refusal(f"A round is open until {until}. Only one round can be open at a time.")
    record = record or _unscheduled(session, caller, channel, now)
    today = caller.today(now)
    last = next(iter(pulse.list_closed_rounds(session, consortium.id, 1)), None)
    if last is not None and last.day + MIN_DISTANCE > today:
        raise Refusal(
            f"The last round was on {day_text(last.day)}. Rounds too close together could show who said what. "
            f"You can start the next one on {day_text(last.day + MIN_DISTANCE)} or later."
        )
    opened = _open(session, ring, record, today, now, at_once=True)
    if opened is None:
        raise Refusal(
            "There is nobody to ask: everybody is away, has paused, has no agency, or belongs to an agency that is "
            "closed."
        )
    audit.record(session, consortium.id, caller.person.id, "opened", f"round {opened.number} of the pulse", now)
    return opened


def open_planned(session: Session, ring: KeyRing, record: Pulse, now: datetime) -> None:
    """Open the scheduled round of a locked pulse; skip rounds that were missed while the bot was down."""
    running = pulse.find_open_round(session, record.consortium_id)
    if running is not None:
        record.opens_at = running.closes_at + timedelta(minutes=1)
        return
    day = record.next_day
    if day is not None:
        zone = session.get_one(Consortium, record.consortium_id).zone
        if _open(session, ring, record, day, now) is None:
            set_next_round(record, day, lambda later: calendar.closes_at(later, [zone]) > now)


def closes_at(consortium: Consortium, people: Sequence[Invitee], day: date) -> datetime:
    """Return when the round of a day closes: in the evening, when it is evening for everybody."""
    return calendar.closes_at(day, {consortium.zone, *(person.zone for person in people)})


def _unscheduled(session: Session, caller: Caller, channel: str, now: datetime) -> Pulse:
    """Create a pulse without scheduled days, for a single round before any schedule."""
    today = caller.today(now)
    record = set_schedule(session, caller, Plan(today.weekday(), time(9), PulseInterval.WEEK, today, channel), now)
    record.next_day = record.opens_at = None
    return record


def _open(
    session: Session, ring: KeyRing, record: Pulse, day: date, now: datetime, *, at_once: bool = False
) -> PulseRound | None:
    """Open a round with everybody who is asked in it; None if it would be over or ask nobody."""
    consortium = session.get_one(Consortium, record.consortium_id)
    people = pulse.list_invitees(session, consortium.id)
    until = closes_at(consortium, people, day)
    if until <= now:
        return None
    asked = list(_people_to_ask(session, consortium, record, people, day, until, now if at_once else None))
    if all(at is None for _, at in asked):
        return None
    opened = PulseRound(
        consortium_id=consortium.id,
        number=record.rounds + 1,
        team_id=record.team_id,
        channel=record.channel,
        seal_id=seals.create(session, ring),
        day=day,
        questions=calendar.choose_questions(themes(record), pulse.questions_asked(session, consortium.id)),
        opened_at=now,
        closes_at=until,
    )
    session.add(opened)
    session.flush()
    for first in range(0, len(asked), BATCH):
        batch = asked[first : first + BATCH]
        pulse.invite(session, opened.id, [(person.member_id, person.agency_id) for person, _ in batch])
        notices.add(
            session, *(wanted for person, at in batch if at for wanted in _notices(opened, person.member_id, at))
        )
    record.rounds += 1
    if record.next_day is not None:
        # a round closes before the next opens
        set_next_round(record, day, lambda later: later >= day + MIN_DISTANCE and calendar.opens_at(later) > until)
    return opened


def _people_to_ask(
    session: Session,
    consortium: Consortium,
    record: Pulse,
    people: list[Invitee],
    day: date,
    until: datetime,
    now: datetime | None,
) -> Iterator[tuple[Invitee, datetime | None]]:
    """Yield the people to ask, each with the time; with `now`, ask as soon as quiet hours allow.

    Only their own pause or absence takes people out of a round. Those whose agency is closed until the round is over
    are not sent the questions, so their time is None, but they may answer.
    """
    closed = closures.closed_days(session, consortium.id, day, day + timedelta(days=calendar.MAX_CLOSED_DAYS))
    clock = time() if now else time.fromisoformat(record.clock)
    times: dict[tuple[AgencyId, str], datetime | None] = {}
    for person in people:
        place = (person.agency_id, person.zone)
        if place not in times:
            closed_days = closed.get(person.agency_id, set())
            at = calendar.due_at(day, clock, person.zone, closed_days, consortium.quiet_hours)
            if at is not None and now is not None:
                at = quiet_hours.next_open_time(max(at, now), person.zone, consortium.quiet_hours)
            times[place] = at
        at = times[place]
        if at is not None and at >= until:
            at = None
        if not _is_absent(person, at or until, until):
            yield person, at


def _is_absent(person: Invitee, at: datetime, until: datetime) -> bool:
    """Return whether a person is pausing when the questions come, or said that they are away until the round is over.

    Absences that someone else stated do not count: whoever stated them could then compare the results with and without
    the person.
    """
    pauses = person.paused_until is not None and person.paused_until > at
    return pauses or (person.own_away_until is not None and person.own_away_until >= until)


def is_reminder(notice_key: str) -> bool:
    """Return whether a notice of a round is a reminder."""
    return not notice_key.endswith(pulse.QUESTIONS_KEY)


def _notices(opened: PulseRound, member_id: MemberId, at: datetime) -> Iterator[NewNotice]:
    """Yield a person's notices of a round: the questions, whose key ends in 0, and the reminder, 1."""
    for place, wait in enumerate((timedelta(), calendar.REMINDER)):
        if at + wait < opened.closes_at:
            yield NewNotice(
                opened.consortium_id,
                member_id,
                opened.team_id,
                NoticeKind.PULSE,
                f"pulse/{opened.number}/{member_id}/{place}",
                opened.number,
                at + wait,
                opened.closes_at,
                NoticeTiming.DAY if place else NoticeTiming.HOUR,
            )


def close(session: Session, ring: KeyRing, closing: PulseRound, now: datetime) -> None:
    """Close a locked, open round: keep the totals, destroy the answers, and post the results in the channel."""
    asked = pulse.count_asked(session, closing)
    answers = [
        Answer(AgencyId(answer["agency"]), answer["scores"], answer["comment"])
        for answer in seals.open_and_erase(session, ring, closing.seal_id)
    ]
    answered, earlier = _precedents(session, closing)
    closing.result = results.to_json(disclosure.summarize(asked, closing.questions, answers, answered, earlier))
    closing.state = RoundState.CLOSED
    notices.drop_waiting(session, closing.consortium_id, NoticeKind.PULSE, closing.number)
    session.flush()
    snapshot = load_snapshot(session, closing)
    record = pulse.find(session, closing.consortium_id)
    scheduled_by = members.by_ids(session, {record.set_by}) if record else {}
    outbox.queue(
        session,
        team_id=closing.team_id,
        channel=closing.channel,
        body=result_views.result_post(snapshot),
        fallback=result_views.result_post(snapshot, chart=False),
        about=f"the result of the pulse, round {closing.number}",
        now=now,
        consortium_id=closing.consortium_id,
        answers_to=next((member.user_id for member in scheduled_by.values()), None),
        by_itself=True,
    )
    if snapshot.concerns:
        _notify_facilitators(session, closing, now)


def _precedents(
    session: Session, closing: PulseRound
) -> tuple[dict[AgencyId, frozenset[MemberId]], dict[str, list[Precedent]]]:
    """Return who answered a round, by agency, and what earlier rounds showed of each of its questions."""
    rounds = [earlier for earlier in pulse.list_closed_before(session, closing) if earlier.result]
    asked_again = [earlier for earlier in rounds if set(earlier.questions) & set(closing.questions)]
    answered = pulse.answered_by_round(session, [closing.id, *(earlier.id for earlier in asked_again)])
    precedents: dict[str, list[Precedent]] = {key: [] for key in closing.questions}
    for earlier in asked_again:
        result, people = results.from_json(earlier.result or {}), answered[earlier.id]
        everybody = disclosure.NOBODY.union(*people.values())
        shown = [(everybody, result.shown)] + [
            (disclosure.NOBODY.union(*(people.get(agency, ()) for agency in group.agencies)), group.shown)
            for group in result.groups
        ]
        for key, own in precedents.items():
            parts = [Part(part, of_part[key]) for part, of_part in shown if key in of_part]
            if parts or key in result.blank:
                own.append(Precedent(everybody, parts))
    return answered[closing.id], precedents


def _notify_facilitators(session: Session, closing: PulseRound, now: datetime) -> None:
    notices.add(
        session,
        *(
            NewNotice(
                closing.consortium_id,
                member.id,
                closing.team_id,
                NoticeKind.CLIMATE,
                f"pulse/{closing.number}/climate/{member.id}",
                closing.number,
                now,
            )
            for member in members.facilitators(session, closing.consortium_id)
        ),
    )
