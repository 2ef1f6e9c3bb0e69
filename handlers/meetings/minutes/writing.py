"""Writing minutes: kept, posted, their decisions recorded and their action items offered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, counted, day, escape, moment, quote
from handlers.meetings import carry_over, channel_posts
from handlers.meetings.carry_over import Carried
from handlers.meetings.minutes import snapshot, views
from handlers.meetings.minutes.rules import Action
from handlers.meetings.rules import step_times
from handlers.meetings.rules.step_times import Step
from handlers.tasks import offers
from storage import audit, live_messages, meetings, members, minutes, notices, tasks
from storage.meetings import Meeting, Series
from storage.minutes import Minutes, Recorded
from storage.vocabulary import AgencyId, ItemId, LiveKind, MeetingState, NoticeKind

DECISION = 1000
MOST_DECISIONS = 20


@dataclass(frozen=True)
class MinutesDraft:
    """Minutes before they are posted. `parts` pairs headings, empty for none, with texts."""

    parts: Sequence[tuple[str, str]]
    decisions: Sequence[str] = ()
    actions: Sequence[Action] = ()
    agencies: Sequence[AgencyId] = ()
    people: str = ""
    left: set[ItemId] = field(default_factory=set)


def writable(session: Session, caller: Caller, meeting: Meeting | None, now: datetime) -> tuple[Series, Meeting]:
    """Refuse minutes of a meeting that has none to write. Raises Refusal."""
    if meeting is None or meeting.consortium_id != caller.consortium.id:
        raise Refusal("There is no such meeting. `/meeting` lists what is planned.")
    series = meetings.series_of(session, meeting)
    when = moment(meeting.starts_at, series.zone)
    if meeting.state is MeetingState.CANCELLED:
        raise Refusal(f"{bold(series.title)} on {when} was cancelled, so there is nothing to write down.")
    if meeting.starts_at > now:
        raise Refusal(f"{bold(series.title)} begins {when}. Its minutes can be written from then on.")
    present = minutes.of_meeting(session, meeting.id)
    if present is not None:
        who = members.named(session, [present.author_id])[present.author_id].name
        raise Refusal(
            f"{escape(who)} has posted the minutes of {quote(series.title)}, {when}, already. What is missing can be "
            "proposed there as a correction.",
            field="notes",
        )
    return series, meeting


def check(draft: MinutesDraft) -> None:
    """Refuse minutes that say nothing, or decisions of nobody. Raises Refusal."""
    if not any(text for _, text in draft.parts) and not draft.decisions and not draft.actions:
        raise Refusal("Write at least a sentence about what was said.", field="notes")
    if len(draft.decisions) > MOST_DECISIONS:
        raise Refusal(f"There is room for {MOST_DECISIONS} decisions, one on each line.", field="decisions")
    for text in draft.decisions:
        if len(text) > DECISION:
            raise Refusal(
                f"A decision has {len(text):,} characters; there is room for {DECISION:,}. One sentence reads best, "
                "for example: The calendar begins on 1 September.",
                field="decisions",
            )
    if draft.decisions and not draft.agencies:
        raise Refusal("A decision is recorded with the agencies that were there. Choose them.", field="agencies")


def post(session: Session, caller: Caller, meeting_id: int, draft: MinutesDraft, now: datetime) -> str:
    """Keep and post the minutes of a meeting. Raises Refusal, with nothing kept."""
    check(draft)
    series, meeting = writable(session, caller, meetings.lock(session, meeting_id), now)
    accept = step_times.steps(meetings.custom(session, series.consortium_id), series.steps)[Step.ACCEPT]
    kept = Minutes(
        consortium_id=series.consortium_id,
        meeting_id=meeting.id,
        author_id=caller.person.id,
        parts=[list(part) for part in draft.parts if part[1]],
        actions=_offer(session, caller, series, meeting, draft.actions, now),
        agencies=list(draft.agencies),
        people=draft.people,
        posted_at=now,
        accepts_at=step_times.after(now, accept, series.zone) if accept is not None else None,
        accepted_at=None if accept is not None else now,
    )
    session.add(kept)
    session.flush()
    _record(session, kept, draft.decisions, meeting)
    carried = carry_over.carry(session, series, meeting, draft.left, now)
    for kind in (NoticeKind.NOTES, NoticeKind.MINUTES, NoticeKind.MINUTES_LACK):
        notices.withdraw(session, series.consortium_id, kind, meeting.id)
    meeting.look_at = now
    _publish(session, series, meeting, kept, now)
    tasks.come_from(session, series.consortium_id, [action["task"] for action in kept.actions], kept.live_id)
    audit.note(session, series.consortium_id, caller.person.id, "wrote minutes", f"meeting {series.title}", now)
    return _said(series, meeting, kept, len(draft.actions), carried)


def _record(session: Session, kept: Minutes, decisions: Sequence[str], meeting: Meeting) -> None:
    for place, text in enumerate(decisions, start=1):
        session.add(
            Recorded(
                consortium_id=kept.consortium_id,
                minutes_id=kept.id,
                place=place,
                text=text,
                decided_at=meeting.starts_at,
            )
        )
    session.flush()


def _offer(
    session: Session, caller: Caller, series: Series, meeting: Meeting, actions: Sequence[Action], now: datetime
) -> list[dict[str, Any]]:
    """Offer each action item as a task; give them as they are kept. Raises Refusal at the field."""
    people = members.named(session, {one.member_id for one in actions if one.member_id is not None})
    made = []
    for one in actions:
        to = people[one.member_id] if one.member_id is not None else None
        draft = offers.TaskDraft(one.text, to, one.due_on, one.hours, _source(series, meeting))
        try:
            task = offers.offer(session, caller, draft, now)
        except Refusal as refusal:
            raise Refusal(f"“{one.text[:60]}”: {refusal.sentence}", field="actions") from None
        due = one.due_on.isoformat() if one.due_on else None
        made.append({"text": one.text, "who": to.name if to else "", "due": due, "task": task.number})
    return made


def _source(series: Series, meeting: Meeting) -> str:
    """Say where a task comes from; of a private channel its meeting is not named, since all read of tasks."""
    if series.private:
        return "minutes"
    return f"minutes of {series.title}, {day(meeting.starts_at.astimezone(ZoneInfo(series.zone)))}"


def _publish(session: Session, series: Series, meeting: Meeting, kept: Minutes, now: datetime) -> None:
    """Leave the minutes for the channel: one message, and what has no room there in its thread."""
    kept.live_id = channel_posts.start(session, series, LiveKind.MINUTES, kept.id, now)
    session.flush()
    picture = snapshot.take(session, kept)
    about = f"the message with the minutes of {series.title}"
    channel_posts.put(session, series, views.live(picture), about, now, live_id=kept.live_id)
    for page in views.later_pages(picture):
        channel_posts.put(session, series, page, about, now, thread_of=kept.live_id)
    if meeting.live_id is not None:
        live_messages.want(session, meeting.live_id)


def _said(series: Series, meeting: Meeting, kept: Minutes, tasks: int, carried: Carried) -> str:
    offered = f" {tasks} {'task is' if tasks == 1 else 'tasks are'} on offer." if tasks else ""
    until = f" Corrections are welcome until {moment(kept.accepts_at, series.zone)}." if kept.accepts_at else ""
    goes = counted(carried.count, "unfinished item goes", "unfinished items go")
    left = f" {goes} to the next agenda.{carried.too_many}" if carried.count else ""
    when = moment(meeting.starts_at, series.zone)
    return f"The minutes of {bold(series.title)}, {when}, are on their way to the channel.{offered}{left}{until}"
