"""A new meeting is announced at once, those concerned hear in time, and a chair who has left is replaced."""

from tests.journeys.steps import COUNCIL, flat, goes_to, last_told, makes_board, plans, posted, sends, told
from tests.town import element_of, text_of

PLANNED = "has planned *Council*"
SOON = '/meeting new "Council" 2026-11-30 9:10'
WEEKLY = '/meeting new "Council" 2026-12-03 14:00 every:week notes:@gus chair:@ben'
NEEDS = "*Council needs a chair.*"


def test_a_new_meeting_is_posted_at_once_with_its_calendar_file(town):
    plans(town)
    (post,) = posted(town, PLANNED)
    assert "Ana Reyes has planned *Council*: Thu, Dec 10, 2026, 2:00 PM, 90 minutes. Ana Reyes chairs it." in post
    assert "[Add an item]" in post
    announcement = town.message(PLANNED)
    assert any("Council.ics" in str(m) for m in town.messages("ana") if m.get("thread_ts") == announcement["ts"])
    assert town.presses("gus", "Add an item", announcement)
    assert town.fills("gus", title="Buses")["closed"]
    goes_to(town, "2026-12-04T16:00:00Z")
    assert len(posted(town, "what should we talk about?")) == 1
    assert len(posted(town, PLANNED)) == 1
    assert str(town.messages("ana")).count("'Council.ics'") >= 1


def test_a_series_is_announced_once_with_how_it_repeats_and_who_takes_the_minutes(town):
    plans(town, WEEKLY)
    (post,) = posted(town, PLANNED)
    assert "planned *Council*, every Thursday at 2:00 PM, starting Thu, Dec 3, 2026, 2:00 PM, 60 minutes each." in post
    assert "Ben Ortiz chairs it." in post
    town.waits("P14D")
    assert len(posted(town, PLANNED)) == 1


def test_a_meeting_that_is_refused_is_not_announced(town):
    assert "is in the past" in town.types("ana", '/meeting new "Council" 2026-11-29 9:00')
    assert "members of the consortium" in town.types("dov", COUNCIL)
    town.settle()
    assert not posted(town, PLANNED)


def test_a_meeting_of_a_private_channel_is_announced_only_there(town):
    makes_board(town, "ana", "ben")
    plans(town, channel="board")
    assert posted(town, PLANNED, "board")
    assert not posted(town, PLANNED)


def test_those_concerned_by_a_meeting_in_ten_minutes_hear_at_once(town):
    plans(town, SOON)
    begins = "*Council* begins Mon, Nov 30, 2026, 9:10 AM"
    for user in ("ben", "cleo", "finn"):
        assert len(told(town, user, begins)) == 1, user
    assert not told(town, "ana", begins), "she has just planned it"
    for user in ("eva", "gus", "dov"):
        assert not town.direct(user)
    taker = [user for user in ("ben", "cleo", "finn") if "You take the minutes." in told(town, user, begins)[0]]
    assert len(taker) == 1
    town.waits("PT30M")
    for user in ("ben", "cleo", "finn"):
        assert len(told(town, user, begins)) == 1, user


def test_they_hear_at_night_too_because_it_is_about_to_start(town):
    goes_to(town, "2026-12-01T04:00:00Z")  # 21:00 in Denver
    plans(town, '/meeting new "Council" 2026-11-30 21:10')
    assert told(town, "ben", "*Council* begins")


def test_a_meeting_in_two_hours_is_reminded_of_at_its_time_and_not_before(town):
    plans(town, '/meeting new "Council" 2026-11-30 11:00')
    assert not told(town, "ben", "begins")
    town.waits("PT1H46M")
    assert len(told(town, "ben", "*Council* begins")) == 1


def test_a_meeting_that_is_moved_to_in_ten_minutes_is_told_once(town):
    plans(town)
    town.types("ana", "/meeting move 2026-11-30 9:10")
    town.settle()
    assert len(told(town, "ben", "Council")) == 1


def test_where_reminders_are_off_nobody_is_reminded_of_a_meeting_in_ten_minutes(town):
    town.types("ana", "/meeting settings")
    assert town.fills("ana", step__remind="off")["closed"]
    plans(town, SOON)
    assert not told(town, "ben", "begins")


def test_facilitators_are_asked_once_for_another_chair_when_the_chair_leaves(town):
    plans(town, WEEKLY)
    town.call("people", user="ben", deleted=True)
    town.settle()
    (asked,) = told(town, "ana", NEEDS)
    assert "Ben Ortiz, who chaired it, has left. It meets next on Thu, Dec 3, 2026, 2:00 PM." in asked
    assert "Until somebody is chosen, you are asked in place of the chair." in asked
    assert not told(town, "cleo", NEEDS)
    town.waits("P14D")
    assert len(told(town, "ana", NEEDS)) == 1
    button = last_told(town, "ana", NEEDS)
    number = element_of(button, "I'll chair it")["value"]
    town.presses("ana", "I'll chair it", button, "@ana")
    assert told(town, "ana", "Thank you. You chair *Council* from now on.")
    assert not told(town, "ana", NEEDS), "the answer takes the place of the question"
    assert "chair Ana Reyes" in town.types("cleo", "/meeting")
    assert "You already chair *Council*." in sends(town, "ana", "meeting.chair", number)


def test_a_facilitator_can_choose_somebody_else_to_chair(town):
    plans(town, WEEKLY)
    town.call("people", user="ben", deleted=True)
    town.settle()
    button = last_told(town, "ana", NEEDS)
    number = element_of(button, "I'll chair it")["value"]
    town.presses("ana", "Choose somebody", button, "@ana")
    assert town.fills("ana", chair="cleo")["closed"]
    assert "chair Cleo Marchetti" in town.types("gus", "/meeting")
    assert "Cleo Marchetti now chairs *Council*. Nothing has changed." in sends(town, "ana", "meeting.chair", number)


def test_only_those_who_may_change_a_meeting_take_its_chair(town):
    plans(town, WEEKLY)
    town.call("people", user="ben", deleted=True)
    town.settle()
    number = element_of(last_told(town, "ana", NEEDS), "I'll chair it")["value"]
    assert "can change it" in sends(town, "gus", "meeting.chair", number)
    assert "members of the consortium" in sends(town, "dov", "meeting.chair", number)
    for value, said in (("", "no longer exists"), ("x", ""), ("999", "no longer exists")):
        assert said in sends(town, "ana", "meeting.chair", value)
    assert "chair" not in flat(town.types("gus", "/meeting")).split("\n")[1]


def test_nobody_is_asked_for_the_chair_of_a_meeting_that_no_longer_takes_place(town):
    plans(town, '/meeting new "Council" 2026-12-03 14:00 chair:@ben')
    goes_to(town, "2026-12-04T16:00:00Z")
    town.call("people", user="ben", deleted=True)
    town.waits("P1D")
    assert not told(town, "ana", NEEDS)


def test_when_the_chair_of_a_private_meeting_leaves_a_facilitator_hears_without_its_name(town):
    makes_board(town, "cleo", "eva")
    town.types("cleo", '/meeting new "Layoffs" 2026-12-07 13:00 notes:@eva', "board")
    town.call("people", user="cleo", deleted=True)
    town.settle()
    (news,) = told(town, "ana", "The chair of a meeting in a private channel has left.")
    assert "Layoffs" not in news
    assert "[" not in news, "she cannot change what she may not know of"
    assert not told(town, "eva", "has left"), "only facilitators are told"
    assert "planned in a private channel" in text_of(town.private_answer("ana")) or town.types("ana", "/meeting")
