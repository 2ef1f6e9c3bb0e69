"""Options that the app provides while a person types, and entering values in elements."""

from typing import Any

from ..blockkit.checks import add_error, listing
from ..blockkit.input_state import FIELDS, state_entry
from ..blockkit.objects import MAX_OPTIONS, OPTION, OPTION_GROUP, options_of
from ..delivery.deliveries import Deliveries, delivery_error
from ..errors import ControlError
from ..json_values import Json
from ..state.directory import Conversation, User
from ..state.world import World
from . import payloads
from .actors import acting_user
from .containers import Container, container_payload, find_container, find_element

DEFAULT_MIN_QUERY_LENGTH = 3
"""How many characters a person types before the app is asked, unless the element says."""

CHECKS = {
    "options": listing(OPTION, most=MAX_OPTIONS),
    "option_groups": listing(OPTION_GROUP, most=MAX_OPTIONS),
}


async def load_options(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Ask the app for a select's options for what a person has typed so far."""
    someone = acting_user(world, body.get("user"))
    place = find_container(world, someone, body)
    block, element = find_element(place, body.get("action_id"), body.get("block_id"))
    typed = body.get("value") or ""
    if not element["type"].endswith("external_select"):
        raise ControlError(f"action_id: {element['action_id']} does not load its options from the app")
    if not isinstance(typed, str):
        raise ControlError(f"value: {typed!r} is nothing that can be typed")
    if len(typed) < element.get("min_query_length", DEFAULT_MIN_QUERY_LENGTH):
        return {"ack_ms": 0.0, "sent": False, "failed": None, "options": []}
    payload = _payload(world, someone, place, block, element)
    outcome = await deliveries.deliver("interactive", {**payload, "value": typed})
    answer: Json = {"ack_ms": outcome.ms, "sent": True, "failed": delivery_error(outcome)}
    faults = [] if answer["failed"] else option_errors(outcome.body)
    if faults:
        answer.update(failed="invalid_arguments", messages=faults)
        world.traffic.record_refusal(outcome.number, "invalid_arguments", faults)
    if answer["failed"]:
        return {**answer, "options": []}
    given = {name: outcome.body[name] for name in CHECKS if name in outcome.body}
    _remember_options(world, someone, block, element, options_of(given))
    return {**answer, **given}


def option_errors(body: Any) -> list[str]:
    """List the errors in the app's options."""
    faults: list[str] = []
    names = [name for name in CHECKS if isinstance(body, dict) and body.get(name) is not None]
    if len(names) != 1:
        add_error(faults, "must have exactly one of: options, option_groups", "/")
    for name in names:
        CHECKS[name](body[name], f"/{name}", faults)
    return faults


def _payload(world: World, someone: User, place: Container, block: Json, element: Json) -> Json:
    named = {"action_id": element["action_id"], "block_id": block["block_id"]}
    payload = {
        **payloads.interaction_payload(world, "block_suggestion", someone),
        **named,
        "container": container_payload(place),
    }
    if place.view is not None:
        return {**payload, "view": world.shape_view(place.view)}
    conversation, message = place.spot
    payload["channel"] = payloads.channel_payload(conversation)
    return payload if message.reader is not None else {**payload, "message": message.body}


def _remember_options(world: World, someone: User, block: Json, element: Json, given: list[Json]) -> None:
    known = world.loaded_options.setdefault((someone.id, block["block_id"], element["action_id"]), {})
    known.update({option["value"]: option for option in given})


def enter_value(world: World, someone: User, block: Json, element: Json, value: Any) -> Json:
    """Return an element's state after a person has entered a value that the element offers them."""
    entry = state_entry(world.directory, with_loaded_options(world, someone, block, element), value)
    kind = element["type"].removeprefix("multi_")
    if kind in ("channels_select", "conversations_select"):
        held = entry[FIELDS[element["type"]][0]]
        for key in held if isinstance(held, list) else [held] if held else []:
            _seen(world, someone, kind, world.directory.conversations[key])
    return entry


def _seen(world: World, someone: User, kind: str, found: Conversation) -> None:
    """Require a conversation that Slack would show the person; a channel select has only public channels."""
    public = found.im is None and not found.private
    if not world.directory.can_read(someone, found) or (kind == "channels_select" and not public):
        raise ControlError(f"value: {someone.name} is not offered {found.name}")


def with_loaded_options(world: World, someone: User, block: Json, element: Json) -> Json:
    """Return a select with the options that the app has given this person; return other elements unchanged."""
    if not element["type"].endswith("external_select"):
        return element
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options") or []
    known = world.loaded_options.get((someone.id, block["block_id"], element["action_id"]), {})
    return {**element, "options": [*first, *known.values()]}
