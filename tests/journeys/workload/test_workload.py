"""What `/workload` shows to whom, the hours people set aside, and what would change if an agency left."""

from sqlalchemy import select

from storage.members import Member
from tests.journeys.workload_entries import listed
from tests.town import text_of


def add_tasks(town, user, *hours):
    """Add tasks with these hours for a person; return their numbers."""
    answers = [town.types(user, f'/task add "Errand of {effort} h" @{user} hours:{effort}') for effort in hours]
    town.settle()
    return [answer.split("#")[1].split(" ")[0] for answer in answers]


def stored(town, user):
    """Return the hours that a person has set aside, and whether they offered to take on more."""
    with town.bot.db.read() as session:
        found = session.scalars(select(Member).where(Member.name.startswith(user.capitalize()))).one()
        return found.hours_a_month, found.may_be_asked


def test_hours_and_the_offer_are_set_by_typing_and_in_the_form(town, subtests):
    said = town.types("ben", "/workload hours 8")
    assert "You have set aside 8 h a month, and you have not offered to take on more work." in said
    assert "No list shows your hours" in said
    assert "you offered to take on more work" in town.types("ben", "/workload room yes")
    assert stored(town, "ben") == (8, True)
    form = town.types("ben", "/workload hours")
    assert "<" in form
    assert town.fills("ben", hours="", room="no")["closed"]
    assert "The default of 10 h a month applies to you" in text_of(town.private_answer("ben"))
    assert stored(town, "ben") == (None, False)

    for typed, answer in (
        ("hours many", "For example: `/workload hours 8`"),
        ("hours -3", "For example: `/workload hours 8`"),
        ("hours 8 extra", "For example: `/workload hours 8`"),
        ("room perhaps", "Type `yes` or `no`. For example: `/workload room yes`"),
    ):
        with subtests.test(typed):
            assert answer in town.types("ben", f"/workload {typed}")
            assert "is for members of the consortium" in town.types("dov", f"/workload {typed}")
    assert stored(town, "ben") == (None, False)


def test_every_list_can_be_opened_from_the_menu_of_the_workload(town):
    message = listed(town, "gus", "")
    menu = next(e for b in message["blocks"] for e in b.get("elements", []) if e.get("type") == "overflow")
    shown = (
        "Nobody holds a role yet",
        "Nothing is recorded yet",
        "Nothing is recorded yet",
        "no sources of funding",
        "no dues",
    )
    for option, said in zip(menu["options"], shown, strict=True):
        where = {"user": "gus", "channel": "council", "ts": message["ts"], "action_id": menu["action_id"]}
        assert town.call("act", **where, value=option["value"])["ok"]
        assert said in text_of(town.private_answer("gus"))


def test_facilitators_see_what_everybody_carries_and_what_if_an_agency_left(town, subtests):
    town.types("finn", "/workload room yes")
    town.types("gus", "/workload hours 80")
    town.types("ana", '/workload role add "Fiscal agent" @gus hours:4')
    big, *_ = add_tasks(town, "gus", 12, 8, 8, 8, 4)
    town.types("ana", '/task add "Nobody has it" hours:3')
    town.types("ana", f"/task due {big} 2027-03-01")

    shown = town.types("ana", "/workload people")
    assert "*Who carries what* · 32 h in the next 30 days, 6 people, 3 agencies" in shown
    assert "Half of the open work is held by 1 person, and by 1 agency." in shown
    assert "Gus Whitehorse (Oak Valley) *32 h*" in shown
    assert "1 task without an owner (about 3 h)" in shown
    assert "80" not in shown

    assert "<Which agency>" in town.types("ana", "/workload what if")
    town.closes_forms("ana")
    what_if = town.types("ana", '/workload what if "Oak Valley"')
    assert "Its 2 people carry 32 of 32 h in the next 30 days: 5 open tasks and 1 role." in what_if
    assert "No other agency has held “Fiscal agent”" in what_if
    assert f"Due later: *#{big} Errand of 12 h*, 12 h." in what_if
    assert "Nobody who offered has room for" in what_if

    for who, typed, answer in (
        ("ben", "/workload people", "Only a facilitator can do this."),
        ("ben", '/workload what if "Oak Valley"', "Only a facilitator can do this."),
        ("ana", "/workload people now", "I did not understand “now”. For example: `/workload people`"),
        ("ana", '/workload what if "Nowhere"', "There is no agency “Nowhere”."),
        ("ana", '/workload what if "Elm Schools" "Oak"', "For example: `/workload what if"),
    ):
        with subtests.test(typed):
            assert answer in town.types(who, typed)
