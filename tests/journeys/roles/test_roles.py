"""Roles: given, passed on, announced before they end, and free when their holder leaves."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from storage.audit import AuditEntry
from storage.load import LoadCheck
from storage.members import Member
from storage.roles import Role
from tests.journeys.steps import sends
from tests.journeys.workload_entries import as_it_is, place_of
from tests.town import text_of

ADD = '/workload role add "Note-taker" @cleo hours:4 until:2027-01-29'


def listed(town, user):
    town.types(user, "/workload roles")
    return town.private_answer(user)


def told(town, user):
    """Return the text of a person's newest direct message."""
    town.settle()
    messages = town.direct(user)
    return text_of(messages[-1]) if messages else ""


def roles(town):
    with town.bot.db.read() as session:
        return list(session.scalars(select(Role).order_by(Role.id)))


def held(town):
    with town.bot.db.read() as session:
        people = {member.id: member.name.split()[0] for member in session.scalars(select(Member))}
        found = session.scalars(select(Role).where(Role.ended_at.is_(None)).order_by(Role.title))
        return [(role.title, people[role.member_id], role.hours, str(role.until)) for role in found]


def looked_at(town):
    with town.bot.db.read() as session:
        return session.scalar(select(LoadCheck.look_at))


def picks(town, user, label, message):
    """Choose an option in the menu of the first role."""
    message = as_it_is(town, user, message)
    menu, option = entry_of(message, label)
    where = {"user": user, **place_of(message), "action_id": menu["action_id"]}
    pressed = town.call("act", **where, value=option["value"])
    assert pressed["ok"] and not pressed.get("failed"), pressed
    town.settle()


def entry_of(message, label):
    """Return the menu of the first role, and its option with this label."""
    menus = [e for b in message["blocks"] for e in b.get("elements", []) if e.get("type") == "overflow"]
    return menus[0], next(o for o in menus[0]["options"] if o["text"]["text"] == label)


# giving, changing, passing on --------------------------------------------------------------------------


def test_a_role_is_given_by_typing_changed_in_a_form_passed_on_and_given_back(town):
    assert "Nobody holds a role yet. For example: `/workload role add" in town.types("ana", "/workload role")
    assert "A facilitator can give roles" in town.types("ben", "/workload roles")
    said = town.types("ana", ADD)
    assert said == (
        "Cleo Marchetti is now *Note-taker*: 4 h a month, until Fri, Jan 29, 2027. I will tell them, and they can give "
        "it back."
    )
    assert "You are now *Note-taker*: 4 h a month, until Fri, Jan 29, 2027. Ana Reyes gave you this role." in told(
        town, "cleo"
    )
    assert looked_at(town) is not None, "the balance of work is checked again"

    assert "[Pass it on …]" in text_of(listed(town, "ana"))
    shown = text_of(listed(town, "ben"))
    assert "*Note-taker* · Cleo Marchetti (Birch Schools)\n4 h a month, until Fri, Jan 29, 2027" in shown
    assert "[" not in shown, "other readers get no buttons"
    assert "*Note-taker* · you (Birch Schools)" in text_of(listed(town, "cleo"))

    picks(town, "ana", "Change …", listed(town, "ana"))
    assert town.fills("ana", hours="5.5", until="2027-06-30")["closed"]
    assert held(town) == [("Note-taker", "Cleo", 5.5, "2027-06-30")]
    assert "Ana Reyes has changed your role. *Note-taker* now takes 5.5 h a month, until Wed, Jun 30, 2027." in told(
        town, "cleo"
    )
    assert "stays as it is" in town.types("ana", '/workload role change "note-taker" hours:5.5')

    town.presses("ana", "Pass it on …", listed(town, "ana"))
    assert town.fills("ana", person="finn", hours="3")["closed"]
    assert held(town) == [("Note-taker", "Finn", 3.0, "None")]
    assert "Ana Reyes has passed *Note-taker* on to Finn Abernathy." in told(town, "cleo")

    given = town.direct("finn")[-1]
    assert "You are now *Note-taker*: 3 h a month, with no end date." in text_of(given)
    said = town.presses("finn", "Give it back", given, channel="@finn") or told(town, "finn")
    assert "You no longer hold *Note-taker*. The facilitators have been told." in said
    assert "Finn Abernathy no longer holds *Note-taker*, so it is free." in told(town, "ana")
    town.presses("ana", "Give it to someone …", town.direct("ana")[-1], channel="@ana")
    assert town.fills("ana", person="gus", hours="3")["closed"]
    assert held(town) == [("Note-taker", "Gus", 3.0, "None")]
    with town.bot.db.read() as session:
        deeds = list(
            session.scalars(
                select(AuditEntry.action).where(AuditEntry.subject == "role Note-taker").order_by(AuditEntry.id)
            )
        )
    assert deeds == ["gave", "changed", "passed on", "ended", "gave"]


def test_two_facilitators_who_change_a_role_at_once_each_change_only_what_they_changed(town):
    town.types("ana", "/consortium facilitator @gus")
    town.types("ana", ADD)
    for user in ("ana", "gus"):
        picks(town, user, "Change …", listed(town, user))
    assert town.fills("gus", hours="6")["closed"]
    assert town.fills("ana", until="2027-06-30")["closed"]
    assert held(town) == [("Note-taker", "Cleo", 6.0, "2027-06-30")]


def test_a_role_is_given_in_the_form_and_ended_from_the_list(town):
    town.types("ana", "/workload role add")
    errors = (
        ({"title": "…", "person": "gus", "hours": "1"}, "title"),
        ({"title": "Chair", "person": "dov", "hours": "1"}, "person"),
        ({"title": "Chair", "person": "gus", "hours": "0.3"}, "hours"),
        ({"title": "Chair", "person": "gus", "hours": "1", "until": "2026-11-01"}, "until"),
        ({"title": "Chair", "person": "gus", "hours": "1", "until": "2040-01-01"}, "until"),
    )
    for wrong, field in errors:
        assert list(town.fills("ana", **wrong)["errors"] or {}) == [field], wrong
    assert not roles(town)
    assert town.fills("ana", title="=SUM(A1) <!channel>", person="gus", hours="1", until="2027-06-30")["closed"]
    shown = text_of(listed(town, "ben"))
    assert "=SUM(A1) &lt;!channel&gt;" in shown
    message = listed(town, "ana")
    picks(town, "ana", "Who could follow?", message)
    assert "then Oak Valley (Finn Abernathy)." in text_of(town.private_answer("ana"))
    message = listed(town, "ana")
    picks(town, "ana", "End it", message)
    assert "has ended, and Gus Whitehorse has been told." in text_of(town.private_answer("ana"))
    menu, option = entry_of(message, "End it")
    assert "is already over, so nothing has changed." in sends(town, "ana", menu["action_id"], option["value"])
    assert "Ana Reyes has ended your role" in told(town, "gus")


# terms -------------------------------------------------------------------------------------------------


def test_the_end_of_a_term_is_announced_once_a_month_before_and_the_role_is_free_after_it(town):
    town.types("ana", ADD)
    town.types("ana", '/workload role add "Chair" @ana hours:2')
    town.types("ana", '/task add "Draft the MOU" @finn hours:6')
    town.types("finn", "/task take 1")
    town.waits("P29D")
    assert "Next in turn" not in told(town, "ana")
    assert "ends on Fri, Jan 29" not in told(town, "ana")
    town.waits("P3D")
    news = told(town, "ana")
    assert "The term of Cleo Marchetti as *Note-taker* ends on Fri, Jan 29, 2027." in news
    assert (
        "Next in turn: Elm Schools (Ben Ortiz or Ana Reyes), then Oak Valley (Gus Whitehorse or Finn Abernathy), then "
        "Birch Schools (Eva Castellanos)."
    ) in news, "agencies that never held it first, in them the smallest load first, and the present agency last"
    own = told(town, "cleo")
    assert "Your term as *Note-taker* ends on Fri, Jan 29, 2027." in own
    assert "(Finn Abernathy or Gus Whitehorse)" in own, "the holder does not learn of other people's load"
    before = len(town.direct("ana")), len(town.direct("cleo"))
    town.waits("P10D")
    assert (len(town.direct("ana")), len(town.direct("cleo"))) == before, "once"

    message = next(m for m in reversed(town.direct("ana")) if "Note-taker" in text_of(m))
    town.presses("ana", "Change the term …", message, channel="@ana")
    assert town.fills("ana", until="2027-02-10")["closed"]
    town.waits("P3D")
    assert "*Note-taker* ends on Wed, Feb 10, 2027" in told(town, "cleo"), "another end is announced again"
    town.waits("P30D")
    assert held(town) == [("Chair", "Ana", 2.0, "None")]
    assert roles(town)[0].ended_at.isoformat() == "2027-02-11T07:00:00+00:00", "when the day is over in Denver"
    assert "Your term as *Note-taker* ended on Wed, Feb 10, 2027. Thank you for your work." in told(town, "cleo")
    free = told(town, "ana")
    assert "*Note-taker* is free: the term of Cleo Marchetti ended on Wed, Feb 10, 2027." in free
    town.types("ana", '/workload role add "note-taker" @eva hours:4')
    assert "Oak Valley" in town.types("ana", '/workload role follow "Note-taker"')


def test_a_notice_that_waited_states_the_present_term_and_is_dropped_when_the_role_has_ended(town):
    town.types("cleo", "/consortium away until 2026-12-14")
    town.types("ana", '/workload role add "Secretary" @cleo hours:1 until:2026-12-20')
    town.types("ana", '/workload role add "Treasurer" @cleo hours:1 until:2026-12-20')
    town.waits("P1D")
    town.types("ana", '/workload role change "Secretary" until:2027-06-30')
    town.types("ana", '/workload role change "Secretary" until:2026-12-20')
    town.types("ana", '/workload role end "Treasurer"')
    town.waits("P14D")
    said = "\n".join(text_of(m) for m in town.direct("cleo"))
    assert "Your term as *Secretary* ends on Sun, Dec 20, 2026" in said
    assert "Your term as *Treasurer* ends" not in said


def test_a_role_given_in_quiet_hours_is_announced_in_the_morning_unless_it_was_passed_on(town):
    town.waits("PT12H")
    town.types("ana", ADD)
    town.types("ana", '/workload role add "Secretary" @cleo hours:1')
    town.types("ana", '/workload role pass "Secretary" @finn')
    town.settle()
    assert not town.direct("cleo") or "now *Note-taker*" not in told(town, "cleo")
    town.waits("PT12H")
    said = "\n".join(text_of(m) for m in town.direct("cleo"))
    assert "You are now *Note-taker*: 4 h a month" in said
    assert "You are now *Secretary*" not in said
    assert "You are now *Secretary*" in told(town, "finn")


# who leaves, and agencies that end ---------------------------------------------------------------------


def test_the_roles_of_a_person_who_leaves_are_free_and_facilitators_see_who_could_follow(town):
    town.types("ana", ADD)
    town.types("ana", '/workload role add "Secretary" @cleo hours:1')
    asked = town.types("ana", '/consortium agency end "Birch Schools"')
    assert "Its people hold *Note-taker* (Cleo Marchetti) and *Secretary* (Cleo Marchetti)." in asked
    assert "`/workload roles`" in asked
    town.settle()
    assert town.call("people", user="cleo", deleted=True)["ok"]
    town.settle()
    town.settle()
    news = town.direct("ana")[-1]
    assert "*Note-taker* and *Secretary* are free now." in text_of(news)
    assert held(town) == []
    assert "Next in turn: Elm Schools" in town.presses("ana", "Who could be Secretary?", news, channel="@ana")
    assert "Nobody holds a role called “Secretary”" in town.types("ana", '/workload role end "Secretary"')
    assert "has left Slack" in town.types("ana", ADD)


def test_the_people_of_an_ended_agency_keep_their_roles_and_tasks(town):
    town.types("ana", '/workload role add "Secretary" @finn hours:1')
    town.types("gus", '/task add "Book the room" @gus')
    town.types("ana", '/consortium agency end "Oak Valley"')
    town.presses("ana", "End it", town.private_answer("ana"))
    said = text_of(town.private_answer("ana"))
    assert "Oak Valley has ended." in said
    assert (
        "Its people hold 1 open task and *Secretary* (Finn Abernathy). They keep this work until it is passed on: "
        "`/task all` and `/workload roles`."
    ) in said
    assert held(town) == [("Secretary", "Finn", 1.0, "None")]


# refusals ----------------------------------------------------------------------------------------------

BAD = (
    ("no hours", 'role add "A" @ben', "`hours:4`"),
    ("negative hours", 'role add "A" @ben hours:-1', "at least a quarter"),
    ("no hours at all", 'role add "A" @ben hours:0', "at least a quarter"),
    ("enormous hours", 'role add "A" @ben hours:201', "at most 200 hours"),
    ("a third of an hour", 'role add "A" @ben hours:0.33', "steps of a quarter"),
    ("hours in words", 'role add "A" @ben hours:four', "could not read “four”"),
    ("a past day", 'role add "A" @ben hours:1 until:2026-11-01', "is in the past"),
    ("the year 9999", 'role add "A" @ben hours:1 until:9999-12-31', "is not a day in the calendar"),
    ("a far year", 'role add "A" @ben hours:1 until:2040-01-01', "more than three years away"),
    ("an outsider", 'role add "A" @dov hours:1', "does not belong to the consortium yet"),
    ("nobody", 'role add "A" @nobody hours:1', "I do not know anyone called"),
    ("no person", 'role add "A" hours:1', "Name the person"),
    ("two people", 'role add "A" @ben @eva hours:1', "but not “Eva Castellanos”"),
    ("no title", "role add @ben hours:1", "which role it is"),
    ("an endless title", f'role add "{"x" * 3000}" @ben hours:1', "3,000 characters"),
    ("two titles", 'role add "A" "B" @ben hours:1', "but not “B”"),
    ("an option of something else", 'role add "A" @ben hours:1 agency:Elm', "`agency:`"),
    ("a role somebody holds", 'role add "NOTE-taker" @ben hours:1', "Cleo Marchetti is already *Note-taker*."),
    ("passed on to its holder", 'role pass "Note-taker" @cleo', "is already *Note-taker*"),
    ("an unknown role", 'role end "Chair"', "Current roles: “Note-taker”."),
    ("nothing to change", 'role change "Note-taker"', "Add what to change"),
    ("an unknown action", 'role frobnicate "A"', "You can add, pass on, change, or end a role"),
    ("a misspelled command", "rols", "Did you mean `/workload roles`?"),
    ("own hours in words", "hours many", "could not read “many”"),
    ("negative own hours", "hours -1", "Hours cannot be less than 0"),
    ("enormous own hours", "hours 100000", "at most 200 hours"),
    ("neither yes nor no", "room maybe", "Type `yes` or `no`"),
)


def test_wrong_commands_are_refused_with_an_example_and_nothing_is_stored(town, subtests):
    town.types("ana", ADD)
    bot = town.sandbox.credentials.bot_user_id
    for what, typed, said in (*BAD, ("the bot", f'role add "A" <@{bot}> hours:1', "is an app")):
        with subtests.test(what):
            answer = town.types("ana", f"/workload {typed}")
            assert said in answer
            assert "`/workload" in answer
            assert held(town) == [("Note-taker", "Cleo", 4.0, "2027-01-29")]


def test_only_facilitators_and_the_holder_act_on_a_role(town):
    town.types("ana", ADD)
    for typed in ("", "roles", "role add", 'role add "A" @ben hours:1', 'role end "Note-taker"', "hours 8", "room yes"):
        assert "is for members of the consortium" in town.types("dov", f"/workload {typed}".strip()), typed
    for typed in ("role add", 'role add "A" @ben hours:1', 'role pass "Note-taker" @ben', 'role follow "Note-taker"'):
        assert "Only a facilitator can do this. You can ask Ana Reyes." in town.types("cleo", f"/workload {typed}"), (
            typed
        )
    said = town.types("ben", '/workload role end "Note-taker"')
    assert "Only Cleo Marchetti, who holds *Note-taker*, or a facilitator can end it." in said
    assert "You no longer hold *Note-taker*." in town.types("cleo", '/workload role end "note-TAKER"')


def test_two_facilitators_who_give_the_same_role_at_the_same_time_make_one_holder(town):
    town.types("ana", "/consortium facilitator @ben")
    with ThreadPoolExecutor(2) as pool:
        typed = {"ana": '/workload role add "Chair" @cleo hours:1', "ben": '/workload role add "CHAIR" @finn hours:1'}
        said = list(pool.map(lambda user: town.types(user, typed[user]), typed))
    assert sum(": 1 h a month" in one for one in said) == 1, said
    assert sum(" is already " in one for one in said) == 1, said
    assert len(held(town)) == 1


# own hours ---------------------------------------------------------------------------------------------


def test_people_set_their_own_hours_and_room_by_typing_and_in_one_form(town):
    assert "You have set aside 8 h a month" in town.types("ben", "/workload hours 8")
    assert "you offered to take on more work" in town.types("ben", "/workload room yes")
    town.presses("ben", "Change it", town.private_answer("ben"))
    assert town.fills("ben", hours="7.5", room="no")["closed"]

    def own():
        with town.bot.db.read() as session:
            return session.execute(
                select(Member.hours_a_month, Member.may_be_asked).where(Member.name == "Ben Ortiz")
            ).one()

    assert own() == (7.5, False)
    assert "The default of 10 h a month applies to you" in town.types("ben", "/workload hours none")
    assert own() == (None, False)
    assert "0 h a month" in town.types("ben", "/workload hours 0")
    town.types("ben", "/workload room")
    assert list(town.fills("ben", hours="0.3")["errors"]) == ["hours"]
    assert "7.5" not in town.types("ana", "/consortium who")
