"""`/workload`, as people type it."""

from handlers.kit import block_kit, command_text, lookup
from handlers.kit.command_text import CommandText
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import run_subcommand, takes_nothing
from handlers.workload import interactions, overview, own_hours
from handlers.workload.what_if import snapshot as departures
from handlers.workload.what_if import views as what_if_views

KEYS = ("agency", "money", "in-kind", "value")
DATED = ("until", "on")
EFFORTS = ("hours",)

PEOPLE_EXAMPLE = "`/workload people`"
WHAT_IF_EXAMPLE = '`/workload what if "Elm Schools"`'

HELP = (
    "`/workload` shows you, and nobody else, your load and how the work is divided among the agencies. A button posts "
    'the agencies\' shares here. For facilitators: `/workload people`, and `/workload what if "Elm Schools"` leaves.\n'
    "`/workload roles` lists who holds which role. A facilitator assigns, passes on and changes roles: "
    '`/workload role add "Note-taker" @cleo hours:4 until:2027-06-30`, `role pass "Note-taker" @finn`, '
    '`role change "Note-taker" hours:6 until:none`, `role follow "Note-taker"` (who could be next). The holder or a '
    'facilitator ends one: `/workload role end "Note-taker"`.\n'
    "`/workload hours 8` sets aside hours a month, which no list shows. `/workload room yes` offers to take on more "
    "work.\n"
    '`/workload give hours:3 "Hosted the training"`, `give money:500 "For the buses"` and `give in-kind:"Room for 40" '
    'value:200` record what your agency gave; you can add `agency:"Elm Schools"` and `on:2026-11-20`. '
    '`/workload gain "Two teachers trained"` records what it gained. `/workload given` and `/workload gains` list '
    'them. `/workload give back "Hosted the training"` removes a mistake.\n'
    'For facilitators: `/workload funding "State grant" 12000` (a year), `funding end "State grant"`, '
    '`/workload dues "Elm Schools" 2026 1500`, `/workload paid "Elm Schools" 2026 500`, `paid back "Elm Schools" '
    "2026`. `/workload funding` and `/workload dues` alone list what there is. `/workload settings` shows when work "
    "counts as too much.\n"
    "Roles, contributions, gains, funding and dues are open to everybody in the consortium, and to nobody outside it."
)


def workload(request: SlackRequest) -> None:
    """Answer `/workload`."""
    typed = command_text.parse(request.text, KEYS, DATED, EFFORTS)
    if not typed.words and not typed.options:
        overview.show_shares(request)
        return
    if typed.first not in request.subcommands:
        request.require()
    run_subcommand(request, typed, "`/workload roles`.")


@takes_nothing
def help_command(request: SlackRequest, _typed: CommandText) -> None:
    """Explain what can be typed."""
    request.answer(HELP)


def hours_command(request: SlackRequest, typed: CommandText) -> None:
    """Store the caller's hours a month; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        interactions.press_hours(request)
        return
    request.require()
    command_text.refuse_unknown_options(typed, (), own_hours.HOURS_EXAMPLE)
    hours = own_hours.typed_hours(typed.after(1))
    with request.begin() as (session, caller):
        caller.person.hours_a_month = hours
        answer = own_hours.saved_answer(session, caller, request.now)
    request.show_result(answer, block_kit.button("Change it", "load.hours"))


def room_command(request: SlackRequest, typed: CommandText) -> None:
    """Store whether the caller offers to take on more work; alone it opens the form."""
    if len(typed.words) == 1 and not typed.options:
        interactions.press_hours(request)
        return
    request.require()
    command_text.refuse_unknown_options(typed, (), own_hours.ROOM_EXAMPLE)
    offers = own_hours.typed_offer(typed.after(1))
    with request.begin() as (session, caller):
        caller.person.may_be_asked = offers
        answer = own_hours.saved_answer(session, caller, request.now)
    request.show_result(answer, block_kit.button("Change it", "load.hours"))


def what_if_command(request: SlackRequest, typed: CommandText) -> None:
    """Show a facilitator what would change if an agency left; without a name it asks which."""
    departure = None
    with request.read("facilitator") as (session, caller):
        command_text.refuse_unknown_options(typed, (), WHAT_IF_EXAMPLE)
        words = [word for word in typed.words[1:] if word.quoted or word.folded not in {"if", "leaves", "left"}]
        name = command_text.parse_quoted_text(words, WHAT_IF_EXAMPLE) if words else ""
        if name:
            agency = lookup.require_agency(session, caller, name)
            departure = departures.departure_snapshot(session, caller.consortium.id, agency, request.now)
    if departure is not None:
        request.answer(what_if_views.SUMMARY, what_if_views.departure_blocks(departure))
    else:
        interactions.press_what_if(request)


def people_command(request: SlackRequest, typed: CommandText) -> None:
    """Show a facilitator everybody's load."""
    request.require("facilitator")
    command_text.refuse_unknown_options(typed, (), PEOPLE_EXAMPLE)
    command_text.refuse_extra_words(typed.words[1:], PEOPLE_EXAMPLE)
    overview.show_people(request)
