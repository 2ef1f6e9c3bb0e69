"""Deliveries: signatures, retries of events, and several Socket Mode connections."""

import asyncio
import hashlib
import hmac
import json
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

import httpx
import pytest
from websockets.asyncio.client import connect

from bot.sandbox import PATIENT
from tests.sandbox.conftest import LIMIT, Quiet, serving


class Ear:
    """A bare server that records requests and answers with a given status."""

    def __init__(self):
        self.status = 200
        self.headers = {}
        self.heard = []

    @contextmanager
    def open(self):
        ear = self

        class Listener(Quiet, BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                ear.heard.append((dict(self.headers.items()), body))
                self.send_response(ear.status)
                for name, value in ear.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

        with serving(Listener) as url:
            yield f"{url}/"

    def wait(self, count):
        end = time.monotonic() + LIMIT
        while len(self.heard) < count and time.monotonic() < end:
            time.sleep(0.005)
        assert len(self.heard) == count
        return self.heard


@pytest.fixture
def ear(slack):
    ear = Ear()
    with ear.open() as url:
        assert slack.post("app", request_url=url, mode="http", verify=False)["mode"] == "http"
        yield ear


def test_requests_are_signed_in_wire_time(slack, ear):
    slack.post("clock", advance="P30D")
    before = int(time.time())
    slack.post("command", user="ana", channel="general", text="/echo hi")
    headers, body = ear.heard[0]
    stamp = headers["X-Slack-Request-Timestamp"]
    assert before <= int(stamp) <= time.time()
    base = f"v0:{stamp}:{body}".encode()
    wanted = hmac.new(slack.sandbox.credentials.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == f"v0={wanted}"
    assert parse_qs(body)["command"] == ["/echo"]


def test_a_refused_event_is_retried_at_once_after_one_minute_and_after_five(slack, ear):
    ear.status = 500
    slack.post("people", user="ben", tz="Europe/Rome")
    ear.wait(2)
    slack.post("clock", advance="PT59S")
    ear.wait(2)
    slack.post("clock", advance="PT1H")
    ear.wait(4)
    bodies = [json.loads(body) for _, body in ear.heard]
    assert len({body["event_id"] for body in bodies}) == 1
    retries = [(headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")) for headers, _ in ear.heard]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


def test_retries_end_when_the_event_is_accepted(slack, ear):
    ear.status = 500
    slack.post("people", user="ben", tz="Europe/Rome")
    ear.wait(2)
    ear.status = 200
    slack.post("clock", advance="PT1H")
    ear.wait(3)


def test_an_app_may_decline_retries(slack, ear):
    ear.status, ear.headers = 500, {"X-Slack-No-Retry": "1"}
    slack.post("people", user="ben", tz="Europe/Rome")
    slack.post("clock", advance="PT1H")
    ear.wait(1)


def test_an_error_page_fails_the_command(slack, ear):
    ear.status = 503
    assert slack.post("command", user="ana", channel="general", text="/echo")["failed"] == "http_service_error"
    assert slack.texts() == ['/echo failed with the error "http_service_error"']


def test_any_event_can_be_sent(slack, ear):
    answer = slack.post("event", event={"type": "channel_id_changed", "old_channel_id": "C1", "new_channel_id": "C2"})
    body = json.loads(ear.heard[0][1])
    assert answer["event_id"] == body["event_id"]
    assert body["event"]["new_channel_id"] == "C2"
    assert body["authorizations"][0]["is_bot"] is True


def socket_address(slack):
    headers = {"Authorization": f"Bearer {slack.sandbox.credentials.app_token}"}
    return httpx.post(f"{slack.url}/api/apps.connections.open", headers=headers, timeout=LIMIT).json()["url"]


async def press(slack):
    async with httpx.AsyncClient(base_url=slack.url, timeout=LIMIT) as client:
        body = {"user": "ana", "channel": "general", "text": "/echo"}
        return (await client.post("/sandbox/command", json=body)).json()


async def answer_one(link, payload=None):
    envelope = json.loads(await link.recv())
    await link.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": payload}))
    return envelope


def test_each_payload_goes_to_one_of_several_connections(slack):
    async def story():
        async with (
            connect(socket_address(slack), open_timeout=LIMIT, ping_timeout=None) as one,
            connect(socket_address(slack), open_timeout=LIMIT, ping_timeout=None) as two,
        ):
            hello = [json.loads(await link.recv()) for link in (one, two)]
            assert [each["type"] for each in hello] == ["hello", "hello"]
            assert hello[1]["num_connections"] == 2
            answers = await asyncio.gather(
                press(slack), press(slack), answer_one(one, {"text": "one"}), answer_one(two, {"text": "two"})
            )
            assert {answers[0]["response"]["text"], answers[1]["response"]["text"]} == {"one", "two"}
            assert answers[2]["type"] == "slash_commands"
            assert answers[2]["accepts_response_payload"] is True

    asyncio.run(story())


def test_each_connection_needs_its_own_ticket(slack):
    async def story():
        address = socket_address(slack)
        async with connect(address, open_timeout=LIMIT, ping_timeout=None):
            with pytest.raises(Exception, match="403"):
                async with connect(address, open_timeout=LIMIT, ping_timeout=None):
                    pass

    asyncio.run(story())


def test_connections_can_be_asked_to_reconnect(slack):
    async def story():
        async with connect(socket_address(slack), open_timeout=LIMIT, ping_timeout=None) as link:
            await link.recv()
            async with httpx.AsyncClient(base_url=slack.url, timeout=LIMIT) as client:
                await client.post("/sandbox/disconnect")
            assert json.loads(await link.recv())["type"] == "disconnect"
        assert (await press(slack))["failed"] == "dispatch_failed"

    asyncio.run(story())


@pytest.mark.parametrize("wire_time", [replace(PATIENT, acknowledgment=0.5)])
def test_a_socket_mode_event_names_its_attempt(slack):
    async def story():
        async with connect(socket_address(slack), open_timeout=LIMIT, ping_timeout=None) as link:
            await link.recv()
            async with httpx.AsyncClient(base_url=slack.url, timeout=LIMIT) as client:
                await client.post("/sandbox/people", json={"user": "ben", "tz": "Europe/Rome"})
                first = json.loads(await link.recv())
                again = json.loads(await asyncio.wait_for(link.recv(), LIMIT))
                await link.send(json.dumps({"envelope_id": again["envelope_id"]}))
        assert (first["retry_attempt"], again["retry_attempt"]) == (0, 1)
        assert again["retry_reason"] == "http_timeout"
        assert first["payload"]["event_id"] == again["payload"]["event_id"]

    asyncio.run(story())


def test_the_traffic_shows_both_directions_and_no_token(slack, ear):
    slack.post("command", user="ana", channel="general", text="/echo hi")
    slack.http.post("/api/auth.test", data={"token": slack.sandbox.credentials.bot_token})
    entries = slack.get("traffic")["traffic"]
    assert [entry["direction"] for entry in entries] == ["to_app", "from_app"]
    assert entries[0]["body"]["command"] == "/echo"
    assert all({"n", "at", "method", "status", "ms"} <= set(entry) for entry in entries)
    assert "xoxb" not in json.dumps(entries)
    assert slack.get("traffic", since=entries[0]["n"])["traffic"] == entries[1:]
