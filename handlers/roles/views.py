"""Roles as people see them: who holds what, and the news of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit, lists
from handlers.kit.block_kit import Piece, context, section
from handlers.kit.hours import effort
from handlers.kit.lists import Page
from handlers.kit.text import bold, counted, cut, day, escape, lines, listed, quote
from storage.roles import Role

EXAMPLE = '`/workload role add "Note-taker" @cleo hours:4 until:2027-06-30`'


@dataclass(frozen=True)
class Line:
    """A role as one reader sees it in a list. `may_end` and `may_change` say what the reader can do with it."""

    role: Role
    holder: str
    agency: str
    mine: bool
    may_end: bool
    may_change: bool


@dataclass(frozen=True)
class Turn:
    """An agency whose people could follow in a role, in the order in which one would ask them."""

    agency: str
    names: Sequence[str]


def terms(role: Role) -> str:
    """Say what a role takes, and for how long it is given: "4 h a month, until Wed 30 Jun 2027"."""
    until = f"until {day(role.until)}" if role.until is not None else "without an end"
    return f"{effort(role.hours)} a month, {until}"


def quoted(title: str) -> str:
    """Give a typed title within a sentence."""
    return quote(title, 60)


# lists -------------------------------------------------------------------------------------------------


def listed_roles(page: Page[Line], *, facilitates: bool) -> list[Block]:
    """Draw one page of the roles that are held, with what the reader may do with each."""
    new = block_kit.button("Give a role", "role.form") if facilitates else None
    if not page.total:
        how = f"For example: {EXAMPLE}" if facilitates else "A facilitator gives roles such as chair or note-taker."
        return [section(f"Nobody holds a role yet. {how}"), *([block_kit.row(new)] if new else [])]
    return lists.fitting(lambda width: [*_drawn(page, width), *lists.turning(page, "role.list", new)])


def _drawn(page: Page[Line], width: int) -> list[Block]:
    blocks: list[Block] = [section(f"*Who holds what* · {counted(page.total, 'role')}")]
    for line in page.items:
        blocks.append(section(_line(line, width)))
        pressed = _buttons(line)
        if pressed:
            blocks.append(block_kit.row(*pressed, _more(line)))
    return blocks


def _line(line: Line, width: int) -> str:
    who = "you" if line.mine else escape(cut(line.holder, width))
    agency = f" ({escape(cut(line.agency, width))})" if line.agency else ""
    return f"{bold(line.role.title, width)} · {who}{agency}\n{terms(line.role)}"


def _buttons(line: Line) -> list[ButtonElement]:
    value = str(line.role.id)
    if line.may_change:
        return [block_kit.button("Pass it on …", "role.pass", value)]
    return [_back(line.role)] if line.may_end else []


def _more(line: Line) -> Any:
    value = str(line.role.id)
    choices = [
        block_kit.choice("Change …", f"change|{value}"),
        block_kit.choice("Who could follow", f"follow|{value}"),
        block_kit.choice("End it", f"end|{value}"),
    ]
    return block_kit.overflow("role.more", choices) if line.may_change else None


# news --------------------------------------------------------------------------------------------------


def news(text: str, *buttons: ButtonElement) -> dict[str, Any]:
    """Tell somebody what became of a role."""
    return block_kit.message(text, [section(text), *([block_kit.row(*buttons)] if buttons else [])])


def given(role: Role, giver: str) -> Piece:
    """Tell somebody that they hold a role now."""
    text = (
        f"You are {bold(role.title)} now: {terms(role)}. {escape(giver)} has noted it. If it cannot be you, give it "
        "back, and the facilitators look for somebody else."
    )
    return Piece(f"You are {escape(role.title)} now.", [section(text), block_kit.row(_back(role))])


def _back(role: Role) -> ButtonElement:
    sure = block_kit.confirm("Give it back?", "The facilitators are told, and look for somebody else.", "Give it back")
    return block_kit.button("Give it back", "role.end", str(role.id), confirm=sure)


def given_back(role: Role, holder: str) -> dict[str, Any]:
    """Tell a facilitator that a role is free, since its holder gave it back."""
    text = f"{escape(holder)} holds {bold(role.title)} no more, so it is free."
    return news(text, *_free(role))


def _free(role: Role) -> list[ButtonElement]:
    value = str(role.id)
    return [
        block_kit.button("Give it to somebody …", "role.pass", value),
        block_kit.button("Who could follow", "role.follow", value),
    ]


def ending_for_holder(role: Role, turns: Sequence[Turn]) -> Piece:
    """Tell who holds a role that the term ends soon."""
    when = day(role.until) if role.until is not None else ""
    text = lines([f"You are {bold(role.title)} until {when}. {_following(turns)}", _WHO_DECIDES])
    return Piece(f"You are {escape(role.title)} until {when}.", [section(text)])


_WHO_DECIDES = "The facilitators know it too and look for who follows, or for a longer term if you would like one."


def ending(role: Role, holder: str, turns: Sequence[Turn], *, mine: bool) -> Piece:
    """Tell a facilitator that a term ends soon, and who could follow."""
    who = "You are" if mine else f"{escape(holder)} is"
    said = f"until {day(role.until)}" if role.until is not None else ""
    value = str(role.id)
    buttons = block_kit.row(
        block_kit.button("Pass it on …", "role.pass", value),
        block_kit.button("Change the term …", "role.change", value),
    )
    blocks: list[Block] = [section(f"{who} {bold(role.title)} {said}. {_following(turns)}"), buttons]
    return Piece(f"{who} {escape(role.title)} {said}.", blocks)


def over_for_holder(role: Role) -> Piece:
    """Tell who held a role that the term is over."""
    when = day(role.until) if role.until is not None else ""
    text = f"Your term as {bold(role.title)} ended on {when}. Thank you for it."
    return Piece(f"Your term as {escape(role.title)} ended on {when}.", [section(text)])


def over(role: Role, holder: str, turns: Sequence[Turn], *, mine: bool) -> Piece:
    """Tell a facilitator that a role is free, since its term is over."""
    when = day(role.until) if role.until is not None else ""
    whose = "your term" if mine else f"the term of {escape(holder)}"
    said = f"{bold(role.title)} is free: {whose} ended on {when}. {_following(turns)}"
    return Piece(f"{escape(role.title)} is free.", [section(said), block_kit.row(*_free(role)[:1])])


def followers(role: Role, turns: Sequence[Turn]) -> list[Block]:
    """Answer who could follow in a role."""
    small = "Agencies that never held it come first, then the one that took it longest ago; in each, who carries least."
    blocks: list[Block] = [section(lines([bold(role.title), _following(turns, 10)])), context(small)]
    return [*blocks, block_kit.row(block_kit.button("Pass it on …", "role.pass", str(role.id)))]


def _following(turns: Sequence[Turn], most: int = 3) -> str:
    if not turns:
        return "Nobody else belongs to an agency yet, so there is nobody who could follow."
    said = [
        f"{escape(turn.agency)} ({listed([escape(name) for name in turn.names[:2]], 'or')})" for turn in turns[:most]
    ]
    return f"By turn {'; then '.join(said)} could follow." if len(said) > 1 else f"By turn {said[0]} could follow."
