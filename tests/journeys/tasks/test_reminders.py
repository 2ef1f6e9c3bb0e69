"""Reminders of tasks, as owners live them: before, on the day, each week after; never once it is done."""

from sqlalchemy import select

from storage.notices import Notice
from storage.vocabulary import NoticeKind, NoticeState
from tests.town import text_of


def told(town, user, part):
    """List the direct messages that have these words, oldest first."""
    town.settle()
    return [text_of(m) for m in town.direct(user) if part in text_of(m)]


def newest(town, user):
    town.settle()
    return town.direct(user)[-1]


def waiting(town):
    with town.bot.db.read() as session:
        found = select(Notice).where(Notice.kind == NoticeKind.TASK, Notice.state == NoticeState.WAITING)
        return session.scalars(found).all()


def until(town, moment):
    answer = town.call("clock", to=moment)
    assert answer["ok"], answer
    town.settle()


def test_an_owner_is_reminded_before_on_the_day_and_each_week_after(town):
    town.types("ben", '/task add "Draft the MOU" @ben due:2026-12-04 hours:6')
    assert not told(town, "ben", "#1")
    until(town, "2026-12-02T15:59:00+00:00")
    assert not told(town, "ben", "#1"), "it is not eight yet in Los Angeles"
    until(town, "2026-12-02T16:00:00+00:00")
    (first,) = told(town, "ben", "#1")
    assert first.startswith("*#1 Draft the MOU* is due in 2 days, Fri 4 Dec 2026.\nAbout 6 h")
    assert "[Done] [Change date] [Offer to somebody]" in first
    until(town, "2026-12-04T16:00:00+00:00")
    assert "*#1 Draft the MOU* is due today, Fri 4 Dec 2026." in told(town, "ben", "#1")[-1]
    for weeks, day in ((1, "11"), (2, "18"), (3, "25")):
        assert len(waiting(town)) == 1, "no row for each week in advance"
        until(town, f"2026-12-{day}T17:00:00+00:00")
        said = told(town, "ben", "#1")
        assert len(said) == 2 + weeks
        assert (
            f"was due Fri 4 Dec 2026, {7 * weeks} days ago. Is it done, or should the date or the owner change"
            in said[-1]
        )
    message = newest(town, "ben")
    town.presses("ben", "Done", message, channel="@ben")
    assert "*#1 Draft the MOU* is done." in text_of(newest(town, "ben"))
    assert not waiting(town)
    until(town, "2027-01-02T17:00:00+00:00")
    assert not [one for one in told(town, "ben", "#1") if "days ago" in one][3:]


def test_reminders_follow_the_date_and_the_owner(town):
    town.types("ben", '/task add "Draft the MOU" @ben due:2026-12-04')
    town.types("ben", "/task due 1 2026-12-10")
    until(town, "2026-12-04T20:00:00+00:00")
    assert not told(town, "ben", "is due"), "the date that was left is not spoken of"
    town.types("ben", "/task due 1 2026-12-17")
    town.types("ben", "/task due 1 2026-12-10")
    until(town, "2026-12-08T20:00:00+00:00")
    assert len(told(town, "ben", "is due in 2 days, Thu 10 Dec 2026")) == 1, "who comes back to a date is reminded"
    town.types("ben", "/task offer 1 @cleo")
    town.types("ben", "/task due 1 2026-12-11")
    until(town, "2026-12-11T16:30:00+00:00")
    assert "is due today, Fri 11 Dec 2026. Cleo Marchetti was asked to take it and has not answered" in text_of(
        newest(town, "ben")
    )
    town.presses("cleo", "I'll take it", town.direct("cleo")[0], channel="@cleo")
    town.types("cleo", "/task due 1 2026-12-15")
    until(town, "2026-12-15T20:00:00+00:00")
    assert len(told(town, "ben", "is due today")) == 1
    reminder = newest(town, "cleo")
    assert "*#1 Draft the MOU* is due today" in text_of(reminder)
    assert "Task 1" in town.presses("cleo", "Change date", reminder, channel="@cleo") or town.views("cleo")
    assert list(town.fills("cleo", due="2026-12-01")["errors"]) == ["due"]
    assert town.fills("cleo", due="2026-12-21")["closed"]
    assert "*#1 Draft the MOU* is due Mon 21 Dec 2026." in text_of(newest(town, "cleo"))
    until(town, "2026-12-18T20:00:00+00:00")
    assert "is due in 3 days, Mon 21 Dec 2026" in text_of(newest(town, "cleo")), "on Friday, since it is on Saturday"
    town.types("cleo", "/task due 1 none")
    until(town, "2026-12-30T20:00:00+00:00")
    assert len(told(town, "cleo", "#1 Draft the MOU* is due")) == 2
    assert not waiting(town)


def test_what_was_missed_is_made_up_for_once_and_what_is_settled_is_not_spoken_of(town):
    for number, title in enumerate(("Draft the MOU", "Book the room", "Order lunch", "Print badges"), start=1):
        town.types("ben", f'/task add "{title}" @ben due:2026-12-0{number + 3}')
    town.types("ben", "/task drop 2")
    town.types("ben", "/task done 3")
    town.types("ben", "/task reopen 3")
    town.types("ben", "/consortium away until 2026-12-14")
    until(town, "2026-12-15T20:00:00+00:00")
    (message,) = [m for m in town.direct("ben") if "was due" in text_of(m)]
    said = text_of(message)
    assert "*3 things for you.*" in said and "#2" not in said
    assert "*#1 Draft the MOU* was due Fri 4 Dec 2026, 10 days ago" in said
    town.presses("ben", "Done", message, channel="@ben")
    left = text_of(newest(town, "ben"))
    assert "*#1 Draft the MOU* is done." in left and "*#3 Order lunch* was due" in left
    assert len(waiting(town)) == 2
    leaves(town, "ben")
    assert not waiting(town)


def test_who_moves_to_another_zone_is_reminded_on_the_days_of_that_zone(town):
    town.call("people", user="gus", tz="Asia/Tokyo")
    town.settle()
    town.types("gus", '/task add "Draft the MOU" @gus due:2026-12-10')
    town.call("people", user="gus", tz="America/Denver")
    until(town, "2026-12-07T23:00:00+00:00")
    assert not told(town, "gus", "is due"), "it is Tuesday in Tokyo, and Monday afternoon here"
    until(town, "2026-12-08T15:05:00+00:00")
    assert len(told(town, "gus", "is due in 2 days, Thu 10 Dec 2026")) == 1
    town.call("people", user="gus", tz="Asia/Tokyo")
    until(town, "2026-12-10T08:00:00+00:00")
    assert len(told(town, "gus", "is due today")) == 1, "it is Thursday afternoon in Tokyo"


def leaves(town, user):
    assert town.call("people", user=user, deleted=True)["ok"]
    town.settle()
    town.settle()
