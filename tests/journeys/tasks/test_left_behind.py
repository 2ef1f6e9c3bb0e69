"""What somebody leaves behind: who hears of it, who may pass it on, and who is asked about it."""

import pytest
from sqlalchemy import select

from storage.members import Member
from tests.journeys.steps import sends, told
from tests.journeys.tasks.steps import leaves_slack
from tests.town import text_of


def member_id(town, name):
    with town.bot.db.read() as session:
        return session.scalar(select(Member.id).where(Member.name.startswith(name)))


def leaves(town, user):
    town.types(user, "/consortium leave")
    assert town.fills(user)["closed"]
    town.settle()


def has_tasks(town, user, count=1):
    for number in range(1, count + 1):
        town.types("cleo", f'/task add "Part {number}" due:2026-12-16 hours:2')
        town.types(user, f"/task take {number}")


# who speaks for the agency -----------------------------------------------------------------------------


def test_where_nobody_is_named_anymore_every_member_of_the_agency_gets_the_list_and_may_pass_tasks_on(town):
    has_tasks(town, "finn", 2)
    leaves(town, "finn")
    assert told(town, "gus", "2 tasks of Finn Abernathy have no owner now.")
    assert not told(town, "ben", "have no owner now.")
    assert "is done" in town.types("gus", "/task done 1")
    assert "is dropped" in sends(town, "gus", "task.left.drop", str(member_id(town, "Finn")))


def test_the_alternate_gets_the_list_beside_the_representative(town):
    town.places("gus", "Birch member")
    has_tasks(town, "gus")
    leaves(town, "gus")
    town.waits("P3D")  # Cleo has had messages about Gus before, and this one can wait
    for user in ("cleo", "eva"):
        assert told(town, user, "1 task of Gus Whitehorse has no owner now.")


def test_a_plain_colleague_of_who_left_passes_nothing_on_while_somebody_is_named(town):
    town.places("gus", "Birch member")
    has_tasks(town, "eva")
    leaves(town, "eva")
    assert not told(town, "gus", "has no owner now.")
    said = sends(town, "gus", "task.left.drop", str(member_id(town, "Eva")))
    assert "Only a facilitator, or whoever speaks for their agency, can pass on the tasks that somebody left." in said
    assert "can change #1" in town.types("gus", "/task drop 1")
    assert "is dropped" in town.types("cleo", "/task drop 1")


def test_a_refusal_sends_nobody_to_somebody_who_has_left(town):
    town.types("cleo", '/task add "Book the room"')
    leaves_slack(town, "cleo")
    said = town.types("ben", "/task done 1")
    assert "Only its creator or a facilitator can change #1. You can ask Ana Reyes. Nobody has it now" in said
    town.types("ana", "/task drop 1")
    said = town.types("ben", "/task reopen 1")
    assert "You can ask Ana Reyes." in said and "/task take" not in said


# offers of somebody who has left -----------------------------------------------------------------------


@pytest.mark.parametrize("days_here", ["P1D", "P4D"])
def test_who_is_asked_by_somebody_who_has_left_reads_so_and_facilitators_hear_in_the_givers_place(town, days_here):
    town.types("gus", '/task add "Book the room" @eva')
    town.waits(days_here)
    leaves(town, "gus")
    town.waits("P14D")
    (again,) = [t for t in told(town, "eva") if "would still like to know" in t or "You have not answered yet" in t]
    assert ("Gus Whitehorse (Oak Valley) has left the consortium, and had asked if" in again) == (days_here == "P1D")
    (heard,) = told(town, "ana", "has not said whether")
    assert "*#1 Book the room*" in heard and "Gus Whitehorse, who offered it, has left." in heard


def test_facilitators_hear_what_is_answered_to_somebody_who_has_left(town):
    town.types("gus", '/task add "Book the room" @eva')
    town.waits("P1D")
    leaves(town, "gus")
    assert "The person who offered it has left, so facilitators are told." in town.types("eva", "/task decline 1")
    town.waits("P3D")
    assert told(town, "ana", "declined *#1 Book the room*. It has no owner yet")


# one offer over another --------------------------------------------------------------------------------


def test_who_is_asked_first_and_who_asked_first_hear_once_that_somebody_else_is_asked(town):
    has_tasks(town, "gus", 2)
    leaves(town, "gus")
    for user, person in (("finn", "eva"), ("ana", "ben")):
        sent = [m for m in town.direct(user) if "have no owner now" in text_of(m)][-1]
        town.presses(user, "Give all to …", sent, channel=f"@{user}")
        assert town.fills(user, person=person)["closed"]
        town.waits("P2D")
    town.waits("P3D")
    for user in ("eva", "finn"):
        (said,) = told(town, user, "Ana Reyes asked somebody else to take *#1 Part 1*. Ben Ortiz is asked now.")
        assert "Ana Reyes asked somebody else to take *#2 Part 2*." in said
    town.types("eva", "/task take 1")
    town.waits("P3D")
    assert told(town, "ana", "took *#1 Part 1*"), "Ana was promised the answer"
    assert told(town, "ben", "took *#1 Part 1*"), "Ben was asked"


def test_nobody_hears_that_a_question_has_ended_which_they_never_got(town):
    town.waits("PT10H")
    town.types("ana", '/task add "Book the room" @eva')
    town.types("ana", "/task offer 1 @ben")
    town.waits("P3D")
    assert not told(town, "eva", "#1")
