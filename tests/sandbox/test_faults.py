"""Injected faults: lost requests and replies, HTTP statuses, answers that are not JSON, and Slack's own errors."""

from urllib.error import URLError

import httpx
import pytest
from slack_sdk.errors import SlackApiError


def post(slack):
    return slack.web.chat_postMessage(channel=slack.channel(), text="x")


def test_a_dropped_request_has_done_nothing(slack):
    assert slack.post("faults", method="chat.postMessage", fault="drop_request")["ok"]
    with pytest.raises((URLError, OSError)):
        post(slack)
    assert slack.texts() == []
    assert post(slack)["ok"]


def test_a_dropped_reply_has_done_its_work(slack):
    slack.post("faults", method="chat.postMessage", fault="drop_reply", times=2)
    for _ in range(2):
        with pytest.raises((URLError, OSError)):
            post(slack)
    assert post(slack)["ok"]
    assert slack.texts() == ["x", "x", "x"]


@pytest.mark.parametrize(("fault", "status", "wait"), [("500", 500, None), ("429", 429, "30")])
def test_an_http_status_can_be_injected(slack, fault, status, wait):
    slack.post("faults", method="chat.postMessage", fault=fault, times=1)
    with pytest.raises(SlackApiError) as refused:
        post(slack)
    assert refused.value.response.status_code == status
    assert refused.value.response.headers.get("retry-after") == wait
    assert post(slack)["ok"]


def test_faults_apply_to_one_method_and_can_be_cleared(slack):
    slack.post("faults", method="chat.update", fault="500", times=5)
    assert post(slack)["ok"]
    slack.post("faults", clear=True)
    ts = slack.messages()[0]["ts"]
    assert slack.web.chat_update(channel=slack.channel(), ts=ts, text="y")["ok"]
    assert slack.post("faults", method="chat.update", fault="hiccup")["error"].startswith(
        "fault: 'hiccup' is not one of"
    )


@pytest.mark.parametrize(
    "error",
    [
        "account_inactive",
        "cant_update_message",
        "ekm_access_denied",
        "invalid_auth",
        "message_not_found",
        "missing_scope",
        "ratelimited",
        "team_added_to_org",
        "token_revoked",
    ],
)
def test_any_of_slacks_errors_can_be_injected(slack, error):
    assert slack.post("faults", method="chat.postMessage", fault=error)["ok"]
    with pytest.raises(SlackApiError) as refused:
        post(slack)
    assert (refused.value.response.status_code, refused.value.response["error"]) == (200, error)
    assert slack.texts() == []
    assert post(slack)["ok"]


@pytest.mark.parametrize(("fault", "said", "done"), [("html", "<!DOCTYPE html>", []), ("empty", "", ["x"])])
def test_an_answer_can_be_a_page_or_nothing(slack, fault, said, done):
    slack.post("faults", method="chat.postMessage", fault=fault)
    headers = {"Authorization": f"Bearer {slack.web.token}"}
    answer = slack.http.post("/api/chat.postMessage", data={"channel": slack.channel(), "text": "x"}, headers=headers)
    assert (answer.status_code, answer.text[:15]) == (200, said)
    assert slack.texts() == done, "a page comes from somebody on the way; an empty answer was cut off"
    entry = slack.get("traffic")["traffic"][-1]
    assert (entry["fault"], entry["status"], (entry["answer"] or "")[:15]) == (fault, 200, said)
    slack.post("faults", method="chat.postMessage", fault=fault)
    with pytest.raises(SlackApiError, match="non-JSON"):
        post(slack)


REPLIES = {
    "invalid_blocks": (400, [], []),
    "500": (500, [], []),
    "429": (429, [], []),
    "html": (200, [], []),
    "empty": (200, ["x"], ["x"]),
}


@pytest.mark.parametrize("fault", REPLIES)
def test_an_answer_at_a_response_url_can_fail_in_the_same_ways(slack, fault):
    status, _, done = REPLIES[fault]
    reply = slack.sandbox.world.response_urls.issue(slack.user(), slack.channel())
    assert slack.post("faults", method="response_url", fault=fault)["ok"]
    assert slack.http.post(f"/response/{reply.key}", json={"text": "x"}).status_code == status
    assert slack.texts() == done
    assert slack.http.post(f"/response/{reply.key}", json={"text": "again"}).status_code == 200
    assert slack.texts() == [*done, "again"]
    assert [entry["fault"] for entry in slack.get("traffic")["traffic"]] == [fault, None]


@pytest.mark.parametrize(("fault", "done"), [("drop_request", []), ("drop_reply", ["x"])])
def test_an_answer_at_a_response_url_can_be_lost(slack, fault, done):
    reply = slack.sandbox.world.response_urls.issue(slack.user(), slack.channel())
    slack.post("faults", method="response_url", fault=fault)
    with pytest.raises(httpx.TransportError):
        slack.http.post(f"/response/{reply.key}", json={"text": "x"})
    assert slack.texts() == done


@pytest.mark.parametrize("fault", ["hiccup", "Invalid_auth", "not found", "", "404", None])
def test_what_is_no_fault_is_refused_with_a_sentence(slack, fault):
    said = slack.post("faults", method="chat.update", fault=fault)["error"]
    assert said == (
        f"fault: {fault!r} is not one of drop_request, drop_reply, 500, 429, html, empty, "
        "or an error such as is_archived"
    )
