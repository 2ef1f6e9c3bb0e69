"""The forms for what agencies give and gain."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement, RadioButtonsElement

from handlers.contributions import rules
from handlers.contributions.views import GAIN_READERS, GIVEN_READERS
from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.text import escape
from storage.agencies import Agency
from storage.vocabulary import ContributionKind

KINDS = [
    block_kit.option("Hours of work", ContributionKind.HOURS.value),
    block_kit.option("Money", ContributionKind.MONEY.value),
    block_kit.option("In kind, such as a room, with its value", ContributionKind.IN_KIND.value),
]


def contribution(
    metadata: dict[str, Any], choices: Sequence[Agency], own: Agency | None, today: date
) -> dict[str, Any]:
    """Build the form for a contribution; `choices` are the agencies that the reader may record for."""
    kind = RadioButtonsElement(action_id="value", options=KINDS, initial_option=KINDS[0])
    fields: list[Block] = [
        section(GIVEN_READERS),
        block_kit.input_block("kind", "What was given", kind),
        block_kit.input_block(
            "amount",
            "Hours, or amount of money",
            block_kit.text_input(most=20, placeholder="3"),
            hint="Hours such as 3 or 1.5, or money such as 1,200 or 1200.50.",
        ),
        block_kit.input_block(
            "words", "In a few words", block_kit.text_input(most=rules.WORDS, placeholder="Hosted the training")
        ),
        *_agency(choices, own),
        block_kit.input_block("on", "When", DatePickerElement(action_id="value", initial_date=today.isoformat())),
    ]
    return block_kit.form("A contribution", "give.new", fields, submit="Record", metadata=metadata)


def gain(metadata: dict[str, Any], choices: Sequence[Agency], own: Agency | None) -> dict[str, Any]:
    """Build the form for a gain; `choices` are the agencies that the reader may record for."""
    fields: list[Block] = [
        section(GAIN_READERS),
        block_kit.input_block(
            "words", "What was gained", block_kit.text_input(most=rules.WORDS, placeholder="Two teachers trained")
        ),
        *_agency(choices, own),
    ]
    return block_kit.form("A gain", "gain.new", fields, submit="Record", metadata=metadata)


def _agency(choices: Sequence[Agency], own: Agency | None) -> list[Block]:
    """Return the field for the agency, or a line that names the only one."""
    if len(choices) == 1:
        return [section(f"For *{escape(choices[0].name)}*.")]
    options = [block_kit.option(agency.name, str(agency.id)) for agency in choices[:100]]
    initial = str(own.id) if own else None
    return [block_kit.input_block("agency", "Agency", block_kit.static_select("value", options, initial=initial))]
