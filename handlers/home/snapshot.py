"""What a home tab shows, as plain values: five statements, however much there is to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import representation
from handlers.kit.representation import Named
from handlers.kit.todo import TodoReader
from handlers.load import rules
from handlers.proposals import pending
from handlers.pulse.rules import results
from storage import load as balance
from storage import members, pulse, todo, todo_counts
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.home_tabs import HomeTab
from storage.members import Member
from storage.open_electors import OpenElector
from storage.todo import Reader, TodoItem
from storage.todo_counts import TodoCounts
from storage.vocabulary import Seat, Theme, TodoKind

MOST = 30
"""So many of each kind are read; fewer are shown."""


@dataclass(frozen=True)
class Climate:
    """The latest round: how many answered, and the mean of each theme that may be shown, from 1 to 5."""

    number: int
    asked: int
    answered: int
    means: Mapping[Theme, float]


@dataclass(frozen=True)
class HomeSnapshot:
    """Everything on one person's home tab. `load` and `hours` are hours for the next 30 days.

    `unheard` is for facilitators: the agencies that have not been heard on open proposals.
    """

    consortium: str
    name: str
    agency: str
    seat: Seat
    facilitates: bool
    zone: str
    today: date
    matters: Mapping[TodoKind, Sequence[TodoItem]]
    unheard: Sequence[OpenElector]
    figures: TodoCounts
    load: float
    hours: float
    climate: Climate | None
    said: str

    @property
    def reader(self) -> TodoReader:
        """Return what renderers of to-do items need to know of the person."""
        return TodoReader(self.agency, self.zone, self.today, self.load, self.hours)


@dataclass(frozen=True)
class Outside:
    """The home tab of somebody who belongs to no consortium; `consortium` is empty where there is none yet."""

    consortium: str
    said: str


def take(session: Session, home: HomeTab, now: datetime) -> HomeSnapshot | Outside:
    """Take the picture of a person's home tab."""
    consortium, member, agency = members.who(session, home.team_id, home.home_team, home.user_id)
    if consortium is None or member is None or member.left_at is not None:
        return Outside(consortium.name if consortium else "", home.said)
    living = agency if agency is not None and agency.ended_at is None else None
    reader = Reader(consortium.id, member.id, _speaks(session, member, living), member.facilitator)
    unheard = _unheard(session, consortium, member, living, now)
    own = [elector for elector in unheard if reader.speaks and living is not None and elector.agency_id == living.id]
    today = now.astimezone(ZoneInfo(member.zone)).date()
    grouped: dict[TodoKind, list[TodoItem]] = {}
    for one in todo.todo_items(session, reader, now, MOST):
        grouped.setdefault(one.kind, []).append(one)
    grouped[TodoKind.PROPOSAL] = pending.merge_todo_items(grouped.get(TodoKind.PROPOSAL, []), own)[:MOST]
    day = now.astimezone(ZoneInfo(consortium.zone)).date()
    tasks, roles = balance.carried(session, consortium.id, member.id, day + rules.AHEAD, day)
    return HomeSnapshot(
        consortium=consortium.name,
        name=member.name,
        agency=living.name if living else "",
        seat=member.seat,
        facilitates=member.facilitator,
        zone=member.zone,
        today=today,
        matters=grouped,
        unheard=unheard if member.facilitator else [],
        figures=todo_counts.count(session, reader, today, now),
        load=tasks + roles,
        hours=consortium.hours_a_month if member.hours_a_month is None else member.hours_a_month,
        climate=_climate(session, consortium),
        said=home.said,
    )


def _speaks(session: Session, member: Member, agency: Agency | None) -> bool:
    if agency is None:
        return False
    # the seat alone tells it for those who are named
    if member.seat is not Seat.MEMBER:
        return True
    return representation.speaks(member.seat, Named.of(members.speakers(session, [agency.id])[agency.id]))


def _unheard(
    session: Session, consortium: Consortium, member: Member, agency: Agency | None, now: datetime
) -> list[OpenElector]:
    """List the unheard agencies on open proposals: all of them for a facilitator, otherwise the member's own."""
    if member.facilitator:
        return pending.unheard_electors(session, consortium.id, now)
    return pending.unheard_electors(session, consortium.id, now, agency.id) if agency is not None else []


def _climate(session: Session, consortium: Consortium) -> Climate | None:
    latest = next(iter(pulse.closed_rounds(session, consortium.id, 1)), None)
    if latest is None or not latest.result:
        return None
    result = results.load(latest.result)
    means = {theme: results.mean(counts) for theme, counts in results.by_theme(result.counts).items()}
    return Climate(latest.number, result.asked, result.answered, means)
