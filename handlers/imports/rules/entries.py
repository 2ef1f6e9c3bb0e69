"""Turn the rows of a table into entries: what each line says, or what is wrong with it."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from handlers.contributions import rules as contribution_rules
from handlers.imports.rules.columns import CELL_ERRORS, NOT_COMPUTED, Column, Row, Table
from handlers.kit import dates, hours, money
from handlers.kit.refusals import Ambiguous, Refusal
from handlers.kit.text import escape, join_names, truncate
from handlers.members import rules as member_rules
from handlers.tasks import rules as task_rules
from storage.names import normalize_name
from storage.vocabulary import ContributionKind, Seat

_ADDRESS = re.compile(r"(?:mailto:)?([^\s<>()@,;]+@[^\s<>()@,;]+\.[^\s<>()@,;]+)", re.IGNORECASE)

_NUMBERED_DAY = re.compile(r"(\d{1,2})([/.])(\d{1,2})[/.](\d{4}|\d\d)(?!\d)")
"""A day such as `12/4/2026`, in which only other lines may show what is the month."""

_SEATS = {
    **dict.fromkeys(("representative", "rep", "delegate", "voting representative"), Seat.REPRESENTATIVE),
    **dict.fromkeys(("alternate", "alt", "deputy", "substitute", "alternate representative"), Seat.ALTERNATE),
    **dict.fromkeys(("member", "participant", "plain member"), Seat.MEMBER),
}
_KINDS = {
    **dict.fromkeys(("hours", "time"), ContributionKind.HOURS),
    **dict.fromkeys(("money", "cash"), ContributionKind.MONEY),
    **dict.fromkeys(("in-kind", "in kind", "inkind", "goods"), ContributionKind.IN_KIND),
}
_SETTLED = {"done", "dropped", "completed", "complete", "closed", "finished", "cancelled", "canceled"}
_YES = {"yes", "y", "true", "x", "1"}
_NO = {"no", "n", "false", "0", "-"}
MOST_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """What is wrong with a line, as a sentence in mrkdwn."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Mention:
    """A person as a table names them, by address, by name, or both. `seat` is None if the table does not say it.

    With `not_representative`, it only says that they are not the representative.
    """

    email: str
    name: str
    seat: Seat | None = None
    not_representative: bool = False

    @property
    def shown(self) -> str:
        """Return the person as typed, for sentences."""
        return self.email or self.name


@dataclass(frozen=True)
class PeopleEntry:
    """A line about an agency and its people. Empty cells are empty texts or None, and change nothing."""

    line: int
    agency: str
    people: tuple[Mention, ...]
    weight: float | None = None
    domain: str | None = None
    ended: bool = False


@dataclass(frozen=True)
class TaskEntry:
    """A line about a task. `settled` means that it is done or dropped."""

    line: int
    number: int | None
    title: str
    owner: Mention | None
    due_on: date | None
    hours: float | None
    settled: bool


@dataclass(frozen=True)
class GivenEntry:
    """A line about a contribution. `on` is None if the table does not say the day."""

    line: int
    agency: str
    kind: ContributionKind
    hours: float | None
    cents: int | None
    words: str
    on: date | None


@dataclass(frozen=True)
class GainEntry:
    """A line about a gain."""

    line: int
    agency: str
    words: str


@dataclass(frozen=True)
class Setting:
    """What decides how cells are read: the current time, the reader's zone, and the consortium's currency.

    `day_first` says whether `4/12` is in December, and whether `4.12.` is, as far as the table shows it.
    """

    now: datetime
    zone: str
    currency: str
    day_first: Mapping[str, bool] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the current day of the reader."""
        return dates.today(self.now, self.zone)


Entry = TypeVar("Entry")


def parse(
    table: Table, setting: Setting, parse_line: Callable[[Table, Row, Setting], Entry]
) -> tuple[list[Entry], list[Problem]]:
    """Parse all lines. Return the entries of the lines that can be read, and the problems of all others."""
    setting = replace(setting, day_first=find_day_first(table, setting.today))
    entries: list[Entry] = []
    problems: list[Problem] = []
    for row in table.rows:
        try:
            _check_width(table, row)
            _check_formulas(table, row)
            entries.append(parse_line(table, row, setting))
        except (Refusal, OverflowError) as error:
            sentence = error.sentence if isinstance(error, Refusal) else "That day is too far away."
            problems.append(Problem(row.line, sentence))
    return entries, problems


def _check_width(table: Table, row: Row) -> None:
    extra = [cell for cell in row.cells[table.header.width :] if cell]
    if extra:
        raise Refusal("There are more cells than columns. Put text that contains a comma in quotes.")


def _check_formulas(table: Table, row: Row) -> None:
    found = {table.cell(row, column) for column in table.header.fields} & {*CELL_ERRORS, NOT_COMPUTED}
    if NOT_COMPUTED in found:
        raise Refusal("A formula of this line has no value yet. Open the table in Excel, and save it again.")
    if found:
        raise Refusal(f"A formula of this line has no value: {_quoted(min(found))}.")


# people ------------------------------------------------------------------------------------------------


def parse_people_line(table: Table, row: Row, setting: Setting) -> PeopleEntry:
    """Parse a line of agencies and people. Raise `Refusal`."""
    agency = table.cell(row, Column.AGENCY)
    if agency:
        agency = member_rules.name(agency, "agency", "Elm County Schools")
    own = _mention(table, row)
    seats = ((Column.REPRESENTATIVE, Seat.REPRESENTATIVE), (Column.ALTERNATE, Seat.ALTERNATE))
    named = [parse_mention(table.cell(row, column), seat) for column, seat in seats if table.cell(row, column)]
    people = (*([own] if own else []), *named)
    if not agency and not people:
        raise Refusal("This line names neither an agency nor a person.")
    weight, domain = table.cell(row, Column.WEIGHT), table.cell(row, Column.DOMAIN)
    if not agency and (weight or domain):
        raise Refusal("This line has a weight or a domain, but no agency.")
    return PeopleEntry(
        line=row.line,
        agency=agency,
        people=people,
        weight=member_rules.weight(weight) if weight else None,
        domain=member_rules.domain(domain) if domain else None,
        ended=_parse_ended(table.cell(row, Column.ENDED), setting),
    )


def _parse_ended(typed: str, setting: Setting) -> bool:
    """Return whether a cell says that an agency or a person has ended: yes, or on which day. Raise `Refusal`."""
    answer = parse_yes(typed)
    if answer is None and typed:
        try:
            return _parse_day(typed, setting, past=True) <= setting.today
        except Refusal:
            raise Refusal(f"{_quoted(typed)} does not say whether this has ended. Use yes, no, or a day.") from None
    return bool(answer)


def parse_yes(typed: str) -> bool | None:
    """Return what a cell answers with yes or no; None for anything else."""
    word = normalize_name(typed).rstrip(".")
    return True if word in _YES else False if word in _NO else None


def _mention(table: Table, row: Row) -> Mention | None:
    parts = (table.cell(row, Column.FIRST_NAME), table.cell(row, Column.LAST_NAME))
    name = table.cell(row, Column.PERSON) or " ".join(part for part in parts if part)
    email = table.cell(row, Column.EMAIL)
    if not name and not email:
        return None
    role = table.cell(row, Column.SEAT)
    answer = parse_yes(role) if table.header.asks else None
    seat = parse_seat(role) if answer is None else Seat.REPRESENTATIVE if answer else None
    named = parse_mention(name, seat)
    if email:
        if not _addresses(email):
            raise Refusal(f"{_quoted(email)} is not an email address.")
        by_address = parse_mention(email, seat)
        if named.email not in {"", by_address.email}:
            raise Refusal(f"This line has two addresses for one person: {_listed([named.email, by_address.email])}.")
        named = replace(by_address, name=named.name or by_address.name)
    return replace(named, not_representative=answer is False)


def parse_mention(typed: str, seat: Seat | None = None) -> Mention:
    """Parse a cell that names a person: `Ben Ortiz`, `@ben`, `ben@elm.example` or `Ben Ortiz <ben@elm.example>`.

    Raise `Refusal` if it has several addresses.
    """
    addresses = _addresses(typed)
    if len(addresses) > 1:
        raise Refusal(f"One cell names several people: {_listed(addresses)}. Give each of them a line.")
    name = " ".join(_ADDRESS.split(typed)[0].rstrip(" <(").split())
    return Mention(addresses[0], name, seat) if addresses else Mention("", name.removeprefix("@").strip(), seat)


def _addresses(typed: str) -> list[str]:
    """Return the different email addresses in a cell, without the marks in them that show nothing."""
    return list(dict.fromkeys(match.casefold() for match in _ADDRESS.findall(normalize_name(typed))))


def _listed(addresses: Sequence[str]) -> str:
    return join_names([_quoted(address) for address in addresses])


def parse_seat(typed: str) -> Seat | None:
    """Parse a role in an agency; None for an empty cell. Raise `Refusal` for anything else."""
    word = normalize_name(typed).rstrip(".")
    if not word:
        return None
    if word not in _SEATS:
        raise Refusal(f"{_quoted(typed)} is not a role. Use representative, alternate, or member.")
    return _SEATS[word]


def find_contradictions(entries: Sequence[PeopleEntry]) -> list[Problem]:
    """Return the problems of lines that contradict one another about an agency."""
    problems = []
    weights = _by_key((normalize_name(e.agency), e.weight, e.line) for e in entries if e.weight is not None)
    domains = _by_key((normalize_name(e.agency), e.domain, e.line) for e in entries if e.domain)
    for found, what in ((weights, "weights"), (domains, "domains")):
        for said in found.values():
            lines = [line for _, line in said]
            values = list(dict.fromkeys(value for value, _ in said))
            if len(values) > 1:
                shown = join_names(
                    [escape(f"{value:g}" if isinstance(value, float) else str(value)) for value in values]
                )
                sentence = f"{_lines(lines)} give this agency different {what}: {shown}."
                problems += [Problem(line, sentence) for line in lines]
    owners = _by_key((e.domain, normalize_name(e.agency), e.line) for e in entries if e.domain)
    for said in owners.values():
        lines = [line for _, line in said]
        if len({agency for agency, _ in said}) > 1:
            problems += [Problem(line, f"{_lines(lines)} give different agencies the same domain.") for line in lines]
    for seat in (Seat.REPRESENTATIVE, Seat.ALTERNATE):
        holders = _by_key(
            (normalize_name(e.agency), normalize_name(who.shown), e.line)
            for e in entries
            for who in e.people
            if e.agency and who.seat is seat
        )
        for said in holders.values():
            lines = list(dict.fromkeys(line for _, line in said))
            if len({who for who, _ in said}) > 1:
                named = f"{_lines(lines)} both name" if len(lines) > 1 else "This line names several people as"
                sentence = f"{named} {_ARTICLES[seat]} of this agency. An agency has one."
                problems += [Problem(line, sentence) for line in lines]
    return problems


_ARTICLES = {Seat.REPRESENTATIVE: "the representative", Seat.ALTERNATE: "the alternate"}


_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


def _by_key(items: Iterable[tuple[_Key, _Value, int]]) -> dict[_Key, list[tuple[_Value, int]]]:
    found: dict[_Key, list[tuple[_Value, int]]] = defaultdict(list)
    for key, value, line in items:
        found[key].append((value, line))
    return found


def _lines(lines: Sequence[int]) -> str:
    return f"Lines {join_names([str(line) for line in lines])}"


def same_person(name: str, line: int, lines: Sequence[int]) -> Problem:
    """Return the problem that a person is in several lines."""
    others = join_names([str(other) for other in lines])
    return Problem(line, f"{escape(name)} is in lines {others}. Keep one of them.")


# tasks -------------------------------------------------------------------------------------------------


def parse_task_line(table: Table, row: Row, setting: Setting) -> TaskEntry:
    """Parse a line of tasks. Raise `Refusal`."""
    number, title = table.cell(row, Column.NUMBER).removeprefix("#"), " ".join(table.cell(row, Column.TITLE).split())
    problem = task_rules.title_problem(title)
    if problem:
        raise Refusal(problem)
    if number and not re.fullmatch(r"\d{1,9}", number):
        raise Refusal(f"{_quoted(number)} is not the number of a task. Leave it empty for a new one.")
    effort, due = table.cell(row, Column.HOURS), table.cell(row, Column.DUE)
    owner = table.cell(row, Column.OWNER) or table.cell(row, Column.OFFERED_TO)
    return TaskEntry(
        line=row.line,
        number=int(number) if number else None,
        title=title,
        owner=parse_mention(owner) if owner else None,
        due_on=_parse_day(due, setting) if due else None,
        hours=_parse_effort(effort, "1.5", task_rules.MAX_HOURS) if effort else None,
        settled=normalize_name(table.cell(row, Column.STATE)) in _SETTLED,
    )


def _parse_effort(typed: str, example: str, most: float) -> float:
    """Parse hours. A spreadsheet may write the seconds of `1:30:00`."""
    return hours.parse_quarter_hours(re.sub(r"^(\d+:\d\d):00$", r"\1", typed), example, most=most)


# contributions and gains -------------------------------------------------------------------------------


def parse_given_line(table: Table, row: Row, setting: Setting) -> GivenEntry:
    """Parse a line of contributions. Raise `Refusal`."""
    agency = member_rules.name(table.cell(row, Column.AGENCY), "agency", "Elm County Schools")
    effort, amount = table.cell(row, Column.HOURS), table.cell(row, Column.AMOUNT)
    words = _parse_words(table.cell(row, Column.WORDS), "what was given")
    kind = _parse_kind(table.cell(row, Column.KIND), effort, amount)
    currency = table.cell(row, Column.CURRENCY).upper()
    if amount and currency and currency != setting.currency:
        raise Refusal(f"Amounts here are in {setting.currency}, so I cannot use {_quoted(currency)}.")
    given_on = table.cell(row, Column.GIVEN_ON)
    on = _parse_day(given_on, setting, past=True) if given_on else None
    if on is not None:
        contribution_rules.past_day(on, setting.today, "2026-11-30")
    is_hours = kind is ContributionKind.HOURS
    return GivenEntry(
        line=row.line,
        agency=agency,
        kind=kind,
        hours=_parse_effort(effort, "3", contribution_rules.MOST_GIVEN) if is_hours else None,
        cents=None if is_hours else money.parse_amount(amount, setting.currency, "1200.50"),
        words=words,
        on=on,
    )


def _parse_kind(typed: str, effort: str, amount: str) -> ContributionKind:
    if not typed and bool(effort) != bool(amount):
        return ContributionKind.HOURS if effort else ContributionKind.MONEY
    kind = _KINDS.get(normalize_name(typed))
    if kind is None:
        raise Refusal(f"{_quoted(typed)} is not a kind of contribution. Use hours, money, or in kind.")
    if (kind is ContributionKind.HOURS) != bool(effort) or (kind is ContributionKind.HOURS) == bool(amount):
        raise Refusal("A line has hours or an amount, as its kind says, and not both.")
    return kind


def parse_gain_line(table: Table, row: Row, _setting: Setting) -> GainEntry:
    """Parse a line of gains. Raise `Refusal`."""
    agency = member_rules.name(table.cell(row, Column.AGENCY), "agency", "Elm County Schools")
    return GainEntry(row.line, agency, _parse_words(table.cell(row, Column.GAIN), "what was gained"))


def _parse_words(typed: str, what: str) -> str:
    text = " ".join(typed.split())
    if not any(character.isalnum() for character in text):
        raise Refusal(f"This line does not say {what}.")
    if len(text) > contribution_rules.WORDS:
        raise Refusal(f"The description has {len(text):,} characters; the limit is {contribution_rules.WORDS}.")
    return text


def find_day_first(table: Table, today: date) -> dict[str, bool]:
    """Return by separator whether a table writes the day before the month, if its dates show it.

    A date shows it if it can be read in one way only: no month has a number above 12, and nothing was given on a day
    still to come. A spreadsheet writes all dates of a column alike. Separators whose dates contradict each other, or
    show nothing, are left out.
    """
    shown: dict[str, set[bool]] = defaultdict(set)
    for column in (Column.DUE, Column.GIVEN_ON):
        latest = today if column is Column.GIVEN_ON else date.max
        for row in table.rows:
            match = _NUMBERED_DAY.match(table.cell(row, column))
            ways = _ways(match, latest) if match else []
            if match and len(ways) == 1:
                shown[match[2]].add(ways[0])
    return {mark: day_first for mark, ways in shown.items() if len(ways) == 1 for day_first in ways}


def _ways(numbered: re.Match[str], latest: date) -> list[bool]:
    """Return in which ways a numbered day can be read: the day first (True), the month first (False)."""
    if numbered[1] == numbered[3]:
        return []
    ways = []
    for day_first in (True, False):
        with suppress(ValueError):
            if date.fromisoformat(_iso(numbered, day_first=day_first)) <= latest:
                ways.append(day_first)
    return ways


def _iso(numbered: re.Match[str], *, day_first: bool) -> str:
    day, month = (numbered[1], numbered[3]) if day_first else (numbered[3], numbered[1])
    return f"{int(numbered[4]) % 100 + 2000}-{int(month):02}-{int(day):02}"


def _parse_day(typed: str, setting: Setting, *, past: bool = False) -> date:
    """Parse a day. With `past`, it is none that is still to come. Raise `Refusal` if it can be read in several ways."""
    # a spreadsheet may add the time of day, midnight or not
    text = re.sub(r"(?<=\d)[ T]\d{1,2}:\d\d(:\d\d)?$", "", typed)
    numbered = _NUMBERED_DAY.fullmatch(text)
    if numbered and numbered[2] in setting.day_first:
        text = _iso(numbered, day_first=setting.day_first[numbered[2]])
    try:
        return dates.parse_day(text, setting.now, setting.zone, past=past)
    except dates.MisspelledDate as question:
        raise Refusal(question.sentence) from None
    except Ambiguous as question:
        # nobody can answer a preview
        ways = join_names([f"{reading.text} for {reading.label}" for reading in question.readings], "or")
        raise Refusal(f"{_quoted(typed)} can be read in several ways. Write {ways}.") from None


def _quoted(typed: str) -> str:
    return f"“{escape(truncate(' '.join(typed.split()), MOST_SHOWN))}”"
