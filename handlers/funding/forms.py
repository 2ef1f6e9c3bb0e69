"""Forms for sources of funding and for dues."""

from typing import Any

from slack_sdk.models.blocks import Block

from handlers.funding import rules, views
from handlers.funding.views import SEEN_DUES
from handlers.kit import block_kit, money
from handlers.kit.block_kit import section
from storage.agencies import Agency
from storage.funding import Source


def source_form(carry: dict[str, Any], found: Source | None, currency: str) -> dict[str, Any]:
    """Build the form for a source of funding."""
    amount = money.plain(found.cents) if found is not None else ""
    fields: list[Block] = [
        section(views.SEEN),
        block_kit.field(
            "name",
            "What it is called",
            block_kit.words(initial=found.name if found else "", most=rules.NAME, placeholder="State grant"),
        ),
        block_kit.field(
            "amount",
            f"What it gives a year, in {currency}",
            block_kit.words(initial=amount, most=20, placeholder="12000"),
            hint="Such as 12000, 1,200 or 1200.50.",
        ),
    ]
    carry = {**carry, "source": found.id} if found is not None else carry
    return block_kit.form("A source of funding", "fund.new", fields, carry=carry)


def dues_form(carry: dict[str, Any], choices: list[Agency], term: str, currency: str) -> dict[str, Any]:
    """Build the form for an agency's dues."""
    options = [block_kit.choice(agency.name, str(agency.id)) for agency in choices[:100]]
    fields: list[Block] = [
        section(SEEN_DUES),
        block_kit.field("agency", "Which agency", block_kit.menu("value", options)),
        block_kit.field(
            "term",
            "For which year",
            block_kit.words(initial=term, most=20),
            hint="A year, or 2026-27 for a school year.",
        ),
        amount_field(f"How much, in {currency}", ""),
    ]
    return block_kit.form("Dues", "dues.new", fields, carry=carry)


def amount_field(label: str, initial: str) -> Block:
    """Build the field for an amount of money."""
    field = block_kit.words(initial=initial, most=20, placeholder="1500")
    return block_kit.field("amount", label, field, hint="Such as 1500, 1,200 or 1200.50.")
