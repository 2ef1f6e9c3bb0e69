"""The doors of the bot: what is too large, too slow, too much, not signed, or not readable ends there, in one line."""

import contextlib
import json
import logging
import socket
import time
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

import pytest
import structlog
from pydantic import SecretStr

from bot.app import build
from bot.config import Settings
from bot.runtime import http_protocol, refused_requests
from bot.runtime.processes import Server
from bot.runtime.signatures import Signatures, Verdict
from tests.signing import sign
from tests.town import KEY
from tests.waiting import PATIENCE, wait_until

SECRET = "the signing secret"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@pytest.fixture
def bot(empty_sqlite, tmp_path):
    path = tmp_path / "bot.db"
    path.write_bytes(empty_sqlite.read_bytes())
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url="http://127.0.0.1:9/",
        database_url=f"sqlite:///{path}",
        seal_keys=SecretStr(KEY),
    )
    bot = build(settings)
    yield bot
    bot.courier.stop()
    bot.close()


@pytest.fixture
def address(bot, monkeypatch):
    """Yield where the bot listens. Nothing was refused before."""
    monkeypatch.setattr(refused_requests, "_logged_at", {})
    server = Server(bot, "127.0.0.1", 0)
    parts = urlsplit(server.start())
    yield parts.hostname, parts.port
    server.stop()


@pytest.fixture
def logs(caplog):
    """Return everything that is logged: Bolt's own warnings are not, because they contain payloads."""
    caplog.set_level(logging.ERROR, "slack_bolt")
    with structlog.testing.capture_logs() as entries:
        yield lambda: [*entries, *caplog.messages]


@pytest.fixture
def connection(address):
    with contextlib.closing(HTTPConnection(*address, timeout=PATIENCE)) as connection:
        yield connection


def post(connection, body=b"", kind=FORM, **headers):
    """Send a request, signed unless the headers say otherwise. Return the status and the answer."""
    stamp = str(int(time.time()))
    given = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(SECRET, stamp, body),
        "Content-Type": kind,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    connection.request(
        "POST", "/slack/events", body, {name: value for name, value in given.items() if value is not None}
    )
    answer = connection.getresponse()
    return answer.status, answer.read()


UNSIGNED = {
    "a time of 400 digits": {"X_Slack_Request_Timestamp": "9" * 400},
    "a time in other digits": {"X_Slack_Request_Timestamp": "١٢٣".encode()},
    "a negative time": {"X_Slack_Request_Timestamp": "-1"},
    "a time that is no number": {"X_Slack_Request_Timestamp": "1e9"},
    "a signature beyond ASCII": {"X_Slack_Signature": "v0=é".encode("latin-1")},
    "a signature of another version": {"X_Slack_Signature": "v1=" + "0" * 64},
    "an empty signature": {"X_Slack_Signature": ""},
    "a signature that is too short": {"X_Slack_Signature": "v0=0"},
    "no headers": {"X_Slack_Request_Timestamp": None, "X_Slack_Signature": None},
    "another secret": {"X_Slack_Signature": "v0=" + "0" * 64},
}


@pytest.mark.parametrize("headers", UNSIGNED.values(), ids=UNSIGNED)
def test_a_request_that_is_not_signed_gets_401_and_one_line(connection, logs, headers):
    assert post(connection, b"command=%2Fvote", **headers)[0] == 401
    (line,) = logs()
    assert (line["event"], line["requests"]) == ("request refused", 1)
    assert len(str(line)) < 200


def test_a_second_refused_request_within_a_minute_is_counted_but_not_logged(connection, logs):
    for _ in range(3):
        assert post(connection, X_Slack_Signature="")[0] == 401
    assert len(logs()) == 1


MALFORMED = {
    "a list": (b"[]", JSON),
    "null": (b"null", JSON),
    "a number": (b"5", JSON),
    "text": (b'"x"', JSON),
    "nothing": (b"", FORM),
    "nothing as JSON": (b"", JSON),
    "an empty payload": (b"payload=", FORM),
    "a payload that is null": (b"payload=null", FORM),
    "a payload that is a list": (b"payload=%5B%5D", FORM),
    "a payload that is no JSON": (b"payload=x", FORM),
    "JSON that ends early": (b'{"type":', JSON),
    "bytes that are no text": (b"text=\xff\xfe", FORM),
    "escaped bytes that are no text": (b"command=%2Fvote&team_id=T1&user_id=U1&text=%ff", FORM),
    "a list of depth 5,000": (b"[" * 5000 + b"]" * 5000, JSON),
    "an object of depth 5,000": (b'{"a":' * 5000 + b"1" + b"}" * 5000, JSON),
    "a number of 5,000 digits": (b'{"type":' + b"9" * 5000 + b"}", JSON),
    "half of a character": (b'{"type":"url_verification","challenge":"\\ud800"}', JSON),
    "an unknown type": (b'{"type":"surprise"}', JSON),
    "a type that is a list": (b'{"type":["block_actions"]}', JSON),
    "an event without its event": (b'{"type":"event_callback","team_id":"T1","event_id":"E1"}', JSON),
    "an event that is null": (b'{"type":"event_callback","team_id":"T1","event_id":"E1","event":null}', JSON),
    "a user that is a list": (
        b'{"type":"event_callback","team_id":"T1","event_id":"E1","event":{"type":"user_change","user":[]}}',
        JSON,
    ),
    "a press without a button": (
        b"payload=" + quote('{"type":"block_actions","user":{"id":"U1"},"trigger_id":"1","actions":[]}').encode(),
        FORM,
    ),
    "a form without its view": (b"payload=" + quote('{"type":"view_submission","user":{"id":"U1"}}').encode(), FORM),
    "an id that is too long": (b"command=%2Fvote&team_id=" + b"T" * 400 + b"&user_id=U1", FORM),
    "an id with a null character": (b"command=%2Fvote&team_id=T%00&user_id=U1", FORM),
    "a command of nobody": (b"command=%2Fvote", FORM),
    "a thousand fields": (b"&".join(b"f%d=1" % n for n in range(1000)), FORM),
}


@pytest.mark.parametrize(("body", "kind"), MALFORMED.values(), ids=MALFORMED)
def test_a_signed_request_that_cannot_be_read_gets_400_and_one_line(connection, logs, body, kind):
    assert post(connection, body, kind)[0] == 400
    (line,) = logs()
    assert line["event"] == "malformed request"
    assert len(str(line)) < 200


def test_a_command_that_the_bot_does_not_have_gets_404_and_one_line(connection, logs):
    assert post(connection, b"command=%2Fsurprise&team_id=T1&user_id=U1&text=secret&trigger_id=1")[0] == 404
    (line,) = logs()
    assert line["event"] == "request without a listener"


@pytest.mark.parametrize("text", ["help", "9" * 400, "\x00", "[" * 3000])
def test_a_genuine_command_is_answered_whatever_was_typed(connection, logs, text):
    body = f"command=%2Fvote&team_id=T1&user_id=U1&channel_id=C1&trigger_id=1&text={quote(text)}".encode()
    status, answer = post(connection, body)
    assert status == 200
    assert "fault" not in json.loads(answer)["text"]
    assert logs() == []


def test_slack_verifies_the_address_with_a_signed_challenge(connection):
    status, answer = post(connection, b'{"type":"url_verification","token":"x","challenge":"abc"}', JSON)
    assert (status, json.loads(answer)["challenge"]) == (200, "abc")


def test_slack_checks_the_certificate_without_a_signature_and_nothing_else_comes_in_that_way(connection, logs):
    unsigned = {"X_Slack_Request_Timestamp": None, "X_Slack_Signature": None}
    assert post(connection, b"token=x&ssl_check=1", **unsigned) == (200, b"")
    assert post(connection, b"token=x&ssl_check=10", **unsigned)[0] == 401
    connection.request("GET", "/slack/events?ssl_check=1&token=x")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    connection.request("GET", "/slack/events")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (401, b"not signed by Slack")
    assert len(logs()) == 1


def test_the_time_of_a_request_counts_only_with_the_right_secret():
    stamp, body = "1000000000", b"x"
    judged = [
        Signatures(secret, clock=lambda now=now: now).judge(body, stamp, sign("right", stamp, body))
        for secret, now in (("right", 1000000300), ("right", 1000000301), ("wrong", 1000000301), ("", 1000000000))
    ]
    assert judged == [Verdict.GENUINE, Verdict.WRONG_TIME, Verdict.WRONG_SECRET, Verdict.NOT_SIGNED]


# what has not been read yet ------------------------------------------------------------------------------


@pytest.fixture
def raw(address):
    """Yield a function that opens a connection and sends bytes on it."""
    with contextlib.ExitStack() as stack:

        def connect(sent=b""):
            opened = stack.enter_context(socket.create_connection(address, timeout=PATIENCE))
            opened.sendall(sent)
            return opened

        yield connect


def everything_from(opened):
    """Read until the other side closes."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := opened.recv(65536):
            parts.append(part)
    return b"".join(parts)


def status_of(opened):
    return everything_from(opened).split(b" ")[1]


def test_a_body_that_announces_too_much_is_refused_before_it_is_sent(raw, logs):
    head = b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n"
    assert status_of(raw(head)) == b"413"
    assert status_of(raw(head.replace(b"/slack/events", b"/healthz"))) == b"413"
    assert len(logs()) == 1


def test_a_body_that_announces_nothing_is_refused_as_soon_as_it_is_too_large(raw, monkeypatch):
    signed = b"X-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0=" + b"0" * 64 + b"\r\n"
    chunked = b"Host: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    part = b"%x\r\n%b\r\n" % (1001, b"x" * 1001)
    assert status_of(raw(b"POST /slack/events HTTP/1.1\r\n" + chunked + part)) == b"401", "without a signature, sooner"
    monkeypatch.setattr("bot.runtime.web.MAX_BODY_BYTES", 1000)
    assert status_of(raw(b"POST /slack/events HTTP/1.1\r\n" + signed + chunked + part)) == b"413"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 20_000, id="a header without an end"),
        pytest.param(b"GET /healthz HTTP/1.1\r\n" + b"X: 1\r\n" * 10_000 + b"\r\n", id="many headers"),
        pytest.param(b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n", id="a long address"),
    ],
)
def test_a_head_that_is_too_large_is_refused(raw, logs, head):
    assert status_of(raw(head)) == b"431"
    assert len(logs()) == 1


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET http://[ HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_http_gets_400(raw, logs, garbage):
    assert status_of(raw(garbage)) == b"400"
    assert not [line for line in logs() if "Traceback" in str(line)]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(b"POST /slack/events HTTP/1.1\r\nHo", b"408", id="within the head"),
        pytest.param(
            b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0="
            + b"0" * 64
            + b"\r\nContent-Length: 9\r\n\r\nx",
            b"408",
            id="within the body",
        ),
        pytest.param(b"", None, id="before the first byte"),
    ],
)
def test_a_request_that_never_ends_is_cut_off(raw, monkeypatch, logs, sent, status):
    monkeypatch.setattr(http_protocol, "REQUEST_SECONDS", 0.3)
    monkeypatch.setattr(http_protocol, "_DRAIN_SECONDS", 0.3)
    answer = everything_from(raw(sent))
    assert (answer.split(b" ")[1] if answer else None) == status
    assert len(logs()) == (1 if status else 0)


def test_a_client_that_hangs_up_within_a_body_leaves_no_trace(raw, address, logs):
    opened = raw(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx")
    opened.close()
    with contextlib.closing(HTTPConnection(*address, timeout=PATIENCE)) as connection:
        assert post(connection, b'{"type":"url_verification","challenge":"abc"}', JSON)[0] == 200
    assert logs() == []


def test_connections_that_say_nothing_make_room_for_one_that_asks(raw, monkeypatch, address, logs):
    monkeypatch.setattr(http_protocol, "MAX_CONNECTIONS", 5)
    silent = [raw(b"POST /slack/events HTTP/1.1\r\nHo") for _ in range(8)]
    assert wait_until(lambda: len(logs()) == 1)
    with contextlib.closing(HTTPConnection(*address, timeout=PATIENCE)) as connection:
        assert post(connection, b'{"type":"url_verification","challenge":"abc"}', JSON)[0] == 200
    assert everything_from(silent[0]) == b"", "the one that waited longest was cut off"


def test_a_web_socket_is_not_opened(raw):
    upgrade = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
    assert status_of(raw(upgrade + b"Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n")) != b"101"
