"""Keeping what was filled in, where a form is put in place of another one."""

from typing import Any

_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}
"""For each kind of field what holds its value, and what holds the value with which it begins."""


def refill(view: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Fill a form with what stood in the one before it, where a field has the same name."""
    state = (before.get("state") or {}).get("values") or {}
    for block in view["blocks"]:
        element = block.get("element") or {}
        held = next(iter((state.get(block.get("block_id")) or {}).values()), None)
        if held is None or element.get("type") not in _FIELDS or held.get("type") != element["type"]:
            continue
        value, initial = _FIELDS[element["type"]]
        element.pop(initial, None)
        if held.get(value):
            element[initial] = held[value]
    return view
