"""The whole page, drawn in pieces."""

from dataclasses import dataclass, field, replace

from bot.sandbox.page.clocking import arrived, clock
from bot.sandbox.page.pieces import Parts, Piece, piece
from bot.sandbox.page.place import Place
from bot.sandbox.page.reader import Json
from bot.sandbox.page.side import lines
from bot.sandbox.page.sight import Sight, look
from bot.sandbox.page.talk import Talk, replies, top_level
from bot.sandbox.page.wire import Wire
from bot.sandbox.sandbox import Sandbox


@dataclass
class Canvas:
    """Draw a place again and again, remembering the messages drawn before."""

    sandbox: Sandbox
    place: Place
    talk: Talk = field(default_factory=Talk)
    wire: Wire = field(default_factory=Wire)

    def draw(self) -> tuple[Sight, Parts]:
        """Draw the page as it is now."""
        sight = look(self.sandbox, self.place)
        said = [] if sight.at_home else list(self.sandbox.messages(sight.target, sight.me["id"]))
        thread = replies(said, sight.place.thread)
        views = self.sandbox.views(sight.me["id"])
        return sight, {
            "sidebar": [piece("sidebar", "sidebar.html", sight=sight, lines=lines(sight))],
            "header": [piece("header", "header.html", sight=sight)],
            "messages": self._talk(sight, top_level(said), "") or _beginning(sight),
            "thread": self._talk(sight, thread, sight.place.thread),
            "home": [_home(sight)] if sight.at_home else [],
            "modals": [_modal(view, sight) for view in views],
            "clock": [clock(sight)],
            "arrived": arrived(sight),
            "now": [piece("now", "now.html", here=sight.reader.here)],
            "traffic": self._traffic(sight) if sight.place.inspect else [],
        }

    def _traffic(self, sight: Sight) -> list[Piece]:
        return self.wire.exchanges(self.sandbox.traffic(0), sight.reader, sight.place)

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
