"""Nothing that is typed after a command is ignored: it is understood, or refused by name."""

import pytest
from sqlalchemy import func, select

from handlers.features import FEATURES
from handlers.kit.registry import Registry
from storage.agendas import AgendaItem
from storage.meetings import Meeting, Series
from storage.schema import metadata
from tests.journeys.steps import count, plans
from tests.town import text_of

WORDS = Registry(FEATURES).words
ASKING = {
    ("/consortium", "decisions"),
    ("/consortium", "setup"),
    ("/workload", "gain"),
    ("/meeting", "new"),
    ("/meeting", "add"),
    ("/task", "add"),
    ("/task", "new"),
}
"""Commands for which any words are a search or a title."""


@pytest.fixture
def council(town):
    plans(town, '/meeting new "Council" 2026-12-03 14:00 every:month')
    return town


def stored(town):
    """Return how many rows there are, apart from questions that wait for a button."""
    with town.bot.db.read() as session:
        names = [table for table in metadata.sorted_tables if table.name not in {"draft", "handled_request"}]
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in names}


def refuses(town, command, *parts):
    """Type a command, and check that it opens nothing, stores nothing, and says what it did not understand."""
    before = stored(town)
    answer = town.types("ana", command)
    opened = town.views("ana")
    town.closes_forms("ana")
    assert not opened, text_of(opened[-1])
    assert stored(town) == before
    assert any(part in answer for part in parts) or "`/" in answer, answer


@pytest.mark.parametrize("command", sorted(WORDS))
def test_a_word_that_no_command_knows_is_not_ignored(council, command, subtests):
    for word in sorted(WORDS[command]):
        if (command, word) not in ASKING:
            for rest in ("zzbanana", "21 zzbanana" if command == "/task" else '"Elm Schools" zzbanana'):
                with subtests.test(f"{word} {rest}"):
                    refuses(council, f"{command} {word} {rest}", "zzbanana", "No meeting called")


OPTIONS = {
    "/consortium": ("zone:UTC", "domain:b.example"),
    "/meeting": ("every:week", "by:ben"),
    "/pulse": ("every:week", "start:friday"),
    "/task": ("due:friday", "hours:3"),
    "/workload": ("value:3", "on:yesterday"),
}


@pytest.mark.parametrize("command", sorted(WORDS))
def test_an_option_that_a_command_does_not_have_is_refused(council, command, subtests):
    for word in sorted(WORDS[command]):
        if (command, word) not in {("/task", "add"), ("/pulse", "schedule")}:
            with subtests.test(word):
                number = "21 " if command == "/task" and word not in {"new", "mine", "all", "agency"} else ""
                keys = [option.split(":")[0] for option in OPTIONS[command]]
                refuses(council, f"{command} {word} {number}{' '.join(OPTIONS[command])}", *keys)


def test_help_after_any_command_explains_it(town, subtests):
    for command, subcommands in WORDS.items():
        for word in subcommands:
            with subtests.test(f"{command} {word} help"):
                assert f"`{command}` " in town.types("ana", f"{command} {word} help")
                assert not town.views("ana")


def test_a_date_after_a_command_means_the_meeting_on_that_day(council):
    assert "Jan 7, 2027" in council.types("ana", "/meeting cancel 2027-01-07")
    assert "Jan 7, 2027" in council.types("ana", "/meeting agenda jan 7")
    assert "Jan 7, 2027" in council.types("ana", '/meeting publish "Council" 1/7')
    for word in ("cancel", "agenda", "publish"):
        answer = council.types("ana", f"/meeting {word} 2027-02-05")
        assert (
            "No meeting is planned in this channel on Fri, Feb 5, 2027. The next ones are *Council*, <!date^" in answer
        )
        assert "is for members of the consortium" in council.types("dov", f"/meeting {word} 2027-01-07")
    answer = council.types("ana", "/meeting move jan 7 to jan 8 15:00")
    assert "Jan 7, 2027" in answer
    assert "Jan 8, 2027, 3:00 PM" in answer
    with council.bot.db.read() as session:
        assert session.query(Meeting).filter_by(live_id=None).count() == 2


def test_a_meeting_is_named_when_several_are_on_one_day(council):
    plans(council, '/meeting new "Board" 2026-12-03 16:00')
    answer = council.types("ana", "/meeting cancel 2026-12-03")
    assert "Several meetings fit: *Council*," in answer
    assert "Cancel *Board*" in council.types("ana", '/meeting cancel "Board" 2026-12-03')


def test_an_agenda_item_says_how_long_it_takes_and_who_brings_it(council):
    for typed in (
        '"Bus routes" 20m @cleo',
        '"Fees" minutes:20 by:@cleo',
        '"Maps" 20 min by cleo',
        '"Beds" by:cleo for:20m',
    ):
        assert "20 min, brought by Cleo Marchetti" in council.types("ana", f"/meeting add {typed}"), typed
    answer = council.types("ana", '/meeting add "Lunch" banana')
    assert "I understood the item “Lunch”, but not “banana”." in answer
    assert "does not belong to the consortium" in council.types("ana", '/meeting add "Lunch" by:@dov')
    assert count(council, AgendaItem) == 4


def test_publishing_with_a_word_too_many_publishes_nothing(council):
    assert "I understood `/meeting publish`, but not “banana”" in council.types("ana", "/meeting publish banana")
    council.settle()
    assert not [m for m in council.messages("ana") if "Agenda" in text_of(m) and not m.get("ephemeral")]
    assert count(council, Series) == 1


def test_what_looks_like_an_option_belongs_to_the_reason_of_a_vote(town):
    message = town.proposes("Adopt the calendar")
    town.types("ben", "/vote 1 reservations closes: friday is too early")
    town.settle()
    assert "closes: friday is too early" in town.presses("ana", "Details", message)


def test_options_of_a_poll_are_not_dropped_where_a_form_opens(town):
    for command in ("/vote new Which week? closes:3d", "/vote show 1 closes:3d"):
        assert "I do not know what `closes:` means here." in town.types("ana", command)
    answer = town.types("ana", "/meeting new Council friday 14:00 every:week")
    assert "To use `every:`, put the name of the meeting in quotes." in answer
    assert not town.views("ana")
