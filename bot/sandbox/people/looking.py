"""Looking: the home tab, and what the app answers at a response url."""

import asyncio
from typing import Any

from bot.sandbox import events
from bot.sandbox.passes import Reply
from bot.sandbox.people.saying import somebody
from bot.sandbox.problems import SlackError
from bot.sandbox.store import Json
from bot.sandbox.web.call import Call
from bot.sandbox.web.chat import content
from bot.sandbox.wire.deliveries import Deliveries, failure
from bot.sandbox.world import World

FIRST_PUBLISH_SECONDS = 2.0


async def open_home(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Open the app's home tab as a person, and give what it shows once the app has been told."""
    someone = somebody(world, body.get("user"))
    direct = world.directory.direct(someone)
    before = world.shelf.home(someone.id)
    seen = await world.feed.after(0)
    answer: Json = {"failed": None, "ack_ms": 0.0}
    if world.subscribed("app_home_opened"):
        view = world.shape_view(before) if before else None
        event = deliveries.wrap(events.home_opened(someone, direct.id, view))
        outcome = await deliveries.send_event(event)
        answer = {"failed": failure(outcome), "ack_ms": outcome.ms}
    # An app may publish only after it has acknowledged; the first time there is something to wait for.
    if before is None and answer["failed"] is None:
        await _published(world, someone.id, seen)
    home = world.shelf.home(someone.id)
    return {**answer, "view": world.shape_view(home) if home else None}


async def _published(world: World, user: str, seen: int) -> None:
    try:
        async with asyncio.timeout(FIRST_PUBLISH_SECONDS):
            while world.shelf.home(user) is None:
                seen = await world.feed.after(seen)
    except TimeoutError:
        return


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
