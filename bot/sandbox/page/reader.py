"""The person for whom the page is rendered: the names they know and their local time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..json_values import Json
from ..sandbox import Sandbox


@dataclass(frozen=True)
class Reader:
    """The acting person, the names they know and the current time."""

    me: Json
    people: Mapping[str, Json]
    channels: Mapping[str, Json]
    now: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the acting person's zone."""
        return zone(self.me)

    @cached_property
    def local_now(self) -> datetime:
        """Return the sandbox's time in that zone."""
        return self.now.astimezone(self.zone)

    def name(self, user: str) -> str:
        """Return a person's name; an unknown id stays an id."""
        return display_name(self.people[user]) if user in self.people else user

    def channel_name(self, channel: str) -> str:
        """Return a channel's name; an unknown id stays an id."""
        return str(self.channels.get(channel, {}).get("name") or channel)

    def local_time(self, ts: str | float) -> datetime:
        """Convert a message's `ts` to local time."""
        return datetime.fromtimestamp(float(ts), self.zone)


def load_reader(sandbox: Sandbox, who: str) -> Reader:
    """Load a person by name or id; the first person if there is no such person."""
    people = {person["id"]: person for person in sandbox.people()}
    able = [person for person in people.values() if can_act(person)]
    me = next((person for person in able if who in {person["id"], person["name"]}), able[0])
    return Reader(me, people, {room["id"]: room for room in sandbox.channels()}, sandbox.now())


def can_act(person: Json) -> bool:
    """Return whether one can act as a person: not as the app, nor as people who left."""
    return not person["is_bot"] and not person["deleted"]


def display_name(person: Json) -> str:
    """Return the full name, or the short one if there is none."""
    return str(person.get("real_name") or person["name"])


def zone(person: Json) -> ZoneInfo:
    """Return a person's time zone; UTC if it is unknown."""
    try:
        return ZoneInfo(str(person.get("tz") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def initials(name: str) -> str:
    """Return the initials on a person's avatar."""
    return "".join(word[0] for word in name.split() if word[0].isalnum())[:2].upper()


def avatar_tint(name: str) -> int:
    """Choose the color of a person's avatar, as options.js does."""
    return sum(map(ord, name)) % 8
