"""Web and worker apart, on PostgreSQL: one handles requests, another delivers, a third takes over."""

import httpx

from bot.sandbox import PATIENT, Sandbox, serve
from tests import databases
from tests.bot_process import free_port, running
from tests.town import KEY, START, text_of
from tests.waiting import PATIENCE, wait_until


class Apart:
    """A sandbox whose app is a web process; the clock is the real one."""

    def __init__(self, url):
        self.http = httpx.Client(base_url=url, timeout=PATIENCE)

    def types(self, user, text):
        answer = self.http.post("/sandbox/command", json={"user": user, "channel": "council", "text": text}).json()
        return text_of(answer["response"] or {})

    def shows(self, part):
        """Wait until everyone can read `part` in the channel."""
        return wait_until(lambda: any(part in text_of(message) for message in self._messages()))

    def _messages(self):
        return self.http.get("/sandbox/messages", params={"channel": "council", "user": "dov"}).json()["messages"]


def readiness(port):
    """Return what a web process says about itself, once it answers."""
    answers = []

    def ask():
        try:
            answers.append(httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE).text)
        except httpx.TransportError:
            return False
        return True

    assert wait_until(ask)
    return answers[-1]


def test_the_web_process_follows_a_story_clock_as_the_worker_does(postgres_url):
    databases.delete_rows(postgres_url)
    sandbox, port = Sandbox(starts_at=START, wire_time=PATIENT), free_port()
    with serve(sandbox, port=0) as slack:
        settings = {**settings_apart(sandbox, slack, postgres_url, port), "CLOCK_URL": slack.clock_url}
        with running("web", settings), running("worker", settings):
            sandbox.deliver_to(f"http://127.0.0.1:{port}/slack/events")
            apart = Apart(slack.url)
            apart.types("ana", '/consortium setup "Northern Valleys" zone:America/Denver')
            apart.types("ana", '/consortium agency add "Elm"')
            apart.types("ana", "/consortium member @ana Elm")
            moved = apart.http.post("/sandbox/clock", json={"to": "2026-12-02T18:00:00+00:00", "followers": 2}).json()
            assert moved["ok"], moved
            assert "Dec 3" in apart.types("ana", '/task add "Count the books" @ana due:tomorrow')
            apart.http.close()


def settings_apart(sandbox, slack, postgres_url, port):
    credentials = sandbox.credentials
    return {
        "DATABASE_URL": postgres_url,
        "SLACK_BOT_TOKEN": credentials.bot_token,
        "SLACK_SIGNING_SECRET": credentials.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "SEAL_KEYS": KEY,
        "PORT": str(port),
    }


def test_a_worker_delivers_what_the_web_process_stored_and_another_worker_takes_over(postgres_url):
    databases.delete_rows(postgres_url)
    sandbox, port = Sandbox(wire_time=PATIENT), free_port()
    with serve(sandbox, port=0) as slack:
        settings = settings_apart(sandbox, slack, postgres_url, port)
        with running("web", settings):
            assert readiness(port) == "no worker is running"
            sandbox.deliver_to(f"http://127.0.0.1:{port}/slack/events")
            apart = Apart(slack.url)
            with running("worker", settings) as first, running("worker", settings):
                apart.types("ana", '/consortium setup "Northern Valleys"')
                apart.types("ana", '/consortium agency add "Elm"')
                apart.types("ana", "/consortium member @ben Elm representative")
                apart.types("ana", '/consortium agency add "Birch"')
                apart.types("ana", "/consortium member @cleo Birch representative")
                apart.types("ana", '/propose now "Adopt the calendar"')
                assert apart.shows("#1 Adopt the calendar")
                apart.types("ben", "/vote 1 agree")
                assert apart.shows("*1 of 2 agencies heard*")
                assert readiness(port) == "ready"
                first.kill()
                first.wait()
                apart.types("ana", '/propose now "Share the van"')
                assert apart.shows("#2 Share the van")
            apart.http.close()
