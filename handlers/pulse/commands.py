"""What Slack may send about the pulse."""

from handlers.kit import command_text, dates
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
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


def command(ask: Ask) -> None:
    """Answer /pulse."""
    typed = command_text.read(ask.typed, keys=("every",), dated=("start",))
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
        interactions.show(ask)
    elif typed.first == "help":
        ask.answer(HELP)
    elif typed.first in table:
        table[typed.first](ask, typed)
    else:
        raise Refusal(
            f"I do not know “{escape(cut(typed.text, 60))}”. `/pulse` alone shows the latest results, `/pulse help` "
            f"what can be typed, for example {EXAMPLE}"
        )


def _schedule(ask: Ask, typed: command_text.Typed) -> None:
    if len(typed.words) < 2 and not typed.options:
        interactions.open_plan(ask)
        return
    with ask.begin("facilitator") as (session, caller):
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
        begins = dates.read_day(start, ask.now, caller.zone) if start else caller.today(ask.now)
        before = pulse.of(session, caller.consortium.id)
        plan = Plan(on, clock, often, begins, ask.channel, *([rounds.themes_of(before)] if before else []))
        said = interactions.planned(session, caller, rounds.schedule(session, caller, plan, ask.now))
    ask.done(said)


def _now(ask: Ask, _: command_text.Typed) -> None:
    with ask.begin("facilitator") as (session, caller):
        opened = rounds.open_now(session, caller, ask.deps.keys, ask.channel, ask.now)
        asked, _answered = pulse.counts(session, opened.id)
        until = moment(opened.closes_at, caller.zone)
    ask.done(f"A round is open: {asked} people are asked, each when their quiet hours are over. It closes {until}.")


def _stop(ask: Ask, _: command_text.Typed) -> None:
    with ask.begin("facilitator") as (session, caller):
        said = rounds.stop(session, caller, ask.now)
    ask.done(said)


def _skip(ask: Ask, _: command_text.Typed) -> None:
    with ask.begin() as (session, caller):
        said = answers.skip(session, caller, None, ask.now)
    ask.done(said)


def _pause(ask: Ask, typed: command_text.Typed) -> None:
    if len(typed.words) < 2:
        interactions.open_pause(ask)
        return
    with ask.begin() as (session, caller):
        until = dates.read(typed.after(1).removeprefix("until "), ask.now, caller.zone)
        said = answers.pause(session, caller, until, ask.now)
    ask.done(said)


def _resume(ask: Ask, _: command_text.Typed) -> None:
    with ask.begin() as (_session, caller):
        said = answers.resume(caller, ask.now)
    ask.done(said)


def _language(ask: Ask, typed: command_text.Typed) -> None:
    chosen = language(typed.after(1).strip())
    if chosen is None:
        raise Refusal("There are English and Spanish: `/pulse language english` or `/pulse language español`.")
    with ask.begin() as (_, caller):
        said = answers.speak(caller, chosen)
    ask.done(said)
