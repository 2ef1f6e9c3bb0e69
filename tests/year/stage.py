"""The sandbox from inside: what people do, without a second HTTP request around each press."""

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

PATIENCE = 900
TRIES = 4


class Stage:
    """Lets people act, on the sandbox's own loop; safe from any thread."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something where the sandbox lives, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.sandbox.deliveries._loop).result(PATIENCE)

    def now(self) -> datetime:
        """Tell story time."""
        return self.sandbox.now()

    def type(self, user: str, text: str, channel: str = "council") -> tuple[bool, str]:
        """Type a command; give whether it was taken, and the private answer."""
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
        """Press a button on a message; tell whether the bot took it. A message that is gone is not pressed."""
        body = _of(user, channel=channel, ts=ts, action_id=action)
        try:
            return bool(
                self.do(perform_block_action(self.sandbox.world, self.sandbox.deliveries, body))["failed"] is None
            )
        except ControlError:
            return False

    def view(self, user: str) -> dict[str, Any] | None:
        """Give the form that somebody has on top."""
        views = self.sandbox.views(user)
        return views[-1] if views else None

    def submit(self, user: str, view_id: str, values: dict[str, Any]) -> bool:
        """Send a form; tell whether it was taken."""
        body = _of(user, view_id=view_id, values=values)
        answer = self.do(submit_view(self.sandbox.world, self.sandbox.deliveries, body))
        return answer["failed"] is None and not answer["errors"]

    def close(self, user: str) -> None:
        """Close all forms."""
        view = self.view(user)
        if view is not None:
            self.do(close_view(self.sandbox.world, self.sandbox.deliveries, _of(user, view_id=view["id"], all=True)))

    def change(self, **body: Any) -> None:
        """Change or add somebody."""
        self.do(self._changed(change_person, body))

    def join(self, user: str, channel: str = "council") -> None:
        """Let somebody into a channel."""
        self.do(self._changed(change_channel, {"channel": channel, "join": [user]}))

    async def _changed(self, work: Any, body: dict[str, Any]) -> None:
        work(self.sandbox.world, body)

    def turn(self, moment: datetime) -> None:
        """Turn the clock; a bot that was killed is waited for."""
        for attempt in range(TRIES):
            goal = {"to": moment.isoformat()} if moment > self.now() else {"advance": "PT0S"}
            try:
                self.do(self.sandbox.clock_service.advance({**goal, "followers": 1}))
            except ControlError:
                # the moment may just have gone by, or a bot that came back had much to catch up with
                if attempt == TRIES - 1:
                    raise
            else:
                return


def _of(user: str, **body: Any) -> dict[str, Any]:
    return {"user": user, **body}
