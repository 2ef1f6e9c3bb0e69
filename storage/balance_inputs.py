"""Figures that warnings and the weekly summary use besides the load: contributions, gains, funding, and lateness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from storage.consortia import Workspace
from storage.contributions import Contribution, Gain
from storage.funding import list_sources
from storage.tasks import Task
from storage.vocabulary import AgencyId, ConsortiumId, ContributionKind, FundingSourceId, TaskState


@dataclass(frozen=True)
class ContributionTotal:
    """The contributions of one agency and kind: their number, and their sum in hours or cents."""

    agency_id: AgencyId
    kind: ContributionKind
    gifts: int
    amount: float


def gifts(session: Session, consortium_id: ConsortiumId, since: date) -> Sequence[ContributionTotal]:
    """Sum the contributions since a day, by agency and kind."""
    rows = session.execute(
        select(
            Contribution.agency_id,
            Contribution.kind,
            func.count(),
            func.sum(Contribution.hours),
            func.sum(Contribution.cents),
        )
        .where(
            Contribution.consortium_id == consortium_id,
            Contribution.given_on >= since,
            Contribution.taken_back_at.is_(None),
        )
        .group_by(Contribution.agency_id, Contribution.kind)
    )
    return [
        ContributionTotal(agency, kind, count, float((hours if kind is ContributionKind.HOURS else cents) or 0))
        for agency, kind, count, hours, cents in rows
    ]


def funding_amounts(session: Session, consortium_id: ConsortiumId) -> Sequence[tuple[FundingSourceId, str, int]]:
    """List the current sources of funding as (id, name, cents a year), largest first."""
    return [(source.id, source.name, source.cents) for source in list_sources(session, consortium_id)]


def agencies_with_gains(session: Session, consortium_id: ConsortiumId, since: datetime) -> set[AgencyId]:
    """Return the agencies for which a gain was recorded at `since` or later."""
    return set(
        session.scalars(
            select(Gain.agency_id)
            .where(Gain.consortium_id == consortium_id, Gain.created_at >= since, Gain.taken_back_at.is_(None))
            .distinct()
        )
    )


def count_overdue_and_due(session: Session, consortium_id: ConsortiumId, today: date, until: date) -> tuple[int, int]:
    """Count the open tasks that are overdue, and those due from `today` to `until`, both included."""

    def count_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = session.execute(
        select(count_where(Task.due_on < today), count_where(Task.due_on.between(today, until))).where(
            Task.consortium_id == consortium_id, Task.state == TaskState.OPEN
        )
    ).one()
    return row[0], row[1]


def main_workspace(session: Session, consortium_id: ConsortiumId) -> str:
    """Return the workspace from which the bot sends messages about the whole consortium: the oldest."""
    return session.scalars(
        select(Workspace.team_id)
        .where(Workspace.consortium_id == consortium_id)
        .order_by(Workspace.joined_at, Workspace.team_id)
        .limit(1)
    ).one()
