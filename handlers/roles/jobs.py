"""What time brings to roles: a term that ends soon is announced, one that is over ends by itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.block_kit import Piece
from handlers.kit.isolation import alone
from handlers.kit.notices.sweep import RenderedNotice
from handlers.roles import assignments, succession, views
from handlers.roles.assignments import ENDS, GIVEN, OVER
from handlers.roles.terms import ends_at, is_held
from storage import members, notices, roles
from storage.consortia import Consortium
from storage.database import Database
from storage.notices import Notice
from storage.roles import Role
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, RoleId


def sweep(db: Database, now: datetime) -> None:
    """Announce terms that end soon, and end those that are over; each in a transaction of its own."""
    with db.read() as session:
        due = roles.due(session, now)
    for consortium_id, role_id in due:
        with alone(db) as session:
            _bring(session, consortium_id, role_id, now)


next_due = roles.next_due


def _bring(session: Session, consortium_id: ConsortiumId, role_id: RoleId, now: datetime) -> None:
    role = roles.lock(session, consortium_id, role_id)
    if role is None or role.ended_at is not None or role.look_at is None or role.look_at > now or role.until is None:
        return
    consortium = session.get_one(Consortium, consortium_id)
    if is_held(consortium, role, now):
        # what was missed while the bot did not run is told now; the end itself comes at its own moment
        role.look_at = ends_at(consortium, role.until)
        assignments.put(session, role, f"{ENDS}/{role.until}", _told(session, role), now, until=role.look_at)
    else:
        notices.recall(session, consortium_id, assignments.key(role))
        assignments.finish(session, consortium, role, now)
        assignments.put(session, role, OVER, _told(session, role), now)


def _told(session: Session, role: Role) -> set[MemberId]:
    """Give who is told of a term: who holds the role, and the facilitators."""
    return {role.member_id, *(one.id for one in members.facilitators(session, role.consortium_id))}


def draw(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Tell of terms that end, or are over, unless that was changed since."""
    consortium = session.get_one(Consortium, those[0].consortium_id)
    drawn: dict[NoticeId, RenderedNotice] = {}
    for notice in those:
        role = roles.get(session, consortium.id, notice.subject)
        piece = _piece(session, consortium, role, notice, now) if role is not None else None
        if piece is not None:
            drawn[notice.id] = piece
    return drawn


def _piece(session: Session, consortium: Consortium, role: Role, notice: Notice, now: datetime) -> Piece | None:
    people = members.named(session, [role.member_id, notice.member_id, role.created_by])
    holder, reader = people[role.member_id], people[notice.member_id]
    what = notice.key.split("/")[2:-1]
    if what[0] == GIVEN:
        held = is_held(consortium, role, now)
        return views.given(role, people[role.created_by].name) if held else None
    if what[0] == ENDS:
        if not is_held(consortium, role, now) or what[1] != str(role.until):
            return None
        turns = succession.turns(session, consortium, role, now, by_load=reader.facilitator)
        if not reader.facilitator:
            return views.ending_for_holder(role, turns)
        return views.ending(role, holder.name, turns, mine=reader.id == holder.id)
    again = roles.titled(session, consortium.id, role.title)
    if reader.facilitator and again is None:
        turns = succession.turns(session, consortium, role, now, by_load=True)
        return views.over(role, holder.name, turns, mine=reader.id == holder.id)
    goes_on = again is not None and again.member_id == holder.id
    return views.over_for_holder(role) if reader.id == holder.id and not goes_on else None
