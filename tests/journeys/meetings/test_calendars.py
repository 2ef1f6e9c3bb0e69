"""Journeys through calendars: the file attached to an announcement, and the private address."""

import logging
import re
from datetime import UTC

import httpx
import pytest
from icalendar import Calendar
from sqlalchemy import select

from bot.config import is_public_url
from bot.logs import without_secrets
from storage.audit import AuditEntry
from storage.calendars import CalendarFeed
from storage.meetings import Meeting
from storage.outbox import OutboxMessage
from storage.vocabulary import MeetingState
from tests.calendars import event_starts, parse_events
from tests.journeys.steps import makes_board, plans
from tests.town import text_of

ONCE = '/meeting new "Council" 2026-12-09 14:00 for:90m'
WEEKLY = '/meeting new "Budget circle" 2026-12-10 9:00 for:60m every:week'


def chooses(town, command, label, user="ana"):
    town.types(user, command)
    town.presses(user, label, town.private_answer(user))
    town.settle()


def address(town, user):
    """Return the calendar address that the command shows."""
    return re.search(r"`(http\S+\.ics)`", town.types(user, "/meeting calendar"))[1]


def presses(town, user, label):
    town.presses(user, label, town.private_answer(user))
    return text_of(town.private_answer(user))


def read(url):
    answer = httpx.get(url)
    assert answer.status_code == 200, answer.text
    return parse_events(answer.content)


def planned(town):
    with town.bot.db.read() as session:
        return sorted(session.scalars(select(Meeting.starts_at).where(Meeting.state == MeetingState.PLANNED)))


# the address -------------------------------------------------------------------------------------------


def test_a_member_subscribes_to_the_consortiums_meetings(town):
    plans(town, ONCE)
    plans(town, WEEKLY)
    answer = httpx.get(address(town, "gus"))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(answer.content)
    assert str(calendar["x-wr-calname"]) == "Northern Valleys"
    once, weekly = calendar.walk("VEVENT")
    assert (str(once["summary"]), str(weekly["summary"])) == ("Council", "Budget circle")
    assert once["dtstart"].dt.astimezone(UTC).isoformat() == "2026-12-09T21:00:00+00:00"
    assert (once["dtend"].dt - once["dtstart"].dt).total_seconds() == 90 * 60
    assert weekly["rrule"].to_ical() == b"FREQ=WEEKLY"
    assert {once["dtstart"].dt.astimezone(UTC), weekly["dtstart"].dt.astimezone(UTC)} <= set(planned(town))


def test_moved_and_canceled_meetings_show_in_the_next_fetch(town):
    plans(town, WEEKLY)
    url = address(town, "gus")
    known = httpx.get(url).headers["etag"]
    assert httpx.get(url, headers={"If-None-Match": known}).status_code == 304
    chooses(town, "/meeting move 2026-12-11 10:00", "Move only this one")
    answer = httpx.get(url, headers={"If-None-Match": known})
    assert answer.status_code == 200
    master, moved = parse_events(answer.content)
    assert (master["sequence"], moved["sequence"]) == (1, 1)
    assert moved["recurrence-id"].dt.astimezone(UTC).isoformat() == "2026-12-10T16:00:00+00:00"
    assert moved["dtstart"].dt.astimezone(UTC).isoformat() == "2026-12-11T17:00:00+00:00"
    chooses(town, "/meeting cancel", "Cancel only this one")
    _, cancelled = read(url)
    assert (cancelled["status"], cancelled["sequence"]) == ("CANCELLED", 2)
    chooses(town, "/meeting cancel", "Cancel this and all later ones")
    (gone,) = read(url)
    assert (gone["status"], gone["sequence"]) == ("CANCELLED", 3)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_calendar_matches_the_stored_meetings_through_months_and_clock_changes(town):
    plans(town, WEEKLY.replace("every:week", "every:month"))
    url = address(town, "gus")
    for moved in ("2027-01-15 10:00", None, "2027-04-09 16:00", "2027-05-12 9:00"):
        town.waits("P36D")
        if moved:
            chooses(town, f"/meeting move {moved}", "Move only this one")
        found = event_starts(httpx.get(url).content)
        assert [at for at in found if at <= max(planned(town))] == planned(town)
    assert {at.hour for at in planned(town)} >= {15, 16}


def test_past_meetings_stay_when_all_later_ones_are_moved_or_canceled(town):
    plans(town, WEEKLY)
    url = address(town, "gus")
    town.waits("P12D")
    held = planned(town)[0]
    chooses(town, "/meeting move 2026-12-18 11:00", "Move this and all later ones")
    found = event_starts(httpx.get(url).content)
    assert [at for at in found if at <= max(planned(town))] == planned(town)
    assert found[0] == held and {at.weekday() for at in found[1:]} == {4}
    town.waits("P7D")
    chooses(town, "/meeting cancel", "Cancel this and all later ones")
    assert event_starts(httpx.get(url).content) == planned(town)


def test_a_renewed_or_switched_off_address_opens_nothing(town):
    first = address(town, "gus")
    said = town.types("gus", "/meeting calendar")
    assert "I cannot show it again" in said and "/calendar/" not in said
    again = presses(town, "gus", "New address")
    second = re.search(r"`(http\S+\.ics)`", again)[1]
    assert first != second
    assert httpx.get(first).status_code == 404
    assert httpx.get(second).status_code == 200
    assert "It is switched off" in presses(town, "gus", "Switch off")
    assert httpx.get(second).status_code == 404
    assert httpx.get(address(town, "gus")).status_code == 200


def test_all_addresses_that_open_nothing_get_the_same_answer(town):
    gone = address(town, "gus")
    left = address(town, "finn")
    presses(town, "gus", "Switch off")
    assert town.call("people", user="finn", deleted=True)["ok"]
    town.settle()
    base = gone.rpartition("/")[0]
    tried = [gone, left, f"{base}/{'x' * 43}.ics", f"{base}/x.ics", f"{base}/{'x' * 3000}.ics", f"{base}/%00.ics"]
    answers = [httpx.get(url) for url in tried]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}
    assert httpx.post(gone).status_code == 405


def test_only_a_hash_of_the_secret_is_stored_and_nothing_is_logged(town, caplog):
    caplog.set_level(logging.DEBUG)
    url = address(town, "gus")
    secret = url.rpartition("/")[2].removesuffix(".ics")
    assert len(secret) == 43
    httpx.get(url)
    httpx.get(url + "x")
    presses(town, "gus", "New address")
    with town.bot.db.read() as session:
        (row,) = session.scalars(select(CalendarFeed))
        assert secret not in row.digest and len(row.digest) == 64
        assert not [r for r in session.scalars(select(OutboxMessage)) if "/calendar/" in str(r.body)]
        deeds = list(session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "own calendar address")))
    assert deeds == ["renewed", "renewed"]
    logged = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]
    assert not [line for line in logged if secret in line]
    assert secret not in str(without_secrets(None, "", {"event": f"GET {url}"}))


def test_meetings_of_a_private_channel_are_only_in_the_calendars_of_its_members(town):
    town.call("channels", name="board", private=True, members=["ana", "ben", "consortium"])
    plans(town, ONCE.replace("Council", "Board"), channel="board")
    plans(town, WEEKLY)
    assert [str(event["summary"]) for event in read(address(town, "ben"))] == ["Board", "Budget circle"]
    assert [str(event["summary"]) for event in read(address(town, "gus"))] == ["Budget circle"]


def test_without_a_public_address_the_answer_says_how_to_set_one(town):
    town.bot.surface.deps.public_url.url = ""
    said = town.types("gus", "/meeting calendar")
    assert "`PUBLIC_URL=https://bot.example`" in said
    with town.bot.db.read() as session:
        assert session.scalars(select(CalendarFeed)).all() == []


def test_outsiders_get_no_address(town):
    assert "is for members of the consortium" in town.types("dov", "/meeting calendar")


@pytest.mark.parametrize("mode", ["socket"])
def test_an_address_works_over_socket_mode_too(town):
    plans(town, ONCE)
    assert len(read(address(town, "gus"))) == 1


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://bot.example", True),
        ("https://bot.example/", True),
        ("https://bot.example:8443", True),
        ("http://localhost:3000", True),
        ("http://bot.example", False),
        ("bot.example", False),
        ("https://bot.example/path", False),
        ("https://user@bot.example", False),
        ("https://bot.example?x=1", False),
        ("https://bot.example:many", False),
        ("https://", False),
    ],
)
def test_a_public_address_is_https_without_a_path(url, good):
    assert is_public_url(url) is good


# the file ----------------------------------------------------------------------------------------------


def files(town):
    return [m for m in town.messages("ana") if m.get("files")]


def content(town, message):
    (file,) = message["files"]
    token = town.sandbox.credentials.bot_token
    return file["name"], parse_events(
        httpx.get(file["url_private"], headers={"Authorization": f"Bearer {token}"}).content
    )


def test_the_announcement_and_the_agenda_have_a_calendar_file_in_their_threads(town):
    plans(town, ONCE)
    town.waits("P8DT6H")
    announcement, agenda = town.message("has planned *"), town.message("*Agenda*")
    found = files(town)
    assert [m["thread_ts"] for m in found] == [announcement["ts"], agenda["ts"]]
    for message in found:
        name, (event,) = content(town, message)
        assert name == "Council.ics"
        assert [event["dtstart"].dt.astimezone(UTC)] == planned(town)


def test_a_moved_meeting_has_a_file_with_the_new_date_and_a_higher_sequence(town):
    plans(town, ONCE)
    town.types("ana", "/meeting move 2026-12-10 15:00")
    town.settle()
    _, (event,) = content(town, files(town)[-1])
    assert event["dtstart"].dt.astimezone(UTC).isoformat() == "2026-12-10T22:00:00+00:00"
    assert event["sequence"] == 1
    chooses(town, "/meeting cancel", "Cancel it")
    _, (event,) = content(town, files(town)[-1])
    assert (event["status"], event["sequence"]) == ("CANCELLED", 2)


def test_the_calendar_is_unavailable_while_slack_does_not_say_who_sees_a_channel(town):
    makes_board(town, "ana", "cleo")
    plans(town, ONCE, "cleo", "board")
    url = address(town, "cleo")
    town.bot.surface.deps.directory._cache.clear()
    town.forgiven.add("internal_error")
    town.call("faults", method="conversations.info", fault="500")
    assert httpx.get(url).status_code == 503
    assert len(read(url)) == 1
