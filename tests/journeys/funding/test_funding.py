"""Sources of funding, dues, and payments: saved, listed, changed, and taken back."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from storage.funding import Dues, FundingSource, Payment
from tests.journeys.steps import sends
from tests.journeys.workload_entries import kept, listed, picks, presses_beside
from tests.town import element_of, text_of


def test_facilitators_save_sources_of_funding_and_everyone_can_list_them(town):
    assert "There are no sources of funding yet. A facilitator can add them." in text_of(listed(town, "ben", "funding"))
    assert "*State grant* gives $12,000 a year." in town.types("ana", '/workload funding "State grant" 12000')
    assert "a year instead of $12,000" in town.types("ana", '/workload funding "STATE  grant" 15,000')
    town.types("ana", "/workload funding County Fund 5k")
    shown = listed(town, "gus", "funding")
    assert "*Sources of funding* · $20,000 a year" in text_of(shown)
    assert "*State grant* · $15,000 a year\n████████ 75 %" in text_of(shown)
    assert "accessory" not in str(shown), "other readers get no menu"
    town.presses("ana", "Add a source", listed(town, "ana", "funding"))
    assert "in `/workload funding`" in text_of(town.views("ana")[-1])
    assert list(town.fills("ana", name="Trust", amount="-3")["errors"]) == ["amount"]
    assert town.fills("ana", name="Trust", amount="250.50")["closed"]
    assert "There is no source “Nope”." in town.types("ana", '/workload funding end "Nope"')
    assert "has ended and no longer counts" in town.types("ana", '/workload funding end "county fund"')
    assert [(one.name, one.cents) for one in kept(town, FundingSource)] == [
        ("State grant", 15_000_00),
        ("Trust", 250_50),
    ]
    message = listed(town, "ana", "funding")
    picks(town, "ana", "Change …", message)
    assert list(town.fills("ana", name="trust", amount="1")["errors"]) == ["name"], "another has this name"
    assert town.fills("ana", name="State grant, second year", amount="9000")["closed"]
    picks(town, "ana", "End it", message)
    assert "*State grant, second year* has ended" in text_of(town.private_answer("ana"))
    menu = next(b["accessory"] for b in message["blocks"] if b.get("accessory", {}).get("type") == "overflow")
    for option in menu["options"]:
        assert "This source no longer exists." in sends(town, "ana", menu["action_id"], option["value"])
    assert [one.name for one in kept(town, FundingSource)] == ["Trust"]


def test_two_facilitators_who_change_a_source_at_once_each_change_only_what_they_changed(town):
    town.types("ana", "/consortium facilitator @gus")
    town.types("ana", '/workload funding "State grant" 12000')
    for user in ("ana", "gus"):
        picks(town, user, "Change …", listed(town, user, "funding"))
    assert town.fills("gus", amount="15,000")["closed"]
    assert town.fills("ana", name="State grant, second year")["closed"]
    assert [(one.name, one.cents) for one in kept(town, FundingSource)] == [("State grant, second year", 15_000_00)]


def test_dues_are_saved_and_paid_and_a_payment_is_taken_back(town):
    said = town.types("ana", '/workload dues "Elm Schools" 2026 1500')
    assert "Saved: *Elm Schools* · 2026 · $1,500, nothing paid yet." in said
    assert "Everyone in the consortium can see it in `/workload dues`." in said
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
    receipt = town.private_answer("ana")
    assert "Taken back: $1.50. *Elm Schools* · 2026 · $500 of $1,500 paid." in town.presses(
        "ana", "Take it back", receipt
    )
    back = element_of(receipt, "Take it back")
    assert "This payment no longer exists" in sends(town, "ana", back["action_id"], back["value"])
    town.types("ana", '/workload paid "Elm Schools" 2026 1000')
    assert "*Elm Schools* · 2026 · all of $1,500 paid" in text_of(listed(town, "gus", "dues"))
    assert "has already paid $1,500 for 2026" in town.types("ana", "/workload dues elm 2026 100")
    assert "Taken back: $1,000." in town.types("ana", '/workload paid back "Elm Schools" 2026')
    assert "so they stay" in town.types("ana", "/workload dues elm 2026 none")
    assert "*Birch Schools* owes nothing for 2026-27." in town.types("ana", "/workload dues birch 2026-27 none")
    town.presses("ana", "Add dues", listed(town, "ana", "dues"))
    with town.bot.db.read() as session:
        oak = session.execute(select(Dues.agency_id)).scalar_one() + 2
    assert list(town.fills("ana", agency=str(oak), term="soon", amount="3")["errors"]) == ["term"]
    assert town.fills("ana", agency=str(oak), term="2026", amount="300")["closed"]
    assert [(one.term, one.cents) for one in kept(town, Dues)] == [("2026", 1500_00), ("2026", 300_00)]
    assert [one.cents for one in kept(town, Payment)] == [500_00]


def test_two_payments_at_the_same_time_do_not_pay_more_than_is_owed(town):
    town.types("ana", "/consortium facilitator @ben")
    town.types("ana", '/workload dues "Elm Schools" 2026 100')
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda user: town.types(user, "/workload paid elm 2026 60"), ("ana", "ben")))
    assert sum("Recorded" in one for one in said) == 1, said
    assert sum("only $40 is left" in one for one in said) == 1, said


# refusals ----------------------------------------------------------------------------------------------

BAD = (
    ("no amount of funding", 'funding "State grant"', "gives a year"),
    ("two amounts of funding", 'funding "State grant" 10 20', "could not read “10 20”"),
    ("funding without a name", "funding 300", "what the source is called"),
    ("dues without an amount", 'dues "Elm Schools" 2026', "an agency, a term, and an amount"),
    ("dues without a term", 'dues "Elm Schools" soon 3', "could not read “soon” as a term"),
    ("dues of nobody", 'dues "Pine" 2026 3', "There is no agency “Pine”"),
    ("dues of nothing", 'dues "Elm Schools" 2026 0', "greater than zero"),
    ("paid without dues", 'paid "Elm Schools" 2026 3', "There are no dues for Elm Schools and 2026"),
    ("taken back without dues", "paid back elm 2026", "There are no dues"),
)


def test_wrong_commands_are_refused_with_an_example_and_nothing_is_stored(town, subtests):
    for what, typed, said in BAD:
        with subtests.test(what):
            answer = town.types("ana", f"/workload {typed}")
            assert said in answer
            assert "`/workload" in answer or "`/consortium who`" in answer
            assert not any(kept(town, table) for table in (FundingSource, Dues, Payment))


def test_outsiders_see_nothing_and_only_facilitators_change_funding_and_dues(town):
    for typed in ("funding", "dues", 'funding "x" 3'):
        assert "is for members of the consortium" in town.types("dov", f"/workload {typed}"), typed
    for typed in ('funding "x" 3', "funding end x", "dues elm 2026 3", "paid elm 2026 3", "paid back elm 2026"):
        assert "Only a facilitator can do this. You can ask Ana Reyes." in town.types("ben", f"/workload {typed}"), (
            typed
        )
    assert not any(kept(town, table) for table in (FundingSource, Dues, Payment))
