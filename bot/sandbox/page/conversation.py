"""A conversation in fragments: days, messages grouped by author, and links to threads."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..json_values import Json
from .dates import clock_time, day
from .fragments import Fragment, render_filled, render_fragment
from .location import Location
from .reader import Reader, avatar_tint, initials

_GROUP_SECONDS = 300  # seconds after which the same author's next message shows the name again
_MAX_CACHED = 10_000  # messages, for all readers


def top_level(messages: Sequence[Json]) -> list[Json]:
    """List the messages outside threads, with their replies."""
    counts: dict[str, list[str]] = {}
    for message in messages:
        if _is_reply(message):
            counts.setdefault(message["thread_ts"], []).append(message["ts"])
    return [
        {**message, "replies": counts.get(message["ts"], [])}
        for message in messages
        if not _is_reply(message) or message.get("subtype") == "thread_broadcast"
    ]


def replies(messages: Sequence[Json], thread: str) -> list[Json]:
    """List a thread, its first message first; empty if there is no such thread."""
    if not any(message["ts"] == thread for message in messages):
        return []
    return [message for message in messages if thread in {message["ts"], message.get("thread_ts")}]


@dataclass
class ConversationRenderer:
    """Render messages as a person sees them, each version of a message only once."""

    cache: dict[tuple[str, ...], tuple[str, Fragment]] = field(default_factory=dict)

    def fragments(
        self,
        messages: Sequence[Json],
        reader: Reader,
        location: Location,
        room: str,
        app: str,
        shortcuts: Sequence[Json] = (),
    ) -> Iterator[Fragment]:
        """Render messages with the days between them.

        `room` is the address for acting on a message; `shortcuts` are the app's message shortcuts.
        """
        before: Json | None = None
        for message in messages:
            time = reader.local_time(message["ts"])
            today = day(time, reader.local_now)
            if not location.thread and (
                before is None or today != day(reader.local_time(before["ts"]), reader.local_now)
            ):
                yield render_fragment(f"day-{time:%Y-%m-%d}", "day.html", day=today)
                before = None
            facts = {
                "author": author(message, reader, app),
                "follows": _follows(message, before, reader, app),
                "room": room,
                "place": location,
                "shortcuts": shortcuts,
            }
            yield self._message(message, reader, facts)
            before = message

    def _message(self, message: Json, reader: Reader, facts: dict[str, Any]) -> Fragment:
        location: Location = facts["place"]
        raw = json.dumps([message, facts, reader.me["id"], len(reader.people)], default=str)
        # "5 minutes ago" changes every minute, "today" every day, most texts never.
        form = "%F %R" if "{ago}" in raw else "%F" if "date" in raw or message.get("replies") else ""
        version = raw + reader.local_now.strftime(form)
        key = (reader.me["id"], facts["room"], location.thread, message["ts"])
        cached = self.cache.get(key)
        if cached is None or cached[0] != version:
            if len(self.cache) >= _MAX_CACHED:
                self.cache.clear()
            state = message.get("state") or {}
            fragment = render_filled(lambda shown: _render_message(shown, reader, facts), message, state)
            self.cache[key] = cached = (version, fragment)
        return cached[1]


def author(message: Json, reader: Reader, app: str) -> Json:
    """Describe the author of a message, and whether it is the app."""
    user = str(message.get("user") or "")
    is_app = bool(message.get("bot_id")) or bool(reader.people.get(user, {}).get("is_bot"))
    name = message.get("username") or (app if is_app else reader.name(user))
    return {
        "name": name,
        "app": is_app,
        "initials": initials(str(name)),
        "tint": avatar_tint(str(name)),
    }


def _render_message(message: Json, reader: Reader, facts: dict[str, Any]) -> Fragment:
    time = reader.local_time(message["ts"])
    location: Location = facts["place"]
    anchor = "m" + message["ts"].replace(".", "-")
    return render_fragment(
        message["ts"],
        "message.html",
        **(facts | {"thread_link": replace(location, thread=message["ts"]).address()}),
        message=message,
        reader=reader,
        in_thread=bool(location.thread),
        anchor=f"{anchor}-thread" if location.thread else anchor,
        time=clock_time(time),
        full_time=f"{time:%A, %-d %B %Y, %H:%M:%S} ({reader.zone.key})",
        last_reply=_last_reply(message.get("replies"), reader),
    )


def _last_reply(replies: Sequence[str] | None, reader: Reader) -> str:
    if not replies:
        return ""
    time = reader.local_time(replies[-1])
    return f"{day(time, reader.local_now)} at {clock_time(time)}"


def _is_reply(message: Json) -> bool:
    return message.get("thread_ts") not in {None, message["ts"]}


def _follows(message: Json, before: Json | None, reader: Reader, app: str) -> bool:
    """Return whether a message continues the one before, so that its author is not named again."""
    if before is None or bool(message.get("ephemeral")) != bool(before.get("ephemeral")):
        return False
    near = float(message["ts"]) - float(before["ts"]) < _GROUP_SECONDS
    return near and author(message, reader, app) == author(before, reader, app) and not before.get("replies")
