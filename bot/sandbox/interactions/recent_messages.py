"""Messages by others that a person may not have seen yet."""

from ..state.messages import Message
from ..state.world import World


def recent_messages(world: World, user: str, channel: str, after: str, most: int) -> list[Message]:
    """List others' latest messages in a conversation, newest first, without replies in threads."""
    reader = world.directory.person(user)
    conversation = world.directory.channel(channel, reader)
    messages: list[Message] = []
    for message in world.messages.newest_first(conversation.id, reader.id):
        if message.ts <= after or len(messages) >= most:
            break
        in_thread = message.thread_ts not in (None, message.ts) and message.body.get("subtype") != "thread_broadcast"
        if message.body.get("user") != reader.id and not in_thread:
            messages.append(message)
    return messages
