"""Notices: outside quiet hours, combined, and at most one message a day of those that can wait."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import quiet_hours
from handlers.kit.dates import today
from handlers.kit.notices.rules import PendingNotice, Recipient, plan
from storage.vocabulary import NoticeTiming

DENVER = "America/Denver"
USUAL = (time(18, 0), time(8, 0))
CALM, DAY, HOUR, SOON = NoticeTiming.CALM, NoticeTiming.DAY, NoticeTiming.HOUR, NoticeTiming.SOON


def at(day, hour, minute=0, zone=DENVER):
    """Return a time in the week of Monday, November 30, 2026. Day 1 is that Monday."""
    wall = datetime(2026, 11, 29, hour, minute, tzinfo=ZoneInfo(zone)) + timedelta(days=day)
    return wall.astimezone(UTC)


MONDAY, TUESDAY, FRIDAY, SATURDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 5)

ANYBODY = Recipient(DENVER, USUAL)
TOLD_TODAY = Recipient(DENVER, USUAL, told_on=MONDAY)


@pytest.mark.parametrize(
    ("recipient", "notices", "now", "sent", "postponed"),
    [
        pytest.param(
            ANYBODY, [(DAY, at(1, 9), None)], at(1, 9), [0], {}, id="the first notice of a day is sent at once"
        ),
        pytest.param(
            ANYBODY,
            [(DAY, at(1, 7), None), (DAY, at(1, 9), None)],
            at(1, 9),
            [0, 1],
            {},
            id="notices that are due together are sent together",
        ),
        pytest.param(ANYBODY, [(CALM, at(1, 9), None)], at(1, 9), [0], {}, id="a calm notice after a day without any"),
        pytest.param(
            TOLD_TODAY, [(CALM, at(1, 9), None)], at(1, 9), [], {0: at(3, 8)}, id="a calm notice lets a day pass"
        ),
        pytest.param(
            Recipient(DENVER, USUAL, told_on=MONDAY),
            [(CALM, at(1, 9), None)],
            at(2, 9),
            [],
            {0: at(3, 8)},
            id="also on that day",
        ),
        pytest.param(
            Recipient(DENVER, USUAL, told_on=FRIDAY),
            [(CALM, at(5, 9), None)],
            at(5, 9),
            [],
            {0: at(8, 8)},
            id="or a weekend",
        ),
        pytest.param(
            TOLD_TODAY, [(CALM, at(1, 9), at(2, 12))], at(1, 9), [0], {}, id="unless it would be useless by then"
        ),
        pytest.param(
            Recipient(DENVER, USUAL, told_on=MONDAY),
            [(CALM, at(1, 9), None), (DAY, at(2, 7), None)],
            at(2, 8),
            [0, 1],
            {},
            id="a calm notice joins another",
        ),
        pytest.param(
            TOLD_TODAY,
            [(CALM, at(1, 9), None), (DAY, at(1, 9), None)],
            at(1, 9),
            [],
            {0: at(2, 8), 1: at(2, 8)},
            id="and waits for one that waits",
        ),
        pytest.param(
            ANYBODY,
            [(CALM, at(1, 9), None), (HOUR, at(1, 14), None)],
            at(1, 9),
            [],
            {0: at(1, 14)},
            id="a calm notice waits for one with an hour of its own",
        ),
        pytest.param(
            Recipient(DENVER, USUAL, told_on=MONDAY, at_once=True),
            [(CALM, at(1, 9), None)],
            at(1, 9),
            [0],
            {},
            id="who wants each one right away gets calm ones too",
        ),
        pytest.param(
            TOLD_TODAY,
            [(DAY, at(1, 11), None)],
            at(1, 11),
            [],
            {0: at(2, 8)},
            id="a second notice waits for the next morning",
        ),
        pytest.param(
            TOLD_TODAY,
            [(DAY, at(1, 11), at(2, 7))],
            at(1, 11),
            [0],
            {},
            id="unless it would be useless by then",
        ),
        pytest.param(
            Recipient(DENVER, USUAL, told_on=MONDAY, at_once=True),
            [(DAY, at(1, 11), None)],
            at(1, 11),
            [0],
            {},
            id="or the person wants each notice at once",
        ),
        pytest.param(
            ANYBODY,
            [(DAY, at(1, 8), None), (HOUR, at(1, 9), None)],
            at(1, 8),
            [],
            {0: at(1, 9)},
            id="it waits for a notice with an hour of its own on the same day",
        ),
        pytest.param(
            ANYBODY,
            [(DAY, at(1, 8), at(1, 8, 30)), (HOUR, at(1, 9), None)],
            at(1, 8),
            [0],
            {},
            id="but not until it is useless",
        ),
        pytest.param(
            ANYBODY,
            [(DAY, at(1, 8), None), (HOUR, at(1, 19), None)],
            at(1, 8),
            [0],
            {},
            id="and not for a notice in quiet hours",
        ),
        pytest.param(
            TOLD_TODAY,
            [(DAY, at(1, 11), None), (HOUR, at(1, 14), None)],
            at(1, 14),
            [0, 1],
            {},
            id="a notice with an hour of its own is sent then, with all that wait",
        ),
        pytest.param(ANYBODY, [(HOUR, at(1, 19), None)], at(1, 19), [], {0: at(2, 8)}, id="evenings are quiet"),
        pytest.param(ANYBODY, [(HOUR, at(5, 19), None)], at(5, 19), [], {0: at(8, 8)}, id="weekends are quiet"),
        pytest.param(
            ANYBODY, [(SOON, at(6, 19), None)], at(6, 19), [0], {}, id="a meeting that is about to start cannot wait"
        ),
        pytest.param(
            ANYBODY,
            [(SOON, at(1, 19), None), (DAY, at(1, 12), None)],
            at(1, 19),
            [0],
            {1: at(2, 8)},
            id="and at night it is sent alone",
        ),
        pytest.param(
            Recipient(DENVER, USUAL, away_until=at(3, 12)),
            [(DAY, at(1, 9), None), (HOUR, at(1, 9), at(4, 9)), (SOON, at(1, 9), at(1, 10))],
            at(1, 9),
            [],
            {0: at(3, 12), 1: at(3, 12)},
            id="people who are away get nothing, and useless notices are dropped",
        ),
        pytest.param(ANYBODY, [(DAY, at(1, 9), at(1, 10))], at(1, 10), [], {}, id="a useless notice is not sent"),
        pytest.param(ANYBODY, [(DAY, at(2, 9), None)], at(1, 10), [], {}, id="a notice that is not due is not sent"),
    ],
)
def test_notices_are_sent_now_or_postponed(recipient, notices, now, sent, postponed):
    result = plan(recipient, [PendingNotice(n, *values) for n, values in enumerate(notices)], now)
    assert (sorted(result.send), result.postpone) == (sent, postponed)


moments = st.integers(0, 14 * 24 * 4).map(lambda quarter: at(0, 0) + timedelta(minutes=15 * quarter))
notice_values = st.lists(
    st.tuples(st.sampled_from(NoticeTiming), moments, st.none() | st.integers(1, 500)).map(
        lambda t: (t[0], t[1], None if t[2] is None else t[1] + timedelta(minutes=15 * t[2]))
    ),
    min_size=1,
    max_size=6,
)


def run_sweeps(recipient, notices):
    """Run the sweep whenever a notice is due; return the ids that were sent, with their times."""
    sent = []
    due_at = {notice.id: notice.due_at for notice in notices}
    while due_at:
        now = min(due_at.values())
        result = plan(recipient, [notice for notice in notices if notice.id in due_at], now)
        due = {notice.id for notice in notices if notice.id in due_at and due_at[notice.id] <= now}
        assert due <= {*result.send, *result.drop, *result.postpone}
        assert all(later > now for later in result.postpone.values())
        sent.extend((id_, now) for id_ in result.send)
        if any(notices[id_].manner is not SOON for id_ in result.send):
            told_on = today(now, recipient.zone)
            recipient = Recipient(recipient.zone, recipient.quiet_hours, recipient.away_until, told_on)
        for id_ in [*result.send, *result.drop]:
            due_at.pop(id_)
        due_at.update(result.postpone)
    return sent


@given(notice_values, st.sampled_from(["America/Denver", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]))
def test_each_notice_is_sent_once_or_dropped_and_only_urgent_ones_in_quiet_hours(values, zone):
    notices = [PendingNotice(n, *given_values) for n, given_values in enumerate(values)]
    sent = run_sweeps(Recipient(zone, USUAL), notices)
    ids = [id_ for id_, _ in sent]
    assert len(ids) == len(set(ids))
    assert all(notice.id in ids for notice in notices if notice.until is None)
    for id_, when in sent:
        assert when >= notices[id_].due_at
        assert not notices[id_].is_over(when)
        assert notices[id_].manner is SOON or not quiet_hours.is_quiet(when, zone, USUAL)


@given(notice_values)
def test_notices_that_can_wait_are_sent_in_one_message_a_day(values):
    notices = [PendingNotice(n, manner, due, None) for n, (manner, due, _) in enumerate(values)]
    sent = run_sweeps(Recipient(DENVER, USUAL), notices)
    days = {}
    for id_, when in sent:
        if notices[id_].manner is DAY:
            days.setdefault(today(when, DENVER), set()).add(when)
    for day, times in days.items():
        timed = {when for id_, when in sent if notices[id_].manner is HOUR and today(when, DENVER) == day}
        assert len(times - timed) <= 1


@given(notice_values)
def test_calm_notices_by_themselves_come_only_after_a_day_without_a_message(values):
    notices = [PendingNotice(n, manner, due, None) for n, (manner, due, _) in enumerate(values)]
    sent = [
        (id_, when) for id_, when in run_sweeps(Recipient(DENVER, USUAL), notices) if notices[id_].manner is not SOON
    ]
    for _, when in sent:
        if all(notices[other].manner is CALM for other, at_ in sent if at_ == when):
            day = today(when, DENVER)
            earlier = {today(at_, DENVER) for _, at_ in sent if at_ < when}
            assert not earlier & {day, day - timedelta(days=1)}
