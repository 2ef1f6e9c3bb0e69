"""Texts come back to the app as Slack returns them: with `&`, `<` and `>` escaped, and markup as it was."""

import pytest

from bot.sandbox.blockkit.escaping import as_returned, as_stored, escape_markup
from tests.sandbox.block_builders import button, field, modal, plain

SELECT = {
    "type": "static_select",
    "action_id": "pick",
    "options": [{"text": plain("R&D"), "value": "r&d"}, {"text": plain("<none>"), "value": "<none>"}],
}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


@pytest.mark.parametrize(
    ("sent", "returned"),
    [
        ("Q & A", "Q &amp; A"),
        ("a &amp; b", "a &amp; b"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
        ("> quoted", "&gt; quoted"),
        ("<@U1> in <#C1|general>, <!here>", "<@U1> in <#C1|general>, <!here>"),
        ("<https://example.org/?a=1&amp;b=2|a link> & more", "<https://example.org/?a=1&amp;b=2|a link> &amp; more"),
        ("<mailto:ana@example.org|Ana>", "<mailto:ana@example.org|Ana>"),
        ("<!date^1796169600^{date}|then>", "<!date^1796169600^{date}|then>"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_markup_and_entities_stay_and_the_rest_is_escaped(sent, returned):
    assert escape_markup(sent) == returned
    assert escape_markup(returned) == returned


def test_plain_texts_have_no_markup():
    assert as_returned(plain("<@U1> & 2"))["text"] == "&lt;@U1&gt; &amp; 2"
    assert as_stored(plain("Q &amp; A"))["text"] == "Q & A", "Slack decodes them for people"
    assert as_returned(as_stored(plain("Q &amp; A")))["text"] == "Q &amp; A"


def test_values_metadata_and_rich_text_come_back_as_they_are():
    rich = {"type": "rich_text", "elements": [{"type": "text", "text": "a & b"}]}
    typed = {"type": "plain_text_input", "value": "a & b"}
    for given in (rich, typed, {"private_metadata": "a & b"}, button(value="a & b")):
        assert as_returned(given) == given


def test_a_message_comes_back_escaped_and_is_shown_as_it_was_meant(slack, echo_http):
    blocks = [
        {"type": "section", "text": mrkdwn("*Q & A* by <@U1>")},
        {"type": "actions", "elements": [button(text=plain("Yes & no"), value="yes & no")]},
    ]
    posted = slack.web.chat_postMessage(channel=slack.channel(), text="Q & A", blocks=blocks)
    texts = ("Q &amp; A", "*Q &amp; A* by <@U1>", "Yes &amp; no")

    def said(message):
        first, second = message["blocks"]
        return message["text"], first["text"]["text"], second["elements"][0]["text"]["text"]

    assert said(posted["message"]) == texts
    slack.post("act", user="ana", channel="general", ts=posted["ts"], action_id="press")
    press = echo_http.latest("actions")
    assert said(press["message"]) == texts
    assert (press["actions"][0]["text"]["text"], press["actions"][0]["value"]) == ("Yes &amp; no", "yes & no")
    # Sending back what was received changes nothing.
    received = {name: press["message"][name] for name in ("text", "blocks")}
    again = slack.web.chat_update(channel=slack.channel(), ts=posted["ts"], **received)
    assert said(again["message"]) == texts
    assert again["text"] == "Q &amp; A"
    (shown,) = slack.messages()
    assert shown["blocks"][1]["elements"][0]["text"]["text"] == "Yes & no"
    assert "Yes &amp; no" in slack.http.get("/?as=ana&in=general").text


def test_a_form_comes_back_escaped_and_its_values_as_they_were_typed(slack, echo_http):
    typed = {"type": "plain_text_input", "action_id": "why"}
    view = modal(
        field("Pick & choose", SELECT), field("Why", typed), title=plain("R&D"), private_metadata='{"of": "R&D"}'
    )
    opened = slack.web.views_open(trigger_id=slack.trigger(), view=view)["view"]
    assert opened["title"]["text"] == "R&amp;D"
    values = {"Pick & choose": "<none>", "Why": "a & b"}
    assert slack.post("submit", user="ana", view_id=opened["id"], values=values)["closed"]
    sent = echo_http.latest("view")["view"]
    assert sent["blocks"][0]["label"]["text"] == "Pick &amp; choose"
    assert sent["private_metadata"] == '{"of": "R&D"}'
    chosen = sent["state"]["values"]["pick & choose"]["pick"]["selected_option"]
    assert (chosen["text"]["text"], chosen["value"]) == ("&lt;none&gt;", "<none>")
    assert sent["state"]["values"]["why"]["why"]["value"] == "a & b"
