"""Measure and print: `python -m tests.bench [--quick] [--json bench.json]`."""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bot import logs
from bot.sandbox import Sandbox, empty_workspace, serve
from tests.bench import balance, burst, rounds, speed, weight
from tests.bench.speed import Place
from tests.bench.table import Figure, as_json, machine, render


def main() -> None:
    """Measure everything once."""
    options = _options()
    logs.set_up("ERROR")
    begun = time.monotonic()
    figures, details = _measure(quick=options.quick)
    found = as_json(figures, {**details, "seconds": time.monotonic() - begun, "quick": options.quick})
    options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    about = ", ".join(f"{name} {value}" for name, value in machine().items())
    sys.stdout.write(f"{render(figures)}\n\n{about}\n")
    sys.stdout.write(f"Measured in {time.monotonic() - begun:.0f} s; all figures are in {options.json}.\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure how fast the bot is.")
    parser.add_argument("--quick", action="store_true", help="short and rough")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where the figures go")
    return parser.parse_args()


def _measure(*, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    figures: list[Figure] = []
    details: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        sandbox = Sandbox(empty_workspace())
        with serve(sandbox) as slack:
            place = Place(sandbox, slack, Path(folder), 1 if quick else 4, 0.3 if quick else 2.0)
            parts = (
                lambda: speed.web(place),
                lambda: speed.cost(place),
                lambda: burst.measure(place, stream=50 if quick else 500),
                lambda: rounds.measure(place.folder, people=500 if quick else 5000, sent=100 if quick else 1500),
                lambda: balance.measure(place),
                lambda: weight.measure(place, starts=1 if quick else 3, requests=100 if quick else 1000),
            )
            for part in parts:
                some, more = part()
                figures += some
                details |= more
    return figures, details


if __name__ == "__main__":
    main()
