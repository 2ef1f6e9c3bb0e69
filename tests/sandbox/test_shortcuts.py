"""Shortcuts reach the app exactly as Slack sends them, and are offered on the page."""

import pytest

from tests.sandbox.block_builders import modal
from tests.sandbox.test_page import draw, sandbox  # noqa: F401 - a fixture

MANIFEST = {
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
    "features": {
        "shortcuts": [
            {"name": "Keep it", "type": "message", "callback_id": "keep", "description": "Keeps a message"},
            {"name": "New", "type": "global", "callback_id": "new", "description": "Makes something"},
        ]
    },
}


def hearing(echo, answer=lambda ack, body, client: ack()):
    def heard(ack, body, client):
        echo.heard.append(body)
        answer(ack, body, client)

    for name in ("keep", "new"):
        echo.app.shortcut(name)(heard)


def opening(ack, body, client):
    client.views_open(trigger_id=body["trigger_id"], view=modal())
    ack()


def test_a_message_shortcut_has_the_message_and_a_response_url(slack, echo):
    slack.post("app", manifest=MANIFEST)
    hearing(echo, opening)
    said = slack.post("say", user="ben", channel="general", text="Who books the room for @cleo?")
    answer = slack.post("shortcut", user="ana", callback_id="keep", channel="general", ts=said["ts"])
    assert answer["ok"] and answer["failed"] is None and answer["ack_ms"] > 0
    (heard,) = echo.heard
    assert set(heard) == {
        *("type", "token", "action_ts", "team", "user", "channel", "callback_id", "trigger_id", "message_ts"),
        *("message", "response_url", "is_enterprise_install", "enterprise"),
    }
    assert heard["type"] == "message_action"
    assert heard["user"] == {
        "id": slack.user("ana"),
        "username": "ana",
        "name": "ana",
        "team_id": heard["team"]["id"],
    }
    assert heard["channel"] == {"id": slack.channel(), "name": "general"}
    assert heard["message"]["ts"] == heard["message_ts"] == said["ts"]
    assert heard["message"]["text"] == f"Who books the room for <@{slack.user('cleo')}>?"
    assert heard["message"]["user"] == slack.user("ben")
    assert len(slack.get("views", user="ana")["views"]) == 1
    slack.http.post(heard["response_url"], json={"text": "kept"})
    assert [m["text"] for m in slack.messages(user="ana") if m["ephemeral"]] == ["kept"]
    assert not [m for m in slack.messages(user="ben") if m["ephemeral"]]
    link = slack.web.chat_getPermalink(channel=slack.channel(), message_ts=said["ts"])["permalink"]
    assert link.endswith(f"/archives/{slack.channel()}/p{said['ts'].replace('.', '')}")


def test_a_global_shortcut_has_no_channel(slack, echo):
    slack.post("app", manifest=MANIFEST)
    hearing(echo, opening)
    assert slack.post("shortcut", user="ana", callback_id="new")["failed"] is None
    (heard,) = echo.heard
    assert set(heard) == {
        *("type", "token", "action_ts", "team", "user", "callback_id", "trigger_id"),
        *("is_enterprise_install", "enterprise"),
    }
    assert heard["type"] == "shortcut"
    assert heard["user"] == {"id": slack.user("ana"), "username": "ana", "team_id": heard["team"]["id"]}
    assert len(slack.get("views", user="ana")["views"]) == 1
    assert [entry["callback_id"] for entry in slack.get("app")["shortcuts"]] == ["keep", "new"]


def test_a_shortcut_that_cannot_be_run_is_refused_with_a_sentence(slack, subtests):
    slack.post("app", manifest=MANIFEST)
    slack.post("people", name="zed", home="T9", channels=["general"])
    slack.post("channels", name="inner", members=["ben"], private=True)
    said = slack.post("say", user="ben", channel="general", text="hello")["ts"]
    inside = slack.post("say", user="ben", channel="inner", text="secret")["ts"]
    whispered = slack.web.chat_postEphemeral(channel=slack.channel(), user=slack.user("ana"), text="psst")["message_ts"]
    on = {"channel": "general", "ts": said}
    for body, words in (
        ({"user": "ana"}, "callback_id: give a shortcut"),
        ({"user": "ana", "callback_id": 5}, "callback_id: give a shortcut"),
        ({"user": "ana", "callback_id": "other"}, "'other' is not a global shortcut; there is new"),
        ({"user": "ana", "callback_id": "new", **on}, "'new' is not a message shortcut; there is keep"),
        ({"user": "ana", "callback_id": "keep"}, "'keep' is not a global shortcut"),
        ({"user": "zed", "callback_id": "new"}, "another workspace"),
        ({"user": "ana", "callback_id": "keep", "channel": "general"}, "give channel and ts"),
        ({"user": "ana", "callback_id": "keep", "channel": "general", "ts": "1.000001"}, "sees no message"),
        ({"user": "ana", "callback_id": "keep", "channel": "inner", "ts": inside}, "sees no message"),
        ({"user": "ana", "callback_id": "keep", "channel": "general", "ts": whispered}, "one person only"),
        ({"user": "nobody", "callback_id": "new"}, "nobody"),
    ):
        with subtests.test(words):
            answer = slack.post("shortcut", **body)
            assert not answer["ok"] and words in answer["error"]
    assert slack.post("shortcut", user="ana", callback_id="new")["failed"] == "dispatch_failed", "no app is there"
    assert not slack.post("app", manifest={"features": {"shortcuts": [{"name": "x"}]}})["ok"]


@pytest.mark.parametrize(("who", "there"), [("ana", True), ("zed", False)])
def test_shortcuts_are_in_each_messages_menu_and_in_the_sidebar(sandbox, who, there):  # noqa: F811
    sandbox.manifest = MANIFEST
    council = sandbox.channels()[0]["id"]
    sandbox.world.directory.join(sandbox.world.directory.person("zed"), sandbox.world.directory.channel("council"))
    sandbox.world.post_as_bot(council, {"text": "hello"})
    sandbox.world.post_as_bot(council, {"text": "psst"}, reader=sandbox.world.directory.person(who).id)
    page = draw(sandbox, **{"as": who})
    assert page["messages"].count('data-shortcut="keep"') == (1 if there else 0), "ephemeral messages have no menu"
    assert ('data-shortcut="new"' in page["sidebar"]) is there
