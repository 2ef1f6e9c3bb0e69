"""Scheduled work of warnings: the check of everybody's load, and the notices that follow from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.block_kit import MessagePart
from handlers.kit.dates import next_daily_check
from handlers.kit.isolation import row_transaction
from handlers.kit.notices.sweep import RenderedNotice
from handlers.load import rooms
from handlers.load.snapshot import LoadSnapshot
from handlers.warnings import detection, lifecycle, suggestions, views, weekly
from handlers.warnings.detection import Finding, PartnershipSnapshot, subject_id
from handlers.warnings.lifecycle import end_key, should_notify, start_key
from handlers.warnings.suggestions import HandoverPlans
from handlers.warnings.texts import WarningFacts
from storage import agencies, load, members, warnings
from storage.consortia import Consortium
from storage.database import Database
from storage.notices import Notice
from storage.vocabulary import ConsortiumId, MemberId, NoticeId
from storage.warnings import WorkWarning


def sweep(db: Database, now: datetime) -> None:
    """Update the warnings of consortia whose work has changed or whose daily check is due, each in a transaction."""
    with db.read() as session:
        due = load.list_due(session, now)
    for consortium_id in due:
        with row_transaction(db) as session:
            # Holding a reference keeps the consortium in the session, so that it is read once.
            consortium = session.get_one(Consortium, consortium_id)
            load.schedule_next_check(session, consortium_id, next_daily_check(now, consortium.zone))
            rooms.work_out_daily(session, consortium, now)
            lifecycle.update_warnings(session, consortium_id, now)
            weekly.schedule_summaries(session, consortium_id, now)


next_due = load.next_due


# notices -----------------------------------------------------------------------------------------------


def render_overload_notices(session: Session, batch: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the warnings to people about their own load, and the messages that it is fine again."""
    consortium_id = batch[0].consortium_id
    seen, partnership = detection.load_snapshots(session, consortium_id, now)
    current = _current(session, batch, detection.detect(seen, partnership), now)
    plans = suggestions.plan_handovers(session, consortium_id, seen)
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in batch:
        warning, is_active = current.get(notice.id, (None, False))
        person = seen.by_id.get(notice.member_id)
        if warning is None or person is None or is_active is not person.load.is_over:
            continue
        if is_active:
            again = _was_sent_before(session, warning, notice.member_id)
            rendered[notice.id] = views.overload_notice(plans.of(person), again=again)
        else:
            rendered[notice.id] = views.relief_notice(person)
    return rendered


def _current(
    session: Session, batch: Sequence[Notice], findings: Sequence[Finding], now: datetime
) -> dict[NoticeId, tuple[WorkWarning, bool]]:
    """Map the notices that still apply to their warnings, and to whether these are active (True) or ended (False).

    The first notice that is sent of a warning records when it was sent, and how bad it was then.
    """
    by_id = warnings.by_ids(session, {notice.subject for notice in batch})
    measures = {(finding.kind, finding.subject): finding.measure for finding in findings}
    current: dict[NoticeId, tuple[WorkWarning, bool]] = {}
    for notice in batch:
        warning = by_id.get(notice.subject)
        if warning is None:
            continue
        measure = measures.get((warning.kind, warning.subject))
        if warning.ended_at is None and notice.key == start_key(warning, notice.member_id) and measure is not None:
            if warning.told_times != warning.times and should_notify(warning, measure, now):
                warning.told_times, warning.told_at, warning.measure = warning.times, now, measure
            if warning.told_times == warning.times:
                current[notice.id] = warning, True
        elif warning.ended_at is not None and notice.key == end_key(warning, notice.member_id):
            current[notice.id] = warning, False
    return current


def _was_sent_before(session: Session, warning: WorkWarning, member_id: MemberId) -> bool:
    """Return whether a person has been sent a warning before, since it started."""
    keys = [start_key(warning, member_id, times) for times in range(1, warning.times)]
    return any(at >= warning.began_at for at in warnings.sent_at_by_key(session, warning.consortium_id, keys).values())


def render_facilitator_notices(
    session: Session, batch: Sequence[Notice], now: datetime
) -> dict[NoticeId, RenderedNotice]:
    """Render one piece for each current facilitator: the active warnings and the ended ones."""
    consortium_id = batch[0].consortium_id
    facilitators = {member.id for member in members.facilitators(session, consortium_id)}
    due = [notice for notice in batch if notice.member_id in facilitators]
    seen, partnership = detection.load_snapshots(session, consortium_id, now)
    current = _current(session, due, detection.detect(seen, partnership), now)
    by_member: dict[MemberId, dict[NoticeId, tuple[WorkWarning, bool]]] = {}
    for notice in due:
        if notice.id in current:
            by_member.setdefault(notice.member_id, {})[notice.id] = current[notice.id]
    news = [WarningNews.of(notices.values()) for notices in by_member.values()]
    facts = load_warning_facts(session, consortium_id, seen, partnership, news)
    pieces: dict[WarningNews, MessagePart | None] = {}
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notices, item in zip(by_member.values(), news, strict=True):
        if item not in pieces:
            pieces[item] = views.facilitator_notice(facts, item.active, item.ended)
        rendered |= dict.fromkeys(notices, pieces[item])
    return rendered


@dataclass(frozen=True)
class WarningNews:
    """The warnings that one facilitator is told of at once, the worst first."""

    active: tuple[WorkWarning, ...] = ()
    ended: tuple[WorkWarning, ...] = ()

    @classmethod
    def of(cls, items: Iterable[tuple[WorkWarning, bool]]) -> "WarningNews":
        """Sort (warning, whether it is active)."""
        ordered = sorted(items, key=lambda item: views.severity_order(item[0]))
        return cls(
            tuple(warning for warning, is_active in ordered if is_active),
            tuple(warning for warning, is_active in ordered if not is_active),
        )


def load_warning_facts(
    session: Session,
    consortium_id: ConsortiumId,
    seen: LoadSnapshot,
    partnership: PartnershipSnapshot,
    news: Sequence[WarningNews],
) -> WarningFacts:
    """Read everything needed to write these warnings."""
    ended = {MemberId(subject_id(warning.subject)) for item in news for warning in item.ended}
    return WarningFacts(
        seen,
        partnership,
        suggestions.plan_handovers(session, consortium_id, seen) if news else HandoverPlans(),
        {id_: agency.name for id_, agency in agencies.all_by_id(session, consortium_id).items()},
        {
            id_: member.name
            for id_, member in members.by_ids(session, ended).items()
            if member.consortium_id == consortium_id
        },
        session.get_one(Consortium, consortium_id).currency,
    )
