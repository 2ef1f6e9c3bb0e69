"""`python -m bot run` as README says it: Socket Mode, two tokens and nothing else."""

import socket

import httpx

from bot.sandbox import PATIENT, Sandbox, serve
from tests.delivery.test_apart import process
from tests.town import settings_for


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


def test_over_socket_mode_no_signing_secret_is_needed_and_nothing_unsigned_is_heard(tmp_path):
    sandbox, port = Sandbox(wire_time=PATIENT), free_port()
    with serve(sandbox) as slack:
        known = settings_for(sandbox, slack.api_url, slack.clock_url, "")
        environment = {
            "SLACK_BOT_TOKEN": known.slack_bot_token.get_secret_value(),
            "SLACK_APP_TOKEN": known.slack_app_token.get_secret_value(),
            "SLACK_SIGNING_SECRET": "",
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
            "SEAL_KEYS": known.seal_keys.get_secret_value(),
            "PORT": str(port),
        }
        with process("run", environment):
            address = f"http://127.0.0.1:{port}"
            assert httpx.get(f"{address}/healthz").status_code == 200
            forged = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0="}
            assert httpx.post(f"{address}/slack/events", content=b"{}", headers=forged).status_code == 401
