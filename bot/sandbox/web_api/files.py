"""files.*: uploads in two steps."""

import base64
from typing import Any

from ..errors import SlackError
from ..json_values import Json
from ..state.directory import Conversation, new_id
from .call import Call, invalid_arguments
from .chat import find_target, find_thread, validate_blocks

LARGEST = 50_000_000


def get_upload_url(call: Call) -> Json:
    """Return an address for uploading a file."""
    name = call.required("filename")
    call.required("length")
    length = call.number("length", 0)
    if not 0 < length <= LARGEST:
        raise invalid_arguments("length must be more than 0 [json-pointer:/length]")
    key = new_id("F")
    call.world.files[key] = {"id": key, "name": name, "length": length, "content": None, "title": name}
    return {"upload_url": f"{call.world.url}/upload/{key}", "file_id": key}


def complete_upload(call: Call) -> Json:
    """Finish uploads, and show them in a conversation if one is given."""
    requested = call.value("files")
    if not isinstance(requested, list) or not requested:
        raise invalid_arguments("missing required field: files")
    files = [_complete(call, file) for file in requested]
    if call.text("channel_id") or call.text("channels"):
        conversation = _find_target(call)
        if not call.bot_in(conversation):
            raise SlackError("not_in_channel")
        # a comment replaces blocks
        blocks = None if call.text("initial_comment") else call.value("blocks", "invalid_blocks_format")
        body: Json = {
            "text": call.text("initial_comment") or "",
            "blocks": validate_blocks(blocks) if blocks else [],
            "files": files,
            "subtype": "file_share",
            "upload": True,
        }
        call.world.post_as_bot(conversation.id, body, thread_ts=find_thread(call, conversation))
    return {"files": files}


def _find_target(call: Call) -> Conversation:
    """Find where files are shown; `channel_id` takes only a conversation's id."""
    channel_id = call.text("channel_id")
    if channel_id is not None and channel_id not in call.world.directory.conversations:
        raise SlackError("channel_not_found")
    call.args["channel"] = channel_id or call.text("channels")
    return find_target(call)


def _complete(call: Call, file: Any) -> Json:
    stored = call.world.files.get(file.get("id", "")) if isinstance(file, dict) else None
    if stored is None or stored["content"] is None:
        raise SlackError("file_not_found")
    stored["title"] = file.get("title") or stored["name"]
    call.world.store.put("file", stored["id"], stored)
    return file_payload(stored, call.world.url)


def file_payload(stored: Json, url: str) -> Json:
    """Describe a file as Slack does."""
    address = f"{url}/files/{stored['id']}/{stored['name']}"
    return {
        "id": stored["id"],
        "name": stored["name"],
        "title": stored["title"],
        "size": len(base64.b64decode(stored["content"])),
        "filetype": stored["name"].rpartition(".")[2],
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
    }
