"""Names that look the same to people are the same thing everywhere: agencies, people, choices, titles, and tables."""

import pytest
from sqlalchemy import select

from storage.meetings import Series
from storage.members import Member
from tests.journeys.imports.steps import imports


def test_an_agency_is_found_and_kept_from_being_added_twice_however_its_name_is_typed(town):
    town.types("ana", '/consortium agency add "Children’s Peña Fund"')
    again = town.types("ana", '/consortium agency add "children\'s  PEN\u0303A fund"')
    assert again.startswith("There is already an agency called “Children’s Peña Fund”.")
    assert "Children’s Peña Fund" in town.types("ana", '/consortium agency weight "Children\'s Pe\u200bña Fund" 2')
    assert "You have asked to join Children’s Peña Fund." in town.types(
        "hana", '/consortium join "CHILDREN\'S PEÑA FUND"'
    )
    assert "Children’s Peña Fund" in town.types("ana", "/consortium who children's")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Children's day", "Children’s day", id="apostrophe"),
        pytest.param("Peña", "Pen\u0303a", id="accent"),
        pytest.param("Elm", "E\u200blm", id="zero width"),
        pytest.param("A-B", "A–B", id="dash"),
    ],
)
def test_a_poll_cannot_have_two_choices_that_look_the_same(town, one, other):
    assert "is there twice" in town.types("ana", f'/vote "Which one?" "{one}" "Something else" "{other}"')


def test_a_choice_has_to_show_something(town):
    assert "shows no words" in town.types("ana", '/vote "Which one?" "Elm" "\u200b"')


def test_a_choice_is_found_however_it_is_typed_and_cannot_be_added_again(town):
    poll = town.asks('/vote "Which one?" "Children’s day" "Peña" open')
    assert "is noted" in town.types("ben", "/vote 1 children's  DAY")
    assert "is noted" in town.types("cleo", "/vote 1 pen\u0303a")
    town.presses("finn", "Add a choice", poll)
    assert town.fills("finn", label="Children's day")["errors"]["label"] == "The poll already has this choice."


def test_a_person_is_found_however_their_name_is_typed(town):
    town.call("people", name="sean", real_name="Seán O’Neil", channels=["council"])
    town.settle()
    answer = town.types("ana", '/consortium member @Sea\u0301n O\'Neil "Oak Valley"')
    assert "Seán O’Neil is now" in answer, answer
    planned = town.types("ana", '/meeting new "Council" 2026-12-07 14:00 notes:Sea\u0301n O\'Neil')
    assert planned.startswith("*Council* is planned"), planned
    town.settle()
    with town.bot.db.read() as session:
        assert session.scalars(select(Member.name).join(Series, Series.notes_id == Member.id)).one() == "Seán O’Neil"
    table = 'Agency,Person,Role\n"OAK  valley",Sea\u0301n O\'Neil,alternate'
    assert "Imported from the table" in imports(town, table)
    shown = town.types("ana", "/consortium who oak")
    assert "Seán O’Neil" in shown, shown
    assert "alternate" in shown, shown


def test_an_agenda_item_and_a_role_exist_once(town):
    town.types("ana", '/meeting new "Council" 2026-12-07 14:00')
    town.types("ana", '/meeting add "Children’s budget"')
    assert "is already on the agenda" in town.types("ana", '/meeting add "Children\'s  BUDGET"')
    town.types("ana", '/workload role add "Chair’s aide" @ben hours:2')
    assert "Chair’s aide" in town.types("ana", '/workload role add "chair\'s aide" @cleo hours:2')


def test_a_decision_is_found_however_the_search_is_typed(town):
    proposal = town.proposes("Adopt the Children’s Peña calendar", more="rule:majority closes:1d")
    for user in ("ben", "cleo", "finn"):
        town.presses(user, "Yes", proposal)
    town.types("ana", "/propose close 1")
    town.settle()
    assert "Adopt the Children’s Peña calendar" in town.types("ben", "/consortium decisions children's pen\u0303a")
