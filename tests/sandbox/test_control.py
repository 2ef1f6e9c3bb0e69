"""The control interface answers every request with a sentence, and never breaks."""

import asyncio
import concurrent.futures

import httpx
import pytest

from bot.sandbox import Channel, Person, Sandbox, Workspace, empty_workspace, serve
from tests.sandbox.block_builders import button, field, modal, plain
from tests.sandbox.conftest import LIMIT, driving

ACT = {"user": "ana", "channel": "general", "ts": "{ts}", "action_id": "press"}

WRONG = [
    ("command", {}, "user"),
    ("command", {"user": "nobody", "channel": "general", "text": "/x"}, "there is no 'nobody'"),
    ("command", {"user": "consortium", "channel": "general", "text": "/x"}, "is the app"),
    ("command", {"user": "ana", "channel": "nowhere", "text": "/x"}, "there is no 'nowhere'"),
    ("command", {"user": "ana", "channel": "general"}, "text"),
    ("command", {"user": "ana", "channel": "general", "text": "propose"}, "starts with a slash"),
    ("command", {"user": "ana", "channel": "general", "text": 5}, "text"),
    ("command", {"user": ["ana"], "channel": "general", "text": "/x"}, "user"),
    ("command", {"user": "ana", "channel": {}, "text": "/x"}, "channel"),
    ("command", {"user": "ana", "channel": "@ben", "text": "/x"}, "is not in"),
    ("say", {"user": "ana", "channel": "general", "text": "  "}, "text"),
    ("say", {"user": "ana", "channel": "general", "text": "x", "thread_ts": 5}, "thread_ts"),
    ("act", {"user": "ana", "action_id": "press"}, "where"),
    ("act", {**ACT, "ts": "1.000001"}, "sees no message"),
    ("act", {**ACT, "ts": {}}, "sees no message"),
    ("act", {**ACT, "action_id": "other"}, "there is no 'other' here; there is press, day"),
    ("act", {**ACT, "block_id": "other"}, "action_id"),
    ("act", {**ACT, "action_id": "day", "value": "tomorrow"}, "not a date"),
    ("act", {"user": "ana", "home": True, "action_id": "x"}, "nothing has been published"),
    ("act", {"user": "ana", "view_id": "VNONE", "action_id": "x"}, "no view"),
    ("submit", {"user": "ana"}, "no view None open"),
    ("submit", {"user": "ana", "view_id": ["V"]}, "view"),
    ("close", {"user": "ana", "view_id": 5}, "view"),
    ("home", {"user": "nobody"}, "nobody"),
    ("faults", {}, "method"),
    ("faults", {"method": "chat.update", "fault": ["500"]}, "fault"),
    ("faults", {"method": "chat.update", "fault": "500", "times": 0}, "times"),
    ("faults", {"method": "chat.update", "fault": "500", "times": "many"}, "times"),
    ("app", {"mode": "pigeon"}, "mode"),
    ("app", {"request_url": "over there"}, "request_url"),
    ("app", {"request_url": "http://[", "mode": "http"}, "request_url"),
    ("app", {"request_url": "http://host:port/", "mode": "http"}, "request_url"),
    ("app", {"request_url": 5}, "request_url"),
    ("app", {"scopes": "all"}, "scopes"),
    ("app", {"manifest": "yaml"}, "manifest"),
    ("app", {"manifest": {"features": 5}}, "manifest"),
    ("people", {}, "name"),
    ("people", {"user": "nobody", "deleted": True}, "nobody"),
    ("people", {"user": "ana", "tz": "Mars/Olympus"}, "not a time zone"),
    ("people", {"user": "ana", "deleted": "yes"}, "deleted"),
    ("people", {"name": "ana"}, "already"),
    ("people", {"name": "ida", "channels": 5}, "channels"),
    ("people", {"name": "ida", "home": 5}, "home"),
    ("channels", {}, "name"),
    ("channels", {"name": "general"}, "already"),
    ("channels", {"name": "new", "members": "ana"}, "members"),
    ("channels", {"name": "new", "members": [5]}, "user"),
    ("channels", {"channel": "general", "leave": ["nobody"]}, "nobody"),
    ("event", {}, "event"),
    ("event", {"event": {"kind": "x"}}, "event"),
    ("repeat", {}, "nothing has been delivered"),
]


@pytest.fixture(scope="module")
def ts(calm):
    elements = [button(), {"type": "datepicker", "action_id": "day"}]
    blocks = [{"type": "actions", "elements": elements}]
    return calm.api("chat.postMessage", channel=calm.channel(), text="x", blocks=blocks)["ts"]


@pytest.mark.parametrize(("call", "body", "words"), WRONG)
def test_a_refusal_says_what_was_wrong(calm, ts, call, body, words):
    fitted = {name: value.format(ts=ts) if isinstance(value, str) else value for name, value in body.items()}
    answer = calm.http.post(f"/sandbox/{call}", json=fitted)
    assert 400 <= answer.status_code < 500
    assert answer.json()["ok"] is False
    assert words in answer.json()["error"]


@pytest.mark.parametrize("call", ["messages", "views", "messages?channel=general&user=nobody", "traffic?since=x"])
def test_a_missing_query_parameter_is_refused(calm, call):
    answer = calm.http.get(f"/sandbox/{call}")
    assert (answer.status_code // 100, answer.json()["ok"]) == (4, False)


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b"\xff"])
def test_a_body_that_is_not_an_object_is_refused(calm, body):
    answer = calm.http.post("/sandbox/command", content=body)
    assert (answer.status_code, answer.json()["ok"]) == (400, False)


def test_an_unknown_address_is_answered_in_the_same_shape(calm):
    assert calm.http.get("/sandbox/nothing").json() == {"ok": False, "error": "Not Found"}
    assert calm.http.get("/sandbox/command").status_code == 405


def test_the_empty_workspace_has_eight_people_in_two_channels(slack):
    people = slack.get("people")["people"]
    assert [entry["name"] for entry in people] == ["ana", "ben", "cleo", "dov", "eva", "finn", "gus", "hana"]
    assert {entry["name"]: len(entry["members"]) for entry in slack.get("channels")["channels"]} == {
        "general": 8,
        "council": 8,
    }
    assert slack.get("messages", channel="general", user="ana")["messages"] == []


def test_an_app_finds_everything_it_needs(slack):
    app = slack.get("app")
    assert app["api_url"] == slack.server.api_url
    assert app["bot_token"].startswith("xoxb-")
    assert app["app_token"].startswith("xapp-")
    assert (app["mode"], app["request_url"]) == ("socket", None)
    assert "chat:write" in app["scopes"]


def test_a_manifest_sets_scopes_commands_and_events(slack):
    manifest = {
        "oauth_config": {"scopes": {"bot": ["commands"]}},
        "features": {"slash_commands": [{"command": "/propose", "description": "Propose", "usage_hint": "[title]"}]},
        "settings": {"event_subscriptions": {"bot_events": ["team_join"]}},
    }
    answer = slack.post("app", manifest=manifest)
    assert answer["scopes"] == ["commands"]
    assert answer["commands"][0]["usage_hint"] == "[title]"
    refused = slack.post("command", user="ana", channel="general", text="/vote")
    assert refused["error"] == "text: /vote is not a valid command; there are /propose"


def test_only_members_see_a_private_channel(slack):
    slack.post("channels", name="hidden", private=True, members=["ana"], bot=True)
    slack.web.chat_postMessage(channel=slack.channel("hidden"), text="psst")
    assert slack.texts("hidden", "ana") == ["psst"]
    assert "cannot read" in slack.get("messages", channel="hidden", user="ben")["error"]
    slack.post("channels", channel="hidden", join=["ben"], leave=["ana"])
    assert slack.texts("hidden", "ben") == ["psst"]


def test_only_the_top_view_can_be_used(slack):
    bottom = slack.api("views.open", trigger_id=slack.trigger(), view=modal())["view"]["id"]
    trigger = slack.sandbox.world.triggers.issue(slack.user(), bottom)
    slack.api("views.push", trigger_id=trigger, view=modal())
    refused = slack.http.post("/sandbox/submit", json={"user": "ana", "view_id": bottom, "values": {}})
    assert (refused.status_code, "is under" in refused.json()["error"]) == (409, True)


@pytest.mark.parametrize(
    ("element", "value", "said"),
    [
        ({"type": "email_text_input"}, "ana at home", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "example", "Please enter a valid URL."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a whole number."),
        ({"type": "number_input", "is_decimal_allowed": True}, "x", "Please enter a valid number."),
        (
            {"type": "number_input", "is_decimal_allowed": True, "max_value": "2"},
            3,
            "Please enter a number of at most 2.",
        ),
        ({"type": "plain_text_input", "max_length": 3}, "four", "Please enter no more than 3 characters."),
        ({"type": "plain_text_input"}, "   ", "Please complete this required field."),
    ],
)
def test_a_form_checks_what_slacks_client_checks(slack, element, value, said):
    view = modal(field("Field", {**element, "action_id": "a"}))
    opened = slack.api("views.open", trigger_id=slack.trigger(), view=view)["view"]
    answer = slack.post("submit", user="ana", view_id=opened["id"], values={"Field": value})
    assert (answer["errors"], answer["closed"]) == ({"field": said}, False)


def test_values_entered_by_act_are_submitted(slack):
    select = {"type": "static_select", "action_id": "pick", "options": [{"text": plain("One"), "value": "1"}]}
    opened = slack.api("views.open", trigger_id=slack.trigger(), view=modal(field("Pick", select)))["view"]
    slack.post("act", user="ana", view_id=opened["id"], action_id="pick", value="One")
    answer = slack.post("submit", user="ana", view_id=opened["id"], values={})
    assert answer["failed"] == "dispatch_failed"
    slack.post("act", user="ana", view_id=opened["id"], action_id="pick", value=None)
    assert slack.post("submit", user="ana", view_id=opened["id"], values={})["errors"]


def test_any_workspace_can_be_used():
    people = (
        Person("ida", "Ida Brandt", "ida@example.net", tz="Europe/Rome"),
        Person("far", "Far", home="T0FAR"),
    )
    workspace = Workspace("Lakes", "lakes", people, (Channel("quiet", ("ida",), private=True, bot=False),))
    with driving(workspace) as slack:
        assert [entry["name"] for entry in slack.get("people")["people"]] == ["far", "ida"]
        assert slack.web.auth_test()["team"] == "Lakes"
        assert slack.api("chat.postMessage", channel=slack.channel("quiet"), text="x")["error"] == "channel_not_found"


def test_the_page_is_served_beside_the_rest(slack):
    answer = slack.http.get("/")
    assert answer.status_code == 200
    assert "general" in answer.text


def test_next_change_returns_after_each_change(slack):
    sandbox = slack.sandbox

    async def watch(after):
        return await sandbox.next_change(after)

    with concurrent.futures.ThreadPoolExecutor() as pool:
        before = asyncio.run(watch(0))
        waiting = pool.submit(asyncio.run, watch(before))
        slack.post("say", user="ana", channel="general", text="x")
        assert waiting.result(LIMIT) > before


def test_many_callers_at_once_lose_nothing(slack):
    def say(number):
        body = {"user": "ana", "channel": "general", "text": str(number)}
        return slack.http.post("/sandbox/say", json=body).json()["ts"]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        sent = list(pool.map(say, range(200)))
    assert len(set(sent)) == 200
    assert [message["ts"] for message in slack.messages()] == sorted(sent)


def test_leaving_the_block_frees_the_port():
    with serve(Sandbox(empty_workspace())) as server:
        port = int(server.url.rpartition(":")[2])
    with serve(Sandbox(), port=port) as server:
        assert httpx.get(f"{server.url}/sandbox/clock", timeout=LIMIT).json()["ok"]
