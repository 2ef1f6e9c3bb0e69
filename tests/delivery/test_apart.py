"""Web and worker apart, on PostgreSQL: one takes requests, another delivers, a third takes over."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.sandbox import PATIENT, Sandbox, serve
from tests import databases
from tests.town import KEY, text_of

ROOT = Path(__file__).parents[2]
PATIENCE = 600
"""Seconds after which a process that has not answered is taken to be broken."""


@contextmanager
def process(command, environment):
    """Run one of the bot's processes; give it once it has said that it is there."""
    started = subprocess.Popen(
        [sys.executable, "-m", "bot", command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert started.stdout.readline()
        yield started
    finally:
        started.kill()
        started.wait()
        started.stdout.close()


class Apart:
    """A sandbox whose app is a web process; everybody lives in real time."""

    def __init__(self, url):
        self.http = httpx.Client(base_url=url, timeout=PATIENCE)

    def types(self, user, text):
        answer = self.http.post("/sandbox/command", json={"user": user, "channel": "council", "text": text}).json()
        return text_of(answer["response"] or {})

    def waits_for(self, part):
        """Look until everybody can read `part`; give up after a while."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self.http.get("/sandbox/messages", params={"channel": "council", "user": "dov"}).json()["messages"]
            if any(part in text_of(m) for m in found):
                return True
            # a settled clock is a round through the sandbox, not a pause of ours
            self.http.post("/sandbox/clock", json={"advance": "PT0S"})
        return False


def ready(port):
    """Ask a web process until it answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).text
        except httpx.TransportError:
            continue
    return ""


@pytest.fixture
def free_port():
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_what_the_web_process_took_the_worker_delivers_and_another_takes_over(postgres_url, free_port):
    databases.empty(postgres_url)
    sandbox = Sandbox(wire_time=PATIENT)
    with serve(sandbox, port=0) as slack:
        known = sandbox.credentials
        environment = {
            "DATABASE_URL": postgres_url,
            "SLACK_BOT_TOKEN": known.bot_token,
            "SLACK_SIGNING_SECRET": known.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "SEAL_KEYS": KEY,
            "PORT": str(free_port),
        }
        with process("web", environment):
            assert ready(free_port) == "no worker is running"
            sandbox.deliver_to(f"http://127.0.0.1:{free_port}/slack/events")
            apart = Apart(slack.url)
            with process("worker", environment) as first, process("worker", environment):
                apart.types("ana", '/consortium setup "Northern Valleys"')
                apart.types("ana", '/consortium agency add "Elm"')
                apart.types("ana", "/consortium member @ben Elm representative")
                apart.types("ana", '/propose now "Adopt the calendar"')
                assert apart.waits_for("#1 Adopt the calendar")
                apart.types("ben", "/vote 1 agree")
                assert apart.waits_for("*1 of 1 agencies heard*")
                assert ready(free_port) == "ready"
                first.kill()
                first.wait()
                apart.types("ana", '/propose now "Share the van"')
                assert apart.waits_for("#2 Share the van")
            apart.http.close()
