"""Creating series of meetings, and planning their next meetings."""

import uuid
from dataclasses import asdict, dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, quote, shows_nothing, slack_date, truncate
from handlers.meetings import carry_over, channel_posts, snapshot
from handlers.meetings.closures import closed_note
from handlers.meetings.rules import recurrence, rule_words, step_times
from handlers.meetings.rules.step_times import MeetingStep
from storage import audit, consortia, meetings, members
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import MeetingState, MemberId

AHEAD = 3
"""How many meetings of a series are planned at a time, so that they have agendas to put items on."""

MAX_TITLE = 100
"""The longest name of a meeting, in characters."""

MIN_LENGTH, MAX_LENGTH, DEFAULT_LENGTH = 5, 12 * 60, 60
"""The length of a meeting, in minutes."""

EXAMPLE = 'For example: `/meeting new "Council" 2026-12-03 14:00 for:90m`'


@dataclass(frozen=True)
class SeriesDraft:
    """A series before it is created.

    `begins` is the wall-clock time in `zone`, in ISO format; `length` is in minutes; `chair` and `notes` are member
    ids.
    """

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
        """Return the wall-clock time of the first meeting that its rule allows."""
        begins = datetime.fromisoformat(self.begins)
        return next(iter(recurrence.occurrences(self.rule, begins, begins, 1, self.zone)), begins)

    def dump(self) -> dict[str, Any]:
        """Return the draft as plain values, for a button or form to carry."""
        return asdict(self)


def create_series(session: Session, caller: Caller, draft: SeriesDraft, now: datetime) -> Series:
    """Create a series and its next meetings. Raise `Refusal` where the draft is invalid or already planned."""
    consortia.lock(session, caller.consortium.id)
    if meetings.has_series(session, caller.consortium.id, draft.uid):
        # it may have another title by now, which is for those who may see it
        raise Refusal(f"{bold(draft.title)} is already planned. `/meeting` lists what is planned.")
    check_draft(session, caller, draft, now)
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
        chair_id=_current_member(session, caller, draft.chair, "chair").id if draft.chair else caller.person.id,
        notes_id=_current_member(session, caller, draft.notes, "notes").id if draft.notes else None,
        steps=draft.steps,
        uid=draft.uid,
        created_at=now,
    )
    session.add(series)
    session.flush()
    plan_next_meetings(session, series, now)
    channel_posts.post_planned(session, series, meetings.meetings_of_series(session, series.id)[0], now)
    audit.record(session, series.consortium_id, caller.person.id, "planned", f"meeting {series.title}", now)
    return series


def check_draft(session: Session, caller: Caller, draft: SeriesDraft, now: datetime) -> None:
    """Raise `Refusal` where a draft is invalid, or the same meeting is already planned in its channel."""
    check_fields(draft.title, draft.channel, draft.length)
    starts_at = dates.local_to_utc(draft.wall, draft.zone)
    if starts_at <= now:
        raise Refusal(f"That time has already passed. {EXAMPLE}", field="begins")
    if starts_at > now + dates.MAX_AHEAD:
        raise Refusal(f"That is more than three years away. {EXAMPLE}", field="begins")
    for meeting in meetings.list_coming_in_channel(session, caller.consortium.id, draft.channel, now):
        if meeting.starts_at == starts_at and meetings.series_of(session, meeting).title == draft.title:
            raise Refusal(
                f"{quote(draft.title)} is already planned here for {slack_date(starts_at, draft.zone)}. `/meeting` "
                "lists what is planned.",
                field="begins",
            )


def check_fields(title: str, channel: str, length: int) -> None:
    """Raise `Refusal` where the name, channel or length of a meeting is invalid."""
    if channel.startswith("D") or not channel:
        raise Refusal(
            "A meeting belongs to a channel, where its agenda and minutes are posted. Type the command there, or "
            "choose another channel in the form: `/meeting new`",
            field="channel",
        )
    if shows_nothing(title):
        raise Refusal(f"A meeting needs a name. {EXAMPLE}", field="title")
    if len(title) > MAX_TITLE:
        raise Refusal(
            f"The name has {len(title):,} characters; there is room for {MAX_TITLE}. {EXAMPLE}", field="title"
        )
    if not MIN_LENGTH <= length <= MAX_LENGTH:
        raise Refusal(
            f"A meeting takes {MIN_LENGTH} minutes to {MAX_LENGTH // 60} hours. For several days, plan one meeting for "
            f"each. {EXAMPLE}",
            field="length",
        )


def _current_member(session: Session, caller: Caller, member_id: int, field_name: str) -> Member:
    """Return a member by id. Raise `Refusal` where the person is no member or has left."""
    member = members.by_ids(session, [MemberId(member_id)]).get(MemberId(member_id))
    if member is None or member.consortium_id != caller.consortium.id:
        raise Refusal(
            "This person does not belong to the consortium. `/consortium who` lists who does.", field=field_name
        )
    if member.left_at is not None:
        raise Refusal(f"{escape(member.name)} has left the consortium. Choose somebody else.", field=field_name)
    return member


def plan_next_meetings(session: Session, series: Series, now: datetime) -> None:
    """Plan the next meetings of a series. Dates that passed while the bot was not running are left out."""
    if series.ended_at is not None:
        return
    planned = meetings.meetings_of_series(session, series.id)
    missing = AHEAD - sum(meeting.ends_at > now and meeting.state is MeetingState.PLANNED for meeting in planned)
    if missing <= 0 or (series.rrule is None and planned):
        return
    since = series.begins
    if planned:
        last = max(meeting.original_at for meeting in planned).astimezone(ZoneInfo(series.zone)).date()
        since = datetime.combine(last + timedelta(days=1), time())
    today = now.astimezone(ZoneInfo(series.zone)).replace(tzinfo=None)
    place = max((meeting.place for meeting in planned), default=0)
    for wall in recurrence.occurrences(series.rrule, series.begins, max(since, today), missing, series.zone):
        place += 1
        _plan_meeting(session, series, place, wall, now)


def _plan_meeting(session: Session, series: Series, place: int, wall: datetime, now: datetime) -> None:
    """Plan one meeting of a series. Items that wait in its channel go on its agenda."""
    starts_at = dates.local_to_utc(wall, series.zone)
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
    carry_over.add_waiting_items(session, series, meeting)


def planned_answer(session: Session, series: Series, note: str = "") -> str:
    """Return what was planned and what can be done next; `note` is a sentence about its time."""
    first = meetings.meetings_of_series(session, series.id)[0]
    how = f", {snapshot.describe_recurrence(session, series)}" if series.rrule else ""
    chair = escape(session.get_one(Member, series.chair_id).name)
    if series.notes_id is not None:
        notes = f", and {escape(session.get_one(Member, series.notes_id).name)} takes the minutes"
    elif series.private:
        notes = " and takes the minutes"
    else:
        notes = ", and the agencies take turns taking the minutes"
    when = f"{slack_date(first.starts_at, series.zone)}, {series.length} minutes"
    sentences = [
        f"{bold(series.title)} is planned{how}: {when}, in <#{series.channel}>.",
        f"{chair} chairs{notes}.",
        'Add agenda items with `/meeting add "Budget draft"`.',
        note,
        # the dates of a series were shown before it was planned
        "" if series.rrule else closed_note(session, series.consortium_id, [first.starts_at], series.zone),
        _early_agenda_hint(session, series, first),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _early_agenda_hint(session: Session, series: Series, first: Meeting) -> str:
    """Return how to publish the agenda where the time for that has passed; empty otherwise."""
    offsets = step_times.merge_offsets(meetings.reminder_steps(session, series.consortium_id), series.steps)
    if offsets[MeetingStep.AGENDA] is None:
        return ""
    if step_times.times_before(snapshot.load_timing(session, series, first), offsets).agenda:
        return ""
    return "It begins soon, so its agenda is not posted automatically. You can post it with `/meeting publish`."


def first_dates(draft: SeriesDraft, count: int) -> list[datetime]:
    """Return the first dates of a series before it is created."""
    walls = recurrence.occurrences(draft.rule, draft.wall, draft.wall, count, draft.zone)
    return [dates.local_to_utc(wall, draft.zone) for wall in walls]


def draft_summary(draft: SeriesDraft) -> str:
    """Return a draft in words: "Council, every first Thursday of the month at 14:00 (America/Denver), 90 minutes"."""
    how = rule_words.describe_rule(draft.rule, draft.wall, draft.zone)
    return f"{bold(truncate(draft.title, MAX_TITLE))}, {how}, {draft.length} minutes"
