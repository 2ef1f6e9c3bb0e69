"""Exports: requested, delivered by direct message, and without anything that the reader may not see."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
from sqlalchemy import func, select

from handlers.exports import rules, scope
from handlers.exports.files import export_writer
from handlers.kit.export_tables import DECISIONS_AND_MEETINGS as DECIDED
from handlers.kit.export_tables import PEOPLE_AND_WORK as WHO
from storage import agencies, consortia
from storage.contributions import Contribution, Gain
from storage.funding import Dues, FundingSource
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Minutes, RecordedDecision
from storage.outbox import OutboxMessage
from storage.polls import Poll, PollOption
from storage.proposals import Proposal
from storage.pulse import PulseRound
from storage.roles import Role
from storage.seals import Seal
from storage.tasks import Task
from storage.vocabulary import ContributionKind, PollKind, ProposalState, ResultVisibility, RoundState, Rule, Seat
from tests.journeys.pulse.test_pulse import answers, opens_a_round
from tests.journeys.steps import last_told, plans, sends
from tests.town import text_of

WAY = "Your export is on its way to you, as two direct messages"


def messages(town, user):
    """Return the direct messages that have files."""
    town.settle()
    return [m for m in town.direct(user) if m.get("files")]


def taken(town, user, last=2):
    """Return the files of the newest export: {file: its rows as {column: cell}}."""
    token = town.sandbox.credentials.bot_token
    found = {}
    for message in messages(town, user)[-last:]:
        for file in message["files"]:
            got = httpx.get(file["url_private"], headers={"Authorization": f"Bearer {token}"})
            assert got.content.startswith(b"\xef\xbb\xbf")
            text = io.StringIO(got.content.decode("utf-8-sig"), newline="")
            found[file["name"]] = list(csv.DictReader(text, strict=True))
    return found


def exports(town, user="ana"):
    town.waits("PT2M")
    assert town.types(user, "/consortium export").startswith(WAY)
    return taken(town, user)


def cells(files):
    return [cell for rows in files.values() for row in rows for cell in row.values()]


def left(town):
    with town.bot.db.read() as session:
        return session.scalar(
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.method == "files.export")
        )


# what is in it -----------------------------------------------------------------------------------------


def works_together(town):
    """Create a little of everything."""
    town.types("ana", '/task add "=1+1; @SUM(A1)" @ben due:2026-12-04 hours:6')
    town.settle()
    town.presses("ben", "I'll take it", town.direct("ben")[-1], "@ben")
    town.types("ana", '/task add "Book the room"')
    town.types("ana", "/task done 2")
    town.types("ana", '/workload role add "Note-taker" @cleo hours:4 until:2027-06-30')
    town.types("ben", '/workload give hours:3 "Hosted the training"')
    town.types("cleo", '/workload give money:1200.50 "Paid the bus"')
    town.types("finn", '/workload gain "Two teachers trained"')
    town.types("ana", '/workload funding "State grant" 12000')
    town.types("ana", '/workload dues "Elm Schools" 2026 1500')
    town.types("ben", "/workload hours 7")
    town.types("ana", "/workload hours 31")
    town.proposes("Adopt the calendar", more='why:"One for all"')
    town.types("ben", "/vote 3 reservations May collides, says Elm")
    town.types("cleo", "/vote 3 agree")
    town.types("eva", "/vote 3 block never")
    town.asks('/vote "Which week?" "12 Jan" "19 Jan"')
    town.types("ben", "/vote 4 2")


def test_a_member_takes_home_what_they_may_see(town):
    works_together(town)
    town.waits("P9D")
    assert town.types("ana", "/consortium export").startswith(WAY)
    first, second = messages(town, "ana")
    files = taken(town, "ana")
    assert text_of(first).startswith("*Northern Valleys: who and what* · as of Wed, Dec 9, 2026, 9:00 AM MST")
    assert "Times are in your own time zone, America/Denver." in text_of(first)
    assert "Nothing to list yet" not in text_of(first)
    empty = "how agencies take up decisions, pulse results, pulse comments, meetings"
    assert f"Nothing to list yet: {empty}" in text_of(second)
    assert list(files) == [
        *("tasks.csv", "people.csv", "agencies.csv", "only-about-you.csv", "roles.csv", "contributions.csv"),
        *("gains.csv", "funding.csv", "dues.csv", "positions.csv", "polls.csv", "decisions.csv"),
    ]
    second_task, first_task = files["tasks.csv"]
    assert first_task["Title"] == "'=1+1;' @SUM(A1)"
    assert [cell for name, cell in first_task.items() if name != "Title"] == [
        *("1", "open", "Ben Ortiz", "Elm Schools", "", "2026-12-04", "6", "Ana Reyes", "2026-11-30 09:00", "", "", ""),
    ]
    assert "Made (America/Denver)" in first_task
    assert (second_task["State"], second_task["Settled (America/Denver)"]) == ("done", "2026-11-30 09:00")
    assert files["people.csv"][0]["Name"] == "Ana Reyes" and len(files["people.csv"]) == 6
    elm = next(row for row in files["agencies.csv"] if row["Agency"] == "Elm Schools")
    assert (elm["Representative"], elm["Alternate"], elm["People"]) == ("Ben Ortiz", "", "2")
    assert [row["Until"] for row in files["roles.csv"]] == ["2027-06-30"]
    assert [(r["Agency"], r["Hours"], r["Amount"], r["Currency"]) for r in files["contributions.csv"]] == [
        ("Birch Schools", "", "1200.50", "USD"),
        ("Elm Schools", "3", "", ""),
    ]
    assert files["dues.csv"][0]["Left"] == "1500.00"
    assert files["only-about-you.csv"][0] == {"About you": "Hours a month for the consortium", "What you said": "31"}
    assert not {"31", "7"} & set(cells({name: rows for name, rows in files.items() if name != "only-about-you.csv"}))
    (decision,) = files["decisions.csv"]
    assert (decision["Number"], decision["Outcome"], decision["Text"]) == ("3", "adopted", "One for all")
    assert [(r["Agency"], r["Position"], r["Stated by"], r["Reason"]) for r in files["positions.csv"]] == [
        ("Birch Schools", "Agree", "Cleo Marchetti", ""),
        ("Birch Schools", "Block", "Eva Castellanos", "never"),
        ("Elm Schools", "Agree with reservations", "Ben Ortiz", "May collides, says Elm"),
        ("Oak Valley", "silent", "", ""),
    ]
    assert [(r["Option"], r["Result"], r["Leads"]) for r in files["polls.csv"]] == [
        ("12 Jan", "0", "no"),
        ("19 Jan", "1", "yes"),
    ]
    again = exports(town, "gus")
    assert again["only-about-you.csv"][0]["What you said"] == ""
    assert not {"31", "7"} & set(cells(again))
    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in files.items()}


# what is not in it -------------------------------------------------------------------------------------


def lives_with_secrets(town):
    """Create things that not everybody may see."""
    town.call("channels", name="board", private=True, members=["cleo", "eva"], bot=True)
    opens_a_round(town)
    for user in ("ana", "ben", "cleo"):
        answers(town, user, 1, comment="alone with it")
    town.waits("P7D")
    opens_a_round(town)
    for user in ("ana", "ben", "cleo", "eva", "finn"):
        answers(town, user, 4, comment="too few to say" if user in ("ana", "ben") else "")
    town.asks('/vote "Who leads?" "Ana" "Gus" anonymous')
    town.types("ben", "/vote 1 1")
    town.types("ana", "/vote close 1")
    town.asks('/vote "Which hall?" "Blue hall" "Red hall" hidden closes:14d')
    town.types("ben", "/vote 2 2")
    town.types("cleo", '/vote "Which of us goes?" "Gone one" "Gone two"', "board")
    town.types("cleo", "/vote 3 1", "board")
    plans(town)
    town.types("cleo", '/meeting new "Layoffs" 2026-12-14 13:00 notes:@eva chair:@eva', "board")
    town.types("cleo", '/meeting add "Whom to keep"', "board")
    town.waits("P7DT10H")
    town.presses("eva", "Write the minutes", last_told(town, "eva", "Write the minutes"), "@eva")
    wrote = town.fills("eva", notes="Hard to say.", agencies=["Birch Schools"], decisions="Close the annex", actions="")
    assert not wrote["errors"]
    town.types("ana", "/meeting minutes")
    said = {"notes": "- Buses\n=1+1", "decisions": "We meet monthly", "actions": "@Ben draft the MOU, by 2026-12-21"}
    assert not town.fills("ana", agencies=["Elm Schools", "Oak Valley"], **said)["errors"]
    town.forgiven.add("channel_not_found")
    with town.bot.db.begin() as session:
        another_consortium(session, town.now())


ELSEWHERE = ("Secret Harbor", "Harbor Schools", "Zelda", "Elsewhere")


def another_consortium(session, now):
    """Write something into every table of another consortium that is read for an export."""
    other = consortia.create(session, "T0ELSEWHERE", "Secret Harbor", "UTC", now)
    place = agencies.add(session, other.id, "Harbor Schools", now)
    home = {"consortium_id": other.id, "team_id": "T0ELSEWHERE"}
    person = {"user_id": "U0ZELDA", "name": "Zelda", "zone": "UTC", "joined_at": now}
    zelda = Member(**home, **person, agency_id=place.id, seat=Seat.REPRESENTATIVE)
    session.add(zelda)
    session.flush()
    there = {**home, "channel": "C0ELSEWHERE"}
    own, by = {"consortium_id": other.id}, {"created_by": zelda.id, "created_at": now}
    asked = {**there, "author_id": zelda.id, "created_at": now, "closes_at": now + timedelta(days=30)}
    met = _another_meeting(session, {**there, "author_id": zelda.id, "chair_id": zelda.id}, now)
    kept = Minutes(
        **own, meeting_id=met, author_id=zelda.id, parts=[["", "Elsewhere"]], actions=[], agencies=[place.id]
    )
    kept.posted_at = now
    flags = dict.fromkeys(("anonymous", "open_options", "by_agency", "remind", "private"), False)
    poll = Poll(
        **asked, **flags, number=8, question="Elsewhere", kind=PollKind.ONE, most=1, shows=ResultVisibility.AT_ONCE
    )
    seal = Seal(wrapped=None)
    session.add_all([kept, poll, seal])
    session.flush()
    counts = {"trust-1": [0, 0, 0, 0, 5]}
    result = {"asked": 5, "answered": 5, "counts": counts, "groups": [], "comments": ["Elsewhere"] * 5}
    shut = {"state": RoundState.CLOSED, "opened_at": now, "closes_at": now, "day": now.date(), "questions": ["trust-1"]}
    ruled = {"rule": Rule.CONSENSUS, "quorum": 60, "state": ProposalState.ADOPTED, "seconds": 1}
    gave = {"agency_id": place.id, "kind": ContributionKind.HOURS, "hours": 1, "given_on": now.date()}
    session.add_all(
        [
            Task(**home, **by, number=1, title="Elsewhere", source="", hours=1),
            Role(**home, **by, title="Elsewhere", folded="elsewhere", member_id=zelda.id, hours=1),
            Contribution(**own, **by, **gave, words="Elsewhere"),
            Gain(**own, **by, agency_id=place.id, words="Elsewhere"),
            FundingSource(**own, **by, name="Elsewhere", cents=1),
            Dues(**own, **by, agency_id=place.id, term="Elsewhere", cents=1),
            RecordedDecision(**own, minutes_id=kept.id, place=1, text="Elsewhere", decided_at=now),
            PollOption(poll_id=poll.id, place=1, label="Elsewhere", author_id=zelda.id),
            PulseRound(**there, **shut, number=1, seal_id=seal.id, result={**result, "comments_withheld": False}),
            Proposal(**asked, **ruled, number=9, title="Elsewhere", opens_at=now, decided_at=now),
        ]
    )


def _another_meeting(session, whose, now):
    when = {"zone": "UTC", "first_day": now.date(), "clock": "09:00", "length": 60, "steps": {}, "created_at": now}
    series = Series(**whose, **when, private=False, title="Elsewhere", uid="elsewhere")
    session.add(series)
    session.flush()
    days = dict.fromkeys(("original_at", "starts_at", "ends_at", "planned_at"), now)
    met = Meeting(consortium_id=whose["consortium_id"], series_id=series.id, place=1, excused=[], **days)
    session.add(met)
    session.flush()
    return met.id


SHUT = ("Which of us goes?", "Gone one", "Layoffs", "Whom to keep", "Hard to say.", "Close the annex")


def written_for(town, name, bundle):
    """Return what a person in any consortium would get: {file: its text}."""
    with town.bot.db.read() as session:
        member = session.scalars(select(Member.id).where(Member.name == name)).one()
    with export_writer(town.bot.surface.deps, town.bot.surface.registry.tables)(
        {"member": member, "bundle": bundle}
    ) as message:
        return {file.filename: file.content.read().decode() for file in message.files}


def test_nothing_withheld_nothing_of_private_channels_and_nothing_of_others_is_in_any_file(town):
    lives_with_secrets(town)
    theirs = {**written_for(town, "Zelda", WHO), **written_for(town, "Zelda", DECIDED)}
    wordless = {"people.csv", "agencies.csv", "only-about-you.csv", "positions.csv", "pulse-results.csv"}
    assert {name for name, text in theirs.items() if "Elsewhere" in text} == {*theirs} - wordless
    assert {"tasks.csv", "decisions.csv", "pulse-comments.csv", "minutes.csv"} <= {*theirs} - wordless
    for user, sees in (("ana", False), ("gus", False), ("cleo", True), ("eva", True)):
        files = exports(town, user)
        everything = "\n".join(cells(files))
        assert not [word for word in ELSEWHERE if word in everything]
        assert [word for word in SHUT if word in everything] == (list(SHUT) if sees else []), user
        assert "alone with it" not in everything and "too few to say" not in everything
        assert {r["Meeting"] for r in files["meetings.csv"]} == ({"Council", "Layoffs"} if sees else {"Council"})
        council = [row for row in files["minutes.csv"] if row["Meeting"] == "Council"]
        assert [(row["Kind"], row["Text"], row["Who"], row["Due"]) for row in council] == [
            ("present", "Elm Schools, Oak Valley", "", ""),
            ("notes", "'- Buses\n'=1+1", "", ""),
            ("decision", "We meet monthly", "", ""),
            ("to do", "draft the MOU", "Ben Ortiz", "2026-12-21"),
        ]
        assert [row["Recorded in"] for row in files["decisions.csv"] if row["Title"] == "We meet monthly"] == [
            "Minutes of Council"
        ]
        few, *enough = reversed(files["pulse-results.csv"])
        assert (few["Answered"], few["Theme"], few["Mean"], few["Chose 1"]) == ("3", "", "", "")
        assert few["Not shown because"] == "Nothing is shown or kept with fewer than 5 answers"
        assert {(r["Answered"], r["Mean"], r["Group"]) for r in enough} == {("5", "4", "everybody")}
        shown = {r["Question"]: (r["Result"], r["Not shown because"]) for r in files["polls.csv"]}
        assert shown["Who leads?"] == ("", "An anonymous poll shows no counts with fewer than 5 votes")
        assert shown["Which hall?"] == ("", "The votes are hidden for now")


def test_where_slack_does_not_say_who_sees_a_channel_what_is_there_is_left_out_and_it_is_said(town):
    town.forgiven.add("internal_error")
    town.call("channels", name="inner", private=True, members=["ana", "ben"], bot=True)
    assert town.types("ana", '/vote "Which week?" "12 Jan" "19 Jan"', "inner").startswith("#1")
    town.settle()
    town.bot.surface.deps.directory._cache.clear()
    town.call("faults", method="conversations.info", fault="500")
    files = exports(town)
    assert "polls.csv" not in files and "people.csv" in files
    assert "Try `/consortium export` again in five minutes." in text_of(messages(town, "ana")[-1])
    assert "polls.csv" in exports(town)


# asking ------------------------------------------------------------------------------------------------


def test_who_asks_twice_gets_it_once_and_an_outsider_is_shown_the_way_in(town):
    town.waits("PT12H")
    assert "is for members of the consortium" in town.types("dov", "/consortium export")
    assert "is for members of the consortium" in sends(town, "dov", "export.make", "")
    for more in ("tasks", '"tasks"', "zone:UTC", "to @ben", "<!channel> & all", '""'):
        said = town.types("ben", f"/consortium export {more}")
        assert " is not needed: an export always has everything you may see." in said
        assert said.endswith("`/consortium export`")
        assert "<!" not in said
    assert left(town) == 0
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: town.types("ben", "/consortium export"), range(4)))
    assert sorted(answer.startswith(WAY) for answer in said) == [False, False, False, True]
    assert all("I am not sending it twice" in answer for answer in said if not answer.startswith(WAY))
    # it is 21:00 where Ben lives: he asked, so he need not wait for the morning
    assert len(messages(town, "ben")) == 2
    assert "I am not sending it twice" in town.types("ben", "/consortium export")
    town.waits("PT61S")
    town.types("ben", "/consortium")
    overview = [m for m in town.messages("ben") if m.get("ephemeral")][-1]
    assert town.presses("ben", "Export", overview).startswith(WAY)
    assert len(messages(town, "ben")) == 4
    assert left(town) == 4


def test_an_export_that_slack_did_not_take_comes_later_whole_and_once(town):
    town.forgiven |= {"internal_error", "ratelimited"}
    for method, fault in (
        ("conversations.open", "500"),
        ("files.getUploadURLExternal", "drop_request"),
        ("files.completeUploadExternal", "500"),
    ):
        town.call("faults", method=method, fault=fault)
    town.types("gus", "/consortium export")
    town.waits("PT10M")
    assert [len(m["files"]) > 1 for m in messages(town, "gus")] == [True, False]
    town.call("faults", method="files.completeUploadExternal", fault="drop_reply")
    town.types("gus", "/consortium export")
    town.waits("P1D")
    assert len(messages(town, "gus")) == 4
    assert "I cannot tell whether the export that Gus" in text_of(town.direct("gus")[-1])
    assert "in the direct messages" in text_of(town.direct("gus")[-1])


def test_nothing_waits_behind_an_export_and_one_that_cannot_be_written_is_told(town, monkeypatch):
    town.forgiven.add("internal_error")
    town.call("faults", method="conversations.open", fault="500", times=40)
    town.types("gus", "/consortium export")
    town.types("ana", '/task add "Draft the MOU" @gus')
    town.settle()
    assert not messages(town, "gus")
    assert "Draft the MOU" in text_of(town.direct("gus")[-1])
    monkeypatch.setattr(scope, "load_reader", lambda *_: 1 / 0)
    town.types("ben", "/consortium export")
    town.settle()
    assert [text_of(m).partition(". ")[0] for m in town.direct("ben")] == [
        f"I could not post the export that Ben Ortiz asked for: {name}, because its files could not be written"
        for name in (WHO, DECIDED)
    ]


def test_a_table_that_is_too_large_for_one_file_has_the_newest_rows_and_says_so(town, monkeypatch):
    monkeypatch.setattr(rules, "MAX_FILE_BYTES", 600)
    for number in range(8):
        town.types("ana", f'/task add "Piece {number}"')
    assert [row["Title"] for row in exports(town)["tasks.csv"]][:2] == ["Piece 7", "Piece 6"]
    said = text_of(messages(town, "ana")[-2])
    assert "Tasks has the 5 newest rows. There was no room for 3 older ones." in said
