"""Full agendas: carried-over items are never lost, and no agenda has more items than a form can show."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.kit.dates import local_to_utc
from handlers.meetings import agenda, creation, forms, reschedule, views
from handlers.meetings.minutes import writing
from handlers.meetings.series import SeriesSettings, change_series
from handlers.meetings.snapshot import load_snapshot
from storage import agendas, meetings
from storage.agendas import AgendaItem
from storage.vocabulary import AgendaItemState
from tests.storage.people import founded

ZONE = "America/Denver"
FIRST = datetime(2026, 12, 3, 14)  # noqa: DTZ001
NOW = local_to_utc(FIRST, ZONE) - timedelta(days=10)


def weekly(session, now):
    caller = founded(session, ZONE, now)
    series = creation.create_series(session, caller, _draft("FREQ=WEEKLY"), now)
    return caller, series, list(meetings.meetings_of_series(session, series.id))


def _draft(rule=None, title="Council"):
    return creation.SeriesDraft(title, "C1", FIRST.isoformat(), ZONE, rule, 60)


def add_items(session, caller, meeting, count, name):
    for n in range(count):
        agenda.add_item(session, caller, meeting.id, f"{name} {n}", None, caller.person, NOW)


def items(session, meeting):
    return [(item.title, item.carried) for item in agendas.items_of_meeting(session, meeting.id)]


def test_items_without_room_on_the_next_agenda_go_to_a_later_one_and_the_note_taker_is_told(db):
    with db.begin() as session:
        caller, _, (first, second, third) = weekly(session, NOW)
        add_items(session, caller, first, 30, "Old")
        add_items(session, caller, second, 20, "New")
        left = {item.id for item in agendas.items_of_meeting(session, first.id)}
        draft = writing.MinutesDraft([("", "We met.")], left=left)
        answer = writing.post_minutes(session, caller, first.id, draft, first.ends_at)
        assert "30 unfinished items go to the next agenda. An agenda holds 30 items, so 20 items wait" in answer
        assert items(session, second) == [*((f"Old {n}", 1) for n in range(10)), *((f"New {n}", 0) for n in range(20))]
        assert items(session, third) == [(f"Old {n}", 1) for n in range(10, 30)]


def test_without_a_following_meeting_all_unfinished_items_wait(db):
    with db.begin() as session:
        caller = founded(session, ZONE, NOW)
        meeting = meetings.meetings_of_series(session, creation.create_series(session, caller, _draft(), NOW).id)[0]
        add_items(session, caller, meeting, 30, "Old")
        draft = writing.MinutesDraft(
            [("", "We met.")], left={n.id for n in agendas.items_of_meeting(session, meeting.id)}
        )
        answer = writing.post_minutes(session, caller, meeting.id, draft, meeting.ends_at)
        assert "30 unfinished items go to the next agenda." in answer


def test_a_new_meeting_takes_as_many_waiting_items_as_have_room_and_mentions_the_others(db):
    with db.begin() as session:
        caller, _, three = weekly(session, NOW)
        for meeting in three:
            add_items(session, caller, meeting, 30, f"Week {meeting.place}")
        answer = reschedule.cancel_all(session, caller, three[0].id, NOW)
        assert "An agenda holds 30 items, so 60 items wait for a later one." in answer
        for takes, waits in ((30, 60), (30, 30), (30, 0), (0, 0)):
            extra = creation.create_series(session, caller, _draft(title=f"Extra {waits} {takes}"), NOW)
            shown = load_snapshot(session, meetings.meetings_of_series(session, extra.id)[0])
            assert (len(shown.lines), shown.waiting) == (takes, waits)
            assert (f"This agenda is full; {waits} more items wait." in str(views.agenda(shown, []))) == bool(waits)
            assert len(forms.removable_items(shown, caller.person.id, may_change=True)) == takes
        titles = session.scalars(select(AgendaItem.title).where(AgendaItem.state == AgendaItemState.OPEN)).all()
        assert len(titles) == len(set(titles)) == 90


@pytest.mark.parametrize("private", [True, False])
def test_unfinished_items_follow_a_series_to_another_channel_unless_the_old_one_is_private(db, private):
    with db.begin() as session:
        caller, series, (first, second, _) = weekly(session, NOW)
        series.private = private
        add_items(session, caller, first, 1, "Old")
        left = {item.id for item in agendas.items_of_meeting(session, first.id)}
        now = first.ends_at
        settings = SeriesSettings("Council", "C2", private=False, length=60, chair=series.chair_id, notes=None)
        change_series(session, caller, second.id, settings, now)
        assert meetings.series_of(session, first).channel == "C1"
        assert meetings.series_of(session, second).channel == "C2"
        writing.post_minutes(session, caller, first.id, writing.MinutesDraft([("", "We met.")], left=left), now)
        assert items(session, second) == ([] if private else [("Old 0", 1)])
        waiting = {
            channel: [item.title for item in agendas.waiting_items(session, 1, channel)] for channel in ("C1", "C2")
        }
        assert waiting == {"C1": ["Old 0"] if private else [], "C2": []}
