"""Finding the meeting that somebody means, and what they may see."""

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, escape
from handlers.meetings import participants, snapshot
from handlers.meetings.snapshot import MeetingSnapshot
from storage import meetings, minutes
from storage.meetings import Meeting, Series

SHOWN = 5

NONE_HERE = (
    'No meeting is planned in this channel. Plan one, for example: `/meeting new "Council" 2026-12-03 14:00 for:90m`'
)


def pressed(request: SlackRequest) -> int:
    """Give the meeting of a button or form."""
    found = request.carry.get("meeting", 0) if request.kind == "view_submission" else request.value.partition("|")[0]
    return command_text.number(str(found)) or 0


def picture(session: Session, caller: Caller, meeting_id: int) -> MeetingSnapshot:
    """Take the picture of a meeting of the caller's consortium. Raises Refusal."""
    found = meetings.get(session, caller.consortium.id, meeting_id)
    if found is None:
        raise Refusal("There is no such meeting any more. `/meeting` lists what is planned.")
    return snapshot.take(session, found)


def next_here(session: Session, caller: Caller, request: SlackRequest, title: str = "") -> Meeting:
    """Give this channel's next meeting, or the next one of a certain name. Raises Refusal."""
    coming = meetings.coming_in(session, caller.consortium.id, request.channel, request.now)
    if title:
        named = [m for m in coming if meetings.series_of(session, m).title.casefold() == title.casefold()]
        if not named:
            raise Refusal(
                f"No meeting called “{escape(cut(title, 60))}” is planned in this channel. `/meeting` lists them."
            )
        coming = named
    if not coming:
        raise Refusal(NONE_HERE)
    return coming[0]


def next_anywhere(session: Session, caller: Caller, request: SlackRequest) -> Meeting | None:
    """Give this channel's next meeting, else the consortium's next that everybody can see."""
    coming = meetings.coming(session, caller.consortium.id, request.now)
    here = [m for m in coming if meetings.series_of(session, m).channel == request.channel]
    open_ = [m for m in coming if not meetings.series_of(session, m).private]
    return next(iter([*here, *open_]), None)


def next_ones(
    session: Session, caller: Caller, request: SlackRequest
) -> tuple[list[tuple[MeetingSnapshot, bool]], int]:
    """Give the next meetings that the caller may see, each with whether they may change it, and how many more."""
    coming = meetings.coming(session, caller.consortium.id, request.now)
    series = {one.series_id: meetings.series_of(session, one) for one in coming}
    coming = [m for m in coming if not series[m.series_id].private or series[m.series_id].channel == request.channel]
    first = [m for m in coming if _is_first(m, coming)]
    shown = sorted([*first, *(m for m in coming if m not in first)][:SHOWN], key=lambda m: (m.starts_at, m.id))
    pairs = [(snapshot.take(session, m), participants.may_change(series[m.series_id], caller.person)) for m in shown]
    return pairs, len(coming) - len(shown)


def _is_first(meeting: Meeting, coming: list[Meeting]) -> bool:
    return next(one for one in coming if one.series_id == meeting.series_id) is meeting


def to_write(session: Session, caller: Caller, request: SlackRequest) -> tuple[Series, Meeting] | None:
    """Give the latest meeting without minutes: this channel's, else one that is the caller's to write."""
    begun = meetings.begun(session, caller.consortium.id, request.now)
    done = minutes.written_of(session, [meeting.id for meeting, _ in begun])
    lacking = [(series, meeting) for meeting, series in begun if meeting.id not in done]
    own = [pair for pair in lacking if caller.person.id in {pair[1].notes_id, pair[0].chair_id}]
    here = [pair for pair in lacking if pair[0].channel == request.channel]
    return next(iter([*here, *own]), None)
