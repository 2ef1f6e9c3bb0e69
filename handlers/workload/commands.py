"""`/workload`, as people type it."""

from handlers.kit import block_kit, command_text, lookup
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import run_subcommand
from handlers.kit.text import cut, escape
from handlers.workload import overview, what_if, what_if_views
from handlers.workload.interactions import press_hours, press_what_if
from handlers.workload.overview import show_people
from handlers.workload.own_hours import _ROOM, HOURS_EXAMPLE, ROOM_EXAMPLE, _read_hours, _summary


def workload(request: SlackRequest) -> None:
    """Answer `/workload`."""
    typed = command_text.read(request.typed, KEYS, DATED)
    if not typed.words and not typed.options:
        overview.show_shares(request)
        return
    if typed.first not in request.subcommands:
        request.require()
    run_subcommand(request, typed, "`/workload roles`.")


def help_command(request: SlackRequest, _typed: Typed) -> None:
    """Explain what can be typed."""
    request.answer(HELP)


def hours_command(request: SlackRequest, typed: Typed) -> None:
    """Note how many hours a month the speaker has; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        press_hours(request)
        return
    request.require()
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
    request.require()
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
            found = what_if.departure_snapshot(session, caller.consortium.id, agency, request.now)
    if name:
        request.answer("What if an agency left.", what_if_views.departure_blocks(found))
    else:
        press_what_if(request)


def people_command(request: SlackRequest, typed: Typed) -> None:
    """Show facilitators who carries what."""
    request.require("facilitator")
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
