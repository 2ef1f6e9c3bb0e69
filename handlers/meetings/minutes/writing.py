"""Posting minutes: they are stored and published, decisions are recorded, and action items become task offers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, format_day, pluralize, quote, slack_date
from handlers.meetings import carry_over, channel_posts
from handlers.meetings.carry_over import CarryOver
from handlers.meetings.minutes import snapshot, views
from handlers.meetings.minutes.rules import ParsedAction
from handlers.meetings.rules import step_times
from handlers.meetings.rules.step_times import MeetingStep
from handlers.tasks import offers
from storage import audit, live_messages, meetings, members, minutes, notices, tasks
from storage.meetings import Meeting, Series
from storage.minutes import Minutes, RecordedDecision
from storage.vocabulary import AgencyId, AgendaItemId, LiveMessageKind, MeetingState, NoticeKind

MAX_DECISION = 1000
"""The longest decision, in characters."""

MAX_DECISIONS = 20


@dataclass(frozen=True)
class MinutesDraft:
    """Minutes before they are posted.

    `parts` pairs headings, empty for none, with texts. `left` names the items that were not finished.
    """

    parts: Sequence[tuple[str, str]]
    decisions: Sequence[str] = ()
    actions: Sequence[ParsedAction] = ()
    agencies: Sequence[AgencyId] = ()
    people: str = ""
    left: set[AgendaItemId] = field(default_factory=set)


def require_writable(
    session: Session, caller: Caller, meeting: Meeting | None, now: datetime
) -> tuple[Series, Meeting]:
    """Return a meeting without minutes, and its series.

    Raise `Refusal` where it does not exist, is canceled, has not begun, or already has minutes.
    """
    if meeting is None or meeting.consortium_id != caller.consortium.id:
        raise Refusal("There is no such meeting. `/meeting` lists what is planned.")
    series = meetings.series_of(session, meeting)
    when = slack_date(meeting.starts_at, series.zone)
    if meeting.state is MeetingState.CANCELLED:
        raise Refusal(f"{bold(series.title)} on {when} was canceled, so there are no minutes to write.")
    if meeting.starts_at > now:
        raise Refusal(f"{bold(series.title)} begins {when}. You can write its minutes once it has begun.")
    existing = minutes.of_meeting(session, meeting.id)
    if existing is not None:
        author = members.by_ids(session, [existing.author_id])[existing.author_id].name
        raise Refusal(
            f"{escape(author)} has already written the minutes of {quote(series.title)}, {when}. If something is "
            "missing, propose a correction there.",
            field="notes",
        )
    return series, meeting


def post_minutes(session: Session, caller: Caller, meeting_id: int, draft: MinutesDraft, now: datetime) -> str:
    """Store and publish the minutes of a meeting, which is locked. Return the answer.

    Raise `Refusal` where that is not possible; then nothing is stored.
    """
    _check_draft(draft)
    series, meeting = require_writable(session, caller, meetings.lock_with_series(session, meeting_id), now)
    offsets = step_times.merge_offsets(meetings.reminder_steps(session, series.consortium_id), series.steps)
    accept = offsets[MeetingStep.ACCEPT]
    record = Minutes(
        consortium_id=series.consortium_id,
        meeting_id=meeting.id,
        author_id=caller.person.id,
        parts=[list(part) for part in draft.parts if part[1]],
        actions=_offer_tasks(session, caller, series, meeting, draft.actions, now),
        agencies=list(draft.agencies),
        people=draft.people,
        posted_at=now,
        accepts_at=step_times.minutes_after(now, accept, series.zone) if accept is not None else None,
        accepted_at=None if accept is not None else now,
    )
    session.add(record)
    session.flush()
    _record_decisions(session, record, draft.decisions, meeting)
    carry_over.withdraw_finished_items(session, meeting, draft.left, now)
    carried = carry_over.carry_unfinished_items(session, series, meeting, draft.left, now)
    for kind in (NoticeKind.NOTES, NoticeKind.MINUTES, NoticeKind.MINUTES_LACK, NoticeKind.MINUTES_LATE):
        notices.drop_waiting(session, series.consortium_id, kind, meeting.id)
    meeting.look_at = now
    _publish(session, series, meeting, record, now)
    if not series.private:
        # everybody in the consortium can read a task, but not everybody can open the link to a private channel
        numbers = [action["task"] for action in record.actions]
        tasks.set_source_message(session, series.consortium_id, numbers, record.live_id)
    audit.record(session, series.consortium_id, caller.person.id, "wrote minutes", f"meeting {series.title}", now)
    return _answer(series, meeting, record, len(draft.actions), carried)


def _check_draft(draft: MinutesDraft) -> None:
    """Raise `Refusal` where minutes are empty, or decisions are too many, too long, or without agencies."""
    if not any(text for _, text in draft.parts) and not draft.decisions and not draft.actions:
        raise Refusal("Write at least a sentence about what was said.", field="notes")
    if len(draft.decisions) > MAX_DECISIONS:
        raise Refusal(f"There is room for {MAX_DECISIONS} decisions, one per line.", field="decisions")
    for text in draft.decisions:
        if len(text) > MAX_DECISION:
            raise Refusal(
                f"One decision has {len(text):,} characters; there is room for {MAX_DECISION:,}. One sentence is best, "
                "for example: The calendar begins on September 1.",
                field="decisions",
            )
    if draft.decisions and not draft.agencies:
        raise Refusal(
            "Decisions are recorded with the agencies that were there. Choose the agencies.", field="agencies"
        )


def _offer_tasks(
    session: Session, caller: Caller, series: Series, meeting: Meeting, actions: Sequence[ParsedAction], now: datetime
) -> list[dict[str, Any]]:
    """Offer each action item as a task. Return them as they are stored. Raise `Refusal` at the field."""
    people = members.by_ids(session, {action.member_id for action in actions if action.member_id is not None})
    stored = []
    for action in actions:
        person = people[action.member_id] if action.member_id is not None else None
        draft = offers.TaskDraft(action.text, person, action.due_on, action.hours, _task_source(series, meeting))
        try:
            task = offers.create_task(session, caller, draft, now)
        except Refusal as refusal:
            raise Refusal(f"“{action.text[:60]}”: {refusal.sentence}", field="actions") from None
        due = action.due_on.isoformat() if action.due_on else None
        stored.append({"text": action.text, "who": person.name if person else "", "due": due, "task": task.number})
    return stored


def _task_source(series: Series, meeting: Meeting) -> str:
    """Return where a task comes from. Everybody can read it, so a meeting in a private channel is not named."""
    if series.private:
        return "minutes"
    return f"minutes of {series.title}, {format_day(meeting.starts_at.astimezone(ZoneInfo(series.zone)))}"


def _record_decisions(session: Session, record: Minutes, decisions: Sequence[str], meeting: Meeting) -> None:
    for place, text in enumerate(decisions, start=1):
        session.add(
            RecordedDecision(
                consortium_id=record.consortium_id,
                minutes_id=record.id,
                place=place,
                text=text,
                decided_at=meeting.starts_at,
            )
        )
    session.flush()


def _publish(session: Session, series: Series, meeting: Meeting, record: Minutes, now: datetime) -> None:
    """Post the minutes to the channel: the first page as a message, later pages in its thread."""
    record.live_id = channel_posts.start_live_message(session, series, LiveMessageKind.MINUTES, record.id, now)
    session.flush()
    shown = snapshot.load_snapshot(session, record)
    about = f"the message with the minutes of {series.title}"
    channel_posts.post(session, series, views.live(shown), about, now, live_id=record.live_id)
    for page in views.later_pages(shown):
        channel_posts.post(session, series, page, about, now, thread_of=record.live_id)
    if meeting.live_id is not None:
        live_messages.request_update(session, meeting.live_id)


def _answer(series: Series, meeting: Meeting, record: Minutes, task_count: int, carried: CarryOver) -> str:
    when = slack_date(meeting.starts_at, series.zone)
    offered = f" {pluralize(task_count, 'task is', 'tasks are')} on offer." if task_count else ""
    until = (
        f" People can propose corrections until {slack_date(record.accepts_at, series.zone)}."
        if record.accepts_at
        else ""
    )
    items = pluralize(carried.count, "unfinished item goes", "unfinished items go")
    left = f" {items} to the next agenda.{carried.overflow_text}" if carried.count else ""
    return f"The minutes of {bold(series.title)}, {when}, are on their way to the channel.{offered}{until}{left}"
