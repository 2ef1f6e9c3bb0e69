"""How results of the pulse are interpreted."""

from datetime import date, timedelta

import pytest

from handlers.pulse.rules import results
from handlers.pulse.rules.results import ThemeScore


def scores(*means, answered=8):
    return [ThemeScore(date(2026, 11, 30) + timedelta(weeks=n), answered, mean) for n, mean in enumerate(means)]


@pytest.mark.parametrize(
    ("mean", "expected"),
    [(2.94, "address"), (2.95, "talk"), (3.0, "talk"), (3.94, "talk"), (3.96, "strength"), (5.0, "strength")],
)
def test_a_mean_is_interpreted_as_it_is_shown(mean, expected):
    assert results.interpret(mean) == expected


@pytest.mark.parametrize(
    ("history", "falls"),
    [
        pytest.param(scores(4.0), False, id="a first score cannot fall"),
        pytest.param(scores(4.0, 3.5), True, id="half a point is enough"),
        pytest.param(scores(4.0, 3.6), False, id="less than half a point is not"),
        pytest.param(scores(5.0, 4.0, 4.0, 4.0, 3.6), False, id="only the last three scores are compared"),
        pytest.param(scores(4.0, 3.5, answered=7), False, id="seven answers are too few"),
    ],
)
def test_a_theme_falls_by_half_a_point_against_its_last_three_scores(history, falls):
    assert results.is_falling(history) is falls


@pytest.mark.parametrize(
    ("history", "low"),
    [
        pytest.param(scores(2.0), False, id="once is not enough"),
        pytest.param(scores(2.9, 2.9), True, id="twice is"),
        pytest.param(scores(2.9, 3.0), False, id="3.0 is not low"),
        pytest.param(scores(2.9, 2.9, answered=7), False, id="seven answers are too few"),
    ],
)
def test_a_theme_stays_low_below_three_for_two_rounds(history, low):
    assert results.stays_low(history) is low
