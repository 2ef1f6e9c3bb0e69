"""The order of locks: each pair of tables, with two threads whose locks cross on PostgreSQL."""

import ast
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from storage import database
from storage.database import LOCK_ORDER, run_again
from storage.idempotency import HandledRequest

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
STORAGE = Path(__file__).parents[3] / "storage"

on_postgres = pytest.mark.parametrize("database_url", ["postgres"], indirect=True)


@on_postgres
@pytest.mark.parametrize(
    "first", [pytest.param(name, marks=() if name == "load_check" else pytest.mark.more) for name in LOCK_ORDER[:-1]]
)
def test_of_two_transactions_whose_locks_cross_both_are_carried_out(rows, first):
    for second in LOCK_ORDER[LOCK_ORDER.index(first) + 1 :]:
        cross(rows, first, second)


def cross(db, first, second):
    """Lock two rows in opposite orders at the same time. Both transactions store something in the end."""
    both_hold_one = threading.Barrier(2)
    tries = {first: 0, second: 0}
    problems = []

    def work(one, other):
        tries[one] += 1
        with db.begin() as session:
            lock(session, one)
            if tries[one] == 1:
                both_hold_one.wait()
            lock(session, other)
            session.add(HandledRequest(team_id="T1", key=f"{one}, then {other}", seen_at=NOW))

    def run(one, other):
        try:
            run_again(lambda: work(one, other))
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems, (first, second, problems)
    assert max(tries.values()) > 1, (first, second)
    with db.read() as session:
        keys = set(session.scalars(select(HandledRequest.key)))
    assert {f"{first}, then {second}", f"{second}, then {first}"} <= keys


def lock(session, name):
    # as text, because this is about locks in the wrong order, which the tests otherwise report
    session.connection().exec_driver_sql(f'SELECT 1 FROM "{name}" FOR NO KEY UPDATE')


@on_postgres
def test_what_is_locked_can_still_be_referred_to(rows):
    """New rows that refer to a locked row do not wait, so that no lock of theirs can cross another."""
    with rows.begin() as session, rows.engine.begin() as other:
        other.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
        for name in LOCK_ORDER:
            lock(session, name)
            # what the server itself does for a foreign key
            other.exec_driver_sql(f'SELECT 1 FROM "{name}" FOR KEY SHARE')


@on_postgres
def test_an_intention_that_is_rolled_back_again_and_again_is_given_up(rows):
    tries = []

    def work():
        tries.append(1)
        with rows.begin() as session:
            session.connection().exec_driver_sql(
                "DO $$ BEGIN RAISE EXCEPTION 'crossed' USING ERRCODE = '40P01'; END $$"
            )

    with pytest.raises(OperationalError):
        run_again(work)
    assert len(tries) == database.ATTEMPTS


@on_postgres
def test_what_was_stored_in_part_and_any_other_trouble_is_not_run_again(rows):
    tries = []

    def work(code):
        tries.append(code)
        with rows.begin() as session:
            session.connection().exec_driver_sql(
                f"DO $$ BEGIN RAISE EXCEPTION 'trouble' USING ERRCODE = '{code}'; END $$"
            )

    with pytest.raises(OperationalError):
        run_again(lambda: work("40P01"), may_repeat=lambda: False)
    with pytest.raises(OperationalError):
        run_again(lambda: work("55P03"))
    assert tries == ["40P01", "55P03"]


def test_no_lock_excludes_new_rows_that_refer_to_the_locked_one():
    """`FOR UPDATE` would: it is for rows whose keys change or that are deleted, and no key ever changes."""
    for path in STORAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "with_for_update":
                assert "key_share" in {keyword.arg for keyword in node.keywords}, f"{path.name}:{node.lineno}"
