"""Ending an agency, which is asked about first and can be undone; what its people carry is named."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handlers.kit import lookup
from handlers.kit.block_kit import button, confirm, row, section
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import bold, counted, escape, lines, listed
from storage import agencies, audit, load, members, roles, tasks
from storage.agencies import Agency


def ask_first(ask: Ask, name: str) -> None:
    """Ask once more before an agency ends."""
    with ask.look("facilitator") as (session, caller):
        found = lookup.agency(session, caller, name)
        sure = confirm(
            "End this agency?",
            "Its people can decide nothing more for it. Its history stays, and this can be undone.",
            "End it",
        )
        text = lines(
            [
                f"End {escape(found.name)}? What it said stays, and it stays in what is open now.",
                _carries(session, found, "They would keep it until it is passed on"),
            ]
        )
        blocks = [
            section(text),
            row(button("End it", "member.end", str(found.id), style="danger", confirm=sure)),
        ]
    ask.answer(text, blocks)


def press_end(ask: Ask) -> None:
    """End an agency."""
    with ask.begin("facilitator") as (session, caller):
        found = _by_id(session, caller, ask.value)
        if found.ended_at is not None:
            raise Refusal(f"{escape(found.name)} has ended already.")
        found.ended_at = ask.now
        audit.note(session, caller.consortium.id, caller.person.id, "ended", f"agency {found.name}", ask.now)
        load.touch(session, caller.consortium.id, ask.now)
        text = lines(
            [
                f"{escape(found.name)} has ended. Its history stays.",
                _carries(session, found, "They keep it until it is passed on"),
            ]
        )
        blocks = [section(text), row(button("Undo", "member.undo", str(found.id)))]
    ask.answer(text, blocks, replace=True)


def press_undo(ask: Ask) -> None:
    """Take an agency back in."""
    try:
        with ask.begin("facilitator") as (session, caller):
            found = _by_id(session, caller, ask.value)
            found.ended_at = None
            session.flush()
            name = found.name
            audit.note(session, caller.consortium.id, caller.person.id, "took back", f"agency {name}", ask.now)
            load.touch(session, caller.consortium.id, ask.now)
    except IntegrityError:
        raise Refusal("Another agency has this name by now. Rename that one first.") from None
    ask.answer(f"{escape(name)} is back.", replace=True)


def _carries(session: Session, agency: Agency, keeps: str) -> str:
    """Name what an agency's people carry, and how it is passed on; empty where they carry nothing."""
    people = {member.id: member for member in members.of_agency(session, agency.id)}
    held = [f"{bold(role.title)} ({escape(people[role.member_id].name)})" for role in roles.held_by(session, people)]
    shown = [*held[:5], *([f"{len(held) - 5} more roles"] if len(held) > 5 else [])]
    number = tasks.count_of_agency(session, agency.id)
    if number:
        shown.insert(0, counted(number, "open task"))
    if not shown:
        return ""
    ways = [*(["`/task all`"] if number else []), *(["`/workload roles`"] if held else [])]
    return f"Its people have {listed(shown)}. {keeps}: {listed(ways)}."


def _by_id(session: Session, caller: Caller, value: str) -> Agency:
    for found in agencies.every(session, caller.consortium.id).values():
        if str(found.id) == value:
            return found
    raise Refusal("This agency is not there any more.")
