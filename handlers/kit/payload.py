"""What Slack sent: one way to read commands, buttons, forms, shortcuts and events."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, NoReturn, TypeVar

from handlers.kit import mentions
from handlers.kit.block_kit import PART_PREFIX
from handlers.kit.refusals import Malformed

Value = TypeVar("Value")

LARGEST_NUMBER = 2**31 - 1
"""The largest number that PostgreSQL stores as an integer."""

LATEST_SECOND = 32_503_680_000
"""The year 3000 in Unix seconds: later times overflow in some time zone."""


def parsed(convert: Callable[[Any], Value], value: Any, name: str) -> Value:
    """Convert a value that a view carries or offers. Raise `Malformed` if no view of ours has such a value.

    `name` says what the value is.
    """
    try:
        return convert(value)
    except (ValueError, TypeError, KeyError, OverflowError):
        raise Malformed(name) from None


def whole_number(value: Any) -> int:
    """Convert an id or a number. Raise `ValueError` or `TypeError` if it is none, or not one that can be stored."""
    number = int(value)
    if abs(number) > LARGEST_NUMBER:
        raise ValueError("no number that is stored is so large")
    return number


class Metadata(dict[str, Any]):
    """What a form carries in its `private_metadata`. What is missing makes the request `Malformed`."""

    def __missing__(self, key: str) -> NoReturn:
        raise Malformed(f"private_metadata.{key}")

    def number(self, key: str) -> int:
        """Return a number or id. Raise `Malformed` if there is none."""
        return parsed(whole_number, self[key], f"private_metadata.{key}")

    def numbers(self, key: str) -> list[int]:
        """Return a list of numbers or ids. Raise `Malformed` if there is none."""
        return [parsed(whole_number, value, f"private_metadata.{key}") for value in parsed(list, self[key], key)]


class Payload:
    """The body of a request from Slack, of any kind."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    @property
    def workspace(self) -> str:
        """Return the id of the workspace in which the bot was used."""
        team = self.body.get("team_id") or (self.body.get("team") or {}).get("id")
        return str(team or self.home)

    @property
    def enterprise(self) -> str:
        """Return the id of the Enterprise Grid organization that the workspace belongs to. Empty without one."""
        named = (self.body.get("enterprise") or {}).get("id") or self.body.get("enterprise_id")
        of_team = (self.body.get("team") or {}).get("enterprise_id")
        of_event = [each.get("enterprise_id") for each in self.body.get("authorizations") or []]
        return str(named or of_team or next(iter(of_event), "") or "")

    @property
    def user_team(self) -> str:
        """Return the person's own workspace or organization as Slack names it. Empty where it does not."""
        user = self.body.get("user")
        if isinstance(user, dict):
            return str(user.get("team_id") or "")
        return str(self.body.get("user_team") or (self.body.get("event") or {}).get("user_team") or "")

    @property
    def home(self) -> str:
        """Return the id of the person's home: the Enterprise Grid organization where there is one, or the workspace.

        Slack names the organization in some payloads, a workspace of it in others, and nothing in commands.
        """
        if self.user_team.startswith("E"):
            return self.user_team
        own = self.body.get("team_id") or (self.body.get("team") or {}).get("id")
        return self.enterprise or self.user_team or str(own)

    @property
    def user(self) -> str:
        """Return the person's user id."""
        user = self.body.get("user")
        if isinstance(user, dict):
            return str(user["id"])
        return str(self.body.get("user_id") or (self.body.get("event") or {}).get("user"))

    @property
    def channel(self) -> str:
        """Return the id of the channel in which the request or its form began. Empty if there is none."""
        return self._slack_channel or str(self.metadata.get("channel") or "")

    @property
    def _slack_channel(self) -> str:
        """Return the id of the channel that Slack names in this request. Empty for forms and the home tab."""
        return str(self.body.get("channel_id") or (self.body.get("channel") or {}).get("id") or "")

    @property
    def kind(self) -> str:
        """Return command, shortcut, message_action, block_actions, view_submission or event_callback."""
        return str(self.body.get("type") or ("command" if "command" in self.body else ""))

    @property
    def command(self) -> str:
        """Return the slash command, such as `/vote`. Empty for other requests."""
        return str(self.body.get("command") or "")

    @property
    def text(self) -> str:
        """Return the text after the slash command."""
        return str(self.body.get("text") or "")

    @property
    def action(self) -> dict[str, Any]:
        """Return the element that was pressed or selected, as Slack describes it."""
        return dict(self.body["actions"][0])

    @property
    def value(self) -> str:
        """Return the value of the button that was pressed or of the option that was selected."""
        action = self.action
        option = action.get("selected_option") or {}
        return str(action.get("value") or option.get("value") or "")

    @property
    def message_ts(self) -> str:
        """Return the `ts` of the message that contains the button. Empty outside messages."""
        return str((self.body.get("container") or {}).get("message_ts") or "")

    @property
    def view(self) -> dict[str, Any]:
        """Return the form or home tab in which something was pressed or submitted. Raise `Malformed` without one."""
        view = self.body.get("view")
        if not view:
            raise Malformed("view")
        return dict(view)

    @property
    def on_home_tab(self) -> bool:
        """Return whether the button is on the home tab, for which Slack offers no `response_url`."""
        return self.kind == "block_actions" and (self.body.get("view") or {}).get("type") == "home"

    @property
    def in_form(self) -> bool:
        """Return whether the button is in a form, for which Slack offers no `response_url` either."""
        return self.kind == "block_actions" and (self.body.get("view") or {}).get("type") == "modal"

    @property
    def in_message(self) -> bool:
        """Return whether the button is in a permanent message, not in an ephemeral one."""
        container = self.body.get("container") or {}
        return container.get("type") == "message" and not container.get("is_ephemeral")

    @property
    def in_direct_message(self) -> bool:
        """Return whether the request, or the form it belongs to, began with a button in a direct message."""
        return (self.in_message and self.channel.startswith("D")) or bool(self.metadata.get("direct"))

    @property
    def in_list(self) -> bool:
        """Return whether the button stands beside a section of a message, which lists other things besides."""
        return any(
            block.get("block_id") == self.block_id and block["type"] == "section" for block in self.message_blocks
        )

    @property
    def message_blocks(self) -> list[dict[str, Any]]:
        """Return the blocks of the message with the button. Empty outside messages."""
        return (self.body.get("message") or {}).get("blocks") or []

    @property
    def origin(self) -> dict[str, Any]:
        """Return what a form has to carry so that its answer reaches the place where it was opened.

        The answer replaces a direct message, unless that message combines several parts or lists several things.
        """
        direct = self.in_direct_message and not self.block_id.startswith(PART_PREFIX) and not self.in_list
        return {"channel": self.channel, "url": self.response_url, "direct": direct}

    @property
    def block_id(self) -> str:
        """Return the block id of the button that was pressed. Empty for other requests."""
        actions = self.body.get("actions") or [{}]
        return str(actions[0].get("block_id") or "")

    @property
    def metadata(self) -> Metadata:
        """Return what the form carries in its `private_metadata`. Raise `Malformed` if that is not a JSON object."""
        view = self.body.get("view") or {}
        carried = view.get("private_metadata") if view.get("type") == "modal" else None
        try:
            return Metadata(json.loads(carried)) if carried else Metadata()
        except (ValueError, TypeError, RecursionError):
            raise Malformed("private_metadata") from None

    @property
    def response_url(self) -> str:
        """Return the URL for private answers, also one that a form carries. Empty if there is none."""
        return str(self.body.get("response_url") or self.metadata.get("url") or "")

    def text_value(self, block_id: str) -> str:
        """Return the text of an input, with the names of those it mentions. Empty if there is none."""
        return mentions.show_names(self.linked_text_value(block_id))

    def linked_text_value(self, block_id: str) -> str:
        """Return the text of an input, with mentions as Slack writes them. Empty if there is none."""
        return str(self._state(block_id).get("value") or "").strip()

    def selected_value(self, block_id: str) -> str:
        """Return the option value, person, channel or date that was selected in an input. Empty if there is none."""
        state = self._state(block_id)
        option = state.get("selected_option") or {}
        for name in ("selected_user", "selected_conversation", "selected_channel", "selected_date"):
            if state.get(name):
                return str(state[name])
        return str(option.get("value") or "")

    def selected_number(self, block_id: str) -> int | None:
        """Return the number or id that was selected in an input; None if there is none.

        Raise `Malformed` if it is something else.
        """
        value = self.selected_value(block_id)
        return parsed(whole_number, value, block_id) if value else None

    def selected_numbers(self, block_id: str) -> list[int]:
        """Return the numbers or ids that were selected in an input. Raise `Malformed` if one is something else."""
        return [parsed(whole_number, value, block_id) for value in self.selected_values(block_id)]

    def selected_date(self, block_id: str) -> date | None:
        """Return the day that was selected in an input, or None. Raise `Malformed` if it is something else."""
        value = self.selected_value(block_id)
        return parsed(date.fromisoformat, value, block_id) if value else None

    def selected_time(self, block_id: str) -> str:
        """Return the time of day that was selected in an input, as `HH:MM`. Empty if there is none."""
        return str(self._state(block_id).get("selected_time") or "")

    def selected_values(self, block_id: str) -> list[str]:
        """Return the values of the options that were selected in an input."""
        return [str(option["value"]) for option in self._state(block_id).get("selected_options") or []]

    def uploaded_files(self, block_id: str) -> list[dict[str, Any]]:
        """Return the files that were uploaded in an input, as Slack describes them."""
        return [dict(file) for file in self._state(block_id).get("files") or []]

    @property
    def dropped_files(self) -> list[dict[str, Any]]:
        """Return the files of a new message by a person, as Slack describes them.

        Empty for edited and deleted messages, and for the bot's own, which Slack sends as events too.
        """
        event = self.body.get("event") or {}
        own_ids = {each.get("user_id") for each in self.body.get("authorizations") or []}
        if event.get("subtype") != "file_share" or event.get("bot_id") or event.get("user") in {None, "", *own_ids}:
            return []
        return [dict(file) for file in event.get("files") or []]

    @property
    def is_plain_message(self) -> bool:
        """Return whether the event is a new message by a person, without files and outside threads."""
        event = self.body.get("event") or {}
        own_ids = {each.get("user_id") for each in self.body.get("authorizations") or []}
        is_other = any(event.get(key) for key in ("subtype", "bot_id", "thread_ts", "files"))
        return not is_other and event.get("user") not in {None, "", *own_ids}

    def selected_datetime(self, block_id: str) -> int | None:
        """Return the date and time that were selected in an input, in Unix seconds, or None.

        Raise `Malformed` if it is something else, or beyond the year 3000.
        """
        seconds = self._state(block_id).get("selected_date_time")
        if not seconds:
            return None
        number = parsed(int, seconds, block_id)
        if not 0 < number < LATEST_SECOND:
            raise Malformed(block_id)
        return number

    def _state(self, block_id: str) -> dict[str, Any]:
        view = self.body.get("view") or {}
        block = ((view.get("state") or {}).get("values") or {}).get(block_id) or {}
        return dict(next(iter(block.values()), {}))
