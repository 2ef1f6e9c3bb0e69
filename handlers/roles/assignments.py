"""Operations on roles: give, pass on, change, and end; each is one intention within the caller's transaction."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller, facilitators_to_ask
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape
from handlers.load import rooms
from handlers.roles import views
from handlers.roles.terms import ends_at, is_held, schedule_check
from storage import audit, consortia, load, members, notices, roles
from storage.consortia import Consortium
from storage.members import Member
from storage.names import normalize_name
from storage.notices import NewNotice
from storage.roles import Role
from storage.vocabulary import MemberId, NoticeKind, NoticeTiming, RoleId

GIVEN, ENDS, OVER = "given", "ends", "over"
"""The kinds of notices about a role, as they stand in the notices' keys."""


# finding -----------------------------------------------------------------------------------------------


def lock_by_title(session: Session, caller: Caller, title: str, now: datetime) -> Role:
    """Lock the current role with this title. Raise `Refusal` if nobody holds it."""
    role = roles.find_by_title(session, caller.consortium.id, title)
    if role is None or not is_held(caller.consortium, role, now):
        _refuse_unknown_title(session, caller, title, now)
    return lock_by_id(session, caller, role.id, now)


def _refuse_unknown_title(session: Session, caller: Caller, title: str, now: datetime) -> NoReturn:
    held = [role for role in roles.list_current(session, caller.consortium.id) if is_held(caller.consortium, role, now)]
    names = [f"“{escape(role.title)}”" for role in held[:10]]
    current = (
        f"Current roles: {', '.join(names)}. `/workload roles` lists them."
        if names
        else f"There are no current roles. For example: {views.ADD_EXAMPLE}"
    )
    raise Refusal(f"Nobody holds a role called {views.quoted_title(title)}. {current}")


def lock_by_id(session: Session, caller: Caller, role_id: int, now: datetime) -> Role:
    """Lock a current role. Raise `Refusal` if nobody holds it."""
    # first, because passing a role on needs this lock, and it comes before the one of the role
    consortia.lock(session, caller.consortium.id)
    role = roles.lock(session, caller.consortium.id, role_id)
    if role is None or not is_held(caller.consortium, role, now):
        reason = f"{bold(role.title)} is already over" if role is not None else "This role no longer exists"
        raise Refusal(f"{reason}, so nothing has changed. `/workload roles` lists the current roles.")
    return role


# operations --------------------------------------------------------------------------------------------


def give_role(
    session: Session, caller: Caller, title: str, to: Member, hours: float, until: date | None, now: datetime
) -> Role:
    """Give a new or free role to a person, who is told. Raise `Refusal` if somebody holds it."""
    consortia.lock(session, caller.consortium.id)
    previous = roles.find_by_title(session, caller.consortium.id, title)
    if previous is not None and is_held(caller.consortium, previous, now):
        holder = members.by_ids(session, [previous.member_id])[previous.member_id].name
        name = escape(previous.title)
        raise Refusal(
            f"{escape(holder)} is already {bold(previous.title)}. To pass it on: "
            f'`/workload role pass "{name}" @name`. To change it: `/workload role change "{name}" hours:6`'
        )
    if previous is not None:
        _set_end(previous, ends_at(caller.consortium, previous.until) if previous.until is not None else now)
    role = _add_role(session, caller, title, to, hours, until, now)
    _record(session, caller, role, "gave", now)
    return role


def pass_role(
    session: Session,
    caller: Caller,
    role_id: RoleId,
    to: Member,
    hours: float | None,
    until: date | None,
    now: datetime,
) -> Role:
    """Pass a role on to another person, and tell both; `hours` of None keeps the current hours.

    A role that nobody holds any longer can be given this way too. Raise `Refusal` if the person already holds it.
    """
    consortia.lock(session, caller.consortium.id)
    previous = roles.lock(session, caller.consortium.id, role_id)
    if previous is None:
        raise Refusal("This role no longer exists. `/workload roles` lists the current roles.")
    held = is_held(caller.consortium, previous, now)
    if held and previous.member_id == to.id:
        raise Refusal(
            f"{escape(to.name)} is already {bold(previous.title)}. Choose someone else. "
            f'`/workload role follow "{escape(previous.title)}"` shows who could follow.'
        )
    new_hours = previous.hours if hours is None else hours
    if not held:
        return give_role(session, caller, previous.title, to, new_hours, until, now)
    _set_end(previous, now)
    if previous.member_id == caller.person.id:
        load.schedule_check(session, previous.consortium_id, now)
        rooms.agree_to_role(session, caller.person.id, previous)
    notices.delete_waiting(session, previous.consortium_id, notice_key(previous))
    role = _add_role(session, caller, previous.title, to, new_hours, until, now)
    _record(session, caller, role, "passed on", now)
    body = views.news(f"{escape(caller.person.name)} has passed {bold(role.title)} on to {escape(to.name)}.")
    _notify(session, caller, previous, previous.member_id, body, now)
    return role


def _add_role(
    session: Session, caller: Caller, title: str, to: Member, hours: float, until: date | None, now: datetime
) -> Role:
    if to.left_at is not None:
        raise Refusal(f"{escape(to.name)} has left the consortium. Choose someone else.")
    role = Role(
        consortium_id=caller.consortium.id,
        team_id=caller.workspace,
        title=title,
        folded=normalize_name(title),
        member_id=to.id,
        agency_id=to.agency_id,
        hours=hours,
        until=until,
        created_by=caller.person.id,
        created_at=now,
    )
    schedule_check(caller.consortium, role, now)
    session.add(role)
    session.flush()
    if to.id != caller.person.id:
        schedule_notices(session, role, GIVEN, {to.id}, now, manner=NoticeTiming.HOUR)
    return role


def change_role(session: Session, caller: Caller, role: Role, hours: float, until: date | None, now: datetime) -> str:
    """Change the hours and the term of a locked role, tell its holder, and return the answer."""
    if (hours, until) == (role.hours, role.until):
        return f"{bold(role.title)} stays as it is."
    if until != role.until:
        notices.delete_waiting(session, role.consortium_id, notice_key(role, ENDS))
        role.until = until
        schedule_check(caller.consortium, role, now)
    role.hours = hours
    _record(session, caller, role, "changed", now)
    sentence = f"{bold(role.title)} now takes {views.terms_text(role)}."
    news = views.news(f"{escape(caller.person.name)} has changed your role. {sentence}")
    _notify(session, caller, role, role.member_id, news, now)
    return sentence


def may_end(caller: Caller, role: Role) -> bool:
    """Return whether the caller may end a role: its holder and facilitators may."""
    return caller.facilitates or role.member_id == caller.person.id


def end_role(session: Session, caller: Caller, role: Role, now: datetime) -> str:
    """End a locked role and return the answer.

    The holder is told; when the holder gives the role back, the facilitators are. Raise `Refusal` if the caller
    may not end it.
    """
    holder = members.by_ids(session, [role.member_id])[role.member_id].name
    if not may_end(caller, role):
        raise Refusal(
            f"Only {escape(holder)}, who holds {bold(role.title)}, or a facilitator can end it. "
            f"{facilitators_to_ask(session, caller.consortium)}"
        )
    _set_end(role, now)
    notices.delete_waiting(session, role.consortium_id, notice_key(role))
    _record(session, caller, role, "ended", now)
    if role.member_id != caller.person.id:
        body = views.news(f"{escape(caller.person.name)} has ended your role {bold(role.title)}.")
        _notify(session, caller, role, role.member_id, body, now)
        return f"{bold(role.title)} has ended, and {escape(holder)} has been told."
    facilitators = [f for f in members.facilitators(session, role.consortium_id) if f.id != caller.person.id]
    for facilitator in facilitators:
        _notify(session, caller, role, facilitator.id, views.given_back(role, holder), now)
    told = " The facilitators have been told." if facilitators else ""
    return f"You no longer hold {bold(role.title)}.{told}"


def end_expired(session: Session, consortium: Consortium, role: Role, now: datetime) -> None:
    """End a locked role whose term is over, as of the end of its last day."""
    if role.until is not None:
        _set_end(role, ends_at(consortium, role.until))
        audit.record(session, consortium.id, None, "ended by its term", f"role {role.title}", now)
        load.schedule_check(session, consortium.id, now)


def _set_end(role: Role, at: datetime) -> None:
    role.ended_at, role.look_at = at, None


def _record(session: Session, caller: Caller, role: Role, deed: str, now: datetime) -> None:
    """Store a change in the audit log, and have everyone's load checked again."""
    session.flush()
    load.schedule_check(session, role.consortium_id, now)
    rooms.agree_to_role(session, caller.person.id, role)
    audit.record(session, role.consortium_id, caller.person.id, deed, f"role {role.title}", now)


# notices -----------------------------------------------------------------------------------------------


def notice_key(role: Role, *parts: object) -> str:
    """Return the beginning of the keys of notices about a role; the recipient's id follows the last slash."""
    return "".join(f"{part}/" for part in ("role", role.id, *parts))


def schedule_notices(
    session: Session,
    role: Role,
    kind: str,
    recipients: Collection[MemberId],
    now: datetime,
    *,
    until: datetime | None = None,
    manner: NoticeTiming = NoticeTiming.DAY,
) -> None:
    """Schedule one notice about a role for each recipient; it is dropped at `until`."""
    for recipient in sorted(recipients):
        about = (NoticeKind.ROLE, f"{notice_key(role, kind)}{recipient}", role.id)
        wanted = NewNotice(role.consortium_id, recipient, role.team_id, *about, due_at=now, until=until, manner=manner)
        notices.add(session, wanted)


def _notify(session: Session, caller: Caller, role: Role, to: MemberId, body: dict[str, object], now: datetime) -> None:
    """Send a person news of a role, unless that person is the caller."""
    if to != caller.person.id:
        member = members.by_ids(session, [to])[to]
        queue_direct_message(session, role.team_id, member, body, f"news of the role {role.title}", now)
