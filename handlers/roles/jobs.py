"""Scheduled work: announcing terms that end soon, and ending those that are over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.block_kit import MessagePart
from handlers.kit.isolation import row_transaction
from handlers.kit.notices.sweep import RenderedNotice
from handlers.roles import assignments, succession, views
from handlers.roles.assignments import ENDS, GIVEN, OVER
from handlers.roles.terms import ends_at, is_held
from storage import members, notices, roles
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.notices import Notice
from storage.roles import Role
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, RoleId


def sweep(db: Database, now: datetime) -> None:
    """Announce terms that end soon, and end those that are over; each role in a transaction of its own."""
    with db.read() as session:
        due = roles.list_due(session, now)
    for consortium_id, role_id in due:
        with row_transaction(db) as session:
            _check_term(session, consortium_id, role_id, now)


next_due = roles.next_due


def _check_term(session: Session, consortium_id: ConsortiumId, role_id: RoleId, now: datetime) -> None:
    role = roles.lock(session, consortium_id, role_id)
    if role is None or role.ended_at is not None or role.look_at is None or role.look_at > now or role.until is None:
        return
    consortium = session.get_one(Consortium, consortium_id)
    if is_held(consortium, role, now):
        # an announcement missed while the bot was not running goes out now; the next check is at the end itself
        role.look_at = ends_at(consortium, role.until)
        kind = f"{ENDS}/{role.until}"
        assignments.schedule_notices(session, role, kind, _recipients(session, role), now, until=role.look_at)
    else:
        notices.delete_waiting(session, consortium_id, assignments.notice_key(role))
        assignments.end_expired(session, consortium, role, now)
        assignments.schedule_notices(session, role, OVER, _recipients(session, role), now)


def _recipients(session: Session, role: Role) -> set[MemberId]:
    """Return who is told about a term: the holder of the role and the facilitators."""
    return {role.member_id, *(member.id for member in members.facilitators(session, role.consortium_id))}


def render_notices(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render notices about roles, leaving out those that are no longer true."""
    consortium = session.get_one(Consortium, due[0].consortium_id)
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in due:
        role = roles.get(session, consortium.id, notice.subject)
        piece = _render(session, consortium, role, notice, now) if role is not None else None
        if piece is not None:
            rendered[notice.id] = piece
    return rendered


def _render(session: Session, consortium: Consortium, role: Role, notice: Notice, now: datetime) -> MessagePart | None:
    people = members.by_ids(session, [role.member_id, notice.member_id, role.created_by])
    holder, reader = people[role.member_id], people[notice.member_id]
    kind, *details = notice.key.split("/")[2:-1]
    if kind == GIVEN:
        return views.given(role, people[role.created_by].name) if is_held(consortium, role, now) else None
    if kind == ENDS:
        announced_for = details[0]
        if not is_held(consortium, role, now) or announced_for != str(role.until):
            return None
        turns = succession.agencies_in_turn(session, consortium, role, now, by_load=reader.facilitator)
        if not reader.facilitator:
            return views.ends_soon_for_holder(role, turns)
        return views.ends_soon(role, holder.name, turns, mine=reader.id == holder.id)
    return _render_over(session, consortium, role, holder, reader, now)


def _render_over(
    session: Session, consortium: Consortium, role: Role, holder: Member, reader: Member, now: datetime
) -> MessagePart | None:
    """Render the notice that a term is over, for a facilitator while the role is free, and for its last holder."""
    current = roles.find_by_title(session, consortium.id, role.title)
    if reader.facilitator and current is None:
        turns = succession.agencies_in_turn(session, consortium, role, now, by_load=True)
        return views.over(role, holder.name, turns, mine=reader.id == holder.id)
    holds_it_again = current is not None and current.member_id == holder.id
    return views.over_for_holder(role) if reader.id == holder.id and not holds_it_again else None
