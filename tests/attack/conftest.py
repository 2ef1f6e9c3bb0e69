"""Shared by the attacks: everything that is logged."""

import io
import logging
from contextlib import redirect_stderr

import pytest
import structlog

from bot import logs
from tests import databases


@pytest.fixture
def heard():
    """Return everything that the bot and its libraries log, at the lowest level."""
    said, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(said)
    config, level = structlog.get_config(), root.level
    levels = {name: logging.getLogger(name).level for name in ("slack_bolt", "slack_sdk")}
    with redirect_stderr(said):
        logs.set_up("DEBUG")
        root.addHandler(handler)
        try:
            yield said
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
            structlog.configure(**config)
            for name, before in levels.items():
                logging.getLogger(name).setLevel(before)


@pytest.fixture
def database_url(database_url):
    """Return a database whose files hold nothing of the attack before."""
    if not database_url.startswith("sqlite"):
        databases.truncate_tables(database_url)
    return database_url
