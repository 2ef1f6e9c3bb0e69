"""The current load of a consortium's people and agencies, as plain values."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.load import rules
from handlers.load.rules import RoomBasis, Share
from storage import agencies, rooms
from storage import load as storage_load
from storage.consortia import Consortium
from storage.load import OpenWork, WorkingMember
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import AgencyId, ConsortiumId, MemberId


@dataclass(frozen=True)
class Load:
    """One person's load for the next 30 days, and the hours a month the person set aside."""

    hours: float
    set_aside: float

    @property
    def is_over(self) -> bool:
        """Whether the load exceeds the hours set aside."""
        return rules.is_over_hours(self.hours, self.set_aside)


@dataclass(frozen=True)
class MemberLoad:
    """One member with their load.

    `roles` are the monthly hours of the member's roles, `promised` the hours of tasks offered to them and not yet
    answered, `owned` those of all their open tasks, whenever due. `has_said` means that they stated their own hours a
    month, `has_offered` that they offered to take on more work. `basis` is what their room was last worked out from.
    """

    id: MemberId
    name: str
    agency_id: AgencyId | None
    load: Load
    has_said: bool
    roles: float
    promised: float
    owned: float
    has_offered: bool
    is_away: bool = False
    basis: RoomBasis | None = None

    @property
    def room(self) -> float:
        """The hours that this member can be asked to take on; 0 for members who are away or did not offer."""
        if self.basis is None or self.is_away or not self.has_offered:
            return 0.0
        return rules.room(self.basis, self.load.hours + self.promised)


@dataclass(frozen=True)
class LoadSnapshot:
    """The load of everybody. An agency carries too much above `percent` of its fair share.

    `unowned` counts tasks without an owner; `unowned_hours` is their effort as far as it is known. `unsized` counts
    open tasks with an owner and without an effort, `sized` those with both.
    """

    today: date
    people: Sequence[MemberLoad]
    agencies: Sequence[Share]
    percent: int
    unowned: int
    unowned_hours: float
    unsized: int
    sized: int

    @cached_property
    def total(self) -> float:
        """The hours that all agencies carry together."""
        return math.fsum(share.load for share in self.agencies)

    @cached_property
    def unplaced(self) -> Sequence[MemberLoad]:
        """The people who are in no agency."""
        return [person for person in self.people if person.agency_id is None]

    @cached_property
    def unplaced_hours(self) -> float:
        """The hours that people in no agency carry together."""
        return math.fsum(person.load.hours for person in self.unplaced)

    @cached_property
    def by_id(self) -> Mapping[MemberId, MemberLoad]:
        """The people by id."""
        return {person.id: person for person in self.people}

    def after_offer(self, task: Task, before: MemberId | None) -> "LoadSnapshot":
        """Return the snapshot after a task was offered to somebody, and `before` to somebody else."""
        if task.hours is None or before == task.offered_to or not rules.counts_as_load(task.due_on, self.today):
            return self
        change = {before: -task.hours, task.offered_to: task.hours}
        people = [
            replace(person, promised=person.promised + change[person.id]) if person.id in change else person
            for person in self.people
        ]
        return replace(self, people=people)

    def is_over(self, share: Share) -> bool:
        """Return whether an agency carries too much."""
        return rules.is_over_share(share.load, share.fair, self.total, self.percent)

    def limits(self) -> dict[AgencyId, float]:
        """Map agencies to the hours that they may still receive.

        An agency above its share receives nothing. Others receive at most what keeps them from carrying too much, if
        the total is large enough for that to be reported.
        """
        room: dict[AgencyId, float] = {}
        for share in self.agencies:
            if share.load > share.fair + rules.EPSILON:
                room[share.id] = 0.0
            elif self.total >= rules.MIN_TOTAL:
                room[share.id] = share.fair * self.percent / 100 - share.load
        return room


def load_snapshot(session: Session, consortium_id: ConsortiumId, now: datetime) -> LoadSnapshot:
    """Read the load of a consortium in at most eight statements; the cost depends on open work, not on history."""
    consortium = session.get_one(Consortium, consortium_id)
    today = consortium_today(consortium, now)
    until = today + rules.LOAD_PERIOD
    members = storage_load.list_members(session, consortium_id)
    held = {row.owner_id: row for row in storage_load.open_work_by_owner(session, consortium_id, until)}
    roles = storage_load.role_hours(session, consortium_id, today)
    promised = storage_load.offered_hours(session, consortium_id, until) if held else {}
    known = rooms.by_member(session, consortium_id)
    people = [
        replace(
            _member_load(
                member, held.get(member.id), roles.get(member.id, 0.0), promised.get(member.id, 0.0), consortium, now
            ),
            basis=RoomBasis(known[member.id].hours, known[member.id].load) if member.id in known else None,
        )
        for member in members
    ]
    living = {member.id for member in members}
    unowned = [row for owner, row in held.items() if owner not in living]
    return LoadSnapshot(
        today=today,
        people=people,
        agencies=_shares(session, consortium_id, people),
        percent=consortium.share_limit,
        unowned=sum(row.tasks for row in unowned),
        unowned_hours=math.fsum(row.hours for row in unowned),
        unsized=sum(row.tasks - row.sized for owner, row in held.items() if owner in living),
        sized=sum(row.sized for owner, row in held.items() if owner in living),
    )


def _member_load(
    member: WorkingMember, held: OpenWork | None, roles: float, promised: float, consortium: Consortium, now: datetime
) -> MemberLoad:
    set_aside = consortium.hours_a_month if member.hours is None else member.hours
    return MemberLoad(
        member.id,
        member.name,
        member.agency_id,
        Load((held.near if held else 0.0) + roles, set_aside),
        member.hours is not None,
        roles,
        promised,
        held.hours if held else 0.0,
        has_offered=member.may_be_asked,
        is_away=member.away_until is not None and member.away_until > now,
    )


def _shares(session: Session, consortium_id: ConsortiumId, people: Sequence[MemberLoad]) -> list[Share]:
    """Return the shares of the agencies that have people, by name; the others can carry nothing."""
    placed = [(person.agency_id, person) for person in people if person.agency_id is not None]
    loads = rules.agency_loads([(agency, person.load.hours) for agency, person in placed])
    owned = rules.agency_loads([(agency, person.owned) for agency, person in placed])
    heads = Counter(agency for agency, _ in placed)
    staffed = [agency for agency in agencies.active(session, consortium_id) if agency.id in loads]
    fair = rules.fair_shares({agency.id: agency.weight for agency in staffed}, math.fsum(loads.values()))
    return [
        Share(
            agency.id,
            agency.name,
            agency.created_at,
            heads[agency.id],
            agency.weight,
            loads[agency.id],
            fair[agency.id],
            owned[agency.id],
        )
        for agency in staffed
    ]


@dataclass(frozen=True)
class OwnLoad:
    """What the effect of an offer is told from: a person's load, and the hours of all open offers to them."""

    load: Load
    offered: float


def load_of_member(session: Session, consortium_id: ConsortiumId, member_id: MemberId, now: datetime) -> OwnLoad:
    """Read the load of one member: two or three statements, however much work there is."""
    consortium = session.get_one(Consortium, consortium_id)
    today = consortium_today(consortium, now)
    tasks, roles, offered = storage_load.member_load(
        session, consortium_id, member_id, today + rules.LOAD_PERIOD, today
    )
    own = session.get_one(Member, member_id).hours_a_month
    return OwnLoad(Load(tasks + roles, consortium.hours_a_month if own is None else own), offered)


def consortium_today(consortium: Consortium, now: datetime) -> date:
    """Return today's date in the consortium's zone, from which the 30 days are counted for everybody."""
    return now.astimezone(ZoneInfo(consortium.zone)).date()
