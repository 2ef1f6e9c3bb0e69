"""Whether an agency was heard: the message, `/vote`, the home tab, reminders and the facilitators' list agree."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from handlers.home import snapshot as home_snapshot
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.visibility import Reader
from handlers.members import leaving, seats
from handlers.proposals import creation, pending, positions, reminders, snapshot
from handlers.proposals.creation import ProposalDraft
from storage import agencies, consortia, members, proposals, voting
from storage.agencies import Agency
from storage.home_tabs import HomeTab
from storage.members import Member
from storage.vocabulary import Seat, Stance, TodoKind

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)
AGENCIES, PEOPLE = 3, 6

people = st.integers(0, PEOPLE - 1)
seat = st.sampled_from(Seat)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("places"), people, st.integers(0, AGENCIES - 1), seat),
        st.tuples(st.just("states"), people, st.sampled_from([Stance.AGREE, Stance.BLOCK, Stance.ABSTAIN])),
        st.tuples(st.just("retracts"), people),
        st.tuples(st.just("leaves"), people),
    ),
    min_size=2,
    max_size=12,
)


class Council:
    """A consortium without Slack, with one open proposal."""

    def __init__(self, session, team, start):
        self.session, self.team, self.now = session, team, NOW
        self.consortium = consortia.create(session, team, "Northern Valleys", "America/Denver", NOW)
        self.agencies = [agencies.add(session, self.consortium.id, f"Agency {n}", NOW) for n in range(AGENCIES)]
        for number, (agency, its_seat) in enumerate(start):
            self.places(number, agency, its_seat)
        self.of(0).facilitator = True
        session.flush()
        draft = ProposalDraft("Adopt the calendar", "C1", open_for=timedelta(days=7))
        self.number = creation.create_proposal(session, self.caller(0), draft, NOW).number

    def person(self, number, **changes):
        return Person(
            **{
                "team_id": self.team,
                "user_id": f"{self.team}{number}",
                "name": f"Person {number}",
                "email": None,
                "zone": "America/Denver",
                "bot": False,
                "deleted": False,
                **changes,
            }
        )

    def of(self, number):
        return members.find(self.session, self.consortium.id, self.team, f"{self.team}{number}")

    def caller(self, number):
        member = self.of(number)
        agency = self.session.get(Agency, member.agency_id) if member.agency_id is not None else None
        return Caller(self.team, self.team, member.user_id, self.consortium, member, agency)

    def places(self, number, agency, its_seat):
        seats.assign(self.session, self.consortium, self.person(number), self.agencies[agency], its_seat, self.now)

    def states(self, number, stance):
        voter, paper = voting.lock_for_position(self.session, self.team, self.team, f"{self.team}{number}", self.number)
        if voter is not None and paper.decides is not None:
            reason = "not yet" if stance is Stance.BLOCK else ""
            positions.record_position(self.session, voter, paper, stance, reason, self.now)

    def retracts(self, number):
        caller = self.caller(number)
        if caller.member is not None and caller.member.left_at is None and self.has_spoken(caller.person):
            positions.retract_position(self.session, caller, self.number, self.now)

    def has_spoken(self, member):
        standings = self.snapshot().standings
        given = [statement.spoken for standing in standings.values() for statement in (*standing.own, *standing.voices)]
        own = [p for p in given if p.member_id == member.id and p.agency_id == member.agency_id]
        return any(position.vacated_at is None or position.seat is Seat.MEMBER for position in own)

    def leaves(self, number):
        leaving.follow_profiles(self.session, self.team, [self.person(number, deleted=True)], self.now)

    def lives_through(self, history):
        for name, *what in history:
            self.now += timedelta(minutes=1)
            getattr(self, name)(*what)
            self.session.flush()
            self.session.expire_all()

    # what each place shows ----------------------------------------------------------------------------

    def snapshot(self):
        return snapshot.load_snapshot(self.session, proposals.get(self.session, self.consortium.id, self.number))

    def message(self):
        """The agencies that have not been heard, as the proposal's message counts them."""
        return {self.name(agency) for agency, standing in self.snapshot().standings.items() if not standing.heard}

    def name(self, agency_id):
        return self.session.get(Agency, agency_id).name

    def living(self):
        query = select(Member).where(Member.consortium_id == self.consortium.id, Member.left_at.is_(None))
        return self.session.scalars(query.order_by(Member.id)).all()

    def vote_list(self):
        """The agencies for which `/vote` asks a person who speaks for them."""
        asked = set()
        for member in self.living():
            agency = self.session.get(Agency, member.agency_id)
            caller = Caller(self.team, self.team, member.user_id, self.consortium, member, agency)
            if pending.waiting_items(self.session, caller, Reader(member.id), self.now):
                asked.add(agency.name)
        return asked

    def home(self, member):
        tab = HomeTab(team_id=self.team, user_id=member.user_id, home_team=self.team, said="")
        return home_snapshot.load_snapshot(self.session, tab, self.now)

    def home_tabs(self):
        """The agencies for which home tabs show the proposal as something to do."""
        return {shown.agency for member in self.living() if (shown := self.home(member)).items.get(TodoKind.PROPOSAL)}

    def facilitators(self):
        """The agencies that facilitators see as not heard. None if there is no facilitator any more."""
        facilitators = [member for member in self.living() if member.facilitator]
        return {elector.agency for elector in self.home(facilitators[0]).unheard} if facilitators else None

    def reminders(self):
        """The agencies whose people are reminded."""
        proposal = proposals.get(self.session, self.consortium.id, self.number)
        return {self.name(member.agency_id) for member in reminders.unheard_deciders(self.session, proposal)}

    def peopled(self):
        return {self.name(member.agency_id) for member in self.living()}

    def all_agree(self):
        unheard = self.message()
        reachable = unheard & self.peopled()
        assert self.facilitators() in (None, unheard)
        assert self.reminders() == reachable
        assert self.vote_list() == reachable
        assert self.home_tabs() == reachable
        return unheard


@pytest.fixture
def council(db):
    with db.begin() as session:
        yield Council(session, "T1", [(0, Seat.REPRESENTATIVE), (0, Seat.MEMBER), (1, Seat.REPRESENTATIVE)])


def test_a_voice_counts_everywhere_once_the_representative_has_moved_away(council):
    council.states(1, Stance.AGREE)
    assert council.all_agree() == {"Agency 0", "Agency 1"}
    council.lives_through([("places", 0, 1, Seat.MEMBER)])
    assert council.all_agree() == {"Agency 1"}


def test_a_voice_counts_everywhere_once_the_representative_has_left(council):
    council.states(1, Stance.AGREE)
    council.lives_through([("leaves", 0)])
    assert council.all_agree() == {"Agency 1"}


def test_a_voice_counts_nowhere_while_somebody_is_named(council):
    council.states(1, Stance.AGREE)
    council.lives_through([("places", 0, 1, Seat.MEMBER), ("places", 3, 0, Seat.ALTERNATE)])
    assert council.all_agree() == {"Agency 0", "Agency 1"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    others=st.lists(st.tuples(st.integers(0, AGENCIES - 1), seat), min_size=PEOPLE - 2, max_size=PEOPLE - 2),
    history=steps,
)
def test_all_places_agree_about_who_was_heard(db, others, history):
    assume(any(agency for agency, _ in others))  # one agency alone decides nothing
    with db.begin() as session:
        council = Council(session, "T1", [(0, Seat.REPRESENTATIVE), (0, Seat.MEMBER), *others])
        council.lives_through(history)
        council.all_agree()
        session.rollback()
