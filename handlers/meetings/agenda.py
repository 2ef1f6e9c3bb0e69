"""Putting items on an agenda, and removing them."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, quote, shows_nothing, slack_date, strip_list_marker
from handlers.meetings import participants
from storage import agendas, audit, live_messages, meetings
from storage.agendas import AgendaItem
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.names import normalize_name
from storage.vocabulary import AgendaItemState, MeetingState

NO_SUCH = "This meeting no longer exists. `/meeting` lists what is planned."
"""The refusal for a meeting that does not exist, or that the person may not know of."""

MAX_TITLE = 150
"""The longest title of an item, in characters."""

MAX_ITEMS = 30
"""The most items that an agenda holds."""

MAX_LENGTH = 8 * 60
"""The longest item, in minutes."""

EXAMPLE = 'For example: `/meeting add "Budget draft" minutes:15`'


def add_item(
    session: Session,
    caller: Caller,
    meeting_id: int,
    title: str,
    length: int | None,
    who: Member,
    now: datetime,
    *,
    own_part: bool = False,
) -> str:
    """Put an item, brought by `who`, on the agenda of a meeting. Return the answer.

    With `own_part`, the caller sees only their own items, so that the answer tells nothing about the others. Raise
    `Refusal` where the item is invalid, or the meeting takes no more items.
    """
    title = strip_list_marker(title)
    _check_item(title, length)
    series, meeting = _lock_open_agenda(session, caller, meeting_id, now)
    items = agendas.items_of_meeting(session, meeting.id)
    when = slack_date(meeting.starts_at, series.zone)
    known = [item for item in items if item.member_id == caller.person.id or not own_part]
    if any(normalize_name(item.title) == normalize_name(title) for item in known):
        raise Refusal(f"{quote(title)} is already on the agenda of {quote(series.title)}, {when}.", field="title")
    if len(items) >= MAX_ITEMS and own_part:
        raise Refusal(
            f"The agenda of {bold(series.title)}, {when}, takes no more items. You can bring it another time."
        )
    if len(items) >= MAX_ITEMS:
        raise Refusal(
            f"The agenda of {bold(series.title)}, {when}, is full: it has {MAX_ITEMS} items. Remove one first: "
            "`/meeting agenda`"
        )
    where = {"consortium_id": series.consortium_id, "channel": series.channel, "meeting_id": meeting.id}
    session.add(AgendaItem(**where, title=title, member_id=who.id, length=length, added_at=now))
    session.flush()
    _refresh_agenda(session, meeting)
    audit.record(session, series.consortium_id, caller.person.id, "put an item on", f"meeting {series.title}", now)
    details = f", {length} min" if length else ""
    details += "" if who.id == caller.person.id else f", brought by {escape(who.name)}"
    item = f"{quote(title)}{details}," if details else quote(title)
    return f"{item} is on the agenda of {bold(series.title)}, {when}."


def remove_item(session: Session, caller: Caller, item_id: int, now: datetime) -> str:
    """Remove an item from its agenda. Return the answer. Raise `Refusal` where the caller may not."""
    item = agendas.get_item(session, caller.consortium.id, item_id)
    if item is None or item.meeting_id is None or item.state is not AgendaItemState.OPEN:
        raise Refusal("This item is no longer on an agenda. `/meeting agenda` shows the next one.")
    series, meeting = _lock_open_agenda(session, caller, item.meeting_id, now)
    if item.member_id != caller.person.id and not participants.may_change(series, caller.person):
        raise Refusal(
            "Only the person who brings an item, the meeting's chair or planner, or a facilitator can remove it."
        )
    item.state = AgendaItemState.GONE
    _refresh_agenda(session, meeting)
    return (
        f"{quote(item.title)} is off the agenda of {bold(series.title)}, {slack_date(meeting.starts_at, series.zone)}."
    )


def _check_item(title: str, length: int | None) -> None:
    """Raise `Refusal` where the title or the length of an item is invalid."""
    if shows_nothing(title):
        raise Refusal(f"An item needs a title. {EXAMPLE}", field="title")
    if len(title) > MAX_TITLE:
        raise Refusal(
            f"The title has {len(title):,} characters; there is room for {MAX_TITLE}. {EXAMPLE}", field="title"
        )
    if length is not None and not 1 <= length <= MAX_LENGTH:
        raise Refusal(f"An item takes 1 to {MAX_LENGTH} minutes. {EXAMPLE}", field="length")


def _lock_open_agenda(session: Session, caller: Caller, meeting_id: int, now: datetime) -> tuple[Series, Meeting]:
    """Lock a meeting whose agenda can still change. Raise `Refusal` where it is canceled, over, or unknown."""
    meeting = meetings.lock_with_series(session, meeting_id)
    if meeting is None or meeting.consortium_id != caller.consortium.id:
        raise Refusal(NO_SUCH)
    series = meetings.series_of(session, meeting)
    if meeting.state is MeetingState.CANCELLED:
        raise Refusal(
            f"{bold(series.title)} on {slack_date(meeting.starts_at, series.zone)} is canceled. `/meeting` lists "
            "what is planned."
        )
    if meeting.ends_at <= now:
        raise Refusal(
            f"{bold(series.title)} on {slack_date(meeting.starts_at, series.zone)} is over. `/meeting add` puts an "
            "item on the agenda of this channel's next meeting."
        )
    return series, meeting


def _refresh_agenda(session: Session, meeting: Meeting) -> None:
    """Have the agenda's message updated, if it is published."""
    if meeting.live_id is not None:
        live_messages.request_update(session, meeting.live_id)
