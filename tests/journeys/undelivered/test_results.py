"""What the bot could not post by itself: authors and facilitators are told, and nothing counts as told unsaid."""

import pytest
from sqlalchemy import select

from storage.minutes import Minutes
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState
from tests.journeys.steps import flat, goes_to, last_told, plans, sends, told
from tests.journeys.undelivered.test_undelivered import council
from tests.town import text_of


@pytest.fixture
def closed(town):
    """A town whose channel was archived while two proposals of Ben and a poll of Cleo were open; all have closed."""
    town.forgiven |= {"is_archived", "is_inactive"}
    town.proposes("Adopt the calendar", user="ben", more="closes:2d")
    town.proposes("Share the buses", user="ben", more="closes:49h")
    town.asks('/vote "Which week?" "12 Jan" "19 Jan" closes:2d', user="cleo")
    town.call("channels", channel="council", archived=True)
    town.waits("P2DT3H")
    return town


def test_facilitators_are_told_the_same_hour_of_verdicts_that_could_not_be_posted(closed):
    town = closed
    (news,) = told(town, "ana", "I could not post")
    assert (
        "I could not post the verdict of proposal 1 “Adopt the calendar” and the result of poll 3 “Which week?” in "
        f"<#{council(town)}>, because the channel is archived." in news
    )
    assert "When it is open again, send them from the list of messages to check." in news
    assert "Ben Ortiz and Cleo Marchetti have been told, too." in news
    assert not told(town, "dov", "I could not post")
    town.presses("ana", "Messages to check", last_told(town, "ana", "I could not post"), "@ana")
    shown = flat(text_of(town.private_answer("ana", "@ana")))
    title = "the verdict of proposal 2 “Share the buses”"
    assert f"*{title}* in <#{council(town)}> could not be delivered because its channel is archived." in shown
    assert "is_archived" not in shown


def test_what_is_not_named_is_not_counted_as_told_and_is_named_a_day_later(closed):
    town = closed
    assert not told(town, "ben", "the verdict of proposal 2")
    town.waits("P1D")
    (news,) = told(town, "ben", "the verdict of proposal 2")
    assert "because the channel is archived. Open the channel again, then press Post" in news
    town.waits("P1D")
    assert told(town, "ana", "the verdict of proposal 2")
    town.waits("P3D")
    assert len(told(town, "ben", "the verdict of proposal 2")) == 1
    assert len(told(town, "ben", "is archived")) == 2


def test_calls_and_agendas_that_could_not_be_posted_are_reported_too(town):
    town.forgiven |= {"is_archived", "is_inactive"}
    town.types("ana", "/consortium facilitator @ben")
    plans(town)
    town.call("channels", channel="council", archived=True)
    town.waits("P9D")
    news = " ".join([*told(town, "ana", "is archived"), *told(town, "ben", "is archived")])
    assert "the call for the agenda of Council" in news
    assert "the agenda of Council" in news
    for user in ("ana", "ben"):
        assert told(town, user, "is archived"), f"{user} facilitates"


def test_nobody_is_told_of_a_post_that_never_came(town):
    town.forgiven |= {"is_archived", "is_inactive"}
    plans(town)
    town.call("channels", channel="council", archived=True)
    town.waits("P4D")
    (chair,) = told(town, "ana", "which you chair")
    assert "has no agenda items so far. Add what the meeting should talk about, or ask people to." in chair
    town.waits("P5DT6H")
    town.call("channels", channel="council", archived=False)
    answer = town.types("ana", "/meeting publish", "council")
    assert "is published, but not in the channel yet" in answer
    assert "already in the channel" not in answer


def test_a_result_of_a_private_channel_that_lost_the_bot_names_no_contents_to_facilitators(town):
    town.forgiven |= {"channel_not_found", "not_in_channel"}
    town.call("channels", name="board", private=True, members=["ben", "cleo"], bot=True)
    town.types("ben", '/propose now "Sell the van" closes:2d', "board")
    town.settle()
    town.call("channels", channel="board", leave=["consortium"])
    town.waits("P2DT1H")
    (own,) = told(town, "ben", "I am not in the channel")
    board = town.sandbox.world.directory.channel("board").id
    assert f"I could not post a message about proposal 1 “Sell the van” in <#{board}>, because" in own
    assert "/invite" in own
    (news,) = told(town, "ana", "I could not post")
    assert "a message about a proposal in a private channel, because I am not in the channel" in news
    assert "board" not in news and board not in news
    assert "Sell the van" not in news


@pytest.mark.parametrize("fault", ["drop_reply", "is_archived"])
def test_news_of_a_private_channel_whose_asker_has_left_names_nothing_to_facilitators(town, fault):
    town.forgiven |= {"is_archived"}
    town.call("channels", name="board", private=True, members=["ben", "cleo"], bot=True)
    town.types("ben", '/propose now "Sell the van" closes:2d', "board")
    town.settle()
    board = town.sandbox.world.directory.channel("board").id
    town.http.post("/sandbox/people", json={"user": "ben", "deleted": True})
    town.settle()
    town.waits("P1DT23H30M")
    town.call("faults", method="chat.postMessage", fault=fault, times=1)
    town.waits("PT3H")
    (news,) = told(town, "ana", "a message about a proposal in a private channel")
    assert "has been told" not in news and "have been told" not in news
    town.presses("ana", "Messages to check", last_told(town, "ana", "in a private channel"), "@ana")
    for shown in (news, text_of(town.private_answer("ana", "@ana"))):
        assert not any(words in shown for words in (board, "Sell the van", "Check there", "Check before"))


def test_minutes_that_nobody_could_read_are_not_accepted_by_silence(town):
    town.forgiven |= {"is_archived", "is_inactive"}
    plans(town, '/meeting new "Council" 2026-12-07 13:00 notes:@cleo')
    goes_to(town, "2026-12-07T22:00:05Z")
    town.call("channels", channel="council", archived=True)
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    assert town.fills("cleo", notes="We met.", agencies=["Elm Schools", "Birch Schools"])["closed"]
    town.waits("P7D")
    assert accepted(town) == [None]
    assert told(town, "ana", "the minutes of Council")
    town.call("channels", channel="council", archived=False)
    town.presses("ana", "Post", last_told(town, "ana", "is archived"), "@ana")
    town.waits("PT20H")
    assert accepted(town) == [None], "there is a day to read them"
    town.waits("P2D")
    assert accepted(town) != [None]


def accepted(town):
    with town.bot.db.read() as session:
        return session.scalars(select(Minutes.accepted_at)).all()


# messages that can never be updated again ---------------------------------------------------------------


def deletes(town, message, channel="council"):
    channels = {c["name"]: c["id"] for c in town.http.get("/sandbox/channels").json()["channels"]}
    assert town.bot.authority.client("").chat_delete(channel=channels[channel], ts=message["ts"])["ok"]


@pytest.fixture
def deleted(town):
    """A town in which somebody deleted the message of Ben's open proposal, before Cleo voted on it."""
    town.forgiven |= {"message_not_found"}
    deletes(town, town.proposes(user="ben"))
    assert "Noted" in town.types("cleo", "/vote 1 agree")
    town.waits("PT1M")
    return town


def test_who_made_a_proposal_whose_message_was_deleted_is_told_and_posts_it_anew(deleted):
    town = deleted
    gone = (
        f"I can no longer update the message of proposal 1 “Adopt the calendar” in <#{council(town)}>, because it was "
        "deleted from its channel."
    )
    (news,) = told(town, "ben", gone)
    assert "Post it again" in news
    town.waits("PT30M")
    assert told(town, "ana", gone)
    calls = len(town.calls("chat.update"))
    town.types("finn", "/vote 1 agree")
    town.waits("P1D")
    assert len(town.calls("chat.update")) == calls, "it is given up"
    town.presses("ben", "Post it again", last_told(town, "ben", gone), "@ben")
    town.settle()
    assert "*2 of 3 agencies heard*" in text_of(town.message("#1"))
    town.presses("ben", "Agree", town.message("#1"))
    town.settle()
    assert "*3 of 3 agencies heard*" in text_of(town.message("#1")), "it is live again"
    with town.bot.db.read() as session:
        assert not session.scalars(select(OutboxMessage.id).where(OutboxMessage.state == DeliveryState.FAILED)).all()


def test_nobody_else_posts_it_anew(deleted):
    town = deleted
    with town.bot.db.read() as session:
        row = session.scalars(select(OutboxMessage.id).where(OutboxMessage.state == DeliveryState.FAILED)).one()
    assert "Only a facilitator" in sends(town, "cleo", "delivery.again", str(row))
    assert "is for members of the consortium" in sends(town, "dov", "delivery.again", str(row))
    assert sends(town, "ben", "delivery.again", "soon") == "", "nobody is answered who forges a value"
    assert not [m for m in town.messages("ana") if "#1 Adopt the calendar" in text_of(m) and not m.get("ephemeral")]


def test_an_agenda_that_was_deleted_is_reported_to_who_keeps_the_meeting_going(town):
    town.forgiven |= {"message_not_found"}
    plans(town)
    goes_to(town, "2026-12-10T15:00:00+00:00")
    deletes(town, town.message("*Council*"))
    town.types("cleo", "/meeting add Budget")
    town.waits("PT1M")
    assert told(town, "ana", "no longer update the agenda of Council")
