"""Who may see a meeting and its minutes; `handlers.kit.visibility` decides."""

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.visibility import Audience, meeting_audience
from handlers.meetings.agenda import NO_SUCH
from handlers.meetings.snapshot import MeetingSnapshot


def audience_of(meeting: MeetingSnapshot) -> Audience:
    """Return the audience of a meeting."""
    return meeting_audience(
        (meeting.team_id, meeting.channel),
        private=meeting.private,
        chair=meeting.chair_id,
        note_taker=meeting.notes_id,
        bringers=(line.member_id for line in meeting.lines),
    )


def check_sees_meeting(request: SlackRequest, caller: Caller, meeting: MeetingSnapshot) -> None:
    """Check that the caller may see a meeting. Raise Refusal where they may not; facilitators learn that it exists."""
    refusal = NO_SUCH
    if caller.facilitates:
        refusal = "This meeting belongs to a private channel that you are not in. Somebody there can invite you."
    request.check_sees(caller.member.id if caller.member is not None else None, audience_of(meeting), Refusal(refusal))
