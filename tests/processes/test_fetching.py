"""Fetching: only from public addresses, within limits, and with Slack's token only from Slack."""

import socket
import ssl
import threading
from contextlib import suppress
from queue import SimpleQueue
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient

from bot.fetch.fetcher import Fetcher, is_slack_file
from handlers.kit import web_addresses
from handlers.kit.fetch import DownloadFailed, Unreadable
from tests.loopback import HOST, breaks_off, fake_server, write_response
from tests.waiting import PATIENCE

PUBLIC = ("93.184.216.34", "1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e")
PRIVATE = (
    "127.0.0.1",
    "127.8.9.1",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "nonsense",
    "",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_fetched(address):
    assert web_addresses.is_public_ip(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_may_not_be_fetched(address):
    assert not web_addresses.is_public_ip(address)


REFUSED = (
    ("ftp://elm.example/a.ics", web_addresses.NOT_A_URL),
    ("file:///etc/passwd", web_addresses.NOT_A_URL),
    ("gopher://elm.example/", web_addresses.NOT_A_URL),
    ("javascript:alert(1)", web_addresses.NOT_A_URL),
    ("https://", web_addresses.NOT_A_URL),
    ("https:///a.ics", web_addresses.NOT_A_URL),
    ("elm", web_addresses.NOT_A_URL),
    ("", web_addresses.NOT_A_URL),
    ("https://elm.example/a b", web_addresses.NOT_A_URL),
    ("https://elm.example:99999/", web_addresses.NOT_A_URL),
    ("https://[::1/", web_addresses.NOT_A_URL),
    ("https://elm.example/" + "a" * 2000, web_addresses.NOT_A_URL),
    ("https://me@elm.example/", web_addresses.HAS_CREDENTIALS),
    ("https://me:secret@elm.example/", web_addresses.HAS_CREDENTIALS),
    ("https://:@elm.example/", web_addresses.HAS_CREDENTIALS),
    ("https://elm.example:22/", web_addresses.OTHER_PORT),
    ("https://elm.example:0/", web_addresses.OTHER_PORT),
    ("http://localhost/", web_addresses.NOT_PUBLIC),
    ("http://LOCALHOST./", web_addresses.NOT_PUBLIC),
    ("http://printer.local/", web_addresses.NOT_PUBLIC),
    ("http://metadata.google.internal/", web_addresses.NOT_PUBLIC),
    ("http://intranet/", web_addresses.NOT_PUBLIC),
    ("http://2130706433/", web_addresses.NOT_PUBLIC),
    ("http://127.0.0.1/", web_addresses.NOT_PUBLIC),
    ("http://[::1]/", web_addresses.NOT_PUBLIC),
    ("http://[::ffff:10.0.0.1]/", web_addresses.NOT_PUBLIC),
    ("http://169.254.169.254/latest/meta-data", web_addresses.NOT_PUBLIC),
)


@pytest.mark.parametrize(("typed", "said"), REFUSED)
def test_addresses_that_may_not_be_fetched_are_refused_before_anything_is_sent(typed, said):
    def never(*_):
        raise AssertionError

    with pytest.raises(Unreadable, match=r".") as refused:
        Fetcher(never, resolve=never).check(typed)
    assert refused.value.sentence == said


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://elm.example/a.ics", "https://elm.example/a.ics"),
        ("webcal://elm.example/a.ics", "https://elm.example/a.ics"),
        ("WEBCAL://elm.example/a.ics#top", "https://elm.example/a.ics"),
        ("elm.example/a.ics?x=1", "https://elm.example/a.ics?x=1"),
        (" <http://elm.example:80/a.ics> ", "http://elm.example:80/a.ics"),
    ],
)
def test_addresses_are_stored_in_the_form_in_which_they_are_fetched(typed, stored):
    assert Fetcher(WebClient).check(typed) == stored


@pytest.mark.parametrize("address", [a for a in PRIVATE if a])
def test_a_name_with_a_private_address_is_refused_even_if_another_address_is_public(address):
    fetcher = Fetcher(WebClient, resolve=lambda host, port: ["93.184.216.34", address])
    with pytest.raises(Unreadable) as refused:
        fetcher.address("https://elm.example/a.ics")
    assert refused.value.sentence == web_addresses.NOT_PUBLIC


# a server on this machine ------------------------------------------------------------------------------


@pytest.fixture
def server():
    with fake_server() as place:
        yield place


@pytest.fixture
def fetcher(server):
    return server.fetching(WebClient, seconds=PATIENCE)


def refusal(fetcher, url):
    """Return the sentence with which fetching fails."""
    with pytest.raises(Unreadable) as refused:
        fetcher.address(url)
    return refused.value.sentence


def test_a_calendar_is_requested_by_its_host_name_and_without_secrets(server, fetcher, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.pages["/a%20%C3%A4.ics?x=%21"] = b"BEGIN:VCALENDAR"
    assert fetcher.address(server.url("/a%20ä.ics?x=%21")) == b"BEGIN:VCALENDAR"
    ((_, headers),) = server.asked
    assert headers["Host"] == f"{HOST}:{server.port}"
    assert not {"Authorization", "Cookie"} & set(headers)
    assert server.resolved == [HOST]


def test_a_name_is_resolved_once_so_that_it_cannot_change_between_check_and_connection(server, fetcher):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    fetcher._resolve = lambda host, port: next(answers)
    server.pages["/elm.ics"] = b"x"
    assert fetcher.address(server.url()) == b"x"
    assert refusal(fetcher, server.url()) == web_addresses.NOT_PUBLIC


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://10.0.0.1/", "private network"),
        ("http://localhost/", "private network"),
        ("http://me:x@calendar.example/", "a user name or password"),
        ("ftp://calendar.example/", "not a web address"),
        ("http://calendar.example:1/", "standard ports"),
        ("http://unknown.example/", "standard ports"),
        ("//10.0.0.1/", "private network"),
    ],
)
def test_each_redirect_is_checked(server, fetcher, target, said):
    server.pages["/elm.ics"] = lambda handler: write_response(handler, 302, Location=target)
    assert said in refusal(fetcher, server.url())
    assert len(server.asked) == 1


def test_three_redirects_are_followed_and_no_more(server, fetcher):
    for number in range(4):
        server.pages[f"/{number}"] = lambda handler, n=number: write_response(handler, 301, Location=f"/{n + 1}")
    server.pages["/4"] = b"x"
    assert fetcher.address(server.url("/1")) == b"x"
    assert "keeps sending me on" in refusal(fetcher, server.url("/0"))


def chunks(handler, size=65_536):
    """Send 50 MB without announcing the size, and note how much was sent."""
    handler.send_response(200)
    handler.end_headers()
    handler.close_connection = True
    handler.sent = 0
    try:
        while handler.sent < 50_000_000:
            handler.wfile.write(b"x" * size)
            handler.sent += size
    except OSError:
        pass
    SENT.put(handler.sent)


SENT: SimpleQueue[int] = SimpleQueue()


def test_a_response_that_is_too_large_is_cut_off_while_it_arrives(server, fetcher):
    server.pages["/elm.ics"] = chunks
    assert "larger than 2 MB" in refusal(fetcher, server.url())
    assert SENT.get(timeout=PATIENCE) < 20_000_000


def test_a_response_that_announces_that_it_is_too_large_is_not_read(server, fetcher):
    def huge(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "50000000")
        handler.end_headers()
        handler.close_connection = True

    server.pages["/elm.ics"] = huge
    assert "larger than 2 MB" in refusal(fetcher, server.url())


@pytest.fixture
def over():
    """An event that ends what is slow once the test is over."""
    event = threading.Event()
    yield event
    event.set()


def drip(handler, over):
    handler.close_connection = True
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    with suppress(OSError):
        while not over.wait(0.05):
            handler.wfile.write(b"x")
            handler.wfile.flush()


def silence(handler, over):
    over.wait(PATIENCE)
    handler.close_connection = True


@pytest.mark.parametrize("page", [drip, silence])
def test_a_response_that_takes_too_long_is_cut_off(server, over, page):
    server.pages["/elm.ics"] = lambda handler: page(handler, over)
    with pytest.raises(DownloadFailed, match="ten seconds"):
        server.fetching(WebClient, seconds=0.5).address(server.url())


def test_a_resolver_that_takes_too_long_is_abandoned(server, over):
    fetcher = server.fetching(WebClient, seconds=0.2)
    fetcher._resolve = lambda host, port: over.wait(PATIENCE) or ["127.0.0.1"]
    with pytest.raises(DownloadFailed):
        fetcher.address(server.url())


def nonsense(handler):
    handler.wfile.write(b"\x00\x01 nonsense\r\n\r\n")
    handler.close_connection = True


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (None, "nothing at that address"),
        (lambda handler: write_response(handler, 410), "nothing at that address"),
        (lambda handler: write_response(handler, 401), "asks for a password"),
        (lambda handler: write_response(handler, 503), "is not working right now"),
        (lambda handler: write_response(handler, 200, b"x", Content_Encoding="gzip"), "compressed"),
        (breaks_off, "The connection broke."),
        (nonsense, "The connection broke."),
    ],
)
def test_a_failure_is_explained_in_a_sentence(server, fetcher, page, said):
    if page is not None:
        server.pages["/elm.ics"] = page
    assert said in refusal(fetcher, server.url())


def test_an_unknown_name_and_a_server_that_does_not_answer_have_different_explanations(server, fetcher):
    assert "could not find that address" in refusal(fetcher, server.url().replace(HOST, "nowhere.example"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server.port = taken.getsockname()[1]
        assert "The connection broke." in refusal(fetcher, server.url())


def test_an_https_address_needs_a_certificate_for_its_name(server, fetcher):
    assert "The connection broke." in refusal(fetcher, server.url().replace("http:", "https:"))
    assert ssl.create_default_context().check_hostname


# Slack's files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "api", "is_slack"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.ics", "https://slack.com/api/", True),
        ("https://files.slack.com.evil.example/a.ics", "https://slack.com/api/", False),
        ("https://evil.example/files.slack.com/a.ics", "https://slack.com/api/", False),
        ("https://files.slack.com@evil.example/a.ics", "https://slack.com/api/", False),
        ("https://files.slack.com:8443/a.ics", "https://slack.com/api/", False),
        ("http://files.slack.com/a.ics", "https://slack.com/api/", False),
        ("https://slack.com/a.ics", "https://slack.com/api/", False),
        ("https://files.slack-gov.com/a.ics", "https://slack-gov.com/api/", True),
        ("http://127.0.0.1:8080/files-pri/a.ics", "http://127.0.0.1:8080/api/", True),
        ("http://127.0.0.1:8081/files-pri/a.ics", "http://127.0.0.1:8080/api/", False),
        ("https://files.slack.com/a.ics", "http://127.0.0.1:8080/api/", False),
        ("https://files.slack.com:x/a.ics", "https://slack.com/api/", False),
    ],
)
def test_the_token_is_sent_only_to_slack(url, api, is_slack):
    assert is_slack_file(urlsplit(url), urlsplit(api)) is is_slack


def slack_fetcher(server):
    """Return a fetcher for which this server is Slack."""
    client = WebClient("xoxb-secret", base_url=f"http://127.0.0.1:{server.port}/api/")
    return server.fetching(lambda team: client, seconds=PATIENCE)


def test_a_file_comes_from_slack_with_the_token(server):
    server.pages["/files-pri/a.ics"] = b"BEGIN:VCALENDAR"
    assert slack_fetcher(server).file("T1", f"http://127.0.0.1:{server.port}/files-pri/a.ics") == b"BEGIN:VCALENDAR"
    assert server.asked[0][1]["Authorization"] == "Bearer xoxb-secret"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            lambda handler: write_response(handler, 200, b"<html>", Content_Type="text/html; charset=utf-8"),
            "did not give me",
        ),
        (lambda handler: write_response(handler, 302, Location="http://calendar.example/"), "did not give me"),
        (lambda handler: write_response(handler, 403), "did not give me"),
        (lambda handler: write_response(handler, 404), "no longer in Slack"),
        (lambda handler: write_response(handler, 429), "is not working right now"),
        (chunks, "larger than 2 MB"),
    ],
)
def test_a_file_that_slack_does_not_provide_is_explained_and_requested_once(server, page, said):
    server.pages["/a.ics"] = page
    with pytest.raises(Unreadable) as refused:
        slack_fetcher(server).file("T1", f"http://127.0.0.1:{server.port}/a.ics")
    assert said in refused.value.sentence
    assert len(server.asked) == 1


def test_a_file_on_another_server_is_not_requested(server):
    with pytest.raises(Unreadable, match="did not give me"):
        slack_fetcher(server).file("T1", server.url())
    assert not server.asked
