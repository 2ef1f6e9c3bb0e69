"""The manifest, and the requests that the bot accepts over HTTP."""

import json
import logging
import time

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from bot import manifest
from bot.logs import without_secrets
from tests.waiting import PATIENCE


def test_the_manifest_names_everything_registered_and_turns_on_escaping(town):
    document = manifest.make(town.bot.surface.registry)
    commands = document["features"]["slash_commands"]
    assert [c["command"] for c in commands] == [
        "/consortium",
        "/meeting",
        "/propose",
        "/pulse",
        "/task",
        "/vote",
        "/workload",
    ]
    assert all(c["should_escape"] and c["description"] and c["usage_hint"] for c in commands)
    assert document["settings"]["event_subscriptions"]["bot_events"] == [
        "app_home_opened",
        "channel_id_changed",
        "channel_unarchive",
        "group_unarchive",
        "message.im",
        "team_join",
        "user_change",
    ]
    assert {"im:history", "files:read"} <= set(document["oauth_config"]["scopes"]["bot"])
    assert document["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert document["settings"]["socket_mode_enabled"] is True
    public = manifest.make(town.bot.surface.registry, address="https://bot.example/")
    assert public["settings"]["interactivity"]["request_url"] == "https://bot.example/slack/events"
    assert public["settings"]["socket_mode_enabled"] is False


def headers(secret, body, timestamp=None):
    stamp = str(int(time.time())) if timestamp is None else timestamp
    signed = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signed,
        "Content-Type": "application/x-www-form-urlencoded",
    }


BODY = "command=%2Fvote&text=help&team_id=T1&user_id=U1&trigger_id=1&channel_id=C1"


@pytest.mark.parametrize(
    ("secret", "timestamp"),
    [
        pytest.param("wrong", None, id="signed with another secret"),
        pytest.param(None, "1000000000", id="signed long ago"),
        pytest.param(None, "yesterday", id="a timestamp that is not a number"),
        pytest.param(None, "", id="no timestamp"),
    ],
)
def test_a_request_that_slack_did_not_sign_is_refused_and_not_logged(town, secret, timestamp, caplog):
    caplog.set_level(logging.DEBUG)
    url = town.http.get("/sandbox/app").json()["request_url"]
    right = town.sandbox.credentials.signing_secret
    answer = httpx.post(url, content=BODY, headers=headers(secret or right, BODY, timestamp), timeout=PATIENCE)
    assert answer.status_code == 401
    assert "trigger_id" not in caplog.text


def test_a_signed_request_is_answered_and_health_checks_work(town):
    url = town.http.get("/sandbox/app").json()["request_url"]
    team = town.sandbox.credentials.team_id
    body = BODY.replace("T1", team)
    signed = headers(town.sandbox.credentials.signing_secret, body)
    answer = httpx.post(url, content=body, headers=signed, timeout=PATIENCE)
    assert answer.status_code == 200
    assert "/vote" in json.loads(answer.text)["text"]
    root = url.removesuffix("/slack/events")
    assert httpx.get(f"{root}/healthz", timeout=PATIENCE).text == "alive"
    assert httpx.get(f"{root}/readyz", timeout=PATIENCE).status_code in {200, 503}


def test_a_fault_has_a_reference_that_leads_to_the_log_line(town, capsys):
    import structlog

    def broken(_request):
        raise ZeroDivisionError("a secret xoxb-123-abc")

    town.bot.surface.actions["test.broken"] = broken
    from handlers.kit.slack_request import SlackRequest

    with structlog.testing.capture_logs() as logs:
        request = SlackRequest(town.bot.surface.deps, {"command": "/vote", "team_id": "T1", "user_id": "U1"})
        try:
            broken(request)
        except ZeroDivisionError as bug:
            request.report_bug(bug)
    text = request._acknowledgement["text"]
    assert "it was our fault" in text
    assert logs[0]["reference"] in text


def test_tokens_and_private_urls_never_reach_a_log():
    event = {
        "event": "x",
        "a": "xoxb-1-2-abc",
        "b": "https://hooks.slack.com/actions/T/1/2",
        "c": 3,
        "d": "DETAIL:  Key (name)=(a delicate name)",
    }
    cleaned = without_secrets(None, "info", event)
    assert "xoxb" not in str(cleaned)
    assert "/T/1/2" not in str(cleaned)
    assert "delicate" not in str(cleaned)
