"""How amounts, hours, terms and days are read, and whose turn a role is."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.contributions import rules
from handlers.funding import rules as money
from handlers.kit import command_text
from handlers.kit import hours as kit_hours
from handlers.kit import money as kit_money
from handlers.kit.refusals import Refusal
from handlers.roles import rules as roles_rules
from handlers.roles.rules import Candidate

EXAMPLE = "`/workload give money:500 “For the buses”`"
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        pytest.param("500", 500_00, id="a whole amount"),
        pytest.param("$1,200", 1_200_00, id="with a sign and a comma between thousands"),
        pytest.param("1200.50", 1_200_50, id="with cents"),
        pytest.param("1,200.5", 1_200_50, id="with one decimal"),
        pytest.param("1.200,50", 1_200_50, id="as much of Europe writes"),
        pytest.param("1.234.567", 1_234_567_00, id="points between thousands"),
        pytest.param("1,5", 1_50, id="a comma before the cents"),
        pytest.param("1 200", 1_200_00, id="a space between thousands"),
        pytest.param("1\u202f200\u00a0USD", 1_200_00, id="narrow spaces and a code behind"),
        pytest.param("1'200", 1_200_00, id="as the Swiss write"),
        pytest.param("usd 12", 12_00, id="a code before"),
        pytest.param("US$12", 12_00, id="a long sign"),
        pytest.param(".5", 50, id="no whole part"),
        pytest.param("0.01", 1, id="the least"),
        pytest.param("100,000,000", 10_000_000_000, id="the most"),
        pytest.param("12k", 12_000_00, id="thousands in short"),
        pytest.param("1.5K", 1_500_00, id="one and a half thousand"),
    ],
)
def test_an_amount_is_read_as_people_write_it_in_whole_cents(typed, cents):
    assert kit_money.read(typed, "USD", EXAMPLE) == cents


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        pytest.param("", "could not read", id="nothing"),
        pytest.param("$", "could not read", id="only a sign"),
        pytest.param("0", "more than nothing", id="none"),
        pytest.param("-5", "more than nothing", id="less than none"),
        pytest.param("-$5", "more than nothing", id="less than none, with a sign"),
        pytest.param("0.00", "more than nothing", id="none, with cents"),
        pytest.param("0.001", "fractions of a cent", id="a tenth of a cent"),
        pytest.param("0,125", "fractions of a cent", id="an eighth, with a comma"),
        pytest.param("12.3456", "fractions of a cent", id="four decimals"),
        pytest.param("1.200", "two ways: `1200`", id="thousands or three decimals"),
        pytest.param("100,000,000.01", "more than a hundred million", id="a cent too much"),
        pytest.param("9" * 29, "more than a hundred million", id="enormous"),
        pytest.param("9" * 3000, "could not read", id="three thousand digits"),
        pytest.param("nan", "could not read", id="no number"),
        pytest.param("inf", "could not read", id="endless"),
        pytest.param("1e9", "could not read", id="powers of ten"),
        pytest.param("0x10", "could not read", id="another base"),
        pytest.param("=1+1", "could not read", id="a formula"),
        pytest.param("1 2", "could not read", id="two numbers"),
        pytest.param("1$2", "could not read", id="a sign in the middle"),
        pytest.param("1,2,3", "could not read", id="commas anywhere"),
        pytest.param("1,200,50", "could not read", id="the same mark for thousands and cents"),
        pytest.param("five", "could not read", id="words"),
        pytest.param("5 %", "could not read", id="percent"),
        pytest.param("１２", "could not read", id="wide digits"),
        pytest.param("€5", "Amounts here are in USD", id="another currency's sign"),
        pytest.param("CHF 5", "Amounts here are in USD", id="another currency's code"),
    ],
)
def test_what_is_no_amount_is_answered_with_an_example(typed, part):
    with pytest.raises(Refusal) as refused:
        kit_money.read(typed, "USD", EXAMPLE, "amount")
    assert part in refused.value.sentence
    assert EXAMPLE in refused.value.sentence
    assert refused.value.field == "amount"


@given(st.integers(1, kit_money.MOST), st.sampled_from(["USD", "EUR", "GBP", "CHF", "SEK"]))
def test_an_amount_as_it_is_written_is_read_as_the_same(cents, currency):
    assert kit_money.read(kit_money.written(cents, currency), currency, EXAMPLE) == cents
    assert kit_money.read(kit_money.plain(cents), currency, EXAMPLE) == cents


@given(st.text(alphabet="0123456789.,-+ $€kKUSDe\u00a0'x", max_size=20))
def test_whatever_is_typed_as_an_amount_is_read_within_bounds_or_refused(typed):
    with suppress(Refusal):
        found = kit_money.read(typed, "USD", EXAMPLE)
        assert isinstance(found, int) and 0 < found <= kit_money.MOST


def test_an_amount_is_written_with_its_sign_or_code_and_cents_where_there_are_any():
    assert kit_money.written(1_200_00, "USD") == "$1,200"
    assert kit_money.written(12_50, "EUR") == "€12.50"
    assert kit_money.written(5, "CHF") == "CHF 0.05"


@pytest.mark.parametrize(
    ("typed", "hours", "most", "least"),
    [("4", 4, 200, 0.25), ("1,5 h", 1.5, 200, 0.25), ("90m", 1.5, 200, 0.25), ("0", 0, 200, 0), ("200", 200, 200, 0)],
)
def test_hours_are_read_in_quarters(typed, hours, most, least):
    assert kit_hours.quarter_hours(typed, EXAMPLE, most=most, least=least) == hours


@pytest.mark.parametrize("typed", ["", "four", "-1", "0", "0.3", "200.25", "1e3", "nan", "9" * 40, "=4"])
def test_hours_that_cannot_be_are_answered_with_an_example(typed):
    with pytest.raises(Refusal) as refused:
        kit_hours.quarter_hours(typed, EXAMPLE, "hours")
    assert EXAMPLE in refused.value.sentence and refused.value.field == "hours"


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("2026", "2026"),
        (" 2026-27 ", "2026-27"),
        ("2026/27", "2026-27"),
        ("2026–2027", "2026-27"),
        ("2099-00", "2099-00"),
    ],
)
def test_a_term_is_a_year_or_a_school_year(typed, term):
    assert money.term(typed, EXAMPLE) == term


@pytest.mark.parametrize("typed", ["", "26", "1999", "2026-28", "2027-26", "next year", "20266", "=2026", "２０２６"])
def test_other_terms_are_answered_with_an_example(typed):
    with pytest.raises(Refusal, match="as a term"):
        money.term(typed, EXAMPLE)


def test_days_are_bounded_in_both_directions():
    assert rules.past_day(TODAY, TODAY, EXAMPLE) == roles_rules.last_day(TODAY, TODAY, EXAMPLE) == TODAY
    day = timedelta(days=1)
    for check, on, part in (
        (rules.past_day, TODAY + day, "in the future"),
        (rules.past_day, TODAY - roles_rules.FARTHEST - day, "more than three years ago"),
        (roles_rules.last_day, TODAY - day, "already passed"),
        (roles_rules.last_day, TODAY + roles_rules.FARTHEST + day, "more than three years away"),
    ):
        with pytest.raises(Refusal, match=part):
            check(on, TODAY, EXAMPLE)


def test_words_are_cleaned_and_neither_empty_nor_endless():
    assert command_text.short_text("  Note-\u202etaker\x00 ", "which role", EXAMPLE, 80) == "Note-taker"
    for typed, part in (("", "in a few words"), ("…!", "in a few words"), ("x" * 3000, "3,000 characters")):
        with pytest.raises(Refusal, match=part):
            command_text.short_text(typed, "which role", EXAMPLE, 80)


# whose turn --------------------------------------------------------------------------------------------

LONG_AGO, LATELY = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
candidates = st.lists(
    st.builds(
        Candidate,
        member_id=st.integers(1, 99),
        name=st.sampled_from(["Ana", "ben", "Cleo"]),
        agency_id=st.integers(1, 4),
        load=st.integers(0, 40).map(float),
    ),
    max_size=8,
)


def test_a_role_goes_to_agencies_that_never_held_it_then_to_the_one_longest_ago_and_there_to_who_carries_least():
    people = [
        Candidate(1, "Ana", 1, 2.0),
        Candidate(2, "Ben", 1, 1.0),
        Candidate(3, "Cleo", 2, 0.0),
        Candidate(4, "Eva", 3, 30.0),
        Candidate(5, "Finn", 3, 30.0),
        Candidate(6, "Gus", 4, 5.0),
    ]
    turns = {1: LONG_AGO, 2: LATELY}
    assert [one.name for one in roles_rules.followers(people, turns)] == ["Gus", "Eva", "Finn", "Ben", "Ana", "Cleo"]
    assert roles_rules.followers([], turns) == []


@given(candidates, st.dictionaries(st.integers(1, 4), st.sampled_from([LONG_AGO, LATELY])))
def test_nobody_is_lost_in_the_turns_and_no_load_outweighs_a_turn(people, turns):
    ordered = roles_rules.followers(people, turns)
    assert sorted(map(repr, ordered)) == sorted(map(repr, people))
    for one, other in pairwise(ordered):
        first, second = turns.get(one.agency_id), turns.get(other.agency_id)
        assert first == second or first is None or (second is not None and first < second)
        if first == second:
            assert one.load <= other.load
