"""The sandbox refuses what Slack refuses, with Slack's errors."""

from itertools import count

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import WireTime
from bot.sandbox.blockkit.surfaces import message_errors
from bot.sandbox.errors import SlackError
from bot.sandbox.state.triggers import Triggers
from tests.sandbox.block_builders import button, field, modal, plain

MINUTES = count(1)


@pytest.fixture(autouse=True)
def unhurried(calm):
    """Advance the clock between tests, so that only the tests about rate limits reach one."""
    calm.post("clock", advance="PT2M")


def section(**more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": "x"}, **more}


def actions(*elements, **more):
    return {"type": "actions", "elements": list(elements), **more}


def option(label="One", value="one"):
    return {"text": plain(label), "value": value}


def options(number):
    return [option(f"Option {index}", str(index)) for index in range(number)]


def select(**more):
    return {"type": "static_select", "action_id": "s", **more}


def test_invalid_blocks_are_refused_with_the_path_of_the_error(calm):
    blocks = [{"type": "divider"}, {"type": "sparkle"}, {"type": "section", "text": plain("x" * 3001)}]
    answer = calm.api("chat.postMessage", channel=calm.channel(), text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: sparkle [json-pointer:/blocks/1/type]",
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/2/text/text]",
    ]


RIGHT = {
    "everything at its limit": [
        {"type": "header", "text": plain("x" * 150)},
        {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000, "verbatim": True}},
        section(fields=[plain("x")] * 10, accessory=button()),
        actions(*(button(action_id=str(index), text=plain("x" * 75)) for index in range(25))),
        actions(select(options=options(100), initial_option=option("Option 7", "7"))),
        actions(
            {"type": "overflow", "action_id": "o", "options": options(5)},
            {"type": "radio_buttons", "action_id": "r", "options": options(10)},
        ),
        {"type": "context", "elements": [plain("x")] * 10},
        {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100},
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
        },
    ],
    "same action_id in two blocks": [actions(button()), actions(button())],
    "charts": [
        {
            "type": "data_visualization",
            "title": "t",
            "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
        },
        {
            "type": "data_visualization",
            "title": "t",
            "chart": {
                "type": "line",
                "series": [{"name": "s", "data": [{"label": "a", "value": 1.5}]}],
                "axis_config": {"categories": ["a"], "x_label": "x"},
            },
        },
    ],
}


@pytest.mark.parametrize("name", RIGHT)
def test_valid_blocks_are_accepted(name):
    assert message_errors(RIGHT[name]) == []


def test_invalid_views_are_refused_with_the_path_of_the_error(calm):
    view = modal(field("Name", button()), title=plain("x" * 25))
    answer = calm.api("views.open", trigger_id=calm.trigger(), view=view)
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]",
        "[ERROR] unsupported type: button [json-pointer:/view/blocks/0/element/type]",
    ]


def test_missing_ids_are_generated(calm):
    posted = calm.api("chat.postMessage", channel=calm.channel(), text="x", blocks=[actions(button(action_id=None))])
    (block,) = posted["message"]["blocks"]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]


REFUSED = [
    ("chat.postMessage", {"channel": "{general}"}, "no_text"),
    ("chat.postMessage", {"channel": "{general}", "text": ""}, "no_text"),
    ("chat.postMessage", {"channel": "{general}", "text": "x" * 40_001}, "msg_too_long"),
    ("chat.postMessage", {"channel": "{general}", "blocks": "nonsense"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": "{general}", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
    ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    ("chat.postMessage", {"channel": "CNOWHERE", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "UNOBODY", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "{hidden}", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": "{general}", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ("chat.postMessage", {"channel": "{general}", "text": "x", "thread_ts": "1796169600"}, "invalid_thread_ts"),
    ("chat.postMessage", {"channel": "{general}", "text": "x", "thread_ts": 1796169600.5}, "invalid_thread_ts"),
    ("chat.postMessage", {"channel": "{general}", "text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts"),
    (
        "chat.postEphemeral",
        {"channel": "{general}", "user": "{ana}", "text": "x", "thread_ts": "1.1"},
        "invalid_thread_ts",
    ),
    ("chat.postEphemeral", {"channel": "{open}", "user": "{ana}", "text": "x"}, "not_in_channel"),
    ("chat.postEphemeral", {"channel": "{general}", "user": "UNOBODY", "text": "x"}, "user_not_in_channel"),
    ("chat.update", {"ts": "{ours}", "text": "x"}, "invalid_arguments"),
    ("chat.delete", {"ts": "{ours}"}, "invalid_arguments"),
    ("chat.getPermalink", {"message_ts": "{ours}"}, "invalid_arguments"),
    ("chat.update", {"channel": "{general}", "ts": "1.000001", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": "{general}", "ts": "{theirs}", "text": "x"}, "cant_update_message"),
    ("chat.update", {"channel": "{general}", "ts": "{ours}", "text": "x" * 4001}, "msg_too_long"),
    ("chat.delete", {"channel": "{general}", "ts": "{theirs}"}, "cant_delete_message"),
    ("chat.getPermalink", {"channel": "{general}", "message_ts": "1.000001"}, "message_not_found"),
    ("conversations.info", {"channel": "CNOWHERE"}, "channel_not_found"),
    ("conversations.info", {"channel": "{hidden}"}, "channel_not_found"),
    ("conversations.members", {"channel": "{general}", "limit": 0}, "invalid_limit"),
    ("conversations.members", {"channel": "{general}", "cursor": "page two"}, "invalid_cursor"),
    ("conversations.list", {"types": "im"}, "missing_scope"),
    ("conversations.join", {"channel": "{open}"}, "missing_scope"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "UNOBODY"}, "user_not_found"),
    ("users.info", {"user": "UNOBODY"}, "user_not_found"),
    ("users.lookupByEmail", {"email": "nobody@example.org"}, "users_not_found"),
    ("views.open", {"trigger_id": "nonsense", "view": modal()}, "invalid_trigger_id"),
    ("views.open", {"trigger_id": "x"}, "invalid_arguments"),
    ("views.update", {"view_id": "VNONE", "view": modal()}, "not_found"),
    ("views.publish", {"user_id": "UNOBODY", "view": {"type": "home", "blocks": []}}, "user_not_found"),
    ("views.open", {"trigger_id": "x", "view": modal(private_metadata="x" * 250_000)}, "view_too_large"),
    ("files.completeUploadExternal", {"files": [{"id": "FNONE"}]}, "file_not_found"),
    ("team.info", {}, "missing_scope"),
    ("conversations.history", {"channel": "{general}"}, "missing_scope"),
    ("reactions.add", {}, "missing_scope"),
    ("chat.shout", {}, "unknown_method"),
    ("api.test", {"error": "my_own"}, "my_own"),
]


@pytest.fixture(scope="module")
def places(calm):
    hidden = calm.post("channels", name="hidden", private=True, members=["ana"])["channel"]["id"]
    opened = calm.post("channels", name="open", members=["ana"])["channel"]["id"]
    theirs = calm.post("say", user="ana", channel="general", text="mine")["ts"]
    ours = calm.api("chat.postMessage", channel=calm.channel(), text="ours")["ts"]
    named = {"general": calm.channel(), "ana": calm.user(), "hidden": hidden, "open": opened}
    return {**named, "theirs": theirs, "ours": ours}


@pytest.mark.parametrize(("method", "args", "error"), REFUSED)
def test_calls_are_refused_with_slacks_errors(calm, places, method, args, error):
    fitted = {name: value.format(**places) if isinstance(value, str) else value for name, value in args.items()}
    answer = calm.api(method, **fitted)
    assert (answer["ok"], answer["error"]) == (False, error)


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        ("app", "chat.postMessage", "not_allowed_token_type"),
        ("bot", "apps.connections.open", "not_allowed_token_type"),
    ],
)
def test_the_right_kind_of_token_is_required(calm, token, method, error):
    known = calm.sandbox.credentials
    token = {"app": known.app_token, "bot": known.bot_token}.get(token, token)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    assert calm.http.post(f"/api/{method}", headers=headers).json()["error"] == error


def test_a_missing_scope_is_named(slack):
    slack.post("app", scopes=["commands"])
    answer = slack.http.post("/api/chat.postMessage", data={"token": slack.sandbox.credentials.bot_token})
    assert answer.json()["needed"] == "chat:write"
    assert answer.json()["provided"] == "commands"
    assert answer.headers["x-oauth-scopes"] == "commands"


def test_without_chat_write_public_only_its_own_channels_accept_posts(slack):
    room = slack.post("channels", name="open", members=["ana"])["channel"]["id"]
    assert slack.api("chat.postMessage", channel=room, text="x")["ok"]
    slack.post("app", scopes=["chat:write", "channels:join"])
    assert slack.api("chat.postMessage", channel=room, text="x")["error"] == "not_in_channel"
    assert slack.api("conversations.join", channel=room)["ok"]
    assert slack.api("chat.postMessage", channel=room, text="x")["ok"]


def test_a_trigger_works_once_within_three_seconds(slack):
    trigger = slack.trigger()
    assert slack.api("views.open", trigger_id=trigger, view=modal())["ok"]
    assert slack.api("views.open", trigger_id=trigger, view=modal())["error"] == "exchanged_trigger_id"
    now = [0.0]
    triggers = Triggers(WireTime().trigger, lambda: now[0])
    key, old = triggers.issue("U1"), triggers.issue("U1")
    now[0] = 3.0
    assert triggers.redeem(key).used
    now[0] = 3.1
    with pytest.raises(SlackError, match="expired_trigger_id"):
        triggers.redeem(old)


def test_advancing_the_clock_does_not_age_a_trigger(slack):
    trigger = slack.trigger()
    slack.post("clock", advance="P1D")
    assert slack.api("views.open", trigger_id=trigger, view=modal())["ok"]


def test_a_stack_has_at_most_three_views(slack):
    top = slack.api("views.open", trigger_id=slack.trigger(), view=modal())["view"]["id"]
    for _ in range(2):
        trigger = slack.sandbox.world.triggers.issue(slack.user(), top)
        top = slack.api("views.push", trigger_id=trigger, view=modal())["view"]["id"]
    trigger = slack.sandbox.world.triggers.issue(slack.user(), top)
    assert slack.api("views.push", trigger_id=trigger, view=modal())["error"] == "push_limit_reached"
    assert len(slack.get("views", user="ana")["views"]) == 3
    assert slack.get("views", user="ben")["views"] == []


def test_a_push_needs_a_modal_below(slack):
    assert slack.api("views.push", trigger_id=slack.trigger(), view=modal())["error"] == "not_found"


def test_an_older_hash_conflicts(slack):
    view = slack.api("views.open", trigger_id=slack.trigger(), view=modal())["view"]
    update = {"view_id": view["id"], "view": modal(), "hash": view["hash"]}
    assert slack.api("views.update", **update)["ok"]
    assert slack.api("views.update", **update)["error"] == "hash_conflict"
    home = {"user_id": slack.user(), "view": {"type": "home", "blocks": []}}
    published = slack.api("views.publish", **home)["view"]
    assert slack.api("views.publish", **home, hash=published["hash"])["ok"]
    assert slack.api("views.publish", **home, hash=published["hash"])["error"] == "hash_conflict"


def test_an_external_id_is_unique_and_finds_its_view(slack):
    named = modal(external_id="mine")
    assert slack.api("views.open", trigger_id=slack.trigger(), view=named)["ok"]
    again = slack.api("views.open", trigger_id=slack.trigger("ben"), view=named)
    assert again["error"] == "duplicate_external_id"
    assert slack.api("views.update", external_id="mine", view=named)["ok"]


def test_a_response_url_works_five_times(slack):
    reply = slack.sandbox.world.response_urls.issue(slack.user(), slack.channel())
    sent = [slack.http.post(f"/response/{reply.key}", json={"text": str(number)}) for number in range(6)]
    assert [answer.status_code for answer in sent] == [200] * 5 + [404]
    assert sent[-1].json()["error"] == "used_url"
    assert slack.texts() == ["0", "1", "2", "3", "4"]


def test_a_response_url_works_for_half_an_hour_of_story_time(slack):
    reply = slack.sandbox.world.response_urls.issue(slack.user(), slack.channel())
    slack.post("clock", advance="PT20M")
    assert slack.http.post(f"/response/{reply.key}", json={"text": "x"}).status_code == 200
    slack.post("clock", advance="PT10M")
    assert slack.http.post(f"/response/{reply.key}", json={"text": "x"}).json()["error"] == "expired_url"


def test_posts_are_rate_limited_per_channel_in_story_time(slack, still):
    for _ in range(5):
        assert slack.api("chat.postMessage", channel=slack.channel(), text="x")["ok"]
    with pytest.raises(SlackApiError) as refused:
        slack.web.chat_postMessage(channel=slack.channel(), text="x")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["retry-after"] == "1"
    assert slack.api("chat.postMessage", channel=slack.channel("council"), text="x")["ok"]
    slack.post("clock", advance="PT1S")
    assert slack.api("chat.postMessage", channel=slack.channel(), text="x")["ok"]


@pytest.mark.parametrize(("method", "most"), [("users.list", 20), ("chat.update", 50), ("users.info", 100)])
def test_each_method_has_its_tier(slack, still, method, most):
    answers = [slack.api(method) for _ in range(most + 1)]
    assert all(answer.get("error") != "ratelimited" for answer in answers[:-1])
    assert answers[-1]["error"] == "ratelimited"
    slack.post("clock", advance="PT1M")
    assert slack.api(method).get("error") != "ratelimited"


@pytest.mark.parametrize("sending", ["form", "json", "address"])
def test_arguments_come_as_a_form_as_json_and_in_the_query(slack, sending):
    headers = {"Authorization": f"Bearer {slack.sandbox.credentials.bot_token}"}
    args = {"channel": slack.channel()}
    ways = {
        "form": lambda: slack.http.post("/api/conversations.info", data=args, headers=headers),
        "json": lambda: slack.http.post("/api/conversations.info", json=args, headers=headers),
        "address": lambda: slack.http.get("/api/conversations.info", params=args, headers=headers),
    }
    assert ways[sending]().json()["channel"]["name"] == "general"


def test_lists_are_paged_by_cursor(slack):
    first = slack.web.users_list(limit=5)
    rest = slack.web.users_list(limit=5, cursor=first["response_metadata"]["next_cursor"])
    ids = {entry["id"] for entry in [*first["members"], *rest["members"]]}
    assert len(ids) == 9
    assert rest["response_metadata"]["next_cursor"] == ""


def test_people_have_slacks_shape(slack):
    slack.post("people", name="zoe", home="T0FAR")
    slack.post("people", user="gus", deleted=True)
    members = {entry["name"]: entry for entry in slack.web.users_list()["members"]}
    assert "zoe" not in members
    assert slack.web.users_info(user=slack.user("zoe"))["user"]["team_id"] == "T0FAR"
    assert members["gus"]["deleted"] is True
    assert "tz" not in members["gus"]
    ana = slack.web.users_info(user=slack.user("ana"), include_locale=True)["user"]
    assert (ana["tz"], ana["profile"]["email"], ana["locale"]) == (
        "America/Denver",
        "ana@example.org",
        "en-US",
    )
    assert ana["tz_offset"] in (-25200, -21600)
    assert slack.web.users_lookupByEmail(email="ANA@example.org")["user"]["id"] == ana["id"]


def test_a_person_as_channel_opens_their_direct_messages(slack):
    posted = slack.web.chat_postMessage(channel=slack.user("ben"), text="psst")
    assert posted["channel"].startswith("D")
    assert slack.web.conversations_open(users=slack.user("ben"))["channel"]["id"] == posted["channel"]
    assert slack.texts("@ben", "ben") == slack.texts("@user", "ben") == ["psst"]
    assert slack.get("messages", channel="@ben")["messages"][0]["text"] == "psst"
    assert slack.get("messages", channel="@ben", user="ana")["ok"] is False


def test_a_message_is_updated_and_deleted(slack):
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="one", blocks=[section()])["ts"]
    slack.web.chat_update(channel=slack.channel(), ts=ts, text="two")
    (message,) = slack.messages()
    assert (message["text"], message["blocks"], bool(message["edited"])) == ("two", [], True)
    link = slack.web.chat_getPermalink(channel=slack.channel(), message_ts=ts)["permalink"]
    assert link.endswith(f"/archives/{slack.channel()}/p{ts.replace('.', '')}")
    slack.web.chat_delete(channel=slack.channel(), ts=ts)
    assert slack.messages() == []


def test_a_file_is_uploaded_and_shown(slack):
    slack.web.files_upload_v2(channel=slack.channel(), filename="all.csv", content="a,b\n1,2\n", initial_comment="Here")
    (message,) = slack.messages()
    (file,) = message["files"]
    assert (message["text"], file["name"]) == ("Here", "all.csv")
    assert slack.http.get(file["url_private"]).text == "a,b\n1,2\n"


def test_a_token_of_another_workspace_is_invalid(calm):
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient(token="xoxb-other", base_url=calm.server.api_url).auth_test()
