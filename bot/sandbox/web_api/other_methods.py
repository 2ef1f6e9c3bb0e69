"""Methods that a bot token may call at Slack and the sandbox does not have, by the scopes that allow them.

An app that lacks the scope learns that here, as it would from Slack. One of the scopes is enough.
"""

_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_MANAGE = ("channels:manage", "groups:write", "im:write", "mpim:write")
_READ = ("channels:read", "groups:read", "im:read", "mpim:read")

_METHODS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("assistant:write",): (
        "assistant.threads.setStatus",
        "assistant.threads.setSuggestedPrompts",
        "assistant.threads.setTitle",
    ),
    ("bookmarks:read",): ("bookmarks.list",),
    ("bookmarks:write",): ("bookmarks.add", "bookmarks.edit", "bookmarks.remove"),
    ("calls:read",): ("calls.info",),
    ("calls:write",): (
        "calls.add",
        "calls.end",
        "calls.participants.add",
        "calls.participants.remove",
        "calls.update",
    ),
    ("canvases:read",): ("canvases.sections.lookup",),
    ("canvases:write",): (
        "canvases.access.delete",
        "canvases.access.set",
        "canvases.create",
        "canvases.delete",
        "canvases.edit",
        "conversations.canvases.create",
    ),
    ("chat:write",): (
        "chat.appendStream",
        "chat.deleteScheduledMessage",
        "chat.meMessage",
        "chat.scheduleMessage",
        "chat.startStream",
        "chat.stopStream",
    ),
    ("links:write",): ("chat.unfurl",),
    _HISTORY: ("conversations.history", "conversations.replies"),
    _MANAGE: (
        "conversations.archive",
        "conversations.close",
        "conversations.create",
        "conversations.kick",
        "conversations.leave",
        "conversations.mark",
        "conversations.rename",
        "conversations.unarchive",
    ),
    (*_MANAGE, "channels:write.invites", "groups:write.invites", "mpim:write.invites"): ("conversations.invite",),
    (*_MANAGE, "channels:write.topic", "groups:write.topic", "im:write.topic", "mpim:write.topic"): (
        "conversations.setPurpose",
        "conversations.setTopic",
    ),
    ("conversations.connect:write",): ("conversations.acceptSharedInvite", "conversations.inviteShared"),
    ("conversations.connect:manage",): (
        "conversations.approveSharedInvite",
        "conversations.declineSharedInvite",
        "conversations.listConnectInvites",
    ),
    ("dnd:read",): ("dnd.info", "dnd.teamInfo"),
    ("emoji:read",): ("emoji.list",),
    ("files:read",): ("files.info", "files.list"),
    ("files:write",): ("files.delete", "files.upload"),
    ("pins:read",): ("pins.list",),
    ("pins:write",): ("pins.add", "pins.remove"),
    ("reactions:read",): ("reactions.get", "reactions.list"),
    ("reactions:write",): ("reactions.add", "reactions.remove"),
    ("remote_files:read",): ("files.remote.info", "files.remote.list"),
    ("remote_files:share",): ("files.remote.share",),
    ("remote_files:write",): ("files.remote.remove",),
    ("team.billing:read",): ("team.billing.info",),
    ("team.preferences:read",): ("team.preferences.list",),
    ("usergroups:read",): ("usergroups.list", "usergroups.users.list"),
    ("usergroups:write",): (
        "usergroups.create",
        "usergroups.disable",
        "usergroups.enable",
        "usergroups.update",
        "usergroups.users.update",
    ),
    _READ: ("users.conversations",),
    ("users.profile:read",): ("team.profile.get", "users.profile.get"),
    ("users:read",): ("users.getPresence",),
    ("users:write",): ("users.setPresence",),
}

SCOPES: dict[str, tuple[str, ...]] = {name: scopes for scopes, names in _METHODS.items() for name in names}
"""The scopes by method."""
