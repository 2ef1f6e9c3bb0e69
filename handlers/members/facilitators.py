"""Operations on facilitators: who may name them, naming, and removing."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller, identify
from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape
from handlers.members import seats
from storage import members
from storage.vocabulary import Seat


def check_may_name(session: Session, caller: Caller, *, removes: bool) -> None:
    """Raise `Refusal` unless the caller may name or remove facilitators.

    Facilitators may. When the last one has left, any representative may name a new one.
    """
    is_representative = caller.member is not None and caller.member.seat is Seat.REPRESENTATIVE
    if is_representative and not removes and not members.facilitators(session, caller.consortium.id):
        return
    identify(session, caller.workspace, caller.home, caller.user_id, "facilitator")


def name_facilitator(session: Session, caller: Caller, person: Person, now: datetime) -> str:
    """Make a person a facilitator, tell them, and return the answer."""
    member = members.find(session, caller.consortium.id, person.team_id, person.user_id, person.teams)
    if member is None or member.left_at is not None:
        member = seats.assign(session, caller.consortium, person, None, Seat.MEMBER, now)
    member.facilitator = True
    if member.id != caller.person.id:
        text = (
            f"{escape(caller.person.name)} has named you a facilitator. You set things up and see warnings. The role "
            "gives you no extra say in decisions. `/consortium` shows an overview."
        )
        body = block_kit.message(text, [section(text)])
        queue_direct_message(session, caller.workspace, member, body, "the news of being facilitator", now)
    return (
        f"{escape(person.name)} is now a facilitator, who sets things up and sees warnings. The role gives no extra "
        "say in decisions."
    )


def remove_facilitator(session: Session, caller: Caller, person: Person) -> str:
    """Take the facilitator role from a person, and return the answer. Raise `Refusal` for the last facilitator."""
    member = members.find(session, caller.consortium.id, person.team_id, person.user_id, person.teams)
    if member is None or not member.facilitator:
        raise Refusal(f"{escape(person.name)} is not a facilitator. `/consortium` shows who is.")
    if len(members.facilitators(session, caller.consortium.id)) == 1:
        raise Refusal(
            f"{escape(person.name)} is the only facilitator. Name another one first: `/consortium facilitator @name`"
        )
    member.facilitator = False
    return f"{escape(person.name)} is no longer a facilitator."
