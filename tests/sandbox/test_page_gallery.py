"""Every block and element, sent by an app, rendered, and used by a person."""

import base64
import re

import pytest

from tests.sandbox import gallery
from tests.sandbox.block_builders import button, plain
from tests.sandbox.conftest import Echo, driving, over_http

ALL_OF_IT = {"as": "ana", "in": "general"}


@pytest.fixture(scope="module")
def drawn():
    """Render the gallery for Ana: the message and the modal on one page, the home tab on another."""
    with driving() as slack:
        slack.api("conversations.join", channel=slack.channel())
        sent = slack.api("chat.postMessage", channel=slack.channel(), text="All", blocks=gallery.MESSAGE)
        opened = slack.api("views.open", trigger_id=slack.trigger(), view=gallery.MODAL)
        published = slack.api("views.publish", user_id=slack.user(), view=gallery.HOME)
        assert [answer["ok"] for answer in (sent, opened, published)] == [True, True, True]
        page = slack.http.get("/", params=ALL_OF_IT).text
        home = slack.http.get("/", params={**ALL_OF_IT, "in": "@ana", "tab": "home"}).text
        yield page, home


def test_every_block_in_the_gallery_is_known(drawn):
    for html in drawn:
        assert re.findall(r'class="[^"]*\bunknown\b[^"]*">([^<]*)', html) == []


def test_every_field_has_a_name_and_every_id_is_unique(drawn):
    for html in drawn:
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids))
        named = re.findall(r'aria-(?:labelledby|describedby|controls)="([^"]+)"', html)
        assert {entry for names in named for entry in names.split()} <= set(ids)
        fields = re.findall(r"<(?:input|textarea)\b[^>]*>|<div[^>]*contenteditable[^>]*>", html)
        inside = ('type="checkbox"', 'type="radio"', 'type="hidden"')
        bare = [field for field in fields if "aria-label" not in field and not any(kind in field for kind in inside)]
        labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', html))
        assert {identity for field in bare for identity in re.findall(r'\bid="([^"]+)"', field)} <= labelled
        assert [field for field in bare if " id=" not in field] == []


RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [{"type": "text", "text": "Hello", "style": {"bold": True}}],
        },
    ],
}
TYPED = {
    "plain_text_input": "words",
    "number_input": "12",
    "email_text_input": "ana@schools.example",
    "url_text_input": "https://schools.example",
    "rich_text_input": RICH,
    "file_input": [{"name": "a.txt", "content": "A"}],
    "static_select": "elm",
    "external_select": "x1",
    "radio_buttons": "one",
    "checkboxes": ["one", "two"],
    "multi_static_select": ["elm", "oak"],
    "multi_external_select": ["x1", "x2"],
    "datepicker": "2026-12-05",
    "timepicker": "09:30",
    "datetimepicker": gallery.MOMENT,
}
HELD = {
    "value": str,
    "rich_text_value": lambda value: value,
    "selected_option": lambda option: option["value"],
    "selected_options": lambda options: [option["value"] for option in options],
    "files": lambda files: [{"name": file["name"], "content": "A"} for file in files],
    "selected_date": str,
    "selected_time": str,
    "selected_date_time": int,
}


def test_the_value_of_every_field_reaches_the_app(slack):
    echo = Echo(slack)

    @echo.app.options(re.compile("."))
    def offer(ack):
        ack(options=[{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("x1", "x2")])

    with over_http(slack, echo.app):
        view = slack.api("views.open", trigger_id=slack.trigger(), view=gallery.MODAL)["view"]
        people = {"users": slack.user("ben"), "conversations": slack.channel(), "channels": slack.channel()}
        values = {}
        for block in gallery.FORM:
            kind = block["element"]["type"]
            whom = people.get(kind.removeprefix("multi_").removesuffix("_select"))
            values[block["block_id"]] = TYPED.get(kind, [whom] if kind.startswith("multi") else whom)
            if "external" in kind:
                where = {"user": "ana", "view_id": view["id"], "action_id": block["element"]["action_id"]}
                assert slack.post("options", **where, value="x")["sent"]
        assert slack.post("submit", user="ana", view_id=view["id"], values=values)["closed"]
    (heard,) = [entry for entry in echo.heard if entry["type"] == "view_submission"]
    held = {
        block: HELD.get(name, lambda value: value)(value)
        for block, actions in heard["view"]["state"]["values"].items()
        for entry in actions.values()
        for name, value in entry.items()
        if name != "type"
    }
    assert held == values


def test_a_pushed_view_leads_back_and_closes_all(slack):
    first = slack.api("views.open", trigger_id=slack.trigger(), view=gallery.MODAL)["view"]["id"]
    for depth in (2, 3):
        trigger = slack.sandbox.world.triggers.issue(slack.user(), first)
        pushed = slack.api(
            "views.push",
            trigger_id=trigger,
            view={"type": "modal", "title": plain("Next"), "blocks": [{"type": "divider"}]},
        )
        assert pushed["ok"]
        html = slack.http.get("/", params=ALL_OF_IT).text
        assert html.count(f'class="modal depth-{depth}"') == 1
        assert html.count('aria-label="Back"') == depth - 1
        assert html.count('data-close="all"') == depth - 1


def test_buttons_within_cards_and_containers_reach_the_app(slack, echo_http):
    card = {"type": "card", "title": gallery.mark("T"), "actions": [button()]}
    inside = {"type": "container", "title": plain("Box"), "child_blocks": [{"type": "actions", "elements": [button()]}]}
    sent = slack.api(
        "chat.postMessage",
        channel=slack.channel(),
        text="All",
        blocks=[card, {"type": "carousel", "elements": [card]}, inside],
    )
    where = {"user": "ana", "channel": slack.channel(), "ts": sent["ts"]}
    section, row, box = sent["message"]["blocks"]
    for block in (section, row["elements"][0], box["child_blocks"][0]):
        assert slack.post("act", **where, action_id="press", block_id=block["block_id"])["sent"]
    heard = [event["actions"][0]["block_id"] for event in echo_http.heard]
    assert heard == [section["block_id"], row["elements"][0]["block_id"], box["child_blocks"][0]["block_id"]]


PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def uploaded(slack, name, content):
    place = slack.api("files.getUploadURLExternal", filename=name, length=len(content))
    slack.http.post(place["upload_url"], content=content)
    return slack.api("files.completeUploadExternal", files=[{"id": place["file_id"]}], channel_id=slack.channel())


def test_uploaded_images_are_shown_and_other_files_are_not(slack):
    slack.api("conversations.join", channel=slack.channel())
    kept = uploaded(slack, "map.png", PNG)["files"][0]
    other = uploaded(slack, "drawing.svg", b"<svg/>")["files"][0]
    image = {"type": "image", "alt_text": "A map"}
    by = [{**image, "slack_file": {"id": kept["id"]}}, {**image, "slack_file": {"url": kept["url_private"]}}]
    slack.api("chat.postMessage", channel=slack.channel(), text="Map", blocks=by)
    page = slack.http.get("/", params=ALL_OF_IT).text
    assert page.count(f'src="/page/picture/{kept["id"]}"') == 3
    shown = slack.http.get(f"/page/picture/{kept['id']}")
    assert (shown.headers["content-type"], shown.content) == ("image/png", PNG)
    assert slack.http.get(f"/page/picture/{other['id']}").status_code == 404
    assert slack.http.get("/page/picture/F0123456789").status_code == 404
