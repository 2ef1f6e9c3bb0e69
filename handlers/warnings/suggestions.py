"""Handovers that would help people who carry too much: who could be asked to take which task."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from handlers.load import rules
from handlers.load.rules import Share
from handlers.load.snapshot import LoadSnapshot, MemberLoad
from handlers.warnings.rules import suggestions
from handlers.warnings.rules.suggestions import Giver, MovableTask, Suggestion, Taker
from storage import load
from storage.tasks import Task
from storage.vocabulary import AgencyId, ConsortiumId, MemberId


@dataclass(frozen=True)
class Handover:
    """One task that one person could be asked to take; `owner` has it now."""

    task: Task
    to: MemberLoad
    owner: MemberLoad


@dataclass(frozen=True)
class HandoverPlan:
    """One person's load, and the handovers that would help.

    `tasks` are those that count as load now and have an effort, the largest first; `offered` are those already offered
    to somebody, with that person's name. `enough` says whether the handovers and those offers together bring the
    person within their hours.
    """

    person: MemberLoad
    tasks: Sequence[Task] = ()
    handovers: Sequence[Handover] = ()
    offered: Sequence[tuple[Task, str]] = ()
    enough: bool = False


@dataclass(frozen=True)
class HandoverPlans:
    """The plans of everybody who carries too much, made together so that nobody's room is used twice.

    `agencies` has what agencies above their limit could hand over to others, those of their people's plans included.
    """

    people: Mapping[MemberId, HandoverPlan] = field(default_factory=dict)
    agencies: Mapping[AgencyId, Sequence[Handover]] = field(default_factory=dict)

    def of(self, person: MemberLoad) -> HandoverPlan:
        """Return the plan of one person, which is empty for those who do not carry too much."""
        return self.people.get(person.id) or HandoverPlan(person, enough=True)


def plan_handovers(
    session: Session, consortium_id: ConsortiumId, seen: LoadSnapshot, only: MemberId | None = None
) -> HandoverPlans:
    """Return the plans of all people and agencies who carry too much, in two statements, however much work there is.

    People come first; agencies hand over what is still too much after that. With `only`, the plan is that of one person
    who looks: it must not depend on whether others carry too much, or they could find out.
    """
    over = sorted(
        (person for person in seen.people if person.load.is_over and only in {None, person.id}),
        key=lambda person: -person.load.hours,
    )
    shares = [share for share in seen.agencies if seen.is_over(share)] if only is None else []
    crowded = {share.id for share in shares}
    owners = [*over, *(person for person in seen.people if person.agency_id in crowded and not person.load.is_over)]
    if not owners:
        return HandoverPlans()
    tasks = load.tasks_in_load(session, consortium_id, [person.id for person in owners], seen.today + rules.LOAD_PERIOD)
    return _Planner(seen, tasks, load.recently_asked(session, consortium_id, tasks)).plan(over, shares)


class _Planner:
    """Plans handovers one level after the other, with the room that the level before has left."""

    def __init__(self, seen: LoadSnapshot, tasks: Sequence[Task], refused: Mapping[int, Collection[int]]) -> None:
        self._seen = seen
        self._by_number = {task.number: task for task in tasks}
        self._refused = refused
        self._by_owner: dict[MemberId, list[Task]] = {}
        for task in tasks:
            if task.owner_id is not None:
                self._by_owner.setdefault(task.owner_id, []).append(task)
        self._rooms = {person.id: person.room for person in seen.people if person.room}
        self._limits: dict[int, float] = dict(seen.limits().items())
        self._moved: dict[int, Handover] = {}

    def plan(self, over: Sequence[MemberLoad], shares: Sequence[Share]) -> HandoverPlans:
        found = self._suggest([self._person(person) for person in over])
        people = {person.id: self._person_plan(person, found[person.id]) for person in over}
        self._suggest([self._agency(share) for share in shares])
        return HandoverPlans(people, {share.id: self._leaving(share.id) for share in shares})

    def _person(self, person: MemberLoad) -> Giver:
        tasks = self._by_owner.get(person.id, [])
        offered = math.fsum(task.hours or 0.0 for task in tasks if task.offered_to is not None)
        excess = person.load.hours - person.load.set_aside - offered
        return Giver(person.id, excess, self._movable(tasks), person.agency_id)

    def _agency(self, share: Share) -> Giver:
        """Count for an agency what already leaves it: by its people's plans, and by offers that are not answered."""
        tasks = [task for person in self._people_of(share.id) for task in self._by_owner.get(person.id, [])]
        gone = math.fsum(handover.task.hours or 0.0 for handover in self._leaving(share.id))
        outside = {person.id for person in self._seen.people if person.agency_id != share.id}
        offered = math.fsum(task.hours or 0.0 for task in tasks if task.offered_to in outside)
        excess = share.load - share.fair * self._seen.percent / 100 - gone - offered
        return Giver(share.id, excess, self._movable(tasks), share.id, leaves=True)

    def _people_of(self, agency_id: AgencyId) -> list[MemberLoad]:
        return [person for person in self._seen.people if person.agency_id == agency_id]

    def _leaving(self, agency_id: AgencyId) -> list[Handover]:
        return [
            handover
            for handover in self._moved.values()
            if handover.owner.agency_id == agency_id and handover.to.agency_id != agency_id
        ]

    def _movable(self, tasks: Sequence[Task]) -> list[MovableTask]:
        return [
            MovableTask(task.number, task.hours or 0.0, frozenset(self._refused.get(task.number, ())))
            for task in tasks
            if task.offered_to is None and task.number not in self._moved
        ]

    def _suggest(self, givers: Sequence[Giver]) -> dict[int, Suggestion]:
        by_id = self._seen.by_id
        takers = [Taker(id_, room, by_id[id_].agency_id) for id_, room in self._rooms.items()]
        found = suggestions.suggest(givers, takers, self._limits)
        for suggestion in found.values():
            for move in suggestion.moves:
                self._move(self._by_number[move.number], by_id[MemberId(move.to)])
        return found

    def _move(self, task: Task, to: MemberLoad) -> None:
        owner = self._seen.by_id[task.owner_id or MemberId(0)]
        hours = task.hours or 0.0
        self._moved[task.number] = Handover(task, to, owner)
        self._rooms[to.id] -= hours
        if to.agency_id is not None and to.agency_id != owner.agency_id and to.agency_id in self._limits:
            self._limits[to.agency_id] -= hours

    def _person_plan(self, person: MemberLoad, suggestion: Suggestion) -> HandoverPlan:
        tasks = self._by_owner.get(person.id, [])
        names = {other.id: other.name for other in self._seen.people}
        offered = [(task, names[task.offered_to]) for task in tasks if task.offered_to in names]
        handovers = [self._moved[move.number] for move in suggestion.moves]
        return HandoverPlan(person, tasks, handovers, offered, suggestion.enough)


def room_for(seen: LoadSnapshot, person: MemberLoad, agency_id: AgencyId | None) -> float:
    """Return the hours that somebody from `agency_id`, or from no agency, could ask a person to take.

    Within one agency, the agency's limit does not apply: its load stays the same.
    """
    if person.agency_id is None or person.agency_id == agency_id:
        return person.room
    return min(person.room, seen.limits().get(person.agency_id, math.inf))


def members_with_room(seen: LoadSnapshot) -> list[MemberLoad]:
    """Return the members who could take a task that has no owner, or from somebody who carries too much; by name."""
    givers = {None, *(person.agency_id for person in seen.people if person.load.is_over)}
    return [person for person in seen.people if any(room_for(seen, person, giver) > rules.EPSILON for giver in givers)]
