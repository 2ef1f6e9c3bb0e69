"""A meeting as it stands: everything that views show, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.meetings.agenda import MOST
from handlers.meetings.rules import recurrence
from storage import agendas, meetings, members, minutes, proposals
from storage.live_messages import LiveMessage
from storage.meetings import Meeting, Series
from storage.vocabulary import ItemId, MeetingId, MeetingState, MemberId


@dataclass(frozen=True)
class Line:
    """An item of the agenda. `length` is in minutes; `carried` counts how often it was left over."""

    id: ItemId
    title: str
    who: str
    member_id: MemberId
    length: int | None
    carried: int


@dataclass(frozen=True)
class Open:
    """A proposal that is open in the meeting's channel."""

    number: int
    title: str
    closes_at: datetime


@dataclass(frozen=True)
class MeetingSnapshot:
    """A meeting as plain values. `length` is in minutes; `how` says in words how it comes back.

    `notes` is who takes the minutes, empty as long as nobody was asked. `waiting` counts the items for which this
    agenda, being full, has no room.
    """

    id: MeetingId
    title: str
    team_id: str
    channel: str
    private: bool
    zone: str
    starts_at: datetime
    ends_at: datetime
    length: int
    how: str
    recurring: bool
    chair: str
    chair_id: MemberId
    notes: str
    notes_id: MemberId | None
    cancelled: bool
    written: bool
    lines: Sequence[Line]
    proposals: Sequence[Open]
    waiting: int = 0

    @property
    def planned_minutes(self) -> int:
        """Add up the minutes that were asked for."""
        return sum(line.length or 0 for line in self.lines)


def take(session: Session, meeting: Meeting) -> MeetingSnapshot:
    """Take the picture of a meeting."""
    series = meetings.series_of(session, meeting)
    items = agendas.of_meeting(session, meeting.id)
    wanted = {series.chair_id, *(item.member_id for item in items)}
    people = members.named(session, wanted | ({meeting.notes_id} if meeting.notes_id is not None else set()))
    taker = people.get(meeting.notes_id) if meeting.notes_id is not None else None
    return MeetingSnapshot(
        id=meeting.id,
        title=series.title,
        team_id=series.team_id,
        channel=series.channel,
        private=series.private,
        zone=series.zone,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        length=series.length,
        how=recurrence.words(series.rrule, series.begins),
        recurring=series.rrule is not None,
        chair=people[series.chair_id].name,
        chair_id=series.chair_id,
        notes=taker.name if taker else "",
        notes_id=meeting.notes_id,
        cancelled=meeting.state is MeetingState.CANCELLED,
        written=minutes.of_meeting(session, meeting.id) is not None,
        lines=[Line(i.id, i.title, people[i.member_id].name, i.member_id, i.length, i.carried) for i in items],
        proposals=_open_in(session, series),
        waiting=len(agendas.waiting(session, series.consortium_id, series.channel)) if len(items) >= MOST else 0,
    )


def _open_in(session: Session, series: Series) -> list[Open]:
    """List the proposals that are open where a series meets."""
    running = proposals.running(session, series.consortium_id)
    return [Open(p.number, p.title, p.closes_at) for p in running if p.channel == series.channel]


def of_live(session: Session, live: LiveMessage) -> MeetingSnapshot:
    """Take the snapshot of the meeting that a live message shows. Raise LookupError where it no longer exists."""
    meeting = meetings.get(session, live.consortium_id, live.number)
    if meeting is None:
        raise LookupError("a live message shows a meeting that does not exist")
    return take(session, meeting)
