"""How the decision log looks."""

from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.lists import Page
from handlers.kit.text import bold, join_lines, pluralize, quote, truncate


@dataclass(frozen=True)
class Entry:
    """One entry of the decision log. `text` and `small` are mrkdwn; `number` is that of its proposal, if any."""

    title: str
    text: str
    small: str
    number: int | None


def log_page(page: Page[Entry], words: str) -> list[Block]:
    """Render one page of the decision log; `words` are those searched for."""
    if not page.total:
        match = f" with {quote(words, 60)}" if words else ""
        return [section(f"There is nothing{match} in the decision log yet.")]
    blocks: list[Block] = [section(f"*Decision log* · {pluralize(page.total, 'entry', 'entries')}, newest first")]
    blocks += [section(truncate(join_lines([bold(e.title, 120), e.text, f"_{e.small}_"]), 1100)) for e in page.items]
    turns = [
        block_kit.button("Newer", "member.decisions.newer", f"{page.number - 1}|{words}") if page.number else None,
        block_kit.button("Older", "member.decisions.older", f"{page.number + 1}|{words}")
        if page.number < page.last
        else None,
    ]
    options = {e.number: block_kit.option(e.title, str(e.number)) for e in page.items if e.number is not None}
    menu = (
        block_kit.static_select("proposal.details", list(options.values()), placeholder="Open one") if options else None
    )
    return [*blocks, block_kit.actions(*turns, menu)] if menu or any(turns) else blocks
