"""The results: figures beside what they are compared with, as a table and as JSON."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HEADS = ("what", "figure", "beside (a)", "beside (b)", "aim", "met")


@dataclass(frozen=True)
class Figure:
    """One line; `bare` and `upsert` are ratios to bare Bolt and to Bolt with one upsert."""

    what: str
    value: float
    unit: str
    bare: float | None = None
    upsert: float | None = None
    aim: str = ""
    met: bool | None = None


def machine() -> dict[str, Any]:
    """Describe the machine."""
    return {
        "cpus": os.cpu_count(),
        "model": _model(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "kernel": f"{platform.system()} {platform.release()}",
    }


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.machine())


def render(figures: Sequence[Figure]) -> str:
    """Return the table."""
    rows = [HEADS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(w) if n in {0, 4, 5} else cell.rjust(w)
            for n, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def _row(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[figure.met]
    shown = f"{_number(figure.value)} {figure.unit}".strip()
    return (figure.what, shown, _ratio(figure.bare), _ratio(figure.upsert), figure.aim, met)


def _number(value: float) -> str:
    if value == int(value) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def as_json(figures: Sequence[Figure], details: dict[str, Any]) -> dict[str, Any]:
    """Return everything as plain values."""
    return {"machine": machine(), "figures": [asdict(figure) for figure in figures], "details": details}
