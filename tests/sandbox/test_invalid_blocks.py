"""Blocks that are invalid in other ways than length: shapes, types, missing options."""

import pytest

from bot.sandbox.blockkit.surfaces import message_errors, view_errors
from tests.sandbox.block_builders import button, field, modal, plain
from tests.sandbox.test_limits import actions, card, container, option, section, select, video

INVALID_BLOCKS = {
    "a block of no type": ([{}], "missing required field: type", "/blocks/0"),
    "an unknown block": ([{"type": "sparkle"}], "unsupported type: sparkle", "/blocks/0/type"),
    "a section without text": ([{"type": "section"}], "must have at least one of: text, fields", "/blocks/0"),
    "an empty text": (
        [{"type": "section", "text": plain("")}],
        "must be more than 0 characters",
        "/blocks/0/text/text",
    ),
    "a header in mrkdwn": (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "unsupported type: mrkdwn",
        "/blocks/0/text/type",
    ),
    "emoji on mrkdwn": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        "invalid additional property: emoji",
        "/blocks/0/text",
    ),
    "an unknown style": (
        [actions(button(style="loud"))],
        "must be one of primary, danger",
        "/blocks/0/elements/0/style",
    ),
    "a select without options": (
        [actions({"type": "static_select"})],
        "must have exactly one of: options, option_groups",
        "/blocks/0/elements/0",
    ),
    "a date in another format": (
        [actions({"type": "datepicker", "action_id": "d", "initial_date": "1.12.2026"})],
        "must be a date as YYYY-MM-DD",
        "/blocks/0/elements/0/initial_date",
    ),
    "an image without alt text": (
        [{"type": "image", "image_url": "https://example.org/a.png"}],
        "missing required field: alt_text",
        "/blocks/0",
    ),
    "a rich text of loose text": (
        [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}],
        "unsupported type: text",
        "/blocks/0/elements/0/type",
    ),
    "a chart with missing categories": (
        [
            {
                "type": "data_visualization",
                "title": "t",
                "chart": {
                    "type": "bar",
                    "series": [{"name": "s", "data": [{"label": "a", "value": 1}]}],
                    "axis_config": {"categories": ["a", "b"]},
                },
            }
        ],
        "labels must match axis_config.categories",
        "/blocks/0/chart/series/0/data",
    ),
    "no object": (["x"], "must be an object", "/blocks/0"),
    "no list": ({"type": "divider"}, "must be an array", "/blocks"),
    "a text that is a string": ([{"type": "section", "text": "x"}], "must be an object", "/blocks/0/text"),
    "a text of a number": (
        [section(text={"type": "plain_text", "text": 5})],
        "must be a string",
        "/blocks/0/text/text",
    ),
    "a text of no type": ([section(text={"text": "x"})], "missing required field: type", "/blocks/0/text"),
    "a text of another type": (
        [section(text={"type": "markdown", "text": "x"})],
        "unsupported type: markdown",
        "/blocks/0/text/type",
    ),
    "a type that is a list": ([{"type": ["section"]}], "unsupported type: ['section']", "/blocks/0/type"),
    "a field that is unknown": ([section(colour="red")], "invalid additional property: colour", "/blocks/0"),
    "a field of another block": (
        [{"type": "divider", "text": plain("x")}],
        "invalid additional property: text",
        "/blocks/0",
    ),
    "a block_id that is empty": ([section(block_id="")], "must be more than 0 characters", "/blocks/0/block_id"),
    "a block_id twice": (
        [section(block_id="a"), section(block_id="a")],
        'block_id "a" already exists',
        "/blocks/1/block_id",
    ),
    "an action_id twice in a block": (
        [{"type": "actions", "elements": [button(), button()]}],
        'action_id "press" already exists',
        "/blocks/0/elements/1/action_id",
    ),
    "fields that are none": ([section(fields=[])], "no less than 1 items allowed", "/blocks/0/fields"),
    "actions that are none": (
        [{"type": "actions", "elements": []}],
        "no less than 1 items allowed",
        "/blocks/0/elements",
    ),
    "a button without text": ([actions({"type": "button"})], "missing required field: text", "/blocks/0/elements/0"),
    "a button in mrkdwn": (
        [actions(button(text={"type": "mrkdwn", "text": "x"}))],
        "unsupported type: mrkdwn",
        "/blocks/0/elements/0/text/type",
    ),
    "a button value of a number": ([actions(button(value=7))], "must be a string", "/blocks/0/elements/0/value"),
    "a button with no real address": ([actions(button(url="here"))], "must be a valid URL", "/blocks/0/elements/0/url"),
    "a list of options that is empty": (
        [select(options=[])],
        "no less than 1 items allowed",
        "/blocks/0/elements/0/options",
    ),
    "an option without a value": (
        [select(options=[{"text": plain("x")}])],
        "missing required field: value",
        "/blocks/0/elements/0/options/0",
    ),
    "options and groups": (
        [select(option_groups=[{"label": plain("x"), "options": [option()]}])],
        "must have exactly one of: options, option_groups",
        "/blocks/0/elements/0",
    ),
    "a first choice that is not offered": (
        [select(initial_option=option("Other", "other"))],
        "initial_option must exactly match one of the options",
        "/blocks/0/elements/0/initial_option",
    ),
    "a first choice in other words": (
        [select(initial_option=option("Another label", "one"))],
        "initial_option must exactly match one of the options",
        "/blocks/0/elements/0/initial_option",
    ),
    "first choices that are not offered": (
        [actions({"type": "checkboxes", "options": [option()], "initial_options": [option("Other", "other")]})],
        "initial_options must exactly match the options",
        "/blocks/0/elements/0/initial_options/0",
    ),
    "first choices that are none": (
        [actions({"type": "checkboxes", "options": [option()], "initial_options": []})],
        "no less than 1 items allowed",
        "/blocks/0/elements/0/initial_options",
    ),
    "a day that is not": (
        [actions({"type": "datepicker", "initial_date": "2026-02-30"})],
        "must be a date as YYYY-MM-DD",
        "/blocks/0/elements/0/initial_date",
    ),
    "a time that is not": (
        [actions({"type": "timepicker", "initial_time": "24:00"})],
        "must be a time as HH:mm",
        "/blocks/0/elements/0/initial_time",
    ),
    "a moment in words": (
        [actions({"type": "datetimepicker", "initial_date_time": "tomorrow"})],
        "must be an integer",
        "/blocks/0/elements/0/initial_date_time",
    ),
    "a picture from nowhere": (
        [section(accessory={"type": "image", "alt_text": "x"})],
        "must have exactly one of: image_url, slack_file",
        "/blocks/0/accessory",
    ),
    "a confirm without words": (
        [actions(button(confirm={"title": plain("x")}))],
        "missing required field: text",
        "/blocks/0/elements/0/confirm",
    ),
    "a text field without a block of its own": (
        [actions({"type": "plain_text_input"})],
        "unsupported type: plain_text_input",
        "/blocks/0/elements/0/type",
    ),
    "thumbs that are none": (
        [
            {
                "type": "context_actions",
                "elements": [{"type": "feedback_buttons", "positive_button": {"text": plain("x")}}],
            }
        ],
        "missing required field: value",
        "/blocks/0/elements/0/positive_button",
    ),
    "a card with nothing on it": (
        [{"type": "card", "subtitle": plain("x")}],
        "must have at least one of: hero_image, title, actions, body",
        "/blocks/0",
    ),
    "a select on a card": (
        [card(actions=[{"type": "static_select", "options": [option()]}])],
        "unsupported type: static_select",
        "/blocks/0/actions/0/type",
    ),
    "no card in a carousel": (
        [{"type": "carousel", "elements": [section()]}],
        "unsupported type: section",
        "/blocks/0/elements/0/type",
    ),
    "a container in a container": (
        [container(child_blocks=[container()])],
        "unsupported type: container",
        "/blocks/0/child_blocks/0/type",
    ),
    "a number input in a container": (
        [container(child_blocks=[field("F", {"type": "number_input", "is_decimal_allowed": True})])],
        "unsupported type: number_input",
        "/blocks/0/child_blocks/0/element/type",
    ),
    "a block_id that a container has inside": (
        [section(block_id="a"), container(child_blocks=[section(block_id="a")])],
        'block_id "a" already exists',
        "/blocks/1/child_blocks/0/block_id",
    ),
    "a block_id of two cards": (
        [{"type": "carousel", "elements": [card(block_id="a"), card(block_id="a")]}],
        'block_id "a" already exists',
        "/blocks/0/elements/1/block_id",
    ),
    "a container without a title": (
        [container(title=None)],
        "must have at least one of: title, rich_text_title",
        "/blocks/0",
    ),
    "a video without an address": ([video(video_url=None)], "missing required field: video_url", "/blocks/0"),
    "a table cell of nothing": (
        [{"type": "table", "rows": [[None]]}],
        "must be an object",
        "/blocks/0/rows/0/0",
    ),
    "a picture that is named twice": (
        [
            section(
                accessory={"type": "image", "alt_text": "x", "slack_file": {"id": "F1", "url": "https://example.org"}}
            )
        ],
        "must have exactly one of: id, url",
        "/blocks/0/accessory/slack_file",
    ),
    "a filter of nothing": (
        [actions({"type": "conversations_select", "filter": {}})],
        "must have at least one of: include, exclude_external_shared_channels, exclude_bot_users",
        "/blocks/0/elements/0/filter",
    ),
    "a slice of nothing": (
        [
            {
                "type": "data_visualization",
                "title": "t",
                "chart": {"type": "pie", "segments": [{"label": "a", "value": 0}]},
            }
        ],
        "must be more than 0",
        "/blocks/0/chart/segments/0/value",
    ),
    "a home's alert": ([{"type": "alert", "text": plain("x")}], "unsupported type: alert", "/blocks/0/type"),
}


@pytest.mark.parametrize("name", INVALID_BLOCKS)
def test_invalid_blocks_are_refused_at_the_wrong_field(name):
    blocks, sentence, path = INVALID_BLOCKS[name]
    assert f"[ERROR] {sentence} [json-pointer:{path}]" in message_errors(blocks)


def asking(**element):
    return modal(field("F", {"action_id": "a", **element}))


INVALID_VIEWS = {
    "no object": ("x", "must be an object", "/view"),
    "no type": ({"title": plain("x"), "blocks": []}, "missing required field: type", "/view"),
    "no title": (modal(title=None), "missing required field: title", "/view"),
    "no blocks": ({**modal(), "blocks": None}, "missing required field: blocks", "/view"),
    "a title in mrkdwn": (modal(title={"type": "mrkdwn", "text": "x"}), "unsupported type: mrkdwn", "/view/title/type"),
    "inputs without submit": (
        modal(submit=None),
        "must define `submit` to use `input` block",
        "/view/blocks/0/input",
    ),
    "a submit button that waits": (
        modal(submit_disabled=True),
        "invalid additional property: submit_disabled",
        "/view",
    ),
    "a flag in words": (modal(notify_on_close="yes"), "must be a boolean", "/view/notify_on_close"),
    "a view as it was received": (modal(id="V0123", hash="1.a"), "invalid additional property: hash", "/view"),
    "metadata that is an object": (modal(private_metadata={"a": 1}), "must be a string", "/view/private_metadata"),
    "an input without a label": (
        modal({"type": "input", "element": {"type": "plain_text_input"}}),
        "missing required field: label",
        "/view/blocks/0",
    ),
    "a button as input": (asking(**button()), "unsupported type: button", "/view/blocks/0/element/type"),
    "a number that is no text": (
        asking(type="number_input", is_decimal_allowed=False, min_value=1),
        "must be a string",
        "/view/blocks/0/element/min_value",
    ),
    "a number in words": (
        asking(type="number_input", is_decimal_allowed=False, initial_value="many"),
        "must be a number",
        "/view/blocks/0/element/initial_value",
    ),
    "numbers that cross": (
        asking(type="number_input", is_decimal_allowed=False, min_value="3", max_value="2"),
        "min_value must not be more than max_value",
        "/view/blocks/0/element/min_value",
    ),
    "a number field that leaves decimals open": (
        asking(type="number_input"),
        "missing required field: is_decimal_allowed",
        "/view/blocks/0/element",
    ),
    "lengths that cross": (
        asking(type="plain_text_input", min_length=5, max_length=3),
        "min_length must not be more than max_length",
        "/view/blocks/0/element/min_length",
    ),
    "a first text that is too long": (
        asking(type="plain_text_input", max_length=3, initial_value="four"),
        "must be less than 4 characters",
        "/view/blocks/0/element/initial_value",
    ),
    "eleven files": (asking(type="file_input", max_files=11), "must be at most 10", "/view/blocks/0/element/max_files"),
    "two elements with the focus": (
        modal(
            field("A", {"type": "plain_text_input", "focus_on_load": True}),
            field("B", {"type": "plain_text_input", "focus_on_load": True}),
        ),
        "only one element may have focus_on_load",
        "/view/blocks/1",
    ),
    "a home tab as a modal": ({**modal(), "type": "home"}, "must be one of modal", "/view/type"),
    "an action that is dispatched on nothing": (
        asking(type="plain_text_input", dispatch_action_config={"trigger_actions_on": []}),
        "no less than 1 items allowed",
        "/view/blocks/0/element/dispatch_action_config/trigger_actions_on",
    ),
}


@pytest.mark.parametrize("name", INVALID_VIEWS)
def test_invalid_views_are_refused_at_the_wrong_field(name):
    view, sentence, path = INVALID_VIEWS[name]
    assert f"[ERROR] {sentence} [json-pointer:{path}]" in view_errors(view, "modal")


@pytest.mark.parametrize(
    ("kind", "surfaces"),
    [
        ("table", {"message", "home"}),
        ("data_visualization", {"message"}),
        ("markdown", {"message"}),
        ("alert", {"modal"}),
        ("card", {"message", "modal", "home"}),
        ("carousel", {"message"}),
        ("container", {"message"}),
        ("section", {"message", "modal", "home"}),
        ("input", {"message", "modal", "home"}),
    ],
)
def test_each_block_is_allowed_on_certain_surfaces(kind, surfaces):
    refused = f"unsupported type: {kind} "
    blocks = [{"type": kind}]
    errors = {
        "message": message_errors(blocks),
        "modal": view_errors({"type": "modal", "blocks": blocks}, "modal"),
        "home": view_errors({"type": "home", "blocks": blocks}, "home"),
    }
    assert {
        name for name, messages in errors.items() if not any(refused in message for message in messages)
    } == surfaces


@pytest.mark.parametrize(
    ("element", "surfaces"),
    [
        ({"type": "plain_text_input"}, {"message", "modal", "home"}),
        ({"type": "datepicker"}, {"message", "modal", "home"}),
        ({"type": "datetimepicker"}, {"message", "modal"}),
        ({"type": "rich_text_input"}, {"modal", "home"}),
        ({"type": "number_input", "is_decimal_allowed": True}, {"modal"}),
        ({"type": "email_text_input"}, {"modal"}),
        ({"type": "url_text_input"}, {"modal"}),
        ({"type": "file_input"}, {"modal"}),
    ],
)
def test_each_element_is_allowed_on_certain_surfaces(element, surfaces):
    blocks = [field("F", element)]
    errors = {
        "message": message_errors(blocks),
        "modal": view_errors(modal(*blocks), "modal"),
        "home": view_errors({"type": "home", "blocks": blocks}, "home"),
    }
    assert {name for name, messages in errors.items() if not messages} == surfaces
    where = {"message": "/blocks/0", "home": "/view/blocks/0"}
    for name in {"message", "home"} - surfaces:
        assert errors[name] == [
            f"[ERROR] unsupported type: {element['type']} [json-pointer:{where[name]}/element/type]"
        ]
