"""The bot's Slack surface: everything that features register, connected to the Bolt app."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltResponse

from handlers.kit import drafts
from handlers.kit.callers import HomeUnknown
from handlers.kit.deps import Deps
from handlers.kit.directory import SlackUnavailable
from handlers.kit.isolation import describe, is_outage
from handlers.kit.payload import Payload
from handlers.kit.refusals import Ambiguous, Malformed, Refusal, Repeat
from handlers.kit.registry import Registry
from handlers.kit.slack_request import Listener, RegisteredCommand, SlackRequest
from handlers.kit.visibility import MembershipUnknown
from storage.database import run_again

log = structlog.get_logger()

MOST_CHANNELS = 3

_ANY = re.compile("")

BoltListener = Callable[[Ack, dict[str, Any]], BoltResponse | None]
"""A listener as Bolt calls it. It returns a response only in place of an acknowledgement."""


class Surface:
    """Connects everything that Slack may send to the listener that handles it.

    The app manifest is generated from the same registry, so the two cannot differ.
    """

    def __init__(self, app: App, deps: Deps, registry: Registry) -> None:
        self.app = app
        self.deps = deps
        self.registry = registry
        self.actions = dict(registry.actions)
        self.forms = dict(registry.forms)
        self.commands = {
            name: RegisteredCommand(command.listener, registry.words[name])
            for name, command in registry.commands.items()
        }
        # Bolt tries the listeners in turn, and each try takes time: what arrives most comes first, with one listener
        # for all actions and one for all forms
        app.action(_ANY)(self._wrap(self._act))
        app.view(_ANY)(self._wrap(self._submit))
        for name, command in registry.commands.items():
            app.command(name)(self._wrap(command.listener))
        for callback_id, shortcut in registry.shortcuts.items():
            constraint = {"type": "message_action" if shortcut.type == "message" else "shortcut"}
            app.shortcut({**constraint, "callback_id": callback_id})(self._wrap(shortcut.listener))
        for event, listener in registry.events.items():
            # an app subscribes to `message.im`, but each message then arrives as `message`
            name, _, channel_type = event.partition(".")
            app.event(name)(self._wrap_event(listener, channel_type))

    def _answer(self, listener: Listener, request: SlackRequest) -> None:
        """Run a listener. Where Slack has to be asked about a channel or a home, ask, and start again.

        Nothing was stored. Where a command can be read in several ways, ask the person.
        """
        for _ in range(1 + MOST_CHANNELS):
            try:
                _run(listener, request)
            except HomeUnknown:
                request.settle_home()
            except MembershipUnknown as unknown:
                request.ask_membership(unknown.channel)
            except Ambiguous as question:
                run_again(partial(drafts.ask, request, question), may_repeat=lambda: not request.stored)
                return
            else:
                return
        raise RuntimeError("a request asks about too many channels")

    def _act(self, request: SlackRequest) -> None:
        action_id = str(request.action["action_id"])
        listener = self.actions.get(action_id) or self.actions.get(action_id.rpartition(".")[0] + ".*")
        if listener is None:
            raise Refusal("This button is from an earlier version and no longer works. Nothing has changed.")
        listener(request)

    def _submit(self, request: SlackRequest) -> None:
        listener = self.forms.get(request.view["callback_id"])
        if listener is None:
            raise Refusal("This form is from an earlier version. Nothing has changed. Please open it again.")
        listener(request)

    def _wrap_event(self, listener: Listener, channel_type: str = "") -> BoltListener:
        """Acknowledge an event only after its listener has succeeded. Slack repeats other events.

        With `channel_type`, events from other kinds of channels are ignored.
        """

        def run(ack: Ack, body: dict[str, Any]) -> BoltResponse | None:
            if channel_type in {"", body["event"].get("channel_type")}:
                try:
                    self._answer(listener, SlackRequest(self.deps, body))
                except Malformed as malformed:
                    return _reject(body, malformed)
                except SlackUnavailable:
                    # Slack sends the event again, and by then it may answer
                    log.warning("event postponed, because Slack did not answer", event_type=body["event"]["type"])
                    return BoltResponse(status=503)
                except (Repeat, Refusal):
                    pass
                except Exception as bug:
                    if not is_outage(bug):
                        raise
                    log.warning("event postponed", event_type=body["event"]["type"], **describe(bug))
                    return BoltResponse(status=503)
            ack()
            return None

        return run

    def _wrap(self, listener: Listener) -> BoltListener:
        def run(ack: Ack, body: dict[str, Any]) -> BoltResponse | None:
            try:
                self._respond(listener, SlackRequest(self.deps, body, self.commands, self.registry.windows), ack)
            except Malformed as malformed:
                return _reject(body, malformed)
            return None

        return run

    def _respond(self, listener: Listener, request: SlackRequest, ack: Ack) -> None:
        try:
            request.name_mentions()
            self._answer(listener, request)
        except Malformed:
            raise
        except Repeat:
            pass
        except Refusal as refusal:
            request.refuse(refusal)
        except Exception as bug:  # noqa: BLE001 - the one place where a bug becomes a sentence
            request.report_bug(bug)
        request.acknowledge(ack)


def _run(listener: Listener, request: SlackRequest) -> None:
    """Run a listener, from its beginning again if the database rolled its transaction back in favor of another one.

    What a person asked for is one intention: nobody should have to type it again because two locks crossed.
    """

    def from_the_beginning() -> None:
        request.start_over()
        listener(request)

    run_again(from_the_beginning, may_repeat=lambda: not request.stored)


def _reject(body: dict[str, Any], malformed: Malformed) -> BoltResponse:
    """Answer a request that cannot be read. Nothing was stored, because the transaction did not end."""
    log.warning("malformed request", kind=Payload(body).kind, unreadable=str(malformed))
    return BoltResponse(status=400)
