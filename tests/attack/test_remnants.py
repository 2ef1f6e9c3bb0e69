"""After a round closes, nothing that was sealed is left in the database's files; a failed wipe is repeated."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from bot import logs
from storage import consortia, members, seals
from storage.database import Database
from storage.seals import Envelope, KeyRing, Seal
from storage.vocabulary import Seat
from tests.attack.copies import copier
from tests.timeouts import PATIENT_BOT
from tests.town import START, text_of

PEOPLE = 30
WIDE = 40
"""Bytes that identify an envelope: enough that no match is a coincidence."""


class Rounds:
    """Two open rounds, with answers that were changed."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.ring = KeyRing([Fernet.generate_key().decode()])
        self.seen: set[bytes] = set()
        with db.begin() as session:
            consortium = consortia.create(session, "T1", "Northern Valleys", "UTC", START)
            people = [self._person(consortium.id, number) for number in range(PEOPLE)]
            session.add_all(people)
            session.flush()
            self.first, self.second = (seals.create(session, self.ring) for _ in range(2))
        for turn in range(2):
            for person in people:
                self._answer(person.id, turn)
        with db.read() as session:
            self.key = session.get_one(Seal, self.first).wrapped
        if not db.is_sqlite:
            with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                connection.exec_driver_sql("ANALYZE")

    @staticmethod
    def _person(consortium_id, number):
        about = {"team_id": "T1", "user_id": f"U{number}", "name": f"Person {number}", "zone": "UTC"}
        return members.Member(consortium_id=consortium_id, seat=Seat.MEMBER, joined_at=START, **about)

    def _answer(self, member_id, turn):
        with self.db.begin() as session:
            seals.seal_answer(session, self.ring, self.first, member_id, {"turn": turn})
            if turn:
                seals.seal_answer(session, self.ring, self.second, member_id, {"turn": turn})
        with self.db.read() as session:
            self.seen.add(session.get_one(Envelope, (self.first, member_id)).sealed)

    def opens(self):
        with self.db.begin() as session:
            assert len(seals.open_and_erase(session, self.ring, self.first)) == PEOPLE

    def left(self, room) -> list[str]:
        """List the files that contain anything of the first round."""
        pieces = [self.key[20 : 20 + WIDE], *(sealed[100 : 100 + WIDE] for sealed in self.seen)]
        files = copier(self.db, room).files()
        return [name for name, content in files.items() if name != "wal" and any(piece in content for piece in pieces)]

    def marked(self) -> bytes | None:
        with self.db.read() as session:
            return session.get_one(Seal, self.first).wrapped


@pytest.fixture
def room(tmp_path):
    return tmp_path / "copies"


@pytest.fixture
def rounds(db, room):
    if not copier(db, room).files():
        pytest.skip("the files of this server cannot be read")
    return Rounds(db)


def test_nothing_of_an_envelope_or_key_is_left_while_another_round_continues(rounds, room):
    assert len(rounds.seen) == 2 * PEOPLE
    assert rounds.left(room), "the search finds it before"
    rounds.opens()
    seals.wipe_opened(rounds.db)
    assert rounds.left(room) == []
    assert rounds.marked() is None
    with rounds.db.begin() as session:
        assert len(seals.open_and_erase(session, rounds.ring, rounds.second)) == PEOPLE, "the other round is whole"


def test_a_reader_only_postpones_the_wipe(rounds, room):
    rounds.opens()
    with rounds.db.read() as session:
        session.scalars(select(Envelope)).all()
        seals.wipe_opened(rounds.db)
        assert rounds.marked() == seals.ERASED, "the wipe is still pending"
        assert rounds.left(room)
    seals.wipe_opened(rounds.db)
    assert rounds.left(room) == []
    assert rounds.marked() is None


def test_a_process_that_died_before_the_wipe_leaves_it_to_the_next(rounds, room):
    rounds.opens()
    following = Database(str(rounds.db.url))
    seals.wipe_opened(following)
    following.close()
    assert rounds.left(room) == []
    assert rounds.marked() is None


def test_the_wipe_does_not_block_writers_for_long(rounds):
    rounds.opens()
    with rounds.db.read() as session:
        session.scalars(select(Envelope)).all()
        assert rounds.db.scrub("envelope", "seal") is False
    with rounds.db.begin() as session:
        waits = "PRAGMA busy_timeout" if rounds.db.is_sqlite else "SHOW lock_timeout"
        assert session.execute(text(waits)).scalar_one() in (PATIENT_BOT.lock * 1000, f"{PATIENT_BOT.lock}s"), (
            "as it was before"
        )


def test_a_closed_poll_is_wiped_too(town, room):
    town.asks('/vote "Who leads?" "Maple" "Willow" anonymous')
    for user in ("ben", "cleo", "eva", "finn", "gus"):
        assert "sealed" in town.types(user, "/vote 1 2")
    with town.bot.db.read() as session:
        sealed = [one.sealed[100 : 100 + WIDE] for one in session.scalars(select(Envelope))]
    assert "is closed" in town.types("ana", "/vote close 1")
    town.settle()
    files = copier(town.bot.db, room).files()
    assert not [n for n, content in files.items() if n != "wal" and any(piece in content for piece in sealed)]


# a round that fails halfway ------------------------------------------------------------------------------

SECRET = "nobody may read this"


def opened_round(town):
    assert "A round is open" in town.types("ana", "/pulse now")
    town.settle()


def answers(town, user, points="4", comment=SECRET):
    """Press Answer, fill in the form and submit it. Return what the form then shows."""
    message = town.direct(user)[-1]
    town.call("act", user=user, channel=f"@{user}", ts=message["ts"], action_id="pulse.answer")
    keys = [block["block_id"] for block in town.views(user)[-1]["blocks"] if block["type"] == "input"]
    view = town.views(user)[-1]["id"]
    town.call("submit", user=user, view_id=view, values={**dict.fromkeys(keys, points), "comment": comment})
    said = text_of(town.views(user)[-1])
    town.closes_forms(user)
    return said


@contextmanager
def broken(db, table, column):
    """Make the database reject changes of a column, with an error that repeats the row on a server that does so."""
    rule = {"answered": "NOT answered", "result": "result IS NULL"}[column]
    if db.is_sqlite:
        breaks = f"CREATE TRIGGER broken BEFORE UPDATE OF {column} ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END"
        mends = "DROP TRIGGER broken"
    else:
        breaks = f"ALTER TABLE {table} ADD CONSTRAINT broken CHECK ({rule}) NOT VALID"
        mends = f"ALTER TABLE {table} DROP CONSTRAINT broken"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(breaks)
    try:
        yield
    finally:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(mends)


def test_an_answer_that_fails_halfway_is_neither_stored_nor_logged(town, room, heard):
    opened_round(town)
    with broken(town.bot.db, "pulse_invitation", "answered"):
        assert "That did not work, and it was our fault" in answers(town, "ben", "5")
    assert "fault" in heard.getvalue()
    assert "broken" in heard.getvalue()
    assert_silent(town, room, heard)
    with town.bot.db.read() as session:
        assert session.scalars(select(Envelope)).all() == []
    assert "Your answer is sealed" in answers(town, "ben", "5")


def test_a_closing_that_fails_halfway_logs_no_answers_and_succeeds_later(town, room, heard):
    opened_round(town)
    for user in ("ana", "ben", "cleo", "finn", "gus"):
        assert "sealed" in answers(town, user, comment=f"{SECRET}, {user}")
    with broken(town.bot.db, "pulse_round", "result"):
        town.bot.sweeps.run(town.now() + timedelta(days=5))
    assert "sweep failed" in heard.getvalue()
    assert "broken" in heard.getvalue()
    assert_silent(town, room, heard)
    assert "How we worked" not in str(town.messages("ana"))
    town.waits("P5D")
    assert "5 of 6 answered" in str(town.messages("ana"))


def test_rows_that_postgresql_repeats_in_errors_are_removed_from_logs_to_the_last_line():
    said = "refused\nDETAIL:  Failing row contains (1, a line\nand another).\n[SQL: UPDATE]\n\nThe above exception was"
    cleaned = logs.without_secrets(None, "", {"exception": said})["exception"]
    assert cleaned == "refused\n…\n[SQL: UPDATE]\n\nThe above exception was"


def assert_silent(town, room, heard):
    """Assert that neither logs nor files contain any answer."""
    copy = copier(town.bot.db, room).take()
    for name, content in {**copy.files, "log": heard.getvalue().encode()}.items():
        assert SECRET.encode() not in content, name
        assert not [at for at in (b'-1": 4', b'-1":4', b'-1": 5', b'-1":5', b"[0, 0, 0, 5, 0]") if at in content], name


# what is not shown is not stored --------------------------------------------------------------------------


def test_counts_of_a_group_that_is_not_shown_are_not_stored(town, room):
    opened_round(town)
    for user, points in (("ana", "1"), ("ben", "2"), ("cleo", "3"), ("finn", "4"), ("gus", "4")):
        answers(town, user, points, comment=f"{SECRET}, {user}" if user in ("ana", "ben") else "")
    town.waits("P5D")
    copy = copier(town.bot.db, room).take()
    (kept,) = (dict(row)["result"] for row in copy.rows["pulse_round"])
    kept = json.loads(kept) if isinstance(kept, str) else kept
    assert set(map(tuple, kept["counts"].values())) == {(1, 1, 1, 2, 0)}
    assert (kept["groups"], kept["comments"], kept["comments_withheld"]) == ([], [], True)
    assert not [name for name, content in copy.files.items() if SECRET.encode() in content]
    assert not [table for table, rows in copy.rows.items() if SECRET in repr(rows)]


def test_only_the_number_of_fewer_than_five_answers_is_stored(town, room):
    opened_round(town)
    answers(town, "ana", "1")
    town.waits("P5D")
    (kept,) = (dict(row)["result"] for row in copier(town.bot.db, room).take().rows["pulse_round"])
    kept = json.loads(kept) if isinstance(kept, str) else kept
    nothing = {"counts": {}, "bands": {}, "groups": [], "comments": [], "comments_withheld": False, "blank": []}
    assert kept == {"asked": 6, "answered": 1, **nothing}, "not even whether anyone wrote a comment"


def test_sqlite_overwrites_what_it_deletes_on_every_connection(tmp_path, empty_sqlite):
    db = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with db.read() as first, db.read() as second:
        found = [session.execute(text("PRAGMA secure_delete")).scalar_one() for session in (first, second)]
    db.close()
    assert found == [1, 1]
