"""The part of the home tab for facilitators: unheard agencies, too much work, and what is stuck."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from handlers.home.snapshot import HomeSnapshot
from handlers.kit import block_kit
from handlers.kit.block_kit import divider, section
from handlers.kit.text import bold, escape, join_lines, join_names, pluralize, truncate
from handlers.members.views import NAME_ANOTHER, ONE_FACILITATOR
from handlers.undelivered.reasons import explain_pause
from storage.open_electors import OpenElector

PROPOSALS = 4
"""The most proposals with a line of unheard agencies."""

LEAST_AGENCIES = 2
"""A consortium of fewer agencies has nobody to decide with."""

NAMED = 6
"""The most agencies named in a line. The others are counted."""


def facilitator_blocks(home: HomeSnapshot) -> list[Block]:
    """Render the part for facilitators. Everything but the unheard agencies is only counted."""
    counts = home.counts
    sentences = [
        pause_sentence(counts.pause) if counts.pause else "",
        *unheard_lines(home.unheard),
        count_sentence(
            counts.people_over,
            "person has more work than their hours a month",
            "people have more work than their hours a month",
        ),
        count_sentence(
            counts.other_cautions,
            "other warning about the balance of work or contributions",
            "other warnings about the balance of work or contributions",
        ),
        count_sentence(counts.requests, "request is waiting to be confirmed", "requests are waiting to be confirmed"),
        count_sentence(
            counts.stuck,
            "message was not delivered, or may not have been",
            "messages were not delivered, or may not have been",
        ),
    ]
    buttons = block_kit.actions(
        block_kit.button("Who carries what, by person", "load.people"),
        block_kit.button("Messages to check", "delivery.list") if counts.stuck else None,
    )
    nothing = "Nothing else needs your attention." if next_steps(home) else "Nothing needs your attention."
    shown = [sentence for sentence in sentences if sentence] or [nothing]
    return [divider(), section(join_lines(["*For facilitators*", *shown])), buttons]


def next_steps(home: HomeSnapshot) -> list[Block]:
    """Render what a facilitator still has to set up, with the buttons that do it; empty if nothing is missing."""
    counts = home.counts
    if not home.facilitates:
        return []
    few = counts.agencies < LEAST_AGENCIES
    empty, alone = counts.agencies_without_people, counts.facilitators == 1
    sentences = [
        "There are no agencies yet." if not counts.agencies else "",
        "There is only one agency yet, so there is nobody to decide with." if counts.agencies == 1 else "",
        count_sentence(empty, "agency has nobody", "agencies have nobody"),
        ONE_FACILITATOR if alone else "",
    ]
    buttons = [
        block_kit.button("Add an agency", "member.agency") if few else None,
        block_kit.button("Add a person", "member.place") if empty else None,
        block_kit.button("Import a table", "import.form") if few or empty else None,
        block_kit.button(NAME_ANOTHER, "member.facilitator") if alone else None,
    ]
    shown = [sentence for sentence in sentences if sentence]
    return [section(join_lines(["*Next steps*", *shown])), block_kit.actions(*buttons)] if shown else []


def pause_sentence(reason: str) -> str:
    """Return what a facilitator should know while Slack lets the bot post nothing."""
    pause = explain_pause(reason)
    return (
        f"*All messages are waiting,* because {pause.cause}. {pause.remedy} They go out by themselves as soon as Slack "
        "accepts them. Nothing is lost."
    )


def count_sentence(count: int, one: str, many: str) -> str:
    """Return a sentence with a count. Empty if the count is zero."""
    return f"{pluralize(count, one, many)}." if count else ""


def unheard_lines(electors: Sequence[OpenElector]) -> list[str]:
    """Return a line that names the unheard agencies for each of the proposals that close first."""
    by_proposal: dict[int, list[str]] = {}
    for elector in electors:
        by_proposal.setdefault(elector.number, []).append(escape(truncate(elector.agency, 60)))
    return [
        f"Not heard yet on {bold(f'#{number}', 20)}: {join_names(_named(names))}."
        for number, names in by_proposal.items()
    ][:PROPOSALS]


def _named(names: Sequence[str]) -> list[str]:
    more = len(names) - NAMED
    return [*names[:NAMED], *([f"{more} more"] if more > 0 else [])]
