"""Blocks: which ones exist, what each contains, and on which surfaces it is allowed."""

from typing import Any

from .cards import CARD, CAROUSEL, VIDEO, container, loose
from .charts import DATA_VISUALIZATION
from .checks import (
    Check,
    add_error,
    any_value,
    both,
    flag,
    kinds,
    listing,
    nothing_or,
    number,
    one_of,
    record,
    some_of,
    text,
)
from .elements import ELEMENTS, IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from .objects import ID, SLACK_FILE, URL, one_image_source, plain_text, text_object

BASE: dict[str, Check] = {"block_id": ID}
TYPE: dict[str, Check] = {"type": text()}

RICH_LEAF = kinds(
    {
        "text": record({**TYPE, "text": text(least=1)}, {"style": any_value}),
        "link": record({**TYPE, "url": text(3000, least=1)}, {"text": text(), "unsafe": flag, "style": any_value}),
        "user": record({**TYPE, "user_id": text()}, {"style": any_value}),
        "usergroup": record({**TYPE, "usergroup_id": text()}, {"style": any_value}),
        "channel": record({**TYPE, "channel_id": text()}, {"style": any_value}),
        "team": record({**TYPE, "team_id": text()}, {"style": any_value}),
        "emoji": record({**TYPE, "name": text()}, {"unicode": text(), "skin_tone": number(), "style": any_value}),
        "date": record(
            {**TYPE, "timestamp": number(), "format": text()},
            {"url": text(), "fallback": text(), "style": any_value},
        ),
        "broadcast": record({**TYPE, "range": one_of("here", "channel", "everyone")}, {"style": any_value}),
        "color": record({**TYPE, "value": text()}, {"style": any_value}),
    }
)
RICH_LEAVES = listing(RICH_LEAF, least=1)
RICH_SECTION = record({**TYPE, "elements": RICH_LEAVES})
RICH_LIST_ITEM = kinds({"rich_text_section": RICH_SECTION})
RICH_PART = kinds(
    {
        "rich_text_section": RICH_SECTION,
        "rich_text_list": record(
            {**TYPE, "elements": listing(RICH_LIST_ITEM, least=1), "style": one_of("bullet", "ordered")},
            {"indent": number(0, 8), "offset": number(0), "border": number(0, 1)},
        ),
        "rich_text_preformatted": record(
            {**TYPE, "elements": RICH_LEAVES}, {"border": number(0, 1), "language": text()}
        ),
        "rich_text_quote": record({**TYPE, "elements": RICH_LEAVES}, {"border": number(0, 1)}),
    }
)
RICH_TEXT = record({**TYPE, "elements": listing(RICH_PART, least=1)}, BASE)

CELL = kinds(
    {
        "raw_text": record({**TYPE, "text": text(least=1)}),
        "raw_number": record({**TYPE, "value": number(whole=False)}, {"text": text(least=1)}),
        "rich_text": RICH_TEXT,
    }
)
COLUMN = nothing_or(record({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag}))
IMAGE = ELEMENTS["image"]


def cells_not_too_long(block: Any, path: str, errors: list[str]) -> None:
    """Require all cells of a table together to have at most 10,000 characters."""
    rows = block.get("rows") if isinstance(block, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return
    if sum(_characters(row) for row in rows) > 10_000:
        add_error(errors, "table must be less than 10001 characters", f"{path}/rows")


def _characters(value: Any) -> int:
    if isinstance(value, list):
        return sum(_characters(inner) for inner in value)
    if isinstance(value, dict):
        own = value.get("text")
        return (len(own) if isinstance(own, str) else 0) + _characters(value.get("elements") or [])
    return 0


BLOCKS: dict[str, Check] = {
    "section": both(
        record(
            TYPE,
            {
                **BASE,
                "text": text_object(3000),
                "fields": listing(text_object(2000), least=1, most=10),
                "accessory": IN_SECTION,
                "expand": flag,
            },
        ),
        some_of("text", "fields"),
    ),
    "header": record({**TYPE, "text": plain_text(150)}, BASE),
    "divider": record(TYPE, BASE),
    "context": record(
        {
            **TYPE,
            "elements": listing(
                kinds({"image": IMAGE, "plain_text": text_object(3000), "mrkdwn": text_object(3000)}),
                least=1,
                most=10,
            ),
        },
        BASE,
    ),
    "actions": record({**TYPE, "elements": listing(IN_ACTIONS, least=1, most=25)}, BASE),
    "context_actions": record({**TYPE, "elements": listing(IN_CONTEXT_ACTIONS, least=1, most=5)}, BASE),
    "input": record(
        {**TYPE, "label": plain_text(2000), "element": IN_INPUT},
        {**BASE, "hint": plain_text(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": both(
        record(
            {**TYPE, "alt_text": text(2000)},
            {**BASE, "image_url": URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        ),
        one_image_source,
    ),
    "rich_text": RICH_TEXT,
    "table": both(
        record(
            {**TYPE, "rows": listing(listing(CELL, least=1, most=20), least=1, most=100)},
            {**BASE, "column_settings": listing(COLUMN, most=20)},
        ),
        cells_not_too_long,
    ),
    "markdown": record({**TYPE, "text": text(12_000, least=1)}, BASE),
    "alert": record(
        {**TYPE, "text": text_object(200)},
        {**BASE, "level": one_of("default", "info", "warning", "error", "success")},
    ),
    "video": VIDEO,
    "file": loose("external_id", "source"),
    "card": CARD,
    "carousel": CAROUSEL,
    "plan": loose("title"),
    "task_card": loose("task_id", "title"),
    "data_visualization": DATA_VISUALIZATION,
}

IN_CONTAINER = {"actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table"}
BLOCKS["container"] = container(kinds(dict(BLOCKS), IN_CONTAINER | {"video"}))

EVERYWHERE = frozenset({"section", "header", "divider", "context", "actions", "input", "image", "rich_text", "video"})
SURFACES: dict[str, frozenset[str]] = {
    "message": EVERYWHERE
    | {
        "context_actions",
        "table",
        "markdown",
        "file",
        "card",
        "carousel",
        "container",
        "plan",
        "task_card",
        "data_visualization",
    },
    "modal": EVERYWHERE | {"alert", "card"},
    "home": EVERYWHERE | {"card", "table"},
}
