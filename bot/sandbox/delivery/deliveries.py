"""Everything that is sent to the app: commands, interactions, and events with their retries."""

import asyncio
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ..blockkit.escaping import as_returned
from ..json_values import Json
from ..state.change_feed import ChangeFeed
from ..state.directory import new_id
from ..state.events import subscription
from ..state.traffic import without_secrets
from ..state.world import World
from .http import HttpDelivery, Signing
from .outcome import UNREACHABLE, Outcome
from .socket_mode import SocketModeDelivery

REMOVAL_EVENTS = ("app_uninstalled", "tokens_revoked")
"""The events that an app receives after it has been removed."""

RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


class Deliveries:
    """Deliver payloads to the app, and retry where Slack would."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._http = HttpDelivery(world.credentials.signing_secret, world.wire_time.acknowledgment)
        self.sockets = SocketModeDelivery(world.credentials.app_id, world.wire_time.acknowledgment)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._retries: dict[str, Json] = world.store.load("retry")
        self._last: tuple[str, Json] | None = None
        self._in_flight = 0
        self.count = 0
        """How many payloads have been delivered."""
        self.activity = ChangeFeed()
        world.emit = self.emit

    @property
    def idle(self) -> bool:
        """Return whether nothing is on its way to the app."""
        return self._in_flight == 0 and not self._tasks

    @property
    def reachable(self) -> bool:
        """Return whether the app can be reached now, as far as the sandbox knows."""
        return self._world.settings.mode == "http" or self.sockets.connections > 0

    @property
    def next_due(self) -> datetime | None:
        """Return the time of the next event retry."""
        times = [datetime.fromisoformat(body["due"]) for body in self._retries.values()]
        return min(times, default=None)

    async def deliver(self, kind: str, payload: Json, retry: Json | None = None) -> Outcome:
        """Deliver one payload the way the app has chosen, and wait for its acknowledgment."""
        if kind != "slash_commands":
            payload = as_returned(payload)
        self._in_flight += 1
        self._last = (kind, payload)
        try:
            outcome = await self._send(kind, payload, retry or {})
        finally:
            self._in_flight -= 1
            self.count += 1
            self.activity.notify()
        return replace(outcome, number=self._note(kind, payload, outcome))

    async def _send(self, kind: str, payload: Json, retry: Json) -> Outcome:
        settings = self._world.settings
        if not self._world.tokens.installed and payload.get("event", {}).get("type") not in REMOVAL_EVENTS:
            return Outcome(0.0, reason=UNREACHABLE)
        if settings.mode == "http":
            headers = {
                name: str(retry[key])
                for name, key in (("X-Slack-Retry-Num", "num"), ("X-Slack-Retry-Reason", "reason"))
                if key in retry
            }
            seal = Signing(retry.get("age", 0), forged=retry.get("forged", False))
            return await self._http.send(settings.request_url, kind, payload, headers, seal)
        extra = {"retry_attempt": retry.get("num", 0), "retry_reason": retry.get("reason", "")}
        return await self.sockets.send(kind, payload, extra if kind == "events_api" else {})

    def _note(self, kind: str, payload: Json, outcome: Outcome) -> int:
        settings = self._world.settings
        return self._world.traffic.record(
            {
                "direction": "to_app",
                "at": self._world.clock.now().isoformat(),
                "method": kind,
                "path": settings.request_url if settings.mode == "http" else "socket",
                "body": without_secrets(payload),
                "status": outcome.status,
                "answer": without_secrets(outcome.body),
                "fault": outcome.reason,
                "ms": outcome.ms,
            }
        )

    async def redeliver(self, seal: Json) -> Outcome | None:
        """Deliver the latest payload again with the same ids, as Slack does when in doubt."""
        if self._last is None:
            return None
        return await self.deliver(*self._last, {"num": 1, "reason": "http_timeout", **seal})

    async def verify_url(self, url: str) -> str | None:
        """Send a URL the `url_verification` challenge; return what was wrong, or None."""
        challenge = secrets.token_urlsafe(32)
        token = self._world.credentials.verification_token
        payload = {"token": token, "challenge": challenge, "type": "url_verification"}
        outcome = await self._http.send(url, "url_verification", payload, {})
        self._note("url_verification", payload, outcome)
        if outcome.reason is not None:
            return f"{url} did not take the challenge ({outcome.reason})"
        answer = outcome.body.get("challenge") if isinstance(outcome.body, dict) else outcome.body
        if answer not in (challenge, f"challenge={challenge}"):
            return f"{url} did not answer with the value of the challenge"
        return None

    def emit(self, event: Json) -> None:
        """Send an event in the background if the app has subscribed to it."""
        if self._world.subscribed(subscription(event)):
            self.send_in_background(event)

    def send_in_background(self, event: Json) -> None:
        """Send an event in the background, from any thread."""
        if self._loop is None:
            return
        body = self.event_envelope(event)
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is self._loop:
            self._start(body)
        else:
            self._loop.call_soon_threadsafe(self._start, body)

    def _start(self, body: Json) -> None:
        task = asyncio.ensure_future(self.deliver_event(body))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self.activity.notify()

    def event_envelope(self, event: Json) -> Json:
        """Wrap an event in Slack's envelope."""
        credentials, now = self._world.credentials, self._world.clock.seconds()
        enterprise = (self._world.enterprise or {}).get("id")
        authorization = {
            "enterprise_id": enterprise,
            "team_id": credentials.team_id,
            "user_id": credentials.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        stamped = {**event, "event_ts": event.get("event_ts") or f"{now:.6f}"}
        return {
            "token": credentials.verification_token,
            "team_id": credentials.team_id,
            **({"enterprise_id": enterprise} if enterprise else {}),
            "api_app_id": credentials.app_id,
            "event": stamped,
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": int(now),
            "authorizations": [authorization],
            "is_ext_shared_channel": self._shared(event.get("channel")),
            "event_context": f"4-{new_id('E')}",
        }

    def _shared(self, channel: object) -> bool:
        """Return whether people of another workspace are in a conversation."""
        directory = self._world.directory
        conversation = directory.conversations.get(channel) if isinstance(channel, str) else None
        return conversation is not None and any(directory.people[key].external for key in conversation.members)

    async def deliver_event(self, body: Json, attempt: int = 0, reason: str = "") -> Outcome:
        """Deliver an event; if the app refuses it, retry at once and twice more later."""
        retry = {"num": attempt, "reason": reason} if attempt else {}
        outcome = await self.deliver("events_api", body, retry)
        if outcome.reason is None or not outcome.retry or attempt >= len(RETRY_AFTER):
            if attempt:
                self._world.store.delete("retry", body["event_id"])
            return outcome
        wait = RETRY_AFTER[attempt]
        if not wait:
            return await self.deliver_event(body, attempt + 1, outcome.reason)
        due = (self._world.clock.now() + wait).isoformat()
        entry = {"body": body, "attempt": attempt + 1, "reason": outcome.reason, "due": due}
        self._retries[body["event_id"]] = entry
        self._world.store.put("retry", body["event_id"], entry)
        self.activity.notify()
        return outcome

    async def deliver_due_retries(self) -> None:
        """Deliver the retries that are due."""
        now = self._world.clock.now()
        due = [entry for entry in self._retries.values() if datetime.fromisoformat(entry["due"]) <= now]
        for entry in due:
            self._retries.pop(entry["body"]["event_id"], None)
        await asyncio.gather(*(self.deliver_event(entry["body"], entry["attempt"], entry["reason"]) for entry in due))

    async def run(self) -> None:
        """Deliver retries when they are due, until canceled."""
        self._loop = asyncio.get_running_loop()
        while True:
            seen = await self.activity.wait_after(0)
            due = self.next_due
            wait = None if due is None else max(0.0, (due - self._world.clock.now()).total_seconds())
            try:
                await asyncio.wait_for(self.activity.wait_after(seen), wait)
            except TimeoutError:
                await self.deliver_due_retries()

    def close(self) -> None:
        """Release the threads."""
        self._http.close()


def delivery_error(outcome: Outcome) -> str | None:
    """Return Slack's error code for a person whose action was not delivered; None if it was."""
    if outcome.reason is None:
        return None
    if outcome.reason == "http_timeout":
        return "operation_timeout"
    return "dispatch_failed" if outcome.reason == UNREACHABLE else "http_service_error"
