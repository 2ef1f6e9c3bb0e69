"""What people see of the consortium."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import chunks, context, section
from handlers.kit.text import bold, counted, escape, lines, listed, quote
from storage.agencies import Agency, fold
from storage.consortia import Consortium
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.vocabulary import RequestKind, RequestState, Seat


def overview(
    consortium: Consortium,
    agencies: Sequence[Agency],
    people: Sequence[Member],
    running: Sequence[str],
    *,
    member: bool,
    facilitator: bool,
    stuck: int,
) -> list[Block]:
    """Draw the consortium at a glance, with the buttons that this person may press."""
    chiefs = [escape(member.name) for member in people if member.facilitator]
    blocks: list[Block] = [
        section(
            f"{bold(consortium.name)}\nFacilitated by {listed(chiefs[:10]) or 'nobody at the moment'} · "
            f"{counted(len(agencies), 'agency', 'agencies')}"
        ),
        *chunks(_fitting(agency_lines(agencies, people) or ["No agencies yet."], 4000)),
        section(lines(["*Open now*", *running]) if running else "Nothing is open at the moment."),
        block_kit.row(
            block_kit.button("Waiting for me", "poll.waiting"),
            block_kit.button("New proposal", "proposal.form"),
            block_kit.button("New poll", "poll.form"),
            block_kit.button("Decisions", "member.decisions", "0"),
            block_kit.button("Closed days", "closure.list", "own"),
            block_kit.button("Export", "export.make"),
        )
        if member
        else block_kit.row(block_kit.button("Join an agency", "member.join")),
    ]
    if len(chiefs) == 1 and facilitator:
        blocks.append(context("There should be two facilitators: `/consortium facilitator @name` names a second."))
    if facilitator:
        blocks.append(
            block_kit.row(
                block_kit.button("Add an agency", "member.agency"),
                block_kit.button("Place a person", "member.place"),
                block_kit.button("Import", "member.import"),
                block_kit.button("Settings", "member.settings"),
                block_kit.button(f"Undelivered ({stuck})", "delivery.list") if stuck else None,
            )
        )
    return blocks


def agency_lines(agencies: Sequence[Agency], people: Sequence[Member]) -> list[str]:
    """List agencies with who speaks for them."""
    made = []
    for agency in agencies:
        own = [member for member in people if member.agency_id == agency.id]
        speakers = [
            f"{escape(member.name)} ({member.seat.value})"
            for member in sorted(own, key=lambda m: m.seat is not Seat.REPRESENTATIVE)
            if member.seat is not Seat.MEMBER
        ]
        said = ", ".join(speakers) if speakers else "nobody is named to speak for it"
        what = f"{counted(len(own), 'person', 'people')} · {said}" if own else "nobody yet"
        made.append(f"*{escape(agency.name)}* · {what}")
    return made


def _fitting(texts: Sequence[str], room: int) -> list[str]:
    """Leave out what has no room in one message, and say so."""
    for number, text in enumerate(texts):
        room -= len(text) + 2
        if room < 0:
            left = len(texts) - number
            return [*texts[:number], f"… and {left} more; `/consortium who Elm` shows those that begin so."]
    return list(texts)


def who(agencies: Sequence[Agency], people: Sequence[Member], words: str = "") -> list[Block]:
    """List people by agency; with `words` only of the agencies whose names begin so."""
    wanted = fold(words)
    if wanted:
        agencies = [agency for agency in agencies if agency.folded.startswith(wanted)]
        if not agencies:
            return [section(f"There is no agency {quote(words, 60)}. `/consortium who` lists all.")]
    groups: list[str] = []
    for agency in agencies:
        own = [_person(member) for member in people if member.agency_id == agency.id]
        groups.append(f"*{escape(agency.name)}*: {_names(own) or 'nobody yet'}")
    ids = {agency.id for agency in agencies}
    others = [_person(member) for member in people if member.agency_id not in ids]
    if others and not wanted:
        groups.append(f"*Without an agency*: {_names(others)}")
    return [*chunks(_fitting(groups or ["Nobody yet."], 10_000))]


def _names(people: Sequence[str], most: int = 40) -> str:
    return ", ".join([*people[:most], *([f"and {len(people) - most} more"] if len(people) > most else [])])


def _person(member: Member) -> str:
    words = [
        member.seat.value if member.seat is not Seat.MEMBER else "",
        "facilitator" if member.facilitator else "",
    ]
    said = ", ".join(word for word in words if word)
    return escape(member.name) + (f" ({said})" if said else "")


# requests ----------------------------------------------------------------------------------------------


def join_request(membership_request: MembershipRequest, agency: str) -> dict[str, Any]:
    """Ask a facilitator or representative to confirm that somebody belongs to an agency."""
    address = f" ({escape(membership_request.email)})" if membership_request.email else ""
    text = f"{escape(membership_request.name)}{address} asks to join {bold(agency)}."
    return block_kit.message(
        escape(f"{membership_request.name} asks to join {agency}."), [section(text), _confirm(membership_request)]
    )


def seat_request(membership_request: MembershipRequest, agency: str, holder: str, asker: str) -> dict[str, Any]:
    """Ask somebody of an agency to confirm a new representative."""
    text = (
        f"{escape(asker)} has named {escape(membership_request.name)} to speak for {bold(agency)} "
        f"instead of {escape(holder)}. Somebody of {escape(agency)} confirms that."
    )
    return block_kit.message(
        escape(f"{membership_request.name} is to speak for {agency}. Confirm it?"),
        [section(text), _confirm(membership_request)],
    )


def _confirm(membership_request: MembershipRequest) -> Block:
    return block_kit.row(
        block_kit.button("Confirm", "request.confirm", str(membership_request.id), style="primary"),
        block_kit.button("Decline", "request.decline", str(membership_request.id)),
    )


def request_decided(membership_request: MembershipRequest, agency: str, decider: str) -> dict[str, Any]:
    """Tell somebody what became of what was asked for them."""
    yes = membership_request.state is RequestState.CONFIRMED
    if membership_request.kind is RequestKind.SEAT:
        text = (
            f"You speak for {escape(agency)} now; {escape(decider)} has confirmed it. `/vote` lists what is waiting."
            if yes
            else f"{escape(decider)} of {escape(agency)} has not confirmed that you speak for it."
        )
    else:
        text = (
            f"Welcome: you belong to {escape(agency)} now. {escape(decider)} has confirmed it. `/vote` lists what is "
            "waiting for you."
            if yes
            else f"{escape(decider)} has not confirmed that you belong to {escape(agency)}. Ask them, or choose "
            "another agency with `/consortium join`"
        )
    return block_kit.message(text, [section(text)])


# decisions and deliveries ------------------------------------------------------------------------------
