"""The sandbox from inside: people act without a second HTTP request around each press."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

from bot.sandbox import Sandbox
from bot.sandbox.admin.channels import change_channel
from bot.sandbox.admin.people import change_person
from bot.sandbox.errors import ControlError
from bot.sandbox.interactions.block_actions import perform_block_action
from bot.sandbox.interactions.commands import run_command
from bot.sandbox.interactions.view_submission import close_view, submit_view
from tests.waiting import PATIENCE

TRIES = 4


class Stage:
    """Lets people act, on the sandbox's own event loop; safe to use from any thread."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine on the sandbox's event loop, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.sandbox.deliveries._loop).result(PATIENCE)

    def now(self) -> datetime:
        """Return story time."""
        return self.sandbox.now()

    def type(self, user: str, text: str, channel: str = "council") -> tuple[bool, str]:
        """Type a command. Return whether the bot accepted it, and the private answer."""
        answer = self.do(
            run_command(self.sandbox.world, self.sandbox.deliveries, _of(user, channel=channel, text=text))
        )
        response = answer["response"] or {}
        said = response.get("text") or ""
        for block in response.get("blocks") or ():
            said += " " + str((block.get("text") or {}).get("text", ""))
            said += " ".join(
                str((e.get("text") or {}).get("text")) for e in block.get("elements", ()) if e["type"] == "button"
            )
        return answer["failed"] is None, said

    def press(self, user: str, action: str, channel: str, ts: str) -> bool:
        """Press a button on a message. Return whether the bot accepted it: False for a message that is gone."""
        body = _of(user, channel=channel, ts=ts, action_id=action)
        try:
            return bool(
                self.do(perform_block_action(self.sandbox.world, self.sandbox.deliveries, body))["failed"] is None
            )
        except ControlError:
            return False

    def text(self, user: str, channel: str, ts: str) -> str:
        """Return the text of a message. Empty for a message that is gone."""
        return next((str(m.get("text")) for m in self.sandbox.messages(channel, user) if m["ts"] == ts), "")

    def view(self, user: str) -> dict[str, Any] | None:
        """Return a person's top form."""
        views = self.sandbox.views(user)
        return views[-1] if views else None

    def submit(self, user: str, view_id: str, values: dict[str, Any]) -> bool:
        """Submit a form. Return whether the bot accepted it."""
        body = _of(user, view_id=view_id, values=values)
        answer = self.do(submit_view(self.sandbox.world, self.sandbox.deliveries, body))
        return answer["failed"] is None and not answer["errors"]

    def close(self, user: str) -> None:
        """Close all forms."""
        view = self.view(user)
        if view is not None:
            self.do(close_view(self.sandbox.world, self.sandbox.deliveries, _of(user, view_id=view["id"], all=True)))

    def change(self, **body: Any) -> None:
        """Change or add a person."""
        self.do(self._changed(change_person, body))

    def join(self, user: str, channel: str = "council") -> None:
        """Add a person to a channel."""
        self.do(self._changed(change_channel, {"channel": channel, "join": [user]}))

    async def _changed(self, work: Any, body: dict[str, Any]) -> None:
        work(self.sandbox.world, body)

    def turn(self, moment: datetime) -> None:
        """Turn the clock, and wait for a bot that was killed."""
        for attempt in range(TRIES):
            goal = {"to": moment.isoformat()} if moment > self.now() else {"advance": "PT0S"}
            try:
                self.do(self.sandbox.clock_service.advance({**goal, "followers": 1}))
            except ControlError:
                # the time may just have passed, or a bot that came back had much to catch up on
                if attempt == TRIES - 1:
                    raise
            else:
                return


def _of(user: str, **body: Any) -> dict[str, Any]:
    return {"user": user, **body}
