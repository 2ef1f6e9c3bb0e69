"""Write rows as CSV that any spreadsheet opens: pure functions on plain values.

The format is RFC 4180: every cell is quoted, quotes are doubled, and lines end with CR LF. The file begins with a
byte-order mark, because Excel otherwise does not recognize UTF-8.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.kit.cells import Cell, Row, fill_in_zone

BYTE_ORDER_MARK = "\ufeff"

SHIELD = "'"
"""Precedes a text that a spreadsheet would take for a formula. Spreadsheets then show the text unchanged."""

MAX_FILE_BYTES = 20_000_000
"""The most bytes in a file. Slack accepts fifty times as much, but spreadsheets become slow long before."""

_FORMULA_SIGNS = "=+-@−"
_CELL_BREAKS = "\t\r\n;"
"""Characters after which a spreadsheet that does not separate at commas, as in much of Europe, begins a new cell."""


def csv_lines(head: Sequence[str], rows: Iterable[Row], zone: str) -> Iterator[bytes]:
    """Yield a table as lines of CSV, so that it need not fit into memory.

    `head` names the columns. The zone is inserted into the names of columns with times.
    """
    yield (BYTE_ORDER_MARK + _line([fill_in_zone(name, zone) for name in head])).encode()
    for row in rows:
        yield _line([format_cell(cell, zone) for cell in row]).encode(errors="replace")


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def format_cell(cell: Cell, zone: str) -> str:
    """Format a value as a cell: days as `2026-12-01`, times as `2026-12-01 17:00` in the local time of `zone`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return f"{cell.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return f"{cell:.2f}".rstrip("0").rstrip(".")
    return shield_formulas(cell) if isinstance(cell, str) else str(cell)


def shield_formulas(text: str) -> str:
    """Put an apostrophe wherever a spreadsheet would begin a cell with a formula.

    Source: OWASP, "CSV Injection". A spreadsheet that separates at semicolons or tabs does not respect the quotes, so
    for it a cell also begins after these and after line breaks. Invisible characters before a sign are ignored, and
    full-width signs count as the signs they stand for. A cell that already looks shielded gets a second apostrophe, so
    that `unshield_formulas` restores every text.
    """
    shielded = "".join(SHIELD + cell if _is_formula(cell) else cell for cell in _split_cells(text))
    return SHIELD + shielded if _begins_with_break(text) else shielded


def unshield_formulas(text: str) -> str:
    """Remove the apostrophes that `shield_formulas` added."""
    if text.startswith(SHIELD) and _begins_with_break(text[1:]):
        text = text[1:]
    return "".join(
        cell[1:] if cell.startswith(SHIELD) and _is_formula(cell[1:]) else cell for cell in _split_cells(text)
    )


def _split_cells(text: str) -> list[str]:
    """Split a text into what a spreadsheet could take for cells, and the characters between them."""
    return re.split(f"([{_CELL_BREAKS}])", text)


def _begins_with_break(text: str) -> bool:
    return text.lstrip(SHIELD)[:1] in {"\t", "\r", "\n"}


def _is_formula(cell: str) -> bool:
    cell = cell.lstrip(SHIELD)
    first = next((character for character in cell if not _is_invisible(character)), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _FORMULA_SIGNS


def _is_invisible(character: str) -> bool:
    """Return whether a character is a space, a quote, or a control character."""
    return character.isspace() or character == '"' or unicodedata.category(character)[0] in "CZ"
