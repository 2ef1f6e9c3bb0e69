"""Closed days of agencies: typed, chosen, from a file, or from an address that is read every week."""

from datetime import date

import pytest
from sqlalchemy import func, select

from storage import closures
from storage.agencies import Agency
from storage.closures import Closure, ClosureCalendar
from storage.consortia import Consortium
from tests.journeys.steps import sends
from tests.loopback import all_day_event, fake_server, icalendar, write_response
from tests.town import text_of

HOLIDAYS = "/consortium agency holidays"
WINTER = all_day_event("20261221", "20270105", "Winter break")
SPRING = all_day_event("20270315", "20270320", "Spring break")


@pytest.fixture
def server():
    with fake_server() as place:
        yield place


@pytest.fixture
def fetching(server):
    return server.fetching


def closed(town, agency="Elm Schools"):
    """Return the days on which an agency is closed."""
    with town.bot.db.read() as session:
        consortium = session.scalars(select(Consortium)).one()
        found = closures.closed_days(session, consortium.id, date(2026, 1, 1), date(2030, 1, 1))
        agency_id = session.scalars(select(Agency.id).where(Agency.name == agency)).one()
        return sorted(str(day) for day in found.get(agency_id, ()))


def count(town, table):
    with town.bot.db.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def menu_of(message):
    return next(e for b in message["blocks"] for e in b.get("elements", []) if e.get("options"))


def closes(town, user="ben", button="Yes, closed"):
    """Answer the question about the titles of a calendar, and return what is said then."""
    town.presses(user, button, town.direct(user)[-1], f"@{user}")
    return text_of(town.direct(user)[-1])


def removes(town, window, user="ben"):
    """Remove the first days in the window, and return the value that its menu carried for them."""
    value = menu_of(window)["options"][0]["value"]
    town.call("act", user=user, view_id=window["id"], action_id="closure.take", value=value)
    town.settle()
    return value


def opens_form(town, user="ben", agency="Elm Schools"):
    town.types(user, f'{HOLIDAYS} "{agency}"')
    return town.presses(user, "Add days or a calendar", town.private_answer(user))


# typing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "said", "days"),
    [
        ("2026-12-21..2027-01-04", "Mon, Dec 21, 2026 to Mon, Jan 4, 2027", 15),
        ("2026-12-21 - 2027-01-04", "Mon, Dec 21, 2026 to Mon, Jan 4, 2027", 15),
        ("21 dec to 4 jan", "Mon, Dec 21, 2026 to Mon, Jan 4, 2027", 15),
        ("2027-02-15", "Mon, Feb 15, 2027", 1),
        ("2026-12-24..2026-12-25 2027-02-15, 5 mar 2027", "Fri, Dec 25, 2026; Mon, Feb 15, 2027; Fri, Mar 5, 2027", 4),
        ("2026-11-25..2026-12-01", "Wed, Nov 25, 2026 to Tue, Dec 1, 2026", 7),
        ("tomorrow", "Tue, Dec 1, 2026", 1),
    ],
)
def test_the_people_of_an_agency_add_its_closed_days(town, typed, said, days):
    assert said in town.types("ben", f'{HOLIDAYS} "Elm Schools" {typed}')
    assert len(closed(town)) == days


def test_a_facilitator_adds_closed_days_with_a_label_for_any_agency(town):
    said = town.types("ana", f"{HOLIDAYS} “Birch Schools” 2026-12-21..2027-01-04 “Winter <b> break”")
    assert "Closed days added for Birch Schools: Winter &lt;b&gt; break, Mon, Dec 21, 2026 to Mon, Jan 4, 2027." in said
    assert len(closed(town, "Birch Schools")) == 15
    assert "Winter &lt;b&gt; break" in town.types("cleo", HOLIDAYS)


def test_the_same_days_typed_twice_are_stored_once(town):
    for _ in range(2):
        town.types("ben", f"{HOLIDAYS} Elm 2027-02-15")
    assert count(town, Closure) == 1


def test_outsiders_and_people_from_other_agencies_cannot_add_closed_days(town):
    for typed in (" 2026-12-21", ""):
        assert "is for members of the consortium" in town.types("dov", f'{HOLIDAYS} "Elm Schools"{typed}')
    refused = town.types("cleo", f'{HOLIDAYS} "Elm Schools" 2026-12-21')
    assert "Only people from Elm Schools and facilitators can change its closed days. You can ask Ana Reyes." in refused
    assert "No closed days are listed for *Elm Schools*" in town.types("cleo", f'{HOLIDAYS} "Elm Schools"')
    assert "[Add" not in town.types("cleo", f'{HOLIDAYS} "Elm Schools"')
    assert count(town, Closure) == 0


BAD = (
    ("2026-02-30", "is not a day in the calendar"),
    ("2027-01-04..2026-12-21", "It ends on Mon, Dec 21, 2026, before it begins"),
    ("2031-01-01", "more than three years away"),
    ("2026-12-21..2028-12-21", "longer than a year"),
    ("2026-11-01..2026-11-05", "Thu, Nov 5, 2026 has already passed"),
    ("2026-12-21..", "I could not read"),
    ("2026-12-21..2026-12-22..2026-12-23", "I could not read"),
    ("2026-12-21 whenever", "I could not read"),
    ("2026-12-24, 2026-02-30", "is not a day in the calendar"),
)


def test_impossible_days_are_refused_with_an_example_and_nothing_is_stored(town, subtests):
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
def test_name_days_and_label_are_parsed_from_one_command(town, typed, label):
    assert "Mon, Dec 21, 2026 to Mon, Jan 4, 2027" in town.types("ben", f"{HOLIDAYS} {typed}")
    with town.bot.db.read() as session:
        assert session.scalars(select(Closure.label)).one() == label


def test_a_name_that_contains_a_month_is_a_name(town):
    town.types("ana", '/consortium agency add "Oak Marsh Augusta"')
    assert "Closed days added for Oak Marsh Augusta: Mon, Feb 15, 2027" in town.types(
        "ana", f"{HOLIDAYS} Oak Marsh Augusta 2027-02-15"
    )


def test_an_unknown_agency_is_refused(town):
    assert "There is no agency “Zebra”" in town.types("ana", f'{HOLIDAYS} "Zebra" 2026-12-21')
    assert "There is no agency “Elm christmas”" in town.types("ana", f"{HOLIDAYS} Elm christmas")


# the list ----------------------------------------------------------------------------------------------


def test_closed_days_are_listed_and_removed_once_with_a_command_to_restore_them(town):
    town.types("ben", f'{HOLIDAYS} "Elm Schools" 2026-12-21..2027-01-04 "Winter break"')
    said = town.types("ben", f'{HOLIDAYS} "Elm Schools"')
    assert "*Elm Schools* is closed on\n• Mon, Dec 21, 2026 to Mon, Jan 4, 2027 · Winter break" in said
    value = removes(town, town.private_answer("ben"))
    assert closed(town) == []
    back = '`/consortium agency holidays "Elm Schools" 2026-12-21..2027-01-04`'
    shown = text_of(town.private_answer("ben"))
    assert f"To add it again: {back}" in shown and "No closed days are listed for *Elm Schools*." in shown
    assert "These days have already been removed." in sends(town, "ben", "closure.take", value)


def test_the_overview_leads_to_the_closed_days_of_the_readers_agency(town):
    town.types("ben", f"{HOLIDAYS} Elm 2027-02-15")
    town.types("ben", "/consortium")
    town.presses("ben", "Closed days", town.private_answer("ben"))
    assert "*Elm Schools* is closed on\n• Mon, Feb 15, 2027" in text_of(town.private_answer("ben"))


def test_somebody_without_an_agency_chooses_whose_closed_days_to_see(town):
    town.types("ben", f"{HOLIDAYS} Elm 2027-02-15")
    town.types("ana", "/consortium facilitator @hana")
    assert "Whose closed days do you want to see?" in town.types("hana", HOLIDAYS)
    town.closes_forms("hana")
    town.types("hana", "/consortium")
    town.presses("hana", "Closed days", town.private_answer("hana"))
    asked = town.private_answer("hana")
    value = next(o["value"] for o in menu_of(asked)["options"] if o["text"]["text"] == "Elm Schools")
    town.call("act", user="hana", view_id=asked["id"], action_id="closure.list", value=value)
    town.settle()
    assert "*Elm Schools* is closed on\n• Mon, Feb 15, 2027" in text_of(town.private_answer("hana"))


def test_a_long_list_is_paged(town):
    for month in range(1, 13):
        town.types("ben", f"{HOLIDAYS} Elm 2027-{month:02}-10")
    said = town.types("ben", HOLIDAYS)
    assert "Jan 10, 2027" in said and "Dec 10, 2027" not in said
    town.presses("ben", "Later", town.private_answer("ben"))
    assert "Dec 10, 2027" in text_of(town.private_answer("ben"))


def test_people_from_another_agency_cannot_remove_closed_days(town):
    town.types("ben", f"{HOLIDAYS} Elm 2027-02-15")
    town.types("ben", HOLIDAYS)
    message = town.private_answer("ben")
    value = menu_of(message)["options"][0]["value"]
    town.types("cleo", HOLIDAYS)
    own = town.private_answer("cleo")
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
    assert "Closed days added for Elm Schools: Winter break, Mon, Dec 21, 2026" in text_of(town.private_answer("ben"))
    assert len(closed(town)) == 15


AT_ITS_FIELD = (
    ({}, "first", "Choose a day, or add"),
    ({"last": "2026-12-21"}, "first", "Choose the first day too"),
    ({"first": "2026-12-21", "last": "2026-12-20"}, "last", "before it begins"),
    ({"first": "2026-11-21"}, "first", "has already passed"),
    ({"first": "2031-11-21"}, "first", "three years"),
    ({"first": "2026-12-21", "last": "2028-11-20"}, "last", "longer than a year"),
    ({"address": "elm calendar"}, "address", "not a web address"),
    ({"address": "ftp://elm.example/a.ics"}, "address", "not a web address"),
    ({"address": "https://me:secret@elm.example/a.ics"}, "address", "a user name or password"),
    ({"address": "https://127.0.0.1/a.ics"}, "address", "in a private network"),
    ({"address": "http://localhost/a.ics"}, "address", "in a private network"),
    ({"address": "https://elm.example:8443/a.ics"}, "address", "standard ports"),
)


def test_wrong_values_are_refused_at_their_field(town, subtests):
    for values, field, said in AT_ITS_FIELD:
        with subtests.test(said):
            opens_form(town)
            assert said in town.fills("ben", **values)["errors"][field]
            assert count(town, Closure) == count(town, ClosureCalendar) == 0
            town.closes_forms("ben")


def test_without_permission_to_read_files_the_refusal_explains_what_is_missing(town):
    town.forgiven.add("missing_scope")
    scopes = [scope for scope in town.http.get("/sandbox/app").json()["scopes"] if scope != "files:read"]
    town.call("app", scopes=scopes)
    town.types("ben", HOLIDAYS)
    said = town.presses("ben", "Add days or a calendar", town.private_answer("ben"))
    assert "I am missing a permission that this form needs." in said


def test_a_file_is_read_and_its_closed_days_are_reported(town):
    opens_form(town)
    file = {"name": "elm.ics", "content": icalendar(WINTER, SPRING)}
    assert town.fills("ben", file=file)["closed"]
    assert "I am reading the calendar for Elm Schools now" in text_of(town.private_answer("ben"))
    told = town.direct("ben")[-1]
    assert (
        "I read the calendar for Elm Schools. Nothing in it closes the agency yet.\n"
        "Which of these 2 titles close Elm Schools? I count only what you choose.\n"
        "*2 of them sound like closed days*\n"
        "• “Winter break”, Mon, Dec 21, 2026 to Mon, Jan 4, 2027\n"
        "• “Spring break”, Mon, Mar 15, 2027 to Fri, Mar 19, 2027\n"
    ) in text_of(told)
    assert closed(town) == []
    assert count(town, ClosureCalendar) == 0
    assert "Winter break, Mon, Dec 21, 2026 to Mon, Jan 4, 2027; Spring break" in closes(
        town, "ben", "Close on those 2"
    )
    assert len(closed(town)) == 20
    assert "Spring break" in town.types("ben", HOLIDAYS)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ({"name": "elm.ics", "content": "hello"}, "This is not a calendar file."),
        ({"name": "elm.ics", "content": "<!DOCTYPE html><html>"}, "This is a web page, not a calendar."),
        ({"name": "elm.ics", "content": "BEGIN:VCALENDAR\nBEGIN:VEVENT\n"}, "The calendar file is broken"),
        ({"name": "elm.ics", "content": icalendar()}, "found no days in the next 18 months"),
        ({"name": "elm.ics", "base64": "/////w=="}, "This is not a calendar file."),
    ],
)
def test_an_unreadable_file_is_reported_and_nothing_is_stored(town, file, said):
    opens_form(town)
    assert town.fills("ben", file=file)["closed"]
    town.settle()
    assert said in text_of(town.direct("ben")[-1])
    assert count(town, Closure) == count(town, ClosureCalendar) == 0


def test_a_file_that_is_too_large_is_refused_at_once(town):
    opens_form(town)
    file = {"name": "elm.ics", "content": "x" * 2_000_001}
    assert "larger than 2 MB" in town.fills("ben", file=file)["errors"]["file"]
    assert count(town, ClosureCalendar) == 0
    town.closes_forms("ben")


SNOW_DAY = all_day_event("20270232", "", "Snow <b> day")


def test_a_file_with_a_bad_event_is_read_and_the_bad_one_is_named(town):
    opens_form(town)
    twice = all_day_event("20270219", "", "", "RRULE:FREQ=HOURLY")
    assert town.fills("ben", file={"name": "elm.ics", "content": icalendar(WINTER, SNOW_DAY, twice)})["closed"]
    told = text_of(town.direct("ben")[-1])
    assert "Is Elm Schools closed for this? “Winter break”, Mon, Dec 21, 2026 to Mon, Jan 4, 2027" in told
    assert (
        "I left out 2 events: “Snow &lt;b&gt; day” (it is broken) and one without a title (I cannot follow how it "
        "repeats). You can correct the calendar, or type their days." in told
    )
    closes(town)
    assert len(closed(town)) == 15


# addresses ---------------------------------------------------------------------------------------------


def adds_address(town, url, user="ben"):
    opens_form(town, user)
    answer = town.fills(user, address=url)
    assert answer["closed"], answer
    town.settle()
    return text_of(town.direct(user)[-1])


def test_an_address_is_read_at_once_and_again_every_week(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER)
    town.types("ben", f"{HOLIDAYS} Elm 2027-06-19")
    assert "Nothing in it closes the agency yet." in adds_address(town, server.url())
    assert "Elm Schools is closed on 16 days until June 2027: Winter break, Mon" in closes(town)
    said = town.types("ben", HOLIDAYS)
    assert "Winter break (from the calendar)" in said
    assert "I read the calendar at calendar.example every week" in said
    server.pages["/elm.ics"] = icalendar(SPRING.replace("Spring break", "WINTER  break"))
    told = len(town.direct("ben"))
    town.waits("P8D")
    assert closed(town) == [f"2027-03-{day}" for day in range(15, 20)] + ["2027-06-19"]
    assert len(town.direct("ben")) == told, "a successful reading is not reported"


def test_a_calendar_that_fails_later_keeps_its_days_and_is_reported_once_and_when_it_works_again(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER)
    adds_address(town, server.url())
    closes(town)
    server.pages["/elm.ics"] = lambda handler: write_response(handler, 500)
    before = len(town.direct("ben"))
    town.waits("P15D")
    told = [text_of(m) for m in town.direct("ben")[before:]]
    assert len(told) == 1
    assert "I could not read the calendar for Elm Schools (calendar.example)." in told[0]
    assert "The days from it stay" in told[0]
    assert len(closed(town)) == 15
    assert "could not read the calendar at calendar.example last time" in town.types("ben", HOLIDAYS)
    server.pages["/elm.ics"] = icalendar(WINTER, SPRING)
    town.waits("P7D")
    told = text_of(town.direct("ben")[-1])
    assert "I can read the calendar for Elm Schools again.\nIs Elm Schools closed for this? “Spring break”" in told
    assert len(closed(town)) == 15
    closes(town)
    assert len(closed(town)) == 20


def test_events_that_a_calendar_leaves_out_are_named_once_and_listed_while_they_are_left_out(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER, SNOW_DAY)
    left_out = (
        "I left out 1 event: “Snow &lt;b&gt; day” (it is broken). You can correct the calendar, or type its days."
    )
    assert left_out in adds_address(town, server.url())
    assert left_out in town.types("ben", HOLIDAYS)
    before = len(town.direct("ben"))
    town.waits("P8D")
    assert len(town.direct("ben")) == before
    server.pages["/elm.ics"] = icalendar(WINTER, SNOW_DAY.replace("Snow", "Ice"))
    town.waits("P7D")
    (told,) = town.direct("ben")[before:]
    assert "I read the calendar for Elm Schools again.\nI left out 1 event: “Ice" in text_of(told)
    server.pages["/elm.ics"] = icalendar(WINTER)
    town.waits("P7D")
    assert len(town.direct("ben")) == before + 1
    assert "I left out" not in town.types("ben", HOLIDAYS)


def test_a_calendar_in_utc_is_read_on_the_consortiums_clock(town, server):
    in_denver = "BEGIN:VEVENT\r\nDTSTART:20270215T070000Z\r\nDTEND:20270216T070000Z\r\nEND:VEVENT"
    server.pages["/elm.ics"] = icalendar(in_denver)
    assert "An event without a title, Mon, Feb 15, 2027" in adds_address(town, server.url())
    assert "Elm Schools is closed on 1 day until February 2027" in closes(town)
    assert closed(town) == ["2027-02-15"]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (None, "There is nothing at that address anymore."),
        ("<html>Sign in</html>", "This is a web page, not a calendar."),
        (lambda handler: write_response(handler, 403), "asks for a password"),
        (lambda handler: write_response(handler, 302, Location="http://10.0.0.1/a.ics"), "in a private network"),
        (lambda handler: write_response(handler, 302, Location="file:///etc/passwd"), "not a web address"),
        (lambda handler: write_response(handler, 302, Location="/elm.ics"), "keeps sending me on"),
    ],
)
def test_an_unreadable_address_is_reported_and_forgotten(town, server, page, said):
    if page is not None:
        server.pages["/elm.ics"] = page
    told = adds_address(town, server.url())
    assert said in told
    assert "I kept nothing from it." in told
    assert count(town, ClosureCalendar) == 0


def test_a_failing_server_is_tried_again_before_anybody_is_told(town, server):
    server.pages["/elm.ics"] = lambda handler: write_response(handler, 503)
    opens_form(town)
    town.fills("ben", address=server.url())
    town.settle()
    assert not town.direct("ben")
    server.pages["/elm.ics"] = icalendar(WINTER)
    town.waits("PT2M")
    assert "Is Elm Schools closed for this? “Winter break”" in text_of(town.direct("ben")[-1])


def test_a_second_address_replaces_the_first_and_reading_can_be_stopped(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER)
    server.pages["/new.ics"] = icalendar(SPRING)
    adds_address(town, server.url())
    closes(town)
    assert len(closed(town)) == 15
    assert "“Spring break”" in adds_address(town, server.url("/new.ics"))
    assert closed(town) == []
    closes(town)
    assert len(closed(town)) == 5
    assert count(town, ClosureCalendar) == 1
    town.types("ben", HOLIDAYS)
    town.presses("ben", "Stop reading the calendar", town.private_answer("ben"))
    assert "I have stopped reading the calendar at calendar.example" in text_of(town.private_answer("ben"))
    assert closed(town) == []
    assert count(town, ClosureCalendar) == 0


def test_the_calendar_of_an_ended_agency_is_no_longer_read(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER)
    adds_address(town, server.url())
    town.types("ana", '/consortium agency end "Elm Schools"')
    town.presses("ana", "End it", town.private_answer("ana"))
    asked = len(server.asked)
    town.waits("P8D")
    assert len(server.asked) == asked
    assert count(town, ClosureCalendar) == 0


def test_the_facilitators_are_told_when_the_person_who_added_the_address_has_left(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER)
    adds_address(town, server.url())
    assert town.call("people", user="ben", deleted=True)["ok"]
    town.settle()
    del server.pages["/elm.ics"]
    town.waits("P8D")
    assert any("I could not read the calendar for Elm Schools" in text_of(m) for m in town.direct("ana"))


def test_no_token_is_sent_to_an_address(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER)
    adds_address(town, server.url())
    (_, headers), *_ = server.asked
    assert "Authorization" not in headers


# the titles of a calendar ------------------------------------------------------------------------------

FAIR = all_day_event("20270212", "", "Book fair")
RECORDS = all_day_event("20270319", "", "Report cards")


def ticks(town, user="ben"):
    """Return the titles that the open form has ticked, and those that it has not."""
    (form,) = town.views(user)
    element = next(b["element"] for b in form["blocks"] if b.get("block_id", "").startswith("titles"))
    on = {option["value"] for option in element.get("initial_options") or []}
    named = [(option["text"]["text"], option["value"] in on) for option in element["options"]]
    return [title for title, ticked in named if ticked], [title for title, ticked in named if not ticked]


def enters(town, block_id, value, user="ben"):
    """Fill in one input of the open form, without submitting it."""
    view = town.views(user)[-1]
    assert town.call("act", user=user, view_id=view["id"], block_id=block_id, action_id="value", value=value)["ok"]


def gives_file(town, *events, user="ben"):
    opens_form(town, user)
    assert town.fills(user, file={"name": "elm.ics", "content": icalendar(*events)})["closed"]
    town.settle()
    return text_of(town.direct(user)[-1])


def test_only_chosen_titles_close_an_agency(town):
    said = gives_file(town, WINTER, FAIR, RECORDS)
    assert "*1 of them sounds like closed days*\n• “Winter break”" in said
    assert "*2 others*\n• “Book fair”, Fri, Feb 12, 2027\n• “Report cards”, Fri, Mar 19, 2027" in said
    form = town.presses("ben", "Choose titles", town.direct("ben")[-1], "@ben")
    assert "On which of these days is *Elm Schools* closed?" in form
    assert ticks(town) == (["Winter break"], ["Book fair", "Report cards"])
    assert closed(town) == []
    chosen = {"titles0": ["Book fair"]}
    assert town.fills("ben", **chosen)["closed"]
    town.settle()
    assert closed(town) == ["2027-02-12"]
    said = town.types("ben", HOLIDAYS)
    assert "Book fair" in said and "Winter break" not in said
    assert "1 of 3 titles from calendars closes it." in said


def test_what_was_chosen_counts_for_the_next_file_too_and_only_new_titles_are_asked_about(town):
    gives_file(town, WINTER, FAIR)
    closes(town, button="Close on that one")
    said = gives_file(town, all_day_event("20271220", "20280104", "WINTER BREAK"), FAIR, RECORDS)
    assert "Elm Schools is closed on 15 days until January 2028: WINTER BREAK" in said
    assert "Is Elm Schools closed for this? “Report cards”, Fri, Mar 19, 2027" in said
    assert "Book fair" not in said
    closes(town, button="No, open")
    assert closed(town)[0] == "2026-12-21" and len(closed(town)) == 30


def test_a_new_title_in_a_calendar_that_is_read_every_week_is_asked_of_the_facilitator_too_and_once(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER)
    adds_address(town, server.url())
    closes(town)
    server.pages["/elm.ics"] = icalendar(WINTER, RECORDS)
    before = {name: len(town.direct(name)) for name in ("ana", "ben", "cleo")}
    town.waits("P8D")
    question = "It has a new title.\nIs Elm Schools closed for this? “Report cards”, Fri, Mar 19, 2027"
    for name in ("ana", "ben"):
        (asked,) = [text_of(m) for m in town.direct(name)[before[name] :] if "calendar" in text_of(m)]
        assert question in asked
    assert not [m for m in town.direct("cleo")[before["cleo"] :] if "calendar" in text_of(m)]
    assert len(closed(town)) == 15
    town.waits("P15D")
    for name in ("ana", "ben"):
        assert len([m for m in town.direct(name)[before[name] :] if "calendar" in text_of(m)]) == 1
    message = next(m for m in town.direct("ana") if "Report cards" in text_of(m))
    town.presses("ana", "Yes, closed", message, "@ana")
    town.settle()
    assert closed(town)[-1] == "2027-03-19"
    late = next(m for m in town.direct("ben") if "Report cards" in text_of(m))
    assert "Somebody has already decided about these titles." in town.presses("ben", "No, open", late, "@ben")
    assert closed(town)[-1] == "2027-03-19"


def test_titles_are_listed_ten_a_page_and_a_page_that_is_turned_is_kept(town):
    events = [all_day_event(f"202702{day:02}", "", f"Day {day:02}") for day in range(1, 24)]
    said = gives_file(town, *events)
    assert "Which of these 23 titles close Elm Schools?" in said and "• and 15 more" in said
    town.presses("ben", "Choose titles", town.direct("ben")[-1], "@ben")
    assert ticks(town) == ([], [f"Day {day:02}" for day in range(1, 11)])
    enters(town, "titles0", ["Day 02", "Day 07"])
    town.presses_in_form("ben", "Next page")
    assert ticks(town) == ([], [f"Day {day:02}" for day in range(11, 21)])
    assert closed(town) == ["2027-02-02", "2027-02-07"]
    town.presses_in_form("ben", "Previous page")
    assert ticks(town)[0] == ["Day 02", "Day 07"]
    town.presses_in_form("ben", "Next page")
    assert town.fills("ben", titles1=["Day 20"])["closed"]
    town.settle()
    assert closed(town) == ["2027-02-02", "2027-02-07", "2027-02-20"]
    assert "Nobody has decided yet about 3 other titles." in text_of(town.direct("ben")[-1])
    assert "Nobody has decided yet about 3." in town.types("ben", HOLIDAYS)


def test_people_from_another_agency_do_not_choose_titles(town):
    gives_file(town, WINTER)
    assert "[Choose titles]" not in town.types("cleo", f'{HOLIDAYS} "Elm Schools"')
    assert "[Choose titles]" in town.types("ana", f'{HOLIDAYS} "Elm Schools"')


def test_stopping_a_calendar_forgets_its_days_but_not_what_was_chosen(town, server):
    server.pages["/elm.ics"] = icalendar(WINTER, FAIR)
    adds_address(town, server.url())
    closes(town, button="Close on that one")
    town.types("ben", HOLIDAYS)
    town.presses("ben", "Stop reading the calendar", town.private_answer("ben"))
    assert closed(town) == []
    assert "Elm Schools is closed on 15 days until January 2027: Winter break" in adds_address(town, server.url())
    assert len(closed(town)) == 15


def test_two_people_with_the_form_open_do_not_undo_each_other(town):
    gives_file(town, WINTER, FAIR, RECORDS)
    town.presses("ben", "Choose titles", town.direct("ben")[-1], "@ben")
    town.types("ana", f'{HOLIDAYS} "Elm Schools"')
    town.presses("ana", "Choose titles", town.private_answer("ana"))
    assert town.fills("ben", titles0=["Book fair"])["closed"]
    assert town.fills("ana", titles0=["Winter break", "Report cards"])["closed"]
    town.settle()
    assert closed(town) == ["2027-02-12", "2027-03-19"], "the winter break stays as Ben has decided"


def test_private_events_of_a_calendar_are_left_out(town):
    secret = all_day_event("20270115", "", "Chemotherapy", "CLASS:PRIVATE")
    said = gives_file(town, WINTER, secret, all_day_event("20270116", "", "Interview", "CLASS:confidential"))
    assert "Chemotherapy" not in said and "Interview" not in said and "Winter break" in said
    assert "Chemotherapy" not in town.types("ana", f'{HOLIDAYS} "Elm Schools"')
