"""An answer belongs to the wording that its button or form showed."""

import pytest

from tests.journeys.home.test_home import opens, presses
from tests.journeys.steps import sends
from tests.town import element_of, text_of

AMENDED = "#1 was amended since, so nothing was noted."


def amends(town, why="Keep the gym"):
    town.types("ana", "/propose amend 1")
    assert town.fills("ana", title="Keep the old gym", why=why)["closed"]
    town.settle()


@pytest.fixture
def reminded(town):
    """A town in which Cleo has a reminder of a proposal that was amended since."""
    town.proposes("Build a new gym", more="closes:4d")
    town.waits("P3D")
    assert len(town.direct("cleo")) == 1
    amends(town)
    return town


def test_a_button_of_an_earlier_wording_stores_nothing_and_leads_to_the_present_one(reminded):
    town = reminded
    answer = town.presses("cleo", "Agree", town.direct("cleo")[0], "@cleo")
    assert AMENDED in answer and "It now says: *Keep the old gym*" in answer
    assert "*0 of 3 agencies heard*" in text_of(town.message("Keep"))
    shown = [m for m in town.direct("cleo") if AMENDED in text_of(m)][-1]
    assert "Keep the gym" in town.presses("cleo", "Read it again", shown, "@cleo")
    assert "Noted on #1 for Birch Schools: Agree" in town.presses_in_form("cleo", "Agree")
    town.settle()
    assert "*1 of 3 agencies heard*" in text_of(town.message("Keep"))


def test_a_button_that_asks_for_a_reason_opens_no_form_for_an_earlier_wording(reminded):
    town = reminded
    assert AMENDED in town.presses("cleo", "Block", town.direct("cleo")[0], "@cleo")
    assert not town.views("cleo")


def test_a_reason_that_was_written_about_an_earlier_wording_is_not_stored(town):
    message = town.proposes("Build a new gym")
    town.presses("finn", "Stand aside", message)
    amends(town)
    assert not town.fills("finn", reason="We need the old one.")["closed"]
    assert AMENDED in text_of(town.views("finn")[-1])
    assert "Keep the gym" in town.presses_in_form("finn", "Read it again")
    assert "*0 of 3 agencies heard*" in text_of(town.message("Keep"))


def test_the_form_to_stand_aside_instead_is_not_opened_for_an_earlier_wording(town):
    message = town.proposes("Build a new gym")
    town.presses("finn", "Block", message)
    amends(town)
    assert "[Stand aside instead]" in town.presses_in_form("finn", "Stand aside instead")
    assert AMENDED in text_of(town.private_answer("finn"))


def test_buttons_of_the_present_wording_and_typed_answers_count(town):
    town.proposes("Build a new gym")
    amends(town)
    town.presses("cleo", "Agree", town.message("Keep"))
    assert "Noted on #1 for Elm Schools: Agree" in town.types("ben", "/vote 1 agree")
    opens(town, "finn")
    assert "Noted on #1 for Oak Valley: Agree" in presses(town, "finn", "Agree")
    assert "*3 of 3 agencies heard*" in text_of(town.message("Keep"))


def test_a_button_of_an_earlier_release_is_taken_for_one_of_the_first_wording(town):
    town.proposes("Build a new gym")
    assert "Noted on #1 for Birch Schools: Agree" in sends(town, "cleo", "proposal.say.agree", "1")
    amends(town)
    assert AMENDED in sends(town, "finn", "proposal.say.agree", "1")
    for value in ("1:x", ":", "1:2:3", "1:-2"):
        assert "There is no proposal" in sends(town, "finn", "proposal.say.agree", value), value
    current = element_of(town.message("Keep"), "Agree")["value"]
    assert "is for members of the consortium" in sends(town, "dov", "proposal.say.agree", current)
    assert "is for members of the consortium" in sends(town, "dov", "proposal.say.agree", "1")


def test_a_question_about_what_was_typed_on_the_earlier_wording_is_gone(town):
    town.proposes("Build a new gym")
    town.types("cleo", "/vote agree 1")
    asked = town.private_answer("cleo")
    amends(town)
    label = next(e["text"]["text"] for b in asked["blocks"] for e in b.get("elements", []) if "agree" in str(e).lower())
    assert "I no longer have what you typed" in town.presses("cleo", label, asked)
    assert "*0 of 3 agencies heard*" in text_of(town.message("Keep"))
