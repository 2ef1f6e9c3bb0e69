"""Posts to a meeting's channel: the call for items, the agenda, and changes."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.notices.messages import PRIVATE
from handlers.meetings import calendars, carry_over, participants, snapshot, views
from storage import live_messages, minutes, occurrences, outbox
from storage.meetings import Meeting, MeetingChange, Series
from storage.members import Member
from storage.outbox import OutboxMessage
from storage.vocabulary import LiveMessageId, LiveMessageKind

ABOUT_PRIVATE = f"a message about a meeting {PRIVATE}"
"""Names a post in the list of undelivered messages. Facilitators read that list, and may not be in the channel."""


def step_key(meeting: Meeting, step: str) -> str:
    """Return the key with which a step of a meeting is claimed once; after a move, its steps have new keys."""
    return f"meeting/{meeting.id}/{step}/{int(meeting.starts_at.timestamp())}"


def post_planned(session: Session, series: Series, first: Meeting, now: datetime) -> None:
    """Announce a new meeting or series in its channel, with its calendar file."""
    who = session.get_one(Member, series.author_id).name
    body = views.planned_post(snapshot.load_snapshot(session, first), who)
    row = post(session, series, body, f"the news about {series.title}", now)
    calendars.attach_calendar_file(session, series, row, now)


def post_call_for_items(session: Session, series: Series, meeting: Meeting, now: datetime) -> None:
    """Ask the channel what to talk about."""
    _carry_late_items(session, series, meeting, now)
    late = snapshot.load_late_minutes(session, meeting, now)
    body = views.call_for_items(snapshot.load_snapshot(session, meeting), late)
    post(session, series, body, f"the call for the agenda of {series.title}", now)


def publish_agenda(session: Session, series: Series, meeting: Meeting, now: datetime) -> bool:
    """Publish the agenda, once for each date and channel. Return False where it was already published."""
    if not occurrences.claim(session, series.consortium_id, _agenda_key(series, meeting), now):
        return False
    _carry_late_items(session, series, meeting, now)
    meeting.live_id = start_live_message(session, series, LiveMessageKind.AGENDA, meeting.id, now)
    session.flush()
    late = snapshot.load_late_minutes(session, meeting, now)
    body = views.agenda(snapshot.load_snapshot(session, meeting), late)
    row = post(session, series, body, f"the agenda of {series.title}", now, live_id=meeting.live_id)
    calendars.attach_calendar_file(session, series, row, now)
    return True


def _carry_late_items(session: Session, series: Series, meeting: Meeting, now: datetime) -> None:
    """Move on what was left open at earlier meetings whose minutes are late."""
    late = minutes.list_late(session, series.id, meeting.starts_at, now - snapshot.MINUTES_ARE_LATE)
    carry_over.carry_items_of_late_minutes(session, series, late, now)


def is_agenda_published(session: Session, series: Series, meeting: Meeting) -> bool:
    """Return whether the agenda was published for the current date and channel."""
    return bool(occurrences.claimed_keys(session, series.consortium_id, _agenda_key(series, meeting)))


def _agenda_key(series: Series, meeting: Meeting) -> str:
    return step_key(meeting, f"agenda-{series.channel}")


def post_change(session: Session, series: Series, change: MeetingChange, now: datetime) -> None:
    """Announce in the channel that meetings were moved or canceled."""
    who = session.get_one(Member, change.member_id).name
    how = snapshot.describe_recurrence(session, series)
    row = post(session, series, views.change_post(series, change, who, how), f"the news about {series.title}", now)
    calendars.attach_calendar_file(session, series, row, now)


def post_move(session: Session, series: Series, who: Member, channel: str, now: datetime) -> None:
    """Tell the private channel of a series, before it moves, who moves it; `channel` is empty for a private one."""
    post(session, series, views.move_post(series.title, who.name, channel), f"the news about {series.title}", now)


def start_live_message(
    session: Session, series: Series, kind: LiveMessageKind, number: int, now: datetime
) -> LiveMessageId:
    """Create a live message in the channel of a series."""
    return live_messages.create(session, series.consortium_id, kind, number, (series.team_id, series.channel), now)


def post(
    session: Session,
    series: Series,
    body: dict[str, Any],
    about: str,
    now: datetime,
    *,
    live_id: LiveMessageId | None = None,
    thread_of: LiveMessageId | None = None,
) -> OutboxMessage:
    """Queue a message for the channel of a series. If it cannot be delivered, organizers and facilitators are told."""
    organizer = next(iter(participants.organizers(session, series)), None) or participants.acting_chair(session, series)
    return outbox.queue(
        session,
        team_id=series.team_id,
        channel=series.channel,
        body=body,
        about=ABOUT_PRIVATE if series.private else about,
        now=now,
        consortium_id=series.consortium_id,
        answers_to=organizer.user_id if organizer else None,
        live_id=live_id,
        thread_of=thread_of,
        by_itself=True,
    )
