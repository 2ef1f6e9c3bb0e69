"""Queue direct messages, live messages and thread replies in the outbox."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.text import truncate
from storage import live_messages, outbox
from storage.members import Member
from storage.polls import Poll
from storage.proposals import Proposal
from storage.vocabulary import LiveMessageKind

PRIVATE = "in a private channel"
"""Ends the name of a message that belongs to a private channel: it says nothing else."""

LONGEST_TITLE = 80


def queue_direct_message(
    session: Session, workspace: str, member: Member, body: dict[str, object], about: str, now: datetime
) -> None:
    """Queue a direct message to a member, unless they have left Slack."""
    if member.left_at is not None:
        return
    outbox.queue(
        session,
        team_id=workspace,
        channel=member.user_id,
        body=body,
        about=f"{about} to {member.name}",
        now=now,
        consortium_id=member.consortium_id,
    )


def queue_live_message(
    session: Session, thing: Proposal | Poll, asker: str, draw: Callable[[], dict[str, Any]], now: datetime
) -> None:
    """Queue the live message of a proposal or poll for its channel.

    `asker` is the Slack user who is notified if Slack refuses the message.
    """
    kind = _kind(thing)
    where = (thing.team_id, thing.channel)
    thing.live_id = live_messages.create(session, thing.consortium_id, kind, thing.number, where, now)
    session.flush()
    outbox.queue(
        session,
        team_id=thing.team_id,
        channel=thing.channel,
        body=draw(),
        about=name_message(thing, "the message"),
        now=now,
        consortium_id=thing.consortium_id,
        answers_to=asker,
        live_id=thing.live_id,
    )


def queue_thread_reply(
    session: Session, thing: Proposal | Poll, body: dict[str, Any], what: str, now: datetime
) -> None:
    """Queue a reply in the thread of a proposal or poll. If Slack refuses it, its author and facilitators are told."""
    outbox.queue(
        session,
        team_id=thing.team_id,
        channel=thing.channel,
        body=body,
        about=name_message(thing, what),
        now=now,
        consortium_id=thing.consortium_id,
        answers_to=session.get_one(Member, thing.author_id).user_id,
        thread_of=thing.live_id,
        by_itself=True,
    )


def name_message(thing: Proposal | Poll, what: str) -> str:
    """Return the name of a message in the list of undelivered ones, such as "the verdict of proposal 3 “Share buses”".

    Facilitators read that list, so it says nothing about what belongs to a private channel.
    """
    kind = _kind(thing).value
    return f"a message about a {kind} {PRIVATE}" if thing.private else f"{what} of {name_thing(thing)}"


def name_thing(thing: Proposal | Poll) -> str:
    """Return the name of a proposal or poll for those who may know it."""
    title = thing.title if isinstance(thing, Proposal) else thing.question
    return f"{_kind(thing).value} {thing.number} “{truncate(' '.join(title.split()), LONGEST_TITLE)}”"


def _kind(thing: Proposal | Poll) -> LiveMessageKind:
    return LiveMessageKind.PROPOSAL if isinstance(thing, Proposal) else LiveMessageKind.POLL
