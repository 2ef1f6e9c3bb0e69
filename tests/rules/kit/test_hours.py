"""Hours as people type them."""

import pytest

from handlers.kit import hours as kit_hours


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        pytest.param("6", 6, id="whole hours"),
        pytest.param("1.5", 1.5, id="with a point"),
        pytest.param("1,5", 1.5, id="with a comma"),
        pytest.param(" 2 h ", 2, id="with an h"),
        pytest.param("3 hours", 3, id="in words"),
        pytest.param("90m", 1.5, id="minutes"),
        pytest.param("45 Min", 0.75, id="minutes in words"),
        pytest.param("-3", -3, id="negative is a number, and refused as one"),
        pytest.param("six", None, id="words"),
        pytest.param("1e9", None, id="powers of ten"),
        pytest.param("nan", None, id="no number"),
        pytest.param("inf", None, id="endless"),
        pytest.param("1 2", None, id="two numbers"),
        pytest.param("", None, id="nothing"),
        pytest.param("9" * 40, None, id="forty digits"),
    ],
)
def test_an_effort_can_be_typed_in_several_ways(typed, hours):
    assert kit_hours.hours(typed) == hours
