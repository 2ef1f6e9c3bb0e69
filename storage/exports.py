"""Exports: when they were requested, and the rows of a consortium, page by page."""

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
"""The method of an export in the outbox. Its body names the member and the tables; sending writes the files."""

PAGE = 500
"""How many rows are in memory at once."""

Table = TypeVar("Table", bound=Any)


def queue(user_id: str) -> str:
    """Return the outbox queue of a person's exports, separate so that direct messages need not wait for them."""
    return f"{user_id}+export"


def asked_at(session: Session, team_id: str, user_id: str, since: datetime) -> datetime | None:
    """Return when a person requested an export that is still pending, or was requested after `since`. None if not."""
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
    """Yield the rows of a consortium in pages, the newest first. Earlier pages are dropped from memory."""
    query = select(table).where(table.consortium_id == consortium_id, *where).order_by(table.id.desc()).limit(PAGE)
    page = session.scalars(query).all()
    while page:
        last = page[-1].id
        yield page
        session.expunge_all()
        page = session.scalars(query.where(table.id < last)).all() if len(page) == PAGE else []


def tasks(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Task]]:
    """Yield all tasks, including settled ones."""
    return pages(session, Task, consortium_id)


def given(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Given]]:
    """Yield the contributions of agencies, except withdrawn ones."""
    return pages(session, Given, consortium_id, Given.taken_back_at.is_(None))


def gains(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Gain]]:
    """Yield the gains of agencies, except withdrawn ones."""
    return pages(session, Gain, consortium_id, Gain.taken_back_at.is_(None))


def decided(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Proposal]]:
    """Yield the proposals in the decision log. A sense check decides nothing."""
    return pages(session, Proposal, consortium_id, Proposal.decided_at.is_not(None), Proposal.rule != Rule.SENSE)


def polls(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Poll]]:
    """Yield all polls."""
    return pages(session, Poll, consortium_id)


def rounds(session: Session, consortium_id: ConsortiumId) -> Iterator[Sequence[Round]]:
    """Yield the closed rounds of the pulse."""
    return pages(session, Round, consortium_id, Round.state == RoundState.CLOSED)


def options(session: Session, poll_ids: Collection[PollId]) -> dict[PollId, list[Option]]:
    """Return the options of each poll in their order."""
    by_poll: dict[PollId, list[Option]] = {poll_id: [] for poll_id in poll_ids}
    for option in session.scalars(select(Option).where(Option.poll_id.in_(poll_ids)).order_by(Option.place)):
        by_poll[option.poll_id].append(option)
    return by_poll


@dataclass(frozen=True)
class Held:
    """A meeting with its series and its agenda items, and its minutes if there are any."""

    meeting: Meeting
    series: Series
    items: Sequence[Item]
    minutes: Minutes | None


def meetings(session: Session, consortium_id: ConsortiumId) -> Iterator[list[Held]]:
    """Yield all meetings, including cancelled ones."""
    for page in pages(session, Meeting, consortium_id):
        ids = [meeting.id for meeting in page]
        series_ids = {meeting.series_id for meeting in page}
        series = {row.id: row for row in session.scalars(select(Series).where(Series.id.in_(series_ids)))}
        minutes = {row.meeting_id: row for row in session.scalars(select(Minutes).where(Minutes.meeting_id.in_(ids)))}
        items = _items(session, ids)
        yield [Held(meeting, series[meeting.series_id], items[meeting.id], minutes.get(meeting.id)) for meeting in page]


def _items(session: Session, ids: Collection[MeetingId]) -> dict[MeetingId, list[Item]]:
    by_meeting: dict[MeetingId, list[Item]] = {meeting_id: [] for meeting_id in ids}
    query = select(Item).where(Item.meeting_id.in_(ids), Item.state != ItemState.GONE)
    for item in session.scalars(query.order_by(Item.carried.desc(), Item.added_at, Item.id)):
        if item.meeting_id is not None:
            by_meeting[item.meeting_id].append(item)
    return by_meeting


def channels(session: Session, consortium_id: ConsortiumId) -> list[tuple[str, str]]:
    """Return the workspace and id of each private channel that has a poll, a proposal or a meeting."""
    of_polls = select(Poll.team_id, Poll.channel).where(Poll.consortium_id == consortium_id, Poll.private)
    of_proposals = select(Proposal.team_id, Proposal.channel).where(
        Proposal.consortium_id == consortium_id, Proposal.private
    )
    of_meetings = select(Series.team_id, Series.channel).where(Series.consortium_id == consortium_id, Series.private)
    return sorted({(team, channel) for team, channel in session.execute(of_polls.union(of_meetings, of_proposals))})


def people(session: Session, consortium_id: ConsortiumId) -> dict[MemberId, tuple[str, AgencyId | None]]:
    """Return the name and agency of each person, including people who have left."""
    rows = session.execute(
        select(Member.id, Member.name, Member.agency_id).where(Member.consortium_id == consortium_id)
    )
    return {id_: (name, agency) for id_, name, agency in rows}
