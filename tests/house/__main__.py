"""Print the shape of the code, beside what it was before: `python -m tests.house`."""

import sys
from collections.abc import Iterator, Sequence
from statistics import median

from bot import logs
from tests.house import before, shape, votes
from tests.house.shape import PARTS, Source

MOST = 5
"""Folders, files and functions to name."""


def main() -> None:
    logs.set_up("ERROR")
    files = shape.sources()
    sections = (_sizes(files), _folders(files), _anatomy(files), _longest(files), _votes())
    sys.stdout.write("\n\n".join("\n".join(section) for section in sections) + "\n")


def _sizes(files: Sequence[Source]) -> Iterator[str]:
    yield "Lines: median/95th percentile/longest"
    yield f"{'':12}{'files':>14} {'before':>14}{'functions':>14} {'before':>14}"
    for layer, (lines, functions) in shape.sizes(files).items():
        old_lines, old_functions = before.SIZES[layer]
        yield f"{layer:12}{lines:>14} {old_lines:>14}{functions:>14} {old_functions:>14}"


def _folders(files: Sequence[Source]) -> Iterator[str]:
    counts = shape.folders(files)
    middle, most = median(counts.values()), max(counts.values())
    yield f"Files in a folder: median {middle:.0f}, most {most} (before: {before.FOLDERS})"
    yield from (f"{count:4} {folder}" for folder, count in counts.most_common(MOST))


def _anatomy(files: Sequence[Source]) -> Iterator[str]:
    yield "Parts of the features"
    yield f"{'':18}" + " ".join(PARTS)
    for feature, parts in shape.anatomy(files).items():
        yield f"{feature:18}" + " ".join(f"{'✓' if part in parts else '':^{len(part)}}" for part in PARTS).rstrip()


def _longest(files: Sequence[Source]) -> Iterator[str]:
    yield "Longest files"
    yield from (f"{source.lines:5} {source.path}" for source in sorted(files, key=lambda s: -s.lines)[:MOST])
    yield "Longest functions"
    functions = sorted((function for source in files for function in source.functions), reverse=True)
    yield from (f"{lines:5} {name}" for lines, name in functions[:MOST])


def _votes() -> Iterator[str]:
    yield "One vote, from the listener's start to the acknowledgment"
    for way, trace in votes.measure().items():
        transactions = f"{len(trace.transactions)} ({', '.join(trace.transactions)})"
        yield (
            f"{way}: {len(trace.files)} files, transactions: {transactions}, "
            f"deepest stack: {len(trace.deepest)} calls (before: {before.VOTES[way]})"
        )
        yield f"   {' > '.join(trace.deepest)}"


if __name__ == "__main__":
    main()
