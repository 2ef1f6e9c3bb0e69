"""What agencies give and gain, sources of funding and dues, as people record, read and take them back."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from storage.audit import Audit
from storage.consortia import Consortium
from storage.contributions import Gain, Given
from storage.funding import Dues, Payment, Source
from tests.town import text_of

SEEN = "Everybody of the consortium can read it, in `/workload given`."


def whisper(town, user, channel="council"):
    town.settle()
    return [m for m in town.messages(user, channel) if m.get("ephemeral")][-1]


def listed(town, user, command):
    town.types(user, f"/workload {command}")
    return whisper(town, user)


def kept(town, table):
    """List what is stored and was not taken back or ended, the oldest first."""
    over = getattr(table, "taken_back_at", None)
    over = table.ended_at if over is None and hasattr(table, "ended_at") else over
    with town.bot.db.read() as session:
        found = select(table).order_by(table.id)
        return list(session.scalars(found if over is None else found.where(over.is_(None))))


def accessory(message, label, place=0):
    """Find the button beside the text of an entry."""
    found = [b["accessory"] for b in message["blocks"] if b.get("accessory", {}).get("text", {}).get("text") == label]
    return found[place]


def presses_beside(town, user, label, message, place=0):
    element = accessory(message, label, place)
    body = {"user": user, "channel": "council", "ts": message["ts"], "action_id": element["action_id"]}
    block = next(b["block_id"] for b in message["blocks"] if b.get("accessory") == element)
    pressed = town.call("act", **body, block_id=block)
    assert pressed["ok"] and not pressed.get("failed"), pressed
    town.settle()
    return text_of(whisper(town, user))


def picks(town, user, label, message):
    """Choose an entry behind the three dots beside the first entry that has them."""
    block = next(b for b in message["blocks"] if b.get("accessory", {}).get("type") == "overflow")
    option = next(o for o in block["accessory"]["options"] if o["text"]["text"] == label)
    where = {"user": user, "channel": "council", "ts": message["ts"], "block_id": block["block_id"]}
    pressed = town.call("act", **where, action_id=block["accessory"]["action_id"], value=option["value"])
    assert pressed["ok"] and not pressed.get("failed"), pressed
    town.settle()


# contributions and gains -------------------------------------------------------------------------------


def test_what_an_agency_gave_is_typed_read_by_all_and_taken_back(town):
    said = town.types("ben", '/workload give hours:3 "Hosted the training"')
    assert said.startswith("Recorded: *Elm Schools* gave 3 h, “Hosted the training”, Mon 30 Nov 2026.")
    assert SEEN in said
    town.types("ben", '/workload give money:$1,200.50 "For the buses" on:2026-11-20 agency:elm')
    assert "gave $200 in kind, “Room for 40”" in town.types("ben", '/workload give in-kind:"Room for 40" value:200')
    assert "*Birch Schools* gave 1.5 h" in town.types("ana", '/workload give hours:1.5 "Notes" agency:"Birch Schools"')
    assert [(one.hours, one.cents) for one in kept(town, Given)] == [
        (3.0, None),
        (None, 1_200_50),
        (None, 200_00),
        (1.5, None),
    ]
    shown = text_of(listed(town, "gus", "given"))
    assert "*What agencies gave* · 4 entries, newest first" in shown
    assert "In twelve months: Birch Schools 1.5 h; Elm Schools 3 h, $1,200.50, $200 in kind." in shown
    assert "*Elm Schools* · $1,200.50 · Fri 20 Nov 2026\n“For the buses”" in shown
    assert "Take it back" not in str(whisper(town, "gus")), "only who may record for an agency takes back"

    message = listed(town, "ben", "given")
    assert "Taken back: $200 in kind, “Room for 40” of *Elm Schools*." in presses_beside(
        town, "ben", "Take it back", message
    )
    assert "is not there any more" in presses_beside(town, "ben", "Take it back", message), "once"
    assert "Taken back: 3 h" in town.types("ben", '/workload give back "hosted the TRAINING"')
    assert "no entry “Notes” that you could take back" in town.types("ben", '/workload give back "Notes"')
    assert "Taken back: 1.5 h" in town.types("ana", '/workload give back "Notes"')
    assert [one.cents for one in kept(town, Given)] == [1_200_50]
    with town.bot.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Given)) == 4, "what was taken back keeps its row"
        subjects = set(session.scalars(select(Audit.subject).where(Audit.action.in_(["recorded", "took back"]))))
    assert subjects == {"a contribution of Elm Schools", "a contribution of Birch Schools"}, "never what was written"


def test_contributions_and_gains_are_recorded_in_forms_that_say_who_reads_them(town):
    assert SEEN in town.types("ben", "/workload give")
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
    assert kept(town, Given)[0].words == "=1+1 <!channel> gnihtyna"
    assert "“=1+1 &lt;!channel&gt; gnihtyna”" in text_of(listed(town, "eva", "given"))
    town.presses("ana", "Record a contribution", listed(town, "ana", "given"))
    assert town.fills("ana", kind="money", amount="12k", words="Seed money")["closed"]

    assert "Nothing is recorded yet" in text_of(listed(town, "cleo", "gains"))
    town.presses("cleo", "Record a gain", whisper(town, "cleo"))
    assert "in `/workload gains`" in text_of(town.views("cleo")[-1])
    assert town.fills("cleo", words="Two teachers trained")["closed"]
    said = town.types("ben", '/workload gain "A shared calendar"')
    assert "Recorded: *Elm Schools* gained “A shared calendar”." in said
    shown = text_of(listed(town, "finn", "gains"))
    assert "Nothing recorded yet for Oak Valley." in shown
    assert "*Birch Schools* · Mon 30 Nov 2026\n“Two teachers trained”" in shown
    assert "Taken back" in presses_beside(town, "ben", "Take it back", listed(town, "ben", "gains"))
    assert "Taken back" in town.types("cleo", '/workload gain back "two teachers trained"')
    assert not kept(town, Gain)


def test_all_lists_are_found_behind_the_three_dots_too(town):
    message = listed(town, "gus", "")
    menu = next(e for b in message["blocks"] for e in b.get("elements", []) if e.get("type") == "overflow")
    shown = ("Nobody holds a role yet", "Nothing is recorded yet", "Nothing is recorded yet", "No source", "No dues")
    for option, said in zip(menu["options"], shown, strict=True):
        where = {"user": "gus", "channel": "council", "ts": message["ts"], "action_id": menu["action_id"]}
        assert town.call("act", **where, value=option["value"])["ok"]
        assert said in text_of(whisper(town, "gus"))


def test_a_long_list_is_paged_whatever_was_typed(town):
    for number in range(12):
        town.types("ben", f'/workload give hours:1 "{"&" * 290} {number}"')
    message = listed(town, "ben", "given")
    assert "12 entries" in text_of(message)
    assert "Page 1 of 2" in text_of(message)
    town.presses("ben", "More", message)
    assert "Page 2 of 2" in text_of(whisper(town, "ben"))


# funding and dues --------------------------------------------------------------------------------------


def test_facilitators_note_sources_of_funding_and_all_read_them(town):
    assert "No source of funding is noted yet. A facilitator notes them." in text_of(listed(town, "ben", "funding"))
    assert "*State grant* gives $12,000 a year." in town.types("ana", '/workload funding "State grant" 12000')
    assert "a year instead of $12,000" in town.types("ana", '/workload funding "STATE  grant" 15,000')
    town.types("ana", "/workload funding County Fund 5k")
    shown = listed(town, "gus", "funding")
    assert "*Sources of funding* · $20,000 a year" in text_of(shown)
    assert "*State grant* · $15,000 a year\n████████ 75 %" in text_of(shown)
    assert "accessory" not in str(shown), "who does not facilitate only reads"
    town.presses("ana", "Note a source", listed(town, "ana", "funding"))
    assert "in `/workload funding`" in text_of(town.views("ana")[-1])
    assert list(town.fills("ana", name="Trust", amount="-3")["errors"]) == ["amount"]
    assert town.fills("ana", name="Trust", amount="250.50")["closed"]
    assert "There is no source “Nope”." in town.types("ana", '/workload funding end "Nope"')
    assert "is ended and counts no more" in town.types("ana", '/workload funding end "county fund"')
    assert [(one.name, one.cents) for one in kept(town, Source)] == [("State grant", 15_000_00), ("Trust", 250_50)]
    message = listed(town, "ana", "funding")
    picks(town, "ana", "Change …", message)
    assert list(town.fills("ana", name="trust", amount="1")["errors"]) == ["name"], "another has this name"
    assert town.fills("ana", name="State grant, second year", amount="9000")["closed"]
    picks(town, "ana", "End it", message)
    assert "*State grant, second year* is ended" in text_of(whisper(town, "ana"))
    for label in ("End it", "Change …"):
        picks(town, "ana", label, message)
        assert "This source is not there any more." in text_of(whisper(town, "ana"))
    assert [one.name for one in kept(town, Source)] == ["Trust"]


def test_dues_are_noted_and_paid_and_a_payment_is_taken_back(town):
    said = town.types("ana", '/workload dues "Elm Schools" 2026 1500')
    assert "Noted: *Elm Schools* · 2026 · $1,500, nothing paid yet." in said
    assert "Everybody of the consortium can read it, in `/workload dues`." in said
    assert "*Birch Schools* · 2026-27 · $1,200.50" in town.types("ana", "/workload dues birch 2026/2027 1,200.50")
    assert "$500 of $1,500 paid" in town.types("ana", '/workload paid "Elm Schools" 2026 500 on:2026-11-20')
    said = town.types("ana", "/workload paid elm 2026 2000")
    assert "$2,000 is more than Elm Schools owes for 2026: only $1,000 is left." in said
    assert '`/workload dues "Elm Schools" 2026 2500`' in said
    message = listed(town, "ana", "dues")
    presses_beside(town, "ana", "Record a payment", message, 1)
    assert "in `/workload dues`" in text_of(town.views("ana")[-1])
    assert list(town.fills("ana", amount="1000.01")["errors"]) == ["amount"]
    assert town.fills("ana", amount="1.50")["closed"]
    receipt = whisper(town, "ana")
    assert "Taken back: $1.50. *Elm Schools* · 2026 · $500 of $1,500 paid." in town.presses(
        "ana", "Take it back", receipt
    )
    assert "This payment is not there any more" in town.presses("ana", "Take it back", receipt)
    town.types("ana", '/workload paid "Elm Schools" 2026 1000')
    assert "*Elm Schools* · 2026 · all of $1,500 paid" in text_of(listed(town, "gus", "dues"))
    assert "has paid $1,500 for 2026 already" in town.types("ana", "/workload dues elm 2026 100")
    assert "Taken back: $1,000." in town.types("ana", '/workload paid back "Elm Schools" 2026')
    assert "so they stay" in town.types("ana", "/workload dues elm 2026 none")
    assert "*Birch Schools* owes nothing for 2026-27." in town.types("ana", "/workload dues birch 2026-27 none")
    town.presses("ana", "Note dues", listed(town, "ana", "dues"))
    with town.bot.db.read() as session:
        oak = session.execute(select(Dues.agency_id)).scalar_one() + 2
    assert list(town.fills("ana", agency=str(oak), term="soon", amount="3")["errors"]) == ["term"]
    assert town.fills("ana", agency=str(oak), term="2026", amount="300")["closed"]
    assert [(one.term, one.cents) for one in kept(town, Dues)] == [("2026", 1500_00), ("2026", 300_00)]
    assert [one.cents for one in kept(town, Payment)] == [500_00]


def test_two_payments_in_the_same_moment_do_not_pay_more_than_is_owed(town):
    town.types("ana", "/consortium facilitator @ben")
    town.types("ana", '/workload dues "Elm Schools" 2026 100')
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda user: town.types(user, "/workload paid elm 2026 60"), ("ana", "ben")))
    assert sum("Recorded" in one for one in said) == 1, said
    assert sum("only $40 is left" in one for one in said) == 1, said


def test_thresholds_and_currency_are_set_in_the_settings_and_hold_from_then_on(town):
    assert "[Balance of work]" in town.types("ana", "/consortium settings")
    town.presses_in_form("ana", "Balance of work")
    for wrong, field in (
        ({"hours": "0.3"}, "hours"),
        ({"hours": "300"}, "hours"),
        ({"hours": "9", "share": "100"}, "share"),
    ):
        assert list(town.fills("ana", **wrong)["errors"]) == [field], wrong
    assert town.fills("ana", hours="7.5", share="200", currency="EUR")["closed"]
    town.closes_forms("ana")
    own = kept_consortium(town)
    assert (own.hours_a_month, own.share_limit, own.currency) == (7.5, 200, "EUR")
    assert "gave €500" in town.types("ben", '/workload give money:€500 "x"')
    assert "Amounts here are in EUR" in town.types("ben", '/workload give money:$500 "x"')
    assert "about 7.5 h a month for the consortium, as is usual here," in town.types("ben", "/workload hours none")
    assert "A facilitator does this" in town.types("ben", "/workload settings")


def kept_consortium(town):
    with town.bot.db.read() as session:
        return session.scalars(select(Consortium)).one()


# what cannot be ----------------------------------------------------------------------------------------

BAD = (
    ("no kind", 'give 3h "x"', "I read none of them"),
    ("two kinds", 'give hours:3 money:4 "x"', "at once"),
    ("no words", "give hours:3", "in a few words"),
    ("two texts", 'give hours:3 "x" "y"', "but not “y”"),
    ("an endless text", f'give hours:3 "{"x" * 3000}"', "3,000 characters"),
    ("negative hours", 'give hours:-3 "x"', "more than nothing"),
    ("no hours", 'give hours:0 "x"', "more than nothing"),
    ("fractions of quarters", 'give hours:0.3 "x"', "quarters"),
    ("enormous hours", 'give hours:10001 "x"', "More than 10,000 hours"),
    ("negative money", 'give money:-3 "x"', "more than nothing"),
    ("no money", 'give money:0 "x"', "more than nothing"),
    ("fractions of a cent", 'give money:0.125 "x"', "fractions of a cent"),
    ("enormous money", 'give money:1000000000 "x"', "more than a hundred million"),
    ("no number", 'give money:nan "x"', "could not read “nan”"),
    ("two ways", 'give money:1.200 "x"', "two ways"),
    ("another currency", 'give money:€5 "x"', "Amounts here are in USD"),
    ("a thing without value", 'give in-kind:"Room"', "`value:200`"),
    ("a thing without words", "give in-kind: value:3", "in a few words"),
    ("a value of hours", 'give hours:3 "x" value:3', "`value:` means"),
    ("a coming day", 'give money:5 "x" on:tomorrow', "still to come"),
    ("long ago", 'give money:5 "x" on:1999-01-01', "more than three years ago"),
    ("the year 9999", 'give money:5 "x" on:9999-12-31', "There is no day like"),
    ("endless days", 'give money:5 "x" on:9999w', "still to come"),
    ("no such agency", 'give hours:3 "x" agency:Pine', "There is no agency “Pine”"),
    ("a word too many", "given lately", "did not understand “lately”"),
    ("nothing gained", "gain …", "what was gained"),
    ("nothing to take back", 'give back "x"', "`/workload given` lists them"),
    ("no amount of funding", 'funding "State grant"', "gives a year"),
    ("two amounts of funding", 'funding "State grant" 10 20', "could not read “10 20”"),
    ("funding without a name", "funding 300", "what the source is called"),
    ("dues without an amount", 'dues "Elm Schools" 2026', "an agency, a term and an amount"),
    ("dues without a term", 'dues "Elm Schools" soon 3', "could not read “soon” as a term"),
    ("dues of nobody", 'dues "Pine" 2026 3', "There is no agency “Pine”"),
    ("dues of nothing", 'dues "Elm Schools" 2026 0', "more than nothing"),
    ("paid without dues", 'paid "Elm Schools" 2026 3', "No dues are noted for Elm Schools and 2026"),
    ("taken back without dues", "paid back elm 2026", "No dues are noted"),
)


def test_what_cannot_be_is_answered_privately_with_an_example_and_nothing_is_stored(town, subtests):
    for what, typed, said in BAD:
        with subtests.test(what):
            answer = town.types("ana", f"/workload {typed}")
            assert said in answer
            assert "`/workload" in answer or "`/consortium who`" in answer
            assert not any(kept(town, table) for table in (Given, Gain, Source, Dues, Payment))


def test_outsiders_see_and_record_nothing_and_agencies_record_only_for_themselves(town):
    town.types("ben", '/workload give hours:3 "Hosted the training"')
    for typed in ("given", "gains", "funding", "dues", "give", 'give hours:3 "x"', 'gain "x"', 'funding "x" 3', "help"):
        answer = town.types("dov", f"/workload {typed}")
        assert "Only people of the consortium take part" in answer or typed == "help", typed
    for typed in ('give hours:3 "x" agency:Birch', 'gain "x" agency:"Oak Valley"'):
        assert "records itself what it gives and gains" in town.types("ben", f"/workload {typed}"), typed
    for typed in ('funding "x" 3', "funding end x", "dues elm 2026 3", "paid elm 2026 3", "paid back elm 2026"):
        assert "A facilitator does this. You can ask Ana Reyes." in town.types("ben", f"/workload {typed}"), typed
    assert len(kept(town, Given)) == 1
    town.types("ana", "/consortium facilitator @hana")
    said = town.types("hana", '/workload give hours:3 "x"')
    assert 'Say for which agency: `agency:"' in said, "a facilitator without an agency names one"
    assert "*Elm Schools* gave 3 h" in town.types("hana", '/workload give hours:3 "x" agency:"Elm Schools"')
