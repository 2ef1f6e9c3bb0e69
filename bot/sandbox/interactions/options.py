"""Options that the app is asked for while a person types, and choosing among those it gave."""

from typing import Any

from ..blockkit.checks import fault, listing
from ..blockkit.input_state import FIELDS, fill
from ..blockkit.objects import MOST_OPTIONS, OPTION, OPTION_GROUP, offered
from ..delivery.deliveries import Deliveries, failure
from ..errors import Problem
from ..json_values import Json
from ..state.directory import Conversation, Someone
from ..state.world import World
from . import payloads
from .actors import somebody
from .containers import Place, container, find, look

LEAST_TYPED = 3
"""How many characters a person types before the app is asked, where the element does not say."""

CHECKS = {
    "options": listing(OPTION, most=MOST_OPTIONS),
    "option_groups": listing(OPTION_GROUP, most=MOST_OPTIONS),
}


async def options(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Ask the app what a select offers for what a person has typed so far."""
    someone = somebody(world, body.get("user"))
    place = look(world, someone, body)
    block, element = find(place, body.get("action_id"), body.get("block_id"))
    typed = body.get("value") or ""
    if not element["type"].endswith("external_select"):
        raise Problem(f"action_id: {element['action_id']} does not load its options from the app")
    if not isinstance(typed, str):
        raise Problem(f"value: {typed!r} is nothing that can be typed")
    if len(typed) < element.get("min_query_length", LEAST_TYPED):
        return {"ack_ms": 0.0, "sent": False, "failed": None, "options": []}
    payload = _payload(world, someone, place, block, element)
    outcome = await deliveries.deliver("interactive", {**payload, "value": typed})
    answer: Json = {"ack_ms": outcome.ms, "sent": True, "failed": failure(outcome)}
    faults = [] if answer["failed"] else option_faults(outcome.body)
    if faults:
        answer.update(failed="invalid_arguments", messages=faults)
        world.traffic.refuse(outcome.number, "invalid_arguments", faults)
    if answer["failed"]:
        return {**answer, "options": []}
    given = {name: outcome.body[name] for name in CHECKS if name in outcome.body}
    _remember(world, someone, block, element, offered(given))
    return {**answer, **given}


def option_faults(body: Any) -> list[str]:
    """List what is wrong with the options that the app gave."""
    faults: list[str] = []
    names = [name for name in CHECKS if isinstance(body, dict) and body.get(name) is not None]
    if len(names) != 1:
        fault(faults, "must have exactly one of: options, option_groups", "/")
    for name in names:
        CHECKS[name](body[name], f"/{name}", faults)
    return faults


def _payload(world: World, someone: Someone, place: Place, block: Json, element: Json) -> Json:
    named = {"action_id": element["action_id"], "block_id": block["block_id"]}
    payload = {**payloads.base(world, "block_suggestion", someone), **named, "container": container(place)}
    if place.view is not None:
        return {**payload, "view": world.shape_view(place.view)}
    conversation, message = place.spot
    payload["channel"] = payloads.channel(conversation)
    return payload if message.reader is not None else {**payload, "message": message.body}


def _remember(world: World, someone: Someone, block: Json, element: Json, given: list[Json]) -> None:
    known = world.offered.setdefault((someone.id, block["block_id"], element["action_id"]), {})
    known.update({option["value"]: option for option in given})


def choose(world: World, someone: Someone, block: Json, element: Json, value: Any) -> Json:
    """Give what an element holds after a person has chosen or written something that is before them."""
    entry = fill(world.directory, with_offers(world, someone, block, element), value)
    kind = element["type"].removeprefix("multi_")
    if kind in ("channels_select", "conversations_select"):
        held = entry[FIELDS[element["type"]][0]]
        for key in held if isinstance(held, list) else [held] if held else []:
            _seen(world, someone, kind, world.directory.conversations[key])
    return entry


def _seen(world: World, someone: Someone, kind: str, found: Conversation) -> None:
    """Want a conversation that Slack would show the person: channels alone are public ones."""
    public = found.im is None and not found.private
    if not world.directory.may_read(someone, found) or (kind == "channels_select" and not public):
        raise Problem(f"value: {someone.name} is not offered {found.name}")


def with_offers(world: World, someone: Someone, block: Json, element: Json) -> Json:
    """Give a select the options that the app has given this person for it; others stay as they are."""
    if not element["type"].endswith("external_select"):
        return element
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options") or []
    known = world.offered.get((someone.id, block["block_id"], element["action_id"]), {})
    return {**element, "options": [*first, *known.values()]}
