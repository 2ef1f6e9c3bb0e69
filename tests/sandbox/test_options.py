"""A select asks the app for options while a person types, and the response is validated."""

import pytest

from bot.sandbox.interactions.options import option_errors
from tests.sandbox.block_builders import field, modal, plain


def option(label, value=None):
    return {"text": plain(label), "value": value or label.lower()}


SELECT = {"type": "external_select", "action_id": "who", "min_query_length": 1}
ELM, OAK = option("Elm"), option("Oak")


def asked(echo, answer):
    """Let the echo app respond to requests for options, and record them."""

    def suggest(ack, body):
        echo.heard.append(body)
        answer(ack)

    echo.app.options("who")(suggest)


def opened(slack, element=SELECT):
    view = modal(field("Who", element))
    return slack.api("views.open", trigger_id=slack.trigger(), view=view)["view"]["id"]


def test_the_app_is_asked_for_options_as_by_slack_and_they_can_be_chosen(slack, echo):
    asked(echo, lambda ack: ack(options=[ELM, OAK]))
    view_id = opened(slack)
    form = {"user": "ana", "view_id": view_id}
    assert "nothing so far" in slack.post("act", **form, action_id="who", value="oak")["error"]
    answer = slack.post("options", **form, action_id="who", value="o")
    assert (answer["ok"], answer["sent"], answer["failed"], answer["options"]) == (True, True, None, [ELM, OAK])
    (heard,) = echo.heard
    assert set(heard) == {
        *("type", "user", "container", "api_app_id", "token", "action_id", "block_id", "value"),
        *("team", "enterprise", "is_enterprise_install", "view"),
    }
    assert (heard["type"], heard["action_id"], heard["block_id"]) == ("block_suggestion", "who", "who")
    assert (heard["value"], heard["container"]) == ("o", {"type": "view", "view_id": view_id})
    assert "'Elm', 'Oak'" in slack.post("act", **form, action_id="who", value="ash")["error"]
    slack.post("act", **form, action_id="who", value=ELM)
    (view,) = slack.get("views", user="ana")["views"]
    assert view["state"]["values"]["who"]["who"]["selected_option"] == ELM
    assert slack.post("submit", **form, values={"Who": "Oak"})["closed"]
    assert echo.heard[-1]["view"]["state"]["values"]["who"]["who"]["selected_option"] == OAK


def test_options_in_a_message_name_the_message(slack, echo_http):
    asked(echo_http, lambda ack: ack(option_groups=[{"label": plain("Trees"), "options": [ELM]}]))
    row = {"type": "actions", "block_id": "row", "elements": [SELECT]}
    ts = slack.web.chat_postMessage(channel=slack.channel(), text="x", blocks=[row])["ts"]
    where = {"user": "ben", "channel": "general", "ts": ts, "action_id": "who"}
    answer = slack.post("options", **where, block_id="row", value="e")
    assert [group["options"] for group in answer["option_groups"]] == [[ELM]]
    (heard,) = echo_http.heard
    assert (heard["message"]["ts"], heard["channel"]["id"]) == (ts, slack.channel())
    assert "trigger_id" not in heard and "response_url" not in heard
    slack.post("act", **where, value="elm")
    assert "'Elm'" in slack.post("act", **where, value="oak")["error"]


@pytest.mark.parametrize(
    ("more", "typed", "sent"), [({}, "ab", False), ({}, "abc", True), ({"min_query_length": 0}, "", True)]
)
def test_the_app_is_asked_only_once_enough_is_typed(calm, calm_echo, more, typed, sent):
    view_id = opened(calm, {"type": "external_select", "action_id": "who", **more})
    answer = calm.post("options", user="ana", view_id=view_id, action_id="who", value=typed)
    assert (answer["ok"], answer["sent"], answer["options"]) == (True, sent, [])


BAD = {
    "neither": ({}, "must have exactly one of: options, option_groups", "/"),
    "both": ({"options": [], "option_groups": []}, "must have exactly one of: options, option_groups", "/"),
    "101": ({"options": [option("a")] * 101}, "no more than 100 items allowed", "/options"),
    "long": ({"options": [option("a" * 76, "a")]}, "must be less than 76 characters", "/options/0/text/text"),
    "long value": (
        {"options": [option("a", "a" * 151)]},
        "must be less than 151 characters",
        "/options/0/value",
    ),
    "formatted": (
        {"options": [{"text": {"type": "mrkdwn", "text": "a"}, "value": "a"}]},
        "unsupported type: mrkdwn",
        "/options/0/text/type",
    ),
    "empty group": (
        {"option_groups": [{"label": plain("a"), "options": []}]},
        "no less than 1 items allowed",
        "/option_groups/0/options",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_invalid_options_are_reported_with_their_path(name):
    body, sentence, path = BAD[name]
    assert f"[ERROR] {sentence} [json-pointer:{path}]" in option_errors(body)


def test_invalid_options_are_not_shown(slack, echo_http):
    asked(echo_http, lambda ack: ack({"options": [option("a")] * 101}))
    got = slack.post("options", user="ana", view_id=opened(slack), action_id="who", value="abc")
    assert (got["failed"], got["options"], len(got["messages"])) == ("invalid_arguments", [], 1)


def test_options_can_be_loaded_only_for_an_external_select(calm):
    view_id = opened(calm, {"type": "static_select", "action_id": "which", "options": [ELM]})
    for action_id, sentence in (("who", "there is no 'who' here"), ("which", "does not load its options from the app")):
        refused = calm.post("options", user="ana", view_id=view_id, action_id=action_id, value="abc")
        assert sentence in refused["error"]
    assert "no view" in calm.post("options", user="ben", view_id=view_id, action_id="which", value="abc")["error"]
