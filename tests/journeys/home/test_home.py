"""The home tab: what is waiting, buttons that work there, and what is hidden from others."""

from datetime import timedelta

from sqlalchemy import event

from handlers.home import facilitator_views, snapshot, views
from storage.home_tabs import HomeTab
from storage.open_electors import OpenElector
from storage.vocabulary import AgencyId, Rule
from tests.town import START, text_of


def opens(town, user):
    """Open the home tab. Return its text after everything has been delivered."""
    answer = town.call("home", user=user)
    assert answer["ok"] and not answer["failed"], answer
    town.settle()
    return shown(town, user)


def shown(town, user):
    return text_of(town.sandbox.home(user))


def presses(town, user, label, nth=0):
    """Press the nth button with this label on the home tab. Return the text of the tab, or of the form that opened."""
    found = [
        (block, element)
        for block in town.sandbox.home(user)["blocks"]
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if isinstance(element.get("text"), dict) and element["text"]["text"] == label
    ]
    block, element = found[nth]
    answer = town.call("act", user=user, home=True, action_id=element["action_id"], block_id=block["block_id"])
    assert answer["ok"] and not answer["failed"], answer
    town.settle()
    views = town.views(user)
    return text_of(views[-1]) if views else shown(town, user)


def test_who_is_outside_is_shown_the_way_in(empty_town):
    town = empty_town
    assert "There is no consortium in this workspace yet" in opens(town, "dov")
    assert "Northern Valleys" not in shown(town, "dov")
    opens(town, "ana")
    assert "Name of the consortium" in presses(town, "ana", "Found a consortium")
    town.closes_forms("ana")
    town.found()
    said = opens(town, "dov")
    assert "You do not belong to *Northern Valleys* yet" in said
    assert "Waiting for you" not in said and "[New proposal]" not in said
    assert "Which agency do you work with?" in presses(town, "dov", "Join an agency")


def test_what_is_waiting_is_done_right_there(town):
    town.proposes("Adopt the calendar")
    town.types("ana", '/vote "Which week?" "12 Jan" "19 Jan"')
    town.types("ana", '/task add "Draft the MOU" @ben due:friday hours:6')
    said = opens(town, "ben")
    assert "Ben Ortiz · Elm Schools · you speak for it" in said
    assert "*Waiting for you* · 3" in said
    assert "Elm Schools has not been heard · closes" in said
    assert "offered to you · due Fri, Dec 4, 2026 · about 6 h\nYou have no work in the next 30 days." in said
    assert "For facilitators" not in said

    assert "Noted on #1 for Elm Schools: Agree" in presses(town, "ben", "Agree")
    assert "*1 of 3 agencies heard*" in text_of(town.message("Adopt"))
    assert "*#3 Draft the MOU* is yours now" in presses(town, "ben", "I'll take it")
    assert "About 6 hours of work in the next 30 days. The default here is 10 hours a month." in shown(town, "ben")
    assert "Your choice" in presses(town, "ben", "Vote")
    town.fills("ben", choice="1")
    town.closes_forms("ben")
    assert "*You're up to date.* Anything waiting for you will appear here." in shown(town, "ben")
    assert "*#3 Draft the MOU* is done." in presses(town, "ben", "Done")
    assert "No work in the next 30 days. The default here is 10 hours a month." in shown(town, "ben")
    town.types("ben", "/workload hours 8")
    assert "You have set aside 8 hours a month." in opens(town, "ben")
    town.types("ana", '/task add "Find a room" @ben')
    assert "1 task has no owner yet" in opens(town, "ben")


def test_what_was_settled_elsewhere_is_answered_kindly(town):
    town.proposes("Adopt the calendar")
    town.types("ana", '/task add "Draft the MOU" @ben hours:6')
    opens(town, "ben")
    town.types("ana", "/propose withdraw 1")
    # the tab is a quarter of a minute behind
    assert "withdrawn" in presses(town, "ben", "Agree")
    town.closes_forms("ben")
    town.types("ana", "/task drop 2")
    assert "already dropped" in presses(town, "ben", "I'll take it")


def test_the_tab_follows_what_others_do_for_five_minutes_and_is_sent_only_when_it_changed(town):
    opens(town, "cleo")
    sent = len(town.calls("views.publish"))
    town.waits("PT1M")
    assert len(town.calls("views.publish")) == sent, "nothing had changed"
    town.proposes("Adopt the calendar")
    town.waits("PT30S")
    assert "Birch Schools has not been heard" in shown(town, "cleo")
    town.waits("PT10M")
    sent = len(town.calls("views.publish"))
    town.proposes("Another one")
    town.waits("PT1M")
    assert len(town.calls("views.publish")) == sent, "nobody looks any more"
    assert "Another one" in opens(town, "cleo")


def test_a_refused_publication_is_repeated(town):
    town.call("faults", method="views.publish", fault="429", times=1)
    town.forgiven.add("ratelimited")
    town.call("home", user="ben")
    town.waits("PT2M")
    assert "Northern Valleys" in shown(town, "ben")


def test_what_slack_never_takes_is_not_tried_for_ever(town):
    town.call("faults", method="views.publish", fault="500", times=1000)
    town.forgiven.add("internal_error")
    town.call("home", user="ben")
    town.waits("PT10M")
    tried = len(town.calls("views.publish"))
    assert tried > 1
    town.waits("PT10M")
    assert len(town.calls("views.publish")) == tried
    town.call("faults", clear=True)


def test_a_long_list_is_paged_in_the_window_that_shows_it(town):
    for number in range(14):
        town.types("ana", f'/task add "Task {number}" @ben hours:1')
        town.types("ben", f"/task take {number + 1}")
    opens(town, "ben")
    first = presses(town, "ben", "All my tasks")
    assert "*#1 Task 0*" in first and "*#14 Task 13*" not in first
    assert "*#14 Task 13*" in town.presses_in_form("ben", "More")
    assert "*#1 Task 0*" in town.presses_in_form("ben", "Back")


def test_of_many_silent_agencies_a_few_are_named_and_all_are_counted():
    proposal = ("T1", False, 3, "Adopt the calendar", 1, Rule.CONSENSUS, START)
    unheard = [OpenElector(*proposal, AgencyId(n), f"Agency {n}", None, None, []) for n in range(60)]
    assert facilitator_views.unheard_lines(unheard) == [
        "Not heard yet on *#3*: Agency 0, Agency 1, Agency 2, Agency 3, Agency 4, Agency 5 and 54 more."
    ]


def test_facilitators_see_who_is_silent_and_what_is_stuck_and_nobody_else_does(town):
    town.proposes("Adopt the calendar")
    town.types("ben", "/vote 1 agree")
    said = opens(town, "ana")
    assert "Not heard yet on *#1*: Birch Schools and Oak Valley." in said
    town.call("faults", method="chat.postMessage", fault="invalid_blocks", times=9)
    town.forgiven |= {"invalid_blocks"}
    town.types("ana", '/propose now "Too much for Slack"')
    town.waits("PT1M")
    town.call("faults", clear=True)
    assert "delivered" in opens(town, "ana").split("For facilitators")[1]
    for user in ("ben", "gus"):
        assert "Not heard yet" not in opens(town, user)
    # Gus speaks for nobody while Finn does
    assert "has not been heard" not in shown(town, "gus")


def test_what_belongs_to_a_private_channel_shows_on_no_tab_but_of_those_who_have_a_part_in_it(town):
    town.call("channels", name="inner", private=True, members=["ana", "ben"], bot=True)
    town.types("ana", '/vote "Whom do we hire?" "One" "Two"', channel="inner")
    town.types("ana", '/meeting new "Hiring" 2026-12-17 14:00', channel="inner")
    town.settle()
    assert "Hiring" in opens(town, "ana"), "she chairs it"
    for user in ("cleo", "gus"):
        said = opens(town, user)
        assert "hire" not in said and "Hiring" not in said


def test_however_much_there_is_a_tab_takes_six_statements_and_fits(town):
    for number in range(12):
        town.types("ana", f'/propose now "Proposal {number} {"x" * 250}"')
        town.types("ana", f'/vote "Question {number}?" "One" "Two"')
    for number in range(40):
        town.types("ana", f'/task add "Task {number} {"&" * 150}" @{"ana" if number % 2 else "ben"} hours:1')
    town.types("ana", "/consortium facilitator @ben")
    said = opens(town, "ben")
    assert "More items will appear here when you have done these." in said
    assert "You have more tasks. “All my tasks” lists them." in opens(town, "ana")
    ben = next(person for person in town.sandbox.people() if person["name"] == "ben")
    tab = HomeTab(
        team_id=town.sandbox.credentials.team_id, user_id=ben["id"], home_team=town.sandbox.credentials.team_id
    )
    tab.said, statements = "", []
    with town.bot.db.read() as session:
        # the clock may ask for something at the same time, through a connection of its own
        event.listen(session.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))
        home = snapshot.load_snapshot(session, tab, town.now() + timedelta(minutes=1))
        view = views.render(home, town.bot.surface.registry.todo)
    assert 0 < len(statements) <= 6, statements
    assert len(view["blocks"]) <= 100


def test_what_is_still_to_be_set_up_is_shown_to_facilitators_with_its_buttons(empty_town):
    town = empty_town
    opens(town, "ana")
    presses(town, "ana", "Found a consortium")
    town.fills("ana", name="Northern Valleys")
    town.closes_forms("ana")
    said = opens(town, "ana")
    assert "*Next steps*\nThere are no agencies yet.\nYou are the only facilitator. A consortium needs two." in said
    assert "[Add an agency] [Import a table] [Name a second facilitator]" in said
    assert "You're up to date" not in said and "Nothing else needs your attention." in said
    for agency in ("Elm Schools", "Birch Schools"):
        town.types("ana", f'/consortium agency add "{agency}"')
    assert "2 agencies have nobody." in opens(town, "ana")
    assert "[Add an agency]" not in shown(town, "ana")
    assert "<Person>" in presses(town, "ana", "Add a person")
    town.closes_forms("ana")
    town.types("ana", '/consortium member @ben "Elm Schools" representative')
    town.types("ana", '/consortium member @cleo "Birch Schools" representative')
    assert "have nobody" not in opens(town, "ana")
    assert "*Next steps*" not in opens(town, "ben"), "only facilitators set things up"
    assert "<Person>" in presses(town, "ana", "Name a second facilitator")
    town.fills("ana", person="cleo")
    town.closes_forms("ana")
    said = opens(town, "ana")
    assert "*You're up to date.*" in said and "Nothing needs your attention." in said


def test_agencies_are_added_from_the_home_tab_one_after_the_other(empty_town):
    """Slack puts at most three forms on top of each other: a further one takes the place of the last."""
    town = empty_town
    town.forgiven.add("push_limit_reached")
    opens(town, "ana")
    presses(town, "ana", "Found a consortium")
    town.fills("ana", name="Northern Valleys")
    for place, name in enumerate(("Elm Schools", "Birch Schools", "Oak Valley", "Pine Schools")):
        town.presses_in_form("ana", "Add another agency" if place else "Add an agency")
        town.fills("ana", name=name)
        assert f"Added {name}" in text_of(town.views("ana")[-1])
    town.presses_in_form("ana", "Add a person")
    assert town.views("ana")[-1].get("submit")
