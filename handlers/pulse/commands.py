"""`/pulse`, as people type it."""

from handlers.kit import command_text, dates
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import run_subcommand
from handlers.kit.text import moment
from handlers.pulse import answers, interactions, rounds
from handlers.pulse.rounds import Plan
from handlers.pulse.texts import HELP, every, language, weekday
from storage import pulse

EXAMPLE = "`/pulse schedule monday 9:00 every:week`"
SATURDAY = 5


def pulse_command(request: SlackRequest) -> None:
    """Answer `/pulse`."""
    typed = command_text.read(request.typed, keys=("every",), dated=("start",))
    if typed.words or typed.options:
        run_subcommand(request, typed, EXAMPLE)
    else:
        interactions.show_results(request)


def help_command(request: SlackRequest, _typed: command_text.Typed) -> None:
    """Explain what can be typed."""
    request.answer(HELP)


def schedule_command(request: SlackRequest, typed: command_text.Typed) -> None:
    """Plan the pulse; alone it opens the form."""
    if len(typed.words) < 2 and not typed.options:
        interactions.open_plan(request)
        return
    with request.begin("facilitator") as (session, caller):
        rest, clock = dates.clock(typed.after(1))
        on = weekday(rest.strip())
        if on is None or clock is None:
            raise Refusal(f"A weekday and a time are needed, for example {EXAMPLE}")
        if on >= SATURDAY:
            raise Refusal(f"Nobody is asked at weekends. A weekday works, for example {EXAMPLE}")
        often = every(typed.options.get("every", "week"))
        if often is None:
            raise Refusal(f"It can come `every:week`, `every:2weeks` or `every:month`, for example {EXAMPLE}")
        start = typed.options.get("start")
        begins = dates.read_day(start, request.now, caller.zone) if start else caller.today(request.now)
        before = pulse.of(session, caller.consortium.id)
        plan = Plan(on, clock, often, begins, request.channel, *([rounds.themes_of(before)] if before else []))
        said = interactions.planned(session, caller, rounds.schedule(session, caller, plan, request.now))
    request.done(said)


def now_command(request: SlackRequest, _: command_text.Typed) -> None:
    """Open a round today."""
    with request.begin("facilitator") as (session, caller):
        opened = rounds.open_now(session, caller, request.deps.keys, request.channel, request.now)
        asked, _answered = pulse.counts(session, opened.id)
        until = moment(opened.closes_at, caller.zone)
    request.done(f"A round is open: {asked} people are asked, each when their quiet hours are over. It closes {until}.")


def stop_command(request: SlackRequest, _: command_text.Typed) -> None:
    """Stop the pulse."""
    with request.begin("facilitator") as (session, caller):
        said = rounds.stop(session, caller, request.now)
    request.done(said)


def skip_command(request: SlackRequest, _: command_text.Typed) -> None:
    """Skip this round."""
    with request.begin() as (session, caller):
        said = answers.skip(session, caller, None, request.now)
    request.done(said)


def pause_command(request: SlackRequest, typed: command_text.Typed) -> None:
    """Pause the pulse for the speaker; alone it opens the form."""
    if len(typed.words) < 2:
        interactions.open_pause(request)
        return
    with request.begin() as (session, caller):
        until = dates.read(typed.after(1).removeprefix("until "), request.now, caller.zone)
        said = answers.pause(session, caller, until, request.now)
    request.done(said)


def resume_command(request: SlackRequest, _: command_text.Typed) -> None:
    """End the speaker's pause."""
    with request.begin() as (_session, caller):
        said = answers.resume(caller, request.now)
    request.done(said)


def language_command(request: SlackRequest, typed: command_text.Typed) -> None:
    """Choose the language of the questions."""
    chosen = language(typed.after(1).strip())
    if chosen is None:
        raise Refusal("There are English and Spanish: `/pulse language english` or `/pulse language español`.")
    with request.begin() as (_, caller):
        said = answers.speak(caller, chosen)
    request.done(said)
