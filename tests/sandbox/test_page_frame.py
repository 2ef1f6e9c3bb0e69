"""Around the messages: the acting person, members, unread marks, and the clock."""

import asyncio
import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.sandbox import Channel, Person, Sandbox, Workspace, serve
from bot.sandbox.page.context import load_context
from bot.sandbox.page.location import Location
from bot.sandbox.page.renderer import PageRenderer
from bot.sandbox.page.sidebar import sidebar_lines
from bot.sandbox.page.traffic import render_detail
from tests.sandbox.conftest import LIMIT

NOON = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
PEOPLE = (
    Person("ana", "Ana Reyes", title="Superintendent, Elm Schools"),
    Person("ben", "Ben Ortiz", tz="Europe/Berlin"),
    Person("cleo", "Cleo Marchetti"),
)
CHANNELS = (Channel("council", ("ana", "ben")), Channel("inner", ("ana",), private=True))


@pytest.fixture
def sandbox():
    sandbox = Sandbox(Workspace("Valleys", "valleys", PEOPLE, CHANNELS), starts_at=NOON)
    yield sandbox
    sandbox.close()


def conversation(sandbox, name, user="ana"):
    directory = sandbox.world.directory
    return directory.channel(name, directory.person(user)).id


def post(sandbox, name, text, **more):
    return sandbox.world.post_as_bot(conversation(sandbox, name), {"text": text}, **more).ts


def draw(sandbox, **query):
    _, parts = PageRenderer(sandbox, Location.of({"as": "ana", "in": "council", **query})).render()
    return {name: " ".join("\n".join(piece.html for piece in pieces).split()) for name, pieces in parts.items()}


def turn(sandbox, **body):
    return asyncio.run(sandbox.clock_service.advance(body))


def test_the_members_of_a_channel_are_listed_with_their_titles(sandbox):
    header = draw(sandbox)["header"]
    assert "2 members" in header
    assert "Superintendent, Elm Schools" in header
    assert "Cleo" not in header


def test_unread_marks_count_only_messages_by_others(sandbox):
    first = post(sandbox, "council", "hello")
    post(sandbox, "council", "in a thread", thread_ts=first)
    sandbox.world.messages.add(conversation(sandbox, "council"), {"user": sandbox.world.directory.person("ana").id})
    direct = [post(sandbox, "@ana", text) for text in ("one", "two")]
    recent = {line["name"]: line["recent"] for line in sidebar_lines(load_context(sandbox, Location("ana", "council")))}
    assert recent == {"council": first, "inner": "", "Consortium": " ".join(reversed(direct)), "Home": ""}


@pytest.mark.parametrize(
    ("who", "monday"), [("ana", "2026-12-07T09:00:00-07:00"), ("ben", "2026-12-07T09:00:00+01:00")]
)
def test_the_clock_offers_monday_in_the_persons_own_zone(sandbox, who, monday):
    assert f'data-to="{monday}"' in draw(sandbox, **{"as": who})["clock"]


def test_the_clock_names_what_is_due_next_and_offers_its_time(sandbox):
    assert "Nothing is due yet." in draw(sandbox)["clock"]
    due = NOON + timedelta(days=1)
    sandbox.clock_service.register(
        {"follower": "bot", "seen": None, "next_due": due.isoformat(), "next_words": "a <b>report"}
    )
    clock = draw(sandbox)["clock"]
    assert f'data-to="{due.isoformat()}"' in clock
    assert "Next: a &lt;b&gt;report" in clock
    assert "Wed 12:00 PM" in clock


def test_messages_that_came_during_an_advance_are_counted_by_conversation(sandbox):
    post(sandbox, "council", "before")
    turn(sandbox, advance="P1D")
    assert not draw(sandbox)["arrived"]
    stop = sandbox.world.clock.advance_to
    said = iter(["council", "@ana", "council"])

    def turn_to(moment):
        stop(moment)
        with suppress(StopIteration):
            post(sandbox, next(said), "on the way")

    sandbox.world.clock.advance_to = turn_to
    turn(sandbox, advance="P1D", over=0.01)
    post(sandbox, "council", "afterwards")
    arrived = draw(sandbox)["arrived"]
    assert "2 messages in #council" in arrived
    assert "1 direct message<" in arrived
    assert "direct" not in draw(sandbox, **{"as": "cleo"})["arrived"]
    turn(sandbox, advance="PT1H")
    assert not draw(sandbox)["arrived"]


def test_two_people_are_shown_side_by_side(sandbox):
    with serve(sandbox) as server, httpx.Client(base_url=server.url, timeout=LIMIT) as browser:
        both = browser.get("/split", params={"left": "ana", "right": "ben", "in": "council"})
        assert [both.text.count(f'src="/?as={who}&amp;in=council"') for who in ("ana", "ben", "cleo")] == [1, 1, 0]
        assert "frame-src 'self'" in both.headers["Content-Security-Policy"]
        assert 'href="/split?left=ana&amp;right=ben&amp;in=council"' in browser.get("/?as=ana&in=council").text


def test_the_composer_knows_who_and_what_can_be_mentioned(sandbox):
    names = load_context(sandbox, Location("ben", "council")).mentionable
    assert {"name": "ana", "called": "Ana Reyes", "title": "Superintendent, Elm Schools"} in names["people"]
    assert [room["name"] for room in names["channels"]] == ["council"]


def test_the_start_location_is_shown_without_an_address():
    workspace = Workspace("Valleys", "valleys", PEOPLE, CHANNELS)
    with serve(Sandbox(workspace, opens={"as": "ben", "in": "council"})) as server:
        assert 'data-who="ben"' in httpx.get(server.url, timeout=LIMIT).text
        assert 'data-who="cleo"' in httpx.get(f"{server.url}/?as=cleo", timeout=LIMIT).text


def note(sandbox, direction, method, **more):
    entry = {"at": NOON.isoformat(), "status": 200, "answer": {"ok": True}, "fault": None, "ms": 2, "body": {}}
    sandbox.world.traffic.record({**entry, "direction": direction, "method": method, **more})


@pytest.mark.parametrize(
    ("wanted", "methods"),
    [
        ({}, ["first.call", "bad.call", "forced.call", "interactive", "late"]),
        ({"way": "to_app"}, ["interactive", "late"]),
        ({"way": "from_app", "find": "CALL"}, ["first.call", "bad.call", "forced.call"]),
        ({"failed": "1"}, ["bad.call", "forced.call", "late"]),
        ({"find": "tulips red"}, ["first.call"]),
        ({"find": "nothing like it"}, []),
    ],
)
def test_the_traffic_is_filtered_by_direction_failure_and_text(sandbox, wanted, methods):
    note(sandbox, "from_app", "first.call", body={"text": "Red tulips"})
    note(sandbox, "from_app", "bad.call", answer={"ok": False, "error": "invalid_blocks"})
    note(sandbox, "from_app", "forced.call", answer=None, fault="drop_reply", status=None)
    note(sandbox, "to_app", "interactive", body={"type": "interactive"})
    note(sandbox, "to_app", "late", fault="http_timeout", status=None, answer=None)
    html = draw(sandbox, inspect="1", **wanted)["traffic"]
    assert re.findall(r'class="what">([^<]*)<', html)[::-1] == methods


def test_an_exchange_shows_its_details_and_why_slack_refuses_it(sandbox):
    wrong = {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] too long /blocks/0"]}}
    note(sandbox, "from_app", "chat.postMessage", body={"blocks": '[{"type": "section"}]', "text": "<b>"}, answer=wrong)
    note(sandbox, "to_app", "events_api", fault="http_timeout", status=None, answer=None)
    with serve(sandbox) as server, httpx.Client(base_url=server.url, timeout=LIMIT) as browser:
        refused, late, none = (browser.get(f"/page/exchange/{number}").text for number in (1, 2, 3))
    assert "Slack would have refused this too." in refused
    assert "[ERROR] too long /blocks/0" in refused
    assert "&#34;type&#34;: &#34;section&#34;" in refused
    assert "&lt;b&gt;" in refused
    assert "did not answer in time" in late
    assert none == "There is no such exchange."


def test_a_response_that_slack_would_not_accept_is_marked(sandbox):
    note(sandbox, "to_app", "slash_commands", body={"command": "/hello", "text": ""}, answer={"blocks": "none"})
    sandbox.world.traffic.record_refusal(1, "invalid_blocks", ["[ERROR] no list"])
    assert '<span class="outcome bad">invalid_blocks</span>' in draw(sandbox, inspect="1", failed="1")["traffic"]
    told = render_detail(sandbox.traffic()[0], load_context(sandbox, Location("ana")).reader)
    assert "Slack would not have accepted this response." in told
    assert "[ERROR] no list" in told


def test_of_thousands_of_exchanges_only_the_latest_are_rendered_once(sandbox):
    for _ in range(1500):
        note(sandbox, "from_app", "chat.update")
    canvas = PageRenderer(sandbox, Location("ana", "council", inspect="1"))
    first, second = (canvas.render()[1]["traffic"] for _ in range(2))
    assert "The latest 200 of 1500" in first[0].html
    assert len(first) == 201
    assert all(one is other for one, other in zip(first[1:], second[1:], strict=True))


def test_a_tour_is_passed_to_the_page_unchanged():
    steps = [{"title": "Say </script> hello", "text": "In #council.", "done": {"sent": "/hello"}}]
    with serve(Sandbox(Workspace("Valleys", "valleys", PEOPLE, CHANNELS), tour=steps)) as server:
        page = httpx.get(server.url, timeout=LIMIT).text
    found = re.search(r'<script type="application/json" id="tour-steps">(.*?)</script>', page)
    assert json.loads(found[1]) == steps
