"""`python -m bot run` as in the README: Socket Mode, two tokens and nothing else."""

import httpx

from bot.sandbox import PATIENT, Sandbox, serve
from tests.bot_process import free_port, running
from tests.town import settings_for
from tests.waiting import PATIENCE


def test_socket_mode_needs_no_signing_secret_and_accepts_no_unsigned_request(tmp_path):
    sandbox, port = Sandbox(wire_time=PATIENT), free_port()
    with serve(sandbox) as slack:
        known = settings_for(sandbox, slack.api_url, slack.clock_url, "")
        settings = {
            "SLACK_BOT_TOKEN": known.slack_bot_token.get_secret_value(),
            "SLACK_APP_TOKEN": known.slack_app_token.get_secret_value(),
            "SLACK_SIGNING_SECRET": "",
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.db'}",
            "SEAL_KEYS": known.seal_keys.get_secret_value(),
            "PORT": str(port),
        }
        with running("run", settings), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http:
            assert http.get("/healthz").status_code == 200
            forged = {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0="}
            assert http.post("/slack/events", content=b"{}", headers=forged).status_code == 401
