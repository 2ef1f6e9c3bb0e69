"""People type, press and fill in; a Bolt app receives what Slack would send, over HTTP and Socket Mode."""

import threading

import pytest

from bot.sandbox import WireTime
from tests.sandbox.block_builders import button, field, modal, plain
from tests.sandbox.conftest import LIMIT


def opening(view):
    def command(ack, body, client):
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    return command


def opened(slack, echo, view, user="ana"):
    echo.plan.command = opening(view)
    answer = slack.post("command", user=user, channel="general", text="/echo")
    assert answer["failed"] is None
    return slack.get("views", user=user)["views"][-1]


def test_a_command_is_answered_only_to_the_person_who_typed_it(slack, echo):
    answer = slack.post("command", user="@Ana", channel="#General", text="/echo  hello  there ")
    assert answer["ok"]
    assert answer["response"] == {"text": "you said hello  there"}
    assert 0 < answer["ack_ms"] < 3000
    assert slack.messages(user="ana")[-1]["ephemeral"] is True
    assert slack.messages(user="ben") == []
    heard = echo.heard[0]
    assert heard["user_name"] == "ana"
    assert heard["channel_name"] == "general"
    assert heard["is_enterprise_install"] == "false"


def test_a_command_can_be_answered_in_the_channel(slack, echo_http):
    echo_http.plan.command = lambda ack, body, client: ack(text="for all", response_type="in_channel")
    slack.post("command", user="ana", channel="general", text="/echo")
    assert slack.texts(user="ben") == ["for all"]
    assert slack.messages(user="ben")[0]["ephemeral"] is False


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("hello @ben.", "hello <@{ben}|ben>."),
        ("@Ben Ortiz", "@Ben Ortiz"),
        ("in #council", "in <#{council}|council>"),
        ("#12 is a number", "#12 is a number"),
        ("a & b < c", "a &amp; b &lt; c"),
        ("<!channel> @here", "&lt;!channel&gt; <!here>"),
        ("<@{ben}> and <@UNOBODY>", "<@{ben}> and &lt;@UNOBODY&gt;"),
        ("see https://example.org/a?b=1&c=2.", "see <https://example.org/a?b=1&amp;c=2>."),
        ("ana@example.org", "<mailto:ana@example.org|ana@example.org>"),
        ("elm.example.org", "<http://elm.example.org|elm.example.org>"),
        ("<!subteam^S1|@elm>", "<!subteam^S1|@elm>"),
    ],
)
def test_typed_text_is_escaped_and_linked_as_by_slack(calm, calm_echo, typed, sent):
    ids = {"ben": calm.user("ben"), "council": calm.channel("council")}
    calm.post("command", user="ana", channel="general", text="/echo " + typed.format(**ids))
    assert calm_echo.latest("command")["text"] == sent.format(**ids)


@pytest.mark.parametrize(("bot", "name"), [(True, "steering"), (False, "")])
def test_a_private_channel_is_named_only_where_the_app_is_in_it(slack, echo_http, bot, name):
    slack.post("channels", name="steering", private=True, members=["ana"], bot=bot)
    slack.post("command", user="ana", channel="general", text="/echo #steering")
    assert echo_http.latest("command")["text"] == f"<#{slack.channel('steering')}|{name}>"


@pytest.mark.parametrize("wire_time", [WireTime()])
def test_only_the_person_reads_that_the_app_did_not_respond(slack, echo_http):
    silence = threading.Event()
    echo_http.plan.command = lambda ack, body, client: silence.wait(LIMIT)
    answer = slack.post("command", user="ana", channel="general", text="/echo")
    assert answer["ok"]
    assert answer["failed"] == "operation_timeout"
    silence.set()
    assert answer["ack_ms"] > 2900
    assert slack.texts() == ["/echo didn't respond in time (operation_timeout)"]
    assert slack.texts(user="ben") == []


def test_a_command_without_an_app_fails_visibly(slack):
    answer = slack.post("command", user="ana", channel="general", text="/echo")
    assert answer["failed"] == "dispatch_failed"
    assert slack.texts() == ['/echo failed with the error "dispatch_failed"']


def test_a_press_in_a_message_sends_a_complete_payload(slack, echo):
    blocks = [{"type": "actions", "block_id": "row", "elements": [button(value="7")]}]
    posted = slack.web.chat_postMessage(channel=slack.channel(), text="Press", blocks=blocks)
    echo.plan.action = lambda ack, body, client, respond: (ack(), respond("pressed"))
    answer = slack.post("act", user="ben", channel="general", ts=posted["ts"], action_id="press")
    assert answer["ok"]
    heard = echo.heard[0]
    assert heard["user"]["id"] == slack.user("ben")
    assert heard["user"]["team_id"] == heard["team"]["id"]
    assert heard["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": slack.channel(),
        "is_ephemeral": False,
    }
    assert heard["actions"][0]["value"] == "7"
    assert heard["actions"][0]["text"] == plain("Press")
    assert heard["message"]["ts"] == posted["ts"]
    assert slack.texts(user="ben") == ["Press", "pressed"]
    assert slack.texts(user="ana") == ["Press"]


def test_a_response_url_replaces_and_deletes_the_original(slack, echo_http):
    rows = [{"type": "actions", "elements": [button()]}]
    first = slack.web.chat_postMessage(channel=slack.channel(), text="First", blocks=rows)
    second = slack.web.chat_postMessage(channel=slack.channel(), text="Second", blocks=rows)
    echo_http.plan.action = lambda ack, body, client, respond: (ack(), respond("new", replace_original=True))
    slack.post("act", user="ana", channel="general", ts=first["ts"], action_id="press")
    echo_http.plan.action = lambda ack, body, client, respond: (ack(), respond(delete_original=True))
    slack.post("act", user="ana", channel="general", ts=second["ts"], action_id="press")
    assert slack.texts() == ["new"]
    assert "edited" in slack.messages()[0]


def test_an_ephemeral_is_not_sent_back_to_the_app(slack, echo_http):
    slack.web.chat_postEphemeral(
        channel=slack.channel(),
        user=slack.user(),
        text="x",
        blocks=[{"type": "actions", "elements": [button()]}],
    )
    ts = slack.messages()[0]["ts"]
    assert slack.post("act", user="ben", channel="general", ts=ts, action_id="press")["ok"] is False
    assert slack.post("act", user="ana", channel="general", ts=ts, action_id="press")["ok"] is True
    assert echo_http.heard[0]["container"]["is_ephemeral"] is True
    assert "message" not in echo_http.heard[0]


ONE, TWO = ({"text": plain(word), "value": word.lower()} for word in ("One", "Two"))


@pytest.mark.parametrize(
    ("element", "value", "held"),
    [
        ({"type": "static_select", "options": [ONE, TWO]}, "Two", {"selected_option": TWO}),
        ({"type": "radio_buttons", "options": [ONE, TWO]}, "one", {"selected_option": ONE}),
        ({"type": "checkboxes", "options": [ONE, TWO]}, ["one", "Two"], {"selected_options": [ONE, TWO]}),
        ({"type": "multi_static_select", "options": [ONE, TWO]}, ["two"], {"selected_options": [TWO]}),
        ({"type": "overflow", "options": [ONE, TWO]}, "two", {"selected_option": TWO}),
        ({"type": "users_select"}, "ben", {"selected_user": "{ben}"}),
        ({"type": "multi_users_select"}, ["@ben"], {"selected_users": ["{ben}"]}),
        ({"type": "conversations_select"}, "#council", {"selected_conversation": "{council}"}),
        ({"type": "datepicker"}, "2026-12-01", {"selected_date": "2026-12-01"}),
        ({"type": "timepicker"}, "17:00", {"selected_time": "17:00"}),
        ({"type": "datetimepicker"}, "2026-12-01T17:00:00Z", {"selected_date_time": 1796144400}),
    ],
)
def test_each_kind_of_element_sends_what_slack_sends(calm, calm_echo, element, value, held):
    calm.post("clock", advance="PT1M")
    blocks = [{"type": "actions", "block_id": "row", "elements": [{**element, "action_id": "press"}]}]
    ts = calm.web.chat_postMessage(channel=calm.channel(), text="x", blocks=blocks)["ts"]
    assert calm.post("act", user="ana", channel="general", ts=ts, action_id="press", value=value)["ok"]
    ids = {"ben": calm.user("ben"), "council": calm.channel("council")}
    wanted = {name: fitted(inner, ids) for name, inner in held.items()}
    action = calm_echo.latest("actions")["actions"][0]
    assert {name: action[name] for name in wanted} == wanted
    if element["type"] != "overflow":
        state = calm_echo.latest("actions")["state"]["values"]["row"]["press"]
        assert state == {"type": element["type"], **wanted}


def fitted(value, ids):
    if isinstance(value, list):
        return [fitted(entry, ids) for entry in value]
    return value.format(**ids) if isinstance(value, str) else value


def test_an_input_in_a_message_is_sent_with_the_next_press(slack, echo_http):
    text = {"type": "plain_text_input", "action_id": "why"}
    blocks = [field("Reason", text), {"type": "actions", "elements": [button()]}]
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x", blocks=blocks)["ts"]
    where = {"user": "ana", "channel": "general", "ts": ts}
    assert slack.post("act", **where, action_id="why", value="because")["sent"] is False
    slack.post("act", **where, action_id="press")
    assert echo_http.heard[0]["state"]["values"]["reason"]["why"]["value"] == "because"


def test_a_form_is_filled_in_by_label_validated_and_submitted(slack, echo):
    number = {"type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "2"}
    view = opened(
        slack,
        echo,
        modal(
            field("Name", {"type": "plain_text_input", "action_id": "name", "min_length": 3}),
            field("How many", number, optional=True),
        ),
    )
    send = {"user": "ana", "view_id": view["id"]}
    required = slack.post("submit", **send, values={})
    assert required["errors"] == {"name": "Please complete this required field."}
    assert required["closed"] is False
    wrong = slack.post("submit", **send, values={"NAME ": "ab", "how many (optional)": 1})
    assert set(wrong["errors"]) == {"name", "how many"}
    assert len(echo.heard) == 1
    unknown = slack.post("submit", **send, values={"Nome": "abc"})
    assert unknown == {
        "ok": False,
        "error": "values: there is no field 'Nome'; there is 'Name', 'How many'",
    }
    done = slack.post("submit", **send, values={"name": "abc", "n": 5})
    assert (done["closed"], done["errors"]) == (True, None)
    values = echo.latest("view")["view"]["state"]["values"]
    assert values["name"]["name"] == {"type": "plain_text_input", "value": "abc"}
    assert values["how many"]["n"] == {"type": "number_input", "value": "5"}
    assert slack.get("views", user="ana")["views"] == []


def test_initial_values_are_in_the_state(slack, echo_http):
    view = opened(
        slack,
        echo_http,
        modal(
            field("Name", {"type": "plain_text_input", "action_id": "a", "initial_value": "Elm"}),
            field(
                "Pick",
                {"type": "static_select", "action_id": "b", "options": [ONE, TWO], "initial_option": TWO},
            ),
        ),
    )
    assert view["state"]["values"]["name"]["a"]["value"] == "Elm"
    assert slack.post("submit", user="ana", view_id=view["id"], values={})["closed"] is True
    assert echo_http.latest("view")["view"]["state"]["values"]["pick"]["b"]["selected_option"] == TWO


def test_the_app_responds_to_a_form_with_errors_update_push_and_clear(slack, echo):
    view = opened(slack, echo, modal())
    send = {"user": "ana", "view_id": view["id"], "values": {"Name": "x"}}
    echo.plan.view = lambda ack, body, client: ack(response_action="errors", errors={"name": "Taken"})
    assert slack.post("submit", **send)["errors"] == {"name": "Taken"}
    echo.plan.view = lambda ack, body, client: ack(response_action="update", view=modal(title=plain("Next")))
    assert slack.post("submit", **send)["closed"] is False
    (updated,) = slack.get("views", user="ana")["views"]
    assert updated["title"]["text"] == "Next"
    assert updated["state"]["values"]["name"]["name"]["value"] == "x"
    assert updated["hash"] != view["hash"]
    echo.plan.view = lambda ack, body, client: ack(response_action="push", view=modal())
    slack.post("submit", **send)
    bottom, top = slack.get("views", user="ana")["views"]
    assert top["previous_view_id"] == bottom["id"] == top["root_view_id"]
    assert slack.post("submit", **send)["ok"] is False
    echo.plan.view = lambda ack, body, client: ack(response_action="clear")
    assert slack.post("submit", **{**send, "view_id": top["id"]})["closed"] is True
    assert slack.get("views", user="ana")["views"] == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "dance"},
        {"text": "Thank you"},
    ],
)
def test_an_invalid_response_leaves_the_form_open(slack, echo_http, answer):
    view = opened(slack, echo_http, modal())
    echo_http.plan.view = lambda ack, body, client: ack(**answer)
    got = slack.post("submit", user="ana", view_id=view["id"], values={"Name": "x"})
    assert (got["failed"], got["closed"]) == ("invalid_arguments", False)
    assert len(slack.get("views", user="ana")["views"]) == 1


def test_view_closed_is_sent_only_to_an_app_that_asked(slack, echo_http):
    view = opened(slack, echo_http, modal())
    assert slack.post("close", user="ana", view_id=view["id"])["ok"]
    view = opened(slack, echo_http, modal(notify_on_close=True))
    heard = len(echo_http.heard)
    slack.post("close", user="ana", view_id=view["id"])
    assert [entry["type"] for entry in echo_http.heard[heard:]] == ["view_closed"]
    assert slack.post("close", user="ana", view_id=view["id"])["ok"] is False


def test_the_home_tab_is_published_when_it_is_opened(slack, echo):
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button()]}]}
    echo.plan.event = lambda body, client: client.views_publish(user_id=body["event"]["user"], view=home)
    answer = slack.post("home", user="hana")
    assert answer["view"]["type"] == "home"
    assert echo.heard[0]["event"]["tab"] == "home"
    assert slack.post("act", user="hana", home=True, action_id="press")["ok"]
    assert echo.heard[1]["container"]["view_id"] == answer["view"]["id"]
    assert echo.heard[1]["view"]["type"] == "home"


def test_a_change_of_a_person_reaches_the_app(slack, echo):
    slack.post("people", user="dov", deleted=True)
    event = echo.wait(1)[0]["event"]
    assert event["type"] == "user_change"
    assert event["user"]["deleted"] is True
    assert slack.post("command", user="dov", channel="general", text="/echo")["ok"] is False
    slack.post("people", name="ida", real_name="Ida Brandt", tz="Europe/Rome", channels=["general"])
    kinds = [entry["event"]["type"] for entry in echo.wait(3)]
    assert sorted(kinds) == ["member_joined_channel", "team_join", "user_change"]


def test_messages_reach_a_subscribed_app(slack, echo_http):
    events = {"bot_events": ["message.im", "app_mention"]}
    scopes = {"scopes": ["im:history", "app_mentions:read"]}
    assert slack.post("app", manifest={"settings": {"event_subscriptions": events}}, **scopes)["ok"]
    bot = slack.sandbox.credentials.bot_user_id
    slack.post("say", user="ana", channel="general", text="quiet")
    slack.post("say", user="ana", channel="@ana", text="hello")
    assert echo_http.wait(1)[0]["event"]["channel_type"] == "im"
    slack.post("say", user="ana", channel="general", text="hello @consortium")
    mention = echo_http.wait(2)[1]["event"]
    assert (mention["type"], mention["text"]) == ("app_mention", f"hello <@{bot}>")


def test_mentions_in_messages_have_no_names(slack):
    slack.post("say", user="ana", channel="general", text="@ben and #council")
    assert slack.texts() == [f"<@{slack.user('ben')}> and <#{slack.channel('council')}>"]


def test_people_of_another_workspace_can_press_but_not_run_commands(slack, echo_http):
    slack.post("people", name="zoe", home="T0FAR", channels=["general"])
    refused = slack.post("command", user="zoe", channel="general", text="/echo")
    assert "another workspace" in refused["error"]
    blocks = [{"type": "actions", "elements": [button()]}]
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x", blocks=blocks)["ts"]
    assert slack.post("act", user="zoe", channel="general", ts=ts, action_id="press")["ok"]
    heard = next(entry for entry in echo_http.heard if entry["type"] == "block_actions")
    assert heard["user"]["team_id"] == "T0FAR"
    assert heard["team"]["id"] == slack.sandbox.credentials.team_id


def test_the_latest_delivery_can_be_repeated_with_the_same_ids(slack, echo_http):
    slack.post("command", user="ana", channel="general", text="/echo once")
    assert slack.post("repeat")["ok"]
    first, second = echo_http.heard
    assert first["trigger_id"] == second["trigger_id"]


def test_a_thread_counts_its_replies(slack, echo_http):
    ts = slack.post("say", user="ana", channel="general", text="first")["ts"]
    slack.web.chat_postMessage(channel=slack.channel(), text="second", thread_ts=ts)
    parent, reply = slack.messages()
    assert (parent["reply_count"], reply["thread_ts"]) == (1, ts)
    assert slack.post("say", user="ana", channel="general", text="x", thread_ts="1.2")["ok"] is False
