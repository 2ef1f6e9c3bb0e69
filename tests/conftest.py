"""What all tests share: databases of both kinds, and a town in which the real bot runs."""

import shutil
from pathlib import Path

import pytest

from storage import migrate
from storage.database import Database
from tests import databases
from tests.town import Town, opened


@pytest.fixture(scope="session")
def postgres_url():
    with databases.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory):
    """An empty SQLite database of the newest shape, to be copied: migrating takes longer than copying."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    db = Database(f"sqlite:///{path}")
    migrate.upgrade(db)
    db.close()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request, tmp_path: Path):
    if request.param == "sqlite":
        path = tmp_path / "bot.db"
        shutil.copy(request.getfixturevalue("empty_sqlite"), path)
        return f"sqlite:///{path}"
    url = request.getfixturevalue("postgres_url")
    databases.empty(url)
    return url


@pytest.fixture
def db(database_url):
    database = Database(database_url, connections=20)
    yield database
    database.close()


@pytest.fixture
def mode():
    """How the bot hears from Slack; a test may ask for "socket" by parametrizing this."""
    return "http"


@pytest.fixture
def empty_town(database_url, mode) -> Town:
    with opened(database_url, mode) as town:
        yield town
        town.was_clean()


@pytest.fixture
def town(empty_town) -> Town:
    """Three agencies: Elm (Ben speaks, Ana facilitates), Birch (Cleo, alternate Eva), Oak (Finn; Gus)."""
    empty_town.found()
    return empty_town
