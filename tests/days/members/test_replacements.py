"""Who speaks for an agency changes only with its word, in whatever way somebody tries to change it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.imports.people import changes
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, Speakers
from handlers.members import facilitators, leaving, membership, seats
from storage import agencies, consortia, members, membership_requests
from storage.agencies import Agency
from storage.membership_requests import MembershipRequest
from storage.outbox import OutboxMessage
from storage.vocabulary import Departure, RequestKind, RequestState, Seat

FOUNDED = datetime(2026, 9, 1, 16, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
MEMBER, ALTERNATE, REPRESENTATIVE = Seat.MEMBER, Seat.ALTERNATE, Seat.REPRESENTATIVE


class Consortium:
    """A consortium of long standing, without Slack: Fay of Elm facilitates. People are added by name."""

    def __init__(self, session):
        self.session, self.now = session, FOUNDED
        self.consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", FOUNDED)
        self.agencies = {}
        for name in ("Elm", "Oak", "Birch", "Pine"):
            self.agencies[name] = agencies.add(session, self.consortium.id, name, FOUNDED)
        self.joins("Fay", "Elm", MEMBER)
        self.member("Fay").facilitator = True
        self.joins("Rae", "Elm", REPRESENTATIVE)

    def person(self, name):
        return Person("T1", f"U{name}", name, None, "UTC", bot=False, deleted=False)

    def joins(self, name, agency, seat):
        seats.assign(self.session, self.consortium, self.person(name), self.agencies[agency], seat, self.now)

    def member(self, name):
        return members.find(self.session, self.consortium.id, "T1", f"U{name}")

    def caller(self, name):
        self.session.flush()
        member = self.member(name)
        agency = self.session.get(Agency, member.agency_id) if member.agency_id is not None else None
        living = member if member.left_at is None else None
        return Caller("T1", "T1", member.user_id, self.consortium, living, agency)

    # ways ---------------------------------------------------------------------------------------------

    def by_command(self, actor, name, agency, seat):
        """Place a person as the command and the form do. Return whether an agency has to confirm it first."""
        where = self.agencies[agency]
        change = membership.assign_seat(self.session, self.caller(actor), self.person(name), where, seat, self.now)
        return change.waits

    def by_table(self, actor, name, agency, seat):
        """Place a person as a table does. Return whether an agency has to confirm it first."""
        return "request" in self.imports(actor, name, agency, seat)

    def imports(self, actor, name, agency, seat):
        caller, where = self.caller(actor), self.agencies[agency]
        member = self.member(name)
        living = member if member is not None and member.left_at is None else None
        plan = {
            "person": {"team": "T1", "user": f"U{name}", "name": name, "zone": "UTC"},
            "agency": agency,
            "agency_id": where.id,
            "seat": seat.value,
            "from": living.agency_id if living else None,
            "was": living.seat.value if living else None,
        }
        with changes.together(self.session, caller, self.now):
            return changes.carry_out(self.session, caller, plan, self.now)

    # what is true -------------------------------------------------------------------------------------

    def speakers(self, agency):
        where = self.agencies[agency]
        people = members.members_of_agency(self.session, where.id)
        named = Named.of(members.representatives(self.session, [where.id])[where.id])
        return Speakers(frozenset(person.id for person in people), named)

    def told(self, name, part=""):
        texts = self.session.scalars(select(OutboxMessage).where(OutboxMessage.channel == f"U{name}"))
        return [message.body["text"] for message in texts if part in str(message.body)]

    def open_requests(self):
        return membership_requests.list_open(self.session, self.consortium.id, RequestKind.SEAT)

    def decides(self, name, *, confirms=True):
        """Decide every open request that a person may decide. Return the answers."""
        answers = []
        for request in self.open_requests():
            try:
                answers.append(
                    membership.decide_request(self.session, self.caller(name), request.id, self.now, confirms=confirms)
                )
            except Refusal as refusal:
                answers.append(refusal.sentence)
        return answers


@pytest.fixture
def town(db):
    with db.begin() as session:
        yield Consortium(session)
        session.rollback()


def peopled(town, *, representative, alternate, others):
    """Give Oak its people long ago: Rex represents it, Ada is the alternate, Pat and Quinn are members."""
    # once, somebody was named: its founding is over
    town.joins("Old", "Oak", REPRESENTATIVE)
    town.joins("Old", "Birch", MEMBER)
    if representative:
        town.joins("Rex", "Oak", REPRESENTATIVE)
    if alternate:
        town.joins("Ada", "Oak", ALTERNATE)
    if others or not (representative or alternate):
        town.joins("Pat", "Oak", MEMBER)
    if others:
        town.joins("Quinn", "Oak", MEMBER)
    town.now = NOW


# every way and every situation -------------------------------------------------------------------------

R, A, P = "representative", "alternate", "others"
SITUATIONS = {
    "R": {R},
    "A": {A},
    "P": set(),
    "RA": {R, A},
    "R+": {R, P},
    "A+": {A, P},
    "P+": {P},
    "RA+": {R, A, P},
}
"""Who belongs to Oak: R its representative, A its alternate, P one member where nobody is named, + two members."""

EVERY = frozenset(SITUATIONS)
WITH_R, WITH_A = ({name for name in SITUATIONS if letter in name} for letter in "RA")
WITH_P = {"P", "R+", "A+", "P+", "RA+"}

ACTS = {
    # who, agency, seat: the situations in which it is possible, and those of them in which Oak confirms it
    "a newcomer becomes the representative": ("New", "Oak", REPRESENTATIVE, EVERY, EVERY),
    "a newcomer becomes the alternate": ("New", "Oak", ALTERNATE, EVERY, EVERY),
    "a newcomer becomes a member": ("New", "Oak", MEMBER, EVERY, {"P", "P+"}),
    "somebody of another agency becomes the representative": ("Old", "Oak", REPRESENTATIVE, EVERY, EVERY),
    "a member becomes the representative": ("Pat", "Oak", REPRESENTATIVE, WITH_P, WITH_P - {"P"}),
    "a member becomes the alternate": ("Pat", "Oak", ALTERNATE, WITH_P, WITH_P - {"P"}),
    "the alternate becomes the representative": ("Ada", "Oak", REPRESENTATIVE, WITH_A, WITH_A & WITH_R),
    "the representative becomes the alternate": ("Rex", "Oak", ALTERNATE, WITH_R, WITH_R),
    "the representative becomes a member": ("Rex", "Oak", MEMBER, WITH_R, WITH_R),
    "the alternate becomes a member": ("Ada", "Oak", MEMBER, WITH_A, WITH_A - {"A"}),
    "the representative moves away": ("Rex", "Birch", MEMBER, WITH_R, WITH_R),
    "the representative moves away to a seat": ("Rex", "Birch", REPRESENTATIVE, WITH_R, WITH_R),
    "the alternate moves away": ("Ada", "Birch", MEMBER, WITH_A, WITH_A),
    "a member moves away": ("Pat", "Birch", MEMBER, WITH_P, {"P", "P+"}),
    "the representative stays": ("Rex", "Oak", REPRESENTATIVE, WITH_R, set()),
}


@pytest.mark.parametrize("way", ["command", "table"])
@pytest.mark.parametrize("act", ACTS)
def test_an_agency_confirms_who_speaks_for_it(db, subtests, way, act):
    who, agency, seat, possible, confirmed = ACTS[act]
    for situation in sorted(possible):
        with subtests.test(situation), db.begin() as session:
            has = SITUATIONS[situation]
            town = Consortium(session)
            peopled(town, representative=R in has, alternate=A in has, others=P in has)
            if situation in confirmed:
                _waits_and_is_confirmed(town, way, who, agency, seat)
            else:
                assert not getattr(town, f"by_{way}")("Fay", who, agency, seat)
                assert not town.open_requests()
            session.rollback()


def _waits_and_is_confirmed(town, way, who, agency, seat):
    before = town.speakers("Oak")
    assert getattr(town, f"by_{way}")("Fay", who, agency, seat)
    assert town.speakers("Oak") == before, "nothing changes before it is confirmed"
    assert town.decides("Fay") == ["Someone else from Oak has to confirm who speaks for it."]
    asked = [name for name in ("Rex", "Ada", "Pat", "Quinn") if town.told(name, "request.confirm")]
    assert asked, "there is always somebody who can confirm"
    town.decides(asked[-1])
    moved = town.member(who)
    assert (moved.agency_id, moved.seat) == (town.agencies[agency].id, seat)
    assert town.told("Fay", "has confirmed it"), "who asked hears how it ended"
    assert asked[-1] == who or town.told(who), "the person hears about it"


@pytest.mark.parametrize("act", [act for act, (*_, confirmed) in ACTS.items() if "RA+" in confirmed])
def test_the_word_of_a_facilitator_who_belongs_to_the_agency_is_enough(town, act):
    who, agency, seat, *_ = ACTS[act]
    town.joins("Flo", "Oak", MEMBER)
    town.member("Flo").facilitator = True
    peopled(town, representative=True, alternate=True, others=True)
    assert not town.by_command("Flo", who, agency, seat)
    assert town.told(who), "the person hears about it"
    assert not town.by_command("Flo", "Flo", "Oak", MEMBER)
    assert town.by_command("Flo", "Flo", "Oak", REPRESENTATIVE), "but nobody names themselves"


@pytest.mark.parametrize(("agency", "seat"), [("Oak", MEMBER), ("Birch", MEMBER)])
def test_whoever_gives_up_their_own_seat_asks_nobody(town, agency, seat):
    peopled(town, representative=True, alternate=True, others=True)
    town.member("Rex").facilitator = True
    assert not town.by_command("Rex", "Rex", agency, seat)
    assert town.told("Fay", "*Oak has no representative now.*")


def test_whoever_loses_a_seat_to_somebody_hears_it(town):
    peopled(town, representative=True, alternate=True, others=True)
    town.by_command("Fay", "New", "Oak", REPRESENTATIVE)
    town.decides("Pat")
    (news,) = town.told("Rex", "You still belong to it")
    assert news == (
        "New is now the representative of Oak. You still belong to it, as a member. Fay asked for it, and Pat has "
        "confirmed it."
    )


def test_a_person_who_moves_between_two_agencies_waits_for_both(town):
    peopled(town, representative=True, alternate=True, others=True)
    town.now = FOUNDED
    town.joins("Bo", "Birch", REPRESENTATIVE)
    town.now = NOW
    assert town.by_command("Fay", "Rex", "Birch", REPRESENTATIVE)
    assert town.decides("Pat") == ["You have confirmed it. Someone from Birch has to confirm it too."]
    assert town.decides("Pat") == ["Someone else from Birch has to confirm who speaks for it."]
    assert town.member("Rex").seat is REPRESENTATIVE
    assert "Rex is now the representative of Birch." in town.decides("Bo")[0]
    assert town.member("Rex").agency_id == town.agencies["Birch"].id


@pytest.mark.parametrize(("who", "agency", "confirmer"), [("Rae", "Oak", "Pat"), ("Rex", "Elm", "Pat")])
def test_the_word_of_a_facilitator_for_one_of_two_agencies_is_kept(town, who, agency, confirmer):
    peopled(town, representative=True, alternate=True, others=True)
    assert town.by_command("Fay", who, agency, REPRESENTATIVE), "Fay can speak for Elm, but not for Oak"
    assert f"{who} is now the representative of {agency}." in town.decides(confirmer)[0]


def waits_for_two(town):
    """Have Oak confirm that Bea, the alternate of Birch, represents it instead of Rex; Birch has not answered."""
    town.now = FOUNDED
    town.joins("Bo", "Birch", REPRESENTATIVE)
    town.joins("Bea", "Birch", ALTERNATE)
    peopled(town, representative=True, alternate=True, others=True)
    assert town.by_command("Fay", "Bea", "Oak", REPRESENTATIVE)
    assert town.decides("Pat") == ["You have confirmed it. Someone from Birch has to confirm it too."]


@pytest.mark.parametrize("seat", [REPRESENTATIVE, ALTERNATE])
def test_a_word_is_void_once_others_speak_for_the_agency_that_gave_it(town, seat):
    waits_for_two(town)
    assert town.by_command("Fay", "Quinn", "Oak", seat)
    town.decides("Pat")
    assert town.member("Quinn").seat is seat
    assert not town.open_requests()
    assert town.told("Fay", "Your request that Bea becomes the representative of Oak has ended.")
    assert town.decides("Bo") == []
    assert town.member("Bea").agency_id == town.agencies["Birch"].id


def test_a_word_is_void_once_who_spoke_for_the_agency_has_left(town):
    waits_for_two(town)
    rex = town.member("Rex")
    leaving.end_membership(town.session, "T1", rex, Departure.OWN, town.now)
    assert not town.open_requests()
    assert town.told("Fay", "Who speaks for Oak has changed since. If you still want it, ask again.")


def test_a_request_for_a_seat_ends_when_somebody_else_gets_it_but_not_the_one_beside_it(town):
    peopled(town, representative=True, alternate=True, others=True)
    town.by_command("Fay", "New", "Oak", REPRESENTATIVE)
    town.by_command("Fay", "Nora", "Oak", REPRESENTATIVE)
    town.by_command("Fay", "Nick", "Oak", ALTERNATE)
    nora = next(each for each in town.open_requests() if each.name == "Nora")
    membership.decide_request(town.session, town.caller("Pat"), nora.id, town.now, confirms=True)
    assert [each.name for each in town.open_requests()] == ["Nick"]


def test_a_request_to_join_ends_when_the_person_gets_a_seat(town):
    peopled(town, representative=True, alternate=True, others=True)
    membership.request_to_join(town.session, town.caller("Pat"), town.person("Pat"), town.agencies["Elm"], town.now)
    town.by_command("Fay", "Pat", "Oak", REPRESENTATIVE)
    town.decides("Rex")
    (request,) = town.session.scalars(select(MembershipRequest).where(MembershipRequest.kind == RequestKind.JOIN))
    assert request.state is RequestState.ENDED
    assert town.told("Pat", "Your request to join Elm has ended, because your seat has changed.")
    assert town.member("Pat").seat is REPRESENTATIVE


def test_a_declined_change_leaves_everything_and_everybody_hears(town):
    peopled(town, representative=True, alternate=True, others=True)
    town.by_command("Fay", "Rex", "Oak", MEMBER)
    before = town.speakers("Oak")
    assert town.decides("Pat", confirms=False) == ["Declined. Nothing has changed, and Fay has been told."]
    assert town.speakers("Oak") == before
    assert town.decides("Ada") == []
    assert town.told("Fay") == ["Pat has declined that Rex becomes a plain member of Oak. Nothing has changed."]
    assert town.told("Rex", "Pat has declined that you become a plain member of Oak. Nothing has changed.")


def test_a_request_ends_when_the_person_joins_in_another_way(town):
    peopled(town, representative=True, alternate=False, others=True)
    town.by_command("Fay", "New", "Birch", MEMBER)
    outsider = Caller("T1", "T1", "UNora", town.consortium, None, None)
    membership.request_to_join(town.session, outsider, town.person("Nora"), town.agencies["Oak"], town.now)
    town.by_command("Fay", "Nora", "Birch", MEMBER)
    (request,) = town.session.scalars(select(MembershipRequest).where(MembershipRequest.kind == RequestKind.JOIN))
    assert request.state is RequestState.ENDED
    answer = membership.decide_request(town.session, town.caller("Rex"), request.id, town.now, confirms=True)
    assert answer == "Nobody has to decide this any more: Nora is now a member of Birch."
    assert town.member("Nora").agency_id == town.agencies["Birch"].id


def test_a_facilitator_hears_that_another_request_replaced_theirs(town):
    peopled(town, representative=True, alternate=True, others=True)
    town.member("Rae").facilitator = True
    town.by_command("Fay", "New", "Oak", REPRESENTATIVE)
    town.by_command("Rae", "New", "Oak", ALTERNATE)
    assert town.told("Fay") == [
        "Your request that New becomes the representative of Oak has ended. Another request has replaced it."
    ]
    assert [(r.seat, r.state) for r in town.session.scalars(select(MembershipRequest))] == [
        (REPRESENTATIVE, RequestState.ENDED),
        (ALTERNATE, RequestState.OPEN),
    ]


# where nobody is named ---------------------------------------------------------------------------------


def asks_to_join(town, name, agency):
    """Ask as a person who is a member or an outsider. Return the answer."""
    caller = town.caller(name) if town.member(name) else Caller("T1", "T1", f"U{name}", town.consortium, None, None)
    return membership.request_to_join(town.session, caller, town.person(name), town.agencies[agency], town.now)


def test_where_everybody_speaks_a_facilitator_who_joins_waits_for_their_word(town):
    peopled(town, representative=False, alternate=False, others=True)
    assert asks_to_join(town, "Fay", "Oak") == (
        "You have asked to join Oak. Pat or Quinn can confirm it, and I will tell you."
    )
    assert town.told("Pat", "Fay asks to join *Oak*. Nobody is named for Oak, so they would speak for it, as all its")
    assert town.member("Fay").agency_id == town.agencies["Elm"].id
    (request,) = membership_requests.list_open(town.session, town.consortium.id, RequestKind.JOIN)
    with pytest.raises(Refusal, match="Only somebody of Oak can confirm this, because all its people speak for it"):
        membership.decide_request(town.session, town.caller("Fay"), request.id, town.now, confirms=True)
    membership.decide_request(town.session, town.caller("Quinn"), request.id, town.now, confirms=True)
    assert town.member("Fay").agency_id == town.agencies["Oak"].id


def test_where_everybody_speaks_an_address_of_the_agency_is_not_enough(town):
    town.agencies["Oak"].domain = "oak.example"
    caller = Caller("T1", "T1", "UNew", town.consortium, None, None)
    person = Person("T1", "UNew", "New", "new@oak.example", "UTC", bot=False, deleted=False)
    peopled(town, representative=False, alternate=False, others=False)
    answer = membership.request_to_join(town.session, caller, person, town.agencies["Oak"], town.now)
    assert answer == "You have asked to join Oak. Pat can confirm it, and I will tell you."


def test_where_everybody_speaks_a_facilitator_asks_for_whom_they_add(town):
    peopled(town, representative=False, alternate=False, others=True)
    assert membership.assign_seat(
        town.session, town.caller("Fay"), town.person("New"), town.agencies["Oak"], MEMBER, town.now
    ).sentence.startswith("Someone from Oak has to confirm that New joins it, because all its people speak for it.")
    assert town.told("Pat") == ["Do you confirm a change of who speaks for Oak?"]
    assert town.told("Pat", "Fay wants New to join *Oak*. Nobody is named for Oak, so they would speak for it, as all")


SPEAKERS = [
    ({"representative": True, "alternate": True, "others": True}, {"Rex", "Ada", "Fay"}),
    ({"representative": False, "alternate": True, "others": True}, {"Ada", "Fay"}),
    ({"representative": False, "alternate": False, "others": True}, {"Pat", "Quinn"}),
]


@pytest.mark.parametrize(("seated", "asked"), SPEAKERS)
def test_whoever_is_asked_about_a_request_to_join_may_confirm_it_and_nobody_else(db, subtests, seated, asked):
    for name in ("Rex", "Ada", "Pat", "Quinn", "Fay", "Rae"):
        with subtests.test(name), db.begin() as session:
            town = Consortium(session)
            peopled(town, **seated)
            asks_to_join(town, "New", "Oak")
            assert {who for who in ("Rex", "Ada", "Pat", "Quinn", "Fay", "Rae") if town.told(who)} == asked
            (request,) = membership_requests.list_open(session, town.consortium.id, RequestKind.JOIN)
            if town.member(name) is not None:
                if name in asked:
                    membership.decide_request(session, town.caller(name), request.id, town.now, confirms=True)
                    assert town.member("New").agency_id == town.agencies["Oak"].id
                else:
                    with pytest.raises(Refusal, match="can confirm this"):
                        membership.decide_request(session, town.caller(name), request.id, town.now, confirms=True)
            session.rollback()


# founding ----------------------------------------------------------------------------------------------


def test_founding_asks_nobody(town):
    town.now = NOW
    for name, seat in (("One", MEMBER), ("Ana", ALTERNATE), ("Rob", REPRESENTATIVE), ("Two", MEMBER)):
        assert not town.by_command("Fay", name, "Oak", seat)
    assert town.by_command("Fay", "Sue", "Oak", REPRESENTATIVE), "the first seat is taken"


def test_a_member_of_an_agency_that_never_named_anybody_moves_freely(town):
    town.joins("One", "Oak", MEMBER)
    town.now = NOW
    assert not town.by_command("Fay", "One", "Birch", MEMBER)


def test_the_other_seat_is_free_on_the_day_of_the_first_only(town):
    town.now = NOW
    assert not town.by_command("Fay", "Rob", "Oak", REPRESENTATIVE)
    town.now += timedelta(days=1)
    assert town.by_command("Fay", "Ana", "Oak", ALTERNATE)
    assert town.decides("Rob") == ["Ana is now the alternate of Oak."]


def test_on_the_first_day_too_a_seat_that_was_given_up_is_not_filled_over_those_who_speak(town):
    town.now = NOW
    for name, seat in (("Rob", REPRESENTATIVE), ("One", MEMBER)):
        town.by_command("Fay", name, "Oak", seat)
    town.by_command("Fay", "Rob", "Birch", MEMBER)
    town.decides("Rob")
    assert town.by_command("Fay", "Sue", "Oak", ALTERNATE)


def test_a_table_that_founds_can_be_undone(town):
    town.now = NOW
    done = [town.imports("Fay", name, "Oak", seat) for name, seat in (("Rob", REPRESENTATIVE), ("Ana", ALTERNATE))]
    for each in reversed(done):
        changes.take_back(town.session, town.caller("Fay"), each, town.now)
    assert town.member("Rob") is None


# the week after which people confirm -------------------------------------------------------------------


def confirms_for_oak(town, name):
    """Return whether somebody is asked who speaks for Oak."""
    town.by_command("Fay", f"Cand{name}", "Oak", REPRESENTATIVE)
    return bool(town.told(name, "request.confirm"))


def test_time_as_a_facilitator_does_not_count(town):
    peopled(town, representative=True, alternate=False, others=False)
    town.joins("Flo", "Oak", MEMBER)
    town.member("Flo").facilitator = True
    town.now += timedelta(days=30)
    facilitators.remove_facilitator(town.session, town.caller("Fay"), town.person("Flo"), town.now)
    assert not confirms_for_oak(town, "Flo")
    town.now += timedelta(days=8)
    town.by_command("Fay", "Other", "Oak", REPRESENTATIVE)
    assert town.told("Flo", "request.confirm")


def test_who_comes_back_to_an_agency_is_new_there(town):
    peopled(town, representative=True, alternate=False, others=False)
    town.joins("Sam", "Oak", MEMBER)
    town.now += timedelta(days=30)
    leaving.end_membership(town.session, "T1", town.member("Sam"), Departure.REMOVED, town.now)
    town.now += timedelta(days=60)
    town.by_command("Fay", "Sam", "Oak", MEMBER)
    assert not confirms_for_oak(town, "Sam")


# undoing -----------------------------------------------------------------------------------------------


def undoes(town, done):
    with changes.together(town.session, town.caller("Fay"), town.now):
        return changes.take_back(town.session, town.caller("Fay"), done, town.now)


def test_undoing_an_import_asks_where_somebody_speaks_by_now(town):
    peopled(town, representative=True, alternate=False, others=True)
    town.joins("Eli", "Elm", MEMBER)
    done = town.imports("Fay", "Eli", "Oak", MEMBER)
    leaving.end_membership(town.session, "T1", town.member("Rex"), Departure.OWN, town.now)
    before = town.speakers("Oak")
    assert undoes(town, done).startswith("Someone from Oak has to confirm that Eli moves to Elm.")
    assert town.speakers("Oak") == before
    assert town.decides("Pat") == ["Eli is now a member of Elm."]


def test_undoing_an_import_removes_nobody_who_speaks_by_now(town):
    peopled(town, representative=True, alternate=False, others=True)
    done = town.imports("Fay", "New", "Oak", MEMBER)
    leaving.end_membership(town.session, "T1", town.member("Rex"), Departure.OWN, town.now)
    with pytest.raises(Refusal, match="Oak has to confirm a change of the place of New"):
        undoes(town, done)


def test_whoever_an_import_or_its_undoing_moves_or_seats_hears_it_once(town):
    peopled(town, representative=True, alternate=False, others=True)
    plain, seated, moved = (
        town.imports("Fay", name, agency, seat)
        for name, agency, seat in (("New", "Oak", MEMBER), ("Ina", "Pine", REPRESENTATIVE), ("Pat", "Elm", MEMBER))
    )
    entered = "Fay has entered this, and can change it. `/vote` shows what is waiting for you."
    assert town.told("New") == []
    assert town.told("Ina") == [f"You now speak for Pine, as its representative. {entered}"]
    assert town.told("Pat") == [f"You now belong to Elm. You no longer belong to Oak. {entered}"]
    for each in (plain, seated, moved):
        assert undoes(town, each) is None
    assert town.told("New") == []
    assert town.told("Ina")[1:] == [
        "You no longer belong to Pine, and so not to the consortium. Fay has undone what a table had entered."
    ]
    (back,) = town.told("Pat")[1:]
    undone = "Fay has undone what a table had entered. `/vote` shows what is waiting for you."
    assert back == f"You now belong to Oak. You no longer belong to Elm. {undone}"


# facilitators alone ------------------------------------------------------------------------------------

OUTSIDERS = ["Xena", "Yuri"]
FACILITATORS = ["Fay", "Fox"]
PEOPLE = ["Rex", "Ada", "Pat", "Bo", "Bea", "Kit", "Kai", *OUTSIDERS, *FACILITATORS]
actors, people = st.sampled_from(FACILITATORS), st.sampled_from(PEOPLE)
places = st.sampled_from(["Elm", "Oak", "Birch", "Pine"])
acts = st.lists(
    st.one_of(
        st.tuples(st.just("command"), actors, people, places, st.sampled_from(Seat)),
        st.tuples(st.just("table"), actors, people, places, st.sampled_from(Seat)),
        st.tuples(st.just("undo"), actors),
        st.tuples(st.just("join"), actors, places),
        st.tuples(st.just("facilitator"), actors, st.sampled_from(OUTSIDERS)),
        st.tuples(st.just("no_facilitator"), actors, st.sampled_from(OUTSIDERS)),
        st.tuples(st.just("end"), places),
        st.tuples(st.just("restore"), places),
        st.tuples(st.just("confirm"), actors),
        st.tuples(st.just("wait"), st.integers(1, 10)),
    ),
    min_size=1,
    max_size=14,
)


class Facilitators:
    """What two facilitators do, without anybody else: Fay of Elm, and Fox, who is of no agency."""

    def __init__(self, town):
        self.town, self.done = town, []

    def command(self, actor, who, agency, seat):
        if self.town.agencies[agency].ended_at is None:
            self.town.by_command(actor, who, agency, seat)

    def table(self, actor, who, agency, seat):
        self.done.append(self.town.imports(actor, who, agency, seat))

    def undo(self, actor):
        if self.done:
            caller = self.town.caller(actor)
            with changes.together(self.town.session, caller, self.town.now):
                changes.take_back(self.town.session, caller, self.done.pop(), self.town.now)

    def join(self, actor, agency):
        caller, where = self.town.caller(actor), self.town.agencies[agency]
        membership.request_to_join(self.town.session, caller, self.town.person(actor), where, self.town.now)

    def facilitator(self, actor, who):
        caller, person = self.town.caller(actor), self.town.person(who)
        facilitators.name_facilitator(self.town.session, caller, person, self.town.now)

    def no_facilitator(self, actor, who):
        caller, person = self.town.caller(actor), self.town.person(who)
        facilitators.remove_facilitator(self.town.session, caller, person, self.town.now)

    def end(self, agency):
        self.town.agencies[agency].ended_at = self.town.now

    def restore(self, agency):
        self.town.agencies[agency].ended_at = None

    def confirm(self, actor):
        self.town.decides(actor)

    def wait(self, days):
        self.town.now += timedelta(days=days)


def populated(session):
    """Oak has both seats, Birch a representative, and Pine nobody who is named any more."""
    town = Consortium(session)
    town.joins("Kit", "Pine", REPRESENTATIVE)
    for name, agency, seat in (
        ("Rex", "Oak", REPRESENTATIVE),
        ("Ada", "Oak", ALTERNATE),
        ("Pat", "Oak", MEMBER),
        ("Bo", "Birch", REPRESENTATIVE),
        ("Bea", "Birch", MEMBER),
        ("Kit", "Pine", MEMBER),
        ("Kai", "Pine", MEMBER),
    ):
        town.joins(name, agency, seat)
    seats.assign(session, town.consortium, town.person("Fox"), None, MEMBER, town.now)
    town.member("Fox").facilitator = True
    town.now = NOW
    return town


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(history=acts)
@example(history=[("command", "Fay", "Rex", "Oak", MEMBER)])
@example(history=[("command", "Fay", "Rex", "Elm", REPRESENTATIVE), ("table", "Fay", "Bo", "Elm", MEMBER)])
@example(history=[("command", "Fay", "Xena", "Birch", ALTERNATE), ("command", "Fay", "Bo", "Birch", MEMBER)])
@example(history=[("join", "Fay", "Oak"), ("wait", 9), ("command", "Fay", "Xena", "Oak", REPRESENTATIVE)])
@example(history=[("command", "Fay", "Fox", "Pine", MEMBER), ("wait", 9), ("command", "Fox", "Fox", "Pine", ALTERNATE)])
@example(history=[("table", "Fay", "Xena", "Oak", REPRESENTATIVE), ("join", "Fox", "Oak"), ("confirm", "Fox")])
@example(history=[("end", "Oak"), ("command", "Fay", "Rex", "Elm", MEMBER), ("restore", "Oak")])
@example(history=[("table", "Fay", "Kit", "Elm", MEMBER), ("undo", "Fox"), ("table", "Fay", "Kai", "Pine", ALTERNATE)])
@example(history=[("join", "Fox", "Pine"), ("confirm", "Fox"), ("confirm", "Fay")])
@example(history=[("command", "Fay", "Rex", "Oak", ALTERNATE), ("command", "Fay", "Xena", "Oak", REPRESENTATIVE)])
def test_facilitators_alone_never_change_who_speaks_for_an_agency(db, history):
    with db.begin() as session:
        town = populated(session)
        before = {name: town.speakers(name) for name in ("Oak", "Birch", "Pine")}
        alone = Facilitators(town)
        for act, *details in history:
            try:
                with session.begin_nested():
                    getattr(alone, act)(*details)
            except Refusal:
                pass
            session.flush()
        for name, earlier in before.items():
            now = town.speakers(name)
            assert now.named == earlier.named, name
            for who in earlier.people | now.people:
                assert now.standing(who) == earlier.standing(who), name
        session.rollback()
