"""Private calendars over HTTP: whoever has an address reads what its owner may see, until it is renewed."""

import hashlib

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.kit.deps import Deps
from handlers.kit.directory import Unanswered
from handlers.meetings import calendars

log = structlog.get_logger()

_ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_NEVER_KEPT = {**_ALWAYS, "Cache-Control": "no-store"}


def route(deps: Deps) -> Route:
    """Make the route. The address is a secret: it stands in no log line."""

    async def calendar(request: Request) -> Response:
        try:
            body = await run_in_threadpool(calendars.served, deps, request.path_params["secret"])
        except (SQLAlchemyError, Unanswered) as problem:
            log.warning("a calendar could not be read", error=type(problem).__name__)
            return PlainTextResponse("try again later", 503, {**_NEVER_KEPT, "Retry-After": "60"})
        if body is None:
            return PlainTextResponse("there is no calendar here", 404, _NEVER_KEPT)
        return _calendar(body, request.headers.get("if-none-match", ""))

    return Route("/calendar/{secret}.ics", calendar)


def _calendar(body: bytes, known: str) -> Response:
    """Answer with a calendar, or that it is still the one that is known."""
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**_ALWAYS, "Cache-Control": "private, max-age=300", "ETag": mark}
    if mark in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "text/calendar; charset=utf-8")
