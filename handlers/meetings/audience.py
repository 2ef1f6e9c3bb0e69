"""Who may see a meeting and its minutes; `handlers.kit.visibility` decides."""

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.visibility import Audience, Reader, meeting_audience, sees_own_part
from handlers.meetings.agenda import NO_SUCH
from handlers.meetings.snapshot import MeetingSnapshot

OWN_PART = (
    "This meeting belongs to a private channel that you are not in. You can see when it is, and add and remove your "
    "own items: `/meeting`"
)
"""The refusal for people who bring an item, and ask for more of the meeting than their own part."""


def audience_of(meeting: MeetingSnapshot) -> Audience:
    """Return the audience of a meeting."""
    return meeting_audience(
        (meeting.team_id, meeting.channel),
        private=meeting.private,
        chair=meeting.chair_id,
        note_taker=meeting.notes_id,
    )


def brings_item(reader: Reader, meeting: MeetingSnapshot) -> bool:
    """Return whether a person sees their own part of a meeting that they may not see as a whole."""
    return sees_own_part(reader, {line.member_id for line in meeting.lines})


def check_sees_meeting(request: SlackRequest, caller: Caller, meeting: MeetingSnapshot) -> None:
    """Check that the caller may see a meeting. Raise Refusal where they may not.

    Facilitators learn that it exists, and those who bring an item what they can do.
    """
    reader = request.reader(caller.member.id if caller.member is not None else None)
    refusal = NO_SUCH
    if brings_item(reader, meeting):
        refusal = OWN_PART
    elif caller.facilitates:
        refusal = "This meeting belongs to a private channel that you are not in. Somebody there can invite you."
    request.check_sees(reader.member_id, audience_of(meeting), Refusal(refusal))
