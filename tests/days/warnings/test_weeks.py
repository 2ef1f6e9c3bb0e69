"""Warnings over weeks: opened, repeated, agreed to, ended, and nothing said twice; without Slack."""

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
from storage import load as balance
from storage import warnings
from storage.contributions import Gain, Given
from storage.funding import Source
from storage.members import Member
from storage.notices import Notice
from storage.outbox import Outbox
from storage.tasks import Task
from storage.vocabulary import GivenKind, NoticeState, TaskState, WarningKind
from storage.warnings import WorkWarning
from tests.consortium import NOW, by_name, founded, task

A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)
SEED = 7
PEOPLE = [("Ana", "Elm", 40), ("Ben", "Elm", 10), ("Cleo", "Birch", 20), ("Gus", "Oak", 20)]


class Story:
    """A consortium whose days pass, with Ana as facilitator."""

    def __init__(self, db, people=PEOPLE):
        self.db, self.now = db, NOW
        with db.begin() as session:
            self.consortium, places = founded(session, people)
            self.agencies = {name: place.id for name, place in places.items()}
            self.people = by_name(session, self.consortium)
            session.get_one(Member, self.people["Ana"]).facilitator = True
            for member in session.scalars(select(Member)):
                member.zone = "America/Denver"

    def has(self, owner, *hours):
        with self.db.begin() as session:
            made = [task(session, self.consortium, self.people, owner, one) for one in hours]
            balance.touch(session, self.consortium.id, self.now)
        return made

    def is_worth(self, made, hours):
        with self.db.begin() as session:
            session.get_one(Task, made.id).hours = hours
            balance.touch(session, self.consortium.id, self.now)

    def does(self, made):
        with self.db.begin() as session:
            session.get_one(Task, made.id).state = TaskState.DONE
            balance.touch(session, self.consortium.id, self.now)

    def adds(self, *rows):
        with self.db.begin() as session:
            session.add_all(rows)
            balance.touch(session, self.consortium.id, self.now)

    def hears(self, after=A_DAY * 0):
        """Let time pass from one due moment to the next; give who was told what in it."""
        end = self.now + after
        said = []
        while True:
            said += self._beat()
            with self.db.read() as session:
                due = [at for at in (jobs.next_due(session), sweep.next_due(session)) if at is not None]
            if self.now >= end:
                return said
            self.now = min([end, *(at for at in due if at > self.now)])

    def _beat(self):
        jobs.sweep(self.db, self.now)
        sweep.sweep(self.db, Registry(FEATURES).notice_renderers, self.now)
        with self.db.begin() as session:
            rows = list(session.scalars(select(Outbox).order_by(Outbox.id)))
            names = {session.get_one(Member, id_).user_id: name for name, id_ in self.people.items()}
            said = [(names[row.channel], json.dumps(row.body)) for row in rows]
            for row in rows:
                session.delete(row)
        return said

    def told(self, after=A_DAY * 0):
        """Give who was told anything but how the week begins."""
        return sorted(who for who, text in self.hears(after) if "week begins" not in text or "for you." in text)

    def lasting(self):
        with self.db.read() as session:
            return {(one.kind, one.subject): one for one in warnings.all_lasting(session, self.consortium.id)}


@pytest.fixture
def story(db):
    return Story(db)


def test_a_person_and_the_facilitators_hear_once_of_an_overload_and_once_of_its_end(story):
    first, _ = story.has("Ben", 8, 6)
    said = dict(story.hears())
    assert set(said) == {"Ana", "Ben"}
    assert "You hold about 14 hours" in said["Ben"] and "*Ben* holds about 14 h" in said["Ana"]
    assert "you had said 10" in said["Ben"] and "10" not in said["Ana"]
    assert story.told(A_WEEK * 3) == []
    story.does(first)
    over = dict(story.hears(A_DAY))
    assert "within your 10 again" in over["Ben"] and "*Ben* does not hold too much any more" in over["Ana"]
    assert story.told(A_WEEK) == []


def test_a_warning_comes_again_when_it_is_worse_by_a_fifth_or_after_four_weeks(story):
    (made,) = story.has("Ben", 15)
    assert story.told() == ["Ana", "Ben"]
    story.is_worth(made, 17.75)
    assert story.told(A_DAY) == []
    story.is_worth(made, 18)
    said = dict(story.hears(A_DAY))
    assert "You still hold about 18 hours" in said["Ben"]
    assert story.told(A_WEEK * 3) == []
    assert "Ben" in story.told(A_WEEK + A_DAY)


def test_a_value_that_goes_up_and_down_about_the_line_is_said_once_and_its_end_once(story):
    (made,) = story.has("Ben", 11)
    heard = story.told()
    for hours in (9, 11, 9, 11.5, 9, 11, 9):
        story.is_worth(made, hours)
        heard += story.told(A_DAY)
    assert sorted(heard) == ["Ana", "Ana", "Ben", "Ben"]
    story.is_worth(made, 12)
    assert story.told(A_DAY) == []
    assert (WarningKind.PERSON, f"member/{story.people['Ben']}") in story.lasting()
    assert story.told(A_WEEK * 3) == ["Ana", "Ben"]


def test_whatever_happens_day_by_day_nothing_is_said_twice(story):
    """Ninety days of loads about the line: what Ben hears makes sense in its order, and is never the same again."""
    chance = random.Random(SEED)
    (made,) = story.has("Ben", 9)
    last, told = None, {}
    for _ in range(90):
        story.is_worth(made, chance.choice([8, 9, 9.75, 10.25, 11, 11.5, 12, 14, 20]))
        for who, text in story.hears(A_DAY):
            if who != "Ben":
                continue
            begun = "within your" not in text
            if not begun:
                assert last == "begun", "an end is told to who has heard of the beginning"
            else:
                hours = float(re.search("hold about ([0-9.]+) hours", text)[1])
                recent = [load for at, load in told.items() if at > story.now - timedelta(weeks=4)]
                assert not recent or hours >= 1.2 * recent[-1] - 1e-9, (hours, told, story.now)
                assert ("still" in text) is (last == "begun")
                told[story.now] = hours
            last = "begun" if begun else "ended"
    assert 3 <= len(told) <= 12


def test_what_ends_before_anybody_has_read_of_it_is_not_mentioned(story):
    story.now += timedelta(hours=12)
    (made,) = story.has("Ben", 14)
    assert story.told() == []
    story.does(made)
    assert story.told(A_DAY * 2) == []
    story.now -= timedelta(hours=9)
    (again,) = story.has("Ben", 14)
    assert story.told() == ["Ana", "Ben"]
    story.does(again)
    assert story.told() == []
    story.has("Ben", 14)
    # the news of the end was still to come, so for its readers it has gone on
    assert story.told(A_DAY * 2) == []
    assert story.told(A_WEEK * 4) == ["Ana", "Ben"]


def test_somebody_who_is_away_keeps_nobody_else_from_hearing(story):
    with story.db.begin() as session:
        session.get_one(Member, story.people["Ana"]).away_until = story.now + A_WEEK * 2
    (made,) = story.has("Ben", 11)
    assert story.told() == ["Ben"]
    story.is_worth(made, 14)
    assert story.told(A_DAY) == ["Ben"]
    story.is_worth(made, 17)
    assert story.told(A_DAY) == ["Ben"]
    story.has("Cleo", *[0.25] * 4, 30)
    for _ in range(20):
        story.has("Gus", 0.25)
        story.hears()
    with story.db.read() as session:
        waiting = session.scalars(select(Notice.key).where(Notice.state == NoticeState.WAITING)).all()
    assert len(waiting) < 12, "and nothing piles up before the door"
    said = [text for who, text in story.hears(A_WEEK * 2) if who == "Ana" and "*Ben* holds" in text]
    assert len(said) == 1 and "about 17 h" in said[0]


def test_what_is_agreed_is_quiet_for_a_year(story):
    (made,) = story.has("Ben", 15)
    assert story.told() == ["Ana", "Ben"]
    with story.db.begin() as session:
        one = session.scalars(select(WorkWarning).where(WorkWarning.kind == WarningKind.PERSON)).one()
        one.quiet_until, one.agreed_by = story.now + timedelta(days=365), story.people["Ben"]
    story.is_worth(made, 30)
    assert story.told(A_WEEK * 9) == []
    story.now += timedelta(days=300)
    assert "Ben" in story.told(A_DAY * 3)
    again = story.lasting()[WarningKind.PERSON, f"member/{story.people['Ben']}"]
    assert again.agreed_by is None, "what was agreed has to be agreed anew"


def test_an_agency_above_its_share_and_work_that_hangs_on_one_go_to_facilitators_alone(story):
    story.has("Ben", 2, 2, 2, 2)
    story.has("Ana", 16)
    story.has("Cleo", 8)
    story.has("Gus", 8)
    said = story.hears()
    assert [who for who, _ in said] == ["Ana"]
    text = said[0][1]
    assert "*Elm* carries 24 of 40 h for the next 30 days, 1.8 times its fair share of 13.3 h" in text
    assert "Half of the open work hangs on *Elm*: 24 of 40 h (60 %)" in text
    assert "hangs on *Ana*" not in text
    assert "Cleo and Gus may be asked and have room" in text
    story.has("Cleo", 12)
    over = dict(story.hears(A_DAY))
    assert "*Elm* does not carry too much any more" in over["Ana"]
    assert "Half of the open work does not hang on *Elm* any more" in over["Ana"]


def test_giving_funding_and_gains_are_watched_for_facilitators(story):
    day = NOW.date()

    def gave(agency, kind, **more):
        own = {"consortium_id": story.consortium.id, "agency_id": story.agencies[agency], "created_at": NOW}
        return Given(kind=kind, words="x", given_on=day, created_by=story.people["Ana"], **own, **more)

    def source(name, cents):
        ana = story.people["Ana"]
        return Source(consortium_id=story.consortium.id, name=name, cents=cents, created_by=ana, created_at=NOW)

    story.adds(
        gave("Elm", GivenKind.HOURS, hours=30),
        gave("Elm", GivenKind.HOURS, hours=2),
        gave("Birch", GivenKind.HOURS, hours=8),
        gave("Oak", GivenKind.MONEY, cents=90_000),
        source("State grant", 1_200_000),
        source("Lottery", 900_000),
    )
    said = story.hears()
    assert [who for who, _ in said] == ["Ana"]
    assert (
        "*Elm* gives far beyond its share: in the last twelve months 32 h of 40 h, where 13.3 h would be" in said[0][1]
    )
    assert "*State grant* gives $12,000 of $21,000 a year (57 %)" in said[0][1]
    assert "Oak" not in said[0][1] and "gain" not in said[0][1]
    story.adds(source("Dues", 300_000))
    assert "does so no more" in dict(story.hears(A_DAY))["Ana"]
    story.now += timedelta(days=365)
    late = dict(story.hears(A_DAY))["Ana"]
    assert "No gain has been recorded for a year for Birch, Elm and Oak" in late
    gained = {"consortium_id": story.consortium.id, "words": "x", "created_by": story.people["Ana"]}
    story.adds(*(Gain(agency_id=one, created_at=story.now, **gained) for one in story.agencies.values()))
    assert "For every agency a gain was recorded within a year" in dict(story.hears(A_DAY))["Ana"]


def test_a_facilitator_who_holds_too_much_hears_of_it_as_a_person_only(story):
    story.has("Ana", 45)
    said = story.hears()
    assert [who for who, _ in said] == ["Ana"]
    assert "You hold about 45 hours" in said[0][1] and "*Ana* holds" not in said[0][1]


def test_who_facilitates_no_more_hears_nothing_of_others(story):
    story.now += timedelta(hours=12)
    story.has("Ben", 14)
    assert story.told() == []
    with story.db.begin() as session:
        session.get_one(Member, story.people["Ana"]).facilitator = False
        session.get_one(Member, story.people["Gus"]).facilitator = True
    assert story.told(A_DAY) == ["Ben"]


def test_facilitators_have_the_week_in_a_few_lines_on_monday_morning_if_there_is_anything_to_say(story):
    story.now += A_DAY
    assert story.hears(A_WEEK) == []
    story.has(None, 5)
    said = story.hears(A_WEEK)
    assert [who for who, _ in said] == ["Ana"]
    assert "The week begins" in said[0][1] and "1 is nobody's (about 5 h)" in said[0][1]
    assert "Ana, Ben, Cleo and Gus may be asked and have room" in said[0][1]


def test_what_agencies_carry_is_noted_week_by_week(story):
    (made,) = story.has("Ben", 4)
    story.hears(A_WEEK)
    story.is_worth(made, 6)
    story.hears(A_WEEK)
    with story.db.read() as session:
        weeks = balance.weeks(session, story.consortium.id, NOW.date())
    elm = [(week, hours) for week, agency, hours in weeks if agency == story.agencies["Elm"]]
    assert [hours for _, hours in elm] == [4, 6, 6]
