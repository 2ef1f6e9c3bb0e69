"""Block elements: buttons, menus and inputs, with the limit of each field."""

from decimal import Decimal, InvalidOperation
from typing import Any

from .checks import Check, add_error, any_value, both, flag, kinds, listing, number, one_of, record, text
from .objects import (
    CONFIRM,
    DISPATCH,
    FILTER,
    FORMATTED_OPTION,
    ID,
    MAX_OPTIONS,
    NUMBER,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    TIME,
    URL,
    date,
    initial_among_options,
    one_image_source,
    options_or_groups,
    plain_text,
)

TYPE = {"type": text()}
NAMED: dict[str, Check] = {"action_id": ID, "block_id": any_value}
ASKED: dict[str, Check] = {**NAMED, "confirm": CONFIRM, "focus_on_load": flag}
PROMPTED: dict[str, Check] = {**ASKED, "placeholder": plain_text(150)}
TYPED: dict[str, Check] = {
    "action_id": ID,
    "placeholder": plain_text(150),
    "focus_on_load": flag,
    "dispatch_action_config": DISPATCH,
}
WORDS = text()
CHOSEN = listing(WORDS)
MOST: dict[str, Check] = {"max_selected_items": number(1)}


def static_select(initial: dict[str, Check]) -> Check:
    """Require a menu of options or option groups."""
    menu: dict[str, Check] = {
        "options": listing(OPTION, least=1, most=MAX_OPTIONS),
        "option_groups": listing(OPTION_GROUP, least=1, most=MAX_OPTIONS),
    }
    return both(record(TYPE, {**PROMPTED, **menu, **initial}), options_or_groups, initial_among_options)


def few_options(initial: dict[str, Check]) -> Check:
    """Require up to ten options, for elements that show them all at once."""
    shape = record({**TYPE, "options": listing(FORMATTED_OPTION, least=1, most=10)}, {**ASKED, **initial})
    return both(shape, initial_among_options)


def lengths_in_order(element: Any, path: str, errors: list[str]) -> None:
    """Require the minimum length not to exceed the maximum."""
    if not isinstance(element, dict):
        return
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        add_error(errors, "min_length must not be more than max_length", f"{path}/min_length")


def numbers_in_order(element: Any, path: str, errors: list[str]) -> None:
    """Require the minimum number not to exceed the maximum."""
    if not isinstance(element, dict):
        return
    try:
        wrong = Decimal(element["min_value"]) > Decimal(element["max_value"])
    except (KeyError, TypeError, ValueError, InvalidOperation):
        return
    if wrong:
        add_error(errors, "min_value must not be more than max_value", f"{path}/min_value")


def initial_within_length(element: Any, path: str, errors: list[str]) -> None:
    """Require the initial value to fit the length limits."""
    if not isinstance(element, dict):
        return
    first, most = element.get("initial_value"), element.get("max_length")
    if isinstance(first, str) and isinstance(most, int) and len(first) > most:
        add_error(errors, f"must be less than {most + 1} characters", f"{path}/initial_value")


THUMB = record({"text": plain_text(75), "value": text(2000)}, {"accessibility_label": text(75)})
EXTERNAL: dict[str, Check] = {"min_query_length": number(0)}
CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": flag, "filter": FILTER}
ANSWERS: dict[str, Check] = {"response_url_enabled": flag}

ELEMENTS: dict[str, Check] = {
    "button": record(
        {**TYPE, "text": plain_text(75)},
        {
            **NAMED,
            "url": URL,
            "value": text(2000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": text(75),
        },
    ),
    "overflow": record({**TYPE, "options": listing(OVERFLOW_OPTION, least=1, most=5)}, {**NAMED, "confirm": CONFIRM}),
    "static_select": static_select({"initial_option": OPTION}),
    "multi_static_select": static_select({"initial_options": listing(OPTION, least=1), **MOST}),
    "external_select": record(TYPE, {**PROMPTED, **EXTERNAL, "initial_option": OPTION}),
    "multi_external_select": record(
        TYPE, {**PROMPTED, **EXTERNAL, **MOST, "initial_options": listing(OPTION, least=1)}
    ),
    "users_select": record(TYPE, {**PROMPTED, "initial_user": WORDS}),
    "multi_users_select": record(TYPE, {**PROMPTED, **MOST, "initial_users": CHOSEN}),
    "conversations_select": record(TYPE, {**PROMPTED, **CONVERSATIONS, **ANSWERS, "initial_conversation": WORDS}),
    "multi_conversations_select": record(TYPE, {**PROMPTED, **CONVERSATIONS, **MOST, "initial_conversations": CHOSEN}),
    "channels_select": record(TYPE, {**PROMPTED, **ANSWERS, "initial_channel": WORDS}),
    "multi_channels_select": record(TYPE, {**PROMPTED, **MOST, "initial_channels": CHOSEN}),
    "radio_buttons": few_options({"initial_option": FORMATTED_OPTION}),
    "checkboxes": few_options({"initial_options": listing(FORMATTED_OPTION, least=1)}),
    "datepicker": record(TYPE, {**PROMPTED, "initial_date": date}),
    "timepicker": record(TYPE, {**PROMPTED, "initial_time": TIME, "timezone": WORDS}),
    "datetimepicker": record(TYPE, {**ASKED, "initial_date_time": number(1_000_000_000, 9_999_999_999)}),
    "plain_text_input": both(
        record(
            TYPE,
            {
                **TYPED,
                "initial_value": text(3000),
                "multiline": flag,
                "min_length": number(0, 3000),
                "max_length": number(1, 3000),
            },
        ),
        lengths_in_order,
        initial_within_length,
    ),
    "number_input": both(
        record(
            {**TYPE, "is_decimal_allowed": flag},
            {**TYPED, "initial_value": NUMBER, "min_value": NUMBER, "max_value": NUMBER},
        ),
        numbers_in_order,
    ),
    "email_text_input": record(TYPE, {**TYPED, "initial_value": WORDS}),
    "url_text_input": record(TYPE, {**TYPED, "initial_value": WORDS}),
    "rich_text_input": record(
        TYPE, {**TYPED, "initial_value": any_value, "min_lines": number(1, 100), "max_lines": number(1, 100)}
    ),
    "file_input": record(TYPE, {"action_id": ID, "filetypes": listing(WORDS, least=1), "max_files": number(1, 10)}),
    "workflow_button": record(
        {**TYPE, "text": plain_text(75), "workflow": any_value},
        {**NAMED, "style": one_of("primary", "danger"), "accessibility_label": text(75)},
    ),
    "feedback_buttons": record({**TYPE, "positive_button": THUMB, "negative_button": THUMB}, {"action_id": ID}),
    "icon_button": record(
        {**TYPE, "icon": WORDS, "text": plain_text(75)},
        {
            "action_id": ID,
            "value": text(2000),
            "confirm": CONFIRM,
            "accessibility_label": text(75),
            "visible_to_user_ids": listing(WORDS, most=10),
        },
    ),
    "image": both(
        record({**TYPE, "alt_text": text(2000)}, {"image_url": URL, "slack_file": SLACK_FILE}), one_image_source
    ),
}

PICKED = frozenset(
    {
        "static_select",
        "multi_static_select",
        "external_select",
        "multi_external_select",
        "users_select",
        "multi_users_select",
        "conversations_select",
        "multi_conversations_select",
        "channels_select",
        "multi_channels_select",
        "radio_buttons",
        "checkboxes",
        "datepicker",
        "timepicker",
        "datetimepicker",
    }
)
WRITTEN = frozenset(
    {
        "plain_text_input",
        "number_input",
        "email_text_input",
        "url_text_input",
        "rich_text_input",
        "file_input",
    }
)
STATEFUL = PICKED | WRITTEN
PRESSED = frozenset({"button", "overflow", "workflow_button", "feedback_buttons", "icon_button"})
INTERACTIVE = STATEFUL | PRESSED

IN_ACTIONS = kinds(ELEMENTS, (PICKED | {"button", "overflow", "workflow_button"}))
IN_SECTION = kinds(ELEMENTS, (PICKED | {"button", "overflow", "workflow_button", "image"}) - {"datetimepicker"})
IN_INPUT = kinds(ELEMENTS, STATEFUL)
IN_CONTEXT_ACTIONS = kinds(ELEMENTS, {"feedback_buttons", "icon_button"})

IN_MODALS_ALONE = frozenset({"email_text_input", "file_input", "number_input", "url_text_input"})
ELSEWHERE: dict[str, frozenset[str]] = {
    "message": IN_MODALS_ALONE | {"rich_text_input"},
    "modal": frozenset(),
    "home": IN_MODALS_ALONE | {"datetimepicker"},
}
"""For each surface, the elements that Slack allows on other surfaces only."""
