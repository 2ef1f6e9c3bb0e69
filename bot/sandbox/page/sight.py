"""What one person sees at one place: the whole page, drawn in pieces."""

from dataclasses import dataclass, field, replace

from bot.sandbox.page.pieces import Parts, Piece, piece
from bot.sandbox.page.place import Place
from bot.sandbox.page.reader import Json, Reader, can_act, reader
from bot.sandbox.page.talk import Talk, replies, top_level
from bot.sandbox.page.wire import exchanges
from bot.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class Sight:
    """The workspace at this moment, through one person's eyes."""

    sandbox: Sandbox
    place: Place
    reader: Reader
    rooms: list[Json]
    room: Json | None
    app: str

    @property
    def me(self) -> Json:
        """Give the acting person."""
        return self.reader.me

    @property
    def has_home(self) -> bool:
        """Say whether the app has a home tab; one whose manifest is not known may have one."""
        features = (self.sandbox.manifest or {}).get("features", {})
        return bool(features.get("app_home", {}).get("home_tab_enabled", True))

    @property
    def at_home(self) -> bool:
        """Say whether the app's home tab is before them rather than a conversation."""
        return self.room is None and self.place.tab == "home"

    @property
    def target(self) -> str:
        """Give the conversation's name as the control interface takes it."""
        return str(self.room["id"]) if self.room else f"@{self.me['name']}"

    @property
    def others(self) -> list[Json]:
        """List whom one may act as."""
        return [one for one in self.reader.people.values() if can_act(one)]

    def shortcuts(self, kind: str) -> list[Json]:
        """List the app's shortcuts of a kind, `message` or `global`; people of other workspaces have none."""
        if self.me["external"]:
            return []
        return [one for one in self.sandbox.shortcuts() if one["type"] == kind]

    def near(self, **changes: str) -> str:
        """Write the address of a place near this one."""
        return replace(self.place, **changes).address()


def look(sandbox: Sandbox, place: Place) -> Sight:
    """Find out where an address leads; what it names wrongly gives way to what is there."""
    eyes = reader(sandbox, place.who)
    rooms = [room for room in eyes.channels.values() if _may_see(eyes.me, room)]
    found = (room for room in rooms if place.room in {room["name"], room["id"]})
    room = None if place.room.startswith("@") else next(found, rooms[0] if rooms else None)
    name = room["name"] if room else f"@{eyes.me['name']}"
    bots = (person for person in eyes.people.values() if person.get("is_bot"))
    app = next((eyes.name(bot["id"]) for bot in bots), "App")
    return Sight(sandbox, replace(place, who=eyes.me["name"], room=name), eyes, rooms, room, app)


@dataclass
class Canvas:
    """Draw a place again and again, remembering the messages drawn before."""

    sandbox: Sandbox
    place: Place
    talk: Talk = field(default_factory=Talk)

    def draw(self) -> tuple[Sight, Parts]:
        """Draw the page as it is now."""
        sight = look(self.sandbox, self.place)
        said = [] if sight.at_home else list(self.sandbox.messages(sight.target, sight.me["id"]))
        thread = replies(said, sight.place.thread)
        views = self.sandbox.views(sight.me["id"])
        return sight, {
            "sidebar": [piece("sidebar", "sidebar.html", sight=sight, lines=_lines(sight))],
            "header": [piece("header", "header.html", sight=sight)],
            "messages": self._talk(sight, top_level(said), "") or _beginning(sight),
            "thread": self._talk(sight, thread, sight.place.thread),
            "home": [_home(sight)] if sight.at_home else [],
            "modals": [_modal(view, sight) for view in views],
            "clock": [piece("clock", "clock.html", here=sight.reader.here)],
            "traffic": exchanges(self.sandbox.traffic(0), sight.reader) if sight.place.inspect else [],
        }

    def _talk(self, sight: Sight, messages: list[Json], thread: str) -> list[Piece]:
        place = replace(sight.place, thread=thread)
        return self.talk.pieces(messages, sight.reader, place, sight.target, sight.app, sight.shortcuts("message"))


def _beginning(sight: Sight) -> list[Piece]:
    return [] if sight.at_home else [piece("beginning", "beginning.html", sight=sight)]


def _home(sight: Sight) -> Piece:
    return piece("home", "home.html", view=sight.sandbox.home(sight.me["id"]), sight=sight, reader=sight.reader)


def _modal(view: Json, sight: Sight) -> Piece:
    return piece(
        view["id"],
        "modal.html",
        view=view,
        errors=view.get("errors") or {},
        reader=sight.reader,
        app=sight.app,
    )


def _lines(sight: Sight) -> list[Json]:
    """Describe the sidebar's lines; `latest` is the `ts` from which the browser makes unread marks."""
    direct = f"@{sight.me['name']}"
    lines = [
        _line(sight, room["name"], room["id"], kind="lock" if room["is_private"] else "hash") for room in sight.rooms
    ]
    lines.append({**_line(sight, direct, direct, kind="app"), "name": sight.app})
    if sight.has_home:
        lines.append({**_line(sight, direct, "", kind="home"), "name": "Home"})
    return lines


def _line(sight: Sight, name: str, target: str, *, kind: str) -> Json:
    said = sight.sandbox.messages(target, sight.me["id"]) if target else []
    tab = "home" if kind == "home" else ""
    return {
        "kind": kind,
        "name": name,
        "href": Place(sight.me["name"], name, tab, inspect=sight.place.inspect).address(),
        "here": sight.place.room == name and sight.at_home == bool(tab),
        "latest": said[-1]["ts"] if said else "",
    }


def _may_see(person: Json, room: Json) -> bool:
    closed = room["is_private"] or person["external"]
    return not closed or person["id"] in room["members"]
