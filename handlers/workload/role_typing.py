"""Roles as they are typed, behind `/workload role`."""

from handlers.kit import persons
from handlers.kit.asking import Ask
from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape
from handlers.kit.words import Typed
from handlers.workload import reading, role_pressing, roles, rules, terms
from handlers.workload.role_views import EXAMPLE
from storage import roles as stored

END = '`/workload role end "Note-taker"`'
CHANGE = '`/workload role change "Note-taker" hours:6 until:2027-06-30`'
GIVE_ON = '`/workload role pass "Note-taker" @cleo`'
FOLLOW = '`/workload role follow "Note-taker"`'


def role(ask: Ask, typed: Typed) -> None:
    """List, give, pass on, change or end a role."""
    if len(typed.words) < 2 and not typed.options:
        role_pressing.show(ask)
        return
    deed = typed.words[1].folded if len(typed.words) > 1 and not typed.words[1].quoted else ""
    if deed not in _DO:
        with ask.look():
            pass
        left = escape(cut(typed.after(1), 60))
        raise Refusal(
            f"I did not understand “{left}”. A role can be added, passed on, changed and ended. For example: {EXAMPLE}"
        )
    _DO[deed](ask, typed)


def _add(ask: Ask, typed: Typed) -> None:
    with ask.look("facilitator"):
        pass
    if len(typed.words) == 2 and not typed.options:
        role_pressing.press_form(ask)
        return
    reading.only(typed, ("hours", "until"), EXAMPLE)
    person, rest = persons.typed_person(ask, typed, 2, EXAMPLE)
    title = rules.words(reading.text(rest, EXAMPLE), "which role it is", EXAMPLE, rules.TITLE)
    if "hours" not in typed.options:
        raise Refusal(f"Say about how many hours a month it takes: `hours:4`. For example: {EXAMPLE}")
    hours = rules.hours(typed.options["hours"], EXAMPLE)
    with ask.begin("facilitator") as (session, caller):
        until = reading.term_end(typed.options.get("until", "none"), ask, caller, EXAMPLE)
        terms.check(caller.consortium, until, ask.now, EXAMPLE)
        to = persons.member(session, caller, person, reading.NEVER, EXAMPLE)
        made = roles.add(session, caller, title, to, hours, until, ask.now)
        said = roles.summary(made, to.name)
    ask.done(said)


def _pass(ask: Ask, typed: Typed) -> None:
    with ask.look("facilitator"):
        pass
    reading.only(typed, ("hours", "until"), GIVE_ON)
    person, rest = persons.typed_person(ask, typed, 2, GIVE_ON)
    title = rules.words(reading.text(rest, GIVE_ON), "which role it is", GIVE_ON, rules.TITLE)
    hours = rules.hours(typed.options["hours"], GIVE_ON) if "hours" in typed.options else None
    with ask.begin("facilitator") as (session, caller):
        until = reading.term_end(typed.options.get("until", "none"), ask, caller, GIVE_ON)
        terms.check(caller.consortium, until, ask.now, GIVE_ON)
        to = persons.member(session, caller, person, reading.NEVER, GIVE_ON)
        held = roles.titled(session, caller, title, ask.now)
        made = roles.pass_on(session, caller, held.id, to, hours, until, ask.now)
        said = roles.summary(made, to.name)
    ask.done(said)


def _change(ask: Ask, typed: Typed) -> None:
    with ask.look("facilitator"):
        pass
    reading.only(typed, ("hours", "until"), CHANGE)
    title = rules.words(reading.text(typed.words[2:], CHANGE), "which role it is", CHANGE, rules.TITLE)
    if not typed.options:
        raise Refusal(f"Say what is to change: `hours:6`, `until:2027-06-30` or `until:none`. For example: {CHANGE}")
    with ask.begin("facilitator") as (session, caller):
        held = roles.titled(session, caller, title, ask.now)
        hours = rules.hours(typed.options["hours"], CHANGE) if "hours" in typed.options else held.hours
        until = held.until
        if "until" in typed.options:
            until = reading.term_end(typed.options["until"], ask, caller, CHANGE)
            terms.check(caller.consortium, until, ask.now, CHANGE)
        said = roles.change(session, caller, held, hours, until, ask.now)
    ask.done(said)


def _end(ask: Ask, typed: Typed) -> None:
    with ask.look():
        pass
    reading.only(typed, (), END)
    title = rules.words(reading.text(typed.words[2:], END), "which role it is", END, rules.TITLE)
    with ask.begin() as (session, caller):
        said = roles.end(session, caller, roles.titled(session, caller, title, ask.now), ask.now)
    ask.done(said)


def _follow(ask: Ask, typed: Typed) -> None:
    reading.only(typed, (), FOLLOW)
    with ask.look("facilitator") as (session, caller):
        title = rules.words(reading.text(typed.words[2:], FOLLOW), "which role it is", FOLLOW, rules.TITLE)
        found = stored.latest(session, caller.consortium.id, title)
        role_id = (found or roles.titled(session, caller, title, ask.now)).id
    role_pressing.follow(ask, role_id)


_DO = {"add": _add, "new": _add, "pass": _pass, "give": _pass, "change": _change, "end": _end, "follow": _follow}
