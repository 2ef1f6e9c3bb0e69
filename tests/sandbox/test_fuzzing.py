"""The sandbox answers every request: invalid input is refused and breaks nothing."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import ELEMENTS
from bot.sandbox.blockkit.surfaces import message_errors, view_errors
from bot.sandbox.control import CALLS
from tests.sandbox.block_builders import button, plain

NAMES = st.sampled_from(
    [
        "type",
        "text",
        "elements",
        "element",
        "accessory",
        "options",
        "option_groups",
        "initial_option",
        "block_id",
        "action_id",
        "value",
        "rows",
        "fields",
        "label",
        "blocks",
        "title",
        "chart",
        "series",
        "axis_config",
        "placeholder",
    ]
)
WORDS = st.sampled_from(["", "x", "plain_text", "mrkdwn", "modal", "home", "x" * 4000, *BLOCKS, *ELEMENTS])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5))


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_no_blocks_break_the_validation(value):
    for judge in (
        message_errors,
        lambda view: view_errors(view, "modal"),
        lambda view: view_errors(view, "home"),
    ):
        assert all(fault.startswith("[ERROR] ") for fault in judge(value))
        assert all(fault.startswith("[ERROR] ") for fault in judge({"type": "modal", "blocks": [value]}))
        assert all(fault.startswith("[ERROR] ") for fault in judge([value]))


VALUES = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(NAMES, LEAVES, max_size=2)
FIELDS = st.sampled_from(
    [
        "user",
        "channel",
        "text",
        "ts",
        "action_id",
        "block_id",
        "value",
        "view_id",
        "values",
        "home",
        "members",
        "join",
        "name",
        "tz",
        "deleted",
        "email",
        "method",
        "fault",
        "times",
        "retry_after",
        "event",
        "event_id",
        "all",
        "thread_ts",
    ]
)
KNOWN = {"user": "ana", "channel": "general"}


@pytest.mark.parametrize(
    "call", [name for verb, name, _ in CALLS if verb == "POST" and not name.startswith(("clock", "app"))]
)
@given(body=st.dictionaries(FIELDS, VALUES, max_size=4), known=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_control_call_breaks(calm, call, body, known):
    sent = {**body, **(KNOWN if known else {})}
    answer = calm.http.post(f"/sandbox/{call}", content=json.dumps(sent))
    assert answer.status_code < 500
    assert isinstance(answer.json()["ok"], bool)


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "views.open", "views.publish", "users.list"])
@given(
    body=st.dictionaries(
        st.sampled_from(["channel", "text", "blocks", "view", "ts", "limit", "cursor", "user_id"]), VALUES
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_method_breaks(calm, method, body):
    headers = {"Authorization": f"Bearer {calm.sandbox.credentials.bot_token}"}
    answer = calm.http.post(f"/api/{method}", json=body, headers=headers)
    assert answer.status_code in (200, 429)


def test_an_unpaired_surrogate_is_not_stored(slack):
    body = '{"user": "ana", "channel": "general", "text": "\\ud83d and \\ud83d\\ude00"}'
    assert slack.http.post("/sandbox/say", content=body).json()["ok"]
    assert slack.texts() == ["? and 😀"]
    blocks = [{"type": "actions", "elements": [button(text=plain("😀"))]}]
    assert slack.api("chat.postMessage", channel=slack.channel(), text="x", blocks=blocks)["ok"]
    assert slack.http.get("/").status_code == 200
