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
    user = acting_user(world, body.get("user"))
    view = top_view(world, user, body.get("view_id"))
    values = store_form_files(world, user, view.blocks, body.get("values") or {})
    fill_form(view.blocks, view.state, values, partial(enter_value, world, user))
    world.views.save(view)
    errors = validate_form(view.blocks, view.state)
    if errors:
        return {"ack_ms": 0.0, "closed": False, "errors": errors, "failed": None}
    payload = {
        **payloads.interaction_payload(world, "view_submission", user),
        "trigger_id": world.triggers.issue(user.id, view.id),
        "view": world.shape_view(view),
        "response_urls": _response_urls(world, user, view),
    }
    outcome = await deliveries.deliver("interactive", payload)
    failed = delivery_error(outcome)
    answer: Json = {"ack_ms": outcome.ms, "closed": False, "errors": None, "failed": failed}
    if failed is None:
        try:
            with world.store.transaction():
                answer.update(_apply_response(world, user, view, outcome.body))
        except SlackError as error:
            answer["failed"] = error.code
            answer["messages"] = error.messages
            world.traffic.record_refusal(outcome.number, error.code, error.messages)
    if answer["failed"] is not None:
        answer["shown"] = TROUBLE
    world.feed.notify()
    return answer


def _apply_response(world: World, user: User, view: View, body: Any) -> Json:
    """Apply an acknowledgment: errors, update, push, clear, or close if it is empty."""
    if view.id not in world.views.by_id:
        return {"closed": True}
    if not body:
        world.views.pop(user.id)
        return {"closed": True}
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "clear":
        world.views.clear(user.id)
        return {"closed": True}
    if action == "errors":
        return {"errors": _check_errors(view, body.get("errors"))}
    if action not in ("update", "push"):
        raise SlackError("invalid_arguments", [f"[ERROR] unknown response_action: {action}"])
    content = validate_view(world, body.get("view"), "modal", but=view if action == "update" else None)
    if action == "update":
        replace_content(world, view, content)
    elif len(world.views.stack(user.id)) >= MAX_STACK:
        raise SlackError("push_limit_reached")
    else:
        fill_initial_state(world, world.views.push(user.id, content))
    return {}


def _check_errors(view: View, errors: Any) -> dict[str, str]:
    """Require errors to be texts at existing input blocks."""
    inputs = [block["block_id"] for block in view.blocks if block["type"] == "input"]
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: errors"])
    for block_id, error in errors.items():
        if block_id not in inputs or not isinstance(error, str):
            raise SlackError("invalid_arguments", [f"[ERROR] no input block {block_id!r} [json-pointer:/errors]"])
    return errors


def _response_urls(world: World, user: User, view: View) -> list[Json]:
    """Create a response URL for each selected conversation whose element asked for one."""
    addresses = []
    for block in view.blocks:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        entry = view.state[block["block_id"]][element["action_id"]]
        channel = entry.get("selected_conversation") or entry.get("selected_channel")
        if channel:
            reply = world.response_urls.issue(user.id, channel)
            field = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
            addresses.append({**field, "response_url": payloads.response_url(world, reply.key)})
    return addresses


async def close_view(world: World, deliveries: Deliveries, body: Json) -> Json:
    """Close the top modal, or the whole stack with `all`, and notify the app if it asked for that."""
    user = acting_user(world, body.get("user"))
    view = top_view(world, user, body.get("view_id"))
    everything = bool(body.get("all")) or bool(view.content.get("clear_on_close"))
    closed = world.views.stack(user.id) if everything else [view]
    with world.store.transaction():
        if everything:
            world.views.clear(user.id)
        else:
            world.views.pop(user.id)
    world.feed.notify()
    for closed_view in reversed(closed):
        if closed_view.content.get("notify_on_close"):
            payload = payloads.interaction_payload(world, "view_closed", user)
            payload.update(view=world.shape_view(closed_view), is_cleared=everything)
            await deliveries.deliver("interactive", payload)
    return {"closed": [closed_view.id for closed_view in closed]}
