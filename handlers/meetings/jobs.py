"""What time brings to meetings: calls, agendas, reminders, minutes wanted, minutes accepted."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.isolation import alone
from handlers.meetings import channel_posts, creation, participants
from handlers.meetings.minutes import acceptance, note_takers
from handlers.meetings.rules import recurrence, step_times
from handlers.meetings.rules.step_times import Frame, Step
from storage import meetings, minutes, notices, occurrences
from storage.consortia import Consortium
from storage.database import Database
from storage.due import Due
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.notices import Wanted
from storage.vocabulary import Manner, MeetingId, MeetingState, NoticeKind

ROUNDS = 3
"""The end of a meeting brings the next one, which has to be looked at too; so it is looked again, a few times."""


def sweep(db: Database, now: datetime) -> None:
    """Do everything that is due; each meeting in a transaction of its own."""
    seen: set[MeetingId] = set()
    for _ in range(ROUNDS):
        with db.read() as session:
            due = dict.fromkeys([*meetings.due(session, now), *minutes.orphaned(session)])
        # what could not be done is tried again with the next beat, not at once
        fresh = [meeting_id for meeting_id in due if meeting_id not in seen]
        for meeting_id in fresh:
            with alone(db) as session:
                look(session, meeting_id, now)
        seen.update(fresh)
        if not fresh:
            break
    with db.read() as session:
        over = minutes.to_accept(session, now)
    for minutes_id in over:
        with alone(db) as session:
            acceptance.accept(session, minutes_id, now)


next_due = Due(meetings.NEXT_LOOK, minutes.NEXT_ACCEPTED, minutes.FIRST_ORPHANED)
"""The next moment at which this sweep has something to do."""


def look(session: Session, meeting_id: int, now: datetime) -> None:
    """Do what is due for one meeting, and note when to look at it next."""
    meeting = meetings.lock(session, meeting_id)
    if meeting is None:
        return
    series = meetings.series_of(session, meeting)
    cancelled = meeting.state is MeetingState.CANCELLED
    if cancelled or meeting.ends_at <= now:
        creation.grow(session, series, now)
    if cancelled or minutes.of_meeting(session, meeting.id) is not None:
        # the end of a meeting whose minutes are there already still brings the next one
        meeting.look_at = None if cancelled or meeting.ends_at <= now else meeting.ends_at
        return
    chosen = step_times.steps(meetings.custom(session, series.consortium_id), series.steps)
    following = [*_before(session, series, meeting, chosen, now), *_after(session, series, meeting, chosen, now)]
    meeting.look_at = min((at for at in (*following, meeting.ends_at) if at > now), default=None)


def frame(session: Session, series: Series, meeting: Meeting) -> Frame:
    """Give what the moments of a meeting depend on."""
    return Frame(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        planned_at=meeting.planned_at,
        zone=series.zone,
        quiet_hours=session.get_one(Consortium, series.consortium_id).quiet_hours,
        interval=recurrence.interval(series.rrule, series.begins),
    )


def _before(
    session: Session, series: Series, meeting: Meeting, chosen: step_times.Steps, now: datetime
) -> list[datetime]:
    """Do what is due before a meeting; give the moments at which there is something to do."""
    at = step_times.moments(frame(session, series, meeting), chosen)
    if at.prepare <= now or meeting.notes_id is not None:
        note_takers.ensure(session, series, meeting, now)
    if at.call is not None and at.call <= now:
        _call(session, series, meeting, at.agenda or meeting.starts_at, now)
    if at.agenda is not None and at.agenda <= now < meeting.starts_at:
        channel_posts.agenda(session, series, meeting, now)
    if at.remind is not None and at.remind <= now < meeting.ends_at:
        _remind(session, series, meeting, at.remind, now)
    return [moment for moment in (at.prepare, at.call, at.agenda, at.remind) if moment is not None]


def _call(session: Session, series: Series, meeting: Meeting, until: datetime, now: datetime) -> None:
    """Call for items, once; too late it would be of no use any more."""
    if channel_posts.is_published(session, series, meeting):
        return
    if now >= until or not occurrences.claim(session, series.consortium_id, channel_posts.key(meeting, "call"), now):
        return
    channel_posts.call(session, series, meeting, now)
    chair = participants.chair(session, series)
    if chair is not None:
        _put(session, series, meeting, chair, NoticeKind.CHAIR, "chair", now, until)


def _remind(session: Session, series: Series, meeting: Meeting, due_at: datetime, now: datetime) -> None:
    """Remind everyone concerned, once for each date."""
    if not occurrences.claim(session, series.consortium_id, channel_posts.key(meeting, "remind"), now):
        return
    for member in participants.concerned(session, meeting, meeting.starts_at).values():
        kind, until = NoticeKind.MEETING, meeting.ends_at
        _put(session, series, meeting, member, kind, "remind", due_at, until, Manner.SOON)


def _put(
    session: Session,
    series: Series,
    meeting: Meeting,
    member: Member,
    kind: NoticeKind,
    step: str,
    due_at: datetime,
    until: datetime | None,
    manner: Manner = Manner.DAY,
) -> None:
    key = f"{channel_posts.key(meeting, step)}/{member.id}"
    about = (kind, key, meeting.id)
    notices.put(session, Wanted(series.consortium_id, member.id, series.team_id, *about, due_at, until, manner))


def _after(
    session: Session, series: Series, meeting: Meeting, chosen: step_times.Steps, now: datetime
) -> list[datetime]:
    """Ask for the minutes when a meeting is over; give the moments at which somebody is asked."""
    wait = chosen.get(Step.MINUTES)
    if wait is None:
        return []
    first = step_times.after(meeting.ends_at, wait, series.zone)
    hours = session.get_one(Consortium, series.consortium_id).quiet_hours
    if first <= now:
        note_takers.ensure(session, series, meeting, now)
    taker = session.get(Member, meeting.notes_id) if meeting.notes_id is not None else None
    again = chosen.get(Step.AGAIN)
    if taker is None:
        if first <= now:
            _ask_chair(session, series, meeting, first)
        return [first]
    begin = max(first, meeting.notes_since or first)
    asks = step_times.asks(begin, again, taker.zone, hours)
    due = [place for place, at in enumerate(asks) if at <= now]
    if due and due[-1] == step_times.ASKED:
        _ask_chair(session, series, meeting, asks[-1])
    elif due:
        place = due[-1]
        until = asks[place + 1] if place + 1 < len(asks) else None
        step = f"minutes-{place}"
        _put(session, series, meeting, taker, NoticeKind.MINUTES, step, asks[place], until, Manner.HOUR)
    return asks


def _ask_chair(session: Session, series: Series, meeting: Meeting, at: datetime) -> None:
    chair = participants.chair(session, series)
    if chair is not None:
        _put(session, series, meeting, chair, NoticeKind.MINUTES_LACK, "lack", at, None, Manner.HOUR)
