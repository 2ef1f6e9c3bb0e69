"""Checks of who acts, where, and what they type."""

from ..errors import ControlError
from ..json_values import Json
from ..state.directory import Conversation, User
from ..state.world import World


def acting_user(world: World, name: object) -> User:
    """Find the person who acts; the bot and people who left cannot."""
    user = world.directory.person(name)
    if user.is_bot or user.deleted:
        reason = "is the app" if user.is_bot else "has left the workspace"
        raise ControlError(f"user: {user.name} {reason} and cannot act", status=403)
    return user


def joined_conversation(world: World, user: User, name: object) -> Conversation:
    """Find the conversation in which a person acts; they must be a member."""
    conversation = world.directory.channel(name, user)
    if user.id not in conversation.members:
        raise ControlError(f"channel: {user.name} is not in {conversation.name}", status=403)
    if conversation.archived:
        raise ControlError(f"channel: {conversation.name} is archived", status=403)
    return conversation


def require_commands_scope(world: World) -> None:
    """Require the scope without which an app has neither commands nor shortcuts."""
    if "commands" not in world.scopes():
        raise ControlError("app: commands and shortcuts need the scope commands", status=403)


def typed_text(body: Json) -> str:
    """Read typed text."""
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ControlError("text: give the typed text")
    return text
