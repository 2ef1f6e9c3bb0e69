"""Imports: a table is handed in, previewed, confirmed, and undone; what is not in the table stays as it is."""

import httpx
import pytest
from sqlalchemy import func, select, text

from bot.sandbox.state.directory import User
from storage.agencies import Agency
from storage.contributions import Contribution, Gain
from storage.imports import ImportDraft, ImportRow
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import TaskState
from tests.journeys.exports.test_exports import exports, messages, works_together
from tests.journeys.imports.steps import confirms, file, hands_in, imports, presses
from tests.journeys.steps import count, sends
from tests.town import text_of
from tests.xlsx import workbook

TABLE = """Our partners in 2026,,,,,,
Organization,Name,E-mail,Role/Rep,Weight,Domain,Phone
Pine Hill,,hana@example.org,Rep,2,pine.example,1
Pine Hill,Dov Lindqvist,,alternate,,,
Fir Hill,,,,3,,
Oak Valley,Gus Whitehorse,,alternate,,,
Elm Schools,Ben Ortiz,,,,,
Oak Valley,Nobody Here,,,,,
Elm Schools,Ana Reyes,,king,,,
"""


def who(town):
    return town.types("ana", "/consortium who")


def rows(town, table):
    with town.bot.db.read() as session:
        return session.scalars(select(table).order_by(table.id)).all()


# preview, confirm, undo --------------------------------------------------------------------------------


def test_a_table_is_previewed_confirmed_and_undone(town):
    before = who(town)
    preview = hands_in(town, TABLE)
    said = text_of(preview)
    assert said.splitlines()[:3] == [
        "*Preview of the table: nothing has changed yet*",
        "3 new · 1 changed · 1 unchanged · 2 with problems",
        "Not read: the column “Phone”.",
    ]
    for line in (
        "Line 8: There is nobody called “Nobody Here” in Slack.",
        "Line 9: “king” is not a role. Use representative, alternate, or member.",
        "Line 3: New agency *Pine Hill*, share 2 and email domain pine.example",
        "Line 3: *Hana Okafor* joins *Pine Hill* as the representative",
        "Line 4: *Dov Lindqvist* joins *Pine Hill* as the alternate",
        "Line 5: New agency *Fir Hill*, share 3",
        "Line 6: *Gus Whitehorse*: a member of Oak Valley → the alternate of *Oak Valley*",
    ):
        assert line in said
    assert who(town) == before
    result = confirms(town, preview)
    assert "*Imported from the table: 5 changes to people and agencies.*" in text_of(result)
    assert "You can undo this until" in text_of(result)
    after = who(town)
    assert "*Pine Hill*: Dov Lindqvist (alternate), Hana Okafor (representative)" in after
    assert "*Oak Valley*: Finn Abernathy (representative), Gus Whitehorse (alternate)" in after
    assert "\n5 unchanged · 2 with problems\n" in text_of(hands_in(town, TABLE))
    undone = presses(town, "Undo", result)
    assert text_of(undone) == "*Undone: 5 changes to people and agencies from the table.*"
    assert who(town) == before
    assert [a.name for a in rows(town, Agency) if a.ended_at is None] == ["Elm Schools", "Birch Schools", "Oak Valley"]


def test_new_members_get_their_address_from_slack_though_the_preview_keeps_none(town):
    preview = hands_in(town, "agency,name\nElm Schools,Hana Okafor")
    with town.bot.db.read() as session:
        plans = session.scalars(select(ImportRow.plan)).all()
        assert session.scalar(select(func.count()).where(ImportDraft.source.is_not(None))) == 0
    assert "hana@" not in str(plans)
    confirms(town, preview)
    town.settle()
    assert {m.name: m.email for m in rows(town, Member)}["Hana Okafor"] == "hana@example.org"


def test_what_a_table_leaves_out_stays_as_it_is(town):
    town.types("ana", "/consortium agency weight Elm 2")
    before = who(town)
    for table in (
        "organization,name\nElm Schools,Ben Ortiz\nBirch Schools,Cleo Marchetti\nOak Valley,Finn Abernathy",
        "agency,name,role,weight,domain\nElm Schools,Ben Ortiz,,,\n,Eva Castellanos,,,",
        "name\nBen Ortiz",
    ):
        said = text_of(hands_in(town, table))
        assert "There is nothing to import." in said and "changed" not in said.split("\n")[1].replace("unchanged", "")
    assert who(town) == before
    moved = text_of(hands_in(town, "agency,name\nBirch Schools,Ben Ortiz"))
    assert "*Ben Ortiz*: the representative of Elm Schools → a member of *Birch Schools*" in moved
    assert imports(town, "name,role\nGus Whitehorse,alternate").startswith("*Imported from the table: 1 change")
    assert "Gus Whitehorse (alternate)" in who(town)


PROBLEMS = (
    ("agency,name\nElm Schools,Ben Ortiz\nOak Valley,@ben", "Line 2: Ben Ortiz is in lines 2 and 3. Keep one of them."),
    ("agency,name\nElm Schools,Ben Ortiz\nOak Valley,Ben", "Line 3: Ben Ortiz is in lines 2 and 3. Keep one of them."),
    ("agency,email\nElm Schools,x@nowhere.example", "Line 2: There is nobody with the address “x@nowhere.example”"),
    ("agency,email\nElm Schools,ben at elm", "Line 2: “ben at elm” is not an email address."),
    ("name\nHana Okafor", "Line 2: Hana Okafor belongs to no agency yet, and this line names none."),
    ("agency,name\nElm Schools,Cleo,extra", "Line 2: There are more cells than columns."),
    ("agency,weight\nElm Schools,heavy", "as a weight. A weight is a number"),
    (
        "agency,weight\nElm Schools,2\nElm  schools,3",
        "Line 3: Lines 2 and 3 give this agency different weights: 2 and 3.",
    ),
    ("agency,domain\nElm Schools,p.example\nFir,p.example", "Lines 2 and 3 give different agencies the same domain."),
    ("agency,domain\nElm Schools,elm", "Line 2: “elm” is not an email domain."),
    ("agency,name,role\nFir,Hana Okafor,rep\nFir,Dov Lindqvist,rep", "Lines 2 and 3 both name the representative"),
    ("agency,name\n---,Cleo", "Line 2: The agency needs a name"),
    ("agency,name,weight\n,Cleo,2", "Line 2: This line has a weight or a domain, but no agency."),
    ("agency,name\nElm Schools,<!channel>", "Line 2: There is nobody called “&lt;!channel&gt;” in Slack."),
    (
        "agency,name,email\nElm Schools,Gus Whitehorse,eva@example.org",
        "Line 2: “Gus Whitehorse” and “eva@example.org” are two people: the address belongs to Eva Castellanos.",
    ),
    (
        'agency,name,email\nElm Schools,"Whitehorse, Gus",eva@example.org',
        "Line 2: “Whitehorse, Gus” and “eva@example.org” are two people",
    ),
    ('agency,email\nElm Schools,"finn@example.org; gus@example.org"', "Line 2: One cell names several people"),
    (
        "agency,representative,alternate\nFir,Hana Okafor,hana@example.org",
        "Line 2: Hana Okafor has two roles in this line. Keep one of them.",
    ),
    ("agency,weight\nO'Neil,2\nO’Neil,3", "Line 3: Lines 2 and 3 give this agency different weights: 2 and 3."),
)


def test_each_problem_is_named_with_its_line(town, subtests):
    town.forgiven.add("users_not_found")
    for table, said in PROBLEMS:
        with subtests.test(said):
            preview = text_of(hands_in(town, table))
            assert said in preview
    assert count(town, Agency) == 3


def test_a_table_that_cannot_be_read_is_refused_at_its_field(town):
    assert "Line 3: a quote opens there" in hands_in(town, 'agency,name\nElm,Ben\n"Oak,Cleo')
    assert "did not find the names of the columns" in hands_in(town, "Pine Hill\nFir Hill")
    assert "Choose a file, or paste a table here." in hands_in(town, "")
    assert count(town, ImportDraft) == 0


def test_all_problems_are_listed_page_by_page(town):
    lines = "\n".join(f"Elm Schools,Nobody {number}" for number in range(45))
    page = hands_in(town, f"agency,name\n{lines}")
    assert "45 with problems" in text_of(page)
    shown = text_of(page)
    for _ in range(2):
        page = presses(town, "More", page)
        shown += text_of(page)
    assert all(f"Line {number}: There is nobody called “Nobody {number - 2}”" in shown for number in range(2, 47))
    assert "Page 3 of 3" in shown and "[Import" not in shown
    assert "Page 2 of 3" in text_of(presses(town, "Back", page))


def test_a_representative_is_replaced_only_when_the_agency_confirms(town):
    preview = hands_in(town, "agency,name,role\nOak Valley,Gus Whitehorse,rep")
    assert "once somebody there confirms it (Finn Abernathy speaks for it now)" in text_of(preview)
    result = confirms(town, preview)
    assert "I have asked the agencies to confirm Gus Whitehorse." in text_of(result)
    assert "*Gus Whitehorse* waits for the confirmation of *Oak Valley*" not in who(town)
    assert "1 unchanged" in text_of(hands_in(town, "agency,name,role\nOak Valley,Gus Whitehorse,rep"))
    presses(town, "Undo", result)
    assert "Nobody has to decide this any more" in text_of(town.direct("finn")[-1])
    assert "Finn Abernathy (representative)" in who(town)


def test_undo_takes_back_only_what_nobody_has_touched(town):
    result = confirms(town, hands_in(town, TABLE))
    town.types("ana", '/consortium member @hana "Oak Valley"')
    town.settle()
    town.presses("hana", "Confirm", town.direct("hana")[-1], "@hana")
    town.types("ana", "/consortium agency weight Fir 5")
    town.types("dov", "/workload hours 4")
    undone = text_of(presses(town, "Undo", result))
    assert "*Undone: 1 change to people and agencies from the table.*" in undone
    assert "*Left as it is*" in undone
    assert "Line 3: Somebody has changed the place of Hana Okafor since." in undone
    assert "Line 3: Pine Hill has people now." in undone
    assert "Line 4: Dov Lindqvist has settings of their own by now." in undone
    assert "Line 5: Somebody has changed this agency since." in undone
    assert "Gus Whitehorse (alternate)" not in who(town)
    assert "Hana Okafor" in who(town)


def test_undoing_returns_a_seat_to_the_person_who_had_it(town):
    town.types("ana", '/consortium member @gus "Elm Schools" alternate')
    result = confirms(town, hands_in(town, "agency,name,role\nElm Schools,Hana Okafor,alternate"))
    assert "Gus Whitehorse," in who(town) and "Hana Okafor (alternate)" in who(town)
    presses(town, "Undo", result)
    assert "Gus Whitehorse (alternate)" in who(town) and "Hana" not in who(town)


def test_undoing_takes_no_seat_from_a_person_who_was_named_to_it_since(town):
    town.types("ana", '/consortium member @gus "Elm Schools" alternate')
    result = confirms(town, hands_in(town, "agency,name,role\nElm Schools,Gus Whitehorse,member"))
    town.types("ana", '/consortium member @hana "Elm Schools" alternate')
    undone = text_of(presses(town, "Undo", result))
    assert "Hana Okafor has been named the alternate of Elm Schools since." in undone
    assert "Hana Okafor (alternate)" in who(town) and "Gus Whitehorse (alternate)" not in who(town)


def test_a_preview_is_only_for_the_person_who_handed_the_table_in(town):
    town.types("ana", "/consortium facilitator @ben")
    preview = hands_in(town, "agency\nPine Hill")
    import_button = next(
        e
        for block in preview["blocks"]
        for e in block.get("elements", [])
        if isinstance(e.get("text"), dict) and e["text"]["text"].startswith("Import ")
    )
    assert sends(town, "ben", import_button["action_id"], import_button["value"])
    town.settle()
    assert "Pine Hill" not in who(town)
    confirms(town, preview)
    assert "Pine Hill" in who(town)


def test_a_person_who_has_taken_part_is_left(town):
    result = confirms(town, hands_in(town, "agency,name\nOak Valley,Hana Okafor"))
    town.types("hana", '/task add "Book the room"')
    assert "Something is already recorded about Hana Okafor." in text_of(presses(town, "Undo", result))
    assert "Hana Okafor" in who(town)


def test_a_preview_and_an_undo_last_for_a_day(town):
    preview = hands_in(town, "agency\nPine Hill")
    result = confirms(town, hands_in(town, "agency\nFir Hill"))
    town.waits("P1DT1M")
    assert "is more than a day old" in town.presses("ana", "Import 1", preview, "@ana")
    assert "is more than a day old" in town.presses("ana", "Undo", result, "@ana")
    assert count(town, ImportDraft) == count(town, ImportRow) == 0
    assert "Fir Hill" in who(town) and "Pine Hill" not in who(town)


def test_pressing_twice_imports_once_and_a_canceled_table_is_gone(town):
    preview = hands_in(town, "agency,kind,hours,what\nElm Schools,hours,3,Hosted the training")
    confirms(town, preview)
    value = str(rows(town, ImportDraft)[0].id)
    assert "Nothing is imported twice." in sends(town, "ana", "import.confirm", value)
    assert count(town, Contribution) == 1
    preview = hands_in(town, "agency\nPine Hill")
    value = str(rows(town, ImportDraft)[-1].id)
    assert text_of(presses(town, "Cancel", preview)) == "Canceled. Nothing was imported."
    assert "was canceled" in sends(town, "ana", "import.confirm", value)


def test_only_facilitators_import(town):
    assert "Only a facilitator can do this." in town.types("ben", "/consortium import")
    assert "This one is for members of the consortium." in town.types("dov", "/consortium import")
    hands_in(town, "agency\nPine Hill")
    value = str(rows(town, ImportDraft)[0].id)
    for action in ("import.confirm", "import.cancel", "import.undo", "import.page.more"):
        assert "Only a facilitator can do this." in sends(town, "ben", action, value)
        assert "This one is for members of the consortium." in sends(town, "dov", action, value)


def test_what_changed_between_preview_and_confirmation_is_left_out(town):
    preview = hands_in(
        town, "agency,name,weight\nOak Valley,Gus Whitehorse,2\nPine Hill,Hana Okafor,\nElm Schools,Dov,"
    )
    town.types("ana", '/consortium agency add "Pine Hill"')
    town.types("ana", "/consortium agency weight Oak 7")
    town.types("ana", '/consortium member @dov "Oak Valley"')
    result = text_of(confirms(town, preview))
    assert "*Imported from the table: 1 change to people and agencies.*" in result
    assert "Line 2: Somebody has changed Oak Valley since the preview." in result
    assert "Line 3: Somebody has added Pine Hill since the preview." in result
    assert "Line 4: Somebody has changed the place of Dov Lindqvist since the preview." in result


def test_an_agency_that_was_renamed_since_the_preview_is_still_the_same(town):
    preview = hands_in(town, "agency,name\nOak Valley,Hana Okafor")
    town.types("ana", '/consortium agency rename "Oak Valley" "Oak River"')
    town.types("ana", '/consortium agency add "Oak Valley"')
    assert "Imported from the table: 1 change" in text_of(confirms(town, preview))
    assert "*Oak River*: Finn Abernathy (representative), Gus Whitehorse, Hana Okafor" in who(town)


def test_a_domain_that_another_agency_has_taken_since_is_not_given_twice(town):
    imports(town, "agency,domain\nElm Schools,elm.example")
    preview = hands_in(town, "agency,domain\nElm Schools,pine.example\nFir Hill,fir.example")
    imports(town, "agency,domain\nOak Valley,fir.example")
    result = confirms(town, preview)
    assert "Line 3: Oak Valley already uses the email domain fir.example." in text_of(result)
    imports(town, "agency,domain\nBirch Schools,elm.example")
    assert "Birch Schools already uses the email domain elm.example." in text_of(presses(town, "Undo", result))
    assert [a.domain for a in rows(town, Agency)] == ["pine.example", "elm.example", "fir.example"]


# seats -------------------------------------------------------------------------------------------------


def test_representative_and_alternate_are_swapped_by_a_table(town):
    town.types("ana", '/consortium member @gus "Elm Schools" alternate')
    before = who(town)
    preview = hands_in(town, "agency,name,role\nElm Schools,Ben,alternate\nElm Schools,Gus,representative")
    said = text_of(preview)
    assert "the representative of Elm Schools → the alternate of *Elm Schools*, in place of Gus Whitehorse" in said
    assert "the alternate of Elm Schools → the representative of *Elm Schools*, in place of Ben Ortiz" in said
    result = confirms(town, preview)
    assert "2 changes to people and agencies" in text_of(result) and "Left out" not in text_of(result)
    assert "*Elm Schools*: Ana Reyes (facilitator), Ben Ortiz (alternate), Gus Whitehorse (representative)" in who(town)
    presses(town, "Undo", result)
    assert who(town) == before


def test_a_swap_in_another_agency_waits_for_its_people(town):
    table = "agency,name,role\nBirch Schools,Cleo,alternate\nBirch Schools,Eva,representative"
    preview = hands_in(town, table)
    assert "(Cleo Marchetti speaks for it now)" in text_of(preview)
    result = text_of(confirms(town, preview))
    assert "I have asked the agencies to confirm Cleo Marchetti and Eva Castellanos." in result
    assert "*Nothing has changed yet from the table.*" in result and "Left out" not in result
    about_herself, about_eva = town.direct("cleo")[-2:]
    assert "Ana Reyes wants you to be the alternate of *Birch Schools* instead of Eva Castellanos." in text_of(
        about_herself
    )
    town.presses("cleo", "Confirm", about_herself, "@cleo")
    town.presses("cleo", "Confirm", about_eva, "@cleo")
    assert "*Birch Schools*: Cleo Marchetti (alternate), Eva Castellanos (representative)" in who(town)


def test_who_asks_whether_somebody_is_the_representative_changes_no_alternate(town):
    said = text_of(hands_in(town, "name,Rep?\nCleo,yes\nEva,no\nFinn,no"))
    assert "1 changed · 2 unchanged" in said
    assert "*Finn Abernathy*: the representative of Oak Valley → a member of *Oak Valley*" in said


def test_names_are_read_as_lists_write_them(town):
    said = text_of(
        hands_in(town, 'agency,name,email\nElm Schools,"Abernathy, Finn",\nElm Schools,G. W.,gus@example.org')
    )
    assert "*Finn Abernathy*: the representative of Oak Valley → a member of *Elm Schools*" in said
    assert "*Gus Whitehorse* (“G. W.” in the table): a member of Oak Valley" in said


# nothing is lost, and nothing is recorded twice --------------------------------------------------------


def test_lines_of_what_has_ended_are_counted(town):
    town.types("ana", '/consortium agency add "Cedar"')
    table = "agency,name,email,role,ended\nCedar,,finn@example.org,member,no\nMaple,,,,FALSE\nPast,Nobody,,,2026-01-01"
    said = text_of(hands_in(town, table))
    assert "2 new · 1 changed" not in said and "1 new · 1 changed · 1 unchanged" in said
    assert "*Finn Abernathy*: the representative of Oak Valley → a member of *Cedar*" in said
    assert "Line 3: New agency *Maple*" in said


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        ("agency,hours,what\nElm Schools,3,Hosted\nElm Schools,3,Hosted\nElm Schools,2,Drove", Contribution),
        ("agency,gain\nElm Schools,Two teachers\nElm Schools,Two teachers\nElm Schools,A room", Gain),
        ("number,title\n81,Book the room\n82,Book the room\n83,Draft the MOU", Task),
    ],
)
def test_two_previews_of_one_table_record_it_once(town, table, kind):
    first, second = hands_in(town, table), hands_in(town, table)
    assert "3 new" in text_of(second)
    assert "Left out" not in text_of(confirms(town, first))
    result = text_of(confirms(town, second))
    assert "*Nothing was imported from the table.*" in result
    assert result.count("since the preview.") == 3
    assert count(town, kind) == 3


def test_an_agency_is_asked_once_about_a_representative(town):
    table = "agency,name,role\nOak Valley,Gus Whitehorse,rep"
    first, second = hands_in(town, table), hands_in(town, table)
    confirms(town, first)
    asked = len(town.direct("finn"))
    assert "Gus Whitehorse already waits for the confirmation of Oak Valley." in text_of(confirms(town, second))
    assert len(town.direct("finn")) == asked


def test_the_problems_of_a_table_can_be_read_after_it_is_imported(town):
    lines = "\n".join(f"Elm Schools,Nobody {number}" for number in range(30))
    preview = hands_in(town, f"agency,name\nPine Hill,Hana Okafor\n{lines}")
    result = confirms(town, preview)
    assert "You have confirmed the import of 1 line from the table." in text_of(town.direct("ana")[-2])
    shown = text_of(result)
    assert "Imported from the table: 2 changes" in shown and "*Left out*" in shown and "Page 1 of 2" in shown
    result = presses(town, "More", result)
    shown += text_of(result)
    assert all(f"There is nobody called “Nobody {number}”" in shown for number in range(30))
    undone = presses(town, "Undo", result)
    assert "*Undone: 2 changes" in text_of(undone)
    record = text_of(town.direct("ana")[-2])
    assert record.startswith("*Imported from the table: 2 changes to people and agencies.*")
    assert "You have pressed Undo. What was undone comes in a message of its own." in record and "[" not in record


def test_a_lost_preview_and_a_lost_result_are_sent_again(town):
    assert "You have no preview and no import of the last day." in town.types("ana", "/consortium import again")
    confirms(town, hands_in(town, "agency\nFir Hill"))
    hands_in(town, "agency\nPine Hill")
    assert "I have sent you your previews and imports" in town.types("ana", "/consortium import again")
    town.settle()
    result, preview = town.direct("ana")[-2:]
    assert "*Undone: 1 change" in text_of(presses(town, "Undo", result))
    confirms(town, preview)
    assert "Pine Hill" in who(town) and "Fir Hill" not in who(town)
    assert "Only a facilitator can do this." in town.types("ben", "/consortium import again")
    assert "This one is for members of the consortium." in town.types("dov", "/consortium import again")


# files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("people.csv", "sep=;\r\nOrganization;Name\r\nPine Hill;Hana Okafor\r\n".encode("utf-16")),
        ("people.tsv", b"Organization\tName\nPine Hill\tHana Okafor\n"),
        ("people.xlsx", workbook([["Organization", "Name"], ["Pine Hill", "Hana Okafor"]])),
    ],
)
def test_files_of_any_usual_kind_are_imported(town, name, content):
    preview = hands_in(town, file=file(name, content))
    assert f"*Preview of “{name}”: nothing has changed yet*" in text_of(preview)
    assert f"*Imported from “{name}”: 2 changes to people and agencies.*" in text_of(confirms(town, preview))
    assert "*Pine Hill*: Hana Okafor" in who(town)


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("people.csv", b"%PDF\x00\x01", "not a table that I can read"),
        ("people.xlsx", b"PK\x03\x04", "This Excel file is broken."),
        ("people.xlsx", b"\xd0\xcf\x11\xe0", "of the old kind (.xls)"),
        ("people.csv", b'agency,name\n"Elm,Ben', "Line 2: a quote opens there"),
    ],
)
def test_a_file_that_cannot_be_read_is_reported_and_forgotten(town, name, content, part):
    said = text_of(hands_in(town, file=file(name, content)))
    assert said.startswith(f"*I could not read “{name}”. Nothing has changed.*") and part in said
    assert "[Try again]" in said
    assert count(town, ImportDraft) == 0


def test_a_large_file_is_refused_at_once(town):
    assert "larger than 2 MB" in hands_in(town, file={"name": "people.csv", "content": "x" * 2_000_001})


def test_without_permission_to_read_files_people_paste(town):
    town.forgiven.add("missing_scope")
    scopes = [scope for scope in town.http.get("/sandbox/app").json()["scopes"] if scope != "files:read"]
    town.call("app", scopes=scopes)
    form = town.types("ana", "/consortium import")
    assert "<Paste a table>" in form and "<File>" not in form
    town.closes_forms("ana")
    assert "*Imported from the table: 1 change to people and agencies.*" in imports(town, "agency\nPine Hill")


# import reads what export writes -----------------------------------------------------------------------


def test_import_reads_what_export_writes(town):
    works_together(town)
    town.waits("P9D")
    exports(town)
    token = town.sandbox.credentials.bot_token
    read = {}
    for message in messages(town, "ana")[-2:]:
        for sent in message["files"]:
            got = httpx.get(sent["url_private"], headers={"Authorization": f"Bearer {token}"})
            said = text_of(hands_in(town, file=file(sent["name"], got.content)))
            read[sent["name"]] = said.split("\n")[1] if said.startswith("*Preview") else said.split("\n")[0][:20]
    imported = {name: said for name, said in read.items() if not said.startswith("*I could not read")}
    assert imported == {
        "tasks.csv": "2 unchanged",
        "people.csv": "6 unchanged",
        "agencies.csv": "3 unchanged",
        "contributions.csv": "2 unchanged",
        "gains.csv": "1 unchanged",
    }


def test_a_new_consortium_takes_over_the_export_of_another(town):
    works_together(town)
    files = exports(town)
    with town.bot.db.begin() as session:
        session.execute(text("DELETE FROM contribution"))
        session.execute(text("DELETE FROM gain"))
    for name, columns in (
        ("contributions.csv", "Agency Kind Hours Amount Currency What"),
        ("gains.csv", "Agency Gain"),
    ):
        lines = [columns.replace(" ", ",")]
        lines += [",".join(f'"{row[column]}"' for column in columns.split()) for row in files[name]]
        imports(town, file={"name": name, "content": "\n".join(lines)})
    given = [(g.hours, g.cents, g.words) for g in rows(town, Contribution)]
    assert sorted(given, key=str) == [(3.0, None, "Hosted the training"), (None, 120050, "Paid the bus")]
    assert [g.words for g in rows(town, Gain)] == ["Two teachers trained"]


# tasks and contributions -------------------------------------------------------------------------------

TASKS = """Task,Assigned to,Deadline,Effort,Status
Draft the MOU,Ben Ortiz,2026-12-11,6,
Book the room,,,,open
Old business,,,,done
Ask the board,Hana Okafor,,,
Too late,,2026-11-01,,
Book the room,,,,
"""


def test_tasks_are_imported_changed_and_undone(town):
    preview = hands_in(town, TASKS)
    said = text_of(preview)
    assert "Line 2: New task *Draft the MOU*: offered to Ben Ortiz, due Fri, Dec 11, 2026, 6 h" in said
    assert "Line 5: “Hana Okafor” does not belong to the consortium" in said
    assert "Line 6: Sun, Nov 1, 2026 is in the past." in said
    assert "Line 3: “Book the room” is in lines 3 and 7. Keep one of them" in said
    first = confirms(town, preview)
    assert "*Imported from the table: 1 task.*" in text_of(first)
    town.settle()
    assert "[I'll take it]" in text_of(town.direct("ben")[-1])
    changed = hands_in(town, "number,title,due,hours\n1,Draft the MOU,2026-12-18,\n2,Book the hall,,2")
    assert "Line 2: #1 *Draft the MOU*: due Fri, Dec 11, 2026 → Fri, Dec 18, 2026" in text_of(changed)
    assert "Line 3: New task *Book the hall*: 2 h" in text_of(changed)
    second = confirms(town, changed)
    assert [(t.number, str(t.due_on), t.hours) for t in rows(town, Task)] == [(1, "2026-12-18", 6.0), (2, "None", 2.0)]
    assert "*Undone: 2 tasks from the table.*" in text_of(presses(town, "Undo", second))
    one, two = rows(town, Task)
    assert (str(one.due_on), one.hours, two.state) == ("2026-12-11", 6.0, TaskState.DROPPED)
    town.presses("ben", "I'll take it", next(m for m in town.direct("ben") if "[I'll take it]" in text_of(m)), "@ben")
    assert "Line 2: Somebody has changed #1 since." in text_of(presses(town, "Undo", first))


def test_a_number_with_another_title_is_not_the_same_task(town):
    town.types("ana", '/task add "Book the room"')
    said = text_of(hands_in(town, "number,title,hours\n1,Draft the MOU,2"))
    assert "Line 2: Task 1 is called “Book the room” here. Leave the number empty to add “Draft the MOU”" in said


GIVEN = """Agency,Kind,Hours,Amount,Currency,What,Given on
Elm Schools,hours,3,,,Hosted the training,2026-11-20
Elm Schools,hours,3,,,Hosted the training,2026-11-20
Birch Schools,,,"1,200.50",USD,Paid the bus,2026-11-20
Birch Schools,in kind,,200,USD,Room for 40,
Fir Hill,hours,3,,,Hosted,2026-11-20
Elm Schools,hours,,5,,Wrong,2026-11-20
Elm Schools,money,,5,EUR,Wrong,2026-11-20
Elm Schools,money,,5,,Later,2027-11-20
"""


def test_contributions_and_gains_are_imported_once_and_taken_back(town):
    preview = hands_in(town, GIVEN)
    said = text_of(preview)
    assert "4 new · 4 with problems" in said
    assert "Line 2: *Elm Schools* gave 3 h, “Hosted the training”, Fri, Nov 20, 2026" in said
    assert "Line 4: *Birch Schools* gave $1,200.50, “Paid the bus”" in said
    assert "Line 5: *Birch Schools* gave $200 in kind, “Room for 40”, Mon, Nov 30, 2026" in said
    assert "Line 6: There is no agency “Fir Hill”." in said
    assert "Line 7: A line has hours or an amount, as its kind says, and not both." in said
    assert "Line 8: Amounts here are in USD" in said
    assert "Line 9: Sat, Nov 20, 2027 is in the future." in said
    result = confirms(town, preview)
    assert "4 unchanged" in text_of(hands_in(town, GIVEN))
    town.types("ben", '/workload give back "Hosted the training"')
    undone = text_of(presses(town, "Undo", result))
    assert "*Undone: 3 contributions from the table.*" in undone
    assert "Somebody has already taken this entry back." in undone
    result = confirms(town, hands_in(town, "agency,gain\nElm Schools,Two teachers trained"))
    assert "1 gain" in text_of(result)
    presses(town, "Undo", result)
    assert all(g.taken_back_at for g in [*rows(town, Gain), *rows(town, Contribution)])


@pytest.mark.more
def test_two_thousand_people_are_imported_and_undone(town):
    directory = town.sandbox.world.directory
    for n in range(2_000):
        user = User(f"U9{n:06}", f"p{n}", f"Pat Number{n}", directory.team_id, f"p{n}@crowd.example", "America/Denver")
        directory.people[user.id] = user
    lines = [f"Agency {n % 60},p{n}@crowd.example,{'rep' if n < 60 else ''}" for n in range(2_000)]
    table = file("people.csv", "\n".join(["agency,email,role", *lines]).encode())
    result = confirms(town, hands_in(town, file=table))
    assert "2,060 changes to people and agencies" in text_of(result)
    assert "2,000 unchanged" in text_of(hands_in(town, file=table))
    assert "*Undone: 2,060 changes" in text_of(presses(town, "Undo", result))
    assert count(town, Member) == 6
