"""Task reminders are rows: those due while the bot was down arrive once when it is back, and the next ones on time."""

from datetime import UTC, datetime

from tests.delivery.test_occurrences import alive, heard, sleeps_until, story


def at(day, hour=18):
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def test_reminders_that_were_due_while_the_bot_was_down_arrive_once_and_the_next_ones_on_time(database_url):
    with story(database_url) as (town, settings):
        with alive(town, settings):
            town.types("ana", "/pulse pause 8w")
            for title, due in (("Draft the MOU", "2026-12-04"), ("Book the room", "2026-12-18")):
                town.types("ana", f'/task add "{title}" @ana due:{due}')
            town.settle()
        sleeps_until(town, at(15))
        for _ in range(2):
            with alive(town, settings):
                town.settle()
            assert len(heard(town, "ana", "#1 Draft the MOU* was due Fri, Dec 4, 2026, 11 days ago")) == 1
            # its own reminder would come the next day, and nobody is reminded on two days in a row
            assert len(heard(town, "ana", "#2 Book the room* is due in 3 days")) == 1
        with alive(town, settings):
            town.settle("P2D")
            assert len(heard(town, "ana", "#2 Book the room* is due")) == 1
        sleeps_until(town, at(18, 3))
        with alive(town, settings):
            assert town.call("clock", to=at(18).isoformat())["ok"]
            town.settle()
            assert len(heard(town, "ana", "#2 Book the room* is due today, Fri, Dec 18, 2026")) == 1
            assert len(heard(town, "ana", "#1 Draft the MOU* was due")) == 1, "late tasks are named on Mondays"
            town.types("ana", "/task done 1")
            town.types("ana", "/task done 2")
            town.settle("P30D")
        assert len(heard(town, "ana", "#1 Draft the MOU* was due")) == 1
        assert len(heard(town, "ana", "#2 Book the room* is due")) == 2
