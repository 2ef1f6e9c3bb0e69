"""The migration that adds the people of a week and the table of rooms keeps what is there."""

import importlib.util
from datetime import date
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

import storage
from storage import load
from storage.vocabulary import WeekRecord
from tests.consortium import found_consortium

(PATH,) = (Path(storage.__file__).parent / "migrations" / "versions").glob("*_room_and_heads.py")


def test_weeks_recorded_before_keep_their_hours_and_have_no_people(db):
    spec = importlib.util.spec_from_file_location("room_and_heads", PATH)
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    week = date(2026, 11, 30)
    with db.begin() as session:
        consortium, places = found_consortium(session, [("Ben", "Elm", 10)])
        load.record_week(session, consortium.id, week, {places["Elm"].id: WeekRecord(17.25, 1)})
    with db.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.downgrade()
        assert connection.execute(text("SELECT hours FROM week_load")).all() == [(17.25,)]
        migration.upgrade()
    with db.read() as session:
        assert load.list_weeks(session, consortium.id, week) == {week: {places["Elm"].id: WeekRecord(17.25, None)}}
