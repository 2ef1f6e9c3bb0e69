"""Names of agencies and sources, titles, and ballots as people type them."""

import pytest

from storage.agendas import AgendaItem
from storage.funding import FundingSource
from storage.meetings import Series
from storage.polls import Poll
from storage.tasks import Task
from tests.journeys.steps import count, plans
from tests.town import text_of

INVISIBLE = "\u200b \u2060\u3164"


def test_an_agency_that_may_be_two_is_asked_about_with_buttons(town):
    town.types("ana", '/consortium agency add "Elm Colleges"')
    assert "“Elm” could mean" in town.types("ana", '/consortium agency weight "Elm" 3')
    town.presses("ana", "Elm Colleges", town.private_answer("ana"))
    assert "Elm Colleges" in text_of(town.private_answer("ana"))
    assert "3" in text_of(town.private_answer("ana"))


def test_an_example_names_the_agency_that_is_meant_and_works(town):
    listed = town.types("cleo", "/consortium agency holidays")
    example = listed.split("`")[1]
    assert example == '/consortium agency holidays "Birch Schools" 2026-12-21..2027-01-04'
    assert "Birch Schools" in town.types("cleo", example)
    assert '"Oak Valley" 2026-12-21..' in town.types("ana", '/consortium agency holidays "Oak Valley" 2026-13-45')


def test_add_before_a_source_or_dues_is_understood_and_quotes_are_kept(town):
    assert "could not read “500 2026”" in town.types("ana", '/workload funding add "State grant" 500 2026')
    assert "State grant" in town.types("ana", '/workload funding add "State grant" 500')
    with town.bot.db.read() as session:
        assert [source.name for source in session.query(FundingSource)] == ["State grant"]
    assert "I did not understand “Big 500”" in town.types("ana", '/workload funding Big "State grant" 500')
    assert "Elm Schools" in town.types("ana", '/workload dues add "Elm Schools" 2026 1500')
    assert "I did not understand “big”" in town.types("ana", '/workload dues big "Elm Schools" 2026 1500')
    assert "Add what" in town.types("ana", "/workload funding add") or count(town, FundingSource) == 1


def test_titles_that_show_nothing_are_refused(town):
    plans(town, '/meeting new "Council" 2026-12-03 14:00')
    for command, why in (
        (f'/vote "{INVISIBLE}" "A" "B"', "needs a question"),
        (f'/task add "{INVISIBLE}"', "needs a title"),
        (f'/meeting new "{INVISIBLE}" 2026-12-10 14:00', "needs a name"),
        (f'/meeting add "{INVISIBLE}"', "needs a title"),
    ):
        assert why in town.types("ana", command), command
    assert [count(town, table) for table in (Poll, Task, AgendaItem, Series)] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("poll", "ballot", "words"),
    [
        ('"Which?" "12 Jan" "<19> Jan"', "2", "&lt;19&gt; Jan"),
        ('ranked "Which?" "12 Jan" "19 Jan"', "2, 1", "19 Jan &gt; 12 Jan"),
        ('"Which?" "12 Jan" "19 Jan" score', "1=5 2=3", "12 Jan 5, 19 Jan 3"),
        ('"Which?" "12 Jan" "19 Jan" dots:1', "1=1", "12 Jan 1"),
        ('"Which?" "12 Jan" "19 Jan" anonymous', "1", "12 Jan"),
    ],
)
def test_a_typed_ballot_is_repeated_in_words(town, poll, ballot, words):
    town.asks(f"/vote {poll}")
    assert f"Your vote in #1 is noted. You chose: {words}. " in town.types("ben", f"/vote 1 {ballot}")


def test_a_pressed_ballot_is_repeated_unless_it_is_secret(town):
    open_poll = town.asks('/vote "Which?" "12 Jan" "19 Jan"')
    assert "You chose: 19 Jan." in town.presses("ben", "19 Jan", open_poll)
    secret = town.asks('/vote "Who?" "12 Jan" "19 Jan" anonymous')
    town.presses("ben", "Vote", secret)
    assert town.fills("ben", choice="19 Jan")["closed"]
    assert "Your vote in #2 is noted. It is sealed" in text_of(town.private_answer("ben"))


def test_a_limit_of_one_choice_is_a_poll_of_one_choice(town):
    town.asks('/vote "Which?" "12 Jan" "19 Jan" multi:1')
    assert "up to 1" not in text_of(town.message("#1"))
    assert "For example: `/vote 1 2`" in town.types("ben", "/vote 1 1, 2")
    assert "You chose: 19 Jan." in town.types("ben", "/vote 1 2")
