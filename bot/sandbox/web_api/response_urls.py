"""Answers that the app sends to a response URL."""

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..errors import SlackError
from ..json_values import Json, read_json
from ..state.response_urls import Reply
from ..state.world import World
from .call import Call
from .chat import content
from .endpoint import note


async def response(world: World, request: Request) -> Response:
    """Take what the app answers at a response url."""
    started, raw = time.perf_counter(), await request.body()
    try:
        body = read_json(raw)
    except ValueError:
        body = None
    try:
        with world.store.together():
            answer = JSONResponse(respond(world, request.path_params["key"], body))
    except SlackError as error:
        answer = JSONResponse(error.body(), status_code=404 if error.code.endswith("_url") else 400)
    args = body if isinstance(body, dict) else {}
    note(world, "response_url", args, response=answer, fault=None, started=started)
    return answer


def respond(world: World, key: str, body: Any) -> Json:
    """Take an answer at a response url: a new message, or one instead of the old one, or none at all."""
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    reply = world.replies.take(key)
    old = world.archive.find(reply.channel, reply.ts)
    if body.get("delete_original") is True and old is not None:
        world.archive.remove(old)
        world.feed.changed()
        return {"ok": True}
    found = content(Call(world, "response_url", body))
    if body.get("replace_original") is True and old is not None:
        old.body.update(found)
        if old.reader is None:
            old.body["edited"] = {"user": world.credentials.bot_user_id, "ts": world.archive.next_ts()}
        world.archive.save(old)
        world.feed.changed()
        return {"ok": True}
    _say(world, reply, found, body)
    return {"ok": True}


def _say(world: World, reply: Reply, found: Json, body: Json) -> None:
    public = body.get("response_type") == "in_channel"
    wanted = body.get("thread_ts")
    world.say_as_bot(
        reply.channel,
        found,
        reader=None if public else reply.user,
        thread_ts=wanted if isinstance(wanted, str) else None,
    )
