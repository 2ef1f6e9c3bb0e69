"""Delivery when Slack fails: nothing is sent twice, nothing is lost, and unknown posts are shown."""

import pytest
from sqlalchemy import func, select

from storage.live_messages import LiveMessage
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState
from tests.town import text_of


def posts(town, part):
    return [m for m in town.messages("ana") if not m.get("ephemeral") and part in text_of(m)]


def trouble(town, method, fault, times=1, **more):
    assert town.call("faults", method=method, fault=fault, times=times, **more)["ok"]


def states(town):
    with town.bot.db.read() as session:
        return [row.state for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))]


@pytest.mark.parametrize(("fault", "times"), [("500", 3), ("429", 2)])
def test_a_post_that_slack_did_not_accept_is_made_later_once(town, fault, times):
    town.forgiven |= {"internal_error", "ratelimited", "fatal_error"}
    trouble(town, "chat.postMessage", fault, times)
    town.types("ben", '/propose now "Adopt the calendar"')
    town.waits("PT5M")
    assert len(posts(town, "#1 Adopt")) == 1


@pytest.mark.parametrize(("fault", "there"), [("drop_reply", 1), ("drop_request", 0)])
def test_a_post_whose_reply_was_lost_is_unknown_and_never_repeated_automatically(town, fault, there):
    trouble(town, "chat.postMessage", fault)
    town.types("ben", '/propose now "Adopt the calendar"')
    town.waits("P1D")
    assert len(posts(town, "#1 Adopt")) == there
    notice = town.direct("ben")[-1]
    assert "I cannot tell whether the message of proposal 1 “Adopt the calendar” has arrived" in text_of(notice)
    town.types("ana", "/consortium")
    assert states(town).count(DeliveryState.UNKNOWN) == 1
    if there:
        town.presses("ben", "It is there", notice, "@ben")
        assert len(posts(town, "#1 Adopt")) == 1
    else:
        town.presses("ben", "Post it again", notice, "@ben")
        town.settle()
        assert len(posts(town, "#1 Adopt")) == 1
    assert DeliveryState.UNKNOWN not in states(town)


def test_a_press_on_a_message_whose_reply_was_lost_shows_that_it_arrived(town):
    trouble(town, "chat.postMessage", "drop_reply")
    town.types("ben", '/propose now "Adopt the calendar"')
    town.settle()
    message = town.message("#1")
    town.presses("ben", "Agree", message)
    town.settle()
    assert "*1 of 3 agencies heard*" in text_of(town.message("#1"))
    assert DeliveryState.UNKNOWN not in states(town)


def test_a_live_message_whose_update_was_lost_is_updated_again(town):
    town.forgiven |= {"internal_error", "fatal_error"}
    message = town.proposes()
    trouble(town, "chat.update", "500", 2)
    trouble(town, "chat.update", "drop_reply", 1)
    town.presses("ben", "Agree", message)
    town.waits("PT2M")
    assert "*1 of 3 agencies heard*" in text_of(town.message("#1"))


def test_in_a_private_channel_without_the_bot_nothing_is_lost(town):
    town.forgiven |= {"channel_not_found", "not_in_channel"}
    town.call("channels", name="board", private=True, members=["ana", "ben"])
    town.types("ben", '/propose now "Adopt the calendar"', channel="board")
    town.settle()
    notice = town.direct("ben")[-1]
    assert "I am not in the channel" in text_of(notice)
    assert "is for members of the consortium" in press_as_outsider(town, notice)
    town.call("channels", channel="board", join=["consortium"])
    town.presses("ben", "Post", notice, "@ben")
    town.settle()
    assert "#1 Adopt the calendar" in text_of(town.message("#1", "ben", "board"))


def press_as_outsider(town, notice):
    """Return the refusal to an outsider, who does not see the notice but might call the action."""
    from handlers.kit.callers import identify
    from handlers.kit.refusals import Refusal

    people = {p["name"]: p for p in town.http.get("/sandbox/people").json()["people"]}
    team = town.sandbox.credentials.team_id
    with town.bot.db.read() as session, pytest.raises(Refusal) as refused:
        identify(session, team, team, people["dov"]["id"], "member")
    return refused.value.sentence


def test_messages_keep_their_order_within_a_channel_and_an_unknown_one_holds_up_nothing(town):
    trouble(town, "chat.postMessage", "drop_request")
    for number in range(4):
        town.types("ana", f'/propose now "Proposal {number} of four"')
    town.waits("PT1M")
    titles = [text_of(m) for m in town.messages("ana") if not m.get("ephemeral")]
    found = [number for number in range(4) if any(f"Proposal {number} of four" in t for t in titles)]
    assert found == [1, 2, 3]
    order = [next(i for i, t in enumerate(titles) if f"Proposal {number} of four" in t) for number in found]
    assert order == sorted(order)


def test_a_burst_of_votes_takes_a_few_updates_and_the_last_shows_all(town):
    message = town.proposes(more="rule:sense")
    for turn in range(10):
        for user in ("ana", "ben", "cleo", "eva", "finn", "gus"):
            pressed = town.call(
                "act", user=user, channel="council", ts=message["ts"], action_id=f"proposal.say.{turn % 6}"
            )
            assert pressed["ok"]
    town.settle()
    assert "*6 of 6 people heard*" in text_of(town.message("#1"))
    assert 1 <= len(town.calls("chat.update")) <= 15
    with town.bot.db.read() as session:
        live = session.scalars(select(LiveMessage)).one()
    assert live.wanted == live.shown >= 60


def test_a_vote_between_rendering_and_recording_is_shown_by_the_next_update(town):
    town.proposes()
    courier = town.bot.courier
    renderers = dict(courier._live_messages._renderers)
    kind = next(iter(renderers))
    late = []

    def render_and_be_overtaken(session, live):
        body = renderers[kind](session, live)
        if not late:
            late.append("cleo")
            team = town.sandbox.credentials.team_id
            user = next(p["id"] for p in town.sandbox.people() if p["name"] == "cleo")
            from handlers.proposals import positions
            from storage import voting
            from storage.vocabulary import Stance

            with town.bot.db.begin() as other:
                voter, paper = voting.lock_for_position(other, team, team, user, 1)
                positions.record_position(other, voter, paper, Stance.AGREE, "", town.now())
        return body

    courier._live_messages._renderers = {**renderers, kind: render_and_be_overtaken}
    town.types("ben", "/vote 1 agree")
    town.settle()
    assert late
    assert "*2 of 3 agencies heard*" in text_of(town.message("#1"))


def test_a_message_that_cannot_be_rendered_does_not_keep_the_others_outdated(town):
    town.proposes("Adopt the calendar")
    town.proposes("Share the van")
    courier = town.bot.courier
    renderers = dict(courier._live_messages._renderers)

    def render(session, live):
        if live.number == 1:
            raise ValueError
        return renderers[live.kind](session, live)

    courier._live_messages._renderers = dict.fromkeys(renderers, render)
    town.types("ben", "/vote 1 agree")
    town.types("ben", "/vote 2 agree")
    town.settle()
    assert "*0 of 3 agencies heard*" in text_of(town.message("#1"))
    assert "*1 of 3 agencies heard*" in text_of(town.message("#2"))
    courier._live_messages._renderers = renderers
    town.waits("PT15M")
    assert "*1 of 3 agencies heard*" in text_of(town.message("#1"))


def test_a_submission_that_arrives_twice_is_handled_once(town):
    town.types("ben", "/propose Adopt the calendar")
    assert town.fills("ben", why="One for all")["closed"]
    assert town.call("repeat")["ok"]
    town.settle()
    assert len(posts(town, "Adopt the calendar")) == 1
    with town.bot.db.read() as session:
        from storage.proposals import Proposal

        assert session.scalar(select(func.count()).select_from(Proposal)) == 1


def test_a_command_that_arrives_twice_is_handled_once(town):
    town.types("ben", '/propose now "Adopt the calendar"')
    assert town.call("repeat")["ok"]
    town.settle()
    assert len(posts(town, "Adopt the calendar")) == 1
