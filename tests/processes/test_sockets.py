"""Socket Mode: acknowledgments leave at once, and a Slack that cannot be reached is tried until it answers."""

import queue
import socket

import httpx
import pytest

from bot.app import build
from bot.runtime.socket_mode import SocketModeConnection
from bot.sandbox import PATIENT, Sandbox, serve
from tests.timeouts import PATIENT_BOT
from tests.town import settings_for
from tests.waiting import PATIENCE


@pytest.fixture
def slack():
    sandbox = Sandbox(wire_time=PATIENT)
    with serve(sandbox) as served:
        yield sandbox, served


@pytest.fixture
def connection(slack, tmp_path):
    """Yield a connection before it is made, and a queue with the value of TCP_NODELAY at each `hello`."""
    sandbox, served = slack
    settings = settings_for(sandbox, served.api_url, served.clock_url, f"sqlite:///{tmp_path / 'bot.db'}")
    bot = build(settings, timeouts=PATIENT_BOT)
    socket_mode, no_delay = SocketModeConnection(bot), queue.Queue()

    def read(client, message, _raw):
        if message["type"] == "hello":
            no_delay.put(client.current_session.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    socket_mode._handler.client.message_listeners.append(read)
    yield socket_mode, no_delay
    socket_mode.stop()
    bot.close()


def test_acknowledgments_leave_at_once_also_after_reconnecting(slack, connection):
    socket_mode, no_delay = connection
    assert socket_mode.start() is True
    assert no_delay.get(timeout=PATIENCE)
    httpx.post(f"{slack[1].url}/sandbox/disconnect", timeout=PATIENCE).raise_for_status()
    assert no_delay.get(timeout=PATIENCE)


def test_a_slack_that_cannot_be_reached_at_startup_is_tried_until_it_answers(slack, connection):
    socket_mode, no_delay = connection
    slack[0].world.faults.add("apps.connections.open", "500", 2, 1)
    assert socket_mode.start() is False
    assert no_delay.get(timeout=PATIENCE)
