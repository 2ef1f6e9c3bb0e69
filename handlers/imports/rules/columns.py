"""Recognize what a table is about, and which of its columns mean what."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from handlers.exports.rules import unshield_formulas
from handlers.kit.text import sanitize
from storage.names import normalize_name
from storage.vocabulary import ImportKind


class Column(StrEnum):
    """What a column means."""

    AGENCY = "agency"
    PERSON = "person"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    EMAIL = "email"
    SEAT = "seat"
    WEIGHT = "weight"
    DOMAIN = "domain"
    REPRESENTATIVE = "representative"
    ALTERNATE = "alternate"
    ENDED = "ended"
    NUMBER = "number"
    TITLE = "title"
    STATE = "state"
    OWNER = "owner"
    OFFERED_TO = "offered to"
    DUE = "due"
    HOURS = "hours"
    KIND = "kind"
    AMOUNT = "amount"
    CURRENCY = "currency"
    WORDS = "words"
    GIVEN_ON = "given on"
    GAIN = "gain"


_AGENCY = {
    Column.AGENCY: "agency, agency name, organization, organisation, organization name, org, district, school district,"
    " school, institution, partner, member organization, member agency",
}
_HEADINGS: Mapping[ImportKind, Mapping[Column, str]] = {
    ImportKind.PEOPLE: {
        **_AGENCY,
        Column.PERSON: "person, name, full name, member, member name, contact, contact name, participant",
        Column.FIRST_NAME: "first name, first, given name, forename",
        Column.LAST_NAME: "last name, last, family name, surname",
        Column.EMAIL: "email, e mail, mail, email address, e mail address, work email, contact email",
        Column.SEAT: "role, seat, role/rep, rep/role, rep, rep?, representative?, role in the consortium",
        Column.WEIGHT: "weight, capacity weight, capacity",
        Column.DOMAIN: "domain, email domain, e mail domain",
        Column.REPRESENTATIVE: "representative, representative name",
        Column.ALTERNATE: "alternate, alternate name, alternate representative",
        Column.ENDED: "ended",
    },
    ImportKind.TASKS: {
        Column.NUMBER: "number, no., no, #",
        Column.TITLE: "title, task, task title, what needs to be done",
        Column.STATE: "state, status",
        Column.OWNER: "owner, assigned to, assignee, responsible, who",
        Column.OFFERED_TO: "offered to",
        Column.DUE: "due, due date, due on, deadline, by when",
        Column.HOURS: "hours, effort, effort in hours, estimate",
    },
    ImportKind.CONTRIBUTIONS: {
        **_AGENCY,
        Column.KIND: "kind, type",
        Column.HOURS: "hours",
        Column.AMOUNT: "amount, value, money",
        Column.CURRENCY: "currency",
        Column.WORDS: "what, what was given, description, contribution",
        Column.GIVEN_ON: "given on, given, date, on, date given",
    },
    ImportKind.GAINS: {
        **_AGENCY,
        Column.GAIN: "gain, what was gained, gained",
    },
}
HEADINGS: Mapping[ImportKind, Mapping[str, Column]] = {
    kind: {word.strip(): column for column, words in known.items() for word in words.split(",")}
    for kind, known in _HEADINGS.items()
}

_ASKING = {"rep", "rep?", "representative?"}

_OTHER_EXPORTS = (
    *({"outcome", "in a sentence"}, {"position", "counts as"}, {"takes it up", "how, or why not"}),
    *({"held by", "hours a month"}, {"owed", "paid"}, {"source", "a year"}, {"question", "anonymous"}),
    *({"theme", "mean"}, {"round of", "comment"}, {"how often", "chair"}, {"brought by", "times left over"}),
    *({"heading", "text"}, {"about you", "what you said"}),
)
"""Columns of the tables of an export that are not imported."""

CELL_ERRORS = {
    *("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"),
    *("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#GETTING_DATA", "#ERROR!"),
}
"""What spreadsheets show in place of the value of a formula."""

NOT_COMPUTED = "#NO VALUE"
"""Stands in a cell whose formula no program has computed yet."""

_NAMES_PEOPLE = {Column.PERSON, Column.EMAIL, Column.LAST_NAME, Column.REPRESENTATIVE, Column.ALTERNATE}


@dataclass(frozen=True)
class Row:
    """A row of cells. `line` is its number in the file, counted from 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """The row that names the columns. `fields` maps columns to their position; `unread` names the other columns.

    `asks` is whether a column asks if a person is the representative (*Rep?*), so that its cells may say yes and no.
    """

    kind: ImportKind
    line: int
    fields: Mapping[Column, int]
    width: int
    unread: Sequence[str] = ()
    asks: bool = False


@dataclass(frozen=True)
class Table:
    """A table that was read. `unread_sheets` are the names of the file's other sheets.

    `merged` is whether the agency of a merged cell was taken for all lines beside it.
    """

    header: Header
    rows: list[Row]
    sheet: str = ""
    unread_sheets: list[str] = field(default_factory=list)
    merged: bool = False

    def cell(self, row: Row, column: Column) -> str:
        """Return the cell of a row; empty if the table has no such column."""
        at = self.header.fields.get(column)
        return row.cells[at] if at is not None and at < len(row.cells) else ""


def clean(cell: str) -> str:
    """Return a cell without control characters, and without the apostrophe that an export puts before formulas."""
    return sanitize(unshield_formulas(cell))


def find_header(rows: Sequence[Row]) -> Header | None:
    """Return the row that names the most columns, whatever stands above it.

    None if no row does, or if the columns are those of an exported table that is not imported.
    """
    headers = []
    for row in rows:
        names = [_fold_heading(cell) for cell in row.cells]
        if any(marks <= set(names) for marks in _OTHER_EXPORTS):
            return None
        header = _recognize(row, names)
        headers += [header] if header is not None else []
    return max(headers, key=lambda header: len(header.fields), default=None)


def _recognize(row: Row, names: Sequence[str]) -> Header | None:
    recognized = [_as_kind(kind, row, names) for kind in ImportKind]
    return max(
        (header for header in recognized if header is not None),
        key=lambda header: len(header.fields),
        default=None,
    )


def _fold_heading(cell: str) -> str:
    """Return a heading in the form in which headings are compared: `E-mail Address *` is "e mail address"."""
    text = re.sub(r"\([^)]*\)|[*:]", " ", normalize_name(cell))
    return " ".join(re.sub(r"[-_]", " ", text).split())


def _as_kind(kind: ImportKind, row: Row, names: Sequence[str]) -> Header | None:
    known = HEADINGS[kind]
    fields: dict[Column, int] = {}
    for at, name in enumerate(names):
        if name in known:
            fields.setdefault(known[name], at)
    if not _is_enough(kind, fields, names):
        return None
    unread = [cell for at, cell in enumerate(row.cells) if cell and at not in fields.values()]
    asks = Column.SEAT in fields and names[fields[Column.SEAT]] in _ASKING
    return Header(kind, row.line, fields, len(row.cells), unread, asks)


def _is_enough(kind: ImportKind, fields: Mapping[Column, int], names: Sequence[str]) -> bool:
    """Return whether these columns make a table of this kind. A title beside names of people is their job's."""
    if kind is ImportKind.PEOPLE:
        return bool(fields.keys() & {Column.AGENCY, *_NAMES_PEOPLE})
    if kind is ImportKind.TASKS:
        people = {HEADINGS[ImportKind.PEOPLE].get(name) for name in names} & _NAMES_PEOPLE
        return Column.TITLE in fields and not people and (len(fields) > 1 or "task" in names)
    if kind is ImportKind.CONTRIBUTIONS:
        needed = {Column.AGENCY, Column.WORDS}
        return needed <= fields.keys() and bool(fields.keys() & {Column.HOURS, Column.AMOUNT})
    return {Column.AGENCY, Column.GAIN} <= fields.keys()
