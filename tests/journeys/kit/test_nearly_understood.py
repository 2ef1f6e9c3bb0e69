"""Commands that are nearly understood: the nearest command is a button, and nothing has to be typed again."""

import pytest

from storage.agencies import Agency
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.polls import Poll
from storage.tasks import Task
from tests.journeys.steps import count
from tests.town import text_of


def chooses(town, label, user="ana"):
    """Press a button of the last private answer. Return the answer or the form that follows."""
    opened = town.presses(user, label, town.private_answer(user))
    return opened if town.views(user) else text_of(town.private_answer(user))


def named(town, table, column):
    with town.bot.db.read() as session:
        return [getattr(row, column) for row in session.query(table)]


def initial(town, user="ana"):
    """Map the inputs of the top form to what they are filled in with."""
    filled = {}
    for block in town.views(user)[-1]["blocks"]:
        element = block.get("element", {})
        for key in ("initial_value", "initial_user", "initial_date"):
            if key in element:
                filled[block["block_id"]] = element[key]
    return filled


# agencies and people -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ('add agency "Ash Schools"', '/consortium agency add "Ash Schools"'),
        ('create agency "Ash Schools"', '/consortium agency add "Ash Schools"'),
        ("new agency Ash Schools", "/consortium agency add Ash Schools"),
        ('agency "Ash Schools"', "Add this agency"),
        ("agency Ash Schools", "Add this agency"),
        ('agency create "Ash Schools"', '/consortium agency add "Ash Schools"'),
        ('agency "Ash Schools" add', '/consortium agency add "Ash Schools"'),
    ],
)
def test_an_agency_is_added_in_any_order_of_words(town, typed, button):
    before = count(town, Agency)
    said = town.types("ana", f"/consortium {typed}")
    assert "Did you mean `/consortium agency add " in said or "Is it a new agency?" in said
    assert count(town, Agency) == before
    chooses(town, button)
    assert named(town, Agency, "name").count("Ash Schools") == 1


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ('rename agency "Oak Valley" "Oak Hill"', '/consortium agency rename "Oak Valley" "Oak Hill"'),
        ('agency "Oak Valley" rename "Oak Hill"', '/consortium agency rename "Oak Valley" "Oak Hill"'),
        ('agency renam "Oak Valley" "Oak Hill"', '/consortium agency rename "Oak Valley" "Oak Hill"'),
        ('rename "Oak Valley" "Oak Hill"', '/consortium agency rename "Oak Valley" "Oak Hill"'),
        ('agency rename "Oak Vally" "Oak Hill"', "Oak Valley"),
    ],
)
def test_an_agency_is_renamed_whatever_was_mistyped(town, typed, button):
    town.types("ana", f"/consortium {typed}")
    assert "Oak Hill" not in named(town, Agency, "name")
    chooses(town, button)
    assert "Oak Hill" in named(town, Agency, "name")


def test_ending_an_agency_asks_first_whatever_it_is_called(town):
    for typed in ('delete agency "Oak Valley"', 'remove agency "Oak Valley"', 'agency "Oak Valley" end'):
        assert "Did you mean `/consortium agency end" in town.types("ana", f"/consortium {typed}"), typed
    assert "Oak Valley" in chooses(town, '/consortium agency end "Oak Valley"')


@pytest.mark.parametrize(
    ("typed", "buttons", "seat"),
    [
        ("add @dov to Pine Valley USD", ["/consortium member"], "member"),
        ("@dov Pine Valley USD alternate", ["/consortium member"], "alternate"),
        ("member @dov to Pine Valley USD as an alternate", [], "alternate"),
        ("member @dov Pine Valley USD rep", ["Representative"], "representative"),
        ('member @dov "Pine Vally USD" alternate', ["Pine Valley USD"], "alternate"),
        ('member @dov "Pine Valley USD" alternat', ["Alternate"], "alternate"),
    ],
)
def test_a_person_comes_to_an_agency_in_any_order_of_words(town, typed, buttons, seat):
    town.types("ana", '/consortium agency add "Pine Valley USD"')
    said = town.types("ana", f"/consortium {typed}")
    for button in buttons:
        assert "Did you mean" in said
        said = chooses(town, button)
    assert "Pine Valley USD" in said and "Dov" in said
    with town.bot.db.read() as session:
        dov = session.query(Member).filter(Member.name.startswith("Dov")).one()
        assert session.get_one(Agency, dov.agency_id).name == "Pine Valley USD"
        assert dov.seat.value == seat


def test_who_facilitates_is_said_in_any_order_of_words(town):
    assert "Did you mean `/consortium facilitator`" in town.types("ana", "/consortium make @ben a facilitator")
    assert "Ben Ortiz is now a facilitator" in chooses(town, "/consortium facilitator")
    assert "Did you mean" in town.types("ana", "/consortium remove facilitator @ben")
    assert "no longer a facilitator" in chooses(town, "/consortium facilitator remove")


# days and hours ----------------------------------------------------------------------------------------


def test_a_mistyped_date_is_offered_as_it_is_spelled(town):
    assert "Did you mean `friday`?" in town.types("ana", '/task add "Book the bus" due:frday')
    assert count(town, Task) == 0
    assert "Fri, Dec 4" in chooses(town, "friday")
    assert "Did you mean `tomorrow`?" in town.types("ana", "/task due 1 tomorow")
    assert "Tue, Dec 1" in chooses(town, "tomorrow")
    answer = town.types("ana", '/vote "Which week?" "12 Jan" "19 Jan" closes:wensday 17:00')
    assert "Did you mean `wednesday 17:00`?" in answer
    assert "Wed, Dec 2" in chooses(town, "wednesday 17:00")


def test_a_mistyped_closed_day_is_offered_as_it_is_spelled(town):
    answer = town.types("ana", '/consortium agency holidays "Oak Valley" frday')
    assert "I could not read “frday” as days. Did you mean `friday`?" in answer
    assert "Oak Valley" in chooses(town, "friday")
    assert "Dec 4" in text_of(town.private_answer("ana"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/workload show people", "/workload people"),
        ("/workload my hours", "/workload hours"),
        ("/meeting write minutes", "/meeting minutes"),
        ("/meeting please show the agenda", "/meeting agenda"),
        ('/workload add role "Chair" hours:2', '/workload role add "Chair" hours:2'),
    ],
)
def test_a_verb_before_a_command_is_left_out(town, typed, meant):
    town.types("ana", typed)
    assert f"[{meant}]" in text_of(town.private_answer("ana"))


def test_a_meeting_without_its_first_word_is_planned(town):
    assert "Did you mean `/meeting new tomorrow 10am`?" in town.types("ana", "/meeting tomorrow 10am")
    chooses(town, "Plan a meeting")
    assert town.fills("ana", title="Budget")["closed"]
    with town.bot.db.read() as session:
        assert f"{session.query(Series).one().first_day} {session.query(Series).one().clock}" == "2026-12-01 10:00"
    town.types("ana", '/meeting "Council" saturday 10')
    town.presses("ana", "Plan a meeting", town.private_answer("ana"))
    assert "“10” could mean 10:00 AM or 10:00 PM" in text_of(town.private_answer("ana"))
    assert "is planned" in chooses(town, "10:00 AM")
    assert count(town, Meeting) == 2


def test_a_day_alone_may_be_a_new_meeting_or_an_agenda(town):
    town.types("ana", '/meeting new "Council" friday 14:00')
    town.types("ana", "/meeting friday")
    assert "Council" in chooses(town, "Show the agenda")


# votes -------------------------------------------------------------------------------------------------


def test_choices_without_quotes_are_asked_with_their_own_words(town):
    answer = town.types("ana", '/vote "Which day suits?" Tuesday Thursday')
    assert "but not “Tuesday Thursday”. Are “Tuesday” and “Thursday” its choices?" in answer
    assert count(town, Poll) == 0
    assert chooses(town, "Ask it with these choices").startswith("#1 is on its way")
    town.settle()
    assert "Thursday" in text_of(town.message("#1"))
    assert "Are “12 Jan” and “19 Jan” its choices" in town.types("ana", '/vote "Which?" 12 Jan, 19 Jan closes:2d')
    assert chooses(town, "Ask it with these choices").startswith("#2 is on its way")
    assert "Put each choice in quotes" in town.types("ana", '/vote "Which?" 12 Jan 19 Jan')
    assert "Did you mean `anonymous`?" in town.types("ana", '/vote "Which?" "A" "B" anonymus')
    assert chooses(town, "Ask it with anonymous").startswith("#3 is on its way")


@pytest.mark.parametrize("typed", ["yes", "Agree!", "agre", "yes to the bus", "block too early"])
def test_a_position_without_a_number_lists_what_is_waiting(town, typed):
    town.proposes()
    answer = town.types("ben", f"/vote {typed}")
    assert f"I do not know what “{typed}” is an answer to." in answer
    assert "#1" in answer and "[Agree]" in answer and "[Block]" in answer
    assert "Agree" in town.presses("ben", "Agree", town.private_answer("ben"))


def test_a_position_where_several_things_or_nothing_waits_is_no_question(town):
    assert "You're up to date" in town.types("ben", "/vote yes")
    town.proposes()
    town.asks('/vote "Which day?" "Monday" "Friday"')
    answer = town.types("ben", "/vote yes")
    assert "#1" in answer and "#2" in answer and "[Monday]" in answer and "Make it a poll" not in answer
    assert "members of the consortium" in town.types("dov", "/vote yes")


@pytest.mark.parametrize(
    ("typed", "question", "choices"),
    [
        ("Which day suits? Tuesday, Thursday", "Which day suits?", "Tuesday\nThursday"),
        ("Which day suits? Tuesday Thursday", "Which day suits?", "Tuesday\nThursday"),
        ("Which day suits? the 3rd or the 4th", "Which day suits?", "the 3rd\nthe 4th"),
        ("Which day suits?", "Which day suits?", None),
        ('new "Which day?" "Monday" "Friday"', "Which day?", "Monday\nFriday"),
    ],
)
def test_a_question_and_its_choices_go_into_their_own_fields(town, typed, question, choices):
    town.types("ana", f"/vote {typed}")
    if not town.views("ana"):
        chooses(town, "Make it a poll")
    assert initial(town)["question"] == question
    assert initial(town).get("choices") == choices


# tasks -------------------------------------------------------------------------------------------------


def only_task(town):
    with town.bot.db.read() as session:
        task = session.query(Task).one()
        offered = session.get(Member, task.offered_to) if task.offered_to else None
        return task.title, offered.name if offered else None, str(task.due_on), task.hours


@pytest.mark.parametrize(
    ("typed", "button", "stored"),
    [
        ("Draft the MOU cleo", "For Cleo Marchetti", ("Draft the MOU", "Cleo Marchetti", "None", None)),
        ("Draft the MOU for Cleo", "For Cleo Marchetti", ("Draft the MOU", "Cleo Marchetti", "None", None)),
        (
            "Draft the MOU cleo by friday",
            "For Cleo Marchetti, due friday",
            ("Draft the MOU", "Cleo Marchetti", "2026-12-04", None),
        ),
        (
            "Draft the MOU cleo friday 6h",
            "For Cleo Marchetti, due friday, 6h of work",
            ("Draft the MOU", "Cleo Marchetti", "2026-12-04", 6.0),
        ),
        (
            "Draft the MOU by friday cleo marchetti",
            "For Cleo Marchetti, due friday",
            ("Draft the MOU", "Cleo Marchetti", "2026-12-04", None),
        ),
        (
            '"Draft the MOU" cleo by friday',
            "For Cleo Marchetti, due friday",
            ("Draft the MOU", "Cleo Marchetti", "2026-12-04", None),
        ),
        ("Thank Cleo by friday", "Only due friday", ("Thank Cleo", None, "2026-12-04", None)),
        ("Thank Cleo", "It is part of the title", ("Thank Cleo", None, "None", None)),
        ("Cleo asks", None, ("Cleo asks", None, "None", None)),
    ],
)
def test_a_name_behind_a_task_is_asked_about(town, typed, button, stored):
    town.types("ana", f"/task add {typed}")
    if button:
        assert count(town, Task) == 0
        chooses(town, button)
    assert only_task(town) == stored


def test_a_name_that_several_people_have_offers_each_of_them(town):
    assert town.call("people", user="hana", real_name="Ben Hale")["ok"]
    town.settle()
    town.types("ana", '/consortium member @hana "Oak Valley"')
    answer = town.types("ana", "/task add Draft the MOU ben")
    assert "[For Ben Ortiz]" in answer and "[For Ben Hale]" in answer


@pytest.mark.parametrize(
    "typed", ["Draft the MOU @cleo friday", "Draft the MOU cleo by friday", "new Draft it cleo friday"]
)
def test_what_was_typed_goes_into_the_fields_of_a_new_task(town, typed):
    town.types("ana", f"/task {typed}")
    if not town.views("ana"):
        chooses(town, "Make it a task")
    filled = initial(town)
    assert filled["title"] in {"Draft the MOU", "Draft it"}
    assert filled["due"] == "2026-12-04"
    assert town.fills("ana")["closed"]
    assert only_task(town)[1] == "Cleo Marchetti"


def test_a_second_task_of_the_same_title_names_the_first(town):
    assert "same title" not in town.types("ana", '/task "Order lunch"')
    answer = town.types("ana", '/task add "Order lunch" @eva')
    assert "#1 has the same title and no owner. `/task drop 1` removes it." in answer
    town.types("ana", "/task drop 1")
    assert "same title" not in town.types("ana", '/task add "Order lunch" @finn')


# what people type for what is there ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "button"),
    [
        ("/vote agree 1", "Agree to #1"),
        ("/vote 1: agree", None),
        ("/vote 1 Agree!", None),
        ("/vote 1 agre", "Agree"),
        ("/vote edit 1", "Show #1"),
        ("/vote 1 no", "Block"),
        ("/vote 1 no", "Stand aside"),
        ("/task @ben", "/task all"),
        ("/task late", "/task mine"),
        ("/task list", "/task mine"),
        ("/task list all", "/task all"),
        ("/propose 1", "Show #1"),
        ("/propose close", "It is a title"),
        ('/propose "Adopt the plan" closes:3d', None),
    ],
)
def test_common_ways_of_typing_get_what_was_meant(town, typed, button):
    town.proposes(user="ben")
    answer = town.types("cleo", typed)
    assert "did not work" not in answer
    if button:
        assert f"[{button}]" in answer
    elif "propose" in typed:
        assert initial(town, "cleo")["title"] == "Adopt the plan"
    else:
        assert "Noted on #1 for Birch Schools: Agree." in answer


def test_a_zone_of_two_words_founds_a_consortium_without_quotes(empty_town):
    said = empty_town.types("ana", '/consortium setup "Northern Valleys" zone:new york')
    assert "*Northern Valleys* is founded" in said


# what cannot be read ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("method:majority", "I understood the title “Adopt it”, but not “method:majority”."),
        ("rule:most", "most"),
        ("quorum:half", "A quorum is a percentage."),
    ],
)
def test_what_follows_a_quoted_title_and_cannot_be_read_is_asked_about(town, rest, said):
    assert said in town.types("ana", f'/propose "Adopt it" {rest}')
    form = chooses(town, "Open the form with this title")
    assert "<Title>" in form
    assert initial(town)["title"] == "Adopt it"
    assert town.fills("ana")["closed"]
    assert "is for members of the consortium" in town.types("dov", f'/propose "Adopt it" {rest}')


def test_all_of_it_can_be_the_title(town):
    town.types("ana", '/propose "Respect" in the corridors')
    chooses(town, "All of it is the title")
    assert initial(town)["title"] == '"Respect" in the corridors'


@pytest.mark.parametrize("word", ["set", "setting", "config"])
def test_what_people_type_for_settings_is_offered_as_settings(town, word):
    assert "Did you mean `/consortium settings talk 2`?" in town.types("ana", f"/consortium {word} talk 2")


def test_where_nothing_waits_no_number_is_asked_for(town):
    said = town.types("ben", "/vote yes")
    assert "Nothing is waiting for your vote." in said and "Begin with a number" not in said


def test_a_command_that_nothing_follows_is_offered_alone(town):
    assert "but not “talk 2”, so nothing has changed" in town.types("ana", "/consortium settings talk 2")
    assert "<Name>" in chooses(town, "/consortium settings")
