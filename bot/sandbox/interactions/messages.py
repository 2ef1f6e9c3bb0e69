"""Messages that people type."""

import uuid

from ..delivery.deliveries import Deliveries
from ..errors import ControlError
from ..json_values import Json
from ..state import events
from ..state.world import World
from .actors import acting_user, joined_conversation, typed_text
from .text_formatting import link_text, strip_labels
from .uploads import as_app_sees, store_message_files


async def post_message(world: World, _deliveries: Deliveries, body: Json) -> Json:
    """Post a person's message, perhaps with files, in a conversation."""
    user = acting_user(world, body.get("user"))
    conversation = joined_conversation(world, user, body.get("channel"))
    if conversation.im is not None and not world.takes_messages():
        raise ControlError("channel: sending messages to this app has been turned off", status=403)
    with_files = body.get("files") not in (None, [])
    text = "" if with_files and not body.get("text") else strip_labels(link_text(typed_text(body), world.directory))
    thread_ts = body.get("thread_ts")
    if thread_ts and world.messages.find(conversation.id, thread_ts) is None:
        raise ControlError(f"thread_ts: there is no message {thread_ts!r} in {conversation.name}", status=404)
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    author = {"user": user.id, "team": user.team_id, "client_msg_id": str(uuid.uuid4())}
    if user.external:
        author.update(user_team=user.team_id, source_team=user.team_id)
    with world.store.transaction():
        files = store_message_files(world, user, body.get("files"))
        shared: Json = (
            {"subtype": "file_share", "files": files, "upload": True, "display_as_bot": False} if files else {}
        )
        message = world.messages.add(conversation.id, {**author, "text": text, "blocks": [], **shared, **thread})
        if thread_ts:
            world.record_reply(conversation.id, thread_ts, message)
    world.feed.notify()
    seen: Json = {"files": [as_app_sees(file, user) for file in files]} if files else {}
    event = events.message({**message.body, **seen}, conversation)
    world.emit(event)
    if f"<@{world.directory.bot_id}>" in text:
        world.emit({**event, "type": "app_mention"})
    return {"ts": message.ts, "channel": conversation.id}
