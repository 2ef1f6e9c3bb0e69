"""Each process reports in the database that it lives and what is wrong, in real time, so that others can tell."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from handlers.kit.isolation import log_failure
from storage import health
from storage.database import Database, run_again
from storage.health import Role

log = structlog.get_logger()

SECONDS = 5.0
"""How often a process looks at itself. A leader also shows that it lives, in less than its session may be idle."""

REPORT_SECONDS = 15.0
"""How often a process stores its report. Trouble is stored at once."""

JOIN_SECONDS = 15.0


class Heartbeat:
    """The reports of this process. `troubles` return a sentence, or an empty string if all is well."""

    def __init__(self, db: Database, name: str, troubles: Sequence[Callable[[], str]]) -> None:
        self._db = db
        self._name = name
        self._troubles = troubles
        self._role = Role.WEB
        self._leads: Callable[[], bool] | None = None
        self._troubles_of_leader: Sequence[Callable[[], str]] = ()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._reported: tuple[Role, list[str]] | None = None
        self._reported_at = 0.0
        self.problem = ""
        """Why the last report could not be stored. Empty if it could."""

    def works(self, leads: Callable[[], bool], troubles: Sequence[Callable[[], str]]) -> None:
        """Report as a worker. `troubles` are those of the worker that leads."""
        self._leads, self._troubles_of_leader = leads, troubles

    def start(self) -> None:
        """Start reporting."""
        self._thread.start()

    def stop(self) -> None:
        """Stop reporting."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=JOIN_SECONDS)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.beat()
            except Exception as bug:  # noqa: BLE001 - the next one is due in a few seconds
                log_failure("heartbeat failed", bug)
            self._stopping.wait(SECONDS)

    def beat(self) -> None:
        """Store a report if the last one is old or something has changed."""
        try:
            report = self._report()
            now = time.monotonic()
            if report != self._reported or now - self._reported_at > REPORT_SECONDS:
                run_again(lambda: self._store(*report))
                self._reported, self._reported_at, self.problem = report, now, ""
        except SQLAlchemyError as error:
            self._reported = None
            if not self.problem:
                log.critical("nothing can be stored", error=type(error).__name__)
            self.problem = "Nothing can be stored in the database. Its disk may be full, or it may be read-only."

    def _report(self) -> tuple[Role, list[str]]:
        if self._leads is not None:
            self._role = Role.LEADER if self._leads() else Role.STANDBY
        return self._role, self.troubles()

    def troubles(self) -> list[str]:
        """Return what is wrong with this process now, in whole sentences."""
        troubles = [*self._troubles, *(self._troubles_of_leader if self._role is Role.LEADER else ())]
        return [sentence for trouble in troubles if (sentence := trouble())]

    def _store(self, role: Role, troubles: Sequence[str]) -> None:
        with self._db.begin() as session:
            health.report(session, self._name, role, troubles, datetime.now(UTC))


STANDSTILL_SECONDS = 300.0


class Standstill:
    """Notices when something should be delivered and nothing is."""

    def __init__(self, progress: Callable[[], int], is_due: Callable[[], bool]) -> None:
        self._progress = progress
        self._is_due = is_due
        self._seen = progress()
        self._since = time.monotonic()

    def trouble(self) -> str:
        """Explain the trouble. Empty if messages are delivered or none is due."""
        progress, now = self._progress(), time.monotonic()
        if progress != self._seen or not self._is_due():
            self._seen, self._since = progress, now
        if now - self._since < STANDSTILL_SECONDS:
            return ""
        return "Messages are waiting, and none has been delivered for five minutes."
