"""The agencies' shares that everybody may see, now and over the last weeks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from handlers.load.snapshot import LoadSnapshot
from handlers.workload import rules
from handlers.workload.rules import AgencyGroup, Trend
from storage import load
from storage.vocabulary import AgencyId, ConsortiumId, WeekRecord

TREND = timedelta(weeks=11)


@dataclass(frozen=True)
class SharesSnapshot:
    """The load, the groups of agencies that may be shown, and the trend of the last twelve weeks.

    `withheld` means that no sum is shown until the next week is recorded: it would tell what a few people carry who
    were counted in the last one.
    """

    load: LoadSnapshot
    groups: Sequence[AgencyGroup]
    trend: Trend
    withheld: bool = False

    @classmethod
    def of(cls, load: LoadSnapshot, weeks: Mapping[date, Mapping[AgencyId, WeekRecord]]) -> "SharesSnapshot":
        """Group the agencies so that no group reveals what one or two people carry, now or in an earlier week."""
        recorded = weeks[max(weeks)] if weeks else {}
        return cls(
            load,
            rules.pool_agencies(load.agencies, recorded),
            rules.trend(weeks, load.agencies),
            rules.lost_few(load.agencies, recorded),
        )


def shares_snapshot(session: Session, consortium_id: ConsortiumId, seen: LoadSnapshot) -> SharesSnapshot:
    """Read the loads of the last twelve weeks, and return them with the present shares."""
    since = seen.today - timedelta(days=seen.today.weekday()) - TREND
    return SharesSnapshot.of(seen, load.list_weeks(session, consortium_id, since))
