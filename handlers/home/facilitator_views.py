"""What facilitators read on their home tab: who is silent, who carries too much, and what is stuck."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.home.snapshot import HomeSnapshot
from handlers.kit import block_kit
from handlers.kit.block_kit import divider, section
from handlers.kit.text import bold, counted, cut, escape, lines, listed
from storage.open_electors import OpenElector

PROPOSALS = 4
NAMED = 6
"""Agencies named for each proposal; the rest are counted."""


def facilitator_blocks(picture: HomeSnapshot) -> list[Block]:
    """Draw it; a number says more than a list here, and a button leads on."""
    figures = picture.figures
    told = [
        *unheard_lines(picture.unheard),
        count_sentence(
            figures.people_over,
            "person carries more than they have time for",
            "people carry more than they have time for",
        ),
        count_sentence(
            figures.other_cautions,
            "more warning about who carries or gives what",
            "more warnings about who carries or gives what",
        ),
        count_sentence(figures.requests, "request waits to be confirmed", "requests wait to be confirmed"),
        count_sentence(
            figures.stuck,
            "message was not delivered, or may not have been",
            "messages were not delivered, or may not have been",
        ),
    ]
    said = [line for line in told if line]
    buttons = block_kit.row(
        block_kit.button("Who carries what, by person", "load.people"),
        block_kit.button("What was not delivered", "delivery.list") if figures.stuck else None,
    )
    text = lines(["*For facilitators*", *(said or ["Nothing needs you at the moment."])])
    return [divider(), section(text), buttons]


def count_sentence(count: int, one: str, many: str) -> str:
    """Say how many there are; nothing where there are none."""
    return f"{counted(count, one, many)}." if count else ""


def unheard_lines(electors: Sequence[OpenElector]) -> list[str]:
    """Name the agencies that have not been heard, a line for each of the first proposals to close."""
    by_proposal: dict[int, list[str]] = {}
    for elector in electors:
        by_proposal.setdefault(elector.number, []).append(escape(cut(elector.agency, 60)))
    return [
        f"Not heard yet on {bold(f'#{number}', 20)}: {listed(_first(names))}." for number, names in by_proposal.items()
    ][:PROPOSALS]


def _first(names: Sequence[str]) -> list[str]:
    more = len(names) - NAMED
    return [*names[:NAMED], *([f"{more} more"] if more > 0 else [])]
