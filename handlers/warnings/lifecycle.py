"""How warnings open, repeat and end, so that nothing is sent twice.

A warning is sent when it opens, again when it has worsened by a fifth or after four weeks, and once when it has
ended. One that returns soon after it ended is not sent again before that, so that a value near the threshold does not
cause a message each time. All of this is computed from what people have been sent, not from what was waiting to be
sent: what waits over a weekend may have ended or improved before anybody reads it.
Source: docs/rules.md, "The balance of work".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy.orm import Session

from handlers.load import rules
from handlers.warnings import detection
from handlers.warnings.detection import Finding, subject_id
from storage import balance_inputs, load, members, notices, warnings
from storage.notices import NewNotice
from storage.vocabulary import ConsortiumId, MemberId, NoticeKind, NoticeState, NoticeTiming, WarningKind, WeekRecord
from storage.warnings import WorkWarning

FOUR_WEEKS = timedelta(weeks=4)


@dataclass(frozen=True)
class WarningSender:
    """Where the warnings of one consortium are sent from, and to whom."""

    session: Session
    consortium_id: ConsortiumId
    now: datetime

    @cached_property
    def team_id(self) -> str:
        """The workspace from which warnings are sent."""
        return balance_inputs.main_workspace(self.session, self.consortium_id)

    @cached_property
    def facilitators(self) -> Collection[MemberId]:
        """The consortium's facilitators."""
        return [member.id for member in members.facilitators(self.session, self.consortium_id)]

    def recipients(self, warning: WorkWarning) -> list[tuple[NoticeKind, MemberId]]:
        """Return who receives a warning, and as what: the person it is about, and the other facilitators."""
        concerned = MemberId(subject_id(warning.subject)) if warning.kind is WarningKind.PERSON else None
        others = [(NoticeKind.BALANCE, member_id) for member_id in self.facilitators if member_id != concerned]
        return [*([(NoticeKind.LOAD, concerned)] if concerned is not None else []), *others]

    def start_keys(self, warning: WorkWarning, times: int | None = None) -> list[str]:
        """Return the keys of the notices that a warning has started, for all recipients."""
        return [start_key(warning, member_id, times) for _, member_id in self.recipients(warning)]


def start_key(warning: WorkWarning, member_id: MemberId, times: int | None = None) -> str:
    """Return the key of the notice that a warning has started or continues; `times` selects an earlier one."""
    return f"caution/{warning.id}/{warning.times if times is None else times}/{member_id}"


def end_key(warning: WorkWarning, member_id: MemberId) -> str:
    """Return the key of the notice that a warning has ended."""
    ended_at = int(warning.ended_at.timestamp()) if warning.ended_at else 0
    return f"caution/{warning.id}/ended/{ended_at}/{member_id}"


def should_notify(warning: WorkWarning, measure: float, now: datetime) -> bool:
    """Return whether a warning is new to everybody, worse by a fifth, or was last sent four weeks ago."""
    if warning.told_at is None or rules.is_worse(measure, warning.measure):
        return True
    return warning.told_at <= now - FOUR_WEEKS


def update_warnings(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Open, repeat and end a consortium's warnings as its current load requires; locks the known ones."""
    seen, partnership = detection.load_snapshots(session, consortium_id, now)
    sender = WarningSender(session, consortium_id, now)
    findings = {(finding.kind, finding.subject): finding for finding in detection.detect(seen, partnership)}
    recent = warnings.lock_recent(session, consortium_id, now - FOUR_WEEKS, now)
    active = {(warning.kind, warning.subject): warning for warning in recent if warning.ended_at is None}
    ended = {(warning.kind, warning.subject): warning for warning in recent if warning.ended_at is not None}
    for key, finding in findings.items():
        if key in active:
            _continue(sender, active[key], finding)
        elif key in ended:
            _resume(sender, ended[key], finding)
        else:
            _open(sender, finding)
    for key, warning in active.items():
        if key not in findings:
            _end(sender, warning)
    monday = seen.today - timedelta(days=seen.today.weekday())
    records = {share.id: WeekRecord(share.load, share.people) for share in seen.agencies}
    load.record_week(session, consortium_id, monday, records)


def _open(sender: WarningSender, finding: Finding) -> None:
    warning = WorkWarning(
        consortium_id=sender.consortium_id,
        kind=finding.kind,
        subject=finding.subject,
        measure=finding.measure,
        times=0,
        told_times=0,
        began_at=sender.now,
    )
    sender.session.add(warning)
    sender.session.flush()
    _send(sender, warning)


def _continue(sender: WarningSender, warning: WorkWarning, finding: Finding) -> None:
    """Send a warning again if there is reason to, unless an unsent notice of it is waiting anyway."""
    quiet = warning.quiet_until is not None and warning.quiet_until > sender.now
    if quiet or not should_notify(warning, finding.measure, sender.now):
        return
    keys = sender.start_keys(warning)
    states = warnings.notice_states(sender.session, sender.consortium_id, keys)
    is_waiting = NoticeState.WAITING in states and NoticeState.DROPPED not in states
    if keys and not (is_waiting and warning.told_times != warning.times):
        _send(sender, warning)


def _resume(sender: WarningSender, warning: WorkWarning, finding: Finding) -> None:
    """Reopen a warning that ended recently. If anybody was sent its end, it starts over."""
    ends = [end_key(warning, member_id) for _, member_id in sender.recipients(warning)]
    if warnings.sent_at_by_key(sender.session, sender.consortium_id, ends):
        warning.began_at = sender.now
    warning.ended_at = None
    _continue(sender, warning, finding)


def _send(sender: WarningSender, warning: WorkWarning) -> None:
    warning.times += 1
    warning.quiet_until, warning.agreed_by = None, None
    for kind, member_id in sender.recipients(warning):
        _put(sender, warning, kind, member_id, start_key(warning, member_id))


def _end(sender: WarningSender, warning: WorkWarning) -> None:
    """End a warning, and notify everybody who was sent it since it started."""
    warning.ended_at = sender.now
    if warning.told_at is None or warning.told_at < warning.began_at:
        return
    sent = warnings.sent_at_by_key(sender.session, sender.consortium_id, sender.start_keys(warning, warning.told_times))
    for kind, member_id in sender.recipients(warning):
        if start_key(warning, member_id, warning.told_times) in sent:
            _put(sender, warning, kind, member_id, end_key(warning, member_id))


def _put(sender: WarningSender, warning: WorkWarning, kind: NoticeKind, member_id: MemberId, key: str) -> None:
    notice = NewNotice(
        sender.consortium_id,
        member_id,
        sender.team_id,
        kind,
        key,
        warning.id,
        due_at=sender.now,
        manner=NoticeTiming.CALM,
    )
    notices.add(sender.session, notice)
