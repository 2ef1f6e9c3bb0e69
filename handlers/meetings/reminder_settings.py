"""The settings of reminders: spans of time as people type them, and the form fields of the steps."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.refusals import Refusal
from handlers.meetings.rules.step_times import MAX_OFFSETS, MeetingStep, StepOffsets

OFF = {"off", "none", "never", "no", "-"}

LABELS: Mapping[MeetingStep, str] = {
    MeetingStep.CALL: "Call for items, before the meeting",
    MeetingStep.AGENDA: "Agenda published, before the meeting",
    MeetingStep.REMIND: "Reminder, before the meeting",
    MeetingStep.MINUTES: "Request for minutes, after the meeting",
    MeetingStep.AGAIN: "Repeated requests, each time after",
    MeetingStep.ACCEPT: "Time for corrections",
}

_UNITS = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}


def format_span(minutes: int | None) -> str:
    """Write a span as people type it: `7d`, `24h`, `15m`, `off`."""
    if minutes is None:
        return "off"
    if minutes % (24 * 60) == 0:
        return f"{minutes // (24 * 60)}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def parse_span(typed: str) -> int | None:
    """Parse `7d`, `24h`, `1h30`, `90m` or `90` to minutes; None for anything else."""
    single = re.fullmatch(
        r"(?i)(\d{1,5}(?:[.,]\d{1,2})?)\s*(m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)?", typed
    )
    if single:
        return round(float(single[1].replace(",", ".")) * _UNITS[(single[2] or "m")[0].lower()])
    both = re.fullmatch(r"(?i)(\d{1,2})\s*(?:h|:)\s*(\d{1,2})\s*m?", typed)
    return int(both[1]) * 60 + int(both[2]) if both else None


def fields(offsets: StepOffsets) -> list[Block]:
    """Return a form field for each step."""
    return [
        block_kit.input_block(
            f"step.{step.value}",
            label,
            block_kit.text_input(initial=format_span(offsets[step]), most=10),
            hint="For example 7d, 24h or 15m. Type off to skip a step." if step is MeetingStep.CALL else None,
        )
        for step, label in LABELS.items()
    ]


def parse_fields(written: Callable[[str], str], usual: StepOffsets) -> dict[str, Any]:
    """Parse the fields of a submitted form; steps that are as usual are left out.

    `written` returns what a field contains. Raise `Refusal` at a field that cannot be parsed.
    """
    changed: dict[str, Any] = {}
    for step in MeetingStep:
        name = f"step.{step.value}"
        typed = written(name).strip()
        is_off = typed.casefold() in OFF
        minutes = None if is_off else parse_span(typed)
        if not is_off and (minutes is None or not 1 <= minutes <= MAX_OFFSETS[step]):
            raise Refusal(f"Type at most {format_span(MAX_OFFSETS[step])}, for example 15m or 24h, or off.", field=name)
        if minutes != usual[step]:
            changed[step.value] = minutes
    return changed
