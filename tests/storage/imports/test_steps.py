"""Imports on both databases: a restart repeats nothing, and other consortia see nothing."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select, text

from handlers.imports import drafts, jobs, kinds
from handlers.imports.parsing import Source
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from storage import consortia, imports
from storage.contributions import Contribution
from storage.imports import ImportDraft, ImportRow
from storage.members import Member
from storage.outbox import OutboxMessage
from storage.vocabulary import ImportKind, ImportRowState, ImportState
from tests.storage.people import founded
from tests.town import START

ROWS = 60


@pytest.fixture
def begun(db):
    """An import of contributions that was confirmed."""
    with db.begin() as session:
        caller = founded(session, "America/Denver", START)
        draft = ImportDraft(
            consortium_id=caller.consortium.id,
            member_id=caller.person.id,
            team_id="T1",
            state=ImportState.IMPORTING,
            kind=ImportKind.CONTRIBUTIONS,
            name="given.csv",
            notes="",
            created_at=START,
            due_at=START,
        )
        session.add(draft)
        session.flush()
        for number in range(ROWS):
            plan = {
                "agency": caller.agency.id,
                "kind": "hours",
                "hours": 1.0,
                "cents": None,
                "words": f"Gift {number}",
                "on": "2026-11-30",
            }
            row = ImportRow(
                draft_id=draft.id, number=number, line=number + 2, state=ImportRowState.NEW, text="", plan=plan
            )
            session.add(row)
    return caller, draft


def sweeps(db, now=START):
    jobs.sweep(SimpleNamespace(db=db), now)


def said(db):
    with db.read() as session:
        return [row.body["text"] for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


def given(db):
    with db.read() as session:
        return session.scalars(select(Contribution.words).where(Contribution.taken_back_at.is_(None))).all()


def fails_after(monkeypatch, rows, kind):
    """Let the process stop in the middle of a transaction."""
    count = iter(range(rows))
    carry_out = kinds.KINDS[kind].carry_out

    def carries_out(*args):
        if next(count, None) is None:
            raise KeyboardInterrupt
        return carry_out(*args)

    changed = {**kinds.KINDS, kind: kinds.Kind(carries_out, kinds.KINDS[kind].take_back)}
    monkeypatch.setattr(kinds, "KINDS", changed)


def test_a_restart_in_the_middle_repeats_nothing_and_loses_nothing(db, begun, monkeypatch):
    with monkeypatch.context() as patch:
        fails_after(patch, 40, ImportKind.CONTRIBUTIONS)
        with pytest.raises(KeyboardInterrupt):
            sweeps(db)
    assert len(given(db)) == jobs.ROWS_AT_ONCE
    assert said(db) == []
    sweeps(db)
    assert sorted(given(db)) == sorted(f"Gift {number}" for number in range(ROWS))
    assert said(db) == ["Imported from “given.csv”: 60 contributions."]
    sweeps(db)
    assert len(said(db)) == 1


def test_a_fault_of_ours_is_told_with_what_was_done(db, begun, monkeypatch):
    carry_out = kinds.KINDS[ImportKind.CONTRIBUTIONS].carry_out

    def fails_at_last(session, caller, plan, now):
        if plan["words"] == "Gift 59":
            raise ZeroDivisionError
        return carry_out(session, caller, plan, now)

    take_back = kinds.KINDS[ImportKind.CONTRIBUTIONS].take_back
    monkeypatch.setattr(kinds, "KINDS", {ImportKind.CONTRIBUTIONS: kinds.Kind(fails_at_last, take_back)})
    for minute in range(10):
        sweeps(db, START + timedelta(minutes=minute))
    assert said(db) == ["Imported from “given.csv”: 50 contributions."]
    assert len(given(db)) == 50


def test_a_person_who_is_no_facilitator_anymore_imports_nothing(db, begun):
    with db.begin() as session:
        session.execute(text("UPDATE member SET facilitator = false"))
    sweeps(db)
    assert given(db) == []
    assert said(db) == ["Nothing was imported from “given.csv”."]


def test_an_import_of_another_consortium_is_not_found(db, begun):
    _, draft = begun
    with db.begin() as session:
        other = consortia.create(session, "T2", "Southern Valleys", "UTC", START)
        member = Member(
            consortium_id=other.id,
            team_id="T2",
            user_id="U9",
            name="Zoe",
            zone="UTC",
            facilitator=True,
            joined_at=START,
        )
        session.add(member)
        session.flush()
        caller = Caller("T2", "T2", "U9", other, member, None)
        for act in (
            lambda: drafts.confirm(session, caller, draft.id, START),
            lambda: drafts.cancel(session, caller, draft.id),
            lambda: drafts.undo(session, caller, draft.id, START),
            lambda: drafts.find(session, caller, draft.id),
        ):
            with pytest.raises(Refusal, match="or was canceled"):
                act()


def test_ids_of_deleted_imports_are_not_used_again(db, begun):
    caller, draft = begun
    with db.begin() as session:
        imports.delete_draft(session, draft.id)
    with db.begin() as session:
        drafts.hand_in(session, caller, Source("table", text="agency\nElm"), START)
    with db.read() as session:
        assert session.scalar(select(func.max(ImportDraft.id))) > draft.id


def test_only_a_few_tables_wait_at_once(db, begun):
    caller, _ = begun
    with db.begin() as session:
        for _ in range(drafts.MOST_UNFINISHED - 1):
            drafts.hand_in(session, caller, Source("table", text="agency\nElm"), START)
        with pytest.raises(Refusal, match="still reading other tables"):
            drafts.hand_in(session, caller, Source("table", text="agency\nElm"), START)
