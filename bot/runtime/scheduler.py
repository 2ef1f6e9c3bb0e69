"""Scheduled work: ticks from APScheduler, or from the sandbox's clock."""

import contextlib
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
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
from handlers.kit.deps import Clock, Deps
from handlers.kit.feature import Sweep
from handlers.kit.isolation import log_failure
from storage import clock_changes
from storage.database import run_again
from storage.due import OVERDUE, DueTimes, earliest

log = structlog.get_logger()

TICK_SECONDS = 5
MAX_TICK_AGE = 60
"""Seconds after which a tick is missing."""

JITTER = timedelta(seconds=1)
"""A clock that goes back by less was not set back: looking a second late does no harm."""

STOPPED = "scheduled work has stopped"
LONG_POLL_SECONDS = 40
RETRY_SECONDS = 0.5
JOIN_SECONDS = 10

Label = Callable[[Session, Sweep], str]
"""Describes in a few words what a sweep will do when it is due."""


class SweepRunner:
    """Runs the features' sweeps, in the one process that leads."""

    def __init__(self, deps: Deps, leadership: Leadership, sweeps: Sequence[Sweep], label: Label) -> None:
        self._deps = deps
        self._leadership = leadership
        self._sweeps = {sweep.name: sweep for sweep in sweeps}
        self._dues = DueTimes({sweep.name: sweep.due for sweep in sweeps})
        self._label = label
        self._next: Sweep | None = None
        self._lock = threading.Lock()
        self._ran_at: float | None = None
        self.latest: datetime | None = None
        """The latest time of a run. An earlier `now` means that the clock was set back."""

        self.next_at: datetime | None = None
        """The time of the next sweep, as the last run left it."""

    def run(self, now: datetime) -> bool:
        """Run all sweeps that are due. Return False if another process leads.

        A sweep that fails does not keep the others from running.
        """
        with self._lock:
            if not self._leadership.leads():
                self._ran_at = None
                return False
            if self.latest is None:
                # it may have been set back while no process ran
                with self._deps.db.read() as session:
                    self.latest = clock_changes.last_written(session)
            if self.latest is not None and now < self.latest - JITTER:
                self._release(self.latest, now)
            self.latest = now
            done: set[str] = set()
            while (name := self._first_due(now, done)) is not None:
                done.add(name)
                try:
                    run_again(partial(self._sweeps[name].run, self._deps, now))
                except Exception as bug:  # noqa: BLE001 - whatever it was, the other sweeps go on
                    # due work is stored in rows: the next run finds it again
                    log_failure("sweep failed", bug, sweep=name)
            self._ran_at = time.monotonic()
            return True

    def is_running(self) -> bool:
        """Return whether this process leads and has run all sweeps within the last minute of real time."""
        return self._ran_at is not None and time.monotonic() - self._ran_at < MAX_TICK_AGE

    def trouble(self) -> str:
        """Explain that a leader's scheduled work has stopped. Empty if it goes on."""
        return "" if self._ran_at is None or self.is_running() else STOPPED

    def _release(self, latest: datetime, now: datetime) -> None:
        """Look at everything again after the clock was set back."""
        log.warning("the clock was set back", seconds=int((latest - now).total_seconds()))
        with self._deps.db.begin() as session:
            clock_changes.release(session, latest, now)
        self._deps.db.wake()

    def _first_due(self, now: datetime, done: Collection[str]) -> str | None:
        """Return the name of the first sweep that is due: a sweep may leave work for those after it.

        Each sweep has one turn in a run. What fails is tried again in the next run.
        """
        with self._deps.db.glance() as session:
            times = self._dues.read(session)
            self._set_next(session, times)
        due = (name for name, at in times.items() if at is not None and at <= now and name not in done)
        return next(due, None)

    def next_due(self) -> datetime | None:
        """Return the next time at which a sweep is due."""
        with self._deps.db.glance() as session:
            self._set_next(session, self._dues.read(session))
        return self.next_at

    def next_label(self) -> str:
        """Describe the next sweep in a few words."""
        if self._next is None:
            return ""
        with self._deps.db.glance() as session:
            return self._label(session, self._next)

    def _set_next(self, session: Session, times: Mapping[str, datetime | None]) -> None:
        self.next_at = earliest(session, [at for at in times.values() if at != OVERDUE])
        names = (name for name, at in times.items() if at is not None and at == self.next_at)
        name = next(names, None)
        self._next = self._sweeps[name] if name is not None else None


class _TickScheduler(BackgroundScheduler):  # type: ignore[misc]  # APScheduler leaves it untyped
    """A scheduler whose next tick is never far away, even if the system's clock was set back since the last one."""

    def _process_jobs(self) -> float | None:
        latest = datetime.now(UTC) + timedelta(seconds=TICK_SECONDS)
        for job in self.get_jobs():
            if job.next_run_time > latest:
                job.modify(next_run_time=datetime.now(UTC))
        wait: float | None = super()._process_jobs()
        return wait


class Ticker:
    """Runs the sweeps every few seconds of real time."""

    def __init__(self, sweeps: SweepRunner, clock: Clock) -> None:
        self._sweeps = sweeps
        self._clock = clock
        self._scheduler = _TickScheduler(timezone=UTC)
        self._scheduler.add_job(
            self._tick,
            "interval",
            seconds=TICK_SECONDS,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )

    def _tick(self) -> None:
        try:
            self._sweeps.run(self._clock.now())
        except Exception as bug:  # noqa: BLE001 - the next tick tries again, in a few seconds
            log_failure("scheduled work failed", bug)

    def start(self) -> None:
        """Start ticking."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop after the current tick."""
        self._scheduler.shutdown(wait=True)


Report = dict[str, str | None]
"""What the sandbox's clock is told after the work at a time: when what is due next."""


class DueWork:
    """What a worker does at each time of a story: everything that is due."""

    def __init__(self, clock: Clock, sweeps: SweepRunner, courier: Courier, response_urls: ResponseUrlPool) -> None:
        self._clock = clock
        self._sweeps = sweeps
        self._courier = courier
        self._response_urls = response_urls

    def run(self) -> Report:
        """Do all that is due now. Return what is due next."""
        progress = self._courier.progress
        leads = self._sweeps.run(self._clock.now())
        # only the leader reports deliveries
        delivery = self._courier.drain() if leads else None
        self._response_urls.drain()
        unchanged = leads and self._courier.progress == progress
        due = self._sweeps.next_at if unchanged else self._sweeps.next_due()
        return {
            "next_due": due.isoformat() if due else None,
            "next_words": self._sweeps.next_label() if due else "",
            "next_delivery": delivery.isoformat() if delivery else None,
        }


class ClockFollower:
    """Follows the sandbox's clock: reads the time, does the work of this process, and reports what is due next."""

    def __init__(self, url: str, clock: StoryClock, work: Callable[[], Report]) -> None:
        parts = urlsplit(url)
        self._path = parts.path
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=LONG_POLL_SECONDS)
        self._clock = clock
        self._work = work
        self._name = secrets.token_hex(6)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="follower", daemon=True)

    def start(self) -> None:
        """Read the time once, then start to follow."""
        self._clock.set(datetime.fromisoformat(self._poll({"seen": None})["now"]))
        self._thread.start()

    def stop(self) -> None:
        """Stop, even in the middle of a poll."""
        self._stop.set()
        connection = self._connection
        if connection.sock is not None:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(timeout=JOIN_SECONDS)
        connection.close()

    def _run(self) -> None:
        report: dict[str, Any] = {"seen": None}
        while not self._stop.is_set():
            try:
                reply = self._poll(report)
            except (OSError, HTTPException, ValueError):
                # the sandbox is not there, or is stopping
                self._stop.wait(RETRY_SECONDS)
                continue
            if self._stop.is_set():
                return
            self._clock.set(datetime.fromisoformat(reply["now"]))
            try:
                report = {"seen": reply["seq"], **self._work()}
            except Exception:
                log.exception("the bot could not follow the clock")
                self._stop.wait(RETRY_SECONDS)

    def _poll(self, report: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({"follower": self._name, **report})
        try:
            self._connection.request("POST", self._path, body, {"Content-Type": "application/json"})
            reply: dict[str, Any] = json.load(self._connection.getresponse())
        except (OSError, HTTPException):
            self._connection.close()
            raise
        return reply
