"""The HTTP endpoints: requests from Slack, with their signatures checked; health; private calendars."""

from asyncio import CancelledError
from datetime import UTC, datetime

import structlog
import uvicorn
from slack_bolt import BoltResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot import health
from bot.app import Bot
from bot.runtime import calendar_feed, payloads, refused_requests
from bot.runtime.http_protocol import MAX_BODY_BYTES, LimitedProtocol
from bot.runtime.leadership import has_leader
from bot.runtime.scheduler import STOPPED
from bot.runtime.signatures import Signatures, Verdict
from handlers.kit.refusals import Malformed

log = structlog.get_logger()

STOP_SECONDS = 15
"""How long requests may take to end when the process is asked to stop: longer than the database may be silent."""

SSL_CHECK_BYTES = 1000
"""The largest body of a request without a signature. Only Slack's check of the certificate comes without one."""


_SSL_CHECK = b"ssl_check=1"


class _UntilTheEnd(Starlette):
    """An application that answers also those requests that do not end before the process does."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. One that is cut off is repeated by Slack, or by the person who reads the answer."""
        try:
            await super().__call__(scope, receive, send)
        except CancelledError:
            log.warning("a request was cut off, because the process ends")
            await Response(status_code=503)(scope, receive, send)


class TooLarge(Exception):  # noqa: N818 - it describes a body
    """A body is larger than it may be, and was not read to its end."""


def app(bot: Bot) -> Starlette:
    """Make the web application."""
    # Socket Mode needs no secret, and without one no request over HTTP is genuine
    signatures = Signatures(bot.settings.slack_signing_secret.get_secret_value())

    async def events(request: Request) -> Response:
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        is_complete = signatures.is_complete(timestamp, signature)
        try:
            body = await _read(request, MAX_BODY_BYTES if is_complete else SSL_CHECK_BYTES)
        except TooLarge:
            refused_requests.note("a body that is too large")
            return Response(status_code=413 if is_complete else 401, headers={"Connection": "close"})
        except ClientDisconnect:
            return Response(status_code=400)
        if _SSL_CHECK in (request.scope["query_string"] if request.method == "GET" else body).split(b"&"):
            return Response()
        verdict = signatures.judge(body, timestamp, signature)
        if verdict is not Verdict.GENUINE:
            bot.signature_trouble.refuse(verdict)
            return PlainTextResponse("not signed by Slack", status_code=401)
        bot.signature_trouble.accept()
        return _response(await run_in_threadpool(_answer, bot, request, body))

    async def alive(request: Request) -> Response:
        del request
        return PlainTextResponse("alive")

    async def ready(request: Request) -> Response:
        del request
        problem = await run_in_threadpool(_problem, bot)
        return PlainTextResponse(problem or "ready", status_code=503 if problem else 200)

    return _UntilTheEnd(
        routes=[
            Route("/slack/events", events, methods=["GET", "POST"]),
            Route("/healthz", alive),
            Route("/readyz", ready),
            calendar_feed.route(bot.surface.deps),
        ]
    )


def server_config(bot: Bot) -> uvicorn.Config:
    """Return how the web application is served, in every process that serves it."""
    return uvicorn.Config(
        app(bot),
        http=LimitedProtocol,
        ws="none",
        proxy_headers=False,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


async def _read(request: Request, limit: int) -> bytes:
    """Read a body. Raise `TooLarge` as soon as it is larger than the limit, in bytes."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise TooLarge
        parts.append(part)
    return b"".join(parts)


def _answer(bot: Bot, request: Request, body: bytes) -> BoltResponse:
    try:
        payload = payloads.parse(body, request.headers.get("content-type", ""))
    except Malformed as malformed:
        log.warning("malformed request", unreadable=str(malformed))
        return BoltResponse(status=400)
    return payloads.dispatch(bot.surface.app, payload, request.headers)


def _response(response: BoltResponse) -> Response:
    return Response(response.body, response.status, {name: values[0] for name, values in response.headers.items()})


def _problem(bot: Bot) -> str:
    """Return what keeps this process or the worker from doing its work. Empty if they can."""
    try:
        stored = health.problem(bot.db, bot.surface.deps.keys, datetime.now(UTC), bot.leadership.name)
        if stored:
            return stored
        with bot.db.read() as session:
            if not bot.db.is_sqlite and not has_leader(session):
                return "no worker is running"
    except (SQLAlchemyError, OSError):
        return "the database does not answer"
    if bot.db.is_sqlite and not bot.sweeps.is_running():
        return STOPPED
    return bot.heartbeat.problem or next(iter(bot.heartbeat.troubles()), "")
