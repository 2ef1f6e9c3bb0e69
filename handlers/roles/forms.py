"""The forms of roles."""

from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement, NumberInputElement, UserSelectElement

from handlers.kit import block_kit
from handlers.kit import hours as kit_hours
from handlers.kit.block_kit import plain_text, section
from handlers.kit.edits import WAS
from handlers.kit.text import bold
from handlers.roles import rules
from storage.roles import Role

READERS = "Everyone in the consortium can see who holds a role, its hours a month, and how long it lasts."


def new(metadata: dict[str, Any]) -> dict[str, Any]:
    """Build the form that gives a role."""
    title = block_kit.input_block("title", "Role", block_kit.text_input(most=rules.TITLE, placeholder="Note-taker"))
    fields: list[Block] = [section(READERS), title, _person(), _hours(None), _last_day(None)]
    return block_kit.form("Give a role", "role.new", fields, submit="Give", metadata=metadata)


def pass_on(metadata: dict[str, Any], role: Role) -> dict[str, Any]:
    """Build the form that passes a role on to another person."""
    fields: list[Block] = [section(f"{bold(role.title)}. {READERS}"), _person(), _hours(role.hours), _last_day(None)]
    return block_kit.form("Pass a role on", "role.pass", fields, submit="Give", metadata={**metadata, "role": role.id})


def change(metadata: dict[str, Any], role: Role) -> dict[str, Any]:
    """Build the form that changes a role's hours and term."""
    fields: list[Block] = [section(bold(role.title)), _hours(role.hours), _last_day(role.until)]
    metadata = {**metadata, "role": role.id, WAS: term_values(role.hours, role.until)}
    return block_kit.form("Change a role", "role.change", fields, metadata=metadata)


def term_values(hours: float, until: date | None) -> dict[str, Any]:
    """Return the values of the form that changes a role, as JSON."""
    return {"hours": hours, "until": until.isoformat() if until else None}


def _person() -> Block:
    chosen = UserSelectElement(action_id="value", placeholder=plain_text("Choose"))
    return block_kit.input_block(
        "person", "Who takes it", chosen, hint="I tell this person, who can give the role back."
    )


def _hours(hours: float | None) -> Block:
    number = NumberInputElement(
        action_id="value",
        is_decimal_allowed=True,
        min_value="0.25",
        max_value=f"{kit_hours.MOST_HOURS_A_MONTH:g}",
        initial_value=f"{hours:g}" if hours is not None else None,
    )
    return block_kit.input_block("hours", "Hours a month (about)", number, hint="In quarters, such as 0.25, 1.5, or 6.")


def _last_day(until: date | None) -> Block:
    chosen = DatePickerElement(action_id="value", initial_date=until.isoformat() if until else None)
    hint = "Leave it empty if the role has no end. Thirty days before the end, I suggest who could follow."
    return block_kit.input_block("until", "Last day", chosen, optional=True, hint=hint)
