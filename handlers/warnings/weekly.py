"""The weekly summary for facilitators, on Monday morning, if there is anything to report."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, section
from handlers.kit.dates import local_to_utc
from handlers.kit.hours import format_hours
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.text import join_lines
from handlers.load.snapshot import LoadSnapshot
from handlers.warnings import detection, texts
from storage import balance_inputs, members, notices, warnings
from storage.consortia import Consortium
from storage.notices import NewNotice, Notice
from storage.vocabulary import ConsortiumId, NoticeId, NoticeKind, WarningKind

SUNDAY = 6
OVERLOADS = (WarningKind.PERSON, WarningKind.AGENCY)


@dataclass(frozen=True)
class WeekSnapshot:
    """The load at the start of a week, with how many open tasks are late, and due in it.

    `agreed` are the subjects of warnings about too much work that somebody acknowledged: they are not repeated here.
    """

    load: LoadSnapshot
    late: int
    due: int
    agreed: Collection[str] = ()

    @property
    def over(self) -> list[str]:
        """The people and agencies that carry too much, in words, the people first."""
        people = sorted(
            (person for person in self.load.people if person.load.is_over and f"member/{person.id}" not in self.agreed),
            key=lambda person: -person.load.hours,
        )
        return [
            *(f"{texts.short_name(person.name)} (about {format_hours(person.load.hours)} h)" for person in people),
            *(
                f"{texts.short_name(share.name)} ({texts.ratio_text(share.ratio)} its share)"
                for share in self.load.agencies
                if self.load.is_over(share) and share.fair and f"agency/{share.id}" not in self.agreed
            ),
        ]

    @property
    def is_worth_reporting(self) -> bool:
        """Whether anything is late, has no owner, or is too much for somebody."""
        return bool(self.late or self.load.unowned or self.over)


def schedule_summaries(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Schedule the summary for each facilitator's own Monday morning; does so on Sundays and Mondays."""
    consortium = session.get_one(Consortium, consortium_id)
    today = now.astimezone(ZoneInfo(consortium.zone)).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if today.weekday() == SUNDAY else 0)
    if today.weekday() not in {0, SUNDAY}:
        return
    _, morning = consortium.quiet_hours
    team_id = balance_inputs.main_workspace(session, consortium_id)
    wanted = []
    for member in members.facilitators(session, consortium_id):
        due_at = local_to_utc(datetime.combine(monday, morning), member.zone)
        if due_at > now:
            subject = (NoticeKind.WEEK, f"week/{monday}/{member.id}", monday.toordinal())
            until = due_at + timedelta(days=1)
            wanted.append(NewNotice(consortium_id, member.id, team_id, *subject, due_at=due_at, until=until))
    notices.add(session, *wanted)


def render_summaries(session: Session, batch: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the weekly summary for those who facilitate now."""
    consortium_id = batch[0].consortium_id
    load, _ = detection.load_snapshots(session, consortium_id, now)
    late, due = balance_inputs.count_overdue_and_due(session, consortium_id, load.today, load.today + timedelta(days=6))
    week = WeekSnapshot(load, late, due, warnings.agreed_subjects(session, consortium_id, OVERLOADS, now))
    piece = week_summary(week) if week.is_worth_reporting else None
    facilitators = {member.id for member in members.facilitators(session, consortium_id)}
    return {notice.id: piece for notice in batch if notice.member_id in facilitators}


def week_summary(week: WeekSnapshot) -> MessagePart:
    """Return the summary of a week."""
    load = week.load
    counts = [
        f"{week.late} late" if week.late else "",
        f"{week.due} due by Sunday" if week.due else "",
        f"{load.unowned} without an owner{_about(load.unowned_hours)}" if load.unowned else "",
        texts.unsized_text(load, str(load.unsized)),
    ]
    tasks = ", ".join(count for count in counts if count)
    parts = [
        f"Open tasks: {tasks}." if tasks else "",
        f"Too much work: {texts.some_names(week.over)}." if week.over else "",
    ]
    room = texts.room_text(load) if week.over or load.unowned else ""
    summary = f"The week ahead. {next(part for part in parts if part)}"
    button = block_kit.button("Who carries what", "load.people")
    return MessagePart(summary, [section(join_lines(["*The week ahead*", *parts, room])), block_kit.actions(button)])


def _about(hours: float) -> str:
    return f" (about {format_hours(hours)} h)" if hours else ""
