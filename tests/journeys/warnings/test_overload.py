"""An overload that is handed over, the shares that everybody sees, and what facilitators are told."""

import threading

import pytest
from sqlalchemy import event

from tests.town import text_of

NAMES = (
    "Ana Reyes",
    "Ben Ortiz",
    "Cleo Marchetti",
    "Eva Castellanos",
    "Finn Abernathy",
    "Gus Whitehorse",
    "Hana Okafor",
)


@pytest.fixture
def five(empty_town):
    """Five agencies: Elm (Ana facilitates, Ben, Eva), and Birch, Oak, Pine and Lake with one person each."""
    empty_town.types("ana", '/consortium setup "Northern Valleys" zone:America/Denver')
    places = {"ana": "Elm", "ben": "Elm", "eva": "Elm", "cleo": "Birch", "finn": "Oak", "gus": "Pine", "hana": "Lake"}
    for agency in dict.fromkeys(places.values()):
        empty_town.types("ana", f'/consortium agency add "{agency}"')
    for user, agency in places.items():
        assert "now" in empty_town.types("ana", f'/consortium member @{user} "{agency}"')
    return empty_town


def add_tasks(town, user, *hours):
    """Add tasks with these hours for a person, and let an hour pass; return their numbers."""
    answers = [town.types(user, f'/task add "Errand of {effort} h" @{user} hours:{effort}') for effort in hours]
    town.waits("PT1H")
    return [answer.split("#")[1].split(" ")[0] for answer in answers]


def newest(town, user, part):
    town.settle()
    found = [message for message in town.direct(user) if part in text_of(message)]
    assert found, [text_of(message) for message in town.direct(user)]
    return found[-1]


def told(town, user):
    town.settle()
    return "\n".join(text_of(message) for message in town.direct(user))


def kinds(message):
    return [block["type"] for block in message["blocks"]]


def seen_by_all(town):
    town.settle()
    return [message for message in town.messages("dov") if not message.get("ephemeral")]


def test_an_overload_is_handed_over_with_two_buttons_and_the_channel_names_nobody(five):
    town = five
    assert "you offered to take on more work" in town.types("cleo", "/workload room yes")
    for user in ("ana", "eva", "cleo", "finn", "gus", "hana"):
        for _ in range(6):
            town.types(user, f'/task add "Errand" @{user} hours:0.25')
    large = add_tasks(town, "ben", 6, 4, 2, 1)[1]
    message = newest(town, "ben", "You have about")
    said = text_of(message)
    assert "*You have about 13 hours of consortium work in the next 30 days. The default here is 10.*" in said
    assert "Cleo Marchetti offered to take on more." in said
    assert f"[Ask Cleo Marchetti to take #{large}] [It's agreed] [Change my hours]" in said
    warned = text_of(newest(town, "ana", "*Ben Ortiz* has about 13 h"))
    assert f"*#{large} Errand of 4 h* (4 h) to Cleo Marchetti" in warned
    assert "10" not in warned and "8.5" not in warned
    town.presses("ben", f"Ask Cleo Marchetti to take #{large}", message, channel="@ben")
    assert f"*#{large} Errand of 4 h* is offered to Cleo Marchetti" in told(town, "ben")
    assert "8.5" not in told(town, "ben")
    asked = newest(town, "cleo", f"#{large}")
    assert "You have about 1.5 h of work in the next 30 days. With this task: 5.5 of your 10 h a month." in text_of(
        asked
    )
    town.presses("cleo", "I'll take it", asked, channel="@cleo")
    town.waits("P3D")
    assert "You have about 9 hours of consortium work in the next 30 days, within your 10 a month again." in told(
        town, "ben"
    )
    assert "*Ben Ortiz* no longer has too much work." in told(town, "ana")
    town.waits("P2D")
    assert told(town, "ben").count("You have about") == 1, "nothing is sent twice"
    assert told(town, "ana").count("*Ben Ortiz*") == 2

    everything = " ".join(text_of(message) for message in seen_by_all(town))
    assert not any(name in everything for name in NAMES)
    assert "*You have about 1.5 hours" in town.types("gus", "/workload")
    town.settle()
    mine = [m for m in town.messages("gus") if m.get("ephemeral")]
    assert any("data_visualization" in kinds(message) for message in mine), "the chart follows separately"
    words = next(place for place, message in enumerate(mine) if "You have about 1.5 hours" in text_of(message))
    charts = next(place for place, message in enumerate(mine) if "data_visualization" in kinds(message))
    assert words < charts, "the words stand above the chart"
    town.presses("gus", "Post it here", next(m for m in reversed(mine) if "Post it here" in text_of(m)))
    posted = seen_by_all(town)[-1]
    assert kinds(posted).count("data_visualization") == kinds(posted).count("table") == 1
    assert "Elm" in text_of(posted) and "4 agencies together" in text_of(posted)
    assert not any(name in text_of(posted) for name in (*NAMES, "Birch", "Oak", "Pine", "Lake"))
    for typed in ("/workload", "/workload people", '/workload what if "Elm"'):
        assert "is for members of the consortium" in town.types("dov", typed)


def test_a_press_on_a_suggestion_reads_the_load_once(five):
    town = five
    town.types("cleo", "/workload room yes")
    for user in ("ana", "eva", "cleo", "finn", "gus", "hana"):
        for _ in range(6):
            town.types(user, f'/task add "Errand" @{user} hours:0.25')
    large = add_tasks(town, "ben", 6, 4, 2, 1)[1]
    message = newest(town, "ben", "You have about")
    reads = []

    def on_execute(_connection, _cursor, statement, *_):
        # the check that follows reads the load too, in a thread of its own
        own = not threading.current_thread().name.startswith("follower")
        if own and "FROM member LEFT OUTER JOIN agency" in statement and "ORDER BY member.name" in statement:
            reads.append(statement)

    event.listen(town.bot.db.engine, "before_cursor_execute", on_execute)
    town.call("act", user="ben", channel="@ben", ts=message["ts"], action_id="load.ask.0")
    event.remove(town.bot.db.engine, "before_cursor_execute", on_execute)
    assert f"*#{large} Errand of 4 h* is offered to Cleo Marchetti" in told(town, "ben")
    assert len(reads) == 1


def test_a_suggestion_that_is_out_of_date_is_refused_kindly(town):
    for user in ("cleo", "finn"):
        town.types(user, "/workload room yes")
    (first, *_) = add_tasks(town, "ben", 8, 4, 3)
    message = newest(town, "ben", "You have about")
    assert f"[Ask Cleo Marchetti to take #{first}]" in text_of(message)
    town.types("ben", f"/task offer {first} @cleo")
    town.settle()
    town.types("cleo", f"/task decline {first}")
    assert f"[Ask Finn Abernathy to take #{first}]" in town.types("ben", "/workload"), "nobody is asked twice"
    label, taker = f"Ask Cleo Marchetti to take #{first}", "cleo"
    town.types(taker, "/workload room no")
    said = town.presses("ben", label, message, channel="@ben")
    assert f"cannot be asked for #{first} right now, so nothing has changed." in said
    town.types(taker, "/workload room yes")
    town.types("ben", f"/task done {first}")
    assert f"#{first} is already done" in town.presses("ben", label, message, channel="@ben")
    town.types("ben", f"/task reopen {first}")
    town.types("ana", f"/task offer {first} @gus")
    town.types("gus", f"/task take {first}")
    assert f"#{first} is not yours anymore" in town.presses("ben", label, message, channel="@ben")
    assert "You are within your hours again" in town.presses("ben", "It's agreed", message, channel="@ben")


def test_a_person_can_agree_to_their_load_or_raise_their_hours(town):
    add_tasks(town, "ben", 12)
    town.presses("ben", "It's agreed", newest(town, "ben", "You have about"), channel="@ben")
    assert "Noted: it's agreed. I will remind you in a year" in told(town, "ben")
    town.waits("P1D")
    add_tasks(town, "gus", 12)
    warned = newest(town, "gus", "You have about")
    assert "I have nobody to suggest for your tasks right now." in text_of(warned)
    town.presses("gus", "Change my hours", warned, channel="@gus")
    assert town.fills("gus", hours="20", room="yes")["closed"]
    town.waits("P3D")
    assert "within your 20 a month again" in told(town, "gus")
    said = "".join(text_of(m) for m in town.direct("ana"))
    assert "*Gus Whitehorse*" not in said, "the warning ended before it came to her"
    assert "You still have" not in told(town, "ben")


def test_facilitators_agree_to_the_warnings_about_a_person_and_an_agency(town):
    town.types("finn", "/workload room yes")
    town.types("gus", "/workload hours 80")
    town.types("ana", '/workload role add "Fiscal agent" @gus hours:4')
    big, *_ = add_tasks(town, "gus", 12, 8, 8, 8, 4)
    town.types("ana", '/task add "Nobody has it" hours:3')
    town.types("ana", f"/task due {big} 2027-03-01")
    town.waits("P3D")
    newest(town, "ana", "Half of the open work or more depends on *Gus Whitehorse*: 40 of 40 h (100 %)")
    assert "*Oak Valley* no longer carries too much." in told(town, "ana"), "less than 40 h is due soon"
    for part, answer in (
        ("*Oak Valley* carries", "This is no longer the case"),
        ("depends on *Gus", "Noted: it's agreed."),
    ):
        # Both come in one message, or in two if the load was checked while tasks were still being added.
        warned = newest(town, "ana", part)
        block = next(block for block in warned["blocks"] if part in str(block.get("text")))
        where = {"ts": warned["ts"], "channel": "@ana", "block_id": block["block_id"]}
        pressed = town.call("act", user="ana", action_id=block["accessory"]["action_id"], **where)
        assert pressed["ok"] and not pressed.get("failed"), pressed
        assert answer in told(town, "ana")
    again = newest(town, "ana", "depends on *Gus")
    assert "Noted: it's agreed. I will remind you in a year" in text_of(again)
    assert "depends on *Oak" in text_of(again), "the rest of the message stays"


def test_trying_out_efforts_shows_the_class_of_somebodys_room_and_no_more(five):
    """Finn has 6.75 h left, which counts as at least four."""
    town = five
    for user in ("ana", "cleo", "gus", "hana"):
        town.types(user, "/workload hours 20")
        town.types(user, f'/task add "Errand of {user}" @{user} hours:15')
    town.types("finn", "/workload hours 10")
    town.types("finn", '/task add "His own" @finn hours:3.25')
    town.types("finn", "/workload room yes")
    town.types("ben", "/workload hours 0")
    town.types("ben", '/task add "Draft the agreement" @ben hours:4')
    shown = {}
    for effort in ("6.75", "7", "4.25", "4", "0.25", "6.5"):
        town.types("ben", f"/task hours 6 {effort}")
        shown[effort] = "[Ask Finn Abernathy to take #6]" in town.types("ben", "/workload")
    assert [effort for effort, asked in shown.items() if asked] == ["4", "0.25"]
    town.types("ben", "/task hours 6 4")
    answer = next(m for m in reversed(town.messages("ben")) if "Ask Finn" in text_of(m))
    town.presses("ben", "Ask Finn Abernathy to take #6", answer)
    asked = newest(town, "finn", "asks if you can take *#6 Draft the agreement*")
    assert "You have about 3.25 h of work in the next 30 days. With this task: 7.25 of your 10 h a month." in text_of(
        asked
    )
    town.presses("finn", "Not me", asked, channel="@finn")
    assert "declined" in told(town, "ben")


def test_what_somebody_is_suggested_does_not_tell_how_much_others_carry(five):
    """Ben made a task that Cleo holds. By changing its effort he could try out when Cleo carries too much."""
    town = five
    town.types("finn", "/workload hours 5")
    town.types("finn", "/workload room yes")
    town.types("cleo", "/workload hours 12")
    town.types("ben", '/task add "X" @cleo hours:3')
    town.types("ben", '/task add "Z" @cleo hours:1')
    town.types("ben", '/task add "Draft the agreement" @ben hours:4')
    town.settle()
    for number in (1, 2):
        town.types("cleo", f"/task take {number}")
    town.types("ben", "/workload hours 3.75")
    town.waits("P1D")
    for effort in ("2", "12", "20"):
        assert "is about" in town.types("ben", f"/task hours 1 {effort}")
        assert "[Ask Finn Abernathy to take #3]" in town.types("ben", "/workload"), effort


def test_the_trend_of_a_past_week_never_shows_an_agency_of_one(five):
    """Birch is Cleo alone with 17 h; two people join her later."""
    town = five
    for user, hours in (("ana", 20), ("cleo", 17), ("finn", 5), ("gus", 3), ("hana", 2)):
        town.types(user, f"/workload hours {hours}")
        town.types(user, f'/task add "Errand of {user}" @{user} hours:{hours}')
    town.waits("P14D")
    assert town.call("people", name="ivy", channels=["council"])["ok"]
    for user in ("dov", "ivy"):
        assert "now" in town.types("ana", f'/consortium member @{user} "Birch"')
    town.waits("P1D")
    assert "Birch *17 h*" in town.types("ben", "/workload"), "three people now"
    town.settle()
    mine = [m for m in town.messages("ben") if m.get("ephemeral")]
    town.presses("ben", "Post it here", next(m for m in reversed(mine) if "Post it here" in text_of(m)))
    posted = seen_by_all(town)[-1]
    drawn = next(m for m in mine if "data_visualization" in kinds(m))
    for message in (drawn, posted):
        (_, trend) = [block for block in message["blocks"] if block["type"] == "data_visualization"]
        names = {line["name"]: [point["value"] for point in line["data"]] for line in trend["chart"]["series"]}
        assert set(names) == {"Elm", "4 agencies together"}
        assert names["4 agencies together"] == [27, 27, 27]


def test_where_slack_knows_no_charts_the_shares_come_as_text_and_one_table(five):
    town = five
    town.forgiven |= {"invalid_blocks", "invalid_attachments"}
    for user, hours in (("ana", 20), ("cleo", 17), ("finn", 5)):
        town.types(user, f"/workload hours {hours}")
        town.types(user, f'/task add "Errand of {user}" @{user} hours:{hours}')
    town.waits("P14D")
    for refusal in ("invalid_blocks", "invalid_attachments"):
        town.types("ben", "/workload")
        town.settle()
        mine = [m for m in town.messages("ben") if "Post it here" in text_of(m)]
        assert town.call("faults", method="chat.postMessage", fault=refusal, times=1)["ok"]
        before = len(seen_by_all(town))
        town.presses("ben", "Post it here", mine[-1])
        (posted,) = seen_by_all(town)[before:]
        assert "*Agencies' shares*" in text_of(posted) and "Elm *20 h*" in text_of(posted)
        assert kinds(posted).count("table") == 1 and "data_visualization" not in kinds(posted)
        assert [cell["text"] for cell in posted["blocks"][-1]["rows"][0]] == [
            "Hours, week of",
            "Nov 30",
            "Dec 7",
            "Dec 14",
        ]
    # of the private answer, the text has words that replace it, and the chart comes below it
    assert town.call("faults", method="response_url", fault="invalid_blocks", times=1)["ok"]
    before = len([m for m in town.messages("ana") if m.get("ephemeral")])
    town.types("ana", "/workload")
    town.settle()
    plain, below = [m for m in town.messages("ana") if m.get("ephemeral")][before:]
    assert not plain.get("blocks") and "data_visualization" in kinds(below)
    assert "*You have about 20 hours of consortium work in the next 30 days.*" in plain["text"]
    assert "*Agencies' shares*" in plain["text"] and "Elm *20 h*" in plain["text"]
