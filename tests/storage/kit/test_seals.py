"""Seals: a copy of the database reveals who answered, but never what."""

import shutil
import sqlite3

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet
from sqlalchemy import select, text

from handlers.pulse.answers import MAX_COMMENT
from storage import seals
from storage.seals import ERASED, LENGTH, NONCE, Envelope, KeyRing, Seal
from tests.storage.people import crowd
from tests.town import START

TAG = 16
KEYS = [Fernet.generate_key().decode()]


@pytest.fixture
def voters(db):
    with db.begin() as session:
        return [person.id for person in crowd(session, 6, START)]


def sealed(db, voters, answers):
    ring = KeyRing(KEYS)
    with db.begin() as session:
        seal = seals.create(session, ring)
    for voter, answer in zip(voters, answers, strict=True):
        with db.begin() as session:
            seals.seal_answer(session, ring, seal, voter, answer)
    return ring, seal


def test_opening_returns_all_answers_without_names_and_leaves_nothing(db, voters):
    answers = [{"1": number} for number in range(6)]
    ring, seal = sealed(db, voters, answers)
    with db.begin() as session:
        opened = seals.open_and_erase(session, ring, seal)
    assert sorted(answer["1"] for answer in opened) == list(range(6))
    with db.read() as session:
        assert session.scalars(select(Envelope)).all() == []
        assert session.get_one(Seal, seal).wrapped == ERASED
    with db.begin() as session, pytest.raises(ValueError, match="opened already"):
        seals.seal_answer(session, ring, seal, voters[0], {"1": 1})


def test_all_envelopes_have_the_same_length_and_a_changed_answer_replaces_the_first(db, voters):
    ring, seal = sealed(db, voters, [{}, {"1": 1}, {str(n): 1 for n in range(40)}, {"9": 5}, {}, {}])
    with db.begin() as session:
        seals.seal_answer(session, ring, seal, voters[0], {"2": 2})
    with db.read() as session:
        lengths = {len(envelope.sealed) for envelope in session.scalars(select(Envelope))}
    assert len(lengths) == 1
    with db.begin() as session:
        assert len(seals.open_and_erase(session, ring, seal)) == 6


@pytest.mark.parametrize("letter", ["a", "ñ", "校", "🙂", '"', "\n", "\ud800"])
def test_the_longest_comment_fits_into_an_envelope_in_any_script(db, voters, letter):
    answer = {
        "agency": 10**9,
        "scores": {f"communication-{n}": None for n in range(5)},
        "comment": letter * MAX_COMMENT,
    }
    ring, seal = sealed(db, voters, [answer] * 6)
    with db.begin() as session:
        lengths = {len(envelope.sealed) for envelope in session.scalars(select(Envelope))}
        assert lengths == {NONCE + LENGTH + TAG}
        assert seals.open_and_erase(session, ring, seal) == [answer] * 6


def test_a_copy_of_the_database_without_the_key_opens_nothing(db, voters):
    _, seal = sealed(db, voters, [{"1": 1}] * 6)
    stranger = KeyRing([Fernet.generate_key().decode()])
    with db.begin() as session, pytest.raises(seals.KeyMissing):
        seals.open_and_erase(session, stranger, seal)


def test_keys_can_be_rotated_while_a_round_is_open(db, voters):
    _, seal = sealed(db, voters, [{"1": 1}] * 6)
    newer = KeyRing([Fernet.generate_key().decode(), *KEYS])
    with db.begin() as session:
        assert len(seals.open_and_erase(session, newer, seal)) == 6


def test_an_envelope_moved_to_another_person_does_not_open(db, voters):
    ring, seal = sealed(db, voters, [{"1": number} for number in range(6)])
    with db.begin() as session:
        first, second = session.scalars(select(Envelope).order_by(Envelope.member_id).limit(2))
        first.sealed, second.sealed = second.sealed, first.sealed
    with db.begin() as session, pytest.raises(InvalidTag):
        seals.open_and_erase(session, ring, seal)


def test_neither_the_database_file_nor_its_log_contains_an_answer_in_plain_text(tmp_path, empty_sqlite):
    from storage.database import Database

    path = tmp_path / "bot.db"
    shutil.copy(empty_sqlite, path)
    db = Database(f"sqlite:///{path}")
    with db.begin() as session:
        session.execute(text("PRAGMA foreign_keys"))
    secret = "an answer nobody may read"
    ring = KeyRing(KEYS)
    with db.begin() as session:
        seal, voter = seals.create(session, ring), crowd(session, 1, START)[0].id
    for turn in range(5):
        with db.begin() as session:
            seals.seal_answer(session, ring, seal, voter, {"comment": f"{secret} {turn}"})
        for file in tmp_path.glob("bot.db*"):
            assert secret.encode() not in file.read_bytes()
    db.close()
    assert sqlite3.connect(path).execute("SELECT count(*) FROM envelope").fetchone() == (1,)
