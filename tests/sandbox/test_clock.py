"""The clock never goes backward, and stops at each time at which a follower has something due."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.sandbox import PATIENT, empty_workspace
from bot.sandbox.clock.advance import STEPS
from tests.sandbox.conftest import LIMIT, driving

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(leave, wire_time):
    opened = ExitStack()
    yield opened.enter_context(driving(empty_workspace(), starts_at=NOON, wire_time=wire_time))
    leave(opened)


def at(text):
    return datetime.fromisoformat(text)


class Follower:
    """A scripted bot: it reports its due times, and records when it was told of each."""

    def __init__(self, slack, name, due=(), deliveries=()):
        self.slack = slack
        self.http = httpx.Client(base_url=slack.url, timeout=LIMIT, verify=False)
        self.name = name
        self.due = sorted(due)
        self.deliveries = sorted(deliveries)
        self.ticked = []
        self.delivered = []
        self.seen = None
        self.stopped = threading.Event()
        self.first = threading.Event()
        self.woken = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def report(self, seen):
        next_due = self.due[0].isoformat() if self.due else None
        delivery = self.deliveries[0].isoformat() if self.deliveries else None
        return {"follower": self.name, "seen": seen, "next_due": next_due, "next_delivery": delivery}

    def run(self):
        while not self.stopped.is_set():
            try:
                answer = self.http.post("/sandbox/clock/follow", json=self.report(self.seen)).json()
            except httpx.HTTPError:
                return
            now = at(answer["now"])
            while self.due and self.due[0] <= now:
                self.ticked.append((self.due.pop(0), now))
                self.woken.set()
            while self.deliveries and self.deliveries[0] <= now:
                self.delivered.append((self.deliveries.pop(0), now))
            self.seen = answer["seq"]
            self.first.set()

    def __enter__(self):
        self.thread.start()
        assert self.first.wait(LIMIT)
        return self

    def __exit__(self, *error):
        self.stopped.set()
        self.slack.sandbox.clock_service._wake_followers()
        self.thread.join(LIMIT)
        self.http.close()


def test_it_starts_at_the_given_time_and_runs(clock):
    first, second = at(clock.get("clock")["now"]), at(clock.get("clock")["now"])
    assert NOON <= first < second < NOON + timedelta(minutes=1)


def test_without_followers_it_is_simply_set(clock):
    answer = clock.post("clock", advance="P7D")
    assert NOON + timedelta(days=7) <= at(answer["now"]) < NOON + timedelta(days=7, minutes=1)
    assert at(clock.post("clock", to="2026-12-24T09:00:00+01:00")["now"]) >= datetime(2026, 12, 24, 8, tzinfo=UTC)


def test_messages_carry_story_time(clock):
    clock.post("clock", advance="P1D")
    ts = clock.web.chat_postMessage(channel=clock.channel(), text="x")["ts"]
    assert float(ts) >= (NOON + timedelta(days=1)).timestamp()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"advance": "P1D", "to": "2027-01-01T00:00:00Z"},
        {"advance": "tomorrow"},
        {"advance": "P"},
        {"advance": 5},
        {"advance": "P99999999999W"},
        {"to": "2026-12-24"},
        {"to": "2026-12-24T09:00:00"},
        {"to": "0001-01-01T00:00:00+14:00"},
        {"to": None},
        {"advance": "PT1H", "followers": -1},
        {"advance": "PT1H", "followers": "one"},
        {"advance": "PT1H", "over": "slowly"},
        {"advance": "PT1H", "over": -1},
        {"advance": "PT1H", "over": 1000},
    ],
)
def test_invalid_requests_are_refused_with_a_sentence(calm, body):
    answer = calm.post("clock", **body)
    assert answer["ok"] is False
    assert answer["error"]


def test_it_never_goes_backward(clock):
    answer = clock.http.post("/sandbox/clock", json={"to": "2026-12-01T11:59:59Z"})
    assert (answer.status_code, "cannot go back" in answer.json()["error"]) == (409, True)


def test_it_stops_at_every_due_time_in_order(clock):
    due = [NOON + HOUR * hours for hours in (2, 5, 30, 200)]
    with Follower(clock, "bot", due=due) as bot:
        answer = clock.post("clock", advance="P2D")
        assert [moment for moment, _ in bot.ticked] == due[:3]
        assert all(now - moment < HOUR for moment, now in bot.ticked)
        assert at(answer["next_due"]) == due[3]
        assert at(clock.get("clock")["next_due"]) == due[3]


def test_it_waits_for_all_followers(clock):
    with (
        Follower(clock, "one", due=[NOON + HOUR]) as one,
        Follower(clock, "two", due=[NOON + HOUR * 2]) as two,
    ):
        clock.post("clock", advance="PT3H")
        assert [len(one.ticked), len(two.ticked)] == [1, 1]
        assert one.ticked[0][1] < two.ticked[0][1]


def test_settled_means_delivered(clock):
    goal = NOON + HOUR
    waiting = [goal + timedelta(seconds=seconds) for seconds in (5, 65, 125, 900)]
    with Follower(clock, "bot", deliveries=waiting) as bot:
        clock.post("clock", to=goal.isoformat())
        assert [moment for moment, _ in bot.delivered] == waiting[:3]


def test_it_settles_at_once_if_nothing_is_due(clock):
    with Follower(clock, "bot"):
        assert clock.post("clock", advance="PT0S")["ok"]


@pytest.mark.parametrize("wire_time", [replace(PATIENT, poll=3600)])
def test_a_follower_wakes_when_its_due_time_comes(clock):
    soon = at(clock.get("clock")["now"]) + timedelta(seconds=0.3)
    with Follower(clock, "bot", due=[soon]) as bot:
        assert bot.woken.wait(LIMIT)
        assert [moment for moment, _ in bot.ticked] == [soon]


def test_it_does_not_wait_for_a_follower_that_disconnects(clock):
    seen = clock.post("clock/follow", follower="gone", seen=None)["seq"]
    with pytest.raises(httpx.ReadTimeout):
        clock.http.post("/sandbox/clock/follow", json={"follower": "gone", "seen": seen}, timeout=0.2)
    assert clock.post("clock", advance="PT1H")["ok"]


def test_it_does_not_wait_for_a_follower_killed_at_work(clock):
    at_work = httpx.Client(base_url=clock.url, timeout=LIMIT, verify=False)
    at_work.post("/sandbox/clock/follow", json={"follower": "dying", "seen": None, "next_due": None})
    assert clock.get("clock")["followers"] == 1
    with ThreadPoolExecutor(1) as pool:
        turning = pool.submit(clock.post, "clock", advance="PT1H")
        at_work.close()
        assert turning.result(LIMIT)["ok"]
    assert clock.get("clock")["followers"] == 0


def test_it_waits_for_the_successor_of_a_killed_follower(clock):
    clock.post("app", request_url="http://127.0.0.1:9/nobody", verify=False)
    with ThreadPoolExecutor(1) as pool:
        turning = pool.submit(clock.post, "clock", advance="P1D", followers=1)
        with Follower(clock, "successor", due=[NOON + HOUR]) as bot:
            assert turning.result(LIMIT)["ok"]
            assert [moment for moment, _ in bot.ticked] == [NOON + HOUR]
            assert bot.ticked[0][1] < NOON + HOUR * 2


def test_a_follower_may_ask_again_before_it_was_answered(clock):
    seen = clock.post("clock/follow", follower="bot", seen=None)["seq"]
    old = {"follower": "bot", "seen": seen}
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(clock.http.post, "/sandbox/clock/follow", json=old, timeout=0.3)
        with Follower(clock, "bot", due=[NOON + HOUR]) as bot:
            assert isinstance(waiting.exception(LIMIT), httpx.ReadTimeout)
            clock.post("clock", advance="PT2H")
            assert [now - moment < HOUR for moment, now in bot.ticked] == [True]


@pytest.mark.parametrize("wire_time", [replace(PATIENT, settling=0.2)])
def test_a_follower_that_does_not_keep_up_is_reported_as_not_settled(clock):
    clock.post("clock/follow", follower="slow", seen=None)
    answer = clock.http.post("/sandbox/clock", json={"advance": "PT1H"})
    assert (answer.status_code, answer.json()) == (409, {"ok": False, "error": "not_settled"})


@pytest.mark.parametrize("wire_time", [replace(PATIENT, silence=0.1)])
def test_a_silent_follower_is_forgotten(clock):
    clock.post("clock/follow", follower="dead", seen=None)
    assert clock.post("clock", advance="PT1H")["ok"]


def test_a_follower_from_before_a_restart_is_answered_at_once(clock):
    answer = clock.post("clock/follow", follower="bot", seen=12345)
    assert answer["ok"]
    assert answer["seq"] != 12345


@pytest.mark.parametrize("wire_time", [replace(PATIENT, poll=3600)])
def test_a_follower_is_asked_again_after_the_app_has_received_something(clock):
    seen = clock.post("clock/follow", follower="bot", seen=None)["seq"]
    report = {"follower": "bot", "seen": seen, "next_due": (NOON + HOUR).isoformat()}
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(clock.post, "clock/follow", **report)
        while clock.get("clock")["next_due"] is None:
            assert not waiting.done()
        clock.post("event", event={"type": "app_home_opened"})
        try:
            assert waiting.result(LIMIT)["seq"] == seen
        finally:
            clock.sandbox.clock_service.close()


@pytest.mark.parametrize("body", [{}, {"follower": "x", "seen": "y"}, {"follower": "x", "next_due": "soon"}])
def test_invalid_reports_of_a_follower_are_refused(calm, body):
    assert calm.post("clock/follow", **body)["ok"] is False


def test_it_names_what_is_due_next(clock):
    report = {
        "follower": "bot",
        "seen": None,
        "next_due": (NOON + HOUR).isoformat(),
        "next_words": " the  weekly report",
    }
    clock.post("clock/follow", **report)
    assert clock.get("clock")["next_words"] == "the weekly report"
    sooner = (NOON + HOUR / 2).isoformat()
    clock.post("clock/follow", follower="other", seen=None, next_due=None, next_delivery=sooner)
    assert clock.get("clock")["next_words"] == "a message from the app"


def test_a_watched_advance_takes_many_steps_and_stops_at_every_due_time(clock):
    seen = []
    following = clock.sandbox.clock_service
    turn_to, clock.sandbox.world.clock.advance_to = (
        clock.sandbox.world.clock.advance_to,
        lambda moment: (seen.append(moment), turn_to(moment)),
    )
    with Follower(clock, "bot", due=[NOON + HOUR * 5]) as bot:
        answer = clock.post("clock", to=(NOON + HOUR * 24).isoformat(), over=0.05)
        assert [moment for moment, _ in bot.ticked] == [NOON + HOUR * 5]
    assert at(answer["now"]) >= NOON + HOUR * 24
    assert seen == sorted(seen)
    assert len(seen) >= STEPS
    assert following.latest_advance.end >= NOON + HOUR * 24


def test_an_advance_can_be_stopped(clock):
    with Follower(clock, "bot"), ThreadPoolExecutor(1) as pool:
        turning = pool.submit(clock.post, "clock", advance="P7D", over=60)
        while clock.sandbox.clock_service.latest_advance is None:
            clock.get("clock")
        assert clock.post("clock", stop=True)["ok"]
        assert at(turning.result(LIMIT)["now"]) < NOON + timedelta(days=7)
    assert clock.post("clock", stop=True)["ok"]
