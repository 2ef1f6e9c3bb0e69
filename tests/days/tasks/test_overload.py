"""Eight weeks of a badly overloaded consortium, without Slack: how many messages people get."""

import random
from collections import Counter
from datetime import time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from sqlalchemy import select

from handlers.features import FEATURES
from handlers.kit.callers import Caller
from handlers.kit.registry import Registry
from handlers.members import leaving
from handlers.pulse import schedule
from handlers.pulse.schedule import Plan
from handlers.tasks import changes, offers
from handlers.tasks.offers import TaskDraft
from storage import consortia
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.outbox import OutboxMessage
from storage.pulse import PulseInvitation
from storage.seals import KeyRing
from storage.tasks import Task
from storage.vocabulary import Departure, PulseInterval, Seat, TaskState
from tests.consortium import NOW, found_consortium
from tests.town import KEY

ZONE = ZoneInfo("America/Denver")
HOUR = timedelta(hours=1)
HOURS = (9, 11, 14, 16)
PER_WEEK = 5 * len(HOURS)
WEEKS = 8
MOST_A_WEEK = 3
SEED = 11
PEOPLE = [(f"{agency} {n}", agency, 10) for agency in ("Elm", "Birch", "Oak", "Pine") for n in range(3)]
RUN = {"warnings", "pulse", "notices"}


class OverloadedConsortium:
    """Twelve people who each add three tasks a week, answer some offers, and finish few tasks in time.

    Somebody leaves in the third week. The pulse asks every Monday, and they answer within hours.
    """

    def __init__(self, db):
        self.db, self.now, self.chance = db, NOW, random.Random(SEED)
        self.sweeps = [sweep for sweep in Registry(FEATURES).sweeps() if sweep.name in RUN]
        self.deps = SimpleNamespace(db=db, keys=KeyRing([KEY]))
        self.said = []
        with db.begin() as session:
            self.consortium = found_consortium(session, PEOPLE)[0].id
            for member in session.scalars(select(Member)):
                member.zone = "America/Denver"
                member.facilitator = member.name == "Elm 0"
                member.seat = Seat.REPRESENTATIVE if member.name.endswith("0") else Seat.MEMBER
            plan = Plan(0, time(9), PulseInterval.WEEK, NOW.date(), "C1")
            schedule.set_schedule(session, self.caller(session, self.living(session)[0]), plan, NOW)

    def caller(self, session, member):
        consortium = session.get_one(Consortium, self.consortium)
        return Caller("T1", "T1", member.user_id, consortium, member, session.get_one(Agency, member.agency_id))

    def living(self, session):
        return list(session.scalars(select(Member).where(Member.left_at.is_(None)).order_by(Member.id)))

    def pass_weeks(self, weeks):
        """Let time pass from one hour of work, or due time, to the next."""
        end = self.now + timedelta(weeks=weeks)
        hours = [self.now + n * HOUR for n in range(weeks * 7 * 24)]
        working = [at for at in hours if self.is_working(at.astimezone(ZONE))]
        left = self.now + timedelta(weeks=3)
        while self.now < end:
            if self.now in working:
                self.work()
            if self.now == left:
                self.somebody_leaves("Pine 2")
            self.tick()
            with self.db.read() as session:
                due = [at for sweep in self.sweeps if (at := sweep.due(session)) is not None]
            self.now = min(at for at in [*working, *due, left, end] if at > self.now)

    def is_working(self, there):
        return there.weekday() < 5 and there.hour in HOURS

    def tick(self):
        for sweep in self.sweeps:
            sweep.run(self.deps, self.now)
        with self.db.begin() as session:
            for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)):
                if row.channel in {name for name, _, _ in PEOPLE}:
                    self.said.append((row.channel, self.now.astimezone(ZONE).date()))
                session.delete(row)

    def work(self):
        """Let each person do what they may do at one of the hours of a day."""
        with self.db.begin() as session:
            # many people's acts in one transaction: the consortium, which each locks, comes first
            consortia.lock(session, self.consortium)
            people = self.living(session)
            for member in people:
                if self.chance.random() < 3 / PER_WEEK:
                    self.add_task(session, member, people)
                if self.chance.random() < 5 / PER_WEEK:
                    self.answer_one(session, member)
                if self.chance.random() < 2 / PER_WEEK:
                    self.settle_one(session, member)
            for invitation in session.scalars(select(PulseInvitation).where(~PulseInvitation.answered)):
                invitation.answered = True

    def add_task(self, session, member, people):
        others = [one for one in people if one.id != member.id]
        to = self.chance.choice(others) if self.chance.random() < 0.8 else None
        due_on = self.now.astimezone(ZONE).date() + timedelta(days=self.chance.randint(1, 21))
        offers.create_task(
            session, self.caller(session, member), TaskDraft("Do a part of it", to, due_on, hours=4.0), self.now
        )

    def answer_one(self, session, member):
        """Answer one offer; the rest stays unanswered."""
        offered = session.scalars(select(Task).where(Task.offered_to == member.id, Task.state == TaskState.OPEN)).all()
        if offered:
            answer = offers.take_task if self.chance.random() < 0.7 else offers.decline_task
            answer(session, self.caller(session, member), self.chance.choice(offered).number, self.now)

    def settle_one(self, session, member):
        owned = session.scalars(select(Task).where(Task.owner_id == member.id, Task.state == TaskState.OPEN)).all()
        if owned:
            number, caller = self.chance.choice(owned).number, self.caller(session, member)
            if self.chance.random() < 0.5:
                changes.settle_task(session, caller, number, TaskState.DONE, self.now)
            else:
                due_on = self.now.astimezone(ZONE).date() + timedelta(days=self.chance.randint(1, 10))
                changes.set_due(session, caller, number, due_on, self.now)

    def somebody_leaves(self, name):
        with self.db.begin() as session:
            member = session.scalars(select(Member).where(Member.name == name)).one()
            leaving.end_membership(session, "T1", member, Departure.OWN, self.now)


def test_nobody_gets_more_than_one_message_a_day_or_three_a_week_on_average(db):
    consortium = OverloadedConsortium(db)
    consortium.pass_weeks(WEEKS)
    with db.read() as session:
        late = [t for t in session.scalars(select(Task)) if t.state is TaskState.OPEN and t.due_on and t.owner_id]
    assert len(late) > 40, "they are badly overloaded"
    days = Counter(consortium.said)
    assert max(days.values()) == 1, days.most_common(3)
    assert all(day.weekday() < 5 for _, day in days)
    each = Counter(who for who, _ in consortium.said)
    average = len(consortium.said) / len(PEOPLE) / WEEKS
    assert 1 < average <= MOST_A_WEEK, (average, each)
