"""Adding and changing channels, and who is in them."""

from ..errors import ControlError
from ..json_values import Json
from ..state import events
from ..state.directory import Conversation, User
from ..state.world import World
from ..workspace import Channel
from .fields import list_field, text_field


def join(world: World, user: User, conversation: Conversation) -> None:
    """Add somebody to a channel, and send the event."""
    if world.directory.join(user, conversation):
        world.emit(events.member_joined(user, conversation, world.credentials.team_id))


def leave(world: World, user: User, conversation: Conversation) -> None:
    """Remove somebody from a channel, and send the event."""
    if world.directory.leave(user, conversation):
        world.emit(events.member_left(user, conversation, world.credentials.team_id))


def change_channel(world: World, body: Json) -> Json:
    """Add a channel (`name`), or change one that exists (`channel`)."""
    if body.get("channel") is None:
        conversation = _new_channel(world, body)
    else:
        conversation = world.directory.channel(body["channel"])
    if body.get("shared"):
        _share(world, conversation)
    if "archived" in body:
        _archive(world, conversation, body["archived"])
    for name in list_field(body, "join"):
        join(world, world.directory.person(name), conversation)
    for name in list_field(body, "leave"):
        leave(world, world.directory.person(name), conversation)
    world.feed.notify()
    return {"channel": describe_channel(world, conversation)}


def _share(world: World, conversation: Conversation) -> None:
    """Share a private channel with another workspace: it gets a new id for good, and its messages with it."""
    if not conversation.private:
        raise ControlError(f"shared: only a private channel gets a new id, and {conversation.name} is public")
    old = conversation.id
    world.directory.change_channel_id(conversation)
    world.messages.move(old, conversation.id)
    world.response_urls.move(old, conversation.id)
    if world.directory.bot_id in conversation.members:
        world.emit(events.channel_id_changed(old, conversation.id))


def _archive(world: World, conversation: Conversation, archived: object) -> None:
    if not isinstance(archived, bool):
        raise ControlError(f"archived: give true or false, not {archived!r}")
    if archived == conversation.archived:
        return
    conversation.archived = archived
    world.directory.save_channel(conversation)
    world.emit(events.channel_archived(conversation))


def _new_channel(world: World, body: Json) -> Conversation:
    private, bot = bool(body.get("private", False)), bool(body.get("bot", False))
    name = text_field(body, "name").lower().removeprefix("#")
    channel = Channel(
        name,
        tuple(list_field(body, "members")),
        private=private,
        bot=bot,
        topic=str(body.get("topic", "")),
        purpose=str(body.get("purpose", "")),
    )
    conversation = world.directory.add_channel(channel, int(world.clock.seconds()))
    if bot:
        app = world.directory.people[world.directory.bot_id]
        world.emit(events.member_joined(app, conversation, app.team_id))
    return conversation


def describe_channel(world: World, conversation: Conversation) -> Json:
    """Describe a channel for the control interface."""
    people = world.directory.people
    return {
        "id": conversation.id,
        "name": conversation.name,
        "is_private": conversation.private,
        "is_archived": conversation.archived,
        "topic": conversation.topic,
        "purpose": conversation.purpose,
        "members": [key for key in conversation.members if not people[key].is_bot],
        "names": [people[key].name for key in conversation.members if not people[key].is_bot],
        "is_member": world.directory.bot_id in conversation.members,
    }
