"""Group commit: parts that succeed are on disk, and a part that fails does not affect the others."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.database import Database

AT_ONCE = 16


@pytest.fixture
def db(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/shared.db")
    with database.begin() as session:
        session.execute(text("CREATE TABLE entry (n INTEGER PRIMARY KEY)"))
    yield database
    database.close()


def write(session, n):
    session.execute(text("INSERT INTO entry VALUES (:n)"), {"n": n})


def entries(db):
    with db.read() as session:
        return set(session.scalars(text("SELECT n FROM entry")))


def run_together(work):
    """Run `work` for each number in threads of their own, all at the same time. Return the errors by number."""
    barrier, errors = threading.Barrier(AT_ONCE), {}

    def run(n):
        barrier.wait()
        try:
            work(n)
        except Exception as error:
            errors[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_each_part_is_on_disk_when_its_block_ends(db):
    missing = []

    def work(n):
        with db.together() as session:
            write(session, n)
        if n not in entries(db):
            missing.append(n)

    assert run_together(work) == {}
    assert missing == []
    assert entries(db) == set(range(AT_ONCE))


def test_a_part_that_raises_is_rolled_back_alone(db):
    def work(n):
        with db.together() as session:
            write(session, n)
            if n % 3 == 0:
                raise ValueError("no")

    assert set(run_together(work)) == {n for n in range(AT_ONCE) if n % 3 == 0}
    assert entries(db) == {n for n in range(AT_ONCE) if n % 3}


def test_a_part_whose_statement_fails_is_rolled_back_alone(db):
    def work(n):
        with db.together() as session:
            write(session, n + 100)
            write(session, 1 if n < 2 else n)

    errors = run_together(work)
    assert [type(error) for error in errors.values()] == [IntegrityError]
    assert len(entries(db)) == 2 * (AT_ONCE - 1)


def test_no_part_succeeds_if_the_database_rolled_all_of_them_back(db):
    succeeded = []

    def work(n):
        with db.together() as session:
            write(session, n)
            if n == 7:
                session.connection().exec_driver_sql("ROLLBACK")
        succeeded.append(n)

    assert 7 in run_together(work)
    assert entries(db) == set(succeeded)


def test_transactions_of_their_own_come_between_shared_ones(db):
    def work(n):
        with (db.together if n % 2 else db.begin)() as session:
            write(session, n)

    assert run_together(work) == {}
    assert entries(db) == set(range(AT_ONCE))


def test_the_courier_wakes_after_a_shared_transaction_is_committed(db):
    seen = []
    db.on_wake(lambda: seen.append(entries(db)))
    with db.together() as session:
        write(session, 1)
        session.info["wake"] = True
    assert seen == [{1}]
