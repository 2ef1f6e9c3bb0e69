"""The page's routes: the page itself, its stream of changes, and the static files."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ..sandbox import Sandbox
from .blocks import templates
from .context import PageContext, load_context
from .conversation import ConversationRenderer
from .fragments import Fragments, changed_fragments
from .images import image_route
from .location import Location
from .reader import load_reader
from .renderer import PageRenderer
from .traffic import TrafficRenderer, render_detail

# Whatever a message contains, the page runs and loads only the sandbox's own files.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' http://127.0.0.1:* http://localhost:*; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_STATIC = Path(__file__).parents[1] / "static"
_MIN_PAUSE = 0.04  # seconds: changes that come together are rendered together
_PAUSE_FACTOR = 2  # times the rendering time: the busier the workspace, the more changes are gathered
_MAX_PAUSE = 0.4  # seconds: the longest delay of a change
_KEEPALIVE_SECONDS = 10.0  # seconds: update the clock's minute, and notice closed windows


class _RevalidatedFiles(StaticFiles):
    """Static files that the browser revalidates, so that a new version shows at once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


def page_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """Return the page's routes."""
    talk, wire = ConversationRenderer(), TrafficRenderer()

    def canvas(request: Request) -> PageRenderer:
        return PageRenderer(sandbox, Location.of(request.query_params or sandbox.opens), talk, wire)

    async def page(request: Request) -> Response:
        context, parts = await canvas(request).render_async()
        return HTMLResponse(_render_document(context, parts), headers=_HEADERS)

    async def split(request: Request) -> Response:
        return HTMLResponse(_render_split(sandbox, request.query_params), headers=_HEADERS)

    async def stream(request: Request) -> Response:
        events = _stream_changes(canvas(request))
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def exchange(request: Request) -> Response:
        entries = sandbox.traffic(request.path_params["number"] - 1)[:1]
        if not entries or entries[0]["n"] != request.path_params["number"]:
            return Response("There is no such exchange.", status_code=404, media_type="text/plain")
        return HTMLResponse(
            render_detail(entries[0], load_reader(sandbox, request.query_params.get("as", ""))), headers=_HEADERS
        )

    return [
        Route("/", page),
        Route("/split", split),
        Route("/archives/{channel}/{message}", _permalink),
        Route("/page/stream", stream),
        Route("/page/exchange/{number:int}", exchange),
        image_route(sandbox),
        Mount("/static", _RevalidatedFiles(directory=_STATIC)),
    ]


async def _permalink(request: Request) -> Response:
    """Redirect a permalink to its message; people who may not see it are shown another location."""
    match = re.fullmatch(r"p(\d{10})(\d{6})", request.path_params["message"])
    if match is None:
        return Response("There is no such message.", status_code=404, media_type="text/plain")
    query = request.query_params
    location = Location(query.get("as", ""), request.path_params["channel"], thread=query.get("thread_ts", ""))
    return RedirectResponse(f"{location.address()}#m{match[1]}-{match[2]}", status_code=303)


def _render_document(context: PageContext, parts: Fragments) -> str:
    title = "Home" if context.shows_home else context.app if context.room is None else f"#{context.room['name']}"

    def part(name: str) -> Markup:
        return Markup("\n").join(piece.wrapped for piece in parts[name])

    return templates.get_template("page.html").render(
        page=context,
        parts=parts,
        part=part,
        title=f"{title} · {context.reader.name(context.me['id'])}",
        commands=list(context.sandbox.commands()),
    )


def _render_split(sandbox: Sandbox, query: Mapping[str, str]) -> str:
    """Render two people's windows side by side."""
    left, right = (
        load_context(sandbox, Location(query.get(name, ""), query.get("in", ""))) for name in ("left", "right")
    )
    return templates.get_template("split.html").render(sides=[("left", left), ("right", right)])


async def _stream_changes(canvas: PageRenderer) -> AsyncIterator[str]:
    """Yield the changes since the previous event, beginning with the whole page."""
    seen: dict[str, dict[str, str]] = {}
    version = 0
    while True:
        started = time.perf_counter()
        _, parts = await canvas.render_async()
        changes = changed_fragments(parts, seen)
        busy = time.perf_counter() - started
        yield f"data: {json.dumps(changes)}\n\n" if changes else ": still here\n\n"
        version = await _wait_for_change(canvas.sandbox, version)
        await asyncio.sleep(min(_MAX_PAUSE, max(_MIN_PAUSE, _PAUSE_FACTOR * busy)))


async def _wait_for_change(sandbox: Sandbox, version: int) -> int:
    try:
        return await asyncio.wait_for(sandbox.next_change(version), _KEEPALIVE_SECONDS)
    except TimeoutError:
        return version
