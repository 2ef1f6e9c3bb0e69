"""The control interface: JSON over HTTP for tests and the page, beside the Web API."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .admin.app import change_app, describe_app, request_url_field
from .admin.channels import change_channel
from .admin.people import change_person
from .admin.team import change_team
from .delivery.deliveries import Deliveries, delivery_error
from .errors import ControlError
from .interactions.block_actions import perform_block_action
from .interactions.commands import run_command
from .interactions.home import open_home
from .interactions.messages import post_message
from .interactions.options import load_options
from .interactions.shortcuts import run_shortcut
from .interactions.view_submission import close_view, submit_view
from .json_values import Json, read_json
from .oauth.removal import remove_app
from .sandbox import Sandbox
from .state.world import World

UserAction = Callable[[World, Deliveries, Json], Awaitable[Json]]
Handler = Callable[[Sandbox, Request], Awaitable[Json]]


async def read_body(request: Request) -> Json:
    """Read a JSON object; an empty body counts as an empty object."""
    raw = await request.body()
    try:
        body: Any = read_json(raw) if raw.strip() else {}
    except ValueError as error:
        raise ControlError("the body is not JSON") from error
    if not isinstance(body, dict):
        raise ControlError("the body must be a JSON object")
    return body


def user_action(work: UserAction) -> Handler:
    """Make a handler of something a person does."""

    async def asked(sandbox: Sandbox, request: Request) -> Json:
        return await work(sandbox.world, sandbox.deliveries, await read_body(request))

    return asked


def workspace_change(work: Callable[[World, Json], Json]) -> Handler:
    """Turn a function that changes the workspace into a handler."""

    async def asked(sandbox: Sandbox, request: Request) -> Json:
        body = await read_body(request)
        with sandbox.world.store.transaction():
            return work(sandbox.world, body)

    return asked


def required_parameter(request: Request, name: str) -> str:
    """Read a query parameter that must be present."""
    value = request.query_params.get(name)
    if not value:
        raise ControlError(f"{name}: missing in the query")
    return value


async def messages(sandbox: Sandbox, request: Request) -> Json:
    """List the messages of a conversation as one person sees them."""
    user = request.query_params.get("user")
    return {"messages": sandbox.messages(required_parameter(request, "channel"), user)}


async def views(sandbox: Sandbox, request: Request) -> Json:
    """List a person's open modals, the top one last."""
    return {"views": sandbox.views(required_parameter(request, "user"))}


async def people(sandbox: Sandbox, _request: Request) -> Json:
    """List everyone except the app."""
    return {"people": [person for person in sandbox.people() if not person["is_bot"]]}


async def channels(sandbox: Sandbox, _request: Request) -> Json:
    """List the channels."""
    return {"channels": sandbox.channels()}


async def traffic(sandbox: Sandbox, request: Request) -> Json:
    """List requests and responses between the sandbox and the app."""
    since = request.query_params.get("since") or "0"
    if not since.isdigit():
        raise ControlError(f"since: {since!r} is not the number of an entry")
    return {"traffic": sandbox.traffic(int(since))}


async def app(sandbox: Sandbox, _request: Request) -> Json:
    """Return what a Bolt app needs."""
    return describe_app(sandbox.world)


async def set_app(sandbox: Sandbox, request: Request) -> Json:
    """Change the app's settings. A new request URL must first answer a challenge."""
    body = await read_body(request)
    url, current = body.get("request_url"), sandbox.world.settings.request_url
    if url not in (None, current) and body.get("verify", True):
        problem = await sandbox.deliveries.verify_url(request_url_field(url))
        if problem is not None:
            raise ControlError(f"request_url: {problem}; start the app first, or give verify: false")
    change_app(sandbox.world, body)
    return describe_app(sandbox.world)


async def clock(sandbox: Sandbox, _request: Request) -> Json:
    """Return the time."""
    return sandbox.clock_service.read()


async def turn(sandbox: Sandbox, request: Request) -> Json:
    """Advance the clock, or stop an advance that is under way."""
    body = await read_body(request)
    return sandbox.clock_service.stop() if body.get("stop") is True else await sandbox.clock_service.advance(body)


async def follow(sandbox: Sandbox, request: Request) -> Json:
    """Let a follower of the clock wait for work. Forget a follower that disconnects meanwhile."""
    body = await read_body(request)
    link = request.scope.get("state", {}).get("transport")
    follower = sandbox.clock_service.register(body, link.is_closing if link else lambda: False)
    waiting = asyncio.ensure_future(sandbox.clock_service.wait_for_work(follower))
    leaving = asyncio.ensure_future(request.receive())
    await asyncio.wait({waiting, leaving}, return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        sandbox.clock_service.unregister(follower)
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        return {}
    leaving.cancel()
    with suppress(asyncio.CancelledError):
        await leaving
    return waiting.result()


async def faults(sandbox: Sandbox, request: Request) -> Json:
    """Inject a fault into the next calls of a method."""
    body = await read_body(request)
    if body.get("clear"):
        sandbox.world.faults.clear()
        return {}
    sandbox.world.faults.add(body.get("method"), body.get("fault"), body.get("times", 1), body.get("retry_after", 30))
    return {}


async def event(sandbox: Sandbox, request: Request) -> Json:
    """Send an event of any kind, whether or not the app has subscribed to it."""
    body = await read_body(request)
    inner = body.get("event")
    if not isinstance(inner, dict) or not isinstance(inner.get("type"), str):
        raise ControlError('event: give the event itself, such as {"type": "channel_id_changed", …}')
    wrapped = {
        **sandbox.deliveries.event_envelope(inner),
        **{name: body[name] for name in ("event_id",) if name in body},
    }
    outcome = await sandbox.deliveries.deliver_event(wrapped)
    return {"event_id": wrapped["event_id"], "ack_ms": outcome.ms, "failed": delivery_error(outcome)}


async def repeat(sandbox: Sandbox, request: Request) -> Json:
    """Deliver the latest payload again with the same ids, optionally with an old or a forged signature."""
    body = await read_body(request)
    age, forged = body.get("age", 0), body.get("forged", False)
    if isinstance(age, bool) or not isinstance(age, int) or not isinstance(forged, bool):
        raise ControlError("age: give seconds; forged: give true or false")
    outcome = await sandbox.deliveries.redeliver({"age": age, "forged": forged})
    if outcome is None:
        raise ControlError("nothing has been delivered yet", status=409)
    return {"ack_ms": outcome.ms, "response": outcome.body, "failed": delivery_error(outcome)}


async def disconnect(sandbox: Sandbox, _request: Request) -> Json:
    """Ask the app's Socket Mode connections to reconnect."""
    await sandbox.deliveries.sockets.disconnect()
    return {}


CALLS: list[tuple[str, str, Handler]] = [
    ("POST", "command", user_action(run_command)),
    ("POST", "say", user_action(post_message)),
    ("POST", "shortcut", user_action(run_shortcut)),
    ("POST", "act", user_action(perform_block_action)),
    ("POST", "options", user_action(load_options)),
    ("POST", "submit", user_action(submit_view)),
    ("POST", "close", user_action(close_view)),
    ("POST", "home", user_action(open_home)),
    ("GET", "views", views),
    ("GET", "messages", messages),
    ("GET", "people", people),
    ("POST", "people", workspace_change(change_person)),
    ("GET", "channels", channels),
    ("POST", "channels", workspace_change(change_channel)),
    ("POST", "team", workspace_change(change_team)),
    ("GET", "app", app),
    ("POST", "app", set_app),
    ("POST", "uninstall", workspace_change(remove_app)),
    ("GET", "traffic", traffic),
    ("GET", "clock", clock),
    ("POST", "clock", turn),
    ("POST", "clock/follow", follow),
    ("POST", "faults", faults),
    ("POST", "event", event),
    ("POST", "repeat", repeat),
    ("POST", "disconnect", disconnect),
]


def endpoint(sandbox: Sandbox, work: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Answer a call with `ok`, or with a sentence that says what was wrong."""

    async def answer(request: Request) -> Response:
        try:
            return JSONResponse({"ok": True, **await work(sandbox, request)})
        except ControlError as problem:
            return JSONResponse({"ok": False, "error": problem.sentence}, status_code=problem.status)

    return answer


def control_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """Return the routes below /sandbox/."""
    return [Route(f"/sandbox/{name}", endpoint(sandbox, work), methods=[verb]) for verb, name, work in CALLS]
