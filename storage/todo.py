"""What is waiting for one person, their tasks and their next meetings, read in one statement.

Proposals that wait for an agency are not included, and polls in which agencies vote are included whether or not they
wait for the person's agency: `handlers.kit.representation` decides whether an agency was heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Date,
    Float,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from storage.agendas import AgendaItem
from storage.database import Utc
from storage.electorates import MemberElector
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Minutes
from storage.polls import Ballot, Poll
from storage.positions import Position
from storage.proposals import Proposal
from storage.pulse import PulseInvitation, PulseRound
from storage.tasks import Task
from storage.vocabulary import (
    RULES_BY_PERSON,
    AgendaItemState,
    ConsortiumId,
    MeetingState,
    MemberId,
    PollState,
    ProposalState,
    RoundState,
    Rule,
    TaskState,
    TodoKind,
)

AGENCIES_VOTE = "agencies"


class TodoItem(NamedTuple):
    """An item of the to-do list.

    `number` is the value of its buttons. `at` is when it closes or begins; for minutes, when the meeting began. `on`
    is the day when it is due. `extra` is the rule of a proposal, the channel of a meeting if the reader may know it,
    `AGENCIES_VOTE` for a poll, or the name of another person who takes the minutes, empty if nobody does. `hours` is
    its effort. `version` is that of a proposal's wording.
    """

    kind: TodoKind
    number: int
    title: str
    at: datetime | None
    on: date | None
    extra: str | None
    hours: float | None
    version: int | None


@dataclass(frozen=True)
class Reader:
    """The person whose to-do list it is."""

    consortium_id: ConsortiumId
    member_id: MemberId
    facilitates: bool


def todo_items(session: Session, reader: Reader, now: datetime, most: int) -> Sequence[TodoItem]:
    """Return at most `most` items of each kind, the most urgent of each kind first."""
    parts = [
        _offers(reader),
        _by_heads(reader, now),
        _polls(reader, now),
        _pulse(reader, now),
        _minutes(reader, now),
        _tasks(reader),
        _meetings(reader, now),
    ]
    limited = [part.limit(most).subquery() for part in parts]
    rows = session.execute(union_all(*(select(part) for part in limited))).all()
    order = list(TodoKind)
    return sorted((TodoItem(TodoKind(row[0]), *row[1:]) for row in rows), key=lambda item: order.index(item.kind))


def _item_columns(
    kind: TodoKind,
    number: Any,
    title: Any,
    *,
    at: Any = None,
    on: Any = None,
    extra: Any = None,
    hours: Any = None,
    version: Any = None,
) -> Select[Any]:
    return select(
        literal(kind.value, String).label("kind"),
        number.label("number"),
        title.label("title"),
        cast(null() if at is None else at, Utc).label("at") if at is None else at.label("at"),
        (cast(null(), Date) if on is None else on).label("on_day"),
        (cast(null(), String) if extra is None else cast(extra, String)).label("extra"),
        (cast(null(), Float) if hours is None else hours).label("hours"),
        (cast(null(), Integer) if version is None else version).label("version"),
    )


def _open(reader: Reader, now: datetime) -> tuple[Any, ...]:
    return (
        Proposal.consortium_id == reader.consortium_id,
        Proposal.state == ProposalState.OPEN,
        Proposal.closes_at > now,
    )


def _by_heads(reader: Reader, now: datetime) -> Select[Any]:
    # nobody decides a sense check, so one in a private channel is for those who are there
    hidden = and_(Proposal.private, Proposal.rule == Rule.SENSE)
    heard = exists().where(Position.proposal_id == Proposal.id, Position.member_id == reader.member_id)
    return (
        _item_columns(
            TodoKind.PROPOSAL,
            Proposal.number,
            Proposal.title,
            at=Proposal.closes_at,
            extra=Proposal.rule,
            version=Proposal.version,
        )
        .join(MemberElector, (MemberElector.proposal_id == Proposal.id) & (MemberElector.member_id == reader.member_id))
        .where(*_open(reader, now), Proposal.rule.in_(RULES_BY_PERSON), ~heard, ~hidden)
        .order_by(Proposal.closes_at, Proposal.id)
    )


def _polls(reader: Reader, now: datetime) -> Select[Any]:
    by_agency = case((Poll.by_agency, AGENCIES_VOTE))
    voted = exists().where(Ballot.poll_id == Poll.id, Ballot.member_id == reader.member_id)
    query = _item_columns(TodoKind.POLL, Poll.number, Poll.question, at=Poll.closes_at, extra=by_agency).where(
        Poll.consortium_id == reader.consortium_id,
        Poll.state == PollState.OPEN,
        Poll.closes_at > now,
        Poll.private.is_(False),
        or_(Poll.by_agency, ~voted),
    )
    return query.order_by(Poll.closes_at, Poll.id)


def _pulse(reader: Reader, now: datetime) -> Select[Any]:
    return (
        _item_columns(TodoKind.PULSE, PulseRound.number, literal("", String), at=PulseRound.closes_at)
        .join(
            PulseInvitation,
            (PulseInvitation.round_id == PulseRound.id) & (PulseInvitation.member_id == reader.member_id),
        )
        .where(
            PulseRound.consortium_id == reader.consortium_id,
            PulseRound.state == RoundState.OPEN,
            PulseRound.closes_at > now,
            PulseInvitation.answered.is_(False),
            PulseInvitation.skipped.is_(False),
        )
    )


def _offers(reader: Reader) -> Select[Any]:
    return _task(reader, TodoKind.OFFER).where(Task.offered_to == reader.member_id)


def _tasks(reader: Reader) -> Select[Any]:
    return _task(reader, TodoKind.TASK).where(Task.owner_id == reader.member_id)


def _task(reader: Reader, kind: TodoKind) -> Select[Any]:
    return (
        _item_columns(kind, Task.number, Task.title, on=Task.due_on, hours=Task.hours)
        .where(Task.consortium_id == reader.consortium_id, Task.state == TaskState.OPEN)
        .order_by(Task.due_on.is_(None), Task.due_on, Task.number)
    )


LATE_FOR_THE_CHAIR = timedelta(days=2)
"""How long after a meeting its missing minutes appear on the home tab of the chair."""


def _minutes(reader: Reader, now: datetime) -> Select[Any]:
    """Select the minutes that the reader writes, and late ones of meetings that they chair, with the note-taker."""
    others = case((Meeting.notes_id == reader.member_id, None), else_=func.coalesce(Member.name, ""))
    chairs = and_(Series.chair_id == reader.member_id, Meeting.ends_at <= now - LATE_FOR_THE_CHAIR)
    return (
        _item_columns(TodoKind.MINUTES, Meeting.id, Series.title, at=Meeting.starts_at, extra=others)
        .join(Series, Series.id == Meeting.series_id)
        .outerjoin(Member, Member.id == Meeting.notes_id)
        .outerjoin(Minutes, Minutes.meeting_id == Meeting.id)
        .where(
            Meeting.consortium_id == reader.consortium_id,
            or_(Meeting.notes_id == reader.member_id, chairs),
            Meeting.state == MeetingState.PLANNED,
            Meeting.ends_at <= now,
            Meeting.look_at.is_not(None),
            Minutes.id.is_(None),
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id)
    )


def _meetings(reader: Reader, now: datetime) -> Select[Any]:
    # the SQL of `meeting_audience` in handlers.kit.visibility, without the channel: storage does not know who is in it
    runs = or_(Meeting.notes_id == reader.member_id, Series.chair_id == reader.member_id)
    brings = exists().where(
        AgendaItem.meeting_id == Meeting.id,
        AgendaItem.member_id == reader.member_id,
        AgendaItem.state != AgendaItemState.GONE,
    )
    # who only brings an item to a private channel learns when the meeting is, not where
    where = case((or_(Series.private.is_(False), runs), Series.channel))
    return (
        _item_columns(TodoKind.MEETING, Meeting.id, Series.title, at=Meeting.starts_at, extra=where)
        .join(Series, Series.id == Meeting.series_id)
        .where(
            Meeting.consortium_id == reader.consortium_id,
            Meeting.state == MeetingState.PLANNED,
            Meeting.starts_at > now,
            or_(Series.private.is_(False), runs, brings),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
