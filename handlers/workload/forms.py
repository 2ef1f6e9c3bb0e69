"""Forms of `/workload`."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block, NumberInputElement, RadioButtonsElement

from handlers.kit import block_kit
from handlers.kit import hours as kit_hours
from handlers.kit.block_kit import section
from handlers.kit.hours import format_effort
from handlers.workload.own_hours import PRIVATE
from storage.agencies import Agency
from storage.members import Member


def hours_form(metadata: dict[str, Any], person: Member, default: float) -> dict[str, Any]:
    """Return the form with a member's hours a month and offer to take on more work."""
    number = NumberInputElement(
        action_id="value",
        is_decimal_allowed=True,
        min_value="0",
        max_value=f"{kit_hours.MOST_HOURS_A_MONTH:g}",
        initial_value=f"{person.hours_a_month:g}" if person.hours_a_month is not None else None,
    )
    choices = [block_kit.option("Yes, you can ask me", "yes"), block_kit.option("No, not now", "no")]
    chosen = RadioButtonsElement(
        action_id="value", options=choices, initial_option=choices[0 if person.may_be_asked else 1]
    )
    hint = (
        f"Leave it empty for the default, {format_effort(default)}. "
        "Your tasks due in 30 days and your roles count against it."
    )
    fields: list[Block] = [
        section(PRIVATE),
        block_kit.input_block("hours", "Hours you set aside each month (about)", number, optional=True, hint=hint),
        block_kit.input_block("room", "Can you be asked to take on work from people who have too much?", chosen),
    ]
    return block_kit.form("My hours", "load.hours", fields, metadata=metadata)


def what_if_form(metadata: dict[str, Any], agencies: Sequence[Agency]) -> dict[str, Any]:
    """Return the form that asks which agency might leave."""
    options = [block_kit.option(agency.name, str(agency.id)) for agency in agencies[:100]]
    fields: list[Block] = [block_kit.input_block("agency", "Which agency", block_kit.static_select("value", options))]
    return block_kit.form("What if one leaves", "load.what_if", fields, submit="Show", metadata=metadata)
