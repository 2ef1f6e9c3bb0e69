"""Scheduled work for undelivered messages."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.text import escape
from handlers.undelivered import views
from handlers.undelivered.interactions import _CLOSED, _NOT_IN
from storage import members, notices, outbox
from storage.database import Database
from storage.notices import Notice, Wanted
from storage.outbox import Outbox
from storage.vocabulary import Delivery, NoticeId, NoticeKind

PATIENCE = timedelta(days=1)
"""So long who asked for a message has to see to it before the facilitators hear that it waits."""


def sweep(db: Database, now: datetime) -> None:
    """Tell those who asked for a message that it could not be posted, or may not have been.

    Where who asked has left Slack, a facilitator hears it.
    """
    with db.read() as session:
        if next_due(session) is None:
            return
    with db.begin() as session:
        for row in outbox.untold(session):
            row.told = True
            row.answers_to = _hears(session, row)
            if row.answers_to is None or _is_known(session, row):
                continue
            outbox.put(
                session,
                team_id=row.team_id,
                channel=row.answers_to,
                body=_notice(row),
                about="the news that something was not delivered",
                now=now,
                consortium_id=row.consortium_id,
            )
            _tell_later(session, row, now)


def _tell_later(session: Session, row: Outbox, now: datetime) -> None:
    """See to it that facilitators hear of what still waits after a day, where none of them was told at once."""
    chiefs = members.facilitators(session, row.consortium_id) if row.consortium_id is not None else []
    if any(chief.user_id == row.answers_to for chief in chiefs):
        return
    for chief in chiefs:
        key = f"undelivered/{row.id}/{int(now.timestamp())}/{chief.id}"
        about = (NoticeKind.UNDELIVERED, key, row.id)
        notices.put(session, Wanted(chief.consortium_id, chief.id, row.team_id, *about, due_at=now + PATIENCE))


def remind(session: Session, those: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Tell facilitators that something waits, unless it was settled; of a private channel they learn nothing more."""
    drawn: dict[NoticeId, RenderedNotice] = {}
    for notice in those:
        row = session.get(Outbox, notice.subject)
        if row is not None and row.state in {Delivery.FAILED, Delivery.UNKNOWN} and row.told:
            names = members.called(session, notice.consortium_id, {row.answers_to or ""})
            drawn[notice.id] = views.waits_undelivered(names.get(row.answers_to or "", ""))
    return drawn


def _hears(session: Session, row: Outbox) -> str | None:
    """Give the user who is told: who asked for the message, else a facilitator; None where nobody is left."""
    if row.consortium_id is None or any(
        m.user_id == row.answers_to for m in members.living(session, row.consortium_id)
    ):
        return row.answers_to
    return next((chief.user_id for chief in members.facilitators(session, row.consortium_id)), None)


def _is_known(session: Session, row: Outbox) -> bool:
    """Tell whether the same person was told already of what was left for the channel together with this."""
    if row.reason not in _CLOSED or row.consortium_id is None:
        return False
    return any(
        other.id < row.id
        and (other.channel, other.answers_to, other.created_at) == (row.channel, row.answers_to, row.created_at)
        for other in outbox.stuck(session, row.consortium_id)
    )


next_due = outbox.first_untold


def _notice(row: Outbox) -> dict[str, object]:
    what = escape(row.about)
    where = f"in <#{row.channel}>" if row.channel.startswith(("C", "G")) else "in the direct messages"
    if row.state is Delivery.UNKNOWN:
        text = (
            f"I cannot tell whether {what} has arrived {where}: Slack's answer was lost. Look there; if it "
            "is missing, post it again."
        )
        buttons = block_kit.row(
            block_kit.button("It is there", "delivery.settle", str(row.id)),
            block_kit.button("Post it again", "delivery.again", str(row.id)),
        )
    elif row.reason in _NOT_IN:
        text = (
            f"I am not in the channel to which {what} belongs. Invite me there with `/invite`, then press Post. "
            "Nothing is lost."
        )
        buttons = block_kit.row(block_kit.button("Post", "delivery.again", str(row.id), style="primary"))
    elif row.reason == "is_archived":
        text = (
            f"The channel to which {what} belongs is archived. Open it again and press Post, or let it take place in "
            "another channel. Nothing is lost."
        )
        buttons = block_kit.row(block_kit.button("Post", "delivery.again", str(row.id), style="primary"))
    else:
        text = f"Slack did not take {what} ({escape(row.reason or 'no reason given')}). Nothing is lost."
        buttons = block_kit.row(block_kit.button("Post it again", "delivery.again", str(row.id)))
    return block_kit.message(f"{what} was not delivered.", [section(text), buttons])
