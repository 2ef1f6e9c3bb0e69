"""What the app may read about the workspace, itself and its channels, and what it may join."""

import pytest

from tests.sandbox.block_builders import field, modal

ALL = ["chat:write", "im:write", "im:read", "channels:read", "channels:join", "groups:read", "users:read", "team:read"]


@pytest.fixture(scope="module")
def reader(calm):
    calm.post("app", scopes=[*ALL, "files:write"])
    calm.post("channels", name="hidden", private=True, members=["ana"], bot=True)
    calm.post("channels", name="secret", private=True, members=["ana"])
    return calm


def names(answer):
    return {entry.get("name") for entry in answer["channels"]}


def test_it_reads_the_workspace_and_itself(reader):
    assert reader.web.team_info()["team"]["domain"] == "northern-valleys"
    known = reader.sandbox.credentials
    assert reader.web.bots_info(bot=known.bot_id)["bot"]["user_id"] == known.bot_user_id
    assert reader.api("bots.info", bot="BNONE")["error"] == "bot_not_found"
    assert reader.api("api.test", foo="bar")["args"] == {"foo": "bar"}
    assert reader.web.auth_test()["user_id"] == known.bot_user_id


def test_it_lists_the_channels_it_may_know_about(reader):
    assert names(reader.web.conversations_list()) == {"general", "council"}
    assert names(reader.web.conversations_list(types="private_channel")) == {"hidden"}
    reader.web.conversations_open(users=reader.user("ben"))
    (direct,) = reader.web.conversations_list(types="im")["channels"]
    assert (direct["is_im"], direct["user"]) == (True, reader.user("ben"))
    assert reader.api("conversations.list", types="rooms")["error"] == "invalid_types"


def test_it_reads_a_channels_members_page_by_page(reader):
    first = reader.web.conversations_members(channel=reader.channel(), limit=8)
    rest = reader.web.conversations_members(
        channel=reader.channel(), limit=8, cursor=first["response_metadata"]["next_cursor"]
    )
    assert len({*first["members"], *rest["members"]}) == 9
    assert reader.web.conversations_info(channel=reader.channel())["channel"]["num_members"] == 8


def test_only_certain_conversations_can_be_opened_or_joined(reader):
    direct = reader.web.conversations_open(users=reader.user("ana"), return_im=True)["channel"]
    assert reader.web.conversations_open(channel=direct["id"])["channel"]["id"] == direct["id"]
    wrong = {"channel": reader.channel()}
    assert reader.api("conversations.open", **wrong)["error"] == "method_not_supported_for_channel_type"
    bot = reader.sandbox.credentials.bot_user_id
    assert reader.api("conversations.open", users=bot)["error"] == "cannot_dm_bot"
    reader.post("people", user="gus", deleted=True)
    assert reader.api("conversations.open", users=reader.user("gus"))["error"] == "user_disabled"
    assert reader.api("conversations.join", **wrong)["warning"] == "already_in_channel"
    hidden = {"channel": reader.channel("hidden")}
    assert reader.api("conversations.join", **hidden)["error"] == "method_not_supported_for_channel_type"


def test_a_file_can_be_uploaded_as_a_form_and_only_once(reader):
    ticket = reader.web.files_getUploadURLExternal(filename="a.txt", length=2)
    place = ticket["upload_url"].removeprefix(reader.url)
    assert reader.http.get(f"/files/{ticket['file_id']}/a.txt").status_code == 404
    assert reader.http.post(place, files={"file": ("a.txt", b"hi")}).status_code == 200
    assert reader.http.post(place, content=b"ho").status_code == 404
    assert reader.http.get(f"/files/{ticket['file_id']}/a.txt").text == "hi"


def test_a_form_that_asks_for_a_channel_has_a_response_url(slack, echo_http):
    element = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    view = slack.api("views.open", trigger_id=slack.trigger(), view=modal(field("Where", element)))["view"]
    slack.post("submit", user="ana", view_id=view["id"], values={"Where": "#council"})
    (address,) = echo_http.heard[0]["response_urls"]
    assert address["channel_id"] == slack.channel("council")
    answer = slack.http.post(
        address["response_url"].removeprefix(slack.url), json={"text": "done", "response_type": "in_channel"}
    )
    assert answer.status_code == 200
    assert slack.texts("council", "ben") == ["done"]
    assert slack.get("traffic")["traffic"][-1]["method"] == "response_url"


@pytest.mark.parametrize("body", [b"nonsense", b"[]", b"{}", b'{"text": "x", "thread_ts": "yesterday"}'])
def test_a_response_url_refuses_invalid_messages(slack, body):
    reply = slack.sandbox.world.response_urls.issue(slack.user(), slack.channel())
    assert slack.http.post(f"/response/{reply.key}", content=body).status_code == 400
    assert slack.http.post("/response/unknown", json={"text": "x"}).status_code == 404
