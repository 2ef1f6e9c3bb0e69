"""Agencies and people parsed from a table, and the names, weights, and domains in it."""

# ruff: noqa: PT017 - a table may be parsed or refused

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.members import rules
from handlers.members.csv_import import parse_table
from storage.vocabulary import Seat


def person(user, name, email):
    return Person("T1", user, name, email, "UTC", bot=False, deleted=False)


BEN = person("U2", "Ben Ortiz", "ben@elm.example")
CLEO = person("U3", "Cleo Young", "cleo@birch.example")
OTHER_BEN = person("U4", "Ben Adams", None)
PEOPLE = [BEN, CLEO, OTHER_BEN]


def rows(table):
    return [(row.agency, row.person, row.seat) for row in parse_table(table, PEOPLE)]


def refused(table):
    with pytest.raises(Refusal) as caught:
        parse_table(table, PEOPLE)
    assert caught.value.field == "table"
    return caught.value.sentence


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param(
            "agency,person,role\nElm,Ben Ortiz,representative\nBirch,Cleo Young,alternate",
            [("Elm", BEN, Seat.REPRESENTATIVE), ("Birch", CLEO, Seat.ALTERNATE)],
            id="people by name",
        ),
        pytest.param(
            "agency,email\nElm,BEN@elm.example", [("Elm", BEN, Seat.MEMBER)], id="people by email, members by default"
        ),
        pytest.param(
            "agency,e-mail\nElm,ben@elm.example", [("Elm", BEN, Seat.MEMBER)], id="the other spelling of email"
        ),
        pytest.param(
            "agency,name,email\nElm,Ben,ben@elm.example",
            [("Elm", BEN, Seat.MEMBER)],
            id="the email comes before the name",
        ),
        pytest.param(
            "agency,person\nBirch,Cleo", [("Birch", CLEO, Seat.MEMBER)], id="a first name that only one person has"
        ),
        pytest.param("agency,person\nBirch,@cleo young", [("Birch", CLEO, Seat.MEMBER)], id="a mentioned name"),
        pytest.param("agency;person\nElm;Ben Ortiz", [("Elm", BEN, Seat.MEMBER)], id="semicolons"),
        pytest.param("agency\tperson\nElm\tBen Ortiz", [("Elm", BEN, Seat.MEMBER)], id="tabs"),
        pytest.param(
            'agency,person\n"Elm, North",Ben Ortiz',
            [("Elm, North", BEN, Seat.MEMBER)],
            id="quotes keep commas together",
        ),
        pytest.param('agency, person\nElm, "Ben Ortiz"', [("Elm", BEN, Seat.MEMBER)], id="spaces after commas"),
        pytest.param("\ufeffagency,person\nElm,Ben Ortiz", [("Elm", BEN, Seat.MEMBER)], id="a byte order mark"),
        pytest.param("Agency,Person\r\nElm,Ben Ortiz\r\n", [("Elm", BEN, Seat.MEMBER)], id="line ends of Windows"),
        pytest.param("agency,person\rElm,Ben Ortiz\r", [("Elm", BEN, Seat.MEMBER)], id="line ends of old Macs"),
        pytest.param(
            "agency\nElm\nBirch", [("Elm", None, Seat.MEMBER), ("Birch", None, Seat.MEMBER)], id="only agencies"
        ),
        pytest.param("agency,person\nElm", [("Elm", None, Seat.MEMBER)], id="a short line"),
        pytest.param("agency,person\n\nElm,\n,\n", [("Elm", None, Seat.MEMBER)], id="empty lines"),
        pytest.param(
            "agency,person,role\nElm,Cleo,REPRESENTATIVE", [("Elm", CLEO, Seat.REPRESENTATIVE)], id="capital letters"
        ),
        pytest.param("agency,person,role", [], id="only the names of the columns"),
    ],
)
def test_tables_are_parsed_in_the_forms_that_people_paste(table, expected):
    assert rows(table) == expected


def test_weight_and_domain_are_parsed_and_are_none_when_left_out():
    table = "agency;weight;domain\nElm;2,5;@Elm.K12.example\nBirch;;"
    assert [(row.weight, row.domain) for row in parse_table(table, PEOPLE)] == [(2.5, "elm.k12.example"), (None, None)]


@pytest.mark.parametrize(
    ("table", "part"),
    [
        pytest.param("", "first line has to name the columns", id="an empty table"),
        pytest.param("Elm,Ben Ortiz\nBirch,Cleo", "first line has to name the columns", id="no names of columns"),
        pytest.param("person,role\nBen,member", "first line has to name the columns", id="no column for agencies"),
        pytest.param("agency,person,shoe\nElm,Ben,42", "I do not know these columns: shoe", id="an unknown column"),
        pytest.param("agency,person\nElm,Ben Ortiz,member", "Line 2 has more cells", id="more cells than columns"),
        pytest.param(
            "agency,person\nElm, North,Ben", "Put text that contains a comma in quotes", id="a comma without quotes"
        ),
        pytest.param(
            "agency,person\nElm,Cleo\n\nElm,Nobody",
            "Line 4: There is nobody called “Nobody” in Slack",
            id="empty lines are counted",
        ),
        pytest.param(
            "agency,person\nElm,Ben", "Line 2: “Ben” could be several people", id="a first name that two people have"
        ),
        pytest.param("agency,person\nElm,@", "Line 2: There is nobody called “@” in Slack", id="a mention of nobody"),
        pytest.param("agency,person,role\nElm,Cleo,boss", "Line 2: “boss” is not a role", id="an unknown role"),
        pytest.param("agency,person\n,Cleo", "Line 2: The agency needs a name", id="a line without an agency"),
        pytest.param(
            "agency,weight\nElm,heavy", "as a weight. A weight is a number", id="a weight that is not a number"
        ),
        pytest.param("agency,weight\nElm,-1", "as a weight. A weight is a number", id="a negative weight"),
        pytest.param("agency,weight\nElm,nan", "as a weight. A weight is a number", id="not a number"),
        pytest.param("agency,domain\nElm,elm", "Line 2: “elm” is not an email domain", id="a domain without a dot"),
        pytest.param(f"agency\n{'E' * 81}", "Line 2: That name has 81 characters", id="a long name"),
        pytest.param(f"agency\n{'E' * 200_000}", "Line", id="an enormous cell"),
    ],
)
def test_a_table_that_cannot_be_parsed_is_refused_with_its_line(table, part):
    sentence = refused(table)
    assert part in sentence
    assert "!" not in sentence
    assert "<" not in sentence


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(st.sampled_from('agency,;\t\n\r" Ben@'), max_size=40).map("agency,person\n".__add__),
    )
)
def test_any_table_is_parsed_or_refused(table):
    try:
        parsed = parse_table(table, PEOPLE)
    except Refusal as refusal:
        assert refusal.field == "table"
    else:
        assert all(row.agency for row in parsed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("elm.k12.example", "elm.k12.example"),
        ("@Elm.example", "elm.example"),
        ("www.elm.example", "elm.example"),
        ("https://elm.example/", "elm.example"),
        ("", None),
    ],
)
def test_a_domain_is_parsed_from_an_address_or_a_link(typed, expected):
    assert rules.domain(typed) == expected


@pytest.mark.parametrize(("typed", "expected"), [("2", 2), ("0.5", 0.5), ("0,5", 0.5), ("0", 0)])
def test_a_weight_is_a_number_with_a_point_or_a_comma(typed, expected):
    assert rules.weight(typed) == expected


@pytest.mark.parametrize("typed", ["", "-1", "inf", "1001", "two"])
def test_any_other_weight_is_refused(typed):
    with pytest.raises(Refusal, match="never changes an agency's voice"):
        rules.weight(typed)


@pytest.mark.parametrize("typed", ["", "   ", "---", "\u202e"])
def test_a_name_needs_a_letter_or_a_number(typed):
    with pytest.raises(Refusal, match="needs a name"):
        rules.name(typed, "agency", rules.AGENCY_EXAMPLE)
