"""Who may see a poll; `handlers.kit.visibility` decides."""

from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.visibility import Audience
from storage import polls
from storage.polls import Poll
from storage.vocabulary import MemberId
from storage.voting import PollPaper


def audience_of(poll: Poll | PollPaper) -> Audience:
    """Return for whom a poll is meant: in a private channel its members, and nobody else."""
    return Audience((poll.team_id, poll.channel), private=poll.private)


def check_sees_poll(request: SlackRequest, member_id: MemberId | None, poll: Poll | PollPaper) -> None:
    """Check that a person may see a poll. Raise Refusal where they may not: as if there were none."""
    request.check_sees(member_id, audience_of(poll), refusal(poll.number))


def see_poll(request: SlackRequest, session: Session, caller: Caller, number: int) -> Poll | None:
    """Return the poll of this number, or None. Raise Refusal where the caller may not see it."""
    poll = polls.get(session, caller.consortium.id, number)
    if poll is not None:
        check_sees_poll(request, caller.member.id if caller.member is not None else None, poll)
    return poll


def refusal(number: int) -> Refusal:
    """Return the answer where there is no poll of this number that the person may see."""
    return Refusal(
        f"There is no proposal or poll {number} here. `/vote` lists what is waiting for you, `/task` your tasks."
    )


def no_such(number: int) -> NoReturn:
    """Raise Refusal: there is neither a proposal nor a poll of this number."""
    raise refusal(number)
