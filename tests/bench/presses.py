"""Presses on buttons as Slack sends them, signed, as bytes ready to send."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode, urlsplit

FORM = "application/x-www-form-urlencoded"


def press(where: dict[str, Any], user: str, action_id: str, value: str) -> str:
    """Return the body of one press on a message; `where` has team, channel, ts and the message's body."""
    payload = {
        "type": "block_actions",
        "user": {"id": user, "username": user, "name": user, "team_id": where["team"]},
        "api_app_id": "A0BENCH",
        "token": "unused",
        "team": {"id": where["team"], "domain": "northern-valleys"},
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {
            "type": "message",
            "message_ts": where["ts"],
            "channel_id": where["channel"],
            "is_ephemeral": False,
        },
        "trigger_id": "1.2.bench",
        "channel": {"id": where["channel"], "name": "council"},
        "message": {"type": "message", "ts": where["ts"], **where["message"]},
        "state": {"values": {}},
        "actions": [_action(action_id, value)],
    }
    return urlencode({"payload": json.dumps(payload)})


def _action(action_id: str, value: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Agree", "emoji": True}
    return {
        "type": "button",
        "action_id": action_id,
        "block_id": "b",
        "text": text,
        "value": value,
        "action_ts": "1.0",
    }


def command(where: dict[str, Any], user: str, name: str = "/vote") -> str:
    """Return the body of a slash command."""
    return urlencode(
        {
            "team_id": where["team"],
            "channel_id": where["channel"],
            "user_id": user,
            "command": name,
            "text": "",
            "trigger_id": "1.2.bench",
        }
    )


def signed(address: str, secret: str, bodies: Iterable[str]) -> list[bytes]:
    """Return complete requests for these bodies, valid for the next five minutes."""
    place, now = urlsplit(address), str(int(time.time()))
    requests = []
    for body in bodies:
        head = [
            f"POST {place.path} HTTP/1.1",
            f"Host: {place.netloc}",
            f"Content-Type: {FORM}",
            f"Content-Length: {len(body)}",
            f"X-Slack-Request-Timestamp: {now}",
            f"X-Slack-Signature: v0={_signature(secret, f'v0:{now}:{body}')}",
        ]
        requests.append(("\r\n".join(head) + "\r\n\r\n" + body).encode())
    return requests


def _signature(secret: str, signed_text: str) -> str:
    return hmac.new(secret.encode(), signed_text.encode(), hashlib.sha256).hexdigest()
