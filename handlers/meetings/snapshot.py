"""The current state of a meeting as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.meetings.agenda import MAX_ITEMS
from handlers.meetings.rules import recurrence, rule_words
from handlers.meetings.rules.step_times import MeetingTiming
from storage import agendas, meetings, members, minutes, proposals
from storage.consortia import Consortium
from storage.live_messages import LiveMessage
from storage.meetings import Meeting, Series
from storage.vocabulary import AgendaItemId, AgendaItemState, MeetingId, MeetingState, MemberId

MINUTES_ARE_LATE = timedelta(days=1)
"""How long after its end the missing minutes of a meeting count as late."""


@dataclass(frozen=True)
class AgendaLine:
    """An item of the agenda.

    `who` and `member_id` are the person who brings it; `length` is in minutes; `carried` counts how often it was left
    unfinished; `moved_on` means that it is on a later agenda already.
    """

    id: AgendaItemId
    title: str
    who: str
    member_id: MemberId
    length: int | None
    carried: int
    moved_on: bool = False


@dataclass(frozen=True)
class LateMinutes:
    """An earlier meeting of a series whose minutes are late; `notes` is the note-taker's name, empty if nobody is."""

    starts_at: datetime
    notes: str


@dataclass(frozen=True)
class OpenProposal:
    """A proposal that is open in the meeting's channel."""

    number: int
    title: str
    closes_at: datetime
    private: bool = False


@dataclass(frozen=True)
class MeetingSnapshot:
    """A meeting as plain values.

    `length` is in minutes. `recurrence` describes in words how the meeting repeats. `chair` is empty if that person has
    left Slack. `notes` is the note-taker's name, empty until there is one. `waiting` counts the items that have no room
    on this agenda, which is full.
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
    recurrence: str
    recurring: bool
    chair: str
    chair_id: MemberId
    notes: str
    notes_id: MemberId | None
    cancelled: bool
    has_minutes: bool
    lines: Sequence[AgendaLine]
    proposals: Sequence[OpenProposal]
    waiting: int = 0

    @property
    def planned_minutes(self) -> int:
        """Return the sum of the lengths of all items."""
        return sum(line.length or 0 for line in self.lines)


@dataclass(frozen=True)
class OwnPart:
    """A meeting of a private channel as those see it who only bring an item and are not there: `lines` are their own.

    It has nothing else of the meeting, so that no view can show more.
    """

    id: MeetingId
    title: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    lines: Sequence[AgendaLine]


def own_part(meeting: MeetingSnapshot, member_id: MemberId) -> OwnPart:
    """Return a person's own part of a meeting."""
    return OwnPart(
        id=meeting.id,
        title=meeting.title,
        zone=meeting.zone,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        cancelled=meeting.cancelled,
        lines=[line for line in meeting.lines if line.member_id == member_id],
    )


def without_private_proposals(meeting: MeetingSnapshot) -> MeetingSnapshot:
    """Return a meeting as somebody sees it who has a part in it but is not known to be in its channel."""
    return replace(meeting, proposals=[proposal for proposal in meeting.proposals if not proposal.private])


def load_snapshot(session: Session, meeting: Meeting) -> MeetingSnapshot:
    """Return the snapshot of a meeting."""
    series = meetings.series_of(session, meeting)
    items = agendas.items_of_meeting(session, meeting.id)
    people_ids = {series.chair_id, *(item.member_id for item in items)}
    notes_id = _note_taker(series, meeting)
    people = members.by_ids(session, people_ids | ({notes_id} if notes_id is not None else set()))
    note_taker = people.get(notes_id) if notes_id is not None else None
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
        recurrence=describe_recurrence(session, series),
        recurring=series.rrule is not None,
        chair="" if people[series.chair_id].left_at is not None else people[series.chair_id].name,
        chair_id=series.chair_id,
        notes=note_taker.name if note_taker else "",
        notes_id=notes_id,
        cancelled=meeting.state is MeetingState.CANCELLED,
        has_minutes=minutes.of_meeting(session, meeting.id) is not None,
        lines=[
            AgendaLine(
                i.id,
                i.title,
                people[i.member_id].name,
                i.member_id,
                i.length,
                i.carried,
                moved_on=i.state is AgendaItemState.CARRIED,
            )
            for i in items
        ],
        proposals=_open_proposals(session, series),
        waiting=len(agendas.waiting_items(session, series.consortium_id, series.channel))
        if len(items) >= MAX_ITEMS
        else 0,
    )


def _note_taker(series: Series, meeting: Meeting) -> MemberId | None:
    """Return who takes the minutes of a meeting, or will: a person who is named for the series is asked later."""
    is_named = meeting.notes_id is None and series.notes_id not in meeting.excused
    return series.notes_id if is_named else meeting.notes_id


def describe_recurrence(session: Session, series: Series) -> str:
    """Return in words how a series repeats; its time zone is named unless it is the consortium's."""
    usual_zone = session.get_one(Consortium, series.consortium_id).zone
    return rule_words.describe_rule(series.rrule, series.begins, series.zone, usual_zone)


def _open_proposals(session: Session, series: Series) -> list[OpenProposal]:
    """List the proposals that are open in the channel of a series, of which all who see its meetings may read.

    A channel may have become public since a proposal was made in it, and a series that is public is read by everyone.
    """
    running = proposals.list_running(session, series.consortium_id)
    here = [p for p in running if (p.team_id, p.channel) == (series.team_id, series.channel)]
    return [OpenProposal(p.number, p.title, p.closes_at, p.private) for p in here if series.private or not p.private]


def load_late_minutes(session: Session, meeting: Meeting, now: datetime) -> list[LateMinutes]:
    """Return the earlier meetings of the series whose minutes are late at `now`, oldest first."""
    late = minutes.list_late(session, meeting.series_id, meeting.starts_at, now - MINUTES_ARE_LATE)
    people = members.by_ids(session, {m.notes_id for m in late if m.notes_id is not None})
    return [LateMinutes(m.starts_at, people[m.notes_id].name if m.notes_id is not None else "") for m in late]


def of_live(session: Session, live: LiveMessage) -> tuple[MeetingSnapshot, list[LateMinutes]]:
    """Return the snapshot of the meeting that a live message shows, with the minutes that are late.

    Raise LookupError where the meeting no longer exists.
    """
    meeting = meetings.get(session, live.consortium_id, live.number)
    if meeting is None:
        raise LookupError("a live message shows a meeting that does not exist")
    return load_snapshot(session, meeting), load_late_minutes(session, meeting, live.due_at)


def load_timing(session: Session, series: Series, meeting: Meeting) -> MeetingTiming:
    """Return what the times of a meeting's steps depend on."""
    return MeetingTiming(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        planned_at=meeting.planned_at,
        zone=series.zone,
        quiet_hours=session.get_one(Consortium, series.consortium_id).quiet_hours,
        interval=recurrence.shortest_gap(series.rrule, series.begins, series.zone),
        is_new=meeting.planned_at == series.created_at,
    )
