"""A private channel that is shared with another workspace gets a new id, and the bot follows it."""

import pytest
from sqlalchemy import select

from storage.database import Base
from storage.live_messages import LiveMessage
from storage.outbox import OutboxMessage
from storage.tasks import Task
from storage.vocabulary import DeliveryState
from tests.town import text_of


@pytest.fixture
def steering(town):
    """The town with a private channel."""
    town.call("channels", name="steering", private=True, members=["ana", "ben", "cleo", "finn"], bot=True)
    return town


def share(town):
    """Share the channel with another workspace. Return its old and its new id."""
    old = town.sandbox.world.directory.channel("steering").id
    assert town.call("channels", channel="steering", shared=True)["ok"]
    town.settle()
    return old, town.sandbox.world.directory.channel("steering").id


def named_anywhere(town, channel):
    """Name the columns in which an id stands."""
    with town.bot.db.read() as session:
        found = set()
        for table in Base.metadata.sorted_tables:
            for column in table.c:
                if any(channel in str(value) for value in session.scalars(select(column))):
                    found.add(f"{table.name}.{column.name}")
    return found


def test_proposals_polls_meetings_and_the_pulse_go_on_in_the_channel(steering):
    town = steering
    assert town.types("ana", '/propose now "Adopt the calendar" closes:2d', "steering").startswith("#1")
    assert town.types("ana", '/vote "Which week?" "First" "Second" closes:1d', "steering").startswith("#2")
    town.types("ana", '/meeting new "Council" 2026-12-01 14:00', "steering")
    town.types("ana", '/meeting add "Budget"', "steering")
    town.types("ana", "/pulse schedule monday 9:00 start:2026-12-07", "steering")
    town.settle()
    old, new = share(town)
    assert named_anywhere(town, old) <= {"outbox.body"}, "only what was sent already keeps the old id"
    proposal = town.message("Adopt the calendar", channel="steering")
    assert "Noted on #1" in town.presses("ben", "Agree", proposal, "steering")
    assert "is noted" in town.types("cleo", "/vote 2 first", "steering")
    town.settle()
    assert "*1 of 3 agencies heard*" in text_of(town.message("Adopt the calendar", channel="steering"))
    assert "Budget" in town.types("ana", "/meeting agenda", "steering")
    town.waits("P3D")
    texts = [text_of(message) for message in town.messages("ana", "steering")]
    assert any("Budget" in text and "Council" in text for text in texts), "the agenda was published"
    assert any("Not decided" in text or "Adopted" in text for text in texts), "the proposal was closed"
    assert any("First" in text and "1" in text for text in texts)
    assert new


def test_what_slack_refused_under_the_old_id_is_sent_again(steering):
    town = steering
    town.forgiven |= {"channel_not_found"}
    town.call("faults", method="chat.postMessage", fault="channel_not_found", times=1)
    town.types("ana", '/propose now "Adopt the calendar"', "steering")
    town.settle()
    with town.bot.db.read() as session:
        assert DeliveryState.FAILED in session.scalars(select(OutboxMessage.state)).all()
    share(town)
    assert "Adopt the calendar" in text_of(town.message("Adopt the calendar", channel="steering"))


def test_live_messages_that_stopped_go_on(steering):
    town = steering
    town.types("ana", '/propose now "Adopt the calendar"', "steering")
    town.settle()
    town.forgiven |= {"channel_not_found"}
    town.call("faults", method="chat.update", fault="channel_not_found", times=99)
    town.types("ben", "/vote 1 agree", "steering")
    town.settle()
    assert "*0 of 3 agencies heard*" in text_of(town.message("Adopt the calendar", channel="steering"))
    town.sandbox.world.faults.clear()
    share(town)
    assert "*1 of 3 agencies heard*" in text_of(town.message("Adopt the calendar", channel="steering"))


def test_links_to_messages_in_the_channel_follow(steering):
    town = steering
    said = town.call("say", user="cleo", channel="steering", text="Please call the printers")
    message = next(m for m in town.messages("ana", "steering") if m["ts"] == said["ts"])
    town.starts("ana", "task.message", message, "steering")
    town.fills("ana", title="Call the printers")
    _, new = share(town)
    with town.bot.db.read() as session:
        assert f"/archives/{new}/" in session.scalars(select(Task.source_link)).one()


def test_the_same_event_twice_changes_nothing_more_and_other_channels_stay(steering):
    town = steering
    town.proposes("Adopt the budget")
    town.types("ana", '/propose now "Adopt the calendar"', "steering")
    town.settle()
    council = town.sandbox.world.directory.channel("council").id
    old, new = share(town)
    # an update may go out while the channel has the id that Slack does not know
    town.forgiven.add("channel_not_found")
    event = {"type": "channel_id_changed", "old_channel_id": new, "new_channel_id": "C0LATER"}
    for _ in range(2):
        town.call("event", event=event, event_id="Ev0SAME")
    town.call("event", event={**event, "old_channel_id": "C0LATER", "new_channel_id": new}, event_id="Ev0BACK")
    town.settle()
    with town.bot.db.read() as session:
        assert set(session.scalars(select(LiveMessage.channel))) == {council, new}
    assert old not in {council, new}


def test_every_column_that_names_a_channel_is_called_channel():
    """The move finds tables by this name."""
    named = {column.name for table in Base.metadata.sorted_tables for column in table.c if "channel" in column.name}
    assert named == {"channel"}
    assert all(
        "team_id" in table.c or "consortium_id" in table.c
        for table in Base.metadata.sorted_tables
        if "channel" in table.c
    )
