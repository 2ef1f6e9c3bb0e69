"""Members, and who represents each agency."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import Agency
from storage.consortia import Consortium, Workspace
from storage.database import Base
from storage.vocabulary import AgencyId, ConsortiumId, Departure, Language, MemberId, Seat

_IS_REPRESENTATIVE = text("seat = 'representative' AND left_at IS NULL")
_IS_ALTERNATE = text("seat = 'alternate' AND left_at IS NULL")


class Member(Base):
    """A member of the consortium, identified by home workspace and Slack user ID.

    `left_at` is when the member left, None while they belong to the consortium; `departure` is how they left last:
    only those who left with their Slack account return with it. A member without an agency, such as some
    facilitators, represents no agency. `away_until` may have been stated by someone else; `own_away_until` is what the
    member stated, or None. `told_on` is the day, in the member's time zone, of the last message that the bot sent on
    its own, `tasks_named_on` that of the last reminder of tasks; `tell_at_once` means that notices are not bundled into
    one message a day. `hours_a_month` is the time that the member has set aside, or None if not stated. `may_be_asked`
    means that others' work may be offered to the member.
    `agency_since` is since when the member's time in the agency counts, None if that was before it was recorded: since
    they came to it, or since they were no facilitator any more.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("consortium_id", "team_id", "user_id"),
        Index("ix_member_slack_identity", "team_id", "user_id"),
        Index(
            "uq_member_representative",
            "agency_id",
            unique=True,
            sqlite_where=_IS_REPRESENTATIVE,
            postgresql_where=_IS_REPRESENTATIVE,
        ),
        Index(
            "uq_member_alternate",
            "agency_id",
            unique=True,
            sqlite_where=_IS_ALTERNATE,
            postgresql_where=_IS_ALTERNATE,
        ),
    )

    id: Mapped[MemberId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    team_id: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str | None] = mapped_column(String(254))
    zone: Mapped[str] = mapped_column(String(64))
    agency_id: Mapped[AgencyId | None] = mapped_column(ForeignKey("agency.id"), index=True)
    agency_since: Mapped[datetime | None]
    seat: Mapped[Seat] = mapped_column(default=Seat.MEMBER)
    facilitator: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    departure: Mapped[Departure | None]
    away_until: Mapped[datetime | None]
    own_away_until: Mapped[datetime | None]
    told_on: Mapped[date | None]
    tasks_named_on: Mapped[date | None]
    tell_at_once: Mapped[bool] = mapped_column(default=False)
    language: Mapped[Language] = mapped_column(default=Language.ENGLISH)
    pulse_paused_until: Mapped[datetime | None]
    hours_a_month: Mapped[float | None]
    may_be_asked: Mapped[bool] = mapped_column(default=False)


_CALLER = (
    select(Consortium, Member, Agency)
    .select_from(Workspace)
    .join(Consortium, Consortium.id == Workspace.consortium_id)
    .outerjoin(
        Member,
        (Member.consortium_id == Consortium.id)
        & (Member.team_id == bindparam("home"))
        & (Member.user_id == bindparam("user")),
    )
    .outerjoin(Agency, Agency.id == Member.agency_id)
    .where(Workspace.team_id == bindparam("workspace"))
)
_REPRESENTATIVES = select(Member).where(
    Member.agency_id.in_(bindparam("agencies", expanding=True)), Member.left_at.is_(None), Member.seat != Seat.MEMBER
)


def find_caller(
    session: Session, workspace: str, home: str, user_id: str
) -> tuple[Consortium | None, Member | None, Agency | None]:
    """Find the consortium of a workspace, and the user's membership and agency in it, in one query.

    Members who have left are found too. Each part that does not exist is None.
    """
    row = session.execute(_CALLER, {"workspace": workspace, "home": home, "user": user_id}).one_or_none()
    return (row[0], row[1], row[2]) if row else (None, None, None)


def find(
    session: Session, consortium_id: ConsortiumId, team_id: str, user_id: str, former: Collection[str] = ()
) -> Member | None:
    """Find a member by Slack identity, even if they have left.

    `former` are the workspaces under which a person of an organization may have been recorded before.
    """
    query = select(Member).where(
        Member.consortium_id == consortium_id, Member.team_id.in_([team_id, *former]), Member.user_id == user_id
    )
    return session.scalars(query.order_by(Member.team_id != team_id, Member.id)).first()


def memberships_of(session: Session, team_id: str, user_id: str, former: Collection[str] = ()) -> Sequence[Member]:
    """List a user's memberships in all consortia, including those that have ended. `former` is as in `find`."""
    query = select(Member).where(Member.team_id.in_([team_id, *former]), Member.user_id == user_id)
    return session.scalars(query.order_by(Member.team_id != team_id, Member.id)).all()


def members_of_workspace(session: Session, team_id: str) -> Sequence[Member]:
    """List all members of a workspace's consortium, including those who left."""
    consortium_id = select(Workspace.consortium_id).where(Workspace.team_id == team_id).scalar_subquery()
    return session.scalars(select(Member).where(Member.consortium_id == consortium_id)).all()


class NamedUser(NamedTuple):
    """A member's Slack user ID and name."""

    user_id: str
    name: str
    left_at: datetime | None


def people_in_workspace(session: Session, team_id: str) -> Sequence[NamedUser]:
    """List the names of all members of a workspace's consortium, including those who left."""
    query = (
        select(Member.user_id, Member.name, Member.left_at)
        .join(Workspace, Workspace.consortium_id == Member.consortium_id)
        .where(Workspace.team_id == team_id)
    )
    return [NamedUser(*row) for row in session.execute(query)]


def user_ids_from_other_workspaces(session: Session, team_id: str) -> Sequence[str]:
    """List user IDs of the members of a workspace's consortium whose home is another workspace or an organization."""
    consortium_id = select(Workspace.consortium_id).where(Workspace.team_id == team_id).scalar_subquery()
    return session.scalars(
        select(Member.user_id)
        .where(Member.consortium_id == consortium_id, Member.team_id != team_id, Member.left_at.is_(None))
        .order_by(Member.id)
    ).all()


def active(session: Session, consortium_id: ConsortiumId) -> Sequence[Member]:
    """List the members who have not left, ordered by name."""
    return session.scalars(
        select(Member)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None))
        .order_by(Member.name, Member.id)
    ).all()


def members_of_agency(session: Session, agency_id: AgencyId) -> Sequence[Member]:
    """List an agency's members who have not left, ordered by name."""
    return session.scalars(
        select(Member).where(Member.agency_id == agency_id, Member.left_at.is_(None)).order_by(Member.name)
    ).all()


def representatives(
    session: Session, agency_ids: Collection[AgencyId]
) -> dict[AgencyId, tuple[Member | None, Member | None]]:
    """Map each agency to its current (representative, alternate); None if nobody is named."""
    pairs: dict[AgencyId, tuple[Member | None, Member | None]] = dict.fromkeys(agency_ids, (None, None))
    for member in session.scalars(_REPRESENTATIVES, {"agencies": list(agency_ids)}):
        if member.agency_id is None:
            continue
        representative, alternate = pairs[member.agency_id]
        is_first = member.seat is Seat.REPRESENTATIVE
        pairs[member.agency_id] = (member, alternate) if is_first else (representative, member)
    return pairs


def facilitators(session: Session, consortium_id: ConsortiumId) -> Sequence[Member]:
    """List the facilitators who have not left, ordered by name."""
    return session.scalars(
        select(Member)
        .where(Member.consortium_id == consortium_id, Member.facilitator, Member.left_at.is_(None))
        .order_by(Member.name)
    ).all()


def by_ids(session: Session, ids: Collection[MemberId]) -> dict[MemberId, Member]:
    """Map ids to members, including those who left."""
    return {member.id: member for member in session.scalars(select(Member).where(Member.id.in_(ids)))}


def names_by_user_id(session: Session, consortium_id: ConsortiumId, users: Collection[str]) -> dict[str, str]:
    """Map the first 50 of these Slack user IDs to names; users who are not members are missing."""
    if not users:
        return {}
    query = select(Member.user_id, Member.name).where(
        Member.consortium_id == consortium_id, Member.user_id.in_(list(users)[:50])
    )
    return {row.user_id: row.name for row in session.execute(query)}


def lock_members(session: Session, ids: Collection[MemberId]) -> dict[MemberId, Member]:
    """Lock members, reload them, and map their ids to them."""
    query = select(Member).where(Member.id.in_(ids)).order_by(Member.id).with_for_update(key_share=True)
    return {member.id: member for member in session.scalars(query.execution_options(populate_existing=True))}


def agencies_with_members(session: Session, consortium_id: ConsortiumId) -> Sequence[AgencyId]:
    """List the agencies that have not ended and have at least one member: the current electorate."""
    return session.scalars(
        select(Agency.id)
        .where(
            Agency.consortium_id == consortium_id,
            Agency.ended_at.is_(None),
            select(Member.id).where(Member.agency_id == Agency.id, Member.left_at.is_(None)).exists(),
        )
        .order_by(Agency.folded)
    ).all()


def members_with_agencies(session: Session, consortium_id: ConsortiumId) -> Sequence[tuple[MemberId, AgencyId]]:
    """List the current members of agencies that have not ended, as (member, agency)."""
    rows = session.execute(
        select(Member.id, Member.agency_id)
        .join(Agency, Agency.id == Member.agency_id)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None), Agency.ended_at.is_(None))
    )
    return [(member, agency) for member, agency in rows if agency is not None]
