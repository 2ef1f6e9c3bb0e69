"""Warnings over weeks, without Slack: opened, repeated, agreed to and ended, with nothing sent twice."""

import json
import random
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.features import FEATURES
from handlers.kit.notices import sweep
from handlers.kit.registry import Registry
from handlers.warnings import jobs
from storage import load, warnings
from storage.contributions import Contribution, Gain
from storage.funding import FundingSource
from storage.members import Member
from storage.notices import Notice
from storage.outbox import OutboxMessage
from storage.tasks import Task
from storage.vocabulary import ContributionKind, NoticeState, TaskState, WarningKind
from storage.warnings import WorkWarning
from tests.consortium import NOW, add_task, found_consortium, member_ids

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)
A_WHILE = timedelta(days=3)
"""By then a warning has come, even if a person has had another message: it lets a day pass."""

SEED = 7
PEOPLE = [("Ana", "Elm", 40), ("Ben", "Elm", 10), ("Cleo", "Birch", 20), ("Gus", "Oak", 20)]


class SimulatedConsortium:
    """A consortium with Ana as facilitator, in which time can pass."""

    def __init__(self, db, people=PEOPLE):
        self.db, self.now = db, NOW
        with db.begin() as session:
            self.consortium, places = found_consortium(session, people)
            self.agencies = {name: place.id for name, place in places.items()}
            self.people = member_ids(session, self.consortium)
            session.get_one(Member, self.people["Ana"]).facilitator = True
            for member in session.scalars(select(Member)):
                member.zone = "America/Denver"

    def add_tasks(self, owner, *hours):
        with self.db.begin() as session:
            made = [add_task(session, self.consortium, self.people, owner, one) for one in hours]
            load.schedule_check(session, self.consortium.id, self.now)
        return made

    def set_hours(self, made, hours):
        with self.db.begin() as session:
            session.get_one(Task, made.id).hours = hours
            load.schedule_check(session, self.consortium.id, self.now)

    def finish(self, made):
        with self.db.begin() as session:
            session.get_one(Task, made.id).state = TaskState.DONE
            load.schedule_check(session, self.consortium.id, self.now)

    def offer_room(self, *names):
        """Let these people, and nobody else, offer to take on more work."""
        with self.db.begin() as session:
            for name, id_ in self.people.items():
                session.get_one(Member, id_).may_be_asked = name in names

    def add_rows(self, *rows):
        with self.db.begin() as session:
            session.add_all(rows)
            load.schedule_check(session, self.consortium.id, self.now)

    def messages(self, after=AN_HOUR):
        """Let time pass from one due time to the next; return (person, message) for everything sent."""
        end = self.now + after
        said = []
        while True:
            said += self._run_sweeps()
            with self.db.read() as session:
                due = [at for at in (jobs.next_due(session), sweep.next_due(session)) if at is not None]
            if self.now >= end:
                return said
            self.now = min([end, *(at for at in due if at > self.now)])

    def _run_sweeps(self):
        jobs.sweep(self.db, self.now)
        sweep.send_due_notices(self.db, Registry(FEATURES).notice_renderers, self.now)
        with self.db.begin() as session:
            rows = list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
            names = {session.get_one(Member, id_).user_id: name for name, id_ in self.people.items()}
            said = [(names[row.channel], json.dumps(row.body)) for row in rows]
            for row in rows:
                session.delete(row)
        return said

    def recipients(self, after=AN_HOUR):
        """Return the people who were sent anything except the weekly summary."""
        return sorted(who for who, text in self.messages(after) if "The week ahead" not in text or "for you." in text)

    def active(self):
        with self.db.read() as session:
            return {(one.kind, one.subject): one for one in warnings.list_active(session, self.consortium.id)}


@pytest.fixture
def consortium(db):
    return SimulatedConsortium(db)


def test_a_person_and_the_facilitators_are_told_once_of_an_overload_and_once_of_its_end(consortium):
    first, _ = consortium.add_tasks("Ben", 8, 6)
    said = dict(consortium.messages())
    assert set(said) == {"Ana", "Ben"}
    assert "You have about 14 hours" in said["Ben"] and "*Ben* has about 14 h" in said["Ana"]
    assert "You had set aside 10" in said["Ben"] and "10" not in said["Ana"]
    assert consortium.recipients(A_WEEK * 3) == []
    consortium.finish(first)
    over = dict(consortium.messages(A_WHILE))
    assert "within your 10 a month again" in over["Ben"] and "*Ben* no longer has too much work" in over["Ana"]
    assert consortium.recipients(A_WEEK) == []


def test_a_warning_is_repeated_when_it_is_worse_by_a_fifth_or_after_four_weeks(consortium):
    (made,) = consortium.add_tasks("Ben", 15)
    assert consortium.recipients() == ["Ana", "Ben"]
    consortium.set_hours(made, 17.75)
    assert consortium.recipients(A_DAY) == []
    consortium.set_hours(made, 18)
    said = dict(consortium.messages(A_DAY))
    assert "You still have about 18 hours" in said["Ben"]
    assert consortium.recipients(A_WEEK * 3) == []
    assert "Ben" in consortium.recipients(A_WEEK + A_DAY)


def test_a_load_that_varies_around_the_limit_is_reported_once_and_its_end_once(consortium):
    (made,) = consortium.add_tasks("Ben", 11)
    heard = consortium.recipients()
    for hours in (9, 11, 9, 11.5, 9, 11, 9):
        consortium.set_hours(made, hours)
        heard += consortium.recipients(A_WHILE)
    assert sorted(heard) == ["Ana", "Ana", "Ben", "Ben"]
    consortium.set_hours(made, 12)
    assert consortium.recipients(A_WHILE) == []
    assert (WarningKind.PERSON, f"member/{consortium.people['Ben']}") in consortium.active()
    assert consortium.recipients(A_WEEK * 3) == ["Ana", "Ben"]


def test_over_ninety_random_days_nothing_is_sent_twice(consortium):
    """Loads vary around the limit; what Ben is sent is consistent in its order and never repeated."""
    chance = random.Random(SEED)
    (made,) = consortium.add_tasks("Ben", 9)
    last, told = None, {}
    for _ in range(90):
        consortium.set_hours(made, chance.choice([8, 9, 9.75, 10.25, 11, 11.5, 12, 14, 20]))
        for who, text in consortium.messages(A_DAY):
            if who != "Ben":
                continue
            begun = "within your" not in text
            if not begun:
                assert last == "begun", "an end is sent only after a start"
            else:
                hours = float(re.search("have about ([0-9.]+) hours", text)[1])
                recent = [load for at, load in told.items() if at > consortium.now - timedelta(weeks=4)]
                assert not recent or hours >= 1.2 * recent[-1] - 1e-9, (hours, told, consortium.now)
                assert ("still" in text) is (last == "begun")
                told[consortium.now] = hours
            last = "begun" if begun else "ended"
    assert 3 <= len(told) <= 12


def test_a_warning_that_ends_before_anybody_was_told_is_not_mentioned(consortium):
    consortium.now += timedelta(hours=12)
    (made,) = consortium.add_tasks("Ben", 14)
    assert consortium.recipients() == []
    consortium.finish(made)
    assert consortium.recipients(A_DAY * 2) == []
    consortium.now -= timedelta(hours=9)
    (again,) = consortium.add_tasks("Ben", 14)
    assert consortium.recipients() == ["Ana", "Ben"]
    consortium.finish(again)
    assert consortium.recipients() == []
    consortium.add_tasks("Ben", 14)
    # Nobody was told of the end yet, so for them the warning has continued.
    assert consortium.recipients(A_DAY * 2) == []
    assert consortium.recipients(A_WEEK * 4) == ["Ana", "Ben"]


def test_a_facilitator_who_is_away_delays_nobody_elses_warning(consortium):
    with consortium.db.begin() as session:
        session.get_one(Member, consortium.people["Ana"]).away_until = consortium.now + A_WEEK * 2
    (made,) = consortium.add_tasks("Ben", 11)
    assert consortium.recipients() == ["Ben"]
    consortium.set_hours(made, 14)
    assert consortium.recipients(A_WHILE) == ["Ben"]
    consortium.set_hours(made, 17)
    assert consortium.recipients(A_WHILE) == ["Ben"]
    consortium.add_tasks("Cleo", *[0.25] * 4, 30)
    for _ in range(20):
        consortium.add_tasks("Gus", 0.25)
        consortium.messages()
    with consortium.db.read() as session:
        waiting = session.scalars(select(Notice.key).where(Notice.state == NoticeState.WAITING)).all()
    assert len(waiting) < 12, "waiting notices do not pile up"
    said = [text for who, text in consortium.messages(A_WEEK * 2) if who == "Ana" and "*Ben* has about" in text]
    assert len(said) == 1 and "about 17 h" in said[0]


def test_a_warning_that_is_agreed_is_not_repeated_for_a_year(consortium):
    (made,) = consortium.add_tasks("Ben", 15)
    assert consortium.recipients() == ["Ana", "Ben"]
    with consortium.db.begin() as session:
        one = session.scalars(select(WorkWarning).where(WorkWarning.kind == WarningKind.PERSON)).one()
        one.quiet_until, one.agreed_by = consortium.now + timedelta(days=365), consortium.people["Ben"]
    consortium.set_hours(made, 30)
    assert consortium.recipients(A_WEEK * 9) == []
    consortium.now += timedelta(days=300)
    assert "Ben" in consortium.recipients(A_DAY * 3)
    again = consortium.active()[WarningKind.PERSON, f"member/{consortium.people['Ben']}"]
    assert again.agreed_by is None, "the agreement has expired"


def test_only_facilitators_are_warned_of_an_agency_above_its_share_and_of_dependence(consortium):
    consortium.add_tasks("Ben", 2, 2, 2, 2)
    consortium.add_tasks("Ana", 16)
    consortium.add_tasks("Cleo", 8)
    consortium.add_tasks("Gus", 8)
    said = consortium.messages()
    assert [who for who, _ in said] == ["Ana"]
    text = said[0][1]
    assert "*Elm* carries 24 of 40 h in the next 30 days, 1.8 times its fair share of 13.3 h" in text
    assert "Half of the open work or more depends on *Elm*: 24 of 40 h (60 %)" in text
    assert "depends on *Ana*" not in text
    assert "Cleo and Gus offered to take on more work and have room" in text
    consortium.add_tasks("Cleo", 12)
    over = dict(consortium.messages(A_WHILE))
    assert "*Elm* no longer carries too much" in over["Ana"]
    assert "Half of the open work no longer depends on *Elm*" in over["Ana"]


def test_facilitators_are_warned_about_contributions_funding_and_gains(consortium):
    day = NOW.date()

    def gave(agency, kind, **more):
        own = {"consortium_id": consortium.consortium.id, "agency_id": consortium.agencies[agency], "created_at": NOW}
        return Contribution(kind=kind, words="x", given_on=day, created_by=consortium.people["Ana"], **own, **more)

    def source(name, cents):
        ana = consortium.people["Ana"]
        return FundingSource(
            consortium_id=consortium.consortium.id, name=name, cents=cents, created_by=ana, created_at=NOW
        )

    consortium.add_rows(
        gave("Elm", ContributionKind.HOURS, hours=30),
        gave("Elm", ContributionKind.HOURS, hours=2),
        gave("Birch", ContributionKind.HOURS, hours=8),
        gave("Oak", ContributionKind.MONEY, cents=90_000),
        source("State grant", 1_200_000),
        source("Lottery", 900_000),
    )
    said = consortium.messages()
    assert [who for who, _ in said] == ["Ana"]
    assert (
        "*Elm* contributes far more than its share: in the last twelve months 32 h of 40 h, where 13.3 h would be"
        in said[0][1]
    )
    assert "*State grant* gives $12,000 of $21,000 a year (57 %)" in said[0][1]
    assert "Oak" not in said[0][1] and "gain" not in said[0][1]
    consortium.add_rows(source("Dues", 300_000))
    assert "no longer does" in dict(consortium.messages(A_WHILE))["Ana"]
    consortium.now += timedelta(days=365)
    late = dict(consortium.messages(A_WHILE))["Ana"]
    assert "No gain has been recorded for a year for Birch, Elm and Oak" in late
    gained = {"consortium_id": consortium.consortium.id, "words": "x", "created_by": consortium.people["Ana"]}
    consortium.add_rows(
        *(Gain(agency_id=one, created_at=consortium.now, **gained) for one in consortium.agencies.values())
    )
    assert "Every agency now has a gain recorded within the last year" in dict(consortium.messages(A_WHILE))["Ana"]


def test_a_facilitator_is_warned_of_their_own_load_only_as_a_person(consortium):
    consortium.add_tasks("Ana", 45)
    said = consortium.messages()
    assert [who for who, _ in said] == ["Ana"]
    assert "You have about 45 hours" in said[0][1] and "*Ana* has about" not in said[0][1]


def test_former_facilitators_are_not_told_about_others(consortium):
    consortium.now += timedelta(hours=12)
    consortium.add_tasks("Ben", 14)
    assert consortium.recipients() == []
    with consortium.db.begin() as session:
        session.get_one(Member, consortium.people["Ana"]).facilitator = False
        session.get_one(Member, consortium.people["Gus"]).facilitator = True
    assert consortium.recipients(A_DAY) == ["Ben"]


def test_facilitators_get_a_weekly_summary_on_monday_if_there_is_anything_to_report(consortium):
    consortium.now += A_DAY
    assert consortium.messages(A_WEEK) == []
    consortium.add_tasks(None, 5)
    said = consortium.messages(A_WEEK)
    assert [who for who, _ in said] == ["Ana"]
    assert "The week ahead" in said[0][1] and "1 without an owner (about 5 h)" in said[0][1]
    assert "Ana, Ben, Cleo and Gus offered to take on more work and have room" in said[0][1]


def test_the_load_of_agencies_is_recorded_every_week(consortium):
    (made,) = consortium.add_tasks("Ben", 4)
    consortium.messages(A_WEEK)
    consortium.set_hours(made, 6)
    consortium.messages(A_WEEK)
    with consortium.db.read() as session:
        weeks = load.list_weeks(session, consortium.consortium.id, NOW.date())
    assert [week[consortium.agencies["Elm"]] for week in weeks.values()] == [(4, 2), (6, 2), (6, 2)]


# settled, agreed, small ---------------------------------------------------------------------------------


def test_a_warning_waits_until_nothing_has_changed_for_an_hour(consortium):
    (made,) = consortium.add_tasks("Ben", 40)
    consortium.now += timedelta(minutes=50)
    consortium.set_hours(made, 14)
    assert consortium.recipients(timedelta(minutes=59)) == []
    said = dict(consortium.messages(timedelta(minutes=1)))
    assert "You have about 14 hours" in said["Ben"]


def test_a_mistake_that_is_corrected_within_the_hour_warns_nobody(consortium):
    (made,) = consortium.add_tasks("Ben", 40)
    consortium.now += timedelta(minutes=50)
    consortium.set_hours(made, 4)
    assert consortium.recipients(A_WEEK) == []


def test_what_is_agreed_stays_out_of_the_weekly_summary(consortium):
    consortium.add_tasks("Ben", 15)
    assert consortium.recipients() == ["Ana", "Ben"]
    consortium.add_tasks(None, 5)
    assert "Too much work: Ben" in _summary(consortium)
    with consortium.db.begin() as session:
        one = session.scalars(select(WorkWarning).where(WorkWarning.kind == WarningKind.PERSON)).one()
        one.quiet_until, one.agreed_by = consortium.now + timedelta(days=365), consortium.people["Ben"]
    again = _summary(consortium)
    assert "1 without an owner" in again and "Ben (" not in again and "Too much" not in again


def test_an_agency_whose_load_is_agreed_stays_out_of_the_weekly_summary(consortium):
    consortium.add_tasks("Ana", 32)
    consortium.add_tasks("Cleo", 8)
    consortium.add_tasks(None, 5)
    consortium.messages()
    assert "Elm (2.4 times its share)" in _summary(consortium)
    with consortium.db.begin() as session:
        one = session.scalars(select(WorkWarning).where(WorkWarning.kind == WarningKind.AGENCY)).one()
        one.quiet_until, one.agreed_by = consortium.now + timedelta(days=365), consortium.people["Ana"]
    assert "Elm (" not in _summary(consortium)


def _summary(consortium):
    """Let a week pass; return the weekly summary."""
    return next(text for _, text in consortium.messages(A_WEEK) if "The week ahead" in text)


def test_small_amounts_of_money_warn_nobody(consortium):
    ana = consortium.people["Ana"]
    own = {"consortium_id": consortium.consortium.id, "created_by": ana, "created_at": NOW}
    gift = {"kind": ContributionKind.MONEY, "words": "x", "given_on": NOW.date(), **own}
    consortium.add_rows(
        *(Contribution(agency_id=consortium.agencies["Elm"], cents=100, **gift) for _ in range(3)),
        FundingSource(name="Bake sale", cents=4_000, **own),
    )
    assert consortium.messages(A_DAY) == []
    consortium.add_rows(Contribution(agency_id=consortium.agencies["Elm"], cents=100_000, **gift))
    assert "*Elm* contributes far more than its share" in dict(consortium.messages(A_DAY))["Ana"]


# together -----------------------------------------------------------------------------------------------


def test_several_overloaded_people_are_not_sent_to_the_same_person(db):
    """Ben has a task of 4 h too many, Dov one of 8 h; Eva has room for at least 4 h, Gus for at least 8."""
    people = [("Ana", "Elm", 0), ("Ben", "Elm", 10), ("Dov", "Birch", 10), ("Eva", "Oak", 5), ("Gus", "Pine", 9)]
    consortium = SimulatedConsortium(db, people)
    consortium.offer_room("Eva", "Gus")
    consortium.add_tasks("Ben", 4, 10)
    consortium.add_tasks("Dov", 8, 10)
    said = dict(consortium.messages())
    assert "Ask Eva to take #1" in said["Ben"] and "Gus" not in said["Ben"]
    assert "Ask Gus to take #3" in said["Dov"] and "Eva" not in said["Dov"]
    assert "(4 h) to Eva" in said["Ana"] and "(8 h) to Gus" in said["Ana"]


def test_an_agency_above_its_share_is_told_what_it_could_hand_over(db):
    """Elm carries 40 of 48 h, of which 24 would be within its limit; nobody in it has too much work."""
    people = [("Ana", "Elm", 40), ("Ben", "Elm", 40), ("Cleo", "Birch", 40), ("Gus", "Oak", 40)]
    consortium = SimulatedConsortium(db, people)
    consortium.offer_room("Cleo", "Gus")
    consortium.add_tasks("Ana", 8, 8, 4)
    consortium.add_tasks("Ben", 8, 8, 4)
    consortium.add_tasks("Cleo", 8)
    text = dict(consortium.messages())["Ana"]
    assert "*Elm* carries 40 of 48 h" in text
    assert text.count("from Ana to") + text.count("from Ben to") == 2
    assert "to Cleo" in text and "to Gus" in text


def test_people_in_no_agency_are_counted(db):
    """Zoe holds 60 of 100 h, so no agency holds half of the work."""
    people = [("Ana", "Elm", 90), ("Ben", "Birch", 90), ("Gus", "Oak", 90), ("Zoe", None, 90)]
    consortium = SimulatedConsortium(db, people)
    consortium.add_tasks("Zoe", *[12] * 5)
    consortium.add_tasks("Ben", 20, 5)
    consortium.add_tasks("Gus", 15)
    text = dict(consortium.messages())["Ana"]
    assert "depends on *Zoe*: 60 of 100 h (60 %)" in text
    assert "depends on *Birch*" not in text
    assert "*Birch* carries 25 of the 40 h that agencies carry" in text
