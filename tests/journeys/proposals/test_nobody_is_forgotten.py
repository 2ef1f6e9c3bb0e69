"""Those who decide hear that voting is open and are reminded once; if they are away, others hear of it."""

import pytest

from tests.journeys.steps import flat, goes_to, makes_board, told
from tests.town import text_of

VOTING = "Voting is open"
UNHEARD = "not been heard yet"


def test_when_voting_opens_after_the_discussion_the_channel_and_those_who_decide_hear(town):
    message = town.proposes(more="talk:1d closes:5d")
    assert not told(town, "cleo")
    town.waits("P1D")
    posts = [text for text in town.thread(message) if VOTING in text]
    assert len(posts) == 1
    assert "*Voting is open:* *#1 Adopt the calendar*. It closes Sun, Dec 6, 2026, 9:00 AM." in flat(posts[0])
    for user, agency in (("ben", "Elm Schools"), ("cleo", "Birch Schools"), ("eva", "Birch Schools")):
        (news,) = told(town, user, VOTING)
        assert "proposed by Ana Reyes" in news
        assert f"You speak for {agency}." in news
    for user in ("gus", "dov", "hana"):
        assert not town.direct(user), "a member beside a representative does not decide, nor does an outsider"
    town.presses("cleo", "Agree", town.direct("cleo")[-1], "@cleo")
    assert "Noted on #1 for Birch Schools: Agree" in text_of(town.direct("cleo")[0])
    town.waits("P1D")
    assert len(told(town, "ben", VOTING)) == 1
    assert len([text for text in town.thread(message) if VOTING in text]) == 1


def test_a_proposal_without_a_discussion_is_not_opened_twice(town):
    message = town.proposes(more="closes:5d")
    town.waits("P1D")
    assert not [text for text in town.thread(message) if VOTING in text]
    assert not told(town, "cleo", VOTING)


def test_who_was_away_when_voting_opened_hears_on_return_unless_the_agency_was_heard(town):
    town.types("finn", "/consortium away until 2026-12-03 12:00")
    town.types("cleo", "/consortium away until 2026-12-03 12:00")
    town.proposes(more="talk:1d closes:6d")
    town.waits("P1DT2H")
    town.types("eva", "/vote 1 agree")
    town.waits("P2DT2H")
    assert len(told(town, "finn", VOTING)) == 1
    assert not told(town, "cleo", VOTING), "her agency was heard"


def test_voting_on_a_sense_check_is_posted_and_told_to_nobody(town):
    message = town.proposes(more="rule:sense talk:1d closes:3d")
    town.waits("P1D")
    assert [text for text in town.thread(message) if VOTING in text]
    assert not told(town, "cleo", VOTING)


def test_who_decides_a_private_proposal_without_being_in_its_channel_hears_once_that_voting_is_open(town):
    makes_board(town, "ana", "ben")
    town.types("finn", "/consortium away until 2026-12-02 12:00")
    town.types("ana", '/propose now "Adopt the budget" talk:1d closes:6d', "board")
    town.waits("P2DT4H")
    assert [text for text in told(town, "cleo") if VOTING in text]
    (news,) = told(town, "finn", "#1 Adopt the budget")
    assert VOTING in news, "what would have said less while he was away is not sent too"
    assert not told(town, "gus")
    assert not told(town, "dov")


@pytest.mark.parametrize(
    ("closes", "day"),
    [
        pytest.param("2026-12-03 17:00", "2026-12-02", id="the day before"),
        pytest.param("2026-12-07 09:00", "2026-12-04", id="Friday for Monday"),
        pytest.param("2026-12-06 12:00", "2026-12-04", id="Friday for Sunday"),
    ],
)
def test_the_reminder_comes_at_eight_on_the_last_working_day_before_the_closing_day(town, closes, day):
    town.proposes(more=f'closes:"{closes}"')
    for user, eight in (("cleo", 14), ("finn", 15)):  # in Chicago and in Denver
        goes_to(town, f"{day}T{eight - 1}:59:00Z")
        assert not told(town, user, UNHEARD)
        goes_to(town, f"{day}T{eight}:01:00Z")
        assert len(told(town, user, UNHEARD)) == 1
    town.waits("P5D")
    assert len(told(town, "cleo", UNHEARD)) == 1


def test_a_reminder_that_would_come_before_voting_opens_does_not_come(town):
    town.proposes(more='closes:"2026-12-01 17:00"')  # opened on Monday at 9:00
    town.proposes("Adopt the budget", more='talk:2d closes:"2026-12-03 17:00"')  # opens on Wednesday at 9:00
    town.waits("P4D")
    assert not told(town, "cleo", UNHEARD)


def test_a_majority_of_members_reminds_each_member_who_has_not_been_heard(town):
    town.types("ana", "/consortium settings")
    assert town.fills("ana", heads=["heads"])["closed"]
    town.proposes(user="ana", more="rule:heads closes:4d")
    town.types("ben", "/vote 1 yes")
    town.waits("P3D")
    assert not told(town, "ben", UNHEARD)
    for user in ("cleo", "eva", "finn", "gus"):
        (reminder,) = told(town, user, UNHEARD)
        assert reminder.startswith("You have not been heard yet on *#1 Adopt the calendar*. It closes")
        assert "You speak for" not in reminder
    assert not town.direct("dov")
    town.presses("gus", "Yes", town.direct("gus")[-1], "@gus")
    town.settle()
    assert "2 of" in text_of(town.message("#1"))


def test_a_sense_check_reminds_nobody(town):
    town.proposes(more="rule:sense closes:4d")
    town.waits("P3D")
    assert not told(town, "cleo", UNHEARD)


def test_where_the_representative_is_away_without_an_alternate_the_agency_and_the_facilitator_hear(town):
    town.types("finn", "/consortium away until 2026-12-10")
    town.proposes(more="closes:4d")
    town.waits("PT1H")
    (asked,) = told(town, "gus", UNHEARD)
    assert asked.startswith("*Oak Valley has not been heard yet* on *#1 Adopt the calendar*. It closes")
    assert "Finn Abernathy, who speaks for Oak Valley, is away until Thu, Dec 10" in asked
    assert "they can answer while they are away" in asked
    assert "a facilitator can name an alternate. You can ask Ana Reyes." in asked
    (news,) = told(town, "ana", "*Oak Valley has not been heard yet*")
    assert '`/consortium member @name "Oak Valley" alternate`' in news
    town.waits("P2DT23H")
    assert len(told(town, "gus", UNHEARD)) == 2, "once when it opens, and once when Finn would be reminded"
    assert not told(town, "finn"), "he is away"
    assert not told(town, "ben", "Oak Valley"), "other agencies do not hear who is silent"
    assert not town.direct("dov")
    town.places("gus", "Oak alternate", confirmer="finn")
    assert "Noted on #1 for Oak Valley: Agree" in town.types("gus", "/vote 1 agree")
    town.waits("PT8H")
    assert len(told(town, "gus", "*Oak Valley has not been heard yet*")) == 2


@pytest.mark.parametrize("more", ["closes:1d", "talk:1d closes:1d"])
def test_where_a_proposal_is_too_short_for_a_reminder_others_hear_when_it_opens(town, more):
    town.types("finn", "/consortium away until 2026-12-10")
    town.proposes(more=more)
    town.waits("P1DT1H" if "talk" in more else "PT1H")
    for user in ("ana", "gus"):
        assert len(told(town, user, "*Oak Valley has not been heard yet*")) == 1
    town.waits("P2D")
    assert len(told(town, "gus", "*Oak Valley has not been heard yet*")) == 1


def test_an_absence_that_begins_while_a_proposal_is_open_is_told_too(town):
    town.proposes(more="closes:9d")
    town.types("finn", "/consortium away until 2026-12-20")
    town.waits("PT1H")
    assert len(told(town, "gus", "*Oak Valley has not been heard yet*")) == 1


@pytest.mark.parametrize(
    ("joins", "advice"),
    [
        (
            (),
            "If Gus Whitehorse is to be the alternate, only Finn Abernathy can, who is asked at once, even while away.",
        ),
        (("hana",), "Somebody there has to confirm it, but nobody for themselves: Gus Whitehorse or Hana Okafor can."),
    ],
)
def test_the_advice_to_name_an_alternate_says_who_has_to_confirm_it(town, joins, advice):
    for user in joins:
        town.types("ana", f"/consortium member @{user} Oak")
    town.waits("P10D")
    town.types("finn", "/consortium away until 2026-12-30")
    town.proposes(more="closes:5d")
    town.waits("PT1H")
    (news,) = told(town, "ana", "*Oak Valley has not been heard yet*")
    assert advice in news
    (asked,) = told(town, "gus", "*Oak Valley has not been heard yet*")
    assert ("You have to confirm it. If you are to be the alternate" in asked) == (not joins)


def test_where_the_alternate_is_away_too_another_one_can_be_named(town):
    town.waits("P10D")
    for user in ("cleo", "eva"):
        town.types(user, "/consortium away until 2026-12-30")
    town.proposes(more="closes:5d")
    town.waits("PT1H")
    (news,) = told(town, "ana", "*Birch Schools has not been heard yet*")
    assert "you can name another alternate" in news
    assert "Somebody there has to confirm it, and only Cleo Marchetti or Eva" in news


def test_who_is_back_in_time_is_not_reported_when_a_proposal_opens(town):
    town.types("finn", "/consortium away until 2026-12-02")
    town.proposes(more="closes:6d")
    town.waits("PT1H")
    assert not told(town, "gus", UNHEARD)


def test_where_the_alternate_is_there_the_alternate_is_reminded_and_nobody_else(town):
    town.types("cleo", "/consortium away until 2026-12-10")
    town.proposes(more="closes:4d")
    town.waits("P3D")
    (reminder,) = told(town, "eva", UNHEARD)
    assert "You speak for Birch Schools." in reminder
    assert not told(town, "ana", "*Birch Schools has not been heard yet*")


def test_of_a_private_proposal_only_those_who_may_see_it_hear_that_a_representative_is_away(town):
    makes_board(town, "ben", "finn")
    town.types("finn", "/consortium away until 2026-12-10")
    town.types("ben", '/propose now "Adopt the budget" closes:4d', "board")
    town.waits("P3D")
    assert told(town, "ben", "*Oak Valley has not been heard yet*"), "its author"
    assert not told(town, "gus")
    assert not told(town, "dov")


def test_an_absence_that_ends_in_time_is_not_told_again(town):
    town.types("finn", "/consortium away until 2026-12-10")
    town.proposes(more="closes:4d")
    town.waits("P2D")
    town.types("finn", "/consortium back")
    town.waits("P1D")
    assert len(told(town, "finn", UNHEARD)) == 1
    assert len(told(town, "gus", UNHEARD)) == 1, "only when it opened"
    assert len(told(town, "ana", "*Oak Valley has not been heard yet*")) == 1
