"""Composition objects: texts, options, confirmation dialogs."""

from datetime import date as Date  # noqa: N812 - `date` is the check
from typing import Any

from .checks import Check, add_error, both, exactly_one_of, flag, kinds, listing, one_of, record, some_of, text

URL = text(3000, pattern=r"https?://\S+|mailto:\S+|slack://\S+", what="a valid URL")
ID = text(255, least=1)
NUMBER = text(pattern=r"-?(\d+(\.\d+)?|\.\d+)", what="a number")
TIME = text(pattern=r"([01]\d|2[0-3]):[0-5]\d", what="a time as HH:mm")

VALUE = text(150, least=1)

MAX_OPTIONS = 100


def date(value: Any, path: str, errors: list[str]) -> None:
    """Require a date that exists, as YYYY-MM-DD."""
    try:
        right = isinstance(value, str) and Date.fromisoformat(value).isoformat() == value
    except ValueError:
        right = False
    if not right:
        add_error(errors, "must be a date as YYYY-MM-DD", path)


def plain_text(most: int) -> Check:
    """Require a plain_text object."""
    return kinds({"plain_text": record({"type": text(), "text": text(most, least=1)}, {"emoji": flag})})


def text_object(most: int) -> Check:
    """Require a text object of either type."""
    return kinds(
        {
            "plain_text": record({"type": text(), "text": text(most, least=1)}, {"emoji": flag}),
            "mrkdwn": record({"type": text(), "text": text(most, least=1)}, {"verbatim": flag}),
        }
    )


CONFIRM = record(
    {"title": plain_text(100), "text": text_object(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)

FILTER = both(
    record(
        {},
        {
            "include": listing(one_of("im", "mpim", "private", "public"), least=1),
            "exclude_external_shared_channels": flag,
            "exclude_bot_users": flag,
        },
    ),
    some_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

DISPATCH = record({}, {"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"), least=1)})

SLACK_FILE = both(record({}, {"id": text(least=1), "url": URL}), exactly_one_of("id", "url"))

OPTION = record({"text": plain_text(75), "value": VALUE}, {"description": plain_text(75)})
# Only radio buttons and checkboxes render formatted text; only an overflow menu opens URLs.
FORMATTED_OPTION = record({"text": text_object(75), "value": VALUE}, {"description": text_object(75)})
OVERFLOW_OPTION = record({"text": plain_text(75), "value": VALUE}, {"description": plain_text(75), "url": URL})
OPTION_GROUP = record(
    {"label": plain_text(75), "options": listing(OPTION, least=1, most=MAX_OPTIONS)},
)


def options_of(element: Any) -> list[Any]:
    """List all options of an element, grouped or not."""
    options = element.get("options")
    options = list(options) if isinstance(options, list) else []
    groups = element.get("option_groups")
    for group in groups if isinstance(groups, list) else []:
        inner = group.get("options") if isinstance(group, dict) else None
        options += inner if isinstance(inner, list) else []
    return options


def initial_among_options(element: Any, path: str, errors: list[str]) -> None:
    """Require the initial options to be among the options, exactly as they are given there."""
    if not isinstance(element, dict):
        return
    options = [_without_ids(option) for option in options_of(element)]
    first = element.get("initial_option")
    if first is not None and _without_ids(first) not in options:
        add_error(errors, "initial_option must exactly match one of the options", f"{path}/initial_option")
    chosen = element.get("initial_options")
    for index, option in enumerate(chosen if isinstance(chosen, list) else []):
        if _without_ids(option) not in options:
            add_error(errors, "initial_options must exactly match the options", f"{path}/initial_options/{index}")


def _without_ids(option: Any) -> Any:
    """Remove the fields that Slack fills in."""
    if not isinstance(option, dict) or not isinstance(option.get("text"), dict):
        return option
    words = option["text"]
    return (words.get("type"), words.get("text"), option.get("value"), str(option.get("description")))


options_or_groups = exactly_one_of("options", "option_groups")
one_image_source = exactly_one_of("image_url", "slack_file")
