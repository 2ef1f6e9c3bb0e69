"""Entered values are rendered again, and do not disturb the window in which they are entered."""

import asyncio

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.blockkit.input_state import initial_state, with_state
from bot.sandbox.interactions.block_actions import perform_block_action
from bot.sandbox.page.fragments import changed_fragments
from bot.sandbox.page.location import Location
from bot.sandbox.page.renderer import PageRenderer
from bot.sandbox.web_api.views import fill_initial_state, replace_content
from tests.sandbox.block_builders import field, modal, plain
from tests.sandbox.test_input_state import FIELDS

PLACES = ("modals", "messages", "home")
ELM, OAK = ({"text": plain(word), "value": word.lower()} for word in ("Elm", "Oak"))
FORM = [
    field("Name", {"type": "plain_text_input", "action_id": "a", "initial_value": "so far"}),
    field("School", {"type": "static_select", "action_id": "a", "options": [ELM, OAK], "initial_option": ELM}),
    field("Boxes", {"type": "checkboxes", "action_id": "a", "options": [ELM, OAK], "initial_options": [ELM]}),
    field("Day", {"type": "datepicker", "action_id": "a"}),
]
DONE = {"name": "my </own> words", "school": "oak", "boxes": ["oak"], "day": "2026-12-24"}
SHOWN = [
    'value="my &lt;/own&gt; words"',
    'value="Oak" data-value="oak"',
    'value="oak" checked',
    'value="2026-12-24"',
]
FIRST = ['value="so far"', 'value="Elm" data-value="elm"', 'value="elm" checked', 'value=""']


@pytest.fixture
def sandbox():
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


class Desk:
    """Ana with the same form in a modal, in a message and on the home tab."""

    def __init__(self, sandbox):
        self.sandbox, world = sandbox, sandbox.world
        self.ana = world.directory.person("ana").id
        self.room = sandbox.channels()[0]["id"]
        self.view = fill_initial_state(world, world.views.open(self.ana, modal(*FORM, external_id="")))
        self.ts = world.post_as_bot(self.room, {"text": "Form", "blocks": FORM}).ts
        fill_initial_state(world, world.views.publish(self.ana, {"type": "home", "blocks": FORM, "external_id": ""}))

    def fills_in(self, place, **values):
        where = {
            "modals": {"view_id": self.view.id},
            "messages": {"channel": self.room, "ts": self.ts},
            "home": {"home": True},
        }[place]
        for block, value in values.items():
            body = {"user": "ana", "action_id": "a", "block_id": block, "value": value, **where}
            asyncio.run(perform_block_action(self.sandbox.world, self.sandbox.deliveries, body))

    def sees(self, place, who="ana"):
        room = {"room": "@" + who, "tab": "home"} if place == "home" else {"room": self.room}
        _, parts = PageRenderer(self.sandbox, Location(who, **room)).render()
        return {place: parts[place]}

    def reads(self, place, who="ana"):
        return " ".join("".join(piece.html for piece in self.sees(place, who)[place]).split())


@pytest.mark.parametrize("place", PLACES)
def test_entered_values_are_rendered_again(sandbox, place):
    desk, seen = Desk(sandbox), {}
    assert [words for words in FIRST if words not in desk.reads(place)] == []
    changed_fragments(desk.sees(place), seen)
    desk.fills_in(place, **DONE)
    drawn = desk.reads(place)
    assert [words for words in SHOWN if words not in drawn] == []
    assert [words for words in FIRST[:3] if words in drawn] == []
    assert changed_fragments(desk.sees(place), seen) == {}, "the window in which it was filled in shows it already"
    if place == "messages":
        assert [words for words in FIRST if words not in desk.reads(place, "ben")] == []


def test_a_cleared_value_is_empty(sandbox):
    desk = Desk(sandbox)
    desk.fills_in("modals", name=None, boxes=[])
    assert "so far" not in desk.reads("modals")
    assert "checked" not in desk.reads("modals")


def test_an_update_keeps_entered_values_and_is_sent(sandbox):
    desk, seen = Desk(sandbox), {}
    desk.fills_in("modals", **DONE)
    changed_fragments(desk.sees("modals"), seen)
    replace_content(
        sandbox.world, desk.view, modal({"type": "header", "text": plain("Changed")}, *FORM, external_id="")
    )
    (told,) = changed_fragments(desk.sees("modals"), seen)["modals"]["fresh"].values()
    assert "Changed" in told
    assert SHOWN[0] in told


def test_an_uploaded_file_is_named(sandbox):
    desk = Desk(sandbox)
    replace_content(
        sandbox.world, desk.view, modal(field("Plan", {"type": "file_input", "action_id": "a"}), external_id="")
    )
    desk.fills_in("modals", plan={"name": "elm <plan>.ics", "content": "…"})
    assert ">elm &lt;plan&gt;.ics</p>" in desk.reads("modals")


@pytest.mark.parametrize("kind", FIELDS)
def test_entered_values_become_initial_values_in_every_kind_of_field(kind):
    more, holds, empty, start, value = FIELDS[kind]
    bare = [field("F", {"type": kind, "action_id": "a", **more})]
    begun = [field("F", {"type": kind, "action_id": "a", **more, start: value})]
    assert with_state(bare, initial_state(begun)) == begun
    assert initial_state(with_state(begun, initial_state(bare))) == {"f": {"a": {"type": kind, holds: empty}}}
    assert with_state(begun, {"f": {"a": {"type": "other", holds: empty}}}) == begun
    inside = [{"type": "container", "block_id": "c", "child_blocks": bare}]
    assert with_state(inside, initial_state(begun))[0]["child_blocks"] == begun
