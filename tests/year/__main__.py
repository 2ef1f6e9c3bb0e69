"""Simulate a year: `python -m tests.year [--weeks 52] [--people 250] [--postgres] [--json year.json]`."""

import argparse
import contextlib
import gc
import json
import sys
from pathlib import Path

from bot import logs
from tests import databases
from tests.bench.table import machine
from tests.year.cast import Scale
from tests.year.count import compare
from tests.year.life import scratch, simulate
from tests.year.table import render


def main() -> int:
    """Simulate, count and print. Return 1 if a promise was broken."""
    options = _options()
    logs.set_up("ERROR")
    # all traffic of a year is kept in memory: frequent garbage collection would take a tenth of the time
    gc.set_threshold(10_000)
    scale = Scale(options.agencies, options.people, options.weeks, options.seed)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(scratch())
        database_url = ""
        if options.postgres:
            database_url = stack.enter_context(databases.postgres())
            databases.migrate_database(database_url)
            databases.delete_rows(database_url)
        life = stack.enter_context(simulate(scale, folder, database_url))
        report = compare(life)
        sys.stderr.write((folder / "errors.log").read_text(encoding="utf-8") if options.errors else "")
    figures = report.as_json() | {"machine": machine(), "seconds": life.seconds, "scale": vars(scale)}
    options.json.write_text(json.dumps(figures, indent=1, default=str) + "\n", encoding="utf-8")
    sys.stdout.write(
        f"{render(scale, report)}\n\nSimulated in {life.seconds:.0f} s; all figures are in {options.json}.\n"
    )
    return 0 if report.holds else 1


def _options() -> argparse.Namespace:
    default = Scale()
    parser = argparse.ArgumentParser(prog="python -m tests.year", description="A year of a consortium in minutes.")
    parser.add_argument("--weeks", type=int, default=default.weeks)
    parser.add_argument("--agencies", type=int, default=default.agencies)
    parser.add_argument("--people", type=int, default=default.people)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of a SQLite file")
    parser.add_argument("--errors", action="store_true", help="show what the bot logged")
    parser.add_argument("--json", type=Path, default=Path("year.json"), help="file for the figures")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
