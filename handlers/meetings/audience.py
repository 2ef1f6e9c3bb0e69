"""Who may see a meeting and its minutes; `handlers.kit.visibility` decides."""

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.visibility import Audience
from handlers.meetings.snapshot import MeetingSnapshot

NO_SUCH = "There is no such meeting any more. `/meeting` lists what is planned."


def audience_of(meeting: MeetingSnapshot) -> Audience:
    """Return for whom a meeting is meant: in a private channel its members, and those with a task in the meeting."""
    tasks = {meeting.chair_id, meeting.notes_id, *(line.member_id for line in meeting.lines)}
    return Audience((meeting.team_id, meeting.channel), private=meeting.private, named=tasks)


def check_sees_meeting(request: SlackRequest, caller: Caller, meeting: MeetingSnapshot) -> None:
    """Check that the caller may see a meeting. Raise Refusal where they may not; facilitators learn that it exists."""
    refusal = NO_SUCH
    if caller.facilitates:
        refusal = "This meeting belongs to a private channel that you are not in. Somebody there can invite you."
    request.check_sees(caller.member.id if caller.member is not None else None, audience_of(meeting), Refusal(refusal))
