"""The stream of changes: only fragments that look different are sent."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.sandbox import Sandbox, serve
from bot.sandbox.page.conversation import ConversationRenderer
from bot.sandbox.page.fragments import Fragment, changed_fragments
from bot.sandbox.page.location import Location
from bot.sandbox.page.renderer import PageRenderer
from bot.sandbox.page.routes import _stream_changes
from tests.sandbox.conftest import LIMIT


@pytest.fixture
def sandbox():
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def test_only_what_looks_different_is_sent_again():
    seen = {}
    one, two = Fragment("1", "one"), Fragment("2", "two")
    assert list(changed_fragments({"messages": [one, two]}, seen)["messages"]["fresh"]) == ["1", "2"]
    assert changed_fragments({"messages": [one, two]}, seen) == {}
    changed = changed_fragments({"messages": [one, Fragment("2", "new"), Fragment("3", "three")]}, seen)
    assert changed["messages"]["order"] == ["1", "2", "3"]
    assert list(changed["messages"]["fresh"]) == ["2", "3"]
    assert changed_fragments({"messages": [one]}, seen) == {"messages": {"order": ["1"], "fresh": {}}}


def test_an_open_modal_is_not_rendered_again_when_something_else_happens(sandbox):
    ana = sandbox.people()[0]["id"]
    council = sandbox.channels()[0]["id"]
    view = {"type": "modal", "title": None, "submit": None, "close": None, "blocks": [], "external_id": ""}
    sandbox.world.views.open(ana, view)

    async def watch():
        stream = _stream_changes(PageRenderer(sandbox, Location("ana", "council")))
        first = await anext(stream)
        sandbox.world.post_as_bot(council, {"text": "news for all"})
        second = await anext(stream)
        await stream.aclose()
        return first, second

    first, second = (json.loads(event.removeprefix("data: ")) for event in asyncio.run(watch()))
    assert "modals" in first
    assert "modals" not in second
    assert "news for all" in json.dumps(second["messages"]["fresh"])


def test_the_stream_sends_a_second_window_what_the_first_one_posted(sandbox):
    with serve(sandbox) as server, httpx.Client(base_url=server.url, timeout=LIMIT) as browser:
        where = {"as": "ben", "in": "council"}
        with browser.stream("GET", "/page/stream", params=where) as stream:
            lines = (line for line in stream.iter_lines() if line.startswith("data: "))
            next(lines)
            said = browser.post("/sandbox/say", json={"user": "ana", "channel": "council", "text": "<script>&"})
            assert said.json()["ok"]
            event = json.loads(next(lines).removeprefix("data: "))
        (html,) = (html for key, html in event["messages"]["fresh"].items() if key == said.json()["ts"])
        assert "Ana Reyes" in html
        assert "&lt;script&gt;&amp;" in html


def test_two_people_in_one_channel_each_get_their_own_version(sandbox):
    talk, council = ConversationRenderer(), sandbox.channels()[0]["id"]
    sandbox.world.post_as_bot(council, {"text": "hello"})
    looks = [
        PageRenderer(sandbox, Location(who, "council"), talk).render()[1]["messages"] for who in ("ana", "hana", "ana")
    ]
    assert looks[0] == looks[2]
    assert looks[0] != looks[1]


def test_a_message_is_rendered_again_when_its_relative_times_change(sandbox):
    council, talk = sandbox.channels()[0]["id"], ConversationRenderer()
    stamp = int(sandbox.now().timestamp())
    sandbox.world.post_as_bot(council, {"text": f"<!date^{stamp}^said {{ago}}|then>"})
    for turned, words in ((5, "said 5 minutes ago"), (3 * 24 * 60, "said 3 days ago")):
        sandbox.world.clock.advance_to(datetime.fromtimestamp(stamp, UTC) + timedelta(minutes=turned, seconds=1))
        _, parts = PageRenderer(sandbox, Location("ana", "council"), talk).render()
        assert words in "".join(piece.html for piece in parts["messages"])


def test_rendering_hundreds_of_messages_lets_other_tasks_run(sandbox):
    room = next(one["id"] for one in sandbox.channels() if one["name"] == "council")
    for number in range(200):
        sandbox.world.post_as_bot(room, {"text": f"message {number}"})

    async def watched():
        turns = 0
        drawing = asyncio.ensure_future(PageRenderer(sandbox, Location("ana", "council")).render_async())
        while not drawing.done():
            turns += 1
            await asyncio.sleep(0)
        return turns, drawing.result()[1]

    turns, parts = asyncio.run(watched())
    assert turns > 2
    assert len(parts["messages"]) == 201
