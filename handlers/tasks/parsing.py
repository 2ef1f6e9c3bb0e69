"""What was typed or filled in, read as tasks."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.kit import command_text, dates, lookup
from handlers.kit import hours as kit_hours
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed, Word
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, cut, escape
from handlers.tasks import rules

KEYS = ("hours",)
DATED = ("due",)
NOTHING = {"none", "-", "no", "never", "off"}

EXAMPLE = '`/task add "Draft the MOU" @ben due:friday hours:6`'


@dataclass(frozen=True)
class Wish:
    """A task as it was typed: the person still to be found among the members, date and effort still words."""

    title: str
    person: Person | None
    due: str | None
    hours: str | None


def typed_wish(request: SlackRequest, typed: Typed, skip: int) -> Wish:
    """Read a task typed at once; looks the person up in Slack. Raises Refusal."""
    person, rest = None, list(typed.words[skip:])
    if any(_is_person(word) for word in rest):
        person, rest = lookup.typed_person(request, typed, skip, EXAMPLE)
    more = [word for word in rest if _is_person(word)]
    if more:
        raise Refusal(f"One task goes to one person; I read more than one. For example: {EXAMPLE}")
    return Wish(_title(rest), person, typed.options.get("due"), typed.options.get("hours"))


def _is_person(word: Word) -> bool:
    return not word.quoted and word.text.startswith("@") and len(word.text) > 1


def _title(rest: list[Word]) -> str:
    """Read the title: what stands in quotes, or all that is left where nothing does."""
    quoted = [word.text for word in rest if word.quoted]
    plain = [word.text for word in rest if not word.quoted]
    if len(quoted) > 1 or (quoted and plain):
        left = " ".join(plain or quoted[1:])
        raise Refusal(
            f"I understood the task “{escape(cut(quoted[0], 80))}”, but not “{escape(cut(left, 80))}”. For example: "
            f"{EXAMPLE}"
        )
    title = " ".join((quoted or [" ".join(plain)])[0].split())
    problem = rules.title_problem(title)
    if problem:
        raise Refusal(f"{problem} For example: {EXAMPLE}")
    return title


def number(typed: Typed, example: str) -> int:
    """Read the number that stands behind a verb. Raises Refusal."""
    found = command_text.number(typed.words[1].text) if len(typed.words) > 1 else None
    if found is None:
        raise Refusal(f"Say which task, by its number. For example: `{example}`")
    return found


def only_number(typed: Typed, example: str) -> int:
    """Read a number behind which nothing else stands. Raises Refusal."""
    found = number(typed, example)
    if len(typed.words) > 2:
        left = escape(cut(typed.after(2), 60))
        raise Refusal(f"I understood `{typed.first} {found}`, but not “{left}”. For example: `{example}`")
    return found


def hours(typed: str, example: str, field: str | None = None) -> float | None:
    """Read an effort; words such as "none" take it away. Raises Refusal."""
    if typed.casefold() in NOTHING:
        return None
    found = kit_hours.hours(typed)
    if found is None:
        shown = escape(cut(typed, 40))
        sentence = f"I could not read “{shown}” as hours. They look like `6` or `1.5`. For example: {example}"
        raise Refusal(sentence, field=field)
    problem = rules.hours_problem(found)
    if problem:
        raise Refusal(f"{problem} For example: {example}", field=field)
    return found


def due(typed: str, now: datetime, caller: Caller, example: str) -> date | None:
    """Read a day in the speaker's zone; words such as "none" take it away. Raises Refusal."""
    if typed.casefold() in NOTHING:
        return None
    try:
        return dates.read_day(typed, now, caller.zone)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} For example: {example}") from None


def written(request: SlackRequest) -> tuple[str, date | None, float | None]:
    """Read title, day and effort from a form. Raises Refusal at the field."""
    title = " ".join(clean(request.written("title")).split())
    problem = rules.title_problem(title)
    if problem:
        raise Refusal(problem, field="title")
    chosen = request.chosen("due")
    effort = request.written("hours")
    return title, date.fromisoformat(chosen) if chosen else None, hours(effort, "1.5", "hours") if effort else None
