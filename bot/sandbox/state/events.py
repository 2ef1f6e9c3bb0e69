"""Events as Slack words them."""

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
"""By kind of event: the scopes of which the app needs one to hear of it; all others are free."""


def member_joined(someone: User, conversation: Conversation, team_id: str) -> Json:
    """Say that somebody, perhaps the bot, has come into a channel."""
    return {
        "type": "member_joined_channel",
        "user": someone.id,
        "channel": conversation.id,
        "channel_type": "G" if conversation.private else "C",
        "team": team_id,
    }


def member_left(someone: User, conversation: Conversation, team_id: str) -> Json:
    """Say that somebody has left a channel."""
    return {**member_joined(someone, conversation, team_id), "type": "member_left_channel"}


def channel_archived(conversation: Conversation) -> Json:
    """Say that a channel has been closed for good, or opened again."""
    kind = "group" if conversation.private else "channel"
    return {
        "type": f"{kind}_{'archive' if conversation.archived else 'unarchive'}",
        "channel": conversation.id,
        "user": conversation.creator,
    }


def home_opened(someone: User, channel: str, view: Json | None) -> Json:
    """Say that somebody looks at the app's home tab."""
    event: Json = {"type": "app_home_opened", "user": someone.id, "channel": channel, "tab": "home"}
    return {**event, "view": view} if view is not None else event


def subscription(event: Json) -> str:
    """Name the subscription under which an event is sent: messages go by the kind of their conversation."""
    if event["type"] != "message":
        return str(event["type"])
    return {"im": "message.im", "group": "message.groups"}.get(event["channel_type"], "message.channels")


def _kind(conversation: Conversation) -> str:
    if conversation.im is not None:
        return "im"
    return "group" if conversation.private else "channel"


def message(body: Json, conversation: Conversation) -> Json:
    """Say that somebody has written something."""
    return {**body, "channel": conversation.id, "channel_type": _kind(conversation)}


def message_changed(body: Json, before: Json, conversation: Conversation, ts: str) -> Json:
    """Say that a message has been changed."""
    about = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts}
    return message({**about, "message": body, "previous_message": before}, conversation)


def message_deleted(before: Json, conversation: Conversation, ts: str) -> Json:
    """Say that a message has been taken back."""
    about = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": ts}
    return message({**about, "deleted_ts": before["ts"], "previous_message": before}, conversation)
