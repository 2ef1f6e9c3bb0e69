"""One row that cannot be read, rendered or carried out stops nothing else."""

from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot.delivery import pauses
from bot.delivery.courier import Courier
from handlers.holidays import jobs as holiday_jobs
from handlers.kit.block_kit import MessagePart, section
from handlers.kit.notices import sweep as notice_sweep
from handlers.proposals import jobs as proposal_jobs
from handlers.undelivered import jobs as undelivered_jobs
from storage import agencies, delivery_pauses, live_messages, notices, outbox
from storage.closures import ClosureCalendar
from storage.due import OVERDUE, Due, DueTimes
from storage.live_messages import LiveMessage
from storage.members import Member
from storage.notices import NewNotice, Notice
from storage.outbox import OutboxMessage
from storage.vocabulary import CalendarKind, DeliveryState, LiveMessageKind, NoticeKind, NoticeState
from tests.delivery.standing_clock import StandingClock
from tests.storage.people import founded
from tests.town import START

TEAM, ALL_WELL = "T1", "Good morning."
RENDERERS = {LiveMessageKind.AGENDA: lambda _session, live: {"text": f"Agenda {live.number}."}}
SQLITE_ONLY = ["{", "", "secret", '{"text": "cut o']
"""Texts that are no JSON: PostgreSQL does not store them."""


@pytest.fixture
def courier(db, slack, now):
    courier = Courier(
        db,
        StandingClock(now),
        lambda _team: slack.client,
        RENDERERS,
        "me",
    )
    yield courier
    courier.stop()


@pytest.fixture
def consortium(db):
    with db.begin() as session:
        return founded(session, "UTC", START).consortium


def queue(db, consortium, channel, **more):
    with db.begin() as session:
        row = outbox.queue(
            session,
            **{"team_id": TEAM, "body": {"text": ALL_WELL}, "about": "a greeting", "answers_to": "U1", **more},
            channel=channel,
            now=START,
            consortium_id=consortium.id,
        )
        session.flush()
        return row.id


def spoil(db, table, row_id, **columns):
    """Store what no code of ours would store."""
    values = ", ".join(f"{name} = '{value}'" for name, value in columns.items())
    with db.begin() as session:
        session.execute(text(f"UPDATE {table} SET {values} WHERE id = {row_id}".replace(":", r"\:")))


def state(db, row_id):
    with db.read() as session:
        row = session.get_one(OutboxMessage, row_id)
        return row.state, row.reason


@pytest.mark.parametrize("body", ['"x"', "[1]", "null", "1", '[["text", "x"]]', *SQLITE_ONLY])
def test_a_message_whose_body_is_no_object_is_set_aside_and_reported(db, courier, slack, now, consortium, body):
    if body in SQLITE_ONLY and not db.is_sqlite:
        return
    first, bad, after = queue(db, consortium, "C1"), queue(db, consortium, "C1"), queue(db, consortium, "C1")
    elsewhere = queue(db, consortium, "C2")
    spoil(db, "outbox", bad, body=body)
    for _ in range(4):
        courier.drain()
        now.at += timedelta(seconds=1)
    assert [state(db, row)[0] for row in (first, after, elsewhere)] == [DeliveryState.SENT] * 3
    assert state(db, bad) == (DeliveryState.FAILED, "unreadable")
    assert len(slack.calls) == 3
    for _ in range(2):
        undelivered_jobs.sweep(db, START + timedelta(minutes=1))
    with db.read() as session:
        assert [row.id for row in outbox.list_stuck(session, consortium.id)] == [bad]
        (news,) = session.scalars(select(OutboxMessage).where(OutboxMessage.state == DeliveryState.PENDING))
        assert "I could not post a greeting in <#C1>, because the copy that I keep of it is damaged" in str(news.body)
        assert "Post it again" not in str(news.body)


UNREADABLE_TIMES = ["-infinity", "infinity", "soon", "1999-99-99 00:00:00", "2026-11-30 16:00:zz"]
"""What is no time. PostgreSQL stores the first two, which Python cannot read either."""


def of_database(db, times):
    return times if db.is_sqlite else times[:2]


def test_a_message_whose_time_cannot_be_read_is_set_aside_and_reported(db, courier, slack, now, consortium):
    for number, time in enumerate(of_database(db, UNREADABLE_TIMES)):
        channel = f"C{number}"
        bad, after = queue(db, consortium, channel), queue(db, consortium, channel)
        elsewhere = queue(db, consortium, f"D{number}")
        spoil(db, "outbox", bad, due_at=time, created_at=time)
        drains(courier, now)
        assert state(db, bad) == (DeliveryState.FAILED, "unreadable"), time
        assert [state(db, row)[0] for row in (after, elsewhere)] == [DeliveryState.SENT] * 2, time
        undelivered_jobs.sweep(db, now.at)
        drains(courier, now)
        assert slack.calls[-1] == ("chat.postMessage", "A message was not delivered: a greeting.")


def drains(courier, now, minutes=3):
    for _ in range(minutes):
        courier.drain()
        now.at += timedelta(minutes=1)


def test_a_live_message_whose_time_cannot_be_read_is_updated_all_the_same(db, courier, slack, now, consortium):
    for number, time in enumerate(of_database(db, UNREADABLE_TIMES)):
        bad, other = live(db, consortium, 2 * number), live(db, consortium, 2 * number + 1)
        greeting = queue(db, consortium, "C1")
        spoil(db, "live_message", bad, due_at=time, **({"attempts": "many"} if db.is_sqlite else {}))
        drains(courier, now)
        with db.read() as session:
            assert all(m.shown == m.wanted for m in [session.get(LiveMessage, bad), session.get(LiveMessage, other)]), (
                time
            )
        assert state(db, greeting)[0] is DeliveryState.SENT


def test_a_pause_whose_time_cannot_be_read_holds_up_no_other_workspace_and_ends_by_a_call(
    db, courier, slack, now, consortium
):
    for time in of_database(db, UNREADABLE_TIMES):
        for team in ("T1", "T9"):
            with db.begin() as session:
                delivery_pauses.record(session, team, "invalid_auth", now.at)
        with db.begin() as session:
            session.execute(text("UPDATE delivery_pause SET due_at = :at, since = :at"), {"at": time})
        with db.read() as session:
            assert pauses.report(session) == ""
        greeting = queue(db, consortium, "C1")
        elsewhere = queue(db, consortium, "C9", team_id="T9")
        drains(courier, now)
        assert [state(db, row)[0] for row in (greeting, elsewhere)] == [DeliveryState.SENT] * 2, time
        with db.read() as session:
            assert delivery_pauses.list_all(session) == []


def test_a_failed_message_whose_times_cannot_be_read_is_reported_with_the_others(db, now, consortium):
    now.at += timedelta(minutes=1)
    for time in of_database(db, UNREADABLE_TIMES):
        bad, other = queue(db, consortium, "C1"), queue(db, consortium, "C1")
        with db.begin() as session:
            for row in session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_((bad, other)))):
                row.state, row.reason = DeliveryState.FAILED, "msg_too_long"
        spoil(db, "outbox", bad, due_at=time, created_at=time, told_at=time)
        undelivered_jobs.sweep(db, now.at)
        with db.read() as session:
            rows = outbox.list_stuck(session, consortium.id)
            assert all(row.told for row in rows), time
            assert {bad, other} <= {row.id for row in rows}


def test_a_failed_message_with_a_broken_byte_is_reported_with_the_others(db, now, consortium):
    if not db.is_sqlite:
        return
    bad, other = queue(db, consortium, "C1"), queue(db, consortium, "C1")
    with db.begin() as session:
        for row in session.scalars(select(OutboxMessage)):
            row.state, row.reason = DeliveryState.FAILED, "msg_too_long"
        session.execute(text("UPDATE outbox SET about = CAST(x'61ff62' AS TEXT) WHERE id = :id"), {"id": bad})
    with suppress(OperationalError):
        undelivered_jobs.sweep(db, now.at)
    undelivered_jobs.sweep(db, now.at)
    with db.read() as session:
        assert {row.id for row in outbox.list_stuck(session, consortium.id) if row.told} == {bad, other}


def test_a_time_that_cannot_be_read_makes_its_own_sweep_run_and_no_other(db, consortium):
    queue(db, consortium, "C1", answers_to="U1")
    for time in of_database(db, UNREADABLE_TIMES):
        with db.begin() as session:
            session.execute(text("UPDATE outbox SET state = 'failed', due_at = :at"), {"at": time})
        dues = DueTimes({"undelivered": outbox.first_unreported, "well": notices.next_due})
        with db.read() as session:
            assert dues.read(session) == {"undelivered": OVERDUE, "well": None}, time


def test_a_file_whose_message_has_an_impossible_number_is_set_aside(db, courier, consortium):
    bad = queue(db, consortium, "C1", method="files.upload", body={"message_id": 10**30})
    after = queue(db, consortium, "C1")
    courier.drain()
    assert state(db, bad)[0] is DeliveryState.FAILED
    assert state(db, after)[0] is DeliveryState.SENT


def live(db, consortium, number, channel="C1"):
    with db.begin() as session:
        where = (TEAM, channel)
        live_id = live_messages.create(session, consortium.id, LiveMessageKind.AGENDA, number, where, START)
        session.get_one(LiveMessage, live_id).ts = f"{number}.1"
        live_messages.request_update(session, live_id)
        return live_id


def test_a_live_message_of_an_unknown_kind_keeps_no_other_outdated(db, courier, slack, now, consortium):
    bad = live(db, consortium, 1)
    live(db, consortium, 2)
    spoil(db, "live_message", bad, kind="hologram")
    courier.drain()
    assert slack.calls == [("chat.update", "Agenda 2.")]
    spoil(db, "live_message", bad, kind="agenda")
    now.at += timedelta(minutes=1)
    courier.drain()
    assert ("chat.update", "Agenda 1.") in slack.calls
    with db.read() as session:
        assert all(m.shown == m.wanted for m in session.scalars(select(LiveMessage)))


def test_a_person_with_an_unknown_zone_keeps_nobody_from_being_reminded(db, consortium):
    with db.begin() as session:
        people = list(session.scalars(select(Member)))
        for member in people:
            about = (NoticeKind.REVIEW, f"review/{member.id}", 1)
            notices.add(session, NewNotice(consortium.id, member.id, TEAM, *about, START))
    spoil(db, "member", people[0].id, zone="Mars/Olympus")

    def render(_session, due, _now):
        return {notice.id: MessagePart("Look again.", [section("Look again.")]) for notice in due}

    for _ in range(2):
        notice_sweep.send_due_notices(db, {NoticeKind.REVIEW: render}, START)
    with db.read() as session:
        told = {row.channel for row in session.scalars(select(OutboxMessage))}
        assert told == {member.user_id for member in people[1:]}
        (waiting,) = session.scalars(select(Notice).where(Notice.state == NoticeState.WAITING))
        assert (waiting.member_id, waiting.look_at) == (people[0].id, START + notice_sweep.RETRY_AFTER)


def test_what_spoils_one_due_time_spoils_no_other(db):
    def broken(_session, _values):
        raise LookupError("no such zone")

    dues = DueTimes({"broken": Due(*proposal_jobs.next_due.statements, read=broken), "well": notices.next_due})
    with db.read() as session:
        assert dues.read(session) == {"broken": None, "well": None}


def test_a_calendar_that_cannot_be_dealt_with_lets_the_next_one_be_read(db, consortium, monkeypatch):
    with db.begin() as session:
        asker = session.scalars(select(Member)).first()
        for number in range(2):
            agency = agencies.add(session, consortium.id, f"Agency {number}", START)
            session.flush()
            session.add(
                ClosureCalendar(
                    agency_id=agency.id,
                    team_id=TEAM,
                    kind=CalendarKind.ADDRESS,
                    name="Closed days",
                    url=f"https://elm.example/{number}.ics",
                    asked_by=asker.id,
                    next_at=START + timedelta(seconds=number),
                )
            )
    read = []

    def address(url):
        read.append(url)
        return b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

    with db.read() as session:
        first = session.scalars(select(ClosureCalendar.id).order_by(ClosureCalendar.id)).first()
    fetch = SimpleNamespace(address=address)
    real = holiday_jobs._store_reading

    def store(session, calendar, *rest):
        if calendar.id == first:
            raise LookupError("no such title")
        real(session, calendar, *rest)

    monkeypatch.setattr(holiday_jobs, "_store_reading", store)
    for _ in range(3):
        holiday_jobs.sweep(db, fetch, START + timedelta(minutes=1))
    assert read == ["https://elm.example/0.ics", "https://elm.example/1.ics"]
