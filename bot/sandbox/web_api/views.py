"""views.*: modals and the home tab."""

from typing import Any

from ..blockkit.input_state import carry_over_state, initial_state
from ..blockkit.surfaces import elements, too_large, view_errors, with_defaults
from ..errors import SlackError
from ..json_values import Json
from ..state.views import MAX_STACK, View
from ..state.world import World
from .call import Call


def validate_view(world: World, view: Any, kind: str, *, but: View | None = None) -> Json:
    """Validate a view against Slack's limits, and fill in what it leaves out."""
    if too_large(view):
        raise SlackError("view_too_large")
    errors = view_errors(view, kind)
    if errors:
        raise SlackError("invalid_arguments", errors)
    _require_file_scope(world, view["blocks"])
    external_id = view.get("external_id")
    existing = world.views.find_by_external_id(external_id) if external_id else None
    if existing is not None and existing is not but:
        raise SlackError("duplicate_external_id")
    return with_defaults(view)


def _require_file_scope(world: World, blocks: list[Json]) -> None:
    """Require the scope for reading files if a view asks for one."""
    provided = world.scopes()
    asked = any(element.get("type") == "file_input" for block in blocks for element in elements(block))
    if asked and "files:read" not in provided:
        raise SlackError("missing_scope", needed="files:read", provided=",".join(provided))


def view_argument(call: Call) -> Any:
    """Read the view argument."""
    view = call.value("view")
    if view is None:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    return view


def view_response(world: World, view: View) -> Json:
    """Return a view in Slack's shape."""
    world.feed.notify()
    return {"view": world.shape_view(view)}


def fill_initial_state(world: World, view: View) -> View:
    """Set the state to the initial values of the view's elements."""
    view.state = initial_state(view.blocks)
    world.views.save(view)
    return view


def replace_content(world: World, view: View, content: Json) -> View:
    """Replace a view's content; entered values stay where block_id and action_id are the same."""
    before = view.state
    world.views.update(view, content)
    view.state = carry_over_state(view.blocks, before)
    world.views.save(view)
    return view


def open_modal(call: Call) -> Json:
    """Open a modal after an interaction."""
    view = view_argument(call)
    content = validate_view(call.world, view, "modal")
    trigger = call.world.triggers.redeem(call.required("trigger_id"))
    return view_response(call.world, fill_initial_state(call.world, call.world.views.open(trigger.user, content)))


def push_modal(call: Call) -> Json:
    """Push a modal onto the one in which the interaction happened."""
    view = view_argument(call)
    content = validate_view(call.world, view, "modal")
    trigger = call.world.triggers.redeem(call.required("trigger_id"))
    stack = call.world.views.stack(trigger.user)
    if trigger.view_id is None or not stack:
        raise SlackError("not_found")
    if len(stack) >= MAX_STACK:
        raise SlackError("push_limit_reached")
    return view_response(call.world, fill_initial_state(call.world, call.world.views.push(trigger.user, content)))


def update_modal(call: Call) -> Json:
    """Update an open modal."""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    view = call.world.views.by_id.get(view_id or "")
    if view is None and external_id:
        view = call.world.views.find_by_external_id(external_id)
    if view is None or view.kind != "modal":
        raise SlackError("not_found")
    content = validate_view(call.world, view_argument(call), "modal", but=view)
    require_current_hash(call, view)
    return view_response(call.world, replace_content(call.world, view, content))


def require_current_hash(call: Call, view: View) -> None:
    """Refuse an update made for an older version."""
    hash_given = call.text("hash")
    if hash_given is not None and hash_given != view.hash:
        raise SlackError("hash_conflict")


def publish_home(call: Call) -> Json:
    """Publish a home tab to a person."""
    person = call.world.directory.people.get(call.required("user_id"))
    if person is None or person.is_bot or person.deleted:
        raise SlackError("user_not_found")
    if not call.world.has_tab("home"):
        raise SlackError("not_enabled")
    before = call.world.views.home(person.id)
    content = validate_view(call.world, view_argument(call), "home", but=before)
    if before is not None:
        require_current_hash(call, before)
        return view_response(call.world, replace_content(call.world, before, content))
    return view_response(call.world, fill_initial_state(call.world, call.world.views.publish(person.id, content)))
