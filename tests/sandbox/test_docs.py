"""Each row of the page about strictness names tests that exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "sandbox.md"
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def rows():
    """Read the rows of all tables, without their headers."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("|")]
    return [line for line in lines if not line.startswith(("|---", "| Slack's rule |"))]


@cache
def functions(file):
    """List the names of the tests in a file of this folder."""
    tree = ast.parse((Path(__file__).parent / file).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.split("|")[1].strip()[:60])
def test_each_row_names_existing_tests(row):
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert len(cells) == 3 and all(cells)
    named = NAMED.findall(cells[2])
    assert named, "a rule without a test is a promise"
    assert NAMED.sub("", cells[2]).strip(" ,") == ""
    assert [name for file, name in named if name not in functions(file)] == []


def test_the_page_has_all_its_rows():
    assert len(rows()) > 80
