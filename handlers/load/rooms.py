"""When people's room for more work is worked out, and from what: once a day, from what they agreed to themselves."""

import math
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.kit.dates import last_daily_check
from handlers.load import rules
from handlers.load.snapshot import consortium_today
from storage import rooms
from storage.consortia import Consortium
from storage.members import Member
from storage.roles import Role
from storage.rooms import Agreed
from storage.tasks import Task
from storage.vocabulary import MemberId, TaskState


def work_out_daily(session: Session, consortium: Consortium, now: datetime) -> None:
    """Work out the room of those who offered to take on more work, unless that was done since the last daily check.

    It follows what they agreed to themselves, not what others change: who changes work and watches who has room would
    learn hours that people keep private. What others take away from them ends once a month, for everything together.
    """
    people = rooms.list_outdated(session, consortium.id, last_daily_check(now, consortium.zone))
    today = consortium_today(consortium, now)
    known = rooms.lock_agreed(session, [person.id for person in people])
    due = [person.id for person in people if person.id in known and rules.is_cleared_now(known[person.id][1], today)]
    carried = rooms.carried_work(session, due) if due else {}
    for person in people:
        if person.id in known:
            agreed, cleared_on = known[person.id]
            if person.id in carried:
                agreed, cleared_on = {key: agreed[key] for key in agreed if key in carried[person.id]}, today
            _record(session, consortium, person, agreed, cleared_on, now)
    work_out(session, consortium, [person for person in people if person.id not in known], now)


def work_out(session: Session, consortium: Consortium, people: Sequence[Member], now: datetime) -> None:
    """Work out the room of members who have just stated their hours or their offer: they agree to what they carry.

    Open offers are not part of it.
    """
    if not people:
        return
    carried = rooms.carried_work(session, [person.id for person in people])
    for person in people:
        _record(session, consortium, person, carried[person.id], consortium_today(consortium, now), now)


def _record(
    session: Session, consortium: Consortium, person: Member, agreed: Agreed, cleared_on: date, now: datetime
) -> None:
    today = consortium_today(consortium, now)
    own = consortium.hours_a_month if person.hours_a_month is None else person.hours_a_month
    load = math.fsum(hours for key, (hours, day) in agreed.items() if _counts(key, day, today))
    rooms.record(session, person.id, own, load, agreed, cleared_on, now)


def _counts(key: str, day: date | None, today: date) -> bool:
    if rooms.is_role(key):
        return day is None or day >= today
    return rules.counts_as_load(day, today)


# what people agree to ----------------------------------------------------------------------------------


def agree_to_task(session: Session, member_id: MemberId, task: Task) -> None:
    """Record that a member took, changed, settled or handed on a task themselves."""
    is_carried = task.owner_id == member_id and task.state is TaskState.OPEN and task.hours is not None
    _agree(session, member_id, rooms.task_key(task), (task.hours or 0.0, task.due_on) if is_carried else None)


def agree_to_role(session: Session, member_id: MemberId, role: Role) -> None:
    """Record that a member took, changed or ended a role of their own themselves."""
    is_held = role.member_id == member_id and role.ended_at is None
    _agree(session, member_id, rooms.role_key(role), (role.hours, role.until) if is_held else None)


def _agree(session: Session, member_id: MemberId, key: str, terms: tuple[float, date | None] | None) -> None:
    for agreed, _ in rooms.lock_agreed(session, [member_id]).values():
        if agreed.get(key) != terms:
            others = {other: agreed[other] for other in agreed if other != key}
            rooms.save_agreed(session, member_id, others if terms is None else {**others, key: terms})
