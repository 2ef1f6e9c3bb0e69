"""Who may call which method, how often, and which posts are refused."""

import inspect
import re

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import client

from bot.sandbox.errors import SlackError
from bot.sandbox.state.rate_limits import TIERS, RateLimited, RateLimits
from bot.sandbox.web_api.endpoint import check_scopes
from bot.sandbox.web_api.methods import METHODS
from bot.sandbox.web_api.other_methods import SCOPES
from tests.sandbox.block_builders import button, field, plain

# From Slack's reference of methods. Tier "t5" is Slack's "special", which is not counted.
REFERENCE = {
    "apps.connections.open": ((), "t3"),
    "auth.test": ((), "t5"),
    "bots.info": (("users:read",), "t3"),
    "chat.delete": (("chat:write",), "t3"),
    "chat.getPermalink": ((), "t5"),
    "chat.postEphemeral": (("chat:write",), "t4"),
    "chat.postMessage": (("chat:write",), "t5"),
    "chat.update": (("chat:write",), "t3"),
    "conversations.info": ((), "t3"),
    "conversations.join": (("channels:join",), "t3"),
    "conversations.list": ((), "t2"),
    "conversations.members": ((), "t4"),
    "conversations.open": (("im:write",), "t3"),
    "files.completeUploadExternal": (("files:write",), "t4"),
    "files.getUploadURLExternal": (("files:write",), "t4"),
    "team.info": (("team:read",), "t3"),
    "users.info": (("users:read",), "t4"),
    "users.list": (("users:read",), "t2"),
    "users.lookupByEmail": (("users:read.email",), "t3"),
    "views.open": ((), "t4"),
    "views.publish": ((), "t4"),
    "views.push": ((), "t4"),
    "views.update": ((), "t4"),
}


@pytest.mark.parametrize("name", REFERENCE)
def test_each_method_requires_its_scopes_and_has_its_tier(calm, monkeypatch, name):
    scopes, tier = REFERENCE[name]
    method = METHODS[name]
    assert (method.scopes, method.tier or "t5") == (scopes, tier)
    monkeypatch.setattr(calm.sandbox.world.settings, "scopes", [])
    if scopes:
        with pytest.raises(SlackError, match="missing_scope") as refused:
            check_scopes(calm.sandbox.world, method)
        assert refused.value.body()["needed"] == ",".join(scopes)


READING = ["channels:read", "groups:read", "im:read", "mpim:read"]


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("chat.scheduleMessage", ["chat:write"]),
        ("conversations.history", ["channels:history", "groups:history", "im:history", "mpim:history"]),
        ("conversations.info", READING),
        ("conversations.list", READING),
        ("conversations.members", READING),
        ("dnd.info", ["dnd:read"]),
        ("files.info", ["files:read"]),
        ("pins.add", ["pins:write"]),
        ("reactions.add", ["reactions:write"]),
        ("usergroups.list", ["usergroups:read"]),
        ("users.profile.get", ["users.profile:read"]),
    ],
)
def test_one_of_several_scopes_is_enough_and_without_any_the_call_is_refused(slack, name, needed):
    slack.post("app", scopes=["commands"])
    refused = slack.api(name)
    assert (refused["error"], refused["needed"].split(","), refused["provided"]) == (
        "missing_scope",
        needed,
        "commands",
    )
    for scope in needed:
        slack.post("app", scopes=["commands", scope])
        assert slack.api(name).get("needed") != refused["needed"]


def test_a_method_that_only_slack_has_requires_the_scope_for_the_conversation(slack):
    slack.post("app", scopes=["chat:write", "im:history", "im:write"])
    direct = slack.web.conversations_open(users=slack.user())["channel"]["id"]
    for method in ("conversations.history", "conversations.replies"):
        refused = slack.api(method, channel=slack.channel())
        assert (refused["error"], refused["needed"]) == ("missing_scope", "channels:history")
        assert slack.api(method, channel=direct)["error"] == "unknown_method"


def test_a_method_that_only_slack_has_says_so(slack):
    slack.post("app", scopes=["reactions:write"])
    refused = slack.api("reactions.add")
    assert (refused["error"], refused["req_method"]) == ("unknown_method", "reactions.add")
    assert refused["response_metadata"]["messages"] == ["[ERROR] Slack has reactions.add, this sandbox does not"]


def test_the_methods_that_only_slack_has_are_slacks_and_not_the_sandboxs():
    called = set(re.findall(r'api_call\(\s*"([\w.]+)"', inspect.getsource(client)))
    assert set(SCOPES) - called == set()
    assert set(SCOPES) & set(METHODS) == set()


@pytest.mark.parametrize(("tier", "most"), [("t1", 1), ("t2", 20), ("t3", 50), ("t4", 100)])
def test_a_tier_limits_the_calls_a_minute_of_each_method(tier, most):
    now = [0.0]
    rates = RateLimits(lambda: now[0])
    for _ in range(most):
        rates.count_call("a.method", tier)
    with pytest.raises(RateLimited) as refused:
        rates.count_call("a.method", tier)
    assert (TIERS[tier], refused.value.retry_after) == (most, 60)
    rates.count_call("another.method", tier)
    now[0] = 60.0
    rates.count_call("a.method", tier)


READ_BY_KIND = {"public": "channels:read", "private": "groups:read", "direct": "im:read"}


@pytest.mark.parametrize("kind", READ_BY_KIND)
def test_reading_a_conversation_requires_the_scope_of_its_type(slack, kind):
    slack.post("channels", name="hidden", private=True, members=["ana"], bot=True)
    direct = slack.web.conversations_open(users=slack.user())["channel"]["id"]
    places = {"public": slack.channel(), "private": slack.channel("hidden"), "direct": direct}
    everything = list(READ_BY_KIND.values())
    for method in ("conversations.info", "conversations.members"):
        slack.post("app", scopes=[scope for scope in everything if scope != READ_BY_KIND[kind]])
        refused = slack.api(method, channel=places[kind])
        assert (refused["error"], refused["needed"]) == ("missing_scope", READ_BY_KIND[kind])
        slack.post("app", scopes=everything)
        assert slack.api(method, channel=places[kind])["ok"]


def test_the_sdk_reads_all_pages_of_every_list(slack):
    for index in range(3):
        slack.post("channels", name=f"room-{index}", members=["ana"])
    lists = {
        "users": (slack.web.users_list, "members"),
        "channels": (slack.web.conversations_list, "channels"),
        "members": (lambda **more: slack.web.conversations_members(channel=slack.channel(), **more), "members"),
    }
    for call, key in lists.values():
        whole = call(limit=100)[key]
        pages = [page[key] for page in call(limit=2)]
        assert len(pages) == (len(whole) + 1) // 2
        assert [item for page in pages for item in page] == whole
        cursor = call(limit=2)["response_metadata"]["next_cursor"]
        assert "=" in cursor, "an address has to escape it, as Slack's"
        with pytest.raises(SlackApiError, match="invalid_cursor"):
            call(limit=2, cursor=cursor[:-2])


def test_users_list_works_without_a_limit(slack):
    assert len(slack.api("users.list", limit=0)["members"]) == 9
    assert slack.api("conversations.list", limit=1000)["error"] == "invalid_limit"
    assert slack.api("conversations.members", channel=slack.channel(), limit="many")["error"] == "invalid_limit"


def test_an_archived_channel_accepts_nothing(slack, echo_http):
    events = {"bot_events": ["channel_archive", "channel_unarchive"]}
    slack.post("app", manifest={"settings": {"event_subscriptions": events}}, scopes=slack.get("app")["scopes"])
    echo_http.app.event("channel_archive")(echo_http._event)
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x")["ts"]
    place = slack.channel()
    assert slack.post("channels", channel="general", archived=True)["channel"]["is_archived"]
    assert echo_http.wait(1)[0]["event"]["channel"] == place
    assert slack.api("chat.postMessage", channel=place, text="x")["error"] == "is_archived"
    assert slack.api("chat.postEphemeral", channel=place, user=slack.user(), text="x")["error"] == "is_archived"
    assert slack.api("chat.update", channel=place, ts=ts, text="x")["error"] == "is_inactive"
    assert slack.web.conversations_info(channel=place)["channel"]["is_archived"]
    listed = slack.web.conversations_list(exclude_archived=True)["channels"]
    assert [item["name"] for item in listed] == ["council"]
    assert "archived" in slack.post("say", user="ana", channel="general", text="x")["error"]
    assert "archived" in slack.post("command", user="ana", channel="general", text="/echo")["error"]
    slack.post("channels", channel="general", archived=False)
    assert slack.api("chat.postMessage", channel=place, text="x")["ok"]
    assert slack.post("channels", channel="general", archived="yes")["ok"] is False


def test_an_ephemeral_goes_to_a_channel_member_and_cannot_be_changed(slack):
    slack.post("channels", channel="general", leave=["ben"])
    place = slack.channel()
    refused = slack.api("chat.postEphemeral", channel=place, user=slack.user("ben"), text="x")
    assert refused["error"] == "user_not_in_channel"
    ts = slack.api("chat.postEphemeral", channel=place, user=slack.user(), text="x")["message_ts"]
    assert slack.api("chat.update", channel=place, ts=ts, text="y")["error"] == "message_not_found"
    assert slack.api("chat.delete", channel=place, ts=ts)["error"] == "message_not_found"
    assert slack.api("chat.getPermalink", channel=place, message_ts=ts)["error"] == "message_not_found"
    assert slack.api("chat.postMessage", channel=place, text="x", thread_ts=ts)["error"] == "thread_not_found"


def test_an_update_requires_the_conversations_id_and_keeps_what_it_does_not_name(slack):
    ana = slack.user()
    old = {"event_type": "x", "event_payload": {}}
    posted = slack.web.chat_postMessage(
        channel=ana,
        text="one",
        blocks=[{"type": "divider"}],
        attachments=[{"text": "old"}],
        metadata=old,
    )
    place = {"channel": posted["channel"], "ts": posted["ts"]}
    assert slack.api("chat.update", channel=ana, ts=posted["ts"], text="x")["error"] == "channel_not_found"

    def now(**more):
        message = slack.api("chat.update", **place, **more)["message"]
        return message["text"], len(message["blocks"]), message.get("attachments"), message.get("metadata")

    assert now(attachments=[{"text": "new"}]) == ("one", 1, [{"text": "new"}], old)
    assert now(text="two") == ("two", 0, [{"text": "new"}], old), "text without blocks takes the blocks away"
    assert now(text="two", attachments=[], metadata={}) == ("two", 0, None, None)
    assert slack.api("chat.update", **place)["error"] == "no_text"


ATTACHED = {
    "a string": ("nonsense", "invalid_attachments"),
    "no objects": (["x"], "invalid_attachments"),
    "too many": ([{"text": "x"}] * 101, "too_many_attachments"),
    "a wrong block": ([{"blocks": [{"type": "header", "text": plain("x" * 151)}]}], "invalid_attachments"),
}


@pytest.mark.parametrize("name", ATTACHED)
def test_attachments_are_validated_too(calm, name):
    calm.post("clock", advance="PT2M")
    attachments, error = ATTACHED[name]
    answer = calm.api("chat.postMessage", channel=calm.channel(), text="x", attachments=attachments)
    assert answer["error"] == error
    if name == "a wrong block":
        assert "[json-pointer:/attachments/0/blocks/0/text/text]" in answer["response_metadata"]["messages"][0]


def test_a_message_needs_content(calm):
    calm.post("clock", advance="PT2M")
    for content in ({}, {"text": ""}, {"text": " \n"}, {"blocks": []}, {"text": None, "attachments": []}):
        assert calm.api("chat.postMessage", channel=calm.channel(), **content)["error"] == "no_text"
    both = {"text": "x", "markdown_text": "*x*"}
    assert calm.api("chat.postMessage", channel=calm.channel(), **both)["error"] == "markdown_text_conflict"
    long = calm.api("chat.postMessage", channel=calm.channel(), markdown_text="x" * 12_001)
    assert long["error"] == "msg_too_long"


def test_a_custom_username_requires_its_own_scope(slack):
    def name():
        return slack.api("chat.postMessage", channel=slack.channel(), text="x", username="Somebody")["message"].get(
            "username"
        )

    assert name() is None
    slack.post("app", scopes=["chat:write", "chat:write.customize"])
    assert name() == "Somebody"


def test_tabs_that_the_manifest_disables_accept_nothing(slack):
    everything = {"scopes": slack.get("app")["scopes"]}
    home = {"user_id": slack.user(), "view": {"type": "home", "blocks": []}}
    direct = slack.web.conversations_open(users=slack.user())["channel"]["id"]
    slack.post("app", manifest={"features": {"app_home": {"messages_tab_enabled": False}}}, **everything)
    assert slack.api("views.publish", **home)["error"] == "not_enabled"
    for place in (slack.user(), direct):
        assert slack.api("chat.postMessage", channel=place, text="x")["error"] == "messages_tab_disabled"
    slack.post("app", manifest={"features": {"app_home": {"home_tab_enabled": True}}}, **everything)
    assert slack.api("views.publish", **home)["ok"]
    assert slack.api("chat.postMessage", channel=direct, text="x")["ok"]
    assert slack.post("app", manifest={"features": {"app_home": 5}})["ok"] is False


def test_people_who_left_and_bots_get_no_messages(slack):
    gus, bot = slack.user("gus"), slack.sandbox.credentials.bot_user_id
    slack.post("people", user="gus", deleted=True)
    assert slack.api("conversations.open", users=gus)["error"] == "user_disabled"
    assert slack.api("chat.postMessage", channel=gus, text="x")["error"] == "channel_not_found"
    assert slack.api("views.publish", user_id=gus, view={"type": "home", "blocks": []})["error"] == "user_not_found"
    assert slack.api("chat.postMessage", channel=bot, text="x")["error"] == "cannot_dm_bot"
    hidden = slack.api("chat.postEphemeral", channel=slack.channel(), user=gus, text="x")
    assert hidden["error"] == "user_not_in_channel"
    assert slack.api("users.info", user=gus)["user"]["deleted"] is True


def test_an_input_with_dispatch_action_sends_an_action(slack, echo_http):
    text = {"type": "plain_text_input", "action_id": "press"}
    blocks = [field("Now", text, dispatch_action=True), {"type": "actions", "elements": [button(action_id="b")]}]
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x", blocks=blocks)["ts"]
    where = {"user": "ana", "channel": "general", "ts": ts}
    assert slack.post("act", **where, action_id="press", value="hello")["sent"] is True
    assert echo_http.heard[0]["actions"][0]["value"] == "hello"


@pytest.mark.parametrize(("way", "taken"), [("header", True), ("form", True), ("json", False), ("address", False)])
def test_a_token_is_accepted_only_in_the_header_or_a_form(calm, way, taken):
    token = calm.sandbox.credentials.bot_token
    sent = {
        "header": {"headers": {"Authorization": f"Bearer {token}"}},
        "form": {"data": {"token": token}},
        "json": {"json": {"token": token}},
        "address": {"params": {"token": token}},
    }[way]
    answer = calm.http.post("/api/auth.test", **sent).json()
    assert answer["ok"] is taken
    assert answer.get("error") == (None if taken else "not_authed")


def test_a_channel_is_found_by_id_or_name(calm):
    calm.post("clock", advance="PT2M")
    place = calm.channel()
    for channel, error in (
        (place, None),
        ("general", None),
        ("#general", None),
        (place.lower(), "channel_not_found"),
        (f"<#{place}>", "channel_not_found"),
        ("@ana", "channel_not_found"),
        (5, "channel_not_found"),
    ):
        assert calm.api("chat.postMessage", channel=channel, text="x").get("error") == error


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("{", "invalid_metadata_format"),
        (["x"], "invalid_metadata_schema"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": 5, "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": []}, "invalid_metadata_schema"),
    ],
)
def test_metadata_needs_a_type_and_a_payload(calm, metadata, error):
    calm.post("clock", advance="PT2M")
    answer = calm.api("chat.postMessage", channel=calm.channel(), text="x", metadata=metadata)
    assert answer["error"] == error
