"""What the bot says by itself: together, outside quiet hours, once, and not when it is done already."""

from tests.town import element_of, text_of


def two_things_are_due(town):
    """Propose twice on Monday at nine, closing on Wednesday at ten: reminders fall due on Tuesday at ten."""
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.proposes("Share the bus", more="closes:2026-12-02 10:00")
    town.waits("P1DT2H")


def test_what_falls_due_together_comes_as_one_message(town):
    two_things_are_due(town)
    (message,) = town.direct("cleo")
    said = text_of(message)
    assert said.startswith("*2 things for you.*")
    assert "*#1 Adopt the calendar*" in said
    assert "*#2 Share the bus*" in said
    assert message["text"].startswith("2 things for you. Birch Schools has not been heard yet on #1")


def test_settling_one_matter_leaves_the_other_with_its_buttons(town):
    two_things_are_due(town)
    town.presses("cleo", "Agree", town.direct("cleo")[0], "@cleo")
    (message,) = town.direct("cleo")
    said = text_of(message)
    assert "Your position on #1" in said or "#1" in said
    assert "has not been heard yet on *#1" not in said
    assert "has not been heard yet on *#2 Share the bus*" in said
    town.presses("cleo", "Agree", message, "@cleo")
    said = text_of(town.direct("cleo")[0])
    assert "has not been heard yet" not in said
    assert "[Agree]" not in said
    for title in ("Adopt the calendar", "Share the bus"):
        assert "1 agree" in text_of(town.message(title))


def test_a_reason_given_from_a_message_with_two_matters_leaves_the_other_alone(town):
    two_things_are_due(town)
    town.presses("cleo", "With reservations", town.direct("cleo")[0], "@cleo")
    town.fills("cleo", reason="The May window collides with our exams.")
    assert "has not been heard yet on *#2 Share the bus*" in text_of(town.direct("cleo")[0])
    assert "1 with reservations" in text_of(town.message("Adopt the calendar"))


def test_what_is_done_already_is_not_said(town):
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.presses("cleo", "Agree", town.message("Adopt the calendar"))
    town.waits("P1DT2H")
    assert town.direct("cleo") == []
    assert len(town.direct("finn")) == 1


def test_a_second_thing_on_a_day_waits_for_the_morning(town):
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.proposes("Share the bus", more="closes:2026-12-02 15:00")
    town.waits("P1DT8H")
    assert len(town.direct("cleo")) == 1
    town.waits("PT17H")
    first, second = town.direct("cleo")
    assert "#1" in text_of(first)
    assert "#2" in text_of(second)


def test_whoever_wants_it_hears_of_each_thing_as_it_comes(town):
    assert "right away" in town.types("cleo", "/consortium reminders at once")
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.proposes("Share the bus", more="closes:2026-12-02 15:00")
    town.waits("P1DT8H")
    assert len(town.direct("cleo")) == 2
    assert "one message a day" in town.types("cleo", "/consortium reminders together")


def test_the_pulse_takes_along_what_waits(town):
    town.types("ana", "/pulse schedule tuesday 11:00")
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.waits("P1DT4H")
    (message,) = town.direct("eva")
    said = text_of(message)
    assert "questions about how we work together" in said
    assert "*#1 Adopt the calendar*" in said
    # the buttons of both matters work from there
    town.presses("eva", "Skip this round", message, "@eva")
    said = text_of(town.direct("eva")[0])
    assert "Passed over" in said
    assert element_of(town.direct("eva")[0], "Agree")


def test_who_is_away_is_left_in_peace_and_told_on_coming_back(town):
    town.types("cleo", "/consortium away until 2026-12-20")
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.waits("P1DT2H")
    assert town.direct("cleo") == []
    assert len(town.direct("eva")) == 1
    assert "Welcome back" in town.types("cleo", "/consortium back")
    town.settle()
    assert len(town.direct("cleo")) in (0, 1)


def test_who_comes_back_sooner_than_said_before_is_told_sooner(town):
    town.types("cleo", "/consortium away until 2026-12-20")
    town.types("ana", '/task add "Draft the MOU" @cleo')
    town.waits("PT3H")
    assert town.direct("cleo") == []
    town.types("cleo", "/consortium away until 2026-12-04 9:00")
    town.waits("P4D")
    (message,) = town.direct("cleo")
    assert "Draft the MOU" in text_of(message)


def test_a_reminder_for_what_closed_while_somebody_was_away_is_not_made_up_for(town):
    town.types("cleo", "/consortium away until 2026-12-04 12:00")
    town.proposes("Adopt the calendar", more="closes:2026-12-02 10:00")
    town.waits("P7D")
    assert town.direct("cleo") == []


def test_how_often_one_is_told_things_is_explained_and_outsiders_are_refused(town):
    assert "one message a day" in town.types("cleo", "/consortium reminders sometimes")
    assert "Only people of the consortium" in town.types("dov", "/consortium reminders at once")
