"""The home of a person: the Enterprise Grid organization where there is one, otherwise the workspace."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.consortia import Workspace
from storage.home_tabs import HomeTab
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.vocabulary import Seat


def move(session: Session, workspace: str, user_id: str, former: Collection[str], home: str) -> None:
    """Record a person's home where the rows of a workspace's consortium name one of the `former` ones.

    A person who was recorded twice keeps the membership with the most: a current one, a seat, the earliest.
    """
    consortium_id = select(Workspace.consortium_id).where(Workspace.team_id == workspace).scalar_subquery()
    rows = session.scalars(
        select(Member)
        .where(Member.consortium_id == consortium_id, Member.user_id == user_id, Member.team_id.in_([home, *former]))
        .order_by(Member.left_at.is_not(None), Member.seat == Seat.MEMBER, Member.id)
    ).all()
    # requests are locked before members
    session.execute(
        update(MembershipRequest)
        .where(
            MembershipRequest.consortium_id == consortium_id,
            MembershipRequest.user_id == user_id,
            MembershipRequest.team_id.in_(former),
        )
        .values(team_id=home)
    )
    session.execute(
        update(HomeTab)
        .where(HomeTab.team_id == workspace, HomeTab.user_id == user_id, HomeTab.home_team.in_(former))
        .values(home_team=home)
    )
    if rows and all(row.team_id != home for row in rows):
        rows[0].team_id = home
    session.flush()
