"""Choosing note-takers: the agencies take turns, and the next one takes over where somebody cannot."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.meetings import participants
from handlers.meetings.rules import step_times
from storage import audit, closures, meetings, members, notices, occurrences
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.notices import NewNotice
from storage.vocabulary import AgencyId, NoticeKind, NoticeTiming


def ensure_note_taker(session: Session, series: Series, meeting: Meeting, now: datetime) -> None:
    """Choose a note-taker for a locked meeting, unless it has one who has not left Slack and is not away then."""
    current = session.get(Member, meeting.notes_id) if meeting.notes_id is not None else None
    if current is not None and current.left_at is None and not _misses(current, meeting, now):
        return
    if current is not None:
        _excuse(meeting, current)
        if series.notes_id == current.id and current.left_at is not None:
            series.notes_id = None
    chosen = _choose(session, series, meeting, now, first=current.agency_id if current else None)
    _assign(session, series, meeting, chosen, now)
    if current is not None and current.left_at is not None:
        _tell_organizers(session, series, meeting, current, now)
    elif chosen is None and series.private:
        _ask_to_name(session, series, meeting, now)


def pass_on(session: Session, meeting: Meeting, now: datetime) -> Member | None:
    """Pass the minutes of a locked meeting on. Return the new note-taker, or None where nobody is available.

    In a private channel, the chair is told then; a chair who passes them on reads it in the answer.
    """
    series = meetings.series_of(session, meeting)
    before = session.get_one(Member, meeting.notes_id)
    _excuse(meeting, before)
    chosen = _choose(session, series, meeting, now, last=before.agency_id)
    _assign(session, series, meeting, chosen, now)
    if chosen is None and series.private:
        _ask_to_name(session, series, meeting, now, knows=before)
    audit.record(session, series.consortium_id, before.id, "passed on the minutes", series.title, now)
    return chosen


def release(session: Session, meeting: Meeting, now: datetime) -> None:
    """Take the minutes of a locked meeting from the person who has them. Somebody else is chosen when due."""
    _assign(session, meetings.series_of(session, meeting), meeting, None, now)


def assign_note_taker(session: Session, meeting: Meeting, member: Member, now: datetime) -> None:
    """Make a person the note-taker of a locked meeting, and tell them."""
    _assign(session, meetings.series_of(session, meeting), meeting, member, now)


def _misses(member: Member, meeting: Meeting, now: datetime) -> bool:
    """Return whether a person is away when a meeting begins or, once it has begun, now."""
    return participants.is_away(member, max(now, meeting.starts_at))


def _excuse(meeting: Meeting, member: Member) -> None:
    """Record that a person cannot take the minutes of a meeting."""
    meeting.excused = [*dict.fromkeys([*meeting.excused, member.id])]


def _assign(session: Session, series: Series, meeting: Meeting, member: Member | None, now: datetime) -> None:
    notices.drop_waiting(session, series.consortium_id, NoticeKind.NOTES, meeting.id)
    notices.drop_waiting(session, series.consortium_id, NoticeKind.MINUTES, meeting.id)
    meeting.notes_id = member.id if member else None
    meeting.notes_agency_id = member.agency_id if member else None
    meeting.notes_since = now
    meeting.look_at = now
    if member is not None and meeting.ends_at > now:
        about = (NoticeKind.NOTES, f"meeting/{meeting.id}/notes/{member.id}", meeting.id)
        notices.add(session, NewNotice(series.consortium_id, member.id, series.team_id, *about, now, meeting.ends_at))


def _choose(
    session: Session,
    series: Series,
    meeting: Meeting,
    now: datetime,
    *,
    first: AgencyId | None = None,
    last: AgencyId | None = None,
) -> Member | None:
    """Return the note-taker named for the series, else the next in turn, else the chair, else None.

    The agency `first` comes before its turn: it lost a note-taker who is away or has left. The agency `last` comes
    after all others: somebody there passed the minutes on. People who are in another meeting then, and those whose
    agency is closed that day, are skipped as long as there is anybody else.
    """
    at = max(now, meeting.starts_at)
    named = session.get(Member, series.notes_id) if series.notes_id is not None else None
    if named is not None and _can_take_minutes(named, meeting, at):
        return named
    if series.private:
        return _choose_in_private_channel(session, series, meeting, at)
    agencies = step_times.agencies_by_turn(
        members.agencies_with_members(session, series.consortium_id),
        meetings.last_notes_by_agency(session, series.consortium_id),
    )
    agencies.sort(key=lambda agency: (agency == last, agency != first))
    able = [
        member
        for agency in agencies
        for member in _people_in_order(session, agency, series)
        if _can_take_minutes(member, meeting, at)
    ]
    # the chair runs the meeting already, and so comes last
    able.sort(key=lambda member: member.id == series.chair_id)
    chair = participants.acting_chair(session, series)
    able += [chair] if chair is not None and _can_take_minutes(chair, meeting, at) else []
    busy, closed = meetings.busy_members(session, meeting), _closed_agencies(session, meeting, series)
    free = [member for member in able if member.id not in busy and member.agency_id not in closed]
    # somebody who is expected elsewhere can still pass the minutes on
    return next(iter([*free, *able]), None)


def _closed_agencies(session: Session, meeting: Meeting, series: Series) -> set[AgencyId]:
    """Return the agencies that are closed on the day of a meeting, in its zone."""
    day = meeting.starts_at.astimezone(ZoneInfo(series.zone)).date()
    return set(closures.closed_days(session, series.consortium_id, day, day))


def _choose_in_private_channel(session: Session, series: Series, meeting: Meeting, at: datetime) -> Member | None:
    """Return the chair, or None where the chair cannot: whether anybody else is in the channel is not known here."""
    chair = session.get_one(Member, series.chair_id)
    return chair if _can_take_minutes(chair, meeting, at) else None


def _people_in_order(session: Session, agency: AgencyId, series: Series) -> Iterator[Member]:
    """Return an agency's people: representative, alternate, then the others; the chair of the series comes last."""
    pair = [person for person in members.representatives(session, [agency])[agency] if person is not None]
    others = [person for person in members.members_of_agency(session, agency) if person not in pair]
    yield from sorted([*pair, *others], key=lambda person: person.id == series.chair_id)


def _can_take_minutes(member: Member, meeting: Meeting, at: datetime) -> bool:
    return member.left_at is None and member.id not in meeting.excused and not participants.is_away(member, at)


def _tell_organizers(session: Session, series: Series, meeting: Meeting, gone: Member, now: datetime) -> None:
    """Tell the organizers of a series, once, that a note-taker has left; facilitators where no organizer is left."""
    _tell(session, series, meeting, NoticeKind.NOTES_LEFT, f"series/{series.id}/notes-left/{gone.id}", now)
    if not participants.organizers(session, series):
        # this news says it already
        occurrences.claim(session, series.consortium_id, _nobody_left_key(series), now)


def _ask_to_name(
    session: Session, series: Series, meeting: Meeting, now: datetime, knows: Member | None = None
) -> None:
    """Tell the chair of a meeting in a private channel, once, that nobody takes its minutes.

    Where the chair has left, facilitators are told once for the series. The person who `knows` it is not told.
    """
    key = f"meeting/{meeting.id}/notes-none" if participants.organizers(session, series) else _nobody_left_key(series)
    _tell(session, series, meeting, NoticeKind.NOTES_NONE, key, now, knows)


def _nobody_left_key(series: Series) -> str:
    """Return the key with which facilitators are told once that nobody is left to take the minutes of a series."""
    return f"series/{series.id}/notes-none"


def _tell(
    session: Session,
    series: Series,
    meeting: Meeting,
    kind: NoticeKind,
    key: str,
    now: datetime,
    knows: Member | None = None,
) -> None:
    """Leave a notice for the organizers of a series, once for each key; facilitators where no organizer is left."""
    if not occurrences.claim(session, series.consortium_id, key, now):
        return
    organizers = participants.organizers(session, series) or members.facilitators(session, series.consortium_id)
    for organizer in (person for person in organizers if person is not knows):
        about = (kind, f"{key}/{organizer.id}", meeting.id)
        wanted = NewNotice(
            series.consortium_id, organizer.id, series.team_id, *about, due_at=now, manner=NoticeTiming.HOUR
        )
        notices.add(session, wanted)
