"""Files that people drop into their direct messages with the bot: tables, calendars, and all the others."""

import logging

import pytest
from sqlalchemy import select, text

from storage.closures import ClosureCalendar
from storage.database import Base
from storage.imports import ImportDraft
from storage.outbox import OutboxMessage
from tests.journeys.imports.steps import confirms, file
from tests.journeys.steps import count
from tests.loopback import all_day_event, icalendar
from tests.town import text_of
from tests.xlsx import workbook

WINTER = all_day_event("20261221", "20270105", "Winter break")
CALENDAR = {"name": "elm.ics", "content": icalendar(WINTER)}
TABLE = {"name": "people.csv", "content": "agency,name\nPine Hill,Hana Okafor"}
PICTURE = {"name": "lunch.png", "content": "PNG"}
OTHER = "Here I read tables to import (CSV, TSV, and Excel files ending in .xlsx), and calendars"
ACCESS = "Slack does not let me open it, as happens with files from another workspace."


def drops(town, user, *files, text=""):
    """Drop files. Return the texts of the direct messages that follow."""
    return [text_of(m) for m in town.drops(user, *files, text=text)]


def sends(town, event, user="ana", **more):
    """Send the bot an event about a message that this person wrote. Return the texts of the messages that follow."""
    person = town.sandbox.world.directory.person(user)
    channel = town.sandbox.world.directory.direct(person).id
    before = len(town.direct(user))
    whole = {"type": "message", "user": person.id, "channel": channel, "channel_type": "im", **event}
    answer = town.call("event", event=whole, **more)
    assert answer["ok"] and not answer["failed"], answer
    town.settle()
    return [text_of(m) for m in town.direct(user)[before:]]


def uploaded(town, given=TABLE, user="ana"):
    """Return a file as Slack describes it, after this person has said it in a channel, where it is not read."""
    assert town.call("say", user=user, channel="council", text="", files=[given])["ok"]
    return town.messages(user)[-1]["files"][0]


def ends(town, agency):
    town.types("ana", f'/consortium agency end "{agency}"')
    town.presses("ana", "End it", town.private_answer("ana"))
    town.settle()


# what is read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        TABLE,
        {"name": "People.TSV", "content": "agency\tname\nPine Hill\tHana Okafor"},
        {"name": "people.txt", "content": "agency;name\nPine Hill;Hana Okafor"},
        file("people.xlsx", workbook([["Organization", "Name"], ["Pine Hill", "Hana Okafor"]])),
    ],
    ids=lambda given: given["name"],
)
def test_a_facilitator_drops_a_table_and_imports_it(town, given):
    answer, preview = town.drops("ana", given)
    name = given["name"]
    assert text_of(answer) == f"I am reading “{name}” now, and will send you the preview. Nothing has changed yet."
    assert f"*Preview of “{name}”: nothing has changed yet*" in text_of(preview)
    assert "Hana" not in town.types("ana", "/consortium who")
    assert f"*Imported from “{name}”: 2 changes to people and agencies.*" in text_of(confirms(town, preview))
    assert "*Pine Hill*: Hana Okafor" in town.types("ana", "/consortium who")


@pytest.mark.parametrize("name", ["elm.ics", "elm.ICAL", "elm.ifb"])
def test_a_member_drops_a_calendar_of_their_own_agency(town, name):
    answer, question = town.drops("ben", {**CALENDAR, "name": name})
    assert text_of(answer) == (
        f"I am reading the calendar “{name}” for Elm Schools now, and will tell you what I find."
    )
    assert "Is Elm Schools closed for this? “Winter break”" in text_of(question)
    town.presses("ben", "Yes, closed", question, "@ben")
    assert "Winter break" in town.types("ben", "/consortium agency holidays")
    assert count(town, ClosureCalendar) == 0


def test_several_files_are_each_handled_and_answered_once(town):
    town.types("ana", "/consortium facilitator @ben")
    town.types("ana", "/consortium facilitator remove @ana")
    second = {"name": "more.csv", "content": "agency\nFir Hill"}
    answer, *previews = drops(town, "ben", TABLE, second, CALENDAR, PICTURE, {**PICTURE, "name": "b.pdf"})
    assert answer.startswith(
        "I am reading “people.csv” and “more.csv” now, and will send you a preview of each. Nothing has changed yet.\n"
        "I did not read “elm.ics”. A calendar is for one agency, and you may change several."
    )
    assert f"I did not read “lunch.png” and “b.pdf”. {OTHER}" in answer
    town.waits("PT1M")
    told = previews + [text_of(m) for m in town.direct("ben")[-2:]]
    assert any("Preview of “people.csv”" in said for said in told)
    assert any("Preview of “more.csv”" in said for said in told)


def test_a_file_may_be_dropped_with_words_and_in_a_thread(town):
    preview = town.drops("ana", TABLE, text="Here is the list")[-1]
    said = town.call("say", user="ana", channel="@ana", text="once more", files=[TABLE], thread_ts=preview["ts"])
    assert said["ok"]
    town.settle()
    assert len([m for m in town.direct("ana") if "*Preview of “people.csv”" in text_of(m)]) == 2


@pytest.mark.parametrize("mode", ["socket"])
def test_a_file_is_read_through_socket_mode_too(town):
    assert "*Preview of “people.csv”" in drops(town, "ana", TABLE)[-1]


# whose agency ------------------------------------------------------------------------------------------


def test_a_facilitator_of_several_agencies_names_one_in_the_form(town):
    (said,) = drops(town, "ana", CALENDAR)
    assert said.startswith("I did not read “elm.ics”. A calendar is for one agency, and you may change several.")
    assert said.endswith('`/consortium agency holidays "Elm Schools"`')
    assert "Elm Schools" in town.types("ana", '/consortium agency holidays "Elm Schools"')
    assert count(town, ClosureCalendar) == 0


def test_a_facilitator_of_a_single_agency_need_not_name_it(town):
    ends(town, "Birch Schools")
    ends(town, "Oak Valley")
    assert "for Elm Schools now" in drops(town, "ana", CALENDAR)[0]


def test_people_in_no_agency_are_told_whom_to_ask(town):
    ends(town, "Oak Valley")
    (said,) = drops(town, "gus", CALENDAR)
    assert said == (
        "I did not read “elm.ics”. A calendar is for an agency, and you are in none at the moment. "
        "You can ask Ana Reyes."
    )
    town.types("ana", "/consortium facilitator @gus")
    town.settle()
    assert "you may change several" in drops(town, "gus", CALENDAR)[0]


# who is refused ----------------------------------------------------------------------------------------


def test_an_outsider_is_refused_with_a_way_in_and_nothing_is_read(town):
    (said,) = town.drops("dov", TABLE, CALENDAR)
    assert text_of(said).startswith("This one is for members of the consortium.")
    assert "Join an agency" in text_of(said)
    assert "<Which agency do you work with?>" in town.presses("dov", "Join an agency", said, "@dov")
    assert count(town, ImportDraft) == count(town, ClosureCalendar) == 0


def test_somebody_who_asked_to_join_is_told_that_it_waits(town):
    town.types("hana", '/consortium join "Oak Valley"')
    assert "Your request to join Oak Valley is waiting" in drops(town, "hana", TABLE)[-1]


def test_without_a_consortium_a_file_leads_to_founding_one(empty_town):
    assert "There is no consortium in this workspace yet." in drops(empty_town, "ana", TABLE)[0]


def test_a_plain_member_cannot_import_a_table(town):
    (said,) = drops(town, "ben", TABLE, {"name": "old.xls", "content": "x"})
    assert said == ("I did not read “people.csv” and “old.xls”. Only a facilitator can do this. You can ask Ana Reyes.")
    assert count(town, ImportDraft) == 0


# what cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "given", "part"),
    [
        ("ana", {"name": "people.xls", "content": "x"}, "This is an Excel file of the old kind (.xls)"),
        ("ana", {"name": "people.csv", "content": "x" * 2_000_001}, "This file is larger than 2 MB."),
        ("ben", {"name": "elm.ics", "content": "x" * 2_000_001}, "The file is larger than 2 MB."),
        ("ben", PICTURE, OTHER),
        ("ana", {"name": "no ending", "content": "x"}, OTHER),
        ("ana", {"name": "<!channel>.pdf", "content": "x"}, "I did not read “&lt;!channel&gt;.pdf”."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(town, user, given, part):
    (said,) = drops(town, user, given)
    assert said.startswith("I did not read “") and part in said
    assert count(town, ImportDraft) == count(town, ClosureCalendar) == 0


def test_a_file_without_a_table_or_calendar_in_it_is_reported_as_in_the_form(town):
    assert (
        "*I could not read “people.csv”. Nothing has changed.*"
        in drops(town, "ana", {"name": "people.csv", "content": "%PDF\x00"})[-1]
    )
    assert "This is not a calendar file." in drops(town, "ben", {"name": "elm.ics", "content": "hello"})[-1]


def test_too_many_files_at_once_wait_for_the_first_ones(town):
    tables = [{"name": f"{number}.csv", "content": "agency\nPine Hill"} for number in range(7)]
    answer = drops(town, "ana", *tables)[0]
    assert answer.startswith("I am reading “0.csv”, “1.csv”, “2.csv”, “3.csv” and “4.csv” now,")
    assert answer.endswith(
        "I did not read “5.csv” and “6.csv”. I am still reading other tables. Try again in a minute."
    )


def test_without_the_permission_to_read_files_the_bot_says_what_is_missing(town):
    scopes = [scope for scope in town.http.get("/sandbox/app").json()["scopes"] if scope != "files:read"]
    town.call("app", scopes=scopes)
    for user, given in (("ana", TABLE), ("ben", CALENDAR)):
        said = drops(town, user, given)[-1]
        assert "I may lack the permission to read files." in said
        assert "install me again from the manifest" in said
    assert count(town, ImportDraft) == count(town, ClosureCalendar) == 0


@pytest.mark.parametrize("missing", ["im:history", "subscription"])
def test_an_app_that_was_not_installed_again_hears_of_no_file(town, missing):
    app = town.http.get("/sandbox/app").json()
    if missing == "subscription":
        manifest = {**town.sandbox.manifest, "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}}}
        town.call("app", manifest=manifest)
    else:
        town.call("app", scopes=[scope for scope in app["scopes"] if scope != "im:history"])
    assert drops(town, "ana", TABLE) == []


def test_a_file_from_another_workspace_is_not_guessed_at(town):
    town.call("people", name="zoe", real_name="Zoe Visser", home="T0ELSEWHERE", channels=["council"])
    assert "This one is for members of the consortium." in drops(town, "zoe", TABLE)[-1]
    town.types("ana", '/consortium member @zoe "Oak Valley"')
    town.settle()
    assert drops(town, "zoe", CALENDAR)[-1].startswith(f"I did not read this file. {ACCESS}")
    assert drops(town, "zoe", CALENDAR, TABLE)[-1].startswith(f"I did not read 2 files. {ACCESS}")
    assert count(town, ClosureCalendar) == 0


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"file_access": "check_file_info"}, ACCESS),
        ({"file_access": "access_denied"}, ACCESS),
        ({"url_private": None}, ACCESS),
        ({"name": None, "url_private": None, "mode": "tombstone"}, ACCESS),
        ({"is_external": True, "url_private": "https://docs.example/1"}, "It is kept outside of Slack"),
    ],
)
def test_a_file_that_slack_does_not_give_is_answered(town, change, part):
    given = {**uploaded(town), **change}
    (said,) = sends(town, {"subtype": "file_share", "files": [given]})
    assert part in said and said.startswith("I did not read ")
    assert count(town, ImportDraft) == 0


def test_the_token_goes_to_slack_only(town):
    given = {**uploaded(town), "url_private": "https://files.example/people.csv"}
    assert "Slack did not give me the file." in sends(town, {"subtype": "file_share", "files": [given]})[-1]


# what is ignored ---------------------------------------------------------------------------------------


def test_words_are_answered_once_a_day_with_what_is_waiting(town):
    town.proposes()
    (answer,) = drops(town, "ben", text="yes to the bus")
    assert answer.startswith("1 proposal or poll is waiting for you. I read commands and files here")
    assert "[Show what is waiting]" in answer
    assert "Adopt the calendar" in town.presses("ben", "Show what is waiting", town.direct("ben")[-1], "@ben")
    assert drops(town, "ben", text="and to the trip") == []
    (answer,) = drops(town, "finn", text="hello")
    assert answer.startswith("1 proposal or poll is waiting")
    town.waits("P1D")
    assert any(answer.startswith("1 proposal or poll") for answer in drops(town, "ben", text="hello again"))


def test_words_of_an_outsider_lead_to_joining(town):
    (answer,) = drops(town, "dov", text="hello")
    assert "members of the consortium" in answer
    assert drops(town, "dov", text="hello?") == []


def test_words_in_a_thread_and_those_of_the_bot_are_not_answered(town):
    assert sends(town, {"text": "thanks", "thread_ts": "1.1"}) == []
    assert sends(town, {"text": "thanks", "subtype": "message_changed"}) == []
    assert sends(town, {"text": "thanks", "user": town.sandbox.credentials.bot_user_id}) == []
    assert sends(town, {"text": "thanks", "bot_id": "B1"}) == []
    assert len(sends(town, {"text": "thanks"})) == 1


def test_words_are_neither_stored_nor_logged(town, caplog, capfd):
    caplog.set_level(logging.INFO)
    drops(town, "ana", text="a delicate matter")
    drops(town, "ana", TABLE, text="a delicate matter")
    with town.bot.db.read() as session:
        for table in Base.metadata.sorted_tables:
            assert "delicate" not in str(session.execute(select(table)).all()), table.name
    assert "delicate" not in caplog.text + "".join(capfd.readouterr())


def test_a_file_in_a_channel_is_not_read(town):
    uploaded(town)
    town.settle()
    public = {"subtype": "file_share", "channel_type": "channel", "channel": "C1"}
    assert sends(town, {**public, "files": [uploaded(town)]}) == []
    assert count(town, ImportDraft) == 0


def test_edited_and_deleted_messages_are_not_read_again(town):
    message = {"type": "message", "subtype": "file_share", "user": "U1", "files": [uploaded(town)], "ts": "1.1"}
    for subtype in ("message_changed", "message_deleted", "thread_broadcast", "bot_message"):
        event = {"subtype": subtype, "message": message, "previous_message": message, "files": message["files"]}
        assert sends(town, event) == []
    assert sends(town, {"files": message["files"]}) == []
    assert sends(town, {"subtype": "file_share", "files": []}) == []
    assert sends(town, {"subtype": "file_share"}) == []


def test_the_bot_never_reads_its_own_files(town):
    town.types("ana", "/consortium export")
    town.settle()
    sent = [m["files"] for m in town.direct("ana") if m.get("files")]
    assert any(each["name"].endswith(".csv") for files in sent for each in files)
    received = [entry["body"]["event"] for entry in town.calls("events_api")]
    assert any(event.get("subtype") == "file_share" and event.get("bot_id") for event in received)
    bot = town.sandbox.credentials.bot_user_id
    assert sends(town, {"subtype": "file_share", "user": bot, "files": [uploaded(town)]}) == []
    assert count(town, ImportDraft) == 0


# once --------------------------------------------------------------------------------------------------


def test_an_event_that_slack_repeats_is_read_and_answered_once(town):
    event = {"subtype": "file_share", "files": [uploaded(town)]}
    assert len(sends(town, event, event_id="Ev1")) == 2
    assert sends(town, event, event_id="Ev1") == []
    assert town.call("repeat")["ok"]
    town.settle()
    assert count(town, ImportDraft) == 1


def test_an_outsiders_event_that_slack_repeats_is_answered_once(town):
    event = {"subtype": "file_share", "files": [uploaded(town, user="dov")]}
    assert len(sends(town, event, "dov", event_id="Ev1")) == 1
    assert sends(town, event, "dov", event_id="Ev1") == []


def test_what_was_acknowledged_is_stored_and_sent_though_slack_fails(town):
    town.forgiven.add("internal_error")
    town.call("faults", method="chat.postMessage", fault="500", times=2)
    town.call("say", user="ana", channel="@ana", text="", files=[TABLE])
    town.waits("PT5M")
    with town.bot.db.read() as session:
        about = session.scalars(select(OutboxMessage.about).where(OutboxMessage.about.like("%dropped%"))).all()
        assert session.scalar(text("SELECT COUNT(*) FROM import_draft")) == 1
    assert about == ["the answer about a dropped file to Ana Reyes"]
    assert len([m for m in town.direct("ana") if "I am reading “people.csv” now" in text_of(m)]) == 1
