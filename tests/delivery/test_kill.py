"""The bot killed at any time and started again: no vote is lost, nothing is posted twice, unknown posts are listed."""

import json
import signal
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from bot.sandbox import Sandbox, serve
from storage.database import Database
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState
from tests import bot_process, databases
from tests.town import KEY, text_of
from tests.waiting import PATIENCE, wait_until

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


DEMO = ("-m", "bot", "demo", "--patient", "--empty", "--no-browser", "--port", "0")


class Demo:
    """`python -m bot demo` in a process of its own, which can be killed."""

    def __init__(self, data, mode):
        self.process = bot_process.start(*DEMO, "--data", str(data), "--mode", mode)
        line = self.process.stdout.readline()
        assert line.startswith("sandbox ready at "), line
        self.http = httpx.Client(base_url=line.split()[-1], timeout=PATIENCE)

    def post(self, path, **body):
        answer = self.http.post(f"/sandbox/{path}", json=body).json()
        assert answer["ok"], answer
        return answer

    def types(self, user, text):
        answer = self.post("command", user=user, channel="council", text=text)
        return text_of(answer["response"] or {})

    def messages(self, channel="council", user="ana"):
        messages = self.http.get("/sandbox/messages", params={"channel": channel, "user": user}).json()["messages"]
        return [m for m in messages if not m.get("ephemeral")]

    def kill(self):
        bot_process.kill(self.process)
        self.http.close()


@contextmanager
def demo(data, mode):
    running = Demo(data, mode)
    try:
        yield running
    finally:
        running.kill()


@pytest.mark.parametrize("mode", [pytest.param("http", marks=pytest.mark.more), "socket"])
def test_a_demo_that_was_killed_between_a_vote_and_its_delivery_continues_where_it_was(tmp_path, mode):
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
        assert len(van) == 1 or "Messages to check (1)" in listed
        assert len(van) <= 1


@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.more)])
def test_the_demo_stops_when_it_is_asked_to(tmp_path, sign):
    running = Demo(tmp_path, "socket")
    running.process.send_signal(sign)
    assert running.process.wait(timeout=PATIENCE) == 0
    running.kill()


class _Silent(BaseHTTPRequestHandler):
    """A Slack that accepts a post and never answers."""

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
            self.server.posts.append(json.loads(body))
            self.server.asked.set()
            self.server.over.wait(PATIENCE)

    def log_message(self, *_):
        """Log nothing."""


@contextmanager
def silent_slack():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Silent)
    server.asked, server.over, server.posts = threading.Event(), threading.Event(), []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


WORKER = """
from bot import config
from bot.app import build
from bot.runtime import processes
from tests.timeouts import PATIENT_BOT

bot = build(config.load(config.Needs()), timeouts=PATIENT_BOT)
processes.run_worker(bot, lambda text: print(text, flush=True))
"""
"""A worker that may also run on SQLite, and that does not give up a call before the test does."""


def worker(database_url, api_url, **more):
    """Start a worker in a process of its own."""
    settings = {
        "DATABASE_URL": database_url,
        "SLACK_BOT_TOKEN": "xoxb-test",
        "SLACK_API_URL": api_url,
        "SEAL_KEYS": KEY,
        **more,
    }
    process = bot_process.start("-c", WORKER, settings=settings)
    assert process.stdout.readline().startswith("Working")
    return process


def put_message(database_url):
    from storage import outbox

    db = Database(database_url)
    with db.begin() as session:
        outbox.queue(session, team_id="T1", channel="C1", body={"text": "once"}, about="a message", now=LONG_AGO)
    return db


def test_a_message_that_was_being_sent_when_the_process_was_killed_is_unknown_and_not_sent_again(database_url):
    with silent_slack() as slack:
        db = put_message(database_url)
        api = f"http://127.0.0.1:{slack.server_port}/api/"
        first = worker(database_url, api)
        assert slack.asked.wait(PATIENCE)
        bot_process.kill(first)
        slack.asked.clear()
        second = worker(database_url, api)
        assert wait_until(lambda: state_of(db) is DeliveryState.UNKNOWN)
        bot_process.kill(second)
        assert len(slack.posts) == 1
        db.close()


def state_of(db):
    with db.read() as session:
        return session.get_one(OutboxMessage, 1).state


def test_a_second_process_on_the_same_sqlite_file_is_refused(tmp_path):
    with serve(Sandbox(), port=0), demo(tmp_path, "http"):
        second = bot_process.finished(*DEMO, "--data", str(tmp_path))
    assert second.returncode == 2
    assert "Another process uses" in second.stderr


def test_of_two_workers_on_postgresql_only_one_delivers_and_the_other_does_not_repeat_a_post(postgres_url):
    databases.delete_rows(postgres_url)
    with silent_slack() as slack:
        api = f"http://127.0.0.1:{slack.server_port}/api/"
        first, second = worker(postgres_url, api), worker(postgres_url, api)
        db = put_message(postgres_url)
        assert slack.asked.wait(PATIENCE)
        assert len(slack.posts) == 1
        with db.read() as session:
            assert session.get_one(OutboxMessage, 1).state is DeliveryState.SENDING
        bot_process.kill(first)
        bot_process.kill(second)
        assert len(slack.posts) == 1
        db.close()
