"""The methods, with the scopes and callers that each requires, and its rate limit tier."""

from ..errors import SlackError
from ..json_values import Json
from . import app_info, chat, conversations, files, oauth, users, views
from .call import Call, Method
from .other_methods import SCOPES

CHAT = ("chat:write",)
READ = conversations.READ

METHODS: dict[str, Method] = {
    "api.test": Method(app_info.api_test, caller=None),
    "auth.test": Method(app_info.auth_test, caller="any"),
    "auth.revoke": Method(oauth.revoke, tier="t3", caller="granted"),
    "oauth.v2.access": Method(oauth.access, caller="client"),
    "oauth.v2.exchange": Method(oauth.exchange, tier="t3", caller="client"),
    "apps.uninstall": Method(oauth.uninstall, tier="t1", caller="granted"),
    "apps.connections.open": Method(app_info.connections_open, tier="t3", caller="app"),
    "team.info": Method(app_info.team_info, ("team:read",), "t3"),
    "bots.info": Method(app_info.bots_info, ("users:read",), "t3"),
    "chat.postMessage": Method(chat.post_message, CHAT),
    "chat.postEphemeral": Method(chat.post_ephemeral, CHAT, "t4"),
    "chat.update": Method(chat.update, CHAT, "t3"),
    "chat.delete": Method(chat.delete, CHAT, "t3"),
    "chat.getPermalink": Method(chat.get_permalink),
    "conversations.open": Method(conversations.open_direct, ("im:write",), "t3"),
    "conversations.info": Method(conversations.info, (), "t3", any_scope=READ),
    "conversations.list": Method(conversations.list_conversations, (), "t2", any_scope=READ),
    "conversations.members": Method(conversations.members, (), "t4", any_scope=READ),
    "conversations.join": Method(conversations.join, ("channels:join",), "t3"),
    "users.info": Method(users.info, ("users:read",), "t4"),
    "users.list": Method(users.list_users, ("users:read",), "t2"),
    "users.lookupByEmail": Method(users.lookup_by_email, ("users:read.email",), "t3"),
    "views.open": Method(views.open_modal, (), "t4"),
    "views.push": Method(views.push_modal, (), "t4"),
    "views.update": Method(views.update_modal, (), "t4"),
    "views.publish": Method(views.publish_home, (), "t4"),
    "files.getUploadURLExternal": Method(files.get_upload_url, ("files:write",), "t4"),
    "files.completeUploadExternal": Method(files.complete_upload, ("files:write",), "t4"),
}


def other_method(name: str) -> Method | None:
    """Return a method that only Slack has: without its scope, the call is refused as there. None if there is none."""
    scopes = SCOPES.get(name)
    return None if scopes is None else Method(lambda call: _refuse(call, scopes), any_scope=scopes)


def _refuse(call: Call, scopes: tuple[str, ...]) -> Json:
    """Refuse a call for want of the scope for its conversation, or else because the method is not here."""
    if call.text("channel"):
        conversations.require_scope(call, call.conversation(), scopes)
    messages = [f"[ERROR] Slack has {call.method}, this sandbox does not"]
    raise SlackError("unknown_method", messages, req_method=call.method)
