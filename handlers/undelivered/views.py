"""Undelivered messages as people see them."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import Piece, context, section
from handlers.kit.text import cut, escape
from storage.outbox import Outbox
from storage.vocabulary import Delivery


def undelivered(rows: Sequence[Outbox]) -> list[Block]:
    """List what did not reach Slack, or may not have, with the buttons to settle it."""
    if not rows:
        return [section("Everything was delivered.")]
    blocks: list[Block] = []
    for row in rows[:8]:
        fate = (
            "may not have arrived; look before you send it again"
            if row.state is Delivery.UNKNOWN
            else f"could not be delivered: {escape(row.reason or '')}"
        )
        blocks += [
            section(f"*{escape(cut(row.about, 150))}* {fate}"),
            block_kit.row(
                block_kit.button("Send it again", "delivery.again", str(row.id)),
                block_kit.button("It is settled", "delivery.settle", str(row.id)),
            ),
        ]
    if len(rows) > 8:
        blocks.append(context(f"{len(rows) - 8} more."))
    return blocks


def waits_undelivered(who: str) -> Piece:
    """Tell a facilitator that a message has waited for a day; not which, since its channel may be a private one."""
    told = f"{escape(who)}, who asked for it, has been told what to do." if who else "Who asked for it has been told."
    text = f"A message could not be delivered and has waited for a day. {told} You can ask whether it is still wanted."
    return Piece(text, [section(text), block_kit.row(block_kit.button("What was not delivered", "delivery.list"))])
