"""Sources of funding and dues, as people see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, lists, money
from handlers.kit.block_kit import section
from handlers.kit.lists import Page
from handlers.kit.text import bar, bold, lines
from storage.agencies import Agency
from storage.funding import Dues, Source
from storage.vocabulary import AgencyId, DuesId

SEEN = "Everybody of the consortium can read it, in `/workload funding`."
SEEN_DUES = "Everybody of the consortium can read it, in `/workload dues`."


def listed_sources(page: Page[Source], whole: int, currency: str, *, may: bool) -> list[Block]:
    """Draw one page of sources with their part of the whole, in cents."""
    new = block_kit.button("Note a source", "fund.form") if may else None
    if not page.total:
        how = 'For example: `/workload funding "State grant" 12000`' if may else "A facilitator notes them."
        return [section(f"No source of funding is noted yet. {how}"), *([block_kit.row(new)] if new else [])]
    top = section(f"*Sources of funding* · {money.written(whole, currency)} a year")

    def draw(width: int) -> list[Block]:
        shown = [_source(one, whole, currency, width, may=may) for one in page.items]
        return [top, *shown, *lists.turning(page, "fund.list", new)]

    return lists.fitting(draw)


def _source(one: Source, whole: int, currency: str, width: int, *, may: bool) -> Block:
    value = str(one.id)
    choices = [block_kit.choice("Change …", f"change|{value}"), block_kit.choice("End it", f"end|{value}")]
    text = lines(
        [
            f"{bold(one.name, width)} · {money.written(one.cents, currency)} a year",
            f"{bar(one.cents, whole)} {round(100 * one.cents / whole)} %",
        ]
    )
    return section(text, accessory=block_kit.overflow("fund.more", choices) if may else None)


@dataclass(frozen=True)
class Owed:
    """An agency's dues for a term, with what was paid of them, in cents."""

    dues: Dues
    agency: str
    paid: int

    @property
    def left(self) -> int:
        """Give what is still to be paid."""
        return max(0, self.dues.cents - self.paid)


def owed(found: Sequence[Dues], paid: Mapping[DuesId, int], names: Mapping[AgencyId, Agency]) -> list[Owed]:
    """Put dues beside what was paid of them: the newest term first, then by name of the agency."""
    made = [Owed(one, names[one.agency_id].name, paid.get(one.id, 0)) for one in found]
    made.sort(key=lambda one: one.agency.casefold())
    return sorted(made, key=lambda one: one.dues.term, reverse=True)


def standing(one: Owed, currency: str, width: int = 80) -> str:
    """Say how an agency's dues stand: "*Elm Schools* · 2026 · $500 of $1,500 paid"."""
    paid, whole = money.written(one.paid, currency), money.written(one.dues.cents, currency)
    said = (
        f"all of {whole} paid"
        if not one.left
        else f"{paid} of {whole} paid"
        if one.paid
        else f"{whole}, nothing paid yet"
    )
    return f"{bold(one.agency, width)} · {one.dues.term} · {said}"


def listed_dues(page: Page[Owed], currency: str, *, may: bool) -> list[Block]:
    """Draw one page of dues with what has been paid."""
    new = block_kit.button("Note dues", "dues.form") if may else None
    if not page.total:
        how = 'For example: `/workload dues "Elm Schools" 2026 1500`' if may else "A facilitator notes them."
        return [section(f"No dues are noted yet. {how}"), *([block_kit.row(new)] if new else [])]

    def draw(width: int) -> list[Block]:
        shown: list[Block] = [section("*Dues*, and what has been paid")]
        for one in page.items:
            pay = block_kit.button("Record a payment", "dues.pay", str(one.dues.id)) if may and one.left else None
            shown.append(section(standing(one, currency, width), accessory=pay))
        return [*shown, *lists.turning(page, "dues.list", new)]

    return lists.fitting(draw)
