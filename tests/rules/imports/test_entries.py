"""The cells of a line, as values: people, seats, dates, and what contradicts what."""

from datetime import date, datetime

import pytest

from handlers.imports.rules import entries, sheets
from handlers.imports.rules.entries import Mention, Setting
from handlers.kit.refusals import Refusal
from storage.vocabulary import ContributionKind, Seat

SETTING = Setting(datetime.fromisoformat("2026-11-30T16:00:00+00:00"), "America/Denver", "USD")


def tasks(text):
    return entries.parse(sheets.read_text(text), SETTING, entries.parse_task_line)


@pytest.mark.parametrize(
    ("typed", "mention"),
    [
        ("Ben Ortiz", Mention("", "Ben Ortiz")),
        ("@ben  ortiz", Mention("", "ben ortiz")),
        ("BEN@Elm.example", Mention("ben@elm.example", "")),
        ("mailto:ben@elm.example", Mention("ben@elm.example", "")),
        ("Ben Ortiz <ben@elm.example>", Mention("ben@elm.example", "Ben Ortiz")),
        ("Ben Ortiz (ben@elm.example)", Mention("ben@elm.example", "Ben Ortiz")),
    ],
)
def test_a_person_is_named_by_name_or_by_address(typed, mention):
    assert entries.parse_mention(typed) == mention


@pytest.mark.parametrize(
    ("typed", "seat"),
    [
        *(("Rep", Seat.REPRESENTATIVE), ("rep.", Seat.REPRESENTATIVE), ("Voting  Representative", Seat.REPRESENTATIVE)),
        *(("ALT", Seat.ALTERNATE), ("deputy", Seat.ALTERNATE), ("Member", Seat.MEMBER), ("", None), ("  ", None)),
    ],
)
def test_a_role_is_read_in_its_usual_words(typed, seat):
    assert entries.parse_seat(typed) is seat


def test_another_word_is_no_role():
    with pytest.raises(Refusal, match="“Superintendent” is not a role"):
        entries.parse_seat("Superintendent")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (("2026-12-04", "2026-12-04 00:00"), ["2026-12-04", "2026-12-04"]),
        (("12/4/2026", "12/15/2026"), ["2026-12-04", "2026-12-15"]),
        (("4.12.2026", "15.12.26"), ["2026-12-04", "2026-12-15"]),
        (("12/4/2026 0:00", "12/31/2026"), ["2026-12-04", "2026-12-31"]),
        (("Dec 4 2026", "4 December 2026"), ["2026-12-04", "2026-12-04"]),
    ],
)
def test_dates_of_a_column_are_read_alike(days, expected):
    read, problems = tasks("task,due\n" + "\n".join(f"a{n},{day}" for n, day in enumerate(days)))
    assert [str(entry.due_on) for entry in read] == expected and not problems


@pytest.mark.parametrize("days", [("12/4/2026",), ("12/15/2026", "15/12/2026", "12/4/2026")])
def test_dates_that_can_be_read_in_two_ways_are_problems(days):
    read, problems = tasks("task,due\n" + "\n".join(f"a{n},{day}" for n, day in enumerate(days)))
    assert [problem.line for problem in problems] == [len(days) + 1], "only the last day is in doubt"
    assert "could mean" in problems[0].sentence and len(read) == len(days) - 1


@pytest.mark.parametrize(
    ("line", "kind", "hours", "cents"),
    [
        ("hours,3,", ContributionKind.HOURS, 3.0, None),
        (",1.5,", ContributionKind.HOURS, 1.5, None),
        (',,"$1,200.50"', ContributionKind.MONEY, None, 120050),
        ("In kind,,200", ContributionKind.IN_KIND, None, 20000),
    ],
)
def test_a_contribution_has_hours_or_an_amount(line, kind, hours, cents):
    table = sheets.read_text(f"agency,what,kind,hours,amount,on\nElm,Gift,{line},2026-11-01")
    ((entry,), problems) = entries.parse(table, SETTING, entries.parse_given_line)
    assert (entry.kind, entry.hours, entry.cents, entry.on) == (kind, hours, cents, date(2026, 11, 1))
    assert not problems


def test_lines_that_cannot_be_read_are_all_named():
    _, problems = tasks("task,due,hours\na,someday,\n,,\n" + "b,,0.3\n,2026-12-04,\n" + "x" * 201 + ",,")
    assert [problem.line for problem in problems] == [2, 4, 5, 6]
