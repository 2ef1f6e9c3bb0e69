"""Typed words and submitted forms of the pulse as plain values."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText
from handlers.kit.payload import parsed, whole_number
from handlers.kit.refusals import Malformed, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import sanitize
from handlers.kit.working_days import SATURDAY
from handlers.pulse.answers import MAX_COMMENT
from handlers.pulse.question_bank import QUESTIONS
from handlers.pulse.schedule import Plan
from storage.vocabulary import Language, PulseInterval, Theme

EXAMPLE = "`/pulse schedule monday 9:00 every:week`"
NOT_APPLICABLE = "none"
"""The value of the option "does not apply"."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FREQUENCIES = {
    "week": PulseInterval.WEEK,
    "weekly": PulseInterval.WEEK,
    "2weeks": PulseInterval.TWO_WEEKS,
    "2w": PulseInterval.TWO_WEEKS,
    "month": PulseInterval.MONTH,
    "monthly": PulseInterval.MONTH,
}
_LANGUAGES = {
    "english": Language.ENGLISH,
    "en": Language.ENGLISH,
    "inglés": Language.ENGLISH,
    "ingles": Language.ENGLISH,
    "spanish": Language.SPANISH,
    "español": Language.SPANISH,
    "espanol": Language.SPANISH,
    "es": Language.SPANISH,
}


def typed_plan(request: SlackRequest, typed: CommandText, caller: Caller, themes: Sequence[Theme]) -> Plan:
    """Parse `schedule monday 9:00 every:week start:2026-12-07`. `themes` cannot be typed. Raise Refusal if invalid."""
    rest, clock = dates.split_time_of_day(typed.after(1))
    on = weekday(rest.strip())
    if on is None or clock is None:
        raise Refusal(f"Type a weekday and a time, for example {EXAMPLE}")
    if on >= SATURDAY:
        raise Refusal(f"The pulse is not sent on weekends. Choose Monday to Friday, for example {EXAMPLE}")
    every = _FREQUENCIES.get(typed.options.get("every", "week").casefold())
    if every is None:
        raise Refusal(f"Choose `every:week`, `every:2weeks`, or `every:month`, for example {EXAMPLE}")
    start = typed.options.get("start")
    starts_on = dates.parse_future_day(start, request.now, caller.zone) if start else caller.today(request.now)
    return Plan(on, clock, every, starts_on, request.channel, tuple(themes))


def submitted_schedule(request: SlackRequest, caller: Caller) -> dict[str, Any]:
    """Return the values of the submitted schedule form, as JSON. Raise Refusal if a field is invalid."""
    _, clock = dates.split_time_of_day(request.selected_time("clock"))
    if clock is None:
        raise Refusal("Choose a time.", field="clock")
    themes = [theme.value for theme in Theme if theme.value in request.selected_values("themes")]
    if not themes:
        raise Refusal("Choose at least one theme.", field="themes")
    weekday_number = request.selected_number("weekday")
    if weekday_number not in range(SATURDAY):
        raise Malformed("weekday")
    starts_on, today = request.selected_date("start"), caller.today(request.now)
    if starts_on is None or not today <= starts_on <= today + dates.MAX_AHEAD:
        raise Refusal("Choose today or a later day within three years.", field="start")
    return {
        "weekday": weekday_number,
        "clock": f"{clock:%H:%M}",
        "every": parsed(PulseInterval, request.selected_value("every"), "every").value,
        "start": starts_on.isoformat(),
        "channel": request.selected_value("channel"),
        "themes": themes,
    }


def to_plan(values: Mapping[str, Any]) -> Plan:
    """Return the plan that the values of the schedule form describe."""
    return Plan(
        values["weekday"],
        time.fromisoformat(values["clock"]),
        PulseInterval(values["every"]),
        date.fromisoformat(values["start"]),
        values["channel"],
        tuple(Theme(theme) for theme in values["themes"]),
    )


def selected_answers(request: SlackRequest) -> dict[str, str]:
    """Return the value of the option that was selected for each question."""
    return {key: value for key in QUESTIONS if (value := request.selected_value(key))}


def submitted_scores(request: SlackRequest) -> dict[str, int | None]:
    """Return the score from 1 to 5 of each question that was answered, None if it does not apply to the person."""
    selected = selected_answers(request).items()
    return {key: None if value == NOT_APPLICABLE else parsed(whole_number, value, key) for key, value in selected}


def submitted_comment(request: SlackRequest) -> str:
    """Return the comment, as long as an envelope allows; empty if there is none."""
    return sanitize(request.text_value("comment"))[:MAX_COMMENT]


def weekday(word: str) -> int | None:
    """Parse a weekday or the beginning of one, Monday being 0; None for other words."""
    return next((n for n, day in enumerate(_WEEKDAYS) if len(word) > 2 and day.startswith(word.casefold())), None)


def language(word: str) -> Language | None:
    """Parse the name of a language, in either language; None for other words."""
    return _LANGUAGES.get(word.casefold())
