"""The decision log as people see it."""

from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.lists import Page
from handlers.kit.text import bold, counted, cut, lines, quote


@dataclass(frozen=True)
class Entry:
    """One entry of the decision log. `number` is that of the proposal in which it can be read, if there is one."""

    title: str
    text: str
    small: str
    number: int | None


def decisions(page: Page[Entry], words: str) -> list[Block]:
    """Draw one page of the decision log."""
    if not page.total:
        found = f" with {quote(words, 60)}" if words else ""
        return [section(f"There is nothing{found} in the decision log yet.")]
    blocks: list[Block] = [section(f"*Decision log* · {counted(page.total, 'entry', 'entries')}, newest first")]
    blocks += [section(cut(lines([bold(e.title, 120), e.text, f"_{e.small}_"]), 1100)) for e in page.items]
    state = f"|{words}"
    turns = [
        block_kit.button("Newer", "member.decisions.newer", f"{page.number - 1}{state}") if page.number else None,
        block_kit.button("Older", "member.decisions.older", f"{page.number + 1}{state}")
        if page.number < page.last
        else None,
    ]
    numbers = {e.number: block_kit.choice(e.title, str(e.number)) for e in page.items if e.number is not None}
    menu = block_kit.menu("proposal.details", list(numbers.values()), placeholder="Read one") if numbers else None
    return [*blocks, block_kit.row(*turns, menu)] if menu or any(turns) else blocks
