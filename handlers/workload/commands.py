"""What Slack sends about who carries what, and the whole of /workload."""

import difflib
from collections.abc import Callable

from handlers.contributions import commands, interactions
from handlers.kit import command_text
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.surface import Surface
from handlers.kit.text import cut, escape
from handlers.roles import commands as role_typing
from handlers.roles import interactions as role_pressing
from handlers.warnings import interactions as load_pressing
from handlers.workload import overview

pass
from handlers.funding import commands as funding_commands
from handlers.funding import interactions as funding_interactions
from handlers.kit import block_kit, lookup
from handlers.members import interactions as members_interactions
from handlers.workload import interactions as workload_interactions
from handlers.workload import what_if, what_if_views
from handlers.workload.interactions import press_hours, press_what_if
from handlers.workload.overview import show_people
from handlers.workload.own_hours import _ROOM, HOURS_EXAMPLE, ROOM_EXAMPLE, _read_hours, _summary

Verb = Callable[[SlackRequest, Typed], None]


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.command("/workload", workload, does="Who carries what", hint="roles, hours 8, give, gain, help")
    surface.actions(
        {
            "role.list": role_pressing.press_page,
            "role.list.*": role_pressing.press_page,
            "role.form": role_pressing.press_form,
            "role.pass": role_pressing.press_pass,
            "role.change": role_pressing.press_change,
            "role.end": role_pressing.press_end,
            "role.follow": role_pressing.press_follow,
            "role.follow.*": role_pressing.press_follow,
            "role.more": role_pressing.press_more,
            "load.hours": workload_interactions.press_hours,
            "load.more": workload_interactions.press_menu,
            "load.ask.*": load_pressing.press_ask,
            "load.agreed": load_pressing.press_agreed,
            "load.post": workload_interactions.post_shares,
            "load.people": workload_interactions.press_people,
            "load.people.*": workload_interactions.press_people,
            "load.what_if": workload_interactions.press_what_if,
            "balance.agreed": load_pressing.press_agreed_by_facilitator,
            "give.form": interactions.press_give,
            "give.list": interactions.press_given,
            "give.list.*": interactions.press_given,
            "give.back": interactions.press_give_back,
            "gain.form": interactions.press_gain,
            "gain.list": interactions.press_gains,
            "gain.list.*": interactions.press_gains,
            "gain.back": interactions.press_gain_back,
            "fund.list": funding_interactions.press_sources,
            "fund.list.*": funding_interactions.press_sources,
            "fund.form": funding_interactions.press_source_form,
            "fund.more": funding_interactions.press_source_menu,
            "dues.list": funding_interactions.press_dues,
            "dues.list.*": funding_interactions.press_dues,
            "dues.form": funding_interactions.press_dues_form,
            "dues.pay": funding_interactions.press_payment,
            "dues.back": funding_interactions.press_payment_back,
        }
    )
    surface.forms(
        {
            "role.new": role_pressing.submit_new,
            "role.pass": role_pressing.submit_pass,
            "role.change": role_pressing.submit_change,
            "load.hours": workload_interactions.submit_hours,
            "load.what_if": workload_interactions.submit_what_if,
            "give.new": interactions.submit_give,
            "gain.new": interactions.submit_gain,
            "fund.new": funding_interactions.submit_source,
            "dues.new": funding_interactions.submit_dues,
            "dues.pay": funding_interactions.submit_payment,
        }
    )


def workload(request: SlackRequest) -> None:
    """Answer /workload."""
    typed = command_text.read(request.typed, KEYS, DATED)
    if not typed.words and not typed.options:
        overview.show_shares(request)
        return
    verb = _VERBS.get(typed.first)
    if verb is None:
        _unknown(request, typed)
    else:
        verb(request, typed)


def _help(request: SlackRequest, typed: Typed) -> None:
    """Explain what can be typed."""
    del typed
    request.answer(HELP)


def _settings(request: SlackRequest, typed: Typed) -> None:
    """Open the settings from which on work counts as too much."""
    del typed
    members_interactions.press_thresholds(request)


def _unknown(request: SlackRequest, typed: Typed) -> None:
    """Say what a word could have been meant as. Raises Refusal."""
    with request.look():
        pass
    close = difflib.get_close_matches(typed.first, _VERBS, n=1)
    meant = f" Did you mean `/workload {close[0]}`?" if close else ""
    raise Refusal(
        f"I do not know “{escape(cut(typed.text, 60))}”.{meant} `/workload help` explains what can be typed, for "
        "example `/workload roles`."
    )


_VERBS: dict[str, Verb] = {
    "help": _help,
    "people": people_command,
    "what": what_if_command,
    "what-if": what_if_command,
    "role": role_typing.role,
    "roles": role_typing.role,
    "hours": hours_command,
    "room": room_command,
    "give": commands.give,
    "given": commands.given,
    "gain": commands.gain,
    "gains": commands.gains,
    "funding": funding_commands.funding_command,
    "dues": funding_commands.dues_command,
    "paid": funding_commands.paid_command,
    "settings": _settings,
}


def hours_command(request: SlackRequest, typed: Typed) -> None:
    """Note how many hours a month the speaker has; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        press_hours(request)
        return
    with request.look():
        pass
    command_text.check_options(typed, (), HOURS_EXAMPLE)
    said = typed.after(1)
    found = (
        None
        if said.casefold() in {*command_text.NOTHING, "default", "usual"}
        else _read_hours(said, HOURS_EXAMPLE, None)
    )
    with request.begin() as (session, caller):
        caller.person.hours_a_month = found
        answer = _summary(session, caller, request)
    request.done(answer, block_kit.button("Change it", "load.hours"))


def room_command(request: SlackRequest, typed: Typed) -> None:
    """Note whether the speaker may be asked to take work over; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        press_hours(request)
        return
    with request.look():
        pass
    command_text.check_options(typed, (), ROOM_EXAMPLE)
    said = typed.after(1).casefold()
    if said not in _ROOM:
        raise Refusal(f"I read “{escape(cut(typed.after(1), 40))}”; say `yes` or `no`. For example: {ROOM_EXAMPLE}")
    with request.begin() as (session, caller):
        caller.person.may_be_asked = _ROOM[said]
        answer = _summary(session, caller, request)
    request.done(answer, block_kit.button("Change it", "load.hours"))


WHAT_IF_EXAMPLE = '`/workload what if "Elm Schools"`'


def what_if_command(request: SlackRequest, said: Typed) -> None:
    """Say what would be if an agency left; without a name it asks which."""
    with request.look("facilitator") as (session, caller):
        command_text.check_options(said, (), WHAT_IF_EXAMPLE)
        rest = [word for word in said.words[1:] if word.quoted or word.folded not in {"if", "leaves", "left"}]
        name = command_text.quoted_text(rest, WHAT_IF_EXAMPLE) if rest else ""
        if name:
            agency = lookup.agency(session, caller, name)
            found = what_if.look(session, caller.consortium.id, agency, request.now)
    if name:
        request.answer("What if an agency left.", what_if_views.told(found))
    else:
        press_what_if(request)


def people_command(request: SlackRequest, typed: Typed) -> None:
    """Show facilitators who carries what."""
    with request.look("facilitator"):
        pass
    command_text.check_options(typed, (), "`/workload people`")
    command_text.nothing_more(typed.words[1:], "`/workload people`")
    show_people(request)


KEYS = ("hours", "agency", "money", "in-kind", "value")


DATED = ("until", "on")


HELP = (
    "`/workload` shows, only to you, what you carry and how the work is divided among the agencies; one press posts "
    'their shares here. For facilitators alone: `/workload people`, and `/workload what if "Elm Schools"` leaves.\n'
    "`/workload roles` lists who holds what. A facilitator gives, passes on and changes roles: "
    '`/workload role add "Note-taker" @cleo hours:4 until:2027-06-30`, `role pass "Note-taker" @finn`, '
    '`role change "Note-taker" hours:6 until:none`, `role follow "Note-taker"` (who could be next). '
    '`/workload role end "Note-taker"`: who holds it, or a facilitator.\n'
    "`/workload hours 8` says how many hours a month you have, which no list names; `/workload room yes` that you "
    "may be asked to take work over.\n"
    '`/workload give hours:3 "Hosted the training"`, `give money:500 "For the buses"`, `give in-kind:"Room for 40" '
    'value:200` record what your agency gave; `agency:"Elm Schools"` and `on:2026-11-20` can be added. '
    '`/workload gain "Two teachers trained"` records what it gained. `/workload given` and `/workload gains` list '
    'them. `/workload give back "Hosted the training"` takes a mistake back.\n'
    '`/workload funding "State grant" 12000` (a year), `funding end "State grant"`, `/workload dues "Elm Schools" 2026 '
    '1500`, `/workload paid "Elm Schools" 2026 500`, `paid back "Elm Schools" 2026`: a facilitator. Without words they '
    "list what there is. `/workload settings` says from which on work counts as too much.\n"
    "Everybody of the consortium can read roles, contributions, gains, funding and dues; people outside it cannot."
)
