"""Proposals as people use them, from the command to the verdict."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.agencies import Agency
from storage.consortia import Consortium
from storage.proposals import Proposal
from tests.journeys.home.test_home import opens, presses
from tests.journeys.steps import flat
from tests.town import START, text_of


def test_a_proposal_is_adopted_by_consensus_and_says_why(town):
    message = town.proposes("Adopt the shared calendar", more='why:"One calendar for all" closes:7d')
    assert "*0 of 3 agencies heard* (quorum 2)" in text_of(message)
    assert "Elm Schools" in town.presses("ben", "Agree", message)
    assert "Cleo" not in text_of(town.message("Adopt"))
    town.presses("cleo", "With reservations", message)
    town.fills("cleo", reason="The May window collides with our exams.")
    shown = text_of(town.message("Adopt"))
    assert "*2 of 3 agencies heard* (quorum 2) · 1 agrees · 1 with reservations · nobody blocks" in shown
    assert "Reservation, Birch Schools: “The May window collides with our exams.”" in shown
    assert "Oak" not in shown
    town.waits("P8D")
    verdict = text_of(town.message("Adopt the shared calendar"))
    assert (
        "*Adopted by consensus:* 2 of 3 agencies heard (quorum 2), 1 agrees, 1 with reservations, nobody blocks. "
        "Silent: Oak Valley." in verdict
    )
    assert any("Adopted by consensus" in said for said in town.thread(message))


@pytest.mark.parametrize("label", ["Agree", "Block", "Details"])
def test_an_outsider_is_refused_kindly_and_shown_the_way_in(town, label):
    message = town.proposes()
    said = town.presses("dov", label, message)
    if label == "Details":
        assert "0 of 3 agencies heard" in said
    else:
        assert "is for members of the consortium" in said
        assert "[Join an agency]" in said
    assert "*0 of 3 agencies heard*" in text_of(town.message("Adopt"))


def types_each(town, *commands):
    for user, typed in commands:
        town.types(user, typed)


def verdict(town, days="P8D"):
    town.waits(days)
    return text_of(town.message("#1"))


def test_a_missed_quorum_is_not_decided_and_can_be_extended_once(town):
    town.proposes(more="quorum:100")
    town.types("ben", "/vote 1 agree")
    shown = verdict(town)
    assert "Not decided, because the quorum was not reached:* 1 of 3 agencies heard (quorum 3)" in shown
    assert "Silent: Birch Schools, Oak Valley." in shown
    assert "author or a facilitator can extend" in town.types("cleo", "/propose extend 1")
    assert "is open again until" in town.types("ana", "/propose extend 1")
    town.settle()
    assert "*1 of 3 agencies heard* (quorum 3)" in text_of(town.message("#1"))
    town.waits("P8D")
    assert "was extended once already" in town.types("ana", "/propose extend 1")


def test_after_seven_days_nothing_is_extended_and_nothing_offers_it(town):
    town.proposes(more="quorum:100")
    town.waits("P7DT1H")
    shown = flat(text_of(town.message("#1")))
    assert "[Extend]" in shown
    assert "can extend it once, until Mon, Dec 14, 2026" in shown
    assert "[Extend]" in town.types("ana", "/propose show 1")
    town.waits("P6DT22H")
    assert "[Extend]" in text_of(town.message("#1")), "it is offered until the end"
    town.waits("PT2H")
    shown = text_of(town.message("#1"))
    assert "Extend" not in shown and "can extend" not in shown
    assert "Extend" not in town.types("ana", "/propose show 1")
    assert "once, within seven days" in town.types("ana", "/propose extend 1")


def test_a_block_stops_the_proposal_opens_a_thread_and_can_be_lifted(town):
    message = town.proposes(user="ben")
    form = town.presses("cleo", "Block", message)
    assert "It stops the proposal until you lift it." in form
    assert (
        "Everyone in this workspace and in #council can read your reason, including 2 people from outside the "
        "consortium there. If your position stands at the end, the decision log keeps the reason." in form
    )
    assert "[Stand aside instead]" in form
    town.fills("cleo", reason="Our exams come first.")
    assert "1 blocks" in text_of(town.message("#1"))
    assert any("<@" in said and "cannot let this pass" in said for said in town.thread(message))
    town.types("ben", "/vote 1 agree")
    town.types("cleo", "/vote 1 retract")
    town.settle()
    assert "nobody blocks" in text_of(town.message("#1"))


def test_a_block_that_stands_is_named_in_the_verdict(town):
    town.proposes(user="ben")
    types_each(
        town, ("ben", "/vote 1 agree"), ("finn", "/vote 1 agree"), ("cleo", "/vote 1 block Our exams come first")
    )
    shown = verdict(town)
    assert "Not adopted by consensus, because a block stands:*" in shown
    assert "1 blocks (Birch Schools)" in shown
    assert "“Our exams come first”" in shown


def test_a_person_who_wants_to_block_can_stand_aside_instead(town):
    message = town.proposes()
    town.presses("cleo", "Block", message)
    form = town.presses_in_form("cleo", "Stand aside instead")
    assert "you do not stop it" in form
    town.fills("cleo", reason="We have no staff for it.")
    assert "1 stands aside" in text_of(town.message("#1"))


def test_a_late_block_gives_three_more_days_once(town):
    town.proposes(user="ben", more="closes:7d")
    town.waits("P6D")
    town.types("cleo", "/vote 1 block Not so fast")
    town.waits("P2D")
    assert "Block" in text_of(town.message("#1")), "it is still open"
    town.types("cleo", "/vote 1 agree")
    town.types("cleo", "/vote 1 block Still not")
    town.waits("P2D")
    assert "[Block]" not in text_of(town.message("#1"))


def test_an_alternates_block_beside_the_representatives_position_is_a_voice(town):
    message = town.proposes(more="closes:4d")
    town.waits("P3D")
    for user in ("ben", "cleo", "finn"):
        town.types(user, "/vote 1 agree")
    town.settle()
    before = text_of(town.message("Adopt the calendar"))
    said = town.types("eva", "/vote 1 block It costs too much")
    assert "Noted on #1 as your voice: Block. It does not count, because Cleo Marchetti speaks" in said
    town.settle()
    assert not [text for text in town.thread(message) if "cannot let this pass" in text]
    assert text_of(town.message("Adopt the calendar")) == before, "the closing time stays too"
    told = text_of(town.direct("cleo")[-1])
    assert "Eva Castellanos of Birch Schools would block *#1 Adopt the calendar*" in told
    count = len(town.direct("cleo"))
    assert "as your voice: Stand aside" in town.types("eva", "/vote 1 aside It costs too much")
    town.settle()
    assert len(town.direct("cleo")) == count, "any other voice is only shown"

    # once the representative has taken their position back, the alternate's block counts
    town.types("eva", "/vote 1 block It costs too much")
    town.types("cleo", "/vote 1 retract")
    town.settle()
    (post,) = [text for text in town.thread(message) if "cannot let this pass" in text]
    assert "Birch Schools cannot let this pass" in post
    assert "it now closes" in post


def test_an_alternate_does_not_answer_for_an_agency_whose_representative_has_answered(town):
    town.proposes()
    for user in ("ben", "cleo", "finn"):
        town.types(user, "/vote 1 agree")
    town.types("ana", "/propose close 1")
    town.settle()
    for user, label in (("eva", "Adapted"), ("cleo", "As it is"), ("eva", "Adapted")):
        message = town.message("Adopt the calendar")
        said = town.presses(user, label, message)
        if "<" in said:
            town.fills(user, reason="With a later start")
    assert "Cleo Marchetti, who represents Birch Schools, has already answered." in said + str(town.views("eva"))


def test_the_alternate_speaks_until_the_representative_does(town):
    message = town.proposes()
    town.types("eva", "/vote 1 agree")
    assert "Eva Castellanos, alternate" in town.presses("ana", "Details", message)
    town.closes_forms("ana")
    town.types("cleo", "/vote 1 abstain")
    shown = town.presses("ana", "Details", message)
    assert "*Birch Schools*: Abstain" in shown
    assert "Voice: Agree (Eva Castellanos, alternate)" in shown


def test_members_of_an_agency_without_a_representative_can_be_divided(town):
    town.places("finn", "Oak member")
    message = town.proposes()
    town.types("finn", "/vote 1 agree")
    town.types("gus", "/vote 1 block Not like this")
    town.settle()
    shown = text_of(town.message("#1"))
    assert "1 of 3 agencies heard* (quorum 2) · 0 agree · 1 divided, with a block" in shown
    assert "Block, Gus Whitehorse of Oak Valley: “Not like this”" in shown
    assert "*Oak Valley*: divided" in town.presses("ana", "Details", message)
    assert "Gus Whitehorse of Oak Valley cannot let this pass" in " ".join(town.thread(message))


def test_members_who_agree_with_and_without_reservations_do_not_divide_their_agency(town):
    town.places("finn", "Oak member")
    message = town.proposes()
    types_each(town, ("finn", "/vote 1 agree"), ("gus", "/vote 1 reservations Costs"), ("ben", "/vote 1 agree"))
    town.settle()
    shown = text_of(town.message("#1"))
    assert "*2 of 3 agencies heard* (quorum 2) · 1 agrees · 1 with reservations · nobody blocks" in shown
    assert "Reservation, Oak Valley: “Costs”" in shown
    assert "*Oak Valley*: Agree with reservations" in town.presses("ana", "Details", message)
    assert "Adopted by consensus" in verdict(town)


def test_a_voice_that_says_block_goes_privately_to_the_representative(town):
    town.proposes()
    said = town.types("gus", "/vote 1 block We cannot staff this")
    assert "as your voice" in said
    town.settle()
    assert "nobody blocks" in text_of(town.message("#1"))
    assert "Gus Whitehorse of Oak Valley would block" in text_of(town.direct("finn")[-1])


def test_the_electorate_does_not_move(town):
    town.proposes()
    town.types("ana", '/consortium agency add "Pine Hill"')
    town.types("ana", '/consortium member @hana "Pine Hill" representative')
    assert "were fixed when it opened" in town.types("hana", "/vote 1 agree")
    town.settle()
    assert "of 3 agencies" in text_of(town.message("#1"))


def test_a_representative_s_position_stays_when_another_takes_over(town):
    message = town.proposes()
    town.types("finn", "/vote 1 block Not yet")
    assert "has to confirm" in town.types("ana", "/consortium member @gus Oak representative")
    town.settle()
    asked = town.direct("finn")[-1]
    town.presses("finn", "Confirm", asked, "@finn")
    town.settle()
    assert "1 blocks" in text_of(town.message("#1"))
    town.types("gus", "/vote 1 agree")
    town.settle()
    assert "nobody blocks" in text_of(town.message("#1"))
    assert "Gus Whitehorse, representative" in town.presses("ana", "Details", message)


def test_a_former_representative_who_speaks_on_adds_a_voice_and_keeps_the_agency_s_position(town):
    message = town.proposes()
    town.types("finn", "/vote 1 block Not yet")
    town.types("ana", "/consortium member @gus Oak representative")
    town.settle()
    town.presses("finn", "Confirm", town.direct("finn")[-1], "@finn")
    assert "as your voice" in town.types("finn", "/vote 1 agree")
    town.settle()
    assert "1 blocks" in text_of(town.message("#1"))
    shown = town.presses("ana", "Details", message)
    assert "Block (Finn Abernathy, representative): “Not yet”" in shown
    assert "Voice: Agree (Finn Abernathy)" in shown
    assert "Taken back" in town.types("finn", "/vote 1 retract")
    assert "no position on proposal 1 to take back" in town.types("finn", "/vote 1 retract")
    town.settle()
    assert "1 blocks" in text_of(town.message("#1"))


def test_consent_takes_three_working_days_and_cannot_be_closed_early(town):
    said = town.types("ana", '/propose now "Share the van" rule:consent closes:2d')
    assert "at least 72 hours and three working days" in said
    assert not [m for m in town.messages("ana") if "Share the van" in text_of(m) and not m.get("ephemeral")]
    town.types("ana", '/propose now "Share the van" rule:consent closes:3d')
    for user in ("ben", "cleo", "finn"):
        town.types(user, "/vote 1 agree")
    assert "decided by consent" in town.types("ana", "/propose close 1")
    assert "Adopted by consent:*" in verdict(town)


def test_consent_needs_one_other_agency_and_counts_silence(town):
    town.types("ana", '/propose now "Share the van" rule:consent closes:7d')
    town.types("ben", "/vote 1 agree")
    town.types("ana", '/propose now "Share the bus" rule:consent closes:7d')
    town.types("cleo", "/vote 2 agree")
    town.waits("P8D")
    shown = text_of(town.message("#1"))
    assert "because no agency besides the author's agrees" in shown
    assert "Silent, which does not count against it: Birch Schools and Oak Valley." in shown
    shown = text_of(town.message("#2"))
    assert "Silent, which counts as consent: Elm Schools and Oak Valley." in shown


@pytest.mark.parametrize(
    ("rule", "votes", "outcome"),
    [
        pytest.param(
            "unanimity", {"ben": "agree", "cleo": "reservations Costs", "finn": "agree"}, "Adopted by unanimity"
        ),
        pytest.param("unanimity", {"ben": "agree", "cleo": "agree"}, "unanimity needs every agency"),
        pytest.param("two-thirds", {"ben": "yes", "cleo": "yes", "finn": "no"}, "Adopted by two thirds of agencies"),
        pytest.param("two-thirds", {"ben": "yes", "cleo": "no"}, "Not adopted by two thirds"),
        pytest.param("majority", {"ben": "yes with reservations Costs", "cleo": "abstain"}, "Adopted by majority"),
        pytest.param("majority", {"ben": "no", "cleo": "yes"}, "Not adopted by majority"),
    ],
)
def test_each_rule_comes_to_its_outcome(town, rule, votes, outcome):
    town.proposes(more=f"rule:{rule}")
    for user, word in votes.items():
        assert "Noted" in town.types(user, f"/vote 1 {word}")
    assert outcome in verdict(town)


def test_heads_count_only_where_the_consortium_switched_it_on(town):
    assert "agencies are counted, not members" in town.types("ana", '/propose now "By heads" rule:heads')
    town.types("ana", "/consortium settings")
    assert town.fills("ana", heads=["heads"])["closed"]
    message = town.proposes("By heads", more="rule:heads")
    for user in ("ana", "ben", "cleo", "gus"):
        town.presses(user, "Yes", message)
    shown = verdict(town)
    assert "Adopted by majority of members:* 4 of 6 people heard (quorum 4), 4 yes, 0 no. Silent: 2 people." in shown


def test_a_sense_check_shows_counts_and_no_names(town):
    message = town.proposes("How does this feel?", more="rule:sense")
    town.presses("ben", "5", message)
    town.presses("cleo", "2", message)
    assert "2 concerns to talk about" in text_of(town.message("#1"))
    details = town.presses("ana", "Details", message)
    assert "counts only, no names" in details
    assert "Ben" not in details
    assert "*Sense check closed:* 2 people answered, 3.5 of 5 on average." in verdict(town)


def test_time_to_talk_comes_before_positions(town):
    message = town.proposes(more="talk:3d closes:10d")
    assert "*Time to talk.*" in text_of(message)
    assert "still in discussion" in town.types("ben", "/vote 1 agree")
    town.waits("P3D")
    assert "*0 of 3 agencies heard*" in text_of(town.message("#1"))
    assert "Noted" in town.types("ben", "/vote 1 agree")


def test_an_amendment_starts_the_time_again_and_keeps_blocks(town):
    town.proposes("Adopt the calendar", user="ben", more='why:"From May" closes:7d')
    types_each(town, ("ben", "/vote 1 agree"), ("cleo", "/vote 1 block Exams"), ("finn", "/vote 1 reservations Costs"))
    town.waits("P6D")
    town.types("ben", "/propose amend 1")
    assert town.fills("ben", title="Adopt the calendar", why="From June")["closed"]
    shown = text_of(town.message("#1"))
    assert "version 2" in shown
    assert "From June" in shown
    assert "*2 of 3 agencies heard* (quorum 2) · 0 agree · 1 with reservations · 1 blocks" in shown
    assert "stands until you change it" in text_of(town.direct("cleo")[-1])
    assert "was cleared" in text_of(town.direct("ben")[-1])
    town.waits("P6D")
    assert "[Agree]" in text_of(town.message("#1"))


def test_an_amendment_keeps_no_position_that_did_not_count(town):
    town.proposes("Adopt the calendar", user="ben", more="closes:7d")
    types_each(town, ("eva", "/vote 1 block Exams"), ("cleo", "/vote 1 agree"))
    town.settle()
    assert "1 agrees · nobody blocks" in text_of(town.message("#1"))
    town.types("ben", "/propose amend 1")
    assert town.fills("ben", title="Adopt the calendar", why="From June")["closed"]
    town.settle()
    assert "*0 of 3 agencies heard*" in text_of(town.message("#1")), "the alternate's block was not Birch's position"
    assert "was cleared" in text_of(town.direct("eva")[-1])


def test_an_amendment_never_shortens_the_time_that_a_block_gave(town):
    message = town.proposes("Adopt the calendar", user="ben", more="closes:2d")
    town.waits("P1DT20H")
    town.types("cleo", "/vote 1 block Exams")
    town.settle()
    assert "it now closes" in " ".join(town.thread(message))
    before = _closes_at(town)
    town.waits("PT10M")
    town.types("ben", "/propose amend 1")
    assert town.fills("ben", title="Adopt the calendar", why="From June")["closed"]
    assert _closes_at(town) >= before


def test_a_block_opens_its_thread_though_the_same_person_said_it_before_it_counted(town):
    message = town.proposes("Adopt the calendar", user="ben")
    types_each(town, ("cleo", "/vote 1 agree"), ("eva", "/vote 1 block Exams"))
    assert not [text for text in town.thread(message) if "cannot let this pass" in text]
    answer = town.types("cleo", "/vote 1 retract")
    assert "The position of Eva Castellanos now counts for Birch Schools: Block." in answer
    town.settle()
    assert len([text for text in town.thread(message) if "cannot let this pass" in text]) == 1


def test_a_representative_who_takes_a_position_back_learns_that_the_alternates_counts_now(town):
    town.proposes("Adopt the calendar", user="ben")
    types_each(town, ("cleo", "/vote 1 agree"), ("eva", "/vote 1 abstain"))
    answer = town.types("cleo", "/vote 1 retract")
    assert "Taken back on #1. The position of Eva Castellanos now counts for Birch Schools: Abstain. You can" in answer
    answer = town.types("eva", "/vote 1 retract")
    assert "Taken back on #1. You can take a new position" in answer


def test_the_thread_of_a_block_learns_that_it_was_lifted_and_the_author_hears(town):
    message = town.proposes("Adopt the calendar", user="ben")

    def lifted():
        town.settle()
        return [said for said in town.thread(message) if "Birch Schools no longer blocks #1." in said]

    town.types("cleo", "/vote 1 block Exams")
    assert not lifted()
    town.types("cleo", "/vote 1 block Exams and staff")
    town.types("eva", "/vote 1 agree")
    assert not lifted(), "the block stands"
    town.types("cleo", "/vote 1 agree")
    (post,) = lifted()
    assert post.startswith("<@"), "the author is mentioned"
    town.types("cleo", "/vote 1 aside No staff")
    assert len(lifted()) == 1, "it was lifted before"
    types_each(town, ("cleo", "/vote 1 block Exams"), ("cleo", "/vote 1 retract"))
    assert len(lifted()) == 2


def test_the_answer_to_a_late_block_has_the_new_closing_time(town):
    town.proposes("Adopt the calendar", user="ben", more="closes:2d")
    town.waits("P1D")
    answer = town.types("cleo", "/vote 1 block Exams")
    closes_at = int(re.search(r"<!date\^(\d+)\^", answer)[1])
    assert abs(closes_at - (START + timedelta(days=5)).timestamp()) < 60, answer


def _closes_at(town):
    with town.bot.db.read() as session:
        return session.scalars(select(Proposal)).one().closes_at


def test_a_consent_that_is_amended_stays_open_for_its_minimum(town):
    refused = town.types("ana", '/propose now "Adopt the calendar" rule:consent closes:"2026-12-03 08:00"')
    assert "The earliest it could close is Thu, Dec 3, 2026, 9:00 AM" in refused
    town.waits("PT10M")
    said = town.types("ana", '/propose now "Adopt the calendar" rule:consent closes:"2026-12-03 09:00"')
    assert "It closes Thu, Dec 3, 2026, 9:10 AM" in said, "what was named is accepted, and the minimum still holds"
    town.settle()
    town.waits("P2D")
    town.types("ana", "/propose amend 1")
    assert town.fills("ana", title="Adopt the calendar", why="From June")["closed"]
    # from Wednesday, 9:00, three working days end on Monday, not on Saturday
    assert "Mon, Dec 7, 2026, 9:10 AM" in text_of(town.message("#1")), text_of(town.message("#1"))
    town.types("cleo", "/vote 1 agree")
    town.waits("P4D")
    assert "[Agree]" in text_of(town.message("#1"))
    town.waits("P2D")
    assert "Adopted by consent" in text_of(town.message("#1"))


def test_a_consent_whose_message_comes_after_its_opening_has_its_full_time(town):
    town.types("ana", '/propose now "Adopt the calendar" rule:consent talk:1d closes:4d')
    town.settle()
    with town.bot.db.begin() as session:
        row = session.scalars(select(Proposal)).one()
        # as if the bot had been off since, and the message had come two days after the discussion
        row.opens_at -= timedelta(days=3)
        row.closes_at -= timedelta(days=3)
    town.waits("PT1M")
    assert "Fri, Dec 4, 2026, 9:00" in text_of(town.message("#1")), text_of(town.message("#1"))


def test_only_author_and_facilitator_amend_and_only_the_author_withdraws(town):
    town.proposes(user="ben")
    assert "author or a facilitator can amend" in town.types("cleo", "/propose amend 1")
    assert "Only its author can withdraw" in town.types("ana", "/propose withdraw 1")
    assert "withdrawn" in town.types("ben", "/propose withdraw 1")
    town.settle()
    assert "Withdrawn by Ben Ortiz" in text_of(town.message("#1"))
    assert "closed" in town.types("cleo", "/vote 1 agree")


def test_close_now_waits_for_everybody(town):
    town.proposes()
    types_each(town, ("ben", "/vote 1 agree"), ("cleo", "/vote 1 agree"))
    assert "1 agency has not been heard" in town.types("ana", "/propose close 1")
    assert "author or a facilitator" in town.types("ben", "/propose close 1")
    town.types("finn", "/vote 1 agree")
    assert "is closed. Adopted by consensus" in town.types("ana", "/propose close 1")


def test_agencies_answer_how_they_take_a_decision_up(town):
    town.proposes()
    for user in ("ben", "cleo", "finn"):
        town.types(user, "/vote 1 agree")
    town.types("ana", "/propose close 1")
    town.settle()
    message = town.message("#1")
    assert "[As it is] [Adapted] [Not here]" in text_of(message)
    assert "takes it up as it is" in town.presses("ben", "As it is", message)
    form = town.presses("cleo", "Adapted", message)
    assert "Everyone in this workspace and in #council can read what you write" in form
    town.fills("cleo", reason="Two weeks later")
    assert "Only people who speak for Oak Valley can say" in town.presses("gus", "As it is", message)
    assert "is for members of the consortium" in town.presses("dov", "As it is", message)
    shown = text_of(town.message("#1"))
    assert "Elm Schools: as it is" in shown
    assert "Birch Schools: adapted, “Two weeks later”" in shown


def test_reminders_reach_those_who_speak_for_silent_agencies_once_and_can_be_answered_there(town):
    message = town.proposes(more="closes:4d")
    town.types("ben", "/vote 1 agree")
    town.waits("P3D")
    assert not town.direct("ben")
    assert not town.direct("gus")
    for user in ("cleo", "eva", "finn"):
        assert len(town.direct(user)) == 1, user
    reminder = town.direct("cleo")[0]
    assert "Birch Schools has not been heard yet on *#1 Adopt the calendar*" in text_of(reminder)
    town.presses("cleo", "Agree", reminder, "@cleo")
    assert "Noted on #1 for Birch Schools: Agree" in text_of(town.direct("cleo")[0])
    assert "*2 of 3 agencies heard*" in text_of(town.message("#1"))
    town.waits("PT20H")
    assert len(town.direct("finn")) == 1
    assert message["ts"] == town.message("#1")["ts"]


def test_a_position_after_closing_time_is_refused_and_changes_nothing(town):
    town.proposes(more="closes:1d")
    town.types("ben", "/vote 1 agree")
    town.types("cleo", "/vote 1 agree")
    town.waits("P1D")
    before = text_of(town.message("#1"))
    assert "closed" in town.types("finn", "/vote 1 block Too late")
    assert text_of(town.message("#1")) == before


def test_a_review_date_is_announced_to_author_and_facilitators(town):
    town.proposes(user="ben", more="closes:2d review:2026-12-20")
    for user in ("ben", "cleo", "finn"):
        town.types(user, "/vote 1 agree")
    town.waits("P30D")
    for user in ("ana", "ben"):
        reviews = [m for m in town.direct(user) if "is up for review" in text_of(m)]
        assert len(reviews) == 1


def test_the_form_does_what_typing_does(town):
    form = town.types("ben", "/propose Adopt the shared calendar")
    assert "<Title>" in form
    assert town.fills("ben", why="One for all", rule="unanimity")["closed"]
    shown = text_of(town.message("Adopt the shared calendar"))
    assert "unanimity of agencies" in shown
    assert "One for all" in shown


def test_an_author_chooses_only_a_more_demanding_rule(town):
    assert "Only a facilitator can choose a less demanding rule" in town.types(
        "ben", '/propose now "X y" rule:majority'
    )
    assert "Only a facilitator can choose a lower one" in town.types("ben", '/propose now "X y" quorum:50')
    assert town.types("ben", '/propose now "X y" rule:unanimity quorum:80').startswith("#1")


def test_where_nobody_is_named_all_of_the_agency_are_reminded(town):
    town.places("finn", "Oak member")
    town.proposes(more="closes:4d")
    town.waits("P3D")
    assert "Oak Valley has not been heard yet" in text_of(town.direct("finn")[-1])
    assert "Oak Valley has not been heard yet" in text_of(town.direct("gus")[-1])


def test_a_reminder_that_waited_is_dropped_if_the_person_no_longer_speaks_for_the_agency(town):
    town.types("finn", "/consortium away until 2026-12-03 12:00")
    town.proposes(more="closes:4d")
    town.waits("P3DT1H")
    town.places("finn", '"Elm Schools" member')
    town.waits("PT4H")
    assert not any("Oak Valley has not been heard yet" in text_of(m) for m in town.direct("finn"))
    assert any("Elm Schools has not been heard yet" in text_of(m) for m in town.direct("ben"))


@pytest.mark.parametrize("cause", ["an amendment", "a late block"])
def test_a_reminder_that_waited_is_dropped_if_the_closing_time_has_moved(town, cause):
    town.types("finn", "/consortium away until 2026-12-03 12:00")
    town.proposes(more="closes:4d")
    town.waits("P3DT1H")  # Thursday
    if cause == "an amendment":
        town.types("ana", "/propose amend 1")
        assert town.fills("ana", title="Adopt the calendar", why="From June")["closed"]
    else:
        town.types("cleo", "/vote 1 block Exams")

    def reminders():
        return [m for m in town.direct("finn") if "Oak Valley has not been heard yet" in text_of(m)]

    town.waits("PT4H")
    assert not reminders(), "it closes on Monday"
    town.waits("P1DT4H")
    assert len(reminders()) == 1, "Friday is the last open day before"
    town.waits("P2DT12H")
    assert len(reminders()) == 1


def test_details_offer_positions_and_taking_back_only_what_was_said(town):
    message = town.proposes()
    shown = town.presses("ben", "Details", message)
    assert "[Agree]" in shown
    assert "[Take mine back]" not in shown
    assert "Noted on #1 for Elm Schools: Agree" in town.presses_in_form("ben", "Agree")
    town.closes_forms("ben")
    town.presses("ben", "Details", message)
    assert "Taken back" in town.presses_in_form("ben", "Take mine back")
    town.closes_forms("ben")
    assert "[Agree]" not in town.presses("dov", "Details", message)


def test_amending_from_details_shows_the_new_wording_there(town):
    message = town.proposes("Adopt the calendar", user="ben", more='why:"From May"')
    town.presses("ben", "Details", message)
    town.presses_in_form("ben", "Amend")
    town.fills("ben", why="From June")
    (details,) = town.views("ben")
    assert "From June" in text_of(details) and "From May" not in text_of(details)
    assert "From June" in text_of(town.message("#1"))


def test_an_outsider_who_has_asked_is_told_that_it_waits(town):
    message = town.proposes()
    town.types("dov", '/consortium join "Oak Valley"')
    assert "Your request to join Oak Valley is waiting" in town.presses("dov", "Agree", message)


def test_a_voice_that_starts_to_count_is_told_once_and_heard_everywhere(town):
    message = town.proposes("Adopt the calendar")
    town.presses("gus", "Agree", message)
    assert "2 of 3 agencies" not in text_of(town.message("Adopt the calendar"))
    before = len(town.direct("gus"))
    town.places("finn", '"Elm Schools" member')
    town.waits("PT1M")
    told = [text_of(sent) for sent in town.direct("gus")[before:]]
    assert any("Your position on *#1 Adopt the calendar* now counts for Oak Valley" in text for text in told), told
    assert "1 of 3 agencies heard" in text_of(town.message("Adopt the calendar"))
    # Nobody is named again, and no second notice is sent.
    town.places("finn", '"Oak Valley" representative', "gus")
    town.places("finn", '"Elm Schools" member')
    town.waits("P1D")
    assert sum("now counts for Oak Valley" in text_of(sent) for sent in town.direct("gus")) == 1
    assert "Adopt the calendar" not in town.types("gus", "/vote")
    assert "Not heard yet on *#1*: Elm Schools and Birch Schools" in str(town.call("home", user="ana")["view"]).replace(
        "Birch Schools and Elm Schools", "Elm Schools and Birch Schools"
    )


PRIVATE = "This channel is private. People who decide but are not in it get the proposal by direct message."


@pytest.fixture
def inner(town):
    """A town with the private channel *inner*, in which are Ben and the outsider Dov."""
    channel = town.call("channels", name="inner", private=True, members=["ben", "dov"], bot=True)
    assert channel["ok"], channel
    return town


def test_in_a_private_channel_the_form_names_who_else_sees_the_proposal_before_it_is_posted(inner):
    assert PRIVATE in inner.types("ben", "/propose Merge the schools", "inner")
    inner.fills("ben", title="Merge the schools")
    assert "Merge the schools" in text_of(inner.message("Merge the schools", "ben", "inner"))
    assert PRIVATE not in inner.types("ben", "/propose Adopt the calendar")


def test_who_decides_without_being_in_the_private_channel_gets_the_proposal_by_direct_message(inner):
    answer = inner.types("ben", '/propose now "Merge the schools" closes:4d', "inner")
    assert "3 people who decide are not in this channel and will get it by direct message." in answer
    inner.waits("PT1M")
    for user in ("cleo", "eva", "finn"):
        told = text_of(inner.direct(user)[-1])
        assert "Ben Ortiz proposes *#1 Merge the schools* in a private channel." in told
        assert "[Agree]" in told
    for user in ("ana", "gus", "dov"):
        assert not [m for m in inner.direct(user) if "Merge" in text_of(m)], user
    inner.presses("finn", "Agree", inner.direct("finn")[-1], "@finn")
    assert "Noted on #1 for Oak Valley" in text_of(inner.direct("finn")[-1])
    assert not [m for m in inner.direct("ben") if "Merge" in text_of(m)], "Ben is in the channel"


def test_in_a_discussion_who_decides_gets_the_proposal_to_read(inner):
    inner.types("ben", '/propose now "Merge the schools" talk:2d closes:6d', "inner")
    inner.waits("PT1M")
    told = text_of(inner.direct("finn")[-1])
    assert "[Read it]" in told
    assert "[Agree]" not in told


def test_in_a_private_channel_the_form_for_a_reason_names_those_who_decide_without_being_in_it(inner):
    inner.types("ben", '/propose now "Merge the schools" closes:4d', "inner")
    inner.settle()
    form = inner.presses("ben", "Block", inner.message("Merge the schools", "ben", "inner"), "inner")
    assert "Everyone in #inner can read your reason, including 1 person from outside the consortium." in form
    # Cleo and Eva speak for Birch, Finn for Oak.
    assert "So can 3 people who decide without being in the channel." in form


def test_an_author_who_has_left_the_private_channel_is_named_among_the_readers_of_a_reason(inner):
    inner.call("channels", channel="inner", join=["gus"])
    inner.types("gus", '/propose now "Merge the schools" closes:4d', "inner")
    inner.call("channels", channel="inner", leave=["gus"])
    inner.bot.surface.deps.directory._cache.clear()
    inner.settle()
    form = inner.presses("ben", "Block", inner.message("Merge the schools", "ben", "inner"), "inner")
    assert "So can the author and 3 people who decide without being in the channel." in form


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("shwo 1", "/propose show 1"),
        ("1", "Show #1"),
        ("edit 1", "/propose amend 1"),
        ("cancel 1", "/propose withdraw 1"),
        ("1 extend", "/propose extend 1"),
        ("close", "/propose close 12"),
        ("list", "Decisions"),
    ],
)
def test_what_is_nearly_a_command_is_asked_about_and_may_be_a_title(town, typed, offered):
    town.proposes()
    said = town.types("ben", f"/propose {typed}")
    assert f"I do not know what to do with “{typed}”" in said and offered in said
    assert "is for members of the consortium" in town.types("dov", f"/propose {typed}")
    town.presses("ben", "It is a title", town.private_answer("ben"))
    assert element_values(town, "ben")["title"] == typed


def element_values(town, user):
    """Return what the top form is filled with, by block."""
    elements = {block["block_id"]: block["element"] for block in town.views(user)[-1]["blocks"] if "element" in block}
    return {
        name: element.get("initial_value") or (element.get("initial_option") or {}).get("value")
        for name, element in elements.items()
    }


def test_options_without_now_fill_the_form(town):
    typed = '/propose Adopt the calendar why:"One for all" rule:unanimity quorum:80 talk:36h closes:9d'
    assert "<Title>" in town.types("ben", typed)
    filled = element_values(town, "ben")
    assert (filled["title"], filled["why"], filled["rule"]) == ("Adopt the calendar", "One for all", "unanimity")
    assert (filled["quorum"], filled["talk"]) == ("80", "36h00")
    assert town.fills("ben")["closed"]
    assert "36 hours" not in text_of(town.message("Adopt the calendar"))
    assert "*Time to talk.*" in text_of(town.message("Adopt the calendar"))
    # what is no option of a proposal belongs to the title
    town.types("ben", "/propose Bells ring at talk: or not")
    assert element_values(town, "ben")["title"] == "Bells ring at talk: or not"


def test_the_form_has_the_consortiums_own_time_to_talk(town):
    with town.bot.db.begin() as session:
        session.execute(update(Consortium).values(talk_days=2))
    assert "2 days" in str(town.types("ben", "/propose") and town.views("ben")[-1])
    assert element_values(town, "ben")["talk"] == "2"


@pytest.mark.parametrize("typed", ['now "Adopt it" why:"Because" closes:9d', '"Adopt it" why:"Because"'])
def test_in_a_direct_message_the_form_asks_where_to_propose_and_keeps_what_was_typed(town, typed):
    form = town.types("ben", f"/propose {typed}", channel="@ben")
    assert form.startswith("<Channel>")
    assert town.fills("ben", channel="council")["closed"]
    assert "Because" in text_of(town.message("Adopt it"))
    assert "is for members of the consortium" in town.types("dov", f"/propose {typed}", channel="@dov")


def test_an_amendment_can_be_typed_into_its_form(town):
    town.proposes("Adopt the calendar", user="ben")
    town.types("ben", '/propose amend 1 "Adopt the shared calendar" why:"Parents ask"')
    assert element_values(town, "ben")["title"] == "Adopt the shared calendar"
    assert town.fills("ben")["closed"]
    assert "Parents ask" in text_of(town.message("Adopt the shared calendar"))


def test_a_form_opened_on_the_home_tab_asks_for_the_channel(town):
    opens(town, "ben")
    form = presses(town, "ben", "New proposal")
    assert "<Channel>" in form and "In a private channel" in str(town.views("ben")[-1])
    assert not town.fills("ben", channel="council", title="Adopt the calendar")["errors"]
    assert "is on its way to <#C" in text_of(town.views("ben")[-1])
    assert "Proposed by Ben Ortiz" in text_of(town.message("Adopt the calendar"))


def test_after_an_amendment_only_those_who_can_take_a_position_back_are_offered_it(town):
    town.proposes("Adopt the calendar", user="ben")
    town.types("cleo", "/vote 1 block Exams")
    town.places("cleo", '"Elm Schools" member')
    town.types("ben", "/propose amend 1")
    assert town.fills("ben", title="Adopt the calendar", why="From June")["closed"]
    town.settle()
    sentence = (
        "The position “block” that Cleo Marchetti took for Birch Schools stands until those who speak for Birch "
        "Schools take another."
    )
    for user in ("cleo", "eva"):
        told = [text_of(m) for m in town.direct(user) if "was amended" in text_of(m)]
        assert len(told) == 1, user
        assert sentence in told[0]
        assert "[Take it back]" not in told[0]
    assert not [m for m in town.direct("finn") if "was amended" in text_of(m)]


@pytest.mark.parametrize(
    ("user", "speaker"),
    [("eva", "Cleo Marchetti speaks for Birch Schools."), ("gus", "Finn Abernathy speaks for Oak Valley.")],
)
def test_the_form_to_block_says_who_speaks_where_the_block_would_be_a_voice(town, user, speaker):
    message = town.proposes("Adopt the calendar", user="ben")
    town.types("cleo", "/vote 1 agree")
    form = town.presses(user, "Block", message)
    assert f"{speaker} What you send is noted as your voice and does not count." in form
    assert "It stops the proposal" not in form
    town.fills(user, reason="It costs too much")
    town.settle()
    assert "nobody blocks" in text_of(town.message("#1"))


def test_an_alternate_whose_block_would_count_reads_that_it_stops_the_proposal(town):
    message = town.proposes("Adopt the calendar", user="ben")
    form = town.presses("eva", "Block", message)
    assert "It stops the proposal until you lift it, or until Cleo Marchetti takes a position." in form
    assert "as your voice" not in form


def test_where_only_one_agency_has_members_only_a_sense_check_can_be_proposed_at_once(empty_town):
    town = empty_town
    town.types("ana", '/consortium setup "Northern Valleys" zone:America/Denver')
    town.types("ana", '/consortium agency add "Elm Schools"')
    assert "No agency has members yet" in town.types("ana", '/propose now "Adopt the calendar"')
    town.types("ana", '/consortium member @ben "Elm Schools" representative')
    for rule in ("consensus", "consent", "unanimity", "majority", "two-thirds"):
        assert "it takes at least two" in town.types("ana", f'/propose now "Adopt the calendar" rule:{rule}'), rule
    assert town.types("ana", '/propose now "How are we?" rule:sense').startswith("#1")
    assert town.types("ana", '/propose now "Adopt the calendar" talk:3d').startswith("#2")
    town.waits("P4D")
    shown = text_of(town.message("Adopt"))
    assert "*0 of 1 agency heard* (quorum 2)" in shown
    assert "This cannot be decided: it takes at least two agencies, and there is only one." in shown
    town.types("ben", "/vote 2 agree")
    town.waits("P7D")
    shown = text_of(town.message("Adopt"))
    assert "Not decided, because it takes at least two agencies, and there was only one:* 1 of 1 agency heard" in shown
    assert "[Extend]" not in shown and "can extend it" not in shown
    refused = town.types("ana", "/propose extend 2")
    assert "Proposal 2 had too few to decide it, and more time does not change that." in refused


def test_a_block_that_starts_or_ceases_to_count_with_a_change_of_seats_is_posted_as_any(town):
    message = town.proposes(more="closes:6d")
    town.types("gus", "/vote 1 block Exams")
    town.settle()
    assert not [text for text in town.thread(message) if "cannot let this pass" in text], "it is a voice"
    town.places("finn", '"Elm Schools" member')
    town.settle()
    (post,) = [text for text in town.thread(message) if "cannot let this pass" in text]
    assert "Oak Valley cannot let this pass as it stands." in post
    town.places("finn", '"Oak Valley" representative', "gus")
    town.types("finn", "/vote 1 agree")
    town.settle()
    assert [text for text in town.thread(message) if "Oak Valley no longer blocks #1" in text]


@pytest.mark.parametrize(
    ("typed", "reading", "button", "noted"),
    [
        ("agree 1", "`/vote 1 agree`", "Agree to #1", "Agree"),
        ("agree to #1", "`/vote 1 agree`", "Agree to #1", "Agree"),
        ("Stand aside 1: no staff", "`/vote 1 stand aside no staff`", "Stand aside on #1", "Stand aside"),
        ("reservations on 1 costs", "`/vote 1 reservations costs`", "Reservations on #1", "Agree with reservations"),
    ],
)
def test_a_position_before_the_number_is_nearly_understood(town, typed, reading, button, noted):
    town.proposes("Adopt the calendar", user="ben")
    said = town.types("cleo", f"/vote {typed}")
    assert f"Did you mean {reading}?" in said
    assert f"[{button}]" in said and "[Make it a poll]" in said
    town.presses("cleo", button, town.private_answer("cleo"))
    assert f"Noted on #1 for Birch Schools: {noted}." in text_of(town.private_answer("cleo"))
    assert "Did you mean" not in town.types("cleo", "/vote agree or not 1")
    assert "is for members of the consortium" in town.types("dov", f"/vote {typed}")


def test_with_one_agency_people_are_told_what_they_can_and_cannot_do_yet(town):
    with town.bot.db.begin() as session:
        session.execute(update(Agency).values(ended_at=town.now()).where(Agency.name != "Elm Schools"))
    for user in ("ana", "ben"):
        assert "only one agency has people" in town.types(user, "/consortium")
    form = town.types("ben", "/propose")
    assert "There is only one agency with members yet" in form
    assert element_values(town, "ben")["rule"] == "sense"
    assert town.fills("ben", title="How does it feel?")["closed"]
    assert "sense check" in text_of(town.message("How does it feel?"))


def test_who_belongs_to_no_agency_is_told_so_and_gets_no_buttons_to_take_a_position(town):
    town.types("ana", "/consortium facilitator @dov")
    with town.bot.db.begin() as session:
        session.execute(update(Consortium).values(heads_allowed=True))
    for rule in ("heads", "consensus"):
        message = town.proposes(f"Adopt by {rule}", more=f"rule:{rule}")
        number = text_of(message).split("#")[1].split(" ")[0]
        shown = town.types("dov", f"/propose show {number}")
        assert "[Agree]" not in shown and "[Yes]" not in shown
        town.closes_forms("dov")
        said = town.types("dov", f"/vote {number} {'yes' if rule == 'heads' else 'agree'}")
        assert "you do not belong to one. To join one, type `/consortium join`" in said
        assert "[Yes]" in town.types("ben", f"/propose show {number}") or rule == "consensus"
        town.closes_forms("ben")


def test_what_was_said_for_an_agency_that_ended_cannot_be_taken_back(town):
    town.proposes(user="ben")
    town.asks('/vote "Which week?" "12 Jan" "19 Jan" agencies closes:5d', user="ana")
    town.types("finn", "/vote 1 block Our exams come first")
    town.types("finn", "/vote 2 1")
    town.types("ana", '/consortium agency end "Oak Valley"')
    town.presses("ana", "End it", town.private_answer("ana"))
    for number in (1, 2):
        assert "Oak Valley has ended, and what was said for it stays" in town.types("finn", f"/vote {number} retract")
    town.settle()
    assert "1 blocks" in text_of(town.message("#1"))
