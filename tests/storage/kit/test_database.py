"""Guarantees of the database: UTC only, all-or-nothing transactions, and one schema for SQLite and PostgreSQL."""

import traceback
from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from storage import agencies, consortia, idempotency, migrate, occurrences, outbox
from storage.consortia import Consortium
from storage.database import Database, parse_url
from storage.idempotency import HandledRequest
from storage.outbox import OutboxMessage
from storage.schema import metadata
from storage.vocabulary import DeliveryState
from tests.town import START


def test_a_datetime_in_any_time_zone_is_returned_in_utc(db):
    noumea = datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=11)))
    with db.begin() as session:
        consortia.create(session, "T1", "Northern Valleys", "UTC", noumea)
    with db.read() as session:
        created_at = session.scalars(select(Consortium)).one().created_at
    assert created_at == noumea
    assert created_at.tzinfo is UTC


def test_a_datetime_without_a_time_zone_is_rejected(db):
    with pytest.raises(StatementError), db.begin() as session:
        consortia.create(session, "T1", "Northern Valleys", "UTC", datetime(2026, 12, 1))  # noqa: DTZ001


def test_a_failed_transaction_leaves_nothing(db):
    with pytest.raises(RuntimeError), db.begin() as session:
        consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        raise RuntimeError
    with db.read() as session:
        assert consortia.of_workspace(session, "T1") is None


def test_migrations_create_exactly_the_tables_of_the_models(db):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert migrate.current_revision(db) == migrate.newest_revision()
    assert migrate.upgrade(db) is False


def test_two_agencies_cannot_have_the_same_name_unless_one_has_ended(db):
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        first = agencies.add(session, consortium.id, "Elm Schools", START)
        first.ended_at = START
        session.flush()
        agencies.add(session, consortium.id, "ELM  schools", START)
    with pytest.raises(IntegrityError), db.begin() as session:
        agencies.add(session, consortium.id, "Elm Schools", START)


def test_errors_that_could_be_logged_do_not_contain_what_people_wrote(db):
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
        agencies.add(session, consortium.id, "A delicate name", START)
    with pytest.raises(IntegrityError) as raised, db.begin() as session:
        agencies.add(session, consortium.id, "A delicate name", START)
    assert "delicate" not in str(raised.value).split("DETAIL")[0]


def test_each_consortium_has_its_own_sequence_of_numbers(db):
    with db.begin() as session:
        north = consortia.create(session, "T1", "North", "UTC", START)
        south = consortia.create(session, "T2", "South", "UTC", START)
        numbers = [consortia.next_number(session, c.id) for c in (north, north, south, north)]
    assert numbers == [1, 2, 1, 3]


def test_a_request_is_new_only_once_until_it_is_deleted(db):
    with db.begin() as session:
        assert idempotency.claim(session, "T1", "event:1", START)
        assert not idempotency.claim(session, "T1", "event:1", START)
        assert idempotency.claim(session, "T2", "event:1", START)
        assert START + timedelta(days=1) < idempotency.next_cleanup(session) <= START + timedelta(days=3)
        idempotency.delete_old(session, START + timedelta(days=2))
        assert idempotency.claim(session, "T1", "event:1", START)


def test_an_occurrence_is_claimed_once(db):
    with db.begin() as session:
        consortium = consortia.create(session, "T1", "North", "UTC", START)
        assert occurrences.claim(session, consortium.id, "a", START)
        assert not occurrences.claim(session, consortium.id, "a", START)


def queue(session, channel, text):
    outbox.queue(session, team_id="T1", channel=channel, body={"text": text}, about=text, now=START)
    session.flush()


def sendable(session):
    return [session.get_one(OutboxMessage, row.id).about for row in outbox.list_sendable(session, START)]


def test_only_the_first_waiting_message_of_each_channel_may_be_sent(db):
    with db.begin() as session:
        for channel, text in (("C1", "a"), ("C1", "b"), ("C2", "c")):
            queue(session, channel, text)
        assert sendable(session) == [
            "a",
            "c",
        ]
        first = session.get_one(OutboxMessage, 1)
        first.state = DeliveryState.SENDING
        session.flush()
        assert sendable(session) == ["c"]
        first.state = DeliveryState.UNKNOWN
        session.flush()
        assert sendable(session) == [
            "b",
            "c",
        ]


def test_delivered_messages_are_deleted_after_a_month_but_stuck_ones_stay(db):
    with db.begin() as session:
        for number, state in enumerate((DeliveryState.SENT, DeliveryState.UNKNOWN)):
            queue(session, f"C{number}", state.value)
            session.get_one(OutboxMessage, number + 1).state = state
        session.flush()
        later = START + timedelta(days=32)
        assert START + timedelta(days=30) < outbox.next_cleanup(session) < later
        outbox.delete_old(session, later)
        assert outbox.next_cleanup(session) is None
    with db.read() as session:
        assert [row.state for row in session.scalars(select(OutboxMessage))] == [DeliveryState.UNKNOWN]


def test_messages_claimed_by_stopped_processes_become_unknown(db):
    with db.begin() as session:
        for number, name in enumerate(("dead", "alive")):
            queue(session, f"C{number}", name)
            row = session.get_one(OutboxMessage, number + 1)
            row.state, row.claimed_by = DeliveryState.SENDING, name
        session.flush()
        assert outbox.release_claims(session, ["alive"]) == 1
    with db.read() as session:
        assert [row.state for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))] == [
            DeliveryState.UNKNOWN,
            DeliveryState.SENDING,
        ]


@pytest.mark.parametrize("address", ["postgres://u:p@h/n", "postgresql://u:p@h/n"])
def test_postgres_urls_of_hosting_services_select_psycopg(address):
    assert parse_url(address).drivername == "postgresql+psycopg"


def test_a_commit_wakes_the_courier_and_a_rollback_does_not(db: Database):
    wakes = []
    db.on_wake(lambda: wakes.append(1))
    with db.begin() as session:
        queue(session, "C1", "a")
    assert wakes == [1]
    with pytest.raises(RuntimeError), db.begin() as session:
        queue(session, "C1", "b")
        raise RuntimeError
    assert wakes == [1]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_text_with_a_broken_byte_stops_nothing_and_is_not_quoted(db):
    with db.begin() as session:
        for number in (1, 2):
            session.add(HandledRequest(team_id="T1", key=f"key {number}", seen_at=START))
    with db.begin() as session:
        session.execute(text("UPDATE handled_request SET key = CAST(x'536563726574FF' AS TEXT) WHERE key = 'key 1'"))
    with pytest.raises(OperationalError) as refused, db.read() as session:
        session.scalars(select(HandledRequest.key)).all()
    assert "Secret" not in "".join(traceback.format_exception(refused.value))
    with db.read() as session:
        assert set(session.scalars(select(HandledRequest.key))) == {"Secret\ufffd", "key 2"}
