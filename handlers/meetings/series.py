"""Changing a series: its name, channel, length, chair, note-taker and reminders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.text import bold, listed, quote
from handlers.meetings import creation, reschedule
from handlers.meetings.minutes import note_takers
from storage import agendas, audit, live_messages, meetings
from storage.agendas import Item
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import MemberId


@dataclass(frozen=True)
class Wish:
    """What a series is to be like; without `steps` its reminders stay as they are."""

    title: str
    channel: str
    private: bool
    length: int
    chair: int
    notes: int | None
    steps: dict[str, Any] | None = None


def change_series(session: Session, caller: Caller, meeting_id: int, wish: Wish, now: datetime) -> str:
    """Change a series from one of its meetings on. Raises Refusal."""
    series, _ = reschedule.locked(session, caller, meeting_id, now)
    creation.check_words(wish.title, wish.channel, wish.length)
    coming = [m for m in meetings.of_series(session, series.id) if m.starts_at > now]
    moved, was_private = series.channel != wish.channel, series.private
    if moved:
        meetings.leave_behind(session, series, now)
    series.title, series.channel, series.private = wish.title, wish.channel, wish.private
    series.length, series.chair_id = wish.length, MemberId(wish.chair)
    if wish.steps is not None:
        series.steps = wish.steps
    series.sequence += 1
    stays: list[Item] = []
    for meeting in coming:
        if moved:
            stays += _rehouse(session, series, meeting, keep=was_private)
        _refresh(session, series, meeting, now)
    _name(session, series, coming, wish.notes, now)
    audit.note(session, series.consortium_id, caller.person.id, "changed", f"meeting {series.title}", now)
    return f"{bold(series.title)} is changed, from its next meeting on.{_stay(stays)}"


def _stay(items: list[Item]) -> str:
    if not items:
        return ""
    titles = listed([quote(item.title, 60) for item in items[:5]])
    more = f" and {len(items) - 5} more" if len(items) > 5 else ""
    wait = "waits" if len(items) == 1 else "wait"
    return f" What was put on its agenda in the private channel is not taken along: {titles}{more} {wait} there."


def _refresh(session: Session, series: Series, meeting: Meeting, now: datetime) -> None:
    meeting.ends_at = meeting.starts_at + timedelta(minutes=series.length)
    meeting.look_at = now
    if meeting.live_id is not None:
        live_messages.want(session, meeting.live_id)


def _rehouse(session: Session, series: Series, meeting: Meeting, *, keep: bool) -> list[Item]:
    """Let a meeting belong to another channel; its agenda is published there anew.

    What was published before says only that: who reads the former channel may not see the new one. With `keep` the
    items stay behind, for who reads the new channel may not have seen the former one; they are given back.
    """
    if meeting.live_id is not None:
        live_messages.want(session, meeting.live_id)
        meeting.live_id = None
    items = list(agendas.of_meeting(session, meeting.id))
    for item in items:
        if keep:
            item.meeting_id = None
        else:
            item.channel = series.channel
    return items if keep else []


def _name(session: Session, series: Series, coming: list[Meeting], notes: int | None, now: datetime) -> None:
    """Name a note-taker for all meetings, or none, so that the task goes round again."""
    before = series.notes_id
    series.notes_id = MemberId(notes) if notes is not None else None
    if series.notes_id is None or series.notes_id == before:
        return
    member = session.get_one(Member, series.notes_id)
    for meeting in coming:
        if meeting.notes_id is not None and meeting.notes_id != member.id:
            note_takers.give_to(session, meeting, member, now)
