"""The state of each kind of field before anyone has used it."""

import pytest

from bot.sandbox.blockkit.elements import STATEFUL
from bot.sandbox.blockkit.input_state import initial_state
from bot.sandbox.blockkit.surfaces import view_errors
from tests.sandbox.block_builders import field, modal, plain

ONE = {"text": plain("One"), "value": "one"}
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
}

# By kind: additional properties, the state field, its empty value, the initial field, and an initial value.
FIELDS = {
    "plain_text_input": ({}, "value", None, "initial_value", "x"),
    "number_input": ({"is_decimal_allowed": False}, "value", None, "initial_value", "5"),
    "email_text_input": ({}, "value", None, "initial_value", "ana@example.org"),
    "url_text_input": ({}, "value", None, "initial_value", "https://example.org"),
    "rich_text_input": ({}, "rich_text_value", None, "initial_value", RICH),
    "static_select": ({"options": [ONE]}, "selected_option", None, "initial_option", ONE),
    "external_select": ({}, "selected_option", None, "initial_option", ONE),
    "radio_buttons": ({"options": [ONE]}, "selected_option", None, "initial_option", ONE),
    "users_select": ({}, "selected_user", None, "initial_user", "U1"),
    "conversations_select": ({}, "selected_conversation", None, "initial_conversation", "C1"),
    "channels_select": ({}, "selected_channel", None, "initial_channel", "C1"),
    "checkboxes": ({"options": [ONE]}, "selected_options", [], "initial_options", [ONE]),
    "multi_static_select": ({"options": [ONE]}, "selected_options", [], "initial_options", [ONE]),
    "multi_external_select": ({}, "selected_options", [], "initial_options", [ONE]),
    "multi_users_select": ({}, "selected_users", [], "initial_users", ["U1"]),
    "multi_conversations_select": ({}, "selected_conversations", [], "initial_conversations", ["C1"]),
    "multi_channels_select": ({}, "selected_channels", [], "initial_channels", ["C1"]),
    "datepicker": ({}, "selected_date", None, "initial_date", "2026-12-01"),
    "timepicker": ({}, "selected_time", None, "initial_time", "17:00"),
    "datetimepicker": ({}, "selected_date_time", None, "initial_date_time", 1796144400),
}


@pytest.mark.parametrize("kind", FIELDS)
def test_each_field_starts_with_its_initial_value(kind):
    more, holds, empty, start, value = FIELDS[kind]
    element = {"type": kind, "action_id": "a", **more}
    for first, wanted in ((element, empty), ({**element, start: value}, value)):
        view = modal(field("F", first))
        assert view_errors(view, "modal") == []
        assert initial_state(view["blocks"]) == {"f": {"a": {"type": kind, holds: wanted}}}


def test_the_table_covers_every_kind_of_field():
    assert set(FIELDS) | {"file_input"} == STATEFUL
    view = modal(field("F", {"type": "file_input", "action_id": "a"}))
    assert initial_state(view["blocks"]) == {"f": {"a": {"type": "file_input", "files": []}}}
