"""When people want to be reminded: the steps of the clock, as they are written and read."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.refusals import Refusal
from handlers.meetings.rules.step_times import LONGEST, Step, Steps

OFF = {"off", "none", "never", "no", "-"}
_UNITS = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}

LABELS: Mapping[Step, str] = {
    Step.CALL: "Call for items, before the meeting",
    Step.AGENDA: "Agenda published, before the meeting",
    Step.REMIND: "Reminder, before the meeting",
    Step.MINUTES: "Minutes asked for, after the meeting",
    Step.AGAIN: "Asked again, each time after",
    Step.ACCEPT: "Time for corrections",
}


def written(minutes: int | None) -> str:
    """Write a span as people do: `7d`, `24h`, `15m`, `off`."""
    if minutes is None:
        return "off"
    if minutes % (24 * 60) == 0:
        return f"{minutes // (24 * 60)}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def read(typed: str) -> int | None:
    """Read `7d`, `24h`, `1h30`, `90m`, `90` as minutes; None where it is no span."""
    found = re.fullmatch(
        r"(?i)(\d{1,5}(?:[.,]\d{1,2})?)\s*(m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)?", typed
    )
    if found:
        return round(float(found[1].replace(",", ".")) * _UNITS[(found[2] or "m")[0].lower()])
    both = re.fullmatch(r"(?i)(\d{1,2})\s*(?:h|:)\s*(\d{1,2})\s*m?", typed)
    return int(both[1]) * 60 + int(both[2]) if both else None


def fields(chosen: Steps) -> list[Block]:
    """Draw a field for each step."""
    return [
        block_kit.field(
            f"step.{step.value}",
            label,
            block_kit.words(initial=written(chosen[step]), most=10),
            hint="Such as 7d, 24h or 15m; off for never." if step is Step.CALL else None,
        )
        for step, label in LABELS.items()
    ]


def chosen_in(written_in: Callable[[str], str], usual: Steps) -> dict[str, Any]:
    """Read the fields; what is as usual is left out. Raises Refusal at the field."""
    made: dict[str, Any] = {}
    for step in Step:
        name = f"step.{step.value}"
        typed = written_in(name).strip()
        minutes = None if typed.casefold() in OFF else read(typed)
        if typed.casefold() not in OFF and (minutes is None or not 1 <= minutes <= LONGEST[step]):
            raise Refusal(f"Up to {written(LONGEST[step])}, such as 7d, 24h or 15m, or off.", field=name)
        if minutes != usual[step]:
            made[step.value] = minutes
    return made
