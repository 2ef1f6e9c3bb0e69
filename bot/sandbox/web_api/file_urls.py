"""The addresses to which files are uploaded and from which they are read."""

import base64
import mimetypes
from email import message_from_bytes

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from ..state.world import World


async def upload(world: World, request: Request) -> Response:
    """Receive a file's content, once."""
    stored = world.files.get(request.path_params["key"])
    if stored is None or stored["content"] is not None:
        return PlainTextResponse("no such upload", status_code=404)
    content = await read_upload(request)
    if len(content) != stored["length"]:
        return PlainTextResponse("the length does not match", status_code=400)
    stored["content"] = base64.b64encode(content).decode()
    world.store.put("file", stored["id"], stored)
    return PlainTextResponse(f"OK - {stored['length']}")


async def read_upload(request: Request) -> bytes:
    """Read an uploaded file, sent as the body or as the only part of a form."""
    body, kind = await request.body(), request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        return body
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    parts = [part.get_payload(decode=True) for part in form.walk() if not part.is_multipart()]
    return next((part for part in parts if isinstance(part, bytes)), b"")


async def file(world: World, request: Request) -> Response:
    """Return a file's content."""
    stored = world.files.get(request.path_params["key"])
    if stored is None or stored["content"] is None or stored.get("private"):
        return PlainTextResponse("no such file", status_code=404)
    return Response(base64.b64decode(stored["content"]), media_type="application/octet-stream")


async def private_file(world: World, request: Request) -> Response:
    """Return a file that a person uploaded, only for the bot's token; others get the sign-in page."""
    token = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not world.tokens.is_bot(token) or "files:read" not in world.scopes():
        return HTMLResponse("<!DOCTYPE html><html><title>Sign in</title><body>Sign in to your workspace</body></html>")
    stored = world.files.get(request.path_params["key"].rpartition("-")[2])
    if stored is None or stored["content"] is None:
        return PlainTextResponse("no such file", status_code=404)
    kind = mimetypes.guess_type(stored["name"])[0] or "application/octet-stream"
    return Response(base64.b64decode(stored["content"]), media_type=kind)
