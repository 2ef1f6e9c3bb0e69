"""The building blocks of Block Kit's tables: each function makes a check of one value.

A check reports each error as Slack does, with the JSON pointer of the offending field.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

Check = Callable[[Any, str, list[str]], None]


def add_error(errors: list[str], sentence: str, path: str) -> None:
    """Add an error in Slack's wording."""
    errors.append(f"[ERROR] {sentence} [json-pointer:{path}]")


def text(most: int | None = None, *, least: int = 0, pattern: str | None = None, what: str = "") -> Check:
    """Require a string of a certain length, optionally matching a pattern."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        if not isinstance(value, str):
            add_error(errors, "must be a string", path)
        elif most is not None and len(value) > most:
            add_error(errors, f"must be less than {most + 1} characters", path)
        elif len(value) < least:
            add_error(errors, f"must be more than {least - 1} characters", path)
        elif pattern is not None and not re.fullmatch(pattern, value):
            add_error(errors, f"must be {what}", path)

    return check


def flag(value: Any, path: str, errors: list[str]) -> None:
    """Require true or false."""
    if not isinstance(value, bool):
        add_error(errors, "must be a boolean", path)


def any_value(_value: Any, _path: str, _faults: list[str]) -> None:
    """Accept any value."""


def nothing_or(inner: Check) -> Check:
    """Accept null, or what passes a check."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        if value is not None:
            inner(value, path, errors)

    return check


def number(
    least: float | None = None, most: float | None = None, *, whole: bool = True, above: float | None = None
) -> Check:
    """Require a number within bounds: at least `least`, at most `most`, more than `above`."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            add_error(errors, "must be an integer" if whole else "must be a number", path)
        elif least is not None and value < least:
            add_error(errors, f"must be at least {least}", path)
        elif most is not None and value > most:
            add_error(errors, f"must be at most {most}", path)
        elif above is not None and value <= above:
            add_error(errors, f"must be more than {above}", path)

    return check


def one_of(*allowed: str) -> Check:
    """Require one of a few strings."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        if value not in allowed:
            add_error(errors, f"must be one of {', '.join(allowed)}", path)

    return check


def listing(each: Check, *, most: int | None = None, least: int = 0) -> Check:
    """Require a list of a certain length whose items pass a check."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        if not isinstance(value, list):
            add_error(errors, "must be an array", path)
            return
        if most is not None and len(value) > most:
            add_error(errors, f"no more than {most} items allowed", path)
        if len(value) < least:
            add_error(errors, f"no less than {least} items allowed", path)
        for index, item in enumerate(value):
            each(item, f"{path}/{index}", errors)

    return check


def record(needed: Mapping[str, Check], may: Mapping[str, Check] | None = None) -> Check:
    """Require an object with the given fields, optional other fields, and nothing else."""
    allowed = {**needed, **(may or {})}

    def check(value: Any, path: str, errors: list[str]) -> None:
        if not isinstance(value, dict):
            add_error(errors, "must be an object", path)
            return
        for name in needed:
            if value.get(name) is None:
                add_error(errors, f"missing required field: {name}", path)
        for name, inner in value.items():
            if name not in allowed:
                add_error(errors, f"invalid additional property: {name}", path)
            elif inner is not None:
                allowed[name](inner, f"{path}/{name}", errors)

    return check


def kinds(table: Mapping[str, Check], only: Collection[str] | None = None) -> Check:
    """Require an object whose `type` is in a table and that passes that type's check."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict):
            add_error(errors, "must be an object", path)
        elif kind is None:
            add_error(errors, "missing required field: type", path)
        elif not isinstance(kind, str) or kind not in table or (only is not None and kind not in only):
            add_error(errors, f"unsupported type: {kind}", f"{path}/type")
        else:
            table[kind](value, path, errors)

    return check


def both(*checks: Check) -> Check:
    """Require a value to pass several checks."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        for one in checks:
            one(value, path, errors)

    return check


def some_of(*names: str) -> Check:
    """Require at least one of several fields."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        if isinstance(value, dict) and all(value.get(name) is None for name in names):
            add_error(errors, f"must have at least one of: {', '.join(names)}", path)

    return check


def exactly_one_of(*names: str) -> Check:
    """Require exactly one of several fields."""

    def check(value: Any, path: str, errors: list[str]) -> None:
        if isinstance(value, dict) and sum(value.get(name) is not None for name in names) != 1:
            add_error(errors, f"must have exactly one of: {', '.join(names)}", path)

    return check
