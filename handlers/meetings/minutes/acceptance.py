"""Acceptance of minutes by silence."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.meetings import channel_posts
from handlers.meetings.minutes import snapshot, views
from handlers.meetings.minutes.corrections import ask_to_decide, open_corrections, tell_proposer
from handlers.meetings.minutes.posted import a_working_day_from, keep_open
from storage import live_messages, meetings, minutes, outbox
from storage.meetings import Meeting


def accept_by_silence(session: Session, minutes_id: int, now: datetime) -> None:
    """Lock minutes and accept them if they are due.

    A correction proposed late keeps them open for a while, and so does a channel that they have not reached.
    """
    record = minutes.lock(session, minutes_id)
    if record is None or record.accepted_at is not None or record.accepts_at is None or record.accepts_at > now:
        return
    series = meetings.series_of(session, session.get_one(Meeting, record.meeting_id))
    if outbox.find_undelivered(session, record.live_id) is not None:
        # nobody could read them in the channel, so that silence says nothing
        record.accepts_at = a_working_day_from(session, series, now, series.zone)
        return
    undecided = open_corrections(session, record)
    contested = {decision.place for decision in minutes.decisions_in(session, record.id) if decision.proposal}
    answerable = [correction for correction in undecided if correction.place not in contested]
    waits = [ask_to_decide(session, record, series, correction, now) for correction in answerable]
    seen_at = live_messages.posted_at(session, record.live_id)
    if seen_at is not None:
        waits.append(a_working_day_from(session, series, seen_at, series.zone))
    if max(waits, default=now) > now:
        keep_open(session, record, max(waits))
        return
    record.accepted_at = now
    session.flush()
    for correction in undecided:
        tell_proposer(session, record, series, correction, now)
    live_messages.request_update(session, record.live_id)
    text = views.state_sentence(snapshot.load_snapshot(session, record))
    about = f"the acceptance of the minutes of {series.title}"
    channel_posts.post(session, series, views.thread_note(text), about, now, thread_of=record.live_id)
