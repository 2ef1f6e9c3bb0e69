"""Sources of images: this machine and the sandbox's own files only."""

import mimetypes
import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..json_values import Json
from ..sandbox import Sandbox

# Formats that cannot run scripts; SVG can.
_KINDS = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_FILE = re.compile(r"(?:^|[/-])(F[A-Z0-9]{10})(?:/|$)")


def local_image_url(url: str | None) -> str:
    """Return an image's address if it is on this machine, else an empty string: the page loads nothing else."""
    parts = urlsplit(str(url or ""))
    host = parts.hostname or ""
    if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        return str(url)
    return str(url) if parts.scheme == "http" and _is_local(host) else ""


def image_url(image: Json) -> str:
    """Return the address of an image: its URL, or a file that Slack stores."""
    file = image.get("slack_file") or {}
    file_id = _FILE.search(str(file.get("id") or urlsplit(str(file.get("url") or "")).path))
    return f"/page/picture/{file_id[1]}" if file_id else local_image_url(image.get("image_url"))


def is_image(file: Json) -> bool:
    """Return whether a message shows a file as an image."""
    return mimetypes.guess_type(str(file.get("name", "")))[0] in _KINDS


def image_route(sandbox: Sandbox) -> Route:
    """Serve stored images; unlike Slack, to anyone, because the page is on a personal machine."""

    async def show(request: Request) -> Response:
        stored = sandbox.file(request.path_params["key"])
        kind = mimetypes.guess_type(stored[0])[0] if stored else None
        if stored is None or kind not in _KINDS:
            return Response("There is no such image.", status_code=404, media_type="text/plain")
        return Response(stored[1], media_type=kind, headers={"X-Content-Type-Options": "nosniff"})

    return Route("/page/picture/{key}", show)


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
