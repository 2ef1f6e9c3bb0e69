"""Drafts: kept for half an hour, for one person, and used once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from handlers.maintenance import jobs
from storage import drafts
from storage.drafts import KEPT, Draft
from tests.town import START


def _add(db, now=START):
    with db.begin() as session:
        return drafts.add(session, "T1", "U1", "/task", ["due 1 2026-12-04", "due 1 2026-12-11"], now)


@pytest.mark.parametrize(
    ("team", "user", "later", "found"),
    [
        pytest.param("T1", "U1", timedelta(), True, id="its author"),
        pytest.param("T1", "U1", KEPT - timedelta(seconds=1), True, id="its author, just in time"),
        pytest.param("T1", "U1", KEPT, False, id="its author, too late"),
        pytest.param("T1", "U2", timedelta(), False, id="another person"),
        pytest.param("T2", "U1", timedelta(), False, id="another workspace"),
    ],
)
def test_only_its_author_finds_a_draft_and_only_for_half_an_hour(db, team, user, later, found):
    draft_id = _add(db)
    with db.read() as session:
        assert (drafts.find(session, draft_id, team, user, START + later) is not None) is found


def test_a_draft_is_used_once(db):
    draft_id = _add(db)
    with db.begin() as session:
        assert drafts.use(session, draft_id)
    with db.begin() as session:
        assert not drafts.use(session, draft_id)


def test_a_transaction_that_fails_leaves_the_draft(db):
    draft_id = _add(db)
    with pytest.raises(RuntimeError), db.begin() as session:
        drafts.use(session, draft_id)
        raise RuntimeError
    with db.read() as session:
        assert drafts.find(session, draft_id, "T1", "U1", START) is not None


def test_the_number_of_a_draft_is_never_used_again(db):
    first = _add(db)
    with db.begin() as session:
        drafts.use(session, first)
    assert _add(db) > first


def test_old_drafts_are_deleted_when_they_are_due(db):
    _add(db)
    _add(db, START + timedelta(minutes=10))
    with db.read() as session:
        assert jobs.cleanup_due(session) == START + KEPT
    jobs.cleanup(db, START + KEPT)
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Draft)) == 1
        assert jobs.cleanup_due(session) == START + timedelta(minutes=10) + KEPT
