"""Whose eyes the page is drawn for, and what it takes from the sandbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Json = dict[str, Any]


class Slack(Protocol):
    """What the page asks of a sandbox; the values are those of its control interface."""

    def people(self) -> Sequence[Json]:
        """List the people and the app's own user, as Slack's users."""

    def channels(self) -> Sequence[Json]:
        """List the channels."""

    def messages(self, channel: str, user: str) -> Sequence[Json]:
        """List a channel's messages as that person sees them, oldest first."""

    def views(self, user: str) -> Sequence[Json]:
        """List a person's open modals, the top one last."""

    def home(self, user: str) -> Json | None:
        """Give the home tab that was published for a person."""

    def commands(self) -> Sequence[Json]:
        """List the slash commands."""

    def traffic(self, since: int) -> Sequence[Json]:
        """List what went over the wire after a number."""

    def now(self) -> datetime:
        """Read the sandbox's clock."""

    async def changes(self, after: int) -> int:
        """Wait until something is newer than that version."""


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
    def here(self) -> datetime:
        """The sandbox's time in that zone."""
        return self.now.astimezone(self.zone)

    def name(self, user: str) -> str:
        """Call a person as the page calls them; an unknown id stays an id."""
        return display_name(self.people[user]) if user in self.people else user

    def channel_name(self, channel: str) -> str:
        """Call a channel by its name; an unknown id stays an id."""
        return str(self.channels.get(channel, {}).get("name") or channel)

    def at(self, ts: str | float) -> datetime:
        """Read a message's `ts` as a local time."""
        return datetime.fromtimestamp(float(ts), self.zone)


def reader(slack: Slack, who: str) -> Reader:
    """Look through the eyes of a person, by name or id; of the first one if there is no such person."""
    people = slack.people()
    able = [person for person in people if not person.get("is_bot") and not person.get("deleted")]
    me = next((person for person in able if who in {person["id"], person["name"]}), able[0])
    channels = {channel["id"]: channel for channel in slack.channels()}
    return Reader(me, {person["id"]: person for person in people}, channels, slack.now())


def display_name(person: Json) -> str:
    """Prefer the name a person chose to the one in the register."""
    profile = person.get("profile") or {}
    names = (
        profile.get("display_name"),
        profile.get("real_name"),
        person.get("real_name"),
        person.get("name"),
    )
    return str(next(filter(None, names), person["id"]))


def zone(person: Json) -> ZoneInfo:
    """Give a person's time zone; UTC where none is known."""
    try:
        return ZoneInfo(str(person.get("tz") or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
