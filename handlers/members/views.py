"""How the consortium looks: the overview, people by agency, and people who left Slack."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit
from handlers.kit.block_kit import context, section, text_sections
from handlers.kit.text import bold, escape, join_lines, join_names, pluralize, quote, slack_date
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.names import normalize_name
from storage.roles import Role
from storage.vocabulary import Seat

OVERVIEW_CHARACTERS = 4_000
PEOPLE_CHARACTERS = 10_000
MOST_NAMES = 40
"""The number of people named for each agency."""

ONE_AGENCY = (
    "So far, only one agency has people, so there is nobody to decide with yet. Polls, meetings, tasks, and sense "
    "checks work already. Proposals begin when people of another agency have joined."
)
"""What is possible with one agency."""

ROLE_BUTTONS = 3
"""The number of free roles that get a button."""

ROLE_NAMES = 10

# the overview ------------------------------------------------------------------------------------------


def overview(
    consortium: Consortium,
    agencies: Sequence[Agency],
    people: Sequence[Member],
    open_items: Sequence[str],
    *,
    member: bool,
    facilitator: bool,
    stuck: int,
) -> list[Block]:
    """Render the overview with the buttons that the reader may press; `stuck` is the number of stuck messages."""
    facilitators = [escape(person.name) for person in people if person.facilitator]
    blocks: list[Block] = [
        section(
            f"{bold(consortium.name)}\nFacilitated by {join_names(facilitators[:10]) or 'nobody at the moment'} · "
            f"{pluralize(len(agencies), 'agency', 'agencies')}"
        ),
        *text_sections(_fitting(agency_lines(agencies, people) or ["There are no agencies yet."], OVERVIEW_CHARACTERS)),
        section(join_lines(["*Open now*", *open_items]) if open_items else "Nothing is open at the moment."),
        block_kit.actions(
            block_kit.button("Waiting for me", "poll.waiting"),
            block_kit.button("New proposal", "proposal.form"),
            block_kit.button("New poll", "poll.form"),
            block_kit.button("Decisions", "member.decisions", "0"),
            block_kit.button("Closed days", "closure.list", "own"),
            block_kit.button("Export", "export.make"),
        )
        if member
        else block_kit.actions(block_kit.button("Join an agency", "member.join")),
    ]
    if len({person.agency_id for person in people} & {agency.id for agency in agencies}) == 1 and member:
        blocks.append(context(ONE_AGENCY))
    if len(facilitators) == 1 and facilitator:
        blocks.append(context("A consortium needs two facilitators. Name a second: `/consortium facilitator @name`"))
    if facilitator:
        blocks.append(
            block_kit.actions(
                block_kit.button("Add an agency", "member.agency"),
                block_kit.button("Add a person", "member.place"),
                block_kit.button("Import", "import.form"),
                block_kit.button("Settings", "member.settings"),
                block_kit.button(f"Messages to check ({stuck})", "delivery.list") if stuck else None,
            )
        )
    return blocks


def agency_lines(agencies: Sequence[Agency], people: Sequence[Member]) -> list[str]:
    """Return one line for each agency, with who speaks for it."""
    rendered = []
    for agency in agencies:
        own = [member for member in people if member.agency_id == agency.id]
        speakers = [
            f"{escape(member.name)} ({member.seat.value})"
            for member in sorted(own, key=lambda m: m.seat is not Seat.REPRESENTATIVE)
            if member.seat is not Seat.MEMBER
        ]
        names = ", ".join(speakers) or "no representative or alternate"
        details = f"{pluralize(len(own), 'person', 'people')} · {names}" if own else "nobody yet"
        rendered.append(f"*{escape(agency.name)}* · {details}")
    return rendered


def _fitting(texts: Sequence[str], room: int) -> list[str]:
    """Return the texts that fit into one message, and a line about the rest."""
    for number, text in enumerate(texts):
        room -= len(text) + 2
        if room < 0:
            rest = len(texts) - number
            return [
                *texts[:number],
                f"… and {rest} more. `/consortium who Elm` lists the agencies whose names begin with Elm.",
            ]
    return list(texts)


def people_by_agency(agencies: Sequence[Agency], people: Sequence[Member], words: str = "") -> list[Block]:
    """List people by agency; with `words`, only the agencies whose names begin with them."""
    wanted = normalize_name(words)
    if wanted:
        agencies = [agency for agency in agencies if agency.folded.startswith(wanted)]
        if not agencies:
            return [section(f"There is no agency {quote(words, 60)}. `/consortium who` lists all agencies.")]
    groups: list[str] = []
    for agency in agencies:
        own = [_person(member) for member in people if member.agency_id == agency.id]
        groups.append(f"*{escape(agency.name)}*: {_names(own) or 'nobody yet'}")
    ids = {agency.id for agency in agencies}
    # a seat belongs to an agency: with the agency, its titles have ended
    others = [_person(member, seated=False) for member in people if member.agency_id not in ids]
    if others and not wanted:
        groups.append(f"*Without an agency*: {_names(others)}")
    return [*text_sections(_fitting(groups or ["Nobody yet."], PEOPLE_CHARACTERS))]


def _names(people: Sequence[str]) -> str:
    rest = len(people) - MOST_NAMES
    return ", ".join([*people[:MOST_NAMES], *([f"and {rest} more"] if rest > 0 else [])])


def _person(member: Member, *, seated: bool = True) -> str:
    roles = [
        member.seat.value if seated and member.seat is not Seat.MEMBER else "",
        "facilitator" if member.facilitator else "",
    ]
    details = ", ".join(role for role in roles if role)
    return escape(member.name) + (f" ({details})" if details else "")


# people who left Slack ---------------------------------------------------------------------------------


def set_away(by: str, until: datetime, zone: str) -> dict[str, Any]:
    """Tell a person that someone else stated an absence for them."""
    text = (
        f"{bold(by)} entered that you are away until {slack_date(until, zone)}. You get no reminders before then. If "
        "you are here, type `/consortium back`."
    )
    return block_kit.message(f"{escape(by)} entered that you are away.", [section(text)])


def left_slack(
    member: Member,
    agency: str,
    *,
    no_representative: bool,
    no_facilitator: bool,
    free_tasks: int,
    free_roles: Sequence[Role] = (),
) -> dict[str, Any]:
    """Render the news that a person has left Slack, with the tasks and roles that this leaves free."""
    text = f"{escape(member.name)}{f' of {escape(agency)}' if agency else ''} has left Slack. Their history is kept."
    if no_representative:
        text += (
            f" *{escape(agency)} has no representative now.* Name one: "
            f'`/consortium member @name "{escape(agency)}" representative`'
        )
    if free_tasks:
        text += f" {pluralize(free_tasks, 'task has', 'tasks have')} no owner now. `/task` lists the tasks to take."
    if free_roles:
        rest = len(free_roles) - ROLE_NAMES
        names = [bold(role.title) for role in free_roles[:ROLE_NAMES]] + ([f"{rest} more"] if rest > 0 else [])
        text += f" {join_names(names)} {'is' if len(free_roles) == 1 else 'are'} free now."
    if no_facilitator:
        text += " There is no facilitator left. Any representative can name one: `/consortium facilitator @name`"
    buttons: list[ButtonElement] = []
    if not no_facilitator:
        several = len(free_roles) > 1
        buttons = [_follow_button(n, role, several=several) for n, role in enumerate(free_roles[:ROLE_BUTTONS])]
    return block_kit.message(
        escape(f"{member.name} has left Slack."), [section(text), *([block_kit.actions(*buttons)] if buttons else [])]
    )


def _follow_button(position: int, role: Role, *, several: bool) -> ButtonElement:
    label = f"Who could be {role.title}?" if several else "Who could follow?"
    return block_kit.button(label, f"role.follow.{position}", str(role.id))
