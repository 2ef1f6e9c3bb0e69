"""Blocks as HTML."""

import pytest

from bot.sandbox.page.images import local_image_url
from tests.sandbox.page_rendering import EVIL, draw, element, mark, plain


@pytest.mark.parametrize(
    ("block", "there", "missing"),
    [
        (
            {"type": "section", "text": mark("*Hi*"), "fields": [mark("_f1_"), plain("f2")]},
            ["<strong>Hi</strong>", "<em>f1</em>", "f2"],
            ["accessory"],
        ),
        (
            {"type": "section", "text": mark("@here"), "accessory": element("button", text=plain("Go"))},
            ["accessory", "Go"],
            [],
        ),
        ({"type": "section", "text": {**mark("@here"), "verbatim": True}}, ["@here"], ["mention"]),
        ({"type": "header", "text": plain("Big :tada:")}, ["<h3>Big 🎉</h3>"], []),
        ({"type": "divider"}, ["<hr>"], []),
        ({"type": "context", "elements": [mark("*small*")]}, ["<strong>small</strong>"], []),
        (
            {"type": "image", "image_url": "/files/a.png", "alt_text": "Chart"},
            ['src="/files/a.png"', 'alt="Chart"'],
            [],
        ),
        (
            {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "Chart"},
            ["Chart"],
            ["<img", "a.example"],
        ),
        (
            {"type": "image", "slack_file": {"id": "F0123456789"}, "alt_text": "Chart"},
            ['src="/page/picture/F0123456789"'],
            [],
        ),
        (
            {"type": "image", "slack_file": {"id": "../x", "url": "https://a.example/b.png"}, "alt_text": "Chart"},
            ["Chart"],
            ["<img"],
        ),
        (
            {"type": "alert", "level": "warning", "text": mark("*Mind* it")},
            ["alert-warning", 'aria-label="Warning"', "<strong>Mind</strong>"],
            [],
        ),
        (
            {"type": "video", "title": plain("Talk"), "title_url": "https://a.example", "video_url": "javascript:1"},
            ['href="https://a.example"', "Talk", "Watch"],
            ["javascript"],
        ),
        ({"type": "file", "external_id": "Minutes", "source": "remote"}, ["Minutes", "kept elsewhere"], []),
        (
            {"type": "card", "title": mark("*T*"), "body": mark("B"), "actions": [element("button", text=plain("Go"))]},
            ["<strong><strong>T</strong></strong>", "data-press", "Go"],
            ["<img"],
        ),
        (
            {"type": "carousel", "elements": [{"type": "card", "title": mark("T")}]},
            ['role="region" aria-label="Cards"', "T"],
            [],
        ),
        (
            {
                "type": "container",
                "title": plain("Box"),
                "is_collapsible": True,
                "default_collapsed": True,
                "child_blocks": [{"type": "section", "text": mark("_in_")}],
            },
            ["<details", "<summary", "<em>in</em>"],
            [" open"],
        ),
        (
            {"type": "plan", "title": "Plan", "tasks": [{"task_id": "1", "title": "Look", "status": "complete"}]},
            ["Plan", "Look", 'aria-label="Done"'],
            ["<details"],
        ),
        (
            {
                "type": "context_actions",
                "elements": [
                    element(
                        "feedback_buttons",
                        positive_button={"text": plain("Good"), "value": "good"},
                        negative_button={"text": plain("Bad"), "value": "bad", "accessibility_label": "Not good"},
                    ),
                    element("icon_button", icon="trash", text=plain("Delete")),
                    element("icon_button", icon="trash", text=plain("Not mine"), visible_to_user_ids=["U9"]),
                ],
            },
            ['data-press="good"', 'aria-label="Not good"', 'aria-label="Delete"'],
            ["Not mine"],
        ),
        ({"type": "hologram"}, ['<div class="unknown">hologram</div>'], []),
    ],
)
def test_a_block_is_rendered(block, there, missing):
    html = draw(block)
    assert [piece for piece in there if piece not in html] == []
    assert [piece for piece in missing if piece in html] == []


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "block_id": EVIL, "text": plain(EVIL), "fields": [mark(EVIL)]},
        {"type": EVIL},
        {"type": "image", "image_url": f"/{EVIL}", "alt_text": EVIL, "title": plain(EVIL)},
        {"type": "rich_text", "elements": [{"type": EVIL}]},
        {"type": "alert", "text": mark(EVIL), "level": EVIL},
        {"type": "markdown", "text": EVIL},
        {"type": "file", "external_id": EVIL},
        {
            "type": "video",
            "title": plain(EVIL),
            "video_url": f"https://{EVIL}",
            "alt_text": EVIL,
            "provider_name": EVIL,
        },
        {"type": "card", "title": mark(EVIL), "icon": {"image_url": EVIL, "alt_text": EVIL}},
        {"type": "container", "title": plain(EVIL), "child_blocks": [{"type": "header", "text": plain(EVIL)}]},
        {"type": "plan", "title": EVIL, "tasks": [{"title": EVIL, "sources": [{"url": EVIL, "text": EVIL}]}]},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "text", "text": EVIL},
                        {"type": "link", "url": f"https://{EVIL}", "text": EVIL},
                    ],
                },
            ],
        },
        {
            "type": "table",
            "rows": [[{"type": "raw_text", "text": EVIL}]],
            "column_settings": [{"align": EVIL}],
        },
    ],
)
def test_nothing_in_a_block_becomes_markup(block):
    assert "<script" not in draw(block, errors={"b1": EVIL})


def test_rich_text_is_rendered_with_its_styles_and_lists():
    words = {"type": "text", "text": "first", "style": {"bold": True, "italic": True}}
    entry = {"type": "rich_text_section", "elements": [words, {"type": "user", "user_id": "U1"}]}
    html = draw(
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_list", "style": "ordered", "indent": 1, "offset": 2, "elements": [entry]},
                {
                    "type": "rich_text_quote",
                    "elements": [
                        {"type": "emoji", "name": "tada"},
                        {"type": "emoji", "name": "own", "unicode": "1f1eb-1f1f7", "style": {"underline": True}},
                        {"type": "emoji", "name": "lost", "unicode": "d800"},
                    ],
                },
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a <b>"}]},
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "date", "timestamp": 1796169600, "format": "{date_num}", "fallback": "f"},
                        {"type": "broadcast", "range": "here"},
                        {"type": "color", "value": "#00ff00"},
                        {"type": "link", "url": "javascript:alert(1)", "text": "no"},
                    ],
                },
            ],
        },
    )
    assert '<ol class="indent-1" start="3">' in html
    assert "<strong><em>first</em></strong>" in html
    assert "@Ana Reyes" in html
    assert "<blockquote>" in html
    assert ">🇫🇷</span></u>:lost:" in html
    assert "<pre>a &lt;b&gt;</pre>" in html
    assert "2026-12-01" in html
    assert "@here" in html
    assert 'fill="#00ff00"/></svg>#00ff00' in html
    assert "javascript" not in html


def test_a_table_has_a_head_and_aligned_columns():
    rows = [[{"type": "raw_text", "text": "Agency"}, {"type": "raw_text", "text": "Heard"}]]
    rows.append([{"type": "rich_text", "elements": []}, {"type": "raw_number", "value": 4, "text": "4"}])
    html = draw({"type": "table", "rows": rows, "column_settings": [{"is_wrapped": True}, {"align": "right"}]})
    assert '<th scope="col" class="align-left wrapped">Agency</th>' in html
    assert '<td class="align-right">4' in html
    assert 'tabindex="0" role="region" aria-label="Table: Agency, Heard"' in html


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ({"type": "raw_text", "text": "*as it is*"}, "*as it is*"),
        ({"type": "raw_number", "value": 0}, "0"),
        ({"type": "raw_number", "value": 64.5, "text": "64.5 h"}, "64.5 h"),
        (
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": "U1"}]}],
            },
            '<p><span class="mention">@Ana Reyes</span></p>',
        ),
    ],
)
def test_a_cell_shows_text_a_number_or_rich_text(cell, shown):
    head = {"type": "raw_text", "text": "Head"}
    html = draw({"type": "table", "rows": [[head, head], [cell, head]], "column_settings": [None]})
    assert f'<td class="align-left">{shown}' in html


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("/files/a.png", True),
        ("http://127.0.0.1:8080/a.png", True),
        ("http://localhost/a.png", True),
        ("http://[::1]:80/a.png", True),
        ("https://a.example/a.png", False),
        ("//a.example/a.png", False),
        ("http://127.0.0.1.a.example/a.png", False),
        ("javascript:alert(1)", False),
        ("data:image/svg+xml,x", False),
        (None, False),
    ],
)
def test_only_local_images_are_loaded(url, shown):
    assert bool(local_image_url(url)) is shown
