"""The content of a home tab as plain values, read in at most six statements however long the lists are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import representation
from handlers.kit.representation import Named
from handlers.kit.todo import TodoReader
from handlers.load import rules
from handlers.polls.awaited import awaited_items
from handlers.proposals import pending
from handlers.pulse.rules import results
from handlers.pulse.rules.results import Shown
from storage import load as balance
from storage import members, pulse, todo, todo_counts
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.home_tabs import HomeTab
from storage.members import Member
from storage.open_electors import OpenElector
from storage.todo import Reader, TodoItem
from storage.todo_counts import TodoCounts
from storage.vocabulary import Language, Seat, Theme, TodoKind

MAX_ITEMS = 30
"""The most items of each kind that are read. Fewer are shown."""


@dataclass(frozen=True)
class LatestRound:
    """The latest round of the pulse. `shown` has what may be shown of each theme; it is empty if too few answered."""

    number: int
    asked: int
    answered: int
    shown: Mapping[Theme, Shown]


@dataclass(frozen=True)
class HomeSnapshot:
    """The home tab of a member.

    `items` is what is waiting for the member, their tasks, and their next meetings. `unheard` lists, for facilitators,
    the agencies that have not been heard on open proposals. `load` is in hours for the next 30 days, which are counted
    from `consortium_today`; `hours` are the member's per month, which are the default unless `has_said`. `answer`
    is the answer to the last press of a button on the tab. `language` is that of the pulse.
    """

    consortium: str
    name: str
    agency: str
    seat: Seat
    facilitates: bool
    zone: str
    today: date
    consortium_today: date
    items: Mapping[TodoKind, Sequence[TodoItem]]
    unheard: Sequence[OpenElector]
    counts: TodoCounts
    load: float
    hours: float
    has_said: bool
    latest_round: LatestRound | None
    answer: str
    language: Language

    @property
    def reader(self) -> TodoReader:
        """Return what the renderers of to-do items need to know about the member."""
        return TodoReader(
            self.agency,
            self.zone,
            self.today,
            self.load,
            self.hours,
            self.counts.offered_hours,
            self.consortium_today,
            self.language,
        )


@dataclass(frozen=True)
class NonMemberSnapshot:
    """The home tab of somebody who is not a member. `consortium` is empty if the workspace has none yet."""

    consortium: str
    answer: str


def load_snapshot(session: Session, home: HomeTab, now: datetime) -> HomeSnapshot | NonMemberSnapshot:
    """Load the content of a person's home tab."""
    consortium, member, agency = members.find_caller(session, home.team_id, home.home_team, home.user_id)
    if consortium is None or member is None or member.left_at is not None:
        return NonMemberSnapshot(consortium.name if consortium else "", home.said)
    active_agency = agency if agency is not None and agency.ended_at is None else None
    reader = Reader(consortium.id, member.id, member.facilitator)
    unheard = _unheard(session, consortium, member, active_agency, now)
    own = [
        elector
        for elector in unheard
        if active_agency is not None
        and elector.agency_id == active_agency.id
        and representation.speaks(member.seat, Named(elector.representative, elector.alternate))
    ]
    today = now.astimezone(ZoneInfo(member.zone)).date()
    items: dict[TodoKind, list[TodoItem]] = {}
    for item in todo.todo_items(session, reader, now, MAX_ITEMS):
        items.setdefault(item.kind, []).append(item)
    items[TodoKind.PROPOSAL] = pending.merge_todo_items(items.get(TodoKind.PROPOSAL, []), own)[:MAX_ITEMS]
    items[TodoKind.POLL] = awaited_items(session, items.get(TodoKind.POLL, []), member)
    day = now.astimezone(ZoneInfo(consortium.zone)).date()
    load = balance.member_load_queries(consortium.id, member.id, day + rules.LOAD_PERIOD, day)
    counts = todo_counts.count_todos(session, reader, today, now, load)
    return HomeSnapshot(
        consortium=consortium.name,
        name=member.name,
        agency=active_agency.name if active_agency else "",
        seat=member.seat,
        facilitates=member.facilitator,
        zone=member.zone,
        language=member.language,
        today=today,
        consortium_today=day,
        items=items,
        # of a proposal in a private channel, facilitators know only the number
        unheard=[elector for elector in unheard if not elector.private] if member.facilitator else [],
        counts=counts,
        load=counts.task_hours + counts.role_hours,
        hours=consortium.hours_a_month if member.hours_a_month is None else member.hours_a_month,
        has_said=member.hours_a_month is not None,
        latest_round=_latest_round(session, consortium),
        answer=home.said,
    )


def _unheard(
    session: Session, consortium: Consortium, member: Member, agency: Agency | None, now: datetime
) -> list[OpenElector]:
    """List the unheard agencies on open proposals: all of them for a facilitator, otherwise the member's own."""
    if member.facilitator:
        return pending.unheard_electors(session, consortium.id, now)
    return pending.unheard_electors(session, consortium.id, now, agency.id) if agency is not None else []


def _latest_round(session: Session, consortium: Consortium) -> LatestRound | None:
    latest = next(iter(pulse.list_closed_rounds(session, consortium.id, 1)), None)
    if latest is None or not latest.result:
        return None
    result = results.from_json(latest.result)
    shown = {results.theme_of(key): shown for key, shown in result.shown.items()}
    return LatestRound(latest.number, result.asked, result.answered, shown)
