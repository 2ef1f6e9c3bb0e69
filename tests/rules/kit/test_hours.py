"""Hours as people type them."""

import pytest

from handlers.kit import hours
from handlers.kit.refusals import Refusal

EXAMPLE = '`/workload give hours:3 "Hosted the training"`'


@pytest.mark.parametrize(
    ("typed", "number", "most", "least"),
    [
        ("4", 4, 200, 0.25),
        ("1,5 h", 1.5, 200, 0.25),
        ("90m", 1.5, 200, 0.25),
        ("0", 0, 200, 0),
        ("200", 200, 200, 0),
        ("3hrs", 3, 200, 0.25),
        ("1h30", 1.5, 200, 0.25),
        ("1:30", 1.5, 200, 0.25),
        ("1 h 30 min", 1.5, 200, 0.25),
        ("half a day", 4, 200, 0.25),
        ("Half an hour", 0.5, 200, 0.25),
        ("2 days", 16, 200, 0.25),
        ("a day", 8, 200, 0.25),
        ("1d", 8, 200, 0.25),
        ("1.5 days", 12, 200, 0.25),
        ("a week", 40, 200, 0.25),
        ("45 minutes", 0.75, 200, 0.25),
    ],
)
def test_hours_are_parsed_in_quarters(typed, number, most, least):
    assert hours.parse_quarter_hours(typed, EXAMPLE, most=most, least=least) == number


@pytest.mark.parametrize(
    "typed", ["", "four", "a", "half", "3 o'clock", "1h75m5", "-1", "0", "0.3", "200.25", "1e3", "nan", "9" * 40, "=4"]
)
def test_anything_else_is_refused_with_an_example(typed):
    with pytest.raises(Refusal) as refused:
        hours.parse_quarter_hours(typed, EXAMPLE, "hours")
    assert EXAMPLE in refused.value.sentence and refused.value.field == "hours"
