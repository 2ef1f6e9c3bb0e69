"""Days, time zones, and numbers as people type them, and what the bot says back."""

import pytest
from sqlalchemy import select

from storage.consortia import Consortium
from storage.meetings import Series
from storage.tasks import Task
from tests.journeys.steps import count
from tests.town import text_of


def chooses(town, label):
    """Press a button of Ana's last private answer. Return the answer that takes its place."""
    town.presses("ana", label, town.private_answer("ana"))
    return text_of(town.private_answer("ana"))


def value(town, column):
    with town.bot.db.read() as session:
        return session.scalar(select(column))


@pytest.mark.parametrize(("zone", "stored"), [("GMT+2", "Etc/GMT-2"), ("Denver", "America/Denver")])
def test_meetings_and_consortia_take_the_same_zones(empty_town, zone, stored):
    assert "is founded" in empty_town.types("ana", f'/consortium setup "Northern Valleys" zone:{zone}')
    assert value(empty_town, Consortium.zone) == stored
    empty_town.types("ana", '/consortium agency add "Elm Schools"')
    assert "is planned" in empty_town.types("ana", f'/meeting new "Council" friday 12:00 zone:{zone}')
    assert value(empty_town, Series.zone) == stored


def test_hours_from_utc_are_shown_as_they_are_typed(town):
    said = town.types("ana", '/meeting new "Council" 2026-12-03 12:00 every:week zone:GMT+2')
    assert "every Thursday at 12:00 PM (UTC+2)" in said and "Etc" not in said
    town.types("ana", "/consortium settings")
    assert town.fills("ana", zone="utc-7")["closed"]
    assert value(town, Consortium.zone) == "Etc/GMT+7"
    town.types("ana", "/consortium settings")
    shown = str(town.views("ana")[-1])
    assert "'initial_value': 'UTC-7'" in shown and "Etc/" not in shown
    assert town.fills("ana", quorum="60")["closed"]
    assert value(town, Consortium.zone) == "Etc/GMT+7"


def test_a_standard_time_is_asked_about(town):
    answer = town.types("ana", '/meeting new "Council" friday 12:00 zone:EST')
    assert "“EST” could mean the clock of New York or no summer time, as in Panama." in answer
    assert count(town, Series) == 0
    assert "is planned" in chooses(town, "the clock of New York")
    assert value(town, Series.zone) == "America/New_York"


def test_a_week_off_is_the_whole_week(town):
    answer = town.types("ana", '/consortium agency holidays "Elm Schools" next week')
    assert "Mon, Dec 7, 2026 to Sun, Dec 13, 2026" in answer, answer


def test_an_absence_ends_with_the_week_or_after_a_span(town):
    assert "You are away until Sun, Dec 13, 2026" in town.types("ben", "/consortium away next week")
    assert "You are away until Mon, Dec 14, 2026" in town.types("ben", "/consortium away for 2 weeks")
    answer = town.types("ben", "/consortium away from monday until friday")
    assert "I could not read “from monday until friday” as the end of an absence" in answer


def test_hours_are_refused_in_the_same_words_everywhere(town):
    for command in ('/task add "A" hours:0.1', '/workload give hours:0.1 "A"', '/workload role add "A" @ben hours:0.1'):
        assert "Enter at least a quarter of an hour (0.25)." in town.types("ana", command)
    for command in ('/task add "A" hours:1,500', '/workload give hours:1,500 "A"'):
        assert "“1,500” could mean `1500` or `1.5`." in town.types("ana", command)
    assert count(town, Task) == 0


def test_dates_in_refusals_look_like_all_others(town):
    answer = town.types("ana", '/workload give hours:3 "A" on:2026-12-10')
    assert "Thu, Dec 10, 2026 is in the future." in answer
    answer = town.types("ana", '/task add "A" due:2026-11-01')
    assert "“2026-11-01” is in the past. Type a date to come, such as `tomorrow`" in answer


def test_a_new_task_says_what_was_understood(town):
    answer = town.types("ana", '/task add "Draft the MOU" due:friday hours:6')
    assert "has no owner yet" in answer
    assert "Due Fri, Dec 4, 2026 · about 6 h" in answer
    assert "Due Fri, Dec 4, 2026 · about 6 h" in town.types("ana", '/task add "Print it" @ben due:friday hours:6')


def test_a_date_and_an_effort_at_the_end_of_a_title_are_asked_about(town):
    answer = town.types("ana", "/task add Draft the coach contract by friday 6h @ben")
    assert "“by friday 6h” may belong to the title, or mean due friday, 6h of work. Which one do you mean?" in answer
    assert count(town, Task) == 0
    answer = chooses(town, "Due friday, 6h of work")
    assert "*#1 Draft the coach contract* is offered to Ben Ortiz" in answer
    assert "Due Fri, Dec 4, 2026 · about 6 h" in answer
    town.types("ana", "/task add Draft the coach contract by friday 6h")
    assert "*#2 Draft the coach contract by friday 6h*" in chooses(town, "It is part of the title")
