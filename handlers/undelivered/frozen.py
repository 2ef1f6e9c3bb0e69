"""Live messages that Slack no longer updates: they become undelivered messages, which can be posted anew."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.notices.messages import name_message
from handlers.meetings import participants
from handlers.meetings.channel_posts import ABOUT_PRIVATE
from storage import meetings, outbox, polls, proposals
from storage.live_messages import LiveMessage
from storage.meetings import Meeting
from storage.members import Member
from storage.minutes import Minutes
from storage.vocabulary import DeliveryState, LiveMessageKind


def report_frozen(session: Session, live: LiveMessage, content: dict[str, Any], reason: str, now: datetime) -> None:
    """Report that Slack will never update a live message again. `content` is what it should show now.

    The report is a failed post of that content: people are told as of any other, and sending it again posts the message
    anew, which is kept up to date from then on. A question that is settled already needs no report: it refuses answers.
    """
    if live.kind is LiveMessageKind.REQUEST:
        return
    about, asker = _describe(session, live)
    row = outbox.queue(
        session,
        team_id=live.team_id,
        channel=live.channel,
        body=content,
        about=about,
        now=now,
        consortium_id=live.consortium_id,
        answers_to=asker,
        live_id=live.id,
        by_itself=True,
    )
    row.state, row.reason = DeliveryState.FAILED, reason


def _describe(session: Session, live: LiveMessage) -> tuple[str, str | None]:
    """Return the name of a live message in the list of undelivered ones, and the user who is told of it first."""
    if live.kind in {LiveMessageKind.PROPOSAL, LiveMessageKind.POLL}:
        storage = proposals if live.kind is LiveMessageKind.PROPOSAL else polls
        thing = storage.get(session, live.consortium_id, live.number)
        if thing is None:
            return f"the message of a {live.kind.value}", None
        return name_message(thing, "the message"), session.get_one(Member, thing.author_id).user_id
    meeting_id = (
        session.get_one(Minutes, live.number).meeting_id if live.kind is LiveMessageKind.MINUTES else live.number
    )
    series = meetings.series_of(session, session.get_one(Meeting, meeting_id))
    organizer = next(iter(participants.organizers(session, series)), None)
    about = ABOUT_PRIVATE if series.private else f"the {live.kind.value} of {series.title}"
    return about, organizer.user_id if organizer is not None else None
