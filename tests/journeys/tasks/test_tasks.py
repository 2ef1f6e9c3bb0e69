"""Tasks: adding, offering, taking, changing and finishing them, and lists."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from storage.audit import AuditEntry
from storage.outbox import OutboxMessage
from tests.journeys.tasks.steps import leaves_slack, newest_direct, stored_tasks
from tests.town import element_of, text_of

ADD = '/task add "Draft the MOU" @ben due:2026-12-04 hours:6'


def listed(town, user, command="/task"):
    town.closes_forms(user)
    town.types(user, command)
    return town.private_answer(user)


def told(town, user):
    return text_of(newest_direct(town, user))


def presses_direct(town, user, label):
    """Press a button on the newest direct message; return what it shows afterward."""
    said = town.presses(user, label, newest_direct(town, user), channel=f"@{user}")
    return said or told(town, user)


# offering ----------------------------------------------------------------------------------------------


def test_a_task_is_offered_by_direct_message_and_taken_with_one_button(town):
    said = town.types("ana", ADD)
    offered = "*#1 Draft the MOU* is offered to Ben Ortiz. You will be told the answer."
    assert said == f"{offered}\nDue Fri, Dec 4, 2026 · about 6 h"
    asked = told(town, "ben")
    assert "Ana Reyes (Elm Schools) asks if you can take *#1 Draft the MOU*." in asked
    assert "Due Fri, Dec 4, 2026 · about 6 h" in asked
    assert "You have no work in the next 30 days. With this task: 6 of your 10 h a month." in asked
    assert "[I'll take it] [Not me]" in asked
    assert "*#1 Draft the MOU* is yours now." in presses_direct(town, "ben", "I'll take it")
    assert "Ben Ortiz took *#1 Draft the MOU*." in told(town, "ana")
    assert "You already have #1." in town.types("ben", "/task take 1")
    assert "Yours" in text_of(listed(town, "ben"))


def test_a_person_who_is_asked_can_decline_and_the_task_stays_listed(town):
    town.types("ana", ADD)
    assert "You declined *#1 Draft the MOU*. The person who offered it is told." in presses_direct(
        town, "ben", "Not me"
    )
    news = newest_direct(town, "ana")
    assert "Ben Ortiz declined *#1 Draft the MOU*. It has no owner yet" in text_of(news)
    assert "#1 is not offered to you, so nothing has changed" in town.types("ben", "/task decline 1")
    assert "No owner yet" in text_of(listed(town, "gus"))
    assert "Task 1" in town.presses("ana", "Offer to somebody", news, channel="@ana") or town.views("ana")
    assert town.fills("ana", person="cleo")["closed"]
    assert "asks if you can take *#1" in told(town, "cleo")


def test_only_one_of_two_people_who_take_the_same_task_gets_it(town):
    town.types("ana", '/task add "Book the room"')
    ben, cleo = listed(town, "ben"), listed(town, "cleo")
    assert "is yours now" in town.presses("ben", "I'll take it", ben)
    assert "Ben Ortiz has #1. If you would like to do it, ask Ben Ortiz" in town.presses("cleo", "I'll take it", cleo)
    assert stored_tasks(town)[0].owner_id is not None
    assert "Ben Ortiz took *#1 Book the room*." in told(town, "ana")


def test_only_one_of_six_people_who_take_a_task_at_the_same_time_gets_it(town):
    town.types("ana", '/task add "Book the room"')
    six = ("ana", "ben", "cleo", "eva", "finn", "gus")
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda user: town.types(user, "/task take 1"), six))
    assert sum("is yours now" in one for one in said) == 1, said
    assert sum(" has #1." in one for one in said) == 5, said


def test_an_offer_ends_when_somebody_else_takes_the_task(town):
    town.types("ana", ADD)
    town.settle()
    town.types("cleo", "/task take 1")
    assert "Cleo Marchetti has #1" in presses_direct(town, "ben", "I'll take it")
    assert "You declined" not in town.types("ben", "/task decline 1")


def test_the_owner_keeps_an_offered_task_until_it_is_taken(town):
    town.types("ana", ADD)
    presses_direct(town, "ben", "I'll take it")
    assert "is offered to Cleo Marchetti" in town.types("ben", "/task offer 1 @cleo")
    assert "offered to Cleo Marchetti" in text_of(listed(town, "ben"))
    assert "is already offered to Cleo Marchetti" in town.types("ben", "/task offer 1 @cleo")
    presses_direct(town, "cleo", "Not me")
    town.waits("P2D")
    assert "Cleo Marchetti declined *#1 Draft the MOU*. You still have it." in told(town, "ben")
    town.types("ana", "/task offer 1 @cleo")
    assert "Ben Ortiz has it until you do." in told(town, "cleo")
    presses_direct(town, "cleo", "I'll take it")
    town.waits("P2D")
    assert "Cleo Marchetti took *#1 Draft the MOU*." in told(town, "ben")
    assert "Cleo Marchetti took *#1 Draft the MOU*." in told(town, "ana")


def test_offers_wait_for_the_end_of_quiet_hours_and_arrive_together(town):
    town.waits("PT10H")
    assert "Ben Ortiz will be asked" in town.types("ana", '/task add "Draft the MOU" @ben')
    town.types("ana", '/task add "Book the room" @ben')
    town.types("ana", '/task add "Order lunch" @ben')
    town.types("ana", "/task drop 3")
    town.settle()
    assert not town.direct("ben")
    town.waits("PT14H")
    message = newest_direct(town, "ben")
    assert len(town.direct("ben")) == 1
    assert "*2 things for you.*" in text_of(message)
    assert "#3" not in text_of(message)
    town.presses("ben", "I'll take it", message, channel="@ben")
    left = told(town, "ben")
    assert "*#1 Draft the MOU* is yours now." in left
    assert "asks if you can take *#2 Book the room*" in left


def test_a_person_who_is_away_is_asked_on_return(town):
    town.types("ben", "/consortium away until 2026-12-07")
    assert "Ben Ortiz is away and will be asked" in town.types("ana", ADD)
    town.waits("P2D")
    assert not [m for m in town.direct("ben") if "#1" in text_of(m)]
    town.waits("P7D")
    assert "asks if you can take *#1" in told(town, "ben")


def test_a_task_offered_to_oneself_is_taken_at_once(town):
    assert "is yours now" in town.types("ana", '/task add "Draft the MOU" @ana due:tomorrow')
    assert not town.direct("ana")


# lists and forms ---------------------------------------------------------------------------------------


def test_long_lists_are_paged_with_the_earliest_due_date_first(town):
    for number in range(1, 13):
        town.types("ana", f'/task add "Errand {number}" due:2026-12-{31 - number}')
    first = listed(town, "cleo")
    said = text_of(first)
    assert "12 open" in said and "Page 1 of 2" in said
    assert said.index("#12 Errand 12") < said.index("#3 Errand 3")
    assert "#1 Errand 1\n" not in said and "#2 Errand 2" not in said
    town.presses("cleo", "More", first)
    second = text_of(town.private_answer("cleo"))
    assert "#2 Errand 2" in second and "#1 Errand 1" in second and "Page 2 of 2" in second
    town.presses("cleo", "Back", town.private_answer("cleo"))
    assert "Page 1 of 2" in text_of(town.private_answer("cleo"))


def test_lists_show_own_tasks_the_agencys_tasks_and_all(town):
    town.types("ana", '/task add "One for Ben" @ben')
    presses_direct(town, "ben", "I'll take it")
    town.types("ana", '/task add "One for Cleo" @cleo')
    town.types("ana", '/task add "One for anybody"')
    mine = text_of(listed(town, "cleo"))
    assert "Offered to you" in mine and "One for Cleo" in mine
    assert "No owner yet" in mine and "One for anybody" in mine
    assert "One for Ben" not in mine
    every = text_of(listed(town, "cleo", "/task all"))
    assert all(f"One for {who}" in every for who in ("Ben", "Cleo", "anybody"))
    own = text_of(listed(town, "ana", "/task agency"))
    assert "One for Ben" in own and "One for Cleo" not in own
    assert "[Done]" not in text_of(listed(town, "gus", "/task all"))
    assert "offered to Cleo Marchetti" in text_of(listed(town, "gus", "/task 2"))


def test_two_people_who_change_a_task_at_once_each_change_only_what_they_changed(town):
    town.types("ana", '/task add "Draft the MOU" hours:3')
    town.types("ben", "/task take 1")
    for user in ("ana", "ben"):
        edits(town, user, 1)
    assert town.fills("ben", hours="9")["closed"]
    assert town.fills("ana", title="Draft the agreement")["closed"]
    town.types("ana", "/task 1")
    assert "#1 Draft the agreement" in text_of(town.private_answer("ana"))
    assert "about 9 h" in text_of(town.private_answer("ana"))


def test_a_task_is_created_and_changed_with_forms(town):
    assert "<What needs to be done>" in town.types("ana", "/task new Draft the MOU")
    assert town.fills("ana", person="ben", due="2026-12-04", hours="1.5")["closed"]
    assert "Due Fri, Dec 4, 2026 · about 1.5 h" in told(town, "ben")
    edits(town, "ana", 1)
    answer = town.fills("ana", title="Draft the agreement", due="2026-12-11", hours="2")
    assert answer["closed"], answer
    shown = text_of(town.private_answer("ana"))
    assert "*#1 Draft the agreement* was changed.\nDue Fri, Dec 11, 2026 · about 2 h" in shown


def edits(town, user, number):
    """Open the form that changes a task from its window."""
    shown = listed(town, user, f"/task {number}")
    menu = next(e for block in shown["blocks"] for e in block.get("elements", []) if e.get("type") == "overflow")
    press = {"action_id": menu["action_id"], "value": f"edit|{number}"}
    assert town.call("act", user=user, view_id=shown["id"], **press)["ok"]


def test_a_form_shows_errors_at_the_field(town):
    for user, wrong, field in (
        ("ana", {"due": "2026-11-01"}, "due"),
        ("ana", {"due": "2040-01-01"}, "due"),
        ("ana", {"hours": "0.3"}, "hours"),
        ("ana", {"person": "dov"}, "person"),
    ):
        town.types(user, "/task new Draft the MOU")
        answer = town.fills(user, **wrong)
        assert list(answer["errors"] or {}) == [field], (wrong, answer)
        town.closes_forms(user)
    assert not stored_tasks(town)


# changing ----------------------------------------------------------------------------------------------


def test_only_the_owner_the_creator_and_facilitators_can_change_a_task(town):
    town.types("cleo", '/task add "Draft the MOU" @ben')
    presses_direct(town, "ben", "I'll take it")
    for user, hours, day in (("cleo", 2, "Dec 2"), ("ben", 3, "Dec 3"), ("ana", 3.5, "Dec 4")):
        assert f"is about {hours} h of work" in town.types(user, f"/task hours 1 {hours}")
        assert f", {day}, 2026" in town.types(user, f"/task due 1 2026-12-0{day[-1]}")
    for command in ("/task hours 1 3", "/task due 1 friday", "/task done 1", "/task drop 1", "/task offer 1 @eva"):
        said = town.types("gus", command)
        assert (
            "Only its owner, its creator or a facilitator can change #1. You can ask Ben Ortiz or Cleo Marchetti."
            in said
        ), command
    assert "has no effort anymore" in town.types("ben", "/task hours 1 none")
    assert "has no due date anymore" in town.types("ben", "/task due 1 none")
    assert "*#1 Draft the MOU* is done." in town.types("ben", "/task done 1")
    assert "is done" not in told(town, "cleo"), "it waits, because Cleo has just had a message"
    town.waits("P2D")
    assert "Ben Ortiz: *#1 Draft the MOU* is done." in told(town, "cleo")
    assert "Ana Reyes: *#1 Draft the MOU* has no due date anymore." in told(town, "cleo"), "as it is now"


def test_a_change_to_what_a_task_has_already_changes_nothing_and_tells_nobody(town):
    town.types("ana", '/task add "Draft the MOU" due:2026-12-18 hours:6')
    town.types("ben", "/task take 1")
    for command in ("/task due 1 2026-12-18", "/task hours 1 6"):
        said = town.types("ben", command)
        assert said == "*#1 Draft the MOU* is unchanged.\nDue Fri, Dec 18, 2026 · about 6 h"
    town.waits("P3D")
    assert not [m for m in town.direct("ana") if "Ben Ortiz: *#1" in text_of(m)]


def test_a_task_that_is_done_leaves_the_list_and_can_be_reopened(town):
    town.types("ana", '/task add "Draft the MOU" @ana')
    message = listed(town, "ana")
    town.presses("ana", "Done", message)
    done = town.private_answer("ana")
    assert "is done" in text_of(done) and "You have no tasks" in text_of(done)
    assert "#1 is already done, so nothing has changed. `/task reopen 1`" in town.types("ana", "/task drop 1")
    assert "is open again" in town.presses("ana", "Reopen", done)
    assert "#1 is already open." in town.types("ana", "/task reopen 1")
    assert "is dropped" in town.types("ana", "/task drop 1")


def test_tasks_of_somebody_who_leaves_lose_their_owner_and_say_whose_they_were(town):
    town.types("ana", ADD)
    presses_direct(town, "ben", "I'll take it")
    town.types("cleo", '/task add "Book the room" @ben')
    leaves_slack(town, "ben")
    assert [task.owner_id or task.offered_to for task in stored_tasks(town)] == [None, None]
    assert "Ben Ortiz has left without saying whether they can take *#2 Book the room*. It has no owner yet" in told(
        town, "cleo"
    )
    assert "no owner now (was Ben Ortiz's)" in town.types("gus", "/task 1")
    assert "Ben Ortiz has left Slack" in town.types("ana", "/task offer 1 @ben")
    town.waits("P1D")
    assert "*1 task of Ben Ortiz has no owner now.*" in told(town, "ana")
    town.types("gus", "/task take 1")
    town.types("gus", "/task offer 1 @cleo")
    assert "Ben Ortiz" not in town.types("cleo", "/task 1"), "it is Gus's now"


def test_news_that_no_longer_holds_when_it_is_sent_is_told_as_things_are(town):
    town.waits("PT10H")
    for number in (1, 2):
        town.types("ana", f'/task add "Part {number}"')
        town.types("ben", f"/task take {number}")
    town.types("ben", "/task done 1")
    town.types("ben", "/task reopen 1")
    leaves_slack(town, "ben")
    town.waits("P3D")
    said = "\n".join(text_of(message) for message in town.direct("ana"))
    assert "Ben Ortiz took *#2 Part 2*. It has no owner now and stays on the `/task` list." in said
    assert "*#1 Part 1* is done" not in said


# invalid commands --------------------------------------------------------------------------------------


INVALID = (
    ("negative effort", 'add "A" hours:-3', "at least a quarter"),
    ("no effort", 'add "A" hours:0', "at least a quarter"),
    ("enormous effort", 'add "A" hours:1001', "at most 1,000 hours"),
    ("more digits than a number", 'add "A" hours:999999999999', "could not read"),
    ("a third of an hour", 'add "A" hours:0.3', "steps of a quarter"),
    ("effort in words", 'add "A" hours:six', "could not read “six” as hours"),
    ("effort left empty", 'add "A" hours:', "could not read “” as hours"),
    ("a past day", 'add "A" due:2026-11-01', "is in the past"),
    ("the year 9999", 'add "A" due:9999-12-31', "is not a day in the calendar"),
    ("a far year", 'add "A" due:2040-01-01', "more than three years away"),
    ("an outsider", 'add "A" @dov', "does not belong to the consortium yet"),
    ("nobody", 'add "A" @nobody', "I do not know anyone called"),
    ("two people", 'add "A" @ben @cleo', "only one person"),
    ("everybody here", 'add "A" @here', "I do not know anyone called"),
    ("an endless title", f'add "{"x" * 3000}"', "The title has 3,000 characters"),
    ("no title", 'add ""', "what needs to be done"),
    ("nothing but quotes", '""', "what needs to be done"),
    ("two titles", 'add "A" "B"', "but not “B”"),
    ("a word too many", 'add "A" soon', "but not “soon”"),
    ("only a day", "add due:friday", "what needs to be done"),
    ("a proposal's number", "done 1", "#1 is a proposal, not a task. `/propose show 1`"),
    ("a poll's number", "take 2", "#2 is a poll, not a task. `/vote show 2`"),
    ("a number that is not there", "done 99", "There is no task 99 here"),
    ("no number at all", "99999999999999999999", "I do not understand"),
    ("no number", "done", "For example: `/task done 21`"),
    ("a number in words", "done twenty", "For example: `/task done 21`"),
    ("a number and a word", "done 1 soon", "but not “soon”"),
    ("too many numbers", "done " + " ".join(map(str, range(21))), "at most 20 tasks at once"),
    ("hours without hours", "hours 1", "could not read “” as hours"),
    ("someday", "due 1 someday", "could not read “someday” as a date"),
    ("offered to two", "offer 1 ben cleo", "but not “cleo”"),
    ("a title without quotes", "Draft the MOU", "I do not understand “Draft the MOU”"),
    ("a misspelled subcommand", "don 21", "I do not understand “don 21”. Did you mean `/task done 21`?"),
    ("a misspelled list", "al", "Did you mean `/task all`?"),
    ("a misspelled subcommand before a title", 'ad "A"', 'Did you mean `/task add "A"`?'),
)


def test_invalid_commands_are_answered_privately_with_an_example(town, subtests):
    town.proposes()
    town.asks('/vote "Which day?" "Monday" "Friday"')
    for what, typed, said in INVALID:
        with subtests.test(what):
            answer = town.types("ana", f"/task {typed}")
            assert said in answer
            assert "`/task" in answer
            assert not stored_tasks(town)


def test_effort_is_read_in_quarter_hours_and_minutes(town):
    for typed, shown in (("0.25", "0.25 h"), ("1,5", "1.5 h"), ("90m", "1.5 h"), ("6h", "6 h"), ("1000", "1000 h")):
        town.types("ana", f'/task add "A" hours:{typed}')
        assert stored_tasks(town)[-1].hours == float(shown.split()[0])


def test_the_bot_cannot_be_offered_a_task(town):
    bot = town.sandbox.credentials.bot_user_id
    assert "is an app" in town.types("ana", f'/task add "A" <@{bot}>')


def test_text_that_was_not_understood_can_be_made_a_task(town):
    town.types("ana", "/task Draft the MOU")
    town.presses("ana", "Make it a task", town.private_answer("ana"))
    assert town.fills("ana")["closed"]
    assert stored_tasks(town)[0].title == "Draft the MOU"


def test_a_title_that_begins_like_a_subcommand_is_not_corrected(town):
    assert "Did you mean" not in town.types("ana", "/task order lunch")
    assert "[Make it a task]" in text_of(town.private_answer("ana"))


def test_titles_are_shown_as_plain_text_and_mention_nobody(town):
    town.types("ana", '/task add "<!channel> *bold* & <https://x.example|here>"')
    said = text_of(listed(town, "ben"))
    assert "<!channel>" not in said
    assert "&amp;" in said
    for formula in ("=HYPERLINK(A1)", "+1", "-1+1", "@SUM(1)"):
        town.types("ana", f'/task add "{formula}"')
    assert [task.title for task in stored_tasks(town)][1:] == ["=HYPERLINK(A1)", "+1", "-1+1", "@SUM(1)"], (
        "kept as typed"
    )


def test_outsiders_are_refused_every_command_kindly(town):
    town.types("ana", ADD)
    town.settle()
    for typed in (
        "",
        "all",
        "agency",
        'add "A"',
        "add",
        "new",
        "take 1",
        "done 1",
        "hours 1 3",
        "offer 1 @ben",
        "1",
        "x",
    ):
        assert "is for members of the consortium" in town.types("dov", f"/task {typed}".strip()), typed
    assert len(stored_tasks(town)) == 1


def test_the_audit_records_actions_without_any_text(town):
    assert "`/task add " in town.types("gus", "/task help")
    town.types("ana", ADD)
    presses_direct(town, "ben", "I'll take it")
    town.types("ben", "/task done 1")
    with town.bot.db.read() as session:
        noted = select(AuditEntry).where(AuditEntry.subject == "task 1").order_by(AuditEntry.id)
        deeds = [(a.action, a.subject) for a in session.scalars(noted)]
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) >= 2
    assert deeds == [(deed, "task 1") for deed in ("added", "offered", "took", "done")]


def test_buttons_carry_numbers_only(town):
    town.types("ana", ADD)
    assert element_of(newest_direct(town, "ben"), "I'll take it")["value"] == "1"


def test_a_page_of_the_longest_titles_fits_into_a_message(town):
    for _ in range(11):
        town.types("ana", f'/task add "{"&" * 200}" @ben due:2026-12-04 hours:12.25')
    town.settle()
    for user in ("ana", "ben"):
        assert "11 open" in text_of(listed(town, user))
    assert len(town.direct("ben")) >= 1


def test_home_list_and_message_say_the_same_about_an_offer_and_count_the_others(town):
    town.types("ben", '/task add "Draft the agreement" @ben hours:6')
    town.types("ana", '/task add "Book the room" @ben hours:3')
    town.types("ana", '/task add "Write the report" @ben hours:2')
    town.settle()
    sentence = (
        "You have about 6 h of work in the next 30 days. With this task: 8 of your 10 h a month. With your other open "
        "offers too: 11 h."
    )
    (message,) = [m for m in town.direct("ben") if "asks if you can take *#3" in text_of(m)]
    assert sentence in text_of(message)
    assert sentence in town.types("ben", "/task")
    town.call("home", user="ben")
    town.settle()
    assert sentence in text_of(town.sandbox.home("ben"))


def test_one_command_changes_several_tasks_and_tells_what_became_of_each(town):
    for title in ("Order tests", "Book the room", "Call the bus company"):
        town.types("ana", f'/task add "{title}" @ben')
        town.types("ben", "/task take 1") if title == "Order tests" else None
    town.types("ben", "/task take 2 and 3")
    said = town.types("ben", "/task done 1, 3 9")
    assert "“Order tests” is done" in said or "#1" in said
    assert "There is no task 9" in said
    left = town.types("ben", "/task mine")
    assert "Book the room" in left and "Order tests" not in left and "Call the bus company" not in left
    assert "is for members of the consortium" in town.types("dov", "/task done 1 2")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("list", "/task mine"),
        ("late", "/task mine"),
        ("2 done", "/task done 2"),
        ("finish 2", "/task done 2"),
        ("@ben", "/task all"),
    ],
)
def test_what_is_nearly_a_command_is_offered_as_a_button(town, typed, offered):
    town.types("ana", '/task add "Order tests"')
    assert f"[{offered}]" in town.types("ben", f"/task {typed}")
