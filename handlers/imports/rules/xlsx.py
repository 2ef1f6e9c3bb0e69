"""Read the cells of an Excel workbook (.xlsx), with limits, because the file comes from outside.

A workbook is a zip of XML parts. Each part is read up to a limit, so that a zip bomb costs little, and a document type
is refused, so that no entity is expanded. Source: ECMA-376, part 1, sections 18.2 to 18.8.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from xml.parsers import expat
from zlib import error as ZlibError  # noqa: N812 - it is an exception

from handlers.imports.rules.columns import CELL_ERRORS, NOT_COMPUTED, Row, clean
from handlers.kit.refusals import Refusal

MOST_PART_BYTES = 30_000_000
MOST_BYTES = 60_000_000
"""The most bytes of one part, and of all parts that are read, once they are unpacked."""

MOST_CHARACTERS = 5_000
"""The most characters of one cell."""

BROKEN = "This Excel file is broken. Open it, save it again as .xlsx or CSV, and try again."
NO_WORKBOOK = "This file is not an Excel workbook. Save the table as .xlsx or CSV, and try again."
HUGE = "This Excel file is much larger inside than a table of people or tasks. Save only that table as CSV."
TOO_MANY_CELLS = "This Excel file has too many rows or columns. Save only the table you need."

_DATE_FORMATS = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_TIME_FORMATS = {*range(18, 22), *range(45, 48)}
LONGEST_TIME = 500.0
"""Days. A larger number that a cell shows as a time is a moment, of which it shows only the time of day."""

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)


class _Shows(Enum):
    """What a cell style shows a number as."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True)
class Merge:
    """Cells of one column that are merged: the column counts from 0, the lines as those of rows."""

    column: int
    first: int
    last: int


@dataclass(frozen=True)
class Sheet:
    """A table before its columns are recognized. `name` is empty for text, which merges no cells."""

    name: str
    rows: list[Row]
    merges: Sequence[Merge] = ()


def read(content: bytes, most_rows: int, most_columns: int) -> list[Sheet]:
    """Return the visible sheets of a workbook, each with its rows that are not empty. Raise `Refusal`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _Workbook(archive, most_rows, most_columns).sheets()
    except (zipfile.BadZipFile, expat.ExpatError, ZlibError, OSError, EOFError, ValueError, LookupError) as error:
        raise Refusal(BROKEN, field="table") from error
    except (NotImplementedError, RuntimeError, OverflowError) as error:
        # a compression that zipfile lacks, a password, an impossible number
        raise Refusal(BROKEN, field="table") from error


@dataclass
class _Sheet:
    name: str
    relation: str
    hidden: bool


@dataclass
class _Book:
    """What the part `workbook.xml` says."""

    sheets: list[_Sheet] = field(default_factory=list)
    since_1904: bool = False


class _Workbook:
    """An open workbook."""

    def __init__(self, archive: zipfile.ZipFile, most_rows: int, most_columns: int) -> None:
        self._archive = archive
        self._names = {info.filename.casefold(): info for info in archive.infolist()}
        self._most_rows = most_rows
        self._most_columns = most_columns
        self._bytes_left = MOST_BYTES

    def sheets(self) -> list[Sheet]:
        """Read all visible sheets."""
        path = self._workbook_path()
        book, folder = self._book(path), posixpath.dirname(path)
        targets = self._targets(posixpath.join(folder, "_rels", posixpath.basename(path) + ".rels"))
        texts = self._texts(posixpath.join(folder, "sharedStrings.xml"))
        shows = self._styles(posixpath.join(folder, "styles.xml"))
        read = []
        for sheet in book.sheets:
            target = targets.get(sheet.relation, "")
            if sheet.hidden or not target:
                continue
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if part.casefold() in self._names:
                read.append(self._read(sheet.name, part, texts, shows, since_1904=book.since_1904))
        return read

    def _workbook_path(self) -> str:
        for target in self._targets("_rels/.rels").values():
            if posixpath.basename(target).casefold() == "workbook.xml":
                return target.lstrip("/")
        if "xl/workbook.xml" in self._names:
            return "xl/workbook.xml"
        raise Refusal(NO_WORKBOOK, field="table")

    def _parse(
        self, part: str, start: Callable[[str, dict[str, str]], None], end: Callable[[str, str], None] | None = None
    ) -> None:
        """Parse a part if it exists. `start` gets each element's name and attributes, `end` its name and text."""
        info = self._names.get(part.casefold())
        if info is None:
            return
        limit = min(MOST_PART_BYTES, self._bytes_left)
        if info.file_size > limit:
            raise Refusal(HUGE, field="table")
        texts: list[list[str]] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True

        def begin(name: str, attributes: dict[str, str]) -> None:
            texts.append([])
            start(_local(name), {_local(key): value for key, value in attributes.items()})

        def finish(name: str) -> None:
            text = "".join(texts.pop())
            if end is not None:
                end(_local(name), text)

        def refuse_document_type(*_: object) -> None:
            raise Refusal(BROKEN, field="table")

        parser.StartElementHandler, parser.EndElementHandler = begin, finish
        parser.CharacterDataHandler = lambda text: texts[-1].append(text) if texts else None
        parser.StartDoctypeDeclHandler = refuse_document_type
        with self._archive.open(info) as stream:
            # zipfile trusts no size either, but a limit of our own holds whatever it does
            while chunk := stream.read(65_536):
                limit -= len(chunk)
                self._bytes_left -= len(chunk)
                if limit < 0:
                    raise Refusal(HUGE, field="table")
                parser.Parse(chunk, False)
        parser.Parse(b"", True)

    def _book(self, path: str) -> _Book:
        book = _Book()

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "sheet":
                hidden = attributes.get("state", "visible") != "visible"
                book.sheets.append(_Sheet(attributes.get("name", ""), attributes.get("id", ""), hidden))
            elif name == "workbookPr":
                book.since_1904 = attributes.get("date1904", "0") in {"1", "true"}

        self._parse(path, start)
        return book

    def _targets(self, path: str) -> dict[str, str]:
        targets: dict[str, str] = {}

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        self._parse(path, start)
        return targets

    def _texts(self, path: str) -> list[str]:
        """Return the texts that cells share. The pronunciation of a text (`rPh`) is no part of it."""
        texts: list[str] = []
        reading = _TextReader()

        def start(name: str, _: dict[str, str]) -> None:
            reading.start(name)

        def end(name: str, text: str) -> None:
            reading.end(name, text)
            if name == "si":
                texts.append(reading.take())

        self._parse(path, start, end)
        return texts

    def _styles(self, path: str) -> list[_Shows]:
        """Return for each cell style what it shows numbers as."""
        formats: dict[int, str] = {}
        styles: list[int] = []
        inside: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            inside.append(name)
            if name == "numFmt":
                formats[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
            elif name == "xf" and "cellXfs" in inside:
                styles.append(int(attributes.get("numFmtId", "0")))

        def end(*_: str) -> None:
            inside.pop()

        self._parse(path, start, end)
        return [_shown_as(style, formats.get(style)) for style in styles]

    def _read(self, name: str, part: str, texts: list[str], shows: list[_Shows], *, since_1904: bool) -> Sheet:
        sheet = _SheetReader(texts, shows, self._most_rows, self._most_columns, since_1904=since_1904)
        self._parse(part, sheet.start, sheet.end)
        return Sheet(name, sheet.rows, sheet.merges)


class _TextReader:
    """Joins the runs of a rich text."""

    def __init__(self) -> None:
        self._runs: list[str] = []
        self._pronunciation = 0

    def start(self, name: str) -> None:
        self._pronunciation += name == "rPh"

    def end(self, name: str, text: str) -> None:
        self._pronunciation -= name == "rPh"
        if name == "t" and not self._pronunciation:
            self._runs.append(text)

    def take(self) -> str:
        text, self._runs = "".join(self._runs), []
        return text


class _SheetReader:
    """Collects the cells of a sheet."""

    def __init__(
        self, texts: list[str], shows: list[_Shows], most_rows: int, most_columns: int, *, since_1904: bool
    ) -> None:
        self.rows: list[Row] = []
        self.merges: list[Merge] = []
        self._texts, self._shows = texts, shows
        self._most_rows, self._most_columns = most_rows, most_columns
        self._epoch = datetime(1904, 1, 1, tzinfo=UTC) if since_1904 else datetime(1899, 12, 30, tzinfo=UTC)
        self._line = self._column = 0
        self._cells: dict[int, str] = {}
        self._cell: dict[str, str] = {}
        self._value = ""
        self._formula = False
        self._inline = _TextReader()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._line = int(attributes.get("r", self._line + 1))
            self._column, self._cells = 0, {}
        elif name == "c":
            letters = re.match("[A-Za-z]{1,4}", attributes.get("r", ""))
            self._column = _column_number(letters[0]) if letters else self._column + 1
            self._cell, self._value, self._formula = attributes, "", False
        elif name == "f":
            self._formula = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        self._inline.start(name)

    def end(self, name: str, text: str) -> None:
        self._inline.end(name, text)
        if name == "v":
            self._value = text
        elif name == "c":
            cell = clean(self._text())[:MOST_CHARACTERS]
            if cell and self._column > self._most_columns:
                raise Refusal(TOO_MANY_CELLS, field="table")
            if cell:
                self._cells[self._column] = cell
        elif name == "row" and set(self._cells.values()) - CELL_ERRORS:
            # a formula that was copied far down shows only errors below the table
            if len(self.rows) >= self._most_rows:
                raise Refusal(TOO_MANY_CELLS, field="table")
            width = max(self._cells)
            self.rows.append(Row(self._line, tuple(self._cells.get(at, "") for at in range(1, width + 1))))

    def _merge(self, area: str) -> None:
        ends = re.fullmatch(r"\$?([A-Za-z]{1,4})\$?(\d{1,9}):\$?([A-Za-z]{1,4})\$?(\d{1,9})", area)
        if ends and ends[1].upper() == ends[3].upper():
            self.merges.append(Merge(_column_number(ends[1]) - 1, int(ends[2]), int(ends[4])))

    def _text(self) -> str:
        """Return a cell as text; formulas count by their last value, and those without one are marked."""
        kind, inline = self._cell.get("t", "n"), self._inline.take()
        if self._formula and not self._value and kind != "str":
            return NOT_COMPUTED
        if kind == "s":
            return self._texts[int(self._value)] if self._value else ""
        if kind == "inlineStr":
            return inline
        if kind == "b":
            return {"1": "yes", "0": "no"}.get(self._value, self._value)
        if kind == "d":
            return _format_iso(self._value)
        return self._number() if kind == "n" and self._value else self._value

    def _number(self) -> str:
        number = float(self._value)
        style = int(self._cell.get("s", "0"))
        shown = self._shows[style] if style < len(self._shows) else _Shows.NUMBER
        if shown is _Shows.TIME and 0 <= number < LONGEST_TIME:
            minutes = round(number * 1_440)
            return f"{minutes // 60}:{minutes % 60:02}"
        if shown is not _Shows.NUMBER:
            return _format_time(self._epoch + timedelta(seconds=round(number * 86_400)))
        return f"{number:.15g}" if abs(number) < 1e15 else self._value


def _local(name: str) -> str:
    """Return a name without its namespace, which differs between the two editions of the standard."""
    return name.rpartition(" ")[2]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _shown_as(style: int, code: str | None) -> _Shows:
    """Return what a number format shows. `m` stands for months, and beside hours or seconds for minutes."""
    if code is None:
        return _Shows.DATE if style in _DATE_FORMATS else _Shows.TIME if style in _TIME_FORMATS else _Shows.NUMBER
    letters = set(re.sub("(?i)general", "", _LITERAL.sub("", code)).casefold())
    if letters & {"y", "d"}:
        return _Shows.DATE
    if letters & {"h", "s"} or "[m" in code.casefold():
        return _Shows.TIME
    return _Shows.DATE if "m" in letters else _Shows.NUMBER


def _format_iso(value: str) -> str:
    """Format a day or a time of day that is written as text; anything else stays as it is."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    return f"{at.hour}:{at.minute:02}" if at.year < 1900 else _format_time(at)


def _format_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d}" if (at.hour, at.minute) == (0, 0) else f"{at:%Y-%m-%d %H:%M}"
