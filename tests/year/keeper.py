"""The bot in a process of its own, which is killed now and then and comes again, as a service would."""

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

PRELOADED = ["bot.runtime.processes", "bot.app", "bot.logs", "alembic.command", "storage.migrate", "tests.year.keeper"]
_CONTEXT = multiprocessing.get_context("forkserver")
"""Everything is imported once: a year has too many deaths to wait a second for imports at each."""


def live(settings: dict[str, str], errors: str) -> None:
    """Be the bot: `python -m bot run` with these settings."""
    from bot import config, logs
    from bot.app import build
    from bot.runtime import processes
    from tests.timeouts import PATIENT

    os.environ.update(settings)
    with Path(errors).open("a") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    logs.set_up("ERROR")
    processes.run(build(config.load(config.Needs(socket=True)), timeouts=PATIENT), lambda _: None)
    sys.exit()


@dataclass
class Death:
    """One kill: when it was, and from when on the bot followed the clock again."""

    at: datetime
    back: datetime | None = None


class Keeper:
    """Starts the bot, and starts it again when it has died."""

    def __init__(self, settings: dict[str, str], errors: Path, now: Callable[[], datetime]) -> None:
        self._settings, self._errors, self._now = settings, errors, now
        self.deaths: list[Death] = []
        self.rest: Callable[[], timedelta] = timedelta
        """How long the next death lasts."""
        self.turn: Callable[[timedelta], None] = lambda _span: None
        self.follows: Callable[[], bool] = lambda: True
        self._stopping = threading.Event()
        self._process: Any = None
        self._thread = threading.Thread(target=self._keep, name="keeper")

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
        """End the process at once, wherever it stands."""
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
        """Tell whether nobody starts the bot any more."""
        return self._stopping.is_set()

    def settled(self) -> bool:
        """Tell whether the bot lives and everyone knows."""
        return self._process.is_alive() and all(death.back is not None for death in self.deaths)
