"""Rows as CSV that any spreadsheet opens: pure functions on plain values.

The format is RFC 4180: every cell in quotes, quotes doubled, lines ended by CR LF. A byte-order mark goes before it,
without which Excel takes UTF-8 for something else.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.kit.cells import Cell, Row, in_zone

BYTE_ORDER_MARK = "\ufeff"
"""The byte-order mark."""

SHIELD = "'"
"""What stands before a text that a spreadsheet would take for a formula; spreadsheets show the text as it is."""


MAX_FILE_BYTES = 20_000_000
"""Bytes of one file. Slack takes fifty times as much; a spreadsheet is slow long before that."""

_FORMULA = "=+-@−"
_BREAKS = "\t\r\n;"
"""Where a spreadsheet that does not know commas, as in much of Europe, begins another cell."""


def shield_formulas(text: str) -> str:
    """Keep a text from being taken for a formula, wherever a spreadsheet could see the beginning of a cell.

    Source: OWASP, "CSV Injection". A cell begins at the beginning; where semicolons or tabs separate cells instead of
    commas, quotes do not hold within a line, so it begins after those and after line breaks too. What cannot be seen
    before a sign is looked past, and full-width signs count as what they stand for.
    """
    made, begin = [SHIELD] if text[:1] in {"\t", "\r", "\n"} else [], 0
    for at, letter in enumerate([*text, ";"]):
        if at == len(text) or letter in _BREAKS:
            piece = text[begin:at]
            made.append(SHIELD + piece if _is_formula(piece) else piece)
            made.append(text[at : at + 1])
            begin = at + 1
    return "".join(made)


def _is_formula(piece: str) -> bool:
    first = next((letter for letter in piece if not _is_unseen(letter)), "")
    return bool(first) and unicodedata.normalize("NFKC", first)[0] in _FORMULA


def _is_unseen(letter: str) -> bool:
    """Tell whether a letter is a space, a control character or another that leaves no mark on the screen."""
    return letter.isspace() or letter == '"' or unicodedata.category(letter)[0] in "CZ"


def format_cell(cell: Cell, zone: str) -> str:
    """Write a value as a cell: days as `2026-12-01`, moments as `2026-12-01 17:00` on the wall clock of `zone`."""
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


def csv_lines(head: Sequence[str], rows: Iterable[Row], zone: str) -> Iterator[bytes]:
    """Write a table as CSV, line by line, so that nobody has to hold all of it.

    `head` names the columns; those of moments name the zone too.
    """
    yield (BYTE_ORDER_MARK + _line([in_zone(name, zone) for name in head])).encode()
    for row in rows:
        yield _line([format_cell(cell, zone) for cell in row]).encode(errors="replace")


def _line(cells: Sequence[str]) -> str:
    made = io.StringIO()
    csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return made.getvalue()
