"""Each limit of Block Kit: the maximum is accepted, one more is refused with its path."""

import pytest

from bot.sandbox.blockkit.surfaces import message_errors, too_large, view_errors
from bot.sandbox.web_api.chat import LONGEST_BLOCKS, text_length
from tests.sandbox.block_builders import button, field, modal, plain


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def option(label="One", value="one", **more):
    return {"text": plain(label), "value": value, **more}


def actions(element):
    return {"type": "actions", "elements": [{"action_id": "a", **element}]}


def section(**more):
    return {"type": "section", "text": plain("x"), **more}


def select(**more):
    return actions({"type": "static_select", "options": [option()], **more})


def overflow(**more):
    return actions({"type": "overflow", **more})


def thumbs(**more):
    plain_thumb, thumb = {"text": plain("x"), "value": "x"}, {"text": plain("x"), "value": "x", **more}
    element = {"type": "feedback_buttons", "positive_button": thumb, "negative_button": plain_thumb}
    return {"type": "context_actions", "elements": [element]}


def icon(**more):
    return {
        "type": "context_actions",
        "elements": [{"type": "icon_button", "icon": "trash", "text": plain("x"), **more}],
    }


def table_of(*cells, **more):
    return {"type": "table", "rows": [list(cells)], **more}


def raw(text="x"):
    return {"type": "raw_text", "text": text}


def rich(kind, n, **more):
    part = {"type": kind, "elements": [{"type": "text", "text": "x"}] * n, **more}
    return {"type": "rich_text", "elements": [part]}


def confirm(**more):
    words = {"title": plain("x"), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}
    return actions(button(confirm={**words, **more}))


def pie(title="t", segments=1, label="a"):
    chart = {"type": "pie", "segments": [{"label": label, "value": 1}] * segments}
    return {"type": "data_visualization", "title": title, "chart": chart}


def bars(series=1, categories=1, name="s", **axes):
    labels = [f"{index}" for index in range(categories)]
    data = [{"label": label, "value": 1} for label in labels]
    all_series = [{"name": f"{name}{index}", "data": data} for index in range(series)]
    chart = {"type": "bar", "series": all_series, "axis_config": {"categories": labels, **axes}}
    return {"type": "data_visualization", "title": "t", "chart": chart}


def card(**more):
    return {"type": "card", "title": plain("x"), **more}


def container(**more):
    return {"type": "container", "title": plain("x"), "child_blocks": [{"type": "divider"}], **more}


def video(**more):
    urls = {"video_url": "https://example.org/v", "thumbnail_url": "https://example.org/t.png"}
    return {"type": "video", "title": plain("x"), "alt_text": "x", **urls, **more}


LONG_URL = "https://example.org/"


def asking(**more):
    return modal(field("F", {"type": "plain_text_input", "action_id": "a", **more}))


# The limited thing, how to make one of a given size, the limit, and the field that is named beyond it.
LENGTHS = {
    "section text": (lambda n: section(text=plain("x" * n)), 3000, "/blocks/0/text/text"),
    "section field": (lambda n: section(fields=[plain("x" * n)]), 2000, "/blocks/0/fields/0/text"),
    "header": (lambda n: {"type": "header", "text": plain("x" * n)}, 150, "/blocks/0/text/text"),
    "block_id": (lambda n: section(block_id="x" * n), 255, "/blocks/0/block_id"),
    "action_id": (lambda n: actions(button(action_id="x" * n)), 255, "/blocks/0/elements/0/action_id"),
    "button text": (lambda n: actions(button(text=plain("x" * n))), 75, "/blocks/0/elements/0/text/text"),
    "button value": (lambda n: actions(button(value="x" * n)), 2000, "/blocks/0/elements/0/value"),
    "button url": (
        lambda n: actions(button(url=LONG_URL.ljust(n, "x"))),
        3000,
        "/blocks/0/elements/0/url",
    ),
    "button accessibility label": (
        lambda n: actions(button(accessibility_label="x" * n)),
        75,
        "/blocks/0/elements/0/accessibility_label",
    ),
    "placeholder": (lambda n: select(placeholder=plain("x" * n)), 150, "/blocks/0/elements/0/placeholder/text"),
    "option label": (lambda n: select(options=[option("x" * n)]), 75, "/blocks/0/elements/0/options/0/text/text"),
    "option value": (lambda n: select(options=[option(value="x" * n)]), 150, "/blocks/0/elements/0/options/0/value"),
    "option url": (
        lambda n: overflow(options=[option(url=LONG_URL.ljust(n, "x"))]),
        3000,
        "/blocks/0/elements/0/options/0/url",
    ),
    "option description": (
        lambda n: select(options=[option(description=plain("x" * n))]),
        75,
        "/blocks/0/elements/0/options/0/description/text",
    ),
    "option group label": (
        lambda n: actions(
            {"type": "static_select", "option_groups": [{"label": plain("x" * n), "options": [option()]}]}
        ),
        75,
        "/blocks/0/elements/0/option_groups/0/label/text",
    ),
    "confirm title": (lambda n: confirm(title=plain("x" * n)), 100, "/blocks/0/elements/0/confirm/title/text"),
    "confirm text": (lambda n: confirm(text=plain("x" * n)), 300, "/blocks/0/elements/0/confirm/text/text"),
    "confirm button": (lambda n: confirm(confirm=plain("x" * n)), 30, "/blocks/0/elements/0/confirm/confirm/text"),
    "deny button": (lambda n: confirm(deny=plain("x" * n)), 30, "/blocks/0/elements/0/confirm/deny/text"),
    "image alt text": (
        lambda n: {"type": "image", "image_url": LONG_URL, "alt_text": "x" * n},
        2000,
        "/blocks/0/alt_text",
    ),
    "image title": (
        lambda n: {"type": "image", "image_url": LONG_URL, "alt_text": "x", "title": plain("x" * n)},
        2000,
        "/blocks/0/title/text",
    ),
    "markdown": (lambda n: {"type": "markdown", "text": "x" * n}, 12_000, "/blocks/0/text"),
    "table characters": (
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x" * n}]]},
        10_000,
        "/blocks/0/rows",
    ),
    "chart title": (lambda n: pie(title="x" * n), 50, "/blocks/0/title"),
    "chart label": (lambda n: pie(label="x" * n), 20, "/blocks/0/chart/segments/0/label"),
    "chart series name": (lambda n: bars(name="x" * (n - 1)), 20, "/blocks/0/chart/series/0/name"),
    "chart axis label": (lambda n: bars(x_label="x" * n), 50, "/blocks/0/chart/axis_config/x_label"),
    "card title": (lambda n: card(title=mrkdwn("x" * n)), 150, "/blocks/0/title/text"),
    "card subtitle": (lambda n: card(subtitle=mrkdwn("x" * n)), 150, "/blocks/0/subtitle/text"),
    "card body": (lambda n: card(body=mrkdwn("x" * n)), 200, "/blocks/0/body/text"),
    "card subtext": (lambda n: card(subtext=mrkdwn("x" * n)), 200, "/blocks/0/subtext/text"),
    "feedback text": (lambda n: thumbs(text=plain("x" * n)), 75, "/blocks/0/elements/0/positive_button/text/text"),
    "feedback value": (lambda n: thumbs(value="x" * n), 2000, "/blocks/0/elements/0/positive_button/value"),
    "feedback accessibility label": (
        lambda n: thumbs(accessibility_label="x" * n),
        75,
        "/blocks/0/elements/0/positive_button/accessibility_label",
    ),
    "container title": (lambda n: container(title=plain("x" * n)), 150, "/blocks/0/title/text"),
    "container subtitle": (lambda n: container(subtitle=plain("x" * n)), 150, "/blocks/0/subtitle/text"),
    "video title": (lambda n: video(title=plain("x" * n)), 200, "/blocks/0/title/text"),
    "video alt text": (lambda n: video(alt_text="x" * n), 200, "/blocks/0/alt_text"),
    "video description": (lambda n: video(description=plain("x" * n)), 200, "/blocks/0/description/text"),
    "video provider": (lambda n: video(provider_name="x" * n), 50, "/blocks/0/provider_name"),
    "video author": (lambda n: video(author_name="x" * n), 50, "/blocks/0/author_name"),
}

COUNTS = {
    "fields": (lambda n: section(fields=[plain("x")] * n), 10, "/blocks/0/fields"),
    "context": (lambda n: {"type": "context", "elements": [plain("x")] * n}, 10, "/blocks/0/elements"),
    "actions": (
        lambda n: {"type": "actions", "elements": [button(action_id=str(index)) for index in range(n)]},
        25,
        "/blocks/0/elements",
    ),
    "options": (lambda n: select(options=[option()] * n), 100, "/blocks/0/elements/0/options"),
    "option groups": (
        lambda n: actions(
            {"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()]}] * n}
        ),
        100,
        "/blocks/0/elements/0/option_groups",
    ),
    "options of a group": (
        lambda n: actions(
            {"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()] * n}]}
        ),
        100,
        "/blocks/0/elements/0/option_groups/0/options",
    ),
    "people who see an icon": (
        lambda n: icon(visible_to_user_ids=["U1"] * n),
        10,
        "/blocks/0/elements/0/visible_to_user_ids",
    ),
    "table column settings": (
        lambda n: table_of(raw(), column_settings=[None] * n),
        20,
        "/blocks/0/column_settings",
    ),
    "checkboxes": (
        lambda n: actions({"type": "checkboxes", "options": [option()] * n}),
        10,
        "/blocks/0/elements/0/options",
    ),
    "radio buttons": (
        lambda n: actions({"type": "radio_buttons", "options": [option()] * n}),
        10,
        "/blocks/0/elements/0/options",
    ),
    "overflow": (
        lambda n: actions({"type": "overflow", "options": [option()] * n}),
        5,
        "/blocks/0/elements/0/options",
    ),
    "context actions": (
        lambda n: {
            "type": "context_actions",
            "elements": [
                {"type": "icon_button", "icon": "trash", "text": plain("x"), "action_id": str(index)}
                for index in range(n)
            ],
        },
        5,
        "/blocks/0/elements",
    ),
    "table rows": (
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n},
        100,
        "/blocks/0/rows",
    ),
    "table columns": (
        lambda n: {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]},
        20,
        "/blocks/0/rows/0",
    ),
    "pie segments": (lambda n: pie(segments=n), 6, "/blocks/0/chart/segments"),
    "chart series": (lambda n: bars(series=n), 6, "/blocks/0/chart/series"),
    "chart categories": (lambda n: bars(categories=n), 20, "/blocks/0/chart/axis_config/categories"),
    "card buttons": (
        lambda n: card(actions=[button(action_id=str(index)) for index in range(n)]),
        3,
        "/blocks/0/actions",
    ),
    "carousel": (lambda n: {"type": "carousel", "elements": [card()] * n}, 10, "/blocks/0/elements"),
    "container": (lambda n: container(child_blocks=[{"type": "divider"}] * n), 10, "/blocks/0/child_blocks"),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_texts_in_blocks_have_maximum_lengths(name):
    make, most, path = LENGTHS[name]
    assert message_errors([make(most)]) == []
    (fault,) = [fault for fault in message_errors([make(most + 1)]) if path in fault]
    assert fault.endswith(f"must be less than {most + 1} characters [json-pointer:{path}]")


@pytest.mark.parametrize("name", COUNTS)
def test_lists_in_blocks_have_maximum_lengths(name):
    make, most, path = COUNTS[name]
    assert message_errors([make(most)]) == []
    assert f"[ERROR] no more than {most} items allowed [json-pointer:{path}]" in message_errors([make(most + 1)])


# What needs at least one item or character, how to make it with n of them, and the field that is named with none.
NOT_EMPTY = {
    "section text": (lambda n: section(text=plain("x" * n)), "/blocks/0/text/text"),
    "fields": (lambda n: section(fields=[plain("x")] * n), "/blocks/0/fields"),
    "context": (lambda n: {"type": "context", "elements": [plain("x")] * n}, "/blocks/0/elements"),
    "actions": (lambda n: {"type": "actions", "elements": [button()] * n}, "/blocks/0/elements"),
    "options": (lambda n: select(options=[option()] * n), "/blocks/0/elements/0/options"),
    "option value": (lambda n: select(options=[option(value="x" * n)]), "/blocks/0/elements/0/options/0/value"),
    "options of a group": (
        lambda n: actions(
            {"type": "static_select", "option_groups": [{"label": plain("x"), "options": [option()] * n}]}
        ),
        "/blocks/0/elements/0/option_groups/0/options",
    ),
    "overflow": (lambda n: overflow(options=[option()] * n), "/blocks/0/elements/0/options"),
    "checkboxes": (
        lambda n: actions({"type": "checkboxes", "options": [option()] * n}),
        "/blocks/0/elements/0/options",
    ),
    "radio buttons": (
        lambda n: actions({"type": "radio_buttons", "options": [option()] * n}),
        "/blocks/0/elements/0/options",
    ),
    "table rows": (lambda n: {"type": "table", "rows": [[raw()]] * n}, "/blocks/0/rows"),
    "table row": (lambda n: table_of(*[raw()] * n), "/blocks/0/rows/0"),
    "table cell": (lambda n: table_of(raw("x" * n)), "/blocks/0/rows/0/0/text"),
    "table cell of rich text": (
        lambda n: table_of(rich("rich_text_section", n)),
        "/blocks/0/rows/0/0/elements/0/elements",
    ),
    "table number in words": (
        lambda n: table_of({"type": "raw_number", "value": 1, "text": "x" * n}),
        "/blocks/0/rows/0/0/text",
    ),
    "rich text": (
        lambda n: {**rich("rich_text_section", 1), "elements": [*rich("rich_text_section", 1)["elements"] * n]},
        "/blocks/0/elements",
    ),
    "rich text section": (lambda n: rich("rich_text_section", n), "/blocks/0/elements/0/elements"),
    "rich text quote": (lambda n: rich("rich_text_quote", n), "/blocks/0/elements/0/elements"),
    "rich text code": (lambda n: rich("rich_text_preformatted", n), "/blocks/0/elements/0/elements"),
    "rich text list": (
        lambda n: rich("rich_text_list", 0, style="bullet", elements=rich("rich_text_section", 1)["elements"] * n),
        "/blocks/0/elements/0/elements",
    ),
    "markdown": (lambda n: {"type": "markdown", "text": "x" * n}, "/blocks/0/text"),
    "pie segments": (lambda n: pie(segments=n), "/blocks/0/chart/segments"),
    "chart series": (lambda n: bars(series=n), "/blocks/0/chart/series"),
    "chart categories": (lambda n: bars(categories=n), "/blocks/0/chart/axis_config/categories"),
    "carousel": (lambda n: {"type": "carousel", "elements": [card()] * n}, "/blocks/0/elements"),
    "container": (lambda n: container(child_blocks=[{"type": "divider"}] * n), "/blocks/0/child_blocks"),
}


@pytest.mark.parametrize("name", NOT_EMPTY)
def test_what_blocks_contain_is_not_empty(name):
    make, path = NOT_EMPTY[name]
    assert message_errors([make(1)]) == []
    (fault,) = [fault for fault in message_errors([make(0)]) if fault.endswith(f"[json-pointer:{path}]")]
    assert "no less than 1 items allowed" in fault or "must be more than 0 characters" in fault


# A number in a form's field, the least and the most that it may be, and the field that is named otherwise.
NUMBERS = {
    "min_length": (lambda n: asking(min_length=n), 0, 3000, "/view/blocks/0/element/min_length"),
    "max_length": (lambda n: asking(max_length=n), 1, 3000, "/view/blocks/0/element/max_length"),
    "files": (lambda n: asking(type="file_input", max_files=n), 1, 10, "/view/blocks/0/element/max_files"),
    "least lines": (lambda n: asking(type="rich_text_input", min_lines=n), 1, 100, "/view/blocks/0/element/min_lines"),
    "most lines": (lambda n: asking(type="rich_text_input", max_lines=n), 1, 100, "/view/blocks/0/element/max_lines"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_in_forms_have_bounds(name):
    make, least, most, path = NUMBERS[name]
    for number in (least, most):
        assert view_errors(make(number), "modal") == []
    assert view_errors(make(least - 1), "modal") == [f"[ERROR] must be at least {least} [json-pointer:{path}]"]
    assert view_errors(make(most + 1), "modal") == [f"[ERROR] must be at most {most} [json-pointer:{path}]"]


def table(number):
    return {"type": "table", "rows": [[{"type": "raw_text", "text": str(number)}]]}


@pytest.mark.parametrize(
    ("within", "beyond", "said"),
    [
        ([section()] * 50, [section()] * 51, "no more than 50 items allowed"),
        ([pie()] * 2, [pie()] * 3, "no more than 2 data_visualization blocks allowed"),
        (
            [{"type": "markdown", "text": "x" * 6000}] * 2,
            [{"type": "markdown", "text": "x" * 6001}] * 2,
            "markdown blocks together must be less than 12001 characters",
        ),
    ],
)
def test_a_message_has_at_most_a_number_of_blocks_of_each_kind(within, beyond, said):
    assert message_errors(within) == []
    assert message_errors(beyond) == [f"[ERROR] {said} [json-pointer:/blocks]"]


def test_a_second_table_is_refused_as_an_attachment(calm):
    tables = [table(1), table(2)]
    assert calm.api("chat.postMessage", channel=calm.channel(), text="x", blocks=tables[:1])["ok"]
    for place in ({"blocks": tables}, {"attachments": [{"blocks": tables}]}):
        refused = calm.api("chat.postMessage", channel=calm.channel(), text="x", **place)
        assert refused["error"] == "invalid_attachments"
        assert "only_one_table_allowed" in refused["response_metadata"]["messages"][0]
    reply = calm.sandbox.world.response_urls.issue(calm.user(), calm.channel())
    assert calm.http.post(f"/response/{reply.key}", json={"blocks": tables}).json()["error"] == "invalid_attachments"


def test_all_texts_of_a_message_are_counted_together(calm):
    calm.post("clock", advance="PT2M")
    blocks = [section(text=plain("x" * 2640)) for _ in range(5)]
    assert text_length(blocks) == LONGEST_BLOCKS
    assert calm.api("chat.postMessage", channel=calm.channel(), text="x", blocks=blocks)["ok"]
    blocks.append(section(text=plain("x")))
    refused = calm.api("chat.postMessage", channel=calm.channel(), text="x", blocks=blocks)
    assert refused["error"] == "msg_blocks_too_long"


VIEW_LENGTHS = {
    "title": (lambda n: modal(title=plain("x" * n)), 24, "/view/title/text"),
    "submit": (lambda n: modal(submit=plain("x" * n)), 24, "/view/submit/text"),
    "close": (lambda n: modal(close=plain("x" * n)), 24, "/view/close/text"),
    "private_metadata": (lambda n: modal(private_metadata="x" * n), 3000, "/view/private_metadata"),
    "callback_id": (lambda n: modal(callback_id="x" * n), 255, "/view/callback_id"),
    "external_id": (lambda n: modal(external_id="x" * n), 255, "/view/external_id"),
    "input label": (
        lambda n: modal(field("x", {"type": "plain_text_input"}) | {"label": plain("x" * n)}),
        2000,
        "/view/blocks/0/label/text",
    ),
    "input hint": (
        lambda n: modal(field("x", {"type": "plain_text_input"}, hint=plain("x" * n))),
        2000,
        "/view/blocks/0/hint/text",
    ),
    "initial value": (
        lambda n: asking(initial_value="x" * n),
        3000,
        "/view/blocks/0/element/initial_value",
    ),
    "alert": (lambda n: modal({"type": "alert", "text": plain("x" * n)}), 200, "/view/blocks/0/text/text"),
}


@pytest.mark.parametrize("name", VIEW_LENGTHS)
def test_texts_in_views_have_maximum_lengths(name):
    make, most, path = VIEW_LENGTHS[name]
    assert view_errors(make(most), "modal") == []
    assert f"[ERROR] must be less than {most + 1} characters [json-pointer:{path}]" in view_errors(
        make(most + 1), "modal"
    )


@pytest.mark.parametrize("call", ["views.open", "views.push", "views.update"])
def test_an_empty_modal_is_refused(calm, call):
    top = calm.api("views.open", trigger_id=calm.trigger(), view=modal())["view"]["id"]
    trigger = calm.sandbox.world.triggers.issue(calm.user(), top)
    refused = calm.api(call, trigger_id=trigger, view_id=top, view={**modal(), "blocks": []})
    assert refused["error"] == "invalid_arguments"
    assert refused["response_metadata"]["messages"] == [
        "[ERROR] no less than 1 items allowed [json-pointer:/view/blocks]"
    ]


def test_an_empty_home_tab_is_accepted(calm):
    assert calm.api("views.publish", user_id=calm.user(), view={"type": "home", "blocks": []})["ok"]


@pytest.mark.parametrize("kind", ["modal", "home"])
def test_a_view_has_at_most_a_hundred_blocks(kind):
    view = {"type": kind, "title": plain("x"), "blocks": [section()] * 100}
    assert view_errors(view, kind) == []
    view["blocks"] = [section()] * 101
    assert view_errors(view, kind) == ["[ERROR] no more than 100 items allowed [json-pointer:/view/blocks]"]


def test_a_view_has_at_most_a_quarter_of_a_million_bytes():
    assert not too_large({"private_metadata": "x" * 249_000})
    assert too_large({"private_metadata": "ü" * 125_001})
