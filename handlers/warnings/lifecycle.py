"""Warnings as they come and go: opened, repeated, ended; nothing is said twice.

A warning is told when it opens, again when it has got worse by a fifth or after four weeks, and once when it has
ended. One that comes back soon after it ended is not told anew before that, so that a value that goes up and down
about the line makes no message each time. All of this is reckoned from what people have read, not from what was about
to be said: what waits over a weekend may be over, or better, before anybody reads it.
Source: docs/rules.md, "The balance of work".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from handlers.load import rules
from handlers.warnings import detection
from handlers.warnings.detection import Found, subject_of
from storage import balance_inputs, load, members, notices, warnings
from storage.notices import Wanted
from storage.vocabulary import ConsortiumId, MemberId, NoticeKind, NoticeState, WarningKind
from storage.warnings import WorkWarning

FOUR_WEEKS = timedelta(weeks=4)


@dataclass(frozen=True)
class Desk:
    """From where, and to whom, warnings of one consortium go."""

    session: Session
    consortium_id: ConsortiumId
    now: datetime

    @cached_property
    def team_id(self) -> str:
        """Name the workspace from which it is said."""
        return balance_inputs.speaks_from(self.session, self.consortium_id)

    @cached_property
    def facilitators(self) -> Collection[MemberId]:
        """List who facilitates."""
        return [one.id for one in members.facilitators(self.session, self.consortium_id)]

    def audience(self, caution: WorkWarning) -> list[tuple[NoticeKind, MemberId]]:
        """List who hears of a warning, and as what: the person whom it concerns, and the other facilitators."""
        concerned = MemberId(subject_of(caution.subject)) if caution.kind is WarningKind.PERSON else None
        told = [(NoticeKind.BALANCE, one) for one in self.facilitators if one != concerned]
        return [*([(NoticeKind.LOAD, concerned)] if concerned is not None else []), *told]

    def keys(self, caution: WorkWarning, times: int | None = None) -> list[str]:
        """Name what everybody who hears of a warning is told of it."""
        return [begin_key(caution, one, times) for _, one in self.audience(caution)]


def begin_key(caution: WorkWarning, member_id: MemberId, times: int | None = None) -> str:
    """Name the news that a warning has begun, or goes on; of an earlier time where `times` says so."""
    return f"caution/{caution.id}/{caution.times if times is None else times}/{member_id}"


def end_key(caution: WorkWarning, member_id: MemberId) -> str:
    """Name the news that a warning has ended."""
    ended_at = int(caution.ended_at.timestamp()) if caution.ended_at else 0
    return f"caution/{caution.id}/ended/{ended_at}/{member_id}"


def is_news(caution: WorkWarning, measure: float, now: datetime) -> bool:
    """Tell whether there is reason to say it: nobody has read of it yet, it is worse by a fifth, or four weeks old."""
    if caution.told_at is None or rules.is_worse(measure, caution.measure):
        return True
    return caution.told_at <= now - FOUR_WEEKS


def weigh(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Look at who carries what, and open, repeat or end warnings."""
    seen, other = detection.look(session, consortium_id, now)
    desk = Desk(session, consortium_id, now)
    there = {(one.kind, one.subject): one for one in detection.found(seen, other)}
    known = warnings.lately(session, consortium_id, now - FOUR_WEEKS, now)
    lasting = {(one.kind, one.subject): one for one in known if one.ended_at is None}
    past = {(one.kind, one.subject): one for one in known if one.ended_at is not None}
    for key, found in there.items():
        if key in lasting:
            _go_on(desk, lasting[key], found)
        elif key in past:
            _come_back(desk, past[key], found)
        else:
            _begin(desk, found)
    for key, caution in lasting.items():
        if key not in there:
            _end(desk, caution)
    monday = seen.today - timedelta(days=seen.today.weekday())
    load.note_week(session, consortium_id, monday, {share.id: share.load for share in seen.agencies})


def _begin(desk: Desk, found: Found) -> None:
    caution = WorkWarning(
        consortium_id=desk.consortium_id,
        kind=found.kind,
        subject=found.subject,
        measure=found.measure,
        times=0,
        told_times=0,
        began_at=desk.now,
    )
    desk.session.add(caution)
    desk.session.flush()
    _tell(desk, caution)


def _go_on(desk: Desk, caution: WorkWarning, found: Found) -> None:
    """Tell of it again where there is reason to, and nobody is about to read of it anyway."""
    quiet = caution.quiet_until is not None and caution.quiet_until > desk.now
    if quiet or not is_news(caution, found.measure, desk.now):
        return
    keys = desk.keys(caution)
    states = warnings.states(desk.session, desk.consortium_id, keys)
    waits = NoticeState.WAITING in states and NoticeState.DROPPED not in states
    if keys and not (waits and caution.told_times != caution.times):
        _tell(desk, caution)


def _come_back(desk: Desk, caution: WorkWarning, found: Found) -> None:
    """Take a warning up again that has ended not long ago: where somebody has read of its end, it has begun anew."""
    ends = [end_key(caution, one) for _, one in desk.audience(caution)]
    if warnings.said(desk.session, desk.consortium_id, ends):
        caution.began_at = desk.now
    caution.ended_at = None
    _go_on(desk, caution, found)


def _tell(desk: Desk, caution: WorkWarning) -> None:
    caution.times += 1
    caution.quiet_until, caution.agreed_by = None, None
    for kind, member_id in desk.audience(caution):
        _put(desk, caution, kind, member_id, begin_key(caution, member_id))


def _end(desk: Desk, caution: WorkWarning) -> None:
    """End a warning, and say so to those who have read of it since it began."""
    caution.ended_at = desk.now
    if caution.told_at is None or caution.told_at < caution.began_at:
        return
    heard = warnings.said(desk.session, desk.consortium_id, desk.keys(caution, caution.told_times))
    for kind, member_id in desk.audience(caution):
        if begin_key(caution, member_id, caution.told_times) in heard:
            _put(desk, caution, kind, member_id, end_key(caution, member_id))


def _put(desk: Desk, caution: WorkWarning, kind: NoticeKind, member_id: MemberId, key: str) -> None:
    wanted = Wanted(desk.consortium_id, member_id, desk.team_id, kind, key, caution.id, due_at=desk.now)
    notices.put(desk.session, wanted)
