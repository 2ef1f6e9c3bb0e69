"""Read a file or pasted text into rows of cells, whatever program wrote it."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from handlers.imports.rules import columns, xlsx
from handlers.imports.rules.columns import Column, Header, Row, Table
from handlers.imports.rules.xlsx import Sheet
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


def read_file(content: bytes) -> Table:
    """Read a file. Raise `Refusal` with what is wrong, if possible with its line."""
    if content.startswith(b"PK\x03\x04"):
        return _choose(xlsx.read(content, MOST_ROWS + HEADER_ROWS, MOST_COLUMNS))
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
    spaced = f"{delimiter} " in text.partition("\n")[0]
    between = re.compile(re.escape(delimiter) + ("" if spaced else "(?! )"))
    width = 0
    while True:
        line = lines_before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Refusal(_csv_problem(error, line), field=FIELD) from None
        if cells is None:
            return
        if _swallows_lines(cells, between, width):
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


def _swallows_lines(cells: Sequence[str], between: re.Pattern[str], width: int) -> bool:
    """Return whether a cell contains lines of the table, because a quote was closed only far below.

    Then its lines have as many delimiters as lines of the table: what is missing of the first one stands before the
    cell, and what is missing of the last one after it. `between` finds the delimiters: a comma with a space after it
    belongs to a sentence, unless the table itself is written so.
    """
    if width < 3:
        return False
    for at, cell in enumerate(cells):
        lines = cell.split("\n")
        expected = [width - 1 - at, *[width - 1] * (len(lines) - 2), width - len(cells) + at]
        if len(lines) > 1 and [len(between.findall(line)) for line in lines] == expected:
            return True
    return False


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
    filled = _fill_merged(sheet, header, rows)
    return Table(header, filled, sheet.name, unread_sheets, merged=filled != rows)


def _fill_merged(sheet: Sheet, header: Header, rows: list[Row]) -> list[Row]:
    """Return the rows with the agency of a merged cell in each of its lines; the file has it only in the first."""
    at = header.fields.get(Column.AGENCY)
    first_lines = {
        line: merge.first
        for merge in sheet.merges
        if merge.column == at and merge.last - merge.first <= MOST_ROWS
        for line in range(merge.first + 1, merge.last + 1)
    }
    cells = {row.line: row.cells for row in rows}
    filled = []
    for row in rows:
        above = cells.get(first_lines.get(row.line, 0), ())
        if at is not None and at < len(above) and not "".join(row.cells[at : at + 1]):
            wide = [*row.cells, *[""] * (at + 1 - len(row.cells))]
            row = replace(row, cells=(*wide[:at], above[at], *wide[at + 1 :]))  # noqa: PLW2901 - a changed copy
        filled.append(row)
    return filled


# encodings ---------------------------------------------------------------------------------------------

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def decode(content: bytes) -> str:
    """Decode text by its byte-order mark, otherwise as UTF-8, UTF-16, or Windows-1252.

    Raise `Refusal` for no text, and with the line of a broken character in text that is otherwise UTF-8.
    """
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
    text = _try(content, "utf-8")
    if text is None:
        _check_not_nearly_utf8(content)
    return _try(content, "cp1252") if text is None else text


def _check_not_nearly_utf8(content: bytes) -> None:
    """Raise `Refusal` if more characters are UTF-8 than are not: Windows-1252 would make two of each."""
    read = content.decode(errors="replace")
    broken = read.count("\ufffd")
    if sum(character > "\x7f" for character in read) >= 2 * broken:
        line = read[: read.index("\ufffd")].count("\n") + 1
        raise Refusal(
            f"Line {line} has a character that I cannot read. Correct it, or save the table as CSV UTF-8 again.",
            field=FIELD,
        )


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None
