"""Build messages and forms from slack_sdk's models, and check them against Slack's limits before they are queued."""

import html
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
    ConversationFilter,
    ConversationSelectElement,
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

from handlers.kit.text import truncate, truncate_escaped
from storage.vocabulary import Language

BUTTON_VALUE = 2000
"""How many characters the value of a button has at most."""

LABEL_CHARACTERS = 75
"""The most characters of a button or of an option in a menu."""

MESSAGE_BLOCKS = 50
FORM_BLOCKS = 100
MESSAGE_TABLES = 1
MESSAGE_CHARACTERS = 13_000
"""Slack refuses a message whose blocks have more characters of JSON, whatever their number."""

PART_PREFIX = "matter"
"""Prefix of the block ids of one part in a message that combines several parts: `matter0.1`."""


@dataclass(frozen=True)
class MessagePart:
    """Content of a message, sent alone or combined with other parts.

    `text` is a whole sentence, for notifications and screen readers.
    """

    text: str
    blocks: Sequence[Block]


def json_size(blocks: Sequence[Block]) -> int:
    """Return the size of blocks in characters of JSON, as Slack counts it."""
    return sum(len(json.dumps(block.to_dict(), ensure_ascii=False)) for block in blocks)


def message(text: str, blocks: Sequence[Block] = (), **more: Any) -> dict[str, Any]:
    """Build the body of a message. `text` is a whole sentence, for notifications and screen readers.

    Raise ValueError where Slack would refuse the message: page long lists before calling this.
    """
    rendered = [block.to_dict() for block in blocks]
    if sum(block.get("type") == "table" for block in rendered) > MESSAGE_TABLES:
        raise ValueError("a message has more tables than Slack accepts")
    if len(rendered) > MESSAGE_BLOCKS or len(json.dumps(rendered, ensure_ascii=False)) > MESSAGE_CHARACTERS:
        raise ValueError("a message is too long for Slack")
    body: dict[str, Any] = {"text": truncate(text, 3000), "unfurl_links": False, "unfurl_media": False, **more}
    if rendered:
        body["blocks"] = rendered
    return body


def words_of(blocks: Sequence[Block]) -> str:
    """Return what the sections of a message say, for where Slack refuses its blocks."""
    sections = (block.text for block in blocks if isinstance(block, SectionBlock))
    return "\n\n".join(text.text for text in sections if text is not None and text.text)


def button(
    label: str,
    action: str,
    value: str = "",
    *,
    style: str | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """Build a button. Slack returns `value` with the press."""
    return ButtonElement(text=plain_text(label), action_id=action, value=value or None, style=style, confirm=confirm)


def confirm_dialog(title: str, text: str, yes: str, no: str = "Cancel") -> ConfirmObject:
    """Build the confirmation dialog of an action that cannot be undone."""
    return ConfirmObject(
        title=plain_text(title, 100), text=plain_text(text, 300), confirm=plain_text(yes, 30), deny=plain_text(no, 30)
    )


def actions(*elements: InteractiveElement | None, block_id: str | None = None) -> ActionsBlock:
    """Build a row of buttons and menus."""
    return ActionsBlock(elements=[element for element in elements if element], block_id=block_id)


def option(label: str, value: str, description: str | None = None) -> Option:
    """Build one option of a menu."""
    return Option(text=plain_text(label), value=value, description=plain_text(description, 75) if description else None)


def static_select(
    action: str, options: Sequence[Option], *, initial: str | None = None, placeholder: str = "Choose"
) -> StaticSelectElement:
    """Build a select menu with at most 100 options."""
    selected = next((option for option in options if option.value == initial), None)
    return StaticSelectElement(
        action_id=action, options=list(options), initial_option=selected, placeholder=plain_text(placeholder, 150)
    )


def overflow_menu(action: str, options: Sequence[Option]) -> OverflowMenuElement | None:
    """Build the overflow menu (three dots). Return None if there are no options."""
    return OverflowMenuElement(action_id=action, options=list(options)) if options else None


def input_block(
    block_id: str,
    label: str,
    element: InputInteractiveElement,
    *,
    optional: bool = False,
    hint: str | None = None,
) -> InputBlock:
    """Build one input of a form."""
    return InputBlock(
        block_id=block_id,
        label=plain_text(label, 2000),
        element=element,
        optional=optional,
        hint=plain_text(hint, 2000) if hint else None,
    )


def channel_select(initial: str = "") -> ConversationSelectElement:
    """Build a menu of the channels that the person can see."""
    return ConversationSelectElement(
        action_id="value",
        initial_conversation=initial or None,
        filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
        placeholder=plain_text("Choose"),
    )


def channel_field(hint: str) -> InputBlock:
    """Build the field of a form that was opened where there is no channel, such as the home tab."""
    return input_block("channel", "Channel", channel_select(), hint=hint)


def text_input(
    *, initial: str = "", most: int = 3000, long: bool = False, placeholder: str | None = None
) -> PlainTextInputElement:
    """Build a text input."""
    return PlainTextInputElement(
        action_id="value",
        initial_value=initial or None,
        max_length=most,
        multiline=long,
        placeholder=plain_text(placeholder, 150) if placeholder else None,
    )


def form(
    title: str,
    callback: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = "Save",
    close: str = "Cancel",
    metadata: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Build a form (a modal view). Slack returns `metadata` with its submission."""
    view = View(
        type="modal",
        title=plain_text(title, 24),
        callback_id=callback,
        blocks=list(blocks),
        submit=plain_text(submit, 24) if submit else None,
        close=plain_text(close, 24),
        private_metadata=private_metadata(metadata or {}),
    )
    return view.to_dict()


def private_metadata(metadata: Mapping[str, Any]) -> str:
    """Encode the `private_metadata` of a form."""
    return json.dumps(metadata, separators=(",", ":"))


_CLOSE = {Language.ENGLISH: "Close", Language.SPANISH: "Cerrar"}


def info_form(title: str, blocks: Sequence[Block], language: Language = Language.ENGLISH) -> dict[str, Any]:
    """Build a form that only shows a text, which is in `language`."""
    return form(title, "notice", blocks, submit=None, close=_CLOSE[language])


def replace_part(
    blocks: Sequence[dict[str, Any]], block_id: str, replacement: Sequence[Block]
) -> list[dict[str, Any]] | None:
    """Replace the part to which a block belongs. Return None if the message does not combine several parts."""
    part, dot, _ = block_id.partition(".")
    if not (dot and part.startswith(PART_PREFIX)):
        return None
    replaced = [n for n, block in enumerate(blocks) if str(block.get("block_id", "")).startswith(f"{part}.")]
    if not replaced:
        return None
    first = replaced[0]
    new = [{**block.to_dict(), "block_id": f"{part}.{n}"} for n, block in enumerate(replacement)]
    return [*blocks[:first], *new, *(block for n, block in enumerate(blocks) if n > first and n not in replaced)]


def restore_plain_texts(returned: Any) -> Any:
    """Return blocks as they were sent. Slack returns plain texts escaped, so that a label can exceed its limit."""
    if isinstance(returned, list):
        return [restore_plain_texts(inner) for inner in returned]
    if not isinstance(returned, dict):
        return returned
    restored = {key: restore_plain_texts(inner) for key, inner in returned.items()}
    if restored.get("type") == "plain_text":
        restored["text"] = html.unescape(restored["text"])
    return restored


def append_to_section(blocks: Sequence[Mapping[str, Any]], block_id: str, text: str) -> list[dict[str, Any]]:
    """Return the blocks with a line of text appended to one section, whose button is removed."""
    changed = [dict(block) for block in blocks]
    for block in changed:
        if block.get("block_id") == block_id and block.get("type") == "section":
            block.pop("accessory", None)
            block["text"] = {**block["text"], "text": truncate(f"{block['text']['text']}\n{text}", SECTION_CHARACTERS)}
    return changed


class Chart(Block):
    """Slack's `data_visualization` block, which slack_sdk does not model yet. Only messages can contain it."""

    type = "data_visualization"

    def __init__(self, title: str, chart: dict[str, Any]) -> None:
        super().__init__(type=self.type)
        self.title = title
        self.chart = chart

    def to_dict(self) -> dict[str, Any]:
        """Return the block as Slack reads it."""
        return {"type": self.type, "title": self.title, "chart": self.chart}


def line_chart(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Chart:
    """Build a chart of at most six lines over at most 20 labels."""
    return _chart("line", title, labels, series)


def bar_chart(title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Chart:
    """Build a chart of at most six bars for each of at most 20 labels."""
    return _chart("bar", title, labels, series)


def _chart(kind: str, title: str, labels: Sequence[str], series: Mapping[str, Sequence[float]]) -> Chart:
    chart_series = [
        {
            "name": truncate(name, 20),
            "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)],
        }
        for name, values in series.items()
    ]
    chart = {"type": kind, "series": chart_series, "axis_config": {"categories": list(labels)}}
    return Chart(truncate(title, 50), chart)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> TableBlock:
    """Build a table of plain text. Only messages and the home tab can contain it."""
    cells = [[{"type": "raw_text", "text": cell or " "} for cell in row] for row in (head, *rows)]
    return TableBlock(rows=cells)


SECTION_CHARACTERS = 3000
"""Slack's limit for the text of a section, in characters."""


def _mrkdwn(text: str, limit: int) -> MarkdownTextObject:
    return MarkdownTextObject(text=truncate_escaped(text, limit), verbatim=True)


def section(text: str, **more: object) -> SectionBlock:
    """Build a section of mrkdwn in which typed text never becomes a mention."""
    return SectionBlock(text=_mrkdwn(text, SECTION_CHARACTERS), **more)  # type: ignore[arg-type]


def context(*texts: str) -> ContextBlock:
    """Build a line of small print."""
    return ContextBlock(elements=[_mrkdwn(text, 2000) for text in texts[:10]])


def divider() -> DividerBlock:
    """Build a horizontal line."""
    return DividerBlock()


def plain_text(text: str, limit: int = LABEL_CHARACTERS) -> PlainTextObject:
    """Build plain text, in which Slack formats nothing."""
    return PlainTextObject(text=truncate(text, limit) or " ", emoji=False)


def text_sections(texts: Sequence[str], size: int = 2800) -> list[SectionBlock]:
    """Join lines into as few sections as Slack's limit allows."""
    sections: list[SectionBlock] = []
    joined = ""
    for text in texts:
        if joined and len(joined) + len(text) + 1 > size:
            sections.append(section(joined))
            joined = ""
        joined = f"{joined}\n{text}" if joined else text
    return [*sections, section(joined)] if joined else sections


_INPUTS = {
    "plain_text_input": ("value", "initial_value"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}
"""Maps each type of input to the key of its value in the view's state and to the key of its initial value."""


def copy_input_values(view: dict[str, Any], previous: dict[str, Any]) -> dict[str, Any]:
    """Copy the values of the previous form into the inputs with the same block id."""
    state = (previous.get("state") or {}).get("values") or {}
    for block in view["blocks"]:
        element = block.get("element") or {}
        submitted = next(iter((state.get(block.get("block_id")) or {}).values()), None)
        if submitted is None or element.get("type") not in _INPUTS or submitted.get("type") != element["type"]:
            continue
        value, initial = _INPUTS[element["type"]]
        element.pop(initial, None)
        entered = submitted.get(value)
        if "options" in element:
            entered = _own_options(element["options"], entered)
        if entered:
            element[initial] = entered
    return view


def _own_options(options: Sequence[dict[str, Any]], chosen: Any) -> Any:
    """Return the options that were chosen, as the input has them: Slack returns their texts escaped."""
    if isinstance(chosen, list):
        values = [option["value"] for option in chosen]
        return [option for option in options if option["value"] in values]
    return next((option for option in options if chosen and option["value"] == chosen["value"]), None)
