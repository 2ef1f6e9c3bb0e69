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
    name, length = call.required("filename"), call.number("length", 0)
    if not 0 < length <= LARGEST:
        raise invalid_arguments("length must be more than 0 [json-pointer:/length]")
    key = new_id("F")
    call.world.files[key] = {"id": key, "name": name, "length": length, "content": None, "title": name}
    return {"upload_url": f"{call.world.url}/upload/{key}", "file_id": key}


def complete_upload(call: Call) -> Json:
    """Finish uploads, and show them in a conversation if one is given."""
    wanted = call.value("files")
    if not isinstance(wanted, list) or not wanted:
        raise invalid_arguments("missing required field: files")
    files = [_complete(call, one) for one in wanted]
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
    wanted = call.text("channel_id")
    if wanted is not None and wanted not in call.world.directory.conversations:
        raise SlackError("channel_not_found")
    call.args["channel"] = wanted or call.text("channels")
    return find_target(call)


def _complete(call: Call, one: Any) -> Json:
    known = call.world.files.get(one.get("id", "")) if isinstance(one, dict) else None
    if known is None or known["content"] is None:
        raise SlackError("file_not_found")
    known["title"] = one.get("title") or known["name"]
    call.world.store.put("file", known["id"], known)
    return file_payload(known, call.world.url)


def file_payload(known: Json, url: str) -> Json:
    """Describe a file as Slack does."""
    place = f"{url}/files/{known['id']}/{known['name']}"
    return {
        "id": known["id"],
        "name": known["name"],
        "title": known["title"],
        "size": len(base64.b64decode(known["content"])),
        "filetype": known["name"].rpartition(".")[2],
        "url_private": place,
        "url_private_download": place,
        "permalink": place,
    }
