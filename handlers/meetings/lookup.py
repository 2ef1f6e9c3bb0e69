"""Finding the meeting that a request means, and checking that the caller may see it.

Every button and form of a meeting finds it here, before anything else is checked, answered or written.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, truncate
from handlers.kit.visibility import Reader, sees
from handlers.meetings import participants, snapshot
from handlers.meetings.agenda import NO_SUCH
from handlers.meetings.audience import audience_of, brings_item, check_sees_meeting
from handlers.meetings.snapshot import MeetingSnapshot, OwnPart
from storage import agendas, meetings, minutes
from storage.meetings import Meeting, Series
from storage.names import normalize_name

MAX_LISTED = 5
"""The most meetings that `/meeting` lists."""

NONE_HERE = (
    'No meeting is planned in this channel. Plan one, for example: `/meeting new "Council" 2026-12-03 14:00 for:90m`'
)


def requested_meeting_id(request: SlackRequest) -> int:
    """Return the id of the meeting that a button or form names; 0, which no meeting has, where there is none."""
    value = request.metadata.get("meeting", 0) if request.kind == "view_submission" else request.value.partition("|")[0]
    return command_text.parse_row_id(str(value))


def see_meeting(
    request: SlackRequest, session: Session, caller: Caller, meeting_id: int, *, lock: bool = False
) -> MeetingSnapshot:
    """Return the snapshot of a meeting that the caller may see; with `lock`, lock it first.

    Raise `Refusal` where there is none.
    """
    shown = _load(session, caller, meeting_id, lock=lock)
    check_sees_meeting(request, caller, shown)
    return shown


def _load(session: Session, caller: Caller, meeting_id: int, *, lock: bool) -> MeetingSnapshot:
    """Return a meeting, whoever may see it. Raise `Refusal` where there is none."""
    meeting = meetings.get(session, caller.consortium.id, meeting_id)
    if meeting is not None and lock:
        meeting = meetings.lock_with_series(session, meeting.id)
    if meeting is None:
        raise Refusal(NO_SUCH)
    return snapshot.load_snapshot(session, meeting)


def see_part(
    request: SlackRequest, session: Session, caller: Caller, meeting_id: int, *, lock: bool = False
) -> MeetingSnapshot | OwnPart:
    """Return a meeting, or of one that the caller may not see as a whole the own part; with `lock`, lock it first.

    Raise `Refusal` where the caller has no part in it.
    """
    shown = _load(session, caller, meeting_id, lock=lock)
    member_id = caller.person.id
    if not request.may_see(member_id, audience_of(shown)) and brings_item(Reader(member_id), shown):
        return snapshot.own_part(shown, member_id)
    check_sees_meeting(request, caller, shown)
    return shown


def is_in_channel(request: SlackRequest, caller: Caller, meeting: MeetingSnapshot) -> bool:
    """Return whether the caller is in the channel of a meeting, or it is public. Slack may have to be asked first."""
    return request.may_see(caller.person.id, replace(audience_of(meeting), named=()))


@contextmanager
def read_meeting(request: SlackRequest) -> Iterator[tuple[Session, Caller, MeetingSnapshot]]:
    """Open a transaction that only reads the meeting that a button or form names.

    Raise `Refusal` where the caller sees no such meeting.
    """
    with request.read() as (session, caller):
        yield session, caller, see_meeting(request, session, caller, requested_meeting_id(request))


@contextmanager
def begin_change(request: SlackRequest) -> Iterator[tuple[Session, Caller, MeetingSnapshot]]:
    """Open the one transaction of a request, and lock the meeting that its button or form names.

    Raise `Refusal` where the caller sees no such meeting.
    """
    with request.begin() as (session, caller):
        yield session, caller, see_meeting(request, session, caller, requested_meeting_id(request), lock=True)


def check_sees_item(request: SlackRequest, session: Session, caller: Caller, item_id: int) -> None:
    """Lock the meeting of an agenda item. Raise `Refusal` where the caller sees no such item.

    Items that wait for a meeting pass: they can only be refused, without a word about them.
    """
    item = agendas.get_item(session, caller.consortium.id, item_id)
    if item is None:
        raise Refusal(NO_SUCH)
    if item.meeting_id is None:
        return
    shown = see_part(request, session, caller, item.meeting_id, lock=True)
    if isinstance(shown, OwnPart) and item.member_id != caller.person.id:
        raise Refusal(NO_SUCH)


def next_in_channel(session: Session, caller: Caller, request: SlackRequest, title: str = "") -> Meeting:
    """Return this channel's next meeting, or its next one with a given title. Raise `Refusal` where there is none."""
    coming = meetings.list_coming_in_channel(session, caller.consortium.id, request.channel, request.now)
    if title:
        coming = [m for m in coming if normalize_name(meetings.series_of(session, m).title) == normalize_name(title)]
        if not coming:
            raise Refusal(
                f"No meeting called “{escape(truncate(title, 60))}” is planned in this channel. `/meeting` lists "
                "what is planned."
            )
    if not coming:
        raise Refusal(NONE_HERE)
    return coming[0]


def next_in_channel_or_public(session: Session, caller: Caller, request: SlackRequest) -> Meeting | None:
    """Return this channel's next meeting or, where there is none, the consortium's next one in a public channel."""
    coming = meetings.list_coming(session, caller.consortium.id, request.now)
    in_channel = [m for m in coming if meetings.series_of(session, m).channel == request.channel]
    public = [m for m in coming if not meetings.series_of(session, m).private]
    return next(iter([*in_channel, *public]), None)


@dataclass(frozen=True)
class Upcoming:
    """The next meetings, as one person may see them.

    Each of `listed` comes with whether the person may change it. `more` counts the meetings that are left out, and
    `hidden` the series in private channels of which a facilitator learns only that they exist.
    """

    listed: Sequence[tuple[MeetingSnapshot | OwnPart, bool]]
    more: int
    hidden: int


def upcoming(session: Session, caller: Caller, request: SlackRequest) -> Upcoming:
    """Return the next meetings that the caller may see. Every series is listed before any series is listed twice."""
    coming = meetings.list_coming(session, caller.consortium.id, request.now)
    reader = request.reader(caller.person.id)
    private = {m: _shown_to(session, reader, m) for m in coming if meetings.series_of(session, m).private}
    coming = [m for m in coming if m not in private or private[m] is not None]
    hidden = {m.series_id for m in private} - {m.series_id for m in coming}
    first = [m for m in coming if _is_first_of_series(m, coming)]
    rest = [m for m in coming if m not in first]
    listed = sorted([*first, *rest][:MAX_LISTED], key=lambda m: (m.starts_at, m.id))
    pairs = [
        (
            private.get(m) or snapshot.load_snapshot(session, m),
            participants.may_change(meetings.series_of(session, m), caller.person),
        )
        for m in listed
    ]
    return Upcoming(pairs, len(coming) - len(listed), len(hidden) if caller.facilitates else 0)


def _shown_to(session: Session, reader: Reader, meeting: Meeting) -> MeetingSnapshot | OwnPart | None:
    """Return what a person sees of a meeting in a private channel without asking Slack; None for nothing."""
    shown = snapshot.load_snapshot(session, meeting)
    if sees(reader, audience_of(shown)):
        return shown
    if reader.member_id is not None and brings_item(reader, shown):
        return snapshot.own_part(shown, reader.member_id)
    return None


def _is_first_of_series(meeting: Meeting, coming: list[Meeting]) -> bool:
    return next(other for other in coming if other.series_id == meeting.series_id) is meeting


def latest_without_minutes(session: Session, caller: Caller, request: SlackRequest) -> tuple[Series, Meeting] | None:
    """Return the latest meeting whose minutes are missing, the caller's own first.

    Those that the caller takes come first, and among them those of this channel; then this channel's, and those that
    the caller chairs.
    """
    begun = meetings.list_begun(session, caller.consortium.id, request.now)
    done = minutes.meetings_with_minutes(session, [meeting.id for meeting, _ in begun])
    missing = [(series, meeting) for meeting, series in begun if meeting.id not in done]
    in_channel = [pair for pair in missing if pair[0].channel == request.channel]
    own = [pair for pair in missing if pair[1].notes_id == caller.person.id]
    chaired = [pair for pair in missing if pair[0].chair_id == caller.person.id]
    own.sort(key=lambda pair: pair not in in_channel)
    return next(iter([*own, *in_channel, *chaired]), None)
