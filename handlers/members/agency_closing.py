"""Ending an agency, which is asked about first and can be undone; what its people carry is named."""

from sqlalchemy.orm import Session

from handlers.kit import lookup
from handlers.kit.block_kit import button, confirm, row, section
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, counted, escape, lines, listed
from storage import members, roles, tasks
from storage.agencies import Agency


def confirm_ending(request: SlackRequest, name: str) -> None:
    """Ask once more before an agency ends."""
    with request.look("facilitator") as (session, caller):
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
    request.answer(text, blocks)


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
