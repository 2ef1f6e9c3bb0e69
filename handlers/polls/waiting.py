"""What is waiting for somebody: proposals their agency has not been heard on, polls they have not voted in."""

from datetime import datetime

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit.blocks import button, row
from handlers.kit.callers import Caller
from handlers.kit.text import context, section
from handlers.polls import picture as pictures
from handlers.polls import views
from handlers.proposals.waiting import unheard
from storage import polls

SHOWN = 8


def waiting_for(session: Session, caller: Caller, now: datetime) -> list[Block]:
    """Draw what is waiting for a member, with the buttons to do it, and the way to ask something new."""
    items = [*unheard(session, caller, now), *_unvoted(session, caller, now)]
    blocks: list[Block] = []
    for item in items[:SHOWN]:
        blocks += item
    if not items:
        blocks.append(section("Nothing is waiting for you."))
    if len(items) > SHOWN:
        blocks.append(context(f"{len(items) - SHOWN} more are waiting; they show here once these are done."))
    blocks.append(row(button("New poll", "poll.form"), button("New proposal", "proposal.form")))
    return blocks


def _unvoted(session: Session, caller: Caller, now: datetime) -> list[list[Block]]:
    return [
        views.waiting(pictures.take(session, poll))
        for poll in polls.running(session, caller.consortium.id)
        if now < poll.closes_at and not poll.private and polls.ballot_of(session, poll.id, caller.person.id) is None
    ]
