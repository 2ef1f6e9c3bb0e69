"""A rate limit in one workspace holds up neither other workspaces nor other methods."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import select

from bot.delivery.courier import Courier
from bot.delivery.live_messages import PAGE
from storage import live_messages, outbox
from storage.live_messages import LiveMessage
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState, LiveMessageKind
from tests.storage.people import founded
from tests.town import START

WAIT = 60
RENDERERS = {LiveMessageKind.AGENDA: lambda _session, _live: {"text": "The agenda."}}


class Slack(WebClient):
    """A workspace; a busy one accepts no messages, but everything else."""

    calls = 0

    def __init__(self, team):
        super().__init__()
        self.busy = team == "BUSY"

    def api_call(self, api_method, **_):
        Slack.calls += 1
        if self.busy and api_method in {"chat.postMessage", "chat.update"}:
            headers = {"Retry-After": str(WAIT)}
            raise SlackApiError("", SimpleNamespace(status_code=429, headers=headers, data={"error": "ratelimited"}))
        return SimpleNamespace(data={"ok": True, "ts": "1.2"}, get={"ok": True, "ts": "1.2"}.get)


def put(db, team, count, method="chat.postMessage"):
    with db.begin() as session:
        for number in range(count):
            where = {"team_id": team, "channel": f"{method}{number}"}
            outbox.queue(session, **where, body={"text": "Good morning."}, about="a greeting", now=START, method=method)


@pytest.fixture
def courier(db):
    courier = Courier(
        db, SimpleNamespace(now=lambda: START + timedelta(seconds=1), monotonic=lambda: 0.0), Slack, RENDERERS, "me"
    )
    yield courier
    courier.stop()


@pytest.mark.parametrize(("team", "method"), [("QUIET", "chat.postMessage"), ("BUSY", "views.publish")])
def test_a_workspace_that_accepts_no_messages_holds_up_nothing_else(db, courier, team, method):
    put(db, "BUSY", PAGE + 10)
    put(db, team, 1, method)
    courier.drain()
    with db.read() as session:
        done = session.scalars(select(OutboxMessage).where(OutboxMessage.state == DeliveryState.SENT)).all()
        assert [(row.team_id, row.method) for row in done] == [(team, method)]


def test_a_rate_limited_workspace_is_not_called_before_its_retry_after_is_over(db, courier, monkeypatch):
    monkeypatch.setattr(Slack, "calls", 0)
    put(db, "BUSY", 5)
    assert courier.drain() == START + timedelta(seconds=1 + WAIT)
    assert Slack.calls == 1


def test_a_workspace_with_many_outdated_messages_holds_up_no_other_workspace(db, courier):
    with db.begin() as session:
        people = founded(session, "UTC", START).consortium
        for team, count in (("BUSY", PAGE + 10), ("QUIET", 1)):
            for number in range(count):
                live = live_messages.create(session, people.id, LiveMessageKind.AGENDA, number, (team, "C1"), START)
                session.get_one(LiveMessage, live).ts = f"{number}.1"
                live_messages.request_update(session, live)
    with db.read() as session:
        assert [live.team_id for live in live_messages.list_outdated(session, START, limit=3)] == [
            "BUSY",
            "QUIET",
            "BUSY",
        ]
    assert courier.drain() == START + timedelta(seconds=1 + WAIT)
    with db.read() as session:
        current = session.scalars(select(LiveMessage.team_id).where(LiveMessage.wanted == LiveMessage.shown)).all()
        assert current == ["QUIET"]


def test_a_message_behind_one_that_is_tried_later_does_not_keep_the_courier_awake(db, courier):
    put(db, "QUIET", 1)
    put(db, "QUIET", 1)
    with db.begin() as session:
        first = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
        first.due_at = START + timedelta(seconds=WAIT)
    assert courier.drain() == START + timedelta(seconds=WAIT)
