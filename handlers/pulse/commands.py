"""What Slack may send about the pulse."""

from handlers.kit import command_text, dates
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.surface import Surface
from handlers.kit.text import cut, escape, moment
from handlers.pulse import answers, interactions, rounds
from handlers.pulse.rounds import Plan
from handlers.pulse.texts import HELP, every, language, weekday
from storage import pulse

EXAMPLE = "`/pulse schedule monday 9:00 every:week`"
SATURDAY = 5


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.command("/pulse", command, does="How we work together", hint="schedule, now, skip, pause 2w, resume, help")
    surface.actions(
        {
            "pulse.answer": interactions.open_form,
            "pulse.skip": interactions.skip,
            "pulse.pause": interactions.open_pause,
            "pulse.other_language": interactions.other_language,
            "pulse.details": interactions.details,
            "pulse.plan": interactions.open_plan,
        }
    )
    surface.forms(
        {
            "pulse.answer": interactions.submit_answer,
            "pulse.pause": interactions.submit_pause,
            "pulse.plan": interactions.submit_plan,
        }
    )


def command(request: SlackRequest) -> None:
    """Answer /pulse."""
    typed = command_text.read(request.typed, keys=("every",), dated=("start",))
    table = {
        "schedule": _schedule,
        "now": _now,
        "stop": _stop,
        "skip": _skip,
        "pause": _pause,
        "resume": _resume,
        "language": _language,
    }
    if not typed.words and not typed.options:
        interactions.show_results(request)
    elif typed.first == "help":
        request.answer(HELP)
    elif typed.first in table:
        table[typed.first](request, typed)
    else:
        raise Refusal(
            f"I do not know “{escape(cut(typed.text, 60))}”. `/pulse` alone shows the latest results, `/pulse help` "
            f"what can be typed, for example {EXAMPLE}"
        )


def _schedule(request: SlackRequest, typed: command_text.Typed) -> None:
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


def _now(request: SlackRequest, _: command_text.Typed) -> None:
    with request.begin("facilitator") as (session, caller):
        opened = rounds.open_now(session, caller, request.deps.keys, request.channel, request.now)
        asked, _answered = pulse.counts(session, opened.id)
        until = moment(opened.closes_at, caller.zone)
    request.done(f"A round is open: {asked} people are asked, each when their quiet hours are over. It closes {until}.")


def _stop(request: SlackRequest, _: command_text.Typed) -> None:
    with request.begin("facilitator") as (session, caller):
        said = rounds.stop(session, caller, request.now)
    request.done(said)


def _skip(request: SlackRequest, _: command_text.Typed) -> None:
    with request.begin() as (session, caller):
        said = answers.skip(session, caller, None, request.now)
    request.done(said)


def _pause(request: SlackRequest, typed: command_text.Typed) -> None:
    if len(typed.words) < 2:
        interactions.open_pause(request)
        return
    with request.begin() as (session, caller):
        until = dates.read(typed.after(1).removeprefix("until "), request.now, caller.zone)
        said = answers.pause(session, caller, until, request.now)
    request.done(said)


def _resume(request: SlackRequest, _: command_text.Typed) -> None:
    with request.begin() as (_session, caller):
        said = answers.resume(caller, request.now)
    request.done(said)


def _language(request: SlackRequest, typed: command_text.Typed) -> None:
    chosen = language(typed.after(1).strip())
    if chosen is None:
        raise Refusal("There are English and Spanish: `/pulse language english` or `/pulse language español`.")
    with request.begin() as (_, caller):
        said = answers.speak(caller, chosen)
    request.done(said)
