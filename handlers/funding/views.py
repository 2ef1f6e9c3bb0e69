"""How sources of funding, dues, and payments look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import ButtonElement

from handlers.kit import block_kit, lists, money
from handlers.kit.block_kit import section
from handlers.kit.lists import Page
from handlers.kit.text import bold, join_lines, text_bar
from storage.agencies import Agency
from storage.funding import Dues, FundingSource, Payment
from storage.names import normalize_name
from storage.vocabulary import AgencyId, DuesId

SOURCE_READERS = "Everyone in the consortium can see it in `/workload funding`."
DUES_READERS = "Everyone in the consortium can see it in `/workload dues`."


# sources of funding ------------------------------------------------------------------------------------


def source_list(page: Page[FundingSource], whole: int, currency: str, *, may_change: bool) -> list[Block]:
    """Render one page of sources with their share of `whole`, the sum of all in cents."""
    new = block_kit.button("Add a source", "fund.form") if may_change else None
    if not page.total:
        how = 'For example: `/workload funding "State grant" 12000`' if may_change else "A facilitator can add them."
        return [section(f"There are no sources of funding yet. {how}"), *([block_kit.actions(new)] if new else [])]
    top = section(f"*Sources of funding* · {money.format_amount(whole, currency)} a year")

    def render(width: int) -> list[Block]:
        sources = [_source(source, whole, currency, width, may_change=may_change) for source in page.items]
        return [top, *sources, *lists.page_buttons(page, "fund.list", new)]

    return lists.fit_to_message(render)


def _source(source: FundingSource, whole: int, currency: str, width: int, *, may_change: bool) -> Block:
    choices = [
        block_kit.option("Change …", f"change|{source.id}"),
        block_kit.option("End it", f"end|{source.id}"),
    ]
    text = join_lines(
        [
            f"{bold(source.name, width)} · {money.format_amount(source.cents, currency)} a year",
            f"{text_bar(source.cents, whole)} {round(100 * source.cents / whole)} %",
        ]
    )
    return section(text, accessory=block_kit.overflow_menu("fund.more", choices) if may_change else None)


# dues and payments -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owed:
    """An agency's dues for a term, with `paid` in cents."""

    dues: Dues
    agency: str
    paid: int

    @property
    def left(self) -> int:
        """Return what is still to be paid, in cents."""
        return max(0, self.dues.cents - self.paid)


def with_payments(every: Sequence[Dues], paid: Mapping[DuesId, int], names: Mapping[AgencyId, Agency]) -> list[Owed]:
    """Combine dues with their payments, newest term first, then by the agency's name."""
    owed = [Owed(dues, names[dues.agency_id].name, paid.get(dues.id, 0)) for dues in every]
    owed.sort(key=lambda row: normalize_name(row.agency))
    return sorted(owed, key=lambda row: row.dues.term, reverse=True)


def standing(owed: Owed, currency: str, width: int = 80) -> str:
    """Return how an agency's dues stand: "*Elm Schools* · 2026 · $500 of $1,500 paid"."""
    paid, whole = money.format_amount(owed.paid, currency), money.format_amount(owed.dues.cents, currency)
    state = (
        f"all of {whole} paid"
        if not owed.left
        else f"{paid} of {whole} paid"
        if owed.paid
        else f"{whole}, nothing paid yet"
    )
    return f"{bold(owed.agency, width)} · {owed.dues.term} · {state}"


def dues_list(page: Page[Owed], currency: str, *, may_change: bool) -> list[Block]:
    """Render one page of dues and payments."""
    new = block_kit.button("Add dues", "dues.form") if may_change else None
    if not page.total:
        how = 'For example: `/workload dues "Elm Schools" 2026 1500`' if may_change else "A facilitator can add them."
        return [section(f"There are no dues yet. {how}"), *([block_kit.actions(new)] if new else [])]

    def render(width: int) -> list[Block]:
        blocks: list[Block] = [section("*Dues and payments*")]
        for owed in page.items:
            can_pay = may_change and owed.left
            pay = block_kit.button("Record a payment", "dues.pay", str(owed.dues.id)) if can_pay else None
            blocks.append(section(standing(owed, currency, width), accessory=pay))
        return [*blocks, *lists.page_buttons(page, "dues.list", new)]

    return lists.fit_to_message(render)


def payment_buttons(payment: Payment) -> list[ButtonElement]:
    """Return the buttons below the answer to a payment."""
    return [block_kit.button("Take it back", "dues.back", str(payment.id)), block_kit.button("Dues", "dues.list")]
