"""Blocks that contain an image, a video or other blocks: cards, carousels, containers and videos."""

from typing import Any

from .checks import Check, add_error, any_value, both, flag, kinds, listing, one_of, record, some_of, text
from .elements import ELEMENTS
from .objects import ID, URL, plain_text, text_object

BASE: dict[str, Check] = {"block_id": ID}
TYPE: dict[str, Check] = {"type": text()}
IMAGE = kinds(ELEMENTS, {"image"})


def loose(*needed: str) -> Check:
    """Check only the required fields of a rarely used block."""

    def check(block: Any, path: str, errors: list[str]) -> None:
        if not isinstance(block, dict):
            return
        for name in needed:
            if not block.get(name):
                add_error(errors, f"missing required field: {name}", path)
        ID(block.get("block_id", "x"), f"{path}/block_id", errors)

    return check


CARD = both(
    record(
        TYPE,
        {
            **BASE,
            "hero_image": IMAGE,
            "icon": IMAGE,
            "slack_icon": record({**TYPE, "name": text(least=1)}),
            "title": text_object(150),
            "subtitle": text_object(150),
            "body": text_object(200),
            "subtext": text_object(200),
            "actions": listing(kinds(ELEMENTS, {"button"}), least=1, most=3),
        },
    ),
    some_of("hero_image", "title", "actions", "body"),
)
CAROUSEL = record({**TYPE, "elements": listing(kinds({"card": CARD}), least=1, most=10)}, BASE)

VIDEO = record(
    {**TYPE, "title": plain_text(200), "alt_text": text(200, least=1), "video_url": URL, "thumbnail_url": URL},
    {
        **BASE,
        "title_url": URL,
        "description": plain_text(200),
        "author_name": text(50),
        "provider_name": text(50),
        "provider_icon_url": URL,
    },
)


def container(inside: Check) -> Check:
    """Require a title and up to ten blocks of the kinds allowed inside a container."""
    shape = record(
        {**TYPE, "child_blocks": listing(inside, least=1, most=10)},
        {
            **BASE,
            "title": plain_text(150),
            "rich_text_title": any_value,
            "subtitle": text_object(150),
            "icon": IMAGE,
            "width": one_of("narrow", "standard", "wide", "full"),
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
    )
    return both(shape, some_of("title", "rich_text_title"))
