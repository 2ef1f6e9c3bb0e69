"""Journeys through minutes: writing, correcting, objecting, acceptance by silence."""

import pytest
from sqlalchemy import select, update

from handlers.meetings import jobs
from storage.consortia import Consortium
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Correction, Minutes, RecordedDecision
from storage.tasks import Task
from storage.vocabulary import Rule
from tests.journeys.steps import (
    count,
    flat,
    goes_to,
    last_told,
    makes_board,
    plans,
    posted,
    sends,
    told,
    writes_by_command,
)
from tests.town import text_of

AFTER = "2026-12-07T22:00:05Z"
"""When the note-taker is asked; 15:00 in Denver."""


def meets(town, *items, more=""):
    """Hold a meeting at which Cleo takes the minutes."""
    plans(town, f'/meeting new "Council" 2026-12-07 13:00 notes:@cleo {more}')
    for item in items:
        town.types("ben", f'/meeting add "{item}"')
    goes_to(town, AFTER)


def writes(town, user="cleo", **values):
    """Fill in the minutes from the message that asks for them. Return the errors of the form."""
    town.presses(user, "Write the minutes", last_told(town, user, "Write the minutes"), f"@{user}")
    values = {"notes": "We met.", "agencies": ["Elm Schools", "Birch Schools"], **values}
    answer = town.fills(user, **values)
    town.settle()
    return answer["errors"] or {}


def message(town):
    return town.message("*Minutes*")


# writing -----------------------------------------------------------------------------------------------


def test_the_form_contains_the_agenda_and_has_six_fields(town):
    meets(town, "Budget", "Buses")
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    fields = {b["block_id"]: b["element"] for b in town.views("cleo")[-1]["blocks"] if b["type"] == "input"}
    assert fields["notes"]["initial_value"] == "1. Budget\n\n2. Buses"
    assert list(fields) == ["agencies", "people", "notes", "decisions", "actions", "left"]


def test_minutes_are_posted_with_decisions_action_items_and_those_present(town):
    meets(town, "Budget")
    assert not writes(
        town,
        notes="1. Budget\nFour per cent more.",
        people="Two guests",
        decisions="- The calendar begins on 1 September\n\nWe meet monthly",
        actions="@Ben draft the MOU, by 2026-12-21\nFind a room",
    )
    shown = flat(text_of(message(town)))
    assert "Present: Birch Schools and Elm Schools · Two guests · Written by Cleo Marchetti" in shown
    assert "*Decided*\n1. The calendar begins on 1 September\n2. We meet monthly" in shown
    assert "*To do*\n• #1 draft the MOU (Ben Ortiz, by Mon, Dec 21, 2026)\n• #2 Find a room (nobody yet)" in shown
    assert "1. Budget\nFour per cent more." in shown
    assert "Open for corrections until Sat, Dec 12, 2026, 3:00 PM. After that, the minutes count as accepted." in shown


def test_action_items_become_task_offers(town):
    meets(town)
    assert not writes(town, actions="@Ben draft the MOU, by 2026-12-21, 6h\nFind a room")
    with town.bot.db.read() as session:
        tasks = session.scalars(select(Task).order_by(Task.number)).all()
    assert [(t.title, t.owner_id, t.hours) for t in tasks] == [
        ("draft the MOU", None, 6.0),
        ("Find a room", None, None),
    ]
    assert tasks[0].offered_to is not None
    assert tasks[0].source == "minutes of Council, Mon, Dec 7, 2026"
    town.waits("PT18H")
    assert "asks if you can take *#1 draft the MOU*" in "".join(told(town, "ben"))
    posted = f"/p{message(town)['ts'].replace('.', '')}"
    town.types("gus", "/task 1")
    assert f"{posted}|minutes of Council, Mon, Dec 7, 2026>" in text_of(town.private_answer("gus")), (
        "the source links to the minutes"
    )


def test_a_name_after_what_is_to_be_done_is_the_owner_or_asked_about(town, subtests):
    meets(town)
    for line, why in (
        ("Call @Ben", "Should Ben Ortiz do “Call @Ben”? Then begin the line with the name: @Ben …"),
        ("Call @Ben Ortiz, 2h", "Should Ben Ortiz do “Call @Ben, 2h”?"),
        ("Call Gus, @Bob", "I know nobody in the consortium called “Bob”."),
    ):
        with subtests.test(line):
            assert why in writes(town, actions=line)["actions"]
            town.closes_forms("cleo")
    lines = (
        "Print tests, @Ben",
        "Order tests (@Ben Ortiz), by 2026-12-21",
        "Fold tests — @ben",
        "Ask, @Ben, whether it fits",
    )
    assert not writes(town, actions="\n".join(lines))
    shown = text_of(message(town))
    assert "• #1 Print tests (Ben Ortiz)" in shown
    assert "• #2 Order tests (Ben Ortiz, by Mon, Dec 21, 2026)" in shown
    assert "• #3 Fold tests (Ben Ortiz)" in shown
    assert "• #4 Ask, Ben Ortiz, whether it fits (nobody yet)" in shown


def test_a_field_for_each_item_keeps_the_answers_already_typed(town):
    meets(town, "Budget", "Buses")
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    town.fills("cleo", decisions="One", agencies=["Elm Schools"], actions="@stranger do it")
    town.presses_in_form("cleo", "A field for each item")
    first, second = (b["block_id"] for b in town.views("cleo")[-1]["blocks"] if b["block_id"].startswith("item."))
    assert town.fills("cleo", **{first: "Four per cent.", second: "Not yet.", "notes": "Thanks.", "actions": ""})[
        "closed"
    ]
    town.settle()
    shown = flat(text_of(message(town)))
    assert "1. One" in shown
    assert "*Budget*\nFour per cent.\n*Buses*\nNot yet.\n*Anything else*\nThanks." in shown


def test_a_field_for_each_item_keeps_a_choice_whose_words_slack_escapes(town):
    meets(town, "Bread & butter", "Buses <late>")
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    town.fills("cleo", agencies=["Elm Schools"], left=["Bread & butter", "Buses <late>"], actions="@stranger do it")
    shown = town.presses_in_form("cleo", "A field for each item")
    assert "1. Bread & butter" in shown
    assert "2. Buses <late>" in shown
    (chosen,) = town.views("cleo")[-1]["state"]["values"]["left"].values()
    assert [option["text"]["text"] for option in chosen["selected_options"]] == ["Bread & butter", "Buses <late>"]


def test_very_long_minutes_are_paged_into_the_thread_and_nothing_is_lost(town):
    items = [f"Item {n}" for n in range(1, 8)]
    meets(town, *items)
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    town.presses_in_form("cleo", "A field for each item")
    fields = [b["block_id"] for b in town.views("cleo")[-1]["blocks"] if b["block_id"].startswith("item.")]
    said = {field: f"begin{n} " + "word " * 580 + f"end{n}" for n, field in enumerate(fields, start=1)}
    assert town.fills("cleo", **said)["closed"]
    town.settle()
    whole = text_of(message(town)) + "".join(town.thread(message(town)))
    assert "Continued in the thread." in text_of(message(town))
    for n in range(1, 8):
        assert f"begin{n}" in whole
        assert f"end{n}" in whole
    town.presses("ben", "Read all", message(town))
    assert "end7" in text_of(town.views("ben")[-1])


INVALID_MINUTES = (
    ("nothing written", {"notes": "", "agencies": []}, "notes", "Write at least a sentence"),
    ("unchanged", {"notes": "1. Budget", "agencies": []}, "notes", "Write at least a sentence"),
    ("no agencies", {"agencies": [], "decisions": "One"}, "agencies", "with the agencies that were there"),
    ("a decision too long", {"decisions": "x" * 1001}, "decisions", "room for 1,000"),
    ("too many decisions", {"decisions": "x\n" * 21}, "decisions", "room for 20"),
    ("a stranger", {"actions": "@Bob do it"}, "actions", "nobody in the consortium called “Bob”"),
    ("an outsider", {"actions": "@dov do it"}, "actions", "nobody in the consortium"),
    ("no such day", {"actions": "@Ben do it, by 2026-02-30"}, "actions", "not a day in the calendar"),
    ("a task too long", {"actions": "x" * 250}, "actions", "limit is 200"),
)


def test_invalid_minutes_are_refused_at_the_field_and_not_stored(town, subtests):
    meets(town, "Budget")
    for what, values, field, why in INVALID_MINUTES:
        with subtests.test(what):
            errors = writes(town, **values)
            assert list(errors) == [field]
            assert why in errors[field]
            assert (count(town, Minutes), count(town, RecordedDecision), count(town, Task)) == (0, 0, 0)
            town.closes_forms("cleo")


def test_minutes_cannot_be_written_before_the_meeting_or_twice(town):
    plans(town)
    assert "No meeting here needs minutes" in town.types("ana", "/meeting minutes")
    meets(town)
    town.types("ben", "/meeting minutes")
    assert not writes(town)
    late = town.fills("ben", notes="Mine.", agencies=["Elm Schools"])
    assert "Cleo Marchetti has already written the minutes" in late["errors"]["notes"]
    assert count(town, Minutes) == 1


def test_ones_own_missing_minutes_come_before_those_of_others_in_the_channel(town):
    assert "is planned" in town.types("ana", '/meeting new "Early" 2026-12-07 10:00 notes:@ben')
    assert "is planned" in town.types("ana", '/meeting new "Late" 2026-12-07 14:00 notes:@cleo')
    goes_to(town, "2026-12-08T00:00:00Z")
    for user, title in (("ben", "Early"), ("cleo", "Late"), ("finn", "Late")):
        assert f"*{title}*" in town.types(user, "/meeting minutes"), user
        town.closes_forms(user)


def test_a_chair_who_has_left_slack_is_no_longer_shown(town):
    town.types("cleo", '/meeting new "Council" 2026-12-07 10:00')
    assert "chair Cleo Marchetti" in town.types("ana", "/meeting")
    town.call("people", user="cleo", deleted=True)
    town.settle()
    assert "Cleo" not in town.types("ana", "/meeting")


def test_unfinished_items_go_on_the_next_agenda_and_are_marked(town):
    meets(town, "Budget", "Buses", more="every:week")
    assert not writes(town, left=["Buses"])
    listed = flat(town.types("ben", "/meeting"))
    assert "1. Buses (Ben Ortiz) · carried over" in listed
    goes_to(town, "2026-12-13T20:00:05Z")
    assert "1. Buses (Ben Ortiz) · carried over" in posted(town, "*Agenda*")[-1]


def test_unfinished_items_wait_for_the_next_meeting(town):
    meets(town, "Buses")
    assert not writes(town, left=["Buses"])
    plans(town, '/meeting new "Board" 2026-12-17 9:00')
    assert "1. Buses (Ben Ortiz) · carried over" in flat(town.types("ben", "/meeting"))


def test_the_latest_minutes_can_be_opened_by_command(town):
    meets(town)
    assert not writes(town, notes="We met.")
    assert "We met." in town.types("gus", "/meeting read")


def test_nothing_is_due_when_the_author_of_minutes_leaves_before_the_meeting_ends(town):
    plans(town, '/meeting new "Council" 2026-12-07 13:00 for:90m every:week notes:@cleo')
    goes_to(town, "2026-12-07T20:30:00Z")
    writes_by_command(town, "cleo", "We meet.")
    town.http.post("/sandbox/people", json={"user": "cleo", "deleted": True})
    town.settle()
    with town.bot.db.read() as session:
        assert jobs.next_due(session) > town.now()
    goes_to(town, "2026-12-07T22:00:05Z")
    assert "Mon, Dec 28, 2026, 1:00 PM" in flat(town.types("ben", "/meeting"))


# decisions ---------------------------------------------------------------------------------------------


def test_decisions_enter_the_log_with_the_agencies_present(town):
    meets(town)
    assert not writes(town, decisions="The calendar begins on 1 September")
    said = town.types("gus", "/consortium decisions")
    assert "*The calendar begins on 1 September*" in said
    assert "Recorded in the minutes of Council. Present: Birch Schools and Elm Schools." in said
    assert "Recorded in minutes · Mon, Dec 7, 2026" in said
    assert "The calendar begins" in town.types("gus", "/consortium decisions calendar")
    assert "The calendar begins" not in town.types("gus", "/consortium decisions zebra")


def test_decisions_from_a_private_channel_are_listed_only_there(town):
    makes_board(town, "ana", "cleo")
    town.types("cleo", '/meeting new "Layoffs" 2026-12-07 13:00 notes:@cleo', "board")
    goes_to(town, AFTER)
    assert not writes(town, decisions="We merge with Oak")
    for user, channel in (("gus", "council"), ("ana", "council"), ("ana", "@ana")):
        said = town.types(user, "/consortium decisions", channel)
        assert "We merge" not in said
        assert "Layoffs" not in said
    assert "We merge with Oak" in town.types("ana", "/consortium decisions merge", "board")


def test_a_task_from_the_minutes_of_a_private_channel_does_not_name_its_meeting(town):
    makes_board(town, "ana", "cleo")
    town.types("cleo", '/meeting new "Layoffs" 2026-12-07 13:00 notes:@cleo', "board")
    goes_to(town, AFTER)
    assert not writes(town, actions="Find a room")
    said = town.types("gus", "/task all")
    assert "Find a room" in said
    assert "Layoffs" not in said
    with town.bot.db.read() as session:
        assert session.scalars(select(Task.source)).one() == "minutes"
        assert session.execute(select(Task.source_link, Task.source_live_id)).one() == (None, None), "no link either"


def test_a_representatives_objection_turns_a_decision_into_a_proposal(town):
    meets(town)
    assert not writes(town, decisions="The calendar begins on 1 September\nWe meet monthly")
    assert "Finn Abernathy can object for Oak Valley" in town.presses("gus", "I object to a decision", message(town))
    town.presses("finn", "I object to a decision", message(town))
    assert "Oak Valley objects" in text_of(town.views("finn")[-1])
    assert town.fills("finn", decision="2", why="Not every month.")["closed"]
    town.settle()
    assert "Objected to: decision 2 is now proposal #1." in text_of(message(town))
    proposal = flat(text_of(town.message("#1 We meet monthly")))
    assert "Proposed by Cleo Marchetti (Birch Schools)" in proposal, "who objects cannot withdraw what all have decided"
    for command in ("withdraw", "amend", "close"):
        assert "Only " in town.types("finn", f"/propose {command} 1"), command
    assert "Recorded in the minutes of Council, Mon, Dec 7, 2026. Oak Valley objects: Not every month." in proposal
    assert "[Agree]" in proposal
    assert "After an objection, it became proposal #1." in town.types("ana", "/consortium decisions")
    town.presses("ben", "I object to a decision", message(town))
    assert town.fills("ben", decision="1", why="Too early.")["closed"]
    town.settle()
    assert "[I object to a decision]" not in text_of(message(town))
    town.waits("P6D")
    accepted = "Accepted, except for decisions that are now proposals: #2 and #1."
    assert accepted in " ".join(town.thread(message(town)))


def test_a_proposal_from_an_objection_cannot_be_withdrawn(town):
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    town.presses("finn", "I object to a decision", message(town))
    assert town.fills("finn", decision="1", why="Not every month.")["closed"]
    town.settle()
    refused = "#1 came from an objection to recorded minutes, so it stays until it is decided."
    assert refused in town.types("cleo", "/propose withdraw 1")
    assert refused in sends(town, "cleo", "proposal.withdraw", "1")
    assert "Only its author can withdraw" in town.types("finn", "/propose withdraw 1")
    town.types("cleo", "/propose show 1")
    assert "[Amend]" in text_of(town.views("cleo")[-1])
    assert "[Withdraw]" not in text_of(town.views("cleo")[-1])
    town.closes_forms("cleo")
    assert "#2 is on its way" in town.types("cleo", '/propose now "Buy buses"')
    town.types("cleo", "/propose show 2")
    assert "[Withdraw]" in text_of(town.views("cleo")[-1])


def test_the_person_in_whose_name_an_objection_becomes_a_proposal_is_told(town):
    meets(town)
    assert not writes(town, decisions="We meet monthly\nBuy 10 buses")
    town.presses("finn", "I object to a decision", message(town))
    assert town.fills("finn", decision="1", why="Not every month.")["closed"]
    town.settle()
    (news,) = told(town, "cleo", "objects to a decision")
    assert "Oak Valley objects to a decision in the minutes of *Council*, Mon, Dec 7, 2026, 1:00 PM" in news
    assert "“We meet monthly”" in news
    assert "“Not every month.”" in news
    assert "It is now proposal #1, in your name" in news
    assert not told(town, "finn", "objects to a decision")
    assert not told(town, "ana", "objects to a decision")
    town.presses("cleo", "Read or change", last_told(town, "cleo", "objects to a decision"), "@cleo")
    assert "#1 We meet monthly" in text_of(town.views("cleo")[-1])


def test_who_objects_to_a_decision_and_answers_for_it_too_is_not_told(town):
    plans(town, '/meeting new "Council" 2026-12-07 13:00 notes:@ben')
    goes_to(town, AFTER)
    assert not writes(town, "ben", decisions="We meet monthly")
    town.presses("ben", "I object to a decision", message(town))
    assert town.fills("ben", decision="1", why="Not every month.")["closed"]
    town.settle()
    assert "Proposed by Ben Ortiz" in text_of(town.message("#1 We meet monthly"))
    for user in ("ana", "ben"):
        assert not told(town, user, "objects to a decision")


def test_a_proposal_from_an_objection_is_open_long_enough_for_consent(town):
    with town.bot.db.begin() as session:
        # as an earlier version still let people choose
        session.execute(update(Consortium).values(rule=Rule.CONSENT, open_days=1))
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    town.presses("finn", "I object to a decision", message(town))
    assert town.fills("finn", decision="1", why="Not every month.")["closed"]
    town.settle()
    assert "consent" in text_of(town.message("#1 We meet monthly"))


def test_accepted_minutes_take_no_objections_or_corrections(town):
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    asked = message(town)
    town.presses("finn", "I object to a decision", asked)
    town.presses("ben", "Propose a correction", asked)
    goes_to(town, "2026-12-12T22:01:00Z")
    for user, values in (("finn", {"decision": "1", "why": "Late."}), ("ben", {"text": "Late."})):
        town.fills(user, **values)
        assert "were accepted" in text_of(town.views(user)[-1])
        assert "no longer change. You can put it on the next agenda" in text_of(town.views(user)[-1])
        assert "/propose" in text_of(town.views(user)[-1])
    assert count(town, Correction) == 0


# corrections -------------------------------------------------------------------------------------------


def test_the_note_taker_accepts_a_correction_with_one_press(town):
    meets(town)
    assert not writes(town)
    town.presses("ben", "Propose a correction", message(town))
    assert town.fills("ben", text="We met for long.")["closed"]
    assert "Cleo Marchetti is asked to accept your correction." in text_of(town.private_answer("ben"))
    goes_to(town, "2026-12-08T16:00:00Z")
    asked = last_told(town, "cleo", "proposes a correction")
    assert "Ben Ortiz proposes a correction to the minutes of *Council*" in text_of(asked)
    town.presses("cleo", "Accept", asked, "@cleo")
    town.settle()
    assert "Correction, Ben Ortiz: “We met for long.”" in text_of(message(town))
    assert town.thread(message(town)) == ["Correction by Ben Ortiz, accepted by Cleo Marchetti: “We met for long.”"]
    goes_to(town, "2026-12-12T22:01:00Z")
    assert "Accepted with 1 correction." in text_of(message(town))


def test_an_accepted_correction_changes_what_the_decision_log_says(town):
    meets(town)
    assert not writes(town, decisions="The calendar begins on 1 September\nWe meet monthly")
    town.presses("ben", "Propose a correction", message(town))
    assert town.fills("ben", place="1", text="The calendar begins\non 8 September")["closed"]
    assert "1 September" in town.types("gus", "/consortium decisions"), "nothing changes before it is accepted"
    goes_to(town, "2026-12-08T16:00:00Z")
    asked = last_told(town, "cleo", "proposes a correction")
    assert "proposes a correction to decision 1 in the minutes of *Council*" in text_of(asked)
    assert "It says now: “The calendar begins on 1 September”" in text_of(asked)
    town.presses("cleo", "Accept", asked, "@cleo")
    town.settle()
    for words in ("", " 8", " 1 September"):
        said = town.types("gus", f"/consortium decisions{words}")
        assert "*The calendar begins on 8 September*" in said
        assert "Before it was corrected: “The calendar begins on 1 September”" in said
    assert "Correction, Ben Ortiz, decision 1: “The calendar begins on 8 September”" in text_of(message(town))
    town.presses("gus", "Read all", message(town))
    shown = text_of(town.views("gus")[-1])
    assert "1. The calendar begins on 8 September _(before: “The calendar begins on 1 September”)_" in shown
    assert "2. We meet monthly" in shown
    (note,) = [text for text in town.thread(message(town)) if "Correction" in text]
    assert note.startswith("Correction of decision 1 by Ben Ortiz, accepted by Cleo Marchetti")


def test_a_correction_that_changes_nothing_is_refused_and_one_that_restores_leaves_no_trace(town):
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    town.presses("ben", "Propose a correction", message(town))
    refused = town.fills("ben", place="1", text="We meet  monthly")
    assert "The decision already says this." in str(refused["errors"])
    for text in ("We meet weekly", "We meet monthly"):
        town.presses("cleo", "Propose a correction", message(town))
        assert town.fills("cleo", place="1", text=text)["closed"]
        town.settle()
    said = town.types("gus", "/consortium decisions")
    assert "*We meet monthly*" in said
    assert "Before it was corrected" not in said


def corrects(town, user, text):
    """Propose a new wording of the first decision. Return the errors of the form."""
    town.presses(user, "Propose a correction", message(town))
    errors = town.fills(user, place="1", text=text)["errors"]
    town.settle()
    return errors


def test_an_objection_or_a_correction_to_a_wording_that_has_changed_since_is_refused(town, subtests):
    meets(town)
    assert not writes(town, decisions="Buy 10 buses\nWe meet monthly")
    asked = message(town)
    forms = {
        "finn": ("I object to a decision", "decision", {"decision": "1", "why": "Too many."}),
        "gus": ("Propose a correction", "place", {"place": "1", "text": "Buy 12 buses"}),
    }
    for user, (label, _, _) in forms.items():
        town.presses(user, label, asked)
    assert not corrects(town, "cleo", "Buy 10 red buses")
    for user, (label, field, values) in forms.items():
        with subtests.test(label):
            refused = town.fills(user, **values)["errors"][field]
            assert "Decision 1 was corrected since this form was opened" in refused
            assert "It now says: “Buy 10 red buses”" in refused
            town.closes_forms(user)
            town.presses(user, label, asked)
    assert count(town, Correction) == 1
    assert town.fills("finn", decision="2", why="Not every month.")["closed"]
    assert not corrects(town, "gus", "Buy 12 buses")


def test_a_correction_of_a_wording_that_has_changed_since_is_asked_about_again(town):
    meets(town)
    assert not writes(town, decisions="Buy 10 buses")
    asked = []
    for user, text, day in (("ben", "Buy 10 red buses", "08"), ("gus", "Buy 12 buses", "09")):
        assert not corrects(town, user, text)
        goes_to(town, f"2026-12-{day}T16:00:00Z")
        asked.append(last_told(town, "cleo", text))
    assert "It says now: “Buy 10 buses”" in text_of(asked[1])
    town.presses("cleo", "Accept", asked[0], "@cleo")
    again = flat(town.presses("cleo", "Accept", asked[1], "@cleo"))
    assert "Decision 1 was corrected since you were asked, so nothing has changed yet." in again
    assert "It now says: “Buy 10 red buses”" in again
    assert "to “Buy 12 buses”" in again
    assert "*Buy 10 red buses*" in town.types("gus", "/consortium decisions")
    town.presses("cleo", "Accept", town.private_answer("cleo", "@cleo"), "@cleo")
    assert "*Buy 12 buses*" in town.types("gus", "/consortium decisions")


def test_a_decision_that_an_agency_objects_to_is_no_longer_corrected(town):
    meets(town)
    assert not writes(town, decisions="The calendar begins on 1 September")
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", place="1", text="The calendar begins on 8 September")
    town.presses("finn", "I object to a decision", message(town))
    assert town.fills("finn", decision="1", why="Too early.")["closed"]
    goes_to(town, "2026-12-08T16:00:00Z")
    town.presses("cleo", "Accept", last_told(town, "cleo", "proposes a correction"), "@cleo")
    said = " ".join(told(town, "cleo")) + town.private_answer("cleo", "@cleo")["text"]
    assert "An agency has objected to decision 1. It is now proposal #1, whose author can amend it." in said
    town.presses("ben", "Propose a correction", message(town))
    assert "What do you correct?" not in text_of(town.views("ben")[-1])


@pytest.mark.parametrize(
    ("label", "outcome"),
    [
        ("Accept", "Cleo Marchetti accepted it, and the minutes show it."),
        ("Decline", "Cleo Marchetti declined it. You can discuss it in the thread of the minutes."),
    ],
)
def test_the_proposer_hears_once_what_became_of_a_correction(town, label, outcome):
    meets(town)
    assert not writes(town)
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="We met for long.")
    goes_to(town, "2026-12-08T16:00:00Z")
    town.presses("cleo", label, last_told(town, "cleo", "proposes a correction"), "@cleo")
    town.settle()
    (news,) = told(town, "ben", "Your correction to the minutes of")
    assert f"*Council*, Mon, Dec 7, 2026, 1:00 PM: “We met for long.”\n{outcome}" in news
    assert ("for long" in text_of(message(town))) == (label == "Accept")
    town.waits("P9D")
    assert len(told(town, "ben", "Your correction to the minutes of")) == 1
    assert not told(town, "dov")


def test_a_correction_by_the_author_is_accepted_at_once(town):
    meets(town)
    assert not writes(town)
    town.presses("cleo", "Propose a correction", message(town))
    town.fills("cleo", text="It was Monday.")
    town.settle()
    assert "Correction, Cleo Marchetti: “It was Monday.”" in text_of(message(town))


def test_a_correction_on_the_last_day_keeps_the_minutes_open_for_a_day_in_which_it_can_be_answered(town):
    meets(town)
    assert not writes(town)
    goes_to(town, "2026-12-12T21:00:00Z")  # Saturday, an hour before the minutes would be accepted
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="Late but right.")
    town.settle()
    # a day after Monday at 8:00 in Chicago, when Cleo is told
    until = "Open for corrections until Tue, Dec 15, 2026, 7:00 AM"
    assert until in flat(text_of(message(town)))
    goes_to(town, "2026-12-14T13:59:00Z")
    assert not told(town, "cleo", "proposes a correction")
    goes_to(town, "2026-12-14T14:01:00Z")
    assert told(town, "cleo", "proposes a correction")
    goes_to(town, "2026-12-15T13:59:00Z")
    assert until in flat(text_of(message(town)))
    assert not told(town, "ben", "Your correction")
    goes_to(town, "2026-12-15T14:01:00Z")
    assert "Accepted without objection. 1 proposed correction was left undecided." in text_of(message(town))
    goes_to(town, "2026-12-15T16:01:00Z")
    (news,) = told(town, "ben", "Your correction")
    assert "Nobody decided on it in time, and the minutes were accepted without it." in news
    assert "Open for corrections" not in flat(text_of(message(town)))


def test_the_day_is_counted_from_when_the_note_taker_was_told(town):
    meets(town)
    assert not writes(town)
    goes_to(town, "2026-12-11T16:00:00Z")  # Friday, 9:00
    town.types("cleo", '/task add "Order the maps" @ben')
    town.types("ana", '/task add "Print the maps" @cleo')
    town.settle()
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="We met for long.")
    goes_to(town, "2026-12-14T14:01:00Z")  # Monday, 8:01 in Chicago: Cleo had her message of Friday before
    assert told(town, "cleo", "proposes a correction")
    goes_to(town, "2026-12-15T13:58:00Z")
    assert "Open for corrections" in text_of(message(town))
    town.presses("cleo", "Accept", last_told(town, "cleo", "proposes a correction"), "@cleo")
    goes_to(town, "2026-12-15T14:01:00Z")
    assert "Accepted with 1 correction." in text_of(message(town))


def test_a_note_taker_who_leaves_before_reading_a_correction_is_replaced_and_the_minutes_wait(town):
    meets(town)
    assert not writes(town)
    goes_to(town, "2026-12-12T21:00:00Z")
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="Late but right.")
    town.call("people", user="cleo", deleted=True)
    goes_to(town, "2026-12-15T15:01:00Z")
    assert "Open for corrections until Wed, Dec 16, 2026, 8:00 AM" in flat(text_of(message(town)))
    town.presses("ana", "Accept", last_told(town, "ana", "proposes a correction"), "@ana")
    goes_to(town, "2026-12-16T15:02:00Z")
    assert "Accepted with 1 correction." in text_of(message(town))


def test_a_decision_that_is_rewritten_at_the_last_minute_can_be_objected_to_for_a_day(town):
    meets(town)
    assert not writes(town, decisions="Buy 10 buses")
    goes_to(town, "2026-12-12T21:59:00Z")
    town.presses("cleo", "Propose a correction", message(town))
    assert town.fills("cleo", place="1", text="Buy 100 buses")["closed"]
    town.settle()
    until = "Tue, Dec 15, 2026, 8:00 AM"  # a working day from Monday morning
    assert f"Open for corrections until {until}" in flat(text_of(message(town)))
    assert f"Agencies can object to it until {until}." in flat(town.thread(message(town))[-1])
    goes_to(town, "2026-12-15T14:58:00Z")
    town.presses("finn", "I object to a decision", message(town))
    assert town.fills("finn", decision="1", why="Too many.")["closed"]
    goes_to(town, "2026-12-15T15:01:00Z")
    assert "Accepted, except for decisions that are now proposals: #1." in text_of(message(town))


def test_an_early_correction_of_a_decision_does_not_keep_the_minutes_open_for_longer(town):
    meets(town)
    assert not writes(town, decisions="Buy 10 buses")
    town.presses("cleo", "Propose a correction", message(town))
    assert town.fills("cleo", place="1", text="Buy 100 buses")["closed"]
    town.settle()
    until = "Sat, Dec 12, 2026, 3:00 PM"
    assert f"Open for corrections until {until}" in flat(text_of(message(town)))
    assert f"Agencies can object to it until {until}." in flat(town.thread(message(town))[-1])


def test_who_corrects_a_decision_that_an_agency_objects_to_hears_where_it_is_decided(town):
    meets(town)
    assert not writes(town, decisions="Buy 10 buses")
    town.presses("ben", "Propose a correction", message(town))
    assert town.fills("ben", place="1", text="Buy 12 buses")["closed"]
    town.presses("finn", "I object to a decision", message(town))
    assert town.fills("finn", decision="1", why="Too many.")["closed"]
    goes_to(town, "2026-12-08T16:00:00Z")
    (news,) = told(town, "ben", "Your correction")
    assert "An agency has objected to decision 1, which is now proposal #1" in news
    goes_to(town, "2026-12-12T22:01:00Z")
    assert "Accepted, except for" in text_of(message(town)), "what cannot be answered keeps nothing open"
    town.waits("P3D")
    assert len(told(town, "ben", "Your correction")) == 1


NUMBERED = [
    "1. Buy 10 buses\n2. Hire a nurse",
    "- 1) Buy 10 buses\n- 2) Hire a nurse",
    "(1) Buy 10 buses\n• Hire a nurse",
]


@pytest.mark.parametrize("typed", NUMBERED)
def test_decisions_typed_with_their_own_numbers_are_not_numbered_twice(town, typed):
    meets(town)
    assert not writes(town, decisions=typed, actions="1. @Ben draft it, by 2026-12-10\n- 2. Order maps")
    shown = text_of(message(town))
    assert "1. Buy 10 buses\n2. Hire a nurse" in shown
    assert "#1 draft it (Ben Ortiz" in shown
    assert "#2 Order maps (nobody yet" in shown
    town.presses("cleo", "Propose a correction", message(town))
    assert town.fills("cleo", place="2", text="2. Hire two nurses")["closed"]
    town.settle()
    assert "of decision 2 by Cleo Marchetti: “Hire two nurses”" in town.thread(message(town))[-1]


def test_an_agenda_item_typed_with_its_number_is_not_numbered_twice(town):
    plans(town)
    town.types("ben", '/meeting add "1. Budget"')
    town.types("ben", '/meeting add "2) Buses"')
    assert "1. Budget (Ben Ortiz)\n2. Buses (Ben Ortiz)" in town.types("gus", "/meeting")


def test_a_decision_that_begins_with_an_amount_keeps_it(town):
    meets(town)
    assert not writes(town, decisions="1.5 hours for each school\n12 laptops for Elm")
    assert "1. 1.5 hours for each school\n2. 12 laptops for Elm" in text_of(message(town))


def test_minutes_are_accepted_by_silence_once_and_then_closed(town):
    meets(town)
    assert not writes(town)
    goes_to(town, "2026-12-12T21:59:00Z")
    assert "Open for corrections" in text_of(message(town))
    goes_to(town, "2026-12-12T22:01:00Z")
    assert "Accepted without objection." in text_of(message(town))
    assert "[Propose a correction]" not in text_of(message(town))
    assert town.thread(message(town)) == ["Accepted without objection."]
    town.waits("P9D")
    assert town.thread(message(town)) == ["Accepted without objection."]


def test_without_time_for_corrections_minutes_stand_as_posted(town):
    town.types("ana", "/meeting settings")
    assert town.fills("ana", step__accept="off")["closed"]
    meets(town)
    assert not writes(town)
    assert "The minutes stand as posted." in text_of(message(town))
    assert "[Propose a correction]" not in text_of(message(town))


def test_only_the_author_or_organizers_decide_on_a_correction_and_only_once(town):
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    for text in ("", "x" * 1001):
        town.presses("ben", "Propose a correction", message(town))
        assert "text" in town.fills("ben", text=text)["errors"]
        town.closes_forms("ben")
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="It rained.")
    with town.bot.db.read() as session:
        number = str(session.scalars(select(Correction.id)).one())
    assert "Only the author of the minutes" in sends(town, "gus", "minutes.take", number)
    assert "is accepted" in sends(town, "ana", "minutes.take", number)
    assert "is already decided" in sends(town, "cleo", "minutes.decline", number)
    assert "This meeting no longer exists" in sends(town, "cleo", "minutes.take", "99")
    assert "This meeting no longer exists" in sends(town, "cleo", "minutes.object", "99")
    goes_to(town, "2026-12-09T16:00:00Z")
    assert not told(town, "cleo", "proposes a correction")


def test_the_chair_decides_on_corrections_while_the_note_taker_is_away(town):
    meets(town)
    assert not writes(town)
    town.types("cleo", "/consortium away until 2026-12-20")
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="It rained.")
    assert "Ana Reyes is asked" in text_of(town.private_answer("ben"))


def test_if_nobody_is_left_a_facilitator_decides_on_a_correction_in_the_thread(town):
    makes_board(town, "cleo", "gus", "finn")
    town.types("cleo", '/meeting new "Board" 2026-12-07 13:00 notes:@finn', "board")
    goes_to(town, AFTER)
    assert not writes(town, "finn")
    town.call("people", user="finn", deleted=True)
    town.settle()
    kept = town.message("*Minutes*", "gus", "board")
    town.presses("gus", "Propose a correction", kept, "board")
    town.fills("gus", text="It snowed.")
    assert "Cleo Marchetti is asked" in text_of(town.private_answer("gus", "board"))
    with town.bot.db.begin() as session:
        session.scalars(select(Series)).one().chair_id = session.scalars(select(Minutes)).one().author_id
    asked = last_told(town, "cleo", "proposes a correction")
    town.presses("cleo", "Accept", asked, "@cleo")
    assert "Correction, Gus Whitehorse: “It snowed.”" in text_of(town.message("*Minutes*", "gus", "board"))
    town.call("people", user="cleo", deleted=True)
    town.settle()
    town.presses("gus", "Propose a correction", kept, "board")
    town.fills("gus", text="It rained.")
    assert "shown in the thread of the minutes, where a facilitator can accept it" in text_of(
        town.private_answer("gus", "board")
    )
    (open_,) = (m for m in town.messages("gus", "board") if "proposes a correction" in text_of(m))
    assert "The author of these minutes and the people who run this meeting have left" in text_of(open_)
    assert "or a facilitator can decide on corrections" in town.presses("gus", "Accept", open_, "board")
    assert "It rained" not in text_of(town.message("*Minutes*", "gus", "board"))
    town.call("channels", channel="board", join=["ana"])
    town.presses("ana", "Accept", open_, "board")
    assert "Correction, Gus Whitehorse: “It rained.”" in text_of(town.message("*Minutes*", "gus", "board"))
    assert "It snowed" not in str(town.direct("ana")) and "It rained" not in str(town.direct("ana"))


# a series that moves to another channel -----------------------------------------------------------------


def test_minutes_stay_in_a_private_channel_when_the_series_moves_to_a_public_one(town):
    makes_board(town, "ana", "cleo")
    typed = '/meeting new "Layoffs" 2026-12-07 13:00 every:week notes:@cleo'
    town.types("ana", typed, "board")
    town.presses("ana", "Plan them", town.private_answer("ana", "board"), "board")
    town.types("cleo", '/meeting add "Who goes"', "board")
    goes_to(town, AFTER)
    assert not writes(town, decisions="Two schools close", left=["1"])
    kept = town.message("*Minutes*", channel="board")
    town.types("ana", "/meeting", "board")
    town.presses("ana", "Change", town.private_answer("ana", "board"), "board")
    assert town.fills("ana", channel="council", title="Council")["closed"]
    assert "Agenda items from the private channel stay there: “Who goes”." in text_of(
        town.private_answer("ana", "board")
    )
    assert "There are no minutes in this channel yet" in town.types("gus", "/meeting read")
    assert "Two schools" not in town.types("gus", "/consortium decisions")
    assert "This meeting no longer exists" in sends(town, "gus", "minutes.read", "1")
    assert "Two schools" in town.types("cleo", "/consortium decisions", "board")
    assert "Two schools" in town.types("cleo", "/meeting read", "board")
    town.closes_forms("cleo")
    town.presses("cleo", "Propose a correction", kept, "board")
    town.fills("cleo", text="Three schools close")
    goes_to(town, "2026-12-14T22:00:05Z")
    thread = [text_of(m) for m in town.messages("cleo", "board") if m.get("thread_ts") == kept["ts"]]
    assert any("Three schools" in said for said in thread) and any("Accepted" in said for said in thread)
    assert posted(town, "*Agenda* · *Council*")
    seen = str(town.messages("gus")) + str(town.direct("gus"))
    assert not [word for word in ("schools close", "Layoffs", "Who goes", "Accepted") if word in seen]


# dov ---------------------------------------------------------------------------------------------------


def test_dov_can_read_posted_minutes_and_is_shown_the_way_in(town):
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    for label in ("Propose a correction", "I object to a decision"):
        said = town.presses("dov", label, message(town))
        assert "is for members of the consortium" in said
        assert "[Join an agency]" in said
    assert "We met." in town.presses("dov", "Read all", message(town))
    assert "is for members of the consortium" in town.types("dov", "/meeting minutes")
    assert (count(town, Correction), count(town, Minutes)) == (0, 1)


# late minutes ------------------------------------------------------------------------------------------

WEEKLY = '/meeting new "Council" 2026-12-07 13:00 notes:@cleo chair:@ben every:week'


def home(town, user):
    town.call("home", user=user)
    town.settle()
    return flat(text_of(town.call("home", user=user)["view"]))


def test_late_minutes_stay_visible_and_their_items_move_on(town):
    plans(town, WEEKLY)
    town.types("ben", '/meeting add "Budget"')
    town.types("ben", '/meeting add "Buses"')
    goes_to(town, "2026-12-07T21:00:00Z")
    assert "Minutes of Council" in home(town, "cleo")
    assert "Minutes of Council" not in home(town, "ben"), "the chair is bothered only when they are late"
    goes_to(town, "2026-12-11T16:00:00Z")
    assert "still missing, Cleo Marchetti takes them" in home(town, "ben")
    assert "Minutes of Council" not in home(town, "ana")

    goes_to(town, "2026-12-13T21:00:00Z")
    agenda = flat(text_of(town.message("*Agenda*")))
    assert "The minutes of Mon, Dec 7, 2026, 1:00 PM are still missing. Cleo Marchetti takes them." in agenda
    assert "1. Budget (Ben Ortiz) · carried over" in agenda
    goes_to(town, "2026-12-16T18:00:00Z")
    (news,) = told(town, "ana", "There are still no minutes of *Council*, Mon, Dec 7, 2026, 1:00 PM.")
    assert "Cleo Marchetti takes them." in news
    assert "Minutes of Council" in home(town, "cleo")

    # Budget was finished at that meeting after all; Buses was not
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Mon, Dec 7"), "@cleo")
    left = next(b["element"] for b in town.views("cleo")[-1]["blocks"] if b["block_id"] == "left")
    assert [o["text"]["text"] for o in left["initial_options"]] == ["Budget", "Buses"]
    buses = next(o["value"] for o in left["options"] if o["text"]["text"] == "Buses")
    assert town.fills("cleo", notes="We met.", agencies=["Elm Schools"], left=[buses])["closed"]
    town.settle()
    assert home(town, "ben").count("still missing") <= 1, "of the second meeting only"
    goes_to(town, "2026-12-20T21:00:00Z")
    agenda = flat(text_of(town.message("*Agenda*")))
    assert "Mon, Dec 7" not in agenda


def test_an_item_that_late_minutes_report_as_finished_leaves_the_coming_agenda(town):
    plans(town, WEEKLY)
    town.types("ben", '/meeting add "Budget"')
    town.types("ben", '/meeting add "Buses"')
    goes_to(town, "2026-12-13T21:00:00Z")
    assert "1. Budget (Ben Ortiz) · carried over" in text_of(town.message("*Agenda*"))
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    left = next(b["element"] for b in town.views("cleo")[-1]["blocks"] if b["block_id"] == "left")
    buses = next(o["value"] for o in left["options"] if o["text"]["text"] == "Buses")
    assert town.fills("cleo", notes="We met.", agencies=["Elm Schools"], left=[buses])["closed"]
    town.settle()
    agenda = text_of(town.message("*Agenda*"))
    assert "1. Buses (Ben Ortiz) · carried over" in agenda
    assert "Budget" not in agenda
    assert "still missing" not in agenda


def test_late_minutes_of_a_private_channel_stay_in_it(town):
    makes_board(town, "cleo", "ben")
    town.types("cleo", '/meeting new "Layoffs" 2026-12-07 13:00 notes:@ben', "board")
    goes_to(town, "2026-12-20T18:00:00Z")
    assert told(town, "cleo", "There are still no minutes of *Layoffs*")
    assert "Layoffs" not in str(town.direct("ana"))
    assert "Layoffs" not in home(town, "ana")


# turns -------------------------------------------------------------------------------------------------


def takers(town):
    """Return who takes the minutes of each meeting, by its day."""
    with town.bot.db.read() as session:
        rows = session.execute(
            select(Meeting.starts_at, Series.title, Member.name)
            .join(Series, Series.id == Meeting.series_id)
            .outerjoin(Member, Member.id == Meeting.notes_id)
            .order_by(Meeting.starts_at)
        )
        return [(f"{at:%d %b}", title, name) for at, title, name in rows if name]


def test_the_turn_rotates_through_all_agencies_whatever_the_series(town):
    plans(town, '/meeting new "Council" 2026-12-07 13:00')
    plans(town, '/meeting new "Budget" 2026-12-08 13:00')
    plans(town, '/meeting new "Buses" 2026-12-09 13:00')
    goes_to(town, "2026-12-05T18:00:00Z")
    assert len({name for _, _, name in takers(town)}) == 3, takers(town)


def test_the_turn_skips_people_in_another_meeting_and_agencies_that_are_closed(town):
    town.types("ana", '/consortium agency holidays "Birch Schools" 2026-12-07..2026-12-07')
    plans(town, '/meeting new "Fair" 2026-12-07 13:30 notes:@ben')
    plans(town, '/meeting new "Council" 2026-12-07 13:00 chair:@gus')
    goes_to(town, "2026-12-05T18:00:00Z")
    council = [name for _, title, name in takers(town) if title == "Council"]
    assert council == ["Finn Abernathy"], takers(town)


def test_where_every_agency_is_closed_the_turn_is_not_lost(town):
    for agency in ("Elm Schools", "Birch Schools", "Oak Valley"):
        town.types("ana", f'/consortium agency holidays "{agency}" 2026-12-07..2026-12-07')
    plans(town, '/meeting new "Council" 2026-12-07 13:00')
    goes_to(town, "2026-12-05T18:00:00Z")
    assert len(takers(town)) == 1
