"""What all tests share: databases of both kinds, and a town in which the real bot runs."""

import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from coverage import Coverage
from sqlalchemy import delete

from bot.fetching import Fetcher
from bot.sandbox import Sandbox
from storage import migrate
from storage.database import Database
from storage.inbound import Inbound
from tests import databases, warm
from tests.parting import parting, wait
from tests.town import START, Town, opened

warm.share()


@pytest.fixture(scope="session")
def postgres_url():
    with databases.postgres() as url:
        yield databases.prepared(url)
        wait()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory):
    """An empty SQLite database of the newest shape, to be copied: migrating takes longer than copying."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    db = Database(f"sqlite:///{path}")
    migrate.upgrade(db)
    db.close()
    return path


@contextmanager
def unwatched():
    """Measure no coverage meanwhile."""
    watching = Coverage.current()
    if watching:
        watching.stop()
    yield
    if watching:
        watching.start()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request, tmp_path: Path):
    if request.param == "sqlite":
        path = tmp_path / "bot.db"
        shutil.copy(request.getfixturevalue("empty_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("postgres_url")
    wait()
    databases.empty(url)
    # the same lines have run on SQLite: watching them again would double the time
    with unwatched():
        yield url


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
def fetching():
    """What fetches addresses; a test may give it a world in which a server of its own is the internet."""
    return Fetcher


@pytest.fixture
def empty_town(database_url, mode, fetching) -> Town:
    with parting(opened(database_url, mode, fetching=fetching)) as town:
        yield town
        town.was_clean()


@pytest.fixture(scope="session")
def founded(empty_sqlite, tmp_path_factory):
    """A consortium that was really founded, once: it is copied from then on, which takes a tenth of the time."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copy(empty_sqlite, folder / "bot.db")
    sandbox = Sandbox(data=folder / "workspace", starts_at=START - timedelta(minutes=1))
    with opened(f"sqlite:///{folder / 'bot.db'}", sandbox=sandbox) as town:
        town.found()
        town.was_clean()
        with town.bot.db.begin() as session:
            # the Slack that goes on from here counts its triggers from one again
            session.execute(delete(Inbound))
    return folder


@pytest.fixture
def town(database_url, mode, fetching, founded, tmp_path: Path) -> Town:
    """Three agencies: Elm (Ben speaks, Ana facilitates), Birch (Cleo, alternate Eva), Oak (Finn; Gus)."""
    databases.fill(database_url, founded / "bot.db")
    shutil.copytree(founded / "workspace", tmp_path / "workspace")
    sandbox = Sandbox(data=tmp_path / "workspace")
    sandbox.world.clock.turn_to(START)
    # from here on it keeps nothing, as a Slack without a folder
    sandbox.world.store.close()
    with parting(opened(database_url, mode, sandbox, fetching)) as town:
        yield town
        town.was_clean()
