"""The protocol between sandbox and app: signatures, the challenge, identities, and connections."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from websockets.asyncio.client import connect

from bot.sandbox import PATIENT, WireTime
from tests.sandbox.block_builders import button, field, modal
from tests.sandbox.conftest import LIMIT, Quiet, serving
from tests.sandbox.test_deliveries import press, socket_address


def test_bolt_accepts_valid_signatures_and_refuses_old_or_forged_ones(slack, echo_http):
    slack.post("command", user="ana", channel="general", text="/echo")
    assert slack.post("repeat", age=290)["failed"] is None
    assert slack.post("repeat", age=-290)["failed"] is None
    for seal in ({"age": 310}, {"age": -310}, {"forged": True}):
        assert slack.post("repeat", **seal)["failed"] == "http_service_error"
    assert len(echo_http.heard) == 3
    assert slack.post("repeat", age="old")["ok"] is False


@contextmanager
def answering(answer):
    """Serve one response made from the request: status, content type and body."""
    asked = []

    class Listener(Quiet, BaseHTTPRequestHandler):
        def do_POST(self):
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(json.loads(raw))
            status, kind, body = answer(asked[-1])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

    with serving(Listener) as url:
        yield f"{url}/slack/events", asked


CHALLENGED = {
    "plain": (lambda asked: (200, "text/plain", asked["challenge"]), None),
    "form": (lambda asked: (200, "application/x-www-form-urlencoded", f"challenge={asked['challenge']}"), None),
    "json": (lambda asked: (200, "application/json", json.dumps({"challenge": asked["challenge"]})), None),
    "another word": (lambda _: (200, "text/plain", "ok"), "did not answer with the value of the challenge"),
    "refused": (lambda asked: (404, "text/plain", asked["challenge"]), "did not take the challenge (http_error)"),
    "created": (lambda asked: (201, "text/plain", asked["challenge"]), "did not take the challenge (http_error)"),
}


@pytest.mark.parametrize("name", CHALLENGED)
def test_a_request_url_must_answer_the_challenge(calm, name):
    answer, said = CHALLENGED[name]
    with answering(answer) as (url, asked):
        got = calm.post("app", request_url=url)
    assert [set(entry) for entry in asked] == [{"token", "challenge", "type"}]
    assert asked[0]["type"] == "url_verification"
    if said is None:
        assert (got["ok"], got["request_url"], got["mode"]) == (True, url, "http")
    else:
        assert said in got["error"] and calm.get("app")["request_url"] != url
    calm.post("app", request_url=None)


def test_bolt_answers_the_challenge_and_an_unreachable_address_fails(slack, echo_http):
    url = slack.get("app")["request_url"]
    slack.post("app", request_url=None)
    assert slack.post("app", request_url=url)["request_url"] == url
    refused = slack.post("app", request_url="http://127.0.0.1:9/slack/events")
    assert "did not take the challenge (connection_failed); start the app first" in refused["error"]
    assert slack.post("app", request_url="http://127.0.0.1:9/slack/events", verify=False)["ok"]


@pytest.mark.parametrize(("status", "failed"), [(204, None), (299, None), (304, "http_service_error")])
def test_any_2xx_acknowledges_an_event(calm, status, failed):
    with answering(lambda asked: (status, "text/plain", "")) as (url, asked):
        calm.post("app", request_url=url, verify=False)
        assert calm.post("event", event={"type": "channel_rename"})["failed"] == failed
    calm.post("app", request_url=None)
    assert len(asked) == (1 if failed is None else 2), "a refused event comes again at once"


def test_on_enterprise_grid_payloads_name_the_organization(slack, echo_http):
    slack.post("people", name="zoe", home="T0FAR", channels=["general"])
    slack.post("people", user="ben", workspace="T0SECOND")
    assert slack.post("team", enterprise="T0WRONG")["error"] == (
        "enterprise: 'T0WRONG' is not the id of an organization, such as E0NORTH"
    )
    assert slack.post("team", enterprise="E0GRID")["team"]["enterprise"]["id"] == "E0GRID"
    team = slack.sandbox.credentials.team_id
    slack.post("command", user="ana", channel="general", text="/echo")
    typed = echo_http.latest("command")
    assert (typed["team_id"], typed["enterprise_id"]) == (team, "E0GRID")
    blocks = [{"type": "actions", "elements": [button()]}]
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x", blocks=blocks)["ts"]
    for user, home in (("ana", "E0GRID"), ("ben", "T0SECOND"), ("zoe", "T0FAR")):
        slack.post("act", user=user, channel="general", ts=ts, action_id="press")
        pressed = echo_http.latest("actions")
        assert pressed["user"]["team_id"] == home
        assert (pressed["team"]["id"], pressed["team"]["enterprise_id"]) == (team, "E0GRID")
        assert pressed["enterprise"]["id"] == "E0GRID"
    ben, zoe = (slack.web.users_info(user=slack.user(name))["user"] for name in ("ben", "zoe"))
    assert ben["enterprise_user"]["enterprise_id"] == "E0GRID"
    assert ben["enterprise_user"]["teams"] == sorted([team, "T0SECOND"])
    assert "enterprise_user" not in zoe
    assert slack.web.auth_test()["enterprise_id"] == "E0GRID"
    slack.post("event", event={"type": "app_home_opened", "user": slack.user("ana"), "tab": "home"})
    assert echo_http.latest("event", "app_home_opened")["authorizations"][0]["enterprise_id"] == "E0GRID"
    slack.post("team", enterprise=None)
    slack.post("command", user="ana", channel="general", text="/echo")
    assert "enterprise_id" not in echo_http.latest("command")


def test_a_shared_private_channel_has_a_new_id_for_good(slack, echo_http):
    slack.post("channels", name="steering", private=True, members=["ana"], bot=True)
    old = slack.channel("steering")
    ts = slack.web.chat_postMessage(channel=old, text="before")["ts"]
    assert "only a private channel" in slack.post("channels", channel="general", shared=True)["error"]
    slack.post("channels", channel="steering", shared=True)
    new = slack.channel("steering")
    assert new != old
    event = next(body["event"] for body in echo_http.wait(2) if body["event"]["type"] == "channel_id_changed")
    assert (event["old_channel_id"], event["new_channel_id"]) == (old, new)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        slack.web.chat_postMessage(channel=old, text="after")
    slack.web.chat_update(channel=new, ts=ts, text="changed")
    assert slack.texts("steering") == ["changed"]


def test_people_of_another_workspace_are_marked_everywhere(slack, echo_http):
    manifest = {"settings": {"event_subscriptions": {"bot_events": ["message.channels"]}}}
    slack.post("app", manifest=manifest, scopes=[*slack.get("app")["scopes"], "channels:history"])
    slack.post("people", name="zoe", home="T0FAR", channels=["general"])
    slack.post("people", name="yan", home="T0FAR")
    zoe, home = slack.user("zoe"), slack.sandbox.credentials.team_id
    listed = [entry["id"] for page in slack.web.users_list(limit=5) for entry in page["members"]]
    assert zoe not in listed and slack.user("ana") in listed
    person = slack.web.users_info(user=zoe)["user"]
    assert (person["team_id"], person["profile"]["team"], person["is_stranger"]) == ("T0FAR", "T0FAR", False)
    assert slack.web.users_info(user=slack.user("yan"))["user"]["is_stranger"] is True
    assert zoe in slack.web.conversations_members(channel=slack.channel())["members"]
    assert slack.web.conversations_info(channel=slack.channel())["channel"]["is_ext_shared"] is True

    slack.post("say", user="zoe", channel="general", text="hello")
    event = echo_http.wait(1)[0]
    assert (event["team_id"], event["is_ext_shared_channel"]) == (home, True)
    assert (event["event"]["user_team"], event["event"]["source_team"]) == ("T0FAR", "T0FAR")
    slack.post("say", user="ana", channel="council", text="hello")
    event = echo_http.wait(2)[1]
    assert event["is_ext_shared_channel"] is False
    assert "user_team" not in event["event"]

    blocks = [{"type": "actions", "elements": [button()]}]
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x", blocks=blocks)["ts"]
    echo_http.plan.action = lambda ack, body, client, respond: (
        ack(),
        client.views_open(trigger_id=body["trigger_id"], view=modal()),
    )
    slack.post("act", user="zoe", channel="general", ts=ts, action_id="press")
    (view,) = slack.get("views", user="zoe")["views"]
    slack.post("submit", user="zoe", view_id=view["id"], values={"Name": "x"})
    for heard in echo_http.heard[2:]:
        assert (heard["user"]["team_id"], heard["team"]["id"]) == ("T0FAR", home)
    assert (view["team_id"], view["app_installed_team_id"]) == (home, home)
    assert "another workspace" in slack.post("command", user="zoe", channel="general", text="/echo")["error"]


def test_commands_do_not_work_in_threads(slack, echo_http):
    ts = slack.post("say", user="ana", channel="general", text="first")["ts"]
    refused = slack.post("command", user="ana", channel="general", text="/echo", thread_ts=ts)
    assert "threads" in refused["error"] and echo_http.heard == []


def test_a_fourth_view_is_refused_and_the_form_stays_open(slack, echo_http):
    echo_http.plan.view = lambda ack, body, client: ack(response_action="push", view=modal())
    slack.api("views.open", trigger_id=slack.trigger(), view=modal())
    for failed in (None, None, "push_limit_reached"):
        top = slack.get("views", user="ana")["views"][-1]
        got = slack.post("submit", user="ana", view_id=top["id"], values={"Name": "x"})
        assert (got["failed"], got["closed"]) == (failed, False)
    assert len(slack.get("views", user="ana")["views"]) == 3


def test_a_closed_view_is_not_found(slack):
    view = slack.api("views.open", trigger_id=slack.trigger(), view=modal(external_id="mine"))["view"]
    slack.post("close", user="ana", view_id=view["id"])
    for which in ({"view_id": view["id"]}, {"external_id": "mine"}, {}):
        assert slack.api("views.update", view=modal(), **which)["error"] == "not_found"


def test_an_update_keeps_values_under_the_same_ids(slack):
    def asking(block_id, action_id):
        element = {"type": "plain_text_input", "action_id": action_id, "initial_value": "first"}
        return {**field("Name", element), "block_id": block_id}

    view = slack.api("views.open", trigger_id=slack.trigger(), view=modal(asking("a", "x"), asking("b", "y")))["view"]
    slack.post("act", user="ana", view_id=view["id"], action_id="x", value="typed")
    slack.post("act", user="ana", view_id=view["id"], action_id="y", value="typed")
    changed = modal(asking("a", "x"), asking("b", "z"))
    state = slack.api("views.update", view_id=view["id"], view=changed)["view"]["state"]["values"]
    assert (state["a"]["x"]["value"], state["b"]["z"]["value"]) == ("typed", "first")


def test_socket_mode_allows_ten_connections_and_says_why_it_closes_one(slack):
    async def story():
        links = [await connect(socket_address(slack)) for _ in range(10)]
        hello = [json.loads(await link.recv()) for link in links]
        assert [entry["num_connections"] for entry in hello] == list(range(1, 11))
        assert hello[0]["connection_info"]["app_id"] == slack.sandbox.credentials.app_id
        async with connect(socket_address(slack)) as beyond:
            said = json.loads(await beyond.recv())
        assert (said["type"], said["reason"]) == ("disconnect", "too_many_websockets")
        async with httpx.AsyncClient(base_url=slack.url, timeout=LIMIT) as client:
            await client.post("/sandbox/disconnect")
        for link in links:
            said = json.loads(await link.recv())
            assert (said["type"], said["reason"]) == ("disconnect", "refresh_requested")
            assert said["debug_info"]["host"]
            await link.close()
        assert (await press(slack))["failed"] == "dispatch_failed"

    asyncio.run(story())


SUBSCRIBED = {
    "message.channels": "channels:history",
    "app_mention": "app_mentions:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
}


def test_an_event_requires_a_subscription_and_a_scope(slack, echo_http):
    manifest = {"settings": {"event_subscriptions": {"bot_events": list(SUBSCRIBED)}}}
    world = slack.sandbox.world
    for kind, scope in SUBSCRIBED.items():
        slack.post("app", manifest=manifest, scopes=[entry for entry in SUBSCRIBED.values() if entry != scope])
        assert not world.subscribed(kind)
        slack.post("app", scopes=[scope])
        assert world.subscribed(kind)
        slack.post("app", manifest={"settings": {}})
        assert not world.subscribed(kind)
    slack.post("app", manifest=manifest, scopes=["users:read"])
    slack.post("people", user="ben", title="Somebody else")
    slack.post("say", user="ana", channel="general", text="hello again @consortium")
    assert [entry["event"]["type"] for entry in echo_http.wait(1)] == ["user_change"]


def test_without_its_scope_an_app_has_no_commands_and_no_shortcuts(slack, echo_http):
    slack.post("app", scopes=["chat:write"])
    for call, body in (("command", {"channel": "general", "text": "/echo"}), ("shortcut", {"callback_id": "new"})):
        assert "need the scope commands" in slack.post(call, user="ana", **body)["error"]
    assert echo_http.heard == []


def test_people_can_choose_only_what_they_are_offered(slack, echo_http):
    slack.post("channels", name="hidden", private=True, members=["ben"])
    kinds = ("channels_select", "conversations_select", "multi_conversations_select")
    elements = [{"type": kind, "action_id": kind} for kind in kinds]
    elements += [button(action_id="press", value="real"), button(action_id="bare")]
    row = {"type": "actions", "elements": elements}
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x", blocks=[row])["ts"]

    def taken(user, action_id, value):
        body = {"user": user, "channel": "general", "ts": ts, "action_id": action_id, "value": value}
        return slack.post("act", **body)["ok"]

    for kind in kinds:
        assert taken("ana", kind, "council")
        assert not taken("ana", kind, "hidden")
        assert taken("ben", kind, "hidden") is (kind != "channels_select")
    assert taken("ana", "conversations_select", "@ana")
    assert not taken("ana", "conversations_select", "@ben")
    assert taken("ana", "press", None) and taken("ana", "press", "real")
    assert not taken("ana", "press", "forged") and not taken("ana", "bare", "forged")
    view = modal(field("Where", {"type": "conversations_select", "action_id": "a"}))
    opened = slack.api("views.open", trigger_id=slack.trigger(), view=view)["view"]["id"]
    assert "is not offered hidden" in slack.post("submit", user="ana", view_id=opened, values={"a": "hidden"})["error"]


def test_an_app_receives_its_own_messages_too(slack):
    manifest = {"settings": {"event_subscriptions": {"bot_events": ["message.channels"]}}}
    slack.post("app", manifest=manifest, scopes=[*slack.get("app")["scopes"], "channels:history"])
    told = []
    with answering(lambda asked: told.append(asked["event"]) or (200, "text/plain", "")) as (url, _):
        slack.post("app", request_url=url, verify=False)
        place = slack.channel()
        ts = slack.web.chat_postMessage(channel=place, text="one")["ts"]
        slack.web.chat_postEphemeral(channel=place, user=slack.user(), text="psst")
        slack.web.chat_postMessage(channel=slack.user(), text="direct")
        slack.web.chat_update(channel=place, ts=ts, text="two")
        slack.web.chat_delete(channel=place, ts=ts)
        slack.post("clock", advance="PT1S")
    said, changed, deleted = sorted(told, key=lambda event: event["ts"])
    assert (said["bot_id"], said["text"], said["channel_type"]) == (
        slack.sandbox.credentials.bot_id,
        "one",
        "channel",
    )
    assert (changed["subtype"], changed["message"]["text"], changed["previous_message"]["text"]) == (
        "message_changed",
        "two",
        "one",
    )
    assert (deleted["subtype"], deleted["deleted_ts"], deleted["previous_message"]["text"]) == (
        "message_deleted",
        ts,
        "two",
    )


@pytest.mark.parametrize("wire_time", [replace(PATIENT, acknowledgment=WireTime().acknowledgment)])
def test_actions_that_are_not_acknowledged_in_time_fail(slack, echo_http):
    """Press, submit and load options at the same time, because each takes three seconds."""
    silence = threading.Event()
    echo_http.plan.action = lambda ack, body, client, respond: silence.wait(LIMIT)
    echo_http.plan.view = lambda ack, body, client: silence.wait(LIMIT)
    echo_http.app.options("who")(lambda ack: silence.wait(LIMIT))
    blocks = [{"type": "actions", "elements": [button()]}]
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x", blocks=blocks)["ts"]
    looking = modal(field("Who", {"type": "external_select", "action_id": "who"}))
    views = {
        user: slack.api("views.open", trigger_id=slack.trigger(user), view=view)["view"]["id"]
        for user, view in (("ana", modal()), ("ben", looking))
    }
    with ThreadPoolExecutor(3) as pool:
        asked = [
            pool.submit(slack.post, "act", user="ana", channel="general", ts=ts, action_id="press"),
            pool.submit(slack.post, "submit", user="ana", view_id=views["ana"], values={"Name": "x"}),
            pool.submit(slack.post, "options", user="ben", view_id=views["ben"], action_id="who", value="abc"),
        ]
        pressed, sent, offered = [entry.result() for entry in asked]
    silence.set()
    assert [entry["failed"] for entry in (pressed, sent, offered)] == ["operation_timeout"] * 3
    assert all(entry["ack_ms"] > 2900 for entry in (pressed, sent, offered))
    assert (sent["closed"], sent["shown"][:22]) == (False, "We had some trouble co")
    assert offered["options"] == []
