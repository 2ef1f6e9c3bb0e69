"""People, channels, and user groups that somebody mentions appear with their names, also on buttons."""

import re

import pytest
from sqlalchemy import select

from storage.polls import Poll, PollOption
from storage.proposals import Proposal
from storage.tasks import Task
from tests.town import element_of, text_of

RAW = re.compile(r"<[@#]|<!subteam|@?\b[UCS]0[A-Z0-9]{6,}")


def stored(town, column):
    with town.bot.db.read() as session:
        return list(session.scalars(select(column)))


@pytest.mark.parametrize(
    "options",
    [
        pytest.param('"@ben" "@cleo"', id="linked by Slack"),
        pytest.param('"@Ben Ortiz" "@cleo marchetti"', id="whole names"),
        pytest.param('"@BEN" "@Cleo"', id="names that Slack does not link"),
    ],
)
def test_a_poll_about_people_shows_their_names_on_its_buttons(town, options):
    poll = town.asks(f'/vote "Who leads, after @finn?" {options}')
    assert not RAW.search(text_of(poll)), text_of(poll)
    element_of(poll, "Ben Ortiz")
    assert stored(town, Poll.question) == ["Who leads, after Finn Abernathy?"]
    assert stored(town, PollOption.label)[0] == "Ben Ortiz"
    assert "is noted" in town.types("finn", "/vote 1 @ben")
    assert "is noted" in town.types("gus", "/vote 1 Ben Ortiz")
    town.settle()
    assert "2" in text_of(town.message("Who leads"))


def test_forms_keep_names_too(town):
    ben = town.sandbox.world.directory.person("ben").id
    town.types("ana", "/vote new")
    town.fills("ana", question=f"Who leads, after <@{ben}>?", choices=f"@cleo\n<@{ben}>\n@hana")
    town.settle()
    poll = town.message("Who leads")
    element_of(poll, "Cleo Marchetti")
    element_of(poll, "Ben Ortiz")
    assert stored(town, Poll.question) == ["Who leads, after Ben Ortiz?"]
    assert stored(town, PollOption.label)[2] == "@hana", "Hana is not known to the consortium"


def test_somebody_outside_the_consortium_appears_by_name_as_well(town):
    poll = town.asks('/vote "Who visits?" "@dov" "@hana"')
    element_of(poll, "Dov Lindqvist")
    element_of(poll, "Hana Okafor")


def test_channels_and_user_groups_appear_by_name(town):
    town.forgiven.add("channel_not_found")
    town.call("channels", name="steering", private=True, members=["ana"], bot=False)
    group = "<!subteam^S0STEWARDS|@stewards>"
    town.types("ana", f'/propose now "Ask #general, #steering and {group}" why:"As said in #general by @cleo"')
    town.settle()
    proposal = town.message("Ask #general")
    assert "Ask #general, a channel and @stewards" in text_of(proposal)
    assert "As said in #general by Cleo Marchetti" in text_of(proposal)
    assert stored(town, Proposal.title) == ["Ask #general, a channel and @stewards"]


def test_a_private_channel_that_the_bot_is_in_appears_by_name(town):
    town.call("channels", name="steering", private=True, members=["ana"], bot=True)
    steering = town.sandbox.world.directory.channel("steering").id
    town.types("ana", f'/propose now "Ask <#{steering}|>"')
    town.settle()
    proposal = town.message("Ask ")
    assert "Ask #steering" in text_of(proposal)


def test_a_private_channel_is_not_named_to_somebody_who_may_not_see_it(town):
    town.call("channels", name="steering", private=True, members=["ana"], bot=True)
    steering = town.sandbox.world.directory.channel("steering").id
    said = town.types("ben", f'/task add "Ask <#{steering}|>"')
    assert "steering" not in said and "*#1 Ask a channel*" in said
    assert stored(town, Task.title) == ["Ask a channel"]


def test_reasons_and_tasks_keep_names(town):
    town.proposes()
    assert "Noted on #1" in town.types("ben", "/vote 1 block @cleo has not seen it, nor has @Finn Abernathy")
    town.settle()
    assert "Cleo Marchetti has not seen it, nor has Finn Abernathy" in text_of(town.message("Adopt the calendar"))
    answer = town.types("ana", '/task add "Call @cleo about @finn’s room" @ben hours:2')
    assert answer.startswith("*#2 Call Cleo Marchetti about"), answer
    assert stored(town, Task.title) == ["Call Cleo Marchetti about Finn Abernathy’s room"]
    town.settle()
    assert "Call Cleo Marchetti about" in text_of(town.direct("ben")[-1])


def test_a_message_becomes_a_task_with_names(town):
    said = town.call("say", user="cleo", channel="council", text="Please call @ben about #general, @dov")
    message = next(m for m in town.messages("ana") if m["ts"] == said["ts"])
    town.starts("ana", "task.message", message)
    view = town.views("ana")[-1]
    titles = [block["element"].get("initial_value") for block in view["blocks"] if block.get("block_id") == "title"]
    assert titles == ["Please call Ben Ortiz about #general, Dov Lindqvist"]


def test_slack_that_is_silent_leaves_the_handle(town):
    town.forgiven.add("internal_error")
    town.call("faults", method="users.info", fault="500", times=10)
    poll = town.asks('/vote "Who visits?" "@dov" "@ben"')
    element_of(poll, "dov")
    element_of(poll, "Ben Ortiz")
