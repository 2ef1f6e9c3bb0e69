"""Input that is unreadable, unknown or hostile is refused kindly and privately, and changes nothing."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from storage import agencies, consortia
from storage.contributions import Contribution, Gain
from storage.funding import FundingSource
from storage.members import Member
from storage.polls import Poll
from storage.proposals import Proposal
from storage.roles import Role
from storage.schema import metadata
from storage.vocabulary import ContributionKind, PollKind, ProposalState, ResultVisibility, Rule, Seat
from tests.town import text_of

HOSTILE = (
    "xyzzy plugh",
    "<!channel>",
    "@here",
    "🎉🎉",
    "שלום \u202ednaltaet\u202c",
    "bell\x07 and \x00nothing",
    "99999999999999999999",
    "x" * 3000,
)
ELSEWHERE = ("Hidden treasure", "Which island", "Secret Harbor", "Harbor Schools", "Zelda", "Island keeper", "Chest")


@pytest.fixture
def busy_town(town):
    """A town with proposal 1, closed poll 2 and open poll 3. Numbers 8 and 9 belong to another consortium."""
    town.proposes()
    town.asks('/vote "Which day?" "Monday" "Friday"')
    town.types("ana", "/vote close 2")
    town.asks('/vote "Which week?" "First" "Second" ranked')
    with town.bot.db.begin() as session:
        _another_consortium(session, town.now())
    town.settle()
    return town


def _another_consortium(session, now):
    other = consortia.create(session, "T0ELSEWHERE", "Secret Harbor", "UTC", now)
    agency = agencies.add(session, other.id, "Harbor Schools", now)
    zelda = Member(
        consortium_id=other.id,
        team_id="T0ELSEWHERE",
        user_id="U0ZELDA",
        name="Zelda Harbor",
        zone="UTC",
        agency_id=agency.id,
        seat=Seat.REPRESENTATIVE,
        joined_at=now,
    )
    session.add(zelda)
    session.flush()
    same = {"consortium_id": other.id, "team_id": "T0ELSEWHERE", "channel": "C0ELSEWHERE", "author_id": zelda.id}
    until = {"created_at": now, "closes_at": now + timedelta(days=7)}
    session.add(
        Proposal(
            **same,
            **until,
            number=9,
            title="Hidden treasure",
            rule=Rule.CONSENSUS,
            quorum=60,
            state=ProposalState.OPEN,
            opens_at=now,
            seconds=604800,
        )
    )
    session.add(
        Poll(
            **same,
            **until,
            number=8,
            question="Which island?",
            kind=PollKind.ONE,
            most=1,
            anonymous=False,
            shows=ResultVisibility.AT_ONCE,
            open_options=True,
            by_agency=False,
            remind=False,
            private=False,
        )
    )
    _workload_elsewhere(session, other.id, agency.id, zelda.id, now)


def _workload_elsewhere(session, consortium_id, agency_id, member_id, now):
    own = {"consortium_id": consortium_id, "created_by": member_id, "created_at": now}
    title = {"title": "Island keeper", "folded": "island keeper", "team_id": "T0ELSEWHERE", "hours": 4}
    session.add(Role(**own, **title, member_id=member_id, agency_id=agency_id))
    session.add(FundingSource(**own, name="Chest", cents=100))
    words = {"words": "Chest", "agency_id": agency_id}
    session.add(Contribution(**own, **words, kind=ContributionKind.HOURS, hours=3, given_on=now.date()))
    session.add(Gain(**own, **words))


def rows(town):
    with town.bot.db.read() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in metadata.sorted_tables}


def public(town):
    return [text_of(m) for c in ("council", "general") for m in town.messages("ana", c) if not m.get("ephemeral")]


def answer(town, user, text):
    """Type a command. Return the private answer, or None if a form opened that asks for the missing input."""
    result = town.call("command", user=user, channel="council", text=text)
    assert not result.get("failed"), (text[:80], result)
    if result["response"] is None:
        assert town.views(user), f"no answer to {text[:80]!r}"
        town.closes_forms(user)
        return None
    assert result["response"]["response_type"] == "ephemeral"
    return text_of(result["response"])


WORKS = {"/propose": r"`[^`]+`"}
"""What an example looks like. By default a whole command; for /propose with its many options, one option is enough."""


def complaints(reply, command=""):
    """Return what is wrong with an answer. It should show an example, not shout, and not report a bug."""
    own_words = re.sub(r"“[^”]*”", "", reply).replace("<!date^", "")
    wrong = {
        "shows no example": not re.search(
            WORKS.get(command, r"`/(consortium|propose|vote|task|workload)[^`]*`"), reply
        ),
        "shouts": "!" in own_words,
        "reports a bug": "That did not work" in reply or "Traceback" in reply,
        "mentions people": "<!" in reply.replace("<!date^", ""),
        "reverses text": "\u202e" in reply,
        "is too long": len(reply) > 2000,
        "names another consortium": any(word in re.sub(r"“[^”]*”", "", reply) for word in ELSEWHERE),
    }
    return [name for name, found in wrong.items() if found]


REFUSED = {
    "/consortium": (
        "{}",
        "setup {}",
        "agency {}",
        "agency rename {}",
        'agency rename "{}" "Pine"',
        'agency rename "Elm Schools" "Birch Schools"',
        'agency rename "Elm Schools" ""',
        "agency weight {}",
        'agency weight "{}" 3',
        'agency weight "Elm Schools" "{}"',
        'agency weight "Elm Schools" -1',
        "agency end {}",
        'agency end "Harbor Schools"',
        'agency add "Elm Schools"',
        'agency add "…"',
        'agency add "Pine" {}',
        'agency add "Pine" weight:"{}"',
        'agency add "Pine" domain:"{}"',
        "agency add " + "x" * 3000,
        "member {}",
        "member @hana {}",
        'member @hana "{}" representative',
        "member @hana Elm alternate representative",
        "member @{} Elm",
        "member @zelda Elm",
        "member @consortium Elm",
        "facilitator {}",
        "facilitator @{}",
        "facilitator remove {}",
        "facilitator remove @cleo",
        "facilitator remove @ana",
        "facilitator @ben and @cleo",
        "join {}",
        'join "{}"',
        'join "Harbor Schools"',
        "join Elm",
        "away",
        "away {}",
        "away until {}",
        "away until yesterday",
        "away until 2020-01-01",
        "away until 2027-01-08 @dov",
        "away until 2027-01-08 @nobody",
    ),
    "/vote": (
        "{}",
        "1 {}",
        "3 {}",
        "3 1=5",
        '""',
        '"" "A" "B" "C"',
        '"Which day?" "Monday" "" "Friday"',
        "3 1, 1",
        "3 0",
        "3 First, Third",
        "2 1",
        "2 retract",
        "3 retract",
        "8",
        "8 1",
        "8 retract",
        "9",
        "9 agree",
        "9 retract",
        "99 agree",
        "close 8",
        "close 9",
        "close 99",
        "close 2",
        "close {}",
        "show 8",
        "show 9",
        "show 99",
        "show {}",
        "0",
        "-1 agree",
        '"Which week?"',
        '"Which week?" "A"',
        '"Which week?" "A" "a"',
        '"Which week?" "A" "B" {}',
        '"{}" "A" "A"',
        '"' + "x" * 3000 + '" "A" "B"',
        '"Which week?" "A" "' + "x" * 3000 + '"',
        '"Which week?" "A" "B" multi:9',
        '"Which week?" "A" "B" multi:{}',
        '"Which week?" "A" "B" dots:0',
        '"Which week?" "A" "B" ranked score',
        '"Which week?" "A" "B" hidden:{}',
        '"Which week?" "A" "B" closes:{}',
        '"Which week?" "A" "B" closes:2020-01-01',
        '"Which week?" "A" "B" anonymous agencies',
        "time",
        'time "When?" "2026-12-01 14:00"',
        'time "When?" "{}" "2026-12-02"',
        'time "When?" "2026-12-02 9:00" "2026-12-02 9:00"',
        'time "When?" "2026-12-02" "2026-12-03" ranked',
        "new " + "x" * 3000,
    ),
    "/task": (
        "{}",
        "0",
        "-1",
        "8",
        "99",
        "take {}",
        "take 1",
        "take 9",
        "decline 3",
        "done {}",
        "done 8",
        "drop 99",
        "reopen 2",
        "show 9",
        "offer {}",
        "offer 1 {}",
        "offer 1 @ben",
        "offer 9 @{}",
        "hours {}",
        "hours 1 {}",
        "hours 9 3",
        "due 1 {}",
        "due 99 friday",
        'add ""',
        'add "…" "{}"',
        'add "A" {}',
        'add "A" @{}',
        'add "A" @dov',
        'add "A" @zelda',
        'add "A" @consortium',
        'add "A" hours:{}',
        'add "A" hours:-3',
        'add "A" due:{}',
        'add "A" due:2020-01-01',
        'add "' + "x" * 3000 + '"',
    ),
    "/workload": (
        "{}",
        "role {}",
        'role add "{}"',
        'role add "A" @dov hours:4',
        'role add "A" @zelda hours:4',
        'role add "A" @consortium hours:4',
        'role add "A" @ben hours:{}',
        'role add "A" @ben hours:4 until:{}',
        'role add "A" @ben hours:4 until:2020-01-01',
        'role add "A" @ben hours:4 agency:{}',
        'role add "…" @ben hours:4',
        'role add "' + "x" * 3000 + '" @ben hours:4',
        'role pass "Island keeper" @ben',
        'role change "Island keeper" hours:3',
        'role end "Island keeper"',
        'role end "{}"',
        'role follow "Island keeper"',
        "hours {}",
        "hours -1",
        "room {}",
        "give {}",
        'give hours:{} "A"',
        'give money:"{}" "A"',
        'give money:-1 "A"',
        'give in-kind:"A"',
        'give hours:3 "A" agency:"{}"',
        'give hours:3 "A" agency:"Harbor Schools"',
        'give hours:3 "A" on:{}',
        'give hours:3 "' + "x" * 3000 + '"',
        'give back "{}"',
        'give back "Chest"',
        'gain "…"',
        'gain back "Chest"',
        "funding {}",
        'funding "A" "{}"',
        'funding "…" 300',
        "funding end Chest",
        "dues {}",
        'dues "Harbor Schools" 2026 300',
        'dues "Elm Schools" 2026 "{}"',
        'paid "Elm Schools" 2026 300',
        "paid back {}",
        'paid back "Harbor Schools" 2026',
    ),
    "/propose": (
        "now",
        'now ""',
        'now "" why:"It is time"',
        'now "…" rule:{}',
        'now "Adopt it" rule:{}',
        'now "Adopt it" quorum:{}',
        'now "Adopt it" quorum:0',
        'now "Adopt it" closes:{}',
        'now "Adopt it" talk:{}',
        'now "Adopt it" review:{}',
        'now "Adopt it" {}',
        'now "' + "x" * 3000 + '"',
        "x" * 3000,
        "amend 2",
        "amend 9",
        "amend 99",
        "close 3",
        "close 9",
        "extend 9",
        "withdraw 9",
        "withdraw 99",
        "show 9",
        "show 99",
    ),
}


ASKED = {"draft", "handled_request"}
"""Where a text is kept that is asked about."""


def variants(template):
    return [template.replace("{}", word) for word in HOSTILE] if "{}" in template else [template]


@pytest.mark.parametrize("command", REFUSED)
def test_bad_input_is_refused_privately_with_an_example_and_changes_nothing(busy_town, command):
    town = busy_town
    before, public_before = rows(town), public(town)
    problems = []
    for template in REFUSED[command]:
        for typed in variants(template):
            reply = answer(town, "ana", f"{command} {typed}")
            wrong = complaints(reply, command) if reply is not None else []
            if wrong:
                problems.append(f"{typed[:100]}: {wrong}: {reply[:300]}")
        if rows(town) != before:
            changed = [name for name, number in rows(town).items() if number != before[name] and name not in ASKED]
            problems += [f"{template[:100]}: rows changed in {changed}"] if changed else []
            before = rows(town)
    assert not problems, "\n".join(problems)
    town.settle()
    assert public(town) == public_before
    town.forgiven |= {"user_not_found"}


def test_the_help_of_each_command_explains_it(town):
    for command in REFUSED:
        for typed in (f"{command} help", f"{command} HELP"):
            reply = answer(town, "dov", typed)
            assert not complaints(reply), reply


def test_items_of_another_consortium_are_never_shown(busy_town):
    town = busy_town
    for typed in ("/vote", "/consortium", "/consortium who", "/consortium decisions", "/consortium decisions treasure"):
        reply = town.types("ana", typed)
        town.closes_forms("ana")
        assert reply and not [word for word in ELSEWHERE if word in reply], typed


HARD = "<!channel> @here *x* & <script>"


def test_hostile_text_that_is_accepted_is_shown_literally_and_mentions_nobody(busy_town):
    town = busy_town
    for user, typed in (
        ("ana", f'/consortium agency add "{HARD}"'),
        ("ana", f'/propose now "{HARD}" why:"{HARD}"'),
        ("cleo", f"/vote 4 block {HARD}"),
        ("ana", f'/vote "{HARD}" "{HARD} 1" "{HARD} 2" open'),
        ("ben", f"/vote 5 {HARD} 1"),
        ("ana", "/vote close 5"),
        ("ana", "/vote show 5"),
        ("ana", "/propose show 4"),
        ("ana", "/consortium"),
        ("ana", "/consortium who"),
    ):
        answer(town, user, typed)
    changed = town.call("people", user="gus", real_name=f"Gus {HARD}")
    assert changed["ok"]
    town.settle()
    town.types("gus", "/vote 4 block Never")
    town.types("hana", f'/consortium join "{HARD}"')
    town.settle()
    shown = text_of(town.message("#4"))
    assert "*#4 &lt;!channel&gt; @here *x* &amp; &lt;script&gt;*" in shown
    sent = [
        json.dumps(entry.get(part), ensure_ascii=False)
        for entry in town.sandbox.traffic()
        for part in (("answer",) if entry["direction"] == "to_app" else ("body",))
    ]
    assert any("&lt;!channel&gt; @here" in body for body in sent)
    for body in sent:
        mrkdwn = re.sub(r"\{[^{}]*plain_text[^{}]*\}", "", body.replace("\\\\", ""))
        assert not re.search(r"<!(channel|here|everyone)", mrkdwn), mrkdwn[:2000]
        assert "<script" not in mrkdwn, mrkdwn[:2000]


def test_direction_overrides_and_control_characters_are_removed(town):
    town.types("ana", '/propose now "Adopt \u202eradnelac\u202c the\x07 calendar 🎉"')
    town.settle()
    message = town.message("#1")
    assert "Adopt radnelac the calendar 🎉" in text_of(message)
    town.asks('/vote "Wann?\u200f" "\u2066A\u2069" "B\x00"')
    assert "1. A\n" in text_of(town.message("#2"))


FORMS = (
    ("/consortium agency add", {"name": "🎉"}, "name", "needs a name"),
    ("/consortium agency add", {"name": "\u202e\u202c\x07"}, "name", "needs a name"),
    ("/consortium agency add", {"name": "Elm Schools"}, "name", "already"),
    ("/consortium import", {"table": "<!channel>"}, "table", "names of the columns"),
    ("/consortium import", {"table": 'agency,person\n"Pine,<!channel>'}, "table", "Line 2"),
    ("/vote new", {"question": "\u202e", "choices": "A\nB"}, "question", "needs a question"),
    ("/vote new", {"question": "Q", "choices": "A\n\u202ea\u202c"}, "choices", "twice"),
    ("/propose", {"title": "\u202e\x07"}, "title", "needs a title"),
)


def test_bad_input_in_forms_is_refused_at_the_input_and_changes_nothing(busy_town):
    town = busy_town
    before = rows(town)
    for typed, values, field, expected in FORMS:
        town.types("ana", typed)
        errors = town.fills("ana", **values)["errors"]
        assert errors, (typed, values)
        assert expected in errors[field], (typed, errors)
        assert "!" not in errors[field].replace("<!channel>", "").replace("&lt;!channel&gt;", "")
        town.closes_forms("ana")
        assert rows(town) == before, (typed, values)


def test_buttons_and_forms_of_an_earlier_version_say_that_nothing_has_changed(town):
    message, surface = town.proposes(), town.bot.surface
    town.presses("cleo", "Block", message)
    # as after an upgrade that removed the form that is still open and the buttons of the message
    del surface.forms[town.views("cleo")[-1]["callback_id"]]
    for name in [name for name in surface.actions if name.startswith("proposal.")]:
        del surface.actions[name]
    town.fills("cleo", reason="The May window collides with our exams.")
    assert "This form is from an earlier version" in text_of(town.views("cleo")[-1])
    town.closes_forms("cleo")
    assert "This button is from an earlier version" in town.presses("cleo", "Agree", message)
    assert "*0 of 3 agencies heard*" in text_of(town.message("#1"))


@pytest.mark.parametrize(
    ("typed", "meant", "outcome"),
    [
        ('add @hana "Oak Valley"', "member", "Hana Okafor"),
        ('invite @hana "Oak Valley"', "member", "Hana Okafor"),
        ('add "Pine Schools"', 'agency add "Pine Schools"', "Added Pine Schools"),
        ('district add "Pine Schools"', 'agency add "Pine Schools"', "Added Pine Schools"),
        ("kick @finn", "remove", "Finn Abernathy"),
        ("quit", "leave", "leave"),
    ],
)
def test_what_people_call_a_command_is_offered_with_all_that_they_typed(town, typed, meant, outcome):
    said = town.types("ana", f"/consortium {typed}")
    assert f"Did you mean `/consortium {meant}`?" in said
    label = next(e["text"]["text"] for b in town.private_answer("ana")["blocks"] for e in b.get("elements", []))
    town.presses("ana", label, town.private_answer("ana"))
    assert outcome in text_of(town.private_answer("ana"))
