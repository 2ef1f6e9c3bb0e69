"""What one person sees at one location."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ..json_values import Json
from ..sandbox import Sandbox
from .location import Location
from .reader import Reader, can_act, display_name, load_reader


@dataclass(frozen=True)
class PageContext:
    """The workspace as one person sees it now."""

    sandbox: Sandbox
    place: Location
    reader: Reader
    rooms: list[Json]
    room: Json | None
    app: str

    @property
    def me(self) -> Json:
        """Return the acting person."""
        return self.reader.me

    @property
    def has_home(self) -> bool:
        """Return whether the app has a home tab; without a manifest it may have one."""
        features = (self.sandbox.manifest or {}).get("features", {})
        return bool(features.get("app_home", {}).get("home_tab_enabled", True))

    @property
    def shows_home(self) -> bool:
        """Return whether the page shows the app's home tab instead of a conversation."""
        return self.room is None and self.place.tab == "home"

    @property
    def target(self) -> str:
        """Return the conversation's name for the control interface."""
        return str(self.room["id"]) if self.room else f"@{self.me['name']}"

    @property
    def actors(self) -> list[Json]:
        """List the people one can act as."""
        return [one for one in self.reader.people.values() if can_act(one)]

    @property
    def members(self) -> list[Json]:
        """List the channel's members, without the app."""
        ids = set(self.room["members"]) if self.room else set()
        return [one for one in self.reader.people.values() if one["id"] in ids and not one["deleted"]]

    @property
    def mentionable(self) -> Json:
        """List the people and channels that can be mentioned."""
        people = [one for one in self.reader.people.values() if not one["deleted"]]
        return {
            "people": [
                {"name": one["name"], "called": display_name(one), "title": one["title"] or ("App" * one["is_bot"])}
                for one in people
            ],
            "channels": [{"name": room["name"], "topic": room["topic"]} for room in self.rooms],
        }

    @property
    def companion(self) -> str:
        """Name another person to show beside the acting one, preferably of the same channel."""
        near = [one for one in [*self.members, *self.actors] if one["id"] != self.me["id"]]
        return str(near[0]["name"]) if near else ""

    def split_url(self, name: str) -> str:
        """Return the address that shows another person beside the acting one."""
        return "/split?" + urlencode({"left": self.me["name"], "right": name, "in": self.place.room}, safe="@#")

    def shortcuts(self, kind: str) -> list[Json]:
        """List the app's shortcuts of a kind, `message` or `global`; people of other workspaces have none."""
        if self.me["external"]:
            return []
        return [one for one in self.sandbox.shortcuts() if one["type"] == kind]

    def url(self, **changes: str) -> str:
        """Return the address of this location with some changes."""
        return replace(self.place, **changes).address()


def load_context(sandbox: Sandbox, place: Location) -> PageContext:
    """Find what a location shows; unknown names give way to existing ones."""
    eyes = load_reader(sandbox, place.who)
    rooms = [room for room in eyes.channels.values() if _can_see(eyes.me, room)]
    found = (room for room in rooms if place.room in {room["name"], room["id"]})
    room = None if place.room.startswith("@") else next(found, rooms[0] if rooms else None)
    name = room["name"] if room else f"@{eyes.me['name']}"
    bots = (person for person in eyes.people.values() if person.get("is_bot"))
    app = next((eyes.name(bot["id"]) for bot in bots), "App")
    return PageContext(sandbox, replace(place, who=eyes.me["name"], room=name), eyes, rooms, room, app)


def _can_see(person: Json, room: Json) -> bool:
    closed = room["is_private"] or person["external"]
    return not closed or person["id"] in room["members"]
