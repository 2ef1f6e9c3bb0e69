"""Options that the app provides while a person types, and entering values in elements."""

from typing import Any

from ..blockkit.checks import add_error, listing
from ..blockkit.escaping import as_stored
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
    user = acting_user(world, body.get("user"))
    container = find_container(world, user, body)
    block, element = find_element(container, body.get("action_id"), body.get("block_id"))
    typed = body.get("value") or ""
    if not element["type"].endswith("external_select"):
        raise ControlError(f"action_id: {element['action_id']} does not load its options from the app")
    if not isinstance(typed, str):
        raise ControlError(f"value: {typed!r} is not a text")
    if len(typed) < element.get("min_query_length", DEFAULT_MIN_QUERY_LENGTH):
        return {"ack_ms": 0.0, "sent": False, "failed": None, "options": []}
    payload = _payload(world, user, container, block, element)
    outcome = await deliveries.deliver("interactive", {**payload, "value": typed})
    answer: Json = {"ack_ms": outcome.ms, "sent": True, "failed": delivery_error(outcome)}
    errors = [] if answer["failed"] else option_errors(outcome.body)
    if errors:
        answer.update(failed="invalid_arguments", messages=errors)
        world.traffic.record_refusal(outcome.number, "invalid_arguments", errors)
    if answer["failed"]:
        return {**answer, "options": []}
    options_given = {name: as_stored(outcome.body[name]) for name in CHECKS if name in outcome.body}
    _remember_options(world, user, block, element, options_of(options_given))
    return {**answer, **options_given}


def option_errors(body: Any) -> list[str]:
    """List the errors in the app's options."""
    errors: list[str] = []
    names = [name for name in CHECKS if isinstance(body, dict) and body.get(name) is not None]
    if len(names) != 1:
        add_error(errors, "must have exactly one of: options, option_groups", "/")
    for name in names:
        CHECKS[name](body[name], f"/{name}", errors)
    return errors


def _payload(world: World, user: User, container: Container, block: Json, element: Json) -> Json:
    named = {"action_id": element["action_id"], "block_id": block["block_id"]}
    payload = {
        **payloads.interaction_payload(world, "block_suggestion", user),
        **named,
        "container": container_payload(container),
    }
    if container.view is not None:
        return {**payload, "view": world.shape_view(container.view)}
    conversation, message = container.spot
    payload["channel"] = payloads.channel_payload(conversation)
    return payload if message.reader is not None else {**payload, "message": message.body}


def _remember_options(world: World, user: User, block: Json, element: Json, options_given: list[Json]) -> None:
    known = world.loaded_options.setdefault((user.id, block["block_id"], element["action_id"]), {})
    known.update({option["value"]: option for option in options_given})


def enter_value(world: World, user: User, block: Json, element: Json, value: Any) -> Json:
    """Return an element's state after a person has entered a value that the element offers them."""
    entry = state_entry(world.directory, with_loaded_options(world, user, block, element), value)
    kind = element["type"].removeprefix("multi_")
    if kind in ("channels_select", "conversations_select"):
        chosen = entry[FIELDS[element["type"]][0]]
        for key in chosen if isinstance(chosen, list) else [chosen] if chosen else []:
            _require_visible(world, user, kind, world.directory.conversations[key])
    return entry


def _require_visible(world: World, user: User, kind: str, conversation: Conversation) -> None:
    """Require a conversation that Slack would show the person; a channel select has only public channels."""
    public = conversation.im is None and not conversation.private
    if not world.directory.can_read(user, conversation) or (kind == "channels_select" and not public):
        raise ControlError(f"value: {user.name} is not offered {conversation.name}")


def with_loaded_options(world: World, user: User, block: Json, element: Json) -> Json:
    """Return a select with the options that the app has given this person; return other elements unchanged."""
    if not element["type"].endswith("external_select"):
        return element
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options") or []
    known = world.loaded_options.get((user.id, block["block_id"], element["action_id"]), {})
    return {**element, "options": [*first, *known.values()]}
