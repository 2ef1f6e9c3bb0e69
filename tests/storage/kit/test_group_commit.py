"""Short transactions that share one wait for the disk: what is said to be stored is, what failed alone is not."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.database import Database

AT_ONCE = 16


@pytest.fixture
def db(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/shared.db")
    with made.begin() as session:
        session.execute(text("CREATE TABLE word (who INTEGER PRIMARY KEY)"))
    yield made
    made.close()


def say(session, who):
    session.execute(text("INSERT INTO word VALUES (:who)"), {"who": who})


def words(db):
    with db.read() as session:
        return set(session.scalars(text("SELECT who FROM word")))


def at_once(work):
    """Run `work` for everybody, all within one shared transaction; give what each raised."""
    gate, raised = threading.Barrier(AT_ONCE), {}

    def run(who):
        gate.wait()
        try:
            work(who)
        except Exception as error:
            raised[who] = error

    threads = [threading.Thread(target=run, args=(who,)) for who in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_everything_that_was_said_together_is_there_when_each_goes_on(db):
    missing = []

    def work(who):
        with db.together() as session:
            say(session, who)
        if who not in words(db):
            missing.append(who)

    assert at_once(work) == {}
    assert missing == []
    assert words(db) == set(range(AT_ONCE))


def test_one_that_fails_takes_only_its_own_words_back(db):
    def work(who):
        with db.together() as session:
            say(session, who)
            if who % 3 == 0:
                raise ValueError("no")

    assert set(at_once(work)) == {who for who in range(AT_ONCE) if who % 3 == 0}
    assert words(db) == {who for who in range(AT_ONCE) if who % 3}


def test_a_statement_that_the_database_refuses_takes_only_its_own_words_back(db):
    def work(who):
        with db.together() as session:
            say(session, who + 100)
            say(session, 1 if who < 2 else who)

    raised = at_once(work)
    assert [type(error) for error in raised.values()] == [IntegrityError]
    assert len(words(db)) == 2 * (AT_ONCE - 1)


def test_nobody_is_told_that_something_is_stored_where_the_database_undid_it_all(db):
    told = []

    def work(who):
        with db.together() as session:
            say(session, who)
            if who == 7:
                session.connection().exec_driver_sql("ROLLBACK")
        told.append(who)

    raised = at_once(work)
    assert 7 in raised
    assert words(db) == set(told)


def test_who_writes_alone_comes_between(db):
    def work(who):
        with (db.together if who % 2 else db.begin)() as session:
            say(session, who)

    assert at_once(work) == {}
    assert words(db) == set(range(AT_ONCE))


def test_the_courier_wakes_after_what_was_said_together_is_stored(db):
    seen = []
    db.on_wake(lambda: seen.append(words(db)))
    with db.together() as session:
        say(session, 1)
        session.info["wake"] = True
    assert seen == [{1}]
