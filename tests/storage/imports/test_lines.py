"""Every line of a table is counted exactly once in its preview, whatever it says."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.imports import contributions, matching, tasks
from handlers.imports.people import preview
from handlers.imports.rules import entries, sheets
from handlers.imports.rules.columns import NOT_COMPUTED
from handlers.imports.rules.entries import Setting
from storage import agencies, imports
from storage.imports import ImportDraft, ImportRow
from storage.vocabulary import ImportKind
from tests.storage.people import founded
from tests.town import START

CELLS = {
    "agency": ("", "Elm", "elm ", "Fir", "O'Neil", "O’Neil", "Ended"),
    "name": ("", "Elm Person", "Oak Person", "Nobody", NOT_COMPUTED),
    "role": ("", "rep", "alternate", "member", "king"),
    "weight": ("", "2", "3"),
    "representative": ("", "Birch Person", "Elm Person"),
    "alternate": ("", "Birch Person"),
    "ended": ("", "no", "yes", "FALSE", "2026-01-01", "maybe"),
    "title": ("", "Book the room", "Draft"),
    "owner": ("", "Elm Person", "Nobody"),
    "state": ("", "open", "done"),
    "number": ("", "1", "2", "x"),
    "hours": ("", "3", "x"),
    "what": ("", "Hosted", "Drove"),
    "gain": ("", "A room", "Two teachers"),
}
TABLES = {
    ImportKind.PEOPLE: "agency name role weight representative alternate ended",
    ImportKind.TASKS: "title number owner hours state",
    ImportKind.CONTRIBUTIONS: "agency hours what",
    ImportKind.GAINS: "agency gain",
}


def planned(db, session, caller, table):
    """Return the rows of a preview."""
    setting, today = Setting(START, "America/Denver", "USD"), START.date()
    found = matching.load_members(SimpleNamespace(db=db), caller.consortium.id, "T1", with_roll=False)
    if table.header.kind is ImportKind.PEOPLE:
        said, problems = entries.parse(table, setting, entries.parse_people_line)
        return preview.plan_rows(session, caller, said, problems, found, START)
    if table.header.kind is ImportKind.TASKS:
        said, problems = entries.parse(table, setting, entries.parse_task_line)
        return tasks.plan_rows(session, caller, said, problems, found, today)
    if table.header.kind is ImportKind.CONTRIBUTIONS:
        said, problems = entries.parse(table, setting, entries.parse_given_line)
        return contributions.plan_given(session, caller, said, problems, today)
    said, problems = entries.parse(table, setting, entries.parse_gain_line)
    return contributions.plan_gains(session, caller, said, problems)


@pytest.mark.parametrize("kind", ImportKind)
def test_every_line_is_counted_once(db, kind):
    heads = TABLES[kind].split()
    with db.begin() as session:
        caller = founded(session, "America/Denver", START)
        agencies.add(session, caller.consortium.id, "Ended", START).ended_at = START
        draft = ImportDraft(
            consortium_id=caller.consortium.id,
            member_id=caller.person.id,
            team_id="T1",
            name="",
            created_at=START,
            due_at=START,
        )
        session.add(draft)
        session.flush()
        draft_id = draft.id

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(*[st.sampled_from(CELLS[head]) for head in heads]), min_size=1, max_size=6))
    def counts(cells):
        text = "\n".join([",".join(heads), *[",".join(row) for row in cells]])
        lines = sum(any(cell for cell in row) for row in cells)
        if not lines:
            return
        table = sheets.read_text(text)
        with db.begin() as session:
            rows = planned(db, session, caller, table)
            assert {row.line for row in rows} == {row.line for row in table.rows}
            imports.add_rows(
                session,
                [
                    ImportRow(draft_id=draft_id, number=n, line=row.line, state=row.state, text=row.text, plan=row.plan)
                    for n, row in enumerate(rows)
                ],
            )
            assert sum(imports.count_lines(session, draft_id).values()) == lines
            session.rollback()

    counts()
