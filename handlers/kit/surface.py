"""What features register: a table from id to function."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from slack_bolt import Ack, App

from handlers.kit.deps import Deps
from handlers.kit.refusals import Refusal, Repeat
from handlers.kit.slack_request import SlackRequest

Listener = Callable[[SlackRequest], None]
Where = Literal["message", "global"]

_ANY = re.compile("")


@dataclass
class Surface:
    """Everything that Slack may send us, gathered from the features.

    The app manifest is made from it, so it cannot say anything else than the code.
    """

    app: App
    deps: Deps
    commands: dict[str, tuple[str, str]] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
    presses: dict[str, Listener] = field(default_factory=dict)
    submissions: dict[str, Listener] = field(default_factory=dict)
    shortcuts: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take all presses and forms in one place: to try listener after listener costs as much as a query."""
        self.app.action(_ANY)(self._wrap(self._press))
        self.app.view(_ANY)(self._wrap(self._submit))

    def _press(self, request: SlackRequest) -> None:
        name = str(request.action["action_id"])
        listener = self.presses.get(name) or self.presses.get(name.rpartition(".")[0] + ".*")
        if listener is None:
            raise Refusal("This button belongs to an earlier time and does nothing any more. Nothing has changed.")
        listener(request)

    def _submit(self, request: SlackRequest) -> None:
        listener = self.submissions.get(request.body["view"]["callback_id"])
        if listener is None:
            raise Refusal(
                "This form belongs to an earlier time and was not taken. Nothing has changed; open it once more."
            )
        listener(request)

    def command(self, name: str, listener: Listener, *, does: str, hint: str) -> None:
        """Answer a slash command."""
        self.commands[name] = (does, hint)
        self.app.command(name)(self._wrap(listener))

    def actions(self, table: Mapping[str, Listener]) -> None:
        """Answer presses; an id that ends in .* stands for all that have another word behind the last dot."""
        self.presses.update(table)

    def forms(self, table: Mapping[str, Listener]) -> None:
        """Answer submitted forms."""
        self.submissions.update(table)

    def shortcut(self, name: str, listener: Listener, *, on: Where, title: str, does: str) -> None:
        """Answer a shortcut: on a `message`, from its menu, or `global`, from anywhere, where no channel is known.

        Slack shows `title` (24 characters) and `does` (150).
        """
        self.shortcuts.append({"name": title, "type": on, "callback_id": name, "description": does})
        kind = {"message": "message_action", "global": "shortcut"}[on]
        self.app.shortcut({"type": kind, "callback_id": name})(self._wrap(listener))

    def event(self, name: str, listener: Listener) -> None:
        """Answer an event; where it fails Slack is not told that it was taken, and sends it again."""
        self.events.append(name)

        def run(ack: Ack, body: dict[str, Any]) -> None:
            with suppress(Repeat, Refusal):
                listener(SlackRequest(self.deps, body))
            ack()

        self.app.event(name)(run)

    def _wrap(self, listener: Listener) -> Callable[[Ack, dict[str, Any]], None]:
        def run(ack: Ack, body: dict[str, Any]) -> None:
            ask = SlackRequest(self.deps, body)
            try:
                listener(ask)
            except Repeat:
                pass
            except Refusal as refusal:
                ask.refuse(refusal)
            except Exception as bug:  # noqa: BLE001 - the one place where a bug becomes a sentence
                ask.fault(bug)
            ask.acknowledge(ack)

        return run
