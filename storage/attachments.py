"""Files that go with a message: they wait in the outbox behind it, and are posted in its thread."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from storage import outbox
from storage.outbox import Outbox
from storage.vocabulary import Delivery

METHOD = "files.upload"
"""How the outbox names a file; Slack's own method of that name is gone, and the courier takes three steps instead."""

BENEATH = "beneath"
"""Under this name a file's body holds the row of the message in whose thread it belongs."""


@dataclass(frozen=True)
class Enclosure:
    """A file. `comment` is what is said beside it, `about` what it is for those who see that it did not arrive."""

    filename: str
    title: str
    content: str
    comment: str
    about: str


def enclose(session: Session, message: Outbox, what: Enclosure, now: datetime) -> None:
    """Leave a file for the thread of a message that was left before it.

    It takes the place of an earlier one of its kind that got stuck, so that where files cannot be posted it is
    told once, to whom the message answers, and one of them is listed.
    """
    session.flush()
    stuck = _supersede(session, message, what.about)
    outbox.put(
        session,
        team_id=message.team_id,
        channel=message.channel,
        body={
            "filename": what.filename,
            "title": what.title,
            "content": what.content,
            "comment": what.comment,
            BENEATH: message.id,
        },
        about=what.about,
        now=now,
        consortium_id=message.consortium_id,
        method=METHOD,
        answers_to=None if stuck else message.answers_to,
    )


def _supersede(session: Session, message: Outbox, about: str) -> bool:
    """Settle earlier files of this kind that did not arrive; tell whether there were any."""
    gone = session.scalars(
        update(Outbox)
        .where(
            Outbox.consortium_id == message.consortium_id,
            Outbox.channel == message.channel,
            Outbox.method == METHOD,
            Outbox.about == about,
            Outbox.state.in_((Delivery.FAILED, Delivery.UNKNOWN)),
        )
        .values(state=Delivery.SETTLED)
        .returning(Outbox.id)
    ).all()
    return bool(gone)


def thread(session: Session, row: Outbox) -> str | None:
    """Give Slack's name of the message in whose thread a file belongs; None where it never arrived."""
    message = session.get(Outbox, row.body[BENEATH]) if BENEATH in row.body else None
    return message.ts if message else None
