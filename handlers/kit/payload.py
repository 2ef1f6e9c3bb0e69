"""What came from Slack, read: who, where, what was pressed, typed and filled in."""

import json
from typing import Any

from handlers.kit.blocks import PIECE


class Payload:
    """The body of one request from Slack, whatever kind it is."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    @property
    def workspace(self) -> str:
        """Give the workspace in which the bot was asked."""
        team = self.body.get("team_id") or (self.body.get("team") or {}).get("id")
        return str(team or self.home)

    @property
    def home(self) -> str:
        """Give the person's home workspace."""
        user = self.body.get("user")
        if isinstance(user, dict):
            return str(user.get("team_id") or (self.body.get("team") or {}).get("id"))
        event = self.body.get("event") or {}
        return str(self.body.get("user_team") or event.get("user_team") or self.body.get("team_id"))

    @property
    def user(self) -> str:
        """Give the person's user id."""
        user = self.body.get("user")
        if isinstance(user, dict):
            return str(user["id"])
        return str(self.body.get("user_id") or (self.body.get("event") or {}).get("user"))

    @property
    def channel(self) -> str:
        """Give the channel in which it happened, through a form too; empty where there is none."""
        found = self.body.get("channel_id") or (self.body.get("channel") or {}).get("id")
        return str(found or self.carry.get("channel") or "")

    @property
    def kind(self) -> str:
        """Tell what this is: command, shortcut, message_action, block_actions, view_submission or event_callback."""
        return str(self.body.get("type") or ("command" if "command" in self.body else ""))

    @property
    def typed(self) -> str:
        """Give what stands behind a command."""
        return str(self.body.get("text") or "")

    @property
    def action(self) -> dict[str, Any]:
        """Give the element that was pressed."""
        return dict(self.body["actions"][0])

    @property
    def value(self) -> str:
        """Give the value of what was pressed or chosen."""
        action = self.action
        chosen = action.get("selected_option") or {}
        return str(action.get("value") or chosen.get("value") or "")

    @property
    def message_ts(self) -> str:
        """Give the ts of the message on which something was pressed; empty elsewhere."""
        return str((self.body.get("container") or {}).get("message_ts") or "")

    @property
    def on_home(self) -> bool:
        """Tell whether something was pressed on the home tab, where Slack gives no address for an answer."""
        return self.kind == "block_actions" and (self.body.get("view") or {}).get("type") == "home"

    @property
    def in_window(self) -> bool:
        """Tell whether something was pressed in a form or another window, where Slack gives no address either."""
        return self.kind == "block_actions" and (self.body.get("view") or {}).get("type") == "modal"

    @property
    def in_message(self) -> bool:
        """Tell whether something was pressed on a message that stays: not an ephemeral one, not a form."""
        container = self.body.get("container") or {}
        return container.get("type") == "message" and not container.get("is_ephemeral")

    @property
    def in_direct_message(self) -> bool:
        """Tell whether this began with a press on one of our direct messages, such as a reminder."""
        return (self.in_message and self.channel.startswith("D")) or bool(self.carry.get("direct"))

    @property
    def origin(self) -> dict[str, Any]:
        """Give what a form has to carry so that its answer finds the way back.

        The answer takes the place of a direct message, but not of one that holds other matters too.
        """
        direct = self.in_direct_message and not self.action_block.startswith(PIECE)
        return {"channel": self.channel, "url": self.response_url, "direct": direct}

    @property
    def action_block(self) -> str:
        """Name the block in which something was pressed; empty elsewhere."""
        pressed = self.body.get("actions") or [{}]
        return str(pressed[0].get("block_id") or "")

    @property
    def carry(self) -> dict[str, Any]:
        """Give what a form carries with it."""
        view = self.body.get("view") or {}
        return dict(json.loads(view.get("private_metadata") or "{}")) if view.get("type") == "modal" else {}

    @property
    def response_url(self) -> str:
        """Give the address for private answers, through a form too; empty where there is none."""
        return str(self.body.get("response_url") or self.carry.get("url") or "")

    def written(self, block_id: str) -> str:
        """Give what was written into a field of a form; empty where nothing was."""
        return str(self._state(block_id).get("value") or "").strip()

    def chosen(self, block_id: str) -> str:
        """Give what was chosen in a form: an option's value, a person, a date; empty where nothing was."""
        state = self._state(block_id)
        option = state.get("selected_option") or {}
        for name in ("selected_user", "selected_conversation", "selected_channel", "selected_date"):
            if state.get(name):
                return str(state[name])
        return str(option.get("value") or "")

    def time_chosen(self, block_id: str) -> str:
        """Give the time of day chosen in a form, as `HH:MM`; empty where none was."""
        return str(self._state(block_id).get("selected_time") or "")

    def ticked(self, block_id: str) -> list[str]:
        """List what was ticked in a form."""
        return [str(option["value"]) for option in self._state(block_id).get("selected_options") or []]

    def files(self, block_id: str) -> list[dict[str, Any]]:
        """List the files handed over in a form, as Slack describes them."""
        return [dict(file) for file in self._state(block_id).get("files") or []]

    def moment_chosen(self, block_id: str) -> int | None:
        """Give the moment chosen in a form, in seconds since 1970."""
        found = self._state(block_id).get("selected_date_time")
        return int(found) if found else None

    def _state(self, block_id: str) -> dict[str, Any]:
        view = self.body.get("view") or {}
        block = ((view.get("state") or {}).get("values") or {}).get(block_id) or {}
        return dict(next(iter(block.values()), {}))
