"""Ballot papers: what a vote on a proposal or poll needs, read as plain values with one statement.

Hundreds of people may vote within seconds. Loading whole rows of four tables would cost more than the rest of a vote.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, exists, literal_column, select
from sqlalchemy.orm import Session

from storage import agencies, consortia, electorates, live_messages, members, polls, positions, proposals
from storage.database import Base
from storage.vocabulary import (
    AgencyId,
    LiveMessageId,
    MemberId,
    PollId,
    PollKind,
    PollState,
    ProposalId,
    ProposalState,
    ResultVisibility,
    Rule,
    SealId,
    Seat,
    Stance,
)


class VotingMember(NamedTuple):
    """The member who votes."""

    id: MemberId
    name: str
    zone: str
    agency_id: AgencyId | None
    seat: Seat


class VotingAgency(NamedTuple):
    """The voter's agency."""

    id: AgencyId
    name: str
    ended_at: datetime | None


class Voter(NamedTuple):
    """The voter: the part of a caller that a vote needs."""

    user_id: str
    person: VotingMember
    agency: VotingAgency | None


class ProposalBallotPaper(NamedTuple):
    """The part of a proposal that a vote needs. `ts` is that of its message, if it is known.

    `decides` is the voter's agency if it is among those that decide. `representative` and `alternate` speak for it now.
    `block_stated` is whether somebody stated a block for it, whether or not that counts.
    """

    id: ProposalId
    number: int
    team_id: str
    channel: str
    private: bool
    live_id: LiveMessageId | None
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
    block_stated: bool


class PollBallotPaper(NamedTuple):
    """The part of a poll that a ballot needs. `ts` is that of its message, if it is known."""

    id: PollId
    number: int
    team_id: str
    channel: str
    private: bool
    live_id: LiveMessageId | None
    seal_id: SealId | None
    kind: PollKind
    most: int
    anonymous: bool
    shows: ResultVisibility
    by_agency: bool
    state: PollState
    closes_at: datetime
    closed_at: datetime | None
    ts: str | None


def lock_for_position(
    session: Session, workspace: str, home: str, user_id: str, number: int
) -> tuple[Voter | None, ProposalBallotPaper | None]:
    """Lock a proposal, then read it with its voter. The voter is None for people who are not members."""
    row = _read(session, _PROPOSAL, (workspace, home, user_id, number))
    return _voter(user_id, row), ProposalBallotPaper(*row[_PAPER_START:]) if row and row[_PAPER_START] else None


def lock_for_ballot(
    session: Session, workspace: str, home: str, user_id: str, number: int
) -> tuple[Voter | None, PollBallotPaper | None]:
    """Lock a poll, then read it with its voter. The voter is None for people who are not members."""
    row = _read(session, _POLL, (workspace, home, user_id, number))
    return _voter(user_id, row), PollBallotPaper(*row[_PAPER_START:]) if row and row[_PAPER_START] else None


def of_number(
    session: Session, workspace: str, home: str, user_id: str, number: int
) -> tuple[Voter | None, ProposalBallotPaper | PollBallotPaper | None]:
    """Lock the proposal or poll of a number, then read it with its voter. The paper is None if there is none."""
    voter, proposal = lock_for_position(session, workspace, home, user_id, number)
    if voter is None or proposal is not None:
        return voter, proposal
    return lock_for_ballot(session, workspace, home, user_id, number)


_PAPER_START = len(VotingMember._fields) + len(VotingAgency._fields)
"""Index of the column at which the proposal or poll begins."""


_TABLES = Base.metadata.tables
_WORKSPACE, _MEMBER, _AGENCY, _LIVE, _ELECTOR, _PROPOSALS, _POSITION = (
    _TABLES[kind.__tablename__]
    for kind in (
        consortia.Workspace,
        members.Member,
        agencies.Agency,
        live_messages.LiveMessage,
        electorates.Elector,
        proposals.Proposal,
        positions.Position,
    )
)


def _statements(table: type[Base], paper: type[NamedTuple]) -> tuple[Select[Any], Select[Any]]:
    """Return the statements that lock and read. They select from tables: rows of plain values cost a third."""
    papers = _TABLES[table.__tablename__]
    here = _WORKSPACE.c.team_id == bindparam("workspace")
    numbered = (papers.c.consortium_id == _WORKSPACE.c.consortium_id) & (papers.c.number == bindparam("number"))
    lock = select(papers.c.id).join(_WORKSPACE, numbered).where(here).with_for_update(of=papers, key_share=True)
    columns = [
        *(_MEMBER.c[name] for name in VotingMember._fields),
        *(_AGENCY.c[name] for name in VotingAgency._fields),
        *(papers.c[name] for name in paper._fields if name in papers.c),
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
        .outerjoin(papers, numbered)
        .outerjoin(_LIVE, _LIVE.c.id == papers.c.live_id)
        .where(here)
    )
    return lock, read


def _with_speakers(lock: Select[Any], read: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    """Add to the reading statement the people who speak for the voter's agency."""
    first, second = _MEMBER.alias("first"), _MEMBER.alias("second")
    decides = _ELECTOR.c.proposal_id == _PROPOSALS.c.id
    read = read.outerjoin(_ELECTOR, (_ELECTOR.c.agency_id == _AGENCY.c.id) & decides)
    for person, seat in ((first, Seat.REPRESENTATIVE), (second, Seat.ALTERNATE)):
        # A literal: with the seat as a parameter, SQLite plans the statement again each time.
        seated = person.c.seat == literal_column(f"'{seat.value}'")
        read = read.outerjoin(person, (person.c.agency_id == _AGENCY.c.id) & seated & person.c.left_at.is_(None))
    block_stated = exists().where(
        _POSITION.c.proposal_id == _PROPOSALS.c.id,
        _POSITION.c.agency_id == _AGENCY.c.id,
        _POSITION.c.stance == literal_column(f"'{Stance.BLOCK.value}'"),
    )
    speakers = (first.c.id, first.c.name, second.c.id, second.c.name)
    return lock, read.add_columns(_ELECTOR.c.agency_id, *speakers, block_stated)


_PROPOSAL = _with_speakers(*_statements(proposals.Proposal, ProposalBallotPaper))
_POLL = _statements(polls.Poll, PollBallotPaper)


def _read(
    session: Session, statements: tuple[Select[Any], Select[Any]], values: tuple[str, str, str, int]
) -> Sequence[Any] | None:
    """Lock, then read. On SQLite the transaction itself is the lock: there is one writer at a time."""
    lock, read = statements
    parameters = dict(zip(("workspace", "home", "user", "number"), values, strict=True))
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(lock, parameters)
    return connection.execute(read, parameters).one_or_none()


def _voter(user_id: str, row: Sequence[Any] | None) -> Voter | None:
    if row is None or row[0] is None:
        return None
    person = VotingMember(*row[: len(VotingMember._fields)])
    return Voter(
        user_id,
        person,
        VotingAgency(*row[len(VotingMember._fields) : _PAPER_START]) if person.agency_id is not None else None,
    )
