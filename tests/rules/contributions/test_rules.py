"""The days when something can have been given or paid."""

from datetime import date, timedelta

import pytest

from handlers.contributions import rules
from handlers.kit.dates import MAX_AHEAD
from handlers.kit.refusals import Refusal

EXAMPLE = "`/workload give money:500 “For the buses”`"
TODAY = date(2026, 11, 30)


@pytest.mark.parametrize("on", [TODAY, TODAY - MAX_AHEAD])
def test_a_day_between_three_years_ago_and_today_is_accepted(on):
    assert rules.past_day(on, TODAY, EXAMPLE) == on


@pytest.mark.parametrize(
    ("on", "part"),
    [
        pytest.param(TODAY + timedelta(days=1), "in the future", id="tomorrow"),
        pytest.param(TODAY - MAX_AHEAD - timedelta(days=1), "more than three years ago", id="too long ago"),
    ],
)
def test_a_day_in_the_future_or_too_long_ago_is_refused(on, part):
    with pytest.raises(Refusal, match=part):
        rules.past_day(on, TODAY, EXAMPLE)
