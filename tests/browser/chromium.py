"""This machine's Chromium, and the demo to open in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from bot.demo import cast, story, tour
from bot.sandbox import PATIENT, Sandbox, empty_workspace
from tests.town import Town, open_town

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
MISSING = "No Chromium found. To install it: sudo apt-get install chromium"


def found() -> str | None:
    """Return the path of the browser, or None."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """Run a browser. While it runs, no other code in this thread can start an event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@contextmanager
def demo(database_url: str, *, with_story: bool) -> Iterator[Town]:
    """Open the demo with its story, or the empty one, each with its tour."""
    sandbox = Sandbox(
        cast.WORKSPACE if with_story else empty_workspace(),
        starts_at=story.begins_at() if with_story else None,
        opens=cast.OPENS if with_story else tour.EMPTY_OPENS,
        tour=tour.STORY if with_story else tour.FOUNDING,
        wire_time=PATIENT,
    )
    with open_town(database_url, sandbox=sandbox) as town:
        if with_story:
            story.play(town.url)
        yield town
