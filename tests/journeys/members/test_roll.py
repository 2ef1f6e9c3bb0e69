"""Names in a large workspace: the roll is read in the background, kept current, and has nobody's address."""

import pytest
from sqlalchemy import select, text

from bot.sandbox.state.directory import User
from handlers.kit.directory import Person
from handlers.members.roll import replace
from storage import consortia, roll
from storage.roll import RollEntry
from storage.schema import metadata
from tests.journeys.imports.steps import confirms, file, hands_in
from tests.storage.people import founded
from tests.town import START, text_of

THOUSANDS = 20_000


def crowds(town, number=THOUSANDS):
    """Add people to Slack, as if they had always been there."""
    directory = town.sandbox.world.directory
    for n in range(number):
        user = User(f"U9{n:06}", f"p{n}", f"Pat Number{n}", directory.team_id, f"p{n}@crowd.example", "America/Denver")
        directory.people[user.id] = user


def is_read_again(town):
    """Have the workspace's profiles and its roll checked now."""
    with town.bot.db.begin() as session:
        consortia.schedule_profile_check(session, town.sandbox.credentials.team_id, town.now())
    town.settle()


def names(town):
    with town.bot.db.read() as session:
        return sorted(session.scalars(select(RollEntry.name)))


def test_the_roll_is_read_when_a_consortium_is_founded(empty_town):
    town = empty_town
    town.types("ana", '/consortium setup "Northern Valleys"')
    town.settle()
    assert names(town) == [
        *("Ana Reyes", "Ben Ortiz", "Cleo Marchetti", "Dov Lindqvist", "Eva Castellanos", "Finn Abernathy"),
        *("Gus Whitehorse", "Hana Okafor"),
    ]


def test_the_roll_follows_people_who_come_change_and_leave(town):
    assert town.call("people", name="ivy", real_name="Ivy Park", email="ivy@example.org")["ok"]
    town.settle()
    assert "Ivy Park is now a member of Elm Schools." in town.types("ana", "/consortium member @Ivy Park Elm Schools")
    town.call("people", user="hana", real_name="Hana Lee")
    town.call("people", user="dov", deleted=True)
    town.settle()
    assert "Hana Lee is now a member" in town.types("ana", "/consortium member @Hana Lee Elm Schools")
    assert "I do not know anyone called “@Dov" in town.types("ana", "/consortium member @Dov Lindqvist Elm Schools")
    assert "Hana Okafor" not in names(town) and "Dov Lindqvist" not in names(town)


def test_people_of_other_workspaces_are_on_the_roll_only_if_they_are_members(town):
    assert town.call("people", name="kai", real_name="Kai Far", home="T0FAR", channels=["council"])["ok"]
    town.call("people", user="kai", real_name="Kai Farther")
    town.settle()
    assert "Kai Farther" not in names(town)
    town.types("ana", "/consortium member @kai Elm Schools")
    is_read_again(town)
    assert "Kai Farther" in names(town)
    town.call("people", user="kai", real_name="Kai Near")
    town.settle()
    assert "Kai Near" in names(town)


def test_the_bot_keeps_no_address_of_anybody_outside_the_consortium(town):
    is_read_again(town)
    town.call("people", user="hana", title="Principal")
    hands_in(town, "agency,name\nElm Schools,Hana Okafor")
    confirms(town, hands_in(town, "agency,email\nElm Schools,dov@example.org"))
    town.settle()
    with town.bot.db.read() as session:
        rows = [row for table in metadata.tables.values() for row in session.execute(select(table))]
        stored = "\n".join(map(str, rows))
    assert "dov@example.org" in stored
    assert "hana@example.org" not in stored


def test_before_the_roll_is_read_the_answer_says_so(town):
    with town.bot.db.begin() as session:
        session.execute(text("DELETE FROM roll_entry"))
        session.execute(text("UPDATE workspace SET roll_read_at = NULL"))
    said = town.types("ana", "/consortium member @Hana Okafor Elm Schools")
    assert "I am still reading the list of people in this Slack" in said
    assert "Hana Okafor is now a member" in town.types("ana", "/consortium member @hana Elm Schools")


@pytest.mark.more
def test_names_and_imports_work_among_twenty_thousand_people(town):
    crowds(town)
    town.waits("PT2M")
    is_read_again(town)
    # Slack answers twenty pages a minute; the reading goes on where it stopped
    town.forgiven.add("ratelimited")
    town.waits("PT2M")
    assert len(names(town)) == THOUSANDS + 8
    pages = len(town.calls("users.list"))
    answer = town.call("command", user="ana", channel="council", text="/consortium member @Pat Number19876 Elm Schools")
    assert "Pat Number19876 is now a member of Elm Schools." in text_of(answer["response"])
    assert "“pat” could be Pat Number0" in town.types("ana", "/consortium member @Pat Elm Schools")
    few = "\n".join(f"Elm Schools,p{n}@crowd.example" for n in range(20))
    assert "20 new" in text_of(hands_in(town, f"agency,email\n{few}"))
    assert len(town.calls("users.list")) == pages
    assert len(town.calls("users.lookupByEmail")) == 20
    many = "\n".join(f"Elm Schools,p{n}@crowd.example" for n in range(300, 2300))
    town.waits("PT2M")
    preview = hands_in(town, file=file("people.csv", f"agency,email\n{many}".encode()))
    if preview is None:
        town.waits("PT2M")
        preview = town.direct("ana")[-1]
    assert "2,000 new" in text_of(preview)
    assert len(town.calls("users.lookupByEmail")) == 20


@pytest.mark.parametrize(("people", "single"), [(20, True), (21, False)])
def test_up_to_twenty_addresses_are_looked_up_one_by_one(town, people, single):
    crowds(town, 30)
    is_read_again(town)
    before = len(town.calls("users.list"))
    lines = [f"Elm Schools,p{n}@crowd.example," for n in range(people - 2)]
    lines += ["Elm Schools,,Pat Number28", "Elm Schools,,Pat Number29", "Elm Schools,,Ben Ortiz"]
    assert f"{people} new" in text_of(hands_in(town, "\n".join(["agency,email,name", *lines])))
    assert len(town.calls("users.lookupByEmail")) == (people - 2 if single else 0)
    assert (len(town.calls("users.list")) == before) is single


def test_a_silent_slack_delays_the_preview_and_nothing_else(town):
    town.forgiven.add("internal_error")
    assert town.call("faults", method="users.lookupByEmail", fault="500", times=1)["ok"]
    assert hands_in(town, "agency,email\nElm Schools,hana@example.org") is None
    town.waits("PT2M")
    assert "1 new" in text_of(town.direct("ana")[-1])
    town.call("faults", method="users.lookupByEmail", fault="500", times=99)
    hands_in(town, "agency,email\nElm Schools,hana@example.org")
    town.waits("PT10M")
    assert "Slack has trouble just now, so nothing has changed." in text_of(town.direct("ana")[-1])


def test_only_what_has_changed_on_the_roll_is_written(db):
    with db.begin() as session:
        founded(session, "America/Denver", START)

    def person(user, name, **more):
        return Person("T1", user, name, f"{user}@x.example", "UTC", **{"bot": False, "deleted": False, **more})

    replace(
        db, "T1", [person("U1", "Ben Ortiz"), person("U2", "Bot", bot=True), person("U3", "Old", deleted=True)], START
    )
    replace(db, "T1", [person("U1", "Ben O'Ortiz"), person("U4", "Émile Zola")], START)
    with db.read() as session:
        assert [(entry.user_id, entry.name) for entry in roll.list_all(session, "T1")] == [
            ("U1", "Ben O'Ortiz"),
            ("U4", "Émile Zola"),
        ]
        assert [entry.user_id for entry in roll.find_by_name(session, "T1", " émile  ZOLA")] == ["U4"]
        assert [entry.user_id for entry in roll.find_by_name(session, "T1", "ben")] == ["U1"]
        assert not roll.find_by_name(session, "T1", "b%")
        assert roll.is_read(session, "T1")
