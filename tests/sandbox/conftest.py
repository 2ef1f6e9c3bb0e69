"""A sandbox and an echo app behind it, over HTTP and through Socket Mode."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import httpx
import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import PATIENT, Sandbox, serve

LIMIT = 600
"""Seconds after which something is broken rather than slow."""


class Driver:
    """Drive a sandbox through its control interface, and through its Web API as the app."""

    def __init__(self, sandbox, server):
        self.sandbox = sandbox
        self.url = server.url
        self.server = server
        self.http = httpx.Client(base_url=server.url, timeout=LIMIT, verify=False)
        self.web = WebClient(
            token=sandbox.credentials.bot_token, base_url=server.api_url, timeout=LIMIT, retry_handlers=[]
        )

    def post(self, call, **body):
        return self.http.post(f"/sandbox/{call}", json=body).json()

    def get(self, call, **params):
        return self.http.get(f"/sandbox/{call}", params=params).json()

    def api(self, method, token=None, **body):
        token = self.sandbox.credentials.bot_token if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.post(f"/api/{method}", json=body, headers=headers).json()

    def messages(self, channel="general", user="ana"):
        return self.get("messages", channel=channel, user=user)["messages"]

    def texts(self, channel="general", user="ana"):
        return [message["text"] for message in self.messages(channel, user)]

    def channel(self, name="general"):
        return next(channel["id"] for channel in self.get("channels")["channels"] if channel["name"] == name)

    def user(self, name="ana"):
        return next(person["id"] for person in self.get("people")["people"] if person["name"] == name)

    def trigger(self, user="ana"):
        return self.sandbox.world.triggers.issue(self.user(user))

    def close(self):
        self.http.close()


@contextmanager
def driving(*args, wire_time=PATIENT, **kwargs) -> Iterator[Driver]:
    sandbox = Sandbox(*args, wire_time=wire_time, **kwargs)
    with serve(sandbox) as server:
        driver = Driver(sandbox, server)
        try:
            yield driver
        finally:
            driver.close()


@pytest.fixture(scope="session")
def leave():
    """Close what a test has opened while the next one runs, because stopping takes longer than most tests."""
    with ThreadPoolExecutor(1) as later:
        closing = []
        yield lambda opened: closing.append(later.submit(opened.close))
        for pending in closing:
            pending.result()


@pytest.fixture
def wire_time():
    """Ignore real time, unless a test parametrizes this."""
    return PATIENT


@pytest.fixture
def slack(leave, wire_time):
    opened = ExitStack()
    yield opened.enter_context(driving(wire_time=wire_time))
    leave(opened)


@pytest.fixture
def still(slack, monkeypatch):
    """Stop story time except when it is advanced, so that no limit passes on a slow machine."""
    clock = slack.sandbox.world.clock
    monkeypatch.setattr(clock, "now", lambda: clock._story)


@pytest.fixture(scope="module")
def calm():
    """Share one sandbox among a module's tests, advancing the clock so that no rate limit is reached."""
    with driving() as driver:
        yield driver


class Echo:
    """A Bolt app that records everything it receives and responds as `plan` says."""

    def __init__(self, driver):
        known = driver.sandbox.credentials
        self.heard = []
        self.plan = SimpleNamespace(
            command=lambda ack, body, client: ack(f"you said {body['text']}"),
            action=lambda ack, body, client, respond: ack(),
            view=lambda ack, body, client: ack(),
            event=lambda body, client: None,
        )
        self.app = App(
            client=WebClient(token=driver.web.token, base_url=driver.server.api_url, timeout=LIMIT),
            signing_secret=known.signing_secret,
            process_before_response=True,
        )
        self.app.command("/echo")(self._command)
        self.app.action({"action_id": "press"})(self._action)
        self.app.view("form")(self._view)
        self.app.view_closed("form")(self._view)
        for kind in (
            "app_home_opened",
            "channel_id_changed",
            "user_change",
            "team_join",
            "member_joined_channel",
            "message",
            "app_mention",
        ):
            self.app.event(kind)(self._event)

    def _command(self, ack, body, client):
        self.heard.append(body)
        self.plan.command(ack, body, client)

    def _action(self, ack, body, client, respond):
        self.heard.append(body)
        self.plan.action(ack, body, client, respond)

    def _view(self, ack, body, client):
        self.heard.append(body)
        self.plan.view(ack, body, client)

    def _event(self, body, client, request):
        self.heard.append({**body, "retry": request.headers.get("x-slack-retry-num")})
        self.plan.event(body, client)

    def latest(self, key, value=None):
        """Return the newest body that has this key (an event: of this type); other events may arrive at any moment."""
        for body in reversed(self.heard):
            if key in body and (value is None or body[key]["type"] == value):
                return body
        raise AssertionError(f"nothing with {key!r} was heard")

    def wait(self, count):
        """Wait for a number of deliveries; events arrive in the background."""
        end = time.monotonic() + LIMIT
        while len(self.heard) < count and time.monotonic() < end:
            time.sleep(0.005)
        assert len(self.heard) >= count
        return self.heard


@contextmanager
def serving(handler) -> Iterator[str]:
    """Run an HTTP server in a thread, and return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Quiet:
    """Keeps a request handler from logging."""

    def log_message(self, *args):
        pass


@contextmanager
def over_http(driver, app):
    class Listener(Quiet, BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): [value] for name, value in self.headers.items()}
            answer = app.dispatch(BoltRequest(body=body, headers=headers))
            raw = answer.body.encode()
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                self.send_header(name, values[0])
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    with serving(Listener) as url:
        driver.sandbox.deliver_to(f"{url}/slack/events")
        yield


@contextmanager
def over_socket(driver, app):
    handler = SocketModeHandler(app, app_token=driver.sandbox.credentials.app_token)
    handler.client.web_client.base_url = driver.server.api_url
    driver.sandbox.deliver_by_socket()
    handler.connect()
    end = time.monotonic() + LIMIT
    while not driver.sandbox.deliveries.sockets.connections and time.monotonic() < end:
        time.sleep(0.005)
    try:
        yield
    finally:
        # The client holds its lock while it reads, for up to three seconds, so the reading must end first.
        handler.client.current_session.sock.shutdown(socket.SHUT_RD)
        handler.close()


MODES = {"http": over_http, "socket": over_socket}


@pytest.fixture(params=["http", "socket"])
def echo(request, slack, leave):
    """Connect an echo app, over HTTP and through Socket Mode."""
    opened = ExitStack()
    echo = Echo(slack)
    opened.enter_context(MODES[request.param](slack, echo.app))
    yield echo
    leave(opened)


@pytest.fixture(scope="module")
def calm_echo(calm):
    """Connect an echo app to a module's shared sandbox."""
    echo = Echo(calm)
    with over_http(calm, echo.app):
        yield echo


@pytest.fixture
def echo_http(slack):
    """Connect an echo app over HTTP, where both ways would show the same."""
    echo = Echo(slack)
    with over_http(slack, echo.app):
        yield echo
