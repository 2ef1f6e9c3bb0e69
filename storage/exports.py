"""What members carry home: who asked for it and when, and everything of a consortium, page by page."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from storage.agendas import Item
from storage.contributions import Gain, Given
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Minutes
from storage.outbox import Outbox
from storage.polls import Option, Poll
from storage.proposals import Proposal
from storage.pulse import Round
from storage.tasks import Task
from storage.vocabulary import (
    AgencyId,
    ConsortiumId,
    Delivery,
    ItemState,
    MeetingId,
    MemberId,
    PollId,
    RoundState,
    Rule,
)

METHOD = "files.export"
"""How the outbox names an export; its body says what and for whom, and the files are written when they are sent."""

PAGE = 500
"""So many rows are in memory at once."""

Table = TypeVar("Table", bound=Any)


def queue(user_id: str) -> str:
    """Name the place in the outbox where somebody's exports wait: not before their direct messages, which go ahead."""
    return f"{user_id}+export"


def asked_at(session: Session, team_id: str, user_id: str, since: datetime) -> datetime | None:
    """Give when somebody asked for an export that is still on its way, or that was asked for after a moment."""
    fresh = (Outbox.state == Delivery.SENT) & (Outbox.created_at > since)
    return session.scalar(
        select(func.max(Outbox.created_at)).where(
            Outbox.team_id == team_id,
            Outbox.channel == queue(user_id),
            Outbox.method == METHOD,
            Outbox.state.in_((Delivery.PENDING, Delivery.SENDING)) | fresh,
        )
    )


def pages(
    session: Session, table: type[Table], consortium_id: ConsortiumId, *where: ColumnElement[bool]
) -> Iterator[Sequence[Table]]:
    """Walk a table of a consortium, what came last first; what was walked past is not kept in memory."""
    mine = select(table).where(table.consortium_id == consortium_id, *where).order_by(table.id.desc()).limit(PAGE)
    found = session.scalars(mine).all()
    while found:
        last = found[-1].id
        yield found
        session.expunge_all()
        found = session.scalars(mine.where(table.id < last)).all() if len(found) == PAGE else []


def tasks(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Task]]:
    """Walk all tasks, settled ones too."""
    return pages(session, Task, consortium_id)


def given(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Given]]:
    """Walk what agencies gave, without what was taken back."""
    return pages(session, Given, consortium_id, Given.taken_back_at.is_(None))


def gains(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Gain]]:
    """Walk what agencies gained, without what was taken back."""
    return pages(session, Gain, consortium_id, Gain.taken_back_at.is_(None))


def decided(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Proposal]]:
    """Walk the proposals of the decision log; a sense check decides nothing."""
    return pages(session, Proposal, consortium_id, Proposal.decided_at.is_not(None), Proposal.rule != Rule.SENSE)


def polls(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Poll]]:
    """Walk all polls."""
    return pages(session, Poll, consortium_id)


def rounds(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Round]]:
    """Walk the rounds of the pulse that have closed."""
    return pages(session, Round, consortium_id, Round.state == RoundState.CLOSED)


def options(session: Session, poll_ids: Collection[PollId]) -> dict[PollId, list[Option]]:
    """Map polls to their options in their order."""
    made: dict[PollId, list[Option]] = {poll: [] for poll in poll_ids}
    for option in session.scalars(select(Option).where(Option.poll_id.in_(poll_ids)).order_by(Option.place)):
        made[option.poll_id].append(option)
    return made


@dataclass(frozen=True)
class Held:
    """A meeting with its series and its items, and its minutes where there are any."""

    meeting: Meeting
    series: Series
    items: Sequence[Item]
    minutes: Minutes | None


def meetings(session: Session, consortium_id: ConsortiumId) -> Iterator[list[Held]]:
    """Walk all meetings, cancelled ones too."""
    for page in pages(session, Meeting, consortium_id):
        ids = [meeting.id for meeting in page]
        those = {meeting.series_id for meeting in page}
        series = {one.id: one for one in session.scalars(select(Series).where(Series.id.in_(those)))}
        kept = {one.meeting_id: one for one in session.scalars(select(Minutes).where(Minutes.meeting_id.in_(ids)))}
        items = _items(session, ids)
        yield [Held(one, series[one.series_id], items[one.id], kept.get(one.id)) for one in page]


def _items(session: Session, ids: Collection[MeetingId]) -> dict[MeetingId, list[Item]]:
    made: dict[MeetingId, list[Item]] = {meeting: [] for meeting in ids}
    mine = select(Item).where(Item.meeting_id.in_(ids), Item.state != ItemState.GONE)
    for item in session.scalars(mine.order_by(Item.carried.desc(), Item.added_at, Item.id)):
        if item.meeting_id is not None:
            made[item.meeting_id].append(item)
    return made


def channels(session: Session, consortium_id: ConsortiumId) -> list[tuple[str, str]]:
    """List the workspaces and channels in which something may be that not everybody can see: polls, meetings."""
    asked = select(Poll.team_id, Poll.channel).where(Poll.consortium_id == consortium_id, Poll.private)
    proposed = select(Proposal.team_id, Proposal.channel).where(
        Proposal.consortium_id == consortium_id, Proposal.private
    )
    met = select(Series.team_id, Series.channel).where(Series.consortium_id == consortium_id, Series.private)
    return sorted({(team, channel) for team, channel in session.execute(asked.union(met, proposed))})


def people(session: Session, consortium_id: ConsortiumId) -> dict[MemberId, tuple[str, AgencyId | None]]:
    """Map all people, those who left too, to their names and agencies."""
    rows = session.execute(
        select(Member.id, Member.name, Member.agency_id).where(Member.consortium_id == consortium_id)
    )
    return {id_: (name, agency) for id_, name, agency in rows}
