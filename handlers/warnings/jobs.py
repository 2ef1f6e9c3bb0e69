"""What time brings to the balance: it is weighed when work has changed and once a day, and people hear of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.block_kit import Piece
from handlers.kit.dates import next_morning
from handlers.kit.isolation import alone
from handlers.kit.notices.sweep import RenderedNotice
from handlers.load.snapshot import LoadSnapshot
from handlers.warnings import detection, facilitator_views, lifecycle, suggestions, views, weekly
from handlers.warnings.detection import Beside, Found, subject_of
from handlers.warnings.lifecycle import begin_key, end_key, is_news
from handlers.warnings.texts import Report
from storage import agencies, load, members, warnings
from storage.consortia import Consortium
from storage.database import Database
from storage.notices import Notice
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, WarningKind
from storage.warnings import WorkWarning


def sweep(db: Database, now: datetime) -> None:
    """Weigh the consortia in which work has changed, or that were weighed yesterday; each in its own transaction."""
    with db.read() as session:
        due = load.due(session, now)
    for consortium_id in due:
        with alone(db) as session:
            # held for the whole transaction, so that it is read once
            consortium = session.get_one(Consortium, consortium_id)
            load.touch(session, consortium_id, next_morning(now, consortium.zone))
            lifecycle.weigh(session, consortium_id, now)
            weekly.plan(session, consortium_id, now)


next_due = load.next_due


# what people hear --------------------------------------------------------------------------------------


def tell(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Tell people that they hold too much, or no more."""
    consortium_id = those[0].consortium_id
    seen, beside = detection.look(session, consortium_id, now)
    current = _current(session, those, detection.found(seen, beside), now)
    advice = suggestions.advise(session, consortium_id, seen, {one.member_id for one in those}, together=False)
    drawn: dict[NoticeId, RenderedNotice] = {}
    for notice in those:
        caution, begun = current.get(notice.id, (None, False))
        found = advice.get(notice.member_id)
        if caution is not None and found is not None and begun is found.person.carried.is_over:
            again = begun and _has_heard(session, caution, notice.member_id)
            drawn[notice.id] = views.overload(found, again=again) if begun else views.eased(found.person)
    return drawn


def _current(
    session: Session, those: Sequence[Notice], found: Sequence[Found], now: datetime
) -> dict[NoticeId, tuple[WorkWarning, bool]]:
    """Map notices that are still news to what they are about, and whether it has begun (True) or ended (False).

    Whoever reads first of a beginning fixes when it was told, and how bad it was then.
    """
    known = warnings.several(session, {notice.subject for notice in those})
    measures = {(one.kind, one.subject): one.measure for one in found}
    current: dict[NoticeId, tuple[WorkWarning, bool]] = {}
    for notice in those:
        caution = known.get(notice.subject)
        if caution is None:
            continue
        measure = measures.get((caution.kind, caution.subject))
        if caution.ended_at is None and notice.key == begin_key(caution, notice.member_id) and measure is not None:
            if caution.told_times != caution.times and is_news(caution, measure, now):
                caution.told_times, caution.told_at, caution.measure = caution.times, now, measure
            if caution.told_times == caution.times:
                current[notice.id] = caution, True
        elif caution.ended_at is not None and notice.key == end_key(caution, notice.member_id):
            current[notice.id] = caution, False
    return current


def _has_heard(session: Session, caution: WorkWarning, member_id: MemberId) -> bool:
    """Tell whether somebody has read of a warning before, since it began."""
    keys = [begin_key(caution, member_id, times) for times in range(1, caution.times)]
    return any(at >= caution.began_at for at in warnings.said(session, caution.consortium_id, keys).values())


def report(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Tell who facilitates now, each in one piece, what there is to warn of and what has ended."""
    consortium_id = those[0].consortium_id
    facilitators = {one.id for one in members.facilitators(session, consortium_id)}
    wanted = [notice for notice in those if notice.member_id in facilitators]
    seen, beside = detection.look(session, consortium_id, now)
    current = _current(session, wanted, detection.found(seen, beside), now)
    by_member: dict[MemberId, dict[NoticeId, tuple[WorkWarning, bool]]] = {}
    for notice in wanted:
        if notice.id in current:
            by_member.setdefault(notice.member_id, {})[notice.id] = current[notice.id]
    told = [Telling.of(theirs.values()) for theirs in by_member.values()]
    facts = facts_for(session, consortium_id, seen, beside, told)
    made: dict[Telling, Piece | None] = {}
    drawn: dict[NoticeId, RenderedNotice] = {}
    for theirs, telling in zip(by_member.values(), told, strict=True):
        if telling not in made:
            made[telling] = facilitator_views.told(facts, telling.begun, telling.ended)
        drawn |= dict.fromkeys(theirs, made[telling])
    return drawn


@dataclass(frozen=True)
class Telling:
    """What one facilitator is told at once: what has begun, the worst first, and what has ended."""

    begun: tuple[WorkWarning, ...] = ()
    ended: tuple[WorkWarning, ...] = ()

    @classmethod
    def of(cls, theirs: Iterable[tuple[WorkWarning, bool]]) -> "Telling":
        """Sort what there is to tell."""
        found = sorted(theirs, key=lambda one: facilitator_views.order(one[0]))
        return cls(tuple(one for one, begun in found if begun), tuple(one for one, begun in found if not begun))

    @property
    def people(self) -> list[MemberId]:
        """List the people of whom it says what could be done."""
        persons = [one for one in self.begun if one.kind is WarningKind.PERSON]
        return [MemberId(subject_of(one.subject)) for one in persons[: facilitator_views.PEOPLE]]


def facts_for(
    session: Session, consortium_id: ConsortiumId, seen: LoadSnapshot, beside: Beside, told: Sequence[Telling]
) -> Report:
    """Gather all that is needed to put some warnings into words."""
    ended = {MemberId(subject_of(one.subject)) for telling in told for one in telling.ended}
    over = {person for telling in told for person in telling.people}
    return Report(
        seen,
        beside,
        suggestions.advise(session, consortium_id, seen, over, together=True),
        {id_: one.name for id_, one in agencies.every(session, consortium_id).items()},
        {id_: one.name for id_, one in members.named(session, ended).items() if one.consortium_id == consortium_id},
        session.get_one(Consortium, consortium_id).currency,
    )
