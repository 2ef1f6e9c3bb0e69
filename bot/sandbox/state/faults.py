"""Injected faults, each for a number of calls of one method."""

from dataclasses import dataclass

from ..errors import ControlError

REFUSALS = ("invalid_blocks", "invalid_attachments", "not_in_channel", "channel_not_found", "is_archived")
"""Slack's errors for a block too new for a workspace, or a channel that was closed to the app meanwhile."""

RESPONSE_URL = "response_url"
"""Stands for the answers at response URLs, which can be refused and nothing else."""

KINDS = ("drop_request", "drop_reply", "500", "429", *REFUSALS)


@dataclass
class Fault:
    """One kind of fault, for the next `times` calls."""

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
        kinds = REFUSALS if method == RESPONSE_URL else KINDS
        if str(kind) not in kinds:
            raise ControlError(f"fault: {kind!r} is not one of {', '.join(kinds)}")
        for name, number in (("times", times), ("retry_after", retry_after)):
            if not isinstance(number, int) or isinstance(number, bool) or number < 1:
                raise ControlError(f"{name}: {number!r} is not a whole number of at least 1")
        assert isinstance(times, int)  # noqa: S101 - checked in the loop, for mypy
        assert isinstance(retry_after, int)  # noqa: S101
        self._waiting.setdefault(method, []).append(Fault(str(kind), times, retry_after))

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
