"""How the consortium looks: the overview, people by agency, and people who leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, context, section, text_sections
from handlers.kit.text import bold, escape, join_lines, join_names, pluralize, quote, slack_date
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.names import normalize_name
from storage.roles import Role
from storage.vocabulary import Departure, Seat

OVERVIEW_CHARACTERS = 4_000
PEOPLE_CHARACTERS = 10_000
MOST_NAMES = 40
"""The number of people named for each agency."""

ONE_AGENCY = (
    "So far, only one agency has people, so there is nobody to decide with yet. Polls, meetings, tasks, and sense "
    "checks work already. Proposals begin when people of another agency have joined."
)
"""What is possible with one agency."""

ONE_FACILITATOR = "You are the only facilitator. A consortium needs two."
NAME_ANOTHER = "Name a second facilitator"

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
            block_kit.button("Leave …", "member.leave"),
        )
        if member
        else block_kit.actions(block_kit.button("Join an agency", "member.join")),
    ]
    if len({person.agency_id for person in people} & {agency.id for agency in agencies}) == 1 and member:
        blocks.append(context(ONE_AGENCY))
    if len(facilitators) == 1 and facilitator:
        blocks.append(context(ONE_FACILITATOR))
    if facilitator:
        blocks.append(
            block_kit.actions(
                block_kit.button("Add an agency", "member.agency"),
                block_kit.button("Add a person", "member.place"),
                block_kit.button(NAME_ANOTHER, "member.facilitator") if len(facilitators) == 1 else None,
                block_kit.button("Remove a person", "member.remove"),
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


# absences ----------------------------------------------------------------------------------------------


def set_away(by: str, until: datetime, zone: str) -> dict[str, Any]:
    """Tell a person that someone else stated an absence for them."""
    text = (
        f"{bold(by)} entered that you are away until {slack_date(until, zone)}. You get no reminders before then. If "
        "you are here, type `/consortium back`."
    )
    return block_kit.message(f"{escape(by)} entered that you are away.", [section(text)])


# people who leave --------------------------------------------------------------------------------------


def left_notice(
    member: Member,
    agency: str,
    remover: str,
    *,
    vacancy: str,
    no_facilitator: bool,
    free_roles: Sequence[Role] = (),
) -> MessagePart:
    """Render the news that a person has left, with the roles that this leaves free; `remover` removed them, if anybody.

    `vacancy` says that their agency has no representative or nobody now, if it has not.

    What is true of the agency, the facilitators, and the roles is stated as it is when the news is sent.
    """
    who = f"{escape(member.name)}{f' of {escape(agency)}' if agency else ''}"
    summary = left_text(member, who, remover)
    text = f"{summary} Their history is kept."
    if vacancy:
        text += f" {vacancy}"
    if free_roles:
        rest = len(free_roles) - ROLE_NAMES
        names = [bold(role.title) for role in free_roles[:ROLE_NAMES]] + ([f"{rest} more"] if rest > 0 else [])
        text += f" {join_names(names)} {'is' if len(free_roles) == 1 else 'are'} free now."
    if no_facilitator:
        text += (
            " There is no facilitator left. Whoever speaks for an agency can name one: `/consortium facilitator @name`"
        )
    buttons: list[ButtonElement] = []
    if not no_facilitator:
        several = len(free_roles) > 1
        buttons = [_follow_button(n, role, several=several) for n, role in enumerate(free_roles[:ROLE_BUTTONS])]
    return MessagePart(summary, [section(text), *([block_kit.actions(*buttons)] if buttons else [])])


def left_text(member: Member, who: str, remover: str) -> str:
    """Return the sentence that says how a person left."""
    if member.departure is Departure.REMOVED and remover:
        return f"{escape(remover)} has removed {who} from the consortium."
    return f"{who} has left {'Slack' if member.departure is Departure.SLACK else 'the consortium'}."


def removed(remover: str, consortium: str) -> dict[str, Any]:
    """Render the message that tells a person that a facilitator has removed them."""
    text = (
        f"{escape(remover)} has removed you from {escape(consortium)}. What you said in its decisions and polls stays. "
        "You get no more messages about it. If this is a mistake, write to them, or ask to join again."
    )
    summary = f"{escape(remover)} has removed you from {escape(consortium)}."
    return block_kit.message(
        summary, [section(text), block_kit.actions(block_kit.button("Join an agency", "member.join"))]
    )


def left_answer(consortium: str) -> str:
    """Return the answer to a person who has left."""
    return (
        f"You have left {escape(consortium)} and get no more messages about it. What you said in its decisions and "
        "polls stays. To come back, ask to join an agency: `/consortium join`"
    )


def removed_answer(name: str, consortium: str) -> str:
    """Return the answer to a facilitator who has removed a person."""
    return f"{escape(name)} no longer belongs to {escape(consortium)}, and has been told."


class Afterward(StrEnum):
    """What can become of a proposal whose author has left: who can withdraw it, if anybody."""

    PUBLIC = "public"
    PRIVATE = "private"
    STAYS = "stays"


_WITHDRAWERS = {
    Afterward.PUBLIC: " Facilitators",
    Afterward.PRIVATE: " Facilitators in its private channel",
    Afterward.STAYS: "",
}


def consequences(
    agency: str,
    seat: Seat,
    *,
    colleagues: int,
    tasks: int,
    roles: Sequence[str],
    proposals: Mapping[Afterward, Sequence[int]],
    parts: "Parts",
) -> list[str]:
    """Return what becomes of what a person has when they leave, one line each.

    `colleagues` counts the others of the agency, `tasks` are open, `roles` are titles, `proposals` the
    numbers of running ones. `parts` is everything else.
    """
    name, lines = escape(agency), []
    if agency and seat is not Seat.MEMBER:
        name_another = " Facilitators can name somebody else." if colleagues else ""
        lines.append(f"{name} loses its {seat.value}. Positions taken for it stay.{name_another}")
    if agency and not colleagues:
        lines.append(f"{name} then has nobody. It stays in what is open now, and has no voice in new decisions.")
    if tasks:
        speaker = f" and whoever speaks for {name}" if agency else ""
        lines.append(
            f"{pluralize(tasks, 'open task loses its owner', 'open tasks lose their owner')}, and "
            f"{'says whose it was' if tasks == 1 else 'say whose they were'}. Facilitators{speaker} can "
            f"pass {'it' if tasks == 1 else 'them'} on."
        )
    if roles:
        titles = [bold(role) for role in roles[:ROLE_NAMES]]
        lines.append(f"{join_names(titles)} {'becomes' if len(roles) == 1 else 'become'} free.")
    for afterward, own in proposals.items():
        numbers, several = join_names([f"#{number}" for number in own[:ROLE_NAMES]]), len(own) > 1
        lines.append(f"{numbers} {'go' if several else 'goes'} on.{_WITHDRAWERS[afterward]}")
        if _WITHDRAWERS[afterward]:
            lines[-1] += f" can withdraw {'them' if several else 'it'}."
    lines += part_lines(parts)
    lines.append("Votes and answers stay and are counted, also sealed ones. Nobody learns what was in those.")
    return lines


@dataclass(frozen=True)
class Parts:
    """What else a person has a part in, as far as the reader may know of it.

    `chairs` are titles of meetings still to come, `minutes` counts the meetings of which they take the minutes, `items`
    what they bring. `polls` are the numbers of open ones of theirs. `offered` tasks wait for their answer, and
    `asked` are those about which others have not answered them.
    """

    chairs: Sequence[str]
    minutes: int
    items: int
    polls: Mapping[Afterward, Sequence[int]]
    offered: int
    asked: int


def part_lines(parts: Parts) -> list[str]:
    """Return what becomes of what else a person has a part in when they leave, one line each."""
    lines = []
    if parts.chairs:
        titles = [bold(title) for title in parts.chairs[:ROLE_NAMES]]
        lines.append(f"{join_names(titles)} {'has' if len(parts.chairs) == 1 else 'have'} no chair then.")
    if parts.minutes:
        count = pluralize(parts.minutes, "meeting needs", "meetings need")
        lines.append(f"{count} somebody else for the minutes.")
    if parts.items:
        stays = "stays on its agenda" if parts.items == 1 else "stay on their agendas"
        lines.append(f"{pluralize(parts.items, 'agenda item')} {stays}.")
    for afterward, own in parts.polls.items():
        numbers, several = join_names([f"#{number}" for number in own[:ROLE_NAMES]]), len(own) > 1
        goes = f"{numbers} {'stay' if several else 'stays'} open until {'their' if several else 'its'} closing time."
        lines.append(f"{goes}{_WITHDRAWERS[afterward]} can close {'them' if several else 'it'} earlier.")
    if parts.offered:
        lines.append(
            f"{pluralize(parts.offered, 'offer')} of a task {_ends(parts.offered)}, and whoever made it is told."
        )
    if parts.asked:
        waits = "waits for an answer" if parts.asked == 1 else "wait for an answer"
        lines.append(f"{pluralize(parts.asked, 'offer')} to others still {waits}.")
    return lines


def _ends(count: int) -> str:
    return "ends" if count == 1 else "end"


def _follow_button(position: int, role: Role, *, several: bool) -> ButtonElement:
    label = f"Who could be {role.title}?" if several else "Who could follow?"
    return block_kit.button(label, f"role.follow.{position}", str(role.id))
