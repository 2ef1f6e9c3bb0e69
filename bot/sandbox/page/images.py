"""Where pictures come from: this machine and the files that the sandbox keeps, and nowhere else."""

import mimetypes
import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..json_values import Json
from ..sandbox import Sandbox

# What a browser shows and cannot run: a drawing in SVG may hold scripts.
_KINDS = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_FILE = re.compile(r"(?:^|[/-])(F[A-Z0-9]{10})(?:/|$)")


def local_image_url(url: str | None) -> str:
    """Give a picture's address if it lies on this machine: nothing on the page may leave it."""
    parts = urlsplit(str(url or ""))
    host = parts.hostname or ""
    if not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        return str(url)
    return str(url) if parts.scheme == "http" and _is_local(host) else ""


def image_url(image: Json) -> str:
    """Give the address of an image, which is somewhere or in a file that Slack knows."""
    file = image.get("slack_file") or {}
    known = _FILE.search(str(file.get("id") or urlsplit(str(file.get("url") or "")).path))
    return f"/page/picture/{known[1]}" if known else local_image_url(image.get("image_url"))


def is_image(file: Json) -> bool:
    """Say whether a message shows a file as a picture."""
    return mimetypes.guess_type(str(file.get("name", "")))[0] in _KINDS


def image_route(sandbox: Sandbox) -> Route:
    """Show kept files that are pictures; unlike Slack to whoever looks, since the page is one's own machine."""

    async def show(request: Request) -> Response:
        kept = sandbox.file(request.path_params["key"])
        kind = mimetypes.guess_type(kept[0])[0] if kept else None
        if kept is None or kind not in _KINDS:
            return Response("There is no such picture.", status_code=404, media_type="text/plain")
        return Response(kept[1], media_type=kind, headers={"X-Content-Type-Options": "nosniff"})

    return Route("/page/picture/{key}", show)


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
