"""One ballot for each person; where agencies vote, one for each agency and seat from which a person has voted."""

from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, select, text

from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.members import seats
from handlers.polls import creation, snapshot, voting
from handlers.polls.creation import PollDraft
from storage import migrate, polls
from storage.agencies import Agency
from storage.members import Member
from storage.polls import Ballot
from storage.seals import KeyRing
from storage.vocabulary import Seat
from tests.consortium import NOW, found_consortium, member_ids

RING = KeyRing([Fernet.generate_key().decode()])
PEOPLE = [("Ben", "Elm", 10), ("Cleo", "Birch", 10)]


class Council:
    """Ben represents Elm and Cleo Birch; there is one poll with the options A and B."""

    def __init__(self, session, *, by_agency):
        self.session, self.now = session, NOW
        self.consortium, self.agencies = found_consortium(session, PEOPLE)
        self.places("Ben", "Elm", Seat.REPRESENTATIVE)
        self.places("Cleo", "Birch", Seat.REPRESENTATIVE)
        draft = PollDraft("Which?", "C1", ("A", "B"), NOW + timedelta(days=7), by_agency=by_agency)
        self.poll = creation.create_poll(session, self.caller("Ben"), RING, draft, NOW)
        session.flush()

    def member(self, name):
        id_ = member_ids(self.session, self.consortium)[name]
        return self.session.get_one(Member, id_)

    def caller(self, name):
        member = self.member(name)
        agency = self.session.get(Agency, member.agency_id) if member.agency_id is not None else None
        return Caller("T1", "T1", member.user_id, self.consortium, member, agency)

    def places(self, name, agency, seat):
        person = Person(team_id="T1", user_id=name, name=name, email=None, zone="UTC", bot=False, deleted=False)
        place = self.agencies[agency] if agency else None
        seats.assign(self.session, self.consortium, person, place, seat, self.now)

    def moves(self, name, agency, seat=Seat.REPRESENTATIVE):
        self.now += timedelta(hours=1)
        self.places(name, agency, seat)

    def votes(self, name, choice):
        self.now += timedelta(hours=1)
        voting.cast_ballot(self.session, self.caller(name), RING, self.poll, {choice: 1}, self.now)

    def retracts(self, name):
        self.now += timedelta(hours=1)
        return voting.retract_ballot(self.session, self.caller(name), self.poll.number, self.now)

    def counts(self):
        result = snapshot.load_snapshot(self.session, self.poll).result
        return [int(option.score) for option in result.options]

    @property
    def voters(self):
        shown = snapshot.load_snapshot(self.session, self.poll)
        return shown.ballots, list(shown.voters)


@pytest.fixture
def council(db):
    with db.begin() as session:
        yield Council(session, by_agency=True)


def test_a_representative_who_moves_and_votes_again_leaves_the_first_agency_its_ballot(council):
    council.votes("Ben", 1)
    council.moves("Ben", "Birch")
    assert council.counts() == [1, 0]
    council.votes("Ben", 2)
    assert council.counts() == [1, 1], "A for Elm, B for Birch"
    assert council.voters == (1, ["Ben"]), "one person, whatever they represent"


def test_a_representative_who_moves_and_takes_the_vote_back_takes_back_only_that_of_the_new_agency(council):
    council.votes("Ben", 1)
    council.moves("Ben", "Birch")
    with pytest.raises(Refusal, match="You have not voted"):
        council.retracts("Ben")
    council.votes("Ben", 2)
    assert "You took back your vote" in council.retracts("Ben")
    assert council.counts() == [1, 0]
    with pytest.raises(Refusal, match="You have not voted"):
        council.retracts("Ben")


def test_a_representative_who_becomes_a_member_and_votes_leaves_the_ballot_of_the_seat(council):
    council.votes("Ben", 1)
    council.moves("Cleo", "Elm")
    council.votes("Ben", 2)
    assert council.counts() == [1, 0], "the second ballot is a voice beside the first"
    council.retracts("Ben")
    assert council.counts() == [1, 0]


def test_a_former_representative_speaks_as_a_member_where_nobody_is_named_and_can_take_that_back(council):
    council.votes("Ben", 1)
    council.moves("Ben", "Elm", Seat.MEMBER)
    council.votes("Ben", 2)
    assert council.counts() == [0, 1]
    council.retracts("Ben")
    assert council.counts() == [1, 0]


def test_the_next_representative_replaces_the_ballot_of_one_who_moved(council):
    council.votes("Ben", 1)
    council.moves("Ben", "Birch", Seat.MEMBER)
    council.moves("Cleo", "Elm")
    council.votes("Cleo", 2)
    assert council.counts() == [0, 1]


def test_a_representative_who_comes_back_changes_the_first_ballot(council):
    council.votes("Ben", 1)
    council.moves("Ben", "Birch")
    council.votes("Ben", 2)
    council.moves("Ben", "Elm")
    council.votes("Ben", 2)
    assert council.counts() == [0, 2]
    council.retracts("Ben")
    assert council.counts() == [0, 1], "Birch keeps what Ben voted for it"


def test_the_form_shows_the_ballot_for_the_present_agency(council):
    council.votes("Ben", 1)
    council.moves("Ben", "Birch")
    assert polls.find_own_ballot(council.session, council.poll, council.member("Ben")) is None
    assert polls.has_voted(council.session, council.poll.id, council.member("Ben").id)
    council.votes("Ben", 2)
    assert polls.find_own_ballot(council.session, council.poll, council.member("Ben")).choices == {"2": 1}


def test_where_people_vote_a_person_who_moves_has_one_ballot(db):
    with db.begin() as session:
        council = Council(session, by_agency=False)
        council.votes("Ben", 1)
        council.moves("Ben", "Birch")
        council.votes("Ben", 2)
        assert council.counts() == [0, 1]
        council.moves("Ben", None, Seat.MEMBER)
        council.votes("Ben", 1)
        assert council.counts() == [1, 0]
        council.retracts("Ben")
        assert council.voters == (0, [])


# the migration -----------------------------------------------------------------------------------------


def run(db, step):
    """Run an Alembic command on a connection without enforced foreign keys, as `storage.migrate` does."""
    config = Config()
    config.set_main_option("script_location", str(migrate._MIGRATIONS))
    engine = create_engine(db.url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        step(config)
    engine.dispose()


OLD_ROW = text(
    "INSERT INTO ballot (poll_id, member_id, agency_id, choices, seat, sole, said_at) "
    "VALUES (:poll, :member, :agency, '{\"1\": 1}', 'representative', :sole, :at)"
)


def voice(poll, member, agency):
    row = {"poll_id": poll, "member_id": member, "agency_id": agency, "choices": {"2": 1}, "seat": Seat.MEMBER}
    return {**row, "sole": False, "said_at": NOW}


def test_an_older_database_keeps_its_ballots(db):
    config = Config()
    config.set_main_option("script_location", str(migrate._MIGRATIONS))
    before = ScriptDirectory.from_config(config).get_revision("0005").down_revision
    with db.begin() as session:
        first = Council(session, by_agency=True)
        elm, ben = first.agencies["Elm"].id, first.member("Ben").id
        by_agency = first.poll.id
        draft = PollDraft("Who?", "C1", ("A", "B"), NOW + timedelta(days=7))
        by_person = creation.create_poll(session, first.caller("Ben"), RING, draft, NOW).id
    run(db, lambda config: command.downgrade(config, before))
    with db.engine.begin() as connection:
        for poll in (by_agency, by_person):
            values = {"poll": poll, "member": ben, "agency": elm, "at": NOW, "sole": False}
            connection.execute(OLD_ROW, values)
    migrate.upgrade(db)
    with db.read() as session:
        kept = [(b.poll_id, b.counts_for, b.seat, b.choices) for b in session.scalars(select(Ballot))]
    assert sorted(kept) == [
        (by_agency, elm, Seat.REPRESENTATIVE, {"1": 1}),
        (by_person, 0, Seat.MEMBER, {"1": 1}),
    ]
    with db.begin() as session:
        polls.save_ballot(session, voice(by_agency, ben, elm), by_agency=True)
        assert len(polls.list_ballots(session, by_agency)) == 2, "the key has the seat now"
        assert session.scalar(text("SELECT count(*) FROM ballot")) == 3
