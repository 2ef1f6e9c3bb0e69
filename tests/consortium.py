"""A consortium written directly to the database, for tests without Slack."""

from datetime import UTC, date, datetime

from storage import agencies, consortia, load
from storage.members import Member
from storage.tasks import Task

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
"""A Monday, 9:00 in Denver."""

TODAY = date(2026, 11, 30)


def found_consortium(session, people, team="T1"):
    """Found a consortium with people given as (name, agency, hours a month) and agencies of weight 1."""
    consortium = consortia.create(session, team, "Northern Valleys", "America/Denver", NOW)
    places = {}
    for name, agency, hours in people:
        if agency and agency not in places:
            places[agency] = agencies.add(session, consortium.id, agency, NOW)
        session.add(
            Member(
                consortium_id=consortium.id,
                team_id=team,
                user_id=name,
                name=name,
                zone="UTC",
                agency_id=places[agency].id if agency else None,
                joined_at=NOW,
                hours_a_month=hours,
                may_be_asked=True,
            )
        )
    session.flush()
    return consortium, places


def add_task(session, consortium, people, owner, hours, due_on=None, **more):
    number = consortia.next_number(session, consortium.id)
    row = Task(
        consortium_id=consortium.id,
        number=number,
        team_id="T1",
        title=f"Task {number}",
        source="",
        created_by=next(iter(people.values())),
        owner_id=people[owner] if owner else None,
        hours=hours,
        due_on=due_on,
        created_at=NOW,
        **more,
    )
    session.add(row)
    return row


def member_ids(session, consortium):
    return {person.name: person.id for person in load.list_members(session, consortium.id)}
