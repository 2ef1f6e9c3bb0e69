"""Hours as people type them: ranges, clock times without am or pm, and days without an hour."""

import pytest

from storage.meetings import Meeting, Series
from storage.polls import Poll
from tests.journeys.steps import count
from tests.town import text_of


def chooses(town, label):
    """Press a button of Ana's last private answer. Return the answer that takes its place."""
    town.presses("ana", label, town.private_answer("ana"))
    return text_of(town.private_answer("ana"))


def meeting_of(town):
    """Return the length of the only series, and the start of its meeting in Denver."""
    with town.bot.db.read() as session:
        series, meeting = session.query(Series).one(), session.query(Meeting).one()
        return series.length, f"{series.first_day} {series.clock}", meeting.ends_at - meeting.starts_at


@pytest.mark.parametrize(
    ("typed", "begins", "minutes"),
    [
        ("friday 9:00-10:30", "2026-12-04 09:00", 90),
        ("friday 14:00 to 15:00", "2026-12-04 14:00", 60),
        ("friday 9:00 – 10:00 for:1h", "2026-12-04 09:00", 60),
        ("2026-12-04T14:00-05:00", "2026-12-04 12:00", 60),
    ],
)
def test_a_meeting_from_one_hour_to_another_takes_that_long(town, typed, begins, minutes):
    assert "is planned" in town.types("ana", f'/meeting new "Council two" {typed}')
    length, start, _ = meeting_of(town)
    assert (length, start) == (minutes, begins)


def test_hours_that_contradict_the_length_or_each_other_are_refused(town):
    answer = town.types("ana", '/meeting new "Council" friday 9:00-10:30 for:1h')
    assert "From its first to its last hour it takes 90m, and `for:` says 1h." in answer
    assert "does not end after it begins" in town.types("ana", '/meeting new "Council" friday 15:00-14:00')
    assert "members of the consortium" in town.types("dov", '/meeting new "Council" friday 9:00-10:00')
    assert count(town, Series) == 0


def test_a_range_where_one_time_is_needed_is_asked_about(town):
    answer = town.types("ana", '/vote "Which week?" "12 Jan" "19 Jan" closes:friday 9:00-10:00')
    assert "“9:00-10:00” is a range of hours, and here I need one time." in answer
    assert count(town, Poll) == 0
    assert "It closes Fri, Dec 4, 2026, 10:00 AM" in chooses(town, "10:00 AM")


def test_a_time_poll_shows_when_each_range_begins(town):
    answer = town.types("ana", '/vote time "When?" "Tue Dec 22 9:00-10:00" "Wed Dec 23 14:00-15:00"')
    assert "The choices show when each begins." in answer
    town.settle()
    assert "Dec 22, 2026, 9:00 AM MST" in text_of(town.message("#1"))
    assert "Dec 23, 2026, 2:00 PM MST" in text_of(town.message("#1"))


def test_a_clock_time_that_may_be_at_night_is_asked_about(town):
    answer = town.types("ana", '/meeting new "Afternoon" friday 2:00')
    assert "“2:00” could mean 2:00 AM or 2:00 PM. Which one do you mean?" in answer
    assert count(town, Series) == 0
    assert "is planned" in chooses(town, "2:00 PM")
    assert meeting_of(town)[1] == "2026-12-04 14:00"
    closing = town.types("ana", '/vote "Which week?" "12 Jan" "19 Jan" closes:friday 5:00')
    assert "“5:00” could mean 5:00 AM or 5:00 PM" in closing
    assert "5:00 PM" in chooses(town, "5:00 PM")


def test_a_time_poll_asks_for_the_hour_of_a_day(town):
    answer = town.types("ana", '/vote time "When Q3?" "Wednesday" "Friday 9am" closes:1d')
    assert "I understood “Wednesday”, but at what time? Add it, as in `Wednesday 14:00`." in answer
    assert count(town, Poll) == 0
    assert chooses(town, "10:00 AM").startswith("#1 is on its way")
    town.settle()
    assert "Dec 2, 2026, 10:00 AM MST" in text_of(town.message("#1"))


def test_the_forms_of_a_time_poll_ask_for_the_hour_too(town):
    town.types("ana", "/vote new When?")
    answer = town.fills("ana", kind="time", choices="friday 14:00\nmonday", options=["open"])
    assert answer["errors"]["choices"] == "I understood “monday”, but at what time? Add it, as in monday 14:00."
    assert town.fills("ana", kind="time", choices="friday 14:00\ntuesday 9am", closes="2026-12-01T08:00:00-07:00")
    town.settle()
    town.presses("gus", "Add a choice", town.message("#1"))
    assert "at what time?" in town.fills("gus", label="wednesday")["errors"]["label"]
    assert town.fills("gus", label="wednesday 9am")["closed"]


def test_a_meeting_without_an_hour_offers_some_and_keeps_everything_else(town):
    answer = town.types("ana", '/meeting new "Bus group" next friday for:1h notes:@ben')
    assert "could mean Fri, Dec 4, 2026 or Fri, Dec 11, 2026" in answer
    answer = chooses(town, "Fri, Dec 11, 2026")
    assert "but at what time?" in answer
    assert "Ben Ortiz takes the minutes" in chooses(town, "10:00 AM")
    assert meeting_of(town)[:2] == (60, "2026-12-11 10:00")


def test_a_quoted_date_is_a_date(town):
    assert "is planned" in town.types("ana", '/meeting new "Lunch" "friday 12:00"')
    assert meeting_of(town)[1] == "2026-12-04 12:00"
