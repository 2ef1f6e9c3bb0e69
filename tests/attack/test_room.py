"""Whoever searches for somebody's room, by changing what they can change, learns its class and nothing else."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.load import rooms, rules, snapshot
from handlers.load.rules import RoomBasis
from handlers.warnings import suggestions
from storage import roles
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import TaskState
from tests.consortium import NOW, add_task, found_consortium, member_ids

pytestmark = pytest.mark.story

quarters = st.integers(0, 160).map(lambda n: n / 4)


@given(quarters, quarters, st.lists(quarters, min_size=1, max_size=6), quarters)
def test_rooms_of_one_class_look_alike_whatever_is_carried_later(free, other, carried, start):
    """`carried` is what others can see and partly change; the hours set aside are private."""
    if rules.room_class(free) == rules.room_class(other):
        one, two = RoomBasis(start + free, start), RoomBasis(start + other, start)
        assert [rules.room(one, hours) for hours in carried] == [rules.room(two, hours) for hours in carried]


@given(quarters, quarters, quarters)
def test_a_room_never_exceeds_what_is_left(hours, carried_then, carried_now):
    assert rules.room(RoomBasis(hours, carried_then), carried_now) <= max(0.0, hours - carried_now)


@pytest.mark.parametrize(("free", "least"), [(0, 0), (3.75, 0), (4, 4), (7.75, 4), (8, 8), (8.25, 8), (40, 8), (-3, 0)])
def test_room_counts_as_none_at_least_four_or_at_least_eight_hours(free, least):
    assert rules.room_class(free) == least


WHO = {"alone": ("Cleo",), "a pair": ("Ben", "Cleo"), "with a facilitator": ("Ben", "Cleo", "Ana")}


class Searchers:
    """People change whatever they may, for days, and write down whom they could ask for what.

    Cleo carries too much, so she sees who has room. Ben does not. Ana facilitates: she may change everything.
    """

    def __init__(self, db, finns_hours, who, seed=11):
        self.db, self.now, self.chance, self.seen = db, NOW, random.Random(seed), []
        self.who = WHO[who]
        with db.begin() as session:
            people = [("Ana", "Ash", 20), ("Ben", "Elm", 20), ("Cleo", "Elm", 0), ("Finn", "Elm", finns_hours)]
            self.consortium, _ = found_consortium(session, [*people, ("Gus", "Oak", 3)], f"T{finns_hours}")
            ids = member_ids(session, self.consortium)
            self.ids = ids
            for name in ("Ana", "Ben", "Cleo"):
                session.get_one(Member, ids[name]).may_be_asked = False
            self.own = [self.task(session, "Cleo", "Cleo", hours) for hours in (2, 5)]
            self.taken = [self.task(session, maker, "Finn", 1) for maker in self.who for _ in range(2)]
            self.private = self.task(session, "Finn", "Finn", 2)
            self.role = roles.Role(
                consortium_id=self.consortium.id,
                team_id="T1",
                title="Chair",
                folded="chair",
                member_id=ids["Finn"],
                hours=1,
                created_by=ids["Ana"],
                created_at=NOW,
            )
            session.add(self.role)

    def task(self, session, maker, owner, hours):
        row = add_task(session, self.consortium, self.ids, owner, hours)
        row.created_by = self.ids[maker]
        return row

    def work_out(self):
        with self.db.begin() as session:
            rooms.work_out_daily(session, session.merge(self.consortium), self.now)

    def try_something(self):
        with self.db.begin() as session:
            # whatever is changed below, in the order of locks
            for table in (Member, Task, roles.Role):
                session.execute(select(table.id).order_by(table.id).with_for_update(key_share=True))
            if "Ana" in self.who and self.chance.randrange(3) == 0:
                self.try_as_facilitator(session)
                return
            task = session.merge(self.chance.choice([*self.own, *self.taken]))
            step = self.chance.randrange(5)
            if step == 0:
                session.get_one(Member, self.ids["Cleo"]).hours_a_month = self.chance.choice([0, 0, 0, 2, 4])
            elif step == 1:
                task.hours = self.chance.randrange(1, 40) / 4
            elif step == 2:
                task.due_on = self.chance.choice([None, self.now.date() + timedelta(days=90)])
            elif step == 3 and task.owner_id == self.ids["Finn"]:
                task.state = self.chance.choice([TaskState.OPEN, TaskState.DROPPED])
            elif task.owner_id == self.ids["Cleo"]:
                task.offered_to = self.chance.choice([None, self.ids["Finn"]])

    def try_as_facilitator(self, session):
        role, private = session.merge(self.role), session.merge(self.private)
        step = self.chance.randrange(3)
        if step == 0:
            role.hours = self.chance.randrange(1, 40) / 4
        elif step == 1:
            role.ended_at = self.chance.choice([None, self.now])
        else:
            private.hours = self.chance.randrange(1, 40) / 4

    def watch(self):
        with self.db.read() as session:
            seen = snapshot.load_snapshot(session, self.consortium.id, self.now)
            plan = suggestions.plan_handovers(session, self.consortium.id, seen).of(seen.by_id[self.ids["Cleo"]])
            finn = seen.by_id[self.ids["Finn"]]
            asked = sorted((handover.task.number, handover.to.name) for handover in plan.handovers)
            self.seen.append((asked, plan.enough, suggestions.room_for(seen, finn, plan.person.agency_id)))

    def search(self, days=12, tries=5):
        for _ in range(days):
            self.work_out()
            for _ in range(tries):
                self.try_something()
                self.watch()
            self.now += timedelta(days=1)
        return self.seen


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    ("free", "others", "alike"),
    [
        pytest.param(4, 7.75, True, id="at least four hours"),
        pytest.param(8, 32.25, True, id="at least eight hours"),
        pytest.param(0, 3.75, True, id="none"),
        pytest.param(3.75, 4, False, id="another class"),
    ],
)
def test_those_who_search_cannot_tell_rooms_of_one_class_apart(db, who, free, others, alike):
    """Finn has agreed to his own task, the role, and the tasks that he took."""
    agreed = 3 + 2 * len(WHO[who])
    outcomes = [Searchers(db, agreed + hours, who).search() for hours in (free, others)]
    assert (outcomes[0] == outcomes[1]) is alike
    assert any(room for _, _, room in outcomes[1]) is (others >= 4), "the search finds the class"


def test_two_plain_members_cannot_halve_a_colleagues_hours(db):
    """Ben changes a task's effort once a day, and Cleo looks whether she could ask Finn: both see the same each day."""
    outcomes = []
    for hours in (11, 14.75):
        pair = Searchers(db, hours, "a pair")
        for effort in (8, 4, 2, 6, 3, 5, 1, 7):
            pair.work_out()
            with db.begin() as session:
                session.merge(pair.taken[0]).hours = effort
            pair.now += timedelta(days=1)
            pair.work_out()
            pair.watch()
        outcomes.append(pair.seen)
    assert outcomes[0] == outcomes[1]


def test_what_others_take_away_ends_once_a_month_and_what_they_give_back_does_not_return(db):
    """Dropping tasks one by one, or dropping one and opening it again, is no way to search day by day."""
    pair = Searchers(db, 20, "a pair")

    def basis():
        with db.read() as session:
            return snapshot.load_snapshot(session, pair.consortium.id, pair.now).by_id[pair.ids["Finn"]].basis.carried

    carried = []
    for day in range(64):
        pair.now = NOW + timedelta(days=day)
        pair.work_out()
        carried.append(basis())
        with db.begin() as session:
            dropped = {0: pair.taken[0], 3: pair.taken[1], 40: pair.taken[2]}.get(day)
            if dropped is not None:
                session.merge(dropped).state = TaskState.DROPPED
            if day == 33:
                session.merge(pair.taken[0]).state = TaskState.OPEN
    assert (carried[0], carried[29], carried[30], carried[59], carried[60]) == (7, 7, 5, 5, 4)


def test_what_somebody_takes_and_finishes_themselves_counts_from_the_next_day_on(db):
    pair = Searchers(db, 20, "a pair")
    carried = []
    for day, state in enumerate([TaskState.OPEN, TaskState.DONE, TaskState.OPEN]):
        pair.now = NOW + timedelta(days=day)
        pair.work_out()
        with db.begin() as session:
            finn = snapshot.load_snapshot(session, pair.consortium.id, pair.now).by_id[pair.ids["Finn"]]
            carried.append(finn.basis.carried)
            task = session.merge(pair.taken[0])
            task.hours, task.state = 3.5, state
            rooms.agree_to_task(session, finn.id, task)
    assert carried == [7, 9.5, 6]
