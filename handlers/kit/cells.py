"""Cells of an exported table: plain values, with time zones and money as text."""

from collections.abc import Sequence
from datetime import date, datetime

from handlers.kit.text import format_zone

Cell = str | int | float | date | datetime | bool | None


Row = Sequence[Cell]


ZONE = "ZONE"
"""Placeholder in a column name for the time zone of the column: `Created (ZONE)`."""


def fill_in_zone(name: str, zone: str) -> str:
    """Fill the time zone into the name of a column or line."""
    return name.replace(ZONE, format_zone(zone))


def format_cents(amount: int | None) -> str:
    """Format cents as a decimal number: "1200.00"."""
    return "" if amount is None else f"{amount // 100}.{amount % 100:02}"
