"""What an answer to a call means: a refusal, trouble, or nothing that can be known."""

from datetime import timedelta

import pytest
from slack_sdk import WebClient

from bot.delivery.calls import Outcome, call
from tests.bot_process import free_port
from tests.delivery.raw_slack import HTML, OK, raw_slack, refusal


@pytest.fixture(scope="module")
def slack():
    with raw_slack() as slack:
        yield slack


POST, FILE = "chat.postMessage", "files.completeUploadExternal"
TOKEN_TROUBLE = [
    "access_token_expired",
    "account_inactive",
    "accesslimited",
    "ekm_access_denied",
    "enterprise_is_restricted",
    "invalid_auth",
    "not_allowed_token_type",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
]


@pytest.mark.parametrize(
    ("method", "answer", "outcome"),
    [
        pytest.param(POST, (200, OK), Outcome.OK, id="accepted"),
        pytest.param(POST, (200, HTML), Outcome.UNKNOWN, id="html"),
        pytest.param(POST, (200, HTML, {"Content-Type": "text/html; charset=utf-16"}), Outcome.UNKNOWN, id="no text"),
        pytest.param(POST, (200, b"\xff\xfe\xfa"), Outcome.UNKNOWN, id="bytes"),
        pytest.param(POST, (200, ""), Outcome.UNKNOWN, id="empty"),
        pytest.param(POST, (200, OK[:20]), Outcome.UNKNOWN, id="cut off"),
        pytest.param(POST, (200, OK[:20], {"Content-Length": "500"}), Outcome.UNKNOWN, id="broken off"),
        pytest.param(POST, (200, "null"), Outcome.UNKNOWN, id="null"),
        pytest.param(POST, (200, "[1]"), Outcome.UNKNOWN, id="a list"),
        pytest.param(POST, (200, '"ok"'), Outcome.UNKNOWN, id="a string"),
        pytest.param(POST, (200, "{}"), Outcome.UNKNOWN, id="an empty object"),
        pytest.param(POST, (200, '{"ok": false, "error": {"a": 1}}'), Outcome.UNKNOWN, id="an error that is no code"),
        pytest.param(POST, (200, '{"ok": true}'), Outcome.UNKNOWN, id="accepted without an id"),
        pytest.param(POST, (200, '{"ok": true, "ts": 5}'), Outcome.UNKNOWN, id="an id that is none"),
        pytest.param("chat.update", (200, '{"ok": true}'), Outcome.OK, id="accepted where no id is needed"),
        pytest.param(POST, (200, '{"ok": 1, "ts": "1.1"}'), Outcome.UNKNOWN, id="ok is a number"),
        pytest.param(POST, (200, '{"ok": "false", "error": "invalid_auth"}'), Outcome.UNKNOWN, id="ok is a string"),
        pytest.param(POST, (200, '{"ok": null, "error": "is_archived"}'), Outcome.UNKNOWN, id="ok is null"),
        pytest.param(POST, (302, OK, {"Location": "/elsewhere"}), Outcome.UNKNOWN, id="redirected"),
        pytest.param(POST, (303, OK, {"Location": "/elsewhere"}), Outcome.UNKNOWN, id="redirected after it"),
        pytest.param(POST, (308, OK, {"Location": "/elsewhere"}), Outcome.UNKNOWN, id="redirected for good"),
        pytest.param(POST, (403, HTML), Outcome.RETRY, id="a proxy refuses"),
        pytest.param(POST, (503, HTML), Outcome.RETRY, id="html with 503"),
        pytest.param(POST, (500, refusal("internal_error")), Outcome.RETRY, id="an internal error"),
        pytest.param(POST, (429, HTML), Outcome.RATE_LIMITED, id="html with 429"),
        pytest.param(POST, (200, refusal("ratelimited")), Outcome.RATE_LIMITED, id="limited with 200"),
        pytest.param(POST, (200, refusal("rate_limited")), Outcome.RATE_LIMITED, id="limited with 200, as posts are"),
        *(pytest.param(POST, (200, refusal(error)), Outcome.NO_ACCESS, id=error) for error in TOKEN_TROUBLE),
        pytest.param("chat.update", (401, refusal("invalid_auth")), Outcome.NO_ACCESS, id="with 401"),
        pytest.param(POST, (200, refusal("missing_scope")), Outcome.NO_ACCESS, id="no permission to post"),
        pytest.param(FILE, (200, refusal("missing_scope")), Outcome.REJECTED, id="no permission for files alone"),
        pytest.param(POST, (200, refusal("is_archived")), Outcome.REJECTED, id="archived"),
    ],
)
def test_trouble_is_no_refusal_and_what_cannot_be_read_is_unknown(slack, method, answer, outcome):
    slack.answers(answer)
    result = call(slack.client, method, {"text": "Good morning."})
    assert result.outcome is outcome
    assert "secret-of-the-proxy" not in result.reason + str(result.data)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_token_goes_to_no_other_address(slack, status):
    slack.calls.clear()
    with raw_slack() as other:
        slack.answers((status, OK, {"Location": f"{other.client.base_url}chat.postMessage"}))
        call(slack.client, POST, {"text": "Good morning."})
        assert (len(slack.calls), other.calls, other.asked) == (1, [], [])


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [(429, "7", 7), (429, "soon", 30), (200, "7", 7), (200, None, 30)],
)
def test_a_rate_limit_says_how_long_to_wait_whatever_its_status(slack, status, header, seconds):
    slack.answers((status, refusal("ratelimited"), {"Retry-After": header} if header else {}))
    assert call(slack.client, POST, {}).retry_after == timedelta(seconds=seconds)


def test_a_slack_that_cannot_be_reached_has_received_nothing():
    client = WebClient("xoxb-1", base_url=f"http://127.0.0.1:{free_port()}/api/", retry_handlers=[])
    assert call(client, POST, {}).outcome is Outcome.RETRY
