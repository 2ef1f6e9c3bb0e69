"""The app is installed by consent, refreshes its tokens, is removed, and is installed again."""

import re
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation import TokenRotator

from bot.sandbox import App
from tests.sandbox.conftest import Echo, driving, over_http

BACK = "http://127.0.0.1:9/slack/oauth_redirect"
ROTATING = {"token_rotation_enabled": True}


def manifest(**settings):
    events = {"bot_events": ["app_uninstalled", "tokens_revoked", "app_mention"]}
    return {
        "oauth_config": {"redirect_urls": [BACK], "scopes": {"bot": ["commands"]}},
        "settings": {"event_subscriptions": events, **settings},
    }


@contextmanager
def away(**settings):
    """A sandbox whose app is known but not installed."""
    with driving(app=App(manifest=manifest(**settings), installed=False)) as slack:
        app = slack.get("app")
        slack.client = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        yield slack


@pytest.fixture
def slack():
    with away() as slack:
        yield slack


def ask(slack, **words):
    """Open the consent page."""
    link = {"client_id": slack.client["client_id"], "scope": "commands,chat:write", "state": "s t&te", **words}
    return slack.http.get("/oauth/v2/authorize", params=link), link


def answer(slack, decision="allow", user="ben", **words):
    """Press a button of the consent page, and return the parameters with which the browser is redirected."""
    _, link = ask(slack, **words)
    form = {**link, "as": user, "decision": decision}
    sent = slack.http.post("/oauth/v2/authorize", data=form)
    assert sent.status_code == 302
    place, _, query = sent.headers["location"].partition("?")
    return {"place": place, **{name: values[0] for name, values in parse_qs(query).items()}}


def access(slack, code, **words):
    return slack.web.oauth_v2_access(**slack.client, code=code, **words).data


def install(slack, **words):
    return access(slack, answer(slack, **words)["code"])


def refused(call, *args, **words):
    with pytest.raises(SlackApiError) as caught:
        call(*args, **words)
    return caught.value.response["error"]


def test_the_consent_page_shows_the_scopes_and_who_may_allow_them(slack):
    slack.post("people", name="zoe", home="T0OTHER")
    page, _ = ask(slack, scope="commands chat:write,made:up", user_scope="search:read")
    assert page.status_code == 200
    heading = re.sub(r"<[^>]+>", "", re.search(r"<h1>.*?</h1>", page.text, re.DOTALL)[0])
    assert heading == "Consortium wants access to Northern Valleys"
    for words in (
        "Write messages",
        "Add commands and shortcuts",
        "made:up",
        "On your behalf it will be able to",
        "127.0.0.1:9",
    ):
        assert words in page.text
    assert "Ana Reyes" in page.text and "zoe" not in page.text
    assert "form-action 'self' http://127.0.0.1:9;" in page.headers["content-security-policy"]
    assert "script" not in page.text


def test_requested_scopes_never_become_markup(slack):
    page, _ = ask(slack, state='"><script>1</script>')
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"scope": ""}, "no_scopes"),
        ({"scope": "chat write<"}, "invalid_scope"),
        ({"redirect_uri": "http://127.0.0.1:9/elsewhere"}, "bad_redirect_uri"),
        ({"redirect_uri": "http://127.0.0.1:10/slack/oauth_redirect"}, "bad_redirect_uri"),
        ({"redirect_uri": BACK + "ed"}, "bad_redirect_uri"),
        ({"redirect_uri": "javascript:alert(1)"}, "bad_redirect_uri"),
        ({"redirect_uri": "http://a;b 'c'/"}, "bad_redirect_uri"),
        ({"redirect_uri": "http://[::1"}, "bad_redirect_uri"),
    ],
)
def test_an_invalid_link_leads_to_a_page_that_says_why(calm_away, words, code):
    page, _ = ask(calm_away, **words)
    assert page.status_code == 400 and code in page.text and "Nothing has been installed" in page.text
    sent = calm_away.http.post("/oauth/v2/authorize", data={"decision": "allow", "scope": "commands", **words})
    assert sent.status_code == 400


@pytest.fixture(scope="module")
def calm_away():
    with away() as slack:
        yield slack


def test_without_people_nobody_can_install_an_app():
    with away() as slack:
        for entry in slack.get("people")["people"]:
            slack.post("people", user=entry["id"], deleted=True)
        page, _ = ask(slack)
        assert page.status_code == 400 and "Nobody in this workspace can" in page.text


def test_canceling_leads_back_without_a_code(slack):
    back = answer(slack, "cancel")
    assert back == {"place": BACK, "error": "access_denied", "state": "s t&te"}
    assert not slack.get("app")["installed"]


def test_an_app_that_is_not_installed_has_no_token_channel_or_command(slack):
    assert slack.api("auth.test")["error"] == "invalid_auth"
    assert slack.get("app")["bot_token"] is None
    assert not any(entry["is_member"] for entry in slack.get("channels")["channels"])
    assert slack.post("command", user="ana", channel="general", text="/echo hi")["failed"] == "dispatch_failed"


def test_consent_becomes_a_token_with_the_allowed_scopes(slack):
    back = answer(slack, redirect_uri=BACK + "/deeper?x=1")
    assert back["place"] == BACK + "/deeper" and back["x"] == "1" and back["state"] == "s t&te"
    got = access(slack, back["code"], redirect_uri=BACK + "/deeper?x=1")
    known = slack.sandbox.credentials
    assert {name: got[name] for name in ("ok", "token_type", "scope", "bot_user_id", "app_id", "enterprise")} == {
        "ok": True,
        "token_type": "bot",
        "scope": "commands,chat:write",
        "bot_user_id": known.bot_user_id,
        "app_id": known.app_id,
        "enterprise": None,
    }
    assert got["team"] == {"id": known.team_id, "name": "Northern Valleys"}
    assert got["authed_user"] == {"id": slack.user("ben")}
    assert got["is_enterprise_install"] is False and "expires_in" not in got
    token = got["access_token"]
    assert slack.api("auth.test", token)["bot_id"] == known.bot_id
    assert slack.api("users.list", token)["needed"] == "users:read"
    again = install(slack, scope="users:read")
    assert again["access_token"] == token, "an app that is there asks for more and keeps its token"
    assert again["scope"] == "commands,chat:write,users:read"
    assert slack.api("users.list", token)["ok"]


def test_a_person_can_authorize_a_user_token(slack):
    got = install(slack, scope="", user_scope="search:read")
    assert "access_token" not in got
    user = got["authed_user"]
    assert user["token_type"] == "user" and user["scope"] == "search:read" and user["access_token"].startswith("xoxp-")
    who = slack.api("auth.test", user["access_token"])
    assert who["user"] == "ben" and "bot_id" not in who
    assert slack.api("chat.postMessage", user["access_token"])["error"] == "not_allowed_token_type"


def test_a_code_works_once_for_ten_minutes_and_for_its_redirect_address(slack):
    code = answer(slack, redirect_uri=BACK)["code"]
    call = slack.web.oauth_v2_access
    assert refused(call, client_id="1.2", client_secret="x", code=code) == "invalid_client_id"
    assert refused(call, **{**slack.client, "client_secret": "x"}, code=code) == "bad_client_secret"
    assert refused(access, slack, code) == "bad_redirect_uri"
    assert refused(access, slack, "made-up") == "invalid_code"
    assert refused(call, **slack.client, code=code, grant_type="password") == "invalid_grant_type"
    assert access(slack, code, redirect_uri=BACK)["ok"]
    assert refused(access, slack, code, redirect_uri=BACK) == "code_already_used"
    late = answer(slack)["code"]
    slack.post("clock", advance="PT10M")
    assert refused(access, slack, late) == "invalid_code"


def test_client_id_and_secret_may_be_in_the_form_too(slack):
    form = {**slack.client, "code": answer(slack)["code"]}
    assert slack.http.post("/api/oauth.v2.access", data=form).json()["ok"]
    broken = slack.http.post("/api/oauth.v2.access", headers={"Authorization": "Basic ???"}).json()
    assert broken["error"] == "invalid_client_id"


def test_rotating_tokens_last_twelve_hours_and_are_refreshed_once():
    with away(**ROTATING) as slack:
        first = install(slack)
        assert first["access_token"].startswith("xoxe.xoxb-1-") and first["refresh_token"].startswith("xoxe-1-")
        assert first["expires_in"] == 43200

        def renew(refresh):
            return slack.web.oauth_v2_access(**slack.client, grant_type="refresh_token", refresh_token=refresh).data

        second = renew(first["refresh_token"])
        assert second["token_type"] == "bot" and second["scope"] == "commands,chat:write" and second["team"]
        assert slack.api("auth.test", first["access_token"])["ok"], "the last one lives out its hours"
        assert refused(renew, first["refresh_token"]) == "invalid_refresh_token"
        assert refused(renew, "") == "invalid_refresh_token"
        third = renew(second["refresh_token"])
        assert slack.api("auth.test", first["access_token"])["error"] == "token_revoked", "two at most live at a time"
        slack.post("clock", advance="PT12H")
        for late in (second, third):
            assert slack.api("auth.test", late["access_token"])["error"] == "token_expired"
        assert slack.get("app")["installed"], "who has expired can still renew"
        assert slack.api("auth.test", renew(third["refresh_token"])["access_token"])["ok"]


def test_a_permanent_token_can_be_exchanged_for_a_rotating_one():
    with driving() as slack:
        known = slack.sandbox.credentials
        client = {"client_id": known.client_id, "client_secret": known.client_secret}

        def exchange(token):
            return slack.web.oauth_v2_exchange(token=token, **client).data

        assert refused(exchange, known.bot_token) == "token_rotation_not_enabled"
        slack.sandbox.manifest = manifest(**ROTATING)
        assert refused(exchange, "xoxb-nobody") == "invalid_token"
        got = exchange(known.bot_token)
        assert got["expires_in"] == 43200 and got["bot_user_id"] == known.bot_user_id
        assert slack.api("auth.test", got["access_token"])["ok"]
        assert slack.api("auth.test", known.bot_token)["error"] == "token_revoked"
        assert refused(exchange, known.bot_token) == "token_already_exchanged"
        assert refused(exchange, got["access_token"]) == "invalid_token"


def test_slack_sdks_own_rotator_refreshes_tokens():
    with away(**ROTATING) as slack:
        got = install(slack)
        installation = Installation(
            user_id=got["authed_user"]["id"],
            bot_token=got["access_token"],
            bot_refresh_token=got["refresh_token"],
            bot_token_expires_in=got["expires_in"],
        )
        rotator = TokenRotator(**slack.client, client=slack.web)
        renewed = rotator.perform_token_rotation(installation=installation, minutes_before_expiration=60 * 13)
        assert renewed.bot_token != got["access_token"]
        assert slack.api("auth.test", renewed.bot_token)["ok"]


LEAVINGS = {
    "a person removes it": (lambda slack, _: slack.post("uninstall"), "account_inactive"),
    "it uninstalls itself": (
        lambda slack, token: slack.web.apps_uninstall(token=token, **slack.client).data,
        "account_inactive",
    ),
    "it gives its token back": (lambda slack, token: slack.web.auth_revoke(token=token).data, "token_revoked"),
}


@pytest.mark.parametrize("way", LEAVINGS)
def test_an_app_that_is_removed_gets_events_and_its_token_is_invalid(slack, way):
    leave, error = LEAVINGS[way]
    token = install(slack)["access_token"]
    slack.web.token = token
    general = slack.channel()
    assert slack.post("channels", channel="general", join=["consortium"])["channel"]["is_member"]
    assert slack.web.auth_revoke(test=True)["revoked"] is False
    echo = Echo(slack)
    echo.app.event("app_uninstalled")(echo._event)
    echo.app.event("tokens_revoked")(echo._event)
    with over_http(slack, echo.app):
        assert leave(slack, token)["ok"]
        heard = {entry["event"]["type"]: entry["event"] for entry in echo.wait(2)}
        assert set(heard) == {"tokens_revoked", "app_uninstalled"}
        assert heard["tokens_revoked"]["tokens"] == {"oauth": [], "bot": [slack.sandbox.credentials.bot_user_id]}
        assert slack.api("auth.test", token)["error"] == error
        assert not slack.get("app")["installed"]
        assert slack.post("uninstall")["error"] == "the app is not installed"
        fresh = install(slack)["access_token"]
        assert fresh != token and slack.api("auth.test", fresh)["ok"]
        assert slack.api("auth.test", token)["error"] == error
        assert slack.api("chat.postMessage", fresh, channel=general, text="Hi")["error"] == "not_in_channel"


def test_uninstalling_requires_the_client_secret(slack):
    token = install(slack)["access_token"]
    assert refused(slack.web.apps_uninstall, token=token, client_id="1", client_secret="x") == "invalid_client_id"
    assert slack.get("app")["installed"]


def test_no_secret_of_an_install_is_shown_in_the_traffic():
    with away(**ROTATING) as slack:
        got = install(slack, user_scope="search:read")
        shown = str(slack.get("traffic"))
        secrets = [got["access_token"], got["refresh_token"], got["authed_user"]["access_token"]]
        assert not any(entry in shown for entry in (*secrets, slack.client["client_secret"]))


def test_installed_and_revoked_tokens_are_stored(tmp_path):
    app = App(manifest=manifest(), installed=False)
    with driving(data=tmp_path, app=app) as slack:
        known = slack.get("app")
        slack.client = {"client_id": known["client_id"], "client_secret": known["client_secret"]}
        old = install(slack)["access_token"]
        slack.post("uninstall")
        new = install(slack, scope="chat:write")["access_token"]
    with driving(data=tmp_path, app=app) as slack:
        assert slack.api("auth.test", old)["error"] == "account_inactive"
        assert slack.api("auth.test", new)["ok"]
        assert slack.get("app")["scopes"] == ["chat:write"]
