"""Agencies and people read from a table."""

# ruff: noqa: PT017 - that it is read and that it is answered are both right

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
    ("table", "found"),
    [
        pytest.param(
            "agency,person,role\nElm,Ben Ortiz,representative\nBirch,Cleo Young,alternate",
            [("Elm", BEN, Seat.REPRESENTATIVE), ("Birch", CLEO, Seat.ALTERNATE)],
            id="people by name",
        ),
        pytest.param(
            "agency,email\nElm,BEN@elm.example", [("Elm", BEN, Seat.MEMBER)], id="people by e-mail, members unless said"
        ),
        pytest.param(
            "agency,e-mail\nElm,ben@elm.example", [("Elm", BEN, Seat.MEMBER)], id="the other spelling of e-mail"
        ),
        pytest.param(
            "agency,name,email\nElm,Ben,ben@elm.example", [("Elm", BEN, Seat.MEMBER)], id="the e-mail before the name"
        ),
        pytest.param("agency,person\nBirch,Cleo", [("Birch", CLEO, Seat.MEMBER)], id="a first name that only one has"),
        pytest.param(
            "agency,person\nBirch,@cleo young", [("Birch", CLEO, Seat.MEMBER)], id="a name as it is mentioned"
        ),
        pytest.param("agency;person\nElm;Ben Ortiz", [("Elm", BEN, Seat.MEMBER)], id="semicolons"),
        pytest.param("agency\tperson\nElm\tBen Ortiz", [("Elm", BEN, Seat.MEMBER)], id="tabs"),
        pytest.param(
            'agency,person\n"Elm, North",Ben Ortiz',
            [("Elm, North", BEN, Seat.MEMBER)],
            id="quotes keep commas together",
        ),
        pytest.param('agency, person\nElm, "Ben Ortiz"', [("Elm", BEN, Seat.MEMBER)], id="spaces behind commas"),
        pytest.param("\ufeffagency,person\nElm,Ben Ortiz", [("Elm", BEN, Seat.MEMBER)], id="the mark of a spreadsheet"),
        pytest.param(
            "Agency,Person\r\nElm,Ben Ortiz\r\n", [("Elm", BEN, Seat.MEMBER)], id="lines as Windows ends them"
        ),
        pytest.param("agency,person\rElm,Ben Ortiz\r", [("Elm", BEN, Seat.MEMBER)], id="lines as old Macs end them"),
        pytest.param(
            "agency\nElm\nBirch", [("Elm", None, Seat.MEMBER), ("Birch", None, Seat.MEMBER)], id="agencies alone"
        ),
        pytest.param("agency,person\nElm", [("Elm", None, Seat.MEMBER)], id="a line that ends early"),
        pytest.param("agency,person\n\nElm,\n,\n", [("Elm", None, Seat.MEMBER)], id="empty lines"),
        pytest.param(
            "agency,person,role\nElm,Cleo,REPRESENTATIVE", [("Elm", CLEO, Seat.REPRESENTATIVE)], id="capital letters"
        ),
        pytest.param("agency,person,role", [], id="the columns' names alone"),
    ],
)
def test_what_can_be_read(table, found):
    assert rows(table) == found


def test_weight_and_domain_are_read_and_left_alone_where_they_are_not_given():
    table = "agency;weight;domain\nElm;2,5;@Elm.K12.example\nBirch;;"
    assert [(row.weight, row.domain) for row in parse_table(table, PEOPLE)] == [(2.5, "elm.k12.example"), (None, None)]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        pytest.param("", "first line has to name the columns", id="nothing"),
        pytest.param("Elm,Ben Ortiz\nBirch,Cleo", "first line has to name the columns", id="no columns' names"),
        pytest.param("person,role\nBen,member", "first line has to name the columns", id="no column of agencies"),
        pytest.param("agency,person,shoe\nElm,Ben,42", "I do not know these columns: shoe", id="an unknown column"),
        pytest.param("agency,person\nElm,Ben Ortiz,member", "Line 2 has more cells", id="more cells than columns"),
        pytest.param("agency,person\nElm, North,Ben", "Put text that contains a comma in quotes", id="a comma without quotes"),
        pytest.param(
            "agency,person\nElm,Cleo\n\nElm,Nobody", "Line 4: There is nobody called “Nobody” in Slack", id="lines as they are counted"
        ),
        pytest.param(
            "agency,person\nElm,Ben", "Line 2: “Ben” could be several people", id="a first name that two have"
        ),
        pytest.param("agency,person\nElm,@", "Line 2: There is nobody called “@” in Slack", id="a mention of nobody"),
        pytest.param("agency,person,role\nElm,Cleo,boss", "Line 2: “boss” is not a role", id="an unknown role"),
        pytest.param("agency,person\n,Cleo", "Line 2: The agency needs a name", id="a line without an agency"),
        pytest.param("agency,weight\nElm,heavy", "as a weight. A weight is a number", id="a weight that is no number"),
        pytest.param("agency,weight\nElm,-1", "as a weight. A weight is a number", id="a weight below nothing"),
        pytest.param("agency,weight\nElm,nan", "as a weight. A weight is a number", id="a weight that only computers know"),
        pytest.param("agency,domain\nElm,elm", "Line 2: “elm” is not an email domain", id="a domain that is none"),
        pytest.param(f"agency\n{'E' * 81}", "Line 2: That name has 81 characters", id="a long name"),
        pytest.param(f"agency\n{'E' * 200_000}", "Line", id="a cell beyond all measure"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(table, said):
    sentence = refused(table)
    assert said in sentence
    assert "!" not in sentence
    assert "<" not in sentence


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(st.sampled_from('agency,;\t\n\r" Ben@'), max_size=40).map("agency,person\n".__add__),
    )
)
def test_whatever_is_sent_is_read_or_answered(table):
    try:
        found = parse_table(table, PEOPLE)
    except Refusal as refusal:
        assert refusal.field == "table"
    else:
        assert all(row.agency for row in found)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("elm.k12.example", "elm.k12.example"),
        ("@Elm.example", "elm.example"),
        ("www.elm.example", "elm.example"),
        ("https://elm.example/", "elm.example"),
        ("", None),
    ],
)
def test_domains(typed, found):
    assert rules.domain(typed) == found


@pytest.mark.parametrize(("typed", "found"), [("2", 2), ("0.5", 0.5), ("0,5", 0.5), ("0", 0)])
def test_weights(typed, found):
    assert rules.weight(typed) == found


@pytest.mark.parametrize("typed", ["", "-1", "inf", "1001", "two"])
def test_weights_that_are_none_are_refused(typed):
    with pytest.raises(Refusal, match="never changes an agency's voice"):
        rules.weight(typed)


@pytest.mark.parametrize("typed", ["", "   ", "---", "\u202e"])
def test_a_name_has_a_letter_or_a_number(typed):
    with pytest.raises(Refusal, match="needs a name"):
        rules.name(typed, "agency", rules.AGENCY_EXAMPLE)
