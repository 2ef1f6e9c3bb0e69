"""The forms for sources of funding, dues, and payments."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement

from handlers.funding import rules, views
from handlers.funding.views import Owed
from handlers.kit import block_kit, money
from handlers.kit.block_kit import section
from handlers.kit.edits import WAS
from storage.agencies import Agency
from storage.funding import FundingSource


def source_form(metadata: dict[str, Any], source: FundingSource | None, currency: str) -> dict[str, Any]:
    """Build the form for a source of funding, new or existing."""
    fields: list[Block] = [
        section(views.SOURCE_READERS),
        block_kit.input_block(
            "name",
            "Name of the source",
            block_kit.text_input(initial=source.name if source else "", most=rules.NAME, placeholder="State grant"),
        ),
        block_kit.input_block(
            "amount",
            f"Amount a year, in {currency}",
            block_kit.text_input(
                initial=money.format_amount_for_input(source.cents) if source else "", most=20, placeholder="12000"
            ),
            hint="Such as 12000, 1,200, or 1200.50.",
        ),
    ]
    if source is not None:
        metadata = {**metadata, "source": source.id, WAS: source_values(source)}
    return block_kit.form("A source of funding", "fund.new", fields, metadata=metadata)


def source_values(source: FundingSource) -> dict[str, Any]:
    """Return the values of the form for a source of funding, as JSON."""
    return {"name": source.name, "cents": source.cents}


def dues_form(metadata: dict[str, Any], choices: Sequence[Agency], term: str, currency: str) -> dict[str, Any]:
    """Build the form for an agency's dues."""
    options = [block_kit.option(agency.name, str(agency.id)) for agency in choices[:100]]
    fields: list[Block] = [
        section(views.DUES_READERS),
        block_kit.input_block("agency", "Agency", block_kit.static_select("value", options)),
        block_kit.input_block(
            "term",
            "Year",
            block_kit.text_input(initial=term, most=20),
            hint="A year, or 2026-27 for a school year.",
        ),
        _amount(f"Amount, in {currency}", ""),
    ]
    return block_kit.form("Dues", "dues.new", fields, metadata=metadata)


def payment_form(metadata: dict[str, Any], owed: Owed, today: date, currency: str) -> dict[str, Any]:
    """Build the form for a payment of dues."""
    fields: list[Block] = [
        section(f"{views.standing(owed, currency)}. {views.DUES_READERS}"),
        _amount(f"Amount paid, in {currency}", money.format_amount_for_input(owed.left) if owed.left else ""),
        block_kit.input_block("on", "When", DatePickerElement(action_id="value", initial_date=today.isoformat())),
    ]
    return block_kit.form("A payment", "dues.pay", fields, submit="Record", metadata={**metadata, "dues": owed.dues.id})


def _amount(label: str, initial: str) -> Block:
    field = block_kit.text_input(initial=initial, most=20, placeholder="1500")
    return block_kit.input_block("amount", label, field, hint="Such as 1500, 1,200, or 1200.50.")
