"""The load: a process of its own that sends prepared requests over several connections and times the answers.

It reads a job as JSON from standard input and writes its figures as JSON to standard output.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.bench.presses import signed


@dataclass
class Tally:
    """The figures of all connections together."""

    requests: Iterator[bytes]
    until: float
    times: list[float] = field(default_factory=list)
    failures: int = 0
    ended: float = 0.0


class Connection(asyncio.Protocol):
    """Sends a request, waits for the answer, sends the next."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._got = b""
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        self._transport: Any = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        """Record an answer once it is complete."""
        self._got += data
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return
        now = time.perf_counter()
        self._tally.times.append(now - self._sent)
        self._tally.failures += not head.startswith(b"HTTP/1.1 200")
        self._tally.ended = now
        self._got = b""
        self._next()

    def connection_lost(self, _error: Exception | None) -> None:
        """Count a connection that was cut."""
        if not self.done.done():
            self._tally.failures += 1
            self.done.set_result(None)

    def _next(self) -> None:
        self._sent = time.perf_counter()
        request = next(self._tally.requests, None) if self._sent < self._tally.until else None
        if request is None:
            self.done.set_result(None)
            self._transport.close()
        else:
            self._transport.write(request)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def send(job: dict[str, Any]) -> dict[str, float]:
    """Do a job: `seconds` of requests in rotation, or each once where it is 0; `warm` seconds before count not."""
    place = urlsplit(job["address"])
    requests = signed(job["address"], job["secret"], job["bodies"])
    if job.get("warm"):
        await _run(place, Tally(itertools.cycle(requests), time.perf_counter() + job["warm"]), job)
    cpu, begun = time.process_time(), time.perf_counter()
    tally = Tally(itertools.cycle(requests), begun + job["seconds"])
    if not job["seconds"]:
        tally = Tally(iter(requests), float("inf"))
    await _run(place, tally, job)
    return _found(tally, begun, time.process_time() - cpu)


async def _run(place: Any, tally: Tally, job: dict[str, Any]) -> None:
    loop = asyncio.get_running_loop()
    made = [
        loop.create_connection(lambda: Connection(tally), place.hostname, place.port) for _ in range(job["connections"])
    ]
    opened = await asyncio.gather(*made)
    await asyncio.gather(*(connection.done for _, connection in opened))


def _found(tally: Tally, begun: float, cpu: float) -> dict[str, float]:
    times, seconds = sorted(tally.times), tally.ended - begun
    return {
        "requests": len(times),
        "failures": tally.failures,
        "per_second": len(times) / seconds,
        "p50_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)] * 1000,
        "load_busy": cpu / seconds,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(send(json.load(sys.stdin)))))
