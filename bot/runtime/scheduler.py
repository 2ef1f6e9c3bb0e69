"""What makes things happen by themselves: ticks from APScheduler, or from the sandbox's clock."""

import contextlib
import json
import secrets
import socket
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.orm import Session

from bot.delivery.courier import Courier
from bot.delivery.response_urls import ResponseUrlPool
from bot.runtime.clock import StoryClock
from bot.runtime.leadership import Leadership
from handlers.kit.deps import Clock
from storage.database import Database
from storage.due import Due, Dues, least

log = structlog.get_logger()

EVERY_SECONDS = 5
LONG_POLL_SECONDS = 40

Sweep = Callable[[datetime], object]
Words = Callable[[Session, str], str]
"""Says in a few words what a feature will do when its time comes."""


class SweepRunner:
    """Calls the features' sweeps, in the one process that leads."""

    def __init__(
        self, db: Database, tenure: Leadership, sweeps: Mapping[str, Sweep], dues: Mapping[str, Due], words: Words
    ) -> None:
        self._db = db
        self._tenure = tenure
        self._sweeps = sweeps
        self._dues = Dues(dues)
        self._words = words
        self._coming: str | None = None
        self._lock = threading.Lock()
        self.last_beat: datetime | None = None
        self.foreseen: datetime | None = None
        """What comes next, as the last beat left it."""

    def beat(self, now: datetime) -> bool | None:
        """Do all that is due, and tell whether there was anything; None where another process leads.

        A sweep that fails keeps none of the others from being done.
        """
        with self._lock:
            if not self._tenure.leads():
                return None
            done: set[str] = set()
            while (name := self._first_due(now, done)) is not None:
                done.add(name)
                try:
                    self._sweeps[name](now)
                except Exception:
                    # what is due stands in rows: the next beat finds it again
                    log.exception("sweep failed", feature=name)
            self.last_beat = datetime.now(UTC)
            return bool(done)

    def _first_due(self, now: datetime, done: Collection[str]) -> str | None:
        """Name the first sweep that has something to do: one may leave work for those behind it.

        Each has one turn in a beat; what could not be done then is tried again with the next.
        """
        with self._db.glance() as session:
            moments = self._dues.read(session)
            self._foresee(session, moments)
        due = (name for name, at in moments.items() if at is not None and at <= now and name not in done)
        return next(due, None)

    def next_due(self) -> datetime | None:
        """Give the next moment at which anything is due."""
        with self._db.glance() as session:
            self._foresee(session, self._dues.read(session))
        return self.foreseen

    def next_words(self) -> str:
        """Say in a few words what it is that is foreseen."""
        if self._coming is None:
            return ""
        with self._db.glance() as session:
            return self._words(session, self._coming)

    def _foresee(self, session: Session, moments: Mapping[str, datetime | None]) -> None:
        self.foreseen = least(session, list(moments.values()))
        coming = (name for name, at in moments.items() if at is not None and at == self.foreseen)
        self._coming = next(coming, None)


class Ticker:
    """Ticks by the real clock."""

    def __init__(self, heart: SweepRunner, clock: Clock) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            lambda: heart.beat(clock.now()),
            "interval",
            seconds=EVERY_SECONDS,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """End after the tick that is under way."""
        self._scheduler.shutdown(wait=True)


class ClockFollower:
    """Lives by the sandbox's clock: hears the time, does all that is due, and says what comes next."""

    def __init__(
        self, url: str, clock: StoryClock, heart: SweepRunner, courier: Courier, whispers: ResponseUrlPool
    ) -> None:
        where = urlsplit(url)
        self._path = where.path
        self._connection = HTTPConnection(where.hostname or "", where.port, timeout=LONG_POLL_SECONDS)
        self._clock = clock
        self._heart = heart
        self._courier = courier
        self._whispers = whispers
        self._name = secrets.token_hex(6)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Hear the time once, then begin to follow."""
        self._clock.hear(datetime.fromisoformat(self._ask({"seen": None})["now"]))
        self._thread.start()

    def stop(self) -> None:
        """End, also in the middle of a poll."""
        self._stop.set()
        connection = self._connection
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        connection.close()

    def _run(self) -> None:
        report: dict[str, Any] = {"seen": None}
        while not self._stop.is_set():
            try:
                answer = self._ask(report)
            except (OSError, HTTPException, ValueError):
                self._stop.wait(0.5)
                continue
            if self._stop.is_set():
                return
            self._clock.hear(datetime.fromisoformat(answer["now"]))
            try:
                report = {"seen": answer["seq"], **self._live()}
            except Exception:
                log.exception("a beat failed")
                self._stop.wait(0.5)

    def _live(self) -> dict[str, str | None]:
        """Do all that is due now, and say what comes next."""
        before = self._courier.stirred
        swept = self._heart.beat(self._clock.now())
        # who does not lead says nothing of deliveries: whoever leads does
        delivery = None if swept is None else self._courier.drain()
        self._whispers.drain()
        as_left = swept is not None and self._courier.stirred == before
        due = self._heart.foreseen if as_left else self._heart.next_due()
        return {
            "next_due": due.isoformat() if due else None,
            "next_words": self._heart.next_words() if due else "",
            "next_delivery": delivery.isoformat() if delivery else None,
        }

    def _ask(self, report: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({"follower": self._name, **report})
        try:
            self._connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            found: dict[str, Any] = json.load(self._connection.getresponse())
        except (OSError, HTTPException):
            self._connection.close()
            raise
        return found
