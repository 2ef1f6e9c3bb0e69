"""Who carries what, as it stands now: plain values for everything that is weighed, said or drawn."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.load import rules
from handlers.load.rules import Share
from storage import agencies
from storage import load as balance
from storage.consortia import Consortium
from storage.load import Able, Held
from storage.members import Member
from storage.vocabulary import AgencyId, ConsortiumId, MemberId


@dataclass(frozen=True)
class Carried:
    """What one person carries for the next 30 days, and what they have for it a month; both in hours."""

    load: float
    hours: float

    @property
    def room(self) -> float:
        """Give the hours that are left; nothing where there are none."""
        return max(0.0, self.hours - self.load)

    @property
    def is_over(self) -> bool:
        """Tell whether it is more than the person has time for."""
        return rules.is_over_hours(self.load, self.hours)


@dataclass(frozen=True)
class Person:
    """One person with what they carry.

    `roles` are the hours a month that their roles take, `promised` those offered to them that they have not answered,
    `owned` those of all their open tasks, whenever they are due. `has_said` says that their hours a month are their
    own word, `is_free` that they may be asked and are not away.
    """

    id: MemberId
    name: str
    agency_id: AgencyId | None
    carried: Carried
    has_said: bool
    roles: float
    promised: float
    owned: float
    is_free: bool

    @property
    def room(self) -> float:
        """Give the hours that could still be asked of this person."""
        return max(0.0, self.carried.room - self.promised) if self.is_free else 0.0


@dataclass(frozen=True)
class LoadSnapshot:
    """Who carries what. `percent` is the part of the fair share above which an agency carries too much.

    `free` tasks are nobody's; `free_hours` is their effort as far as it is known. `unsized` open tasks have no
    effort, `sized` is how many have an owner and an effort.
    """

    today: date
    people: Sequence[Person]
    agencies: Sequence[Share]
    percent: int
    free: int
    free_hours: float
    unsized: int
    sized: int

    @cached_property
    def whole(self) -> float:
        """Give the hours that all agencies carry together."""
        return math.fsum(share.load for share in self.agencies)

    @cached_property
    def by_id(self) -> Mapping[MemberId, Person]:
        """Map ids to people."""
        return {person.id: person for person in self.people}

    def is_over(self, share: Share) -> bool:
        """Tell whether an agency carries too much."""
        return rules.is_over_share(share.load, share.fair, self.whole, self.percent)

    def limits(self) -> dict[AgencyId, float]:
        """Map agencies to the hours that they may still be given.

        One above its share gets nothing; others get no more than keeps them from carrying too much, where the
        whole is large enough for that to be said.
        """
        room: dict[AgencyId, float] = {}
        for share in self.agencies:
            if share.load > share.fair + rules.EPSILON:
                room[share.id] = 0.0
            elif self.whole >= rules.WHOLE:
                room[share.id] = share.fair * self.percent / 100 - share.load
        return room


def take(session: Session, consortium_id: ConsortiumId, now: datetime) -> LoadSnapshot:
    """Take the picture of a consortium: seven statements at most; they cost what open work costs, not history."""
    consortium = session.get_one(Consortium, consortium_id)
    today = day(consortium, now)
    until = today + rules.AHEAD
    everyone = balance.able(session, consortium_id)
    held = {one.owner_id: one for one in balance.held(session, consortium_id, until)}
    roles = balance.in_roles(session, consortium_id, today)
    promised = balance.promised(session, consortium_id, until) if held else {}
    people = [
        _person(one, held.get(one.id), roles.get(one.id, 0.0), promised.get(one.id, 0.0), consortium, now)
        for one in everyone
    ]
    living = {one.id for one in everyone}
    free = [one for owner, one in held.items() if owner not in living]
    return LoadSnapshot(
        today=today,
        people=people,
        agencies=_shares(session, consortium_id, people),
        percent=consortium.share_limit,
        free=sum(one.tasks for one in free),
        free_hours=math.fsum(one.hours for one in free),
        unsized=sum(one.tasks - one.sized for one in held.values()),
        sized=sum(one.sized for owner, one in held.items() if owner in living),
    )


def _person(
    one: Able, held: Held | None, roles: float, promised: float, consortium: Consortium, now: datetime
) -> Person:
    hours = consortium.hours_a_month if one.hours is None else one.hours
    return Person(
        one.id,
        one.name,
        one.agency_id,
        Carried((held.near if held else 0.0) + roles, hours),
        one.hours is not None,
        roles,
        promised,
        held.hours if held else 0.0,
        is_free=one.may_be_asked and (one.away_until is None or one.away_until <= now),
    )


def _shares(session: Session, consortium_id: ConsortiumId, people: Sequence[Person]) -> list[Share]:
    """Weigh the agencies that have people, by name: the others can carry nothing."""
    placed = [(person.agency_id, person) for person in people if person.agency_id is not None]
    loads = rules.agency_loads([(agency, person.carried.load) for agency, person in placed])
    owned = rules.agency_loads([(agency, person.owned) for agency, person in placed])
    heads = Counter(agency for agency, _ in placed)
    found = [agency for agency in agencies.living(session, consortium_id) if agency.id in loads]
    fair = rules.fair_shares({agency.id: agency.weight for agency in found}, math.fsum(loads.values()))
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
        for agency in found
    ]


def person(session: Session, consortium_id: ConsortiumId, member_id: MemberId, now: datetime) -> Carried:
    """Weigh one person: two or three statements, whatever there is to do."""
    consortium = session.get_one(Consortium, consortium_id)
    today = day(consortium, now)
    tasks, roles = balance.carried(session, consortium_id, member_id, today + rules.AHEAD, today)
    said = session.get_one(Member, member_id).hours_a_month
    return Carried(tasks + roles, consortium.hours_a_month if said is None else said)


def day(consortium: Consortium, now: datetime) -> date:
    """Give the day on which a consortium lives: its 30 days are counted from there, for everybody alike."""
    return now.astimezone(ZoneInfo(consortium.zone)).date()
