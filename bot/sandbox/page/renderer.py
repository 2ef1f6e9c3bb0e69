"""The whole page, rendered in fragments."""

import asyncio
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..json_values import Json
from ..sandbox import Sandbox
from .clock import render_arrivals, render_clock, render_narrow_clock
from .context import PageContext, load_context
from .conversation import ConversationRenderer, replies, top_level
from .fragments import Fragment, Fragments, render_filled, render_fragment
from .location import Location
from .sidebar import sidebar_lines
from .traffic import TrafficRenderer

_YIELD_SECONDS = 0.008  # seconds of rendering before other tasks run


@dataclass
class PageRenderer:
    """Render a location repeatedly, caching the messages."""

    sandbox: Sandbox
    location: Location
    conversation: ConversationRenderer = field(default_factory=ConversationRenderer)
    traffic: TrafficRenderer = field(default_factory=TrafficRenderer)

    def render(self) -> tuple[PageContext, Fragments]:
        """Render the page as it is now."""
        steps = self._render_steps()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return _result(end)

    async def render_async(self) -> tuple[PageContext, Fragments]:
        """Render the page and let other tasks run meanwhile: hundreds of messages take a while."""
        steps, since = self._render_steps(), time.perf_counter()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return _result(end)
            if time.perf_counter() - since > _YIELD_SECONDS:
                await asyncio.sleep(0)
                since = time.perf_counter()

    def _render_steps(self) -> Generator[None, None, tuple[PageContext, Fragments]]:
        """Render fragment by fragment; what changes meanwhile is rendered the next time."""
        context = load_context(self.sandbox, self.location)
        listed = [] if context.shows_home else self._messages(context)
        views = self.sandbox.views(context.me["id"])
        messages = yield from _collect(self._conversation(context, top_level(listed), ""))
        thread = yield from _collect(
            self._conversation(context, replies(listed, context.location.thread), context.location.thread)
        )
        traffic = yield from _collect(self._traffic(context))
        return context, {
            "sidebar": [render_fragment("sidebar", "sidebar.html", page=context, lines=sidebar_lines(context))],
            "header": [render_fragment("header", "header.html", page=context)],
            "messages": messages or _render_beginning(context),
            "thread": thread,
            "home": [_render_home(context)] if context.shows_home else [],
            "modals": [_render_modal(view, context) for view in views],
            "clock": [render_clock(context)],
            "arrived": render_arrivals(context),
            "now": [render_narrow_clock(context)],
            "traffic": traffic,
        }

    def _messages(self, context: PageContext) -> list[Json]:
        """List a conversation's messages, with what the acting person has entered."""
        entered = self.sandbox.message_state(context.target, context.me["id"])
        messages = self.sandbox.messages(context.target, context.me["id"])
        return [
            message | ({"state": entered[message["ts"]]} if message["ts"] in entered else {}) for message in messages
        ]

    def _traffic(self, context: PageContext) -> Iterable[Fragment]:
        if not context.location.inspect:
            return []
        return self.traffic.exchanges(self.sandbox.traffic(0), context.reader, context.location)

    def _conversation(self, context: PageContext, messages: list[Json], thread: str) -> Iterator[Fragment]:
        place = replace(context.location, thread=thread)
        return self.conversation.fragments(
            messages, context.reader, place, context.target, context.app, context.shortcuts("message")
        )


def _collect(pieces: Iterable[Fragment]) -> Generator[None, None, list[Fragment]]:
    fragments = []
    for fragment in pieces:
        fragments.append(fragment)
        yield
    return fragments


def _result(end: StopIteration) -> tuple[PageContext, Fragments]:
    result: tuple[PageContext, Fragments] = end.value
    return result


def _render_beginning(context: PageContext) -> list[Fragment]:
    return [] if context.shows_home else [render_fragment("beginning", "beginning.html", page=context)]


def _render_home(context: PageContext) -> Fragment:
    def draw(view: Json | None) -> Fragment:
        return render_fragment("home", "home.html", view=view, page=context, reader=context.reader)

    home = context.sandbox.home(context.me["id"])
    return render_filled(draw, home, home["state"]["values"]) if home else draw(None)


def _render_modal(view: Json, context: PageContext) -> Fragment:
    def draw(view: Json) -> Fragment:
        return render_fragment(
            view["id"],
            "modal.html",
            view=view,
            errors=view.get("errors") or {},
            reader=context.reader,
            app=context.app,
        )

    return render_filled(draw, view, view["state"]["values"])
