"""Answers that the app sends to a response URL."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import SlackError
from ..json_values import Json, read_json
from ..state.faults import RESPONSE_URL
from ..state.response_urls import ResponseUrl
from ..state.world import World
from .answers import answer_call
from .call import Call
from .chat import message_content, thread_ts

REFUSED = 400
GONE = 404


async def handle_response_url(world: World, request: Request) -> Response:
    """Receive an answer at a response URL."""
    raw = await request.body()
    try:
        body = read_json(raw)
    except ValueError:
        body = None
    args = body if isinstance(body, dict) else {}
    key = request.path_params["key"]
    return await answer_call(
        world, request, RESPONSE_URL, args, run=lambda: _answer(world, key, body), refusal_status=REFUSED
    )


def _answer(world: World, key: str, body: Any) -> Response:
    """Apply an answer, or refuse it as Slack does."""
    try:
        with world.store.transaction():
            return JSONResponse(apply_response(world, key, body))
    except SlackError as error:
        return JSONResponse(error.body(), status_code=GONE if error.code.endswith("_url") else REFUSED)


def apply_response(world: World, key: str, body: Any) -> Json:
    """Apply an answer: post a new message, replace the original, or delete it."""
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    reply = world.response_urls.redeem(key)
    old = world.messages.find(reply.channel, reply.ts)
    if body.get("delete_original") is True and old is not None:
        world.messages.remove(old)
        world.feed.notify()
        return {"ok": True}
    call = Call(world, RESPONSE_URL, body)
    content, thread = message_content(call), thread_ts(call)
    if body.get("replace_original") is True and old is not None:
        old.body.update(content)
        if old.reader is None:
            old.body["edited"] = {"user": world.credentials.bot_user_id, "ts": world.messages.next_ts()}
        world.messages.save(old)
        world.feed.notify()
        return {"ok": True}
    _post(world, reply, content, thread, public=body.get("response_type") == "in_channel")
    return {"ok": True}


def _post(world: World, reply: ResponseUrl, content: Json, thread: str | None, *, public: bool) -> None:
    world.post_as_bot(reply.channel, content, reader=None if public else reply.user, thread_ts=thread)
