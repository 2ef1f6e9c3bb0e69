"""Roles and contributions without Slack: terms that end while the bot is down, and borders between consortia."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.roles import assignments, jobs
from handlers.roles.terms import ends_at
from storage import contributions, funding, members, roles
from storage.contributions import Contribution, Gain
from storage.funding import Dues, Payment
from storage.notices import Notice
from storage.vocabulary import ConsortiumId, ContributionKind, NoticeState
from tests.storage.people import founded
from tests.town import START

ZONE = "America/Denver"
UNTIL = date(2027, 1, 10)


@pytest.fixture
def caller(db):
    with db.begin() as session:
        return founded(session, ZONE, START)


def assign_chair(db, caller, until):
    with db.begin() as session:
        holder = members.find(session, caller.consortium.id, "T1", "U1")
        return assignments.give_role(session, caller, "Chair", holder, 4, until, START).id


def term_notices(db):
    """List the notices about terms as (what, member, state), leaving out those about the assignment."""
    with db.read() as session:
        notices = session.scalars(select(Notice).where(~Notice.key.contains("/given/")).order_by(Notice.id))
        return [(n.key.split("/", 2)[2].rpartition("/")[0], n.member_id, n.state) for n in notices]


def test_a_term_that_ends_while_the_bot_is_down_is_announced_once_and_only_as_ended(db, caller):
    assign_chair(db, caller, UNTIL)
    later = START + timedelta(days=90)
    for _ in range(2):
        jobs.sweep(db, later)
    assert [what for what, _, _ in term_notices(db)] == ["over", "over"], "to the holder and the facilitator"
    with db.read() as session:
        role = roles.find_latest(session, caller.consortium.id, "chair")
        assert role.ended_at == ends_at(caller.consortium, UNTIL), "the end of the term, not of the downtime"
        assert jobs.next_due(session) is None


def test_the_end_of_a_term_is_announced_once_on_its_day_and_again_after_the_term_was_changed_back(db, caller):
    role_id = assign_chair(db, caller, date(2027, 3, 31))
    with db.read() as session:
        announced = jobs.next_due(session)
    assert announced.isoformat() == "2027-03-01T07:00:00+00:00"
    jobs.sweep(db, announced - timedelta(seconds=1))
    assert term_notices(db) == []
    for minutes in range(3):
        jobs.sweep(db, announced + timedelta(minutes=minutes))
    assert [what for what, _, _ in term_notices(db)] == ["ends/2027-03-31"] * 2
    with db.begin() as session:
        role = assignments.lock_by_id(session, caller, role_id, announced)
        assignments.change_role(session, caller, role, 4, date(2027, 12, 31), announced)
    assert term_notices(db) == [], "a notice of the old term that was not sent is deleted"
    with db.begin() as session:
        role = assignments.lock_by_id(session, caller, role_id, announced)
        assignments.change_role(session, caller, role, 4, date(2027, 3, 31), announced)
    jobs.sweep(db, announced)
    assert [state for _, _, state in term_notices(db)] == [NoticeState.WAITING] * 2, (
        "and written again after the change back"
    )


def test_last_turns_count_from_the_start_of_an_agency_s_last_term(db, caller):
    with db.begin() as session:
        people = [members.find(session, caller.consortium.id, "T1", f"U{n}") for n in range(3)]
        first = assignments.give_role(session, caller, "Chair", people[0], 4, None, START)
        second = assignments.pass_role(session, caller, first.id, people[1], None, None, START + timedelta(days=300))
        assignments.pass_role(session, caller, second.id, people[0], None, None, START + timedelta(days=600))
        turns = roles.last_terms_by_agency(session, caller.consortium.id, " CHAIR")
        assert turns == {
            people[0].agency_id: START + timedelta(days=600),
            people[1].agency_id: START + timedelta(days=300),
        }
        assert [role.title for role in roles.list_current(session, caller.consortium.id)] == ["Chair"]


def test_rows_of_another_consortium_are_not_found_by_id(db, caller):
    role_id = assign_chair(db, caller, None)
    with db.begin() as session:
        common = {
            "consortium_id": caller.consortium.id,
            "agency_id": caller.agency.id,
            "created_by": caller.person.id,
            "created_at": START,
        }
        given = Contribution(**common, kind=ContributionKind.HOURS, hours=3, words="x", given_on=START.date())
        gain, dues = Gain(**common, words="x"), Dues(**common, term="2026", cents=100)
        session.add_all([given, gain, dues])
        session.flush()
        payment = Payment(dues_id=dues.id, cents=5, paid_on=START.date(), created_by=caller.person.id, created_at=START)
        session.add(payment)
        session.flush()
        other = ConsortiumId(caller.consortium.id + 1)
        for consortium, is_own in ((caller.consortium.id, True), (other, False)):
            rows = (
                roles.get(session, consortium, role_id),
                roles.lock(session, consortium, role_id),
                roles.find_by_title(session, consortium, "Chair"),
                roles.find_latest(session, consortium, "Chair"),
                contributions.lock_contribution(session, consortium, given.id),
                contributions.lock_gain(session, consortium, gain.id),
                funding.lock_payment(session, consortium, payment.id),
            )
            assert [row is not None for row in rows] == [is_own] * len(rows)
            assert contributions.count_contributions(session, consortium) == is_own
            assert contributions.count_gains(session, consortium) == is_own
        assert funding.paid_cents(session, [dues.id]) == {dues.id: 5}
        payment.taken_back_at = START
        session.flush()
        assert funding.paid_cents(session, [dues.id]) == {}
