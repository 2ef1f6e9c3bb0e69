"""The bot's memory, and how soon it is ready: `python -m bot run`, in Socket Mode."""

import contextlib
import http.client
import itertools
import json
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench import ground as grounds
from tests.bench.children import memory, running, wait_for_line
from tests.bench.ground import OPTIONS
from tests.bench.speed import Place
from tests.bench.table import Figure
from tests.waiting import PATIENCE, wait_until

MB = 120
SECONDS = 2.0
DRIVERS = 4


def measure(place: Place, *, starts: int, requests: int) -> tuple[list[Figure], dict[str, Any]]:
    """Start the bot on new and on existing databases, and press buttons through the sandbox."""
    place.sandbox.deliver_by_socket()
    fresh = [_start(place, place.folder / f"fresh{n}.db") for n in range(starts)]
    known = [_start(place, place.folder / "fresh0.db") for _ in range(starts)]
    people = [person["id"] for person in place.sandbox.people() if not person["is_bot"]]
    ground = grounds.prepare(place.folder / "weight.db", place.sandbox, people, 3)
    poll = grounds.open_poll(ground)
    with _bot(place, place.folder / "weight.db") as (pid, _):
        _until_posted(ground)
        ready = memory(pid)
        taken = _press(place, grounds.message_of(ground, poll), poll, people, requests)
        time.sleep(0.5)
        after = memory(pid)
    figures = [
        _seconds("start to ready, fresh database", [one["seconds"] for one in fresh]),
        _seconds("start to ready, known database", [one["seconds"] for one in known]),
        _megabytes("memory when ready, fresh database", statistics.median(one["mb"] for one in fresh)),
        _megabytes("memory when ready, known database", ready[0]),
        _megabytes(f"memory after {requests:,} requests by socket", after[0]),
        Figure("   of that not shared (PSS)", after[1], "MB"),
        Figure("   requests that failed", requests - taken, "", aim="0", met=taken == requests),
    ]
    return figures, {"fresh": fresh, "known": known, "ready": ready, "after": after}


def _seconds(what: str, found: list[float]) -> Figure:
    value = statistics.median(found)
    return Figure(what, value, "s", aim="< 2 s", met=value < SECONDS)


def _megabytes(what: str, value: float) -> Figure:
    return Figure(what, value, "MB", aim=f"<= {MB} MB", met=value <= MB)


@contextlib.contextmanager
def _bot(place: Place, database: Path) -> Iterator[tuple[int, float]]:
    """Run the bot until it is ready. Yield its process id and the seconds that took."""
    begun = time.perf_counter()
    with running(["bot", "run"], place.settings(database) | {"CLOCK_URL": place.slack.clock_url}) as process:
        wait_for_line(process, "Running.")
        yield process.pid, time.perf_counter() - begun


def _start(place: Place, database: Path) -> dict[str, float]:
    with _bot(place, database) as (pid, seconds):
        return {"seconds": seconds, "mb": memory(pid)[0]}


def _until_posted(ground: grounds.Ground) -> None:
    wait_until(lambda: not grounds.is_waiting(ground))
    time.sleep(0.5)


def _press(place: Place, at: dict[str, Any], number: int, people: list[str], requests: int) -> int:
    """Let people vote in turn. Return how often the bot accepted a vote."""
    turns = itertools.product(range(requests // len(people) + 1), people)
    acts = [
        {
            "user": person,
            "channel": at["channel"],
            "ts": at["ts"],
            "action_id": f"poll.cast.{turn % len(OPTIONS) + 1}",
            "value": str(number),
        }
        for turn, person in turns
    ][:requests]
    with ThreadPoolExecutor(DRIVERS) as pool:
        return sum(pool.map(lambda n: _act(place, acts[n::DRIVERS]), range(DRIVERS)))


def _act(place: Place, acts: list[dict[str, Any]]) -> int:
    link = http.client.HTTPConnection(urlsplit(place.slack.url).netloc, timeout=PATIENCE)
    taken = 0
    for act in acts:
        link.request("POST", "/sandbox/act", json.dumps(act))
        answer = json.loads(link.getresponse().read())
        taken += bool(answer["ok"] and not answer["failed"])
    link.close()
    return taken
