"""The cells of a line, as values: people, seats, dates, and what contradicts what."""

from datetime import date, datetime

import pytest

from handlers.imports.rules import entries, sheets
from handlers.imports.rules.entries import Mention, Setting
from handlers.kit.refusals import Refusal
from storage.vocabulary import ContributionKind, Seat

SETTING = Setting(datetime.fromisoformat("2026-11-30T16:00:00+00:00"), "America/Denver", "USD")


def people(text):
    return entries.parse(sheets.read_text(text), SETTING, entries.parse_people_line)


def given(days, today="2026-11-30"):
    table = sheets.read_text("agency,what,hours,on\n" + "\n".join(f"Elm,Gift,1,{day}" for day in days))
    setting = Setting(datetime.fromisoformat(f"{today}T16:00:00+00:00"), "America/Denver", "USD")
    return entries.parse(table, setting, entries.parse_given_line)


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
    assert "Write 2026-12-04 for Fri, Dec 4, 2026 or 2026-04-12" in problems[0].sentence and len(read) == len(days) - 1


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


# who is meant ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ("agency,email\nElm,finn@x.example; gus@x.example", "several people: “finn@x.example” and “gus@x.example”"),
        ("name\nfinn@x.example and gus@x.example", "One cell names several people"),
        ("name,email\nGus <gus@x.example>,finn@x.example", "two addresses for one person"),
        ("name\n#REF!", "A formula of this line has no value: “#REF!”."),
        ("agency,ended\nElm,maybe", "“maybe” does not say whether this has ended."),
        ("name,role\nFinn,yes", "“yes” is not a role."),
    ],
)
def test_a_line_that_contradicts_itself_is_a_problem(table, part):
    read, problems = people(table)
    assert not read
    assert part in problems[0].sentence


def test_an_address_twice_in_a_cell_is_one_person():
    ((entry,), problems) = people("name,email\nGus <gus@x.example>,GUS\u200b@x.example mailto:gus@x.example")
    assert entry.people == (Mention("gus@x.example", "Gus"),)
    assert not problems


@pytest.mark.parametrize(
    ("cell", "ended"),
    [
        *(("no", False), ("FALSE", False), ("0", False), ("", False), ("-", False), ("2027-01-01", False)),
        *(("yes", True), ("TRUE", True), ("x", True), ("2026-01-01", True), ("2026-01-01 17:00", True)),
    ],
)
def test_whether_an_agency_has_ended_is_read_from_the_word(cell, ended):
    ((entry,), _) = people(f"agency,ended\nElm,{cell}")
    assert entry.ended is ended


@pytest.mark.parametrize("heading", ["Rep?", "Representative?", "rep"])
def test_a_column_may_ask_who_is_the_representative(heading):
    read, problems = people(f"name,{heading}\nFinn,yes\nGus,No\nEva,\nBen,alternate")
    said = [(who.seat, who.not_representative) for entry in read for who in entry.people]
    assert said == [(Seat.REPRESENTATIVE, False), (None, True), (None, False), (Seat.ALTERNATE, False)]
    assert not problems


@pytest.mark.parametrize("other", ["O’Neil Schools", "o'neil  schools", "O'Neil\u200b Schools"])
def test_names_that_look_the_same_are_the_same_agency(other):
    read, _ = people(f"agency,weight\nO'Neil Schools,2\n{other},3")
    problems = entries.find_contradictions(read)
    assert {problem.sentence for problem in problems} == {"Lines 2 and 3 give this agency different weights: 2 and 3."}
    assert [problem.line for problem in problems] == [2, 3]


def test_a_line_with_two_representatives_is_a_problem():
    read, _ = people("agency,name,role,representative\nElm,Finn,rep,Gus")
    (problem,) = entries.find_contradictions(read)
    assert problem.sentence == (
        "This line names several people as the representative of this agency. An agency has one."
    )


# days and hours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["1/12/2026"], ["2026-01-12"]),
        (["1/12/2026", "2/3/2026"], ["2026-01-12", "2026-02-03"]),
        (["12/1/2026", "2/3/2026"], ["2026-01-12", "2026-03-02"]),
        (["13/1/2026", "2/3/2026", "2.3.2026", "3.13.2026"], ["2026-01-13", "2026-03-02", "2026-02-03", "2026-03-13"]),
    ],
)
def test_nothing_was_given_on_a_day_still_to_come(days, expected):
    read, problems = given(days)
    assert [str(entry.on) for entry in read] == expected
    assert not problems


def test_a_day_that_can_be_read_in_two_ways_is_named_with_what_to_write():
    _, (problem,) = given(["2/3/2026"])
    assert problem.sentence == (
        "“2/3/2026” can be read in several ways. Write 2026-02-03 for Tue, Feb 3, 2026 or 2026-03-02 for "
        "Mon, Mar 2, 2026."
    )


@pytest.mark.parametrize(("cell", "hours"), [("1:30", 1.5), ("26:00", 26), ("26:00:00", 26), ("0:15", 0.25)])
def test_hours_may_be_written_as_a_spreadsheet_writes_them(cell, hours):
    ((entry,), _) = tasks(f"task,hours\nBook the room,{cell}")
    assert entry.hours == hours
