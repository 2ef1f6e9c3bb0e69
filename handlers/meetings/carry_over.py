"""What was left over goes on: to the next agenda, and where that is full to a later one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.text import counted
from handlers.meetings.agenda import MOST
from storage import agendas, live_messages, meetings
from storage.agendas import Item
from storage.meetings import Meeting, Series
from storage.vocabulary import ItemId, ItemState


@dataclass(frozen=True)
class Carried:
    """How many items were left over, and how many of them have no room on the next agenda."""

    count: int = 0
    later: int = 0

    def __add__(self, other: "Carried") -> "Carried":
        return Carried(self.count + other.count, self.later + other.later)

    @property
    def too_many(self) -> str:
        """Say in a sentence what has no room on the next agenda; empty where all has."""
        if not self.later:
            return ""
        those = counted(self.later, "item has no room there and stays", "items have no room there and stay")
        return f" An agenda takes {MOST} items: {those} for a later one."


def following(session: Session, series: Series, meeting: Meeting, now: datetime) -> list[Meeting]:
    """List the meetings that come after one, the nearest first: of its series, else in its channel.

    What was talked about in a private channel does not follow a series to another one.
    """
    coming = [
        one
        for one in meetings.coming(session, series.consortium_id, now)
        if one.id != meeting.id and one.starts_at > max(now, meeting.starts_at)
    ]
    own = {series.id} if series.private else {series.id, series.became}
    here = [one for one in coming if meetings.series_of(session, one).channel == series.channel]
    return [one for one in coming if one.series_id in own] or here


def carry_all(session: Session, series: Series, meeting: Meeting, now: datetime) -> Carried:
    """Give what was on the agenda of a cancelled meeting to those that follow."""
    items = [item for item in agendas.of_meeting(session, meeting.id) if item.state is ItemState.OPEN]
    return _place(session, items, following(session, series, meeting, now))


def carry(session: Session, series: Series, meeting: Meeting, left: set[ItemId], now: datetime) -> Carried:
    """Put what was not finished onto the agendas that follow, marked as left over."""
    made = []
    for item in agendas.of_meeting(session, meeting.id):
        if item.id in left and item.state is ItemState.OPEN:
            item.state = ItemState.CARRIED
            made.append(
                Item(
                    consortium_id=item.consortium_id,
                    channel=item.channel,
                    title=item.title,
                    member_id=item.member_id,
                    length=item.length,
                    carried=item.carried + 1,
                    added_at=now,
                )
            )
    session.add_all(made)
    return _place(session, made, following(session, series, meeting, now))


def fill(session: Session, series: Series, meeting: Meeting) -> None:
    """Put what waits in the channel of a new meeting onto its agenda, as far as there is room."""
    for item in agendas.waiting(session, series.consortium_id, series.channel)[:MOST]:
        item.meeting_id = meeting.id


def _place(session: Session, items: Sequence[Item], coming: Sequence[Meeting]) -> Carried:
    """Give items to the first agendas with room; what has none waits for the next meeting that is planned."""
    rest, taken = list(items), 0
    if items and not coming:
        waiting = agendas.waiting(session, items[0].consortium_id, items[0].channel)
        taken = min(len(items), max(0, MOST - sum(one not in items for one in waiting)))
    for place, to in enumerate(coming):
        room = max(0, MOST - len(agendas.of_meeting(session, to.id)))
        fits, rest = rest[:room], rest[room:]
        for item in fits:
            item.meeting_id, item.channel = to.id, meetings.series_of(session, to).channel
        if fits and to.live_id is not None:
            live_messages.want(session, to.live_id)
        taken += len(fits) if place == 0 else 0
    for item in rest:
        item.meeting_id = None
    session.flush()
    return Carried(len(items), len(items) - taken)
