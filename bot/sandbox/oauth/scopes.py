"""The meaning of scopes, as the consent page explains them."""

import re

SCOPE_PATTERN = re.compile(r"[a-z_.-]+(:[a-z_.-]+)*")

MEANINGS = {
    "app_mentions:read": "Be notified when somebody mentions it",
    "assistant:write": "Answer as an assistant",
    "bookmarks:read": "See bookmarks in its channels",
    "bookmarks:write": "Add and change bookmarks in its channels",
    "calls:read": "See ongoing calls",
    "calls:write": "Start and change calls",
    "canvases:read": "Read canvases shared with it",
    "canvases:write": "Write canvases",
    "channels:history": "Read messages in public channels it is a member of",
    "channels:join": "Join public channels",
    "channels:manage": "Create public channels, and change those it is a member of",
    "channels:read": "See the names, topics and members of public channels",
    "channels:write": "Create public channels, and change them",
    "chat:write": "Write messages",
    "chat:write.customize": "Write messages under another name and icon",
    "chat:write.public": "Write in public channels it is not a member of",
    "commands": "Add commands and shortcuts",
    "dnd:read": "See people's do-not-disturb settings",
    "emoji:read": "See the workspace's own emoji",
    "files:read": "See files in its conversations",
    "files:write": "Upload, change and delete files",
    "groups:history": "Read messages in private channels it is a member of",
    "groups:read": "See the names, topics and members of private channels it is a member of",
    "groups:write": "Create private channels, and change those it is a member of",
    "im:history": "Read its direct messages",
    "im:read": "See its direct message conversations",
    "im:write": "Start direct messages with people",
    "links:read": "See links to its own site in messages",
    "links:write": "Show a preview of links to its own site",
    "metadata.message:read": "Read metadata of messages",
    "mpim:history": "Read messages in its group conversations",
    "mpim:read": "See its group conversations",
    "mpim:write": "Start group conversations with people",
    "pins:read": "See what is pinned in channels it is a member of",
    "pins:write": "Pin and unpin messages",
    "reactions:read": "See reactions to messages",
    "reactions:write": "React to messages",
    "reminders:read": "See its reminders",
    "reminders:write": "Create reminders",
    "remote_files:read": "See its remote files",
    "remote_files:share": "Share remote files",
    "remote_files:write": "Add, change and delete remote files",
    "search:read": "Search the workspace",
    "team:read": "See the workspace's name and address",
    "usergroups:read": "See user groups and who is in them",
    "usergroups:write": "Create and change user groups",
    "users.profile:read": "See people's profiles",
    "users:read": "See who is in the workspace",
    "users:read.email": "See people's email addresses",
    "users:write": "Set its own presence",
}


def split_scopes(text: str) -> tuple[str, ...]:
    """Split scopes at commas or spaces."""
    return tuple(dict.fromkeys(scope for scope in re.split(r"[,\s]+", text) if scope))


def describe_scope(scope: str) -> str:
    """Return what a scope means; an unknown scope keeps its name."""
    return MEANINGS.get(scope, f"Use the permission {scope}")
