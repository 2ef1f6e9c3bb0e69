"""The whole page, drawn in pieces."""

import asyncio
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..json_values import Json
from ..sandbox import Sandbox
from .clock import arrived, clock, now
from .context import Sight, look
from .conversation import Talk, replies, top_level
from .fragments import Parts, Piece, as_filled, piece
from .location import Place
from .sidebar import lines
from .traffic import Wire

_TURN = 0.008  # seconds of drawing after which others have theirs


@dataclass
class Canvas:
    """Draw a place again and again, remembering the messages drawn before."""

    sandbox: Sandbox
    place: Place
    talk: Talk = field(default_factory=Talk)
    wire: Wire = field(default_factory=Wire)

    def draw(self) -> tuple[Sight, Parts]:
        """Draw the page as it is now."""
        steps = self._steps()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return _drawn(end)

    async def draw_gently(self) -> tuple[Sight, Parts]:
        """Draw the page, and let others have their turn meanwhile: hundreds of messages take a while."""
        steps, since = self._steps(), time.perf_counter()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return _drawn(end)
            if time.perf_counter() - since > _TURN:
                await asyncio.sleep(0)
                since = time.perf_counter()

    def _steps(self) -> Generator[None, None, tuple[Sight, Parts]]:
        """Draw piece by piece; what changes meanwhile is drawn the next time."""
        sight = look(self.sandbox, self.place)
        said = [] if sight.at_home else self._said(sight)
        views = self.sandbox.views(sight.me["id"])
        messages = yield from _one_by_one(self._talk(sight, top_level(said), ""))
        thread = yield from _one_by_one(self._talk(sight, replies(said, sight.place.thread), sight.place.thread))
        traffic = yield from _one_by_one(self._traffic(sight))
        return sight, {
            "sidebar": [piece("sidebar", "sidebar.html", sight=sight, lines=lines(sight))],
            "header": [piece("header", "header.html", sight=sight)],
            "messages": messages or _beginning(sight),
            "thread": thread,
            "home": [_home(sight)] if sight.at_home else [],
            "modals": [_modal(view, sight) for view in views],
            "clock": [clock(sight)],
            "arrived": arrived(sight),
            "now": [now(sight)],
            "traffic": traffic,
        }

    def _said(self, sight: Sight) -> list[Json]:
        """List a conversation's messages, with what the acting person has filled in."""
        held = self.sandbox.picked(sight.target, sight.me["id"])
        said = self.sandbox.messages(sight.target, sight.me["id"])
        return [{**one, "state": held[one["ts"]]} if one["ts"] in held else one for one in said]

    def _traffic(self, sight: Sight) -> Iterable[Piece]:
        if not sight.place.inspect:
            return []
        return self.wire.exchanges(self.sandbox.traffic(0), sight.reader, sight.place)

    def _talk(self, sight: Sight, messages: list[Json], thread: str) -> Iterator[Piece]:
        place = replace(sight.place, thread=thread)
        return self.talk.pieces(messages, sight.reader, place, sight.target, sight.app, sight.shortcuts("message"))


def _one_by_one(pieces: Iterable[Piece]) -> Generator[None, None, list[Piece]]:
    made = []
    for one in pieces:
        made.append(one)
        yield
    return made


def _drawn(end: StopIteration) -> tuple[Sight, Parts]:
    drawn: tuple[Sight, Parts] = end.value
    return drawn


def _beginning(sight: Sight) -> list[Piece]:
    return [] if sight.at_home else [piece("beginning", "beginning.html", sight=sight)]


def _home(sight: Sight) -> Piece:
    def draw(view: Json | None) -> Piece:
        return piece("home", "home.html", view=view, sight=sight, reader=sight.reader)

    home = sight.sandbox.home(sight.me["id"])
    return as_filled(draw, home, home["state"]["values"]) if home else draw(None)


def _modal(view: Json, sight: Sight) -> Piece:
    def draw(view: Json) -> Piece:
        return piece(
            view["id"],
            "modal.html",
            view=view,
            errors=view.get("errors") or {},
            reader=sight.reader,
            app=sight.app,
        )

    return as_filled(draw, view, view["state"]["values"])
