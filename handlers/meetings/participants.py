"""Whom a meeting concerns: who chairs it, takes its minutes, brings items, and speaks for agencies there."""

from datetime import datetime

from sqlalchemy.orm import Session

from storage import agendas, meetings, members
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import MemberId


def is_away(member: Member, at: datetime) -> bool:
    """Tell whether a person is away at a moment."""
    return member.away_until is not None and member.away_until > at


def chair(session: Session, series: Series) -> Member | None:
    """Give who chairs; where they have left Slack, a facilitator stands in, or who planned it in a private channel."""
    found = session.get_one(Member, series.chair_id)
    if found.left_at is None:
        return found
    return next(iter(chiefs(session, series)), None)


def insiders(session: Session, series: Series) -> list[Member]:
    """List who is known to be in the channel of a series: who chairs it, and who planned it."""
    found = members.named(session, [series.chair_id, series.author_id])
    return [one for id_ in dict.fromkeys([series.chair_id, series.author_id]) if (one := found[id_]).left_at is None]


def chiefs(session: Session, series: Series) -> list[Member]:
    """List who sees to it that a series goes on: the facilitators, in a private channel who is known to be in it."""
    return insiders(session, series) if series.private else list(members.facilitators(session, series.consortium_id))


def speakers(session: Session, series: Series, at: datetime) -> list[Member]:
    """List who speaks for each agency at a moment: the alternate where the representative is away.

    Of a private channel nobody is told who has no task there: not everybody may know of it.
    """
    if series.private:
        return []
    made: list[Member] = []
    for first, second in members.speakers(session, members.peopled_agencies(session, series.consortium_id)).values():
        present = next((one for one in (first, second) if one is not None and not is_away(one, at)), None)
        made += [present] if present else []
    return made


def concerned(session: Session, meeting: Meeting, at: datetime) -> dict[MemberId, Member]:
    """Map the ids of all whom a meeting concerns to the people; each stands there once."""
    series = meetings.series_of(session, meeting)
    found = [chair(session, series), *speakers(session, series, at)]
    ids = {item.member_id for item in agendas.of_meeting(session, meeting.id)}
    ids |= {meeting.notes_id} if meeting.notes_id is not None else set()
    found += members.named(session, ids).values()
    return {member.id: member for member in found if member is not None and member.left_at is None}


def may_change(series: Series, member: Member) -> bool:
    """Tell whether somebody may move or cancel: who made it, who chairs it, and facilitators."""
    return member.facilitator or member.id in {series.author_id, series.chair_id}
