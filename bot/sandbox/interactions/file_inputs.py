"""Files that people upload in a form: stored and described as Slack does."""

import base64
import binascii
import mimetypes
from typing import Any
from urllib.parse import quote

from ..errors import ControlError
from ..json_values import Json
from ..state.directory import User, new_id
from ..state.world import World
from .form_values import find_field

LARGEST_IN_A_FORM = 10_000_000
SHAPE = 'such as {"name": "elm.ics", "content": "BEGIN:VCALENDAR…"}, or with "base64" in place of "content"'


def store_form_files(world: World, user: User, blocks: list[Json], values: Any) -> Any:
    """Store the files among a form's values, and replace them with their descriptions."""
    if not isinstance(values, dict):
        return values
    stored = {}
    for key, value in values.items():
        _, element = find_field(blocks, key)
        stored[key] = store_files(world, user, element, value)
    return stored


def store_files(world: World, user: User, element: Json, value: Any) -> Any:
    """Store what a person puts into a file input, and return its description; return other values unchanged."""
    if element["type"] != "file_input" or value in (None, "", []):
        return value
    files = value if isinstance(value, list) else [value]
    limit = element.get("max_files") or 10
    if len(files) > limit:
        raise ControlError(f"value: at most {limit} can be uploaded")
    return [_store_file(world, user, element, file) for file in files]


def _store_file(world: World, user: User, element: Json, file: Any) -> Json:
    if not isinstance(file, dict) or not isinstance(file.get("name"), str) or not file["name"].strip():
        raise ControlError(f"value: {file!r} is not a file {SHAPE}")
    name = file["name"].strip().replace("/", "_")
    endings = [str(ending).lower().removeprefix(".") for ending in element.get("filetypes") or []]
    if endings and name.rpartition(".")[2].lower() not in endings:
        raise ControlError(f"value: only files whose names end in .{', .'.join(endings)} can be uploaded")
    content = _content(file)
    if len(content) > LARGEST_IN_A_FORM:
        raise ControlError("value: a file may have at most 10 MB")
    stored: Json = {
        "id": new_id("F"),
        "name": name,
        "title": name,
        "length": len(content),
        "content": base64.b64encode(content).decode(),
        "private": True,
    }
    world.files[stored["id"]] = stored
    world.store.put("file", stored["id"], stored)
    return _file_payload(world, user, stored)


def _content(file: Json) -> bytes:
    if isinstance(file.get("content"), str):
        return str(file["content"]).encode()
    if isinstance(file.get("base64"), str):
        try:
            return base64.b64decode(file["base64"], validate=True)
        except binascii.Error as error:
            raise ControlError("value: this is not base64") from error
    raise ControlError(f"value: a file needs its content, {SHAPE}")


def _file_payload(world: World, user: User, stored: Json) -> Json:
    """Describe a file as `view.state.values` does."""
    name, now = stored["name"], int(world.clock.seconds())
    ending = name.rpartition(".")[2].lower() if "." in name else "text"
    base_url = f"{world.url}/files-pri/{world.credentials.team_id}-{stored['id']}"
    return {
        "id": stored["id"],
        "created": now,
        "timestamp": now,
        "name": name,
        "title": name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": ending,
        "pretty_type": ending.upper(),
        "user": user.id,
        "user_team": user.team_id,
        "editable": False,
        "size": stored["length"],
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{base_url}/{quote(name)}",
        "url_private_download": f"{base_url}/download/{quote(name)}",
        "permalink": f"{world.url}/files/{user.id}/{stored['id']}/{quote(name)}",
        "is_starred": False,
        "has_rich_preview": False,
        "file_access": "visible",
    }
