"""When the locks of two transactions cross, what the person asked for is still done: it is one intention."""

import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import select, text

from storage import load
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.tasks import Task
from tests.waiting import wait_until

pytestmark = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@contextmanager
def crossing(url):
    """Take the lock that a new task needs last, and wait for the one that it takes first.

    The new task is held up between the two until the other transaction waits for it, so that the two always cross,
    and the server always finds that out in the new task's transaction.
    """
    db = Database(url, lock_seconds=100)
    holder, other = db.engine.connect(), db.engine.connect()
    consortium = holder.execute(select(Consortium.id)).scalar_one()
    # the row of a new task refers to its author, so it waits for a lock that excludes even that
    holder.execute(select(Member.id).with_for_update())
    # the server looks for a deadlock in the new task's transaction only
    other.exec_driver_sql("SET LOCAL deadlock_timeout = '1h'")
    row = {"consortium": consortium}
    other.execute(text("UPDATE load_check SET look_at = look_at WHERE consortium_id = :consortium"), row)

    def cross():
        other.execute(select(Consortium.id).with_for_update(key_share=True))
        other.rollback()

    def crosses():
        assert wait_until(lambda: waiting(db) == 1)
        crossed = threading.Thread(target=cross)
        crossed.start()
        assert wait_until(lambda: waiting(db) == 2)
        holder.rollback()
        crossed.join()

    try:
        yield crosses
    finally:
        holder.close()
        other.close()
        db.close()


def waiting(db):
    """Count the sessions that wait for a lock."""
    with db.glance() as session:
        asked = "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"
        return session.execute(text(asked)).scalar_one()


def at_the_same_time(work, crosses):
    """Run `work` in a thread while the locks cross. Return its result."""
    results = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    crosses()
    thread.join()
    return results[0]


@pytest.fixture
def checked(town):
    """A town whose load was checked once, so that there is a row to lock."""
    with town.bot.db.begin() as session:
        load.schedule_check(session, session.scalars(select(Consortium.id)).one(), town.now())
    town.settle()
    return town


def tasks(town):
    with town.bot.db.read() as session:
        return [task.title for task in session.scalars(select(Task))]


def test_a_command_whose_locks_cross_is_carried_out_and_answered_once(checked, database_url):
    with crossing(database_url) as crosses:
        answer = at_the_same_time(lambda: checked.types("ben", '/task "Order the tests" @ben'), crosses)
    assert "Order the tests" in answer
    assert tasks(checked) == ["Order the tests"]


def test_a_form_whose_locks_cross_is_stored_and_closes(checked, database_url):
    checked.types("ben", "/task new")
    view = checked.views("ben")[-1]
    values = {"title": "Order the tests"}
    with crossing(database_url) as crosses:
        answer = at_the_same_time(
            lambda: checked.call("submit", user="ben", view_id=view["id"], values=values), crosses
        )
    assert answer["ok"] and answer["closed"], answer
    assert tasks(checked) == ["Order the tests"]
    assert checked.views("ben") == []


def test_an_outsider_whose_locks_would_cross_is_refused_without_locking(checked, database_url):
    assert "members of the consortium" in checked.types("dov", '/task "Order the tests"')
    assert tasks(checked) == []
