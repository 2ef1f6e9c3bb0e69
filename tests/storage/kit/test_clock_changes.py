"""A clock that is set back: what every column with a time or a day means, and what becomes of it."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import TypeDecorator, select, update

from storage.clock_changes import BY_STATE, LAST_AT, LOOKED_AT, release
from storage.database import lock_rank
from storage.schema import metadata
from tests.storage.kit.conftest import NOW

APPOINTMENTS = {
    "closure": {"first_day", "last_day"},
    "meeting": {"original_at", "starts_at", "ends_at"},
    "meeting_change": {"was_at", "now_at"},
    "meeting_series": {"first_day"},
    "member": {"away_until", "own_away_until", "pulse_paused_until"},
    "minutes": {"accepts_at"},
    "notice": {"until"},
    "poll": {"closes_at"},
    "poll_option": {"starts_at"},
    "proposal": {"opens_at", "closes_at", "review_on", "extend_until"},
    "pulse": {"starts_on", "next_day", "opens_at"},
    "pulse_round": {"day", "closes_at"},
    "role": {"until"},
    "task": {"due_on"},
    "work_warning": {"quiet_until"},
}
"""What people agreed on, or were told: it follows the clock."""

RECORDS = {
    "agency": {"created_at", "ended_at", "seated_at"},
    "agency_confirmation": {"at"},
    "agenda_item": {"added_at"},
    "audit": {"at"},
    "ballot": {"said_at", "vacated_at"},
    "calendar_feed": {"created_at"},
    "calendar_title": {"found_at"},
    "closure_calendar": {"good_at"},
    "consortium": {"created_at"},
    "contribution": {"given_on", "created_at", "taken_back_at"},
    "correction": {"at"},
    "delivery_pause": {"since"},
    "draft": {"created_at"},
    "dues": {"created_at"},
    "funding_source": {"created_at", "ended_at"},
    "gain": {"created_at", "taken_back_at"},
    "handled_request": {"seen_at"},
    "heartbeat": {"at"},
    "home_tab": {"opened_at"},
    "import_draft": {"created_at"},
    "meeting": {"planned_at", "notes_since"},
    "meeting_change": {"at"},
    "meeting_series": {"created_at", "ended_at", "chair_asked_at"},
    "member": {"agency_since", "joined_at", "left_at"},
    "membership_request": {"created_at"},
    "minutes": {"posted_at", "accepted_at"},
    "occurrence": {"at"},
    "outbox": {"created_at"},
    "payment": {"paid_on", "created_at", "taken_back_at"},
    "poll": {"created_at", "closed_at"},
    "position": {"said_at", "vacated_at"},
    "position_event": {"at"},
    "proposal": {"created_at", "decided_at"},
    "proposal_version": {"until"},
    "pulse_round": {"opened_at"},
    "recorded_decision": {"decided_at"},
    "role": {"created_at", "ended_at"},
    "room": {"cleared_on"},
    "task": {"created_at", "settled_at"},
    "uptake": {"at"},
    "week_load": {"week"},
    "work_warning": {"began_at", "ended_at"},
    "workspace": {"joined_at", "roll_read_at"},
}
"""What happened: nothing waits until some time has passed since."""


def is_time(column):
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return kind.python_type in {date, datetime}


def test_every_time_is_an_appointment_a_record_or_released_when_the_clock_is_set_back():
    times = sorted(
        f"{table.name}.{column.name}" for table in metadata.sorted_tables for column in table.c if is_time(column)
    )
    declared = [
        f"{table}.{name}" for group in (APPOINTMENTS, RECORDS) for table, names in group.items() for name in names
    ]
    released = [f"{column.class_.__tablename__}.{column.key}" for column in (*LOOKED_AT, *LAST_AT, *BY_STATE)]
    assert sorted([*declared, *released]) == times


@pytest.mark.parametrize("back", [timedelta(hours=25), timedelta(days=3653)])
def test_nothing_waits_for_a_time_that_the_clock_had_before(rows, back):
    columns = [*LOOKED_AT, *LAST_AT, *BY_STATE]
    values = {column: NOW.date() if column.type.python_type is date else NOW for column in columns}
    with rows.begin() as session:
        for column in sorted(columns, key=lambda column: lock_rank(column.class_.__tablename__)):
            session.execute(update(column.class_).values({column: values[column]}))
    now = NOW - back
    with rows.begin() as session:
        release(session, NOW, now)
    with rows.read() as session:
        for column, value in values.items():
            (stored,) = session.scalars(select(column)).all()
            assert stored == (now.date() if value == NOW.date() else now), column
