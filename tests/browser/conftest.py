"""A real browser, in which people use the sandbox's page while the real bot answers."""

import os
import shutil
from contextlib import ExitStack

import pytest
from playwright.sync_api import sync_playwright

from bot import cast, story, tour
from bot.sandbox import Sandbox, empty_workspace
from tests.browser.windows import Windows
from tests.town import opened

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
MISSING = "There is no Chromium here. To run these tests too: sudo apt-get install chromium"


def found() -> str | None:
    """Find the browser."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in NAMES if (path := shutil.which(name))), None)


# one for all tests of this folder: while it runs, nothing else of this thread can start an event loop
@pytest.fixture(scope="package")
def chromium():
    path = found()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def database_url(empty_sqlite, tmp_path):
    """The page knows nothing of databases: one kind is enough."""
    path = tmp_path / "bot.db"
    shutil.copy(empty_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def windows(chromium):
    """Windows of several people; at the end none of them may have complained or asked elsewhere."""
    with ExitStack() as stack:
        made = Windows(chromium, stack)
        yield made
        made.were_clean()


@pytest.fixture
def demo(database_url):
    """Open the demo as it is told to newcomers, or the empty one, with the tour that belongs to it."""
    with ExitStack() as stack:

        def opening(*, told: bool):
            sandbox = Sandbox(
                cast.WORKSPACE if told else empty_workspace(),
                starts_at=story.begins_at() if told else None,
                opens=cast.OPENS if told else tour.EMPTY_OPENS,
                tour=tour.STORY if told else tour.FOUNDING,
            )
            town = stack.enter_context(opened(database_url, sandbox=sandbox))
            if told:
                story.tell(town.url)
            return town

        yield opening
