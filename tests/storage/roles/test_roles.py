"""Roles and giving without Slack: what was missed while the bot was away, and what belongs to another consortium."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.roles import assignments, jobs
from handlers.roles.terms import ends_at
from storage import contributions, funding, members, roles
from storage.contributions import Gain, Given
from storage.funding import Dues, Payment
from storage.notices import Notice
from storage.vocabulary import ConsortiumId, GivenKind, NoticeState
from tests.storage.people import founded
from tests.town import START

ZONE = "America/Denver"
UNTIL = date(2027, 1, 10)


@pytest.fixture
def caller(db):
    with db.begin() as session:
        return founded(session, ZONE, START)


def give(db, caller, until):
    with db.begin() as session:
        to = members.find(session, caller.consortium.id, "T1", "U1")
        return assignments.add(session, caller, "Chair", to, 4, until, START).id


def noted(db):
    """List what is told of terms; that the role was given is told too."""
    with db.read() as session:
        found = session.scalars(select(Notice).where(~Notice.key.contains("/given/")).order_by(Notice.id))
        return [(n.key.split("/", 2)[2].rpartition("/")[0], n.member_id, n.state) for n in found]


def test_a_term_that_was_over_while_the_bot_was_away_is_told_as_over_only_and_once(db, caller):
    give(db, caller, UNTIL)
    later = START + timedelta(days=90)
    for _ in range(2):
        jobs.sweep(db, later)
    assert [what for what, _, _ in noted(db)] == ["over", "over"], "who held it and the facilitator"
    with db.read() as session:
        role = roles.latest(session, caller.consortium.id, "chair")
        assert role.ended_at == ends_at(caller.consortium, UNTIL), "when it was over, not when it was noticed"
        assert jobs.next_due(session) is None


def test_what_is_announced_waits_for_its_day_and_comes_once_however_often_time_is_looked_at(db, caller):
    role_id = give(db, caller, date(2027, 3, 31))
    with db.read() as session:
        announced = jobs.next_due(session)
    assert announced.isoformat() == "2027-03-01T07:00:00+00:00"
    jobs.sweep(db, announced - timedelta(seconds=1))
    assert noted(db) == []
    for minutes in range(3):
        jobs.sweep(db, announced + timedelta(minutes=minutes))
    assert [what for what, _, _ in noted(db)] == ["ends/2027-03-31"] * 2
    with db.begin() as session:
        role = assignments.by_id(session, caller, role_id, announced)
        assignments.change(session, caller, role, 4, date(2027, 12, 31), announced)
    assert noted(db) == [], "what was not said yet is forgotten with the old term"
    with db.begin() as session:
        role = assignments.by_id(session, caller, role_id, announced)
        assignments.change(session, caller, role, 4, date(2027, 3, 31), announced)
    jobs.sweep(db, announced)
    assert [state for _, _, state in noted(db)] == [NoticeState.WAITING] * 2, "and comes again where it turns back"


def test_whose_turn_it_is_counts_from_when_an_agency_took_the_role_last(db, caller):
    with db.begin() as session:
        people = [members.find(session, caller.consortium.id, "T1", f"U{n}") for n in range(3)]
        first = assignments.add(session, caller, "Chair", people[0], 4, None, START)
        second = assignments.pass_on(session, caller, first.id, people[1], None, None, START + timedelta(days=300))
        assignments.pass_on(session, caller, second.id, people[0], None, None, START + timedelta(days=600))
        turns = roles.last_turns(session, caller.consortium.id, " CHAIR")
        assert turns == {
            people[0].agency_id: START + timedelta(days=600),
            people[1].agency_id: START + timedelta(days=300),
        }
        assert [role.title for role in roles.held(session, caller.consortium.id)] == ["Chair"]


def test_nothing_of_another_consortium_is_found_by_its_number(db, caller):
    role_id = give(db, caller, None)
    with db.begin() as session:
        own = {"consortium_id": caller.consortium.id, "created_by": caller.person.id, "created_at": START}
        mine = {**own, "agency_id": caller.agency.id}
        given = Given(**mine, kind=GivenKind.HOURS, hours=3, words="x", given_on=START.date())
        gain, dues = Gain(**mine, words="x"), Dues(**mine, term="2026", cents=100)
        session.add_all([given, gain, dues])
        session.flush()
        payment = Payment(dues_id=dues.id, cents=5, paid_on=START.date(), created_by=caller.person.id, created_at=START)
        session.add(payment)
        session.flush()
        other = ConsortiumId(caller.consortium.id + 1)
        for consortium, there in ((caller.consortium.id, True), (other, False)):
            found = (
                roles.get(session, consortium, role_id),
                roles.lock(session, consortium, role_id),
                roles.titled(session, consortium, "Chair"),
                roles.latest(session, consortium, "Chair"),
                contributions.lock_given(session, consortium, given.id),
                contributions.lock_gain(session, consortium, gain.id),
                funding.lock_payment(session, consortium, payment.id),
            )
            assert [one is not None for one in found] == [there] * len(found)
            assert (
                contributions.given_count(session, consortium) == contributions.gain_count(session, consortium) == there
            )
        assert funding.paid(session, [dues.id]) == {dues.id: 5}
        payment.taken_back_at = START
        session.flush()
        assert funding.paid(session, [dues.id]) == {}
