"""What the bot says by itself: outside quiet hours, together, at most one message a day that could have waited."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import quiet_hours
from handlers.kit.notices.rules import Recipient, Waiting, plan, today
from storage.vocabulary import Manner

DENVER = "America/Denver"
USUAL = (time(18, 0), time(8, 0))
DAY, HOUR, SOON = Manner.DAY, Manner.HOUR, Manner.SOON


def at(day, hour, minute=0, zone=DENVER):
    """Give a moment of the week of Monday, 30 November 2026; day 1 is that Monday."""
    wall = datetime(2026, 11, 29, hour, minute, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
    return wall.astimezone(UTC)


MONDAY, TUESDAY, FRIDAY, SATURDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 5)

ANYBODY = Recipient(DENVER, USUAL)
TOLD_TODAY = Recipient(DENVER, USUAL, told_on=MONDAY)


@pytest.mark.parametrize(
    ("listener", "waiting", "now", "said", "later"),
    [
        pytest.param(
            ANYBODY, [(DAY, at(1, 9), None)], at(1, 9), [0], {}, id="the first thing of a day is told at once"
        ),
        pytest.param(
            ANYBODY,
            [(DAY, at(1, 7), None), (DAY, at(1, 9), None)],
            at(1, 9),
            [0, 1],
            {},
            id="what is due together is told together",
        ),
        pytest.param(
            TOLD_TODAY,
            [(DAY, at(1, 11), None)],
            at(1, 11),
            [],
            {0: at(2, 8)},
            id="a second thing waits for the morning",
        ),
        pytest.param(
            TOLD_TODAY,
            [(DAY, at(1, 11), at(2, 7))],
            at(1, 11),
            [0],
            {},
            id="unless it would be of no use by then",
        ),
        pytest.param(
            Recipient(DENVER, USUAL, told_on=MONDAY, at_once=True),
            [(DAY, at(1, 11), None)],
            at(1, 11),
            [0],
            {},
            id="or the person wants to hear of each thing",
        ),
        pytest.param(
            ANYBODY,
            [(DAY, at(1, 8), None), (HOUR, at(1, 9), None)],
            at(1, 8),
            [],
            {0: at(1, 9)},
            id="it waits for what has an hour of its own on the same day",
        ),
        pytest.param(
            ANYBODY,
            [(DAY, at(1, 8), at(1, 8, 30)), (HOUR, at(1, 9), None)],
            at(1, 8),
            [0],
            {},
            id="but not too long",
        ),
        pytest.param(
            ANYBODY,
            [(DAY, at(1, 8), None), (HOUR, at(1, 19), None)],
            at(1, 8),
            [0],
            {},
            id="and not for what falls into quiet hours",
        ),
        pytest.param(
            TOLD_TODAY,
            [(DAY, at(1, 11), None), (HOUR, at(1, 14), None)],
            at(1, 14),
            [0, 1],
            {},
            id="what has an hour of its own comes at it and takes along what waits",
        ),
        pytest.param(ANYBODY, [(HOUR, at(1, 19), None)], at(1, 19), [], {0: at(2, 8)}, id="evenings are quiet"),
        pytest.param(ANYBODY, [(HOUR, at(5, 19), None)], at(5, 19), [], {0: at(8, 8)}, id="weekends are quiet"),
        pytest.param(ANYBODY, [(SOON, at(6, 19), None)], at(6, 19), [0], {}, id="a meeting about to start is told"),
        pytest.param(
            ANYBODY,
            [(SOON, at(1, 19), None), (DAY, at(1, 12), None)],
            at(1, 19),
            [0],
            {1: at(2, 8)},
            id="and takes nothing along at night",
        ),
        pytest.param(
            Recipient(DENVER, USUAL, away_until=at(3, 12)),
            [(DAY, at(1, 9), None), (HOUR, at(1, 9), at(4, 9)), (SOON, at(1, 9), at(1, 10))],
            at(1, 9),
            [],
            {0: at(3, 12), 1: at(3, 12)},
            id="who is away is left in peace, and what is over by then is not told",
        ),
        pytest.param(ANYBODY, [(DAY, at(1, 9), at(1, 10))], at(1, 10), [], {}, id="what is over is not told"),
        pytest.param(ANYBODY, [(DAY, at(2, 9), None)], at(1, 10), [], {}, id="what is not due is not told"),
    ],
)
def test_what_is_told_now_and_what_waits(listener, waiting, now, said, later):
    found = plan(listener, [Waiting(n, *one) for n, one in enumerate(waiting)], now)
    assert (sorted(found.say), found.later) == (said, later)


moments = st.integers(0, 14 * 24 * 4).map(lambda quarter: at(0, 0) + timedelta(minutes=15 * quarter))
things = st.lists(
    st.tuples(st.sampled_from(Manner), moments, st.none() | st.integers(1, 500)).map(
        lambda t: (t[0], t[1], None if t[2] is None else t[1] + timedelta(minutes=15 * t[2]))
    ),
    min_size=1,
    max_size=6,
)


def live(listener, waiting):
    """Live two weeks from due moment to due moment as the sweep does; give what was told when."""
    told = []
    look = {one.id: one.due_at for one in waiting}
    while look:
        now = min(look.values())
        found = plan(listener, [one for one in waiting if one.id in look], now)
        due = {one.id for one in waiting if one.id in look and look[one.id] <= now}
        assert due <= {*found.say, *found.drop, *found.later}
        assert all(moment > now for moment in found.later.values())
        told.extend((one, now) for one in found.say)
        if any(waiting[one].manner is not SOON for one in found.say):
            listener = Recipient(listener.zone, listener.quiet_hours, listener.away_until, today(listener, now))
        for one in [*found.say, *found.drop]:
            look.pop(one)
        look.update(found.later)
    return told


@given(things, st.sampled_from(["America/Denver", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]))
def test_everything_is_told_once_or_was_over_and_nothing_in_quiet_hours_but_what_cannot_wait(given_things, zone):
    listener = Recipient(zone, USUAL)
    waiting = [Waiting(n, *one) for n, one in enumerate(given_things)]
    told = live(listener, waiting)
    names = [one for one, _ in told]
    assert len(names) == len(set(names))
    for one in waiting:
        if one.until is None:
            assert one.id in names
    for name, when in told:
        assert when >= waiting[name].due_at
        assert not waiting[name].is_over(when)
        assert waiting[name].manner is SOON or not quiet_hours.is_quiet(when, zone, USUAL)


@given(things)
def test_what_can_wait_comes_in_one_message_a_day(given_things):
    listener = Recipient(DENVER, USUAL)
    waiting = [Waiting(n, manner, due, None) for n, (manner, due, _) in enumerate(given_things)]
    told = live(listener, waiting)
    days = {}
    for name, when in told:
        if waiting[name].manner is DAY:
            days.setdefault(today(listener, when), set()).add(when)
    for day, moments_told in days.items():
        timed = {when for name, when in told if waiting[name].manner is HOUR and today(listener, when) == day}
        assert len(moments_told - timed) <= 1
