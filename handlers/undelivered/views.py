"""How undelivered messages look: the list, the news to the person who asked, and the notice to facilitators."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, context, section
from handlers.kit.text import escape, truncate
from handlers.undelivered.reasons import NOT_IN_CHANNEL
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState

MOST_LISTED = 8


def undelivered_list(rows: Sequence[OutboxMessage]) -> list[Block]:
    """Render the messages that were not, or may not have been, delivered, with buttons to send or settle them."""
    if not rows:
        return [section("Every message was delivered.")]
    blocks: list[Block] = []
    for row in rows[:MOST_LISTED]:
        state = (
            "may not have arrived. Check before you send it again."
            if row.state is DeliveryState.UNKNOWN
            else f"could not be delivered: {escape(row.reason or 'no reason given')}"
        )
        blocks += [
            section(f"*{escape(truncate(row.about, 150))}* {state}"),
            block_kit.actions(
                block_kit.button("Send it again", "delivery.again", str(row.id)),
                block_kit.button("It is settled", "delivery.settle", str(row.id)),
            ),
        ]
    if len(rows) > MOST_LISTED:
        blocks.append(context(f"{len(rows) - MOST_LISTED} more."))
    return blocks


def not_delivered(row: OutboxMessage) -> dict[str, object]:
    """Render the news that a message was not, or may not have been, delivered, with what can be done."""
    what = escape(row.about)
    send_again = block_kit.button("Post it again", "delivery.again", str(row.id))
    post = block_kit.button("Post", "delivery.again", str(row.id), style="primary")
    if row.state is DeliveryState.UNKNOWN:
        where = f"in <#{row.channel}>" if row.channel.startswith(("C", "G")) else "in the direct messages"
        text = (
            f"I cannot tell whether {what} has arrived {where}, because Slack's answer was lost. Check there. If it is "
            "missing, post it again."
        )
        buttons = block_kit.actions(block_kit.button("It is there", "delivery.settle", str(row.id)), send_again)
    elif row.reason in NOT_IN_CHANNEL:
        text = f"I am not in the channel for {what}. Invite me there with `/invite`, then press Post. Nothing is lost."
        buttons = block_kit.actions(post)
    elif row.reason == "is_archived":
        text = (
            f"The channel for {what} is archived. Open the channel again and press Post, or move to another channel. "
            "Nothing is lost."
        )
        buttons = block_kit.actions(post)
    else:
        text = f"Slack did not accept {what} ({escape(row.reason or 'no reason given')}). Nothing is lost."
        buttons = block_kit.actions(send_again)
    state = "may not have arrived" if row.state is DeliveryState.UNKNOWN else "was not delivered"
    return block_kit.message(f"{what} {state}.", [section(text), buttons])


def still_undelivered(asker: str, *, unknown: bool) -> MessagePart:
    """Render the notice that a message has waited for a day; not which, because its channel may be private.

    `unknown` means that it may have arrived, because Slack's answer was lost.
    """
    what = (
        "I cannot tell whether a message has arrived, because Slack's answer was lost. Nobody has checked for a day."
        if unknown
        else "A message could not be delivered and has waited for a day."
    )
    told = (
        f"{escape(asker)}, who asked for it, has been told what to do."
        if asker
        else "The person who asked for it has been told."
    )
    text = f"{what} {told} You can ask whether it is still needed."
    return MessagePart(
        text, [section(text), block_kit.actions(block_kit.button("Undelivered messages", "delivery.list"))]
    )
