"""How undelivered messages look: the list, the news to the person who asked, and the notices to facilitators."""

from collections.abc import Sequence
from itertools import zip_longest

from slack_sdk.models.blocks import ActionsBlock, Block

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, context, section
from handlers.kit.notices.messages import PRIVATE
from handlers.kit.text import escape, join_lines, join_names, pluralize, truncate
from handlers.undelivered.reasons import ARCHIVED, CLOSED, GONE, NOT_IN_CHANNEL, UNREADABLE, explain
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState

MOST_LISTED = 8
MOST_NAMED = 5
"""The most messages that are named in a sentence. The others are counted."""


def undelivered_list(rows: Sequence[OutboxMessage]) -> list[Block]:
    """Render the messages that were not, or may not have been, delivered, with buttons to send or settle them."""
    if not rows:
        return [section("Every message was delivered.")]
    blocks: list[Block] = []
    for row in rows[:MOST_LISTED]:
        send_again = block_kit.button("Send it again", "delivery.again", str(row.id))
        blocks += [
            section(f"*{escape(truncate(row.about, 150))}*{_where(row)} {_state(row)}"),
            block_kit.actions(
                send_again if row.reason != UNREADABLE else None,
                block_kit.button("It is settled", "delivery.settle", str(row.id)),
            ),
        ]
    if len(rows) > MOST_LISTED:
        blocks.append(context(f"{len(rows) - MOST_LISTED} more."))
    return blocks


def is_private(row: OutboxMessage) -> bool:
    """Return whether a message belongs to a private channel, which facilitators may not know."""
    return row.about.endswith(PRIVATE)


def _where(row: OutboxMessage) -> str:
    """Return in which channel a message belongs, for facilitators; empty for private channels and direct messages."""
    return "" if is_private(row) else _in_channel(row)


def _in_channel(row: OutboxMessage) -> str:
    return f" in <#{row.channel}>" if row.channel.startswith(("C", "G")) else ""


def _state(row: OutboxMessage) -> str:
    if row.state is DeliveryState.UNKNOWN:
        who = "Ask somebody in that channel to look" if is_private(row) else "Check"
        return f"may not have arrived. {who} before you send it again."
    explanation = explain(row.reason)
    remedy = explanation.remedy
    if row.reason in NOT_IN_CHANNEL and is_private(row):
        remedy = "Somebody there can `/invite` me. Then send it again."
    return f"could not be delivered because {escape(explanation.cause)}. {remedy}"


def not_delivered(rows: Sequence[OutboxMessage], names: Sequence[str]) -> dict[str, object]:
    """Render the news that messages were not, or may not have been, delivered, with what can be done.

    The reader asked for them and may know their `names` and channel. There are several only where the channel is
    closed: then one press sends them all.
    """
    row, what = rows[0], _join(names)
    number = "A message was" if len(rows) == 1 else f"{len(rows)} messages were"
    summary = f"{number} not delivered: {what}."
    if row.state is DeliveryState.UNKNOWN:
        text, summary = _unknown_text(row, what), f"A message may not have arrived: {what}."
    elif row.reason in CLOSED:
        text = _closed_text(row, what)
    else:
        explanation = explain(row.reason)
        text = f"{_could_not(row)} {what}{_in_channel(row)}, because {escape(explanation.cause)}. {explanation.remedy}"
        if row.reason in GONE:
            summary = f"A message is no longer kept up to date: {what}."
    return block_kit.message(summary, [section(text), _buttons(row)])


def _buttons(row: OutboxMessage) -> ActionsBlock:
    if row.state is not DeliveryState.UNKNOWN and row.reason in CLOSED:
        return block_kit.actions(block_kit.button("Post", "delivery.again", str(row.id), style="primary"))
    post_again = block_kit.button("Post it again", "delivery.again", str(row.id))
    if row.state is DeliveryState.UNKNOWN:
        return block_kit.actions(block_kit.button("It is there", "delivery.settle", str(row.id)), post_again)
    settle = block_kit.button("It is settled", "delivery.settle", str(row.id))
    return block_kit.actions(post_again if row.reason != UNREADABLE else None, settle)


def _could_not(row: OutboxMessage) -> str:
    return "I can no longer update" if row.reason in GONE else "I could not post"


def _unknown_text(row: OutboxMessage, what: str) -> str:
    where = _in_channel(row) or " in the direct messages"
    return (
        f"I cannot tell whether {what} has arrived{where}, because Slack's answer was lost. Check there. If it is "
        "missing, post it again."
    )


def _closed_text(row: OutboxMessage, what: str) -> str:
    all_at_once = "Nothing is lost. Post sends everything that waits for this channel."
    could_not = f"I could not post {what}{_in_channel(row)}, because"
    if row.reason in ARCHIVED:
        return f"{could_not} the channel is archived. Open the channel again, then press Post. {all_at_once}"
    return f"{could_not} I am not in the channel. Invite me there with `/invite`, then press Post. {all_at_once}"


def not_posted(rows: Sequence[OutboxMessage], told: Sequence[str]) -> MessagePart:
    """Render the notice to facilitators about what the bot could not post by itself, such as a verdict or an agenda.

    `told` names the people who have been told what to do.
    """
    alike: dict[tuple[object, ...], list[OutboxMessage]] = {}
    for row in rows:
        closed = row.state is DeliveryState.FAILED and row.reason in CLOSED
        alike.setdefault((row.team_id, row.channel, row.reason) if closed else (row.id,), []).append(row)
    lines = [_not_posted_line(same) for same in alike.values()]
    who = f"{join_names([escape(name) for name in told])} {'has' if len(told) == 1 else 'have'} been told, too."
    return _facilitators_part([*lines, who if told else ""], lines[0])


def _not_posted_line(rows: Sequence[OutboxMessage]) -> str:
    what, where, reason = _join([row.about for row in rows]), _where(rows[0]), rows[0].reason
    if rows[0].state is DeliveryState.UNKNOWN:
        look = "Somebody in that channel can look" if is_private(rows[0]) else "Look in the channel first"
        return f"I cannot tell whether {what}{where} arrived, because Slack's answer was lost. {look}."
    if reason in ARCHIVED:
        it = "it" if len(rows) == 1 else "them"
        return (
            f"I could not post {what}{where}, because the channel is archived. When it is open again, send {it} from "
            "the list of messages to check."
        )
    if reason in NOT_IN_CHANNEL:
        return f"I could not post {what}{where}, because I am not in the channel. Somebody there can `/invite` me."
    explanation = explain(reason)
    return f"{_could_not(rows[0])} {what}{where}, because {escape(explanation.cause)}. {explanation.remedy}"


def still_undelivered(rows: Sequence[OutboxMessage], told: Sequence[str], *, lost: bool) -> MessagePart:
    """Render the notice that messages have waited for a day.

    `lost` means that they may have arrived, because Slack's answers were lost.
    """
    one = len(rows) == 1
    what, have = _join([row.about for row in rows], [_where(row) for row in rows]), "has" if one else "have"
    waited = f"{what[:1].upper()}{what[1:]} could not be delivered and {have} waited for a day."
    if lost:
        answer = "Slack's answer was" if one else "Slack's answers were"
        waited = f"I cannot tell whether {what} {have} arrived, because {answer} lost. Nobody has checked for a day."
    names = join_names([escape(name) for name in told])
    who = (
        f"{names}, who asked for {'it' if one else 'them'}, {'has' if len(told) == 1 else 'have'} been told what to do."
    )
    text = f"{waited} {who if told else 'The person who asked for it has been told.'}"
    return _facilitators_part([f"{text} You can ask whether it is still needed."], text)


def _facilitators_part(lines: Sequence[str], text: str) -> MessagePart:
    button = block_kit.button("Messages to check", "delivery.list")
    return MessagePart(text, [section(join_lines([line for line in lines if line])), block_kit.actions(button)])


def _join(names: Sequence[str], places: Sequence[str] = ()) -> str:
    """Return the names of messages as people read them in a sentence, with the places where they belong."""
    named = [f"{escape(name)}{place}" for name, place in zip_longest(names, places, fillvalue="")]
    more = len(named) - MOST_NAMED
    return join_names([*named[:MOST_NAMED], *([pluralize(more, "more message")] if more > 0 else [])])
