"""views.*: modals and the home tab."""

from typing import Any

from ..blockkit.input_state import first_state, kept_state
from ..blockkit.surfaces import elements, finish_view, too_large, view_faults
from ..errors import SlackError
from ..json_values import Json
from ..state.views import DEEPEST, View
from ..state.world import World
from .call import Call


def checked(world: World, view: Any, kind: str, *, but: View | None = None) -> Json:
    """Check a view against all of Slack's limits, and fill in what it leaves out."""
    if too_large(view):
        raise SlackError("view_too_large")
    faults = view_faults(view, kind)
    if faults:
        raise SlackError("invalid_arguments", faults)
    _may_take_files(world, view["blocks"])
    external_id = view.get("external_id")
    known = world.shelf.named(external_id) if external_id else None
    if known is not None and known is not but:
        raise SlackError("duplicate_external_id")
    return finish_view(view)


def _may_take_files(world: World, blocks: list[Json]) -> None:
    """Want the scope with which files can be read before anybody is asked for one."""
    provided = world.scopes()
    asked = any(element.get("type") == "file_input" for block in blocks for element in elements(block))
    if asked and "files:read" not in provided:
        raise SlackError("missing_scope", needed="files:read", provided=",".join(provided))


def given(call: Call) -> Any:
    """Read the view that a call brings."""
    view = call.value("view")
    if view is None:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    return view


def answer(world: World, view: View) -> Json:
    """Give a view back as Slack shapes it."""
    world.feed.changed()
    return {"view": world.shape_view(view)}


def with_state(world: World, view: View) -> View:
    """Fill in what the view's elements have from the start."""
    view.state = first_state(view.blocks)
    world.shelf.save(view)
    return view


def change(world: World, view: View, content: Json) -> View:
    """Give a view new content; what was filled in stays where block and action are the same."""
    before = view.state
    world.shelf.update(view, content)
    view.state = kept_state(view.blocks, before)
    world.shelf.save(view)
    return view


def opened(call: Call) -> Json:
    """Open a modal on what a person has just done."""
    view = given(call)
    content = checked(call.world, view, "modal")
    trigger = call.world.triggers.take(call.required("trigger_id"))
    return answer(call.world, with_state(call.world, call.world.shelf.open(trigger.user, content)))


def pushed(call: Call) -> Json:
    """Put a modal on top of the one in which a person has just done something."""
    view = given(call)
    content = checked(call.world, view, "modal")
    trigger = call.world.triggers.take(call.required("trigger_id"))
    stack = call.world.shelf.stack(trigger.user)
    if trigger.view_id is None or not stack:
        raise SlackError("not_found")
    if len(stack) >= DEEPEST:
        raise SlackError("push_limit_reached")
    return answer(call.world, with_state(call.world, call.world.shelf.push(trigger.user, content)))


def updated(call: Call) -> Json:
    """Change a modal that is open."""
    wanted, external_id = call.text("view_id"), call.text("external_id")
    view = call.world.shelf.views.get(wanted or "")
    if view is None and external_id:
        view = call.world.shelf.named(external_id)
    if view is None or view.kind != "modal":
        raise SlackError("not_found")
    content = checked(call.world, given(call), "modal", but=view)
    same_hash(call, view)
    return answer(call.world, change(call.world, view, content))


def same_hash(call: Call, view: View) -> None:
    """Refuse a change that was made for an older version."""
    wanted = call.text("hash")
    if wanted is not None and wanted != view.hash:
        raise SlackError("hash_conflict")


def published(call: Call) -> Json:
    """Show a person a home tab."""
    person = call.world.directory.people.get(call.required("user_id"))
    if person is None or person.is_bot or person.deleted:
        raise SlackError("user_not_found")
    if not call.world.has_tab("home"):
        raise SlackError("not_enabled")
    before = call.world.shelf.home(person.id)
    content = checked(call.world, given(call), "home", but=before)
    if before is not None:
        same_hash(call, before)
        return answer(call.world, change(call.world, before, content))
    return answer(call.world, with_state(call.world, call.world.shelf.publish(person.id, content)))
