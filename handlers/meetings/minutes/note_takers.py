"""Who takes the minutes: the task goes round the agencies, and on to the next where somebody cannot."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.meetings import participants
from handlers.meetings.rules import step_times
from storage import agendas, audit, meetings, members, notices, occurrences
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.notices import Wanted
from storage.vocabulary import AgencyId, Manner, NoticeKind


def ensure(session: Session, series: Series, meeting: Meeting, now: datetime) -> None:
    """See to it that somebody takes the minutes, and tell them: not who has left Slack, nor who is away then."""
    present = session.get(Member, meeting.notes_id) if meeting.notes_id is not None else None
    if present is not None and present.left_at is None and not _misses(present, meeting, now):
        return
    if present is not None:
        excuse(meeting, present)
        if series.notes_id == present.id and present.left_at is not None:
            series.notes_id = None
    chosen = _choose(session, series, meeting, now, first=present.agency_id if present else None)
    _give(session, series, meeting, chosen, now)
    if present is not None and present.left_at is not None:
        _tell_chiefs(session, series, meeting, present, now)


def _misses(member: Member, meeting: Meeting, now: datetime) -> bool:
    """Tell whether a person is away when a meeting begins, or, once it is over, when its minutes are wanted."""
    return participants.is_away(member, max(now, meeting.starts_at))


def excuse(meeting: Meeting, member: Member) -> None:
    """Note that somebody cannot take the minutes of a meeting."""
    meeting.excused = [*dict.fromkeys([*meeting.excused, member.id])]


def pass_on(session: Session, meeting: Meeting, now: datetime) -> Member | None:
    """Pass the minutes of a locked meeting on from who has them to the next; give who has them then."""
    series = meetings.series_of(session, meeting)
    before = session.get_one(Member, meeting.notes_id)
    excuse(meeting, before)
    chosen = _choose(session, series, meeting, now, last=before.agency_id)
    _give(session, series, meeting, chosen, now)
    audit.note(session, series.consortium_id, before.id, "passed on the minutes", series.title, now)
    return chosen


def give_to(session: Session, meeting: Meeting, member: Member, now: datetime) -> None:
    """Let somebody take the minutes of a locked meeting."""
    _give(session, meetings.series_of(session, meeting), meeting, member, now)


def _give(session: Session, series: Series, meeting: Meeting, member: Member | None, now: datetime) -> None:
    notices.withdraw(session, series.consortium_id, NoticeKind.NOTES, meeting.id)
    notices.withdraw(session, series.consortium_id, NoticeKind.MINUTES, meeting.id)
    meeting.notes_id = member.id if member else None
    meeting.notes_agency_id = member.agency_id if member else None
    meeting.notes_since = now
    meeting.look_at = now
    if member is not None and meeting.ends_at > now:
        key = f"meeting/{meeting.id}/notes/{member.id}"
        about = (NoticeKind.NOTES, key, meeting.id)
        notices.put(session, Wanted(series.consortium_id, member.id, series.team_id, *about, now, meeting.ends_at))


def _choose(
    session: Session,
    series: Series,
    meeting: Meeting,
    now: datetime,
    *,
    first: AgencyId | None = None,
    last: AgencyId | None = None,
) -> Member | None:
    """Choose who takes the minutes: who is named for it, else the next in turn; the chair where nobody else can.

    Where somebody is away or gone, others of the agency come first; where somebody passes it on, they come last.
    """
    at = max(now, meeting.starts_at)
    named = session.get(Member, series.notes_id) if series.notes_id is not None else None
    if named is not None and _can(named, meeting, at):
        return named
    if series.private:
        return _within(session, series, meeting, at)
    agencies = step_times.turn(
        members.peopled_agencies(session, series.consortium_id), meetings.taken_by(session, series.id)
    )
    agencies.sort(key=lambda agency: (agency == last, agency != first))
    for agency in agencies:
        for member in _in_order(session, agency, series):
            if _can(member, meeting, at):
                return member
    chair = participants.chair(session, series)
    return chair if chair is not None and _can(chair, meeting, at) else None


def _within(session: Session, series: Series, meeting: Meeting, at: datetime) -> Member | None:
    """Choose among those who are known to be in a private channel: the chair, who planned it, who brings items."""
    ids = [series.chair_id, series.author_id, *(item.member_id for item in agendas.of_meeting(session, meeting.id))]
    found = members.named(session, ids)
    return next((found[one] for one in ids if _can(found[one], meeting, at)), None)


def _in_order(session: Session, agency: AgencyId, series: Series) -> Iterator[Member]:
    """Give an agency's people: the representative, the alternate, the others; who chairs has enough to do."""
    everyone = list(members.of_agency(session, agency))
    pair = [one for one in members.speakers(session, [agency])[agency] if one is not None]
    ordered = [*pair, *(one for one in everyone if one not in pair)]
    yield from sorted(ordered, key=lambda one: one.id == series.chair_id)


def _can(member: Member, meeting: Meeting, at: datetime) -> bool:
    return member.left_at is None and member.id not in meeting.excused and not participants.is_away(member, at)


def _tell_chiefs(session: Session, series: Series, meeting: Meeting, gone: Member, now: datetime) -> None:
    """Tell the facilitators, or those in a private channel, once, that somebody who has left took the minutes."""
    if not occurrences.claim(session, series.consortium_id, f"series/{series.id}/notes-left/{gone.id}", now):
        return
    for chief in participants.chiefs(session, series) or members.facilitators(session, series.consortium_id):
        key = f"series/{series.id}/notes-left/{gone.id}/{chief.id}"
        about = (NoticeKind.NOTES_LEFT, key, meeting.id)
        notices.put(
            session,
            Wanted(series.consortium_id, chief.id, series.team_id, *about, due_at=now, manner=Manner.HOUR),
        )
