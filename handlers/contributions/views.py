"""How contributions and gains look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit, lists, money
from handlers.kit.block_kit import context, section
from handlers.kit.hours import format_effort
from handlers.kit.lists import Page
from handlers.kit.text import bold, escape, format_day, join_names, pluralize, quote, truncate
from storage.agencies import Agency
from storage.contributions import Contribution, ContributionSum, Gain
from storage.vocabulary import AgencyId, ContributionKind

GIVEN_READERS = "Everyone in the consortium can see it in `/workload given`."
GAIN_READERS = "Everyone in the consortium can see it in `/workload gains`."
MOST_AGENCIES = 8
"""The number of agencies that the line above a list names."""


@dataclass(frozen=True)
class Line:
    """An entry as one reader sees it: `on` is in the reader's zone; `may_take_back` is about the reader."""

    entry: Contribution | Gain
    agency: str
    on: date
    may_take_back: bool


def contribution_text(given: Contribution, currency: str, width: int = 300) -> str:
    """Return what was given as text: "3 h, “Hosted the training”"."""
    return f"{amount_text(given, currency)}, {quote(given.words, width)}"


def amount_text(given: Contribution, currency: str) -> str:
    """Return how much was given as text: "3 h", "$500", "$200 in kind"."""
    if given.hours is not None:
        return format_effort(given.hours)
    kind = " in kind" if given.kind is ContributionKind.IN_KIND else ""
    return f"{money.format_amount(given.cents or 0, currency)}{kind}"


# answers -----------------------------------------------------------------------------------------------


def contribution_recorded(given: Contribution, agency: str, currency: str) -> str:
    """Return the answer after a contribution was recorded."""
    text = contribution_text(given, currency)
    return f"Recorded: {bold(agency)} gave {text}, {format_day(given.given_on)}. {GIVEN_READERS}"


def contribution_buttons(given: Contribution) -> list[ButtonElement]:
    """Return the buttons below the answer to a contribution."""
    return [
        block_kit.button("Take it back", "give.back", str(given.id)),
        block_kit.button("What agencies gave", "give.list"),
    ]


def gain_recorded(gain: Gain, agency: str) -> str:
    """Return the answer after a gain was recorded."""
    return f"Recorded: {bold(agency)} gained {quote(gain.words)}. {GAIN_READERS}"


def gain_buttons(gain: Gain) -> list[ButtonElement]:
    """Return the buttons below the answer to a gain."""
    return [
        block_kit.button("Take it back", "gain.back", str(gain.id)),
        block_kit.button("What agencies gained", "gain.list"),
    ]


# lists -------------------------------------------------------------------------------------------------


def sum_texts(sums: Sequence[ContributionSum], names: Mapping[AgencyId, Agency], currency: str) -> list[str]:
    """Return what each agency gave in total: "Elm Schools 12 h, $500, $200 in kind"."""
    texts: dict[AgencyId, list[str]] = {}
    for total in sorted(sums, key=lambda s: (names[s.agency_id].folded, list(ContributionKind).index(s.kind))):
        texts.setdefault(total.agency_id, []).append(
            format_effort(total.hours)
            if total.kind is ContributionKind.HOURS
            else money.format_amount(total.cents, currency)
            + (" in kind" if total.kind is ContributionKind.IN_KIND else "")
        )
    return [f"{escape(truncate(names[agency_id].name, 40))} {', '.join(parts)}" for agency_id, parts in texts.items()]


def given_list(page: Page[Line], totals: Sequence[str], currency: str) -> list[Block]:
    """Render one page of contributions, with the totals of the past twelve months above it."""
    new = block_kit.button("Record a contribution", "give.form")
    if not page.total:
        return [
            section('Nothing is recorded yet. For example: `/workload give hours:3 "Hosted the training"`'),
            block_kit.actions(new),
        ]
    top: list[Block] = [section(f"*What agencies gave* · {pluralize(page.total, 'entry', 'entries')}, newest first")]
    if totals:
        rest = len(totals) - MOST_AGENCIES
        shown = [*totals[:MOST_AGENCIES], *([f"{rest} more"] if rest > 0 else [])]
        top.append(context(f"In the past twelve months: {'; '.join(shown)}."))

    def render(width: int) -> list[Block]:
        return [*top, *_given_entries(page, currency, width), *lists.page_buttons(page, "give.list", new)]

    return lists.fit_to_message(render)


def _given_entries(page: Page[Line], currency: str, width: int) -> list[Block]:
    blocks: list[Block] = []
    for line in page.items:
        if isinstance(line.entry, Contribution):
            text = f"{bold(line.agency, width)} · {amount_text(line.entry, currency)} · {format_day(line.on)}"
            button = block_kit.button("Take it back", "give.back", str(line.entry.id)) if line.may_take_back else None
            blocks.append(section(f"{text}\n{quote(line.entry.words, width)}", accessory=button))
    return blocks


def gain_list(page: Page[Line], without: Sequence[str]) -> list[Block]:
    """Render one page of gains; `without` are the agencies that have none yet."""
    new = block_kit.button("Record a gain", "gain.form")
    if not page.total:
        return [
            section('Nothing is recorded yet. For example: `/workload gain "Two teachers trained"`'),
            block_kit.actions(new),
        ]
    top: list[Block] = [section(f"*What agencies gained* · {pluralize(page.total, 'entry', 'entries')}, newest first")]
    if without:
        rest = len(without) - MOST_AGENCIES
        names = [escape(truncate(name, 40)) for name in without[:MOST_AGENCIES]] + (
            [f"{rest} more"] if rest > 0 else []
        )
        top.append(context(f"Nothing is recorded yet for {join_names(names)}."))

    def render(width: int) -> list[Block]:
        return [*top, *_gain_entries(page, width), *lists.page_buttons(page, "gain.list", new)]

    return lists.fit_to_message(render)


def _gain_entries(page: Page[Line], width: int) -> list[Block]:
    blocks: list[Block] = []
    for line in page.items:
        text = f"{bold(line.agency, width)} · {format_day(line.on)}\n{quote(line.entry.words, width)}"
        button = block_kit.button("Take it back", "gain.back", str(line.entry.id)) if line.may_take_back else None
        blocks.append(section(text, accessory=button))
    return blocks
