"""Puts the stage up and lets the year pass."""

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
from tests.year.cast import BEGIN, Scale, people, workspace
from tests.year.driver import Driver
from tests.year.keeper import Keeper
from tests.year.stage import Stage
from tests.year.weather import Weather
from tests.year.witness import Witness

KEY = "0MNaGu2ZGHXyRnXpO8HZ8xGjZ1LhcJWv2mEVXyK0W0k="


@dataclass
class Life:
    """A year that was lived: what people did, what Slack saw, what went wrong."""

    scale: Scale
    driver: Driver
    witness: Witness
    weather: Weather
    keeper: Keeper
    database_url: str
    seconds: float
    stuck: str
    end: datetime


def _manifest() -> dict[str, Any]:
    bot = build(Settings(database_url="sqlite:///:memory:", seal_keys=KEY))
    made = manifest.make(bot.surface.registry)
    bot.close()
    return made


@contextmanager
def lived(scale: Scale, folder: Path, database_url: str = "") -> Iterator[Life]:
    """Live through the weeks of a scale; the sandbox and the bot are gone when the block is left."""
    begun = time.monotonic()
    database_url = database_url or f"sqlite:///{folder / 'bot.db'}"
    cast, witness = people(scale), Witness()
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
        keeper = Keeper(settings, folder / "errors.log", sandbox.now)
        weather = Weather(scale.random("weather"), 0.0, keeper.kill)
        keeper.turn = lambda span: _be_away(sandbox, span)
        keeper.follows = lambda: bool(stage.do(_followers(sandbox)))
        keeper.rest = lambda: weather.away
        sandbox.world.faults = weather

        def watch(entry: dict[str, Any]) -> None:
            before = witness.taken
            witness.see(entry)
            if witness.taken > before:
                weather.tell("answered")

        sandbox.world.traffic.on_entry = watch
        with keeper:
            driver = Driver(scale, cast, stage, keeper, weather, witness)
            driver.live()
            end = sandbox.now()
            stuck = driver.ask_what_is_stuck()
        yield Life(scale, driver, witness, weather, keeper, database_url, time.monotonic() - begun, stuck, end)


async def _followers(sandbox: Sandbox) -> int:
    found: int = sandbox.clock_service.read()["followers"]
    return found


def _be_away(sandbox: Sandbox, span: timedelta) -> None:
    """Let hours pass without the bot, up to a minute at which nothing falls due."""
    if span:
        sandbox.world.clock.advance_to((sandbox.now() + span).replace(minute=52, second=0, microsecond=0))


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that goes afterwards, in memory where possible: a killed process loses nothing there."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="year-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)
