"""Journeys through meetings: planning, agendas, reminders, moving, canceling, passing the minutes on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.meetings import jobs
from storage.agendas import AgendaItem
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState
from tests.journeys.steps import (
    COUNCIL,
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
from tests.town import element_of, text_of

EVERYONE = ("ana", "ben", "cleo", "eva", "finn", "gus")


# planning ----------------------------------------------------------------------------------------------


def test_a_typed_meeting_is_planned_and_listed_with_its_agenda_and_buttons(town):
    said = plans(town)
    assert "*Council* is planned: Thu, Dec 10, 2026, 2:00 PM, 90 minutes" in said
    assert "Ana Reyes chairs, and the agencies take turns taking the minutes." in said
    listed = flat(town.types("ana", "/meeting"))
    assert "*Council*\nThu, Dec 10, 2026, 2:00 PM · 90 minutes · chair Ana Reyes" in listed
    assert "Nothing is on the agenda yet." in listed
    assert "[Add an item] [Agenda] [Move] [Cancel] [Change]" in listed
    assert "[Move]" not in town.types("cleo", "/meeting")


def test_a_series_is_confirmed_in_words_with_three_dates_before_it_is_created(town):
    said = flat(town.types("ana", '/meeting new "Council" 2026-12-17 14:00 every:month notes:@cleo chair:@ben'))
    assert "*Council*, every third Thursday of the month at 2:00 PM (America/Denver), 60 minutes." in said
    assert "• Thu, Dec 17, 2026, 2:00 PM\n• Thu, Jan 21, 2027, 2:00 PM\n• Thu, Feb 18, 2027, 2:00 PM" in said
    assert count(town, Series) == 0
    town.presses("ana", "Plan them", town.private_answer("ana"))
    confirmed = flat(text_of(town.private_answer("ana")))
    assert "every third Thursday of the month at 2:00 PM: Thu, Dec 17, 2026, 2:00 PM" in confirmed
    assert "Ben Ortiz chairs, and Cleo Marchetti takes the minutes" in confirmed
    assert count(town, Series) == 1
    assert count(town, Meeting) == 3


TYPED_SERIES = [
    pytest.param(
        '2027-01-05 14:00 every:"FREQ=WEEKLY;BYDAY=TU,WE;UNTIL=20270113T065959Z"',
        "every Tuesday and Wednesday at 2:00 PM (America/Denver) until Tue, Jan 12, 2027, 60 minutes.\nAll its dates:\n"
        "• Tue, Jan 5, 2027, 2:00 PM\n• Wed, Jan 6, 2027, 2:00 PM\n• Tue, Jan 12, 2027, 2:00 PM",
        id="a rule with an end in UTC",
    ),
    pytest.param(
        "2026-12-03 14:00 every:third thursday until:30 june",
        "every third Thursday of the month at 2:00 PM (America/Denver) until Wed, Jun 30, 2027, 60 minutes.\n"
        "The next dates:\n• Thu, Dec 17, 2026, 2:00 PM\n• Thu, Jan 21, 2027, 2:00 PM\n• Thu, Feb 18, 2027, 2:00 PM",
        id="a weekday of the month, without quotes",
    ),
    pytest.param(
        'every:"last friday" until:2027-01-31 2026-12-03 14:00',
        "every last Friday of the month at 2:00 PM (America/Denver) until Sun, Jan 31, 2027, 60 minutes.\n"
        "All its dates:\n• Fri, Dec 25, 2026, 2:00 PM\n• Fri, Jan 29, 2027, 2:00 PM",
        id="the last one, in any order",
    ),
    pytest.param(
        "2026-12-03 14:00 every:quarter",
        "the first Thursday every 3 months at 2:00 PM (America/Denver), 60 minutes.\nThe next dates:\n"
        "• Thu, Dec 3, 2026, 2:00 PM\n• Thu, Mar 4, 2027, 2:00 PM\n• Thu, Jun 3, 2027, 2:00 PM",
        id="every quarter",
    ),
    pytest.param(
        "2026-12-03 14:00 every:week zone:berlin",
        "every Thursday at 2:00 PM (Europe/Berlin), 60 minutes.\nThe next dates:\n• <!date^1796302800",
        id="another zone, by its city",
    ),
    pytest.param(
        "2026-12-03 14:00 zone:New York every:week",
        "every Thursday at 2:00 PM (America/New York), 60 minutes.\nThe next dates:\n• <!date^1796324400",
        id="a city of two words",
    ),
]


@pytest.mark.parametrize(("typed", "words"), TYPED_SERIES)
def test_a_typed_rule_is_read_back_in_words_and_dates(town, typed, words):
    assert f"*Council*, {words}" in flat(town.types("ana", f'/meeting new "Council" {typed}'))
    town.presses("ana", "Plan them", town.private_answer("ana"))
    assert "*Council* is planned, " in text_of(town.private_answer("ana"))
    assert count(town, Series) == 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("2026-12-03 14:00 until:2027-06-30", "How often does it repeat?"),
        ("2026-12-03 14:00 every:week until:2026-12-02", "before its first meeting on Thu, Dec 3, 2026"),
        ("2026-12-03 14:00 every:week until:whenever", "I could not read “whenever” as a date"),
        ('2026-12-03 14:00 every:"FREQ=WEEKLY;COUNT=3" until:2027-06-30', "already when the series ends"),
        ("2026-12-03 14:00 zone:Atlantis", "I do not know the time zone “Atlantis”"),
        ("2026-12-03 14:00 every:fifth thursday", "Not every month has a fifth Thursday"),
    ],
)
def test_an_impossible_end_or_zone_is_refused_with_what_can_be_typed(town, typed, why):
    assert why in town.types("ana", f'/meeting new "Council" {typed}')
    assert "is for members of the consortium" in town.types("dov", f'/meeting new "Council" {typed}')
    assert count(town, Series) == 0


def test_words_that_can_be_read_in_two_ways_offer_the_other_reading(town):
    said = flat(town.types("ana", '/meeting new "Council" 2026-12-10 14:00 every:second thursday until:2026-12-31'))
    assert "every second Thursday of the month at 2:00 PM (America/Denver) until Thu, Dec 31, 2026" in said
    town.presses("ana", "Instead, every 2 weeks on Thursday", town.private_answer("ana"))
    said = flat(text_of(town.private_answer("ana")))
    assert "every 2 weeks on Thursday at 2:00 PM (America/Denver) until Thu, Dec 31, 2026" in said
    assert "• Thu, Dec 10, 2026, 2:00 PM\n• Thu, Dec 24, 2026, 2:00 PM" in said
    assert "Instead" not in said
    town.presses("ana", "Plan them", town.private_answer("ana"))
    assert count(town, Meeting) == 2


def test_a_series_in_another_zone_keeps_its_hour_there(town):
    town.types("ana", '/meeting new "Council" 2027-03-11 18:00 every:week zone:Europe/Berlin')
    town.presses("ana", "Plan them", town.private_answer("ana"))
    said = flat(text_of(town.private_answer("ana")))
    assert "*Council* is planned, every Thursday at 6:00 PM (Europe/Berlin): <!date^" in said
    assert "|Thu, Mar 11, 2027, 6:00 PM CET>" in said
    assert "every Thursday at 6:00 PM (Europe/Berlin)" in town.types("gus", "/meeting")
    with town.bot.db.read() as session:
        starts = session.scalars(select(Meeting.starts_at).order_by(Meeting.place)).all()
    assert [f"{at:%d %H}" for at in starts] == ["11 17", "18 17", "25 17"]


def test_a_series_that_would_move_past_its_end_stays(town):
    town.types("ana", '/meeting new "Council" 2026-12-09 14:00 every:week until:2026-12-16')
    town.presses("ana", "Plan them", town.private_answer("ana"))
    town.types("ana", "/meeting move 2026-12-11 14:00")
    said = flat(town.presses("ana", "Move this and all later ones", town.private_answer("ana")))
    assert (
        "*Council* is planned every Wednesday at 2:00 PM until Wed, Dec 16, 2026, and 1 of its meetings would be after "
        "that. Choose an earlier day, or move single meetings." in said
    )
    town.types("ana", "/meeting move 2026-12-08 14:00")
    said = flat(town.presses("ana", "Move this and all later ones", town.private_answer("ana")))
    assert "is now every Tuesday at 2:00 PM until Wed, Dec 16, 2026, starting Tue, Dec 8, 2026, 2:00 PM" in said


def test_a_series_confirmed_twice_is_created_once(town):
    town.types("ana", '/meeting new "Council" 2026-12-17 14:00 every:week')
    draft = element_of(town.private_answer("ana"), "Plan them")["value"]
    assert "*Council* is planned, every Thursday" in sends(town, "ana", "meeting.sure", draft)
    assert "*Council* is already planned." in sends(town, "ana", "meeting.sure", draft)
    assert count(town, Series) == 1


def test_a_series_that_is_not_confirmed_is_not_created(town):
    town.types("ana", '/meeting new "Council" 2026-12-17 14:00 every:week')
    town.presses("ana", "Don't plan them", town.private_answer("ana"))
    assert text_of(town.private_answer("ana")) == "OK. Nothing has changed."
    assert count(town, Series) == 0


def test_the_form_plans_a_meeting_with_a_named_note_taker(town):
    town.types("gus", "/meeting new Steering group 2026-12-18 10:00")
    fields = {b["block_id"]: b["element"] for b in town.views("gus")[-1]["blocks"] if b["type"] == "input"}
    assert len(fields) == 7
    assert fields["title"]["initial_value"] == "Steering group"
    assert fields["begins"]["initial_date_time"] == 1797613200
    assert town.fills("gus", length="45", notes="eva", chair="finn")["closed"]
    assert "Finn Abernathy chairs, and Eva Castellanos takes the minutes" in text_of(town.private_answer("gus"))


def test_the_form_has_more_options_and_confirms_a_series(town):
    town.types("gus", "/meeting new Steering")
    town.fills("gus", length="0", chair="finn")
    assert "Call for items, before the meeting" in town.presses_in_form("gus", "More options")
    fields = {b["block_id"]: b["element"] for b in town.views("gus")[-1]["blocks"] if b["type"] == "input"}
    assert (fields["title"]["initial_value"], fields["length"]["initial_value"]) == ("Steering", "0")
    assert fields["every"]["initial_option"]["value"] == "once"
    wrong = town.fills("gus", every="week", length="1h", step__remind="soon")
    assert wrong["errors"] == {"step.remind": "Type at most 1d, for example 15m or 24h, or off."}
    assert not town.fills("gus", step__remind="30m", step__call="off")["closed"]
    assert "The next dates:" in text_of(town.views("gus")[-1])
    assert town.fills("gus")["closed"]
    with town.bot.db.read() as session:
        assert session.scalars(select(Series.steps)).one() == {"call": None, "remind": 30}


def test_the_form_takes_a_weekday_of_the_month_an_end_and_a_zone(town):
    town.types("gus", "/meeting new Steering 2026-12-03 14:00")
    assert "<Until>\n<Time zone>" in town.presses_in_form("gus", "More options")
    assert town.fills("gus", zone="Atlantis")["errors"]["zone"].startswith("I do not know the time zone")
    assert "how often" in town.fills("gus", zone="Berlin", until="2027-06-30")["errors"]["until"]
    early = town.fills("gus", every="last friday", until="2026-12-20", zone="Berlin")
    assert "before its first meeting on Fri, Dec 25, 2026" in early["errors"]["until"]
    assert not town.fills("gus", every="last friday", until="2027-01-31", zone="berlin")["closed"]
    said = flat(text_of(town.views("gus")[-1]))
    assert "every last Friday of the month at 10:00 PM (Europe/Berlin) until Sun, Jan 31, 2027" in said
    assert "All its dates:" in said and "|Fri, Dec 25, 2026, 10:00 PM CET>" in said
    assert town.fills("gus")["closed"]
    assert count(town, Meeting) == 2


def test_confirming_a_series_that_was_planned_meanwhile_is_refused(town):
    town.types("gus", "/meeting new Council 2026-12-10 14:00")
    assert not town.fills("gus", every="week")["closed"]
    plans(town)
    town.fills("gus")
    assert "is already planned here for Thu, Dec 10, 2026, 2:00 PM" in flat(text_of(town.views("gus")[-1]))
    assert count(town, Series) == 1


def test_items_that_wait_in_a_channel_go_on_the_agenda_of_its_next_meeting(town):
    plans(town)
    town.types("cleo", '/meeting add "Buses"')
    town.presses("ana", "Cancel it", _asked(town, "ana", "/meeting cancel"))
    town.settle()
    plans(town, '/meeting new "Board" 2026-12-17 9:00')
    assert "1. Buses (Cleo Marchetti)" in flat(town.types("ben", "/meeting"))


def _asked(town, user, command):
    town.types(user, command)
    return town.private_answer(user)


# agendas -----------------------------------------------------------------------------------------------


def test_items_are_added_by_typing_and_from_the_channel_and_are_removed(town):
    plans(town)
    said = flat(town.types("ben", '/meeting add "Budget draft" minutes:15'))
    assert said == "“Budget draft”, 15 min, is on the agenda of *Council*, Thu, Dec 10, 2026, 2:00 PM."
    goes_to(town, "2026-12-03T21:00:05Z")
    call = town.message("what should we talk about?")
    assert "1. Budget draft (Ben Ortiz, 15 min)" in text_of(call)
    town.presses("cleo", "Add an item", call)
    assert town.fills("cleo", title="Buses", length="20", who="finn")["closed"]
    shown = flat(town.types("ben", "/meeting agenda"))
    assert "1. Budget draft (Ben Ortiz, 15 min)\n2. Buses (Finn Abernathy, 20 min)" in shown
    off = town.private_answer("ben")
    menu = next(e for b in off["blocks"] for e in b.get("elements", []) if e["type"] == "static_select")
    assert [option["text"]["text"] for option in menu["options"]] == ["Budget draft"]
    town.call("act", user="ben", view_id=off["id"], action_id="meeting.off", value="Budget draft")
    shown = flat(text_of(town.private_answer("ben")))
    assert "“Budget draft” is off the agenda of *Council*" in shown
    assert "1. Buses" in shown


def test_the_agenda_is_published_a_day_before_with_open_proposals_and_follows_changes(town):
    plans(town)
    town.types("ben", '/meeting add "Budget draft" minutes:60')
    town.types("cleo", '/meeting add "Buses" minutes:45')
    town.proposes("Adopt the calendar", more="closes:14d")
    goes_to(town, "2026-12-09T20:59:00Z")
    assert not posted(town, "*Agenda*")
    goes_to(town, "2026-12-09T21:00:05Z")
    (agenda,) = posted(town, "*Agenda*")
    assert "90 minutes · chair Ana Reyes · minutes Cleo Marchetti" in agenda
    assert "1. Budget draft (Ben Ortiz, 60 min)\n2. Buses (Cleo Marchetti, 45 min)" in agenda
    assert "*Open proposals*\n• #1 Adopt the calendar · closes Mon, Dec 14, 2026" in agenda
    assert "105 minutes of items for a 90-minute meeting." in agenda
    town.types("finn", '/meeting add "Any other business"')
    town.settle()
    (agenda,) = posted(town, "*Agenda*")
    assert "3. Any other business (Finn Abernathy)" in agenda


def test_an_agenda_published_early_is_not_published_again(town):
    plans(town)
    assert "is on its way to the channel" in town.types("ana", "/meeting publish")
    town.settle()
    assert "is already in the channel" in town.types("ana", "/meeting publish")
    assert "Only the chair of *Council*" in town.types("gus", "/meeting publish")
    town.waits("P11D")
    assert len(posted(town, "*Agenda*")) == 1


def test_a_topic_suggested_by_the_climate_goes_on_the_next_agenda(town):
    topic = "Fair share of the work"
    said = sends(town, "ana", "meeting.suggest", topic)
    assert "No meeting is planned yet" in said
    assert "/meeting new" in said
    plans(town)
    on = f"“{topic}” is on the agenda of *Council*, Thu, Dec 10, 2026, 2:00 PM."
    assert sends(town, "ana", "meeting.suggest", topic, "general") == on
    assert "already" in sends(town, "ben", "meeting.suggest", topic)
    assert "is for members of the consortium" in sends(town, "dov", "meeting.suggest", "Other")


# the clock ---------------------------------------------------------------------------------------------


def test_people_are_told_what_concerns_them_once_and_on_time(town):
    plans(town)
    town.types("gus", '/meeting add "Buses"')
    goes_to(town, "2026-12-03T20:59:00Z")
    assert not told(town, "cleo")
    goes_to(town, "2026-12-03T21:00:05Z")
    assert len(posted(town, "what should we talk about?")) == 1
    assert "which you chair, has 1 agenda item so far." in told(town, "ana", "Council")[-1]
    assert "You will take the minutes of Council*, Thu, Dec 10, 2026, 2:00 PM." in told(town, "cleo")[-1]
    goes_to(town, "2026-12-10T20:44:00Z")
    assert not told(town, "ben")
    goes_to(town, "2026-12-10T20:45:05Z")
    assert "*Council* begins Thu, Dec 10, 2026, 2:00 PM" in told(town, "ana")[-1]
    assert "You chair it." in told(town, "ana")[-1]
    assert "You take the minutes.\nYou speak for your agency." in told(town, "cleo")[-1]
    assert "You bring “Buses”." in told(town, "gus")[-1]
    assert "You speak for your agency." in told(town, "ben")[-1]
    assert not told(town, "eva")
    goes_to(town, "2026-12-10T23:29:00Z")
    assert not told(town, "cleo", "Write the minutes")
    goes_to(town, "2026-12-10T23:30:05Z")
    assert "*You take the minutes of Council*, which met Thu, Dec 10, 2026, 2:00 PM." in told(town, "cleo")[-1]
    town.waits("P14D")
    assert len(posted(town, "what should we talk about?")) == 1
    assert len(posted(town, "*Agenda*")) == 1
    assert [len(told(town, user, "*Council* begins")) for user in EVERYONE] == [1, 1, 1, 0, 1, 1]


def test_the_note_taker_is_asked_three_times_for_the_minutes_and_then_the_chair(town):
    plans(town, '/meeting new "Council" 2026-12-07 14:00 for:90m notes:@cleo')
    for at, asked, chair in (
        ("2026-12-07T23:30:05Z", 1, 0),
        ("2026-12-08T23:30:05Z", 2, 0),
        ("2026-12-09T23:30:05Z", 3, 0),
        ("2026-12-10T23:30:05Z", 3, 1),
        ("2026-12-24T23:30:05Z", 3, 1),
    ):
        goes_to(town, at)
        assert len(told(town, "cleo", "Write the minutes")) == asked, at
        assert len(told(town, "ana", "There are no minutes yet")) == chair, at
    assert "the chair will be asked next" in told(town, "cleo", "Write the minutes")[-1]
    assert "Cleo Marchetti was asked" in told(town, "ana", "There are no minutes yet")[-1]


def test_posted_minutes_are_not_asked_for(town):
    plans(town, '/meeting new "Council" 2026-12-07 14:00 notes:@cleo')
    goes_to(town, "2026-12-07T21:30:00Z")
    writes_by_command(town, "cleo", "We met.")
    town.waits("P10D")
    assert not told(town, "cleo", "Write the minutes")
    assert not told(town, "ana", "There are no minutes")


def test_a_meeting_planned_late_skips_the_steps_that_have_passed(town):
    assert "It begins soon, so its agenda" in plans(town, '/meeting new "Council" 2026-11-30 12:00')
    town.waits("PT2H")
    assert not posted(town, "what should we talk about?")
    assert not posted(town, "*Agenda*")
    assert "You will take the minutes of Council" in told(town, "cleo")[-1]
    goes_to(town, "2026-11-30T18:50:00Z")
    assert len(told(town, "ben", "*Council* begins")) == 1


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        pytest.param(-30, ["the call for the agenda of Council"], id="a day late, the call is still useful"),
        pytest.param(-2, ["the agenda of Council"], id="after the agenda, it is not"),
        pytest.param(26, [], id="nothing is announced after the meeting"),
    ],
)
def test_late_ticks_run_only_steps_that_are_still_useful(town, hours, said):
    plans(town)
    with town.bot.db.begin() as session:
        meeting = session.scalars(select(Meeting)).one()
        for _ in range(2):
            # as if nothing had run since it was planned
            jobs.run_due_steps(session, meeting.id, meeting.starts_at + timedelta(hours=hours))
        session.flush()
        about = session.scalars(select(OutboxMessage.about).where(OutboxMessage.about.contains("agenda"))).all()
    assert list(about) == said


def test_each_step_can_be_adjusted_by_the_consortium_and_by_the_series(town):
    assert "Only a facilitator can do this" in town.types("ben", "/meeting settings")
    town.types("ana", "/consortium settings")
    assert "Call for items, before the meeting" in town.presses_in_form("ana", "Meetings")
    assert town.fills("ana", step__call="2d", step__agenda="off")["closed"]
    plans(town)
    plans(town, '/meeting new "Board" 2026-12-10 16:00')
    goes_to(town, "2026-12-08T21:00:05Z")
    assert len(posted(town, "*Council*, Thu, Dec 10, 2026, 2:00 PM: what should we talk about?")) == 1
    town.types("ana", "/meeting")
    town.presses("ana", "Change", town.private_answer("ana"))
    town.presses_in_form("ana", "More options")
    assert town.fills("ana", step__remind="1h")["closed"]
    goes_to(town, "2026-12-10T20:00:05Z")
    assert len(told(town, "ben", "*Council* begins")) == 1
    assert not posted(town, "*Agenda*")
    goes_to(town, "2026-12-10T22:45:05Z")
    assert len(told(town, "ben", "*Board* begins")) == 1


# note-takers ----------------------------------------------------------------------------------


def test_agencies_take_turns_and_one_that_passes_the_minutes_on_is_next_again(town):
    plans(town, '/meeting new "Council" 2026-12-10 14:00 every:week')
    goes_to(town, "2026-12-07T22:00:00Z")
    assert told(town, "cleo", "You will take the minutes of Council*, Thu, Dec 10")
    town.presses("cleo", "I can't", last_told(town, "cleo", "You will take the minutes"), "@cleo")
    town.settle()
    assert (
        "You no longer take the minutes of *Council*, Thu, Dec 10, 2026, 2:00 PM. Ben Ortiz is asked now."
        in told(town, "cleo")[-1]
    )
    assert told(town, "ben", "You will take the minutes of Council*, Thu, Dec 10")
    goes_to(town, "2026-12-14T22:00:00Z")
    assert told(town, "cleo", "You will take the minutes of Council*, Thu, Dec 17")
    goes_to(town, "2026-12-21T22:00:00Z")
    assert told(town, "finn", "You will take the minutes of Council*, Thu, Dec 24")
    goes_to(town, "2026-12-28T22:00:00Z")
    assert told(town, "ben", "You will take the minutes of Council*, Thu, Dec 31")


def test_a_note_taker_who_was_not_there_passes_the_minutes_on(town):
    plans(town, '/meeting new "Council" 2026-12-07 14:00 notes:@cleo')
    goes_to(town, "2026-12-07T23:00:05Z")
    town.presses("cleo", "I wasn't there", last_told(town, "cleo", "Write the minutes"), "@cleo")
    town.settle()
    assert "You take the minutes of Council" in told(town, "ben", "Write the minutes")[-1]
    town.waits("P1D")
    assert len(told(town, "cleo", "Write the minutes")) == 0
    assert len(told(town, "ben", "Write the minutes")) == 2


@pytest.mark.parametrize("action", ["meeting.cannot", "meeting.absent"])
def test_minutes_that_are_no_longer_needed_are_not_passed_on(town, action):
    plans(town, '/meeting new "Council" 2026-12-07 14:00 notes:@cleo')
    plans(town, '/meeting new "Board" 2026-12-08 14:00 notes:@cleo')
    with town.bot.db.read() as session:
        council, board = map(str, session.scalars(select(Meeting.id).order_by(Meeting.starts_at)))
    goes_to(town, "2026-12-07T21:30:00Z")
    writes_by_command(town, "cleo", "We met.")
    town.presses("ana", "Cancel it", _asked(town, "ana", '/meeting cancel "Board"'))
    assert "are already written, so there is nothing to pass on." in sends(town, "cleo", action, council)
    assert "is canceled, so there are no minutes to take." in sends(town, "cleo", action, board)
    with town.bot.db.read() as session:
        assert {tuple(one) for one in session.scalars(select(Meeting.excused))} == {()}


def test_the_alternate_takes_the_minutes_while_the_representative_is_away(town):
    town.types("cleo", "/consortium away until 2026-12-20")
    plans(town)
    goes_to(town, "2026-12-10T20:45:05Z")
    assert not told(town, "cleo")
    assert told(town, "eva", "You will take the minutes of Council")
    assert told(town, "eva", "*Council* begins")


def test_a_note_taker_who_goes_away_is_replaced_and_not_asked(town):
    plans(town, COUNCIL + " notes:@finn")
    goes_to(town, "2026-12-04T21:00:00Z")
    assert told(town, "finn", "You will take the minutes of Council")
    town.types("finn", "/consortium away until 2026-12-20")
    goes_to(town, "2026-12-10T23:30:05Z")
    assert not told(town, "finn", "Write the minutes")
    assert told(town, "gus", "Write the minutes")


def test_a_note_taker_who_leaves_is_replaced_and_the_facilitator_is_told_once(town):
    plans(town, '/meeting new "Council" 2026-12-03 14:00 every:week notes:@gus')
    town.settle()
    assert told(town, "gus", "You will take the minutes of Council")
    town.http.post("/sandbox/people", json={"user": "gus", "deleted": True})
    town.settle()
    assert told(town, "finn", "You will take the minutes of Council*, Thu, Dec 3")
    news = told(town, "ana", "The note-taker of")
    assert len(news) == 1
    assert "Finn Abernathy takes the minutes now." in news[0]
    town.waits("P14D")
    assert len(told(town, "ana", "The note-taker of")) == 1
    assert told(town, "cleo", "You will take the minutes of Council*, Thu, Dec 10")


# private channels --------------------------------------------------------------------------------------


def test_a_facilitator_outside_a_private_channel_learns_nothing_of_its_meeting(town):
    makes_board(town, "cleo", "eva", bot=False)
    town.forgiven.add("channel_not_found")
    town.types("cleo", '/meeting new "Layoffs" 2026-12-07 13:00 notes:@eva', "board")
    goes_to(town, "2026-12-01T21:00:00Z")
    assert told(town, "eva", "You will take the minutes of Layoffs*")
    town.http.post("/sandbox/people", json={"user": "eva", "deleted": True})
    goes_to(town, "2026-12-02T21:00:00Z")
    assert "Cleo Marchetti takes the minutes now." in told(town, "cleo", "The note-taker of")[-1]
    assert told(town, "cleo", "Invite me there")
    # that something could not be posted, and nothing of what
    assert told(town, "ana", "I could not post a message about a meeting in a private channel")
    assert not told(town, "ana", "Layoffs") and not told(town, "ana", "board")
    town.types("ana", "/consortium")
    assert "Layoffs" not in sends(town, "ana", "delivery.list", "")


def test_if_nobody_is_left_in_a_private_channel_a_facilitator_is_told_without_the_name(town):
    makes_board(town, "cleo", "eva")
    town.types("cleo", '/meeting new "Layoffs" 2026-12-07 13:00 notes:@eva', "board")
    goes_to(town, "2026-12-01T21:00:00Z")
    for user in ("cleo", "eva"):
        town.http.post("/sandbox/people", json={"user": user, "deleted": True})
        town.settle()
    goes_to(town, "2026-12-08T21:00:00Z")
    assert len(told(town, "ana", "The note-taker of a meeting in a private channel has left the consortium")) == 1
    assert not told(town, "ana", "Layoffs")


def test_nothing_is_planned_while_slack_does_not_say_whether_a_channel_is_private(town):
    town.forgiven.add("internal_error")
    town.call("faults", method="conversations.info", fault="500")
    assert "Slack has trouble just now, so nothing has changed." in town.types("ana", COUNCIL)
    assert count(town, Series) == 0
    assert "is planned" in plans(town)
    with town.bot.db.read() as session:
        assert session.scalars(select(Series.private)).one() is False


# moving and canceling -----------------------------------------------------------------------------------


def test_moving_one_meeting_tells_everyone_once_and_moves_its_reminders(town):
    plans(town, '/meeting new "Council" 2026-12-10 14:00 every:week')
    asked = _asked(town, "ana", "/meeting move 2026-12-11 10:00")
    assert "Move *Council*, Thu, Dec 10, 2026, 2:00 PM, to Fri, Dec 11, 2026, 10:00 AM?" in flat(text_of(asked))
    assert "[Move only this one] [Move this and all later ones] [Keep it]" in text_of(asked)
    town.presses("ana", "Move only this one", asked)
    town.settle()
    news = "Ana Reyes has moved *Council* from Thu, Dec 10, 2026, 2:00 PM to Fri, Dec 11, 2026, 10:00 AM."
    assert len(posted(town, news)) == 1
    assert [len(told(town, user, news)) for user in EVERYONE] == [0, 1, 1, 0, 1, 0]
    goes_to(town, "2026-12-10T21:30:00Z")
    assert not told(town, "ben", "*Council* begins")
    goes_to(town, "2026-12-11T16:45:05Z")
    assert len(told(town, "ben", "*Council* begins Fri, Dec 11, 2026, 10:00 AM")) == 1
    listed = flat(town.types("ben", "/meeting"))
    assert "Thu, Dec 17, 2026, 2:00 PM" in listed


def test_moving_all_of_a_series_changes_its_weekday_and_hour_and_keeps_the_agenda(town):
    plans(town, '/meeting new "Council" 2026-12-10 14:00 every:2weeks')
    town.types("cleo", '/meeting add "Buses"')
    town.types("ana", "/meeting")
    town.presses("ana", "Move", town.private_answer("ana"))
    for which in ("all", "one"):
        errors = town.fills("ana", begins="2029-12-11T22:00:00+00:00", which=which)["errors"]
        assert "more than three years away" in errors["begins"]
    assert town.fills("ana", begins="2026-12-11T22:00:00+00:00", which="all")["closed"]
    listed = flat(town.types("ben", "/meeting"))
    for day in ("Fri, Dec 11, 2026, 3:00 PM", "Fri, Dec 25, 2026, 3:00 PM", "Fri, Jan 8, 2027, 3:00 PM"):
        assert day in listed
    assert "every 2 weeks on Friday at 3:00 PM" in listed
    assert "1. Buses" in listed
    town.settle()
    assert len(posted(town, "It is now every 2 weeks on Friday at 3:00 PM, starting Fri, Dec 11, 2026, 3:00 PM")) == 1
    assert len(told(town, "ben", "has moved *Council*")) == 1
    town.waits("P20D")
    assert "Fri, Jan 22, 2027, 3:00 PM" in flat(town.types("ben", "/meeting"))


@pytest.mark.parametrize(
    "typed",
    [
        '"Council" to dec 12 14:00',
        "to dec 12 14:00",
        "dec 10 to dec 12 14:00",
        '"Council" dec 12 14:00-15:30',
        "Dec 10 To Dec 12 14:00",
    ],
)
def test_a_meeting_is_moved_to_a_time_as_people_type_it(town, typed):
    plans(town)
    assert "to Sat, Dec 12, 2026, 2:00 PM." in flat(town.types("ana", f"/meeting move {typed}"))


def test_a_moved_meeting_updates_its_published_agenda_and_publishes_another_on_time(town):
    plans(town)
    goes_to(town, "2026-12-09T21:00:05Z")
    town.types("ana", "/meeting move 2026-12-17 14:00")
    town.settle()
    (agenda,) = posted(town, "*Agenda*")
    assert "Thu, Dec 17, 2026, 2:00 PM" in agenda
    goes_to(town, "2026-12-16T21:00:05Z")
    assert len(posted(town, "*Agenda*")) == 2
    town.waits("P3D")
    assert len(told(town, "ben", "*Council* begins")) == 1


def test_old_buttons_are_refused_with_what_has_changed(town):
    plans(town)
    with town.bot.db.read() as session:
        number = str(session.scalars(select(Meeting.id)).one())
    assert "This meeting no longer exists" in sends(town, "ben", "meeting.off", "99")
    assert "You no longer take the minutes" in sends(town, "ben", "meeting.cannot", number)
    assert "This meeting no longer exists" in sends(town, "ben", "meeting.cannot", "99")
    assert "This meeting no longer exists" in sends(town, "ana", "meeting.cancelled.one", "99")
    assert "has already passed" in sends(town, "ana", "meeting.moved.one", f"{number}|5")
    assert "Only the chair of *Council*" in sends(town, "ben", "meeting.moved.all", f"{number}|1897000000")
    assert "is canceled." in sends(town, "ana", "meeting.cancelled.one", number)
    for action in ("meeting.cancelled.one", "meeting.moved.one", "meeting.publish"):
        assert "is already canceled" in sends(town, "ana", action, f"{number}|1897000000")
    assert "is canceled" in sends(town, "ben", "meeting.add", number)


def test_only_the_person_who_brings_an_item_or_runs_the_meeting_removes_it(town):
    plans(town)
    town.types("ben", '/meeting add "Buses"')
    with town.bot.db.read() as session:
        number = str(session.scalars(select(AgendaItem.id)).one())
    assert "Only the person who brings an item" in sends(town, "gus", "meeting.off", number)
    assert "is off the agenda" in sends(town, "ana", "meeting.off", number)
    assert "Add one item at a time" in town.types("ben", '/meeting add "A" "B"')


def test_canceling_one_meeting_tells_everyone_once_and_moves_its_items(town):
    plans(town, '/meeting new "Council" 2026-12-10 14:00 every:week')
    town.types("cleo", '/meeting add "Buses"')
    goes_to(town, "2026-12-09T21:00:05Z")
    assert posted(town, "*Agenda*")
    town.presses("ana", "Cancel only this one", _asked(town, "ana", "/meeting cancel"))
    town.settle()
    assert posted(town, "*Council*, Thu, Dec 10, 2026, 2:00 PM is canceled.")
    assert not posted(town, "*Agenda*")
    assert len(told(town, "ben", "Ana Reyes has canceled *Council*, Thu, Dec 10, 2026, 2:00 PM.")) == 1
    goes_to(town, "2026-12-10T21:30:00Z")
    assert not told(town, "ben", "*Council* begins")
    listed = flat(town.types("ben", "/meeting"))
    assert "Thu, Dec 10" not in listed
    assert "Thu, Dec 17, 2026, 2:00 PM" in listed
    assert "1. Buses" in listed
    town.waits("P3D")
    assert not told(town, "cleo", "Write the minutes")


def test_a_series_continues_after_many_of_its_meetings_are_canceled(town):
    plans(town, '/meeting new "Council" 2026-12-10 14:00 every:week')
    for _ in range(4):
        town.presses("ana", "Cancel only this one", _asked(town, "ana", "/meeting cancel"))
        town.settle()
    assert "Thu, Jan 7, 2027, 2:00 PM" in flat(town.types("ben", "/meeting"))
    town.waits("P40D")
    assert "Thu, Jan 21, 2027, 2:00 PM" in flat(town.types("ben", "/meeting"))


def test_a_series_continues_when_minutes_are_posted_during_a_meeting(town):
    plans(town, '/meeting new "Council" 2026-12-01 14:00 every:week')
    goes_to(town, "2026-12-01T21:30:00Z")
    writes_by_command(town, "cleo", "We meet.")
    town.waits("P1D")
    assert "Tue, Dec 22, 2026, 2:00 PM" in flat(town.types("ben", "/meeting"))


def test_news_that_is_out_of_date_is_not_sent(town):
    plans(town)
    town.types("ben", "/consortium away until 2026-12-20")
    town.types("ana", "/meeting move 2026-12-11 10:00")
    town.waits("P25D")
    assert not told(town, "ben", "has moved")


def test_canceling_all_ends_the_series(town):
    plans(town, '/meeting new "Council" 2026-12-10 14:00 every:week')
    town.types("ana", "/meeting")
    town.presses("ana", "Cancel", town.private_answer("ana"))
    assert town.fills("ana", which="all")["closed"]
    town.settle()
    assert len(posted(town, "Ana Reyes has canceled *Council*, Thu, Dec 10, 2026, 2:00 PM, and all later ones.")) == 1
    assert len(told(town, "cleo", "has canceled *Council*")) == 1
    town.waits("P30D")
    assert "No meeting is planned." in town.types("ben", "/meeting")
    assert not posted(town, "what should we talk about?")
    with town.bot.db.read() as session:
        assert session.scalars(select(Series.sequence)).one() == 1


def test_keep_it_changes_nothing_and_only_organizers_may_change_a_meeting(town):
    plans(town)
    town.presses("ana", "Keep it", _asked(town, "ana", "/meeting cancel"))
    assert text_of(town.private_answer("ana")) == "OK. Nothing has changed."
    assert "Council" in town.types("ben", "/meeting")
    for typed in ("/meeting cancel", "/meeting move friday 15:00", "/meeting move"):
        said = town.types("ben", typed)
        assert (
            "Only the chair of *Council*, the person who planned it, or a facilitator can change it. You can ask Ana"
            in said
        )


def test_news_about_a_meeting_today_is_sent_in_quiet_hours(town):
    plans(town, '/meeting new "Council" 2026-12-01 8:30')
    goes_to(town, "2026-12-01T06:00:00Z")
    town.types("ana", "/meeting move 2026-12-01 9:30")
    town.settle()
    assert told(town, "ben", "has moved *Council*")


def test_a_series_is_changed_from_its_next_meeting_on(town):
    plans(town, '/meeting new "Council" 2026-12-10 14:00 every:week')
    town.types("ana", "/meeting")
    town.presses("ana", "Change", town.private_answer("ana"))
    assert town.fills("ana", title="Big Council", length="2h", chair="ben", notes="finn")["closed"]
    listed = flat(town.types("ben", "/meeting"))
    assert "*Big Council*\nThu, Dec 10, 2026, 2:00 PM · 120 minutes · chair Ben Ortiz" in listed
    goes_to(town, "2026-12-10T20:45:05Z")
    assert told(town, "finn", "You will take the minutes of Big Council*")
    assert "You chair it." in told(town, "ben", "*Big Council* begins")[-1]


def test_two_people_who_change_a_series_at_once_each_change_only_what_they_changed(town):
    plans(town, '/meeting new "Council" 2026-12-10 14:00 every:week chair:@ben notes:@cleo')
    for user in ("ana", "ben"):
        town.types(user, "/meeting")
        town.presses(user, "Change", town.private_answer(user))
        town.presses_in_form(user, "More options")
    assert town.fills("ben", length="2h", notes="finn", step__call="5d")["closed"]
    assert town.fills("ana", title="Big Council", chair="gus", step__remind="30m")["closed"]
    with town.bot.db.read() as session:
        series = session.scalars(select(Series)).one()
        people = [session.get_one(Member, person).name for person in (series.chair_id, series.notes_id)]
        assert (series.title, series.length, people) == ("Big Council", 120, ["Gus Whitehorse", "Finn Abernathy"])
        assert series.steps == {"call": 5 * 24 * 60, "remind": 30}


# refusals ---------------------------------------------------------------------------------------


INVALID_MEETINGS = (
    ("a day that does not exist", '"Council" 2026-02-30 14:00', "is not a day in the calendar"),
    ("a day in the past", '"Council" 2026-11-01 14:00', "is in the past"),
    ("24:00", '"Council" 2026-12-10 24:00', "24:00 is not a time of day"),
    ("no day", '"Council"', "but when does it begin?"),
    ("no length", '"Council" 2026-12-10 14:00 for:0', "takes 5 minutes to 12 hours"),
    ("three days", '"Council" 2026-12-10 14:00 for:3d', "takes 5 minutes to 12 hours"),
    ("a length in words", '"Council" 2026-12-10 14:00 for:long', "I could not read “long”"),
    ("every 31st", '"Council" 2026-12-10 14:00 every:31st', "keeps its weekday"),
    ("never", '"Council" 2026-12-10 14:00 every:"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"', "never take place"),
    ("an outsider", '"Council" 2026-12-10 14:00 notes:@dov', "does not belong to the consortium"),
    ("nobody", '"Council" 2026-12-10 14:00 chair:@nobody', "does not belong to the consortium"),
    ("no name", '"" 2026-12-10 14:00', "needs a name"),
    ("a name too long", f'"{"x" * 101}" 2026-12-10 14:00', "there is room for 100"),
    ("two names", '"Council" "Board" 2026-12-10 14:00', "but not “Board”"),
    ("too far away", '"Council" 2036-12-10 14:00', "more than three years away"),
)


def test_an_invalid_meeting_is_refused_with_an_example_and_not_stored(town, subtests):
    for what, typed, why in INVALID_MEETINGS:
        with subtests.test(what):
            said = town.types("ana", f"/meeting new {typed}")
            assert why in said
            assert '/meeting new "Council" 2026-12-' in said
            assert count(town, Series) == 0
            assert count(town, AgendaItem) == 0


IMPOSSIBLE_COMMANDS = (
    ('add "Budget" minutes:0', "An item takes 1 to 480 minutes"),
    ('add "Budget" minutes:soon', "I could not read “soon” as minutes"),
    (f"add {'x' * 151}", "there is room for 150"),
    ("move tomorrow", "but at what time?"),
    ("move 2026-01-01 14:00", "is in the past"),
    ("move 2026-12-10 14:00", "already begins at that time"),
    ('move "Board" tomorrow 14:00', "No meeting called “Board” is planned"),
    ("move 2026-12-13 9:00-10:00", "Moving a meeting keeps its length, and *Council* takes 90 minutes."),
    ('move "Council" to dec 12 9:00-11:00', "Moving a meeting keeps its length, and *Council* takes 90 minutes."),
    ("move dec 10 to dec 12", "but at what time?"),
    ("minutes", "No meeting here needs minutes"),
    ("read", "There are no minutes in this channel yet"),
    ("foo", "`/meeting help` lists"),
    ("cancle", "Did you mean `/meeting cancel`?"),
)


def test_a_command_that_cannot_be_done_is_refused_with_the_way_forward(town, subtests):
    plans(town)
    for typed, why in IMPOSSIBLE_COMMANDS:
        with subtests.test(typed):
            assert why in town.types("ana", f"/meeting {typed}")
            assert count(town, AgendaItem) == 0


def test_a_meeting_in_a_daylight_saving_gap_begins_after_it_with_a_note(town):
    said = flat(town.types("ana", '/meeting new "Early birds" 2027-03-14 02:30'))
    assert "On that day the clocks skip 2:30 AM, so it begins Sun, Mar 14, 2027, 3:00 AM." in said
    said = flat(town.types("ana", '/meeting new "Weekly birds" 2027-03-14 02:30 every:week'))
    assert "On that day the clocks skip 2:30 AM" in said
    assert "• Sun, Mar 14, 2027, 3:00 AM\n• Sun, Mar 21, 2027, 2:30 AM\n• Sun, Mar 28, 2027, 2:30 AM" in said


def test_the_same_meeting_is_not_planned_twice(town):
    plans(town)
    assert "is already planned here for Thu, Dec 10, 2026, 2:00 PM" in plans(town)
    assert count(town, Series) == 1


def test_options_may_have_spaces_and_whole_names_and_quoted_text_stays_as_typed(town):
    typed = '/meeting new "Plans for: 2 weeks" 2026-12-10 14:00 for: 90 minutes every: 2 weeks notes: @Cleo Marchetti'
    assert "*Plans for: 2 weeks*, every 2 weeks on Thursday at 2:00 PM" in plans(town, typed)
    with town.bot.db.read() as session:
        assert session.scalars(select(Series.length)).one() == 90


def test_a_published_agenda_is_published_again_in_a_new_channel(town):
    plans(town)
    town.types("ana", "/meeting publish")
    town.types("ana", "/meeting")
    town.presses("ana", "Change", town.private_answer("ana"))
    assert town.fills("ana", channel="general")["closed"]
    goes_to(town, "2026-12-09T21:00:05Z")
    assert len(posted(town, "*Agenda*", "general")) == 1


def test_a_meeting_that_moves_to_a_private_channel_disappears_from_its_public_agenda(town):
    makes_board(town, "ana", "cleo")
    plans(town)
    town.types("ana", "/meeting publish")
    town.settle()
    (agenda,) = (m for m in town.messages("ana") if "*Agenda*" in text_of(m))
    town.types("ana", "/meeting")
    town.presses("ana", "Change", town.private_answer("ana"))
    assert town.fills("ana", channel="board", title="Layoffs")["closed"]
    town.types("cleo", '/meeting add "Who goes"', "board")
    town.types("ana", "/meeting move 2026-12-11 14:00", "board")
    town.settle()
    (left,) = (text_of(m) for m in town.messages("gus") if m["ts"] == agenda["ts"])
    assert left.startswith("This meeting now takes place in another channel")
    goes_to(town, "2026-12-10T21:00:05Z")
    assert "1. Who goes" in posted(town, "*Agenda*", "board")[-1]
    assert not posted(town, "Who goes")
    assert not posted(town, "Layoffs")


def test_a_meeting_cannot_be_planned_in_a_direct_message(town):
    assert "A meeting belongs to a channel" in town.types("ana", COUNCIL, "@ana")
    assert count(town, Series) == 0


def test_hostile_names_are_shown_as_text(town):
    plans(town, '/meeting new "<!channel> & @here *x*" 2026-12-10 14:00')
    town.types("ben", '/meeting add "<@U123> & <https://x.example|y>"')
    town.waits("P10D")
    assert "&lt;!channel&gt; &amp; @here" in posted(town, "*Agenda*")[0]
    assert "1. &lt;@U123&gt; &amp; &lt;y&gt;" in posted(town, "*Agenda*")[0]


def test_a_full_agenda_of_long_words_still_fits_and_says_when_it_is_full(town):
    plans(town)
    for number in range(30):
        town.types("ben", f'/meeting add "{number} {"&" * 140}"')
    assert "is full: it has 30 items" in town.types("ben", '/meeting add "One more"')
    for _ in range(4):
        town.types("ben", "/meeting")
    goes_to(town, "2026-12-09T21:00:05Z")
    assert len(posted(town, "*Agenda*")) == 1
    assert "more" in posted(town, "*Agenda*")[0]


ANYTHING = (
    "",
    "new",
    'new "Council" 2026-12-10 14:00',
    'add "Buses"',
    "agenda",
    "publish",
    "minutes",
    "read",
    "move friday 14:00",
    "cancel",
    "settings",
    "nonsense",
)


def test_dov_is_shown_the_way_in(town, subtests):
    plans(town)
    for typed in ANYTHING:
        with subtests.test(typed):
            said = town.types("dov", f"/meeting {typed}".strip())
            assert "is for members of the consortium" in said
            assert "[Join an agency]" in said
            assert count(town, Series) == 1
            assert count(town, AgendaItem) == 0


def test_dov_cannot_use_buttons(town):
    plans(town)
    goes_to(town, "2026-12-03T21:00:05Z")
    assert "is for members of the consortium" in town.presses("dov", "Add an item", town.message("what should we"))
    assert "lists the next meetings" in town.types("dov", "/meeting help")


# private channels, and channels that are closed to the bot -----------------------------------------------


def test_a_meeting_in_a_private_channel_is_shown_only_there(town):
    makes_board(town, "ana", "cleo")
    town.types("ana", '/meeting new "Layoffs" 2026-12-10 14:00 notes:@cleo', "board")
    town.types("ana", '/meeting add "Who"', "board")
    assert "No meeting is planned." in town.types("gus", "/meeting")
    assert "Layoffs" in town.types("cleo", "/meeting", "board")
    goes_to(town, "2026-12-10T20:45:05Z")
    assert len(posted(town, "*Agenda*", "board")) == 1
    assert told(town, "cleo", "*Layoffs* begins")
    assert not told(town, "ben", "Layoffs")
    assert not told(town, "finn", "Layoffs")


def test_in_a_private_channel_the_chair_takes_the_minutes_unless_somebody_is_named(town):
    makes_board(town, "ana", "cleo")
    said = town.types("ana", '/meeting new "Layoffs" 2026-12-10 14:00', "board")
    assert "Ana Reyes chairs and takes the minutes." in said
    goes_to(town, "2026-12-10T23:00:05Z")
    assert told(town, "ana", "You will take the minutes of Layoffs*")
    assert told(town, "ana", "Write the minutes")


def test_a_facilitator_is_told_what_to_do_when_a_channel_is_archived(town):
    plans(town)
    goes_to(town, "2026-12-03T21:00:05Z")
    with town.bot.db.begin() as session:
        row = session.scalars(
            select(OutboxMessage).where(OutboxMessage.about == "the call for the agenda of Council")
        ).one()
        # as if Slack had answered so
        row.state, row.reason = DeliveryState.FAILED, "is_archived"
    town.settle()
    news = told(town, "ana", "is archived")
    assert len(news) == 1
    assert "the call for the agenda of Council" in news[0]
    assert "[Post]" in news[0]


def test_if_the_bot_is_removed_the_planner_is_told_once_a_day_and_nothing_is_lost(town):
    makes_board(town, "ana", "cleo")
    bot = town.http.get("/sandbox/app").json()["bot_user_id"]
    town.types("cleo", '/meeting new "Layoffs" 2026-12-10 14:00', "board")
    town.settle()  # it is announced before the bot is removed
    town.call("channels", channel="board", leave=[bot])
    town.forgiven |= {"not_in_channel", "channel_not_found"}
    goes_to(town, "2026-12-03T21:00:05Z")
    goes_to(town, "2026-12-09T21:00:05Z")
    news = told(town, "cleo", "I am not in the channel")
    assert len(news) == 2, "the call and, days later, the agenda"
    assert "I could not post a message about a meeting in <#" in news[0]
    # nobody outside the channel learns of its meeting, but that something waits
    waits = told(town, "ana", "I could not post a message about a meeting in a private channel")
    assert waits and all("Cleo Marchetti has been told, too." in each and "board" not in each for each in waits)
    assert "Layoffs" not in str(town.direct("ana"))
    assert "a meeting in a private channel" in sends(town, "ana", "delivery.list", "")
    town.call("channels", channel="board", join=[bot])
    town.presses("cleo", "Post", last_told(town, "cleo", "I am not in the channel"), "@cleo")
    town.settle()
    assert len(posted(town, "what should we talk about?", "board")) == 1
    assert len(posted(town, "*Agenda*", "board")) == 1


def test_who_plans_a_meeting_is_told_which_agencies_are_closed_that_day(town):
    town.types("ana", '/consortium agency holidays "Elm Schools" 2026-12-10..2026-12-11')
    town.types("ana", '/consortium agency holidays "Oak Valley" 2026-12-10')
    said = plans(town, '/meeting new "Council" 2026-12-10 14:00')
    assert "On Thu, Dec 10, 2026, Elm Schools and Oak Valley are closed." in said
    assert "closed" not in plans(town, '/meeting new "Budget" 2026-12-09 14:00')
    assert "On Fri, Dec 11, 2026, Elm Schools is closed." in town.types(
        "ana", '/meeting move "Budget" 2026-12-11 14:00'
    )
    shown = plans(town, '/meeting new "Weekly" 2026-12-03 14:00 every:week')
    assert "On Thu, Dec 10, 2026, Elm Schools and Oak Valley are closed." in shown
    town.types("ana", "/meeting new")
    at = int(datetime(2026, 12, 11, 21, tzinfo=UTC).timestamp())
    assert town.fills("ana", title="By form", begins=at, length="60m")["closed"]
    assert "On Fri, Dec 11, 2026, Elm Schools is closed." in text_of(town.private_answer("ana"))
