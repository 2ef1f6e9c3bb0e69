"""Private answers: what Slack refuses is said more plainly, once."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bot.delivery.response_urls import ResponseUrlPool


@pytest.fixture
def slack():
    """A Slack that answers with the statuses given, then with 200, and keeps what it received."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.received.append(body["text"])
            self.send_response(server.statuses.pop(0) if server.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.received, server.statuses = [], []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("statuses", "received"),
    [
        pytest.param([], ["blocks", "chart"], id="all accepted"),
        pytest.param([200, 400], ["blocks", "chart", "table"], id="the chart refused"),
        pytest.param([400], ["blocks", "words", "chart"], id="the blocks refused"),
        pytest.param([400, 200, 400], ["blocks", "words", "chart", "table"], id="both refused"),
        pytest.param([400, 400, 400, 400], ["blocks", "words", "chart", "table"], id="everything refused"),
        pytest.param([404, 400], ["blocks", "chart", "table"], id="the first lost"),
    ],
)
def test_answers_come_in_turn_and_each_is_replaced_by_its_own_fallback(slack, statuses, received):
    slack.statuses += statuses
    pool = ResponseUrlPool()
    pool.send(
        f"http://127.0.0.1:{slack.server_port}/",
        [{"text": "blocks"}, {"text": "words"}],
        [{"text": "chart"}, {"text": "table"}],
    )
    pool.stop()
    assert slack.received == received


@pytest.mark.parametrize(
    ("statuses", "received"),
    [
        pytest.param([], ["chart"], id="accepted"),
        pytest.param([400], ["chart", "table"], id="refused"),
        pytest.param([400, 400], ["chart", "table"], id="refused twice"),
        pytest.param([404], ["chart"], id="the address is used up"),
    ],
)
def test_an_answer_that_slack_refuses_is_replaced_by_its_fallback_once(slack, statuses, received):
    slack.statuses += statuses
    pool = ResponseUrlPool()
    pool.send(f"http://127.0.0.1:{slack.server_port}/", [{"text": "chart"}, {"text": "table"}])
    pool.stop()
    assert slack.received == received
