"""Moving items that are left over to the next agenda or, where that is full, to a later one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.text import pluralize
from handlers.meetings.agenda import MAX_ITEMS
from storage import agendas, live_messages, meetings
from storage.agendas import AgendaItem
from storage.meetings import Meeting, Series
from storage.vocabulary import AgendaItemId, AgendaItemState


@dataclass(frozen=True)
class CarryOver:
    """How many items were moved, and how many of them have no room on the next agenda."""

    count: int = 0
    later: int = 0

    def __add__(self, other: "CarryOver") -> "CarryOver":
        return CarryOver(self.count + other.count, self.later + other.later)

    @property
    def overflow_text(self) -> str:
        """Return a sentence about the items that have no room on the next agenda; empty where there are none."""
        if not self.later:
            return ""
        waiting = pluralize(self.later, "item waits", "items wait")
        return f" An agenda holds {MAX_ITEMS} items, so {waiting} for a later one."


def carry_open_items(session: Session, series: Series, meeting: Meeting, now: datetime) -> CarryOver:
    """Move the open items of a canceled meeting to the agendas that follow."""
    items = [item for item in agendas.items_of_meeting(session, meeting.id) if item.state is AgendaItemState.OPEN]
    return _distribute(session, items, _following_meetings(session, series, meeting, now))


def carry_unfinished_items(
    session: Session, series: Series, meeting: Meeting, unfinished: set[AgendaItemId], now: datetime
) -> CarryOver:
    """Copy the unfinished items of a meeting to the agendas that follow, marked as carried over."""
    copies = []
    for item in agendas.items_of_meeting(session, meeting.id):
        if item.id in unfinished and item.state is AgendaItemState.OPEN:
            item.state = AgendaItemState.CARRIED
            copies.append(
                AgendaItem(
                    consortium_id=item.consortium_id,
                    channel=item.channel,
                    title=item.title,
                    member_id=item.member_id,
                    length=item.length,
                    carried=item.carried + 1,
                    copied_from=item.id,
                    added_at=now,
                )
            )
    session.add_all(copies)
    return _distribute(session, copies, _following_meetings(session, series, meeting, now))


def carry_items_of_late_minutes(session: Session, series: Series, late: Sequence[Meeting], now: datetime) -> None:
    """Copy the items of meetings whose minutes are late, so that nothing is lost until somebody writes them."""
    for meeting in late:
        items = agendas.items_of_meeting(session, meeting.id)
        carry_unfinished_items(session, series, meeting, {item.id for item in items}, now)


def withdraw_finished_items(session: Session, meeting: Meeting, unfinished: set[AgendaItemId], now: datetime) -> None:
    """Remove from coming agendas the items that late minutes report as finished."""
    carried = [i for i in agendas.items_of_meeting(session, meeting.id) if i.state is AgendaItemState.CARRIED]
    for copy in agendas.open_copies(session, [item.id for item in carried if item.id not in unfinished]):
        agenda_of = session.get(Meeting, copy.meeting_id) if copy.meeting_id is not None else None
        if agenda_of is None or agenda_of.starts_at > now:
            copy.state = AgendaItemState.GONE
            if agenda_of is not None and agenda_of.live_id is not None:
                live_messages.request_update(session, agenda_of.live_id)


def add_waiting_items(session: Session, series: Series, meeting: Meeting) -> None:
    """Put the items that wait in a channel on the agenda of its new meeting, as far as there is room."""
    for item in agendas.waiting_items(session, series.consortium_id, series.channel)[:MAX_ITEMS]:
        item.meeting_id = meeting.id


def _following_meetings(session: Session, series: Series, meeting: Meeting, now: datetime) -> list[Meeting]:
    """List the meetings after one, nearest first: those of its series or, where there are none, of its channel.

    Items from a private channel do not follow a series to another channel.
    """
    coming = [
        other
        for other in meetings.list_coming(session, series.consortium_id, now)
        if other.id != meeting.id and other.starts_at > max(now, meeting.starts_at)
    ]
    same_series = {series.id} if series.private else {series.id, series.became}
    in_channel = [other for other in coming if meetings.series_of(session, other).channel == series.channel]
    return [other for other in coming if other.series_id in same_series] or in_channel


def _distribute(session: Session, items: Sequence[AgendaItem], following: Sequence[Meeting]) -> CarryOver:
    """Put items on the first agendas with room; the rest waits for the next meeting that is planned."""
    rest, on_next = list(items), 0
    if items and not following:
        waiting = agendas.waiting_items(session, items[0].consortium_id, items[0].channel)
        on_next = min(len(items), max(0, MAX_ITEMS - sum(item not in items for item in waiting)))
    for position, meeting in enumerate(following):
        room = max(0, MAX_ITEMS - len(agendas.items_of_meeting(session, meeting.id)))
        fitting, rest = rest[:room], rest[room:]
        for item in fitting:
            item.meeting_id, item.channel = meeting.id, meetings.series_of(session, meeting).channel
        if fitting and meeting.live_id is not None:
            live_messages.request_update(session, meeting.live_id)
        on_next += len(fitting) if position == 0 else 0
    for item in rest:
        item.meeting_id = None
    session.flush()
    return CarryOver(len(items), len(items) - on_next)
