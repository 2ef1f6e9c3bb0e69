"""All messages, by conversation and in order; ephemeral ones have a single reader."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..json_values import Json
from .store import Store


@dataclass
class Message:
    """A message in Slack's shape (`body`); `reader` is the only person who sees an ephemeral one."""

    channel: str
    ts: str
    body: Json
    reader: str | None = None

    @property
    def thread_ts(self) -> str | None:
        """Return the thread it belongs to, if any."""
        thread: str | None = self.body.get("thread_ts")
        return thread


class Messages:
    """Store messages, and give each its own `ts`."""

    def __init__(self, store: Store, microseconds: Callable[[], int]) -> None:
        self._store = store
        self._microseconds = microseconds
        self._by_channel: dict[str, dict[str, Message]] = {}
        self._last = 0
        for body in store.load("message").values():
            message = Message(**body)
            self._by_channel.setdefault(message.channel, {})[message.ts] = message
            self._last = max(self._last, int(message.ts.replace(".", "")))

    def next_ts(self) -> str:
        """Return a `ts` later than all others."""
        self._last = max(self._last + 1, self._microseconds())
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def add(self, channel: str, body: Json, *, reader: str | None = None, ts: str | None = None) -> Message:
        """Store a new message."""
        ts = ts or self.next_ts()
        message = Message(channel, ts, {"type": "message", "ts": ts, **body}, reader)
        self._by_channel.setdefault(channel, {})[ts] = message
        self.save(message)
        return message

    def save(self, message: Message) -> None:
        """Store a message's current state."""
        # Keys sort by channel and time, so that loading returns messages in order.
        self._store.put("message", f"{message.channel}:{message.ts}", message)

    def find(self, channel: str, ts: object) -> Message | None:
        """Find a message by its channel and `ts`."""
        return self._by_channel.get(channel, {}).get(ts) if isinstance(ts, str) else None

    def remove(self, message: Message) -> None:
        """Delete a message."""
        self._by_channel[message.channel].pop(message.ts, None)
        self._store.delete("message", f"{message.channel}:{message.ts}")

    def move(self, old: str, new: str) -> None:
        """Move the messages of a channel to its new id."""
        for message in list(self._by_channel.get(old, {}).values()):
            self.remove(message)
            message.channel = new
            self._by_channel.setdefault(new, {})[message.ts] = message
            self.save(message)

    def visible_to(self, channel: str, reader: str) -> list[Message]:
        """List what one person sees in a conversation, oldest first."""
        messages = self._by_channel.get(channel, {}).values()
        return [message for message in messages if message.reader in (None, reader)]

    def newest_first(self, channel: str, reader: str) -> Iterator[Message]:
        """Iterate over what one person sees in a conversation, newest first."""
        messages = reversed(self._by_channel.get(channel, {}).values())
        return (message for message in messages if message.reader in (None, reader))

    def describe(self, message: Message) -> dict[str, Any]:
        """Describe a message for the control interface and the page."""
        return {**message.body, "ephemeral": message.reader is not None}
