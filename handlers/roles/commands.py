"""Roles as they are typed, behind `/workload role`."""

from handlers.kit import command_text, lookup
from handlers.kit import hours as kit_hours
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, escape
from handlers.roles import assignments, interactions, parsing, rules, terms
from handlers.roles.views import EXAMPLE
from storage import roles

END = '`/workload role end "Note-taker"`'
CHANGE = '`/workload role change "Note-taker" hours:6 until:2027-06-30`'
GIVE_ON = '`/workload role pass "Note-taker" @cleo`'
FOLLOW = '`/workload role follow "Note-taker"`'


def role(request: SlackRequest, typed: Typed) -> None:
    """List, give, pass on, change or end a role."""
    if len(typed.words) < 2 and not typed.options:
        interactions.show(request)
        return
    deed = typed.words[1].folded if len(typed.words) > 1 and not typed.words[1].quoted else ""
    if deed not in _DO:
        request.require()
        left = escape(cut(typed.after(1), 60))
        raise Refusal(
            f"I did not understand “{left}”. A role can be added, passed on, changed and ended. For example: {EXAMPLE}"
        )
    _DO[deed](request, typed)


def _add(request: SlackRequest, typed: Typed) -> None:
    request.require("facilitator")
    if len(typed.words) == 2 and not typed.options:
        interactions.press_form(request)
        return
    command_text.check_options(typed, ("hours", "until"), EXAMPLE)
    person, rest = lookup.typed_person(request, typed, 2, EXAMPLE)
    title = command_text.short_text(command_text.quoted_text(rest, EXAMPLE), "which role it is", EXAMPLE, rules.TITLE)
    if "hours" not in typed.options:
        raise Refusal(f"Say about how many hours a month it takes: `hours:4`. For example: {EXAMPLE}")
    hours = kit_hours.quarter_hours(typed.options["hours"], EXAMPLE)
    with request.begin("facilitator") as (session, caller):
        until = parsing.term_end(typed.options.get("until", "none"), request, caller, EXAMPLE)
        terms.check(caller.consortium, until, request.now, EXAMPLE)
        to = lookup.member(session, caller, person, parsing.NEVER, EXAMPLE)
        made = assignments.add(session, caller, title, to, hours, until, request.now)
        said = assignments.summary(made, to.name)
    request.done(said)


def _pass(request: SlackRequest, typed: Typed) -> None:
    request.require("facilitator")
    command_text.check_options(typed, ("hours", "until"), GIVE_ON)
    person, rest = lookup.typed_person(request, typed, 2, GIVE_ON)
    title = command_text.short_text(command_text.quoted_text(rest, GIVE_ON), "which role it is", GIVE_ON, rules.TITLE)
    hours = kit_hours.quarter_hours(typed.options["hours"], GIVE_ON) if "hours" in typed.options else None
    with request.begin("facilitator") as (session, caller):
        until = parsing.term_end(typed.options.get("until", "none"), request, caller, GIVE_ON)
        terms.check(caller.consortium, until, request.now, GIVE_ON)
        to = lookup.member(session, caller, person, parsing.NEVER, GIVE_ON)
        held = assignments.titled(session, caller, title, request.now)
        made = assignments.pass_on(session, caller, held.id, to, hours, until, request.now)
        said = assignments.summary(made, to.name)
    request.done(said)


def _change(request: SlackRequest, typed: Typed) -> None:
    request.require("facilitator")
    command_text.check_options(typed, ("hours", "until"), CHANGE)
    title = command_text.short_text(
        command_text.quoted_text(typed.words[2:], CHANGE), "which role it is", CHANGE, rules.TITLE
    )
    if not typed.options:
        raise Refusal(f"Say what is to change: `hours:6`, `until:2027-06-30` or `until:none`. For example: {CHANGE}")
    with request.begin("facilitator") as (session, caller):
        held = assignments.titled(session, caller, title, request.now)
        hours = kit_hours.quarter_hours(typed.options["hours"], CHANGE) if "hours" in typed.options else held.hours
        until = held.until
        if "until" in typed.options:
            until = parsing.term_end(typed.options["until"], request, caller, CHANGE)
            terms.check(caller.consortium, until, request.now, CHANGE)
        said = assignments.change(session, caller, held, hours, until, request.now)
    request.done(said)


def _end(request: SlackRequest, typed: Typed) -> None:
    request.require()
    command_text.check_options(typed, (), END)
    title = command_text.short_text(
        command_text.quoted_text(typed.words[2:], END), "which role it is", END, rules.TITLE
    )
    with request.begin() as (session, caller):
        said = assignments.end(session, caller, assignments.titled(session, caller, title, request.now), request.now)
    request.done(said)


def _follow(request: SlackRequest, typed: Typed) -> None:
    command_text.check_options(typed, (), FOLLOW)
    with request.look("facilitator") as (session, caller):
        title = command_text.short_text(
            command_text.quoted_text(typed.words[2:], FOLLOW), "which role it is", FOLLOW, rules.TITLE
        )
        found = roles.latest(session, caller.consortium.id, title)
        role_id = (found or assignments.titled(session, caller, title, request.now)).id
    interactions.follow(request, role_id)


_DO = {"add": _add, "new": _add, "pass": _pass, "give": _pass, "change": _change, "end": _end, "follow": _follow}
