"""The sizes of files, functions and folders, and the parts of each feature."""

import ast
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
LAYERS = ("bot", "bot/sandbox", "handlers", "storage", "tests")
HISTORY = "storage/migrations/versions/"
"""Migrations are written once and never rearranged, so they are not counted."""

PARTS = (
    "feature", "commands", "interactions", "parsing", "rules", "snapshot", "views", "forms", "jobs", "tables",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One Python file; `path` is relative to the root."""

    path: str

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def layer(self) -> str:
        """Return the layer: the longest one whose folder holds the file."""
        return max((layer for layer in LAYERS if self.path.startswith(f"{layer}/")), key=len, default="")

    @cached_property
    def functions(self) -> list[tuple[int, str]]:
        """List (lines, name) of all functions, methods and nested functions."""
        return list(_functions(ast.parse(self.text), self.path))


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[int, str]]:
    for child in ast.iter_child_nodes(node):
        name = f"{prefix}:{child.name}" if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else prefix
        if name is not prefix:
            yield child.end_lineno - child.lineno + 1, name
        yield from _functions(child, name)


def sources() -> list[Source]:
    """List the Python files that git tracks, in all layers."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [Source(path) for path in listed.splitlines() if not path.startswith(HISTORY)]
    return [source for source in files if source.layer and (ROOT / source.path).exists()]


def spread(sizes: Sequence[int]) -> str:
    """Format sizes as median/95th percentile/longest."""
    ordered = sorted(sizes)
    return f"{median(ordered):.0f}/{ordered[len(ordered) * 95 // 100]}/{ordered[-1]}" if ordered else "-"


def sizes(files: Sequence[Source]) -> dict[str, tuple[str, str]]:
    """Return the spreads of file lines and function lines, by layer."""
    layers = {layer: [source for source in files if source.layer == layer] for layer in LAYERS}
    return {
        layer: (spread([s.lines for s in there]), spread([lines for s in there for lines, _ in s.functions]))
        for layer, there in layers.items()
    }


def folders(files: Sequence[Source]) -> Counter[str]:
    """Count the files in each folder."""
    return Counter(source.folder for source in files)


def anatomy(files: Sequence[Source]) -> dict[str, set[str]]:
    """Return the parts that each feature has, as a file or as a folder of that name."""
    paths = {source.path.removesuffix(".py").removesuffix("/__init__") for source in files}
    features = sorted(path.rpartition("/")[0] for path in paths if path.endswith("/feature"))
    return {
        folder.removeprefix("handlers/"): {part for part in PARTS if f"{folder}/{part}" in paths}
        for folder in features
        if folder != "handlers/kit"
    }
