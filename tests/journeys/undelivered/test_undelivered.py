"""Messages that Slack did not take: who is told, who may send them again, and who may not."""

import pytest
from sqlalchemy import select

from storage.proposals import Proposal
from tests.journeys.home.test_home import opens
from tests.journeys.steps import flat, sends
from tests.town import element_of, text_of


@pytest.fixture
def archived(town):
    """A town in which Ben proposed in a channel that was archived before the bot could post."""
    town.forgiven |= {"is_archived", "internal_error"}
    town.call("faults", method="chat.postMessage", fault="500", times=1)
    town.types("ben", '/propose now "Adopt the calendar"')
    town.call("channels", channel="council", archived=True)
    town.waits("PT5M")
    return town


def council(town):
    return town.sandbox.world.directory.channel("council").id


def news(town, user):
    """Return the last direct message about something undelivered, or None."""
    found = [m for m in town.direct(user) if "delivered" in m.get("text", "") or "is archived" in text_of(m)]
    return found[-1] if found else None


def test_the_author_is_told_at_once_what_to_do_and_posts_again(archived):
    town = archived
    told = news(town, "ben")
    assert (
        f"I could not post the message of proposal 1 “Adopt the calendar” in <#{council(town)}>, because the "
        "channel is archived. Open the channel again, then press Post." in text_of(told)
    )
    assert "Nothing is lost." in text_of(told)
    assert news(town, "ana") is None, "the author has a day"
    assert not any("Adopt the calendar" in text_of(m) for m in town.messages("cleo"))
    town.call("channels", channel="council", archived=False)
    town.presses("ben", "Post", told, channel="@ben")
    town.settle()
    assert [m for m in town.messages("cleo") if "Adopt the calendar" in text_of(m)]
    assert "Messages to check" not in town.types("ana", "/consortium")
    town.waits("P2D")
    assert news(town, "ana") is None, "nothing waits any more"


def test_facilitators_hear_after_a_day_what_waits_and_can_settle_it(archived):
    town = archived
    town.waits("P1DT1H")
    told = news(town, "ana")
    assert (
        f"The message of proposal 1 “Adopt the calendar” in <#{council(town)}> could not be delivered and has waited "
        "for a day. Ben Ortiz" in text_of(told)
    )
    town.call("channels", channel="council", archived=False)
    town.presses("ana", "Messages to check", told, channel="@ana")
    said = town.presses_in_form("ana", "It is settled")
    assert "Settled. I will not send this message again." in said and "Every message was delivered." in said
    assert "Messages to check" not in town.types("ana", "/consortium")
    old = town.presses("ben", "Post", news(town, "ben"), channel="@ben")
    assert "This message has already been settled." in old
    assert not any("Adopt the calendar" in text_of(m) for m in town.messages("cleo") if not m.get("ephemeral"))


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


def all_news(town, user):
    return [text_of(m) for m in town.direct(user) if "is archived. Open the channel again" in text_of(m)]


def test_authors_are_told_once_a_day_that_an_outcome_could_not_be_posted(closed):
    town = closed
    (told,) = all_news(town, "ben")
    assert f"the verdict of proposal 1 “Adopt the calendar” in <#{council(town)}>, because" in told
    assert "the result of poll 3" in "".join(all_news(town, "cleo"))
    assert not all_news(town, "ana")
    town.waits("P1D")
    town.types("ben", "/propose extend 1", "@ben")
    town.settle()
    assert len(all_news(town, "ben")) == 2, "there is something new after a day"


def test_sending_again_brings_the_messages_up_to_date(closed):
    town = closed
    for title in ("Adopt the calendar", "Share the buses", "Which week?"):
        assert "closes" in text_of(town.message(title)), title
    town.call("channels", channel="council", archived=False)
    town.presses("ben", "Post", news(town, "ben"), channel="@ben")
    town.settle()
    for title in ("#1 Adopt the calendar", "#2 Share the buses"):
        assert "*Not decided, because the quorum was not reached:*" in text_of(town.message(title))
        assert "[Agree]" not in text_of(town.message(title))
    assert "[Vote]" not in text_of(town.message("Which week?"))
    said = [text_of(m) for m in town.messages("ana")]
    assert len([text for text in said if "Not decided" in text and "[" not in text]) == 2
    assert "Messages to check" not in town.types("ana", "/consortium")


@pytest.mark.parametrize("fault", ["drop_reply", "drop_request"])
def test_a_message_whose_reply_was_lost_is_never_called_undelivered(town, fault):
    town.call("faults", method="chat.postMessage", fault=fault, times=1)
    town.types("ben", '/propose now "Adopt the calendar"')
    town.waits("P1DT1H")
    about = [text_of(m) for user in ("ben", "ana") for m in town.direct(user)]
    what = "the message of proposal 1 “Adopt the calendar”"
    assert [text for text in about if text.startswith(f"I cannot tell whether {what} has arrived in")]
    after_a_day = f"I cannot tell whether {what} in <#{council(town)}> has arrived, because Slack's answer was lost."
    assert [text for text in about if text.startswith(f"{after_a_day} Nobody has checked for a day. Ben Ortiz")]
    assert "Messages to check (1)" in town.types("ana", "/consortium")
    assert "[Messages to check]" in opens(town, "ana")
    for text in (*about, *(m["text"] for user in ("ben", "ana") for m in town.direct(user))):
        assert "not delivered" not in text and "not be delivered" not in text, text
    assert not town.direct("dov")


def test_messages_of_a_channel_that_is_opened_again_are_updated_at_once(closed):
    town = closed
    town.call("channels", channel="council", archived=False)
    town.settle()
    assert "*Not decided, because the quorum was not reached:*" in text_of(town.message("#1 Adopt the calendar"))


@pytest.fixture
def unseen(town):
    """A town in which Ana proposed by consent in a channel that was archived before the bot could post."""
    town.forgiven |= {"is_archived", "is_inactive", "internal_error"}
    town.call("faults", method="chat.postMessage", fault="500", times=1)
    town.types("ana", '/propose now "Adopt the calendar" rule:consent closes:4d')
    town.call("channels", channel="council", archived=True)
    town.waits("PT5M")
    assert "Noted on #1" in town.types("cleo", "/vote 1 agree", "@cleo")
    town.waits("P4D")
    return town


def test_a_consent_that_nobody_could_read_stays_open_and_gets_its_full_time(unseen):
    town = unseen
    told = [m for m in town.direct("ana") if "was due to close, but its message is not in the channel" in text_of(m)]
    assert len(told) == 1
    town.waits("P1D")  # Saturday
    town.call("channels", channel="council", archived=False)
    town.presses("ana", "Post it again", told[0], channel="@ana")
    town.settle()
    message = town.message("Adopt the calendar")
    town.waits("P4DT1H")  # Wednesday: three working days after Friday, but not after Saturday
    assert "[Agree]" in text_of(town.message("Adopt the calendar"))
    assert "reached this channel late" in " ".join(town.thread(message))
    town.waits("PT15H")
    assert "Adopted by consent" in text_of(town.message("Adopt the calendar"))


def test_the_message_of_a_consent_that_came_late_soon_shows_its_new_closing_time(town):
    town.forgiven |= {"is_archived", "is_inactive", "internal_error"}
    town.call("faults", method="chat.postMessage", fault="500", times=1)
    town.types("ana", '/propose now "Adopt the calendar" rule:consent closes:4d')
    town.call("channels", channel="council", archived=True)
    town.waits("PT2H")
    town.call("channels", channel="council", archived=False)
    town.presses("ana", "Post", news(town, "ana"), "@ana")
    town.settle()
    message = town.message("Adopt the calendar")
    town.waits("PT13H")
    (late,) = [text for text in town.thread(message) if "reached this channel late" in text]
    closes = flat(late).rpartition("so it now closes ")[2]
    assert closes.startswith("Fri, Dec 4, 2026, 11:00 AM")
    assert f"closes {closes.rstrip('.')}" in flat(text_of(town.message("Adopt the calendar")))
    town.waits("P2D")
    assert len([text for text in town.thread(message) if "reached this channel late" in text]) == 1


def test_a_consent_whose_message_was_given_up_does_not_close_and_can_be_withdrawn(unseen):
    town = unseen
    sends(town, "ana", "delivery.settle", element_of(news(town, "ana"), "Post")["value"])
    town.waits("P9D")
    with town.bot.db.read() as session:
        assert session.scalars(select(Proposal.state)).all() == ["open"]
    assert "is withdrawn" in town.types("ana", "/propose withdraw 1", "@ana")


def test_nobody_else_sees_sends_or_settles_it(archived):
    town = archived
    town.call("channels", channel="council", archived=False)
    number = element_of(news(town, "ben"), "Post")["value"]
    for user, refused in (
        ("cleo", "Only a facilitator, or the person who asked for this message, can settle it."),
        ("dov", "This one is for members of the consortium."),
    ):
        assert refused in sends(town, user, "delivery.again", number)
        assert refused in sends(town, user, "delivery.settle", number)
        assert "Adopt the calendar" not in sends(town, user, "delivery.list", "")
        assert "Messages to check" not in town.types(user, "/consortium")
    assert not any("Adopt the calendar" in text_of(m) for m in town.messages("cleo") if not m.get("ephemeral"))
    assert "Nothing" in (said := sends(town, "ben", "delivery.again", "")) or "already" in said
    for value in ("x", "99999999999999999999", "-1"):
        assert sends(town, "ben", "delivery.again", value) == "", "nobody is answered who forges a value"
    assert "Messages to check (1)" in town.types("ana", "/consortium")
