"""What people say beside those who speak for their agency: they hear when it counts, and when it no longer does."""

import pytest

from tests.journeys.steps import last_told, makes_board, told
from tests.town import text_of

POLL = '/vote "Which week?" "12 Jan" "19 Jan" agencies closes:6d'


def test_a_vote_that_starts_to_count_is_told_once(town):
    town.asks(POLL)
    assert "speaks for Oak Valley. Your vote is shown as a voice" in town.types("gus", "/vote 1 1")
    town.places("finn", '"Elm Schools" member')
    town.waits("PT1M")
    (news,) = told(town, "gus", "Your vote in *#1 Which week?* now counts for Oak Valley")
    assert "because nobody is named to speak for it. You can change it until" in news
    assert "1 agency heard" in text_of(town.message("Which week?"))
    town.places("finn", '"Oak Valley" representative', "gus")
    town.places("finn", '"Elm Schools" member')
    town.waits("P1D")
    assert len(told(town, "gus", "now counts for Oak Valley")) == 1
    message = last_told(town, "gus", "now counts")
    assert "9:00 AM MST>" in text_of(message)  # what is read where Slack does not show dates
    assert "*#1 Which week?*" in town.presses("gus", "Read or change", message, "@gus")


def test_in_a_private_channel_a_vote_that_starts_to_count_is_told_in_the_thread(town):
    makes_board(town, "ana", "gus")
    town.types("ana", POLL, "board")
    town.types("gus", "/vote 1 1", "board")
    town.places("finn", '"Elm Schools" member')
    town.waits("PT1M")
    poll = town.message("Which week?", channel="board")
    assert [text for text in town.thread(poll, "board") if "Your vote in #1 now counts for Oak Valley" in text]
    assert not told(town, "gus", "Which week?")


@pytest.mark.parametrize(("options", "eva", "is_told"), [("", 1, True), ("", 2, False), ("hidden:close", 2, True)])
def test_an_alternate_hears_once_that_the_representative_has_voted_otherwise(town, options, eva, is_told):
    town.asks(f"{POLL} {options}")
    town.types("eva", f"/vote 1 {eva}")
    town.types("cleo", "/vote 1 2")
    town.waits("P1D")
    news = told(
        town, "eva", "Cleo Marchetti has spoken for Birch Schools now. Your vote in *#1 Which week?* is shown as a"
    )
    assert len(news) == is_told
    town.types("cleo", "/vote 1 retract")
    town.waits("P1D")
    again = told(town, "eva", "has taken back what they said for Birch Schools. Your vote in *#1 Which week?* counts")
    assert len(again) == 1


@pytest.mark.parametrize(
    ("asked", "noted", "news"),
    [
        (POLL, "is divided, because its members disagree: none of their votes counts", "None of their votes counts"),
        (
            '/propose now "Which week?" closes:6d',
            "is divided, because its members disagree: it is heard and takes no side",
            "It counts as heard and takes no side",
        ),
    ],
)
def test_those_who_divide_their_agency_hear_of_it_once(town, asked, noted, news):
    town.places("finn", "Oak member")
    town.asks(asked)
    one, two = ("1", "2") if "agencies" in asked else ("agree", "abstain")
    assert "divided" not in town.types("finn", f"/vote 1 {one}")
    said = town.types("gus", f"/vote 1 {two}")
    assert f"Oak Valley {noted}" in said
    town.types("gus", f"/vote 1 {one}")
    assert "divided" in town.types("gus", f"/vote 1 {two}")
    town.waits("P1D")
    (divided,) = told(town, "finn", "Oak Valley is divided on *#1 Which week?*")
    assert news in divided
    assert not told(town, "gus", "is divided on")
    assert not told(town, "dov")


def test_a_poll_that_is_hidden_until_it_closes_does_not_say_that_an_agency_is_divided(town):
    town.places("finn", "Oak member")
    town.asks(f"{POLL} hidden:close")
    town.types("finn", "/vote 1 1")
    assert "divided" not in town.types("gus", "/vote 1 2")
    town.waits("P1D")
    assert not told(town, "finn", "divided")


def test_a_division_that_has_ended_is_not_told(town):
    town.places("finn", "Oak member")
    town.types("ana", "/consortium away @finn until 2026-12-02 12:00")
    town.proposes(more="closes:6d")
    town.types("finn", "/vote 1 agree")
    town.types("gus", "/vote 1 abstain")
    town.types("gus", "/vote 1 agree")
    town.waits("P3D")
    assert not told(town, "finn", "divided")


@pytest.mark.parametrize("stance", ["Block", "With reservations"])
def test_an_alternates_position_is_not_called_final_and_they_hear_when_it_is_overruled(town, stance):
    message = town.proposes(more="closes:6d")
    form = town.presses("eva", stance, message)
    until = {
        "Block": "It stops the proposal until you lift it, or until Cleo Marchetti takes a position.",
        "With reservations": "It counts as long as Cleo Marchetti takes no position.",
    }[stance]
    assert until in form
    town.fills("eva", reason="Too soon")
    said = town.types("eva", f"/vote 1 {'block' if stance == 'Block' else 'reservations'} Too soon")
    assert "It counts as long as Cleo Marchetti takes no position. You can change it until" in said
    town.types("cleo", "/vote 1 agree")
    town.types("cleo", "/vote 1 abstain")
    town.waits("P1D")
    (news,) = told(town, "eva", "Cleo Marchetti has spoken for Birch Schools now.")
    assert "Your position on *#1 Adopt the calendar* is shown as a voice and does not count any more." in news
    assert not told(town, "ben", "has spoken")
    town.types("cleo", "/vote 1 retract")
    town.waits("P1D")
    assert told(town, "eva", "counts for it again, as long as Cleo Marchetti says nothing")


def test_an_alternate_with_whom_the_representative_agrees_hears_nothing(town):
    town.proposes(more="closes:6d")
    town.types("eva", "/vote 1 agree")
    town.types("cleo", "/vote 1 agree")
    town.waits("P1D")
    assert not told(town, "eva", "has spoken")


def test_a_voice_is_not_shown_beside_somebody_who_has_said_nothing(town):
    town.proposes(more="closes:6d")
    said = town.types("gus", "/vote 1 agree")
    assert "Noted on #1 as your voice: Agree. It does not count, because Finn Abernathy speaks for Oak Valley." in said
    assert "both" not in said


@pytest.mark.parametrize(("closes", "times"), [("closes:4d", 2), ("closes:1d", 1)])
def test_where_all_who_speak_for_an_agency_are_away_others_hear_of_a_poll_that_reminds(town, closes, times):
    town.types("finn", "/consortium away until 2026-12-10")
    town.asks(f'/vote "Which week?" "12 Jan" "19 Jan" agencies remind {closes}')
    town.waits("PT1H")
    (news,) = told(town, "ana", "*Oak Valley has not voted yet* in *#1 Which week?*")
    assert "Finn Abernathy, who speaks for Oak Valley, is away until Thu, Dec 10" in news
    assert '`/consortium member @name "Oak Valley" alternate`' in news
    town.waits("P3D")
    assert len(told(town, "gus", "*Oak Valley has not voted yet*")) == times
    assert not told(town, "ben", "*Oak Valley has not voted yet*")
    assert not told(town, "dov")


def test_of_an_agency_that_has_voted_nobody_hears_that_its_speakers_are_away(town):
    town.asks('/vote "Which week?" "12 Jan" "19 Jan" agencies remind closes:4d')
    town.types("finn", "/vote 1 2")
    town.types("finn", "/consortium away until 2026-12-10")
    town.waits("P3D")
    assert not told(town, "gus", "has not voted yet")


def test_an_absence_that_begins_while_a_poll_is_open_is_told_too(town):
    town.asks('/vote "Which week?" "12 Jan" "19 Jan" agencies remind closes:9d')
    town.waits("PT1H")
    town.types("finn", "/consortium away until 2026-12-20")
    town.waits("PT1H")
    assert len(told(town, "gus", "*Oak Valley has not voted yet*")) == 1
