"""A real browser, in which people use the sandbox's page while the real bot answers."""

import os
import shutil
from contextlib import ExitStack

import pytest

from tests.browser import chromium as browsers
from tests.browser.windows import Windows


@pytest.fixture(scope="package")
def chromium():
    """One for all tests of this folder, and gone when others begin, which may want event loops."""
    path = browsers.found()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(browsers.MISSING)
    with browsers.launched(path) as browser:
        yield browser


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
    """Open the demo: `demo(told=True)`, or False for the empty one."""
    with ExitStack() as stack:
        yield lambda told: stack.enter_context(browsers.demo(database_url, told=told))
