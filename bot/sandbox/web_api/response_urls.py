"""Answers that the app sends to a response URL."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import SlackError
from ..json_values import Json, read_json
from ..state.faults import RESPONSE_URL, Fault
from ..state.response_urls import ResponseUrl
from ..state.world import World
from .call import Call
from .chat import message_content
from .endpoint import record_call


async def handle_response_url(world: World, request: Request) -> Response:
    """Receive an answer at a response URL."""
    started, raw = time.perf_counter(), await request.body()
    try:
        body = read_json(raw)
    except ValueError:
        body = None
    fault = world.faults.take(RESPONSE_URL)
    answer = _answer(world, request.path_params["key"], body, fault)
    args = body if isinstance(body, dict) else {}
    record_call(world, "response_url", args, response=answer, fault=fault.kind if fault else None, started=started)
    return answer


def _answer(world: World, key: str, body: Any, fault: Fault | None) -> Response:
    """Apply an answer, or refuse it as Slack does or as a fault wants."""
    if fault is not None:
        return JSONResponse(SlackError(fault.kind).body(), status_code=400)
    try:
        with world.store.transaction():
            return JSONResponse(apply_response(world, key, body))
    except SlackError as error:
        return JSONResponse(error.body(), status_code=404 if error.code.endswith("_url") else 400)


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
    content = message_content(Call(world, "response_url", body))
    if body.get("replace_original") is True and old is not None:
        old.body.update(content)
        if old.reader is None:
            old.body["edited"] = {"user": world.credentials.bot_user_id, "ts": world.messages.next_ts()}
        world.messages.save(old)
        world.feed.notify()
        return {"ok": True}
    _post(world, reply, content, body)
    return {"ok": True}


def _post(world: World, reply: ResponseUrl, content: Json, body: Json) -> None:
    public = body.get("response_type") == "in_channel"
    thread_ts = body.get("thread_ts")
    world.post_as_bot(
        reply.channel,
        content,
        reader=None if public else reply.user,
        thread_ts=thread_ts if isinstance(thread_ts, str) else None,
    )
