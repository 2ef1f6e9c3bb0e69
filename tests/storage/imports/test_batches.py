"""A batch of an import costs the same for each row, whatever else is open."""

from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import event, func, select

from handlers.imports import jobs
from storage.imports import ImportDraft, ImportRow
from storage.members import Member
from storage.outbox import OutboxMessage
from storage.proposals import Proposal
from storage.vocabulary import ImportKind, ImportRowState, ImportState, ProposalState, Rule
from tests.storage.people import founded
from tests.town import START


def begins(db, caller, first, rows):
    """Store an import of people that was confirmed."""
    with db.begin() as session:
        draft = ImportDraft(
            consortium_id=caller.consortium.id,
            member_id=caller.person.id,
            team_id="T1",
            state=ImportState.IMPORTING,
            kind=ImportKind.PEOPLE,
            name="people.csv",
            notes="",
            created_at=START,
            due_at=START,
        )
        session.add(draft)
        session.flush()
        for number in range(rows):
            who = {"team": "T1", "user": f"U{first + number}", "name": f"Pat {first + number}", "zone": "UTC"}
            place = {"agency": caller.agency.name, "seat": "member", "from": None, "was": None}
            plan = {"person": who, "agency_id": caller.agency.id, **place}
            session.add(
                ImportRow(
                    draft_id=draft.id, number=number, line=number + 2, state=ImportRowState.NEW, text="", plan=plan
                )
            )


def sweeps(db):
    """Take the next step of an import. Return the statements of its transactions."""
    statements = []
    counts = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", counts)
    try:
        jobs.sweep(SimpleNamespace(db=db), START)
    finally:
        event.remove(db.engine, "before_cursor_execute", counts)
    return statements


def proposes_privately(session, caller, state):
    session.add(
        Proposal(
            consortium_id=caller.consortium.id,
            number=1,
            team_id="T1",
            channel="C9",
            private=True,
            author_id=caller.person.id,
            title="Merge the schools",
            rule=Rule.HEADS,
            quorum=50,
            state=state,
            created_at=START,
            opens_at=START + timedelta(days=1),
            closes_at=START + timedelta(days=5),
            seconds=400_000,
        )
    )


def costs_of_rows(db, caller, first):
    """Return what ten more rows of a batch cost, in statements."""
    begins(db, caller, first, 5)
    few = len(sweeps(db))
    begins(db, caller, first + 100, 15)
    return len(sweeps(db)) - few


def test_a_private_proposal_makes_no_row_more_expensive(db):
    with db.begin() as session:
        caller = founded(session, "America/Denver", START)
    before = costs_of_rows(db, caller, 1_000)
    with db.begin() as session:
        proposes_privately(session, caller, ProposalState.TALKING)
    assert costs_of_rows(db, caller, 2_000) <= before
    assert before <= 10 * 20
    with db.read() as session:
        assert session.scalar(select(func.count()).select_from(Member)) == 3 + 40


def test_who_now_decides_a_private_proposal_is_announced_once_for_a_batch(db):
    with db.begin() as session:
        caller = founded(session, "America/Denver", START)
        proposes_privately(session, caller, ProposalState.TALKING)
    begins(db, caller, 1_000, 3)
    sweeps(db)
    with db.read() as session:
        told = [m.body["text"] for m in session.scalars(select(OutboxMessage).where(OutboxMessage.channel == "C9"))]
    assert told == ["Pat 1000, Pat 1001 and Pat 1002 now take part in deciding #1, and can see it."]
