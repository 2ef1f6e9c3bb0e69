"""A real browser in which people use the sandbox's page while the real bot answers."""

import os
import shutil
from contextlib import ExitStack

import pytest

from tests.browser import chromium as browsers
from tests.browser.windows import Windows


@pytest.fixture(scope="package")
def chromium():
    """One browser for all tests of this folder; closed before other tests, which may need event loops."""
    path = browsers.found()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(browsers.MISSING)
    with browsers.launched(path) as browser:
        yield browser


@pytest.fixture
def database_url(empty_sqlite, tmp_path):
    """The page does not depend on the database, so one kind is enough."""
    path = tmp_path / "bot.db"
    shutil.copy(empty_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def windows(chromium):
    """Windows of several people; at the end, no window may have logged an error or called another server."""
    with ExitStack() as stack:
        windows = Windows(chromium, stack)
        yield windows
        windows.were_clean()


@pytest.fixture
def demo(database_url):
    """Return a function that opens the demo, with its story or empty."""
    with ExitStack() as stack:
        yield lambda with_story: stack.enter_context(browsers.demo(database_url, with_story=with_story))
