"""The kinds of tables: how each is compared with the consortium, carried out, and undone."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.imports import contributions, matching, tasks
from handlers.imports.people import changes, preview
from handlers.imports.plans import CarryOut, PlannedRow, TakeBack
from handlers.imports.rules import entries
from handlers.imports.rules.columns import Table
from handlers.imports.rules.entries import Setting
from handlers.kit.callers import Caller, identify
from handlers.kit.deps import Deps
from storage.imports import ImportDraft
from storage.members import Member
from storage.vocabulary import ImportKind


@dataclass(frozen=True)
class Kind:
    """How the rows of one kind are carried out and undone. `together` surrounds several rows."""

    carry_out: CarryOut
    take_back: TakeBack
    together: Callable[[Session, Caller, datetime], AbstractContextManager[None]] = lambda *_: nullcontext()


KINDS: Mapping[ImportKind, Kind] = {
    ImportKind.PEOPLE: Kind(changes.carry_out, changes.take_back, changes.together),
    ImportKind.TASKS: Kind(tasks.carry_out, tasks.take_back),
    ImportKind.CONTRIBUTIONS: Kind(contributions.carry_out_given, contributions.take_given_back),
    ImportKind.GAINS: Kind(contributions.carry_out_gain, contributions.take_gain_back),
}


def author(session: Session, draft: ImportDraft) -> Caller:
    """Return the person who imports. Raise `Refusal` if they are no facilitator anymore."""
    member = session.get_one(Member, draft.member_id)
    return identify(session, draft.team_id, member.team_id, member.user_id, "facilitator")


def plan(deps: Deps, draft: ImportDraft, table: Table, now: datetime) -> list[PlannedRow]:
    """Return the rows of a preview. Slack is asked first, outside of the transaction that compares.

    Raise `Refusal` if the person is no facilitator anymore, one of SLACK_ERRORS if Slack does not answer.
    """
    with deps.db.read() as session:
        caller = author(session, draft)
    setting = Setting(now, caller.zone, caller.consortium.currency)
    today = caller.today(now)
    if table.header.kind is ImportKind.PEOPLE:
        said, problems = entries.parse(table, setting, entries.parse_people_line)
        found = matching.find_people(deps, draft.consortium_id, draft.team_id, preview.mentions(said))
        with deps.db.read() as session:
            return preview.plan_rows(session, author(session, draft), said, problems, found, now)
    if table.header.kind is ImportKind.TASKS:
        tasks_said, problems = entries.parse(table, setting, entries.parse_task_line)
        found = matching.load_members(deps, draft.consortium_id, draft.team_id, with_roll=False)
        with deps.db.read() as session:
            return tasks.plan_rows(session, author(session, draft), tasks_said, problems, found, today)
    if table.header.kind is ImportKind.CONTRIBUTIONS:
        given, problems = entries.parse(table, setting, entries.parse_given_line)
        with deps.db.read() as session:
            return contributions.plan_given(session, author(session, draft), given, problems, today)
    gains, problems = entries.parse(table, setting, entries.parse_gain_line)
    with deps.db.read() as session:
        return contributions.plan_gains(session, author(session, draft), gains, problems)
