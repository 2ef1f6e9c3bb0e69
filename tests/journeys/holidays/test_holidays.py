"""When agencies are closed: typed, chosen, handed over as a file, or read from an address each week."""

from datetime import date

import pytest
from sqlalchemy import func, select

from storage import closures
from storage.agencies import Agency
from storage.closures import Calendar, Closure
from storage.consortia import Consortium
from tests.loopback import answer, calendar, elsewhere, event
from tests.town import text_of

HOLIDAYS = "/consortium agency holidays"
WINTER = event("20261221", "20270105", "Winter break")
SPRING = event("20270315", "20270320", "Spring break")


@pytest.fixture
def server():
    with elsewhere() as place:
        yield place


@pytest.fixture
def fetching(server):
    return server.fetching


def closed(town, agency="Elm Schools"):
    """Give the days on which an agency is closed, in the window that everybody asks for."""
    with town.bot.db.read() as session:
        consortium = session.scalars(select(Consortium)).one()
        found = closures.closed_days(session, consortium.id, date(2026, 1, 1), date(2030, 1, 1))
        agency_id = session.scalars(select(Agency.id).where(Agency.name == agency)).one()
        return sorted(str(day) for day in found.get(agency_id, ()))


def count(town, table):
    with town.bot.db.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def whisper(town, user):
    town.settle()
    return [m for m in town.messages(user) if m.get("ephemeral")][-1]


def menu_of(message):
    return next(e for b in message["blocks"] for e in b.get("elements", []) if e.get("options"))


def takes(town, message, user="ben"):
    value = menu_of(message)["options"][0]["value"]
    town.call("act", user=user, channel="council", ts=message["ts"], action_id="closure.take", value=value)
    town.settle()


def opens_form(town, user="ben", agency="Elm Schools"):
    town.types(user, f'{HOLIDAYS} "{agency}"')
    return town.presses(user, "Add days or a calendar", whisper(town, user))


# typing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said", "days"),
    [
        ("2026-12-21..2027-01-04", "Mon 21 Dec 2026 to Mon 4 Jan 2027", 15),
        ("2026-12-21 - 2027-01-04", "Mon 21 Dec 2026 to Mon 4 Jan 2027", 15),
        ("21 dec to 4 jan", "Mon 21 Dec 2026 to Mon 4 Jan 2027", 15),
        ("2027-02-15", "Mon 15 Feb 2027", 1),
        ("2026-12-24..2026-12-25 2027-02-15, 5 mar 2027", "Fri 25 Dec 2026; Mon 15 Feb 2027; Fri 5 Mar 2027", 4),
        ("2026-11-25..2026-12-01", "Wed 25 Nov 2026 to Tue 1 Dec 2026", 7),
        ("tomorrow", "Tue 1 Dec 2026", 1),
    ],
)
def test_an_agencys_people_say_when_it_is_closed(town, typed, said, days):
    assert said in town.types("ben", f'{HOLIDAYS} "Elm Schools" {typed}')
    assert len(closed(town)) == days


def test_a_facilitator_says_it_for_any_agency_and_gives_it_a_name(town):
    said = town.types("ana", f"{HOLIDAYS} “Birch Schools” 2026-12-21..2027-01-04 “Winter <b> break”")
    assert "Closed days added for Birch Schools: Winter &lt;b&gt; break, Mon 21 Dec 2026 to Mon 4 Jan 2027." in said
    assert len(closed(town, "Birch Schools")) == 15
    assert "Winter &lt;b&gt; break" in town.types("cleo", HOLIDAYS)


def test_the_same_days_typed_twice_are_kept_once(town):
    for _ in range(2):
        town.types("ben", f"{HOLIDAYS} Elm 2027-02-15")
    assert count(town, Closure) == 1


def test_outsiders_and_people_of_other_agencies_are_refused_kindly(town):
    for typed in (" 2026-12-21", ""):
        assert "Only people of the consortium" in town.types("dov", f'{HOLIDAYS} "Elm Schools"{typed}')
    refused = town.types("cleo", f'{HOLIDAYS} "Elm Schools" 2026-12-21')
    assert "Only people from Elm Schools and facilitators can change its closed days. You can ask Ana Reyes." in refused
    assert "No closed days are listed for *Elm Schools*" in town.types("cleo", f'{HOLIDAYS} "Elm Schools"')
    assert "[Add" not in town.types("cleo", f'{HOLIDAYS} "Elm Schools"')
    assert count(town, Closure) == 0


BAD = (
    ("2026-02-30", "There is no day like"),
    ("2027-01-04..2026-12-21", "It ends on Mon 21 Dec 2026, before it begins"),
    ("12/3", "can be read in two ways"),
    ("2026-12-21..12/3", "can be read in two ways"),
    ("2031-01-01", "more than three years away"),
    ("2026-12-21..2028-12-21", "longer than a year"),
    ("2026-11-01..2026-11-05", "Thu 5 Nov 2026 has already passed"),
    ("2026-12-21..", "I could not read"),
    ("2026-12-21..2026-12-22..2026-12-23", "I could not read"),
    ("2026-12-21 whenever", "I could not read"),
    ("2026-12-24, 2026-02-30", "There is no day like"),
)


def test_days_that_cannot_be_are_answered_with_an_example_that_works_and_nothing_is_kept(town, subtests):
    for typed, said in BAD:
        with subtests.test(typed):
            told = town.types("ben", f'{HOLIDAYS} "Elm Schools" {typed}')
            assert said in told
            assert '`/consortium agency holidays "Elm Schools" 2026-12-21..2027-01-04`' in told
            assert count(town, Closure) == 0


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ('"Elm Schools" "21 dec to 4 jan" "May Day and more"', "May Day and more"),
        ('Elm 21 dec to 4 jan "Winter"', "Winter"),
        ("Elm Schools dec 21 to jan 4", ""),
        ("2026-12-21..2027-01-04", ""),
    ],
)
def test_name_days_and_label_are_told_apart(town, typed, label):
    assert "Mon 21 Dec 2026 to Mon 4 Jan 2027" in town.types("ben", f"{HOLIDAYS} {typed}")
    with town.bot.db.read() as session:
        assert session.scalars(select(Closure.label)).one() == label


def test_a_name_with_a_month_in_it_is_a_name(town):
    town.types("ana", '/consortium agency add "Oak Marsh Augusta"')
    assert "Closed days added for Oak Marsh Augusta: Mon 15 Feb 2027" in town.types(
        "ana", f"{HOLIDAYS} Oak Marsh Augusta 2027-02-15"
    )


def test_an_agency_that_is_not_there_is_asked_about(town):
    assert "There is no agency “Zebra”" in town.types("ana", f'{HOLIDAYS} "Zebra" 2026-12-21')
    assert "There is no agency “Elm christmas”" in town.types("ana", f"{HOLIDAYS} Elm christmas")


# the list ----------------------------------------------------------------------------------------------


def test_closed_days_are_listed_and_one_is_taken_away_and_brought_back(town):
    town.types("ben", f'{HOLIDAYS} "Elm Schools" 2026-12-21..2027-01-04 "Winter break"')
    said = town.types("ben", f'{HOLIDAYS} "Elm Schools"')
    assert "*Elm Schools* is closed on\n• Mon 21 Dec 2026 to Mon 4 Jan 2027 · Winter break" in said
    first = whisper(town, "ben")
    town.types("ben", HOLIDAYS)
    takes(town, first)
    assert closed(town) == []
    back = '`/consortium agency holidays "Elm Schools" 2026-12-21..2027-01-04`'
    told = [text_of(m) for m in town.messages("ben") if m.get("ephemeral")]
    assert any(f"To add it again: {back}" in text for text in told)
    takes(town, next(m for m in town.messages("ben") if "is closed on" in text_of(m)))
    assert any("These days have already been removed." in text_of(m) for m in town.messages("ben"))


def test_the_overview_leads_to_the_closed_days_of_ones_own_agency(town):
    town.types("ben", f"{HOLIDAYS} Elm 2027-02-15")
    town.types("ben", "/consortium")
    town.presses("ben", "Closed days", whisper(town, "ben"))
    assert "*Elm Schools* is closed on\n• Mon 15 Feb 2027" in text_of(whisper(town, "ben"))


def test_a_long_list_comes_in_pages(town):
    for month in range(1, 13):
        town.types("ben", f"{HOLIDAYS} Elm 2027-{month:02}-10")
    said = town.types("ben", HOLIDAYS)
    assert "10 Jan 2027" in said and "10 Dec 2027" not in said
    town.presses("ben", "Later", whisper(town, "ben"))
    assert "10 Dec 2027" in text_of(whisper(town, "ben"))


def test_a_press_on_what_another_agency_owns_is_refused(town):
    town.types("ben", f"{HOLIDAYS} Elm 2027-02-15")
    town.types("ben", HOLIDAYS)
    message = whisper(town, "ben")
    value = menu_of(message)["options"][0]["value"]
    town.types("cleo", HOLIDAYS)
    own = whisper(town, "cleo")
    button = next(e for b in own["blocks"] for e in b.get("elements", []))
    assert button["action_id"] == "closure.form"
    asked = town.bot.surface.actions["closure.take"]
    from handlers.kit.refusals import Refusal
    from handlers.kit.slack_request import SlackRequest

    people = {p["name"]: p["id"] for p in town.sandbox.people()}
    body = {
        "type": "block_actions",
        "team": {"id": town.sandbox.credentials.team_id},
        "user": {"id": people["cleo"], "team_id": town.sandbox.credentials.team_id},
        "actions": [{"action_id": "closure.take", "value": value}],
    }
    with pytest.raises(Refusal, match="can change its closed days"):
        asked(SlackRequest(town.bot.surface.deps, body))
    assert len(closed(town)) == 1


# the form ----------------------------------------------------------------------------------------------


def test_days_are_chosen_in_the_form(town):
    form = opens_form(town)
    assert "<First day>" in form and "<Calendar file>" in form
    assert town.fills("ben", first="2026-12-21", last="2027-01-04", label="Winter break")["closed"]
    assert "Closed days added for Elm Schools: Winter break, Mon 21 Dec 2026" in text_of(whisper(town, "ben"))
    assert len(closed(town)) == 15


AT_ITS_FIELD = (
    ({}, "first", "Choose a day, or add"),
    ({"last": "2026-12-21"}, "first", "Choose the first day too"),
    ({"first": "2026-12-21", "last": "2026-12-20"}, "last", "before it begins"),
    ({"first": "2026-11-21"}, "first", "has already passed"),
    ({"first": "2031-11-21"}, "first", "three years"),
    ({"first": "2026-12-21", "last": "2028-11-20"}, "last", "longer than a year"),
    ({"address": "elm calendar"}, "address", "no address on the web"),
    ({"address": "ftp://elm.example/a.ics"}, "address", "no address on the web"),
    ({"address": "https://me:secret@elm.example/a.ics"}, "address", "a name and a password"),
    ({"address": "https://127.0.0.1/a.ics"}, "address", "within a private network"),
    ({"address": "http://localhost/a.ics"}, "address", "within a private network"),
    ({"address": "https://elm.example:8443/a.ics"}, "address", "usual ports"),
)


def test_what_cannot_be_is_said_at_its_field(town, subtests):
    for values, field, said in AT_ITS_FIELD:
        with subtests.test(said):
            opens_form(town)
            assert said in town.fills("ben", **values)["errors"][field]
            assert count(town, Closure) == count(town, Calendar) == 0
            town.closes_forms("ben")


def test_where_the_app_may_not_read_files_the_form_says_what_is_missing(town):
    town.forgiven.add("missing_scope")
    scopes = [scope for scope in town.http.get("/sandbox/app").json()["scopes"] if scope != "files:read"]
    town.call("app", scopes=scopes)
    town.types("ben", HOLIDAYS)
    said = town.presses("ben", "Add days or a calendar", whisper(town, "ben"))
    assert "I lack a permission that this form needs." in said


def test_a_file_is_read_and_the_person_is_told_what_was_found(town):
    opens_form(town)
    file = {"name": "elm.ics", "content": calendar(WINTER, SPRING)}
    assert town.fills("ben", file=file)["closed"]
    assert "I am reading the calendar for Elm Schools now" in text_of(whisper(town, "ben"))
    told = town.direct("ben")[-1]
    assert "I found 20 closed days for Elm Schools until March 2027: Winter break, Mon 21 Dec 2026" in text_of(told)
    assert len(closed(town)) == 20
    assert count(town, Calendar) == 0
    assert "Spring break" in town.presses("ben", "Show all", told, "@ben")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"name": "elm.ics", "content": "hello"}, "This is not a calendar file."),
        ({"name": "elm.ics", "content": "<!DOCTYPE html><html>"}, "This is a web page, not a calendar."),
        ({"name": "elm.ics", "content": "BEGIN:VCALENDAR\nBEGIN:VEVENT\n"}, "The calendar file is broken"),
        ({"name": "elm.ics", "content": calendar()}, "found no closed days"),
        ({"name": "elm.ics", "base64": "/////w=="}, "This is not a calendar file."),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_kindly_and_nothing_is_kept(town, file, said):
    opens_form(town)
    assert town.fills("ben", file=file)["closed"]
    town.settle()
    assert said in text_of(town.direct("ben")[-1])
    assert count(town, Closure) == count(town, Calendar) == 0


def test_a_file_that_is_too_large_is_refused_at_once(town):
    opens_form(town)
    file = {"name": "elm.ics", "content": "x" * 2_000_001}
    assert "larger than 2 MB" in town.fills("ben", file=file)["errors"]["file"]
    assert count(town, Calendar) == 0
    town.closes_forms("ben")


# addresses ---------------------------------------------------------------------------------------------


def gives(town, url, user="ben"):
    opens_form(town, user)
    answer = town.fills(user, address=url)
    assert answer["closed"], answer
    town.settle()
    return text_of(town.direct(user)[-1])


def test_an_address_is_read_at_once_and_then_each_week_anew(town, server):
    server.pages["/elm.ics"] = calendar(WINTER)
    town.types("ben", f"{HOLIDAYS} Elm 2027-06-19")
    assert "I found 15 closed days for Elm Schools until January 2027" in gives(town, server.url())
    said = town.types("ben", HOLIDAYS)
    assert "Winter break (from the calendar)" in said
    assert "I read the calendar at calendar.example every week" in said
    server.pages["/elm.ics"] = calendar(SPRING)
    told = len(town.direct("ben"))
    town.waits("P8D")
    assert closed(town) == [f"2027-03-{day}" for day in range(15, 20)] + ["2027-06-19"]
    assert len(town.direct("ben")) == told, "nothing is said while all goes well"


def test_a_calendar_that_fails_later_is_told_once_keeps_its_days_and_is_told_when_it_works_again(town, server):
    server.pages["/elm.ics"] = calendar(WINTER)
    gives(town, server.url())
    server.pages["/elm.ics"] = lambda handler: answer(handler, 500)
    before = len(town.direct("ben"))
    town.waits("P15D")
    told = [text_of(m) for m in town.direct("ben")[before:]]
    assert len(told) == 1
    assert "I could not read the calendar for Elm Schools (calendar.example)." in told[0]
    assert "The days from it stay" in told[0]
    assert len(closed(town)) == 15
    assert "could not read the calendar at calendar.example last time" in town.types("ben", HOLIDAYS)
    server.pages["/elm.ics"] = calendar(WINTER, SPRING)
    town.waits("P7D")
    assert "I can read the calendar for Elm Schools again" in text_of(town.direct("ben")[-1])
    assert len(closed(town)) == 20


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (None, "There is nothing at that address any more."),
        ("<html>Sign in</html>", "This is a web page, not a calendar."),
        (lambda handler: answer(handler, 403), "asks for a password"),
        (lambda handler: answer(handler, 302, Location="http://10.0.0.1/a.ics"), "within a private network"),
        (lambda handler: answer(handler, 302, Location="file:///etc/passwd"), "no address on the web"),
        (lambda handler: answer(handler, 302, Location="/elm.ics"), "leads on and on"),
    ],
)
def test_an_address_that_cannot_be_read_is_told_kindly_and_forgotten(town, server, page, said):
    if page is not None:
        server.pages["/elm.ics"] = page
    told = gives(town, server.url())
    assert said in told
    assert "I kept nothing from it." in told
    assert count(town, Calendar) == 0


def test_a_server_in_trouble_is_tried_again_before_anybody_is_told(town, server):
    server.pages["/elm.ics"] = lambda handler: answer(handler, 503)
    opens_form(town)
    town.fills("ben", address=server.url())
    town.settle()
    assert not town.direct("ben")
    server.pages["/elm.ics"] = calendar(WINTER)
    town.waits("PT2M")
    assert "I found 15 closed days" in text_of(town.direct("ben")[-1])


def test_another_address_takes_the_place_of_the_first_and_reading_can_be_stopped(town, server):
    server.pages["/elm.ics"] = calendar(WINTER)
    server.pages["/new.ics"] = calendar(SPRING)
    gives(town, server.url())
    assert "I found 5 closed days" in gives(town, server.url("/new.ics"))
    assert len(closed(town)) == 5
    assert count(town, Calendar) == 1
    town.types("ben", HOLIDAYS)
    town.presses("ben", "Stop reading the calendar", whisper(town, "ben"))
    assert "I have stopped reading the calendar at calendar.example" in text_of(whisper(town, "ben"))
    assert closed(town) == []
    assert count(town, Calendar) == 0


def test_a_calendar_of_an_agency_that_ended_is_read_no_more(town, server):
    server.pages["/elm.ics"] = calendar(WINTER)
    gives(town, server.url())
    town.types("ana", '/consortium agency end "Elm Schools"')
    town.presses("ana", "End it", whisper(town, "ana"))
    asked = len(server.asked)
    town.waits("P8D")
    assert len(server.asked) == asked
    assert count(town, Calendar) == 0


def test_when_who_gave_the_address_has_left_the_facilitators_are_told(town, server):
    server.pages["/elm.ics"] = calendar(WINTER)
    gives(town, server.url())
    assert town.call("people", user="ben", deleted=True)["ok"]
    town.settle()
    del server.pages["/elm.ics"]
    town.waits("P8D")
    assert any("I could not read the calendar for Elm Schools" in text_of(m) for m in town.direct("ana"))


def test_no_token_goes_to_an_address(town, server):
    server.pages["/elm.ics"] = calendar(WINTER)
    gives(town, server.url())
    (_, headers), *_ = server.asked
    assert "Authorization" not in headers
