"""Messages and forms: slack_sdk's models, checked against Slack's limits before they are queued."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
    TableBlock,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement, InteractiveElement
from slack_sdk.models.views import View

from handlers.kit.text import cut, cut_escaped

MESSAGE_BLOCKS = 50
MESSAGE_CHARACTERS = 13_000
"""Above this Slack refuses a message's blocks, whatever their number."""

PIECE = "matter"
"""How the blocks of one matter are named in a message that holds several: `matter0.1`."""


@dataclass(frozen=True)
class Piece:
    """One matter as a person reads it, in a message of its own or together with others.

    `text` is a whole sentence, for notifications and screen readers.
    """

    text: str
    blocks: Sequence[Block]


def size(blocks: Sequence[Block]) -> int:
    """Return the size of blocks in a message, in characters of JSON, as Slack counts it."""
    return sum(len(json.dumps(block.to_dict(), ensure_ascii=False)) for block in blocks)


def message(text: str, blocks: Sequence[Block] = (), **more: Any) -> dict[str, Any]:
    """Make the body of a message: `text` is a whole sentence, for notifications and screen readers.

    Raises ValueError where Slack would refuse it: too long a list has to be paged before it comes here.
    """
    drawn = [block.to_dict() for block in blocks]
    if len(drawn) > MESSAGE_BLOCKS or len(json.dumps(drawn, ensure_ascii=False)) > MESSAGE_CHARACTERS:
        raise ValueError("a message is too long for Slack")
    body: dict[str, Any] = {"text": cut(text, 3000), "unfurl_links": False, "unfurl_media": False, **more}
    if drawn:
        body["blocks"] = drawn
    return body


def button(
    label: str,
    action: str,
    value: str = "",
    *,
    style: str | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """Make a button; `value` comes back with the press."""
    return ButtonElement(text=plain(label), action_id=action, value=value or None, style=style, confirm=confirm)


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> ConfirmObject:
    """Ask once more before something that cannot be undone."""
    return ConfirmObject(title=plain(title, 100), text=plain(text, 300), confirm=plain(yes, 30), deny=plain(no, 30))


def row(*elements: InteractiveElement | None, block_id: str | None = None) -> ActionsBlock:
    """Put buttons and menus side by side."""
    return ActionsBlock(elements=[element for element in elements if element], block_id=block_id)


def choice(label: str, value: str, description: str | None = None) -> Option:
    """Make one option of a menu."""
    return Option(text=plain(label), value=value, description=plain(description, 75) if description else None)


def menu(
    action: str, options: Sequence[Option], *, initial: str | None = None, placeholder: str = "Choose"
) -> StaticSelectElement:
    """Make a menu with at most a hundred options."""
    chosen = next((option for option in options if option.value == initial), None)
    return StaticSelectElement(
        action_id=action, options=list(options), initial_option=chosen, placeholder=plain(placeholder, 150)
    )


def overflow(action: str, options: Sequence[Option]) -> OverflowMenuElement | None:
    """Make the menu behind three dots, or nothing where it would be empty."""
    return OverflowMenuElement(action_id=action, options=list(options)) if options else None


def field(
    block_id: str,
    label: str,
    element: InputInteractiveElement,
    *,
    optional: bool = False,
    hint: str | None = None,
) -> InputBlock:
    """Make one question of a form."""
    return InputBlock(
        block_id=block_id,
        label=plain(label, 2000),
        element=element,
        optional=optional,
        hint=plain(hint, 2000) if hint else None,
    )


def words(
    *, initial: str = "", most: int = 3000, long: bool = False, placeholder: str | None = None
) -> PlainTextInputElement:
    """Make a field to write in."""
    return PlainTextInputElement(
        action_id="value",
        initial_value=initial or None,
        max_length=most,
        multiline=long,
        placeholder=plain(placeholder, 150) if placeholder else None,
    )


def form(
    title: str,
    callback: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = "Save",
    close: str = "Cancel",
    carry: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Make a form; `carry` comes back with it."""
    view = View(
        type="modal",
        title=plain(title, 24),
        callback_id=callback,
        blocks=list(blocks),
        submit=plain(submit, 24) if submit else None,
        close=plain(close, 24),
        private_metadata=carried(carry or {}),
    )
    return view.to_dict()


def carried(carry: Mapping[str, Any]) -> str:
    """Write what a form carries along."""
    return json.dumps(carry, separators=(",", ":"))


def notice(title: str, blocks: Sequence[Block]) -> dict[str, Any]:
    """Make a form that only says something."""
    return form(title, "notice", blocks, submit=None, close="Close")


def without(blocks: Sequence[dict[str, Any]], block_id: str, said: Sequence[Block]) -> list[dict[str, Any]] | None:
    """Put what was done in place of the matter to which a block belongs; None where the message is one matter."""
    matter, dot, _ = block_id.partition(".")
    if not (dot and matter.startswith(PIECE)):
        return None
    mine = [n for n, block in enumerate(blocks) if str(block.get("block_id", "")).startswith(f"{matter}.")]
    if not mine:
        return None
    kept = [{**block.to_dict(), "block_id": f"{matter}.{n}"} for n, block in enumerate(said)]
    return [*blocks[: mine[0]], *kept, *(block for n, block in enumerate(blocks) if n > mine[0] and n not in mine)]


def said_beneath(blocks: Sequence[Mapping[str, Any]], name: str, text: str) -> list[dict[str, Any]]:
    """Give the blocks of a message with a sentence beneath the text of one of them, by its name, and no button."""
    made = [dict(block) for block in blocks]
    for block in made:
        if block.get("block_id") == name and block.get("type") == "section":
            block.pop("accessory", None)
            block["text"] = {**block["text"], "text": cut(f"{block['text']['text']}\n{text}", SECTION)}
    return made


class Chart(Block):
    """Slack's `data_visualization` block, for which slack_sdk has no model yet. Only for messages."""

    type = "data_visualization"

    def __init__(self, title: str, chart: dict[str, Any]) -> None:
        super().__init__(type=self.type)
        self.title = title
        self.chart = chart

    def to_dict(self) -> dict[str, Any]:
        """Give what Slack wants to read."""
        return {"type": self.type, "title": self.title, "chart": self.chart}


def line_chart(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Chart:
    """Draw at most six lines over at most twenty labels."""
    return _chart("line", title, labels, series)


def bar_chart(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Chart:
    """Draw at most six bars for each of at most twenty labels."""
    return _chart("bar", title, labels, series)


def _chart(kind: str, title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Chart:
    drawn = [
        {
            "name": cut(name, 20),
            "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)],
        }
        for name, values in series.items()
    ]
    chart = {"type": kind, "series": drawn, "axis_config": {"categories": list(labels)}}
    return Chart(cut(title, 50), chart)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> TableBlock:
    """Draw a table; its cells are plain text. Only for messages and the home tab."""
    cells = [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in (head, *rows)]
    return TableBlock(rows=cells)


SECTION = 3000
"""Slack's limit for the text of a section, in characters."""


def _mrkdwn(text: str, limit: int) -> MarkdownTextObject:
    return MarkdownTextObject(text=cut_escaped(text, limit), verbatim=True)


def section(text: str, **more: object) -> SectionBlock:
    """Make a section of mrkdwn that turns nothing typed into a mention."""
    return SectionBlock(text=_mrkdwn(text, SECTION), **more)  # type: ignore[arg-type]


def context(*texts: str) -> ContextBlock:
    """Make a line of small print."""
    return ContextBlock(elements=[_mrkdwn(text, 2000) for text in texts[:10]])


def divider() -> DividerBlock:
    """Make a line."""
    return DividerBlock()


def plain(text: str, limit: int = 75) -> PlainTextObject:
    """Make text in which nothing is formatted."""
    return PlainTextObject(text=cut(text, limit) or " ", emoji=False)


def chunks(texts: Sequence[str], size: int = 2800) -> list[SectionBlock]:
    """Put many lines into as few sections as Slack's limit allows."""
    made: list[SectionBlock] = []
    held = ""
    for text in texts:
        if held and len(held) + len(text) + 1 > size:
            made.append(section(held))
            held = ""
        held = f"{held}\n{text}" if held else text
    return [*made, section(held)] if held else made


_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}
"""For each kind of field what holds its value, and what holds the value with which it begins."""


def refill(view: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Fill a form with what stood in the one before it, where a field has the same name."""
    state = (before.get("state") or {}).get("values") or {}
    for block in view["blocks"]:
        element = block.get("element") or {}
        held = next(iter((state.get(block.get("block_id")) or {}).values()), None)
        if held is None or element.get("type") not in _FIELDS or held.get("type") != element["type"]:
            continue
        value, initial = _FIELDS[element["type"]]
        element.pop(initial, None)
        if held.get(value):
            element[initial] = held[value]
    return view
