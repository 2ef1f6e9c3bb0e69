"""Changing a series: its name, channel, length, chair, note-taker and reminders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, join_names, quote
from handlers.meetings import channel_posts, creation, reschedule
from handlers.meetings.minutes import note_takers
from storage import agendas, audit, live_messages, meetings, members
from storage.agendas import AgendaItem
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import MemberId

PUBLIC_NOW = " From now on, everyone can see its title, times, and agenda."
"""What the person reads who has moved a series from a private channel to a public one."""


@dataclass(frozen=True)
class SeriesSettings:
    """New settings of a series.

    `length` is in minutes; `chair` and `notes` are member ids. Without `steps`, its reminders stay as they are.
    """

    title: str
    channel: str
    private: bool
    length: int
    chair: int
    notes: int | None
    steps: dict[str, Any] | None = None


def change_series(session: Session, caller: Caller, meeting_id: int, new: SeriesSettings, now: datetime) -> str:
    """Change the series of a meeting, from its next meeting on. Return the answer.

    Raise `Refusal` where the caller may not, or the settings are invalid.
    """
    series, _ = reschedule.lock_changeable(session, caller, meeting_id, now)
    creation.check_fields(new.title, new.channel, new.length)
    coming = [m for m in meetings.meetings_of_series(session, series.id) if m.starts_at > now]
    changes_channel, was_private = series.channel != new.channel, series.private
    if changes_channel:
        meetings.split_off_past(session, series, now)
        if was_private:
            channel_posts.post_move(session, series, caller.person, "" if new.private else new.channel, now)
    series.title, series.channel, series.private = new.title, new.channel, new.private
    series.length, series.chair_id = new.length, MemberId(new.chair)
    if new.steps is not None:
        series.steps = new.steps
    series.sequence += 1
    left_behind: list[AgendaItem] = []
    for meeting in coming:
        if changes_channel:
            left_behind += _change_channel(session, series, meeting, leave_items=was_private)
        if new.private and not was_private and meeting.notes_id not in {None, new.chair, new.notes}:
            # turns are for public channels: whoever was chosen may not be in this one
            note_takers.release(session, meeting, now)
        _apply_settings(session, series, meeting, now)
    _change_note_taker(session, series, coming, new.notes, now)
    audit.record(session, series.consortium_id, caller.person.id, "changed", f"meeting {series.title}", now)
    brought = "" if was_private or not new.private else _bringers_text(session, coming, caller)
    public = PUBLIC_NOW if was_private and not new.private else ""
    changed = f"{bold(series.title)} is changed, starting with its next meeting."
    return f"{changed}{public}{_left_behind_text(left_behind)}{brought}"


def take_chair(session: Session, caller: Caller, meeting_id: int, now: datetime) -> str:
    """Make the caller the chair of the series of a locked meeting, whose chair has left. Return the answer.

    Raise `Refusal` where somebody chairs it, or the caller cannot change it.
    """
    found = meetings.get(session, caller.consortium.id, meeting_id)
    coming = meetings.next_of_series(session, found.series_id, now) if found is not None else None
    series, _ = reschedule.require_changeable(session, caller, coming or found, now)
    chair = session.get_one(Member, series.chair_id)
    if chair.left_at is None:
        who = "You already chair" if chair.id == caller.person.id else f"{escape(chair.name)} now chairs"
        raise Refusal(f"{who} {bold(series.title)}. Nothing has changed. To choose somebody: *Change*, in `/meeting`.")
    series.chair_id = caller.person.id
    for meeting in meetings.meetings_of_series(session, series.id):
        if meeting.live_id is not None and meeting.starts_at > now:
            live_messages.request_update(session, meeting.live_id)
    audit.record(session, series.consortium_id, caller.person.id, "took the chair of", f"meeting {series.title}", now)
    return f"Thank you. You chair {bold(series.title)} from now on."


def _change_channel(session: Session, series: Series, meeting: Meeting, *, leave_items: bool) -> list[AgendaItem]:
    """Move a meeting to the new channel of its series, where its agenda will be published again.

    The old agenda message then shows only that the meeting moved: readers of the old channel may not see the new one.
    With `leave_items`, the items stay and are returned: readers of the new channel may not have seen the old one.
    """
    if meeting.live_id is not None:
        live_messages.request_update(session, meeting.live_id)
        meeting.live_id = None
    items = list(agendas.items_of_meeting(session, meeting.id))
    for item in items:
        if leave_items:
            item.meeting_id = None
        else:
            item.channel = series.channel
    return items if leave_items else []


def _apply_settings(session: Session, series: Series, meeting: Meeting, now: datetime) -> None:
    """Apply the settings of a series to a meeting, and have its agenda message updated."""
    meeting.ends_at = meeting.starts_at + timedelta(minutes=series.length)
    meeting.look_at = now
    if meeting.live_id is not None:
        live_messages.request_update(session, meeting.live_id)


def _change_note_taker(
    session: Session, series: Series, coming: list[Meeting], notes: int | None, now: datetime
) -> None:
    """Name a note-taker for all meetings. With None, who was named before is released, as others are chosen by turn."""
    before = series.notes_id
    series.notes_id = MemberId(notes) if notes is not None else None
    if series.notes_id == before:
        return
    if series.notes_id is None:
        for meeting in coming:
            if meeting.notes_id == before:
                note_takers.release(session, meeting, now)
        return
    member = session.get_one(Member, series.notes_id)
    for meeting in coming:
        if meeting.notes_id is not None and meeting.notes_id != member.id:
            note_takers.assign_note_taker(session, meeting, member, now)


def _bringers_text(session: Session, coming: list[Meeting], caller: Caller) -> str:
    """Return who has an item at the meetings in their new private channel; empty without anybody."""
    ids = {item.member_id for meeting in coming for item in agendas.items_of_meeting(session, meeting.id)}
    names = sorted(escape(member.name) for member in members.by_ids(session, ids - {caller.person.id}).values())
    if not names:
        return ""
    return (
        " Whoever brings an item still sees when that meeting is, and their own items, in the channel or not: "
        f"{join_names(names)}."
    )


def _left_behind_text(items: list[AgendaItem]) -> str:
    if not items:
        return ""
    titles = join_names([quote(item.title, 60) for item in items[:5]])
    more = f" and {len(items) - 5} more" if len(items) > 5 else ""
    return f" Agenda items from the private channel stay there: {titles}{more}."
