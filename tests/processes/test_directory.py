"""A Slack that does not answer or breaks off: the directory guesses nothing and asks again."""

import json
from datetime import timedelta

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from handlers.kit.directory import Directory, SlackUnavailable, retry_after
from handlers.members import jobs
from storage import consortia
from storage.members import Member
from tests.loopback import breaks_off, fake_server, write_response
from tests.storage.people import founded
from tests.town import START


def refuses(handler):
    write_response(handler, 200, b'{"ok": false, "error": "ratelimited"}')


def is_down(handler):
    write_response(handler, 503, b"<html>later</html>")


NOBODY = b'{"ok": false, "error": "users_not_found"}'
EMPTY = {"client": None, "http_verb": "POST", "api_url": "", "req_args": {}, "data": {}, "status_code": 429}
SILENCE = pytest.mark.parametrize("silence", [breaks_off, refuses, is_down])


class Slack:
    """A Slack that answers each method with a fixed page."""

    def __init__(self, place):
        self._place = place
        self.directory = Directory(lambda _: WebClient("xoxb", base_url=f"http://127.0.0.1:{place.port}/"))

    def answers(self, method, page):
        body = b"" if callable(page) else json.dumps({"ok": True, **page}).encode()
        page = page if callable(page) else lambda handler: write_response(handler, 200, body)
        self._place.pages[f"/{method}"] = page

    def answers_once(self, method, page, then):
        """Answer with a page, and from then on in another way."""

        def answer(handler):
            self.answers(method, then)
            write_response(handler, 200, json.dumps({"ok": True, **page}).encode())

        self._place.pages[f"/{method}"] = answer


@pytest.fixture
def slack():
    with fake_server() as place:
        yield Slack(place)


@SILENCE
def test_a_daily_check_that_slack_breaks_off_is_repeated_an_hour_later(db, slack, silence):
    with db.begin() as session:
        founded(session, "America/Denver", START)
    user = {"id": "U1", "team_id": "T1", "real_name": "Birch Person", "tz": "Europe/Berlin"}
    for page, wait, zone in (
        (silence, timedelta(hours=1), "America/Denver"),
        ({"members": [user]}, timedelta(hours=22), "Europe/Berlin"),
    ):
        slack.answers("users.list", page)
        with db.begin() as session:
            consortia.schedule_profile_check(session, "T1", START)
        jobs.sweep(db, slack.directory, START)
        with db.read() as session:
            assert consortia.next_profile_check(session) == START + wait
            assert session.query(Member).filter_by(user_id="U1").one().zone == zone


@SILENCE
def test_the_members_of_a_channel_are_requested_again_if_slack_did_not_answer(slack, silence):
    slack.answers("conversations.info", {"channel": {"id": "C1", "is_private": True}})
    slack.answers("conversations.members", silence)
    assert slack.directory.audience("T1", "C1") == []
    with pytest.raises(SlackUnavailable):
        slack.directory.can_see("T1", "C1", "U1")
    slack.answers("conversations.members", {"members": ["U1"]})
    assert slack.directory.audience("T1", "C1") == ["U1"]
    assert slack.directory.can_see("T1", "C1", "U1")
    assert not slack.directory.can_see("T1", "C1", "U2")


def test_a_pass_over_everybody_goes_on_where_slack_asked_for_a_break(slack):
    def page(*users, cursor=""):
        return {"members": [{"id": user} for user in users], "response_metadata": {"next_cursor": cursor}}

    slack.answers_once("users.list", page("U1", "U2", cursor="next"), then=refuses)
    with pytest.raises(SlackApiError):
        slack.directory.roll("T1")
    slack.answers("users.list", page("U3"))
    assert [person.user_id for person in slack.directory.roll("T1")] == ["U1", "U2", "U3"]
    assert [person.user_id for person in slack.directory.roll("T1")] == ["U3"]


def test_an_address_that_slack_does_not_know_is_nobodys(slack):
    slack.answers("users.lookupByEmail", lambda handler: write_response(handler, 200, NOBODY))
    assert slack.directory.find_by_email("T1", "x@y.example") is None
    slack.answers("users.lookupByEmail", {"user": {"id": "U1", "deleted": True}})
    assert slack.directory.find_by_email("T1", "x@y.example") is None
    slack.answers("users.lookupByEmail", refuses)
    with pytest.raises(SlackApiError):
        slack.directory.find_by_email("T1", "x@y.example")


def test_slack_says_how_long_to_wait():
    def limited(**headers):
        return SlackApiError("later", SlackResponse(**EMPTY, headers=headers))

    minute = timedelta(minutes=1)
    assert retry_after(limited(**{"Retry-After": "30"}), minute) == timedelta(seconds=31)
    assert retry_after(limited(), minute) == minute
    assert retry_after(OSError(), minute) == minute
