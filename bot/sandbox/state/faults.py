"""Injected faults, each for a number of calls of one method."""

import re
from dataclasses import dataclass

from ..errors import ControlError

RESPONSE_URL = "response_url"
"""Stands for the answers at response URLs, which are no method."""

KINDS = ("drop_request", "drop_reply", "500", "429", "html", "empty")
"""The faults that are not errors of Slack's."""

ERROR_NAME = re.compile(r"ratelimited|accesslimited|[a-z]+(_[a-z0-9]+)+")
"""How Slack names an error: all names but two have an underscore."""


@dataclass
class Fault:
    """One kind of fault, for the next `times` calls: one of `KINDS`, or the name of an error."""

    kind: str
    times: int
    retry_after: int = 30


class Faults:
    """Keep the injected faults, and hand out each as often as requested."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}

    def add(self, method: object, kind: object, times: object, retry_after: object) -> None:
        """Inject a fault."""
        if not isinstance(method, str) or ("." not in method and method != RESPONSE_URL):
            raise ControlError(f"method: {method!r} is not a method such as chat.postMessage")
        if not isinstance(kind, str) or not (kind in KINDS or ERROR_NAME.fullmatch(kind)):
            raise ControlError(f"fault: {kind!r} is not one of {', '.join(KINDS)}, or an error such as is_archived")
        for name, number in (("times", times), ("retry_after", retry_after)):
            if not isinstance(number, int) or isinstance(number, bool) or number < 1:
                raise ControlError(f"{name}: {number!r} is not a whole number of at least 1")
        assert isinstance(times, int)  # noqa: S101 - checked in the loop, for mypy
        assert isinstance(retry_after, int)  # noqa: S101
        self._waiting.setdefault(method, []).append(Fault(kind, times, retry_after))

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call, if any."""
        waiting = self._waiting.get(method)
        if not waiting:
            return None
        fault = waiting[0]
        fault.times -= 1
        if fault.times == 0:
            waiting.pop(0)
        return fault

    def clear(self) -> None:
        """Forget all faults that have not happened yet."""
        self._waiting.clear()
