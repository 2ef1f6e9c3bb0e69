"""Roles as they are listed, pressed and filled in."""

from datetime import date

from sqlalchemy.orm import Session

from handlers.kit import command_text, lookup
from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.lists import page
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.roles import assignments, forms, parsing, rules, succession, terms, views
from handlers.roles.views import Line
from storage import agencies, members, roles
from storage.roles import Role
from storage.vocabulary import RoleId

GONE = "This button belongs to an earlier time. `/workload roles` lists who holds what."


# lists -------------------------------------------------------------------------------------------------


def show(request: SlackRequest, number: int = 0, *, replace: bool = False) -> None:
    """List the roles that are held, ten on a page."""
    with request.look() as (session, caller):
        blocks = views.listed_roles(page(_lines(session, caller, request), number), facilitates=caller.facilitates)
    request.answer("Who holds what.", blocks, replace=replace)


def press_page(request: SlackRequest) -> None:
    """Turn a page, or show the first."""
    show(request, command_text.row_id(request.value), replace=bool(request.value))


def _lines(session: Session, caller: Caller, request: SlackRequest) -> list[Line]:
    found = [r for r in roles.held(session, caller.consortium.id) if terms.is_held(caller.consortium, r, request.now)]
    people = members.named(session, [role.member_id for role in found])
    names = agencies.every(session, caller.consortium.id)
    made = []
    for role in found:
        holder = people[role.member_id]
        made.append(
            Line(
                role=role,
                holder=holder.name,
                agency=names[holder.agency_id].name if holder.agency_id is not None else "",
                mine=holder.id == caller.person.id,
                may_end=assignments.may_end(caller, role),
                may_change=caller.facilitates,
            )
        )
    return made


# forms -------------------------------------------------------------------------------------------------


def press_form(request: SlackRequest) -> None:
    """Open the form with which a role is given."""
    request.require("facilitator")
    request.open(forms.new(request.origin))


def submit_new(request: SlackRequest) -> None:
    """Give a role from the form."""
    title = command_text.short_text(request.written("title"), "which role it is", "Note-taker", rules.TITLE, "title")
    hours, until = _written(request)
    person = lookup.person(request, request.chosen("person"), "person")
    with request.begin("facilitator") as (session, caller):
        terms.check(caller.consortium, until, request.now, "2027-06-30", "until")
        to = lookup.member(session, caller, person, parsing.NEVER, "`/consortium who`", "person")
        made = assignments.add(session, caller, title, to, hours, until, request.now)
        said = assignments.summary(made, to.name)
    request.done(said)


def _written(request: SlackRequest) -> tuple[float, date | None]:
    hours = kit_hours.quarter_hours(request.written("hours"), "4", "hours")
    chosen = request.chosen("until")
    return hours, date.fromisoformat(chosen) if chosen else None


def press_pass(request: SlackRequest) -> None:
    """Open the form with which a role goes to somebody else."""
    with request.look("facilitator") as (session, caller):
        view = forms.pass_on(request.origin, _any(session, caller, _id(request.value)))
    request.open(view)


def submit_pass(request: SlackRequest) -> None:
    """Give a role to the person chosen in the form."""
    hours, until = _written(request)
    person = lookup.person(request, request.chosen("person"), "person")
    with request.begin("facilitator") as (session, caller):
        terms.check(caller.consortium, until, request.now, "2027-06-30", "until")
        to = lookup.member(session, caller, person, parsing.NEVER, "`/consortium who`", "person")
        made = assignments.pass_on(session, caller, RoleId(int(request.carry["role"])), to, hours, until, request.now)
        said = assignments.summary(made, to.name)
    request.done(said)


def press_change(request: SlackRequest) -> None:
    """Open the form that changes a role's hours and term."""
    with request.look("facilitator") as (session, caller):
        view = forms.change(request.origin, assignments.by_id(session, caller, _id(request.value), request.now))
    request.open(view)


def submit_change(request: SlackRequest) -> None:
    """Change a role as the form says."""
    hours, until = _written(request)
    with request.begin("facilitator") as (session, caller):
        role = assignments.by_id(session, caller, int(request.carry["role"]), request.now)
        if until != role.until:
            terms.check(caller.consortium, until, request.now, "2027-06-30", "until")
        said = assignments.change(session, caller, role, hours, until, request.now)
    request.done(said)


# presses -----------------------------------------------------------------------------------------------


def press_end(request: SlackRequest) -> None:
    """End a role, or give it back."""
    with request.begin() as (session, caller):
        said = assignments.end(
            session, caller, assignments.by_id(session, caller, _id(request.value), request.now), request.now
        )
    request.done(said)


def press_follow(request: SlackRequest) -> None:
    """Say who could follow in the role on whose button was pressed."""
    follow(request, _id(request.value))


def follow(request: SlackRequest, role_id: int) -> None:
    """Say who could follow in a role."""
    with request.look("facilitator") as (session, caller):
        role = _any(session, caller, role_id)
        turns = succession.turns(session, caller.consortium, role, request.now, by_load=True)
        blocks = views.followers(role, turns)
    request.answer("Who could follow.", blocks)


def press_more(request: SlackRequest) -> None:
    """Do what was chosen behind the three dots."""
    {"change": press_change, "follow": press_follow, "end": press_end}.get(request.value.partition("|")[0], _gone)(
        request
    )


def _gone(request: SlackRequest) -> None:
    del request
    raise Refusal(GONE)


def _id(value: str) -> int:
    number = command_text.row_id(value.rpartition("|")[2])
    if not number:
        raise Refusal(GONE)
    return number


def _any(session: Session, caller: Caller, role_id: int) -> Role:
    """Find a role, one that is free too. Raises Refusal."""
    found = roles.get(session, caller.consortium.id, role_id)
    if found is None:
        raise Refusal(GONE)
    return found
