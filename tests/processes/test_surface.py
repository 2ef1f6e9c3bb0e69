"""What Slack may send, and what the manifest says of it."""

import json
import logging
import time

import httpx
import pytest
from slack_sdk.signature import SignatureVerifier

from bot import manifest
from bot.logs import without_secrets


def test_the_manifest_names_what_is_registered_and_asks_for_escaping(town):
    made = manifest.make(town.bot.surface.registry)
    commands = made["features"]["slash_commands"]
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
    assert made["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened", "user_change"]
    assert made["settings"]["socket_mode_enabled"] is True
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
        pytest.param(None, "yesterday", id="a time that is no number"),
        pytest.param(None, "", id="no time at all"),
    ],
)
def test_what_slack_did_not_sign_is_refused_and_not_logged(town, secret, timestamp, caplog):
    caplog.set_level(logging.DEBUG)
    url = town.http.get("/sandbox/app").json()["request_url"]
    right = town.sandbox.credentials.signing_secret
    answer = httpx.post(url, content=BODY, headers=headers(secret or right, BODY, timestamp))
    assert answer.status_code == 401
    assert "trigger_id" not in caplog.text


def test_a_signed_request_is_answered_and_health_is_told(town):
    url = town.http.get("/sandbox/app").json()["request_url"]
    team = town.sandbox.credentials.team_id
    body = BODY.replace("T1", team)
    answer = httpx.post(url, content=body, headers=headers(town.sandbox.credentials.signing_secret, body))
    assert answer.status_code == 200
    assert "/vote" in json.loads(answer.text)["text"]
    root = url.removesuffix("/slack/events")
    assert httpx.get(f"{root}/healthz").text == "alive"
    assert httpx.get(f"{root}/readyz").status_code in {200, 503}


def test_a_fault_gets_a_reference_that_leads_to_the_log_line(town, capsys):
    import structlog

    def broken(_ask):
        raise ZeroDivisionError("a secret xoxb-123-abc")

    town.bot.surface.actions["test.broken"] = broken
    from handlers.kit.slack_request import SlackRequest

    with structlog.testing.capture_logs() as logs:
        ask = SlackRequest(town.bot.surface.deps, {"command": "/vote", "team_id": "T1", "user_id": "U1"})
        try:
            broken(ask)
        except ZeroDivisionError as bug:
            ask.report_bug(bug)
    said = ask._acknowledgement["text"]
    assert "it was our fault" in said
    assert logs[0]["reference"] in said


def test_tokens_and_private_addresses_never_reach_a_log():
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
