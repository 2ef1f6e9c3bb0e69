"""Exports: requests for an export, and the rows of a consortium page by page."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from storage import agendas
from storage.agendas import AgendaItem
from storage.contributions import Contribution, Gain
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Minutes
from storage.outbox import OutboxMessage
from storage.polls import Poll, PollOption
from storage.proposals import Proposal
from storage.pulse import PulseRound
from storage.tasks import Task
from storage.vocabulary import (
    AgencyId,
    ConsortiumId,
    DeliveryState,
    MemberId,
    PollId,
    RoundState,
    Rule,
)

METHOD = "files.export"
"""Method of an export in the outbox. Its body names the reader; the files are written when they are sent."""

_PAGE = 500
"""Rows in memory at a time."""

_Row = TypeVar("_Row", bound=Any)


def queue(user_id: str) -> str:
    """Return the outbox channel for a user's exports, separate so that an export does not delay direct messages."""
    return f"{user_id}+export"


def last_requested_at(session: Session, team_id: str, user_id: str, since: datetime) -> datetime | None:
    """Return when a user last requested an export that is on its way, or was sent and requested after `since`."""
    sent_recently = (OutboxMessage.state == DeliveryState.SENT) & (OutboxMessage.created_at > since)
    return session.scalar(
        select(func.max(OutboxMessage.created_at)).where(
            OutboxMessage.team_id == team_id,
            OutboxMessage.channel == queue(user_id),
            OutboxMessage.method == METHOD,
            OutboxMessage.state.in_((DeliveryState.PENDING, DeliveryState.SENDING)) | sent_recently,
        )
    )


def _pages(
    session: Session, table: type[_Row], consortium_id: ConsortiumId, *where: ColumnElement[bool]
) -> Iterator[Sequence[_Row]]:
    """Yield the rows of a consortium page by page, newest first. Each page is expunged before the next is read."""
    query = select(table).where(table.consortium_id == consortium_id, *where).order_by(table.id.desc()).limit(_PAGE)
    page = session.scalars(query).all()
    while page:
        last_id = page[-1].id
        yield page
        session.expunge_all()
        page = session.scalars(query.where(table.id < last_id)).all() if len(page) == _PAGE else []


def task_pages(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Task]]:
    """Yield pages of all tasks, including done and dropped ones."""
    return _pages(session, Task, consortium_id)


def contribution_pages(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Contribution]]:
    """Yield pages of contributions that were not withdrawn."""
    return _pages(session, Contribution, consortium_id, Contribution.taken_back_at.is_(None))


def gain_pages(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Gain]]:
    """Yield pages of gains that were not withdrawn."""
    return _pages(session, Gain, consortium_id, Gain.taken_back_at.is_(None))


def decided_proposal_pages(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Proposal]]:
    """Yield pages of the decided proposals, without sense checks, which decide nothing."""
    return _pages(session, Proposal, consortium_id, Proposal.decided_at.is_not(None), Proposal.rule != Rule.SENSE)


def poll_pages(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Poll]]:
    """Yield pages of all polls."""
    return _pages(session, Poll, consortium_id)


def round_pages(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[PulseRound]]:
    """Yield pages of the closed pulse rounds."""
    return _pages(session, PulseRound, consortium_id, PulseRound.state == RoundState.CLOSED)


def options_by_poll(session: Session, poll_ids: Collection[PollId]) -> dict[PollId, list[PollOption]]:
    """Map polls to their options in order."""
    by_poll: dict[PollId, list[PollOption]] = {poll: [] for poll in poll_ids}
    for option in session.scalars(
        select(PollOption).where(PollOption.poll_id.in_(poll_ids)).order_by(PollOption.place)
    ):
        by_poll[option.poll_id].append(option)
    return by_poll


@dataclass(frozen=True)
class MeetingRecord:
    """A meeting with its series, its agenda items, and its minutes if there are any."""

    meeting: Meeting
    series: Series
    items: Sequence[AgendaItem]
    minutes: Minutes | None


def meeting_pages(session: Session, consortium_id: ConsortiumId) -> Iterator[list[MeetingRecord]]:
    """Yield pages of all meetings, including canceled ones."""
    for page in _pages(session, Meeting, consortium_id):
        ids = [meeting.id for meeting in page]
        series_ids = {meeting.series_id for meeting in page}
        series = {row.id: row for row in session.scalars(select(Series).where(Series.id.in_(series_ids)))}
        minutes = {row.meeting_id: row for row in session.scalars(select(Minutes).where(Minutes.meeting_id.in_(ids)))}
        items = agendas.of_meetings(session, ids)
        yield [MeetingRecord(row, series[row.series_id], items[row.id], minutes.get(row.id)) for row in page]


def channels_to_check(session: Session, consortium_id: ConsortiumId) -> list[tuple[str, str]]:
    """List (workspace, channel) of the private channels that have proposals, polls or meetings."""
    of_polls = select(Poll.team_id, Poll.channel).where(Poll.consortium_id == consortium_id, Poll.private)
    of_proposals = select(Proposal.team_id, Proposal.channel).where(
        Proposal.consortium_id == consortium_id, Proposal.private
    )
    of_meetings = select(Series.team_id, Series.channel).where(Series.consortium_id == consortium_id, Series.private)
    return sorted({(team, channel) for team, channel in session.execute(of_polls.union(of_meetings, of_proposals))})


def members_by_id(session: Session, consortium_id: ConsortiumId) -> dict[MemberId, tuple[str, AgencyId | None]]:
    """Map all members, including those who left, to (name, agency)."""
    rows = session.execute(
        select(Member.id, Member.name, Member.agency_id).where(Member.consortium_id == consortium_id)
    )
    return {id_: (name, agency) for id_, name, agency in rows}
