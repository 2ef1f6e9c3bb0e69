"""Read a file or pasted text into rows of cells, whatever program wrote it."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from handlers.imports.rules import columns, xlsx
from handlers.imports.rules.columns import Header, Row, Table
from handlers.kit.refusals import Refusal

MOST_BYTES = 2_000_000
"""The most bytes that a download may have."""

MOST_ROWS = 5_000
MOST_COLUMNS = 100
HEADER_ROWS = 10
"""The names of the columns are among this many rows: a title may stand above them."""

FIELD = "table"
"""The input at which a form shows why a pasted table cannot be read."""

TOO_LARGE = "This file is larger than 2 MB. Split it into smaller tables, or leave out what is not needed."
NO_TABLE = (
    "This file is not a table that I can read. I read CSV, TSV, and Excel files (.xlsx). Save the table as one of "
    "these, and try again."
)
OLD_EXCEL = (
    "This is an Excel file of the old kind (.xls), or one with a password. Open it, save it as .xlsx or CSV without a "
    "password, and try again."
)
NO_HEADER = (
    "I did not find the names of the columns. The first line of a table has to name them, for example: "
    "`agency,name,email,role` for people, `title,owner,due,hours` for tasks, or `agency,kind,amount,what` for "
    "contributions. I do not import decisions, roles, dues, or meetings."
)
NO_ROWS = "There is no line below the names of the columns."
TOO_MANY_ROWS = f"This table has more than {MOST_ROWS:,} lines. Split it into smaller ones."

_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"(?i)sep=([,;\t|])\s*")


@dataclass(frozen=True)
class Sheet:
    """A table before its columns are recognized. `name` is the name of the sheet, empty for text."""

    name: str
    rows: list[Row]


def read_file(content: bytes) -> Table:
    """Read a file. Raise `Refusal` with what is wrong, if possible with its line."""
    if content.startswith(b"PK\x03\x04"):
        return _choose([Sheet(name, rows) for name, rows in xlsx.read(content, MOST_ROWS + HEADER_ROWS, MOST_COLUMNS)])
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(OLD_EXCEL, field=FIELD)
    return read_text(decode(content))


def read_text(text: str) -> Table:
    """Read comma-, semicolon-, tab-, or bar-separated text. Raise `Refusal` with the line of what is wrong."""
    lines = re.sub(r"\r\n?", "\n", text).removeprefix("\ufeff")
    first, _, rest = lines.partition("\n")
    separator = _SEPARATOR_LINE.fullmatch(first)
    if separator:
        return _choose([Sheet("", _bounded(_rows(rest, separator[1], 1)))])
    delimiter = max(_DELIMITERS, key=lambda mark: _promise(lines, mark))
    return _choose([Sheet("", _bounded(_rows(lines, delimiter, 0)))])


def _promise(text: str, delimiter: str) -> tuple[int, int]:
    """Return how well text reads with a delimiter: recognized columns, then the number of columns."""
    rows: list[Row] = []
    with suppress(Refusal):
        # rows before an unreadable one count too
        rows.extend(islice(_rows(text, delimiter, 0), HEADER_ROWS))
    header = columns.find_header(rows)
    return (len(header.fields) if header else 0, max((len(row.cells) for row in rows), default=0))


def _bounded(rows: Iterator[Row]) -> list[Row]:
    bounded: list[Row] = []
    for row in rows:
        if len(bounded) >= MOST_ROWS + HEADER_ROWS:
            raise Refusal(TOO_MANY_ROWS, field=FIELD)
        bounded.append(row)
    return bounded


def _rows(text: str, delimiter: str, lines_before: int) -> Iterator[Row]:
    """Yield the rows of text that are not empty, with the number of the line on which each begins."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=True)
    width = 0
    while True:
        line = lines_before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Refusal(_csv_problem(error, line), field=FIELD) from None
        if cells is None:
            return
        if any(_swallows_lines(cell, delimiter, width) for cell in cells):
            raise Refusal(_open_quote(line), field=FIELD)
        if any(cell.strip() for cell in cells):
            width = max(width, len(cells))
            yield Row(line, tuple(columns.clean(cell) for cell in cells))


def _csv_problem(error: csv.Error, line: int) -> str:
    if "field limit" in str(error):
        return f"Line {line} has a cell that is too long. A quote may be open there."
    return _open_quote(line)


def _open_quote(line: int) -> str:
    return (
        f"Line {line}: a quote opens there and is not closed before the cell ends. Close it, or remove it. Nothing was "
        "imported."
    )


def _swallows_lines(cell: str, delimiter: str, width: int) -> bool:
    """Return whether a cell contains whole lines of the table, because a quote was closed only far below."""
    return width >= 3 and any(line.count(delimiter) >= width - 1 for line in cell.split("\n")[1:])


def _choose(sheets: list[Sheet]) -> Table:
    """Return the first sheet with recognized columns. Raise `Refusal` if there is none, or if it has no rows."""
    for sheet in sheets:
        header = columns.find_header(sheet.rows[:HEADER_ROWS])
        if header is not None:
            return _table(sheet, header, [other.name for other in sheets if other is not sheet and other.rows])
    raise Refusal(NO_HEADER, field=FIELD)


def _table(sheet: Sheet, header: Header, unread_sheets: list[str]) -> Table:
    rows = [row for row in sheet.rows if row.line > header.line]
    if not rows:
        raise Refusal(NO_ROWS, field=FIELD)
    if len(rows) > MOST_ROWS:
        raise Refusal(TOO_MANY_ROWS, field=FIELD)
    return Table(header, rows, sheet.name, unread_sheets)


# encodings ---------------------------------------------------------------------------------------------

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decode(content: bytes) -> str:
    """Decode text by its byte-order mark, otherwise as UTF-8, UTF-16, or Windows-1252. Raise `Refusal` for no text."""
    text = _decoded(content)
    if text is None or "\x00" in text:
        raise Refusal(NO_TABLE, field=FIELD)
    return text


def _decoded(content: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _try(content, encoding)
    sample = content[:400]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(sample) > 3 and sample[start::2].count(0) > len(sample) // 3:
            return _try(content, encoding)
    return next((text for encoding in ("utf-8", "cp1252") if (text := _try(content, encoding)) is not None), None)


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None
