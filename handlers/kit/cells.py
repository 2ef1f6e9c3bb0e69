"""Cells of a table: plain values, with zones and money as text."""

from collections.abc import Sequence
from datetime import date, datetime

Cell = str | int | float | date | datetime | bool | None


Row = Sequence[Cell]


ZONE = "ZONE"
"""Stands in a head for the zone in which the moments below it are written: `Made (ZONE)`."""


def in_zone(name: str, zone: str) -> str:
    """Name the zone in the name of a column or line whose moments are written in it."""
    return name.replace(ZONE, zone.replace("_", " "))


def cents(amount: int | None) -> str:
    """Write whole cents as a number with a point: "1200.00"."""
    return "" if amount is None else f"{amount // 100}.{amount % 100:02}"
