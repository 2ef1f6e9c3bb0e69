"""What the database promises: UTC only, nothing half done, one shape for both kinds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from storage import agencies, consortia, idempotency, migrate, occurrences, outbox
from storage.consortia import Consortium
from storage.database import Database, normalise
from storage.outbox import Outbox
from storage.schema import metadata
from storage.vocabulary import Delivery
from tests.town import START


def test_a_moment_comes_back_in_utc_whatever_zone_it_was_given_in(db):
    far = datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=11)))
    with db.begin() as session:
        consortia.found(session, "T1", "Northern Valleys", "UTC", far)
    with db.read() as session:
        found = session.scalars(select(Consortium)).one().created_at
    assert found == far
    assert found.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(db):
    with pytest.raises(StatementError), db.begin() as session:
        consortia.found(session, "T1", "Northern Valleys", "UTC", datetime(2026, 12, 1))  # noqa: DTZ001


def test_what_fails_in_the_middle_leaves_nothing(db):
    with pytest.raises(RuntimeError), db.begin() as session:
        consortia.found(session, "T1", "Northern Valleys", "UTC", START)
        raise RuntimeError
    with db.read() as session:
        assert consortia.of_workspace(session, "T1") is None


def test_migrations_make_exactly_the_tables_that_the_code_means(db):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert migrate.current(db) == migrate.newest()
    assert migrate.upgrade(db) is False


def test_two_living_agencies_cannot_have_one_name_but_an_ended_one_makes_room(db):
    with db.begin() as session:
        consortium = consortia.found(session, "T1", "Northern Valleys", "UTC", START)
        first = agencies.add(session, consortium.id, "Elm Schools", START)
        first.ended_at = START
        session.flush()
        agencies.add(session, consortium.id, "ELM  schools", START)
    with pytest.raises(IntegrityError), db.begin() as session:
        agencies.add(session, consortium.id, "Elm Schools", START)


def test_what_people_wrote_stands_in_no_error_that_could_be_logged(db):
    with db.begin() as session:
        consortium = consortia.found(session, "T1", "Northern Valleys", "UTC", START)
        agencies.add(session, consortium.id, "A delicate name", START)
    with pytest.raises(IntegrityError) as refused, db.begin() as session:
        agencies.add(session, consortium.id, "A delicate name", START)
    assert "delicate" not in str(refused.value).split("DETAIL")[0]


def test_numbers_are_one_row_for_each_consortium(db):
    with db.begin() as session:
        one = consortia.found(session, "T1", "North", "UTC", START)
        two = consortia.found(session, "T2", "South", "UTC", START)
        given = [consortia.next_number(session, c.id) for c in (one, one, two, one)]
    assert given == [1, 2, 1, 3]


def test_an_event_is_new_once_and_old_ones_are_forgotten(db):
    with db.begin() as session:
        assert idempotency.first_time(session, "T1", "event:1", START)
        assert not idempotency.first_time(session, "T1", "event:1", START)
        assert idempotency.first_time(session, "T2", "event:1", START)
        assert START + timedelta(days=1) < idempotency.untidy_at(session) <= START + timedelta(days=3)
        idempotency.forget(session, START + timedelta(days=2))
        assert idempotency.first_time(session, "T1", "event:1", START)


def test_an_occurrence_is_claimed_once(db):
    with db.begin() as session:
        consortium = consortia.found(session, "T1", "North", "UTC", START)
        assert occurrences.claim(session, consortium.id, "a", START)
        assert not occurrences.claim(session, consortium.id, "a", START)


def put(session, channel, text):
    outbox.put(session, team_id="T1", channel=channel, body={"text": text}, about=text, now=START)
    session.flush()


def test_only_the_first_waiting_message_of_each_channel_may_go(db):
    with db.begin() as session:
        for channel, text in (("C1", "a"), ("C1", "b"), ("C2", "c")):
            put(session, channel, text)
        assert [row.about for row in outbox.heads(session, START)] == ["a", "c"]
        first = session.get_one(Outbox, 1)
        first.state = Delivery.SENDING
        session.flush()
        assert [row.about for row in outbox.heads(session, START)] == ["c"]
        first.state = Delivery.UNKNOWN
        session.flush()
        assert [row.about for row in outbox.heads(session, START)] == ["b", "c"]


def test_what_was_delivered_is_dropped_after_a_month_and_what_is_stuck_stays(db):
    with db.begin() as session:
        for number, state in enumerate((Delivery.SENT, Delivery.UNKNOWN)):
            put(session, f"C{number}", state.value)
            session.get_one(Outbox, number + 1).state = state
        session.flush()
        later = START + timedelta(days=32)
        assert START + timedelta(days=30) < outbox.untidy_at(session) < later
        outbox.forget(session, later)
        assert outbox.untidy_at(session) is None
    with db.read() as session:
        assert [row.state for row in session.scalars(select(Outbox))] == [Delivery.UNKNOWN]


def test_claims_of_processes_that_are_gone_become_unknown(db):
    with db.begin() as session:
        for number, name in enumerate(("dead", "alive")):
            put(session, f"C{number}", name)
            row = session.get_one(Outbox, number + 1)
            row.state, row.claimed_by = Delivery.SENDING, name
        session.flush()
        assert outbox.disown(session, ["alive"]) == 1
    with db.read() as session:
        assert [row.state for row in session.scalars(select(Outbox).order_by(Outbox.id))] == [
            Delivery.UNKNOWN,
            Delivery.SENDING,
        ]


@pytest.mark.parametrize("address", ["postgres://u:p@h/n", "postgresql://u:p@h/n"])
def test_what_hosting_services_call_postgres_is_understood(address):
    assert normalise(address).drivername == "postgresql+psycopg"


def test_a_commit_wakes_the_courier_and_a_rollback_does_not(db: Database):
    rung = []
    db.on_wake(lambda: rung.append(1))
    with db.begin() as session:
        put(session, "C1", "a")
    assert rung == [1]
    with pytest.raises(RuntimeError), db.begin() as session:
        put(session, "C1", "b")
        raise RuntimeError
    assert rung == [1]
