"""The HTTP endpoints: requests from Slack, with their signatures checked; health; private calendars."""

from collections.abc import Sequence
from datetime import UTC, datetime

from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import health
from bot.app import Bot
from bot.runtime import calendar_feed
from bot.runtime.leadership import has_leader
from bot.runtime.scheduler import STOPPED

MAX_BYTES = 2_000_000


def app(bot: Bot) -> Starlette:
    """Make the web application."""
    secret = bot.settings.slack_signing_secret.get_secret_value()
    # Socket Mode needs no secret, and without one no request over HTTP is genuine
    verifier = SignatureVerifier(secret) if secret else None

    async def events(request: Request) -> Response:
        body = await request.body()
        if len(body) > MAX_BYTES or verifier is None or not _is_genuine(verifier, body, request):
            if verifier is not None:
                signature = request.headers.get("x-slack-signature", "")
                bot.refusals.refuse(verifier, body, request.headers.get("x-slack-request-timestamp", ""), signature)
            return PlainTextResponse("not signed by Slack", status_code=401)
        bot.refusals.accept()
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
        query = request.url.query
        bolt_request = BoltRequest(body=body.decode("utf-8", "replace"), query=query, headers=headers)
        response = await run_in_threadpool(bot.surface.app.dispatch, bolt_request)
        return Response(response.body, response.status, {name: values[0] for name, values in response.headers.items()})

    async def alive(request: Request) -> Response:
        del request
        return PlainTextResponse("alive")

    async def ready(request: Request) -> Response:
        del request
        problem = await run_in_threadpool(_problem, bot)
        return PlainTextResponse(problem or "ready", status_code=503 if problem else 200)

    return Starlette(
        routes=[
            Route("/slack/events", events, methods=["POST"]),
            Route("/healthz", alive),
            Route("/readyz", ready),
            calendar_feed.route(bot.surface.deps),
        ]
    )


def _is_genuine(verifier: SignatureVerifier, body: bytes, request: Request) -> bool:
    """Return whether Slack signed this within the last five minutes."""
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if not timestamp.isdecimal() or not signature:
        return False
    try:
        return verifier.is_valid(body, timestamp, signature)
    except UnicodeDecodeError:
        return False


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
