"""Whose eyes the page is drawn for: the names they know and the time on their wall."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..json_values import Json
from ..sandbox import Sandbox


@dataclass(frozen=True)
class Reader:
    """The acting person, the names they know and the time on their wall."""

    me: Json
    people: Mapping[str, Json]
    channels: Mapping[str, Json]
    now: datetime

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the acting person."""
        return zone(self.me)

    @cached_property
    def local_now(self) -> datetime:
        """The sandbox's time in that zone."""
        return self.now.astimezone(self.zone)

    def name(self, user: str) -> str:
        """Call a person as the page calls them; an unknown id stays an id."""
        return display_name(self.people[user]) if user in self.people else user

    def channel_name(self, channel: str) -> str:
        """Call a channel by its name; an unknown id stays an id."""
        return str(self.channels.get(channel, {}).get("name") or channel)

    def local_time(self, ts: str | float) -> datetime:
        """Read a message's `ts` as a local time."""
        return datetime.fromtimestamp(float(ts), self.zone)


def load_reader(sandbox: Sandbox, who: str) -> Reader:
    """Look through the eyes of a person, by name or id; of the first one if there is no such person."""
    known = {person["id"]: person for person in sandbox.people()}
    able = [person for person in known.values() if can_act(person)]
    me = next((person for person in able if who in {person["id"], person["name"]}), able[0])
    return Reader(me, known, {room["id"]: room for room in sandbox.channels()}, sandbox.now())


def can_act(person: Json) -> bool:
    """Say whether one may act as somebody: not as the app, nor as one who has left."""
    return not person["is_bot"] and not person["deleted"]


def display_name(person: Json) -> str:
    """Prefer the full name to the short one."""
    return str(person.get("real_name") or person["name"])


def zone(person: Json) -> ZoneInfo:
    """Give a person's time zone; UTC where none is known."""
    try:
        return ZoneInfo(str(person.get("tz") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def initials(name: str) -> str:
    """Give the letters of somebody's picture."""
    return "".join(word[0] for word in name.split() if word[0].isalnum())[:2].upper()


def avatar_tint(name: str) -> int:
    """Choose the colour of somebody's picture, as offers.js does."""
    return sum(map(ord, name)) % 8
