"""The endpoint of all methods: injected faults, token, rate limit and scopes, then the method itself."""

import base64
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..blockkit.escaping import as_returned
from ..errors import SlackError
from ..json_values import Json, read_json
from ..state.rate_limits import RateLimited
from ..state.world import World
from .answers import answer_call, rate_limited
from .call import Call, Method
from .methods import METHODS, other_method


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
    method = METHODS.get(name) or other_method(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    return method


def check_scopes(world: World, method: Method) -> None:
    """Require the scopes of a method."""
    provided = world.scopes()
    missing = [scope for scope in method.scopes if scope not in provided]
    if method.any_scope and not set(method.any_scope) & set(provided):
        missing += method.any_scope
    if missing:
        raise SlackError("missing_scope", needed=",".join(missing), provided=",".join(provided))


def run(world: World, name: str, request: Request, args: Json) -> Response:
    """Run a method, or refuse the call as Slack does."""
    headers: dict[str, str] = {}
    try:
        method = find_method(name)
        check_token(world, method, request, args)
        headers["x-oauth-scopes"] = ",".join(world.scopes())
        headers["x-accepted-oauth-scopes"] = ",".join([*method.scopes, *method.any_scope])
        world.rate_limits.count_call(name, method.tier)
        check_scopes(world, method)
        with world.store.transaction():
            body = as_returned({"ok": True, **method.work(Call(world, name, args))})
    except SlackError as error:
        body = error.body()
    except RateLimited as error:
        return rate_limited(error.retry_after)
    return JSONResponse(body, headers=headers)


async def handle_call(world: World, request: Request) -> Response:
    """Answer a call of the Web API, with an injected fault if there is one."""
    name: str = request.path_params["method"]
    try:
        args = await read_args(request)
    except SlackError as error:
        return JSONResponse(error.body())
    return await answer_call(world, request, name, args, run=lambda: run(world, name, request, args))
