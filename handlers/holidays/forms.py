"""The form for closed days, which also takes a calendar."""

from typing import Any

from slack_sdk.models.blocks import DatePickerElement
from slack_sdk.models.blocks.block_elements import FileInputElement

from handlers.kit import block_kit, web_addresses
from handlers.kit.block_kit import plain_text, section
from handlers.kit.text import bold, truncate
from storage.agencies import Agency
from storage.closures import ClosureCalendar
from storage.vocabulary import LONGEST_LABEL


def closed_days(metadata: dict[str, Any], agency: Agency, calendar: ClosureCalendar | None) -> dict[str, Any]:
    """Build the form that takes closed days, or a calendar's address or file."""
    hint = (
        f"Replaces the current one, {truncate(calendar.name, 80)}."
        if calendar is not None
        else "I read it again every week."
    )
    return block_kit.form(
        "Closed days",
        "closure.form",
        [
            section(
                f"When is {bold(agency.name)} closed? Choose days, or add the address or file of a calendar. From a "
                "calendar, I take the events that last all day."
            ),
            block_kit.input_block("first", "First day", _date(), optional=True),
            block_kit.input_block("last", "Last day", _date(), optional=True, hint="Leave it empty for a single day."),
            block_kit.input_block(
                "label", "Reason", block_kit.text_input(most=LONGEST_LABEL, placeholder="Winter break"), optional=True
            ),
            block_kit.input_block(
                "address",
                "Calendar address",
                block_kit.text_input(placeholder=web_addresses.EXAMPLE_URL),
                optional=True,
                hint=hint,
            ),
            block_kit.input_block(
                "file",
                "Calendar file",
                FileInputElement(action_id="value", filetypes=["ics"], max_files=1),
                optional=True,
                hint="A file whose name ends in .ics, up to 2 MB.",
            ),
        ],
        metadata={**metadata, "agency": agency.id},
    )


def _date() -> DatePickerElement:
    return DatePickerElement(action_id="value", placeholder=plain_text("Choose a day"))
