"""What could not be delivered: told to whom it concerns, listed for facilitators, settled by a press."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit import blocks as kit
from handlers.kit.notices.sweep import Drawn
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import escape, section
from handlers.members import views
from storage import members, notices, outbox
from storage.database import Database
from storage.notices import Notice, Wanted
from storage.outbox import Outbox
from storage.vocabulary import Delivery, NoticeId, NoticeKind

_NOT_IN = {"not_in_channel", "channel_not_found"}
_CLOSED = {*_NOT_IN, "is_archived"}

PATIENCE = timedelta(days=1)
"""So long who asked for a message has to see to it before the facilitators hear that it waits."""


def press_list(ask: Ask) -> None:
    """List what did not reach Slack, or may not have."""
    with ask.look("facilitator") as (session, caller):
        blocks = views.undelivered(outbox.stuck(session, caller.consortium.id))
    ask.answer("What was not delivered.", blocks)


def press_again(ask: Ask) -> None:
    """Give a message back to the courier."""
    with ask.begin() as (session, caller):
        row = outbox.lock(session, caller.consortium.id, int(ask.value) if ask.value.isdecimal() else 0)
        row = _mine(ask, row, facilitates=caller.facilitates)
        # where the bot was not let in, all that waits for the same channel goes along
        for other in outbox.stuck(session, caller.consortium.id):
            if row.reason in _CLOSED and other.reason in _CLOSED and other.channel == row.channel and other is not row:
                outbox.send_again(session, other, ask.now)
        outbox.send_again(session, row, ask.now)
    ask.answer("It is on its way.", replace=True)


def press_settle(ask: Ask) -> None:
    """Note that nothing more is to be done about a message."""
    with ask.begin() as (session, caller):
        row = outbox.lock(session, caller.consortium.id, int(ask.value) if ask.value.isdecimal() else 0)
        row = _mine(ask, row, facilitates=caller.facilitates)
        row.state = Delivery.SETTLED
    ask.answer("Good. Nothing more will be sent.", replace=True)


def _mine(ask: Ask, row: Outbox | None, *, facilitates: bool) -> Outbox:
    if row is None:
        raise Refusal("This is settled already.")
    if not facilitates and row.answers_to != ask.user:
        raise Refusal("A facilitator, or who asked for it, settles this.")
    return row


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


def remind(session: Session, those: Sequence[Notice], _now: datetime) -> dict[NoticeId, Drawn]:
    """Tell facilitators that something waits, unless it was settled; of a private channel they learn nothing more."""
    drawn: dict[NoticeId, Drawn] = {}
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
        buttons = kit.row(
            kit.button("It is there", "delivery.settle", str(row.id)),
            kit.button("Post it again", "delivery.again", str(row.id)),
        )
    elif row.reason in _NOT_IN:
        text = (
            f"I am not in the channel to which {what} belongs. Invite me there with `/invite`, then press Post. "
            "Nothing is lost."
        )
        buttons = kit.row(kit.button("Post", "delivery.again", str(row.id), style="primary"))
    elif row.reason == "is_archived":
        text = (
            f"The channel to which {what} belongs is archived. Open it again and press Post, or let it take place in "
            "another channel. Nothing is lost."
        )
        buttons = kit.row(kit.button("Post", "delivery.again", str(row.id), style="primary"))
    else:
        text = f"Slack did not take {what} ({escape(row.reason or 'no reason given')}). Nothing is lost."
        buttons = kit.row(kit.button("Post it again", "delivery.again", str(row.id)))
    return kit.message(f"{what} was not delivered.", [section(text), buttons])
