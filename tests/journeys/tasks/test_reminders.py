"""Reminders of tasks: two days before, on the day, and on Mondays when late; never after the task is done."""

from sqlalchemy import select

from storage.notices import Notice
from storage.vocabulary import NoticeKind, NoticeState
from tests.journeys.tasks.steps import leaves_slack, newest_direct
from tests.town import text_of


def told(town, user, part):
    """Return the direct messages that contain this text, oldest first."""
    town.settle()
    return [text_of(m) for m in town.direct(user) if part in text_of(m)]


def waiting(town):
    with town.bot.db.read() as session:
        found = select(Notice).where(Notice.kind == NoticeKind.TASK, Notice.state == NoticeState.WAITING)
        return session.scalars(found).all()


def advance_to(town, time):
    answer = town.call("clock", to=time)
    assert answer["ok"], answer
    town.settle()


def test_an_owner_is_reminded_two_days_before_on_the_day_and_on_mondays_after(town):
    town.types("ben", '/task add "Draft the MOU" @ben due:2026-12-04 hours:6')
    assert not told(town, "ben", "#1")
    advance_to(town, "2026-12-02T15:59:00+00:00")
    assert not told(town, "ben", "#1"), "it is not eight yet in Los Angeles"
    advance_to(town, "2026-12-02T16:00:00+00:00")
    (first,) = told(town, "ben", "#1")
    assert first.startswith("*#1 Draft the MOU* is due in 2 days, Fri, Dec 4, 2026.\nAbout 6 h")
    assert "[Done] [Change date] [Offer to somebody]" in first
    advance_to(town, "2026-12-04T16:00:00+00:00")
    assert "*#1 Draft the MOU* is due today, Fri, Dec 4, 2026." in told(town, "ben", "#1")[-1]
    for weeks, day in ((1, "07"), (2, "14"), (3, "21")):
        assert len(waiting(town)) == 1, "only one reminder waits at a time"
        advance_to(town, f"2026-12-{day}T17:00:00+00:00")
        said = told(town, "ben", "#1")
        assert len(said) == 2 + weeks
        assert (
            f"was due Fri, Dec 4, 2026, {7 * weeks - 4} days ago. Is it done, or should the date or the owner change"
            in said[-1]
        )
    message = newest_direct(town, "ben")
    town.presses("ben", "Done", message, channel="@ben")
    assert "*#1 Draft the MOU* is done." in text_of(newest_direct(town, "ben"))
    assert not waiting(town)
    advance_to(town, "2027-01-02T17:00:00+00:00")
    assert not [one for one in told(town, "ben", "#1") if "days ago" in one][3:]


def test_reminders_follow_the_date_and_the_owner(town):
    town.types("ben", '/task add "Draft the MOU" @ben due:2026-12-04')
    town.types("ben", "/task due 1 2026-12-10")
    advance_to(town, "2026-12-04T20:00:00+00:00")
    assert not told(town, "ben", "is due"), "the old date is no longer mentioned"
    town.types("ben", "/task due 1 2026-12-17")
    town.types("ben", "/task due 1 2026-12-10")
    advance_to(town, "2026-12-08T20:00:00+00:00")
    assert len(told(town, "ben", "is due in 2 days, Thu, Dec 10, 2026")) == 1, "a date that is restored is reminded of"
    town.types("ben", "/task offer 1 @cleo")
    town.types("ben", "/task due 1 2026-12-11")
    advance_to(town, "2026-12-11T16:30:00+00:00")
    assert "is due today, Fri, Dec 11, 2026. Cleo Marchetti was asked to take it and has not answered" in text_of(
        newest_direct(town, "ben")
    )
    town.presses("cleo", "I'll take it", town.direct("cleo")[0], channel="@cleo")
    town.types("cleo", "/task due 1 2026-12-15")
    advance_to(town, "2026-12-15T20:00:00+00:00")
    assert len(told(town, "ben", "is due today")) == 1
    reminder = newest_direct(town, "cleo")
    assert "*#1 Draft the MOU* is due today" in text_of(reminder)
    assert "Task 1" in town.presses("cleo", "Change date", reminder, channel="@cleo") or town.views("cleo")
    assert list(town.fills("cleo", due="2026-12-01")["errors"]) == ["due"]
    assert town.fills("cleo", due="2026-12-21")["closed"]
    assert "*#1 Draft the MOU* is due Mon, Dec 21, 2026." in text_of(newest_direct(town, "cleo"))
    advance_to(town, "2026-12-18T20:00:00+00:00")
    assert "is due in 3 days, Mon, Dec 21, 2026" in text_of(newest_direct(town, "cleo")), (
        "on Friday, since it is on Saturday"
    )
    town.types("cleo", "/task due 1 none")
    advance_to(town, "2026-12-30T20:00:00+00:00")
    assert len(told(town, "cleo", "#1 Draft the MOU* is due")) == 2
    assert not waiting(town)


def test_after_an_absence_each_open_task_is_reminded_once_and_settled_ones_never(town):
    for number, title in enumerate(("Draft the MOU", "Book the room", "Order lunch", "Print badges"), start=1):
        town.types("ben", f'/task add "{title}" @ben due:2026-12-0{number + 3}')
    town.types("ben", "/task drop 2")
    town.types("ben", "/task done 3")
    town.types("ben", "/task reopen 3")
    town.types("ben", "/consortium away until 2026-12-14")
    advance_to(town, "2026-12-15T20:00:00+00:00")
    (message,) = [m for m in town.direct("ben") if "was due" in text_of(m)]
    said = text_of(message)
    assert "*Your tasks: 3 late.* Are they done" in said and "#2" not in said
    assert "*#1 Draft the MOU* was due Fri, Dec 4, 2026, 10 days ago" in said
    town.presses("ben", "Done", message, channel="@ben")
    left = newest_direct(town, "ben")
    assert "*#1 Draft the MOU* is done." in text_of(left) and "*#3 Order lunch* was due" in text_of(left)
    assert sum(block.get("accessory") is not None for block in left["blocks"]) == 2, "the others keep their buttons"
    assert "*#4 Print badges*" in town.presses("ben", "All my tasks", left, channel="@ben")
    assert len(waiting(town)) == 1
    leaves_slack(town, "ben")
    assert not waiting(town)


def test_an_owner_who_moves_to_another_zone_is_reminded_on_that_zones_dates(town):
    town.call("people", user="gus", tz="Asia/Tokyo")
    town.settle()
    town.types("gus", '/task add "Draft the MOU" @gus due:2026-12-10')
    town.call("people", user="gus", tz="America/Denver")
    advance_to(town, "2026-12-07T23:00:00+00:00")
    assert not told(town, "gus", "is due"), "it is Tuesday in Tokyo, and Monday afternoon here"
    advance_to(town, "2026-12-08T15:05:00+00:00")
    assert len(told(town, "gus", "is due in 2 days, Thu, Dec 10, 2026")) == 1
    town.call("people", user="gus", tz="Asia/Tokyo")
    advance_to(town, "2026-12-10T08:00:00+00:00")
    assert len(told(town, "gus", "is due today")) == 1, "it is Thursday afternoon in Tokyo"


def test_an_offer_that_nobody_answers_is_asked_again_once_and_then_its_giver_is_told_once(town):
    town.types("ana", '/task add "Draft the MOU" @finn')
    town.waits("P2D")
    assert not any("still like to know" in text_of(message) for message in town.direct("finn"))
    town.waits("P2D")
    again = [
        message for message in town.direct("finn") if "would still like to know if you can take" in text_of(message)
    ]
    assert len(again) == 1 and "[Not me]" in text_of(again[0])
    town.waits("P12D")
    assert sum("still like to know" in text_of(message) for message in town.direct("finn")) == 1
    told = [text_of(message) for message in town.direct("ana") if "has not said whether" in text_of(message)]
    assert len(told) == 1 and "#1 Draft the MOU" in told[0] and "[Offer to somebody]" in told[0]


def test_an_answer_ends_what_follows_an_offer(town):
    town.types("ana", '/task add "Draft the MOU" @finn')
    town.waits("PT1H")
    town.types("finn", "/task decline 1")
    town.waits("P12D")
    assert not any("still like to know" in text_of(message) for message in town.direct("finn"))
    assert not any("has not said whether" in text_of(message) for message in town.direct("ana"))


def test_who_added_a_task_that_nobody_has_hears_a_week_before_and_when_it_is_late(town):
    town.types("cleo", '/task add "Book the room" due:2026-12-16')
    town.types("cleo", '/task add "Order lunch" due:2026-12-16')
    town.types("gus", "/task take 2")
    advance_to(town, "2026-12-08T20:00:00+00:00")
    assert not told(town, "cleo", "Nobody has")
    advance_to(town, "2026-12-09T20:00:00+00:00")
    (said,) = told(town, "cleo", "Nobody has")
    assert "Nobody has *#1 Book the room*. It is due in 7 days, Wed, Dec 16, 2026." in said
    assert "[Offer to somebody] [I'll take it]" in said and "#2" not in said
    advance_to(town, "2026-12-17T20:00:00+00:00")
    assert "It was due Wed, Dec 16, 2026, yesterday." in told(town, "cleo", "Nobody has")[-1]
    advance_to(town, "2026-12-30T20:00:00+00:00")
    assert len(told(town, "cleo", "Nobody has")) == 2
    assert not told(town, "ben", "Nobody has")


def test_tasks_that_nobody_has_and_whose_maker_has_left_are_told_to_facilitators(town):
    town.types("cleo", '/task add "Book the room" due:2026-12-16')
    leaves_slack(town, "cleo")
    advance_to(town, "2026-12-09T20:00:00+00:00")
    assert told(town, "ana", "Nobody has *#1 Book the room*")
    assert not told(town, "ben", "Nobody has")
