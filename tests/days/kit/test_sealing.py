"""Closing what is sealed: without the right key nothing is lost, and one row delays no other."""

from datetime import timedelta
from types import SimpleNamespace

from handlers.kit import sealing
from storage.seals import KeyMissing
from tests.town import START


def close_all(db, rows, missing=()):
    """Close rows by id; return the ids that were closed."""
    closed = []

    def close(_session, row):
        if row.id in missing:
            raise KeyMissing
        if row.id == "broken":
            raise ValueError("a row that nobody expected")
        closed.append(row.id)

    sealing.close_each(db, list(rows), lambda _session, id_: rows[id_], close, START, feature="polls")
    return closed


def rows_of(*ids, closes_at=START):
    return {id_: SimpleNamespace(id=id_, closes_at=closes_at) for id_ in ids}


def test_a_row_whose_key_is_missing_is_tried_again_after_an_hour(db):
    rows = rows_of(1, 2, 3)
    assert close_all(db, rows, missing={2}) == [1, 3]
    assert rows[2].closes_at == START + timedelta(hours=1)
    assert rows[1].closes_at == rows[3].closes_at == START


def test_a_row_that_fails_keeps_no_other_from_closing(db):
    rows = rows_of(1, "broken", 3)
    assert close_all(db, rows) == [1, 3]
    assert rows["broken"].closes_at == START


def test_a_row_that_was_extended_in_the_meantime_stays_open(db):
    assert close_all(db, rows_of(1, closes_at=START + timedelta(minutes=1))) == []
