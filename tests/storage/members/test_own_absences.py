"""Absences that a member stated, apart from those that someone else stated."""

from datetime import timedelta

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, select

from storage import migrate, pulse
from storage.members import Member
from tests.consortium import NOW, found_consortium

AWAY = NOW + timedelta(days=30)


def run(db, step):
    """Run an Alembic command on a connection without enforced foreign keys, as `storage.migrate` does."""
    config = Config()
    config.set_main_option("script_location", str(migrate._MIGRATIONS))
    engine = create_engine(db.url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step(config)
    engine.dispose()


def before(revision):
    config = Config()
    config.set_main_option("script_location", str(migrate._MIGRATIONS))
    return ScriptDirectory.from_config(config).get_revision(revision).down_revision


def test_an_older_database_keeps_its_absences_but_they_take_nobody_out_of_the_pulse(db):
    with db.begin() as session:
        consortium, _ = found_consortium(session, [("Ben", "Elm", 10), ("Cleo", "Birch", 10)])
        consortium_id = consortium.id
        for member in session.scalars(select(Member)):
            member.away_until = member.own_away_until = AWAY
    run(db, lambda config: command.downgrade(config, before("0007")))
    migrate.upgrade(db)
    with db.read() as session:
        assert [(m.name, m.away_until) for m in session.scalars(select(Member).order_by(Member.name))] == [
            ("Ben", AWAY),
            ("Cleo", AWAY),
        ]
        assert [person.own_away_until for person in pulse.list_invitees(session, consortium_id)] == [None, None]
