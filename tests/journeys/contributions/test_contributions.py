"""Contributions and gains: recorded, listed, and taken back."""

from sqlalchemy import func, select

from storage.audit import AuditEntry
from storage.contributions import Contribution, Gain
from tests.journeys.steps import sends
from tests.journeys.workload_entries import accessory, kept, listed, presses_beside
from tests.town import text_of

READERS = "Everyone in the consortium can see it in `/workload given`."


def test_contributions_are_typed_listed_for_everyone_and_taken_back(town):
    said = town.types("ben", '/workload give hours:3 "Hosted the training"')
    assert said.startswith("Recorded: *Elm Schools* gave 3 h, “Hosted the training”, Mon, Nov 30, 2026.")
    assert READERS in said
    town.types("ben", '/workload give money:$1,200.50 "For the buses" on:2026-11-20 agency:elm')
    assert "gave $200 in kind, “Room for 40”" in town.types("ben", '/workload give in-kind:"Room for 40" value:200')
    assert "*Birch Schools* gave 1.5 h" in town.types("ana", '/workload give hours:1.5 "Notes" agency:"Birch Schools"')
    assert [(one.hours, one.cents) for one in kept(town, Contribution)] == [
        (3.0, None),
        (None, 1_200_50),
        (None, 200_00),
        (1.5, None),
    ]
    shown = text_of(listed(town, "gus", "given"))
    assert "*What agencies gave* · 4 entries, newest first" in shown
    assert "In the past twelve months: Birch Schools 1.5 h; Elm Schools 3 h, $1,200.50, $200 in kind." in shown
    assert "*Elm Schools* · $1,200.50 · Fri, Nov 20, 2026\n“For the buses”" in shown
    assert "Take it back" not in str(town.private_answer("gus")), (
        "only people who may record for an agency can take back"
    )

    message = listed(town, "ben", "given")
    assert "Taken back: $200 in kind, “Room for 40” of *Elm Schools*." in presses_beside(
        town, "ben", "Take it back", message
    )
    back = accessory(message, "Take it back")
    assert "no longer exists" in sends(town, "ben", back["action_id"], back["value"]), "once"
    assert "Taken back: 3 h" in town.types("ben", '/workload give back "hosted the TRAINING"')
    assert "no entry “Notes” that you can take back" in town.types("ben", '/workload give back "Notes"')
    assert "Taken back: 1.5 h" in town.types("ana", '/workload give back "Notes"')
    assert [one.cents for one in kept(town, Contribution)] == [1_200_50]
    with town.bot.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Contribution)) == 4, (
            "an entry that was taken back keeps its row"
        )
        subjects = set(
            session.scalars(select(AuditEntry.subject).where(AuditEntry.action.in_(["recorded", "took back"])))
        )
    assert subjects == {"a contribution of Elm Schools", "a contribution of Birch Schools"}, (
        "the audit log never holds descriptions"
    )


def test_contributions_and_gains_are_recorded_in_forms_that_say_who_can_see_them(town):
    assert READERS in town.types("ben", "/workload give")
    for wrong, field in (
        ({"amount": "0.3", "words": "x"}, "amount"),
        ({"kind": "money", "amount": "0.001", "words": "x"}, "amount"),
        ({"kind": "hours", "amount": "3", "words": "…"}, "words"),
        ({"kind": "hours", "amount": "3", "words": "x", "on": "2026-12-24"}, "on"),
        ({"amount": "3", "words": "x", "on": "2001-01-01"}, "on"),
    ):
        assert list(town.fills("ben", **wrong)["errors"] or {}) == [field], wrong
    right = {"kind": "in-kind", "amount": "1,200", "on": "2026-11-30"}
    assert town.fills("ben", words="=1+1 <!channel> \u202egnihtyna", **right)["closed"]
    assert kept(town, Contribution)[0].words == "=1+1 <!channel> gnihtyna"
    assert "“=1+1 &lt;!channel&gt; gnihtyna”" in text_of(listed(town, "eva", "given"))
    town.presses("ana", "Record a contribution", listed(town, "ana", "given"))
    assert town.fills("ana", kind="money", amount="12k", words="Seed money")["closed"]

    assert "Nothing is recorded yet" in text_of(listed(town, "cleo", "gains"))
    town.presses("cleo", "Record a gain", town.private_answer("cleo"))
    assert "in `/workload gains`" in text_of(town.views("cleo")[-1])
    assert town.fills("cleo", words="Two teachers trained")["closed"]
    said = town.types("ben", '/workload gain "A shared calendar"')
    assert "Recorded: *Elm Schools* gained “A shared calendar”." in said
    shown = text_of(listed(town, "finn", "gains"))
    assert "Nothing is recorded yet for Oak Valley." in shown
    assert "*Birch Schools* · Mon, Nov 30, 2026\n“Two teachers trained”" in shown
    assert "Taken back" in presses_beside(town, "ben", "Take it back", listed(town, "ben", "gains"))
    assert "Taken back" in town.types("cleo", '/workload gain back "two teachers trained"')
    assert not kept(town, Gain)


def test_a_long_list_is_paged_whatever_was_typed(town):
    for number in range(12):
        town.types("ben", f'/workload give hours:1 "{"&" * 290} {number}"')
    message = listed(town, "ben", "given")
    assert "12 entries" in text_of(message)
    assert "Page 1 of 2" in text_of(message)
    town.presses("ben", "More", message)
    assert "Page 2 of 2" in text_of(town.private_answer("ben"))


# refusals ----------------------------------------------------------------------------------------------

BAD = (
    ("no kind", 'give 3h "x"', "I found none of them"),
    ("two kinds", 'give hours:3 money:4 "x"', "together"),
    ("no words", "give hours:3", "in a few words"),
    ("two texts", 'give hours:3 "x" "y"', "but not “y”"),
    ("an endless text", f'give hours:3 "{"x" * 3000}"', "3,000 characters"),
    ("negative hours", 'give hours:-3 "x"', "at least a quarter"),
    ("no hours", 'give hours:0 "x"', "at least a quarter"),
    ("fractions of quarters", 'give hours:0.3 "x"', "steps of a quarter"),
    ("enormous hours", 'give hours:10001 "x"', "at most 10,000 hours"),
    ("negative money", 'give money:-3 "x"', "greater than zero"),
    ("no money", 'give money:0 "x"', "greater than zero"),
    ("fractions of a cent", 'give money:0.125 "x"', "fractions of a cent"),
    ("enormous money", 'give money:1000000000 "x"', "more than a hundred million"),
    ("no number", 'give money:nan "x"', "could not read “nan”"),
    ("two ways", 'give money:1.200 "x"', "could mean"),
    ("another currency", 'give money:€5 "x"', "Amounts here are in USD"),
    ("a thing without value", 'give in-kind:"Room"', "`value:200`"),
    ("a thing without words", "give in-kind: value:3", "in a few words"),
    ("a value of hours", 'give hours:3 "x" value:3', "`value:` means"),
    ("a future day", 'give money:5 "x" on:tomorrow', "in the future"),
    ("long ago", 'give money:5 "x" on:1999-01-01', "more than three years ago"),
    ("the year 9999", 'give money:5 "x" on:9999-12-31', "is not a day in the calendar"),
    ("endless days", 'give money:5 "x" on:9999w', "in the future"),
    ("no such agency", 'give hours:3 "x" agency:Pine', "There is no agency “Pine”"),
    ("an extra word", "given lately", "did not understand “lately”"),
    ("nothing gained", "gain …", "what was gained"),
    ("nothing to take back", 'give back "x"', "`/workload given` lists the entries"),
)


def test_wrong_commands_are_refused_with_an_example_and_nothing_is_stored(town, subtests):
    for what, typed, said in BAD:
        with subtests.test(what):
            answer = town.types("ana", f"/workload {typed}")
            assert said in answer
            assert "`/workload" in answer or "`/consortium who`" in answer
            assert not any(kept(town, table) for table in (Contribution, Gain))


def test_outsiders_see_nothing_and_people_record_only_for_their_own_agency(town):
    town.types("ben", '/workload give hours:3 "Hosted the training"')
    for typed in ("given", "gains", "give", 'give hours:3 "x"', 'gain "x"'):
        assert "is for members of the consortium" in town.types("dov", f"/workload {typed}"), typed
    for typed in ('give hours:3 "x" agency:Birch', 'gain "x" agency:"Oak Valley"'):
        assert "can record what it gives and gains" in town.types("ben", f"/workload {typed}"), typed
    assert len(kept(town, Contribution)) == 1
    town.types("ana", "/consortium facilitator @hana")
    said = town.types("hana", '/workload give hours:3 "x"')
    assert 'Add the agency: `agency:"' in said, "a facilitator without an agency names one"
    assert "*Elm Schools* gave 3 h" in town.types("hana", '/workload give hours:3 "x" agency:"Elm Schools"')


def test_after_an_agency_ended_its_people_are_plain_members_without_one(town):
    town.types("ana", '/consortium agency end "Birch Schools"')
    town.presses("ana", "End it", town.private_answer("ana"))
    town.types("ana", "/consortium who")
    assert "*Without an agency*: Cleo" in text_of(town.private_answer("ana"))
    assert "(representative)" not in text_of(town.private_answer("ana")).split("*Without an agency*")[1]
    for typed in ('give hours:3 "Hosted"', 'gain "Two teachers trained"'):
        said = town.types("cleo", f"/workload {typed}")
        assert "You are in no agency now" in said and "agency:" not in said
