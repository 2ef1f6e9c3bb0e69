"""Ballot papers: all that a press on a proposal or poll looks at, as plain values read in one statement.

Hundreds press within seconds, and loading whole rows of four tables would cost more than all else that a vote does.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, literal_column, select
from sqlalchemy.orm import Session

from storage import agencies, consortia, electorates, live_messages, members, polls, proposals
from storage.database import Base
from storage.vocabulary import (
    AgencyId,
    LiveId,
    MemberId,
    PollId,
    PollKind,
    PollState,
    ProposalId,
    ProposalState,
    Rule,
    SealId,
    Seat,
)


class Person(NamedTuple):
    """The member who votes."""

    id: MemberId
    name: str
    agency_id: AgencyId | None
    seat: Seat


class Body(NamedTuple):
    """The agency to which who votes belongs."""

    id: AgencyId
    name: str
    ended_at: datetime | None


class Voter(NamedTuple):
    """Who votes: as much of a caller as a vote looks at."""

    user_id: str
    person: Person
    agency: Body | None


class ProposalPaper(NamedTuple):
    """As much of a proposal as a vote looks at; `ts` is Slack's name of its message, where it is known.

    `decides` is the agency of who votes, where it is among those that decide; then come those who speak for it now.
    """

    id: ProposalId
    number: int
    team_id: str
    channel: str
    private: bool
    author_id: MemberId
    live_id: LiveId | None
    rule: Rule
    version: int
    state: ProposalState
    opens_at: datetime
    closes_at: datetime
    decided_at: datetime | None
    ts: str | None
    decides: AgencyId | None
    representative: MemberId | None
    representative_name: str | None
    alternate: MemberId | None
    alternate_name: str | None


class PollPaper(NamedTuple):
    """As much of a poll as a ballot looks at; `ts` is Slack's name of its message, where it is known."""

    id: PollId
    number: int
    team_id: str
    channel: str
    private: bool
    live_id: LiveId | None
    seal_id: SealId | None
    kind: PollKind
    most: int
    anonymous: bool
    by_agency: bool
    state: PollState
    closes_at: datetime
    closed_at: datetime | None
    ts: str | None


def of_proposal(
    session: Session, workspace: str, home: str, user_id: str, number: int
) -> tuple[Voter | None, ProposalPaper | None]:
    """Lock a proposal, then read who votes and how it stands; the voter is empty for who is no member."""
    row = _read(session, _PROPOSAL, (workspace, home, user_id, number))
    return _voter(user_id, row), ProposalPaper(*row[_OWN:]) if row and row[_OWN] else None


def of_poll(
    session: Session, workspace: str, home: str, user_id: str, number: int
) -> tuple[Voter | None, PollPaper | None]:
    """Lock a poll, then read who votes and how it stands; the voter is empty for who is no member."""
    row = _read(session, _POLL, (workspace, home, user_id, number))
    return _voter(user_id, row), PollPaper(*row[_OWN:]) if row and row[_OWN] else None


def of_number(
    session: Session, workspace: str, home: str, user_id: str, number: int
) -> tuple[Voter | None, ProposalPaper | PollPaper | None]:
    """Lock the proposal or poll of this number, then read it with who votes. The paper is None where there is none."""
    voter, proposal = of_proposal(session, workspace, home, user_id, number)
    if voter is None or proposal is not None:
        return voter, proposal
    return of_poll(session, workspace, home, user_id, number)


_OWN = len(Person._fields) + len(Body._fields)
"""Where in a row the proposal or poll begins."""


_TABLES = Base.metadata.tables
_WORKSPACE, _MEMBER, _AGENCY, _LIVE, _ELECTOR = (
    _TABLES[kind.__tablename__]
    for kind in (consortia.Workspace, members.Member, agencies.Agency, live_messages.LiveMessage, electorates.Elector)
)


def _statements(table: type[Base], paper: type[NamedTuple]) -> tuple[Select[Any], Select[Any]]:
    """Write what locks and what reads. Tables, not classes: rows of plain values cost a third."""
    thing = _TABLES[table.__tablename__]
    here = _WORKSPACE.c.team_id == bindparam("workspace")
    numbered = (thing.c.consortium_id == _WORKSPACE.c.consortium_id) & (thing.c.number == bindparam("number"))
    lock = select(thing.c.id).join(_WORKSPACE, numbered).where(here).with_for_update(of=thing)
    columns = [
        *(_MEMBER.c[name] for name in Person._fields),
        *(_AGENCY.c[name] for name in Body._fields),
        *(thing.c[name] for name in paper._fields if name in thing.c),
        _LIVE.c.ts,
    ]
    read = (
        select(*columns)
        .select_from(_WORKSPACE)
        .outerjoin(
            _MEMBER,
            (_MEMBER.c.consortium_id == _WORKSPACE.c.consortium_id)
            & (_MEMBER.c.team_id == bindparam("home"))
            & (_MEMBER.c.user_id == bindparam("user"))
            & _MEMBER.c.left_at.is_(None),
        )
        .outerjoin(_AGENCY, _AGENCY.c.id == _MEMBER.c.agency_id)
        .outerjoin(thing, numbered)
        .outerjoin(_LIVE, _LIVE.c.id == thing.c.live_id)
        .where(here)
    )
    return lock, read


def _with_speakers(lock: Select[Any], read: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """Read with a proposal who speaks for the agency of who votes."""
    first, second = _MEMBER.alias("first"), _MEMBER.alias("second")
    decides = _ELECTOR.c.proposal_id == _TABLES[proposals.Proposal.__tablename__].c.id
    read = read.outerjoin(_ELECTOR, (_ELECTOR.c.agency_id == _AGENCY.c.id) & decides)
    for person, seat in ((first, Seat.REPRESENTATIVE), (second, Seat.ALTERNATE)):
        # written out: with the seat as a parameter SQLite plans the statement anew each time
        seated = person.c.seat == literal_column(f"'{seat.value}'")
        read = read.outerjoin(person, (person.c.agency_id == _AGENCY.c.id) & seated & person.c.left_at.is_(None))
    return lock, read.add_columns(_ELECTOR.c.agency_id, first.c.id, first.c.name, second.c.id, second.c.name)


_PROPOSAL = _with_speakers(*_statements(proposals.Proposal, ProposalPaper))
_POLL = _statements(polls.Poll, PollPaper)


def _read(
    session: Session, statements: tuple[Select[Any], Select[Any]], asked: tuple[str, str, str, int]
) -> Sequence[Any] | None:
    """Lock and read. On SQLite the transaction itself is the lock: there is one writer at a time."""
    lock, read = statements
    named = dict(zip(("workspace", "home", "user", "number"), asked, strict=True))
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(lock, named)
    return connection.execute(read, named).one_or_none()


def _voter(user_id: str, row: Sequence[Any] | None) -> Voter | None:
    if row is None or row[0] is None:
        return None
    person = Person(*row[: len(Person._fields)])
    return Voter(user_id, person, Body(*row[len(Person._fields) : _OWN]) if person.agency_id is not None else None)
