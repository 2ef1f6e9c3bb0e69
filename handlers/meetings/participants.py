"""The people of a meeting: its chair, its note-taker, those who bring items, and the representatives of agencies."""

from datetime import datetime

from sqlalchemy.orm import Session

from storage import agendas, meetings, members
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import MemberId


def acting_chair(session: Session, series: Series) -> Member | None:
    """Return the chair of a series or, if the chair has left, the first of its organizers who is not away."""
    chair = session.get_one(Member, series.chair_id)
    if chair.left_at is None:
        return chair
    return min(organizers(session, series), key=lambda member: member.away_until is not None, default=None)


def organizers(session: Session, series: Series) -> list[Member]:
    """List the people who keep a series going: facilitators or, in a private channel, its chair.

    Nobody else has a part in every meeting of a private channel: the person who planned it may have left the channel.
    """
    if not series.private:
        return list(members.facilitators(session, series.consortium_id))
    chair = session.get_one(Member, series.chair_id)
    return [chair] if chair.left_at is None else []


def present_representatives(session: Session, series: Series, at: datetime) -> list[Member]:
    """List the person who speaks for each agency at `at`: the alternate where the representative is away.

    Empty for a private channel: people who have no part in its meetings may not know of it.
    """
    if series.private:
        return []
    pairs = members.representatives(session, members.agencies_with_members(session, series.consortium_id)).values()
    present = (
        next((person for person in pair if person is not None and not is_away(person, at)), None) for pair in pairs
    )
    return [person for person in present if person is not None]


def people_to_notify(session: Session, meeting: Meeting, at: datetime) -> dict[MemberId, Member]:
    """Map the ids of all people whom a meeting concerns to the people, each once."""
    series = meetings.series_of(session, meeting)
    people = [acting_chair(session, series), *present_representatives(session, series, at)]
    ids = {item.member_id for item in agendas.items_of_meeting(session, meeting.id)}
    ids |= {meeting.notes_id} if meeting.notes_id is not None else set()
    people += members.by_ids(session, ids).values()
    return {person.id: person for person in people if person is not None and person.left_at is None}


def is_away(member: Member, at: datetime) -> bool:
    """Return whether a person is away at `at`."""
    return member.away_until is not None and member.away_until > at


def may_change(series: Series, member: Member) -> bool:
    """Return whether a person may change a series: the person who planned it, its chair, and facilitators."""
    return member.facilitator or member.id in {series.author_id, series.chair_id}
