"""Amounts of money as people type and read them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import money
from handlers.kit.refusals import Refusal

EXAMPLE = "`/workload give money:500 “For the buses”`"


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        pytest.param("500", 500_00, id="a whole amount"),
        pytest.param("$1,200", 1_200_00, id="with a sign and a comma between thousands"),
        pytest.param("1200.50", 1_200_50, id="with cents"),
        pytest.param("1,200.5", 1_200_50, id="with one decimal"),
        pytest.param("1.200,50", 1_200_50, id="as written in much of Europe"),
        pytest.param("1.234.567", 1_234_567_00, id="points between thousands"),
        pytest.param("1,5", 1_50, id="a comma before the cents"),
        pytest.param("1 200", 1_200_00, id="a space between thousands"),
        pytest.param("1\u202f200\u00a0USD", 1_200_00, id="narrow spaces and a code at the end"),
        pytest.param("1'200", 1_200_00, id="as written in Switzerland"),
        pytest.param("usd 12", 12_00, id="a code at the beginning"),
        pytest.param("US$12", 12_00, id="a long sign"),
        pytest.param(".5", 50, id="no whole part"),
        pytest.param("0.01", 1, id="the smallest"),
        pytest.param("100,000,000", 10_000_000_000, id="the largest"),
        pytest.param("12k", 12_000_00, id="thousands in short"),
        pytest.param("1.5K", 1_500_00, id="one and a half thousand"),
    ],
)
def test_amounts_are_parsed_as_people_write_them(typed, cents):
    assert money.parse_amount(typed, "USD", EXAMPLE) == cents


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        pytest.param("", "could not read", id="nothing"),
        pytest.param("$", "could not read", id="only a sign"),
        pytest.param("0", "greater than zero", id="zero"),
        pytest.param("-5", "greater than zero", id="negative"),
        pytest.param("-$5", "greater than zero", id="negative, with a sign"),
        pytest.param("0.00", "greater than zero", id="zero, with cents"),
        pytest.param("0.001", "fractions of a cent", id="a tenth of a cent"),
        pytest.param("0,125", "fractions of a cent", id="an eighth, with a comma"),
        pytest.param("12.3456", "fractions of a cent", id="four decimals"),
        pytest.param("1.200", "could mean `1200`", id="thousands or three decimals"),
        pytest.param("100,000,000.01", "more than a hundred million", id="a cent too much"),
        pytest.param("9" * 29, "more than a hundred million", id="enormous"),
        pytest.param("9" * 3000, "could not read", id="three thousand digits"),
        pytest.param("nan", "could not read", id="not a number"),
        pytest.param("inf", "could not read", id="infinite"),
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
def test_anything_else_is_refused_with_an_example(typed, part):
    with pytest.raises(Refusal) as refused:
        money.parse_amount(typed, "USD", EXAMPLE, "amount")
    assert part in refused.value.sentence
    assert EXAMPLE in refused.value.sentence
    assert refused.value.field == "amount"


@given(st.integers(1, money.MAX_CENTS), st.sampled_from(["USD", "EUR", "GBP", "CHF", "SEK"]))
def test_a_written_amount_is_parsed_as_the_same_amount(cents, currency):
    assert money.parse_amount(money.format_amount(cents, currency), currency, EXAMPLE) == cents
    assert money.parse_amount(money.format_amount_for_input(cents), currency, EXAMPLE) == cents


@given(st.text(alphabet="0123456789.,-+ $€kKUSDe\u00a0'x", max_size=20))
def test_any_text_is_parsed_within_bounds_or_refused(typed):
    with suppress(Refusal):
        cents = money.parse_amount(typed, "USD", EXAMPLE)
        assert isinstance(cents, int) and 0 < cents <= money.MAX_CENTS


def test_an_amount_is_written_with_its_sign_or_code_and_with_its_cents():
    assert money.format_amount(1_200_00, "USD") == "$1,200"
    assert money.format_amount(12_50, "EUR") == "€12.50"
    assert money.format_amount(5, "CHF") == "CHF 0.05"
