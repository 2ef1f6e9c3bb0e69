"""The agencies' shares that everybody may see, now and over the last weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from handlers.load.snapshot import LoadSnapshot
from handlers.workload import rules
from handlers.workload.rules import AgencyGroup
from storage import load
from storage.vocabulary import AgencyId, ConsortiumId

TREND = timedelta(weeks=11)


@dataclass(frozen=True)
class SharesSnapshot:
    """The load, the groups of agencies that may be shown, and (week, agency, hours) of the last twelve weeks."""

    load: LoadSnapshot
    groups: Sequence[AgencyGroup]
    weeks: Sequence[tuple[date, AgencyId, float]]

    @classmethod
    def of(cls, load: LoadSnapshot, weeks: Sequence[tuple[date, AgencyId, float]]) -> "SharesSnapshot":
        """Group the agencies so that no group reveals what one or two people carry."""
        return cls(load, rules.pool_agencies(load.agencies), weeks)


def shares_snapshot(session: Session, consortium_id: ConsortiumId, seen: LoadSnapshot) -> SharesSnapshot:
    """Read the loads of the last twelve weeks, and return them with the present shares."""
    since = seen.today - timedelta(days=seen.today.weekday()) - TREND
    return SharesSnapshot.of(seen, load.list_weeks(session, consortium_id, since))
