"""Parsing of typed and submitted tasks."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.kit import command_text, dates, lookup, quotes
from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText, Word
from handlers.kit.directory import Person
from handlers.kit.mentions import people_called
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, join_names, sanitize, truncate
from handlers.tasks import rules
from storage import members
from storage.members import Member

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


@dataclass(frozen=True)
class Details:
    """A text split into the title of a task and what stands behind it; each may be empty.

    `people` are those that the words `whom` name.
    """

    title: str
    whom: str = ""
    people: Sequence[Member] = ()
    due: str = ""
    hours: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether everything is the title."""
        return not (self.people or self.due or self.hours)


def typed_task(request: SlackRequest, typed: CommandText, skip: int) -> TypedTask:
    """Parse a task typed in one command; looks the person up in Slack.

    Raise Refusal if it cannot be read, Ambiguous if words without quotes may be a person, a due date or an effort.
    """
    person, rest = None, list(typed.words[skip:])
    if any(_is_person(word) for word in rest):
        person, rest = lookup.parse_person(request, typed, skip, EXAMPLE)
    if any(_is_person(word) for word in rest):
        raise Refusal(f"A task can be offered to only one person. For example: {EXAMPLE}")
    _ask_about_details(request, typed, person, rest)
    return TypedTask(_title(rest), person, typed.options.get("due"), typed.options.get("hours"))


def _ask_about_details(request: SlackRequest, typed: CommandText, person: Person | None, rest: Sequence[Word]) -> None:
    """Raise Ambiguous if words without quotes end like the details of a task: `cleo by friday 6h`."""
    quoted = [word.text for word in rest if word.quoted]
    plain = " ".join(word.text for word in rest if not word.quoted)
    if not plain or len(quoted) > 1:
        return
    with request.read() as (session, caller):
        people = [] if person else members.active(session, caller.consortium.id)
    # behind a title in quotes, nothing belongs to the title
    details = split_details(f"{_QUOTED} {plain}" if quoted else plain, people, loose=bool(quoted))
    if details.is_empty or (quoted and details.title != _QUOTED):
        return
    title = quoted[0] if quoted else details.title
    begin = f"add {quotes.wrap(html.escape(title, quote=False))}"
    whom = f" <@{person.user_id}>" if person else ""
    given = "".join(f" {key}:{quotes.wrap(html.escape(value, quote=False))}" for key, value in typed.options.items())
    more = given + (f" due:{quotes.wrap(details.due)}" if details.due and "due" not in typed.options else "")
    more += f" hours:{quotes.wrap(details.hours)}" if details.hours and "hours" not in typed.options else ""
    words = ", ".join(
        [*([f"due {details.due}"] if details.due else []), *([f"{details.hours} of work"] if details.hours else [])]
    )
    readings = [
        Reading(f"For {who.name}{f', {words}' if words else ''}", f"{begin}{more} <@{who.user_id}>")
        for who in details.people[: lookup.MOST_READINGS]
    ]
    if not readings:
        readings = [Reading(words[0].upper() + words[1:], f"{begin}{more}{whom}")]
    elif words and not quoted:
        kept = quotes.wrap(html.escape(f"{title} {details.whom}", quote=False))
        readings.append(Reading(f"Only {words}", f"add {kept}{more}"))
    tail = plain if quoted else plain.removeprefix(title).strip()
    if quoted:
        meant = escape(join_names([reading.label[0].lower() + reading.label[1:] for reading in readings], last="or"))
        understood = f"I understood the task “{escape(truncate(title, 80))}”, but not “{escape(truncate(tail, 60))}”."
        sentence = f"{understood} Did you mean {meant}?"
        raise Ambiguous(sentence, request.text, readings)
    as_title = f"add {quotes.wrap(html.escape(plain, quote=False))}{given}{whom}"
    names = [who.name for who in details.people[: lookup.MOST_READINGS]]
    ways = escape(", ".join(filter(None, [join_names(names, last="or"), words])))
    raise Ambiguous(
        f"“{escape(truncate(tail, 60))}” may belong to the title, or mean {ways}. Which one do you mean?",
        request.text,
        [*readings, Reading("It is part of the title", as_title)],
    )


_QUOTED = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for a title in quotes, of which nothing is a detail."""

_LONGEST_NAME = 4


def split_details(text: str, people: Sequence[Member], *, loose: bool = False) -> Details:
    """Split a person's name, a due date and an effort with its unit from the end of a text.

    A due date stands after `by` or `due`, or behind a name; with `loose`, it may stand alone.
    """
    details = _split_tail(text, people, loose=loose)
    if details.people or not people:
        return details
    behind_name = _split_tail(text, people, loose=True)
    return behind_name if behind_name.people else details


def _split_tail(text: str, people: Sequence[Member], *, loose: bool) -> Details:
    words, due, hours, whom = text.split(), "", "", ""
    called: Sequence[Member] = ()
    for _ in range(3):
        for place in range(max(1, len(words) - dates.LONGEST), len(words)):
            tail = " ".join(words[place:])
            is_effort = words[place][0].isdecimal() and tail[-1].isalpha() and kit_hours.parse_hours(tail) is not None
            if not hours and is_effort:
                hours, words = tail, words[:place]
                break
            marked = words[place].casefold() in {"by", "due"}
            day = " ".join(words[place + 1 :]) if marked else tail
            if not due and (marked or loose) and dates.is_date(day):
                due, words = day, words[:place]
                break
            matches = people_called(tail, people) if not called and len(words) - place <= _LONGEST_NAME else []
            if matches:
                called, whom, words = matches, tail, words[:place]
                if len(words) > 1 and words[-1].casefold() in {"for", "to"}:
                    whom, words = f"{words[-1]} {whom}", words[:-1]
                break
    return Details(" ".join(words), whom, called, due, hours)


def guess_task(
    text: str, people: Sequence[Member], caller: Caller, now: datetime
) -> tuple[str, Member | None, date | None, float | None]:
    """Split a text into the fields of the form for a task. What cannot be read in one way stays in the title."""
    details = split_details(text, people, loose=True)
    person = details.people[0] if len(details.people) == 1 else None
    hours = kit_hours.parse_hours(details.hours) if details.hours else None
    try:
        due_on = dates.parse_future_day(details.due, now, caller.zone) if details.due else None
    except Refusal:
        due_on = None
    if (details.due and due_on is None) or (details.whom and person is None):
        return text, None, None, None
    if hours is not None and not (0 < hours <= rules.MAX_HOURS and hours * 4 == int(hours * 4)):
        return text, None, None, None
    return details.title.strip('"“”'), person, due_on, hours


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
