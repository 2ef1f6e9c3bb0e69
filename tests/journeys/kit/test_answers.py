"""Answers reach people even after a form was open for long, and while Slack does not answer."""

import pytest

from tests.town import text_of


def test_a_form_that_was_open_for_longer_than_slack_takes_answers_shows_the_result_itself(town):
    town.types("ana", "/task new")
    town.waits("PT61M")
    assert not town.fills("ana", title="Book the room")["closed"]
    assert "Book the room" in text_of(town.views("ana")[-1])
    assert "Book the room" in town.types("ana", "/task all")


def test_a_form_that_is_submitted_soon_answers_where_it_was_opened(town):
    town.types("ana", "/task new")
    town.waits("PT20M")
    assert town.fills("ana", title="Book the room")["closed"]
    assert "Book the room" in text_of(town.private_answer("ana"))


def test_a_refusal_in_a_form_that_was_open_for_long_is_shown_in_it(town):
    town.types("ana", "/task new")
    town.waits("PT61M")
    assert "title" in town.fills("ana", title=" ")["errors"]


@pytest.mark.parametrize("fault", ["500", "429"])
def test_that_slack_does_not_answer_about_a_person_is_not_our_fault(town, fault):
    town.forgiven |= {"internal_error", "ratelimited"}
    town.call("faults", method="users.info", fault=fault, times=10)
    said = town.types("ana", "/consortium member @hana Oak alternate")
    assert said == "Slack did not answer just now, so nothing has changed. Please try again in a minute."
