"""The meaning of scopes, as the consent page explains them."""

import re

SCOPE_PATTERN = re.compile(r"[a-z_.-]+(:[a-z_.-]+)*")

MEANINGS = {
    "app_mentions:read": "Hear when somebody mentions it",
    "assistant:write": "Answer as an assistant",
    "bookmarks:read": "See bookmarks in channels that it is in",
    "bookmarks:write": "Add and change bookmarks in channels that it is in",
    "calls:read": "See calls that are going on",
    "calls:write": "Start and change calls",
    "canvases:read": "Read canvases that it has been given",
    "canvases:write": "Write canvases",
    "channels:history": "Read messages in public channels that it is in",
    "channels:join": "Join public channels",
    "channels:manage": "Make public channels, and change those that it is in",
    "channels:read": "See the names, topics and members of public channels",
    "channels:write": "Make public channels, and change them",
    "chat:write": "Write messages",
    "chat:write.customize": "Write messages under another name and picture",
    "chat:write.public": "Write in public channels that it is not in",
    "commands": "Add commands and shortcuts",
    "dnd:read": "See when people do not want to be disturbed",
    "emoji:read": "See the workspace's own emoji",
    "files:read": "See files in conversations that it is in",
    "files:write": "Upload, change and delete files",
    "groups:history": "Read messages in private channels that it is in",
    "groups:read": "See the names, topics and members of private channels that it is in",
    "groups:write": "Make private channels, and change those that it is in",
    "im:history": "Read direct messages that people have with it",
    "im:read": "See which direct messages people have with it",
    "im:write": "Start direct messages with people",
    "links:read": "See links to its own site in messages",
    "links:write": "Show a preview of links to its own site",
    "metadata.message:read": "Read what other apps have noted beside messages",
    "mpim:history": "Read messages in group conversations that it is in",
    "mpim:read": "See which group conversations it is in",
    "mpim:write": "Start group conversations with people",
    "pins:read": "See what is pinned in channels that it is in",
    "pins:write": "Pin and unpin messages",
    "reactions:read": "See reactions to messages",
    "reactions:write": "React to messages",
    "reminders:read": "See reminders that it has made",
    "reminders:write": "Make reminders",
    "remote_files:read": "See remote files that it has added",
    "remote_files:share": "Share remote files",
    "remote_files:write": "Add, change and delete remote files",
    "search:read": "Search the workspace",
    "team:read": "See the workspace's name and address",
    "usergroups:read": "See user groups and who is in them",
    "usergroups:write": "Make and change user groups",
    "users.profile:read": "See what people say of themselves in their profiles",
    "users:read": "See who is in the workspace",
    "users:read.email": "See people's e-mail addresses",
    "users:write": "Show itself as here or away",
}


def split_scopes(text: str) -> tuple[str, ...]:
    """Split scopes at commas or spaces."""
    return tuple(dict.fromkeys(scope for scope in re.split(r"[,\s]+", text) if scope))


def describe_scope(scope: str) -> str:
    """Return what a scope means; an unknown scope keeps its name."""
    return MEANINGS.get(scope, f"Use what Slack calls {scope}")
