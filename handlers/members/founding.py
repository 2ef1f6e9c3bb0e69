"""Founding the consortium of a workspace."""

from sqlalchemy.exc import IntegrityError

from handlers.kit import dates, lookup
from handlers.kit.block_kit import actions, button, section
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape
from handlers.members import rules, seats
from storage import audit, consortia
from storage.consortia import Consortium
from storage.vocabulary import Seat

EXAMPLE = '`/consortium setup "Northern Valleys"`'


def found_consortium(request: SlackRequest, name: str, zone: str | None) -> None:
    """Found a consortium, with the caller as its first facilitator. Raise `Refusal` if the workspace has one."""
    founder = lookup.require_person(request, request.user)
    zone = dates.parse_time_zone(zone) if zone is not None else None
    try:
        with request.begin("anyone") as (session, caller):
            check_no_consortium(caller.found)
            consortium = consortia.create(session, request.workspace, name, zone or founder.zone, request.now)
            member = seats.assign(session, consortium, founder, None, Seat.MEMBER, request.now)
            member.facilitator = True
            audit.record(session, consortium.id, member.id, "founded", name, request.now)
    except IntegrityError:
        # somebody else founded it at the same time; the workspace's unique key lets only one through
        with request.read("anyone") as (_, caller):
            check_no_consortium(caller.found)
        raise
    request.answer(
        f"{escape(name)} is founded, and you are its first facilitator.",
        [
            section(
                f"*{escape(name)}* is founded, and you are its first facilitator. Next, add the agencies and then "
                f"their people. For example: {rules.AGENCY_EXAMPLE}"
            ),
            actions(button("Add an agency", "member.agency"), button("Import a table", "import.form")),
        ],
    )


def check_no_consortium(consortium: Consortium | None) -> None:
    """Raise `Refusal` if the workspace already has a consortium."""
    if consortium is not None:
        raise Refusal(
            f"This workspace already has a consortium: {escape(consortium.name)}. `/consortium` shows an overview."
        )
