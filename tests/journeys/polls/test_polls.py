"""Polls from the question to the result: creating, voting, hiding, sealing, closing."""

import json
import re

import pytest
from sqlalchemy import select

from storage.audit import AuditEntry
from storage.drafts import Draft
from storage.outbox import OutboxMessage
from storage.polls import Ballot, Poll
from storage.seals import Envelope, KeyMissing, KeyRing, Seal
from tests.journeys.home.test_home import opens, presses
from tests.journeys.steps import sends
from tests.town import text_of

WEEK = '/vote "Which week?" "12 Jan" "19 Jan" "26 Jan"'
SIX = ("ana", "ben", "cleo", "eva", "finn", "gus")


def votes(town, **said):
    for user, ballot in said.items():
        assert "is noted" in town.types(user, f"/vote 1 {ballot}"), (user, ballot)
    town.settle()


def shown(town, user="ana"):
    return text_of(town.message("#1", user))


def details(town, user):
    said = town.presses(user, "Details", town.message("#1"))
    town.closes_forms(user)
    return said


def whispers(town, user, channel="council"):
    town.settle()
    return [m for m in town.messages(user, channel) if m.get("ephemeral")]


# six kinds ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "ballots", "lines", "outcome"),
    [
        pytest.param(
            WEEK,
            {"ben": "2", "cleo": "19 jan", "finn": "#1"},
            ["1. 12 Jan\n█████ 1", "2. 19 Jan\n██████████ 2", "3. 26 Jan\n0"],
            "Closed: 3 people voted, and “19 Jan” came first.",
            id="one choice",
        ),
        pytest.param(
            f"{WEEK} multi:2",
            {"ben": "1, 2", "cleo": "2 3", "finn": "12 Jan, 19 Jan"},
            ["up to 2 choices", "2. 19 Jan\n██████████ 3"],
            "Closed: 3 people voted, and “19 Jan” came first.",
            id="several choices",
        ),
        pytest.param(
            f"{WEEK} ranked",
            {"ben": "3, 2, 1", "cleo": "2 > 3", "finn": "3, 2"},
            ["ranked choice (Schulze, winning votes)", "3. 26 Jan\n██████████ ahead of 2 others"],
            "Closed: 3 people voted. “26 Jan” is preferred to every other choice; closest: 2 to 1 over “19 Jan”.",
            id="ranked",
        ),
        pytest.param(
            f"{WEEK} score",
            {"ben": "1=5 2=3", "cleo": "12 Jan=4, 19 Jan=4", "finn": "1=0 2=5"},
            ["points from 0 to 5", "2. 19 Jan\n████████ 4 of 5"],
            "Closed: 3 people voted, and “19 Jan” came first.",
            id="points",
        ),
        pytest.param(
            f"{WEEK} dots:4",
            {"ben": "1=4", "cleo": "1=1 3=3", "finn": "2=2"},
            ["4 dots to spend", "1. 12 Jan\n██████████ 5 dots", "2. 19 Jan\n████ 2 dots"],
            "Closed: 3 people voted, and “12 Jan” came first.",
            id="dots",
        ),
        pytest.param(
            '/vote time "When do we meet?" "2027-01-12 14:00" "2027-01-13 9:00"',
            {"ben": "1 yes, 2 maybe", "cleo": "1 if need be, 2 no", "finn": "1 yes"},
            ["time poll", "2 yes, 1 if need be", "0 yes, 1 if need be"],
            "Closed: 3 people voted, and <!date^1799787600^{date_long_pretty}, {time}|"
            "Tue, Jan 12, 2027, 2:00 PM MST> came first.",
            id="time",
        ),
    ],
)
def test_each_kind_is_asked_answered_and_counted_by_typing(town, asked, ballots, lines, outcome):
    message = town.asks(asked)
    votes(town, **ballots)
    for line in lines:
        assert line in shown(town)
    assert "*3 people have voted*" in shown(town)
    town.waits("P8D")
    assert f"*{outcome}*" in shown(town)
    assert any(outcome in said for said in town.thread(message))


@pytest.mark.parametrize(
    ("kind", "choices", "ballot", "line", "chosen"),
    [
        pytest.param("one", "A\nB", {"choice": "A"}, "1. A\n██████████ 1", "Ben Ortiz (Elm Schools): A", id="one"),
        pytest.param("several", "A\nB", {"choices": ["A", "B"]}, "1. A\n██████████ 1", ": A, B", id="several"),
        pytest.param("ranked", "A\nB", {"rank__1": "B", "rank__2": "A"}, "ahead of 1 other", ": B &gt; A", id="rank"),
        pytest.param("score", "A\nB", {"option__1": "4"}, "1. A\n████████ 4 of 5", ": A 4", id="points"),
        pytest.param("dots", "A\nB", {"option__2": "5"}, "2. B\n██████████ 5 dots", ": B 5", id="dots"),
        pytest.param(
            "time",
            "friday 14:00\n2026-12-08 9am",
            {"option__1": "If need be"},
            "0 yes, 1 if need be",
            "need be",
            id="time",
        ),
    ],
)
def test_each_kind_is_asked_and_answered_by_forms(town, kind, choices, ballot, line, chosen):
    assert "<Choices, one on each line>" in town.types("cleo", "/vote new Which one?")
    closes = "2026-12-04T13:00:00-07:00"
    assert town.fills("cleo", choices=choices, kind=kind, options=["open"], closes=closes)["closed"]
    assert re.search(r"#1 is on its way to <#C\w+>. It closes Fri, Dec 4, 2026", text_of(whispers(town, "cleo")[-1]))
    town.types("ben", "/vote")
    waiting = town.private_answer("ben")
    label = "A" if kind == "one" else "Vote"
    form = town.presses("ben", label, waiting)
    if kind != "one":
        assert "Which one?" in form
        assert town.fills("ben", **ballot)["closed"]
    assert line in shown(town)
    assert chosen in details(town, "gus")


def test_a_vote_is_one_press_changed_by_another_and_taken_back(town):
    message = town.asks(WEEK)
    said = town.presses("ben", "12 Jan", message)
    assert "Your vote in #1 is noted. You chose: 12 Jan. You can change it until" in said
    assert "1. 12 Jan\n██████████ 1" in shown(town)
    town.presses("ben", "19 Jan", message)
    assert "1. 12 Jan\n0" in shown(town)
    assert "*1 person has voted*" in shown(town)
    assert "Ben Ortiz (Elm Schools): 19 Jan" in town.presses("ben", "Details", message)
    assert "You took back your vote in #1." in town.presses_in_form("ben", "Take mine back")
    assert "*0 people have voted*" in shown(town)
    votes(town, ben="3")
    assert "You took back your vote" in town.types("ben", "/vote 1 retract")
    assert "You have not voted in poll 1" in town.types("ben", "/vote 1 retract")
    assert "Nobody has voted yet." in details(town, "cleo")


def test_an_outsider_does_not_vote_and_is_shown_the_way_in(town):
    message = town.asks(WEEK)
    commands = ("1 2", '"Q?" "A" "B"', "", "1 retract", "new", "close 1", "what is this")
    said = [town.types("dov", f"/vote {typed}") for typed in commands]
    said.append(town.presses("dov", "12 Jan", message))
    for answer in said:
        assert "is for members of the consortium" in answer
        assert "[Join an agency]" in answer
    assert "*0 people have voted*" in shown(town)
    assert "Which week?" in town.types("dov", "/vote show 1"), "everyone who sees the message can read it"


def test_ballots_that_do_not_fit_are_asked_about_in_the_form(town):
    message = town.asks(f"{WEEK} ranked")
    town.presses("ben", "Vote", message)
    assert "twice" in town.fills("ben", rank__1="12 Jan", rank__2="12 Jan")["errors"]["rank.1"]
    town.types("ana", "/vote close 1")
    assert not town.fills("ben", rank__1="12 Jan", rank__2="19 Jan")["errors"], "answered in words, not at a field"
    assert "Poll 1 closed" in text_of(town.views("ben")[-1])


def test_a_ballot_of_zeros_counts_and_can_be_given_in_the_form_too(town):
    message = town.asks(f"{WEEK} score")
    assert "Your vote in #1 is noted." in town.types("ben", "/vote 1 1=0 2=0")
    town.presses("cleo", "Vote", message)
    assert not town.fills("cleo", option__1="0", option__2="0", option__3="0")["errors"]
    assert "*2 people have voted*" in shown(town)
    assert "Ben Ortiz (Elm Schools): 12 Jan 0, 19 Jan 0" in details(town, "ana")
    assert "Poll 1 is closed: 2 people voted, and no choice got any support." in town.types("ana", "/vote close 1")


def test_a_typed_ranking_that_leaves_choices_out_can_be_completed_in_the_form(town):
    choices = " ".join(f'"Item {letter}"' for letter in "ABCDEFGHI")
    message = town.asks(f'/vote "In which order?" {choices} ranked')
    votes(town, ben="9, 8, 7, 6, 5, 4, 3")
    town.presses("ben", "Vote", message)
    assert not town.fills("ben", rank__8="Item B", rank__9="Item A")["errors"]
    assert "Item D &gt; Item C &gt; Item B &gt; Item A" in details(town, "ana")


def test_choices_that_begin_alike_can_be_told_apart_on_buttons_and_in_the_result(town):
    start = "Move the joint training day of all three agencies to the second week of the"
    message = town.asks(f'/vote "Which?" "{start} spring term" "{start} autumn term"')
    assert "[1. Move the joint" in shown(town)
    assert "Your vote in #1 is noted." in town.presses("ben", "2. " + start[:71] + "…", message)
    assert "second week of the aut…” came first." in town.types("ana", "/vote close 1")


# time polls --------------------------------------------------------------------------------------------

TIMES = '/vote time "When do we meet?" "2027-01-12 14:00" "2027-01-13 9:00"'


def test_times_are_answered_and_listed_in_the_zone_of_the_person_who_answers(town):
    town.asks(TIMES)
    said = town.types("cleo", "/vote 1 2027-01-12 14:00 yes")
    assert "“2027-01-12 14:00” is not one of the times. In your time zone, 1 is <!date^1799787600^" in said
    assert "Tue, Jan 12, 2027, 3:00 PM CST" in said
    assert "is noted" in town.types("cleo", "/vote 1 2027-01-12 15:00 yes"), "Chicago is an hour ahead of Denver"
    closed = town.types("ana", "/vote close 1")
    assert "Poll 1 is closed: 1 person voted, and <!date^1799787600^" in closed


def test_an_added_time_is_confirmed_as_a_time(town):
    message = town.asks('/vote time "When?" "2026-12-08 14:00" "2026-12-09 14:00" open')
    town.presses("gus", "Add a choice", message)
    assert town.fills("gus", label="dec 2 9am")["closed"]
    said = text_of(whispers(town, "gus")[-1])
    assert "Choice 3 was added to #1: <!date^1796227200^" in said
    assert "The poll closes after that, <!date^" in said


SOON = '/vote time "When do we meet?" "2026-12-02 14:00" "tomorrow 9am" remind hidden'


def test_a_closing_after_the_first_time_is_asked_about_and_nothing_is_typed_again(town):
    form = town.types("ana", SOON)
    assert "This poll would close <!date^1796659200^" in form, "a week from now, Monday 9:00"
    assert "after its first time, <!date^1796140800^" in form
    town.settle()
    assert not [m for m in town.messages("ana") if "#1" in text_of(m)], "nothing is posted yet"
    assert town.fills("ana")["closed"]
    said = text_of(whispers(town, "ana")[-1])
    assert re.search(r"#1 is on its way to <#C\w+>. It closes Tue, Dec 1, 2026, 9:00 AM MST", said)
    assert "hidden until it closes" in shown(town)
    assert "1. <!date^1796245200^" in shown(town)
    assert "2. <!date^1796140800^" in shown(town)


def test_whoever_wants_a_late_closing_gets_it(town):
    town.types("ana", SOON)
    assert town.fills("ana", closes="2026-12-07T17:00:00-07:00")["closed"]
    assert "It closes Mon, Dec 7, 2026, 5:00 PM" in text_of(whispers(town, "ana")[-1])


def test_the_form_asks_about_a_late_closing_too(town):
    town.types("ana", "/vote new When do we meet?")
    town.fills("ana", kind="time", choices="friday 14:00\ntomorrow 9am")
    form = text_of(town.views("ana")[-1])
    assert "after its first time, <!date^1796140800^" in form
    assert town.fills("ana")["closed"]
    assert "It closes Tue, Dec 1, 2026, 9:00 AM" in text_of(whispers(town, "ana")[-1])
    assert "time poll" in shown(town)


@pytest.mark.parametrize("closes", ["closes:20h", 'closes:"2026-12-01 9:00"'])
def test_a_closing_before_or_at_the_first_time_is_not_asked_about(town, closes):
    assert town.types("ana", f"{SOON} {closes}").startswith("#1 is on its way")


# hidden, open, agencies --------------------------------------------------------------------------------


def test_hidden_counts_appear_only_at_closing(town):
    message = town.asks(f"{WEEK} hidden")
    votes(town, ben="1", cleo="1")
    assert "hidden until it closes" in shown(town)
    assert "█" not in shown(town)
    said = details(town, "ben")
    assert "The votes are hidden for now. The names of the people who have voted are not." in said
    assert "Voted: Ben Ortiz and Cleo Marchetti." in said
    assert "Poll 1 is closed: 2 people voted, and “12 Jan” came first." in town.types("ana", "/vote close 1")
    town.settle()
    assert "1. 12 Jan\n██████████ 2" in shown(town)
    assert "Ben Ortiz (Elm Schools): 12 Jan" in details(town, "dov")
    assert message["ts"] == town.message("#1")["ts"]


def test_counts_hidden_until_one_voted_are_shown_to_those_who_have(town):
    town.asks(f"{WEEK} hidden:voted")
    votes(town, ben="1")
    assert "hidden until you have voted" in shown(town)
    assert "█" not in shown(town)
    assert "█" not in details(town, "cleo")
    assert "1. 12 Jan\n██████████ 1" in details(town, "ben")


def test_people_add_choices_where_they_may_and_no_choice_stands_twice(town):
    message = town.asks('/vote "Which week?" "12 Jan" open')
    town.presses("gus", "Add a choice", message)
    assert "already has this choice" in town.fills("gus", label="12  jan")["errors"]["label"]
    assert town.fills("gus", label="*Any* <week>")["closed"]
    assert "2. *Any* &lt;week&gt;" in shown(town)
    assert "Your vote in #1" in town.presses("ben", "*Any* <week>", town.message("#1"))
    assert "is for members of the consortium" in town.presses("dov", "Add a choice", message)
    assert "settled" not in shown(town)


def test_a_time_is_added_as_a_date_and_the_same_moment_is_there_once(town):
    message = town.asks('/vote time "When?" "2026-12-08 14:00" "2026-12-09 14:00" open')
    town.presses("ana", "Add a choice", message)
    assert "could not read “whenever”" in town.fills("ana", label="whenever")["errors"]["label"]
    assert "already has this choice" in town.fills("ana", label="8 dec 2pm")["errors"]["label"]
    assert town.fills("ana", label="10 dec 9:00")["closed"]
    assert "3. <!date^" in shown(town)
    assert "Thu, Dec 10, 2026, 9:00 AM MST" in shown(town)


def test_where_agencies_vote_representatives_count_and_others_are_voices(town):
    town.asks(f"{WEEK} agencies")
    assert "Cleo Marchetti has not voted" in town.types("eva", "/vote 1 2")
    said = town.types("gus", "/vote 1 3")
    assert "Finn Abernathy speaks for Oak Valley. Your vote is shown as a voice and does not count." in said
    assert "It counts for Elm Schools." in town.types("ben", "/vote 1 1")
    town.settle()
    assert "2. 19 Jan\n██████████ 1" in shown(town), "the alternate speaks until the representative does"
    assert "3. 26 Jan\n0" in shown(town)
    town.types("cleo", "/vote 1 1")
    town.types("ana", "/consortium facilitator @hana")
    assert "agencies vote, and you do not belong to an active one" in town.types("hana", "/vote 1 1")
    town.waits("P8D")
    assert "Closed: 2 agencies voted, and “12 Jan” came first." in shown(town)


def test_an_agency_whose_people_differ_is_divided(town):
    town.places("finn", "Oak member")
    town.asks(f"{WEEK} agencies")
    votes(town, finn="1", gus="2", ben="3")
    town.waits("P8D")
    assert "Closed: 1 agency voted, and “26 Jan” came first. Oak Valley was divided." in shown(town)


# anonymous ---------------------------------------------------------------------------------------------


def kept(town):
    """Return everything that the database has about the poll, as somebody who steals it would see it."""
    with town.bot.db.read() as session:
        ballots = [(b.choices, b.said_at, b.agency_id) for b in session.scalars(select(Ballot))]
        audit = [f"{a.action} {a.subject}" for a in session.scalars(select(AuditEntry))]
        outbox = [json.dumps(o.body) for o in session.scalars(select(OutboxMessage))]
        envelopes = [e.sealed for e in session.scalars(select(Envelope))]
        keys = [s.wrapped for s in session.scalars(select(Seal))]
        result = session.scalars(select(Poll)).one().result
    return ballots, audit, outbox, envelopes, keys, result


def test_an_anonymous_poll_is_sealed_until_it_closes_and_only_counts_remain(town):
    message = town.asks('/vote "Who leads?" "Maple" "Willow" anonymous')
    assert (
        "Nobody sees what you choose. If everyone chooses the same, the result shows what everyone chose."
        in town.presses("ben", "Vote", message)
    )
    assert town.fills("ben", choice="Maple")["closed"]
    assert "It is sealed until the poll closes." in text_of(whispers(town, "ben")[-1])
    votes(town, ben="2", cleo="1", eva="1", finn="1", gus="2")
    assert "*5 people have voted*" in shown(town)
    for said in (shown(town), details(town, "ben")):
        assert "█" not in said
    assert "Voted: Ben Ortiz, Cleo Marchetti, Eva Castellanos, Finn Abernathy and Gus Whitehorse." in details(
        town, "ana"
    )
    ballots, audit, outbox, envelopes, keys, result = kept(town)
    assert ballots == [(None, None, None)] * 5
    assert not [line for line in audit if "voted" in line or "Maple" in line]
    assert not [body for body in outbox if "came first" in body or "█" in body]
    assert len({len(sealed) for sealed in envelopes}) == 1, "all of one length"
    assert not [sealed for sealed in envelopes if b'"1"' in sealed or b'"2"' in sealed]
    assert result is None
    town.waits("P8D")
    assert "1. Maple\n██████████ 3" in shown(town)
    assert "Closed: 5 people voted, and “Maple” came first." in shown(town)
    assert "Gus Whitehorse (" not in details(town, "ana")
    ballots, _, _, envelopes, keys, _ = kept(town)
    assert ballots == [(None, None, None)] * 5
    assert envelopes == []
    assert keys == [None]


def test_fewer_than_five_anonymous_ballots_show_nothing_and_say_so(town):
    town.asks(f"{WEEK} anonymous")
    votes(town, ben="1", cleo="1", finn="1", gus="2")
    closed = town.types("ana", "/vote close 1")
    assert "4 people voted. With fewer than 5 votes, an anonymous poll shows no counts." in closed
    assert "█" not in shown(town)
    assert "█" not in details(town, "ana")
    town.settle()
    *_, envelopes, keys, result = kept(town)
    assert (envelopes, keys, result["lines"], result["leaders"]) == ([], [None], [], [])


def test_a_sealed_ballot_is_changed_and_taken_back_until_closing(town):
    town.asks(f"{WEEK} anonymous")
    votes(town, ben="1")
    votes(town, ben="2")
    assert len(kept(town)[3]) == 1
    assert "You took back your vote" in town.types("ben", "/vote 1 retract")
    assert kept(town)[3] == []
    town.settle()
    assert "*0 people have voted*" in shown(town)


# closing and reminding ---------------------------------------------------------------------------------


def test_only_the_author_and_facilitators_close_a_poll_and_then_it_stays_closed(town):
    message = town.asks(WEEK, user="ben")
    assert "Only the author or a facilitator can close poll 1. You can ask Ana Reyes." in town.types(
        "cleo", "/vote close 1"
    )
    assert "[Close now]" not in details(town, "cleo")
    town.presses("ben", "Details", message)
    assert "Poll 1 is closed: nobody voted." in town.presses_in_form("ben", "Close now")
    town.closes_forms("ben")
    assert "[12 Jan]" not in shown(town)
    for typed in ("/vote 1 2", "/vote 1 retract", "/vote close 1"):
        said = town.types("ben", typed)
        assert "Poll 1 closed" in said
        assert "`/vote show 1` shows the result" in said
    assert "Poll 1 closed" in sends(town, "cleo", "poll.cast.1", "1")
    assert "nobody voted." in town.types("cleo", "/vote show 1")


def test_a_poll_closes_by_the_clock_and_a_tie_is_called_one(town):
    town.asks(f"{WEEK} closes:friday 17:00")
    votes(town, ben="1", cleo="2")
    town.waits("P4DT7H")
    assert "[12 Jan]" in shown(town)
    town.waits("P1D")
    assert "Closed: 2 people voted. It is a tie between “12 Jan” and “19 Jan”." in shown(town)


def test_reminders_come_when_asked_for_to_those_who_have_not_voted_and_can_be_answered_there(town):
    town.asks(f"{WEEK} closes:4d remind")
    town.types("ana", '/vote "Lunch?" "Soup" "Salad" closes:4d')
    votes(town, ben="1")
    town.types("gus", "/consortium away until 2026-12-20")
    town.waits("P3DT2H")
    for user in ("ben", "gus", "dov"):
        assert not town.direct(user), user
    for user in ("ana", "cleo", "eva", "finn"):
        assert len(town.direct(user)) == 1, user
    reminder = town.direct("cleo")[0]
    assert "You have not voted yet in *#1 Which week?*. It closes" in text_of(reminder)
    town.presses("cleo", "19 Jan", reminder, "@cleo")
    assert "Your vote in #1 is noted." in text_of(town.direct("cleo")[0])
    assert "*2 people have voted*" in shown(town)
    town.waits("PT20H")
    assert len(town.direct("finn")) == 1


def test_where_agencies_vote_those_who_speak_are_reminded_until_their_agency_is_heard(town):
    town.places("finn", '"Oak Valley" member')
    town.asks(f"{WEEK} closes:4d remind agencies")
    votes(town, ana="1", eva="2")
    for user, waits in {"ana": False, "ben": True, "cleo": False, "eva": False, "finn": True, "gus": True}.items():
        assert ("Which week?" in town.types(user, "/vote")) == waits, user
        assert ("Which week?" in opens(town, user)) == waits, user
    town.waits("P3DT2H")
    reminded = {user for user in SIX if any("Which week?" in text_of(message) for message in town.direct(user))}
    assert reminded == {"ben", "finn", "gus"}, "a voice does not speak for Elm, an alternate does for Birch"


def test_a_form_opened_on_the_home_tab_asks_for_the_channel(town):
    opens(town, "ben")
    form = presses(town, "ben", "New poll")
    assert "<Channel>" in form and "In a private channel" in str(town.views("ben")[-1])
    assert not town.fills("ben", channel="council", question="Which week?", choices="12 Jan\n19 Jan")["errors"]
    assert "is on its way to <#C" in text_of(town.views("ben")[-1])
    assert "Which week?" in shown(town)


def test_a_late_closing_asked_for_on_the_home_tab_keeps_the_channel(town):
    opens(town, "ben")
    presses(town, "ben", "New poll")
    times = "2026-12-02 14:00\n2026-12-03 14:00"
    town.fills("ben", channel="council", question="When?", kind="time", choices=times)
    assert "<Channel>" not in text_of(town.views("ben")[-1])
    assert not town.fills("ben")["errors"]
    town.settle()
    assert "When?" in shown(town)
    assert "closes <!date^1796248800^" in shown(town), "Wednesday 14:00 in Los Angeles, where Ben lives"


def test_the_form_keeps_a_typed_ranking_of_more_choices_than_it_usually_shows(town):
    choices = " ".join(f'"Item {letter}"' for letter in "ABCDEFGHI")
    message = town.asks(f'/vote "In which order?" {choices} ranked')
    ranking = " > ".join(str(place) for place in range(9, 0, -1))
    votes(town, ben=ranking)
    town.presses("ben", "Vote", message)
    assert not town.fills("ben")["errors"]
    with town.bot.db.read() as session:
        ballot = session.scalars(select(Ballot)).one()
    assert ballot.choices == {str(place): 10 - place for place in range(1, 10)}


def test_a_private_channel_keeps_its_poll_to_itself(town):
    town.call("channels", name="budget", members=["ana", "ben"], private=True, bot=True)
    assert town.types("ana", f"{WEEK} closes:4d remind hidden", "budget").startswith("#1")
    town.settle()
    for typed in ("/vote 1 2", "/vote show 1", "/vote 1", "/vote close 1"):
        said = town.types("cleo", typed)
        assert "There is no proposal or poll 1 here" in said, typed
        assert "week" not in said, typed
    assert "You're up to date" in town.types("ben", "/vote"), "elsewhere it is not mentioned"
    assert "Which week?" not in town.types("ben", "/consortium")
    assert "Which week?" in town.types("ben", "/vote", "budget")
    assert "is noted" in town.types("ben", "/vote 1 2", "budget")
    town.waits("P3DT2H")
    assert not town.direct("ana")
    message = town.message("#1", channel="budget")
    assert any("1 person has voted so far" in said for said in town.thread(message, "budget"))


# the list, and unclear input ---------------------------------------------------------------------------


def test_vote_alone_lists_what_waits_for_the_person_with_buttons_that_work(town):
    town.proposes()
    town.asks(WEEK)
    town.asks(f"{WEEK} agencies".replace("Which", "What"))
    said = town.types("ben", "/vote")
    assert [f"#{n}" in said for n in (1, 2, 3)] == [True] * 3
    assert "[New poll]" in said
    waiting = town.private_answer("ben")
    assert "Your vote in #2 is noted" in town.presses("ben", "19 Jan", waiting)
    assert "Noted on #1 for Elm Schools" in town.presses("ben", "Agree", waiting)
    said = town.types("ben", "/vote")
    assert [f"#{n}" in said for n in (1, 2, 3)] == [False, False, True]
    said = town.types("gus", "/vote")
    assert "#3" not in said, "Finn votes for Oak Valley there"


def test_many_polls_with_long_choices_still_fit_into_one_list(town):
    for number in range(9):
        town.types("ana", "/vote " + " ".join(f'"{number}{place} {"&<" * 45}"' for place in range(6)) + " open")
    assert "more are waiting" in town.types("ben", "/vote")


def test_forty_long_choices_fit_into_one_message(town):
    town.types("ana", "/vote new")
    choices = "\n".join(f"{place:02}{'&' * 71}" for place in range(40))
    assert town.fills("ana", question="<" * 200, choices=choices)["closed"]
    message = town.message("#1")
    assert "40. 39&amp;" in text_of(message)
    town.presses("ben", "Vote", message)
    assert town.fills("ben", choice="7")["closed"]
    assert "*1 person has voted*" in shown(town)


def test_what_could_be_a_question_is_asked_about(town):
    town.asks(WEEK)
    for typed in ("3 weeks or 4?", "1 week or 2?", "shall we meet on Friday"):
        said = town.types("ben", f"/vote {typed}")
        assert "question" in said
        assert '`/vote "' in said
        assert "<Question>" in town.presses("ben", "Make it a poll", whispers(town, "ben")[-1])
        town.closes_forms("ben")
    assert "*0 people have voted*" in shown(town)


SECRETS = (
    '/vote 1 "a "b" c"',
    '/vote 1: "a "b" c"',
    '/vote no.1 "a "b" c"',
    '/vote (1) "a "b" c"',
    '/vote poll1 "a "b" c"',
    '/vote "1" "a "b" c"',
    '/vote in 1, "a "b" c"',
    '/vote for "a "b" c" in #1',
    '/vote shwo 1 "a "b" c"',
    '/propose 1 "a "b" c"',
    '/propose now "a "b" c" 1',
    "/task add Count 1 due:next friday",
)


def draft_count(town):
    with town.bot.db.read() as session:
        return len(session.scalars(select(Draft)).all())


def test_a_vote_in_an_anonymous_poll_is_never_kept_as_a_draft(town):
    town.asks('/vote "How many weeks?" "3" "2" "4 weeks" anonymous')
    said = town.types("ben", "/vote 1 3")
    assert said.endswith("Which one do you mean? Type `/vote 1 #1` or `/vote 1 #3`.")
    for text in SECRETS:
        said = town.types("ben", text)
        assert "I have not kept what you typed" in said, text
        assert "name the choice by its number: `/vote 14 2`" in said
        assert draft_count(town) == 0, text
    for text in ("shwo 1 2", "tme 1 2", "helpp 1 4 weeks", "shwo #1 2", "tme Did you mean 1 or 2"):
        said = town.types("ben", f"/vote {text}")
        assert "To vote, begin with the number of the proposal or poll" in said
        assert "Did you mean `" not in said, "the nearest command would not work with the rest of the text"
        assert draft_count(town) == 0, text
    town.types("ana", "/vote close 1")
    assert "I have not kept what you typed" in town.types("ben", SECRETS[0])
    assert draft_count(town) == 0


def test_what_cannot_be_a_secret_vote_is_kept_and_asked_about_with_buttons(town):
    town.asks('/vote "How many weeks?" "3" "2" "4 weeks"')
    assert "The quotes can be read in two ways" in town.types("ben", '/vote 1 "a "b" c"')
    assert draft_count(town) == 1
    town.asks('/vote "Which day?" "Mon" "Tue" anonymous')
    town.types("ben", '/vote 1 "a "b" c"')
    assert draft_count(town) == 2
    assert "Did you mean `/vote show 1`?" in town.types("ben", "/vote shwo 1")


def test_a_choice_that_could_mean_two_is_asked_about(town):
    town.asks('/vote "How many weeks?" "3" "2" "4 weeks"')
    said = town.types("ben", "/vote 1 2")
    assert "“2” could be choice 2 by its words" not in said, "both are the same here"
    said = town.types("ben", "/vote 1 3")
    assert "“3” could mean choice 1: “3” or choice 3: “4 weeks”. Which one do you mean?" in said
    town.presses("ben", "choice 3: “4 weeks”", whispers(town, "ben")[-1])
    assert "is noted" in text_of(whispers(town, "ben")[-1])
    assert "is noted" in town.types("ben", "/vote 1 4 WEEKS")


NONSENSE = (
    ({"choices": "A"}, "choices", "but it has one choice. A poll needs at least two."),
    ({"choices": "A\na"}, "choices", "is there twice"),
    ({"choices": "A\n" + "B" * 101}, "choices", "has 101 characters. The limit is 100"),
    ({"choices": "\n".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789äöüéèà")}, "choices", "room for 40"),
    ({"choices": "A\nB", "kind": "time"}, "choices", "could not read “A” as a date"),
    ({"choices": "A\nB", "kind": "several", "most": "3"}, "most", "can pick from 1 to 2 choices"),
    ({"choices": "A\nB", "closes": "2026-11-01T10:00:00+00:00"}, "closes", "passed already"),
    ({"choices": "A\nB", "closes": "2036-11-01T10:00:00+00:00"}, "closes", "three years"),
    ({"choices": "A\nB", "options": ["anonymous", "agencies"]}, "options", "cannot be anonymous and have one voice"),
)


def test_a_poll_that_makes_no_sense_is_asked_about_at_its_field_in_plain_words(town):
    for fields, field, said in NONSENSE:
        town.types("ana", "/vote new Which week?")
        errors = town.fills("ana", **fields)["errors"]
        assert said in errors[field]
        assert "`" not in errors[field], "a field shows no formatting"
        town.closes_forms("ana")


def test_how_many_is_not_ignored_where_the_kind_takes_one_choice(town):
    town.types("ana", "/vote new Which week?")
    errors = town.fills("ana", choices="12 Jan\n19 Jan", kind="one", most="2")["errors"]
    assert errors["most"].startswith("This number is for several choices, or for dots to spend.")
    assert town.fills("ana", most="1")["closed"]


def test_choices_that_are_typed_with_their_own_numbers_are_numbered_once(town):
    town.asks('/vote "Which day?" "1. Monday" "2. Tuesday" open')
    assert "1. Monday" in shown(town) and "2. Tuesday" in shown(town)
    assert "1. 1." not in shown(town)
    town.types("ana", "/vote new Which way?")
    assert town.fills("ana", choices="a) by bus\nb) by train")["closed"]
    town.settle()
    assert "1. by bus\n2. by train" in text_of(town.message("Which way?"))
    town.presses("ana", "Add a choice", town.message("Which day?"))
    assert town.fills("ana", label="3. Friday")["closed"]
    town.settle()
    assert "3. Friday" in text_of(town.message("Which day?"))
    assert "3. 3." not in text_of(town.message("Which day?"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('"Thu Dec 3 2pm"', "“2026-12-03 14:00” and “Thu Dec 3 2pm” are the same time."),
        ('"2026-12-04 14:00" closes:soonish', "soonish"),
        ('"2026-12-04 14:00" ranked', "A poll can have only one kind"),
    ],
)
def test_what_is_wrong_in_a_time_poll_is_answered_with_the_example_of_one(town, typed, said):
    answer = town.types("ana", f'/vote time "When?" "2026-12-03 14:00" {typed}')
    assert said in answer
    assert answer.endswith('For example: `/vote time "When do we meet?" "2026-12-01 14:00" "2026-12-02 09:00"`')


# words that are nearly right ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("shwo 1", "Did you mean `/vote show 1`?"),
        ("clsoe 1", "Did you mean `/vote close 1`?"),
        ("hlep", "Did you mean `/vote help`?"),
        ('tiem "When?" "A" "B"', 'Did you mean `/vote time "When?" "A" "B"`?'),
        ("show", "To show a poll or proposal, add its number: `/vote show 14`."),
        ("close the office early?", "To close a poll or proposal, add its number: `/vote close 14`."),
    ],
)
def test_a_word_that_is_nearly_right_is_answered_with_the_right_one(town, typed, suggestion):
    town.asks(WEEK)
    said = town.types("ben", f"/vote {typed}")
    assert suggestion in said
    assert "[Make it a poll]" in said
    assert "[12 Jan]" in shown(town), "nothing was closed"


@pytest.mark.parametrize("typed", ["clothes for the trip", "shall we meet on Friday", "perhaps"])
def test_prose_is_not_answered_with_a_command(town, typed):
    said = town.types("ben", f"/vote {typed}")
    assert "Did you mean" not in said
    assert "[Make it a poll]" in said


# a missing key -----------------------------------------------------------------------------------------


def test_without_the_key_of_sealed_votes_voting_and_closing_are_refused_and_nothing_is_lost(town, monkeypatch):
    town.asks(f"{WEEK} anonymous")
    votes(town, ben="1")

    def missing(_ring, _wrapped):
        raise KeyMissing

    with monkeypatch.context() as patched:
        patched.setattr(KeyRing, "unwrap", missing)
        for user, typed in (("ana", "/vote close 1"), ("cleo", "/vote 1 2"), ("ben", "/vote 1 2")):
            said = town.types(user, typed)
            assert "I cannot open the sealed votes of poll 1: their key is missing." in said
            assert "Nothing has changed" in said
    assert "*1 person has voted*" in shown(town)
    votes(town, cleo="2")
    assert "Poll 1 is closed: 2 people voted." in town.types("ana", "/vote close 1")


def test_an_alternates_ballot_beside_the_representatives_is_said_to_be_a_voice(town):
    town.asks('/vote "Which day?" "Monday" "Friday" agencies')
    assert "It counts for Birch Schools as long as Cleo Marchetti has not voted." in town.types("eva", "/vote 1 1")
    assert "It counts for Birch Schools." in town.types("cleo", "/vote 1 2")
    said = town.types("eva", "/vote 1 1")
    assert "Cleo Marchetti speaks for Birch Schools. Your vote is shown as a voice" in said


def test_in_a_direct_message_the_form_asks_where_to_ask_and_keeps_what_was_typed(town):
    form = town.types("ben", '/vote "Which weeks?" "12 Jan" "19 Jan" "26 Jan" multi:2 hidden closes:9d', channel="@ben")
    assert form.startswith("<Channel>")
    assert town.fills("ben", channel="council")["closed"]
    posted = text_of(town.message("Which weeks?"))
    assert "up to 2 choices · hidden until it closes" in posted and "26 Jan" in posted
    town.types("ben", '/vote time "When?" "2026-12-01 14:00" "2026-12-02 09:00" closes:1h', channel="@ben")
    assert town.fills("ben", channel="council")["closed"]
    assert "Dec 2" in text_of(town.message("When?"))
    assert "needs at least two" in town.types("ben", '/vote "Alone?" "Yes"', channel="@ben") or town.views("ben")
    assert "is for members of the consortium" in town.types("dov", '/vote "A?" "b" "c"', channel="@dov")


def test_details_have_the_buttons_to_vote_and_show_what_became_of_a_press(town):
    town.types("ana", '/vote "Lunch?" "Pizza" "Soup"')
    town.settle()
    shown = town.types("ben", "/vote 1")
    assert "[Pizza]" in shown and "Nobody has voted yet" in shown
    after = town.presses_in_form("ben", "Pizza")
    assert after.startswith("Your vote in #1 is noted.") and "Ben Ortiz" in after and "[Take mine back]" in after
    after = town.presses_in_form("ben", "Soup")
    assert "*1 person has voted*" not in after and "Soup" in after.split("\n")[0]
    assert "Nobody has voted yet" in town.presses_in_form("ben", "Take mine back")
    town.types("ana", '/vote "Rank" "A" "B" "C" ranked')
    town.settle()
    town.closes_forms("ben")
    town.types("ben", "/vote 2")
    town.presses_in_form("ben", "Vote")
    assert town.fills("ben", **{"rank.1": "2"})["closed"]
    (details,) = town.views("ben")
    assert text_of(details).startswith("Your vote in #2 is noted.")
    # people without a vote get none
    assert "[Pizza]" not in town.types("dov", "/vote 1")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("Pizza!", "is noted"), ("pizzza", "[1: Pizza]"), ("Piz", "[1: Pizza]"), ("Noodles", "For example: `/vote 1 2`")],
)
def test_a_choice_that_is_nearly_spelled_right_is_understood_or_offered(town, typed, offered):
    town.types("ana", '/vote "Lunch?" "Pizza" "Soup"')
    town.settle()
    said = town.types("ben", f"/vote 1 {typed}")
    assert offered in said
    if "[1" in offered:
        town.presses("ben", "1: Pizza", town.private_answer("ben"))
        assert "You chose: Pizza" in str(town.messages("ben"))


def test_a_nearly_right_secret_choice_is_not_kept(town):
    town.types("ana", '/vote "Lunch?" "Pizza" "Soup" anonymous')
    town.settle()
    said = town.types("ben", "/vote 1 pizzza")
    assert "Type `/vote 1 #1`" in said and "[" not in said


@pytest.mark.parametrize(
    ("typed", "offered"), [("edit 3", "[Show #3]"), ("list", "[/vote]"), ("agree 1", "[Agree to #1]")]
)
def test_what_is_nearly_a_vote_command_is_offered_as_a_button(town, typed, offered):
    assert offered in town.types("ben", f"/vote {typed}")
    assert "is for members of the consortium" in town.types("dov", f"/vote {typed}")


def test_in_agency_polls_the_details_tell_voices_from_what_counts(town):
    town.types("ana", '/vote "Lunch?" "Pizza" "Soup" agencies')
    town.settle()
    town.types("gus", "/vote 1 Soup")
    town.types("finn", "/vote 1 Pizza")
    shown = town.types("ben", "/vote 1")
    counted, voices = shown.split("*Voices*, which do not count because somebody else speaks for their agency:")
    assert "*Oak Valley* (Finn Abernathy): Pizza" in counted and "Gus" not in counted
    assert "*Oak Valley* (Gus Whitehorse): Soup" in voices
