"""What can be read in two ways is asked about with buttons, and nothing is typed again."""

import pytest
from sqlalchemy import select

from storage.drafts import Draft
from storage.tasks import Task
from tests.journeys.steps import count, flat, sends
from tests.town import element_of, text_of

WHICH = "“next friday” could mean Fri, Dec 4, 2026 or Fri, Dec 11, 2026. Which one do you mean?"
GONE = "I no longer have what you typed"
LATER = "Fri, Dec 11, 2026"


def answered(town, user, label):
    """Press a button below the last private message. Return the private message that is there then."""
    town.presses(user, label, town.private_answer(user))
    return flat(text_of(town.private_answer(user)))


@pytest.mark.parametrize(
    ("user", "typed", "label", "done"),
    [
        pytest.param("ana", 'task add "Order lunch" due:next friday', LATER, "*#1 Order lunch*", id="a new task"),
        pytest.param("ana", "propose now “Adopt it” closes:next friday", LATER, f"It closes {LATER}", id="a proposal"),
        pytest.param("ana", 'vote "Which?" "A" "B" closes:next friday', LATER, f"It closes {LATER}", id="a poll"),
        pytest.param(
            "ana", 'meeting new "Council" next friday 14:00', LATER, f"planned: {LATER}, 2:00", id="a meeting"
        ),
        pytest.param("ben", "consortium away until next friday", LATER, f"away until {LATER}", id="an absence"),
        pytest.param("ben", "pulse pause until next friday", LATER, LATER, id="a pause"),
        pytest.param("ana", "pulse schedule monday 9:00 start:next friday", LATER, "Mon, Dec 14, 2026", id="the pulse"),
        pytest.param(
            "ben",
            'consortium agency holidays "Elm Schools" next friday to 2026-12-18',
            LATER,
            f"{LATER} to Fri, Dec 18, 2026",
            id="closed days",
        ),
        pytest.param(
            "ana",
            'workload role add "Note-taker" @cleo hours:4 until:12/3/27',
            "Fri, Dec 3, 2027",
            "until Fri, Dec 3, 2027",
            id="a role",
        ),
        pytest.param(
            "ben",
            'workload give hours:half a day "Hosted" on:12/11',
            "Thu, Nov 12, 2026",
            "gave 4 h, “Hosted”, Thu, Nov 12, 2026",
            id="a contribution",
        ),
        pytest.param("ana", "meeting calender", "/meeting calendar", "calendar", id="a misspelled word"),
        pytest.param(
            "ana",
            'vote "Is "consent" right?" "yes" "no"',
            'Is "consent" right? · yes · no',
            "#1 is on its way",
            id="quotes within quotes",
        ),
    ],
)
def test_a_button_runs_the_command_as_it_was_meant(town, user, typed, label, done):
    town.types(user, f"/{typed}")
    before = count(town, Draft)
    assert done in answered(town, user, label)
    assert (before, count(town, Draft)) in {(1, 0), (1, 1)}


def test_two_ambiguous_dates_are_asked_about_one_after_the_other(town):
    assert "“12/3”" in town.types("ana", '/vote time "Before 12/3 9:00?" "12/3 9:00" "12/4 9:00" closes:1d')
    assert "“12/4” could mean" in answered(town, "ana", "Thu, Dec 3, 2026")
    assert "#1 is on its way" in answered(town, "ana", "Fri, Dec 4, 2026")
    shown = flat(text_of(town.message("Before 12/3 9:00?")))
    assert "Thu, Dec 3, 2026, 9:00 AM" in shown and "Fri, Dec 4, 2026, 9:00 AM" in shown
    assert count(town, Draft) == 0


def test_words_beside_a_date_stay_in_the_title(town):
    town.types("ana", "/task add due:friday Mark the forms")
    town.types("ana", "/task add Meet the printers due:friday at the office")
    town.types("ana", "/task add Plan for 12/3 due:12/3")
    assert "*#3 Plan for 12/3*" in answered(town, "ana", "Thu, Dec 3, 2026")
    with town.bot.db.read() as session:
        tasks = {task.title: str(task.due_on) for task in session.scalars(select(Task))}
    assert tasks == {
        "Mark the forms": "2026-12-04",
        "Meet the printers at the office": "2026-12-04",
        "Plan for 12/3": "2026-12-03",
    }


def test_a_poll_keeps_quotes_within_its_question(town):
    poll = town.asks('/vote "Should ballots be “hidden” or not?" "yes" "no"')
    assert "Should ballots be “hidden” or not?" in text_of(poll)
    assert "hidden until" not in text_of(poll)


def test_a_form_opens_filled_in_and_the_question_says_so(town):
    assert town.types("ana", "/meeting new Council next friday 14:00").startswith(WHICH)
    assert "<Begins>" in town.presses("ana", LATER, town.private_answer("ana"))
    assert text_of(town.private_answer("ana")) == "The form is open."


# who may press, how often, and how long ----------------------------------------------------------------


def asked(town, typed='/task add "Order lunch" due:next friday', user="ana"):
    """Type something ambiguous. Return the action id and the value of the second button."""
    assert town.types(user, typed).startswith(WHICH)
    button = element_of(town.private_answer(user), LATER)
    return button["action_id"], button["value"]


def test_another_person_cannot_press(town):
    action, value = asked(town)
    for user in ("ben", "cleo", "dov"):
        assert GONE in sends(town, user, action, value)
    assert count(town, Task) == 0
    assert "*#1 Order lunch*" in sends(town, "ana", action, value), "it is still there for its author"


def test_pressing_twice_does_it_once(town):
    action, value = asked(town)
    assert "*#1 Order lunch*" in sends(town, "ana", action, value)
    assert GONE in sends(town, "ana", action, value)
    assert GONE in sends(town, "ana", "draft.choose.0", value), "the other reading is gone as well"
    assert count(town, Task) == 1


def test_after_half_an_hour_a_kind_answer_comes(town):
    action, value = asked(town)
    town.waits("PT31M")
    assert GONE in sends(town, "ana", action, value)
    assert count(town, Task) == 0
    assert count(town, Draft) == 0, "what was typed is deleted"


@pytest.mark.parametrize(
    ("value", "said"), [("", GONE), ("0", GONE), ("999", GONE), ("-1", ""), ("1 or 1", ""), ("x" * 2000, "")]
)
def test_an_invented_number_finds_nothing(town, value, said):
    asked(town)
    # nobody is answered who forges a value that no view of ours has
    answer = sends(town, "cleo", "draft.choose.0", value)
    assert said in answer and bool(said) is bool(answer)
    assert GONE in sends(town, "ana", "draft.choose.7", "1")
    assert count(town, Task) == 0


def test_a_reading_that_is_refused_leaves_the_question(town):
    town.types("ana", "/consortium away until next friday @ben")
    action, value = (element_of(town.private_answer("ana"), LATER)[key] for key in ("action_id", "value"))
    town.types("ana", "/consortium facilitator @cleo")
    town.types("cleo", "/consortium facilitator remove @ana")
    assert "Only a facilitator can do this" in sends(town, "ana", action, value)
    assert count(town, Draft) == 1


@pytest.mark.parametrize("typed", ['task add "x" due:next friday', 'task add "a "b" c"', 'vote "a "b" c" "yes" "no"'])
def test_an_outsider_is_refused_before_anything_is_asked(town, typed):
    assert "This one is for members of the consortium" in town.types("dov", f"/{typed}")
    assert count(town, Draft) == 0


def test_a_form_shows_the_question_at_its_field(town):
    town.types("ana", "/vote new When?")
    answer = town.fills("ana", kind="time", choices="next friday 9:00\n2026-12-02 9:00")
    assert answer["errors"]["choices"].startswith("“next friday” could mean Fri, Dec 4, 2026 or Fri, Dec 11, 2026")


# people and agencies -----------------------------------------------------------------------------------


def test_the_start_of_two_agencies_names_is_asked_about(town):
    town.types("ana", '/consortium agency add "Elm & Oak Union"')
    assert "“Elm” could mean Elm Schools or Elm &amp; Oak Union." in town.types("ana", "/workload what if Elm")
    assert "Elm &amp; Oak Union" in answered(town, "ana", "Elm & Oak Union")


def test_a_reason_after_agree_is_asked_about(town):
    town.proposes()
    said = town.types("ben", "/vote 1 agree but only in May")
    assert "Agree takes no reason. Which one do you mean?" in said
    assert "Elm Schools" in answered(town, "ben", "Agree with reservations: but only in May")
    town.settle()
    assert "but only in May" in text_of(town.message("Adopt the calendar"))
