"""Files that accompany a message: in its thread, complete, and never twice."""

import httpx
import pytest
from sqlalchemy import select

from storage import attachments, consortia, outbox
from storage.attachments import Attachment
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState
from tests.town import text_of
from tests.waiting import PATIENCE

CONTENT = "BEGIN:VCALENDAR\r\nSUMMARY:Reunión\r\nEND:VCALENDAR\r\n"
CALLS = ("files.getUploadURLExternal", "files.completeUploadExternal")


def put(town, channel="council"):
    """Put a message with a file for a channel into the outbox."""
    team = town.sandbox.credentials.team_id
    channels = town.http.get("/sandbox/channels").json()["channels"]
    where = next(c["id"] for c in channels if c["name"] == channel)
    ana = next(p["id"] for p in town.http.get("/sandbox/people").json()["people"] if p["name"] == "ana")
    with town.bot.db.begin() as session:
        row = outbox.queue(
            session,
            team_id=team,
            channel=where,
            body={"text": "Council is moved."},
            about="the news",
            now=town.now(),
            consortium_id=consortia.of_workspace(session, team).id,
            answers_to=ana,
        )
        what = Attachment("council.ics", "Council", CONTENT, "For your calendar.", "the calendar file of Council")
        attachments.attach(session, row, what, town.now())
    town.settle()


def shown(town, channel="council", user="ana"):
    return [m for m in town.messages(user, channel) if m.get("files")]


def states(town):
    with town.bot.db.read() as session:
        found = session.scalars(
            select(OutboxMessage).where(OutboxMessage.method == attachments.METHOD).order_by(OutboxMessage.id)
        )
        return [(row.state, row.reason) for row in found]


def trouble(town, method, fault, times=1):
    town.forgiven |= {"internal_error", "ratelimited"}
    assert town.call("faults", method=method, fault=fault, times=times)["ok"]


def test_a_file_arrives_unchanged_in_the_thread_of_its_message(town):
    put(town)
    (found,) = shown(town)
    assert found["thread_ts"] == town.message("Council is moved.")["ts"]
    assert text_of(found) == "For your calendar."
    (file,) = found["files"]
    assert (file["name"], file["title"]) == ("council.ics", "Council")
    token = town.sandbox.credentials.bot_token
    download = httpx.get(file["url_private"], headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE)
    assert download.content == CONTENT.encode()


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize(("fault", "times"), [("500", 3), ("429", 2)])
def test_a_file_that_slack_did_not_accept_is_sent_later_once(town, method, fault, times):
    trouble(town, method, fault, times)
    put(town)
    town.waits("PT5M")
    assert len(shown(town)) == 1


@pytest.mark.parametrize("fault", ["drop_reply", "drop_request"])
def test_requesting_an_upload_url_is_repeated_because_nobody_sees_it(town, fault):
    trouble(town, CALLS[0], fault)
    put(town)
    town.waits("PT5M")
    assert len(shown(town)) == 1
    assert states(town) == [(DeliveryState.SENT, None)]


@pytest.mark.parametrize(("fault", "there"), [("drop_reply", 1), ("drop_request", 0)])
def test_posting_a_file_is_never_repeated_automatically(town, fault, there):
    trouble(town, CALLS[1], fault)
    put(town)
    town.waits("P1D")
    assert len(shown(town)) == there
    assert [state for state, _ in states(town)] == [DeliveryState.UNKNOWN]


def notices(town):
    return [m for m in town.direct("ana") if "the calendar file of Council" in text_of(m)]


def test_a_file_for_a_channel_without_the_bot_waits_and_one_notice_says_so(town):
    town.forgiven |= {"not_in_channel"}
    town.call("channels", name="board", members=["ana", "ben"])
    for _ in range(3):
        put(town, "board")
        town.waits("P7D")
    assert not shown(town, "board")
    assert states(town) == [(DeliveryState.SETTLED, "not_in_channel")] * 2 + [(DeliveryState.FAILED, "not_in_channel")]
    assert len(notices(town)) == 1
    assert "I could not post the calendar file of Council in <#" in text_of(notices(town)[0])
    assert "Council is moved." in text_of(town.message("Council", channel="board"))
    town.call("channels", channel="board", join=["consortium"])
    put(town, "board")
    town.waits("PT1M")
    assert len(shown(town, "board")) == 1
    assert DeliveryState.FAILED not in [state for state, _ in states(town)]


def test_a_file_whose_message_was_lost_is_posted_on_its_own(town):
    trouble(town, "chat.postMessage", "drop_request")
    put(town)
    town.waits("PT5M")
    (found,) = shown(town)
    assert found.get("thread_ts", found["ts"]) == found["ts"]
