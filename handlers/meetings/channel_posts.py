"""What is posted to a meeting's channel."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.meetings import calendars, participants, snapshot, views
from storage import live_messages, occurrences, outbox
from storage.meetings import Change, Meeting, Series
from storage.members import Member
from storage.outbox import Outbox
from storage.vocabulary import LiveId, LiveKind

PRIVATE = "a message about a meeting in a private channel"
"""What could not be delivered is listed for facilitators, who may not be in that channel."""


def key(meeting: Meeting, step: str) -> str:
    """Name a step of a meeting, so that it happens once; a meeting that was moved has its steps anew."""
    return f"meeting/{meeting.id}/{step}/{int(meeting.starts_at.timestamp())}"


def call(session: Session, series: Series, meeting: Meeting, now: datetime) -> None:
    """Ask the channel what to talk about."""
    body = views.call(snapshot.take(session, meeting))
    row = put(session, series, body, f"the call for the agenda of {series.title}", now)
    if meeting.place == 1:
        calendars.enclose(session, series, row, now)


def agenda(session: Session, series: Series, meeting: Meeting, now: datetime) -> bool:
    """Publish the agenda, once for each date; tell whether it was not there yet."""
    if not occurrences.claim(session, series.consortium_id, _agenda_key(series, meeting), now):
        return False
    meeting.live_id = start(session, series, LiveKind.AGENDA, meeting.id, now)
    session.flush()
    body = views.agenda(snapshot.take(session, meeting))
    row = put(session, series, body, f"the agenda of {series.title}", now, live_id=meeting.live_id)
    calendars.enclose(session, series, row, now)
    return True


def is_published(session: Session, series: Series, meeting: Meeting) -> bool:
    """Tell whether the agenda was published for the present date."""
    return bool(occurrences.happened(session, series.consortium_id, _agenda_key(series, meeting)))


def _agenda_key(series: Series, meeting: Meeting) -> str:
    """Name the publication of an agenda: once for each date and channel."""
    return key(meeting, f"agenda-{series.channel}")


def change(session: Session, series: Series, what: Change, now: datetime) -> None:
    """Tell the channel that something was moved or cancelled."""
    who = session.get_one(Member, what.member_id).name
    row = put(session, series, views.change_post(series, what, who), f"the news about {series.title}", now)
    calendars.enclose(session, series, row, now)


def start(session: Session, series: Series, kind: LiveKind, number: int, now: datetime) -> LiveId:
    """Begin a message in the series' channel that is kept current."""
    return live_messages.start(session, series.consortium_id, kind, number, (series.team_id, series.channel), now)


def put(
    session: Session,
    series: Series,
    body: dict[str, Any],
    about: str,
    now: datetime,
    *,
    live_id: LiveId | None = None,
    thread_of: LiveId | None = None,
) -> Outbox:
    """Leave a message for the channel. If it cannot be posted a facilitator is told, or who is in a private channel."""
    told = next(iter(participants.chiefs(session, series)), None) or participants.chair(session, series)
    if any(row.channel == series.channel for row in outbox.stuck(session, series.consortium_id)):
        # it is known already, and pressing Post there sends all that waits
        told = None
    return outbox.put(
        session,
        team_id=series.team_id,
        channel=series.channel,
        body=body,
        about=PRIVATE if series.private else about,
        now=now,
        consortium_id=series.consortium_id,
        answers_to=told.user_id if told else None,
        live_id=live_id,
        thread_of=thread_of,
    )
