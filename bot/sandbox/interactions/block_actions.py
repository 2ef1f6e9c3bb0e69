"""Block actions in messages, modals and the home tab."""

from typing import Any

from ..blockkit.elements import STATEFUL
from ..blockkit.input_state import find_option
from ..delivery.deliveries import Deliveries, delivery_error
from ..errors import ControlError
from ..json_values import Json
from ..state.directory import User
from ..state.world import World
from . import payloads
from .actors import acting_user
from .containers import Container, container_payload, find_container, find_element
from .file_inputs import store_files
from .options import enter_value


async def perform_block_action(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Use an element as a person, and send a block action if the element sends one."""
    user = acting_user(world, body.get("user"))
    container = find_container(world, user, body)
    block, element = find_element(container, body.get("action_id"), body.get("block_id"))
    body = {**body, "value": store_files(world, user, element, body.get("value"))}
    action = _action(world, user, container, block, element, body)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return {"ack_ms": 0.0, "sent": False, "failed": None}
    outcome = await deliveries.deliver("interactive", _payload(world, user, container, action))
    return {"ack_ms": outcome.ms, "sent": True, "failed": delivery_error(outcome)}


def _action(world: World, user: User, container: Container, block: Json, element: Json, body: Json) -> Json:
    """Build the action, and store what the element now holds."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": f"{world.clock.seconds():.6f}",
    }
    printed = ("placeholder", "confirm", "style", "url")
    shown_fields: Json = {name: element[name] for name in printed if name in element}
    return {**action, **shown_fields, **_held(world, user, container, block, element, body.get("value"))}


def _held(world: World, user: User, container: Container, block: Json, element: Json, value: Any) -> Json:
    """Return the fields of an action that depend on the type of element."""
    if element["type"] == "overflow":
        return {"selected_option": find_option(element, value)}
    if element["type"] not in STATEFUL:
        return _pressed(element, value)
    entry = enter_value(world, user, block, element, value)
    container.state.setdefault(block["block_id"], {})[element["action_id"]] = entry
    if container.view is not None:
        world.views.save(container.view)
    world.feed.notify()
    return {name: content for name, content in entry.items() if name != "type"}


def _pressed(element: Json, value: Any) -> Json:
    """Return what a button sends: its value; of feedback buttons, the value of the one pressed."""
    buttons = [element[name] for name in ("positive_button", "negative_button") if name in element]
    values = [button["value"] for button in buttons] or [element.get("value")]
    sent = values[0] if value is None else value
    if sent not in values:
        raise ControlError(f"value: a button sends its own value, {values[0]!r}")
    pressed: Json = {} if sent is None else {"value": sent}
    return {"text": element["text"], **pressed} if "text" in element else pressed


def _payload(world: World, user: User, container: Container, action: Json) -> Json:
    payload = {**payloads.interaction_payload(world, "block_actions", user), "container": container_payload(container)}
    if container.view is not None:
        payload["view"] = world.shape_view(container.view)
        payload["trigger_id"] = world.triggers.issue(user.id, container.view.id)
        return {**payload, "actions": [action]}
    return {**payload, **_from_message(world, user, container), "actions": [action]}


def _from_message(world: World, user: User, container: Container) -> Json:
    """Return the fields that only an action in a message has."""
    conversation, message = container.spot
    reply = world.response_urls.issue(user.id, conversation.id, message.ts, message.thread_ts)
    parts: Json = {
        "channel": payloads.channel_payload(conversation),
        "state": {"values": container.state},
        "response_url": payloads.response_url(world, reply.key),
        "trigger_id": world.triggers.issue(user.id),
    }
    # Slack does not send an ephemeral message back to the app.
    return parts if message.reader is not None else {**parts, "message": message.body}
