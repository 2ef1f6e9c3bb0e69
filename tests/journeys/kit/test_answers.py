"""Answers reach people even after a form was open for long, and while Slack does not answer."""

import pytest
from sqlalchemy import update

from storage.members import Member
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


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("drop_request", "Slack did not answer just now"),
        ("500", "Slack has trouble just now"),
        ("html", "Slack has trouble just now"),
        ("empty", "Slack has trouble just now"),
        ("429", "Slack asks me to wait a little"),
        ("missing_scope", "I am missing a permission in Slack"),
        ("token_revoked", "Slack does not let me in here"),
        ("team_access_not_granted", "Slack does not let me in here"),
        ("no_permission", "Slack refused this"),
    ],
)
def test_a_refusal_by_slack_is_told_as_what_it_was(town, fault, said):
    town.forgiven |= {"internal_error", "ratelimited", fault}
    town.call("faults", method="users.info", fault=fault, times=10)
    answer = town.types("ana", "/consortium member @hana Oak alternate")
    assert answer.startswith(said) and "nothing has changed" in answer


@pytest.mark.parametrize(
    ("fault", "said"),
    [("expired_trigger_id", "Slack was slow just now"), ("fatal_error", "Slack has trouble just now")],
)
def test_why_a_form_did_not_open_is_told_as_what_it_was(town, fault, said):
    town.forgiven.add(fault)
    town.call("faults", method="views.open", fault=fault, times=1)
    assert town.types("ana", "/task new").startswith(said)


def test_a_form_that_is_refused_stays_filled_with_the_refusal_above_it(town):
    town.types("ana", "/consortium settings")
    town.closes_forms("ana")
    town.types("ben", "/propose Adopt the calendar")
    with town.bot.db.begin() as session:
        session.execute(update(Member).values(left_at=town.now()).where(Member.name.startswith("Ben")))
    answer = town.fills("ben", why="One calendar for all")
    assert not answer["closed"]
    shown = text_of(town.views("ben")[-1])
    assert "is for members of the consortium" in shown and "<Title>" in shown
    assert not town.fills("ben")["closed"]
    assert text_of(town.views("ben")[-1]) == shown, "a second refusal replaces the first one"
    with town.bot.db.begin() as session:
        session.execute(update(Member).values(left_at=None).where(Member.name.startswith("Ben")))
    assert town.fills("ben")["closed"]
    assert "One calendar for all" in text_of(town.message("Adopt the calendar"))
