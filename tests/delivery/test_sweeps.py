"""Scheduled work is done row by row: one row that fails does not hold up the others."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from handlers.kit.callers import identify
from handlers.kit.directory import Person
from handlers.members import seats
from handlers.polls import creation, jobs, voting
from storage import agencies, consortia, polls, seals
from storage.seals import Envelope
from storage.vocabulary import PollState, Seat
from tests.consortium import NOW

LATER = NOW + timedelta(days=1)
TEAM = "T0NORTH"


@pytest.fixture
def ring():
    return seals.KeyRing([Fernet.generate_key().decode()])


@pytest.fixture
def numbers(db, ring):
    """Return the numbers of three sealed polls that close at the same time, each with one ballot."""
    with db.begin() as session:
        consortium = consortia.create(session, TEAM, "Northern Valleys", "UTC", NOW)
        agency = agencies.add(session, consortium.id, "Elm Schools", NOW)
        person = Person(TEAM, "U0", "Ana Reyes", None, "UTC", bot=False, deleted=False)
        seats.assign(session, consortium, person, agency, Seat.REPRESENTATIVE, NOW)
        ana = identify(session, TEAM, TEAM, "U0", "member")
        numbers = []
        for number in range(3):
            draft = creation.PollDraft(f"Which, {number}?", "C1", ("A", "B"), LATER, anonymous=True)
            poll = creation.create_poll(session, ana, ring, draft, NOW)
            voting.cast_ballot(session, ana, ring, voting.lock_poll(session, ana, poll.number), {1: 1}, NOW)
            numbers.append(poll.number)
        return numbers


@pytest.mark.parametrize("broken", range(3))
def test_a_poll_that_cannot_be_closed_does_not_keep_the_others_open(db, ring, numbers, broken):
    with db.begin() as session:
        envelopes = session.scalars(select(Envelope).order_by(Envelope.seal_id)).all()
        envelopes[broken].sealed = b"not sealed by anyone".ljust(100)
    jobs.sweep(db, ring, LATER)
    with db.read() as session:
        states = [polls.get(session, 1, number).state for number in numbers]
    assert [state is PollState.OPEN for state in states] == [place == broken for place in range(3)]


def test_without_the_key_a_poll_waits_and_nothing_is_deleted(db, numbers, ring):
    jobs.sweep(db, seals.KeyRing([Fernet.generate_key().decode()]), LATER)
    with db.read() as session:
        assert len(session.scalars(select(Envelope)).all()) == 3
        assert jobs.next_due(session) > LATER
    jobs.sweep(db, ring, LATER + timedelta(hours=1))
    with db.read() as session:
        assert {polls.get(session, 1, number).state for number in numbers} == {PollState.CLOSED}
