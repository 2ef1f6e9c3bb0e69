"""Rows as CSV: reading returns what was written, and no cell begins like a formula."""

import csv
import io
import unicodedata
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.exports import rules
from handlers.features import FEATURES
from handlers.kit import cells as kit_cells
from handlers.kit.export_tables import BUNDLES as NAMES
from handlers.kit.export_tables import filename
from handlers.kit.registry import Registry
from handlers.pulse import tables as pulse_tables
from handlers.pulse.rules.results import Band, Group, Result
from storage.vocabulary import Seat

TABLES = Registry(FEATURES).tables
BUNDLES = {name: [table for table in TABLES if table.bundle == name] for name in NAMES}

ZONE = "America/Denver"
SIGNS = "=+-@＝＋－＠−﹣﹢⁺"
SPITEFUL = st.text(st.sampled_from(SIGNS + " \t\r\n;,\"'\u00a0\u200b\ufeff\x00aé"), max_size=12)
TEXTS = st.one_of(st.text(max_size=30), SPITEFUL)


def read(table, delimiter=","):
    text = b"".join(table).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=delimiter == ","))


def begins_as_formula(cell):
    seen = cell.lstrip(' "\u00a0\u200b\ufeff\x00\t\r\n')
    return cell[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", seen[:1])[:1] in tuple("=+-@−")


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
@example([["=1+1", "a;=1+1"], ["a\n-1", '"\t＝1']])
def test_what_is_read_back_is_what_was_written_or_its_guarded_form(rows):
    assert read(rules.csv_lines(("A", "B"), rows, ZONE)) == [
        ["A", "B"],
        *([rules.shield_formulas(cell) for cell in row] for row in rows),
    ]


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=5))
@example([["=1+1", "a;=1+1"], ["a\n-1", '"\t＝1']])
def test_no_cell_begins_as_a_formula_would(rows):
    cells = [cell for row in read(rules.csv_lines(("A", "B"), rows, ZONE)) for cell in row]
    assert not [cell for cell in cells if begins_as_formula(cell)]


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=5))
@example([["x", "a;=1+1"], ["a\n-1", '";=1'], ["", 'a\r"=1']])
def test_not_even_where_semicolons_or_tabs_part_the_cells(rows):
    written = b"".join(rules.csv_lines(("A", "B"), rows, ZONE)).decode("utf-8-sig")
    for piece in written.replace("\t", "\n").replace(";", "\n").replace("\r", "\n").split("\n"):
        assert not piece or not begins_as_formula(piece.lstrip('"')), piece


@given(TEXTS)
def test_a_guard_adds_apostrophes_and_changes_nothing_else(text):
    guarded = rules.shield_formulas(text)
    assert guarded.replace("'", "") == text.replace("'", "")
    assert guarded == text or len(guarded) > len(text)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Draft the MOU", "Draft the MOU"),
        ("3 - 2 = 1", "3 - 2 = 1"),
        ('=HYPERLINK("https://evil.example")', '\'=HYPERLINK("https://evil.example")'),
        ("  +1", "'  +1"),
        ("＠SUM(1)", "'＠SUM(1)"),
        ("\t1", "'\t1"),
        ("- one\n- two", "'- one\n'- two"),
        ("good; -bad", "good;' -bad"),
        ("", ""),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (6.0, "6"),
        (2.25, "2.25"),
        (0.0, "0"),
        (1200, "1200"),
        (Seat.REPRESENTATIVE, "representative"),
        (date(2026, 12, 1), "2026-12-01"),
        (datetime(2026, 12, 1, 6, 30, tzinfo=UTC), "2026-11-30 23:30"),
    ],
)
def test_values_are_written_as_spreadsheets_read_them(cell, written):
    assert rules.format_cell(cell, ZONE) == written


@pytest.mark.parametrize(("amount", "written"), [(None, ""), (0, "0.00"), (5, "0.05"), (120000, "1200.00")])
def test_cents_are_written_with_a_point(amount, written):
    assert kit_cells.format_cents(amount) == written


def test_a_table_begins_with_the_mark_that_tells_excel_its_letters_and_ends_each_line_as_the_standard_says():
    (head, row) = rules.csv_lines(("Title",), [["Reunión, “uno”"]], ZONE)
    assert head == b'\xef\xbb\xbf"Title"\r\n'
    assert row == '"Reunión, “uno”"\r\n'.encode()


def test_rows_are_written_as_they_come_and_not_gathered_first():
    def endless():
        while True:
            yield ["again"]

    written = rules.csv_lines(("Title",), endless(), ZONE)
    assert [next(written) for _ in range(3)][1:] == [b'"again"\r\n'] * 2


def test_each_message_has_as_many_files_as_slack_takes_and_no_two_of_one_name():
    names = [filename(table.title) for tables in BUNDLES.values() for table in tables]
    assert all(len(tables) <= 10 for tables in BUNDLES.values())
    assert len(set(names)) == len(names)


def test_of_groups_the_climate_has_means_and_nothing_from_which_the_counts_could_be_had():
    counts = {"trust-1": [0, 1, 2, 3, 4]}
    groups = [Group([7], 5, {"trust-1": [0, 1, 1, 1, 2]}), Group([8, 9], 5, {"trust-1": [0, 0, 1, 2, 2]})]
    reader = SimpleNamespace(agency={7: "Elm", 8: "Birch", 9: "Oak"}.get)
    rows = pulse_tables._result_rows(
        reader, SimpleNamespace(day="2026-11-30", questions=["trust-1"]), Result(12, 10, counts, groups)
    )
    whole, *parts = [dict(zip(pulse_tables.RESULTS_HEAD, row, strict=True)) for row in rows]
    assert [whole[f"Chose {point}"] for point in range(1, 6)] == counts["trust-1"]
    assert whole["Does not apply"] == 0
    assert [(part["Group"], part["Answered"], part["Mean"]) for part in parts] == [
        ("Elm", 5, 3.8),
        ("Birch, Oak", 5, 4.2),
    ]
    assert {part[name] for part in parts for name in ("Spread", *(f"Chose {point}" for point in range(1, 6)))} == {None}


def test_of_a_sentence_that_does_not_apply_to_some_the_table_says_to_how_many_or_why_not():
    shown = {"trust-1": (0, 1, 2, 3, 4), "pace-1": Band(1, 2)}
    closed = SimpleNamespace(day="2026-11-30", questions=["trust-1", "pace-1", "heard-1"])
    rows = pulse_tables._result_rows(SimpleNamespace(), closed, Result(14, 12, shown))
    number, band, nothing = [dict(zip(pulse_tables.RESULTS_HEAD, row, strict=True)) for row in rows]
    assert (number["Answered"], number["Mean"], number["Does not apply"]) == (12, 4.0, 2)
    assert (band["Range"], band["Does not apply"]) == ("3.0 and above", None)
    assert band["Not shown because"] == "Nearly the same people may have rated the same sentence before"
    assert (nothing["Mean"], nothing["Range"], nothing["Does not apply"]) == (None, "", None)
    assert nothing["Not shown because"].startswith("Fewer than 5 people rated the sentence, or nearly the same people")


@pytest.mark.parametrize("tables", BUNDLES.values(), ids=list(BUNDLES))
def test_no_column_of_a_table_is_there_twice(tables):
    assert all(len(set(table.head)) == len(table.head) for table in tables)
