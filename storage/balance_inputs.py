"""What is watched beside the load: what was given and gained, who pays, and how open work stands in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from storage.consortia import Workspace
from storage.contributions import Gain, Given, Source
from storage.tasks import Task
from storage.vocabulary import AgencyId, ConsortiumId, GivenKind, SourceId, TaskState


@dataclass(frozen=True)
class Gifts:
    """What one agency gave of one kind: how often, and how much, in hours or in cents."""

    agency_id: AgencyId
    kind: GivenKind
    gifts: int
    amount: float


def gifts(session: Session, consortium_id: ConsortiumId, since: date) -> Sequence[Gifts]:
    """Sum what agencies gave on a day or later, by kind."""
    rows = session.execute(
        select(Given.agency_id, Given.kind, func.count(), func.sum(Given.hours), func.sum(Given.cents))
        .where(Given.consortium_id == consortium_id, Given.given_on >= since, Given.taken_back_at.is_(None))
        .group_by(Given.agency_id, Given.kind)
    )
    return [
        Gifts(agency, kind, count, float((hours if kind is GivenKind.HOURS else cents) or 0))
        for agency, kind, count, hours, cents in rows
    ]


def funding(session: Session, consortium_id: ConsortiumId) -> Sequence[tuple[SourceId, str, int]]:
    """List the sources of funding, the largest first: (source, name, cents a year)."""
    rows = session.execute(
        select(Source.id, Source.name, Source.cents)
        .where(Source.consortium_id == consortium_id, Source.ended_at.is_(None))
        .order_by(Source.cents.desc(), Source.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def gained(session: Session, consortium_id: ConsortiumId, since: datetime) -> set[AgencyId]:
    """Give the agencies for which a gain was recorded since a moment."""
    return set(
        session.scalars(
            select(Gain.agency_id)
            .where(Gain.consortium_id == consortium_id, Gain.created_at >= since, Gain.taken_back_at.is_(None))
            .distinct()
        )
    )


def timing(session: Session, consortium_id: ConsortiumId, today: date, until: date) -> tuple[int, int]:
    """Count the open tasks that are late, and those that fall due from today until a day."""

    def number(where: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((where, 1), else_=0)), 0)

    row = session.execute(
        select(number(Task.due_on < today), number(Task.due_on.between(today, until))).where(
            Task.consortium_id == consortium_id, Task.state == TaskState.OPEN
        )
    ).one()
    return row[0], row[1]


def speaks_from(session: Session, consortium_id: ConsortiumId) -> str:
    """Name the workspace from which the bot speaks of the whole of a consortium: the one in which it was founded."""
    return session.scalars(
        select(Workspace.team_id)
        .where(Workspace.consortium_id == consortium_id)
        .order_by(Workspace.joined_at, Workspace.team_id)
        .limit(1)
    ).one()
