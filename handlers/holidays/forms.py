"""The form for closed days, which also takes a calendar, and the form for the titles of calendars."""

from typing import Any

from slack_sdk.models.blocks import Block, CheckboxesElement, DatePickerElement, Option
from slack_sdk.models.blocks.block_elements import FileInputElement

from handlers.holidays import views
from handlers.kit import block_kit, web_addresses
from handlers.kit.block_kit import plain_text, section
from handlers.kit.lists import Page
from handlers.kit.text import bold, truncate
from storage.agencies import Agency
from storage.closures import ClosureCalendar, TitleWithDays
from storage.vocabulary import LONGEST_LABEL

OF_A_PAGE = frozenset({"agency", "page", "titles", "ticked"})
"""What the form for titles carries about the page that it shows."""


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
                "calendar, I read the events that last all day, and ask you which of them close the agency."
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


def calendar_titles(metadata: dict[str, Any], agency: Agency, page: Page[TitleWithDays]) -> dict[str, Any]:
    """Build one page of the form that asks which titles close an agency. The ticks of undecided titles are presets."""
    options = [_title_option(entry) for entry in page.items]
    ticked = [option for option, entry in zip(options, page.items, strict=True) if _is_ticked(entry)]
    turning = [
        block_kit.button("Previous page", "closure.titles.earlier", str(page.number - 1)) if page.number else None,
        block_kit.button("Next page", "closure.titles.later", str(page.number + 1))
        if page.number < page.last
        else None,
    ]
    footer: list[Block] = []
    if page.last:
        footer = [
            block_kit.actions(*turning),
            block_kit.context(
                f"Page {page.number + 1} of {page.last + 1}. I keep the ticks of a page when you turn it or save."
            ),
        ]
    return block_kit.form(
        "Closed days",
        "closure.titles",
        [
            section(f"On which of these days is {bold(agency.name)} closed? They are from its calendars."),
            block_kit.input_block(
                f"titles{page.number}",
                "Closed on",
                CheckboxesElement(action_id="value", options=options, initial_options=ticked or None),
                optional=True,
            ),
            *footer,
        ],
        close="Close" if page.last else "Cancel",
        metadata={
            **metadata,
            "agency": agency.id,
            "page": page.number,
            "titles": [entry.title.id for entry in page.items],
            "ticked": [entry.title.id for entry in page.items if _is_ticked(entry)],
        },
    )


def _is_ticked(entry: TitleWithDays) -> bool:
    return entry.title.suggested if entry.title.closes is None else entry.title.closes


def _title_option(entry: TitleWithDays) -> Option:
    new = "New: " if entry.title.closes is None else ""
    title = entry.title.title or views.UNTITLED
    return block_kit.option(title, str(entry.title.id), f"{new}{views.title_days(entry)}")


def _date() -> DatePickerElement:
    return DatePickerElement(action_id="value", placeholder=plain_text("Choose a day"))
