"""Roles as they are listed, pressed and filled in."""

from datetime import date

from sqlalchemy.orm import Session

from handlers.kit import command_text, lists, lookup
from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.lists import page
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.roles import assignments, forms, parsing, rules, succession, terms, views
from handlers.roles.views import Line
from storage import agencies, members, roles
from storage.roles import Role
from storage.vocabulary import RoleId

GONE = "This button belongs to an earlier time. `/workload roles` lists who holds what."


# lists -------------------------------------------------------------------------------------------------


def show(ask: Ask, number: int = 0, *, replace: bool = False) -> None:
    """List the roles that are held, ten on a page."""
    with ask.look() as (session, caller):
        blocks = views.listed_roles(page(_lines(session, caller, ask), number), facilitates=caller.facilitates)
    ask.answer("Who holds what.", blocks, replace=replace)


def press_page(ask: Ask) -> None:
    """Turn a page, or show the first."""
    show(ask, lists.number(ask.value), replace=bool(ask.value))


def _lines(session: Session, caller: Caller, ask: Ask) -> list[Line]:
    found = [r for r in roles.held(session, caller.consortium.id) if terms.is_held(caller.consortium, r, ask.now)]
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


def press_form(ask: Ask) -> None:
    """Open the form with which a role is given."""
    with ask.look("facilitator"):
        pass
    ask.open(forms.new(ask.origin))


def submit_new(ask: Ask) -> None:
    """Give a role from the form."""
    title = command_text.short_text(ask.written("title"), "which role it is", "Note-taker", rules.TITLE, "title")
    hours, until = _written(ask)
    person = lookup.person(ask, ask.chosen("person"), "person")
    with ask.begin("facilitator") as (session, caller):
        terms.check(caller.consortium, until, ask.now, "2027-06-30", "until")
        to = lookup.member(session, caller, person, parsing.NEVER, "`/consortium who`", "person")
        made = assignments.add(session, caller, title, to, hours, until, ask.now)
        said = assignments.summary(made, to.name)
    ask.done(said)


def _written(ask: Ask) -> tuple[float, date | None]:
    hours = kit_hours.quarter_hours(ask.written("hours"), "4", "hours")
    chosen = ask.chosen("until")
    return hours, date.fromisoformat(chosen) if chosen else None


def press_pass(ask: Ask) -> None:
    """Open the form with which a role goes to somebody else."""
    with ask.look("facilitator") as (session, caller):
        view = forms.pass_on(ask.origin, _any(session, caller, _id(ask.value)))
    ask.open(view)


def submit_pass(ask: Ask) -> None:
    """Give a role to the person chosen in the form."""
    hours, until = _written(ask)
    person = lookup.person(ask, ask.chosen("person"), "person")
    with ask.begin("facilitator") as (session, caller):
        terms.check(caller.consortium, until, ask.now, "2027-06-30", "until")
        to = lookup.member(session, caller, person, parsing.NEVER, "`/consortium who`", "person")
        made = assignments.pass_on(session, caller, RoleId(int(ask.carry["role"])), to, hours, until, ask.now)
        said = assignments.summary(made, to.name)
    ask.done(said)


def press_change(ask: Ask) -> None:
    """Open the form that changes a role's hours and term."""
    with ask.look("facilitator") as (session, caller):
        view = forms.change(ask.origin, assignments.by_id(session, caller, _id(ask.value), ask.now))
    ask.open(view)


def submit_change(ask: Ask) -> None:
    """Change a role as the form says."""
    hours, until = _written(ask)
    with ask.begin("facilitator") as (session, caller):
        role = assignments.by_id(session, caller, int(ask.carry["role"]), ask.now)
        if until != role.until:
            terms.check(caller.consortium, until, ask.now, "2027-06-30", "until")
        said = assignments.change(session, caller, role, hours, until, ask.now)
    ask.done(said)


# presses -----------------------------------------------------------------------------------------------


def press_end(ask: Ask) -> None:
    """End a role, or give it back."""
    with ask.begin() as (session, caller):
        said = assignments.end(session, caller, assignments.by_id(session, caller, _id(ask.value), ask.now), ask.now)
    ask.done(said)


def press_follow(ask: Ask) -> None:
    """Say who could follow in the role on whose button was pressed."""
    follow(ask, _id(ask.value))


def follow(ask: Ask, role_id: int) -> None:
    """Say who could follow in a role."""
    with ask.look("facilitator") as (session, caller):
        role = _any(session, caller, role_id)
        turns = succession.turns(session, caller.consortium, role, ask.now, by_load=True)
        blocks = views.followers(role, turns)
    ask.answer("Who could follow.", blocks)


def press_more(ask: Ask) -> None:
    """Do what was chosen behind the three dots."""
    {"change": press_change, "follow": press_follow, "end": press_end}.get(ask.value.partition("|")[0], _gone)(ask)


def _gone(ask: Ask) -> None:
    del ask
    raise Refusal(GONE)


def _id(value: str) -> int:
    number = value.rpartition("|")[2]
    if not (number.isdecimal() and len(number) < 10):
        raise Refusal(GONE)
    return int(number)


def _any(session: Session, caller: Caller, role_id: int) -> Role:
    """Find a role, one that is free too. Raises Refusal."""
    found = roles.get(session, caller.consortium.id, role_id)
    if found is None:
        raise Refusal(GONE)
    return found
