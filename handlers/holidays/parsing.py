"""Parse the typed words and the submitted form of closed days into plain values."""

from collections.abc import Mapping
from typing import Any

from handlers.holidays.rules import content_lines, ranges
from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText
from handlers.kit.fetch import Unreadable
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import sanitize, truncate
from storage.vocabulary import LONGEST_LABEL, ClosedDays

MOST_WORDS = 60
"""The words among which the first date is sought; the name of an agency has fewer."""


def name_days_and_label(typed: CommandText) -> tuple[str, str, str]:
    """Split typed words into the agency's name, the days, and their label; each can be empty.

    The name is what is quoted at the beginning, or everything before the first date.
    """
    rest = typed.words[2:]
    if rest and rest[0].quoted:
        name, rest = rest[0].text, rest[1:]
    else:
        start = next(
            (
                place
                for place, word in enumerate(rest[:MOST_WORDS])
                if word.quoted
                or ranges.begins_with_date(" ".join(part.text for part in rest[place : place + dates.LONGEST]))
            ),
            len(rest),
        )
        name, rest = " ".join(word.text for word in rest[:start]), rest[start:]
    days = " ".join(word.text for word in rest if not word.quoted)
    quoted = [word.text for word in rest if word.quoted]
    if not days and quoted:
        days = quoted.pop(0)
    return name, days, truncate(sanitize(" ".join(quoted)), LONGEST_LABEL)


def form_days(request: SlackRequest, caller: Caller) -> list[ClosedDays]:
    """Parse the days of the form; empty if none were chosen. Raise `Refusal` if they cannot be stored."""
    first, last = request.selected_value("first"), request.selected_value("last")
    if not first and not last:
        return []
    if not first:
        raise Refusal("Choose the first day too.", field="first")
    first_day = dates.parse_day(first, request.now, caller.zone)
    last_day = dates.parse_day(last, request.now, caller.zone) if last else first_day
    ranges.check(first_day, last_day, dates.today(request.now, caller.zone), ("first", "last" if last else None))
    return [ClosedDays(first_day, last_day, sanitize(request.text_value("label")))]


def form_address(request: SlackRequest) -> str:
    """Return the calendar address of the form; empty without one. Raise `Refusal` if it may not be visited."""
    typed = request.text_value("address")
    if not typed:
        return ""
    try:
        return request.deps.fetch.check(typed)
    except Unreadable as problem:
        raise Refusal(problem.sentence, field="address") from None


def form_file(request: SlackRequest) -> dict[str, Any] | None:
    """Return the calendar file of the form; None without one. Raise `Refusal` if it cannot be a calendar."""
    files = request.uploaded_files("file")
    if not files:
        return None
    check_file(files[0])
    return files[0]


def is_calendar(name: str) -> bool:
    """Return whether a file's name is that of a calendar."""
    return name.casefold().endswith((".ics", ".ical", ".ifb"))


def check_file(file: Mapping[str, Any]) -> None:
    """Raise `Refusal` if a file, as Slack describes it, cannot be a calendar."""
    if not is_calendar(str(file.get("name") or "")):
        raise Refusal(content_lines.NO_CALENDAR, field="file")
    if int(file.get("size") or 0) > content_lines.MOST_BYTES:
        raise Refusal(content_lines.LARGE, field="file")
    if not file.get("url_private"):
        raise Refusal("Slack did not give me this file. Try again.", field="file")
