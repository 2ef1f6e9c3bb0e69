"""Events as Slack sends them."""

from ..json_values import Json
from .directory import Conversation, User

SCOPES: dict[str, frozenset[str]] = {
    "app_mention": frozenset({"app_mentions:read"}),
    "channel_archive": frozenset({"channels:read"}),
    "channel_unarchive": frozenset({"channels:read"}),
    "group_archive": frozenset({"groups:read"}),
    "group_unarchive": frozenset({"groups:read"}),
    "member_joined_channel": frozenset({"channels:read", "groups:read"}),
    "member_left_channel": frozenset({"channels:read", "groups:read"}),
    "message.channels": frozenset({"channels:history"}),
    "message.groups": frozenset({"groups:history"}),
    "message.im": frozenset({"im:history"}),
    "team_join": frozenset({"users:read"}),
    "user_change": frozenset({"users:read"}),
}
"""By type of event: the scopes of which the app needs at least one to receive it. All others need none."""


def member_joined(user: User, conversation: Conversation, team_id: str) -> Json:
    """Return the event that somebody, perhaps the bot, has joined a channel."""
    return {
        "type": "member_joined_channel",
        "user": user.id,
        "channel": conversation.id,
        "channel_type": "G" if conversation.private else "C",
        "team": team_id,
    }


def member_left(user: User, conversation: Conversation, team_id: str) -> Json:
    """Return the event that somebody has left a channel."""
    return {**member_joined(user, conversation, team_id), "type": "member_left_channel"}


def channel_id_changed(old: str, new: str) -> Json:
    """Return the event that a private channel has a new id, because it was shared with another workspace."""
    return {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}


def channel_archived(conversation: Conversation) -> Json:
    """Return the event that a channel has been archived or unarchived."""
    kind = "group" if conversation.private else "channel"
    return {
        "type": f"{kind}_{'archive' if conversation.archived else 'unarchive'}",
        "channel": conversation.id,
        "user": conversation.creator,
    }


def home_opened(user: User, channel: str, view: Json | None) -> Json:
    """Return the event that somebody has opened the app's home tab."""
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": channel, "tab": "home"}
    return {**event, "view": view} if view is not None else event


def subscription(event: Json) -> str:
    """Return the name under which the app subscribes to an event; messages depend on their conversation."""
    if event["type"] != "message":
        return str(event["type"])
    return {"im": "message.im", "group": "message.groups"}.get(event["channel_type"], "message.channels")


def _kind(conversation: Conversation) -> str:
    if conversation.im is not None:
        return "im"
    return "group" if conversation.private else "channel"


def message(body: Json, conversation: Conversation) -> Json:
    """Return the event that somebody has posted a message."""
    return {**body, "channel": conversation.id, "channel_type": _kind(conversation)}


def message_changed(body: Json, before: Json, conversation: Conversation, ts: str) -> Json:
    """Return the event that a message has been changed."""
    about = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts}
    return message({**about, "message": body, "previous_message": before}, conversation)


def message_deleted(before: Json, conversation: Conversation, ts: str) -> Json:
    """Return the event that a message has been deleted."""
    about = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": ts}
    return message({**about, "deleted_ts": before["ts"], "previous_message": before}, conversation)
