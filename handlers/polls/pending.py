"""The list behind `/vote`: proposals on which somebody can be heard, and polls in which they have not voted."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import MESSAGE_CHARACTERS, actions, button, context, section
from handlers.kit.callers import Caller
from handlers.kit.visibility import Reader, sees
from handlers.polls import views
from handlers.polls.audience import audience_of
from handlers.polls.awaited import awaited
from handlers.polls.snapshot import load_snapshot
from handlers.proposals import pending
from storage import polls

SHOWN = 8


def waiting_blocks(session: Session, caller: Caller, reader: Reader, now: datetime) -> list[Block]:
    """Render what is waiting for a member, with the buttons to do it, and buttons for a new poll or proposal."""
    items = [*pending.waiting_items(session, caller, reader, now), *_poll_items(session, caller, reader, now)]
    shown = _fitting(items)
    blocks: list[Block] = [block for item in items[:shown] for block in item]
    if not items:
        blocks.append(section("You're up to date. Anything waiting for you will appear here."))
    if len(items) > shown:
        blocks.append(context(f"{len(items) - shown} more are waiting. They appear here when you have done these."))
    blocks.append(actions(button("New poll", "poll.form"), button("New proposal", "proposal.form")))
    return blocks


def count_waiting(session: Session, caller: Caller, reader: Reader, now: datetime) -> int:
    """Count the proposals and polls that are waiting for a member, as far as the reader may see them."""
    return len(pending.waiting_items(session, caller, reader, now)) + len(_poll_items(session, caller, reader, now))


def _fitting(items: Sequence[Sequence[Block]]) -> int:
    """Return how many items fit into one message."""
    room = MESSAGE_CHARACTERS - 1000
    for number, item in enumerate(items[:SHOWN]):
        room -= block_kit.json_size(item)
        if room < 0:
            return number
    return min(SHOWN, len(items))


def _poll_items(session: Session, caller: Caller, reader: Reader, now: datetime) -> list[list[Block]]:
    """Render the polls that the reader sees and has not voted in."""
    return [
        views.waiting_item(load_snapshot(session, poll))
        for poll in polls.list_open(session, caller.consortium.id)
        if now < poll.closes_at and sees(reader, audience_of(poll)) and awaited(session, poll, [caller.person])
    ]
