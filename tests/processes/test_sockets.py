"""Over Socket Mode every answer leaves at once, however many are under way."""

import queue
import socket

import httpx

from bot.app import build
from bot.sandbox import Sandbox, serve
from bot.sockets import Socket
from tests.town import settings_for

PATIENCE = 20


def test_no_answer_is_held_back_for_the_one_before_it_also_on_a_connection_made_anew(tmp_path):
    sandbox, found = Sandbox(), queue.Queue()

    def look(client, message, _raw):
        if message["type"] == "hello":
            found.put(client.current_session.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    with serve(sandbox) as slack:
        bot = build(settings_for(sandbox, slack.api_url, slack.clock_url, f"sqlite:///{tmp_path / 'bot.db'}"))
        connection = Socket(bot)
        connection._handler.client.message_listeners.append(look)
        connection.start()
        try:
            assert found.get(timeout=PATIENCE)
            httpx.post(f"{slack.url}/sandbox/disconnect").raise_for_status()
            assert found.get(timeout=PATIENCE)
        finally:
            connection.stop()
            bot.close()
