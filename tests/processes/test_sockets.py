"""Socket Mode: acknowledgments leave at once, and a Slack that cannot be reached is tried until it answers."""

import contextlib
import json
import queue
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
import structlog

from bot.app import build
from bot.runtime import socket_mode as socket_module
from bot.runtime.socket_mode import SocketModeConnection
from bot.sandbox import PATIENT, Sandbox, serve
from tests.delivery.cable import Cable
from tests.timeouts import PATIENT_BOT
from tests.town import settings_for
from tests.waiting import PATIENCE, wait_until


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

    socket_mode.client.message_listeners.append(read)
    yield socket_mode, no_delay
    socket_mode.stop()
    bot.close()


class SilentCable(Cable):
    """A cable whose connections can go silent: they stay open and deliver nothing. Later ones are well."""

    def __init__(self, server):
        self._silent = set()
        super().__init__(server)

    def fall_silent(self):
        self._silent |= self._sockets

    def _forward(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source not in self._silent:
                    target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def cable(slack):
    """Yield the cable through which the bot reaches Slack."""
    sandbox, served = slack
    parts = urlsplit(served.url)
    between = SilentCable((parts.hostname, parts.port))
    sandbox.world.url = f"http://127.0.0.1:{between.port}"
    yield between
    between.close()


@pytest.fixture
def lines():
    """Return what was logged, by its event."""
    with structlog.testing.capture_logs() as logs:
        yield lambda event: [entry for entry in logs if entry["event"] == event]


def test_a_connection_that_breaks_is_replaced_at_once_and_costs_no_work_meanwhile(slack, cable, connection, lines):
    socket_mode, no_delay = connection
    assert socket_mode.start() is True
    assert no_delay.get(timeout=PATIENCE)
    slack[0].world.faults.add("apps.connections.open", "500", 3, 1)
    began, worked = time.monotonic(), time.process_time()
    cable.cut()
    cable.mend()
    assert wait_until(lambda: len(lines("not connected to Slack")) == 3)
    assert time.process_time() - worked < 0.5 * (time.monotonic() - began), "no thread reads without a pause"
    assert no_delay.get(timeout=PATIENCE)
    assert lines("reconnecting to Slack")[0]["silent"] is False


def test_a_connection_that_goes_silent_is_replaced(cable, connection, lines, monkeypatch):
    monkeypatch.setattr(socket_module, "SILENT_SECONDS", 2)
    socket_mode, no_delay = connection
    assert socket_mode.start() is True
    assert no_delay.get(timeout=PATIENCE)
    cable.fall_silent()
    assert wait_until(lambda: any(line["silent"] for line in lines("reconnecting to Slack")))
    assert no_delay.get(timeout=PATIENCE)


def test_silence_is_noticed_within_fifteen_seconds_and_not_after_one_lost_ping():
    assert socket_module.SILENT_SECONDS + 2 * socket_module.CHECK_SECONDS < 15
    assert socket_module.SILENT_SECONDS >= 3 * socket_module.PING_SECONDS


def test_a_payload_that_cannot_be_read_gets_no_acknowledgment_and_one_line(slack, connection, lines):
    socket_mode, no_delay = connection
    assert socket_mode.start() is True
    assert no_delay.get(timeout=PATIENCE)
    answers = []
    socket_mode.client.send_message = answers.append
    for payload in ({}, {"type": "block_actions"}, {"type": "view_submission", "view": 5}):
        envelope = {"type": "interactive", "envelope_id": "1", "payload": payload}
        socket_mode.client.run_message_listeners(envelope, json.dumps(envelope))
    assert answers == []
    assert all(line["log_level"] == "warning" for line in lines("malformed request"))
    assert len(lines("malformed request")) == 3


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
