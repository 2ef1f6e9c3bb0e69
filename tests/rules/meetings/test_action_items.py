"""Action items as people type them into minutes."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.refusals import Refusal
from handlers.meetings.minutes.rules import ParsedAction, parse_actions

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
PEOPLE = (BEN, CLEO, ANN, ANNA)


def parse_one(line, people=PEOPLE):
    (action,) = parse_actions(line, people, NOW, "America/Denver")
    return action


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("@Ben draft the MOU", ParsedAction("draft the MOU", 1), id="a first name"),
        pytest.param(
            "@ben ortiz draft the MOU", ParsedAction("draft the MOU", 1), id="the whole name, in small letters"
        ),
        pytest.param("<@U2> draft the MOU", ParsedAction("draft the MOU", 2), id="a mention"),
        pytest.param("<@U2|cleo> draft the MOU", ParsedAction("draft the MOU", 2), id="a mention with a name"),
        pytest.param("Cleo: draft the MOU", ParsedAction("draft the MOU", 2), id="a name and a colon"),
        pytest.param(
            "@Anna Lee, call the trainers", ParsedAction("call the trainers", 4), id="the longest name that fits"
        ),
        pytest.param("@Ann call the trainers", ParsedAction("call the trainers", 3), id="a name within another"),
        pytest.param("Find a room", ParsedAction("Find a room"), id="without a person"),
        pytest.param(
            "Ben should know about it", ParsedAction("Ben should know about it"), id="a name without @ or colon"
        ),
        pytest.param("Note: find a room", ParsedAction("Note: find a room"), id="a colon after something else"),
        pytest.param(
            "@Ben draft the MOU, by 2026-12-10", ParsedAction("draft the MOU", 1, date(2026, 12, 10)), id="with a date"
        ),
        pytest.param(
            "@Ben draft the MOU by friday", ParsedAction("draft the MOU", 1, date(2026, 12, 4)), id="a weekday"
        ),
        pytest.param("@Ben draft it (by 10 dec)", ParsedAction("draft it", 1, date(2026, 12, 10)), id="in brackets"),
        pytest.param(
            "@Ben draft it, due: tomorrow.", ParsedAction("draft it", 1, date(2026, 12, 4)), id="due, with a period"
        ),
        pytest.param("@Ben draft it, by 2w", ParsedAction("draft it", 1, date(2026, 12, 17)), id="a span"),
        pytest.param(
            "@Ben draft it, by Thu, Dec 10, 2026", ParsedAction("draft it", 1, date(2026, 12, 10)), id="as written"
        ),
        pytest.param("@Ben draft it, half a day", ParsedAction("draft it", 1, None, 4.0), id="half a day of work"),
        pytest.param("@Ben draft it, 2 days", ParsedAction("draft it", 1, None, 16.0), id="two days of work"),
        pytest.param("@Ben stand by me", ParsedAction("stand by me", 1), id="by without a date"),
        pytest.param(
            "@Ben draft it, 6h, by friday", ParsedAction("draft it", 1, date(2026, 12, 4), 6.0), id="with hours"
        ),
        pytest.param("@Ben draft it (1,5 hours)", ParsedAction("draft it", 1, None, 1.5), id="hours in brackets"),
        pytest.param("- @Ben draft it", ParsedAction("draft it", 1), id="after a dash"),
        pytest.param("2. @Ben draft it", ParsedAction("draft it", 1), id="numbered"),
        pytest.param("Order tests, <@U2>", ParsedAction("Order tests", 2), id="after a comma"),
        pytest.param("Order tests – <@U2|cleo>", ParsedAction("Order tests", 2), id="after a dash"),
        pytest.param(
            "Order tests (<@U2>), by friday", ParsedAction("Order tests", 2, date(2026, 12, 4)), id="in parentheses"
        ),
        pytest.param("Order tests — <@U2>", ParsedAction("Order tests", 2), id="after an em dash"),
        pytest.param("Order tests: <@U2>, 6h", ParsedAction("Order tests", 2, None, 6.0), id="after a colon"),
        pytest.param("Order tests, by friday (<@U2>)", ParsedAction("Order tests", 2, date(2026, 12, 4)), id="at last"),
        pytest.param("Order tests, @Ben", ParsedAction("Order tests", 1), id="a typed name after a comma"),
        pytest.param("Order tests, <@ben|Ben Ortiz>", ParsedAction("Order tests", 1), id="a typed first name"),
        pytest.param("Order tests – <@ben|Ben> Ortiz", ParsedAction("Order tests", 1), id="a typed whole name"),
        pytest.param(
            "Order tests (@Ben Ortiz), by friday",
            ParsedAction("Order tests", 1, date(2026, 12, 4)),
            id="a typed name in parentheses",
        ),
        pytest.param("Order tests —@Ben.", ParsedAction("Order tests", 1), id="a typed name after an em dash"),
        pytest.param(
            "Ask, <@U2|Cleo Marchetti>, whether it fits",
            ParsedAction("Ask, Cleo Marchetti, whether it fits"),
            id="words follow a mention",
        ),
        pytest.param(
            "Ask, <@cleo|Cleo Marchetti>, whether it fits, by friday",
            ParsedAction("Ask, Cleo Marchetti, whether it fits", None, date(2026, 12, 4)),
            id="words follow a typed name",
        ),
        pytest.param("Order tests, <@U2>!", ParsedAction("Order tests", 2), id="before an exclamation mark"),
        pytest.param(
            "Order tests – <@U2> – by friday", ParsedAction("Order tests", 2, date(2026, 12, 4)), id="between dashes"
        ),
        pytest.param("Order tests (math, <@U2>)", ParsedAction("Order tests (math)", 2), id="at the end of a note"),
        pytest.param("See https://x.org/@ben", ParsedAction("See https://x.org/@ben"), id="a link"),
        pytest.param("Write to ben@example.org", ParsedAction("Write to ben@example.org"), id="an address"),
        pytest.param("Review the draft, <@ben|Ben Ortiz>'s", ParsedAction("Review the draft, Ben Ortiz's"), id="whose"),
        pytest.param(
            "Ask <@U2|Cleo Marchetti> about it", ParsedAction("Ask Cleo Marchetti about it"), id="within the words"
        ),
    ],
)
def test_a_line_is_parsed_as_people_write_it(line, expected):
    assert parse_one(line) == expected


@pytest.mark.parametrize(
    ("line", "people", "why"),
    [
        pytest.param("@Bob draft it", PEOPLE, "nobody in the consortium called “Bob”", id="a stranger"),
        pytest.param("<@U9> draft it", PEOPLE, "does not belong to the consortium", id="a mentioned stranger"),
        pytest.param("@Ben draft it", (BEN, OTHER_BEN), "@Ben Ortiz or @Ben Adler", id="two people with one name"),
        pytest.param("@Ben", PEOPLE, "does not say what", id="nothing to do"),
        pytest.param("Order tests <@U2>", PEOPLE, "Should Cleo Marchetti do “Order tests", id="a mention at the end"),
        pytest.param("Call <@U2> by friday", PEOPLE, "Should Cleo Marchetti do “Call", id="a mention before a day"),
        pytest.param("Order tests <@U2>", PEOPLE, "do “Order tests @Cleo”?", id="it says whom"),
        pytest.param("Call @Ben", PEOPLE, "Should Ben Ortiz do “Call @Ben”?", id="a typed name at the end"),
        pytest.param("Call <@ben|Ben> Ortiz, 2h", PEOPLE, "Should Ben Ortiz do “Call @Ben, 2h”?", id="a whole name"),
        pytest.param("Call (with @Ben)", PEOPLE, "Should Ben Ortiz do “Call (with @Ben)”?", id="with somebody"),
        pytest.param("Call, @Ben", (BEN, OTHER_BEN), "@Ben Ortiz or @Ben Adler", id="two people after a comma"),
        pytest.param("Call, @Bob", PEOPLE, "nobody in the consortium called “Bob”", id="a stranger after a comma"),
        pytest.param("Call (<@U9>)", PEOPLE, "does not belong to the consortium", id="a linked stranger after a sign"),
        pytest.param("Meet, @Ben, <@U2>", PEOPLE, "names several people", id="several people after a comma"),
        pytest.param("Meet, <@U2> and @Ben", PEOPLE, "names several people", id="several people and a comma"),
        pytest.param("@Ben , by friday", PEOPLE, "does not say what", id="only a date"),
        pytest.param(
            "@Ben draft it, by 2026-02-30", PEOPLE, "not a day in the calendar", id="a day that does not exist"
        ),
        pytest.param("@Ben draft it, by 2026-01-10", PEOPLE, "is in the past", id="a day in the past"),
        pytest.param("@Ben draft it, by 12/3", PEOPLE, "could mean Thu, Dec 3", id="an ambiguous day"),
        pytest.param("@Ben draft it, by whenever", PEOPLE, "could not read", id="no date after a comma"),
    ],
)
def test_a_line_that_cannot_be_parsed_is_refused_at_the_field_with_an_example(line, people, why):
    with pytest.raises(Refusal) as refused:
        parse_one(line, people)
    assert why in refused.value.sentence
    assert "@Ben draft the agreement, by 2026-12-10" in refused.value.sentence
    assert refused.value.field == "actions"


def test_each_line_is_an_action_and_empty_lines_are_skipped():
    actions = parse_actions("@Ben one\n\n  \n• two\n", PEOPLE, NOW, "America/Denver")
    assert [action.text for action in actions] == ["one", "two"]


def test_more_than_25_actions_are_refused():
    with pytest.raises(Refusal) as refused:
        parse_actions("do it\n" * 26, PEOPLE, NOW, "America/Denver")
    assert "room for 25" in refused.value.sentence


@given(st.text(max_size=200))
def test_any_text_is_either_parsed_or_refused(typed):
    with suppress(Refusal):
        assert all(action.text.strip() for action in parse_actions(typed, PEOPLE, NOW, "America/Denver"))


SEAN = Person(6, "U6", "Seán O’Neil")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("@Seán O'Neil draft the MOU", id="a straight apostrophe"),
        pytest.param("@Sea\u0301n  O’Neil draft the MOU", id="a decomposed accent and two spaces"),
        pytest.param("Sea\u0301n O’Neil\u200b: draft the MOU", id="a mark that shows nothing"),
        pytest.param("@sea\u0301n draft the MOU", id="the first name"),
    ],
)
def test_a_name_is_recognized_however_it_is_typed(line):
    assert parse_one(line, (*PEOPLE, SEAN)) == ParsedAction("draft the MOU", 6)


def test_a_name_by_itself_says_nothing_to_do():
    with pytest.raises(Refusal, match="does not say what to do"):
        parse_one("@Seán O'Neil", (*PEOPLE, SEAN))
