"""What all tests share: databases of both kinds, and a town in which the real bot runs."""

import shutil
from datetime import timedelta
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import delete

from bot.fetch.fetcher import Fetcher
from bot.sandbox import PATIENT, Sandbox
from storage import log_pace, migrate
from storage.database import Database
from storage.idempotency import HandledRequest
from storage.outbox import OutboxMessage
from tests import databases, lock_order, warm
from tests.parting import close_in_background, wait_until_closed
from tests.timeouts import PATIENT_BOT
from tests.town import START, Town, open_town

warm.share_caches()
lock_order.watch()

# how long something takes says more of the machine than of the code
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

STORIES = ("journeys", "delivery", "days")
LONGEST = ("year", "browser", "attack", "delivery", "processes")


def pytest_addoption(parser):
    parser.addoption("--both", action="store_true", help="every story on both databases, and more")


def pytest_collection_modifyitems(config, items):
    """Begin with what takes longest; live through each story on one database, unless both are asked for."""
    items.sort(key=lambda item: LONGEST.index(kind) if (kind := _folder(item)) in LONGEST else len(LONGEST))
    if config.getoption("--both"):
        return
    left = [item for item in items if not _is_twice(item)]
    config.hook.pytest_deselected(items=[item for item in items if _is_twice(item)])
    items[:] = left


def _folder(item) -> str:
    """Name the folder of tests to which a test belongs."""
    return item.path.relative_to(Path(__file__).parent).parts[0]


def _is_twice(item) -> bool:
    if item.get_closest_marker("more"):
        return True
    kind = item.callspec.params.get("database_url") if hasattr(item, "callspec") else None
    is_story = _folder(item) in STORIES or item.get_closest_marker("story")
    if kind is None or not is_story:
        return False
    # what a test is called says where it runs, so that it runs there again when it fails
    mine = ("postgres", "sqlite", "sqlite")[crc32(item.nodeid.replace(kind, "").encode()) % 3]
    return kind != mine


@pytest.fixture(autouse=True)
def rows_are_locked_in_order():
    """Whatever a test does on PostgreSQL, its transactions lock rows in the one written order."""
    yield
    violations, lock_order.violations = lock_order.violations, set()
    assert not violations, violations


@pytest.fixture(autouse=True)
def every_trouble_is_new():
    """What one test has logged is logged again in the next."""
    log_pace.forget()


@pytest.fixture(scope="session")
def postgres_url():
    with databases.postgres() as url:
        yield databases.migrate_database(url)
        wait_until_closed()


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
        yield f"sqlite:///{path}"
        return
    url = request.getfixturevalue("postgres_url")
    wait_until_closed()
    databases.delete_rows(url)
    yield url


@pytest.fixture
def db(database_url):
    database = Database(database_url, connections=20, lock_seconds=PATIENT_BOT.lock)
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
    with close_in_background(open_town(database_url, mode, fetching=fetching)) as town:
        yield town
        town.was_clean()


@pytest.fixture(scope="session")
def founded(empty_sqlite, tmp_path_factory):
    """A consortium that was really founded, once: it is copied from then on, which takes a tenth of the time."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copy(empty_sqlite, folder / "bot.db")
    sandbox = Sandbox(data=folder / "workspace", starts_at=START - timedelta(minutes=1), wire_time=PATIENT)
    with open_town(f"sqlite:///{folder / 'bot.db'}", sandbox=sandbox) as town:
        town.found()
        town.was_clean()
        with town.bot.db.begin() as session:
            # the Slack that goes on from here counts its triggers from one again
            session.execute(delete(HandledRequest))
            # everybody has read what became of them
            session.execute(delete(OutboxMessage))
    return folder


@pytest.fixture
def town(database_url, mode, fetching, founded, tmp_path: Path) -> Town:
    """Three agencies: Elm (Ben speaks, Ana facilitates), Birch (Cleo, alternate Eva), Oak (Finn; Gus)."""
    databases.copy_from_sqlite(database_url, founded / "bot.db")
    shutil.copytree(founded / "workspace", tmp_path / "workspace")
    sandbox = Sandbox(data=tmp_path / "workspace", wire_time=PATIENT)
    sandbox.world.clock.advance_to(START)
    # from here on it keeps nothing, as a Slack without a folder
    sandbox.world.store.close()
    with close_in_background(open_town(database_url, mode, sandbox, fetching)) as town:
        town.direct_since = START.timestamp()
        yield town
        town.was_clean()
