"""The consortium from founding on: agencies, people, seats, settings, import, and people who leave."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from storage import agencies, meetings
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from tests.journeys.steps import sends
from tests.town import element_of, text_of


def told(town, user, channel="council"):
    return text_of(town.private_answer(user, channel))


def overview(town, user):
    return town.types(user, "/consortium")


def who(town):
    return town.types("ana", "/consortium who")


def changes(town, user, **what):
    """Change a person in Slack, and let the bot follow and report the change."""
    assert town.call("people", user=user, **what)["ok"]
    town.settle()
    town.settle()


def leaves(town, user):
    changes(town, user, deleted=True)


def counted(town, table):
    with town.bot.db.read() as session:
        return session.scalar(select(func.count()).select_from(table))


# founding ----------------------------------------------------------------------------------------------


def test_a_consortium_is_founded_by_typing_and_its_founder_facilitates(empty_town):
    town = empty_town
    assert "There is no consortium in this workspace yet" in town.types("ana", "/consortium who")
    said = town.types("ana", "/consortium setup “Northern Valleys” zone:America/Denver")
    assert "*Northern Valleys* is founded, and you are its first facilitator" in said
    assert "[Add an agency]" in said
    assert "Facilitated by Ana Reyes" in overview(town, "ben")
    second = town.types("ben", '/consortium setup "Southern Valleys"')
    assert "already has a consortium: Northern Valleys" in second
    assert counted(town, Consortium) == 1


def test_a_consortium_is_founded_by_the_form_that_the_first_refusal_offers(empty_town):
    town = empty_town
    town.types("ana", "/consortium")
    town.presses("ana", "Found a consortium", town.private_answer("ana"))
    assert town.fills("ana", name="—")["errors"]["name"].startswith("The consortium needs a name")
    assert town.fills("ana", name="Northern Valleys")["closed"]
    assert "*Northern Valleys* is founded" in told(town, "ana")
    town.types("ben", "/consortium who")
    assert "already has a consortium" in town.types("ben", "/consortium setup")


def test_people_who_found_a_consortium_at_the_same_time_get_one(empty_town):
    town = empty_town

    def found(user):
        return town.call("command", user=user, channel="council", text=f'/consortium setup "Valleys of {user}"')

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(found, ("ana", "ben", "cleo", "eva")))
    said = [text_of(answer["response"]) for answer in answers]
    assert sum("is founded, and you are its first facilitator" in text for text in said) == 1, said
    assert sum("already has a consortium: Valleys of" in text for text in said) == 3, said
    assert counted(town, Consortium) == 1
    assert counted(town, Member) == 1


def test_an_unknown_time_zone_is_refused(empty_town):
    said = empty_town.types("ana", '/consortium setup "Northern Valleys" zone:Narnia')
    assert "the time zone “Narnia”" in said
    assert counted(empty_town, Consortium) == 0


# agencies ----------------------------------------------------------------------------------------------


def test_an_agency_is_added_renamed_weighed_ended_and_restored_by_typing(town):
    said = town.types("ana", '/consortium agency add "Pine Hill" weight:2 domain:pine.example')
    assert "Added Pine Hill." in said
    assert "is now called Pine Ridge" in town.types("ana", '/consortium agency rename "pine hill" "Pine Ridge"')
    assert "now carries a share of 0.5" in town.types("ana", '/consortium agency weight "Pine" 0.5')
    assert "End Pine Ridge?" in town.types("ana", '/consortium agency end "Pine Ridge"')
    town.presses("ana", "End it", town.private_answer("ana"))
    assert "Pine Ridge has ended. Its history is kept." in told(town, "ana")
    assert "Pine" not in overview(town, "ben")
    undo = next(m for m in town.messages("ana") if "[Undo]" in text_of(m))
    town.presses("ana", "Undo", undo)
    assert "*Pine Ridge* · nobody yet" in overview(town, "ben")


def test_an_agency_is_added_by_the_form(town):
    form = town.types("ana", "/consortium agency add")
    assert "<Name of the agency>" in form
    assert "have the same name" in town.fills("ana", name="elm  SCHOOLS")["errors"]["name"]
    assert "email domain" in town.fills("ana", name="Pine Hill", domain="nonsense")["errors"]["domain"]
    assert town.fills("ana", name="Pine Hill", domain="pine.example", weight="2")["closed"]
    assert "Added Pine Hill" in told(town, "ana")


def test_two_agencies_cannot_share_a_name_or_a_domain_until_one_of_them_ends(town):
    assert "cannot have the same name" in town.types("ana", '/consortium agency add "ELM schools"')
    assert "already an agency called “elm schools”" in town.types(
        "ana", '/consortium agency rename "Oak Valley" "elm schools"'
    )
    town.types("ana", '/consortium agency add "Pine Hill" domain:pine.example')
    assert "already uses the email domain" in town.types("ana", '/consortium agency add "Fir Hill" domain:pine.example')
    town.types("ana", '/consortium agency end "Pine Hill"')
    town.presses("ana", "End it", town.private_answer("ana"))
    ended = town.private_answer("ana")
    assert "Added" in town.types("ana", '/consortium agency add "Pine Hill"')
    town.presses("ana", "Undo", ended)
    assert "Another agency now has this name" in told(town, "ana")
    with town.bot.db.read() as session:
        living = session.scalars(select(Agency).where(Agency.ended_at.is_(None), Agency.folded == "pine hill"))
        assert len(living.all()) == 1


def test_an_agency_that_ended_gives_its_name_to_no_other_while_it_has_people(town):
    town.types("ana", '/consortium agency end "Oak Valley"')
    town.presses("ana", "End it", town.private_answer("ana"))
    refused = "Oak Valley has ended, and people still belong to it. To have it back, type `/consortium agency restore"
    assert refused in town.types("ana", '/consortium agency add "oak valley"')
    assert refused in town.types("ana", '/consortium agency rename "Elm Schools" "Oak Valley"')
    assert "Oak Valley is back." in town.types("ana", '/consortium agency restore "Oak Valley"')


def test_a_new_name_of_an_agency_is_told_to_its_people_and_wherever_it_decides(town):
    proposal = town.proposes()
    poll = town.asks('/vote "Which week?" "12 Jan" "19 Jan" agencies')
    town.types("ana", '/consortium agency rename "Oak Valley" "Oak"')
    town.settle()
    for user in ("finn", "gus"):
        assert last(town, user) == "Ana Reyes has renamed your agency: *Oak Valley* is now called *Oak*."
    assert not [m for m in town.direct("ben") if "renamed" in text_of(m)]
    for message in (proposal, poll):
        assert "Ana Reyes has renamed *Oak Valley* to *Oak*. What was said for it stays, under its new name." in (
            town.thread(message)
        )


def test_only_a_facilitator_changes_agencies_people_and_settings(town):
    for typed in (
        'agency add "Pine Hill"',
        "agency add",
        'agency rename "Oak Valley" "Oak"',
        'agency weight "Oak Valley" 2',
        'agency end "Oak Valley"',
        'member @hana "Oak Valley"',
        "member",
        "facilitator @ben",
        "settings",
        "import",
    ):
        assert "is for members of the consortium" in town.types("dov", f"/consortium {typed}"), typed
        assert "Only a facilitator can do this. You can ask Ana Reyes." in town.types("ben", f"/consortium {typed}"), (
            typed
        )


# joining -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("confirmer", ["ana", "finn"])
def test_a_request_to_join_is_confirmed_once_by_the_facilitator_or_the_representative(town, confirmer):
    said = town.types("hana", '/consortium join "Oak Valley"')
    assert "You have asked to join Oak Valley." in said
    assert "Finn Abernathy or Ana Reyes can confirm it, and I will tell you." in said
    assert "Nobody has confirmed it yet." in town.types("hana", "/consortium join Oak")
    town.settle()
    asked = {user: town.direct(user)[-1] for user in ("ana", "finn")}
    assert "Hana Okafor (hana@example.org) asks to join *Oak Valley*." in text_of(asked[confirmer])
    town.presses(confirmer, "Confirm", asked[confirmer], f"@{confirmer}")
    assert "Hana Okafor now belongs to Oak Valley." in text_of(town.direct(confirmer)[-1])
    assert "Welcome. You now belong to Oak Valley" in text_of(town.direct("hana")[-1])
    other = "finn" if confirmer == "ana" else "ana"
    name = {"ana": "Ana Reyes", "finn": "Finn Abernathy"}[confirmer]
    assert text_of(town.direct(other)[-1]) == f"Hana Okafor asked to join *Oak Valley*. {name} has confirmed it."
    value = element_of(asked[other], "Decline")["value"]
    late = sends(town, other, "request.decline", value)
    assert f"{name} has already confirmed the request of Hana Okafor." in late
    assert "Hana Okafor" in town.types("ben", "/consortium who")


def test_a_request_to_join_is_declined_and_the_person_is_told(town):
    town.types("hana", "/consortium join")
    assert town.fills("hana", agency="Oak Valley")["closed"]
    town.presses("finn", "Decline", town.direct("finn")[-1], "@finn")
    assert "has not confirmed that you belong to Oak Valley" in text_of(town.direct("hana")[-1])
    assert "Hana" not in town.types("ben", "/consortium who")


def test_an_outsider_asks_to_join_with_the_button_of_a_refusal(town):
    town.types("dov", "/vote")
    form = town.presses("dov", "Join an agency", town.private_answer("dov"))
    assert "<Which agency do you work with?>" in form
    assert town.fills("dov", agency="Birch Schools")["closed"]
    assert "You have asked to join Birch Schools" in told(town, "dov")
    for user in ("cleo", "ana"):
        assert "Dov Lindqvist" in text_of(town.direct(user)[-1])
    assert not town.direct("gus")


def test_once_a_request_is_settled_the_others_who_were_asked_read_what_became_of_it(town):
    town.types("hana", '/consortium join "Oak Valley"')
    town.types("ana", '/consortium member @gus "Oak Valley" representative')
    town.settle()
    gus, hana = town.direct("finn")[::-1][:2]
    about_hana = next(m for m in town.direct("ana") if "asks to join" in text_of(m))
    town.presses("finn", "Confirm", hana, "@finn")
    town.settle()
    (asked,) = [m for m in town.direct("ana") if m["ts"] == about_hana["ts"]]
    assert text_of(asked) == ("Hana Okafor asked to join *Oak Valley*. Finn Abernathy has confirmed it.")
    town.presses("finn", "Decline", gus, "@finn")
    assert "[Confirm]" not in "".join(text_of(m) for user in ("ana", "finn") for m in town.direct(user))


def test_a_request_that_something_overtook_loses_its_buttons(town):
    town.types("hana", '/consortium join "Oak Valley"')
    town.settle()
    town.types("ana", '/consortium member @hana "Birch Schools"')
    town.settle()
    for user in ("ana", "finn"):
        assert "Nobody has to decide this any more: Hana Okafor is now a member of Birch Schools." in "".join(
            text_of(m) for m in town.direct(user) if "Hana Okafor asked to join *Oak Valley*." in text_of(m)
        ), user


def test_an_unanswered_request_is_asked_once_more_and_then_whoever_waits_hears(town):
    town.types("hana", '/consortium join "Oak Valley"')
    town.types("ana", '/consortium member @gus "Oak Valley" representative')
    again = "Nobody has answered this yet. "
    town.waits("P2DT23H")
    assert again not in "".join(text_of(m) for m in town.direct("finn"))
    town.waits("PT2H")
    said = [text_of(m) for m in town.direct("finn") if again in text_of(m)]
    assert [text.splitlines()[0] for text in said] == [
        f"{again}Hana Okafor (hana@example.org) asks to join *Oak Valley*.",
        f"{again}Ana Reyes wants Gus Whitehorse to speak for *Oak Valley* instead of Finn Abernathy.",
    ]
    assert not town.direct("hana")
    town.waits("P5D")
    assert last(town, "hana") == (
        "You asked to join Oak Valley. Nobody has answered yet, even after I asked again. Until somebody does, nothing "
        "changes. You can ask Ana Reyes or Finn Abernathy."
    )
    assert "You asked that Gus Whitehorse becomes the representative of Oak Valley. Nobody has answered yet" in "".join(
        text_of(m) for m in town.direct("ana")
    )
    assert "Ana Reyes asked that you become the representative of Oak Valley. Nobody has answered yet" in last(
        town, "gus"
    )
    count = len(town.direct("finn"))
    town.waits("P10D")
    assert len([m for m in town.direct("finn") if again in text_of(m)]) == len(said), count
    town.presses("finn", "Confirm", next(m for m in town.direct("finn") if "asks to join" in text_of(m)), "@finn")
    assert "Hana Okafor" in who(town)
    (others,) = [text_of(m) for m in town.direct("finn") if "Hana Okafor asked to join" in text_of(m)] or [""]
    assert "[Confirm]" not in others


def test_a_former_facilitator_cannot_confirm_a_request(town):
    town.types("hana", "/consortium join Oak")
    town.settle()
    asked = town.direct("ana")[-1]
    button = next(e for b in asked["blocks"] for e in b.get("elements", []) if e.get("value"))
    town.types("ana", "/consortium facilitator @gus")
    town.types("gus", "/consortium facilitator remove @ana")
    refused = town.presses("ana", "Confirm", asked, "@ana")
    assert "Only a facilitator, or whoever speaks for Oak Valley, can confirm this." in refused
    assert button["value"]
    assert "Hana" not in town.types("ben", "/consortium who")


def test_a_person_with_the_email_domain_of_an_agency_joins_without_confirmation(town):
    changes(town, "hana", email="hana@mail.pine.example")
    town.types("ana", '/consortium agency add "Pine Hill" domain:pine.example')
    assert "Your email address belongs to Pine Hill" in town.types("hana", '/consortium join "Pine Hill"')
    assert "*Pine Hill*: Hana Okafor" in town.types("ben", "/consortium who")
    changes(town, "dov", email="dov@notpine.example")
    assert "You have asked to join" in town.types("dov", '/consortium join "Pine Hill"')


def test_a_person_from_another_workspace_joins_and_takes_positions_with_buttons(town):
    added = town.call("people", name="zoe", real_name="Zoe Far", home="T0FARAWAY", channels=["council"])
    assert added["ok"], added
    message = town.proposes()
    refused = town.presses("zoe", "Agree", message)
    assert "is for members of the consortium" in refused
    town.presses("zoe", "Join an agency", town.private_answer("zoe"))
    assert town.fills("zoe", agency="Oak Valley")["closed"]
    assert "You have asked to join Oak Valley" in told(town, "zoe")
    town.presses("finn", "Confirm", town.direct("finn")[-1], "@finn")
    assert "as your voice" in town.presses("zoe", "Agree", message)
    with town.bot.db.read() as session:
        zoe = session.scalars(select(Member).where(Member.name == "Zoe Far")).one()
        assert zoe.team_id == "T0FARAWAY"


# seats -------------------------------------------------------------------------------------------------


PLACED = (
    ('@hana "Oak Valley" alternate', "Hana Okafor is now the alternate of Oak Valley."),
    ("@Hana Okafor Oak alternate", "Hana Okafor is already the alternate of Oak Valley."),
    ("alternate “oak valley” @hana", "Hana Okafor is already the alternate of Oak Valley."),
    ('@Hana "Oak"', "Someone from Oak Valley has to confirm that Hana Okafor becomes a plain member."),
    ('@Gus Whitehorse Jr "Oak"', "I did not understand “Jr”. A person is a representative"),
    ("@gus Birch representative", "Someone from Birch Schools has to confirm"),
    ('@gus "E" representative', "is now the representative of Elm Schools"),
    ("@nobody Oak", "I do not know anyone called “@nobody”"),
    ('"Oak Valley" alternate', "Name the person with an `@`. For example: `/consortium member @ben"),
    ("@hana", "Name one person, one agency"),
    ("@hana Zebra", "There is no agency “Zebra”. The agencies are"),
)


def test_a_person_is_added_to_an_agency_by_typing(town):
    for typed, said in PLACED:
        assert said in town.types("ana", f"/consortium member {typed}"), typed


def test_a_person_is_added_to_an_agency_by_the_form(town):
    assert "<Person>" in town.types("ana", "/consortium member")
    assert town.fills("ana", person="hana", agency="Oak Valley", seat="Alternate")["closed"]
    assert "Hana Okafor is now the alternate of Oak Valley." in told(town, "ana")
    assert "Finn Abernathy (representative), Hana Okafor (alternate)" in overview(town, "ben")


def test_a_new_representative_is_confirmed_by_somebody_else_from_the_agency(town):
    town.types("ana", "/consortium member @gus Oak member")
    assert "has to confirm that Gus Whitehorse takes over" in town.types(
        "ana", "/consortium member @gus Oak representative"
    )
    town.settle()
    assert "Ana Reyes wants Gus Whitehorse to speak for *Oak Valley*" in text_of(town.direct("finn")[-1])
    assert not town.direct("gus"), "the newcomer is not asked"
    assert "Finn Abernathy (representative)" in overview(town, "ben")
    asked = town.direct("finn")[-1]
    town.presses("finn", "Confirm", asked, "@finn")
    assert "Gus Whitehorse (representative)" in overview(town, "ben")
    assert "You now speak for Oak Valley" in text_of(town.direct("gus")[-1])


def test_nobody_can_replace_a_representative_with_themselves(town):
    said = town.types("ana", "/consortium member @ana Elm representative")
    assert "Someone from Elm Schools has to confirm that Ana Reyes takes over" in said
    town.settle()
    assert not town.direct("ana")
    town.presses("ben", "Decline", town.direct("ben")[-1], "@ben")
    assert "Ben Ortiz (representative)" in overview(town, "gus")
    (refused,) = [text_of(m) for m in town.direct("ana") if "declined" in text_of(m)]
    assert refused == "Ben Ortiz has declined that you become the representative of Elm Schools. Nothing has changed."


def test_who_only_just_came_to_an_agency_does_not_confirm_who_speaks_for_it(town):
    town.types("ana", "/consortium facilitator @hana")
    town.waits("P30D")
    assert "You now belong to Oak Valley." in town.types("hana", '/consortium join "Oak Valley"')
    said = town.types("hana", "/consortium member @dov Oak representative")
    assert "Finn Abernathy speaks for Oak Valley. Someone from Oak Valley has to confirm" in said
    town.settle()
    assert not [m for m in town.direct("hana") if "wants Dov" in text_of(m)]
    assert "You are now a member" in town.types("ana", "/consortium member @ana Oak member")
    asked = next(m for m in town.direct("gus") if "wants Dov" in text_of(m))
    value = element_of(asked, "Confirm")["value"]
    assert "Someone else from Oak Valley has to confirm" in sends(town, "ana", "request.confirm", value)
    town.presses("gus", "Confirm", asked, "@gus")
    assert "Dov Lindqvist (representative)" in overview(town, "ana")


def last(town, user):
    town.settle()
    return text_of(town.direct(user)[-1])


def test_a_representative_is_made_a_plain_member_by_the_form_once_the_agency_confirms(town):
    town.types("ana", "/consortium member")
    assert town.fills("ana", person="finn", agency="Oak Valley", seat="Member")["closed"]
    assert told(town, "ana") == (
        "Someone from Oak Valley has to confirm that Finn Abernathy becomes a plain member. They have been asked, "
        "and I will tell you what they answer."
    )
    assert "Finn Abernathy (representative)" in overview(town, "ben")
    assert "Ana Reyes wants you to be a plain member of *Oak Valley*." in last(town, "finn")
    asked = town.direct("gus")[-1]
    assert text_of(asked).startswith(
        "Ana Reyes wants Finn Abernathy to be a plain member of *Oak Valley*. Oak Valley would then have no "
        "representative, and all its people would speak for it.\n"
        "Nothing changes until someone from Oak Valley confirms it."
    )
    value = element_of(asked, "Confirm")["value"]
    assert "is for members of the consortium" in sends(town, "dov", "request.confirm", value)
    assert "Someone else from Oak Valley has to confirm" in sends(town, "cleo", "request.confirm", value)
    assert "Someone else from Oak Valley has to confirm" in sends(town, "ana", "request.confirm", value)
    assert "This request no longer exists." in sends(town, "gus", "request.confirm", "9999")
    town.presses("gus", "Confirm", asked, "@gus")
    answer = "The facilitators have been told that nobody represents Oak Valley now."
    assert [m for m in town.direct("gus") if answer in text_of(m)]
    assert "You are now a member of Oak Valley, and no longer its representative. Ana Reyes asked for it, and Gus" in (
        last(town, "finn")
    )
    assert "Gus Whitehorse has confirmed it: Finn Abernathy is now a member of Oak Valley. *Oak Valley has no rep" in (
        last(town, "ana")
    )
    assert "no representative or alternate" in overview(town, "ben")


@pytest.mark.parametrize("decides", ["Confirm", "Decline"])
def test_a_representative_moves_to_another_agency_once_their_own_confirms(town, decides):
    said = town.types("ana", '/consortium member @finn "Elm Schools"')
    assert "Someone from Oak Valley has to confirm that Finn Abernathy moves to Elm Schools." in said
    assert "Ana Reyes wants to move you from *Oak Valley* to Elm Schools." in last(town, "finn")
    town.presses("finn", decides, town.direct("finn")[-1], "@finn")
    moved = decides == "Confirm"
    assert ("*Elm Schools*: Ana Reyes (facilitator), Ben Ortiz (representative), Finn" in who(town)) is moved
    outcome = last(town, "ana")
    assert ("Oak Valley has no representative now" in outcome) is moved
    assert ("Nothing has changed." in outcome) is not moved


def test_an_alternate_who_speaks_alone_from_now_on_hears_it(town):
    town.types("cleo", "/consortium leave")
    town.fills("cleo")
    assert last(town, "eva") == (
        "*You speak for Birch Schools alone now.* It has no representative any more, and you are its alternate. "
        "`/vote` shows what is waiting for you."
    )


def test_those_who_are_named_hear_who_has_come_to_their_agency(town):
    town.waits("P2D")
    for name in ("dov", "hana"):
        town.types("ana", f'/consortium member @{name} "Birch Schools"')
    town.waits("P1D")
    for user in ("cleo", "eva"):
        (news,) = [text_of(m) for m in town.direct(user) if "New in" in text_of(m)]
        assert "*New in Birch Schools: Dov Lindqvist and Hana Okafor.*" in news
    assert not [m for m in town.direct("finn") if "New in" in text_of(m)]


def test_people_hear_what_a_facilitator_enters_about_them(town):
    town.types("ana", '/consortium member @hana "Elm Schools"')
    assert last(town, "hana") == (
        "You now belong to Elm Schools. Ana Reyes has entered this, and can change it. `/vote` shows what is waiting "
        "for you."
    )
    town.types("ana", '/consortium member @hana "Elm Schools" representative')
    assert last(town, "hana").startswith("You now speak for Elm Schools, as its representative. Ana Reyes has entered")
    assert last(town, "ben").startswith("Hana Okafor is now the representative of Elm Schools. You still belong to it")


def test_a_representative_who_joins_another_agency_gives_up_the_seat_and_facilitators_hear_it(town):
    town.types("finn", '/consortium join "Birch Schools"')
    town.settle()
    town.presses("cleo", "Confirm", town.direct("cleo")[-1], "@cleo")
    assert "The facilitators have been told that nobody represents Oak Valley now." in last(town, "cleo")
    assert "Finn Abernathy is now a member of Birch Schools. *Oak Valley has no representative now.*" in last(
        town, "ana"
    )


def test_an_agency_that_ended_is_restored_by_name_as_it_was(town):
    before = who(town)
    town.types("ana", '/consortium agency end "Oak Valley"')
    town.presses("ana", "End it", town.private_answer("ana"))
    assert '`/consortium agency restore "Oak Valley"`' in told(town, "ana")
    assert "Ana Reyes has ended *Oak Valley* in the consortium." in last(town, "finn")
    assert not town.direct("gus"), "only those who speak for it are told"
    listed = who(town)
    assert "Finn Abernathy" in listed and "Finn Abernathy (representative)" not in listed
    assert "Which agency? These have ended: Oak Valley." in town.types("ana", "/consortium agency restore")
    assert "No agency called “Zebra” has ended. These have ended: Oak Valley." in town.types(
        "ana", "/consortium agency restore Zebra"
    )
    for user, refused in (("dov", "is for members of the consortium"), ("ben", "Only a facilitator can do this")):
        assert refused in town.types(user, '/consortium agency restore "Oak Valley"')
    assert town.types("ana", "/consortium agency restore “oak valley”") == "Oak Valley is back."
    assert who(town) == before
    assert "*Oak Valley* is back in the consortium" in last(town, "finn")
    assert "No agency has ended" in town.types("ana", '/consortium agency restore "Oak Valley"')


def test_a_request_to_join_an_agency_that_ends_has_ended_and_the_person_hears(town):
    town.types("hana", '/consortium join "Oak Valley"')
    town.settle()
    asked = town.direct("finn")[-1]
    town.types("ana", '/consortium agency end "Oak Valley"')
    town.presses("ana", "End it", town.private_answer("ana"))
    assert last(town, "hana") == "Your request to join Oak Valley has ended. Oak Valley has ended."
    assert element_of(asked, "Confirm")
    assert [m for m in town.direct("finn") if "Nobody has to decide this any more." in text_of(m)]


def test_an_agency_comes_back_without_an_email_domain_that_another_one_uses(town):
    town.types("ana", '/consortium agency add "Pine Hill" domain:pine.example')
    town.types("ana", '/consortium agency end "Pine Hill"')
    town.presses("ana", "End it", town.private_answer("ana"))
    town.types("ana", '/consortium agency add "Fir Hill" domain:pine.example')
    said = town.types("ana", '/consortium agency restore "Pine Hill"')
    assert said == "Pine Hill is back. It has no email domain any more: Fir Hill uses pine.example now."
    changes(town, "hana", email="hana@pine.example")
    assert "You have asked to join Pine Hill" in town.types("hana", '/consortium join "Pine Hill"')
    assert "you have joined it" in town.types("hana", '/consortium join "Fir Hill"')


def test_the_more_specific_of_two_email_domains_decides(town):
    town.types("ana", '/consortium agency add "All Districts" domain:k12.example')
    town.types("ana", '/consortium agency add "Pine Hill" domain:pine.k12.example')
    changes(town, "hana", email="hana@mail.pine.k12.example")
    assert "You have asked to join All Districts" in town.types("hana", '/consortium join "All Districts"')
    assert "you have joined it" in town.types("hana", '/consortium join "Pine Hill"')
    assert "*Pine Hill*: Hana Okafor" in who(town)


def test_a_request_to_join_ends_when_the_person_is_added_in_another_way(town):
    town.types("hana", '/consortium join "Oak Valley"')
    town.settle()
    asked = town.direct("finn")[-1]
    town.types("ana", '/consortium member @hana "Birch Schools"')
    late = sends(town, "finn", "request.confirm", element_of(asked, "Confirm")["value"])
    assert "Nobody has to decide this any more: Hana Okafor is now a member of Birch Schools." in late
    assert "*Oak Valley*: Finn Abernathy (representative), Gus Whitehorse\n" in who(town) + "\n"


# facilitators ------------------------------------------------------------------------------------------


def test_facilitators_are_named_and_removed_and_the_last_one_stays(town):
    assert "is the only facilitator" in town.types("ana", "/consortium facilitator remove @ana")
    assert "Hana Okafor is now a facilitator" in town.types("ana", "/consortium facilitator @hana")
    town.settle()
    assert "Ana Reyes has named you a facilitator" in text_of(town.direct("hana")[-1])
    assert "Ana Reyes is no longer a facilitator" in town.types("hana", "/consortium facilitator remove @ana")
    assert "You can ask Hana Okafor." in town.types("ana", "/consortium settings")
    assert "Ben Ortiz is not a facilitator." in town.types("hana", "/consortium facilitator remove @ben")
    assert "*Without an agency*: Hana Okafor (facilitator)" in town.types("ben", "/consortium who")


def test_what_changes_nothing_is_not_reported_as_a_change(town):
    for typed, said in (
        ("facilitator @ben", "Ben Ortiz is already a facilitator. `/consortium` shows who is."),
        ('member @ben "Elm Schools" representative', "Ben Ortiz is already the representative of Elm Schools."),
        ("away until 2027-01-08 @ben", "Ben Ortiz is already away until"),
        ('agency weight "Elm Schools" 2', "Elm Schools already carries a share of 2. Nothing has changed."),
        ('agency rename "Elm Schools" "Elm Schools"', "Elm Schools is already called that. Nothing has changed."),
    ):
        town.types("ana", f"/consortium {typed}")
        town.settle()
        before = len(town.direct("ben"))
        assert said in town.types("ana", f"/consortium {typed}")
        town.settle()
        assert len(town.direct("ben")) == before, typed


def test_a_second_facilitator_is_named_by_the_button_of_the_overview(town):
    overview(town, "ana")
    assert "<Person>" in town.presses("ana", "Name a second facilitator", town.private_answer("ana"))
    assert town.fills("ana", person="ben")["closed"]
    assert "Ben Ortiz is now a facilitator" in told(town, "ana")
    assert "[Name a second facilitator]" not in overview(town, "ana")
    assert "is for members of the consortium" in sends(town, "dov", "member.facilitator", "")
    assert "Only a facilitator can do this" in sends(town, "cleo", "member.facilitator", "")


def test_an_outsider_who_was_made_and_unmade_facilitator_is_an_outsider(town):
    town.types("ana", "/consortium facilitator @hana")
    town.types("ana", '/task add "Call the printer" @hana')
    town.settle()
    town.presses("hana", "I'll take it", town.direct("hana")[-1], "@hana")
    said = town.types("ana", "/consortium facilitator remove @hana")
    assert said == (
        "Hana Okafor is no longer a facilitator. They belong to no agency, so they are no longer a member of the "
        "consortium. Without an owner now: 1 task."
    )
    assert last(town, "hana") == (
        "Ana Reyes has ended your role as a facilitator. You belong to no agency, so you are no longer a member of the "
        "consortium."
    )
    for _ in range(2):
        assert "Hana" not in who(town)
        assert "is for members of the consortium" in town.types("hana", "/vote")
        town.waits("P1DT1H")
    town.types("ana", "/consortium facilitator @gus")
    town.types("ana", "/consortium facilitator remove @gus")
    assert last(town, "gus") == "Ana Reyes has ended your role as a facilitator."
    assert "Hana Okafor is now a facilitator" in town.types("ana", "/consortium facilitator @hana")


def test_the_overview_shows_each_reader_the_buttons_that_they_may_press(town):
    town.types("ana", "/vote Lunch? 1")
    outsider, member, facilitator = (overview(town, user) for user in ("dov", "ben", "ana"))
    for said in (outsider, member, facilitator):
        assert "*Northern Valleys*" in said
        assert "*Elm Schools* · 2 people · Ben Ortiz (representative)" in said
    assert "[Join an agency]" in outsider
    assert "[New proposal]" not in outsider
    assert "[Waiting for me]" in member
    assert "[New proposal]" in member
    assert "[Settings]" not in member
    assert "[Settings]" in facilitator
    assert "You are the only facilitator. A consortium needs two." in facilitator
    assert "[Name a second facilitator]" in facilitator
    assert "[Name a second facilitator]" not in member


BUTTONS = (
    ("Waiting for me", "You're up to date."),
    ("New proposal", "<Title>"),
    ("New poll", "<Question>"),
    ("Decisions", "There is nothing in the decision log yet."),
    ("Add an agency", "<Name of the agency>"),
    ("Add a person", "<Person>"),
    ("Name a second facilitator", "<Person>"),
    ("Import", "<Or paste a table>"),
    ("Settings", "<Quorum, in percent>"),
)


def test_each_button_of_the_overview_works(town):
    overview(town, "ana")
    shown = town.private_answer("ana")
    for button, opens in BUTTONS:
        assert opens in town.presses("ana", button, shown), button
        town.closes_forms("ana")


SETTINGS = (
    ("quorum", "0", "at least 1"),
    ("quorum", "101", "at most 100"),
    ("quorum", "sixty", "whole number"),
    ("open_days", "91", "at most 90"),
    ("talk_days", "-1", "at least 0"),
    ("quiet_from", "25:00", "Enter a time of day, such as 18:00."),
    ("quiet_until", "8", "Enter a time of day, such as 18:00."),
    ("quiet_until", "18:00", "begin and end at different times"),
    ("rule", "heads", "a majority of members is turned off below"),
)


def test_wrong_settings_are_refused_at_their_field(town):
    for field, value, said in SETTINGS:
        town.types("ana", "/consortium settings")
        assert said in town.fills("ana", **{field: value})["errors"][field], value
        town.closes_forms("ana")


def test_the_name_and_the_zone_of_the_consortium_can_be_corrected(town):
    town.types("ana", "/consortium settings")
    assert "I do not know the time zone “Mars”" in town.fills("ana", zone="Mars")["errors"]["zone"]
    assert "needs a name" in town.fills("ana", name="!!")["errors"]["name"]
    assert town.fills("ana", name="Northern  Valleys Consortium", zone="chicago")["closed"]
    assert "*Northern Valleys Consortium*" in overview(town, "ben")
    with town.bot.db.read() as session:
        found = session.scalars(select(Consortium)).one()
        assert (found.name, found.zone) == ("Northern Valleys Consortium", "America/Chicago")
    assert "Only a facilitator can do this" in town.types("ben", "/consortium settings")


def test_a_setting_with_which_no_proposal_could_be_made_is_refused(town):
    town.types("ana", "/consortium settings")
    answer = town.fills("ana", rule="consent", open_days="4")
    assert "Choose 5 days or more" in answer["errors"]["open_days"]
    assert town.fills("ana", rule="consent", open_days="5")["closed"]
    # Wednesday to Monday, Friday to Wednesday, Saturday to Thursday
    for _ in range(3):
        assert "is on its way" in town.types("ben", '/propose now "Adopt the calendar"')
        town.waits("P2D")


def test_settings_apply_to_the_next_proposal(town):
    town.types("ana", "/consortium settings")
    assert town.fills("ana", rule="majority", quorum="75", open_days="3", quiet_from="17:30")["closed"]
    assert "Settings saved." in told(town, "ana")
    assert "majority of agencies" in text_of(town.proposes())
    assert "(quorum 3)" in text_of(town.message("#1"))


def test_two_facilitators_who_change_settings_at_once_each_change_only_what_they_changed(town):
    town.types("ana", "/consortium facilitator @gus")
    for user in ("ana", "gus"):
        town.types(user, "/consortium settings")
    assert town.fills("gus", quorum="75", heads=["heads"])["closed"]
    assert town.fills("ana", open_days="3")["closed"]
    with town.bot.db.read() as session:
        consortium = session.scalars(select(Consortium)).one()
        assert (consortium.quorum, consortium.open_days, consortium.heads_allowed) == (75, 3, True)
    for user in ("ana", "gus"):
        town.types(user, "/consortium settings")
        town.presses_in_form(user, "Balance of work")
    assert town.fills("gus", hours="7.5")["closed"]
    assert town.fills("ana", share="200")["closed"]
    for user in ("ana", "gus"):
        town.types(user, "/meeting settings")
    assert town.fills("gus", step__call="5d")["closed"]
    assert town.fills("ana", step__remind="30m")["closed"]
    with town.bot.db.read() as session:
        consortium = session.scalars(select(Consortium)).one()
        assert (consortium.hours_a_month, consortium.share_limit) == (7.5, 200)
        assert meetings.reminder_steps(session, consortium.id) == {"call": 5 * 24 * 60, "remind": 30}


def test_thresholds_and_currency_from_the_settings_apply_from_then_on(town):
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
    with town.bot.db.read() as session:
        own = session.scalars(select(Consortium)).one()
    assert (own.hours_a_month, own.share_limit, own.currency) == (7.5, 200, "EUR")
    assert "gave €500" in town.types("ben", '/workload give money:€500 "x"')
    assert "Amounts here are in EUR" in town.types("ben", '/workload give money:$500 "x"')
    assert "The default of 7.5 h a month applies to you" in town.types("ben", "/workload hours none")
    assert "Only a facilitator can do this" in town.types("ben", "/workload settings")


def test_a_person_who_is_away_gets_no_reminders_until_they_are_back(town):
    assert "You are away until Fri, Jan 8, 2027" in town.types("cleo", "/consortium away until 2027-01-08")
    town.proposes(more="closes:4d")
    town.waits("P3D")
    assert not town.direct("cleo")
    assert len(town.direct("eva")) == 1, "the alternate is asked"
    assert "Welcome back." in town.types("cleo", "/consortium back")
    assert "You were not away." in town.types("cleo", "/consortium back")


def test_only_a_facilitator_can_mark_another_person_as_away(town):
    for name, day, until in (
        ("@cleo", "thursday", "Thu, Dec 3, 2026"),
        ("@Cleo Marchetti", "friday", "Fri, Dec 4, 2026"),
    ):
        said = town.types("ana", f"/consortium away until {day} {name}")
        assert f"Cleo Marchetti is away until {until}" in said
        assert "Only a facilitator can do this" in town.types("ben", f"/consortium away {name} until friday")


def test_the_lists_of_a_consortium_with_hundreds_of_people_fit(town):
    with town.bot.db.begin() as session:
        own = session.scalars(select(Consortium)).one()
        for number in range(120):
            agency = agencies.add(session, own.id, f"{number:03} {'<&' * 35}", town.now())
            for place in range(3):
                user = f"U0{number:03}{place}"
                session.add(
                    Member(
                        consortium_id=own.id,
                        team_id="T0FARAWAY",
                        user_id=user,
                        name=f"Somebody & Somebody {user}",
                        zone="UTC",
                        agency_id=agency.id,
                        joined_at=town.now(),
                    )
                )
    assert "123 agencies" in overview(town, "ana")
    assert "more" in town.types("ben", "/consortium who")
    assert "*Oak Valley*: Finn Abernathy (representative), Gus Whitehorse" in town.types("ben", "/consortium who oak")
    assert "There is no agency “Zebra”" in town.types("ana", "/consortium join Zebra")
    assert "<Agency>" in town.types("ana", "/consortium member")


# leaving Slack -----------------------------------------------------------------------------------------


def test_when_a_representative_leaves_slack_the_position_stays_and_the_facilitators_are_told(town):
    town.proposes()
    town.types("finn", "/vote 1 block Not yet")
    leaves(town, "finn")
    news = text_of(town.direct("ana")[-1])
    assert "Finn Abernathy of Oak Valley has left Slack. Their history is kept." in news
    assert "*Oak Valley has no representative now.*" in news
    assert not [m for m in town.direct("gus") if "has left" in text_of(m)]
    assert "1 blocks" in text_of(town.message("#1"))
    assert "no representative or alternate" in overview(town, "ben")
    assert "Finn" not in town.types("ben", "/consortium who")
    assert "Gus Whitehorse is now the representative" in town.types("ana", "/consortium member @gus Oak representative")
    town.types("gus", "/vote 1 agree")
    town.settle()
    assert "nobody blocks" in text_of(town.message("#1"))


def test_when_another_member_leaves_slack_the_news_mentions_no_representative(town):
    leaves(town, "gus")
    news = text_of(town.direct("ana")[-1])
    assert "Gus Whitehorse of Oak Valley has left Slack" in news
    assert "no representative" not in news


def test_when_the_last_facilitator_leaves_whoever_speaks_for_an_agency_can_name_one(town):
    leaves(town, "ana")
    for user in ("ben", "cleo", "eva", "finn"):
        assert "There is no facilitator left. Whoever speaks for an agency can name one" in text_of(
            town.direct(user)[-1]
        )
    assert not town.direct("gus")
    assert "Whoever speaks for an agency can name one" in town.types("gus", "/consortium facilitator @gus")
    assert "Gus Whitehorse is now a facilitator" in town.types("eva", "/consortium facilitator @gus")
    assert "Only a facilitator can do this" in town.types("ben", "/consortium facilitator @ben")


def test_a_person_who_comes_back_to_slack_is_a_plain_member_of_the_same_agency(town):
    leaves(town, "finn")
    assert "Finn Abernathy has left Slack." in town.types("ana", "/consortium member @finn Oak")
    changes(town, "finn", deleted=False)
    assert "*Oak Valley*: Finn Abernathy, Gus Whitehorse" in town.types("finn", "/consortium who")
    assert "You're up to date" in town.types("finn", "/vote")


def test_a_new_name_in_slack_is_copied(town):
    changes(town, "finn", real_name="Finn <b> & Sons")
    assert "Finn &lt;b&gt; &amp; Sons" in overview(town, "ben")


# socket mode -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["socket"])
def test_proposals_and_polls_work_over_a_socket(town):
    message = town.proposes()
    for user in ("ben", "cleo", "finn"):
        assert "Agree" in town.presses(user, "Agree", message)
    assert "is for members of the consortium" in town.presses("dov", "Agree", message)
    assert "is closed. Adopted by consensus" in town.types("ana", "/propose close 1")
    poll = town.asks('/vote "Which week?" "12 Jan" "19 Jan"')
    assert "Your vote in #2 is noted." in town.presses("ben", "12 Jan", poll)
    assert "Poll 2 is closed" in town.types("ana", "/vote close 2")


def test_profile_changes_missed_while_the_bot_was_down_are_found_within_a_day(town):
    people = town.sandbox.world.directory
    people.person("cleo").tz = "Europe/Berlin"
    people.person("finn").deleted = True
    town.waits("P1DT1H")
    assert "PM CET" in town.types("cleo", "/consortium away until 2026-12-20")
    town.waits("P1D")
    assert "Finn Abernathy of Oak Valley has left Slack" in str(town.direct("ana"))


def test_the_daily_check_of_profiles_is_repeated_after_slack_failed(town):
    town.sandbox.world.directory.person("cleo").tz = "Europe/Berlin"
    town.forgiven.add("internal_error")
    town.call("faults", method="users.list", fault="500")
    town.waits("P1DT2H")
    assert "PM CET" in town.types("cleo", "/consortium away until 2026-12-20")
