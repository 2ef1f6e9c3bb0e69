"""Whole messages, modals and home tabs: number of blocks, unique ids, required fields."""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from ..json_values import Json
from .blocks import BLOCKS, SURFACES
from .checks import add_error, any_value, flag, kinds, listing, one_of, record, text
from .elements import ELSEWHERE, INTERACTIVE
from .escaping import as_stored
from .objects import plain_text

MAX_VIEW_BYTES = 250_000

MESSAGE = listing(kinds(BLOCKS, SURFACES["message"]), most=50)

COMMON_FIELDS = {
    "private_metadata": text(3000),
    "callback_id": text(255),
    "external_id": text(255),
    "clear_on_close": flag,
    "notify_on_close": flag,
}
MODAL = record(
    {
        "type": one_of("modal"),
        "title": plain_text(24),
        "blocks": listing(kinds(BLOCKS, SURFACES["modal"]), least=1, most=100),
    },
    {**COMMON_FIELDS, "submit": plain_text(24), "close": plain_text(24)},
)
HOME = record(
    {"type": one_of("home"), "blocks": listing(kinds(BLOCKS, SURFACES["home"]), most=100)},
    # Slack accepts a modal's texts in a home tab, and ignores them.
    {**COMMON_FIELDS, "title": any_value, "submit": any_value, "close": any_value},
)


def elements(block: Json) -> list[Json]:
    """List the elements of a block, wherever it holds them."""
    candidates = [block.get("accessory"), block.get("element")]
    key = {"actions": "elements", "context_actions": "elements", "card": "actions"}.get(str(block.get("type")))
    inner = block.get(key) if key else None
    candidates += inner if isinstance(inner, list) else []
    return [element for element in candidates if isinstance(element, dict)]


NESTED = {"carousel": "elements", "container": "child_blocks"}
"""By type of block: where it holds other blocks."""


def nested_blocks(blocks: list[Json]) -> Iterator[Json]:
    """Iterate over blocks and the blocks inside them: a carousel's cards, a container's children."""
    return (block for _, block in located_blocks(blocks, ""))


def located_blocks(blocks: Any, path: str) -> Iterator[tuple[str, Json]]:
    """Iterate over blocks and the blocks inside them, each with its path; over what is no block not."""
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict):
            where = f"{path}/{index}"
            yield where, block
            key = NESTED.get(str(block.get("type")))
            if key:
                yield from located_blocks(block.get(key), f"{where}/{key}")


def duplicate_ids(blocks: Any, path: str, errors: list[str]) -> None:
    """Require unique block_ids, and unique action_ids within a block."""
    seen: set[str] = set()
    for where, block in located_blocks(blocks, path):
        block_id = block.get("block_id")
        if isinstance(block_id, str) and block_id in seen:
            add_error(errors, f'block_id "{block_id}" already exists', f"{where}/block_id")
        seen.add(str(block_id))
        actions = [element.get("action_id") for element in elements(block)]
        for place, action_id in enumerate(actions):
            if action_id is not None and action_id in actions[:place]:
                add_error(errors, f'action_id "{action_id}" already exists', f"{where}/elements/{place}/action_id")


def duplicate_focus(blocks: Any, path: str, errors: list[str]) -> None:
    """Require at most one element with focus_on_load."""
    asking = [
        where
        for where, block in located_blocks(blocks, path)
        if any(element.get("focus_on_load") is True for element in elements(block))
    ]
    for where in asking[1:]:
        add_error(errors, "only one element may have focus_on_load", where)


def unsupported_elements(blocks: Any, surface: str, path: str, errors: list[str]) -> None:
    """Require all elements to be allowed on this surface."""
    for where, block in located_blocks(blocks, path):
        inner = block.get("elements")
        places = {
            f"elements/{place}": element for place, element in enumerate(inner if isinstance(inner, list) else [])
        }
        places["element"] = block.get("element")
        for place, element in places.items():
            kind = element.get("type") if isinstance(element, dict) else None
            if isinstance(kind, str) and kind in ELSEWHERE[surface]:
                add_error(errors, f"unsupported type: {kind}", f"{where}/{place}/type")


def too_many(blocks: Any, kind: str, most: int, path: str, errors: list[str]) -> None:
    """Require at most a certain number of blocks of a type."""
    matches = [block for block in blocks if isinstance(block, dict) and block.get("type") == kind]
    if len(matches) > most:
        add_error(errors, f"no more than {most} {kind} blocks allowed", path)


def message_errors(blocks: Any) -> list[str]:
    """List the errors in a message's blocks, in Slack's wording."""
    errors: list[str] = []
    MESSAGE(blocks, "/blocks", errors)
    if isinstance(blocks, list):
        duplicate_ids(blocks, "/blocks", errors)
        duplicate_focus(blocks, "/blocks", errors)
        unsupported_elements(blocks, "message", "/blocks", errors)
        too_many(blocks, "data_visualization", 2, "/blocks", errors)
        markdown = [
            block.get("text") for block in blocks if isinstance(block, dict) and block.get("type") == "markdown"
        ]
        if sum(len(words) for words in markdown if isinstance(words, str)) > 12_000:
            add_error(errors, "markdown blocks together must be less than 12001 characters", "/blocks")
    return errors


def table_errors(blocks: Any) -> list[str]:
    """List the error of a second table, which Slack makes attachments of."""
    tables = [block for block in blocks if isinstance(block, dict) and block.get("type") == "table"]
    errors: list[str] = []
    if len(tables) > 1:
        add_error(errors, "only_one_table_allowed", "/blocks")
    return errors


def view_errors(view: Any, kind: str) -> list[str]:
    """List the errors in a view, in Slack's wording."""
    errors: list[str] = []
    (MODAL if kind == "modal" else HOME)(view, "/view", errors)
    blocks = view.get("blocks") if isinstance(view, dict) else None
    if not isinstance(blocks, list):
        return errors
    duplicate_ids(blocks, "/view/blocks", errors)
    duplicate_focus(blocks, "/view/blocks", errors)
    unsupported_elements(blocks, kind, "/view/blocks", errors)
    inputs = [index for index, block in enumerate(blocks) if isinstance(block, dict) and block.get("type") == "input"]
    if kind == "modal" and not view.get("submit"):
        for index in inputs:
            add_error(errors, "must define `submit` to use `input` block", f"/view/blocks/{index}/input")
    return errors


def too_large(view: Any) -> bool:
    """Return whether a view is larger than Slack accepts."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > MAX_VIEW_BYTES


def assign_ids(blocks: list[Json]) -> list[Json]:
    """Copy blocks as they are stored, giving an id to each block and interactive element that has none."""
    done: list[Json] = as_stored(blocks)
    for block in nested_blocks(done):
        if not block.get("block_id"):
            block["block_id"] = secrets.token_urlsafe(4)[:5]
        for element in elements(block):
            if element.get("type") in INTERACTIVE and not element.get("action_id"):
                element["action_id"] = secrets.token_urlsafe(4)[:5]
    return done


def with_defaults(view: Json) -> Json:
    """Fill in what a view leaves out, as Slack does."""
    defaults: Json = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "title": None,
        "submit": None,
        "close": None,
    }
    return {**defaults, **as_stored(view), "blocks": assign_ids(view["blocks"])}
