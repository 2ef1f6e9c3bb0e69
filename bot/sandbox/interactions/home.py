"""Opening the home tab."""

import asyncio

from ..delivery.deliveries import Deliveries, delivery_error
from ..json_values import Json
from ..state import events
from ..state.world import World
from .actors import acting_user


async def open_home(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Open the app's home tab as a person, and return what it shows once the app has received the event."""
    user = acting_user(world, body.get("user"))
    direct = world.directory.direct(user)
    before = world.views.home(user.id)
    seen = await world.feed.wait_after(0)
    answer: Json = {"failed": None, "ack_ms": 0.0}
    if world.subscribed("app_home_opened"):
        view = world.shape_view(before) if before else None
        event = deliveries.event_envelope(events.home_opened(user, direct.id, view))
        outcome = await deliveries.deliver_event(event)
        answer = {"failed": delivery_error(outcome), "ack_ms": outcome.ms}
    # An app may publish only after it has acknowledged; wait for that when there is no view yet.
    if before is None and answer["failed"] is None:
        await _wait_for_publish(world, user.id, seen)
    home = world.views.home(user.id)
    return {**answer, "view": world.shape_view(home) if home else None}


async def _wait_for_publish(world: World, user: str, seen: int) -> None:
    try:
        async with asyncio.timeout(world.wire_time.first_publish):
            while world.views.home(user) is None:
                seen = await world.feed.wait_after(seen)
    except TimeoutError:
        return
