"""The HTTP endpoints: requests from Slack, with their signatures checked; health; private calendars."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app import Bot
from bot.delivery import pauses
from bot.runtime import calendar_feed
from bot.runtime.leadership import has_leader

MAX_BYTES = 2_000_000

MAX_TICK_AGE = timedelta(minutes=1)
"""A process whose last tick is older is not ready."""


def app(bot: Bot) -> Starlette:
    """Make the web application."""
    secret = bot.settings.slack_signing_secret.get_secret_value()
    # Socket Mode needs no secret, and without one no request over HTTP is genuine
    verifier = SignatureVerifier(secret) if secret else None

    async def events(request: Request) -> Response:
        body = await request.body()
        if len(body) > MAX_BYTES or verifier is None or not _is_genuine(verifier, body, request):
            return PlainTextResponse("not signed by Slack", status_code=401)
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
    try:
        with bot.db.read() as session:
            session.execute(text("SELECT 1"))
            if not bot.db.is_sqlite and not has_leader(session):
                return "no worker is running"
            if waiting := pauses.report(session):
                return f"{waiting}. Messages wait; run the doctor"
    except SQLAlchemyError:
        return "the database does not answer"
    if bot.db.is_sqlite:
        last_run = bot.sweeps.last_run
        if last_run is None or datetime.now(UTC) - last_run > MAX_TICK_AGE:
            return "scheduled work has stopped"
    return ""
