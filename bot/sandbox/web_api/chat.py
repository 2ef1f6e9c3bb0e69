"""chat.*: the app's messages."""

import re
from typing import Any

from ..blockkit.escaping import escape_markup
from ..blockkit.surfaces import assign_ids, message_errors, table_errors
from ..errors import SlackError
from ..json_values import Json
from ..state import events
from ..state.directory import Conversation, Directory
from ..state.messages import Message
from .call import Call

LONGEST = 40_000
LONGEST_UPDATE = 4_000
LONGEST_MARKDOWN = 12_000
LONGEST_BLOCKS = 13_200
MOST_ATTACHMENTS = 100
TS = re.compile(r"\d{1,10}\.\d{6}")


def message_content(call: Call, longest: int = LONGEST) -> Json:
    """Read and validate a message's text and blocks."""
    text, markdown = call.text("text"), call.text("markdown_text")
    blocks = call.value("blocks", "invalid_blocks_format")
    attachments = validate_attachments(call.value("attachments", "invalid_attachments"))
    if markdown is not None:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > LONGEST_MARKDOWN:
            raise SlackError("msg_too_long")
        text = markdown
    checked = validate_blocks(blocks) if blocks else []
    if not (text or "").strip() and not checked and not attachments:
        raise SlackError("no_text")
    if text and len(text) > longest:
        raise SlackError("msg_too_long")
    content: Json = {"text": text or "", "blocks": checked}
    if attachments:
        content["attachments"] = attachments
    metadata = call.value("metadata", "invalid_metadata_format")
    if metadata:
        shape = metadata if isinstance(metadata, dict) else {}
        if not isinstance(shape.get("event_type"), str) or not isinstance(shape.get("event_payload"), dict):
            raise SlackError("invalid_metadata_schema")
        content["metadata"] = metadata
    return content


def validate_attachments(attachments: Any) -> list[Json]:
    """Validate attachments, and the blocks in them as if they were in the message itself."""
    if not attachments:
        return []
    if not isinstance(attachments, list) or not all(isinstance(attachment, dict) for attachment in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    errors = [
        error.replace("[json-pointer:/blocks", f"[json-pointer:/attachments/{index}/blocks")
        for index, attachment in enumerate(attachments)
        for blocks in [attachment.get("blocks")]
        if blocks
        for error in [*message_errors(blocks), *(table_errors(blocks) if isinstance(blocks, list) else [])]
    ]
    if errors:
        raise SlackError("invalid_attachments", errors)
    return [
        {**attachment, "blocks": assign_ids(attachment["blocks"])} if attachment.get("blocks") else attachment
        for attachment in attachments
    ]


def validate_blocks(blocks: Any) -> list[Json]:
    """Validate a message's blocks against Slack's limits, and give them ids."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = message_errors(blocks)
    if problems:
        raise SlackError("invalid_blocks", problems)
    if tables := table_errors(blocks):
        raise SlackError("invalid_attachments", tables)
    if text_length(blocks) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return assign_ids(blocks)


def text_length(value: Any) -> int:
    """Count the characters of all texts in blocks, which have a common limit."""
    if isinstance(value, dict):
        find_own_message = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return find_own_message + sum(text_length(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(text_length(inner) for inner in value)
    return 0


def find_target(call: Call) -> Conversation:
    """Find where a message goes: a conversation's id or name, or a person's id for their direct messages."""
    name = call.required("channel")
    directory = call.world.directory
    person = directory.people.get(name)
    if person is not None and (person.is_bot or person.deleted):
        raise SlackError("cannot_dm_bot" if person.is_bot else "channel_not_found")
    conversation = (
        directory.direct(person)
        if person
        else directory.conversations.get(name) or find_channel_by_name(directory, name)
    )
    if conversation is None or (conversation.private and not call.bot_in(conversation)):
        raise SlackError("channel_not_found")
    if conversation.archived:
        raise SlackError("is_archived")
    if conversation.im is not None and not call.world.has_tab("messages"):
        raise SlackError("messages_tab_disabled")
    return conversation


def find_channel_by_name(directory: Directory, name: str) -> Conversation | None:
    """Find a channel by its name, with or without #."""
    return next((channel for channel in directory.channels() if channel.name == name.removeprefix("#")), None)


def thread_ts(call: Call) -> str | None:
    """Read which thread a message goes into; None for no thread."""
    ts = call.text("thread_ts")
    if ts is not None and not TS.fullmatch(ts):
        raise SlackError("invalid_thread_ts", [f"[ERROR] {ts} is not a valid thread_ts"])
    return ts


def find_thread(call: Call, conversation: Conversation) -> str | None:
    """Return the ts of the thread that a message goes into; None for no thread."""
    ts = thread_ts(call)
    if ts is None:
        return None
    parent = call.world.messages.find(conversation.id, ts)
    if parent is None or parent.reader is not None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def post_message(call: Call) -> Json:
    """Post a message."""
    conversation = find_target(call)
    if not call.bot_in(conversation) and "chat:write.public" not in call.world.scopes():
        raise SlackError("not_in_channel")
    content = message_content(call)
    thread_ts = find_thread(call, conversation)
    call.world.rate_limits.count_post(conversation.id)
    if call.text("username") and "chat:write.customize" in call.world.scopes():
        content["username"] = call.text("username")
    message = call.world.post_as_bot(conversation.id, content, thread_ts=thread_ts)
    return {"channel": conversation.id, "ts": message.ts, "message": message.body}


def post_ephemeral(call: Call) -> Json:
    """Post a message that only one person sees."""
    conversation = find_target(call)
    if not call.bot_in(conversation):
        raise SlackError("not_in_channel")
    reader = call.world.directory.people.get(call.required("user"))
    if reader is None or reader.deleted or reader.id not in conversation.members:
        raise SlackError("user_not_in_channel")
    content = message_content(call)
    message = call.world.post_as_bot(
        conversation.id, content, reader=reader.id, thread_ts=find_thread(call, conversation)
    )
    return {"message_ts": message.ts}


def find_own_message(call: Call, argument: str, forbidden: str) -> tuple[Conversation, Message]:
    """Find one of the app's own messages that everyone sees."""
    conversation = call.conversation()
    message = call.world.messages.find(conversation.id, call.required(argument))
    if message is None or message.reader is not None:
        raise SlackError("message_not_found")
    if message.body.get("bot_id") != call.world.credentials.bot_id:
        raise SlackError(forbidden)
    return conversation, message


def update(call: Call) -> Json:
    """Change one of the app's messages: text alone removes the blocks, attachments stay unless given."""
    conversation, message = find_own_message(call, "ts", "cant_update_message")
    if conversation.archived:
        raise SlackError("is_inactive")
    content = message_content(call, LONGEST_UPDATE)
    before = dict(message.body)
    edited = {"user": call.world.credentials.bot_user_id, "ts": call.world.messages.next_ts()}
    for name in ("attachments", "metadata"):
        if call.args.get(name) is not None:
            message.body.pop(name, None)
    if not content["text"] and not content["blocks"]:
        content = {"attachments": content["attachments"]}
    message.body.update(content, edited=edited)
    call.world.messages.save(message)
    call.world.feed.notify()
    call.world.emit(events.message_changed(message.body, before, conversation, edited["ts"]))
    text = escape_markup(message.body["text"])
    return {"channel": conversation.id, "ts": message.ts, "text": text, "message": message.body}


def delete(call: Call) -> Json:
    """Delete one of the app's messages."""
    conversation, message = find_own_message(call, "ts", "cant_delete_message")
    call.world.messages.remove(message)
    call.world.feed.notify()
    call.world.emit(events.message_deleted(message.body, conversation, call.world.messages.next_ts()))
    return {"channel": conversation.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """Return a message's address."""
    conversation = call.conversation()
    message = call.world.messages.find(conversation.id, call.required("message_ts"))
    if message is None or message.reader is not None:
        raise SlackError("message_not_found")
    place = f"/archives/{conversation.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts and message.thread_ts != message.ts:
        place += f"?thread_ts={message.thread_ts}&cid={conversation.id}"
    return {"channel": conversation.id, "permalink": call.world.url + place}
