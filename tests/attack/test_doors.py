"""Whoever holds the signing secret, or only guesses at it, sends what Slack never sends: the bot refuses it."""

import json
import re
import time
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import structlog

from tests.signing import sign
from tests.waiting import PATIENCE


class Anything:
    """Everything that Slack could refuse: here, strange requests make the bot ask Slack strange things."""

    def __contains__(self, _error):
        return True


class Door:
    """The address of the bot, and who stands before it."""

    def __init__(self, town):
        self.url = town.http.get("/sandbox/app").json()["request_url"]
        self.secret = town.sandbox.credentials.signing_secret
        self.team = town.sandbox.credentials.team_id
        self.people = {p["name"]: p["id"] for p in town.http.get("/sandbox/people").json()["people"]}
        self.channels = {c["name"]: c["id"] for c in town.http.get("/sandbox/channels").json()["channels"]}
        self.http = httpx.Client(timeout=PATIENCE)
        self.sent = 0
        town.forgiven = Anything()

    def sends(self, body, kind="application/x-www-form-urlencoded", **headers):
        """Send a body as Slack would, signed unless the headers say otherwise. Return the status."""
        body = body if isinstance(body, bytes) else body.encode()
        stamp = str(int(time.time()))
        signed = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self.secret, stamp, body),
            "Content-Type": kind,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return self.http.post(self.url, content=body, headers=signed).status_code

    def sends_payload(self, payload):
        """Send an interaction."""
        return self.sends(urlencode({"payload": json.dumps(payload)}))

    def submits(self, form, metadata, values):
        """Submit a form. Return the status."""
        self.sent += 1
        view = {"id": f"V{self.sent}", "type": "modal", "callback_id": form, "private_metadata": metadata}
        return self.sends_payload(self.interaction("view_submission", view={**view, "state": {"values": values}}))

    def interaction(self, kind, user="ana", **more):
        self.sent += 1
        return {
            "type": kind,
            "team": {"id": self.team, "domain": "x"},
            "user": {"id": self.people[user], "team_id": self.team},
            "trigger_id": f"{self.sent}.x",
            **more,
        }


KEYS = ("number", "meeting", "minutes", "round", "role", "agency", "version", "page")
CARRIED = dict.fromkeys(KEYS, 1) | {
    "versions": {},
    "titles": [1],
    "ticked": [1],
    "was": {},
    "how": "ADAPTED",
    "stance": "block",
}
UNREADABLE = ["x", "9" * 400, "[]", "\x00", "²"]
METADATA = [
    *("x", "[]", "5", "[" * 1400, '{"a":' * 500),
    *(json.dumps(dict.fromkeys((*CARRIED, "since", "url", "draft"), value)) for value in ("x", [], {}, 10**30, None)),
]
READS = re.compile(r'(?:_value|_number|_numbers|_date|_time|_values|_datetime)\("(\w+)"\)')
FOLDER = Path(__file__).parents[2] / "handlers"
BLOCKS = sorted({name for path in FOLDER.rglob("*.py") for name in READS.findall(path.read_text(encoding="utf-8"))})
"""The block ids of all inputs that the bot reads by a fixed name."""


@pytest.fixture
def door(town):
    tells_a_story(town)
    door = Door(town)
    yield door
    door.http.close()


@pytest.fixture
def bugs():
    """Return what is logged with a traceback meanwhile."""
    with structlog.testing.capture_logs() as logs:
        yield lambda: [entry for entry in logs if entry.get("exc_info")]


def tells_a_story(town):
    """Make something of every kind, so that there are buttons and forms of every kind."""
    for user, text in (
        ("ana", '/propose now "Adopt the calendar"'),
        ("ben", "/vote 1 reservations The May week collides"),
        ("ana", '/propose now "Share the van" rule:majority'),
        ("ana", '/vote new "Which color?" red | green | blue anonymous'),
        ("ana", '/vote new "Rank them" a | b | c kind:ranked'),
        ("ana", '/vote new "Score them" a | b kind:scores'),
        ("ana", '/vote new "When?" 2026-12-10 10:00 | 2026-12-11 10:00 kind:time'),
        ("ana", '/task add "Draft the letter" @cleo due:2026-12-10 hours:3'),
        ("cleo", '/task add "Book the room" due:2026-12-09'),
        ("ana", "/pulse now"),
        ("ana", '/workload role add "Chair" @cleo hours:4'),
        ("ana", '/workload funding add "State grant" 20000'),
        ("ana", '/workload dues "Elm Schools" 500'),
        ("ben", '/workload give hours:3 "Reading lists"'),
        ("ben", '/consortium agency holidays "Elm Schools" 2026-12-21..2027-01-04'),
        ("dov", "/consortium join"),
        ("ana", '/meeting new "Council" 2026-11-30 10:00 for:30m'),
        ("ana", '/meeting new "Board" 2026-12-10 14:00 for:90m every:month'),
        ("ana", '/meeting add "Budget" minutes:15'),
        ("ana", "/consortium undelivered"),
        ("ana", "/consortium decisions"),
        ("ana", "/workload"),
        ("ana", "/meeting"),
        ("ana", "/task late"),
        ("ana", "/consortium import"),
    ):
        town.call("command", user=user, channel="council", text=text)
    town.settle("PT2H")


def input_state(junk):
    """Return what an input of any kind says, with junk in all of it."""
    seconds = int(junk) if junk.isascii() and junk.isdecimal() else 10**18
    return {
        "value": junk,
        "selected_option": {"value": junk},
        "selected_options": [{"value": junk}],
        "selected_date": junk,
        "selected_time": junk,
        "selected_date_time": seconds,
    }


def test_a_button_with_a_value_that_the_bot_never_gives_is_refused_without_a_fault(town, door, bugs):
    message = {
        "channel": {"id": door.channels["council"]},
        "container": {"type": "message", "message_ts": "1.2"},
        "message": {"ts": "1.2"},
        "response_url": f"{town.url}/response/none",
    }
    for action in town.bot.surface.actions:
        for value in UNREADABLE:
            name = action.replace("*", value[:100] if value.isascii() and value.isalnum() else "1")
            pressed = {"action_id": name, "value": value, "selected_option": {"value": value}}
            status = door.sends_payload(door.interaction("block_actions", actions=[pressed], **message))
            assert status in {200, 400}, (action, value)
            assert not bugs(), (action, value)


@pytest.mark.parametrize("place", ["home", "modal"])
def test_a_button_in_a_place_where_it_never_is_does_no_harm(town, door, bugs, place):
    for action in town.bot.surface.actions:
        pressed = {"action_id": action.replace("*", "1"), "value": "1"}
        view = {"id": "V1", "type": place, "private_metadata": "{}"}
        status = door.sends_payload(door.interaction("block_actions", actions=[pressed], view=view))
        assert status in {200, 400}, action
        assert not bugs(), action


def test_a_form_that_carries_what_the_bot_never_gave_it_is_refused_without_a_fault(town, door, bugs):
    for form in town.bot.surface.forms:
        for metadata in METADATA:
            assert door.submits(form, metadata, {}) in {200, 400}, (form, metadata)
            assert not bugs(), (form, metadata)


def test_a_form_that_says_what_nobody_can_choose_is_refused_without_a_fault(town, door, bugs):
    for form in town.bot.surface.forms:
        for junk in UNREADABLE:
            state = {block: {"value": input_state(junk)} for block in BLOCKS}
            assert door.submits(form, json.dumps(CARRIED), state) in {200, 400}, (form, junk)
            assert not bugs(), (form, junk)
