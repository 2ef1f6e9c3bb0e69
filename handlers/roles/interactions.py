"""Buttons and forms of roles."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, edits, lookup
from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.lists import paginate
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.roles import assignments, forms, parsing, rules, succession, terms, views
from handlers.roles.views import Line
from storage import agencies, members, roles
from storage.roles import Role
from storage.vocabulary import RoleId

OUTDATED = "This button is out of date. `/workload roles` lists the current roles."
LAST_DAY_EXAMPLE = "2027-06-30"


# the list ----------------------------------------------------------------------------------------------


def show(request: SlackRequest) -> None:
    """Show the current roles."""
    request.show_window("roles")


def render_list(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of the current roles."""
    number = command_text.parse_row_id(value)
    with request.read() as (session, caller):
        blocks = views.role_list(paginate(_lines(session, caller, request), number), facilitates=caller.facilitates)
    return block_kit.info_form("Roles", blocks)


def press_page(request: SlackRequest) -> None:
    """Show the first page of the list, or turn to another."""
    request.show_window("roles", request.value)


def _lines(session: Session, caller: Caller, request: SlackRequest) -> list[Line]:
    held = [
        r for r in roles.list_current(session, caller.consortium.id) if terms.is_held(caller.consortium, r, request.now)
    ]
    people = members.by_ids(session, [role.member_id for role in held])
    names = agencies.all_by_id(session, caller.consortium.id)
    lines = []
    for role in held:
        holder = people[role.member_id]
        lines.append(
            Line(
                role=role,
                holder=holder.name,
                agency=names[holder.agency_id].name if holder.agency_id is not None else "",
                mine=holder.id == caller.person.id,
                may_end=assignments.may_end(caller, role),
                may_change=caller.facilitates,
            )
        )
    return lines


# giving, passing on, changing --------------------------------------------------------------------------


def press_form(request: SlackRequest) -> None:
    """Open the form that gives a role."""
    request.require("facilitator")
    request.open_form(forms.new(request.origin))


def submit_new(request: SlackRequest) -> None:
    """Give a role from the form."""
    title = command_text.parse_short_text(
        request.text_value("title"), "which role it is", "Note-taker", rules.TITLE, "title"
    )
    hours, until = _hours_and_last_day(request)
    person = lookup.require_person(request, request.selected_value("person"), "person")
    with request.begin("facilitator") as (session, caller):
        terms.check_last_day(caller.consortium, until, request.now, LAST_DAY_EXAMPLE, "until")
        holder = lookup.require_member(session, caller, person, parsing.NEVER, "`/consortium who`", "person")
        role = assignments.give_role(session, caller, title, holder, hours, until, request.now)
        sentence = views.given_summary(role, holder.name)
    request.show_result(sentence)


def press_pass(request: SlackRequest) -> None:
    """Open the form that passes a role on."""
    with request.read("facilitator") as (session, caller):
        view = forms.pass_on(request.origin, _get_role(session, caller, _role_id(request.value)))
    request.open_form(view)


def submit_pass(request: SlackRequest) -> None:
    """Pass a role on to the person chosen in the form."""
    hours, until = _hours_and_last_day(request)
    person = lookup.require_person(request, request.selected_value("person"), "person")
    role_id = RoleId(request.metadata.number("role"))
    with request.begin("facilitator") as (session, caller):
        terms.check_last_day(caller.consortium, until, request.now, LAST_DAY_EXAMPLE, "until")
        holder = lookup.require_member(session, caller, person, parsing.NEVER, "`/consortium who`", "person")
        role = assignments.pass_role(session, caller, role_id, holder, hours, until, request.now)
        sentence = views.given_summary(role, holder.name)
    request.show_result(sentence)


def press_change(request: SlackRequest) -> None:
    """Open the form that changes a role's hours and term."""
    role_id = _role_id(request.value)
    with request.read("facilitator") as (session, caller):
        view = forms.change(request.origin, assignments.lock_by_id(session, caller, role_id, request.now))
    request.open_form(view)


def submit_change(request: SlackRequest) -> None:
    """Change a role from the form, and only what was changed in it."""
    submitted = forms.term_values(*_hours_and_last_day(request))
    with request.begin("facilitator") as (session, caller):
        role = assignments.lock_by_id(session, caller, request.metadata.number("role"), request.now)
        changed = edits.apply_changes(request.metadata, submitted, forms.term_values(role.hours, role.until))
        hours, until = changed["hours"], date.fromisoformat(changed["until"]) if changed["until"] else None
        if until != role.until:
            terms.check_last_day(caller.consortium, until, request.now, LAST_DAY_EXAMPLE, "until")
        sentence = assignments.change_role(session, caller, role, hours, until, request.now)
    request.show_result(sentence)


def _hours_and_last_day(request: SlackRequest) -> tuple[float, date | None]:
    hours = kit_hours.parse_quarter_hours(request.text_value("hours"), "4", "hours")
    return hours, request.selected_date("until")


# ending, successors ------------------------------------------------------------------------------------


def press_end(request: SlackRequest) -> None:
    """End a role, or give it back."""
    role_id = _role_id(request.value)
    with request.begin() as (session, caller):
        role = assignments.lock_by_id(session, caller, role_id, request.now)
        sentence = assignments.end_role(session, caller, role, request.now)
    request.show_result(sentence)


def press_follow(request: SlackRequest) -> None:
    """Show who could follow in the role of the button."""
    show_successors(request, _role_id(request.value))


def show_successors(request: SlackRequest, role_id: int) -> None:
    """Show who could follow in a role."""
    with request.read("facilitator") as (session, caller):
        role = _get_role(session, caller, role_id)
        turns = succession.agencies_in_turn(session, caller.consortium, role, request.now, by_load=True)
        blocks = views.successors(role, turns)
    request.answer("Who could follow.", blocks)


def press_more(request: SlackRequest) -> None:
    """Run the choice made in the menu of a role."""
    actions = {"change": press_change, "follow": press_follow, "end": press_end}
    action = actions.get(request.value.partition("|")[0])
    if action is None:
        raise Refusal(OUTDATED)
    action(request)


def _role_id(value: str) -> int:
    """Return the role id that a button or menu carries. Raise `Refusal` without one."""
    role_id = command_text.parse_row_id(value.rpartition("|")[2])
    if not role_id:
        raise Refusal(OUTDATED)
    return role_id


def _get_role(session: Session, caller: Caller, role_id: int) -> Role:
    """Return a role, held or over. Raise `Refusal` if it does not exist."""
    role = roles.get(session, caller.consortium.id, role_id)
    if role is None:
        raise Refusal(OUTDATED)
    return role
