"""Many votes on one message, through the whole bot: whether a vote is lost, and how often the message is updated."""

import contextlib
import http.client
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tests.bench import ground as grounds
from tests.bench import presses
from tests.bench.children import run_load
from tests.bench.ground import Ground
from tests.bench.speed import Place, ballots, median_of, servers, votes
from tests.bench.table import Figure
from tests.waiting import PATIENCE, wait_until

VOTES, AGENCIES = 500, 50
A_STEP = 5
"""Votes in each second of story time in the stream."""


def measure(place: Place, *, stream: int) -> tuple[list[Figure], dict[str, Any]]:
    """Send a burst of votes, then a stream of `stream` votes, then as many as the process accepts."""
    users = [f"U{n:05}" for n in range(VOTES)]
    ground = grounds.prepare(place.folder / "burst.db", place.sandbox, users, AGENCIES)
    number, poll = grounds.open_proposal(ground), grounds.open_poll(ground)
    database = place.folder / "burst.db"
    with servers(place, {"whole": database}, CLOCK_URL=place.slack.clock_url) as at:
        address = at["whole"]
        _settled(place, ground)
        bodies = ballots(ground, poll, users)
        with _updates(place, ground, poll) as at_once:
            burst = run_load(place.job(address, bodies[:VOTES], 0.0) | {"warm": 0})
        with _updates(place, ground, poll) as streamed:
            _stream(place, address, bodies[VOTES : VOTES + stream])
        rows = grounds.count_ballots(ground, poll)
        said, cast = votes(ground, number, users), ballots(ground, poll, users)
        busy = [run_load(place.job(address, said)), run_load(place.job(address, cast))]
    figures = [
        Figure(f"burst of {VOTES}: votes kept", rows, "", aim=f"{VOTES}", met=rows == VOTES),
        Figure("   the whole bot took", burst["per_second"], "req/s"),
        Figure("   acknowledged, p99", burst["p99_ms"], "ms"),
        *_redrawn("   ", at_once),
        *_redrawn(f"stream of {stream}, {A_STEP} a second: ", streamed),
    ]
    for what, run in zip(("votes", "ballots"), busy, strict=True):
        figures.append(Figure(f"one process with the courier: {what}", median_of([run], "per_second"), "req/s"))
        figures.append(Figure("   acknowledged, p99", median_of([run], "p99_ms"), "ms"))
    return figures, {"burst": burst, "at_once": at_once, "streamed": streamed, "whole": busy}


def _redrawn(name: str, found: dict[str, Any]) -> list[Figure]:
    second, minute = found["second"], found["minute"]
    return [
        Figure(f"{name}chat.update calls", found["updates"], ""),
        Figure("   most in any second", second, "", aim="<= 1", met=second <= 1),
        Figure("   most in any minute", minute, "", aim="<= 45", met=minute <= 45),
        Figure("   refused by Slack", found["refused"], "", aim="0", met=not found["refused"]),
        Figure("   the last shows all", int(found["all"]), "", aim="1", met=found["all"]),
    ]


@contextlib.contextmanager
def _updates(place: Place, ground: Ground, number: int) -> Iterator[dict[str, Any]]:
    """Record the calls of chat.update during the block, until the message is current. The dict is filled at the end."""
    found: dict[str, Any] = {}
    before = max((entry["n"] for entry in place.sandbox.traffic()), default=0)
    yield found
    _settled(place, ground)
    calls = [e for e in place.sandbox.traffic(before) if e["method"] == "chat.update"]
    moments = [datetime.fromisoformat(call["at"]).timestamp() for call in calls]
    found["updates"] = len(calls)
    found["refused"] = sum(call["status"] != 200 for call in calls)
    found["second"], found["minute"] = most_within(moments, 0.99), most_within(moments, 60.0)
    drawn = grounds.message_of(ground, number)["message"]
    found["all"] = bool(calls) and all(calls[-1]["body"][name] == drawn[name] for name in ("text", "blocks"))


def most_within(moments: list[float], span: float) -> int:
    """Return the largest number of times within any `span` seconds."""
    return max((sum(at <= other < at + span for other in moments) for at in moments), default=0)


def _settled(place: Place, ground: Ground) -> None:
    """Let the clock run until nothing is waiting."""

    def settled() -> bool:
        _turn(place, "PT0S")
        return not grounds.is_waiting(ground)

    if not wait_until(settled):
        raise RuntimeError("a message is still out of date")


def _turn(place: Place, span: str) -> None:
    link = http.client.HTTPConnection(urlsplit(place.slack.url).netloc, timeout=PATIENCE)
    link.request("POST", "/sandbox/clock", json.dumps({"advance": span}))
    link.getresponse().read()
    link.close()


def _stream(place: Place, address: str, bodies: list[str]) -> None:
    """Send a few votes in each second of story time."""
    secret = place.sandbox.credentials.signing_secret
    link = http.client.HTTPConnection(urlsplit(address).netloc)
    link.connect()
    for first in range(0, len(bodies), A_STEP):
        for request in presses.signed(address, secret, bodies[first : first + A_STEP]):
            link.sock.sendall(request)
            answer = http.client.HTTPResponse(link.sock)
            answer.begin()
            answer.read()
        _turn(place, "PT1S")
    link.close()
