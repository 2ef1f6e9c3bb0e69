"""Elements as HTML: tied to their labels, and never markup from the app."""

import pytest

from bot.sandbox.page.blocks import render_blocks
from tests.sandbox.page_rendering import EVIL, ONE_TWO, READER, actions, asks, draw, element, mark, option, plain


@pytest.mark.parametrize(
    ("block", "there", "missing"),
    [
        (actions(element("hologram")), ['<div class="unknown">hologram</div>'], []),
        (
            actions(element("button", text=plain("Agree"), value="v1", style="primary")),
            ['data-action="a1"', 'data-block="b1"', "data-acts", 'value="v1"', "button primary", "Agree"],
            ["template"],
        ),
        (
            actions(element("button", text=plain("No"), style='x" onclick="y')),
            ['class="button"'],
            ["onclick"],
        ),
        (
            actions(element("button", text=plain("Go"), url="javascript:alert(1)")),
            ["Go", "<button"],
            ["javascript"],
        ),
        (
            actions(element("button", text=plain("Go"), url="https://a.example", style="primary")),
            ['<a class="button primary"', 'href="https://a.example" target="_blank"', "data-press", "Go"],
            ["<button"],
        ),
        (
            actions(element("overflow", options=[option("One", url="https://a.example"), option("Two", url="data:x")])),
            ['<a href="https://a.example"', 'data-press="one"', '<button type="button" data-press="two">'],
            ["data:x"],
        ),
        (
            actions(
                element(
                    "button",
                    text=plain("Block"),
                    style="danger",
                    confirm={
                        "title": plain("Sure?"),
                        "text": mark("It *stops*."),
                        "confirm": plain("Block it"),
                        "deny": plain("Back"),
                        "style": "danger",
                    },
                ),
            ),
            ["<template", "<h2>Sure?</h2>", "<strong>stops</strong>", "Block it", "Back", 'value="confirm"'],
            [],
        ),
        (
            actions(element("static_select", placeholder=plain("Pick"), options=ONE_TWO, initial_option=ONE_TWO[0])),
            [
                'aria-label="Pick"',
                'value="One" data-value="one"',
                "The second",
                'data-value="one" data-label="One" aria-selected="true"',
            ],
            ["chip"],
        ),
        (
            actions(element("static_select", option_groups=[{"label": plain("Group"), "options": ONE_TWO}])),
            ['role="group"', ">Group</div>", 'data-value="two"'],
            [],
        ),
        (
            actions(
                element("multi_static_select", options=ONE_TWO, initial_options=[ONE_TWO[1]], max_selected_items=2)
            ),
            ['data-max="2"', 'class="chip" data-value="two"', 'aria-label="Remove Two"', 'aria-multiselectable="true"'],
            ['class="chip" data-value="one"'],
        ),
        (
            actions(element("external_select", min_query_length=0, initial_option=ONE_TWO[0])),
            ['data-source="app"', 'data-least="0"', 'data-value="one" data-label="One"'],
            ['role="option"'],
        ),
        (actions(element("multi_external_select")), ['data-source="app"', 'data-least="3"'], []),
        (
            actions(element("users_select", initial_user="U1")),
            ['data-source="people"', 'data-value="U1" data-label="Ana Reyes"'],
            ["Gone Away"],
        ),
        (
            actions(element("multi_users_select", initial_users=["U1"])),
            ['class="chip" data-value="U1"', 'aria-label="Remove Ana Reyes"'],
            [],
        ),
        (
            actions(element("conversations_select", filter={"include": ["private"]}, initial_conversation="D1")),
            ['data-source="conversations"', '{"include": ["private"]}', 'data-label="App"'],
            [],
        ),
        (
            actions(element("channels_select", initial_channel="C1")),
            ['data-source="channels"', 'data-value="C1" data-label="#council"'],
            [],
        ),
        (
            asks(element("users_select", initial_user="U1"), optional=True),
            ['class="combo-clear" aria-label="Clear"'],
            [],
        ),
        (asks(element("users_select", initial_user="U1")), [], ["combo-clear"]),
        (actions(element("overflow", options=ONE_TWO)), ["<details", 'data-press="two"', "The second"], []),
        (
            actions(element("checkboxes", options=[option("One", description=mark("*d*"))])),
            ['type="checkbox"', "<strong>d</strong>"],
            [" checked"],
        ),
        (
            actions(element("radio_buttons", options=ONE_TWO, initial_option=ONE_TWO[1])),
            ['role="radiogroup"', 'value="two" checked'],
            ['value="one" checked'],
        ),
        (
            actions(element("datepicker", initial_date="2026-12-04")),
            ['type="date"', 'value="2026-12-04"'],
            [],
        ),
        (actions(element("timepicker", initial_time="17:00")), ['type="time"', 'value="17:00"'], []),
        (
            actions(element("datetimepicker", initial_date_time=1796169600)),
            ['type="datetime-local"', 'value="2026-12-01T17:00"'],
            [],
        ),
        (
            asks(element("plain_text_input", placeholder=plain("Words"), max_length=30, initial_value="so far")),
            ['type="text"', 'placeholder="Words"', 'maxlength="30"', 'value="so far"', "<label"],
            ["data-acts", "optional"],
        ),
        (
            asks(
                element("plain_text_input", multiline=True, initial_value="</textarea>"),
                optional=True,
                hint=plain("Why"),
            ),
            ["<textarea", "&lt;/textarea&gt;</textarea>", "(optional)", ">Why</p>"],
            [],
        ),
        (asks(element("plain_text_input"), dispatch_action=True), ["data-acts"], []),
        (
            asks(element("number_input", min_value="0", max_value="10", is_decimal_allowed=False)),
            ['type="text"', 'inputmode="numeric"'],
            [],
        ),
        (asks(element("number_input", is_decimal_allowed=True)), ['inputmode="decimal"'], []),
        (asks(element("plain_text_input", min_length=3)), ['minlength="3"', 'class="count"'], ["maxlength"]),
        (asks(element("plain_text_input", focus_on_load=True)), [" autofocus"], []),
        (asks(element("timepicker", timezone="America/New_York")), ["America/New York"], []),
        (
            asks(element("rich_text_input", placeholder=plain("Words"), focus_on_load=True)),
            ['role="toolbar"', 'contenteditable="true" role="textbox"', 'data-placeholder="Words"', " autofocus"],
            ["<label"],
        ),
        (
            asks(
                element(
                    "rich_text_input",
                    initial_value={
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "so far", "style": {"bold": True}},
                                    {"type": "user", "user_id": "U1"},
                                ],
                            },
                        ],
                    },
                )
            ),
            ["<strong>so far</strong>", "data-rich='{", "@Ana Reyes</span></span>"],
            [],
        ),
        (asks(element("file_input", filetypes=["ics"], max_files=1)), ['type="file"', 'accept=".ics"'], ["multiple"]),
        (asks(element("email_text_input")), ['type="email"'], []),
        (
            asks(element("url_text_input", initial_value="https://a.example")),
            ['type="url"', "https://a.example"],
            [],
        ),
    ],
)
def test_an_element_is_rendered(block, there, missing):
    html = draw(block)
    assert [piece for piece in there if piece not in html] == []
    assert [piece for piece in missing if piece in html] == []


@pytest.mark.parametrize(
    "block",
    [
        actions(element("button", action_id=EVIL, text=plain(EVIL), value=EVIL, accessibility_label=EVIL)),
        actions(element("overflow", options=[option(EVIL, description=plain(EVIL))])),
        actions(element("static_select", placeholder=plain(EVIL), options=[option(EVIL, description=plain(EVIL))])),
        actions(element("multi_static_select", options=[option(EVIL)], initial_options=[option(EVIL)])),
        actions(element("conversations_select", filter={"include": [EVIL, "'><script>"]})),
        actions(element("button", text=plain("Go"), url=f"https://{EVIL}")),
        asks(
            element(
                "rich_text_input",
                placeholder=plain(EVIL),
                initial_value={
                    "type": "rich_text",
                    "elements": [{"type": "rich_text_section", "elements": [{"type": "emoji", "name": "'><script>"}]}],
                },
            )
        ),
        actions(element("checkboxes", options=[option(EVIL)])),
        asks(element("plain_text_input", initial_value=EVIL, placeholder=plain(EVIL)), hint=plain(EVIL)),
        asks(element("plain_text_input", multiline=True, initial_value=f"</textarea>{EVIL}")),
        asks(element("datepicker", initial_date=EVIL)),
    ],
)
def test_nothing_in_an_element_becomes_markup(block):
    assert "<script" not in draw(block, errors={"b1": EVIL})


def test_a_field_is_tied_to_its_label_its_hint_and_its_error():
    html = draw(asks(element("email_text_input"), hint=plain("Yours")), errors={"b1": "That is no address."})
    (identity,) = {part.split('"')[0] for part in html.split('for="')[1:]}
    assert f'id="{identity}"' in html
    assert f'aria-labelledby="{identity}-label"' in html
    assert f'aria-describedby="{identity}-hint {identity}-error"' in html
    assert f'id="{identity}-error" role="alert">That is no address.</p>' in html


def test_the_same_field_in_two_messages_has_two_ids():
    field = asks(element("plain_text_input"))
    assert render_blocks([field], READER, place="C1/1") != render_blocks([field], READER, place="C1/2")
