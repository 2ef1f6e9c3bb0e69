"""Action items as people write them into minutes."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.refusals import Refusal
from handlers.meetings.minutes.rules import Action, read

NOW = datetime(2026, 12, 3, 22, tzinfo=UTC)
"""A Thursday, 15:00 in Denver."""


@dataclass(frozen=True)
class Person:
    id: int
    user_id: str
    name: str


BEN = Person(1, "U1", "Ben Ortiz")
CLEO = Person(2, "U2", "Cleo Marchetti")
ANN, ANNA = Person(3, "U3", "Ann Lee"), Person(4, "U4", "Anna Lee")
OTHER_BEN = Person(5, "U5", "Ben Adler")
KNOWN = (BEN, CLEO, ANN, ANNA)


def one(line, known=KNOWN):
    (action,) = read(line, known, NOW, "America/Denver")
    return action


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("@Ben draft the MOU", Action("draft the MOU", 1), id="a first name"),
        pytest.param("@ben ortiz draft the MOU", Action("draft the MOU", 1), id="the whole name, in small letters"),
        pytest.param("<@U2> draft the MOU", Action("draft the MOU", 2), id="a mention"),
        pytest.param("<@U2|cleo> draft the MOU", Action("draft the MOU", 2), id="a mention with a name"),
        pytest.param("Cleo: draft the MOU", Action("draft the MOU", 2), id="a name and a colon"),
        pytest.param("@Anna Lee, call the trainers", Action("call the trainers", 4), id="the longest name that fits"),
        pytest.param("@Ann call the trainers", Action("call the trainers", 3), id="a name within another"),
        pytest.param("Find a room", Action("Find a room"), id="nobody's yet"),
        pytest.param("Ben should know about it", Action("Ben should know about it"), id="a name without a sign"),
        pytest.param("Note: find a room", Action("Note: find a room"), id="a colon behind no name"),
        pytest.param(
            "@Ben draft the MOU, by 2026-12-10", Action("draft the MOU", 1, date(2026, 12, 10)), id="with a date"
        ),
        pytest.param("@Ben draft the MOU by friday", Action("draft the MOU", 1, date(2026, 12, 4)), id="a weekday"),
        pytest.param("@Ben draft it (by 10 dec)", Action("draft it", 1, date(2026, 12, 10)), id="in brackets"),
        pytest.param("@Ben draft it, due: tomorrow.", Action("draft it", 1, date(2026, 12, 4)), id="due, and a stop"),
        pytest.param("@Ben draft it, by 2w", Action("draft it", 1, date(2026, 12, 17)), id="a span"),
        pytest.param("@Ben stand by me", Action("stand by me", 1), id="a by that is no date"),
        pytest.param("@Ben draft it, 6h, by friday", Action("draft it", 1, date(2026, 12, 4), 6.0), id="with hours"),
        pytest.param("@Ben draft it (1,5 hours)", Action("draft it", 1, None, 1.5), id="hours in brackets"),
        pytest.param("- @Ben draft it", Action("draft it", 1), id="behind a dash"),
        pytest.param("2. @Ben draft it", Action("draft it", 1), id="numbered"),
    ],
)
def test_a_line_is_read_kindly(line, expected):
    assert one(line) == expected


@pytest.mark.parametrize(
    ("line", "known", "why"),
    [
        pytest.param("@Bob draft it", KNOWN, "nobody in the consortium called “Bob”", id="a stranger"),
        pytest.param("<@U9> draft it", KNOWN, "does not belong to the consortium", id="a mentioned stranger"),
        pytest.param("@Ben draft it", (BEN, OTHER_BEN), "@Ben Ortiz or @Ben Adler", id="two of one name"),
        pytest.param("@Ben", KNOWN, "does not say what", id="nothing to do"),
        pytest.param("@Ben , by friday", KNOWN, "does not say what", id="only a date"),
        pytest.param(
            "@Ben draft it, by 2026-02-30", KNOWN, "not a day in the calendar", id="a day that does not exist"
        ),
        pytest.param("@Ben draft it, by 2026-01-10", KNOWN, "is in the past", id="a day that is past"),
        pytest.param("@Ben draft it, by 12/3", KNOWN, "two dates", id="a day that can be read in two ways"),
        pytest.param("@Ben draft it, by whenever", KNOWN, "could not read", id="behind a comma a date is meant"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_field_with_an_example(line, known, why):
    with pytest.raises(Refusal) as refused:
        one(line, known)
    assert why in refused.value.sentence
    assert "@Ben draft the agreement, by 2026-12-10" in refused.value.sentence
    assert refused.value.field == "actions"


def test_each_line_is_one_and_empty_ones_are_none():
    made = read("@Ben one\n\n  \n• two\n", KNOWN, NOW, "America/Denver")
    assert [action.text for action in made] == ["one", "two"]


def test_there_is_room_for_so_many():
    with pytest.raises(Refusal) as refused:
        read("do it\n" * 26, KNOWN, NOW, "America/Denver")
    assert "room for 25" in refused.value.sentence


@given(st.text(max_size=200))
def test_whatever_is_written_is_read_or_refused_kindly(typed):
    with suppress(Refusal):
        assert all(action.text.strip() for action in read(typed, KNOWN, NOW, "America/Denver"))
