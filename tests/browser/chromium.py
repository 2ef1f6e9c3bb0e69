"""A Chromium of this machine's, and the demo to look at with it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from bot.demo import cast, story, tour
from bot.sandbox import PATIENT, Sandbox, empty_workspace
from tests.town import Town, opened

ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "There is no Chromium here. To get one: sudo apt-get install chromium"


def found() -> str | None:
    """Find the browser."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """Run a browser; while it runs, nothing else of this thread can start an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@contextmanager
def demo(database_url: str, *, told: bool) -> Iterator[Town]:
    """Open the demo as it is told to newcomers, or the empty one, with the tour that belongs to it."""
    sandbox = Sandbox(
        cast.WORKSPACE if told else empty_workspace(),
        starts_at=story.begins_at() if told else None,
        opens=cast.OPENS if told else tour.EMPTY_OPENS,
        tour=tour.STORY if told else tour.FOUNDING,
        wire_time=PATIENT,
    )
    with opened(database_url, sandbox=sandbox) as town:
        if told:
            story.tell(town.url)
        yield town
