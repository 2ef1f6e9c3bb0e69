"""Files attached to a message: each follows the message in the outbox and is posted in its thread."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage import outbox
from storage.outbox import STUCK, OutboxMessage
from storage.vocabulary import DeliveryState

METHOD = "files.upload"
"""Method of a file in the outbox. Slack has retired this method; the courier makes three calls instead."""

_MESSAGE_ID = "message_id"
"""Key in a file's body for the outbox id of the message in whose thread the file belongs."""


@dataclass(frozen=True)
class Attachment:
    """A file to attach. `comment` is posted with it; `about` describes it to people if it cannot be delivered."""

    filename: str
    title: str
    content: str
    comment: str
    about: str


def attach(session: Session, message: OutboxMessage, file: Attachment, now: datetime) -> None:
    """Queue a file for the thread of a message that is in the outbox.

    The file replaces earlier stuck files with the same description. Where files cannot be posted, this reports
    the failure only once and lists only one of the files.
    """
    session.flush()
    replaced = _settle_stuck(session, message, file.about)
    outbox.queue(
        session,
        team_id=message.team_id,
        channel=message.channel,
        body={
            "filename": file.filename,
            "title": file.title,
            "content": file.content,
            "comment": file.comment,
            _MESSAGE_ID: message.id,
        },
        about=file.about,
        now=now,
        consortium_id=message.consortium_id,
        method=METHOD,
        answers_to=None if replaced else message.answers_to,
        by_itself=message.by_itself and not replaced,
    )


def _settle_stuck(session: Session, message: OutboxMessage, about: str) -> bool:
    """Mark earlier stuck files with this description as settled. Return whether there were any."""
    settled = session.scalars(
        update(OutboxMessage)
        .where(
            OutboxMessage.consortium_id == message.consortium_id,
            OutboxMessage.channel == message.channel,
            OutboxMessage.method == METHOD,
            OutboxMessage.about == about,
            OutboxMessage.state.in_(STUCK),
        )
        .values(state=DeliveryState.SETTLED)
        .returning(OutboxMessage.id)
    ).all()
    return bool(settled)


def thread_ts(session: Session, row: OutboxMessage) -> str | None:
    """Return the `ts` of the message in whose thread a file belongs; None if that message was not delivered."""
    message = session.get(OutboxMessage, row.body[_MESSAGE_ID]) if _MESSAGE_ID in row.body else None
    return message.ts if message else None
