"""Operations on facilitators: who may name them, naming, and removing."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import block_kit, representation
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller, identify
from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaks
from handlers.kit.text import bold, escape, join_names, pluralize
from handlers.members import leaving, seats
from storage import audit, consortia, members, roles
from storage.agencies import Agency
from storage.members import Member
from storage.vocabulary import Departure, Seat


def check_may_name(session: Session, caller: Caller, *, removes: bool) -> None:
    """Raise `Refusal` unless the caller may name or remove facilitators.

    Facilitators may. When the last one has left, whoever speaks for an agency may name a new one.
    """
    if not removes and not members.facilitators(session, caller.consortium.id) and _speaks(session, caller):
        return
    identify(session, caller.workspace, caller.home, caller.user_id, "facilitator")


def _speaks(session: Session, caller: Caller) -> bool:
    agency = caller.active_agency
    if agency is None:
        return False
    return speaks(caller.person.seat, Named.of(members.representatives(session, [agency.id])[agency.id]))


def name_facilitator(session: Session, caller: Caller, person: Person, now: datetime) -> str:
    """Make a person a facilitator, tell them, and return the answer."""
    consortia.lock(session, caller.consortium.id)
    member = members.find(session, caller.consortium.id, person.team_id, person.user_id, person.teams)
    if member is None or member.left_at is not None:
        member = seats.assign(session, caller.consortium, person, None, Seat.MEMBER, now)
    if member.facilitator:
        return f"{escape(person.name)} is already a facilitator. `/consortium` shows who is."
    member.facilitator = True
    audit.record(session, caller.consortium.id, caller.person.id, "named facilitator", person.name, now)
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


def remove_facilitator(session: Session, caller: Caller, person: Person, now: datetime) -> str:
    """Take the facilitator role from a person, tell them, and return the answer.

    Who belongs to no agency was in the consortium only as a facilitator, and is an outsider again. Raise `Refusal` for
    the last facilitator.
    """
    member = members.find(session, caller.consortium.id, person.team_id, person.user_id, person.teams)
    if member is None or not member.facilitator:
        raise Refusal(f"{escape(person.name)} is not a facilitator. `/consortium` shows who is.")
    if len(members.facilitators(session, caller.consortium.id)) == 1:
        raise Refusal(
            f"{escape(person.name)} is the only facilitator. Name another one first: `/consortium facilitator @name`"
        )
    audit.record(session, caller.consortium.id, caller.person.id, "removed facilitator", person.name, now)
    agency = session.get(Agency, member.agency_id) if member.agency_id is not None else None
    outside = " You belong to no agency, so you are no longer a member of the consortium." if agency is None else ""
    if member.id != caller.person.id:
        text = f"{escape(caller.person.name)} has ended your role as a facilitator.{outside}"
        body = block_kit.message(text, [section(text)])
        queue_direct_message(session, caller.workspace, member, body, "the news of being facilitator no longer", now)
    sentence = f"{escape(person.name)} is no longer a facilitator."
    if agency is None:
        return f"{sentence}{_become_outsider(session, caller, member, now)}"
    member.facilitator = False
    if not representation.from_the_beginning(member.agency_since, agency.created_at):
        # the time as a facilitator does not count: they could have added themselves and everybody else
        member.agency_since = now
    return sentence


def _become_outsider(session: Session, caller: Caller, member: Member, now: datetime) -> str:
    """End the membership of somebody without an agency; return what becomes of their work for the answer."""
    tasks = leaving.end_membership(session, caller.workspace, member, Departure.OWN, now, caller.person)
    free = [pluralize(tasks, "task")] if tasks else []
    free += [bold(role.title) for role in roles.freed_at(session, member.id, now)]
    note = f" Without an owner now: {join_names(free)}." if free else ""
    return f" They belong to no agency, so they are no longer a member of the consortium.{note}"
