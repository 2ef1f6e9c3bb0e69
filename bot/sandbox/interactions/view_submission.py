"""Submitting a modal, applying the app's response, and closing modals."""

from functools import partial
from typing import Any

from ..delivery.deliveries import Deliveries, delivery_error
from ..errors import SlackError
from ..json_values import Json
from ..state.directory import User
from ..state.views import MAX_STACK, View
from ..state.world import World
from ..web_api.views import fill_initial_state, replace_content, validate_view
from . import payloads
from .actors import acting_user
from .containers import top_view
from .file_inputs import store_form_files
from .form_values import fill_form, validate_form
from .options import enter_value

TROUBLE = "We had some trouble connecting. Try again?"


async def submit_view(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Fill in and submit the top modal, and apply the app's response."""
    someone = acting_user(world, body.get("user"))
    view = top_view(world, someone, body.get("view_id"))
    values = store_form_files(world, someone, view.blocks, body.get("values") or {})
    fill_form(view.blocks, view.state, values, partial(enter_value, world, someone))
    world.views.save(view)
    errors = validate_form(view.blocks, view.state)
    if errors:
        return {"ack_ms": 0.0, "closed": False, "errors": errors, "failed": None}
    payload = {
        **payloads.interaction_payload(world, "view_submission", someone),
        "trigger_id": world.triggers.issue(someone.id, view.id),
        "view": world.shape_view(view),
        "response_urls": _response_urls(world, someone, view),
    }
    outcome = await deliveries.deliver("interactive", payload)
    failed = delivery_error(outcome)
    answer: Json = {"ack_ms": outcome.ms, "closed": False, "errors": None, "failed": failed}
    if failed is None:
        try:
            with world.store.transaction():
                answer.update(_apply_response(world, someone, view, outcome.body))
        except SlackError as error:
            answer["failed"] = error.code
            answer["messages"] = error.messages
            world.traffic.record_refusal(outcome.number, error.code, error.messages)
    if answer["failed"] is not None:
        answer["shown"] = TROUBLE
    world.feed.notify()
    return answer


def _apply_response(world: World, someone: User, view: View, body: Any) -> Json:
    """Apply an acknowledgment: errors, update, push, clear, or close if it is empty."""
    if view.id not in world.views.by_id:
        return {"closed": True}
    if not body:
        world.views.pop(someone.id)
        return {"closed": True}
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "clear":
        world.views.clear(someone.id)
        return {"closed": True}
    if action == "errors":
        return {"errors": _check_errors(view, body.get("errors"))}
    if action not in ("update", "push"):
        raise SlackError("invalid_arguments", [f"[ERROR] unknown response_action: {action}"])
    content = validate_view(world, body.get("view"), "modal", but=view if action == "update" else None)
    if action == "update":
        replace_content(world, view, content)
    elif len(world.views.stack(someone.id)) >= MAX_STACK:
        raise SlackError("push_limit_reached")
    else:
        fill_initial_state(world, world.views.push(someone.id, content))
    return {}


def _check_errors(view: View, errors: Any) -> dict[str, str]:
    """Require errors to be texts at existing input blocks."""
    inputs = [block["block_id"] for block in view.blocks if block["type"] == "input"]
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: errors"])
    for block_id, said in errors.items():
        if block_id not in inputs or not isinstance(said, str):
            raise SlackError("invalid_arguments", [f"[ERROR] no input block {block_id!r} [json-pointer:/errors]"])
    return errors


def _response_urls(world: World, someone: User, view: View) -> list[Json]:
    """Create a response URL for each selected conversation whose element asked for one."""
    found = []
    for block in view.blocks:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        entry = view.state[block["block_id"]][element["action_id"]]
        channel = entry.get("selected_conversation") or entry.get("selected_channel")
        if channel:
            reply = world.response_urls.issue(someone.id, channel)
            where = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
            found.append({**where, "response_url": payloads.response_url(world, reply.key)})
    return found


async def close_view(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Close the top modal, or the whole stack with `all`, and notify the app if it asked for that."""
    someone = acting_user(world, body.get("user"))
    view = top_view(world, someone, body.get("view_id"))
    everything = bool(body.get("all")) or bool(view.content.get("clear_on_close"))
    closed = world.views.stack(someone.id) if everything else [view]
    with world.store.transaction():
        if everything:
            world.views.clear(someone.id)
        else:
            world.views.pop(someone.id)
    world.feed.notify()
    for one in reversed(closed):
        if one.content.get("notify_on_close"):
            payload = payloads.interaction_payload(world, "view_closed", someone)
            payload.update(view=world.shape_view(one), is_cleared=everything)
            await deliveries.deliver("interactive", payload)
    return {"closed": [one.id for one in closed]}
