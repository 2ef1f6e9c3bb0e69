"""Whoever searches for somebody's room, by changing what they can change, learns its class and nothing else."""

import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.load import rooms, rules, snapshot
from handlers.load.rules import RoomBasis
from handlers.warnings import suggestions
from storage.members import Member
from tests.consortium import NOW, add_task, found_consortium, member_ids

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


class SearchingBen:
    """Ben changes whatever he may, for days, and writes down whom he could ask for what."""

    def __init__(self, db, finns_hours, seed):
        self.db, self.now, self.chance, self.seen = db, NOW, random.Random(seed), []
        with db.begin() as session:
            self.consortium, _ = found_consortium(
                session, [("Ben", "Elm", 0), ("Finn", "Oak", finns_hours), ("Gus", "Oak", 3)], f"T{finns_hours}"
            )
            people = member_ids(session, self.consortium)
            self.ben, self.finn = people["Ben"], people["Finn"]
            session.get_one(Member, self.ben).may_be_asked = False
            # all of these were created by Ben; the first two are his, Finn has taken the next two
            self.tasks = [add_task(session, self.consortium, people, "Ben", hours) for hours in (2, 5)]
            self.taken = [add_task(session, self.consortium, people, "Finn", hours) for hours in (1, 0.5)]
            self.private = add_task(session, self.consortium, people, "Finn", 2)
            session.flush()
            self.private.created_by = self.finn

    def work_out(self):
        with self.db.begin() as session:
            consortium = session.merge(self.consortium)
            rooms.work_out_daily(session, consortium, self.now)

    def try_something(self):
        with self.db.begin() as session:
            ben = session.get_one(Member, self.ben)
            task = session.merge(self.chance.choice([*self.tasks, *self.taken]))
            step = self.chance.randrange(4)
            if step == 0:
                ben.hours_a_month = self.chance.choice([0, 0, 0, 2, 4])
            elif step == 1:
                task.hours = self.chance.randrange(1, 40) / 4
            elif step == 2:
                task.due_on = self.chance.choice([None, self.now.date() + timedelta(days=90)])
            elif task.owner_id == self.ben:
                task.offered_to = self.chance.choice([None, self.finn])

    def watch(self):
        with self.db.read() as session:
            seen = snapshot.load_snapshot(session, self.consortium.id, self.now)
            plan = suggestions.plan_handovers(session, self.consortium.id, seen).of(seen.by_id[self.ben])
            finn = seen.by_id[self.finn]
            asked = sorted((handover.task.number, handover.to.name) for handover in plan.handovers)
            self.seen.append((asked, plan.enough, suggestions.room_for(seen, finn, plan.person.agency_id)))

    def search(self, days=6, tries=8):
        for _ in range(days):
            self.work_out()
            for _ in range(tries):
                self.try_something()
                self.watch()
            self.now += timedelta(days=1)
        return self.seen


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        pytest.param(6, 9.75, True, id="at least four hours"),
        pytest.param(10, 34.25, True, id="at least eight hours"),
        pytest.param(2, 5.75, True, id="none"),
        pytest.param(5.75, 6, False, id="another class"),
    ],
)
def test_a_searching_colleague_cannot_tell_rooms_of_one_class_apart(db, one, other, alike):
    """Finn's own task takes 2 of his hours; those that Ben created do not count."""
    outcomes = [SearchingBen(db, hours, seed=11).search() for hours in (one, other)]
    assert (outcomes[0] == outcomes[1]) is alike
    assert any(room for _, _, room in outcomes[1]) is (other >= 6), "the search finds the class"
