"""People: members, and who speaks for whom."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.agencies import Agency
from storage.consortia import Consortium, Workspace
from storage.database import Base
from storage.vocabulary import AgencyId, ConsortiumId, Language, MemberId, Seat

_SPEAKS_FIRST = text("seat = 'representative' AND left_at IS NULL")
_SPEAKS_SECOND = text("seat = 'alternate' AND left_at IS NULL")


class Member(Base):
    """A person of the consortium, known by home workspace and Slack user id.

    `left_at` is set while the person's Slack account is switched off. A person without an agency (a
    facilitator may be one) speaks for nobody. `told_on` is the day, in the person's zone, on which the bot last
    spoke by itself; `tell_at_once` says that the person does not want to wait for one message a day.
    `hours_a_month` is what the person has for the consortium, where they said so; `may_be_asked` that others' work
    may be offered to them.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("consortium_id", "team_id", "user_id"),
        Index("ix_member_slack_identity", "team_id", "user_id"),
        Index(
            "uq_member_representative",
            "agency_id",
            unique=True,
            sqlite_where=_SPEAKS_FIRST,
            postgresql_where=_SPEAKS_FIRST,
        ),
        Index(
            "uq_member_alternate",
            "agency_id",
            unique=True,
            sqlite_where=_SPEAKS_SECOND,
            postgresql_where=_SPEAKS_SECOND,
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
    seat: Mapped[Seat] = mapped_column(default=Seat.MEMBER)
    facilitator: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    away_until: Mapped[datetime | None]
    told_on: Mapped[date | None]
    tell_at_once: Mapped[bool] = mapped_column(default=False)
    language: Mapped[Language] = mapped_column(default=Language.ENGLISH)
    pulse_paused_until: Mapped[datetime | None]
    hours_a_month: Mapped[float | None]
    may_be_asked: Mapped[bool] = mapped_column(default=False)


_WHO = (
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
_SPEAKERS = select(Member).where(
    Member.agency_id.in_(bindparam("agencies", expanding=True)), Member.left_at.is_(None), Member.seat != Seat.MEMBER
)


def who(
    session: Session, workspace: str, home: str, user_id: str
) -> tuple[Consortium | None, Member | None, Agency | None]:
    """Find in one query the consortium of a workspace, and in it the person with their agency."""
    row = session.execute(_WHO, {"workspace": workspace, "home": home, "user": user_id}).one_or_none()
    return (row[0], row[1], row[2]) if row else (None, None, None)


def find(session: Session, consortium_id: ConsortiumId, team_id: str, user_id: str) -> Member | None:
    """Find a person by Slack identity."""
    return session.scalar(
        select(Member).where(
            Member.consortium_id == consortium_id, Member.team_id == team_id, Member.user_id == user_id
        )
    )


def everywhere(session: Session, team_id: str, user_id: str) -> Sequence[Member]:
    """List a person's memberships in all consortia."""
    return session.scalars(select(Member).where(Member.team_id == team_id, Member.user_id == user_id)).all()


def of_workspace(session: Session, team_id: str) -> Sequence[Member]:
    """List all people, those who left too, of the consortium to which a workspace belongs."""
    home = select(Workspace.consortium_id).where(Workspace.team_id == team_id).scalar_subquery()
    return session.scalars(select(Member).where(Member.consortium_id == home)).all()


def guests(session: Session, team_id: str, most: int) -> Sequence[str]:
    """List the user ids of living members who belong to other workspaces."""
    home = select(Workspace.consortium_id).where(Workspace.team_id == team_id).scalar_subquery()
    return session.scalars(
        select(Member.user_id)
        .where(Member.consortium_id == home, Member.team_id != team_id, Member.left_at.is_(None))
        .order_by(Member.id)
        .limit(most)
    ).all()


def living(session: Session, consortium_id: ConsortiumId) -> Sequence[Member]:
    """List the people who have not left Slack, by name."""
    return session.scalars(
        select(Member)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None))
        .order_by(Member.name, Member.id)
    ).all()


def of_agency(session: Session, agency_id: AgencyId) -> Sequence[Member]:
    """List an agency's people who have not left Slack."""
    return session.scalars(
        select(Member).where(Member.agency_id == agency_id, Member.left_at.is_(None)).order_by(Member.name)
    ).all()


def speakers(session: Session, agency_ids: Collection[AgencyId]) -> dict[AgencyId, tuple[Member | None, Member | None]]:
    """Map each agency to its representative and its alternate, as named now."""
    pairs: dict[AgencyId, tuple[Member | None, Member | None]] = dict.fromkeys(agency_ids, (None, None))
    for member in session.scalars(_SPEAKERS, {"agencies": list(agency_ids)}):
        if member.agency_id is None:
            continue
        first, second = pairs[member.agency_id]
        pairs[member.agency_id] = (member, second) if member.seat is Seat.REPRESENTATIVE else (first, member)
    return pairs


def facilitators(session: Session, consortium_id: ConsortiumId) -> Sequence[Member]:
    """List the facilitators who have not left Slack."""
    return session.scalars(
        select(Member)
        .where(Member.consortium_id == consortium_id, Member.facilitator, Member.left_at.is_(None))
        .order_by(Member.name)
    ).all()


def named(session: Session, ids: Collection[MemberId]) -> dict[MemberId, Member]:
    """Map ids to people, those who left too."""
    return {member.id: member for member in session.scalars(select(Member).where(Member.id.in_(ids)))}


def called(session: Session, consortium_id: ConsortiumId, users: Collection[str]) -> dict[str, str]:
    """Map Slack user ids to the names of those who belong to a consortium."""
    if not users:
        return {}
    found = select(Member.user_id, Member.name).where(
        Member.consortium_id == consortium_id, Member.user_id.in_(list(users)[:50])
    )
    return {row.user_id: row.name for row in session.execute(found)}


def lock(session: Session, ids: Collection[MemberId]) -> dict[MemberId, Member]:
    """Map ids to people, as they are on disk, and keep everybody else from changing them until the transaction ends."""
    wanted = select(Member).where(Member.id.in_(ids)).order_by(Member.id).with_for_update(key_share=True)
    return {member.id: member for member in session.scalars(wanted.execution_options(populate_existing=True))}


def peopled_agencies(session: Session, consortium_id: ConsortiumId) -> Sequence[AgencyId]:
    """List the living agencies with at least one living member: the electorate of this moment."""
    return session.scalars(
        select(Agency.id)
        .where(
            Agency.consortium_id == consortium_id,
            Agency.ended_at.is_(None),
            select(Member.id).where(Member.agency_id == Agency.id, Member.left_at.is_(None)).exists(),
        )
        .order_by(Agency.folded)
    ).all()


def heads(session: Session, consortium_id: ConsortiumId) -> Sequence[tuple[MemberId, AgencyId]]:
    """List the living members of living agencies, with the agency of each."""
    rows = session.execute(
        select(Member.id, Member.agency_id)
        .join(Agency, Agency.id == Member.agency_id)
        .where(Member.consortium_id == consortium_id, Member.left_at.is_(None), Agency.ended_at.is_(None))
    )
    return [(member, agency) for member, agency in rows if agency is not None]
