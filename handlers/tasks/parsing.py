"""Parsing of typed and submitted tasks."""

import html
from dataclasses import dataclass
from datetime import date, datetime

from handlers.kit import command_text, dates, lookup, quotes
from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText, Word
from handlers.kit.directory import Person
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, sanitize, truncate
from handlers.tasks import rules

DATED = ("due",)
EFFORTS = ("hours",)

MOST_NUMBERS = 20
"""How many tasks one command changes."""

EXAMPLE = '`/task add "Draft the MOU" @ben due:friday hours:6`'


@dataclass(frozen=True)
class TypedTask:
    """A typed task. The person is not yet looked up among the members; date and effort are still text."""

    title: str
    person: Person | None
    due: str | None
    hours: str | None


def typed_task(request: SlackRequest, typed: CommandText, skip: int) -> TypedTask:
    """Parse a task typed in one command; looks the person up in Slack. Raise Refusal if it cannot be read."""
    person, rest = None, list(typed.words[skip:])
    if any(_is_person(word) for word in rest):
        person, rest = lookup.parse_person(request, typed, skip, EXAMPLE)
    if any(_is_person(word) for word in rest):
        raise Refusal(f"A task can be offered to only one person. For example: {EXAMPLE}")
    return TypedTask(_title(rest), person, typed.options.get("due"), typed.options.get("hours"))


def ask_about_details(request: SlackRequest, task: TypedTask) -> None:
    """Raise Ambiguous if a title without quotes ends like a due date or an effort: `by friday 6h`."""
    title, due, hours = _split_details(task.title)
    if not due and not hours:
        return
    rest = task.title.removeprefix(title).strip()
    whom = f" <@{task.person.user_id}>" if task.person else ""
    options = [*([f"due:{quotes.wrap(due)}"] if due else []), *([f"hours:{quotes.wrap(hours)}"] if hours else [])]
    details = ", ".join([*([f"due {due}"] if due else []), *([f"{hours} of work"] if hours else [])])
    as_details = f"add {quotes.wrap(html.escape(title, quote=False))} {' '.join(options)}{whom}"
    as_title = f"add {quotes.wrap(html.escape(task.title, quote=False))}{whom}"
    raise Ambiguous(
        f"“{escape(truncate(rest, 60))}” may belong to the title, or mean {escape(details)}. Which one do you mean?",
        request.text,
        [Reading(details[0].upper() + details[1:], as_details), Reading("It is part of the title", as_title)],
    )


def _split_details(title: str) -> tuple[str, str, str]:
    """Split a due date after `by` or `due`, and an effort with its unit, from the end of a title; each may be empty."""
    words, due, hours = title.split(), "", ""
    for _ in range(2):
        for place in range(max(1, len(words) - dates.LONGEST), len(words)):
            tail = " ".join(words[place:])
            is_effort = words[place][0].isdecimal() and tail[-1].isalpha() and kit_hours.parse_hours(tail) is not None
            if not hours and is_effort:
                hours, words = tail, words[:place]
                break
            if not due and words[place].casefold() in {"by", "due"} and dates.is_date(" ".join(words[place + 1 :])):
                due, words = " ".join(words[place + 1 :]), words[:place]
                break
    return " ".join(words), due, hours


def _is_person(word: Word) -> bool:
    return not word.quoted and word.typed.startswith("@") and len(word.typed) > 1


def _title(rest: list[Word]) -> str:
    """Return the title: the quoted text, or all remaining words if nothing is quoted."""
    quoted = [word.text for word in rest if word.quoted]
    plain = [word.text for word in rest if not word.quoted]
    if len(quoted) > 1 or (quoted and plain):
        more = escape(truncate(" ".join(plain or quoted[1:]), 80))
        raise Refusal(
            f"I understood the task “{escape(truncate(quoted[0], 80))}”, but not “{more}”. For example: {EXAMPLE}"
        )
    title = " ".join((quoted or [" ".join(plain)])[0].split())
    problem = rules.title_problem(title)
    if problem:
        raise Refusal(f"{problem} For example: {EXAMPLE}")
    return title


def task_number(typed: CommandText, example: str) -> int:
    """Return the task number after the subcommand. Raise Refusal if there is none."""
    number = _number(typed.words[1]) if len(typed.words) > 1 else None
    if number is None:
        raise Refusal(f"Name the task by its number. For example: `{example}`")
    return number


def task_numbers(typed: CommandText, example: str) -> list[int]:
    """Return the task numbers after the subcommand, in their order. Raise Refusal if there is none, or anything else.

    `3 4`, `3, 4` and `3 and 4` name two tasks.
    """
    number = task_number(typed, example)
    command_text.refuse_unknown_options(typed, (), f"`{example}`")
    numbers = [_number(word) for word in typed.words[1:] if word.folded != "and"]
    read = [found for found in numbers if found is not None]
    if len(read) < len(numbers):
        rest = escape(truncate(typed.after(2), 60))
        raise Refusal(f"I understood `{typed.first} {number}`, but not “{rest}”. For example: `{example}`")
    if len(read) > MOST_NUMBERS:
        raise Refusal(f"Name at most {MOST_NUMBERS} tasks at once. Nothing has changed. For example: `{example}`")
    return sorted(set(read))


def _number(word: Word) -> int | None:
    return None if word.quoted else command_text.parse_number(word.text.rstrip(","))


def read_hours(typed: str, example: str, field: str | None = None) -> float | None:
    """Parse an effort in hours; None for words such as "none". Raise Refusal if it cannot be read."""
    if typed.casefold() in command_text.WORDS_FOR_NONE:
        return None
    return kit_hours.parse_quarter_hours(typed, example, field, most=rules.MAX_HOURS)


def read_due(typed: str, now: datetime, caller: Caller, example: str) -> date | None:
    """Parse a due date in the caller's zone; None for words such as "none". Raise Refusal if it cannot be read."""
    if typed.casefold() in command_text.WORDS_FOR_NONE:
        return None
    try:
        return dates.parse_future_day(typed, now, caller.zone)
    except Refusal as refusal:
        raise refusal.with_example(f"For example: {example}") from None


def submitted_task(request: SlackRequest) -> tuple[str, date | None, float | None]:
    """Return title, due date and effort from a submitted form. Raise Refusal at the invalid field."""
    title = " ".join(sanitize(request.text_value("title")).split())
    problem = rules.title_problem(title)
    if problem:
        raise Refusal(problem, field="title")
    effort = request.text_value("hours")
    return title, request.selected_date("due"), read_hours(effort, "1.5", "hours") if effort else None
