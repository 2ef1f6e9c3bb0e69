"""Sets up the sandbox, the bot and the people, and plays the year."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import manifest
from bot.app import build
from bot.config import Settings
from bot.sandbox import PATIENT, Sandbox, serve
from tests.town import KEY
from tests.year.cast import BEGIN, Scale, people, workspace
from tests.year.driver import Driver
from tests.year.fault_injector import FaultInjector
from tests.year.recorder import Recorder
from tests.year.stage import Stage
from tests.year.supervisor import Supervisor


@dataclass
class Life:
    """A year that was played: what people did, what Slack received, what failed."""

    scale: Scale
    driver: Driver
    recorder: Recorder
    injector: FaultInjector
    supervisor: Supervisor
    database_url: str
    seconds: float
    stuck: str
    end: datetime


def _manifest() -> dict[str, Any]:
    bot = build(Settings(database_url="sqlite:///:memory:", seal_keys=KEY))
    document = manifest.make(bot.surface.registry)
    bot.close()
    return document


@contextmanager
def simulate(scale: Scale, folder: Path, database_url: str = "") -> Iterator[Life]:
    """Play the weeks of a scale; the sandbox and the bot are gone after the block."""
    begun = time.monotonic()
    database_url = database_url or f"sqlite:///{folder / 'bot.db'}"
    cast, recorder = people(scale), Recorder()
    sandbox = Sandbox(workspace(cast), starts_at=BEGIN, manifest=_manifest(), wire_time=PATIENT)
    with serve(sandbox) as server:
        stage = Stage(sandbox)
        settings = {
            "SLACK_BOT_TOKEN": sandbox.credentials.bot_token,
            "SLACK_APP_TOKEN": sandbox.credentials.app_token,
            "SLACK_API_URL": server.api_url,
            "CLOCK_URL": server.clock_url,
            "DATABASE_URL": database_url,
            "SEAL_KEYS": KEY,
            "PORT": "0",
        }
        supervisor = Supervisor(settings, folder / "errors.log", sandbox.now)
        injector = FaultInjector(scale.random("weather"), 0.0, supervisor.kill)
        supervisor.turn = lambda span: _be_away(sandbox, span)
        supervisor.follows = lambda: bool(stage.do(_followers(sandbox)))
        supervisor.rest = lambda: injector.away
        sandbox.world.faults = injector

        def watch(entry: dict[str, Any]) -> None:
            before = recorder.taken
            recorder.see(entry)
            if recorder.taken > before:
                injector.tell("answered")

        sandbox.world.traffic.on_entry = watch
        with supervisor:
            driver = Driver(scale, cast, stage, supervisor, injector, recorder)
            driver.run()
            end = sandbox.now()
            stuck = driver.ask_what_is_stuck()
        yield Life(scale, driver, recorder, injector, supervisor, database_url, time.monotonic() - begun, stuck, end)


async def _followers(sandbox: Sandbox) -> int:
    followers: int = sandbox.clock_service.read()["followers"]
    return followers


def _be_away(sandbox: Sandbox, span: timedelta) -> None:
    """Let hours pass without the bot, up to a minute at which nothing is due."""
    if span:
        sandbox.world.clock.advance_to((sandbox.now() + span).replace(minute=52, second=0, microsecond=0))


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield a temporary folder, in memory if possible: a killed process loses nothing there."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="year-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)
