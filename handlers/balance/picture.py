"""Who carries what, as it stands now: plain values for everything that is weighed, said or drawn."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.balance import rules
from storage import balance
from storage.consortia import Consortium
from storage.members import Member
from storage.vocabulary import ConsortiumId, MemberId


@dataclass(frozen=True)
class Carried:
    """What one person carries for the next 30 days, and what they have for it a month; both in hours."""

    load: float
    hours: float

    @property
    def room(self) -> float:
        """Give the hours that are left; nothing where there are none."""
        return max(0.0, self.hours - self.load)

    @property
    def is_over(self) -> bool:
        """Tell whether it is more than the person has time for."""
        return rules.is_over_hours(self.load, self.hours)


def person(session: Session, consortium_id: ConsortiumId, member_id: MemberId, now: datetime) -> Carried:
    """Weigh one person: two or three statements, whatever there is to do."""
    consortium = session.get_one(Consortium, consortium_id)
    today = day(consortium, now)
    tasks, roles = balance.carried(session, consortium_id, member_id, today + rules.AHEAD, today)
    said = session.get_one(Member, member_id).hours_a_month
    return Carried(tasks + roles, consortium.hours_a_month if said is None else said)


def day(consortium: Consortium, now: datetime) -> date:
    """Give the day on which a consortium lives: its 30 days are counted from there, for everybody alike."""
    return now.astimezone(ZoneInfo(consortium.zone)).date()
