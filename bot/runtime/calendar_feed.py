"""Private calendars over HTTP: the address is a secret, and shows what its owner may see until it is renewed."""

import hashlib

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handlers.kit.deps import Deps
from handlers.kit.directory import SlackUnavailable
from handlers.meetings import calendars

log = structlog.get_logger()

_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
_ERROR_HEADERS = {**_HEADERS, "Cache-Control": "no-store"}


def route(deps: Deps) -> Route:
    """Make the route. No log line contains the address."""

    async def calendar(request: Request) -> Response:
        try:
            body = await run_in_threadpool(calendars.feed_for_secret, deps, request.path_params["secret"])
        except (SQLAlchemyError, SlackUnavailable) as error:
            log.warning("calendar not read", error=type(error).__name__)
            return PlainTextResponse("Try again in a minute.", 503, {**_ERROR_HEADERS, "Retry-After": "60"})
        if body is None:
            return PlainTextResponse("There is no calendar at this address.", 404, _ERROR_HEADERS)
        return _response(body, request.headers.get("if-none-match", ""))

    return Route("/calendar/{secret}.ics", calendar)


def _response(body: bytes, known_etags: str) -> Response:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**_HEADERS, "Cache-Control": "private, max-age=300", "ETag": etag}
    if etag in {known.strip().removeprefix("W/") for known in known_etags.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, "text/calendar; charset=utf-8")
