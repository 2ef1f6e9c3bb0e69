"""What Slack's own client checks in a form before it sends anything."""

import re
from collections.abc import Callable
from typing import Any

from ..blockkit.input_state import FIELDS, State, is_empty
from ..blockkit.surfaces import elements
from ..errors import ControlError
from ..json_values import Json

NUMBER = re.compile(r"-?\d+")
DECIMAL = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")


def bare(label: str) -> str:
    """Normalize a label for comparison: no case, outer spaces or "(optional)"."""
    return re.sub(r"\s*\(optional\)\s*$", "", label.strip().lower()).strip()


def find_field(blocks: list[Json], key: str) -> tuple[Json, Json]:
    """Find the element that a key names: by block_id, by action_id, or by its block's label."""
    holding = [(block, element) for block in blocks for element in elements(block) if element.get("type") in FIELDS]
    for block, element in holding:
        if key == block["block_id"]:
            return block, element
    for block, element in holding:
        if key == element["action_id"]:
            return block, element
    for block, element in holding:
        if block["type"] == "input" and bare(block["label"]["text"]) == bare(key):
            return block, element
    labels = [repr(block["label"]["text"]) for block, _ in holding if block["type"] == "input"]
    keys = ", ".join(labels) or "no fields"
    raise ControlError(f"values: there is no field {key!r}; there is {keys}")


def fill_form(blocks: list[Json], state: State, values: Any, choose: Callable[[Json, Json, Any], Json]) -> None:
    """Fill in a form; change nothing if a key or a value does not fit."""
    if not isinstance(values, dict):
        raise ControlError("values: give an object of fields and values")
    entries = []
    for key, value in values.items():
        block, element = find_field(blocks, key)
        try:
            entries.append((block["block_id"], element["action_id"], choose(block, element, value)))
        except ControlError as problem:
            raise ControlError(f"values: {key}: {problem.sentence.removeprefix('value: ')}") from problem
    for block_id, action_id, entry in entries:
        state.setdefault(block_id, {})[action_id] = entry


def validate_form(blocks: list[Json], state: State) -> dict[str, str]:
    """Return the errors that the client shows at the fields instead of submitting the form."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = state[block["block_id"]][element["action_id"]]
        if is_empty(entry):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
            continue
        error = _error(element, entry[FIELDS[element["type"]][0]])
        if error is not None:
            errors[block["block_id"]] = error
    return errors


def _error(element: Json, value: Any) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        return _wrong_length(element, value)
    if kind == "number_input":
        return _wrong_number(element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"https?://[^\s/$.?#][^\s]*", value):
        return "Please enter a valid URL."
    return None


def _wrong_length(element: Json, value: str) -> str | None:
    least, most = element.get("min_length") or 0, element.get("max_length") or 3000
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return None


def _wrong_number(element: Json, value: str) -> str | None:
    decimal = element.get("is_decimal_allowed")
    if not (DECIMAL if decimal else NUMBER).fullmatch(value.strip()):
        return "Please enter a valid number." if decimal else "Please enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Please enter a number of at least {least}."
    if most is not None and float(value) > float(most):
        return f"Please enter a number of at most {most}."
    return None
