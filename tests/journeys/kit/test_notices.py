"""Notices as people get them: combined, outside quiet hours, once, and not when the work is done already."""

import pytest
from sqlalchemy import select, update

from storage.members import Member
from storage.notices import Notice
from storage.vocabulary import NoticeKind, NoticeState
from tests.town import element_of, text_of


def two_reminders_are_due(town):
    """Make two proposals that close on Wednesday, and wait for the reminders on Tuesday at 8:00 AM."""
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.proposes("Share the bus", more="closes:2026-12-02 10:00")
    town.waits("P1DT2H")


def test_reminders_that_are_due_together_come_as_one_message(town):
    two_reminders_are_due(town)
    (message,) = town.direct("cleo")
    text = text_of(message)
    assert text.startswith("*2 things for you.*")
    assert "*#1 Adopt the calendar*" in text
    assert "*#2 Share the bus*" in text
    assert message["text"].startswith("2 things for you. Birch Schools has not been heard yet on #1")


def test_settling_one_reminder_leaves_the_other_with_its_buttons(town):
    two_reminders_are_due(town)
    town.presses("cleo", "Agree", town.direct("cleo")[0], "@cleo")
    (message,) = town.direct("cleo")
    text = text_of(message)
    assert "Your position on #1" in text or "#1" in text
    assert "has not been heard yet on *#1" not in text
    assert "has not been heard yet on *#2 Share the bus*" in text
    town.presses("cleo", "Agree", message, "@cleo")
    text = text_of(town.direct("cleo")[0])
    assert "has not been heard yet" not in text
    assert "[Agree]" not in text
    for title in ("Adopt the calendar", "Share the bus"):
        assert "1 agree" in text_of(town.message(title))


def test_a_reason_given_from_a_combined_message_leaves_the_other_reminder_as_it_is(town):
    two_reminders_are_due(town)
    town.presses("cleo", "With reservations", town.direct("cleo")[0], "@cleo")
    town.fills("cleo", reason="The May window collides with our exams.")
    assert "has not been heard yet on *#2 Share the bus*" in text_of(town.direct("cleo")[0])
    assert "1 with reservations" in text_of(town.message("Adopt the calendar"))


def test_people_who_have_voted_get_no_reminder(town):
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.presses("cleo", "Agree", town.message("Adopt the calendar"))
    town.waits("P1DT2H")
    assert town.direct("cleo") == []
    assert len(town.direct("finn")) == 1


def test_a_second_reminder_on_a_day_waits_for_the_next_morning(town):
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.proposes("Share the bus", more="talk:1d closes:2026-12-04 15:00")
    town.waits("P1DT8H")
    assert len(town.direct("cleo")) == 1
    town.waits("PT17H")
    first, second = town.direct("cleo")
    assert "#1" in text_of(first)
    assert "#2" in text_of(second)


def test_whoever_wants_it_hears_of_each_thing_as_it_comes(town):
    assert "right away" in town.types("cleo", "/consortium reminders at once")
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.proposes("Share the bus", more="talk:1d closes:2026-12-04 15:00")
    town.waits("P1DT8H")
    assert len(town.direct("cleo")) == 2
    assert "one message a day" in town.types("cleo", "/consortium reminders together")


def test_the_pulse_comes_together_with_waiting_reminders(town):
    town.types("ana", "/pulse schedule tuesday 11:00")
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.waits("P1DT4H")
    (message,) = town.direct("eva")
    text = text_of(message)
    assert "questions about how we work together" in text
    assert "*#1 Adopt the calendar*" in text
    # the buttons of both parts work
    town.presses("eva", "Skip this round", message, "@eva")
    said = text_of(town.direct("eva")[0])
    assert "Skipped" in said
    assert element_of(town.direct("eva")[0], "Agree")


def test_people_who_are_away_get_reminders_when_they_are_back(town):
    town.types("cleo", "/consortium away until 2026-12-20")
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.waits("P1DT2H")
    assert town.direct("cleo") == []
    assert len(town.direct("eva")) == 1
    assert "Welcome back" in town.types("cleo", "/consortium back")
    town.settle()
    assert len(town.direct("cleo")) in (0, 1)


def test_people_who_return_earlier_get_reminders_earlier(town):
    town.types("cleo", "/consortium away until 2026-12-20")
    town.types("ana", '/task add "Draft the MOU" @cleo')
    town.waits("PT3H")
    assert town.direct("cleo") == []
    town.types("cleo", "/consortium away until 2026-12-04 9:00")
    town.waits("P4D")
    (message,) = town.direct("cleo")
    assert "Draft the MOU" in text_of(message)


def test_a_proposal_that_closed_during_an_absence_causes_no_late_reminder(town):
    town.types("cleo", "/consortium away until 2026-12-04 12:00")
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.waits("P7D")
    assert town.direct("cleo") == []


def test_the_choices_for_reminders_are_explained_and_outsiders_are_refused(town):
    assert "one message a day" in town.types("cleo", "/consortium reminders sometimes")
    assert "is for members of the consortium" in town.types("dov", "/consortium reminders at once")


@pytest.mark.parametrize("has_left", [False, True])
def test_a_notice_that_is_considered_long_before_it_is_due_waits_until_then(town, has_left):
    town.types("cleo", '/task add "Book the room" @ben due:2026-12-20')
    town.settle()
    town.types("ben", "/task take 1")
    with town.bot.db.begin() as session:
        if has_left:
            session.execute(update(Member).where(Member.name.startswith("Ben")).values(left_at=town.now()))
        # as after a clock that was set back
        session.execute(update(Notice).where(Notice.kind == NoticeKind.TASK).values(look_at=town.now()))
    town.waits("PT1M")
    with town.bot.db.read() as session:
        notice = session.scalars(select(Notice).where(Notice.kind == NoticeKind.TASK)).one()
        assert notice.state is (NoticeState.DROPPED if has_left else NoticeState.WAITING)
        assert has_left or notice.look_at == notice.due_at
