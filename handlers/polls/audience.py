"""Who may see a poll; `handlers.kit.visibility` decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.visibility import Audience
from handlers.proposals.audience import UnknownProposal
from storage import polls
from storage.polls import Poll
from storage.vocabulary import MemberId
from storage.voting import PollBallotPaper


def audience_of(poll: Poll | PollBallotPaper) -> Audience:
    """Return for whom a poll is meant: in a private channel, only its members."""
    return Audience((poll.team_id, poll.channel), private=poll.private)


def check_sees_poll(request: SlackRequest, member_id: MemberId | None, poll: Poll | PollBallotPaper) -> None:
    """Check that a person may see a poll. Raise Refusal if they may not, as if there were no such poll."""
    request.check_sees(member_id, audience_of(poll), refusal(poll.number))


def see_poll(request: SlackRequest, session: Session, caller: Caller, number: int) -> Poll | None:
    """Return the poll with this number, or None. Raise Refusal if the caller may not see it."""
    poll = polls.get(session, caller.consortium.id, number)
    if poll is not None:
        check_sees_poll(request, caller.member.id if caller.member is not None else None, poll)
    return poll


def refusal(number: int) -> Refusal:
    """Return the answer when there is no poll with this number that the person may see."""
    return Refusal(
        f"There is no proposal or poll {number} here. `/vote` lists what is waiting for you, `/task` lists your tasks."
    )


@contextmanager
def of_either_kind(number: int) -> Iterator[None]:
    """Refuse a proposal that the person may not see with the words for a number that does not exist."""
    try:
        yield
    except UnknownProposal:
        raise refusal(number) from None


def no_such(number: int) -> NoReturn:
    """Raise Refusal: neither a proposal nor a poll has this number."""
    raise refusal(number)
