"""Tasks from messages, from anywhere and from proposals, with a link to their source and no more of its text."""

from tests.journeys.tasks.steps import stored_tasks
from tests.town import text_of


def says(town, user, text, channel="council", **more):
    answer = town.call("say", user=user, channel=channel, text=text, **more)
    assert answer["ok"], answer
    return answer


def private_answer(town, user, channel="council"):
    return text_of(town.private_answer(user, channel))


def title_in_form(town, user):
    return town.views(user)[-1]["blocks"][0]["element"].get("initial_value", "")


def test_a_message_becomes_a_task_that_links_to_it(town):
    said = says(town, "cleo", "Could @ben  look into\nthe bus contracts & <tell> #council?")
    form = town.starts("ana", "task.message", said)
    assert "<What needs to be done>" in form
    assert "opens only for people who can already read it" in town.views("ana")[-1]["blocks"][0]["hint"]["text"]
    assert title_in_form(town, "ana") == "Could Ben Ortiz look into the bus contracts & <tell> #council?"
    assert town.fills("ana", title="Look into the bus contracts", person="ben", hours="2")["closed"]
    assert "*#1 Look into the bus contracts* is offered to Ben Ortiz" in private_answer(town, "ana")
    (task,) = stored_tasks(town)
    place = f"/p{said['ts'].replace('.', '')}"
    assert task.source == "a message" and task.source_link.endswith(place)
    assert f"From <{task.source_link}|a message>".casefold() in text_of(town.direct("ben")[-1]).casefold()
    assert "bus contracts &" not in str(vars(task)), "only the chosen title is stored"
    town.types("gus", "/task 1")
    assert f"from <{task.source_link}|a message>" in private_answer(town, "gus")
    town.types("gus", "/task all")
    assert f"{place}|a message>" in private_answer(town, "gus")


def test_a_task_is_created_even_if_slack_gives_no_link(town):
    town.call("channels", name="inner", members=["ben", "cleo"], private=True)
    town.forgiven.add("channel_not_found")
    secret = says(town, "cleo", "Between us: the budget does not add up", channel="inner")
    town.starts("ben", "task.message", secret, channel="inner")
    assert town.fills("ben", title="Look at the sums again")["closed"]
    assert "#1 Look at the sums again* has no owner yet" in private_answer(town, "ben", "inner")
    threaded = says(town, "cleo", "Who orders lunch?")
    reply = says(town, "ben", "x" * 3000, thread_ts=threaded["ts"])
    town.starts("ana", "task.message", reply)
    assert len(title_in_form(town, "ana")) == 200
    town.forgiven.add("internal_error")
    town.call("faults", method="chat.getPermalink", fault="500", times=1)
    assert town.fills("ana", title="Order lunch")["closed"]
    first, second = stored_tasks(town)
    channel = next(c["id"] for c in town.sandbox.channels() if c["name"] == "inner")
    made = f"https://northern-valleys.slack.com/archives/{channel}/p{secret['ts'].replace('.', '')}"
    assert first.source_link == made, "the link opens only for people in that channel"
    assert f"thread_ts={threaded['ts']}" in second.source_link
    town.types("gus", "/task 1")
    said = private_answer(town, "gus")
    assert "budget" not in said and "inner" not in said
    assert f"from <{made}|a message>" in said


def test_a_task_created_from_anywhere_is_confirmed_in_the_form(town):
    assert "<What needs to be done>" in town.starts("ana", "task.anywhere")
    assert list(town.fills("ana", title="Book the room", hours="0.3")["errors"]) == ["hours"]
    assert not town.fills("ana", title="Book the room", hours="0.5")["closed"]
    said = text_of(town.views("ana")[-1])
    assert "*#1 Book the room* has no owner yet." in said and "[I'll take it]" in said
    assert "*#1 Book the room* is yours now." in town.presses_in_form("ana", "I'll take it")
    town.closes_forms("ana")
    assert stored_tasks(town)[0].source_link is None


def test_outsiders_are_refused_both_shortcuts_kindly(town):
    said = says(town, "cleo", "Could somebody look into the bus contracts?")
    assert "This one is for members of the consortium." in town.starts("dov", "task.message", said)
    assert "[Join an agency]" in private_answer(town, "dov")
    assert "This one is for members of the consortium." in town.starts("dov", "task.anywhere")
    assert "Join an agency" in str(town.views("dov")[-1])
    assert not stored_tasks(town)


def test_the_manifest_offers_both_shortcuts(town):
    made = [(s["callback_id"], s["type"], s["name"]) for s in town.sandbox.manifest["features"]["shortcuts"]]
    assert made == [("task.message", "message", "Make this a task"), ("task.anywhere", "global", "New task")]


def details(town, user, message):
    town.closes_forms(user)
    town.presses(user, "Details", message)
    return text_of(town.views(user)[-1])


def test_reservations_and_decisions_become_tasks_that_link_to_the_proposal(town):
    message = town.proposes("Adopt the calendar", user="ben", more="rule:consensus")
    assert "[Make a reservation a task]" not in details(town, "ana", message)
    for user, word in (
        ("ben", "agree"),
        ("cleo", "reservations The May window collides with our exams"),
        ("finn", "reservations Who drives in <winter>?"),
    ):
        town.types(user, f"/vote 1 {word}")
    town.settle()
    assert "[Make a reservation a task]" not in details(town, "cleo", message)
    for user in ("ben", "ana"):
        assert "[Make a reservation a task]" in details(town, user, message)
        form = town.presses_in_form(user, "Make a reservation a task")
        assert "Birch Schools: “The May window collides with our exams”" in form
        assert "Oak Valley: “Who drives in &lt;winter&gt;?”" in form
    assert list(town.fills("ana", title="Ask for drivers")["errors"]) == ["reservation"]
    town.fills("ana", title="Ask for drivers", reservation="Oak Valley", person="finn", hours="2")
    (task,) = stored_tasks(town)
    assert task.source == "reservation of Oak Valley on #1 Adopt the calendar"
    assert task.source_link.endswith(f"/p{message['ts'].replace('.', '')}"), "the message is posted, so there is a link"
    town.types("gus", "/task 2")
    assert f"from <{task.source_link}|reservation of Oak Valley on #1 Adopt the calendar>" in private_answer(
        town, "gus"
    )
    town.closes_forms("ben")
    town.types("ben", "/propose close 1")
    town.settle()
    assert "[New task for it]" in details(town, "gus", message)
    town.presses_in_form("gus", "New task for it")
    town.fills("gus", title="Print the calendar")
    town.settle()
    assert stored_tasks(town)[-1].source == "decision #1 Adopt the calendar"
    assert stored_tasks(town)[-1].source_link == task.source_link
    assert "[Make a reservation a task]" in details(town, "ana", message)
    assert "[New task for it]" not in details(town, "dov", message)


def test_a_task_from_a_private_proposal_says_who_reads_it_and_has_no_link(town):
    assert town.call("channels", name="inner", private=True, members=["ben"], bot=True)["ok"]
    assert town.types("ben", '/propose now "Merge the schools" closes:4d', "inner").startswith("#1")
    town.settle()
    for user, command in (("ben", "/vote 1 agree"), ("cleo", "/vote 1 agree"), ("finn", "/vote 1 agree")):
        assert "Noted" in town.types(user, command)
    town.types("ben", "/propose close 1", "inner")
    town.settle()
    town.presses("ben", "Details", town.message("Merge the schools", "ben", "inner"), "inner")
    town.presses_in_form("ben", "New task for it")
    assert "Everybody in the consortium can read this title" in str(town.views("ben")[-1])
    town.fills("ben", title="Ask the lawyers")
    (task,) = stored_tasks(town)
    assert (task.source, task.source_link, task.source_live_id) == ("a proposal in a private channel", None, None)
