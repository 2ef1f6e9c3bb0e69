"""Trouble with the token: the whole workspace waits, says so once, and goes on by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.delivery.courier import Courier
from bot.delivery.pauses import report
from storage import delivery_pauses, live_messages, outbox
from storage.live_messages import LiveMessage
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState, LiveMessageKind
from tests.delivery.raw_slack import HTML, refusal
from tests.delivery.standing_clock import StandingClock
from tests.storage.people import founded
from tests.town import START

RENDERERS = {LiveMessageKind.AGENDA: lambda _session, live: {"text": f"Agenda {live.number}."}}


@pytest.fixture
def begin(db, slack, now):
    """Return a function that starts a courier; a second one stands for a bot that was restarted."""
    couriers = []

    def start():
        couriers.append(
            Courier(
                db,
                StandingClock(now),
                lambda _team: slack.client,
                RENDERERS,
                "me",
            )
        )
        return couriers[-1]

    yield start
    for courier in couriers:
        courier.stop()


def put(db, count, team="T1"):
    with db.begin() as session:
        for number in range(count):
            text = f"{team} {number}"
            where = {"team_id": team, "channel": f"C{number}"}
            outbox.queue(session, **where, body={"text": text}, about="a greeting", now=START, answers_to="U1")


def put_live(db):
    with db.begin() as session:
        people = founded(session, "UTC", START).consortium
        live_id = live_messages.create(session, people.id, LiveMessageKind.AGENDA, 1, ("T1", "C1"), START)
        session.get_one(LiveMessage, live_id).ts = "1.1"
        live_messages.request_update(session, live_id)


def rows(db):
    with db.read() as session:
        return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


@pytest.mark.parametrize(
    "error",
    ["invalid_auth", "account_inactive", "token_revoked", "ekm_access_denied", "missing_scope", "token_expired"],
)
def test_posts_wait_until_slack_accepts_them_and_one_call_at_a_time_finds_out(db, slack, now, begin, error):
    put(db, 3)
    put_live(db)
    slack.answers(*[(200, refusal(error))] * 3)
    courier = begin()
    with capture_logs() as logs:
        assert courier.drain() == now.at + timedelta(seconds=30)
        assert len(slack.calls) == 1, "neither the other posts nor the update were tried"
        assert {row.state for row in rows(db)} == {DeliveryState.PENDING}
        courier = begin()
        assert courier.drain() == now.at + timedelta(seconds=30), "a restart changes nothing"
        assert len(slack.calls) == 1
        now.at += timedelta(seconds=30)
        assert courier.drain() == now.at + timedelta(minutes=1)
        now.at += timedelta(minutes=1)
        assert courier.drain() == now.at + timedelta(minutes=2)
        assert len(slack.calls) == 3
        with db.read() as session:
            assert report(session) == f"Slack has not let the bot post since 2026-11-30 16:00 UTC: {error}"
        now.at += timedelta(minutes=2)
        courier.drain()
    assert sorted(text for _, text in slack.calls[3:]) == ["Agenda 1.", "T1 0", "T1 1", "T1 2"]
    assert [(row.state, row.attempts) for row in rows(db)] == [(DeliveryState.SENT, 1)] * 3
    with db.read() as session:
        assert report(session) == ""
    events = [entry["event"].split(":")[0] for entry in logs]
    assert events == ["delivery paused", "delivery resumed"]


def test_a_workspace_without_access_holds_up_no_other(db, slack, now, begin):
    put(db, 2)
    with db.begin() as session:
        delivery_pauses.record(session, "T1", "invalid_auth", now.at)
    put(db, 2, team="T2")
    begin().drain()
    assert [text for _, text in slack.calls] == ["T2 0", "T2 1"]


def test_an_update_that_is_refused_for_the_token_pauses_the_posts_too(db, slack, now, begin):
    put_live(db)
    slack.answers((200, refusal("invalid_auth")))
    courier = begin()
    courier.drain()
    put(db, 1)
    courier.drain()
    assert slack.calls == [("chat.update", "Agenda 1.")]
    now.at += timedelta(seconds=30)
    courier.drain()
    assert slack.calls[1:] == [("chat.postMessage", "T1 0"), ("chat.update", "Agenda 1.")]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "30"}])
def test_a_rate_limit_that_comes_with_200_is_waited_for(db, slack, now, begin, headers):
    put(db, 1)
    slack.answers((200, refusal("ratelimited"), headers))
    courier = begin()
    assert courier.drain() == now.at + timedelta(seconds=30)
    now.at += timedelta(seconds=30)
    courier.drain()
    assert [(row.state, row.attempts) for row in rows(db)] == [(DeliveryState.SENT, 1)]
    with db.read() as session:
        assert report(session) == ""


@pytest.mark.parametrize("body", [HTML, "", '{"ok": true, "ts": "176'])
def test_an_answer_that_is_not_slacks_leaves_the_post_unknown_and_is_shown_to_nobody(db, slack, begin, body):
    put(db, 1)
    slack.answers((200, body))
    with capture_logs() as logs:
        begin().drain()
    (row,) = rows(db)
    assert (row.state, row.reason) == (DeliveryState.UNKNOWN, "Slack's answer could not be read")
    assert len(slack.calls) == 1, "it may have arrived, so it is not made again"
    assert "proxy" not in str(logs)


REFUSALS = ["invalid_auth", "token_revoked", "ratelimited", "invalid_blocks", "msg_too_long", "some_new_error"]


@pytest.mark.parametrize("error", REFUSALS)
def test_an_update_that_is_refused_once_is_made_again(db, slack, now, begin, error):
    put_live(db)
    slack.answers((200, refusal(error)))
    courier = begin()
    courier.drain()
    now.at += timedelta(minutes=5)
    courier.drain()
    assert slack.calls == [("chat.update", "Agenda 1.")] * 2
    with db.read() as session:
        live = session.scalars(select(LiveMessage)).one()
        assert (live.shown, live.problem, live.attempts) == (live.wanted, None, 0)


def test_an_update_that_is_refused_again_and_again_is_made_less_and_less_often(db, slack, now, begin):
    put_live(db)
    slack.answers(*[(200, refusal("invalid_blocks"))] * 100)
    courier = begin()
    begun = now.at
    while now.at < begun + timedelta(hours=1):
        now.at = courier.drain() or now.at
    assert 10 <= len(slack.calls) <= 16


def test_an_update_of_which_the_answer_is_unreadable_is_made_again(db, slack, now, begin):
    put_live(db)
    slack.answers((200, HTML))
    courier = begin()
    courier.drain()
    now.at += timedelta(minutes=1)
    courier.drain()
    assert len(slack.calls) == 2


CLOSED = (200, refusal("is_archived"))


def test_an_update_in_a_closed_channel_is_made_less_and_less_often_and_at_least_every_hour(db, slack, now, begin):
    put_live(db)
    slack.answers(*[CLOSED] * 100)
    courier = begin()
    begun = now.at
    while now.at < begun + timedelta(hours=12):
        now.at = courier.drain() or now.at
    assert 20 <= len(slack.calls) <= 26


@pytest.fixture
def behind(db, slack, now, begin):
    """A courier that has met a closed channel again and again, so that the next update is an hour away."""
    put_live(db)
    slack.answers(*[CLOSED] * 20)
    courier = begin()
    while slack.script:
        now.at = courier.drain()
    now.at -= timedelta(minutes=50)
    slack.calls.clear()
    courier.drain()
    assert slack.calls == []
    return courier


def shows_everything(db):
    with db.read() as session:
        live = session.scalars(select(LiveMessage)).one()
        return live.shown == live.wanted


def test_what_waits_in_a_closed_channel_is_updated_as_soon_as_it_changes_again(db, behind):
    with db.begin() as session:
        live_messages.request_update(session, session.scalars(select(LiveMessage.id)).one())
    behind.drain()
    assert shows_everything(db)


def test_what_waits_in_a_closed_channel_is_updated_as_soon_as_slack_accepts_a_post_there(db, slack, behind):
    put(db, 2)
    behind.drain()
    assert slack.calls[:2] == [("chat.postMessage", "T1 0"), ("chat.postMessage", "T1 1")]
    assert shows_everything(db)


def test_what_waits_in_a_closed_channel_is_updated_when_slack_says_that_it_is_open(db, behind):
    with db.begin() as session:
        live_messages.update_now(session, "T1", "C1")
    behind.drain()
    assert shows_everything(db)
