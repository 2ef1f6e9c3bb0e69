"""Files that people upload in a form: what the app receives, and who may read them."""

import base64

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.page.blocks import render_blocks
from bot.sandbox.state.world import DEFAULT_SCOPES
from tests.sandbox.block_builders import field, modal
from tests.sandbox.page_rendering import READER

ICS = {"name": "elm.ics", "content": "BEGIN:VCALENDAR"}


def asking(**more):
    return modal(field("File", {"type": "file_input", "action_id": "file", **more}, optional=True))


def opened(slack, **more):
    return slack.web.views_open(trigger_id=slack.trigger(), view=asking(**more))["view"]["id"]


def heard(echo):
    return next(one for one in echo.heard if one["type"] == "view_submission")


def submits(slack, view, file):
    return slack.post("submit", user="ana", view_id=view, values={"file": file})


def test_a_submitted_file_is_described_as_slack_describes_it(slack, echo_http):
    assert submits(slack, opened(slack, filetypes=["ics"]), ICS)["closed"]
    held = heard(echo_http)["view"]["state"]["values"]["file"]["file"]
    assert held["type"] == "file_input"
    (file,) = held["files"]
    assert (file["name"], file["size"], file["filetype"], file["mimetype"]) == ("elm.ics", 15, "ics", "text/calendar")
    assert (file["user"], file["mode"], file["is_external"]) == (slack.user(), "hosted", False)
    assert file["id"].startswith("F")


def test_only_the_bots_token_reads_a_file_and_others_see_the_sign_in_page(slack, echo_http):
    submits(slack, opened(slack), {"name": "a b?.ics", "base64": base64.b64encode(b"\x00\xff").decode()})
    (file,) = heard(echo_http)["view"]["state"]["values"]["file"]["file"]["files"]
    credentials = slack.sandbox.credentials
    right = {"Authorization": f"Bearer {credentials.bot_token}"}
    for place in ("url_private", "url_private_download"):
        assert slack.http.get(file[place], headers=right).content == b"\x00\xff"
    for headers in ({}, {"Authorization": "Bearer xoxb-wrong"}, {"Authorization": f"Bearer {credentials.app_token}"}):
        answer = slack.http.get(file["url_private"], headers=headers)
        assert answer.headers["content-type"].startswith("text/html")
        assert b"\x00\xff" not in answer.content
    assert slack.http.get(f"/files/{file['id']}/a.ics", headers=right).status_code == 404
    assert slack.http.get(f"{slack.url}/files-pri/T-FNONE/a.ics", headers=right).status_code == 404
    slack.post("app", scopes=[scope for scope in DEFAULT_SCOPES if scope != "files:read"])
    assert "Sign in" in slack.http.get(file["url_private"], headers=right).text


def test_asking_for_a_file_requires_the_scope_to_read_it(slack):
    slack.post("app", scopes=[scope for scope in DEFAULT_SCOPES if scope != "files:read"])
    with pytest.raises(SlackApiError) as refused:
        opened(slack)
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "files:read"
    assert slack.web.views_open(trigger_id=slack.trigger(), view=modal())["ok"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"name": "elm.pdf", "content": "x"}, "names end in .ics"),
        ([ICS, ICS], "at most 1"),
        ("elm.ics", "not a file such as"),
        ({"content": "x"}, "not a file such as"),
        ({"name": " ", "content": "x"}, "not a file such as"),
        ({"name": "elm.ics"}, "needs its content"),
        ({"name": "elm.ics", "base64": "%"}, "this is not base64"),
    ],
)
def test_a_file_that_slack_would_not_offer_cannot_be_uploaded(slack, file, said):
    answer = submits(slack, opened(slack, filetypes=["ics"], max_files=1), file)
    assert not answer["ok"]
    assert said in answer["error"]


def test_a_file_chosen_on_the_page_is_submitted_and_can_be_removed(slack, echo_http):
    view = opened(slack)
    where = {"user": "ana", "view_id": view, "block_id": "file", "action_id": "file"}
    assert not slack.post("act", **where, value=[ICS])["sent"]
    assert slack.post("submit", user="ana", view_id=view, values={})["closed"]
    (file,) = heard(echo_http)["view"]["state"]["values"]["file"]["file"]["files"]
    assert file["name"] == "elm.ics"
    view = opened(slack)
    slack.post("act", **{**where, "view_id": view}, value=[ICS])
    slack.post("act", **{**where, "view_id": view}, value=[])
    assert slack.get("views", user="ana")["views"][-1]["state"]["values"]["file"]["file"]["files"] == []


def test_a_required_file_must_be_there(slack):
    view = slack.web.views_open(
        trigger_id=slack.trigger(), view=modal(field("File", {"type": "file_input", "action_id": "file"}))
    )["view"]["id"]
    assert slack.post("submit", user="ana", view_id=view, values={})["errors"] == {
        "file": "Please complete this required field."
    }


def test_the_page_shows_a_file_chooser_with_its_label(slack):
    html = str(
        render_blocks(
            [field("File", {"type": "file_input", "action_id": "f", "filetypes": ["ics"]})], READER, place="v"
        )
    )
    assert 'type="file"' in html
    assert 'accept=".ics"' in html
    assert "multiple" in html
    assert "aria-labelledby" in html


# with a message ----------------------------------------------------------------------------------------


def listening(slack, **app_home):
    """Let the app hear its direct messages."""
    features = {"app_home": app_home}
    manifest = {"features": features, "settings": {"event_subscriptions": {"bot_events": ["message.im"]}}}
    assert slack.post("app", manifest=manifest, scopes=["im:history", "files:read"])["ok"]


def test_files_sent_with_a_message_arrive_as_slack_describes_them(slack, echo_http):
    listening(slack)
    said = slack.post("say", user="ana", channel="@ana", text="two & more", files=[ICS, {**ICS, "name": "b.csv"}])
    assert said["ok"]
    event = echo_http.wait(1)[0]["event"]
    assert (event["type"], event["subtype"], event["channel_type"]) == ("message", "file_share", "im")
    assert (event["text"], event["user"], event["ts"]) == ("two &amp; more", slack.user(), said["ts"])
    assert (event["upload"], event["display_as_bot"]) == (True, False)
    first, second = event["files"]
    assert (first["name"], first["size"], first["filetype"], first["file_access"]) == ("elm.ics", 15, "ics", "visible")
    assert (second["name"], second["user"], second["is_external"]) == ("b.csv", slack.user(), False)
    right = {"Authorization": f"Bearer {slack.sandbox.credentials.bot_token}"}
    assert slack.http.get(first["url_private"], headers=right).text == ICS["content"]
    assert slack.http.get(first["url_private"]).headers["content-type"].startswith("text/html")


def test_an_app_hears_of_files_only_with_the_subscription_and_the_scope(slack, echo_http):
    listening(slack)
    slack.post("app", scopes=["files:read"])
    assert slack.post("say", user="ana", channel="@ana", files=[ICS])["ok"]
    assert slack.post("say", user="ana", channel="general", files=[ICS])["ok"]
    slack.post("app", scopes=["im:history"])
    slack.post("say", user="ana", channel="@ana", text="hello")
    assert [heard["event"].get("subtype") for heard in echo_http.wait(1)] == [None]


def test_of_a_file_from_another_workspace_an_app_learns_only_the_id(slack, echo_http):
    listening(slack)
    slack.post("people", name="zoe", home="T0FAR", channels=["general"])
    assert slack.post("say", user="zoe", channel="@zoe", files=[ICS])["ok"]
    event = next(heard["event"] for heard in echo_http.wait(1) if heard["event"]["type"] == "message")
    (file,) = event["files"]
    assert event["user_team"] == "T0FAR"
    assert (file["mode"], file["file_access"]) == ("file_access", "check_file_info")
    assert "url_private" not in file and "name" not in file
    assert slack.messages("@zoe", "zoe")[-1]["files"][0]["name"] == "elm.ics"


@pytest.mark.parametrize("app_home", [{"messages_tab_read_only_enabled": True}, {"messages_tab_enabled": False}])
def test_a_messages_tab_that_is_read_only_takes_no_messages(slack, app_home):
    listening(slack, **app_home)
    for what in ({"text": "hello"}, {"files": [ICS]}):
        assert "turned off" in slack.post("say", user="ana", channel="@ana", **what)["error"]
    assert slack.messages("@ana") == []
    assert slack.post("say", user="ana", channel="general", text="hello")["ok"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"files": []}, "text: give the typed text"),
        ({"text": " ", "files": []}, "text: give the typed text"),
        ({"files": "elm.ics"}, "files: give a list of at most 10 files"),
        ({"files": [ICS] * 11}, "files: give a list of at most 10 files"),
        ({"files": ["elm.ics"]}, "files: 'elm.ics' is not a file such as"),
        ({"files": [{"name": "elm.ics"}]}, "files: a file needs its content"),
        ({"files": [ICS], "text": 3}, "text: give the typed text"),
    ],
)
def test_a_message_needs_text_or_files(slack, what, said):
    answer = slack.post("say", user="ana", channel="general", **what)
    assert not answer["ok"]
    assert said in answer["error"]
    assert slack.messages() == []


def test_the_page_names_a_persons_file_and_shows_their_picture(slack):
    slack.post("say", user="ana", channel="general", files=[ICS, {"name": "a.png", "content": "x"}])
    html = slack.http.get("/", params={"as": "ben", "in": "general"}).text
    assert '<span class="file-name">elm.ics</span>' in html
    assert 'src="/page/picture/F' in html
    assert "files-pri" not in html
