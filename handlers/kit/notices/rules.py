"""Not a nag: decide which notices a person gets now, which wait, and which are no longer of use.

Source: docs/rules.md, "Reminders and notices".
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.kit import quiet_hours as quiet
from handlers.kit.dates import local_to_utc
from storage.vocabulary import NoticeId, NoticeTiming


@dataclass(frozen=True)
class Recipient:
    """A person who gets notices. `told_on` is the date, in their zone, of the last daily message."""

    zone: str
    quiet_hours: tuple[time, time]
    away_until: datetime | None = None
    told_on: date | None = None
    at_once: bool = False


@dataclass(frozen=True)
class PendingNotice:
    """A notice that is wanted from `due_at` and useless from `until`."""

    id: NoticeId
    manner: NoticeTiming
    due_at: datetime
    until: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Return whether the notice is useless at a given time."""
        return self.until is not None and self.until <= at


@dataclass
class Plan:
    """What happens to the notices of one person: some are sent, some postponed until a time, some dropped."""

    send: list[NoticeId] = field(default_factory=list)
    postpone: dict[NoticeId, datetime] = field(default_factory=dict)
    drop: list[NoticeId] = field(default_factory=list)


def plan(recipient: Recipient, pending: Sequence[PendingNotice], now: datetime) -> Plan:
    """Plan all notices of a person. A notice that is not due yet only makes others wait for it.

    - People who are away get nothing.
    - Only notices that cannot wait are sent in quiet hours.
    - A notice with an hour of its own is sent at that hour, together with all others that are due.
    - The rest is sent in one message a day, unless waiting would make it useless.
    - Calm notices join any of these; by themselves, they are sent only after a day without a message.
    """
    result = Plan()
    due = [notice for notice in pending if notice.due_at <= now]
    result.drop = [notice.id for notice in due if notice.is_over(now)]
    useful = [notice for notice in due if not notice.is_over(now)]
    if recipient.away_until is not None and recipient.away_until > now:
        _postpone(result, useful, recipient.away_until)
        return result
    result.send = [notice.id for notice in useful if notice.manner is NoticeTiming.SOON]
    rest = [notice for notice in useful if notice.manner is not NoticeTiming.SOON]
    if quiet.is_quiet(now, recipient.zone, recipient.quiet_hours):
        _postpone(result, rest, quiet.next_open_time(now, recipient.zone, recipient.quiet_hours))
        return result
    timed = [notice.id for notice in rest if notice.manner is NoticeTiming.HOUR]
    result.send += timed
    for notice in rest:
        if notice.manner is NoticeTiming.DAY:
            at = now if timed or recipient.at_once else _daily_message(recipient, notice, pending, now)
            _send_or_wait(result, notice, at, now)
    is_company = len(result.send) > len([notice for notice in useful if notice.manner is NoticeTiming.SOON])
    for notice in rest:
        if notice.manner is NoticeTiming.CALM:
            waits_for = [*_next_messages(recipient, pending, now), *result.postpone.values()]
            at = now if is_company or recipient.at_once else _calm_message(recipient, notice, waits_for, now)
            _send_or_wait(result, notice, at, now)
    return result


def _send_or_wait(result: Plan, notice: PendingNotice, at: datetime, now: datetime) -> None:
    if at <= now:
        result.send.append(notice.id)
    else:
        result.postpone[notice.id] = at


def _postpone(result: Plan, notices: Sequence[PendingNotice], until: datetime) -> None:
    for notice in notices:
        if notice.is_over(until):
            result.drop.append(notice.id)
        else:
            result.postpone[notice.id] = until


def _next_messages(recipient: Recipient, pending: Sequence[PendingNotice], now: datetime) -> list[datetime]:
    """Return when other notices come that are not due yet, and that calm ones can join."""
    return [
        quiet.next_open_time(notice.due_at, recipient.zone, recipient.quiet_hours)
        for notice in pending
        if notice.manner in {NoticeTiming.DAY, NoticeTiming.HOUR} and notice.due_at > now
    ]


def calm_time(recipient: Recipient, now: datetime) -> datetime:
    """Return when a calm notice is sent by itself: in open hours, after a day without a message."""
    at = now
    if recipient.told_on is not None:
        after_a_day = datetime.combine(recipient.told_on + timedelta(days=2), time())
        at = max(now, local_to_utc(after_a_day, recipient.zone))
    return quiet.next_open_time(at, recipient.zone, recipient.quiet_hours)


def _calm_message(
    recipient: Recipient, notice: PendingNotice, waits_for: Sequence[datetime], now: datetime
) -> datetime:
    """Return when to send a calm notice: with the next message, or by itself after a day without one."""
    alone = calm_time(recipient, now)
    at = min(waits_for) if waits_for and alone <= now else min([*waits_for, alone])
    # better a second message than one that comes too late
    return now if notice.is_over(at) else at


def _daily_message(
    recipient: Recipient, notice: PendingNotice, pending: Sequence[PendingNotice], now: datetime
) -> datetime:
    """Return when to send a notice that has no hour of its own."""
    today = _date(recipient, now)
    timed_today = [
        other.due_at
        for other in pending
        if other.manner is NoticeTiming.HOUR
        and other.due_at > now
        and _date(recipient, other.due_at) == today
        and not quiet.is_quiet(other.due_at, recipient.zone, recipient.quiet_hours)
        and not notice.is_over(other.due_at)
    ]
    if timed_today:
        return min(timed_today)
    if recipient.told_on != today:
        return now
    midnight = local_to_utc(datetime.combine(today + timedelta(days=1), time()), recipient.zone)
    tomorrow = quiet.next_open_time(midnight, recipient.zone, recipient.quiet_hours)
    # two messages on a day are better than a reminder that comes too late
    return now if notice.is_over(tomorrow) else tomorrow


def _date(recipient: Recipient, at: datetime) -> date:
    return at.astimezone(ZoneInfo(recipient.zone)).date()
