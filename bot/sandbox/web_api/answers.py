"""Answering calls and recording them, with the faults that are injected."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from ..errors import SlackError
from ..json_values import Json
from ..state.faults import Fault
from ..state.traffic import without_secrets
from ..state.world import World

HTML_PAGE = "<!DOCTYPE html><html><title>Sign in</title><body>This network requires you to sign in.</body></html>"
"""What a proxy on the way answers in Slack's place."""


def rate_limited(seconds: int) -> Response:
    """Return a 429 response."""
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": str(seconds)})


async def answer_call(
    world: World, request: Request, name: str, args: Json, *, run: Callable[[], Response], refusal_status: int = 200
) -> Response:
    """Run a call, or let it fail as a fault wants, and record it. `refusal_status` is that of one of Slack's errors."""
    started = time.perf_counter()
    fault = world.faults.take(name)
    kind = fault.kind if fault else None
    instead = _instead(fault, refusal_status)
    response = run() if instead is None else instead
    if kind == "empty":
        response = Response()
    _record(world, name, args, response=response, fault=kind, started=started)
    return await _drop_connection(request) if kind in ("drop_request", "drop_reply") else response


def _instead(fault: Fault | None, refusal_status: int) -> Response | None:
    """Return the response with which a fault keeps a call from being run; None if it is run."""
    if fault is None or fault.kind in ("drop_reply", "empty"):
        return None
    if fault.kind == "429":
        return rate_limited(fault.retry_after)
    others: dict[str, Response] = {
        "500": JSONResponse({"ok": False, "error": "internal_error"}, status_code=500),
        "html": HTMLResponse(HTML_PAGE),
        "drop_request": Response(status_code=500),
    }
    return others.get(fault.kind) or JSONResponse(SlackError(fault.kind).body(), status_code=refusal_status)


async def _drop_connection(request: Request) -> Response:
    """Close the connection without a response."""
    request.scope["state"]["transport"].abort()
    # One turn of the event loop lets the server notice, so that it writes nothing more.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return Response(status_code=500)


def _read(response: Response) -> Any:
    """Return a response's JSON, or the text of one that has none."""
    text = bytes(response.body).decode()
    try:
        return json.loads(text or "null")
    except ValueError:
        return text


def _record(world: World, name: str, args: Json, *, response: Response, fault: str | None, started: float) -> None:
    """Add a call to the traffic log."""
    body = _read(response)
    if name == "apps.connections.open" and isinstance(body, dict):
        body.pop("url", None)
    world.traffic.record(
        {
            "direction": "from_app",
            "at": world.clock.now().isoformat(),
            "method": name,
            "body": without_secrets(args),
            "status": None if fault in ("drop_request", "drop_reply") else response.status_code,
            "answer": without_secrets(body),
            "fault": fault,
            "ms": round((time.perf_counter() - started) * 1000, 2),
        }
    )
