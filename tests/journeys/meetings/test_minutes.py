"""Minutes as people live them: writing, correcting, objecting, accepting by silence."""

from sqlalchemy import func, select

from handlers.meetings import jobs
from storage.meetings import Series
from storage.minutes import Correction, Minutes, Recorded
from storage.tasks import Task
from tests.journeys.meetings.steps import flat, goes_to, last_told, plans, posted, sends, told, whisper
from tests.town import text_of

AFTER = "2026-12-07T22:00:05Z"
"""When the note-taker is asked; 15:00 in Denver."""


def meets(town, *items, more=""):
    """Hold a meeting of which Cleo takes the minutes."""
    plans(town, f'/meeting new "Council" 2026-12-07 13:00 notes:@cleo {more}')
    for item in items:
        town.types("ben", f'/meeting add "{item}"')
    goes_to(town, AFTER)


def writes(town, user="cleo", **values):
    """Fill the minutes in from the message that asks for them; give the errors."""
    town.presses(user, "Write the minutes", last_told(town, user, "Write the minutes"), f"@{user}")
    values = {"notes": "We met.", "agencies": ["Elm Schools", "Birch Schools"], **values}
    answer = town.fills(user, **values)
    town.settle()
    return answer["errors"] or {}


def message(town):
    return town.message("*Minutes*")


def count(town, table):
    with town.bot.db.read() as session:
        return session.scalar(select(func.count()).select_from(table))


# writing -----------------------------------------------------------------------------------------------


def test_the_form_is_filled_with_the_agenda_and_asks_six_things(town):
    meets(town, "Budget", "Buses")
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    fields = {b["block_id"]: b["element"] for b in town.views("cleo")[-1]["blocks"] if b["type"] == "input"}
    assert fields["notes"]["initial_value"] == "1. Budget\n\n2. Buses"
    assert list(fields) == ["agencies", "people", "notes", "decisions", "actions", "left"]


def test_minutes_are_posted_with_decisions_actions_and_who_was_there(town):
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
    assert "*To do*\n• #1 draft the MOU (Ben Ortiz, by Mon 21 Dec 2026)\n• #2 Find a room (nobody yet)" in shown
    assert "1. Budget\nFour per cent more." in shown
    assert "Open for corrections until Sat 12 Dec 2026, 15:00; after that accepted by silence." in shown


def test_action_items_are_offers_of_tasks(town):
    meets(town)
    assert not writes(town, actions="@Ben draft the MOU, by 2026-12-21, 6h\nFind a room")
    with town.bot.db.read() as session:
        tasks = session.scalars(select(Task).order_by(Task.number)).all()
    assert [(t.title, t.owner_id, t.hours) for t in tasks] == [
        ("draft the MOU", None, 6.0),
        ("Find a room", None, None),
    ]
    assert tasks[0].offered_to is not None
    assert tasks[0].source == "minutes of Council, Mon 7 Dec 2026"
    town.waits("PT18H")
    assert "asks whether you take *#1 draft the MOU*" in "".join(told(town, "ben"))
    posted = f"/p{message(town)['ts'].replace('.', '')}"
    town.types("gus", "/task 1")
    assert f"{posted}|minutes of Council, Mon 7 Dec 2026>" in text_of(town.messages("gus")[-1]), "it leads there"


def test_longer_minutes_have_a_field_for_each_item_and_keep_what_was_typed(town):
    meets(town, "Budget", "Buses")
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    town.fills("cleo", decisions="One", agencies=["Elm Schools"], actions="@stranger do it")
    town.presses_in_form("cleo", "More room: a field for each item")
    first, second = (b["block_id"] for b in town.views("cleo")[-1]["blocks"] if b["block_id"].startswith("item."))
    assert town.fills("cleo", **{first: "Four per cent.", second: "Not yet.", "notes": "Thanks.", "actions": ""})[
        "closed"
    ]
    town.settle()
    shown = flat(text_of(message(town)))
    assert "1. One" in shown
    assert "*Budget*\nFour per cent.\n*Buses*\nNot yet.\n*Anything else*\nThanks." in shown


def test_very_long_minutes_are_paged_into_the_thread_and_nothing_is_lost(town):
    items = [f"Item {n}" for n in range(1, 8)]
    meets(town, *items)
    town.presses("cleo", "Write the minutes", last_told(town, "cleo", "Write the minutes"), "@cleo")
    town.presses_in_form("cleo", "More room: a field for each item")
    fields = [b["block_id"] for b in town.views("cleo")[-1]["blocks"] if b["block_id"].startswith("item.")]
    said = {field: f"begin{n} " + "word " * 580 + f"end{n}" for n, field in enumerate(fields, start=1)}
    assert town.fills("cleo", **said)["closed"]
    town.settle()
    whole = text_of(message(town)) + "".join(town.thread(message(town)))
    assert "It goes on in the thread." in text_of(message(town))
    for n in range(1, 8):
        assert f"begin{n}" in whole
        assert f"end{n}" in whole
    town.presses("ben", "Read all", message(town))
    assert "end7" in text_of(town.views("ben")[-1])


CANNOT_BE = (
    ("nothing written", {"notes": "", "agencies": []}, "notes", "Write at least a sentence"),
    ("left as it was filled", {"notes": "1. Budget", "agencies": []}, "notes", "Write at least a sentence"),
    ("nobody", {"agencies": [], "decisions": "One"}, "agencies", "with the agencies that were there"),
    ("a decision too long", {"decisions": "x" * 1001}, "decisions", "room for 1,000"),
    ("too many decisions", {"decisions": "x\n" * 21}, "decisions", "room for 20"),
    ("a stranger", {"actions": "@Bob do it"}, "actions", "nobody in the consortium called “Bob”"),
    ("an outsider", {"actions": "@dov do it"}, "actions", "nobody in the consortium"),
    ("no such day", {"actions": "@Ben do it, by 2026-02-30"}, "actions", "no day like"),
    ("a task too long", {"actions": "x" * 250}, "actions", "room for 200"),
)


def test_minutes_that_cannot_be_are_said_at_the_field_and_nothing_is_stored(town, subtests):
    meets(town, "Budget")
    for what, values, field, why in CANNOT_BE:
        with subtests.test(what):
            errors = writes(town, **values)
            assert list(errors) == [field]
            assert why in errors[field]
            assert (count(town, Minutes), count(town, Recorded), count(town, Task)) == (0, 0, 0)
            town.closes_forms("cleo")


def test_minutes_cannot_be_written_of_what_has_not_begun_or_was_written_already(town):
    plans(town)
    assert "No meeting here waits for its minutes" in town.types("ana", "/meeting minutes")
    meets(town)
    town.types("ben", "/meeting minutes")
    assert not writes(town)
    late = town.fills("ben", notes="Mine.", agencies=["Elm Schools"])
    assert "Cleo Marchetti has posted the minutes" in late["errors"]["notes"]
    assert count(town, Minutes) == 1


def test_what_was_not_finished_goes_onto_the_next_agenda_and_is_marked(town):
    meets(town, "Budget", "Buses", more="every:week")
    assert not writes(town, left=["Buses"])
    listed = flat(town.types("ben", "/meeting"))
    assert "1. Buses (Ben Ortiz) · left from last time" in listed
    goes_to(town, "2026-12-13T20:00:05Z")
    assert "1. Buses (Ben Ortiz) · left from last time" in posted(town, "*Agenda*")[-1]


def test_what_was_not_finished_waits_where_there_is_no_next_meeting_yet(town):
    meets(town, "Buses")
    assert not writes(town, left=["Buses"])
    plans(town, '/meeting new "Board" 2026-12-17 9:00')
    assert "1. Buses (Ben Ortiz) · left from last time" in flat(town.types("ben", "/meeting"))


def test_the_latest_minutes_can_be_read_again(town):
    meets(town)
    assert not writes(town, notes="We met.")
    assert "We met." in town.types("gus", "/meeting read")


def test_where_who_wrote_the_minutes_leaves_before_the_end_of_the_meeting_there_is_rest_until_then(town):
    plans(town, '/meeting new "Council" 2026-12-07 13:00 for:90m every:week notes:@cleo')
    goes_to(town, "2026-12-07T20:30:00Z")
    town.types("cleo", "/meeting minutes")
    assert town.fills("cleo", notes="We meet.")["closed"]
    town.http.post("/sandbox/people", json={"user": "cleo", "deleted": True})
    town.settle()
    with town.bot.db.read() as session:
        assert jobs.next_due(session) > town.now()
    goes_to(town, "2026-12-07T22:00:05Z")
    assert "Mon 28 Dec 2026, 13:00" in flat(town.types("ben", "/meeting"))


# decisions ---------------------------------------------------------------------------------------------


def test_decisions_enter_the_log_as_recorded_with_the_agencies_present(town):
    meets(town)
    assert not writes(town, decisions="The calendar begins on 1 September")
    said = town.types("gus", "/consortium decisions")
    assert "*The calendar begins on 1 September*" in said
    assert "Recorded in the minutes of Council. Present: Birch Schools and Elm Schools." in said
    assert "Recorded in minutes · Mon 7 Dec 2026" in said
    assert "The calendar begins" in town.types("gus", "/consortium decisions calendar")
    assert "The calendar begins" not in town.types("gus", "/consortium decisions zebra")


def test_what_minutes_of_a_private_channel_record_is_listed_there_only(town):
    assert town.call("channels", name="board", private=True, members=["ana", "cleo"], bot=True)["ok"]
    town.types("cleo", '/meeting new "Layoffs" 2026-12-07 13:00 notes:@cleo', "board")
    goes_to(town, AFTER)
    assert not writes(town, decisions="We merge with Oak")
    for user, channel in (("gus", "council"), ("ana", "council"), ("ana", "@ana")):
        said = town.types(user, "/consortium decisions", channel)
        assert "We merge" not in said
        assert "Layoffs" not in said
    assert "We merge with Oak" in town.types("ana", "/consortium decisions merge", "board")


def test_a_task_from_the_minutes_of_a_private_channel_does_not_name_its_meeting(town):
    assert town.call("channels", name="board", private=True, members=["ana", "cleo"], bot=True)["ok"]
    town.types("cleo", '/meeting new "Layoffs" 2026-12-07 13:00 notes:@cleo', "board")
    goes_to(town, AFTER)
    assert not writes(town, actions="Find a room")
    said = town.types("gus", "/task all")
    assert "Find a room" in said
    assert "Layoffs" not in said
    with town.bot.db.read() as session:
        assert session.scalars(select(Task.source)).one() == "minutes"


def test_a_representatives_objection_makes_a_recorded_decision_a_proposal(town):
    meets(town)
    assert not writes(town, decisions="The calendar begins on 1 September\nWe meet monthly")
    assert "Finn Abernathy speaks for Oak Valley" in town.presses("gus", "I object to a decision", message(town))
    town.presses("finn", "I object to a decision", message(town))
    assert "Oak Valley objects" in text_of(town.views("finn")[-1])
    assert town.fills("finn", decision="2", why="Not every month.")["closed"]
    town.settle()
    assert "Objected to: decision 2 is proposal #1 now." in text_of(message(town))
    proposal = flat(text_of(town.message("#1 We meet monthly")))
    assert "Proposed by Finn Abernathy (Oak Valley)" in proposal
    assert "Recorded in the minutes of Council, Mon 7 Dec 2026. Oak Valley objects: Not every month." in proposal
    assert "[Agree]" in proposal
    assert "After an objection, it became proposal #1." in town.types("ana", "/consortium decisions")
    town.presses("ben", "I object to a decision", message(town))
    assert town.fills("ben", decision="1", why="Too early.")["closed"]
    town.settle()
    assert "[I object to a decision]" not in text_of(message(town))
    town.waits("P6D")
    assert "Accepted, except for what was objected to: #1 and #2." in " ".join(
        t.replace("#2 and #1", "#1 and #2") for t in town.thread(message(town))
    )


def test_an_objection_under_consent_leaves_the_time_that_consent_needs(town):
    town.types("ana", "/consortium settings")
    assert town.fills("ana", rule="consent", open_days="1")["closed"]
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    town.presses("finn", "I object to a decision", message(town))
    assert town.fills("finn", decision="1", why="Not every month.")["closed"]
    town.settle()
    assert "consent" in text_of(town.message("#1 We meet monthly"))


def test_after_five_days_nobody_objects_or_corrects_any_more(town):
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    asked = message(town)
    town.presses("finn", "I object to a decision", asked)
    town.presses("ben", "Propose a correction", asked)
    goes_to(town, "2026-12-12T22:01:00Z")
    for user, values in (("finn", {"decision": "1", "why": "Late."}), ("ben", {"text": "Late."})):
        town.fills(user, **values)
        assert "were accepted" in text_of(town.views(user)[-1])
        assert "/propose" in text_of(town.views(user)[-1])
    assert count(town, Correction) == 0


# corrections -------------------------------------------------------------------------------------------


def test_a_correction_goes_to_the_note_taker_who_takes_it_in_with_one_press(town):
    meets(town)
    assert not writes(town)
    town.presses("ben", "Propose a correction", message(town))
    assert town.fills("ben", text="We met for long.")["closed"]
    assert "Cleo Marchetti is asked to take your correction in." in text_of(whisper(town, "ben"))
    goes_to(town, "2026-12-08T16:00:00Z")
    asked = last_told(town, "cleo", "proposes a correction")
    assert "Ben Ortiz proposes a correction to the minutes of *Council*" in text_of(asked)
    town.presses("cleo", "Take it in", asked, "@cleo")
    town.settle()
    assert "Correction, Ben Ortiz: “We met for long.”" in text_of(message(town))
    assert town.thread(message(town)) == ["Correction by Ben Ortiz, taken in by Cleo Marchetti: “We met for long.”"]
    goes_to(town, "2026-12-12T22:01:00Z")
    assert "Accepted with 1 correction." in text_of(message(town))


def test_a_declined_correction_is_told_to_who_proposed_it(town):
    meets(town)
    assert not writes(town)
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="We met for long.")
    goes_to(town, "2026-12-08T16:00:00Z")
    town.presses("cleo", "Decline", last_told(town, "cleo", "proposes a correction"), "@cleo")
    town.settle()
    assert "Cleo Marchetti did not take in your correction" in told(town, "ben", "correction")[-1]
    assert "for long" not in text_of(message(town))


def test_who_wrote_the_minutes_corrects_them_at_once(town):
    meets(town)
    assert not writes(town)
    town.presses("cleo", "Propose a correction", message(town))
    town.fills("cleo", text="It was Monday.")
    town.settle()
    assert "Correction, Cleo Marchetti: “It was Monday.”" in text_of(message(town))


def test_a_correction_that_comes_late_keeps_the_minutes_open_for_a_day(town):
    meets(town)
    assert not writes(town)
    goes_to(town, "2026-12-12T21:00:00Z")
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="Late but right.")
    goes_to(town, "2026-12-12T22:01:00Z")
    assert "Open for corrections until Sun 13 Dec 2026, 14:00" in flat(text_of(message(town)))
    goes_to(town, "2026-12-13T21:01:00Z")
    assert "Accepted without objection. 1 proposed correction was not taken in." in text_of(message(town))


def test_minutes_are_accepted_by_silence_once_and_locked(town):
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


def test_where_the_time_for_corrections_is_off_minutes_stand_as_posted(town):
    town.types("ana", "/meeting settings")
    assert town.fills("ana", step__accept="off")["closed"]
    meets(town)
    assert not writes(town)
    assert "They stand as they were posted." in text_of(message(town))
    assert "[Propose a correction]" not in text_of(message(town))


def test_only_who_wrote_or_runs_it_takes_corrections_in_and_each_is_decided_once(town):
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
    assert "Who wrote the minutes" in sends(town, "gus", "minutes.take", number)
    assert "is taken in" in sends(town, "ana", "minutes.take", number)
    assert "is settled already" in sends(town, "cleo", "minutes.decline", number)
    assert "There are no such minutes" in sends(town, "cleo", "minutes.take", "99")
    assert "There are no such minutes" in sends(town, "cleo", "minutes.object", "99")
    goes_to(town, "2026-12-09T16:00:00Z")
    assert not told(town, "cleo", "proposes a correction")


def test_where_the_note_taker_is_away_the_chair_decides_about_corrections(town):
    meets(town)
    assert not writes(town)
    town.types("cleo", "/consortium away until 2026-12-20")
    town.presses("ben", "Propose a correction", message(town))
    town.fills("ben", text="It rained.")
    assert "Ana Reyes is asked" in text_of(whisper(town, "ben"))


def test_where_nobody_is_left_to_decide_a_correction_is_taken_in_by_nobody_until_a_facilitator_presses(town):
    assert town.call("channels", name="board", private=True, members=["cleo", "gus", "finn"], bot=True)["ok"]
    town.types("cleo", '/meeting new "Board" 2026-12-07 13:00 notes:@finn', "board")
    goes_to(town, AFTER)
    assert not writes(town, "finn")
    town.call("people", user="finn", deleted=True)
    town.settle()
    kept = town.message("*Minutes*", "gus", "board")
    town.presses("gus", "Propose a correction", kept, "board")
    town.fills("gus", text="It snowed.")
    assert "Cleo Marchetti is asked" in text_of(whisper(town, "gus", "board"))
    with town.bot.db.begin() as session:
        session.scalars(select(Series)).one().chair_id = session.scalars(select(Minutes)).one().author_id
    asked = last_told(town, "cleo", "proposes a correction")
    town.presses("cleo", "Take it in", asked, "@cleo")
    assert "Correction, Gus Whitehorse: “It snowed.”" in text_of(town.message("*Minutes*", "gus", "board"))
    town.call("people", user="cleo", deleted=True)
    town.settle()
    town.presses("gus", "Propose a correction", kept, "board")
    town.fills("gus", text="It rained.")
    assert "shown beneath them, where a facilitator can take it in" in text_of(whisper(town, "gus", "board"))
    (open_,) = (m for m in town.messages("gus", "board") if "proposes a correction" in text_of(m))
    assert "Nobody is left who wrote these minutes" in text_of(open_)
    assert "or a facilitator takes corrections in" in town.presses("gus", "Take it in", open_, "board")
    assert "It rained" not in text_of(town.message("*Minutes*", "gus", "board"))
    town.call("channels", channel="board", join=["ana"])
    town.presses("ana", "Take it in", open_, "board")
    assert "Correction, Gus Whitehorse: “It rained.”" in text_of(town.message("*Minutes*", "gus", "board"))
    assert "It snowed" not in str(town.direct("ana")) and "It rained" not in str(town.direct("ana"))


# a series that goes to another channel -----------------------------------------------------------------


def test_minutes_of_a_private_channel_stay_there_where_their_series_goes_to_a_public_one(town):
    assert town.call("channels", name="board", private=True, members=["ana", "cleo"], bot=True)["ok"]
    typed = '/meeting new "Layoffs" 2026-12-07 13:00 every:week notes:@cleo'
    town.types("ana", typed, "board")
    town.presses("ana", "Plan them", whisper(town, "ana", "board"), "board")
    town.types("cleo", '/meeting add "Who goes"', "board")
    goes_to(town, AFTER)
    assert not writes(town, decisions="Two schools close", left=["1"])
    kept = town.message("*Minutes*", channel="board")
    town.types("ana", "/meeting", "board")
    town.presses("ana", "Change", whisper(town, "ana", "board"), "board")
    assert town.fills("ana", channel="council", title="Council")["closed"]
    assert "is not taken along: “Who goes” waits there." in text_of(whisper(town, "ana", "board"))
    assert "There are no minutes in this channel yet" in town.types("gus", "/meeting read")
    assert "Two schools" not in town.types("gus", "/consortium decisions")
    assert "private channel that you are not in" in sends(town, "gus", "minutes.read", "1")
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


def test_dov_reads_what_is_posted_and_is_shown_the_way_in(town):
    meets(town)
    assert not writes(town, decisions="We meet monthly")
    for label in ("Propose a correction", "I object to a decision"):
        said = town.presses("dov", label, message(town))
        assert "Only people of the consortium" in said
        assert "[Join an agency]" in said
    assert "We met." in town.presses("dov", "Read all", message(town))
    assert "Only people of the consortium" in town.types("dov", "/meeting minutes")
    assert (count(town, Correction), count(town, Minutes)) == (0, 1)
