"""Killed at any moment and started again: every vote is there, nothing is posted twice, what is unknown is listed."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from bot.sandbox import Sandbox, serve
from storage.database import Database
from storage.outbox import Outbox
from storage.vocabulary import Delivery
from tests.town import KEY, text_of

ROOT = Path(__file__).parents[2]
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Demo:
    """`python -m bot demo` in a process of its own, which can be killed."""

    def __init__(self, data: Path, mode: str) -> None:
        command = [sys.executable, "-m", "bot", "demo", "--empty", "--no-browser", "--patient", "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--data", str(data), "--mode", mode],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line.startswith("sandbox ready at "), line
        self.http = httpx.Client(base_url=line.split()[-1], timeout=600)

    def post(self, path, **body):
        answer = self.http.post(f"/sandbox/{path}", json=body).json()
        assert answer["ok"], answer
        return answer

    def types(self, user, text):
        answer = self.post("command", user=user, channel="council", text=text)
        return text_of(answer["response"] or {})

    def messages(self, channel="council", user="ana"):
        found = self.http.get("/sandbox/messages", params={"channel": channel, "user": user}).json()["messages"]
        return [m for m in found if not m.get("ephemeral")]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.http.close()


@contextmanager
def demo(data, mode):
    running = Demo(data, mode)
    try:
        yield running
    finally:
        running.kill()


@pytest.mark.parametrize("mode", [pytest.param("http", marks=pytest.mark.more), "socket"])
def test_a_demo_killed_between_votes_and_delivery_goes_on_where_it_was(tmp_path, mode):
    with demo(tmp_path, mode) as first:
        first.types("ana", '/consortium setup "Northern Valleys"')
        for agency, user in (("Elm", "ben"), ("Birch", "cleo"), ("Oak", "finn")):
            first.types("ana", f'/consortium agency add "{agency}"')
            first.types("ana", f'/consortium member @{user} "{agency}" representative')
        first.types("ana", '/propose now "Adopt the calendar"')
        first.post("clock", advance="PT0S")
        first.post("faults", method="chat.update", fault="500", times=50)
        first.types("ben", "/vote 1 agree")
        first.types("cleo", "/vote 1 reservations Costs")
        first.types("ana", '/propose now "Share the van"')
    with demo(tmp_path, mode) as second:
        second.types("finn", "/vote 1 agree")
        second.post("clock", advance="PT5M")
        texts = [text_of(m) for m in second.messages()]
        shown = [t for t in texts if "#1 Adopt the calendar" in t]
        assert len(shown) == 1
        assert "*3 of 3 agencies heard*" in shown[0]
        van = [t for t in texts if "#2 Share the van" in t]
        listed = second.types("ana", "/consortium")
        assert len(van) == 1 or "Undelivered (1)" in listed
        assert len(van) <= 1


@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.more)])
def test_asked_to_end_it_ends(tmp_path, sign):
    running = Demo(tmp_path, "socket")
    running.process.send_signal(sign)
    assert running.process.wait(timeout=600) == 0
    running.kill()


class _Silent(BaseHTTPRequestHandler):
    """A Slack that takes a post and never answers."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("auth.test"):
            answer = json.dumps({"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        elif self.path.endswith("chat.postMessage"):
            self.server.took.append(json.loads(body))
            self.server.asked.set()
            self.server.over.wait(600)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def silent_slack():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Silent)
    server.asked, server.over, server.took = threading.Event(), threading.Event(), []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def worker(database_url, api_url, **more):
    """Run only what delivers, in a process of its own."""
    script = (
        "from bot import config; from bot.runtime import processes; from bot.app import build; "
        "processes.work(build(config.load(config.Needs())), lambda text: print(text, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={
            **os.environ,
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_API_URL": api_url,
            "SEAL_KEYS": KEY,
            **more,
        },
    )
    assert process.stdout.readline().startswith("Working")
    return process


def end(process):
    process.kill()
    process.wait()
    process.stdout.close()


def leave_a_message(database_url):
    from storage import outbox

    db = Database(database_url)
    with db.begin() as session:
        outbox.put(session, team_id="T1", channel="C1", body={"text": "once"}, about="a message", now=LONG_AGO)
    return db


def test_what_was_being_sent_when_the_process_was_killed_is_unknown_and_not_sent_again(database_url):
    with silent_slack() as slack:
        db = leave_a_message(database_url)
        api = f"http://127.0.0.1:{slack.server_port}/api/"
        first = worker(database_url, api)
        assert slack.asked.wait(600)
        end(first)
        slack.asked.clear()
        second = worker(database_url, api)
        assert wait_for(lambda: state_of(db) is Delivery.UNKNOWN)
        end(second)
        assert len(slack.took) == 1
        db.close()


def state_of(db):
    with db.read() as session:
        return session.get_one(Outbox, 1).state


def wait_for(condition, seconds=600):
    """Look until it is so; give up after a while."""
    pause = threading.Event()
    for _ in range(seconds * 50):
        if condition():
            return True
        pause.wait(0.02)
    return False


def test_a_second_process_on_the_same_sqlite_file_is_refused(tmp_path):
    with serve(Sandbox(), port=0), demo(tmp_path, "http"):
        second = subprocess.run(
            [sys.executable, "-m", "bot", "demo", "--empty", "--no-browser", "--port", "0", "--data", str(tmp_path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    assert second.returncode == 2
    assert "Another process uses" in second.stderr


def test_of_two_workers_on_postgresql_one_delivers_and_the_other_takes_over(postgres_url):
    from tests import databases

    databases.empty(postgres_url)
    with silent_slack() as slack:
        api = f"http://127.0.0.1:{slack.server_port}/api/"
        first, second = worker(postgres_url, api), worker(postgres_url, api)
        db = leave_a_message(postgres_url)
        assert slack.asked.wait(600)
        assert len(slack.took) == 1
        with db.read() as session:
            assert session.get_one(Outbox, 1).state is Delivery.SENDING
        end(first)
        end(second)
        assert len(slack.took) == 1
        db.close()
