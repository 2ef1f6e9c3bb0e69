"""conversations.*: channels, their members, and direct messages."""

from collections.abc import Sequence

from ..errors import SlackError
from ..json_values import Json
from ..state.directory import Conversation
from ..state.events import member_joined
from .call import Call, invalid_arguments, paginate

SCOPE_OF = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
READ = tuple(SCOPE_OF.values())


def conversation_type(conversation: Conversation) -> str:
    """Return a conversation's type."""
    if conversation.im is not None:
        return "im"
    return "private_channel" if conversation.private else "public_channel"


def direct_payload(call: Call, conversation: Conversation, person: str) -> Json:
    """Describe a person's direct messages with the app."""
    return {
        "id": conversation.id,
        "created": conversation.created,
        "is_im": True,
        "is_archived": False,
        "user": person,
        "is_user_deleted": call.world.directory.people[person].deleted,
        "priority": 0,
    }


def conversation_payload(call: Call, conversation: Conversation) -> Json:
    """Describe a conversation as Slack does."""
    if conversation.im is not None:
        return direct_payload(call, conversation, conversation.im)
    people = [call.world.directory.people[key] for key in conversation.members]
    external = any(person.external for person in people)
    set_by = {"creator": conversation.creator, "last_set": 0}
    return {
        "id": conversation.id,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "created": conversation.created,
        "creator": conversation.creator,
        "is_channel": not conversation.private,
        "is_group": conversation.private,
        "is_im": False,
        "is_mpim": False,
        "is_private": conversation.private,
        "is_archived": conversation.archived,
        "is_general": conversation.name == "general",
        "is_shared": external,
        "is_ext_shared": external,
        "is_org_shared": False,
        "is_member": call.bot_in(conversation),
        "context_team_id": call.world.credentials.team_id,
        "topic": {"value": conversation.topic, **set_by},
        "purpose": {"value": conversation.purpose, **set_by},
        "num_members": sum(not person.is_bot for person in people),
    }


def require_scope(call: Call, conversation: Conversation, scopes: Sequence[str]) -> None:
    """Require one of the scopes that are for this type of conversation, if there are some."""
    # Opening direct messages takes im:write; reading about them takes im:read.
    kind = SCOPE_OF[conversation_type(conversation)].removesuffix("read")
    needed = [scope for scope in scopes if scope.startswith(kind)]
    provided = call.world.scopes()
    if needed and not set(needed) & set(provided):
        raise SlackError("missing_scope", needed=",".join(needed), provided=",".join(provided))


def info(call: Call) -> Json:
    """Describe one conversation."""
    conversation = call.conversation()
    require_scope(call, conversation, READ)
    return {"channel": conversation_payload(call, conversation)}


def list_conversations(call: Call) -> Json:
    """List conversations of the requested types that the bot may know about."""
    types = [name.strip() for name in (call.text("types") or "public_channel").split(",")]
    provided = call.world.scopes()
    for name in types:
        if name not in SCOPE_OF:
            raise SlackError("invalid_types")
        if SCOPE_OF[name] not in provided:
            raise SlackError("missing_scope", needed=SCOPE_OF[name], provided=",".join(provided))
    conversations = [
        conversation
        for conversation in call.world.directory.conversations.values()
        if conversation_type(conversation) in types
        and (not conversation.private or call.bot_in(conversation))
        and not (conversation.archived and call.flag("exclude_archived"))
    ]
    part, metadata = paginate(call, sorted(conversations, key=lambda conversation: conversation.id), most=999)
    described = [conversation_payload(call, conversation) for conversation in part]
    return {"channels": described, "response_metadata": metadata}


def members(call: Call) -> Json:
    """List the ids of a conversation's members."""
    conversation = call.conversation()
    require_scope(call, conversation, READ)
    part, metadata = paginate(call, conversation.members)
    return {"members": part, "response_metadata": metadata}


def open_direct(call: Call) -> Json:
    """Open the direct messages with one person."""
    if call.text("channel"):
        conversation = call.conversation()
        if conversation.im is None:
            raise SlackError("method_not_supported_for_channel_type")
    else:
        users = call.text("users")
        if users is None:
            raise SlackError("users_list_not_supplied")
        if "," in users:
            raise invalid_arguments("conversations of several people are not part of this sandbox")
        person = call.person("users")
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        if person.deleted:
            raise SlackError("user_disabled")
        conversation = call.world.directory.direct(person)
    full = conversation_payload(call, conversation) if call.flag("return_im") else {"id": conversation.id}
    return {"no_op": True, "already_open": True, "channel": full}


def join(call: Call) -> Json:
    """Add the bot to a public channel."""
    conversation = call.conversation()
    if conversation.private or conversation.im is not None:
        raise SlackError("method_not_supported_for_channel_type")
    if conversation.archived:
        raise SlackError("is_archived")
    bot = call.world.directory.people[call.world.credentials.bot_user_id]
    answer: Json = {"channel": conversation_payload(call, conversation)}
    if call.world.directory.join(bot, conversation):
        call.world.feed.notify()
        call.world.emit(member_joined(bot, conversation, bot.team_id))
        answer["channel"]["is_member"] = True
    else:
        answer["warning"] = "already_in_channel"
    return answer
