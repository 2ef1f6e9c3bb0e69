"""What is waiting for somebody: proposals their agency has not been heard on, polls they have not voted in."""

from collections.abc import Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import block_kit, representation
from handlers.kit.block_kit import MESSAGE_CHARACTERS, button, context, row, section
from handlers.kit.callers import Caller
from handlers.kit.representation import Named
from handlers.kit.visibility import Reader, sees
from handlers.polls import snapshot, views
from handlers.polls.audience import audience_of
from handlers.proposals import pending
from storage import members, polls

SHOWN = 8


def waiting_for(session: Session, caller: Caller, reader: Reader, now: datetime) -> list[Block]:
    """Draw what is waiting for a member, with the buttons to do it, and the way to ask something new."""
    items = [*pending.waiting_items(session, caller, now), *_unvoted(session, caller, reader, now)]
    shown = _fitting(items)
    blocks: list[Block] = [block for item in items[:shown] for block in item]
    if not items:
        blocks.append(section("Nothing is waiting for you."))
    if len(items) > shown:
        blocks.append(context(f"{len(items) - shown} more are waiting; they show here once these are done."))
    blocks.append(row(button("New poll", "poll.form"), button("New proposal", "proposal.form")))
    return blocks


def _fitting(items: Sequence[Sequence[Block]]) -> int:
    """Count how many fit into one message."""
    room = MESSAGE_CHARACTERS - 1000
    for number, item in enumerate(items[:SHOWN]):
        room -= block_kit.size(item)
        if room < 0:
            return number
    return min(SHOWN, len(items))


def _unvoted(session: Session, caller: Caller, reader: Reader, now: datetime) -> list[list[Block]]:
    """Draw the polls in which a member has not voted; a private channel's only where it was asked."""
    return [
        views.waiting(snapshot.take(session, poll))
        for poll in polls.running(session, caller.consortium.id)
        if now < poll.closes_at
        and sees(reader, audience_of(poll))
        and (not poll.by_agency or _speaks(session, caller))
        and polls.ballot_of(session, poll.id, caller.person.id) is None
    ]


def _speaks(session: Session, caller: Caller) -> bool:
    """Tell whether somebody's ballot counts for an agency, so that it is not waited for in vain."""
    agency = caller.agency
    if agency is None or agency.ended_at is not None:
        return False
    return representation.speaks(caller.person.seat, Named.of(members.speakers(session, [agency.id])[agency.id]))
