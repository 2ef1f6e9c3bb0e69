"""People who leave while they are still in Slack, or are removed, and what becomes of what they had."""

import json

import pytest
from sqlalchemy import select

from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import Departure, Seat, TaskState
from tests.journeys.steps import COUNCIL, makes_board, plans, sends, told
from tests.town import text_of


def member(town, name):
    with town.bot.db.read() as session:
        return session.scalar(select(Member).where(Member.name.startswith(name)))


def has_left(town, name):
    return member(town, name).left_at is not None


def stored_tasks(town):
    with town.bot.db.read() as session:
        return list(session.scalars(select(Task).order_by(Task.number)))


def gives_tasks(town, user, count):
    """Let somebody take this many tasks that Cleo added."""
    for number in range(1, count + 1):
        town.types("cleo", f'/task add "Part {number}" due:2026-12-{9 + number} hours:2')
        town.types(user, f"/task take {number}")


def removes(town, user="finn", by="ana"):
    """Remove a person after reading what they have. Return the form and the answer.

    Whoever represents Oak first hands the seat to Gus, which they confirm themselves.
    """
    if member(town, user.capitalize()).seat is not Seat.MEMBER:
        town.places("gus", "Oak representative", user)
    form = town.types(by, f"/consortium remove @{user}")
    submitted = town.fills(by)
    town.settle()
    return form, submitted, text_of(town.private_answer(by))


# leaving -----------------------------------------------------------------------------------------------


def test_a_person_leaves_after_reading_what_becomes_of_what_they_have(town):
    gives_tasks(town, "finn", 2)
    town.types("ana", '/workload role add "Secretary" @finn hours:2')
    town.proposes("Share a calendar", "finn")
    form = town.types("finn", "/consortium leave")
    for line in (
        "You leave the consortium.",
        "Oak Valley loses its representative. Positions taken for it stay.",
        "2 open tasks lose their owner, and say whose they were.",
        "*Secretary* becomes free.",
        "#3 goes on. Facilitators can withdraw it.",
        "Votes and answers stay and are counted, also sealed ones.",
    ):
        assert line in form
    assert not has_left(town, "Finn"), "nothing has changed yet"
    assert town.fills("finn")["closed"]
    assert "You have left Northern Valleys" in text_of(town.private_answer("finn"))
    town.settle()
    assert has_left(town, "Finn")
    assert "Finn" not in town.types("ben", "/consortium who")
    (news,) = told(town, "ana", "has left")
    assert "Finn Abernathy of Oak Valley has left the consortium. Their history is kept." in news
    assert "*Oak Valley has no representative now.*" in news
    assert "*Secretary* is free now." in news and "[Who could follow?]" in news
    assert "2 tasks of Finn Abernathy have no owner now." in news
    assert "is for members of the consortium" in town.types("finn", "/task")
    assert "is for members of the consortium" in town.types("finn", "/consortium leave")


def test_whoever_leaves_reads_of_meetings_polls_and_offers_too(town):
    plans(town, f"{COUNCIL} notes:@gus", "gus")
    town.types("gus", '/meeting add "Budget draft"')
    town.types("gus", '/vote "Which week?" "12 Jan" "19 Jan"')
    town.types("gus", '/task add "Call the printer" @ben')
    town.types("ana", '/task add "Book the bus" @gus')
    for form in (town.types("gus", "/consortium leave"), town.types("ana", "/consortium remove @gus")):
        for line in (
            "*Council* has no chair then.",
            "1 meeting needs somebody else for the minutes.",
            "1 agenda item stays on its agenda.",
            "#1 stays open until its closing time. Facilitators can close it earlier.",
            "1 offer of a task ends, and whoever made it is told.",
            "1 offer to others still waits for an answer.",
        ):
            assert line in form, line


def test_what_belongs_to_a_private_meeting_is_shown_to_those_who_see_it(town):
    makes_board(town, "gus", "finn")
    plans(town, f"{COUNCIL} chair:@gus", "gus", "board")
    assert "*Council* has no chair then." in town.types("gus", "/consortium leave")
    assert "chair" not in town.types("ana", "/consortium remove @gus")


def test_who_made_a_private_proposal_is_shown_to_those_who_may_see_it(town):
    makes_board(town, "finn", "gus", "ana")
    town.types("gus", '/propose now "Close the Elm school"', "board")
    town.settle()
    assert "#1 goes on. Facilitators in its private channel can withdraw it." in town.types("gus", "/consortium leave")
    town.closes_forms("gus")
    assert "#1 goes on." in town.types("ana", "/consortium remove @gus")
    town.closes_forms("ana")
    town.types("ana", "/consortium facilitator @dov")
    form = town.types("dov", "/consortium remove @gus")
    assert "*Gus Whitehorse* leaves the consortium" in form and "#1" not in form


def test_who_has_left_stays_away_until_they_join_again(town):
    town.types("gus", "/consortium leave")
    assert town.fills("gus")["closed"]
    town.call("people", user="gus", real_name="Gus Redfeather")
    town.waits("P2D")
    assert has_left(town, "Gus"), "a change of the profile, or the daily check, is no return"
    assert "You have asked to join Oak Valley" in town.types("gus", "/consortium join Oak")
    town.settle()
    asked = [m for m in town.direct("finn") if "asks to join" in text_of(m)][-1]
    town.presses("finn", "Confirm", asked, channel="@finn")
    assert not has_left(town, "Gus")


def test_the_last_facilitator_cannot_leave_or_be_removed(town):
    for command in ("/consortium leave", "/consortium remove @ana"):
        assert "You are the only facilitator, so you cannot leave yet." in town.types("ana", command)
    town.types("ana", "/consortium facilitator @ben")
    assert "You leave the consortium." in town.types("ana", "/consortium leave")
    town.types("ben", "/consortium facilitator remove @ben")
    town.fills("ana")
    assert "You are the only facilitator" in text_of(town.views("ana")[-1])
    assert not has_left(town, "Ana"), "the form was open while the other one gave the role back"


def test_two_facilitators_who_leave_at_once_leave_one_behind(town):
    town.types("ana", "/consortium facilitator @ben")
    town.types("ana", "/consortium leave")
    town.types("ben", "/consortium leave")
    town.fills("ana")
    town.fills("ben")
    assert has_left(town, "Ana") is not has_left(town, "Ben")


def test_the_only_one_of_an_agency_reads_that_nobody_is_left(town):
    town.types("gus", "/consortium leave")
    town.fills("gus")
    form = town.types("finn", "/consortium leave")
    assert "Oak Valley then has nobody. It stays in what is open now" in form
    assert "can name somebody else" not in form
    town.fills("finn")
    town.waits("P1D")  # she has heard of Gus today
    (news,) = told(town, "ana", "Finn Abernathy of Oak Valley has left")
    assert "Nobody belongs to Oak Valley now, so it has no voice in new decisions." in news
    assert "Name one" not in news


def test_an_agency_that_has_ended_loses_nothing_by_who_leaves(town):
    town.types("ana", '/consortium agency end "Oak Valley"')
    town.presses("ana", "End it", town.private_answer("ana"))
    form = town.types("finn", "/consortium leave")
    assert "You leave the consortium." in form and "Oak Valley" not in form
    town.closes_forms("finn")
    assert town.places("finn", "Elm member") is None
    assert not told(town, "ana", "Oak Valley has no representative now")
    assert not told(town, "finn", "speak for it")


# removing ----------------------------------------------------------------------------------------------


def test_a_facilitator_removes_a_person_who_is_told_and_sees_the_tasks_at_once(town):
    gives_tasks(town, "finn", 12)
    form, submitted, answer = removes(town)
    assert "*Finn Abernathy* leaves the consortium, and is told." in form
    assert "12 open tasks lose their owner" in form
    assert submitted["closed"] and has_left(town, "Finn")
    assert member(town, "Finn").departure is Departure.REMOVED
    assert "Finn Abernathy no longer belongs to Northern Valleys" in answer
    assert "12 tasks of Finn Abernathy have no owner now." in answer
    assert "[Give all to …] [One by one] [Drop all]" in answer
    (said,) = told(town, "finn", "has removed you")
    assert "Ana Reyes has removed you from Northern Valleys." in said and "[Join an agency]" in said
    assert not told(town, "ana", "have no owner now"), "she has just seen them"
    town.waits("P1D")
    assert not told(town, "finn", "Part 1"), "no reminders any more"


def test_only_a_facilitator_removes_others_and_outsiders_are_refused(town):
    assert "Only a facilitator can do this. You can ask Ana Reyes." in town.types("ben", "/consortium remove @finn")
    assert "Only a facilitator" in town.types("ben", "/consortium remove")
    for command in ("/consortium leave", "/consortium remove @finn"):
        assert "is for members of the consortium" in town.types("dov", command)
    town.types("ana", "/consortium facilitator @ben")
    town.types("ben", "/consortium remove @gus")
    town.types("ana", "/consortium facilitator remove @ben")
    town.fills("ben")
    assert not has_left(town, "Gus"), "who is no facilitator any more removes nobody"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "remove @dov",
            "does not belong to the consortium, so there is nothing to remove. `/consortium who` lists who",
        ),
        ("remove @nobody", "I do not know anyone called"),
        ("remove @finn @gus", "I did not understand “Gus Whitehorse”"),
        ("remove @finn soon", "soon"),
        ("leave now", "but not “now”, so nothing has changed"),
    ],
)
def test_bad_input_is_answered(town, typed, said):
    assert said in town.types("ana", f"/consortium {typed}")
    assert not has_left(town, "Finn")


def test_a_person_is_removed_from_the_overview(town):
    town.types("ana", "/consortium")
    assert "<Person>" in town.presses("ana", "Remove a person", town.private_answer("ana"))
    assert town.fills("ana", person="dov")["errors"]["person"].startswith("Dov")
    town.fills("ana", person="gus")
    assert "*Gus Whitehorse* leaves the consortium" in text_of(town.views("ana")[-1])
    assert town.fills("ana")["closed"]
    assert has_left(town, "Gus")


def test_a_person_who_was_removed_twice_is_removed_once(town):
    town.types("ana", "/consortium facilitator @ben")
    town.types("ana", "/consortium remove @gus")
    town.types("ben", "/consortium remove @gus")
    town.fills("ana")
    town.fills("ben")
    assert len(told(town, "gus", "has removed you")) == 1
    assert "Gus Whitehorse does not belong to the consortium" in town.types("ana", "/consortium remove @gus")


def test_removing_a_representative_does_not_give_away_the_voice_of_the_agency(town):
    town.proposes()
    town.types("finn", "/vote 1 block Not yet")
    said = town.types("ana", "/consortium remove @finn")
    assert "Finn Abernathy speaks for Oak Valley, and Oak Valley has to confirm that this changes." in said
    assert not has_left(town, "Finn")
    removes(town)
    assert "1 blocks" in text_of(town.message("#1")), "the position stays with the agency"
    said = town.types("ana", "/consortium member @dov Oak representative")
    assert "Someone from Oak Valley has to confirm that Dov Lindqvist takes over." in said


def test_a_form_that_was_opened_before_the_person_got_a_seat_removes_nobody(town):
    opened = town.types("ana", "/consortium remove @gus")
    assert "Gus Whitehorse" in opened
    town.types("finn", "/consortium leave")
    town.fills("finn")
    refused = str(town.fills("ana")) + text_of(town.views("ana")[-1] if town.views("ana") else {})
    assert not has_left(town, "Gus Whitehorse"), refused
    assert "Oak Valley has to confirm that this changes" in refused


def test_where_nobody_is_named_nobody_who_speaks_is_removed_without_the_word_of_the_agency(town):
    town.types("ana", "/consortium remove @gus")
    town.types("finn", "/consortium leave")
    town.fills("finn")
    town.fills("ana")
    assert not has_left(town, "Gus"), "the form was open before Gus spoke for Oak"
    town.closes_forms("ana")
    said = town.types("ana", "/consortium remove @gus")
    assert "Gus Whitehorse speaks for Oak Valley, and Oak Valley has to confirm that this changes." in said
    assert "Nobody is named there, so all its people speak." in said
    town.types("ana", "/consortium member @hana Oak member")
    town.places("hana", "Oak representative", "gus")
    removes(town, "gus")
    assert has_left(town, "Gus")


def test_who_was_removed_comes_back_only_if_somebody_confirms_it(town):
    town.types("ana", '/consortium agency add "Pine" domain:dov.example')
    town.call("people", user="gus", email="gus@dov.example")
    town.settle()
    assert "you have joined it" in town.types("gus", "/consortium join Pine")
    removes(town, "gus")
    assert "You have asked to join Pine" in town.types("gus", "/consortium join Pine")


def test_sealed_votes_of_somebody_who_leaves_are_counted(town):
    town.asks('/vote "Move the office?" "To Elm" "To Oak" anonymous')
    for user in ("ana", "ben", "cleo", "finn", "gus"):
        town.types(user, "/vote 1 To Oak")
    removes(town)
    town.types("ana", "/vote close 1")
    town.settle()
    assert "5 people voted, and “To Oak” came first." in text_of(town.message("#1"))


# the tasks they leave ----------------------------------------------------------------------------------


def left_list(town, user):
    """Return the message with the tasks that somebody left."""
    return [m for m in town.direct(user) if "no owner now" in text_of(m)][-1]


def in_window(town, user, action_id, value=None):
    """Press or choose something in the top form."""
    where = {"view_id": town.views(user)[-1]["id"], "action_id": action_id}
    pressed = town.call("act", user=user, **where, **({"value": value} if value else {}))
    assert pressed["ok"] and not pressed.get("failed"), pressed
    town.settle()


def leaves_tasks(town, count=12):
    gives_tasks(town, "gus", count)
    town.types("gus", "/consortium leave")
    town.fills("gus")
    town.settle()


def test_facilitators_and_the_agencys_representative_get_the_list(town):
    leaves_tasks(town)
    for user in ("ana", "finn"):
        shown = text_of(left_list(town, user))
        assert "*12 tasks of Gus Whitehorse have no owner now.*" in shown
        assert "• *#1 Part 1* · due Thu, Dec 10, 2026 · about 2 h." in shown
        assert "and 2 more" in shown
        assert "[Give all to …] [One by one] [Drop all]" in shown
    for user in ("ben", "cleo", "gus"):
        assert not told(town, user, "tasks of Gus Whitehorse have no owner now")
    assert "no owner now (was Gus Whitehorse's)" in town.types("ben", "/task all")


def test_all_of_them_are_given_to_one_person_who_can_say_no(town):
    leaves_tasks(town)
    form = town.presses("finn", "Give all to …", left_list(town, "finn"), channel="@finn")
    assert "12 tasks of Gus Whitehorse have no owner now." in form
    assert town.fills("finn", person="dov")["errors"]["person"].startswith("Dov")
    town.closes_forms("finn")
    town.presses("finn", "Give all to …", left_list(town, "finn"), channel="@finn")
    assert town.fills("finn", person="cleo")["closed"]
    town.settle()
    assert told(town, "finn", "Cleo Marchetti is asked to take 12 tasks that were Gus Whitehorse's.")
    assert {task.offered_to for task in stored_tasks(town)} == {member(town, "Cleo").id}
    town.waits("P3D")
    (offers,) = told(town, "cleo", "asks if you can take *#12 Part 12*")
    assert "asks if you can take *#1 Part 1*" in offers
    town.types("cleo", "/task take 3")
    assert "Gus" not in town.types("cleo", "/task 3")


def test_they_are_given_on_one_by_one_in_a_window(town):
    leaves_tasks(town)
    window = town.presses("finn", "One by one", left_list(town, "finn"), channel="@finn")
    assert "*#1 Part 1*" in window and "*#10 Part 10*" in window and "*#11" not in window
    in_window(town, "finn", "task.left.ask.1", "cleo")
    in_window(town, "finn", "task.left.unneeded.2")
    shown = text_of(town.views("finn")[-1])
    assert "*#1 Part 1*\nno owner now (was Gus Whitehorse's) · offered to Cleo Marchetti" in shown
    assert "*#2 Part 2*" not in shown and "*#11 Part 11*" in shown
    town.presses_in_form("finn", "More")
    assert "*#12 Part 12*" in text_of(town.views("finn")[-1])
    assert [task.state for task in stored_tasks(town)].count(TaskState.DROPPED) == 1


def test_all_of_them_are_dropped_and_can_be_reopened(town):
    leaves_tasks(town)
    message = left_list(town, "ana")
    assert '"confirm"' in json.dumps(message)
    town.presses("ana", "Drop all", message, channel="@ana")
    assert told(town, "ana", "12 tasks that were Gus Whitehorse's are dropped: #1, #2,")
    assert "has a new owner, or is done or dropped" in town.presses(
        "finn", "Drop all", left_list(town, "finn"), channel="@finn"
    ) or told(town, "finn", "has a new owner, or is done or dropped")
    assert "is open again" in town.types("cleo", "/task reopen 1")
    assert "was Gus Whitehorse's" in town.types("cleo", "/task 1")


def test_only_facilitators_and_the_agencys_representative_give_them_on(town):
    leaves_tasks(town, 1)
    former = member(town, "Gus").id
    for user, said in (("ben", "Only a facilitator, or whoever speaks for their agency"), ("dov", "is for members")):
        assert said in sends(town, user, "task.left.drop", str(former))
    assert "Only its creator, a facilitator, or whoever speaks for the agency of Gus" in town.types(
        "ben", "/task drop 1"
    )
    assert "is dropped" in town.types("finn", "/task drop 1"), "Finn speaks for the agency of Gus"


# what they proposed ------------------------------------------------------------------------------------


def test_facilitators_withdraw_the_proposal_of_an_author_who_has_left_and_nobody_else_does(town):
    town.proposes("Share a calendar", "finn")
    assert "Only its author can withdraw proposal 1." in town.types("ana", "/propose withdraw 1")
    assert "[Withdraw]" not in town.types("ana", "/propose show 1")
    town.closes_forms("ana")
    removes(town)
    assert "Finn Abernathy, who made it, has left. Only a facilitator" in town.types("ben", "/propose withdraw 1")
    assert "is for members of the consortium" in town.types("dov", "/propose withdraw 1")
    assert "[Withdraw]" in town.types("ana", "/propose show 1")
    town.closes_forms("ana")
    assert "#1 is withdrawn." in town.types("ana", "/propose withdraw 1")
    town.settle()
    assert "Withdrawn by Ana Reyes" in text_of(town.message("#1"))
    said = town.thread(town.message("#1"))
    assert any("Finn Abernathy, who made it, has left the consortium." in text for text in said)
