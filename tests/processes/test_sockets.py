"""Over Socket Mode every answer leaves at once, and a Slack that is out of reach is tried until it is there."""

import queue
import socket

import httpx
import pytest

from bot.app import build
from bot.runtime.socket_mode import SocketModeConnection
from bot.sandbox import PATIENT, Sandbox, serve
from tests.town import settings_for

PATIENCE = 600


@pytest.fixture
def slack():
    sandbox = Sandbox(wire_time=PATIENT)
    with serve(sandbox) as served:
        yield sandbox, served


@pytest.fixture
def connection(slack, tmp_path):
    """A connection that is not made yet, and what each `hello` finds: whether answers leave at once."""
    sandbox, served = slack
    bot = build(settings_for(sandbox, served.api_url, served.clock_url, f"sqlite:///{tmp_path / 'bot.db'}"))
    made, found = SocketModeConnection(bot), queue.Queue()

    def look(client, message, _raw):
        if message["type"] == "hello":
            found.put(client.current_session.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    made._handler.client.message_listeners.append(look)
    yield made, found
    made.stop()
    bot.close()


def test_no_answer_is_held_back_for_the_one_before_it_also_on_a_connection_made_anew(slack, connection):
    made, found = connection
    assert made.start() is True
    assert found.get(timeout=PATIENCE)
    httpx.post(f"{slack[1].url}/sandbox/disconnect").raise_for_status()
    assert found.get(timeout=PATIENCE)


def test_a_slack_that_is_out_of_reach_at_the_start_is_tried_until_it_is_there(slack, connection):
    made, found = connection
    slack[0].world.faults.add("apps.connections.open", "500", 2, 1)
    assert made.start() is False
    assert found.get(timeout=PATIENCE)
