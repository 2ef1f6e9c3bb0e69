"""People: joining, seats, facilitators."""

from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller, ask_whom
from handlers.kit.directory import Person
from handlers.kit.notices.messages import tell
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape
from handlers.members import seats as seating
from storage import members
from storage.vocabulary import Seat

FACILITATOR_EXAMPLE = "`/consortium facilitator @ana`"
MEMBER_EXAMPLE = '`/consortium member @ben "Elm County Schools" representative`'


def name_facilitator(request: SlackRequest, session: Session, caller: Caller, person: Person) -> str:
    """Make somebody a facilitator, and tell them."""
    present = members.find(session, caller.consortium.id, person.team_id, person.user_id)
    if present is None or present.left_at is not None:
        present = seating.place(session, caller.consortium, person, None, Seat.MEMBER, request.now)
    present.facilitator = True
    if present.id != caller.person.id:
        text = (
            f"{escape(caller.person.name)} has named you a facilitator: you set things up, see warnings, and decide "
            "nothing by it. `/consortium` gives an overview."
        )
        body = block_kit.message(text, [section(text)])
        tell(session, request.workspace, present, body, "the news of being facilitator", request.now)
    return f"{escape(person.name)} is a facilitator now, who sets things up, sees warnings, and decides nothing by it."


def remove_facilitator(request: SlackRequest, session: Session, caller: Caller, person: Person) -> str:
    """Thank a facilitator. Raises Refusal for the last one."""
    del request
    present = members.find(session, caller.consortium.id, person.team_id, person.user_id)
    if present is None or not present.facilitator:
        raise Refusal(f"{escape(person.name)} is no facilitator. `/consortium` shows who is.")
    if len(members.facilitators(session, caller.consortium.id)) == 1:
        raise Refusal(
            f"{escape(person.name)} is the only facilitator. Name another one first: `/consortium facilitator @name`"
        )
    present.facilitator = False
    return f"{escape(person.name)} is no facilitator any more."


def _may_name(request: SlackRequest, caller: Caller, *, removes: bool) -> None:
    """Let facilitators name others, and representatives where there is no facilitator left. Raises Refusal."""
    if caller.facilitates:
        return
    orphaned = caller.person.seat is Seat.REPRESENTATIVE and not removes
    with request.look("member" if orphaned else "facilitator") as (session, _):
        if members.facilitators(session, caller.consortium.id):
            raise Refusal(f"Only a facilitator can do this. {ask_whom(session, caller.consortium)}")
