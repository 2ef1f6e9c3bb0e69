"""While Slack does not accept the token, everything waits, and those who can help are told why."""

from contextlib import contextmanager

import httpx
import pytest

from bot import doctor
from bot.sandbox.errors import SlackError
from tests.journeys.steps import posted
from tests.town import text_of


@contextmanager
def locked_out(town, error):
    """Have Slack refuse the bot's token with an error until the block ends."""
    town.forgiven.add(error)
    tokens = town.sandbox.world.tokens

    def refuse(_token):
        raise SlackError(error)

    # a token that has really ended would uninstall the app, and people could not use it meanwhile
    tokens.check = refuse
    try:
        yield
    finally:
        del tokens.check


def report(town):
    lines = []
    doctor.check(town.bot.settings, lines.append)
    return "\n".join(lines)


def readiness(town):
    address = town.http.get("/sandbox/app").json()["request_url"]
    answer = httpx.get(address.removesuffix("/slack/events") + "/readyz", timeout=60)
    return answer.status_code, answer.text


def home(town, user):
    assert town.call("home", user=user)["ok"]
    town.settle()
    return text_of(town.sandbox.home(user))


@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked", "account_inactive", "ekm_access_denied"])
def test_what_happens_meanwhile_is_kept_and_shown_when_slack_accepts_the_token_again(town, error):
    message = town.proposes()
    with locked_out(town, error):
        for user in ("ben", "cleo"):
            assert "Noted" in town.types(user, "/vote 1 agree")
        town.types("ben", '/propose now "Share the van"')
        town.waits("PT1H")
        assert not posted(town, "Share the van")
        assert "*0 of 3 agencies heard*" in text_of(town.message("#1"))
        status, problem = readiness(town)
        assert status == 503
        assert f"Slack has not let the bot post since 2026-11-30 16:00 UTC: {error}" in problem
        assert f"CHECK Health: Slack has not let the bot post since 2026-11-30 16:00 UTC: {error}." in report(town)
    town.waits("PT5M")
    assert len(posted(town, "Share the van")) == 1
    assert "*2 of 3 agencies heard*" in text_of(town.message("#1"))
    assert town.message("#1")["ts"] == message["ts"]
    assert readiness(town) == (200, "ready")
    assert "ok    Health: no trouble is known." in report(town)
    town.waits("P2D")
    for user in ("ana", "ben"):
        assert not [m for m in town.direct(user) if "deliver" in text_of(m) or "Slack did not accept" in text_of(m)]


def test_facilitators_see_on_their_home_tab_that_everything_waits(town):
    with town.bot.db.begin() as session:
        from storage import delivery_pauses

        # without this permission home tabs are still published
        delivery_pauses.record(session, town.sandbox.credentials.team_id, "missing_scope", town.now())
    shown = home(town, "ana")
    assert "*All messages are waiting,* because I lack the permission to post." in shown
    assert "Nothing is lost." in shown
    assert "are waiting," not in home(town, "ben")
    assert "are waiting," not in home(town, "dov")
    town.waits("PT5M")
    town.types("ben", '/propose now "Share the van"')
    town.waits("PT5M")
    assert posted(town, "Share the van")
    assert "are waiting," not in home(town, "ana")
