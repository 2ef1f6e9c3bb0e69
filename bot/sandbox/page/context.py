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
    location: Location
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
        return self.room is None and self.location.tab == "home"

    @property
    def target(self) -> str:
        """Return the conversation's name for the control interface."""
        return str(self.room["id"]) if self.room else f"@{self.me['name']}"

    @property
    def actors(self) -> list[Json]:
        """List the people one can act as."""
        return [person for person in self.reader.people.values() if can_act(person)]

    @property
    def members(self) -> list[Json]:
        """List the channel's members, without the app."""
        ids = set(self.room["members"]) if self.room else set()
        return [person for person in self.reader.people.values() if person["id"] in ids and not person["deleted"]]

    @property
    def mentionable(self) -> Json:
        """List the people and channels that can be mentioned."""
        people = [person for person in self.reader.people.values() if not person["deleted"]]
        return {
            "people": [
                {
                    "name": person["name"],
                    "called": display_name(person),
                    "title": person["title"] or ("App" if person["is_bot"] else ""),
                }
                for person in people
            ],
            "channels": [{"name": room["name"], "topic": room["topic"]} for room in self.rooms],
        }

    @property
    def companion(self) -> str:
        """Name another person to show beside the acting one, preferably of the same channel."""
        people = [person for person in [*self.members, *self.actors] if person["id"] != self.me["id"]]
        return str(people[0]["name"]) if people else ""

    def split_url(self, name: str) -> str:
        """Return the address that shows another person beside the acting one."""
        return "/split?" + urlencode({"left": self.me["name"], "right": name, "in": self.location.room}, safe="@#")

    def shortcuts(self, kind: str) -> list[Json]:
        """List the app's shortcuts of a kind, `message` or `global`; people of other workspaces have none."""
        if self.me["external"]:
            return []
        return [shortcut for shortcut in self.sandbox.shortcuts() if shortcut["type"] == kind]

    def url(self, **changes: str) -> str:
        """Return the address of this location with some changes."""
        return replace(self.location, **changes).address()


def load_context(sandbox: Sandbox, location: Location) -> PageContext:
    """Find what a location shows; unknown names give way to existing ones."""
    eyes = load_reader(sandbox, location.who)
    rooms = [room for room in eyes.channels.values() if _can_see(eyes.me, room)]
    matches = (room for room in rooms if location.room in {room["name"], room["id"]})
    room = None if location.room.startswith("@") else next(matches, rooms[0] if rooms else None)
    name = room["name"] if room else f"@{eyes.me['name']}"
    bots = (person for person in eyes.people.values() if person.get("is_bot"))
    app = next((eyes.name(bot["id"]) for bot in bots), "App")
    return PageContext(sandbox, replace(location, who=eyes.me["name"], room=name), eyes, rooms, room, app)


def _can_see(person: Json, room: Json) -> bool:
    closed = room["is_private"] or person["external"]
    return not closed or person["id"] in room["members"]
