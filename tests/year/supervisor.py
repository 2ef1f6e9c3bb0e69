"""The bot in a process of its own, which is killed now and then and restarted, as by a service manager."""

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

PRELOADED = [
    "bot.runtime.processes",
    "bot.app",
    "bot.logs",
    "alembic.command",
    "storage.migrate",
    "tests.year.supervisor",
]
_CONTEXT = multiprocessing.get_context("forkserver")
"""All modules are imported once: there are too many kills in a year to wait a second for imports after each."""


def live(settings: dict[str, str], errors: str) -> None:
    """Run `python -m bot run` with these settings."""
    from bot import config, logs
    from bot.app import build
    from bot.runtime import processes
    from tests.timeouts import PATIENT_BOT

    os.environ.update(settings)
    with Path(errors).open("a") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    logs.set_up("ERROR")
    processes.run_all(build(config.load(config.Needs(socket=True)), timeouts=PATIENT_BOT), lambda _: None)
    sys.exit()


@dataclass
class Death:
    """One kill: when it happened, and when the bot followed the clock again."""

    at: datetime
    back: datetime | None = None


class Supervisor:
    """Starts the bot, and restarts it when it has been killed."""

    def __init__(self, settings: dict[str, str], errors: Path, now: Callable[[], datetime]) -> None:
        self._settings, self._errors, self._now = settings, errors, now
        self.deaths: list[Death] = []
        self.rest: Callable[[], timedelta] = timedelta
        """How long the bot stays down after the next kill."""
        self.turn: Callable[[timedelta], None] = lambda _span: None
        self.follows: Callable[[], bool] = lambda: True
        self._stopping = threading.Event()
        self._process: Any = None
        self._thread = threading.Thread(target=self._keep, name="supervisor")

    def __enter__(self) -> Self:
        _CONTEXT.set_forkserver_preload(PRELOADED)
        self._start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.kill()
        self._thread.join()

    def kill(self) -> None:
        """Kill the process at once, whatever it is doing."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGKILL)

    def _start(self) -> None:
        self._process = _CONTEXT.Process(target=live, args=(self._settings, str(self._errors)), daemon=True)
        self._process.start()

    def _keep(self) -> None:
        while True:
            self._process.join()
            if self._stopping.is_set():
                return
            death = Death(self._now())
            self.deaths.append(death)
            self.turn(self.rest())
            self._start()
            while not self.follows() and self._process.is_alive() and not self._stopping.wait(0.01):
                pass
            death.back = self._now()

    @property
    def is_over(self) -> bool:
        """Return whether the bot is no longer restarted."""
        return self._stopping.is_set()

    def settled(self) -> bool:
        """Return whether the bot is running and follows the clock."""
        return self._process.is_alive() and all(death.back is not None for death in self.deaths)
