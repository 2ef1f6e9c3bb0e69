"""When people's room for more work is worked out: once a day, and when they change their hours or their offer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.dates import last_daily_check
from handlers.load import rules
from handlers.load.snapshot import consortium_today
from storage import load, rooms
from storage.consortia import Consortium
from storage.members import Member


def work_out_daily(session: Session, consortium: Consortium, now: datetime) -> None:
    """Work out the room of those who offered to take on more work, unless that was done since the last daily check.

    It does not follow the changes of a day: whoever changes work and watches who has room would learn hours that
    people keep private.
    """
    work_out(
        session, consortium, rooms.list_outdated(session, consortium.id, last_daily_check(now, consortium.zone)), now
    )


def work_out(session: Session, consortium: Consortium, people: Sequence[Member], now: datetime) -> None:
    """Work out the room of these members in two statements, and store it. Open offers are not part of it."""
    if not people:
        return
    today = consortium_today(consortium, now)
    by_creator = rooms.hours_by_creator(session, [person.id for person in people], today + rules.LOAD_PERIOD)
    roles = load.role_hours(session, consortium.id, today)
    for person in people:
        hours = by_creator.get(person.id, {})
        own = consortium.hours_a_month if person.hours_a_month is None else person.hours_a_month
        rooms.record(
            session,
            {
                "member_id": person.id,
                "hours": own,
                "load": sum(hours.values()) + roles.get(person.id, 0.0),
                "given": {str(creator): effort for creator, effort in hours.items() if creator != person.id},
                "worked_out_at": now,
            },
        )
