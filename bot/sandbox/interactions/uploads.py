"""Files that people upload, in a form or with a message: stored and described as Slack does."""

import base64
import binascii
import mimetypes
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..errors import ControlError
from ..json_values import Json
from ..state.directory import User, new_id
from ..state.world import World

LARGEST = 10_000_000
MOST_IN_A_MESSAGE = 10
SHAPE = 'such as {"name": "elm.ics", "content": "BEGIN:VCALENDAR…"}, or with "base64" in place of "content"'


def store_message_files(world: World, user: User, files: Any) -> list[Json]:
    """Store the files of a message, and return their descriptions."""
    if files is None:
        return []
    if not isinstance(files, list) or len(files) > MOST_IN_A_MESSAGE:
        raise ControlError(f"files: give a list of at most {MOST_IN_A_MESSAGE} files, {SHAPE}")
    return [store_file(world, user, file, field="files") for file in files]


def store_file(world: World, user: User, file: Any, *, field: str, endings: Sequence[str] = ()) -> Json:
    """Store a file, and return its description. `field` is where it was given; `endings` are all that it accepts."""
    if not isinstance(file, dict) or not isinstance(file.get("name"), str) or not file["name"].strip():
        raise ControlError(f"{field}: {file!r} is not a file {SHAPE}")
    name = file["name"].strip().replace("/", "_")
    if endings and name.rpartition(".")[2].lower() not in endings:
        raise ControlError(f"{field}: only files whose names end in .{', .'.join(endings)} can be uploaded")
    content = _content(file, field)
    if len(content) > LARGEST:
        raise ControlError(f"{field}: a file may have at most 10 MB")
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


def _content(file: Json, field: str) -> bytes:
    if isinstance(file.get("content"), str):
        return str(file["content"]).encode()
    if isinstance(file.get("base64"), str):
        try:
            return base64.b64decode(file["base64"], validate=True)
        except binascii.Error as error:
            raise ControlError(f"{field}: this is not base64") from error
    raise ControlError(f"{field}: a file needs its content, {SHAPE}")


def _file_payload(world: World, user: User, stored: Json) -> Json:
    """Describe a file as `view.state.values` and messages do."""
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


def as_app_sees(file: Json, user: User) -> Json:
    """Describe a file as the event about its message does: of another workspace's file, an app learns only the id."""
    if not user.external:
        return file
    stub = {"mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0, "user": ""}
    return {"id": file["id"], **stub}
