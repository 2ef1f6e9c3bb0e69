"""`/workload role` as people type it."""

from collections.abc import Sequence

from handlers.kit import command_text, lookup
from handlers.kit import hours as kit_hours
from handlers.kit.command_text import CommandText, Word
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, truncate
from handlers.roles import assignments, interactions, parsing, rules, terms, views
from storage import roles

ADD_EXAMPLE = views.ADD_EXAMPLE
HANDOVER_EXAMPLE = '`/workload role pass "Note-taker" @cleo`'
CHANGE_EXAMPLE = '`/workload role change "Note-taker" hours:6 until:2027-06-30`'
END_EXAMPLE = '`/workload role end "Note-taker"`'
FOLLOW_EXAMPLE = '`/workload role follow "Note-taker"`'


def role_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/workload role` and `roles`: list, give, pass on, change, or end roles."""
    if len(typed.words) < 2 and not typed.options:
        interactions.show(request)
        return
    action = typed.words[1].folded if len(typed.words) > 1 and not typed.words[1].quoted else ""
    if action not in _ACTIONS:
        request.require()
        raise Refusal(
            f"I did not understand “{escape(truncate(typed.after(1), 60))}”. You can add, pass on, change, or end a "
            f"role. For example: {ADD_EXAMPLE}"
        )
    _ACTIONS[action](request, typed)


def _add(request: SlackRequest, typed: CommandText) -> None:
    request.require("facilitator")
    if len(typed.words) == 2 and not typed.options:
        interactions.press_form(request)
        return
    command_text.refuse_unknown_options(typed, ("hours", "until"), ADD_EXAMPLE)
    person, rest = lookup.parse_person(request, typed, 2, ADD_EXAMPLE)
    title = _title(rest, ADD_EXAMPLE)
    if "hours" not in typed.options:
        raise Refusal(f"Add about how many hours a month it takes, such as `hours:4`. For example: {ADD_EXAMPLE}")
    hours = kit_hours.parse_quarter_hours(typed.options["hours"], ADD_EXAMPLE)
    with request.begin("facilitator") as (session, caller):
        until = parsing.term_end(typed.options.get("until", "none"), request, caller, ADD_EXAMPLE)
        terms.check_last_day(caller.consortium, until, request.now, ADD_EXAMPLE)
        holder = lookup.require_member(session, caller, person, parsing.NEVER, ADD_EXAMPLE)
        role = assignments.give_role(session, caller, title, holder, hours, until, request.now)
        sentence = views.given_summary(role, holder.name)
    request.show_result(sentence)


def _pass(request: SlackRequest, typed: CommandText) -> None:
    request.require("facilitator")
    command_text.refuse_unknown_options(typed, ("hours", "until"), HANDOVER_EXAMPLE)
    person, rest = lookup.parse_person(request, typed, 2, HANDOVER_EXAMPLE)
    title = _title(rest, HANDOVER_EXAMPLE)
    hours = (
        kit_hours.parse_quarter_hours(typed.options["hours"], HANDOVER_EXAMPLE) if "hours" in typed.options else None
    )
    with request.begin("facilitator") as (session, caller):
        until = parsing.term_end(typed.options.get("until", "none"), request, caller, HANDOVER_EXAMPLE)
        terms.check_last_day(caller.consortium, until, request.now, HANDOVER_EXAMPLE)
        holder = lookup.require_member(session, caller, person, parsing.NEVER, HANDOVER_EXAMPLE)
        present = assignments.lock_by_title(session, caller, title, request.now)
        role = assignments.pass_role(session, caller, present.id, holder, hours, until, request.now)
        sentence = views.given_summary(role, holder.name)
    request.show_result(sentence)


def _change(request: SlackRequest, typed: CommandText) -> None:
    request.require("facilitator")
    command_text.refuse_unknown_options(typed, ("hours", "until"), CHANGE_EXAMPLE)
    title = _title(typed.words[2:], CHANGE_EXAMPLE)
    if not typed.options:
        raise Refusal(
            f"Add what to change: `hours:6`, `until:2027-06-30`, or `until:none`. For example: {CHANGE_EXAMPLE}"
        )
    with request.begin("facilitator") as (session, caller):
        role = assignments.lock_by_title(session, caller, title, request.now)
        hours, until = role.hours, role.until
        if "hours" in typed.options:
            hours = kit_hours.parse_quarter_hours(typed.options["hours"], CHANGE_EXAMPLE)
        if "until" in typed.options:
            until = parsing.term_end(typed.options["until"], request, caller, CHANGE_EXAMPLE)
            terms.check_last_day(caller.consortium, until, request.now, CHANGE_EXAMPLE)
        sentence = assignments.change_role(session, caller, role, hours, until, request.now)
    request.show_result(sentence)


def _end(request: SlackRequest, typed: CommandText) -> None:
    request.require()
    command_text.refuse_unknown_options(typed, (), END_EXAMPLE)
    title = _title(typed.words[2:], END_EXAMPLE)
    with request.begin() as (session, caller):
        role = assignments.lock_by_title(session, caller, title, request.now)
        sentence = assignments.end_role(session, caller, role, request.now)
    request.show_result(sentence)


def _follow(request: SlackRequest, typed: CommandText) -> None:
    command_text.refuse_unknown_options(typed, (), FOLLOW_EXAMPLE)
    with request.read("facilitator") as (session, caller):
        title = _title(typed.words[2:], FOLLOW_EXAMPLE)
        latest = roles.find_latest(session, caller.consortium.id, title)
        role_id = (latest or assignments.lock_by_title(session, caller, title, request.now)).id
    interactions.show_successors(request, role_id)


def _title(words: Sequence[Word], example: str) -> str:
    """Return the title of the role that was typed. Raise `Refusal` if it is missing or too long."""
    text = command_text.parse_quoted_text(words, example)
    return command_text.parse_short_text(text, "which role it is", example, rules.TITLE)


_ACTIONS = {"add": _add, "new": _add, "pass": _pass, "give": _pass, "change": _change, "end": _end, "follow": _follow}
