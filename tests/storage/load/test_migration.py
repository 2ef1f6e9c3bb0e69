"""The migration that adds the people of a week and the table of rooms keeps what is there."""

from datetime import date

from alembic import command
from sqlalchemy import text

from storage import load, migrate
from storage.vocabulary import WeekRecord
from tests.consortium import found_consortium
from tests.storage.members.test_own_absences import before, run


def test_weeks_recorded_before_keep_their_hours_and_have_no_people(db):
    week = date(2026, 11, 30)
    with db.begin() as session:
        consortium, places = found_consortium(session, [("Ben", "Elm", 10)])
        load.record_week(session, consortium.id, week, {places["Elm"].id: WeekRecord(17.25, 1)})
    run(db, lambda config: command.downgrade(config, before("0006")))
    with db.engine.begin() as connection:
        assert connection.execute(text("SELECT hours FROM week_load")).all() == [(17.25,)]
    migrate.upgrade(db)
    with db.read() as session:
        assert load.list_weeks(session, consortium.id, week) == {week: {places["Elm"].id: WeekRecord(17.25, None)}}
