"""Checks of who acts, where, and what they type."""

from ..errors import Problem
from ..json_values import Json
from ..state.directory import Conversation, Someone
from ..state.world import World


def somebody(world: World, word: object) -> Someone:
    """Find who acts; the bot and those who left cannot."""
    someone = world.directory.person(word)
    if someone.is_bot or someone.deleted:
        why = "is the app" if someone.is_bot else "has left the workspace"
        raise Problem(f"user: {someone.name} {why} and cannot do anything", status=403)
    return someone


def place(world: World, someone: Someone, word: object) -> Conversation:
    """Find where somebody acts; they must be in there."""
    conversation = world.directory.channel(word, someone)
    if someone.id not in conversation.members:
        raise Problem(f"channel: {someone.name} is not in {conversation.name}", status=403)
    if conversation.archived:
        raise Problem(f"channel: {conversation.name} is archived", status=403)
    return conversation


def may_start(world: World) -> None:
    """Want the scope without which an app has neither commands nor shortcuts."""
    if "commands" not in world.scopes():
        raise Problem("app: without the scope commands it has neither commands nor shortcuts", status=403)


def words(body: Json) -> str:
    """Read what was typed."""
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Problem("text: say what is typed")
    return text
