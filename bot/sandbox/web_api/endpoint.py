"""The endpoint of all methods: injected faults, token, rate limit and scopes, then the method itself."""

import asyncio
import base64
import json
import time
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import SlackError
from ..json_values import Json, read_json
from ..state.faults import REFUSALS
from ..state.rate_limits import RateLimited
from ..state.traffic import without_secrets
from ..state.world import World
from .call import Call, Method
from .methods import METHODS


async def read_args(request: Request) -> Json:
    """Read a call's arguments from the query, a form or JSON; a token only from the header or a form."""
    args: Json = {name: value for name, value in request.query_params.items() if name != "token"}
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        body = await request.body()
        try:
            fields: Any = read_json(body) if body else {}
        except ValueError as error:
            raise SlackError("invalid_json") from error
        if not isinstance(fields, dict):
            raise SlackError("json_not_object")
        args.update({name: value for name, value in fields.items() if name != "token"})
    elif kind == "application/x-www-form-urlencoded":
        form = (await request.body()).decode("utf-8", "replace")
        args.update(parse_qsl(form, keep_blank_values=True))
    return args


CALLERS = {"bot": ("bot",), "app": ("app",), "any": ("bot", "app", "user"), "granted": ("bot", "user")}
"""Which kinds of token a method takes; `client` means the client id and secret instead."""


def client_credentials(header: str) -> Json:
    """Read a client id and secret from a basic authentication header."""
    try:
        read = base64.b64decode(header.removeprefix("Basic ").strip(), validate=True).decode()
    except ValueError:
        return {}
    name, colon, secret = read.partition(":")
    return {"client_id": name, "client_secret": secret} if colon else {}


def check_token(world: World, method: Method, request: Request, args: Json) -> None:
    """Require a token of the right kind, and add it to the arguments."""
    if method.caller is None:
        return
    header = request.headers.get("authorization", "")
    if header.startswith("Basic "):
        args.update(client_credentials(header))
    if header.startswith("Bearer "):
        args["token"] = header.removeprefix("Bearer ").strip()
    if method.caller == "client":
        return
    token = args.get("token")
    if not token:
        raise SlackError("not_authed")
    kind = "app" if token == world.credentials.app_token else world.tokens.check(token).kind
    if kind not in CALLERS[method.caller]:
        raise SlackError("not_allowed_token_type")


def find_method(name: str) -> Method:
    """Find a method."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    return method


def check_scopes(world: World, method: Method) -> None:
    """Require the scopes of a method."""
    provided = world.scopes()
    missing = [scope for scope in method.scopes if scope not in provided]
    if missing:
        raise SlackError("missing_scope", needed=",".join(missing), provided=",".join(provided))


def run(world: World, name: str, request: Request, args: Json) -> Response:
    """Run a method, or refuse the call as Slack does."""
    headers: dict[str, str] = {}
    try:
        method = find_method(name)
        check_token(world, method, request, args)
        headers["x-oauth-scopes"] = ",".join(world.scopes())
        headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        world.rate_limits.count_call(name, method.tier)
        check_scopes(world, method)
        with world.store.transaction():
            body = {"ok": True, **method.work(Call(world, name, args))}
    except SlackError as error:
        body = error.body()
    except RateLimited as error:
        return rate_limited(error.retry_after)
    return JSONResponse(body, headers=headers)


def rate_limited(seconds: int) -> Response:
    """Return a 429 response."""
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers={"Retry-After": str(seconds)})


async def drop_connection(request: Request) -> Response:
    """Close the connection without a response."""
    request.scope["state"]["transport"].abort()
    # One turn of the event loop lets the server notice, so that it writes nothing more.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return Response(status_code=500)


async def handle_call(world: World, request: Request) -> Response:
    """Answer a call of the Web API, with an injected fault if there is one."""
    started = time.perf_counter()
    name: str = request.path_params["method"]
    try:
        args = await read_args(request)
    except SlackError as error:
        return JSONResponse(error.body())
    fault = world.faults.take(name)
    kind = fault.kind if fault else None
    if kind == "500":
        response: Response = JSONResponse({"ok": False, "error": "internal_error"}, status_code=500)
    elif kind == "429" and fault is not None:
        response = rate_limited(fault.retry_after)
    elif kind in REFUSALS:
        response = JSONResponse({"ok": False, "error": kind})
    elif kind == "drop_request":
        response = Response(status_code=500)
    else:
        response = run(world, name, request, args)
    record_call(world, name, args, response=response, fault=kind, started=started)
    return await drop_connection(request) if kind in ("drop_request", "drop_reply") else response


def record_call(world: World, name: str, args: Json, *, response: Response, fault: str | None, started: float) -> None:
    """Add a call to the traffic log."""
    body = json.loads(bytes(response.body) or b"null")
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
