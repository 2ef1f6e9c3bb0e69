"""Members for tests that need no Slack."""

from handlers.kit.callers import Caller
from storage import agencies, consortia
from storage.members import Member
from storage.vocabulary import Seat


def founded(session, zone, now):
    """Create a consortium of three agencies with a representative each. Return the first, who facilitates."""
    consortium = consortia.create(session, "T1", "Northern Valleys", zone, now)
    people = []
    for number, name in enumerate(("Elm", "Birch", "Oak")):
        agency = agencies.add(session, consortium.id, name, now)
        member = Member(
            consortium_id=consortium.id,
            team_id="T1",
            user_id=f"U{number}",
            name=f"{name} Person",
            zone=zone,
            agency_id=agency.id,
            seat=Seat.REPRESENTATIVE,
            facilitator=number == 0,
            joined_at=now,
        )
        session.add(member)
        people.append((member, agency))
    session.flush()
    member, agency = people[0]
    return Caller("T1", "T1", "U0", consortium, member, agency)


def crowd(session, count, now):
    """Create a consortium with `count` members without an agency, and return them."""
    consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", now)
    people = [
        Member(
            consortium_id=consortium.id,
            team_id="T1",
            user_id=f"U{number}",
            name=f"Person {number}",
            zone="UTC",
            seat=Seat.MEMBER,
            joined_at=now,
        )
        for number in range(count)
    ]
    session.add_all(people)
    session.flush()
    return people
