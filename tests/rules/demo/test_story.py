"""The demo opens during working hours, so that the other people answer."""

from datetime import UTC, datetime

import pytest

from bot.demo import story


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        pytest.param("2026-11-25T11:11-07:00", "2026-11-25T11:11-07:00", id="at work: now"),
        pytest.param("2026-11-24T05:00-07:00", "2026-11-24T09:30-07:00", id="early: that morning"),
        pytest.param("2026-11-24T16:00-07:00", "2026-11-25T09:30-07:00", id="evening: the next"),
        pytest.param("2026-11-20T17:00-07:00", "2026-11-23T09:30-07:00", id="friday evening: monday"),
        pytest.param("2026-11-21T05:00-07:00", "2026-11-23T09:30-07:00", id="saturday: monday"),
        pytest.param("2026-10-31T20:00-06:00", "2026-11-02T09:30-07:00", id="over the end of summer time"),
    ],
)
def test_the_demo_opens_on_a_working_day(now, opens):
    opened = story.opens_at(datetime.fromisoformat(now).astimezone(UTC))
    assert opened == datetime.fromisoformat(opens)


@pytest.mark.parametrize(
    ("opens", "before"),
    [
        pytest.param("2026-11-25T11:11-07:00", "2026-11-24T09:10-07:00", id="the day before"),
        pytest.param("2026-11-23T09:30-07:00", "2026-11-20T09:10-07:00", id="monday: friday"),
        pytest.param("2026-11-02T09:30-07:00", "2026-10-30T09:10-06:00", id="over the end of summer time"),
    ],
)
def test_open_items_were_created_on_the_working_day_before(opens, before):
    at_home = datetime.fromisoformat(opens).astimezone(story.HOME)
    assert story._day_before(at_home) == datetime.fromisoformat(before)
