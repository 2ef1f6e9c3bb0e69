"""How roles look: the list of who holds which, and news of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit, lists
from handlers.kit.block_kit import MessagePart, context, section
from handlers.kit.hours import format_effort
from handlers.kit.lists import Page
from handlers.kit.text import bold, escape, format_day, join_lines, join_names, pluralize, quote, truncate
from storage.roles import Role

ADD_EXAMPLE = '`/workload role add "Note-taker" @cleo hours:4 until:2027-06-30`'
MOST_TURNS = 3
"""The number of agencies in turn that a notice names."""

_FACILITATORS_KNOW = (
    "The facilitators know too. They look for someone to follow you, or extend your term if you would like that."
)


@dataclass(frozen=True)
class Line:
    """A role as one reader sees it in the list. `may_end` and `may_change` are about the reader."""

    role: Role
    holder: str
    agency: str
    mine: bool
    may_end: bool
    may_change: bool


@dataclass(frozen=True)
class Turn:
    """An agency whose people could follow in a role. `names` are those people, in the order to ask them."""

    agency: str
    names: Sequence[str]


def terms_text(role: Role) -> str:
    """Return the hours and the term of a role: "4 h a month, until Wed, Jun 30, 2027"."""
    until = f"until {format_day(role.until)}" if role.until is not None else "with no end date"
    return f"{format_effort(role.hours)} a month, {until}"


def quoted_title(title: str) -> str:
    """Return a typed title in quotation marks."""
    return quote(title, 60)


def given_summary(role: Role, holder: str) -> str:
    """Return the answer after a role was given: who holds it, and on which terms."""
    told = "" if role.member_id == role.created_by else " I will tell them, and they can give it back."
    return f"{escape(holder)} is now {bold(role.title)}: {terms_text(role)}.{told}"


# the list ----------------------------------------------------------------------------------------------


def role_list(page: Page[Line], *, facilitates: bool) -> list[Block]:
    """Render one page of the current roles, with buttons for what the reader may do."""
    new = block_kit.button("Give a role", "role.form") if facilitates else None
    if not page.total:
        how = f"For example: {ADD_EXAMPLE}" if facilitates else "A facilitator can give roles such as chair."
        return [section(f"Nobody holds a role yet. {how}"), *([block_kit.actions(new)] if new else [])]
    return lists.fit_to_message(lambda width: [*_roles(page, width), *lists.page_buttons(page, "role.list", new)])


def _roles(page: Page[Line], width: int) -> list[Block]:
    blocks: list[Block] = [section(f"*Who holds which role* · {pluralize(page.total, 'role')}")]
    for line in page.items:
        blocks.append(section(_line(line, width)))
        buttons = _buttons(line)
        if buttons:
            blocks.append(block_kit.actions(*buttons, _menu(line)))
    return blocks


def _line(line: Line, width: int) -> str:
    who = "you" if line.mine else escape(truncate(line.holder, width))
    agency = f" ({escape(truncate(line.agency, width))})" if line.agency else ""
    return f"{bold(line.role.title, width)} · {who}{agency}\n{terms_text(line.role)}"


def _buttons(line: Line) -> list[ButtonElement]:
    if line.may_change:
        return [block_kit.button("Pass it on …", "role.pass", str(line.role.id))]
    return [_give_back_button(line.role)] if line.may_end else []


def _menu(line: Line) -> Any:
    value = str(line.role.id)
    choices = [
        block_kit.option("Change …", f"change|{value}"),
        block_kit.option("Who could follow?", f"follow|{value}"),
        block_kit.option("End it", f"end|{value}"),
    ]
    return block_kit.overflow_menu("role.more", choices) if line.may_change else None


def successors(role: Role, turns: Sequence[Turn]) -> list[Block]:
    """Render who could follow in a role."""
    small = (
        "Agencies that never held this role come first, then the one that took it longest ago. Within an agency, "
        "people with the least work come first."
    )
    blocks: list[Block] = [section(join_lines([bold(role.title), _next_in_turn(turns, 10)])), context(small)]
    return [*blocks, block_kit.actions(block_kit.button("Pass it on …", "role.pass", str(role.id)))]


# news --------------------------------------------------------------------------------------------------


def news(text: str, *buttons: ButtonElement) -> dict[str, Any]:
    """Render news of a role."""
    return block_kit.message(text, [section(text), *([block_kit.actions(*buttons)] if buttons else [])])


def given(role: Role, giver: str) -> MessagePart:
    """Render the notice to a person who was given a role."""
    text = (
        f"You are now {bold(role.title)}: {terms_text(role)}. {escape(giver)} gave you this role. If you cannot take "
        "it on, give it back, and the facilitators will look for someone else."
    )
    return MessagePart(
        f"You are now {escape(role.title)}.", [section(text), block_kit.actions(_give_back_button(role))]
    )


def _give_back_button(role: Role) -> ButtonElement:
    sure = block_kit.confirm_dialog(
        "Give it back?", "The facilitators are told and look for someone else.", "Give it back"
    )
    return block_kit.button("Give it back", "role.end", str(role.id), confirm=sure)


def given_back(role: Role, holder: str) -> dict[str, Any]:
    """Render the news to a facilitator that a role was given back."""
    return news(f"{escape(holder)} no longer holds {bold(role.title)}, so it is free.", *_free_buttons(role))


def _free_buttons(role: Role) -> list[ButtonElement]:
    return [
        block_kit.button("Give it to someone …", "role.pass", str(role.id)),
        block_kit.button("Who could follow?", "role.follow", str(role.id)),
    ]


def ends_soon_for_holder(role: Role, turns: Sequence[Turn]) -> MessagePart:
    """Render the notice to the holder of a role that the term ends soon."""
    when = _last_day(role)
    text = join_lines([f"Your term as {bold(role.title)} ends on {when}. {_next_in_turn(turns)}", _FACILITATORS_KNOW])
    return MessagePart(f"Your term as {escape(role.title)} ends on {when}.", [section(text)])


def ends_soon(role: Role, holder: str, turns: Sequence[Turn], *, mine: bool) -> MessagePart:
    """Render the notice to a facilitator that a term ends soon, with who could follow."""
    whose = "Your term" if mine else f"The term of {escape(holder)}"
    when = _last_day(role)
    value = str(role.id)
    buttons = block_kit.actions(
        block_kit.button("Pass it on …", "role.pass", value),
        block_kit.button("Change the term …", "role.change", value),
    )
    text = f"{whose} as {bold(role.title)} ends on {when}. {_next_in_turn(turns)}"
    return MessagePart(f"{whose} as {escape(role.title)} ends on {when}.", [section(text), buttons])


def over_for_holder(role: Role) -> MessagePart:
    """Render the notice to the last holder of a role that the term is over."""
    when = _last_day(role)
    text = f"Your term as {bold(role.title)} ended on {when}. Thank you for your work."
    return MessagePart(f"Your term as {escape(role.title)} ended on {when}.", [section(text)])


def over(role: Role, holder: str, turns: Sequence[Turn], *, mine: bool) -> MessagePart:
    """Render the notice to a facilitator that a term is over and the role is free."""
    whose = "your term" if mine else f"the term of {escape(holder)}"
    text = f"{bold(role.title)} is free: {whose} ended on {_last_day(role)}. {_next_in_turn(turns)}"
    return MessagePart(f"{escape(role.title)} is free.", [section(text), block_kit.actions(*_free_buttons(role)[:1])])


def _last_day(role: Role) -> str:
    return format_day(role.until) if role.until is not None else ""


def _next_in_turn(turns: Sequence[Turn], most: int = MOST_TURNS) -> str:
    if not turns:
        return "Nobody else in an agency is available to follow."
    named = [
        f"{escape(turn.agency)} ({join_names([escape(name) for name in turn.names[:2]], 'or')})"
        for turn in turns[:most]
    ]
    return f"Next in turn: {', then '.join(named)}."
