"""Making meetings: a series, and its next meetings one after the other."""

import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, cut, escape, moment, quote
from handlers.meetings import carry_over
from handlers.meetings.rules import recurrence
from storage import audit, meetings, members
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import MeetingState, MemberId

AHEAD = 3
"""So many meetings of a series are planned at a time, so that items can be put on their agendas."""

TITLE = 100
SHORTEST, LONGEST = 5, 12 * 60
DEFAULT_LENGTH = 60

EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 for:90m`'


@dataclass(frozen=True)
class SeriesDraft:
    """A series before it is made. `begins` is what the wall clock of `zone` shows, as text."""

    title: str
    channel: str
    begins: str
    zone: str
    rule: str | None = None
    length: int = DEFAULT_LENGTH
    chair: int | None = None
    notes: int | None = None
    private: bool = False
    steps: dict[str, int | None] = field(default_factory=dict)
    uid: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def wall(self) -> datetime:
        """Give what the wall clock shows when the first one begins, by its rule."""
        begins = datetime.fromisoformat(self.begins)
        return next(iter(recurrence.following(self.rule, begins, begins, 1)), begins)

    def dump(self) -> dict[str, Any]:
        """Give it as plain values, to be carried by a button or form."""
        return asdict(self)


def check_words(title: str, channel: str, length: int) -> None:
    """Refuse a name, channel or length that makes no sense. Raises Refusal."""
    if channel.startswith("D") or not channel:
        raise Refusal(
            "A meeting belongs to a channel, where its agenda and minutes are posted. Type the command there, or "
            "choose another channel in the form: `/meeting new`",
            field="channel",
        )
    if not title:
        raise Refusal(f"A meeting needs a name. {EXAMPLE}", field="title")
    if len(title) > TITLE:
        raise Refusal(f"The name has {len(title):,} characters; there is room for {TITLE}. {EXAMPLE}", field="title")
    if not SHORTEST <= length <= LONGEST:
        raise Refusal(
            f"A meeting takes {SHORTEST} minutes to {LONGEST // 60} hours; for several days make one for each. "
            f"{EXAMPLE}",
            field="length",
        )


def check(session: Session, caller: Caller, draft: SeriesDraft, now: datetime) -> None:
    """Refuse a meeting that makes no sense. Raises Refusal."""
    check_words(draft.title, draft.channel, draft.length)
    starts_at = dates.local(draft.wall, draft.zone)
    if starts_at <= now:
        raise Refusal(f"That has passed already. {EXAMPLE}", field="begins")
    if starts_at > now + dates.FARTHEST:
        raise Refusal(f"That is more than three years away. {EXAMPLE}", field="begins")
    _not_twice(session, caller, draft, starts_at, now)


def _not_twice(session: Session, caller: Caller, draft: SeriesDraft, starts_at: datetime, now: datetime) -> None:
    for meeting in meetings.coming_in(session, caller.consortium.id, draft.channel, now):
        if meeting.starts_at == starts_at and meetings.series_of(session, meeting).title == draft.title:
            raise Refusal(
                f"{quote(draft.title)} is planned here for {moment(starts_at, draft.zone)} already. `/meeting` lists "
                "what is planned.",
                field="begins",
            )


def make(session: Session, caller: Caller, draft: SeriesDraft, now: datetime) -> Series:
    """Make a series with its next meetings. Raises Refusal."""
    made = meetings.by_uid(session, draft.uid)
    if made is not None:
        raise Refusal(f"{bold(made.title)} is planned already. `/meeting` lists what is planned.")
    check(session, caller, draft, now)
    series = Series(
        consortium_id=caller.consortium.id,
        team_id=caller.workspace,
        channel=draft.channel,
        private=draft.private,
        title=draft.title,
        zone=draft.zone,
        first_day=draft.wall.date(),
        clock=f"{draft.wall:%H:%M}",
        rrule=draft.rule,
        length=draft.length,
        author_id=caller.person.id,
        chair_id=_living(session, caller, draft.chair, "chair").id if draft.chair else caller.person.id,
        notes_id=_living(session, caller, draft.notes, "notes").id if draft.notes else None,
        steps=draft.steps,
        uid=draft.uid,
        created_at=now,
    )
    session.add(series)
    session.flush()
    grow(session, series, now)
    audit.note(session, series.consortium_id, caller.person.id, "planned", f"meeting {series.title}", now)
    return series


def _living(session: Session, caller: Caller, member_id: int, field_name: str) -> Member:
    found = members.named(session, [MemberId(member_id)]).get(MemberId(member_id))
    if found is None or found.consortium_id != caller.consortium.id:
        raise Refusal(
            "This person does not belong to the consortium. `/consortium who` shows who does.", field=field_name
        )
    if found.left_at is not None:
        raise Refusal(f"{escape(found.name)} has left Slack. Choose somebody else.", field=field_name)
    return found


def grow(session: Session, series: Series, now: datetime) -> None:
    """Plan the next meetings of a series; those that went by while nobody looked are left out."""
    if series.ended_at is not None:
        return
    present = meetings.of_series(session, series.id)
    lacking = AHEAD - sum(one.ends_at > now and one.state is MeetingState.PLANNED for one in present)
    since = series.begins
    if present:
        last = max(one.original_at for one in present).astimezone(ZoneInfo(series.zone)).date()
        since = datetime.combine(last + timedelta(days=1), time())
    today = now.astimezone(ZoneInfo(series.zone)).replace(tzinfo=None)
    place = max((one.place for one in present), default=0)
    if lacking <= 0 or (series.rrule is None and present):
        return
    for wall in recurrence.following(series.rrule, series.begins, max(since, today), lacking):
        place += 1
        add(session, series, place, wall, now)


def add(session: Session, series: Series, place: int, wall: datetime, now: datetime) -> Meeting:
    """Plan one meeting of a series; what waits in its channel comes onto its agenda."""
    starts_at = dates.local(wall, series.zone)
    meeting = Meeting(
        consortium_id=series.consortium_id,
        series_id=series.id,
        place=place,
        original_at=starts_at,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=series.length),
        planned_at=now,
        excused=[],
        look_at=now,
    )
    session.add(meeting)
    session.flush()
    carry_over.fill(session, series, meeting)
    return meeting


def next_dates(draft: SeriesDraft, count: int = 3) -> list[datetime]:
    """Give the next dates of a series before it is made."""
    walls = recurrence.following(draft.rule, draft.wall, draft.wall, count)
    return [dates.local(wall, draft.zone) for wall in walls]


def describe(draft: SeriesDraft) -> str:
    """Say what would be planned: "Council, every first Thursday of the month at 14:00, 90 minutes"."""
    how = recurrence.words(draft.rule, draft.wall)
    return f"{bold(cut(draft.title, TITLE))}, {how} ({draft.zone.replace('_', ' ')}), {draft.length} minutes"
