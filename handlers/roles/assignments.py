"""Giving roles, passing them on, changing and ending them; each is one intention within the caller's transaction."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller, ask_whom
from handlers.kit.notices.messages import tell
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape
from handlers.roles import views
from handlers.roles.terms import ends_at, is_held, plan
from storage import audit, consortia, load, members, notices, roles
from storage.agencies import fold
from storage.consortia import Consortium
from storage.members import Member
from storage.notices import Wanted
from storage.roles import Role
from storage.vocabulary import Manner, MemberId, NoticeKind, RoleId

GIVEN, ENDS, OVER = "given", "ends", "over"
"""What is told of a role by itself; the words stand in the keys of notices."""


def key(role: Role, *what: object) -> str:
    """Name what is told of a role; ends in a slash, behind which stands who is told."""
    return "".join(f"{part}/" for part in ("role", role.id, *what))


def put(
    session: Session,
    role: Role,
    what: str,
    people: Collection[MemberId],
    now: datetime,
    *,
    until: datetime | None = None,
    manner: Manner = Manner.DAY,
) -> None:
    """Note what people are to be told of a role, once for each of them."""
    for person in sorted(people):
        about = (NoticeKind.ROLE, f"{key(role, what)}{person}", role.id)
        wanted = Wanted(role.consortium_id, person, role.team_id, *about, due_at=now, until=until, manner=manner)
        notices.put(session, wanted)


# finding -----------------------------------------------------------------------------------------------


def titled(session: Session, caller: Caller, title: str, now: datetime) -> Role:
    """Lock the role of this title that somebody holds. Raises Refusal."""
    found = roles.titled(session, caller.consortium.id, title)
    if found is None or not is_held(caller.consortium, found, now):
        _none_such(session, caller, title, now)
    return by_id(session, caller, found.id, now)


def by_id(session: Session, caller: Caller, role_id: int, now: datetime) -> Role:
    """Lock a role that somebody holds. Raises Refusal."""
    found = roles.lock(session, caller.consortium.id, role_id)
    if found is None or not is_held(caller.consortium, found, now):
        what = f"{bold(found.title)} is over already" if found is not None else "This role is not there any more"
        raise Refusal(f"{what}, so nothing has changed. `/workload roles` lists who holds what.")
    return found


def _none_such(session: Session, caller: Caller, title: str, now: datetime) -> NoReturn:
    held = [role for role in roles.held(session, caller.consortium.id) if is_held(caller.consortium, role, now)]
    names = [f"“{escape(role.title)}”" for role in held[:10]]
    there = f"Held at the moment: {', '.join(names)}. " if names else "Nobody holds a role yet. "
    raise Refusal(f"Nobody holds a role called {views.quoted(title)}. {there}`/workload roles` lists them.")


def may_end(caller: Caller, role: Role) -> bool:
    """Tell whether somebody may end a role: who holds it, and facilitators."""
    return caller.facilitates or role.member_id == caller.person.id


# deeds -------------------------------------------------------------------------------------------------


def add(
    session: Session, caller: Caller, title: str, to: Member, hours: float, until: date | None, now: datetime
) -> Role:
    """Give a new role, or one that is free, to somebody, who is told. Raises Refusal."""
    consortia.lock(session, caller.consortium.id)
    there = roles.titled(session, caller.consortium.id, title)
    if there is not None and is_held(caller.consortium, there, now):
        holder = members.named(session, [there.member_id])[there.member_id].name
        name = escape(there.title)
        raise Refusal(
            f'{escape(holder)} is {bold(there.title)} already. `/workload role pass "{name}" @name` gives it to '
            f'somebody else, `/workload role change "{name}" hours:6` changes it.'
        )
    if there is not None:
        _end(there, ends_at(caller.consortium, there.until) if there.until is not None else now)
    made = _make(session, caller, title, to, hours, until, now)
    _note(session, caller, made, "gave", now)
    return made


def _make(
    session: Session, caller: Caller, title: str, to: Member, hours: float, until: date | None, now: datetime
) -> Role:
    if to.left_at is not None:
        raise Refusal(f"{escape(to.name)} has left Slack, so nothing can be given there. Choose somebody else.")
    role = Role(
        consortium_id=caller.consortium.id,
        team_id=caller.workspace,
        title=title,
        folded=fold(title),
        member_id=to.id,
        agency_id=to.agency_id,
        hours=hours,
        until=until,
        created_by=caller.person.id,
        created_at=now,
    )
    plan(caller.consortium, role, now)
    session.add(role)
    session.flush()
    if to.id != caller.person.id:
        put(session, role, GIVEN, {to.id}, now, manner=Manner.HOUR)
    return role


def pass_on(
    session: Session,
    caller: Caller,
    role_id: RoleId,
    to: Member,
    hours: float | None,
    until: date | None,
    now: datetime,
) -> Role:
    """Give a role to somebody else from now on; without hours it takes as much as before. Raises Refusal.

    One that is free by now can be given too.
    """
    consortia.lock(session, caller.consortium.id)
    before = roles.lock(session, caller.consortium.id, role_id)
    if before is None:
        raise Refusal("This role is not there any more. `/workload roles` lists who holds what.")
    holds = is_held(caller.consortium, before, now)
    if holds and before.member_id == to.id:
        raise Refusal(
            f"{escape(to.name)} is {bold(before.title)} already. Choose somebody else: "
            f'`/workload role follow "{escape(before.title)}"` says who could follow.'
        )
    effort = before.hours if hours is None else hours
    if not holds:
        return add(session, caller, before.title, to, effort, until, now)
    _end(before, now)
    notices.recall(session, before.consortium_id, key(before))
    made = _make(session, caller, before.title, to, effort, until, now)
    _note(session, caller, made, "passed on", now)
    body = views.news(f"{escape(to.name)} is {bold(made.title)} from now on, says {escape(caller.person.name)}.")
    _tell(session, caller, before, before.member_id, body, now)
    return made


def change(session: Session, caller: Caller, role: Role, hours: float, until: date | None, now: datetime) -> str:
    """Change what a locked role takes a month, and how long its term is; who holds it is told."""
    if (hours, until) == (role.hours, role.until):
        return f"{bold(role.title)} stays as it was."
    if until != role.until:
        notices.recall(session, role.consortium_id, key(role, ENDS))
        role.until = until
        plan(caller.consortium, role, now)
    role.hours = hours
    _note(session, caller, role, "changed", now)
    said = f"{bold(role.title)} takes {views.terms(role)}"
    _tell(session, caller, role, role.member_id, views.news(f"{said}, says {escape(caller.person.name)}."), now)
    return f"{said}."


def end(session: Session, caller: Caller, role: Role, now: datetime) -> str:
    """End a locked role; who holds it is told, and facilitators where the holder gives it back. Raises Refusal."""
    if not may_end(caller, role):
        holder = members.named(session, [role.member_id])[role.member_id].name
        raise Refusal(
            f"{escape(holder)}, who holds {bold(role.title)}, or a facilitator ends it. "
            f"{ask_whom(session, caller.consortium)}"
        )
    _end(role, now)
    notices.recall(session, role.consortium_id, key(role))
    _note(session, caller, role, "ended", now)
    holder = members.named(session, [role.member_id])[role.member_id].name
    if role.member_id != caller.person.id:
        body = views.news(f"You are not {bold(role.title)} any more, says {escape(caller.person.name)}.")
        _tell(session, caller, role, role.member_id, body, now)
        return f"{bold(role.title)} is ended: {escape(holder)} holds it no more, and is told."
    chiefs = [one for one in members.facilitators(session, role.consortium_id) if one.id != caller.person.id]
    for chief in chiefs:
        _tell(session, caller, role, chief.id, views.given_back(role, holder), now)
    told = " The facilitators are told." if chiefs else ""
    return f"You hold {bold(role.title)} no more.{told}"


def _end(role: Role, at: datetime) -> None:
    role.ended_at, role.look_at = at, None


def finish(session: Session, consortium: Consortium, role: Role, now: datetime) -> None:
    """End a locked role whose term is over, at the moment at which it was."""
    if role.until is not None:
        _end(role, ends_at(consortium, role.until))
        audit.note(session, consortium.id, None, "ended by its term", f"role {role.title}", now)
        load.touch(session, consortium.id, now)


def _note(session: Session, caller: Caller, role: Role, deed: str, now: datetime) -> None:
    session.flush()
    audit.note(session, role.consortium_id, caller.person.id, deed, f"role {role.title}", now)
    load.touch(session, role.consortium_id, now)


def _tell(session: Session, caller: Caller, role: Role, to: MemberId, body: dict[str, object], now: datetime) -> None:
    """Tell somebody what the caller did with a role; the caller knows."""
    if to != caller.person.id:
        member = members.named(session, [to])[to]
        tell(session, role.team_id, member, body, f"news of the role {role.title}", now)


def summary(role: Role, holder: str) -> str:
    """Say who holds a role now, and on which terms."""
    told = "" if role.member_id == role.created_by else " They are told, and can give it back."
    return f"{escape(holder)} is {bold(role.title)} now: {views.terms(role)}.{told}"
