"""What can be done with agendas: putting items on, and taking them off."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, moment, quote
from handlers.meetings import participants
from storage import agendas, audit, live_messages, meetings
from storage.agendas import Item
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.vocabulary import ItemState, MeetingState

TITLE = 150
MOST = 30
"""So many items an agenda takes."""

LONGEST = 8 * 60

EXAMPLE = 'For example: `/meeting add "Budget draft" minutes:15`'


def check(title: str, length: int | None) -> None:
    """Refuse an item that makes no sense. Raises Refusal."""
    if not title:
        raise Refusal(f"An item needs a title. {EXAMPLE}", field="title")
    if len(title) > TITLE:
        raise Refusal(f"The title has {len(title):,} characters; there is room for {TITLE}. {EXAMPLE}", field="title")
    if length is not None and not 1 <= length <= LONGEST:
        raise Refusal(f"An item takes 1 to {LONGEST} minutes. {EXAMPLE}", field="length")


def add(
    session: Session, caller: Caller, meeting_id: int, title: str, length: int | None, who: Member, now: datetime
) -> str:
    """Put an item on the agenda of a meeting, and say so. Raises Refusal."""
    check(title, length)
    series, meeting = _locked(session, caller, meeting_id, now)
    present = agendas.of_meeting(session, meeting.id)
    when = moment(meeting.starts_at, series.zone)
    if any(item.title.casefold() == title.casefold() for item in present):
        raise Refusal(f"{quote(title)} stands on the agenda of {quote(series.title)}, {when}, already.", field="title")
    if len(present) >= MOST:
        raise Refusal(
            f"The agenda of {bold(series.title)}, {when}, has {MOST} items, and there is no room for more. Take one "
            "off first: `/meeting agenda`"
        )
    where = {"consortium_id": series.consortium_id, "channel": series.channel, "meeting_id": meeting.id}
    session.add(Item(**where, title=title, member_id=who.id, length=length, added_at=now))
    session.flush()
    _changed(session, meeting)
    audit.note(session, series.consortium_id, caller.person.id, "put an item on", f"meeting {series.title}", now)
    takes = f", {length} min" if length else ""
    brings = "" if who.id == caller.person.id else f", brought by {escape(who.name)}"
    return f"{quote(title)}{takes}{brings}, is on the agenda of {bold(series.title)}, {when}."


def _locked(session: Session, caller: Caller, meeting_id: int, now: datetime) -> tuple[Series, Meeting]:
    meeting = meetings.lock(session, meeting_id)
    if meeting is None or meeting.consortium_id != caller.consortium.id:
        raise Refusal("There is no such meeting any more. `/meeting` lists what is planned.")
    series = meetings.series_of(session, meeting)
    if meeting.state is MeetingState.CANCELLED:
        raise Refusal(
            f"{bold(series.title)} on {moment(meeting.starts_at, series.zone)} is cancelled. `/meeting` lists what is "
            "planned."
        )
    if meeting.ends_at <= now:
        raise Refusal(
            f"{bold(series.title)} on {moment(meeting.starts_at, series.zone)} is over. `/meeting add` puts it on the "
            "agenda of this channel's next meeting."
        )
    return series, meeting


def take_off(session: Session, caller: Caller, item_id: int, now: datetime) -> str:
    """Take an item off. Raises Refusal."""
    item = agendas.get(session, caller.consortium.id, item_id)
    if item is None or item.meeting_id is None or item.state is not ItemState.OPEN:
        raise Refusal("This item is not on an agenda any more. `/meeting agenda` shows the next one.")
    series, meeting = _locked(session, caller, item.meeting_id, now)
    if item.member_id != caller.person.id and not participants.may_change(series, caller.person):
        raise Refusal("Who brings an item, who chairs the meeting, or a facilitator takes it off.")
    item.state = ItemState.GONE
    _changed(session, meeting)
    return f"{quote(item.title)} is off the agenda of {bold(series.title)}, {moment(meeting.starts_at, series.zone)}."


def _changed(session: Session, meeting: Meeting) -> None:
    if meeting.live_id is not None:
        live_messages.want(session, meeting.live_id)
