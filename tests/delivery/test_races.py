"""Many people at the same time: everyone whose vote was acknowledged is counted."""

import threading
from contextlib import suppress
from datetime import time, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from handlers.kit.block_kit import MessagePart, section
from handlers.kit.callers import identify
from handlers.kit.directory import Person
from handlers.kit.notices import sweep
from handlers.kit.refusals import Refusal
from handlers.meetings import creation
from handlers.meetings.minutes import corrections, writing
from handlers.members import seats
from handlers.polls import creation as making
from handlers.polls import voting
from handlers.proposals import creation as proposing
from handlers.proposals import lifecycle
from handlers.proposals import positions as saying
from handlers.pulse import rounds, schedule
from storage import agencies, consortia, meetings, members, minutes, notices, polls, positions, proposals, seals
from storage import voting as papers
from storage.membership_requests import MembershipRequest
from storage.notices import NewNotice
from storage.outbox import OutboxMessage
from storage.vocabulary import NoticeKind, PulseInterval, Rule, Seat, Stance
from tests.consortium import NOW

TEAM = "T0NORTH"
WRITERS = 16


@pytest.fixture
def crowd(db):
    """Return a database with sixteen agencies, each with a representative."""
    with db.begin() as session:
        consortium = consortia.create(session, TEAM, "Northern Valleys", "UTC", NOW)
        for number in range(WRITERS):
            agency = agencies.add(session, consortium.id, f"Agency {number}", NOW)
            person = Person(TEAM, f"U{number}", f"Person {number}", None, "UTC", bot=False, deleted=False)
            seats.assign(session, consortium, person, agency, Seat.REPRESENTATIVE, NOW)
    return db


def caller(session, number):
    return identify(session, TEAM, TEAM, f"U{number}", "member")


def make_facilitators(db, numbers):
    with db.begin() as session:
        for number in numbers:
            caller(session, number).person.facilitator = True


def at_once(count, work):
    """Run `work(number)` in `count` threads that start together."""
    gate = threading.Barrier(count)
    problems = []

    def run(number):
        gate.wait()
        try:
            work(number)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems, problems


@pytest.mark.parametrize("again", range(3))
def test_closing_against_sixteen_voters_loses_no_acknowledged_vote(crowd, again):
    with crowd.begin() as session:
        draft = proposing.ProposalDraft("Adopt", "C1", rule=Rule.HEADS, closes_at=NOW + timedelta(days=1))
        boss = caller(session, 0)
        boss.person.facilitator = True
        boss.consortium.heads_allowed = True
        session.flush()
        number = proposing.create_proposal(session, boss, draft, NOW).number
    noted = set()

    def work(who):
        if who == WRITERS:
            with crowd.begin() as session:
                lifecycle.close_proposal(
                    session, proposals.lock_by_number(session, consortium_of(session), number), NOW
                )
            return
        try:
            with crowd.begin() as session:
                voter, paper = papers.lock_for_position(session, TEAM, TEAM, f"U{who}", number)
                saying.record_position(session, voter, paper, Stance.YES, "", NOW)
            noted.add(who)
        except Refusal:
            pass

    at_once(WRITERS + 1, work)
    with crowd.read() as session:
        closed = proposals.get(session, consortium_of(session), number)
        assert closed.decided_at is not None
        assert f"{len(noted)} of {WRITERS} people heard" in closed.verdict
        assert len(positions.list_positions(session, closed.id)) == len(noted)


def consortium_of(session):
    return consortia.of_workspace(session, TEAM).id


def test_closing_an_anonymous_poll_against_sixteen_voters_loses_no_acknowledged_ballot(crowd):
    ring = seals.KeyRing([Fernet.generate_key().decode()])
    with crowd.begin() as session:
        draft = making.PollDraft("Which?", "C1", ("A", "B"), NOW + timedelta(days=1), anonymous=True, private=False)
        number = making.create_poll(session, caller(session, 0), ring, draft, NOW).number
    noted = set()

    def work(who):
        if who == WRITERS:
            with crowd.begin() as session:
                voting.close(session, ring, polls.lock_by_number(session, consortium_of(session), number), NOW)
            return
        try:
            with crowd.begin() as session:
                voter = caller(session, who)
                voting.cast_ballot(session, voter, ring, voting.lock_poll(session, voter, number), {1: 1}, NOW)
            noted.add(who)
        except Refusal:
            pass

    at_once(WRITERS + 1, work)
    with crowd.read() as session:
        poll = polls.get(session, consortium_of(session), number)
        assert poll.result["ballots"] == len(noted) == len(polls.list_ballots(session, poll.id))


def test_two_people_proposing_at_once_get_two_numbers(crowd):
    given = []

    def work(who):
        with crowd.begin() as session:
            draft = proposing.ProposalDraft(f"Proposal {who}", "C1", closes_at=NOW + timedelta(days=7))
            given.append(proposing.create_proposal(session, caller(session, who), draft, NOW).number)

    at_once(8, work)
    assert sorted(given) == list(range(1, 9))


def test_one_request_is_decided_by_one_person(crowd):
    from handlers.members import membership

    make_facilitators(crowd, (1, 2))
    with crowd.begin() as session:
        agency = agencies.active(session, consortium_of(session))[0]
        stranger = Person(TEAM, "U99", "Stranger", None, "UTC", bot=False, deleted=False)
        outsider = identify(session, TEAM, TEAM, "U99", "consortium")
        membership.request_to_join(session, outsider, stranger, agency, NOW)
        request_id = session.scalars(select(MembershipRequest.id)).one()
    said = []

    def work(who):
        try:
            with crowd.begin() as session:
                said.append(
                    membership.decide_request(session, caller(session, who + 1), request_id, NOW, confirms=True)
                )
        except Refusal as refusal:
            said.append(refusal.sentence)

    at_once(2, work)
    assert sorted("already" in sentence for sentence in said) == [False, True]
    with crowd.read() as session:
        assert members.find(session, consortium_of(session), TEAM, "U99").agency_id == agency.id


@pytest.mark.parametrize("planned", [True, False])
def test_when_several_people_open_a_round_of_the_pulse_one_succeeds(crowd, planned):
    ring = seals.KeyRing([Fernet.generate_key().decode()])
    make_facilitators(crowd, range(WRITERS))
    with crowd.begin() as session:
        if planned:
            plan = schedule.Plan(0, time(9), PulseInterval.WEEK, NOW.date() + timedelta(days=20), "C1")
            schedule.set_schedule(session, caller(session, 0), plan, NOW)
    opened, refused = [], []

    def work(who):
        try:
            with crowd.begin() as session:
                opened.append(rounds.open_now(session, caller(session, who), ring, "C1", NOW).number)
        except Refusal as refusal:
            refused.append(refusal.sentence)

    at_once(8, work)
    assert opened == [1]
    assert len(refused) == 7
    assert all("A round is open until" in sentence for sentence in refused)


def test_two_processes_that_both_believe_they_lead_send_each_notice_once(crowd):
    with crowd.begin() as session:
        for number in range(WRITERS):
            member = caller(session, number).person
            about = (NoticeKind.REVIEW, f"review/{member.id}", 1)
            notices.add(session, NewNotice(member.consortium_id, member.id, TEAM, *about, NOW))
    both = threading.Barrier(2)

    def render(_session, notices, _now):
        with suppress(threading.BrokenBarrierError):
            both.wait(1)
        return {notice.id: MessagePart("Look again.", [section("Look again.")]) for notice in notices}

    at_once(2, lambda _: sweep.send_due_notices(crowd, {NoticeKind.REVIEW: render}, NOW))
    with crowd.read() as session:
        told = [row.channel for row in session.scalars(select(OutboxMessage))]
    assert sorted(told) == sorted(f"U{number}" for number in range(WRITERS))


def test_a_correction_that_sixteen_people_decide_at_once_is_decided_once(crowd):
    make_facilitators(crowd, range(WRITERS))
    with crowd.begin() as session:
        author = caller(session, 0)
        series = creation.create_series(
            session, author, creation.SeriesDraft("Council", "C1", "2026-12-01T14:00:00", "UTC"), NOW
        )
        held = meetings.meetings_of_series(session, series.id)[0]
        later = held.ends_at
        writing.post_minutes(session, author, held.id, writing.MinutesDraft([("", "We met.")]), later)
        kept = minutes.of_meeting(session, held.id)
        corrections.propose_correction(session, caller(session, 1), kept.id, None, "We met for long.", later)
        number = minutes.list_corrections(session, kept.id)[0].id
    settled = []

    def work(who):
        with suppress(Refusal), crowd.begin() as session:
            settled.append(
                corrections.decide_correction(session, caller(session, who), number, 0, later, take=who % 2 == 0)
            )

    at_once(WRITERS, work)
    assert len(settled) == 1
