"""The page: which location an address shows, and what is rendered there."""

import json
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.sandbox import Channel, Person, Sandbox, Workspace, serve
from bot.sandbox.page.location import Location
from bot.sandbox.page.renderer import PageRenderer
from tests.sandbox.conftest import LIMIT

STATIC = Path(__file__).parents[2] / "bot/sandbox/static"
NOON = datetime(2026, 12, 1, 19, 0, tzinfo=UTC)
MANIFEST = {"features": {"slash_commands": [{"command": "/propose", "description": "Decide </script>"}]}}
PEOPLE = (
    Person("ana", "Ana Reyes"),
    Person("ben", "Ben Ortiz", tz="Europe/Berlin"),
    Person("gone", "Gone Away", deleted=True),
    Person("zed", "Zed Outside", home="T9"),
)
CHANNELS = (
    Channel("council", ("ana", "ben"), topic="Where <agencies> decide"),
    Channel("inner", ("ana",), private=True),
)


@pytest.fixture
def sandbox():
    workspace = Workspace("Valleys", "valleys", PEOPLE, CHANNELS)
    sandbox = Sandbox(workspace, starts_at=NOON, manifest=MANIFEST)
    yield sandbox
    sandbox.close()


def identity(sandbox, name):
    return next(person["id"] for person in sandbox.people() if person["name"] == name)


def room(sandbox, name="council"):
    return next(channel["id"] for channel in sandbox.channels() if channel["name"] == name)


def post(sandbox, text, *, reader=None, thread=None, **content):
    user = identity(sandbox, reader) if reader else None
    message = sandbox.world.post_as_bot(room(sandbox), {"text": text, **content}, reader=user, thread_ts=thread)
    return message.ts


def draw(sandbox, **query):
    _, parts = PageRenderer(sandbox, Location.of({"as": "ana", "in": "council", **query})).render()
    return {name: " ".join("\n".join(piece.html for piece in pieces).split()) for name, pieces in parts.items()}


@contextmanager
def browsing(sandbox):
    with serve(sandbox) as server, httpx.Client(base_url=server.url, timeout=LIMIT) as client:
        yield client


def test_the_page_opens_for_the_person_in_the_address(sandbox):
    with browsing(sandbox) as browser:
        page = browser.get("/", params={"as": "ben", "in": "council"})
        assert page.status_code == 200
        assert "<title>#council · Ben Ortiz</title>" in page.text
        assert 'data-who="ben"' in page.text
        assert "Where &lt;agencies&gt; decide" in page.text
        assert "other workspace" in page.text
        assert "Gone Away" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_the_page_loads_only_small_local_files(sandbox):
    with browsing(sandbox) as browser:
        page = browser.get("/").text
        files = [path.name for path in STATIC.iterdir()]
        answers = [browser.get(f"/static/{name}") for name in files]
        assert {answer.status_code for answer in answers} == {200}
        assert len(page) + sum(len(answer.content) for answer in answers) < 300_000
        sources = [
            page,
            *(answer.text.replace('xmlns="http://www.w3.org/2000/svg"', "") for answer in answers),
        ]
        assert not [text for text in sources if re.search(r"https?://\w", text)]


def test_commands_reach_the_composer_without_becoming_markup(sandbox):
    with browsing(sandbox) as browser:
        page = browser.get("/").text
        inside = page.split('<script type="application/json" id="commands">')[1].split("</script>")[0]
        assert json.loads(inside)[0]["description"] == "Decide </script>"


@pytest.mark.parametrize("query", [{}, {"as": "nobody", "in": "nowhere"}, {"as": "gone"}, {"thread": "1.0"}])
def test_an_unknown_location_shows_an_existing_one(sandbox, query):
    with browsing(sandbox) as browser:
        page = browser.get("/", params=query)
        assert page.status_code == 200
        assert "<title>#council · Ana Reyes</title>" in page.text


def test_direct_messages_are_those_of_the_acting_person(sandbox):
    context, _ = PageRenderer(sandbox, Location.of({"as": "ben", "in": "@ana"})).render()
    assert context.target == "@ben"


def test_the_page_shows_a_private_channel_only_to_members(sandbox):
    assert "inner" in draw(sandbox)["sidebar"]
    assert "inner" not in draw(sandbox, **{"as": "ben"})["sidebar"]
    assert "inner" not in draw(sandbox, **{"as": "ben", "in": "inner"})["header"]


def test_people_of_another_workspace_see_only_their_channels(sandbox):
    parts = draw(sandbox, **{"as": "zed"})
    assert "council" not in parts["sidebar"]
    assert "You and" in parts["messages"]


def test_messages_show_author_and_time_in_the_readers_zone(sandbox):
    post(sandbox, "*Hello*")
    assert "12:00 PM" in draw(sandbox)["messages"]
    parts = draw(sandbox, **{"as": "ben"})["messages"]
    assert "8:00 PM" in parts
    assert "<strong>Hello</strong>" in parts
    assert '<span class="badge">App</span>' in parts
    assert "Today" in parts


def test_an_ephemeral_is_marked_and_shown_only_to_its_reader(sandbox):
    post(sandbox, "between us", reader="ana")
    assert "Only visible to you" in draw(sandbox)["messages"]
    assert "between us" not in draw(sandbox, **{"as": "ben"})["messages"]


def test_replies_are_shown_in_their_thread_and_counted_in_the_channel(sandbox):
    first = post(sandbox, "the question")
    post(sandbox, "the reply", thread=first)
    parts = draw(sandbox, thread=first)
    assert "the reply" not in parts["messages"]
    assert ">1 reply</a>" in parts["messages"]
    assert "the question" in parts["thread"]
    assert "the reply" in parts["thread"]


def test_the_same_authors_next_message_has_no_second_name(sandbox):
    post(sandbox, "one")
    post(sandbox, "two")
    assert draw(sandbox)["messages"].count('class="byline"') == 1


def test_an_old_message_is_shown_under_its_own_day(sandbox):
    post(sandbox, "early")
    sandbox.world.clock.advance_to(datetime(2026, 12, 3, 19, 0, tzinfo=UTC))
    post(sandbox, "late")
    parts = draw(sandbox)["messages"]
    assert "Tuesday, December 1st" in parts
    assert "Today" in parts


def test_modals_are_rendered_as_a_stack_with_the_top_one_last(sandbox):
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Propose <b>"},
        "submit": {"type": "plain_text", "text": "Post"},
        "close": None,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "blocks": [{"type": "divider", "block_id": "d"}],
    }
    below = sandbox.world.views.open(identity(sandbox, "ana"), view)
    top = sandbox.world.views.push(identity(sandbox, "ana"), view)
    _, parts = PageRenderer(sandbox, Location.of({"as": "ana"})).render()
    assert [piece.key for piece in parts["modals"]] == [below.id, top.id]
    assert "Propose &lt;b&gt;" in parts["modals"][0].html
    assert "Cancel" in parts["modals"][0].html
    assert draw(sandbox, **{"as": "ben"})["modals"] == ""


def test_an_unpublished_home_tab_says_so(sandbox):
    parts = draw(sandbox, **{"in": "@ana", "tab": "home"})
    assert "has not published its home tab yet" in parts["home"]
    assert parts["messages"] == ""


def test_the_traffic_is_rendered_on_request_newest_first(sandbox):
    entry = {"direction": "from_app", "at": NOON.isoformat(), "status": 200, "fault": None, "ms": 2}
    sandbox.world.traffic.record(
        {**entry, "method": "chat.postMessage", "body": {"text": "<b>"}, "answer": {"ok": True}}
    )
    sandbox.world.traffic.record(
        {**entry, "method": "views.open", "body": {}, "answer": {"ok": False, "error": "expired_trigger_id"}},
    )
    commanded = {"command": "/propose", "text": "now"}
    sandbox.world.traffic.record({**entry, "method": "slash_commands", "body": commanded, "answer": None})
    sandbox.world.traffic.record({**entry, "method": "interactive", "body": {"type": "view_submission"}, "answer": "x"})
    assert draw(sandbox)["traffic"] == ""
    parts = draw(sandbox, inspect="1")["traffic"]
    assert "/propose now" in parts
    assert "view_submission" in parts
    assert parts.index("views.open") < parts.index("chat.postMessage")
    assert '<span class="outcome bad">expired_trigger_id</span>' in parts
    assert "4 exchanges" in parts


def test_a_permalink_opens_the_message_for_the_person_who_follows_it(sandbox):
    ts, thread = post(sandbox, "hello"), post(sandbox, "first")
    with browsing(sandbox) as client:
        place = f"/archives/{room(sandbox)}/p{ts.replace('.', '')}"
        redirect = client.get(place, params={"as": "ben"})
        assert redirect.status_code == 303
        assert redirect.headers["location"] == f"/?as=ben&in={room(sandbox)}#m{ts.replace('.', '-')}"
        assert "hello" in client.get(redirect.headers["location"]).text
        threaded = client.get(place, params={"thread_ts": thread, "cid": room(sandbox)}).headers["location"]
        assert f"thread={thread}" in threaded
        inner = client.get(f"/archives/{room(sandbox, 'inner')}/p{ts.replace('.', '')}", params={"as": "ben"})
        assert "inner" not in client.get(inner.headers["location"]).text, "who may not look there comes nowhere"
        for wrong in ("p12", "p" + "x" * 16, "..", "p" + "1" * 17):
            assert client.get(f"/archives/{room(sandbox)}/{wrong}").status_code == 404
