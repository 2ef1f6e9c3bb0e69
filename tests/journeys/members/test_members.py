"""Founding, agencies, people and who speaks for whom, as people live them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from storage import agencies
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from tests.town import text_of


def whisper(town, user, channel="council"):
    """Give the last message that only this person sees."""
    town.settle()
    return [m for m in town.messages(user, channel) if m.get("ephemeral")][-1]


def told(town, user, channel="council"):
    return text_of(whisper(town, user, channel))


def overview(town, user):
    return town.types(user, "/consortium")


def changes(town, user, **what):
    """Change a person in Slack, and let the bot hear of it and say what follows."""
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
    assert "has its consortium already: Northern Valleys" in second
    assert counted(town, Consortium) == 1


def test_a_consortium_is_founded_by_the_form_that_the_first_refusal_offers(empty_town):
    town = empty_town
    town.types("ana", "/consortium")
    town.presses("ana", "Found a consortium", whisper(town, "ana"))
    assert town.fills("ana", name="—")["errors"]["name"].startswith("The consortium needs a name")
    assert town.fills("ana", name="Northern Valleys")["closed"]
    assert "*Northern Valleys* is founded" in told(town, "ana")
    town.types("ben", "/consortium who")
    assert "has its consortium already" in town.types("ben", "/consortium setup")


def test_two_people_founding_at_the_same_moment_found_one_consortium(empty_town):
    town = empty_town

    def found(user):
        return town.call("command", user=user, channel="council", text=f'/consortium setup "Valleys of {user}"')

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(found, ("ana", "ben", "cleo", "eva")))
    said = [text_of(answer["response"]) for answer in answers]
    assert sum("is founded, and you are its first facilitator" in text for text in said) == 1, said
    assert sum("has its consortium already: Valleys of" in text for text in said) == 3, said
    assert counted(town, Consortium) == 1
    assert counted(town, Member) == 1


def test_a_zone_that_does_not_exist_is_asked_about(empty_town):
    said = empty_town.types("ana", '/consortium setup "Northern Valleys" zone:Narnia')
    assert "no zone “Narnia”" in said
    assert counted(empty_town, Consortium) == 0


# agencies ----------------------------------------------------------------------------------------------


def test_an_agency_is_added_renamed_weighed_ended_and_taken_back_by_typing(town):
    said = town.types("ana", '/consortium agency add "Pine Hill" weight:2 domain:pine.example')
    assert "Pine Hill is in." in said
    assert "is called Pine Ridge now" in town.types("ana", '/consortium agency rename "pine hill" "Pine Ridge"')
    assert "share of 0.5 now" in town.types("ana", '/consortium agency weight "Pine" 0.5')
    assert "End Pine Ridge?" in town.types("ana", '/consortium agency end "Pine Ridge"')
    town.presses("ana", "End it", whisper(town, "ana"))
    assert "Pine Ridge has ended. Its history stays." in told(town, "ana")
    assert "Pine" not in overview(town, "ben")
    undo = next(m for m in town.messages("ana") if "[Undo]" in text_of(m))
    town.presses("ana", "Undo", undo)
    assert "*Pine Ridge* · nobody yet" in overview(town, "ben")


def test_an_agency_is_added_by_the_form(town):
    form = town.types("ana", "/consortium agency add")
    assert "<Its name>" in form
    assert "have the same name" in town.fills("ana", name="elm  SCHOOLS")["errors"]["name"]
    assert "e-mail domain" in town.fills("ana", name="Pine Hill", domain="nonsense")["errors"]["domain"]
    assert town.fills("ana", name="Pine Hill", domain="pine.example", weight="2")["closed"]
    assert "Pine Hill is in" in told(town, "ana")


def test_two_living_agencies_cannot_share_a_name_or_a_domain_but_an_ended_one_frees_its_name(town):
    assert "cannot have the same name" in town.types("ana", '/consortium agency add "ELM schools"')
    assert "“elm schools” already" in town.types("ana", '/consortium agency rename "Oak Valley" "elm schools"')
    town.types("ana", '/consortium agency add "Pine Hill" domain:pine.example')
    assert "has the e-mail domain" in town.types("ana", '/consortium agency add "Fir Hill" domain:pine.example')
    town.types("ana", '/consortium agency end "Pine Hill"')
    town.presses("ana", "End it", whisper(town, "ana"))
    ended = whisper(town, "ana")
    assert "is in" in town.types("ana", '/consortium agency add "Pine Hill"')
    town.presses("ana", "Undo", ended)
    assert "Another agency has this name by now" in told(town, "ana")
    with town.bot.db.read() as session:
        living = session.scalars(select(Agency).where(Agency.ended_at.is_(None), Agency.folded == "pine hill"))
        assert len(living.all()) == 1


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
def test_somebody_asks_to_join_and_facilitator_or_representative_confirms_once(town, confirmer):
    said = town.types("hana", '/consortium join "Oak Valley"')
    assert "You have asked to join Oak Valley." in said
    assert "Finn Abernathy or Ana Reyes can confirm it, and you will be told." in said
    assert "already; it waits to be confirmed" in town.types("hana", "/consortium join Oak")
    town.settle()
    asked = {user: town.direct(user)[-1] for user in ("ana", "finn")}
    assert "Hana Okafor (hana@example.org) asks to join *Oak Valley*." in text_of(asked[confirmer])
    town.presses(confirmer, "Confirm", asked[confirmer], f"@{confirmer}")
    assert "Hana Okafor belongs to Oak Valley now." in text_of(town.direct(confirmer)[-1])
    assert "Welcome: you belong to Oak Valley now" in text_of(town.direct("hana")[-1])
    other = "finn" if confirmer == "ana" else "ana"
    town.presses(other, "Decline", asked[other], f"@{other}")
    name = {"ana": "Ana Reyes", "finn": "Finn Abernathy"}[confirmer]
    assert f"The request of Hana Okafor is confirmed already by {name}." in text_of(town.direct(other)[-1])
    assert "Hana Okafor" in town.types("ben", "/consortium who")


def test_a_request_can_be_declined_and_the_asker_is_told_kindly(town):
    town.types("hana", "/consortium join")
    assert town.fills("hana", agency="Oak Valley")["closed"]
    town.presses("finn", "Decline", town.direct("finn")[-1], "@finn")
    assert "has not confirmed that you belong to Oak Valley" in text_of(town.direct("hana")[-1])
    assert "Hana" not in town.types("ben", "/consortium who")


def test_an_outsider_finds_the_way_in_by_the_button_of_the_refusal(town):
    town.types("dov", "/vote")
    form = town.presses("dov", "Join an agency", whisper(town, "dov"))
    assert "<Which one do you work with?>" in form
    assert town.fills("dov", agency="Birch Schools")["closed"]
    assert "You have asked to join Birch Schools" in told(town, "dov")
    for user in ("cleo", "ana"):
        assert "Dov Lindqvist" in text_of(town.direct(user)[-1])
    assert not town.direct("gus")


def test_nobody_else_confirms_who_joins(town):
    town.types("hana", "/consortium join Oak")
    town.settle()
    asked = town.direct("ana")[-1]
    button = next(e for b in asked["blocks"] for e in b.get("elements", []) if e.get("value"))
    town.types("ana", "/consortium facilitator @gus")
    town.types("gus", "/consortium facilitator remove @ana")
    refused = town.presses("ana", "Confirm", asked, "@ana")
    assert "A facilitator or the representative of Oak Valley confirms this." in refused
    assert button["value"]
    assert "Hana" not in town.types("ben", "/consortium who")


def test_an_email_domain_lets_somebody_in_at_once(town):
    changes(town, "hana", email="hana@mail.pine.example")
    town.types("ana", '/consortium agency add "Pine Hill" domain:pine.example')
    assert "Your e-mail address says that you belong to Pine Hill" in town.types("hana", '/consortium join "Pine Hill"')
    assert "*Pine Hill*: Hana Okafor" in town.types("ben", "/consortium who")
    changes(town, "dov", email="dov@notpine.example")
    assert "You have asked to join" in town.types("dov", '/consortium join "Pine Hill"')


def test_a_person_of_another_workspace_joins_by_button_and_presses_positions(town):
    added = town.call("people", name="zoe", real_name="Zoe Far", home="T0FARAWAY", channels=["council"])
    assert added["ok"], added
    message = town.proposes()
    refused = town.presses("zoe", "Agree", message)
    assert "is for members of the consortium" in refused
    town.presses("zoe", "Join an agency", whisper(town, "zoe"))
    assert town.fills("zoe", agency="Oak Valley")["closed"]
    assert "You have asked to join Oak Valley" in told(town, "zoe")
    town.presses("finn", "Confirm", town.direct("finn")[-1], "@finn")
    assert "as your voice" in town.presses("zoe", "Agree", message)
    with town.bot.db.read() as session:
        zoe = session.scalars(select(Member).where(Member.name == "Zoe Far")).one()
        assert zoe.team_id == "T0FARAWAY"


# seats -------------------------------------------------------------------------------------------------


PLACED = (
    ('@hana "Oak Valley" alternate', "Hana Okafor is the alternate of Oak Valley now."),
    ("@Hana Okafor Oak alternate", "Hana Okafor is the alternate of Oak Valley now."),
    ("alternate “oak valley” @hana", "Hana Okafor is the alternate of Oak Valley now."),
    ('@Hana "Oak"', "Hana Okafor is a member of Oak Valley now."),
    ('@Gus Whitehorse Jr "Oak"', "“Jr” is none of representative, alternate and member"),
    ("@gus Birch representative", "Somebody of Birch Schools has to confirm"),
    ('@gus "E" representative', "is the representative of Elm Schools now"),
    ("@nobody Oak", "I do not know anyone called “@nobody”"),
    ('"Oak Valley" alternate', "Name the person with an `@`. For example: `/consortium member @ben"),
    ("@hana", "Say who, in which agency, and as what"),
    ("@hana Zebra", "There is no agency “Zebra”. The agencies are"),
)


def test_a_person_is_placed_by_typing(town):
    for typed, said in PLACED:
        assert said in town.types("ana", f"/consortium member {typed}"), typed


def test_a_person_is_placed_by_the_form(town):
    assert "<Who>" in town.types("ana", "/consortium member")
    assert town.fills("ana", person="hana", agency="Oak Valley", seat="Alternate")["closed"]
    assert "Hana Okafor is the alternate of Oak Valley now." in told(town, "ana")
    assert "Finn Abernathy (representative), Hana Okafor (alternate)" in overview(town, "ben")


def test_a_new_representative_is_confirmed_by_the_agency_and_not_by_the_newcomer(town):
    town.types("ana", "/consortium member @gus Oak member")
    assert "has to confirm that Gus Whitehorse takes over" in town.types(
        "ana", "/consortium member @gus Oak representative"
    )
    town.settle()
    assert "Ana Reyes has named Gus Whitehorse to speak for *Oak Valley*" in text_of(town.direct("finn")[-1])
    assert not town.direct("gus"), "the newcomer is not asked"
    assert "Finn Abernathy (representative)" in overview(town, "ben")
    asked = town.direct("finn")[-1]
    town.presses("finn", "Confirm", asked, "@finn")
    assert "Gus Whitehorse (representative)" in overview(town, "ben")
    assert "You speak for Oak Valley now" in text_of(town.direct("gus")[-1])


def test_nobody_makes_themselves_the_representative_in_anothers_place(town):
    said = town.types("ana", "/consortium member @ana Elm representative")
    assert "Somebody of Elm Schools has to confirm that Ana Reyes takes over" in said
    town.settle()
    assert not town.direct("ana")
    town.presses("ben", "Decline", town.direct("ben")[-1], "@ben")
    assert "Ben Ortiz (representative)" in overview(town, "gus")
    assert "has not confirmed that you speak for it" in text_of(town.direct("ana")[-1])


# facilitators ------------------------------------------------------------------------------------------


def test_facilitators_are_named_and_removed_and_the_last_one_stays(town):
    assert "is the only facilitator" in town.types("ana", "/consortium facilitator remove @ana")
    assert "Hana Okafor is a facilitator now" in town.types("ana", "/consortium facilitator @hana")
    town.settle()
    assert "Ana Reyes has named you a facilitator" in text_of(town.direct("hana")[-1])
    assert "Ana Reyes is no facilitator any more" in town.types("hana", "/consortium facilitator remove @ana")
    assert "You can ask Hana Okafor." in town.types("ana", "/consortium settings")
    assert "Ben Ortiz is no facilitator." in town.types("hana", "/consortium facilitator remove @ben")
    assert "*Without an agency*: Hana Okafor (facilitator)" in town.types("ben", "/consortium who")


def test_the_overview_shows_each_person_the_buttons_that_are_theirs(town):
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
    assert "There should be two facilitators" in facilitator


BUTTONS = (
    ("Waiting for me", "You're up to date."),
    ("New proposal", "<Title>"),
    ("New poll", "<Question>"),
    ("Decisions", "There is nothing in the decision log yet."),
    ("Add an agency", "<Its name>"),
    ("Place a person", "<Who>"),
    ("Import", "<The table>"),
    ("Settings", "<Quorum, in percent>"),
)


def test_each_button_of_the_overview_works(town):
    overview(town, "ana")
    shown = whisper(town, "ana")
    for button, opens in BUTTONS:
        assert opens in town.presses("ana", button, shown), button
        town.closes_forms("ana")


SETTINGS = (
    ("quorum", "0", "at least 1"),
    ("quorum", "101", "at most 100"),
    ("quorum", "sixty", "whole number"),
    ("open_days", "91", "at most 90"),
    ("talk_days", "-1", "at least 0"),
    ("quiet_from", "25:00", "A time of day, such as 18:00."),
    ("quiet_until", "8", "A time of day, such as 18:00."),
    ("quiet_until", "18:00", "a beginning and an end that differ"),
    ("rule", "heads", "Counting heads is switched off below"),
)


def test_settings_that_make_no_sense_are_asked_about_at_their_field(town):
    for field, value, said in SETTINGS:
        town.types("ana", "/consortium settings")
        assert said in town.fills("ana", **{field: value})["errors"][field], value
        town.closes_forms("ana")


def test_settings_are_kept_and_hold_for_what_is_proposed_next(town):
    town.types("ana", "/consortium settings")
    assert town.fills("ana", rule="majority", quorum="75", open_days="3", quiet_from="17:30")["closed"]
    assert "The settings are kept." in told(town, "ana")
    assert "majority of agencies" in text_of(town.proposes())
    assert "(quorum 3)" in text_of(town.message("#1"))


def test_who_is_away_is_left_in_peace_until_back(town):
    assert "left in peace until Fri 8 Jan 2027" in town.types("cleo", "/consortium away until 2027-01-08")
    town.proposes(more="closes:4d")
    town.waits("P3D")
    assert not town.direct("cleo")
    assert len(town.direct("eva")) == 1, "the alternate is asked"
    assert "Welcome back." in town.types("cleo", "/consortium back")
    assert "You were not away." in town.types("cleo", "/consortium back")


def test_a_facilitator_says_that_somebody_else_is_away(town):
    for name in ("@cleo", "@Cleo Marchetti"):
        said = town.types("ana", f"/consortium away until friday {name}")
        assert "Cleo Marchetti is left in peace until Fri 4 Dec 2026" in said
        assert "Only a facilitator can do this" in town.types("ben", f"/consortium away {name} until friday")


def test_a_consortium_of_hundreds_can_still_be_looked_at(town):
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


# import ------------------------------------------------------------------------------------------------

TABLE = """agency,person,role,weight,domain
Pine Hill,hana@example.org,representative,2,pine.example
Pine Hill,Dov Lindqvist,alternate,,
Fir Hill,,,1,
"""


def imports(town, table):
    town.types("ana", "/consortium import")
    answer = town.fills("ana", table=table)
    town.closes_forms("ana")
    return answer["errors"]["table"] if answer["errors"] else told(town, "ana")


def test_a_table_brings_agencies_and_people_in_and_twice_the_same_changes_nothing(town):
    assert imports(town, TABLE) == "2 new agencies, 2 people placed."
    before = overview(town, "ben")
    assert "*Pine Hill* · 2 people · Hana Okafor (representative), Dov Lindqvist (alternate)" in before
    assert imports(town, TABLE).startswith("0 new agencies")
    assert overview(town, "ben") == before


UNREADABLE = (
    ("agency,person\nPine Hill,hana\nFir Hill,nobody", "Line 3: Slack knows nobody"),
    ("agency,role\nPine Hill,king", "Line 2: “king” is no role"),
    ("agency,weight\nPine Hill,heavy", "Line 2: A weight is a number"),
    ("agency,person\nPine Hill,hana,extra", "Line 2 has more cells"),
    ("agency,shoe\nPine Hill,9", "I do not know the columns shoe"),
    ("agency,person", "no line below the columns"),
    ("Pine Hill\nFir Hill", "The first line has to name the columns"),
    ("agency,person\nPine Hill,hana\n\n,ben", "Line 4"),
    ("agency,domain\nPine Hill,p.example\nFir Hill,p.example", "p.example already"),
)


def test_a_table_with_a_line_that_cannot_be_read_brings_nothing_in(town):
    for table, said in UNREADABLE:
        assert said in imports(town, table), table
    assert counted(town, Agency) == 3
    assert counted(town, Member) == 6


# leaving Slack -----------------------------------------------------------------------------------------


def test_who_leaves_slack_can_act_no_more_but_their_word_stays_and_facilitators_are_told(town):
    town.proposes()
    town.types("finn", "/vote 1 block Not yet")
    leaves(town, "finn")
    news = text_of(town.direct("ana")[-1])
    assert "Finn Abernathy of Oak Valley has left Slack. What was said stays." in news
    assert "*Oak Valley has no representative now.*" in news
    assert not [m for m in town.direct("gus") if "has left" in text_of(m)]
    assert "1 blocks" in text_of(town.message("#1"))
    assert "nobody is named to speak for it" in overview(town, "ben")
    assert "Finn" not in town.types("ben", "/consortium who")
    assert "Gus Whitehorse is the representative" in town.types("ana", "/consortium member @gus Oak representative")
    town.types("gus", "/vote 1 agree")
    town.settle()
    assert "nobody blocks" in text_of(town.message("#1"))


def test_when_an_ordinary_member_leaves_nothing_is_said_about_a_representative(town):
    leaves(town, "gus")
    news = text_of(town.direct("ana")[-1])
    assert "Gus Whitehorse of Oak Valley has left Slack" in news
    assert "no representative" not in news


def test_when_the_last_facilitator_leaves_any_representative_can_name_one(town):
    leaves(town, "ana")
    for user in ("ben", "cleo", "finn"):
        assert "There is no facilitator left. Any representative can name one" in text_of(town.direct(user)[-1])
    assert not town.direct("gus")
    assert "A representative can name one" in town.types("gus", "/consortium facilitator @gus")
    assert "Gus Whitehorse is a facilitator now" in town.types("ben", "/consortium facilitator @gus")
    assert "Only a facilitator can do this" in town.types("ben", "/consortium facilitator @ben")


def test_who_comes_back_to_slack_belongs_to_their_agency_again_as_a_member(town):
    leaves(town, "finn")
    assert "Finn Abernathy has left Slack." in town.types("ana", "/consortium member @finn Oak")
    changes(town, "finn", deleted=False)
    assert "*Oak Valley*: Finn Abernathy, Gus Whitehorse" in town.types("finn", "/consortium who")
    assert "You're up to date" in town.types("finn", "/vote")


def test_a_new_name_in_slack_is_taken_over(town):
    changes(town, "finn", real_name="Finn <b> & Sons")
    assert "Finn &lt;b&gt; &amp; Sons" in overview(town, "ben")


# socket mode -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["socket"])
def test_the_whole_of_it_works_over_a_socket(town):
    message = town.proposes()
    for user in ("ben", "cleo", "finn"):
        assert "Agree" in town.presses(user, "Agree", message)
    assert "is for members of the consortium" in town.presses("dov", "Agree", message)
    assert "is closed. Adopted by consensus" in town.types("ana", "/propose close 1")
    poll = town.asks('/vote "Which week?" "12 Jan" "19 Jan"')
    assert "Your vote in #2 is noted." in town.presses("ben", "12 Jan", poll)
    assert "Poll 2 is closed" in town.types("ana", "/vote close 2")


def test_what_slack_told_while_nobody_listened_is_found_within_a_day(town):
    people = town.sandbox.world.directory
    people.person("cleo").tz = "Europe/Berlin"
    people.person("finn").deleted = True
    town.waits("P1DT1H")
    assert "(Europe/Berlin)" in town.types("cleo", "/consortium away until 2026-12-20")
    assert "Finn Abernathy has left Slack" in str(town.direct("ana"))


def test_a_day_on_which_slack_does_not_answer_is_made_up_for(town):
    town.sandbox.world.directory.person("cleo").tz = "Europe/Berlin"
    town.forgiven.add("internal_error")
    town.call("faults", method="users.list", fault="500")
    town.waits("P1DT2H")
    assert "(Europe/Berlin)" in town.types("cleo", "/consortium away until 2026-12-20")
