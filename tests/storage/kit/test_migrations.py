"""Migrations from 0.1.0 on: each keeps what a database has."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from storage import consortia, migrate
from storage.database import Database
from tests.town import START


@pytest.fixture
def database_of_the_first_version(tmp_path):
    """A database as 0.1.0 left it."""
    url = f"sqlite:///{tmp_path / 'first.db'}"
    config = Config()
    config.set_main_option("script_location", str(migrate._MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    database = Database(url)
    yield database
    database.close()


def test_workspaces_of_the_first_version_are_kept_and_read_their_roll_soon(database_of_the_first_version):
    database = database_of_the_first_version
    with database.begin() as session:
        session.execute(
            text(
                "INSERT INTO consortium (id, name, zone, created_at, last_number, rule, quorum, open_days, talk_days,"
                " heads_allowed, quiet_from, quiet_until, hours_a_month, share_limit, currency) VALUES (1, 'North',"
                " 'UTC', '2026-11-01', 7, 'consensus', 60, 7, 0, false, '18:00', '08:00', 10, 150, 'USD')"
            )
        )
        session.execute(
            text(
                "INSERT INTO workspace (team_id, consortium_id, joined_at, look_at)"
                " VALUES ('T1', 1, '2026-11-01 00:00:00', '2026-12-24 00:00:00')"
            )
        )
    assert migrate.upgrade(database)
    with database.read() as session:
        assert session.execute(text("SELECT team_id, roll_read_at FROM workspace")).all() == [("T1", None)]
        assert session.execute(text("SELECT last_number FROM consortium")).all() == [(7,)]
        assert consortia.workspaces_due_for_profile_check(session, START) == {"T1": "UTC"}
