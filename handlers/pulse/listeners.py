"""What Slack may send about the pulse."""

from handlers.kit import dates, words
from handlers.kit.asking import Ask
from handlers.kit.refusals import Refusal
from handlers.kit.surface import Surface
from handlers.kit.text import cut, escape, moment
from handlers.pulse import answering, opening, pressing
from handlers.pulse.opening import Plan
from handlers.pulse.words import HELP, every, language, weekday
from storage import pulse

EXAMPLE = "`/pulse schedule monday 9:00 every:week`"
SATURDAY = 5


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.command("/pulse", command, does="How we work together", hint="schedule, now, skip, pause 2w, resume, help")
    surface.actions(
        {
            "pulse.answer": pressing.open_form,
            "pulse.skip": pressing.skip,
            "pulse.pause": pressing.open_pause,
            "pulse.other_language": pressing.other_language,
            "pulse.details": pressing.details,
            "pulse.plan": pressing.open_plan,
        }
    )
    surface.forms(
        {
            "pulse.answer": pressing.submit_answer,
            "pulse.pause": pressing.submit_pause,
            "pulse.plan": pressing.submit_plan,
        }
    )


def command(ask: Ask) -> None:
    """Answer /pulse."""
    typed = words.read(ask.typed, keys=("every",), dated=("start",))
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
        pressing.show(ask)
    elif typed.first == "help":
        ask.answer(HELP)
    elif typed.first in table:
        table[typed.first](ask, typed)
    else:
        raise Refusal(
            f"I do not know “{escape(cut(typed.text, 60))}”. `/pulse` alone shows the latest results, `/pulse help` "
            f"what can be typed, for example {EXAMPLE}"
        )


def _schedule(ask: Ask, typed: words.Typed) -> None:
    if len(typed.words) < 2 and not typed.options:
        pressing.open_plan(ask)
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
        plan = Plan(on, clock, often, begins, ask.channel, *([opening.themes_of(before)] if before else []))
        said = pressing.planned(session, caller, opening.schedule(session, caller, plan, ask.now))
    ask.done(said)


def _now(ask: Ask, _: words.Typed) -> None:
    with ask.begin("facilitator") as (session, caller):
        opened = opening.open_now(session, caller, ask.deps.keys, ask.channel, ask.now)
        asked, _answered = pulse.counts(session, opened.id)
        until = moment(opened.closes_at, caller.zone)
    ask.done(f"A round is open: {asked} people are asked, each when their quiet hours are over. It closes {until}.")


def _stop(ask: Ask, _: words.Typed) -> None:
    with ask.begin("facilitator") as (session, caller):
        said = opening.stop(session, caller, ask.now)
    ask.done(said)


def _skip(ask: Ask, _: words.Typed) -> None:
    with ask.begin() as (session, caller):
        said = answering.skip(session, caller, None, ask.now)
    ask.done(said)


def _pause(ask: Ask, typed: words.Typed) -> None:
    if len(typed.words) < 2:
        pressing.open_pause(ask)
        return
    with ask.begin() as (session, caller):
        until = dates.read(typed.after(1).removeprefix("until "), ask.now, caller.zone)
        said = answering.pause(session, caller, until, ask.now)
    ask.done(said)


def _resume(ask: Ask, _: words.Typed) -> None:
    with ask.begin() as (_session, caller):
        said = answering.resume(caller, ask.now)
    ask.done(said)


def _language(ask: Ask, typed: words.Typed) -> None:
    chosen = language(typed.after(1).strip())
    if chosen is None:
        raise Refusal("There are English and Spanish: `/pulse language english` or `/pulse language español`.")
    with ask.begin() as (_, caller):
        said = answering.speak(caller, chosen)
    ask.done(said)
