"""What people read about places in agencies: requests to confirm, how they ended, and what became of whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, section
from handlers.kit.replacements import Replacement
from handlers.kit.text import bold, escape, join_lines, join_names
from storage.agencies import Agency
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.vocabulary import RequestState, Seat

TITLES = {Seat.MEMBER: "a member", Seat.ALTERNATE: "the alternate", Seat.REPRESENTATIVE: "the representative"}
MOST_NAMED = 3
MOST_NEW = 20
SPEAKS_SECOND = "An alternate speaks for the agency when its representative does not."


@dataclass(frozen=True)
class Place:
    """The agency and the seat of a person. The agency is None for people who belong to none."""

    agency: Agency | None
    seat: Seat

    @property
    def name(self) -> str:
        """Return the name of the agency."""
        return escape(self.agency.name) if self.agency is not None else "no agency"

    @property
    def title(self) -> str:
        """Return the place in words: "the alternate of Elm Schools"."""
        return f"{TITLES[self.seat]} of {self.name}"


# requests ----------------------------------------------------------------------------------------------


STILL_OPEN = "Nobody has answered this yet. "


def join_request(
    membership_request: MembershipRequest, agency: str, *, would_speak: bool, again: bool = False
) -> dict[str, Any]:
    """Render the message that asks for confirmation that a person belongs to an agency, and perhaps speaks for it."""
    address = f" ({escape(membership_request.email)})" if membership_request.email else ""
    text = f"{STILL_OPEN if again else ''}{escape(membership_request.name)}{address} asks to join {bold(agency)}."
    if would_speak:
        text += f" {speaks_too(agency)}"
    return block_kit.message(
        escape(f"{membership_request.name} asks to join {agency}."), [section(text), _confirm(membership_request)]
    )


def seat_request(
    membership_request: MembershipRequest,
    replacement: Replacement,
    wanted: Place,
    asker: str,
    *,
    own: bool,
    again: bool = False,
) -> dict[str, Any]:
    """Render the message that asks somebody of an agency to confirm who speaks for it; `own` if it is about them."""
    agency = replacement.agency
    name = "you" if own else escape(membership_request.name)
    text = join_lines(
        [
            f"{STILL_OPEN if again else ''}{_wish(replacement, wanted, name, escape(asker))}".rstrip(),
            f"Nothing changes until someone from {escape(agency.name)} confirms it.",
        ]
    )
    notification = f"Do you confirm a change of who speaks for {escape(agency.name)}?"
    return block_kit.message(notification, [section(text), _confirm(membership_request)])


def _wish(replacement: Replacement, wanted: Place, name: str, asker: str) -> str:
    """Return sentences about what a facilitator wants, and who speaks for the agency until then or from then on."""
    agency, holder, second = replacement.agency, replacement.representative, replacement.alternate
    own = next((seated for seated in (holder, second) if seated is not None and seated is replacement.member), None)
    named = bold(agency.name)
    if wanted.agency is not agency:
        goes = f"{asker} wants to move {name} from {named} to {wanted.name}."
        return f"{goes} {_loses(replacement, own)}"
    if wanted.seat is Seat.MEMBER:
        if replacement.joins:
            return f"{asker} wants {name} to join {named}. {speaks_too(agency.name)}"
        return f"{asker} wants {name} to be a plain member of {named}. {_loses(replacement, own)}"
    if wanted.seat is Seat.ALTERNATE:
        instead = f" instead of {escape(second.name)}" if second is not None and second is not own else ""
        return (
            f"{asker} wants {name} to be the alternate of {named}{instead}. {SPEAKS_SECOND} {_loses(replacement, own)}"
        )
    if holder is not None:
        return f"{asker} wants {name} to speak for {named} instead of {escape(holder.name)}."
    speaks = f"{escape(second.name)}, the alternate, speaks" if second is not None else "all its people speak"
    return f"{asker} wants {name} to represent {named}. Until then, {speaks} for it."


def speaks_too(agency: str) -> str:
    """Return a sentence about somebody who joins an agency for which everybody speaks."""
    return f"Nobody is named for {escape(agency)}, so they would speak for it, as all its people do."


def _loses(replacement: Replacement, own: Member | None) -> str:
    """Return a sentence about what an agency is left with when a person gives up their seat; empty without one."""
    if own is None or own.seat is Seat.MEMBER or replacement.agency.ended_at is not None:
        return ""
    if own.seat is Seat.ALTERNATE:
        return f"{escape(replacement.agency.name)} would then have no alternate."
    second = replacement.alternate
    speaks = f"{escape(second.name)}, the alternate, would" if second is not None else "all its people would"
    return f"{escape(replacement.agency.name)} would then have no representative, and {speaks} speak for it."


def _confirm(membership_request: MembershipRequest) -> Block:
    return block_kit.actions(
        block_kit.button("Confirm", "request.confirm", str(membership_request.id), style="primary"),
        block_kit.button("Decline", "request.decline", str(membership_request.id)),
    )


def wish(membership_request: MembershipRequest, wanted: Place, asker: str, *, own: bool) -> str:
    """Return a sentence about what is asked for; with `own`, the reader is the person whom it is about."""
    name = "you" if own else escape(membership_request.name)
    if membership_request.asked_by is None:
        return f"{escape(membership_request.name)} asked to join {bold(wanted.agency.name if wanted.agency else '')}."
    return f"{escape(asker)} asked that {name} {'become' if own else 'becomes'} {wanted.title}."


def settled(membership_request: MembershipRequest, wish: str, how: str) -> dict[str, Any]:
    """Render the message that asked about a request, with what became of it; buttons only while it is open."""
    if membership_request.state is RequestState.OPEN:
        return block_kit.message(wish, [section(wish), _confirm(membership_request)])
    return block_kit.message(f"{wish} {how}", [section(f"{wish} {how}")])


def unanswered(
    membership_request: MembershipRequest, wanted: Place, asker: str, asked: Sequence[str], *, own: bool
) -> dict[str, Any]:
    """Tell whoever made a request, or with `own` the person whom it is about, that nobody has answered it."""
    names = join_names([escape(name) for name in asked[:MOST_NAMED]], "or")
    if membership_request.asked_by is None:
        text = f"You asked to join {wanted.name}."
    elif own and asker == membership_request.name:
        text = f"You asked to become {wanted.title}."
    elif own:
        text = f"{escape(asker)} asked that you become {wanted.title}."
    else:
        text = f"You asked that {escape(membership_request.name)} becomes {wanted.title}."
    text += " Nobody has answered yet, even after I asked again."
    text += f" Until somebody does, nothing changes.{f' You can ask {names}.' if names else ''}"
    return block_kit.message(text, [section(text)])


def waits(name: str, replacement: Replacement, wanted: Place) -> str:
    """Return what a facilitator reads whose change waits for an agency."""
    agency, holder = escape(replacement.agency.name), replacement.representative
    if wanted.agency is not replacement.agency:
        what = f"{name} moves to {wanted.name}"
    elif wanted.seat is Seat.REPRESENTATIVE and holder is not None:
        return (
            f"{escape(holder.name)} speaks for {agency}. Someone from {agency} has to confirm that {name} takes over."
        )
    elif wanted.seat is Seat.MEMBER and replacement.joins:
        what = f"{name} joins it, because all its people speak for it"
    else:
        title = "a plain member" if wanted.seat is Seat.MEMBER else TITLES[wanted.seat]
        what = f"{name} becomes {title}"
    return f"Someone from {agency} has to confirm that {what}."


def not_removed(member: Member, replacement: Replacement) -> str:
    """Return what a facilitator reads who cannot remove a person, because an agency has to confirm it first."""
    agency, name = escape(replacement.agency.name), escape(member.name)
    leaves = f"{name} can also leave with `/consortium leave`."
    if replacement.agency.ended_at is not None:
        ask = f'{agency} has ended: restore it first with `/consortium agency restore "{agency}"`.'
    elif member.seat is Seat.MEMBER:
        ask = (
            "Nobody is named there, so all its people speak. Let it confirm a representative first: "
            f'`/consortium member @name "{agency}" representative`.'
        )
    else:
        ask = f'Ask it with `/consortium member @{name} "{agency}" member`.'
    return f"{name} speaks for {agency}, and {agency} has to confirm that this changes. {ask} {leaves}"


def not_admitted(agency: str, *, by_facilitators: bool) -> str:
    """Return what somebody reads who cannot confirm a request to join."""
    if by_facilitators:
        return f"Only a facilitator, or whoever speaks for {escape(agency)}, can confirm this."
    return f"Only somebody of {escape(agency)} can confirm this, because all its people speak for it."


def joined(agency: str, decider: str) -> dict[str, Any]:
    """Tell a person that their request to join was confirmed."""
    text = (
        f"Welcome. You now belong to {escape(agency)}. {escape(decider)} has confirmed it. `/vote` shows what is "
        "waiting for you."
    )
    return block_kit.message(text, [section(text)])


def not_joined(agency: str, decider: str) -> dict[str, Any]:
    """Tell a person that their request to join was declined."""
    text = (
        f"{escape(decider)} has not confirmed that you belong to {escape(agency)}. Ask them why, or choose another "
        "agency with `/consortium join`"
    )
    return block_kit.message(text, [section(text)])


def outcome(
    membership_request: MembershipRequest, wanted: Place, decider: str, more: str, *, own: bool
) -> dict[str, Any]:
    """Tell a facilitator how a request of theirs ended, or with `own` the person it was about that it was declined."""
    name = "you" if own else escape(membership_request.name)
    if membership_request.state is RequestState.CONFIRMED:
        text = f"{escape(decider)} has confirmed it: {name} is now {wanted.title}. {more}".rstrip()
    else:
        title = wanted.title.replace(TITLES[Seat.MEMBER], "a plain member", 1)
        wish = f"that {name} {'become' if own else 'becomes'} {title}"
        if decider == membership_request.name:
            wish = f"to become {title}"
        text = f"{escape(decider)} has declined {wish}. Nothing has changed."
    return block_kit.message(text, [section(text)])


def request_ended(membership_request: MembershipRequest, wanted: Place, why: str) -> dict[str, Any]:
    """Tell the person who made a request that nobody decides it any more.

    `why` is a sentence; without one, the reader's own seat has changed.
    """
    wish = (
        f"Your request that {escape(membership_request.name)} becomes {wanted.title}"
        if membership_request.asked_by is not None
        else f"Your request to join {wanted.name}"
    )
    text = f"{wish} has ended, because your seat has changed." if not why else f"{wish} has ended. {why}"
    return block_kit.message(text, [section(text)])


# what became of whom -----------------------------------------------------------------------------------


def placed(before: Place, now: Place, by: str) -> dict[str, Any]:
    """Tell a person which place somebody else gave them. `by` says in a sentence who did."""
    agency = escape(now.agency.name) if now.agency is not None else ""
    moved = before.agency is not None and before.agency is not now.agency
    if now.seat is Seat.REPRESENTATIVE:
        text = f"You now speak for {agency}, as its representative."
    elif now.seat is Seat.ALTERNATE:
        text = f"You are now the alternate of {agency}. {SPEAKS_SECOND}"
    elif before.agency is now.agency:
        text = f"You are now a member of {agency}, and no longer its {before.seat.value}."
    elif now.agency is None:
        text = f"You no longer belong to {before.name}."
    else:
        text = f"You now belong to {agency}."
    if moved and now.agency is not None:
        title = f", where you were {TITLES[before.seat]}" if before.seat is not Seat.MEMBER else ""
        text += f" You no longer belong to {before.name}{title}."
    text += f" {by} `/vote` shows what is waiting for you."
    return block_kit.message(text, [section(text)])


def undone_by(by: str) -> str:
    """Return a sentence about who undid an import."""
    return f"{escape(by)} has undone what a table had entered."


def entered_no_more(by: str, agency: str) -> dict[str, Any]:
    """Tell a person that the import that brought them into the consortium was undone."""
    text = f"You no longer belong to {escape(agency)}, and so not to the consortium. {undone_by(by)}"
    join = block_kit.actions(block_kit.button("Join an agency", "member.join"))
    return block_kit.message(text, [section(text), join])


def succeeded(successor: str, place: Place, by: str) -> dict[str, Any]:
    """Tell a person that somebody else has their seat now."""
    text = f"{escape(successor)} is now {place.title}. You still belong to it, as a member. {by}"
    return block_kit.message(text, [section(text)])


def speaks_alone(agency: str) -> dict[str, Any]:
    """Tell an alternate that the agency has no representative any more."""
    text = (
        f"*You speak for {escape(agency)} alone now.* It has no representative any more, and you are its alternate. "
        "`/vote` shows what is waiting for you."
    )
    return block_kit.message(text, [section(text)])


def arrivals(agency: str, names: Sequence[str]) -> MessagePart:
    """Tell somebody who speaks for an agency who has come to it."""
    rest = len(names) - MOST_NEW
    shown = [escape(name) for name in names[:MOST_NEW]] + ([f"{rest} more"] if rest > 0 else [])
    summary = f"New in {escape(agency)}: {join_names(shown)}."
    text = (
        f"*{summary}* Whoever has belonged to an agency for a week can also confirm who speaks for it. If somebody "
        "does not belong there, tell a facilitator."
    )
    return MessagePart(summary, [section(text)])


def renamed(before: str, after: str, by: str) -> dict[str, Any]:
    """Tell somebody of an agency that it has another name."""
    text = f"{escape(by)} has renamed your agency: {bold(before)} is now called {bold(after)}."
    return block_kit.message(text, [section(text)])


def renamed_here(before: str, after: str, by: str) -> dict[str, Any]:
    """Say in the thread of an open proposal or poll that an agency has another name."""
    text = f"{escape(by)} has renamed {bold(before)} to {bold(after)}. What was said for it stays, under its new name."
    return block_kit.message(text, [section(text)])


def without_representative(agency: Agency, *, empty: bool) -> str:
    """Return a sentence about an agency that has lost its representative, or with `empty` everybody."""
    name = escape(agency.name)
    if empty:
        return f"Nobody belongs to {name} now, so it has no voice in new decisions."
    return f'*{name} has no representative now.* Name one: `/consortium member @name "{name}" representative`'


def lost_representative(person: str, now: Place, sentences: str) -> dict[str, Any]:
    """Tell facilitators that an agency has lost its representative, who has another place now."""
    text = f"{escape(person)} is now {now.title}. {sentences}"
    return block_kit.message(text, [section(text)])


def agency_news(agency: str, by: str, *, ended: bool) -> dict[str, Any]:
    """Tell somebody of an agency that it has ended, or that it is back."""
    text = (
        f"{escape(by)} has ended {bold(agency)} in the consortium. Nobody decides anything for it now. If that is a "
        f"mistake, {escape(by)} can undo it."
        if ended
        else f"{bold(agency)} is back in the consortium, and you belong to it as before. {escape(by)} has restored it."
    )
    return block_kit.message(text, [section(text)])
