"""The forms of roles."""

from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, DatePickerElement, NumberInputElement, UserSelectElement

from handlers.kit import block_kit
from handlers.kit import hours as kit_hours
from handlers.kit.block_kit import plain, section
from handlers.kit.text import bold
from handlers.roles import rules
from storage.roles import Role

SEEN = "Everybody of the consortium can read who holds a role, what it takes a month and how long."


def new(carry: dict[str, Any]) -> dict[str, Any]:
    """Draw the form with which a role is given."""
    title = block_kit.field("title", "Which role", block_kit.words(most=rules.TITLE, placeholder="Note-taker"))
    fields: list[Block] = [section(SEEN), title, _person(), _hours(None), _until(None)]
    return block_kit.form("Give a role", "role.new", fields, submit="Give", carry=carry)


def pass_on(carry: dict[str, Any], role: Role) -> dict[str, Any]:
    """Draw the form with which a role goes to somebody else."""
    fields: list[Block] = [section(f"{bold(role.title)}. {SEEN}"), _person(), _hours(role.hours), _until(None)]
    return block_kit.form("Pass a role on", "role.pass", fields, submit="Give", carry={**carry, "role": role.id})


def change(carry: dict[str, Any], role: Role) -> dict[str, Any]:
    """Draw the form that changes a role's hours and term."""
    fields: list[Block] = [section(bold(role.title)), _hours(role.hours), _until(role.until)]
    return block_kit.form("Change a role", "role.change", fields, carry={**carry, "role": role.id})


def _person() -> Block:
    chosen = UserSelectElement(action_id="value", placeholder=plain("Choose"))
    return block_kit.field(
        "person", "Who holds it from now on", chosen, hint="This person is told, and can give it back."
    )


def _hours(hours: float | None) -> Block:
    number = NumberInputElement(
        action_id="value",
        is_decimal_allowed=True,
        min_value="0.25",
        max_value=f"{kit_hours.MOST_HOURS_A_MONTH:g}",
        initial_value=f"{hours:g}" if hours is not None else None,
    )
    return block_kit.field("hours", "About how many hours a month", number, hint="Quarters count: 0.25, 1.5, 6.")


def _until(until: date | None) -> Block:
    chosen = DatePickerElement(action_id="value", initial_date=until.isoformat() if until else None)
    hint = "Leave it empty where the role has no end. Thirty days before, who could follow is told."
    return block_kit.field("until", "Until when", chosen, optional=True, hint=hint)
