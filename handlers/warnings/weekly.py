"""The week in a few lines, for facilitators on their Monday morning: only if there is something to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import Piece, section
from handlers.kit.dates import local
from handlers.kit.hours import number
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.text import counted, cut, escape, lines, listed
from handlers.load.snapshot import LoadSnapshot, Person
from handlers.warnings import detection, suggestions, texts
from storage import balance_inputs, members, notices
from storage.consortia import Consortium
from storage.notices import Notice, Wanted
from storage.vocabulary import ConsortiumId, NoticeId, NoticeKind

SUNDAY = 6
NAMES = 4


@dataclass(frozen=True)
class Week:
    """What facilitators hear on Monday: how open work stands, and who carries too much."""

    seen: LoadSnapshot
    late: int
    due: int

    @property
    def over(self) -> list[str]:
        """Name the people and agencies that carry too much, the people first."""
        people = sorted((one for one in self.seen.people if one.carried.is_over), key=lambda one: -one.carried.load)
        return [
            *(f"{_name(one.name)} (about {number(one.carried.load)} h)" for one in people),
            *(
                f"{_name(one.name)} ({texts.times(one.ratio)} its share)"
                for one in self.seen.agencies
                if self.seen.is_over(one) and one.fair
            ),
        ]

    @property
    def is_worth_saying(self) -> bool:
        """Tell whether anything is late, nobody's, or too much for somebody."""
        return bool(self.late or self.seen.free or self.over)


def plan(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Plan the summary for each facilitator's own Monday morning; looked at on Sunday and Monday."""
    consortium = session.get_one(Consortium, consortium_id)
    today = now.astimezone(ZoneInfo(consortium.zone)).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if today.weekday() == SUNDAY else 0)
    if today.weekday() not in {0, SUNDAY}:
        return
    _, morning = consortium.quiet_hours
    team_id = balance_inputs.speaks_from(session, consortium_id)
    wanted = []
    for one in members.facilitators(session, consortium_id):
        due_at = local(datetime.combine(monday, morning), one.zone)
        if due_at > now:
            about = (NoticeKind.WEEK, f"week/{monday}/{one.id}", monday.toordinal())
            until = due_at + timedelta(days=1)
            wanted.append(Wanted(consortium_id, one.id, team_id, *about, due_at=due_at, until=until))
    notices.put(session, *wanted)


def tell(session: Session, those: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Tell facilitators how the week begins."""
    consortium_id = those[0].consortium_id
    seen, _ = detection.look(session, consortium_id, now)
    late, due = balance_inputs.timing(session, consortium_id, seen.today, seen.today + timedelta(days=6))
    week = Week(seen, late, due)
    piece = shown(week, suggestions.with_room(seen)) if week.is_worth_saying else None
    facilitators = {one.id for one in members.facilitators(session, consortium_id)}
    return {notice.id: piece for notice in those if notice.member_id in facilitators}


def shown(week: Week, free: Sequence[Person]) -> Piece:
    """Put the week into a few lines."""
    seen = week.seen
    work = [
        f"{counted(week.late, 'task is', 'tasks are')} late" if week.late else "",
        f"{counted(week.due, 'falls', 'fall')} due until Sunday" if week.due else "",
        f"{counted(seen.free, 'is', 'are')} nobody's{_about(seen.free_hours)}" if seen.free else "",
        f"{counted(seen.unsized, 'has', 'have')} no effort noted" if seen.unsized else "",
    ]
    said = [part for part in work if part]
    text = lines(
        [
            "*The week begins*",
            f"Open work: {', '.join(said)}." if said else "",
            f"More than they have time for, or far above the share: {_some(week.over)}." if week.over else "",
            texts.has_room(free) if week.over or seen.free else "",
        ]
    )
    first = f"The week begins: {said[0]}." if said else f"The week begins: {week.over[0]} carries too much."
    return Piece(first, [section(text), block_kit.row(block_kit.button("Who carries what", "load.people"))])


def _about(hours: float) -> str:
    return f" (about {number(hours)} h)" if hours else ""


def _some(names: Sequence[str]) -> str:
    return listed([*names[:NAMES], f"{len(names) - NAMES} more"] if len(names) > NAMES else list(names))


def _name(name: str) -> str:
    return escape(cut(name, 60))
