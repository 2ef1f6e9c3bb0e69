"""Sealed answers: what was said lies encrypted until the round closes, and is then destroyed.

A round has a random key of its own, wrapped by a key that is in neither the database nor its backups. Each
answer is one envelope per person, overwritten when changed, all of one length. Opening a round gives its
answers without names and erases envelopes and key in the same transaction; wiping sees to it that the
database's own files forget them too.
"""

import json
import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ForeignKey, LargeBinary, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base, Database
from storage.due import Due
from storage.upsert import upsert
from storage.vocabulary import MemberId, SealId

LENGTH = 2048
"""Bytes to which every answer is padded, so that its length tells nothing."""

NONCE = 12

OPENED = b""
"""Stands in the place of a key that was erased and may still lie about in the database's files."""


class Seal(Base):
    """A round's key, wrapped; empty once the round was opened, and None once its remnants are wiped away."""

    __tablename__ = "seal"

    id: Mapped[SealId] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)


class Envelope(Base):
    """One person's sealed answer."""

    __tablename__ = "envelope"

    seal_id: Mapped[SealId] = mapped_column(ForeignKey("seal.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class KeyMissing(Exception):  # noqa: N818 - it names what is wrong
    """None of the keys at hand is the one with which a round was sealed."""


class KeyRing:
    """The keys that wrap rounds' keys; the first wraps, all unwrap, so that keys can be changed."""

    def __init__(self, keys: list[str]) -> None:
        self._ring = MultiFernet([Fernet(key) for key in keys])

    def wrap(self, key: bytes) -> bytes:
        """Encrypt a round's key."""
        return self._ring.encrypt(key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Decrypt a round's key.

        Raises KeyMissing where no key of the ring fits.
        """
        try:
            return self._ring.decrypt(wrapped)
        except InvalidToken:
            raise KeyMissing from None


def start(session: Session, ring: KeyRing) -> SealId:
    """Begin a round of sealed answers."""
    seal = Seal(wrapped=ring.wrap(AESGCM.generate_key(256)))
    session.add(seal)
    session.flush()
    return seal.id


def put(session: Session, ring: KeyRing, seal_id: SealId, member_id: MemberId, answer: Any) -> None:
    """Seal a person's answer; it replaces the earlier one.

    Raises ValueError where the answer is longer than an envelope, or the round is over.
    """
    # escaped, a letter outside ASCII would take up to twelve bytes instead of at most four
    plain = json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")
    if len(plain) > LENGTH:
        raise ValueError("an answer is longer than its envelope")
    nonce = os.urandom(NONCE)
    box = AESGCM(_key(session, ring, seal_id))
    sealed = nonce + box.encrypt(nonce, plain.ljust(LENGTH), _binding(seal_id, member_id))
    row = {"seal_id": seal_id, "member_id": member_id, "sealed": sealed}
    upsert(session, Envelope, row, keys=("seal_id", "member_id"))


def take_out(session: Session, seal_id: SealId, member_id: MemberId) -> None:
    """Destroy a person's answer."""
    session.execute(delete(Envelope).where(Envelope.seal_id == seal_id, Envelope.member_id == member_id))


def open_all(session: Session, ring: KeyRing, seal_id: SealId) -> list[Any]:
    """Open a round: give its answers in random order without names, and erase envelopes and key."""
    box = AESGCM(_key(session, ring, seal_id))
    envelopes = session.scalars(select(Envelope).where(Envelope.seal_id == seal_id)).all()
    answers = [_open(box, envelope) for envelope in envelopes]
    secrets.SystemRandom().shuffle(answers)
    session.execute(delete(Envelope).where(Envelope.seal_id == seal_id))
    session.get_one(Seal, seal_id).wrapped = OPENED
    return answers


def wipe(db: Database) -> None:
    """Wipe what is left of opened rounds from the database's files; where it cannot be done now, the next call does it.

    That it has to be done stands in the rows, so it is done also after the process died in between.
    """
    with db.read() as session:
        opened = session.scalars(_OPENED).all()
    if opened and db.scrub(Envelope.__tablename__, Seal.__tablename__):
        with db.begin() as session:
            session.execute(update(Seal).where(Seal.id.in_(opened)).values(wrapped=None))


_OPENED = select(Seal.id).where(Seal.wrapped == OPENED)


def _at_once(_session: Session, values: Sequence[Any]) -> datetime | None:
    return None if values[0] is None else datetime.fromtimestamp(0, UTC)


next_due = Due(_OPENED.limit(1), read=_at_once)
"""A moment that is over, where something has to be wiped away."""


def unreadable(session: Session, ring: KeyRing) -> int:
    """Count the open rounds that none of the keys at hand can open."""
    missing = 0
    for wrapped in session.scalars(select(Seal.wrapped).where(Seal.wrapped.is_not(None), Seal.wrapped != OPENED)):
        try:
            ring.unwrap(wrapped or b"")
        except KeyMissing:
            missing += 1
    return missing


def _key(session: Session, ring: KeyRing, seal_id: SealId) -> bytes:
    wrapped = session.get_one(Seal, seal_id).wrapped
    if not wrapped:
        raise ValueError("this round was opened already")
    return ring.unwrap(wrapped)


def _open(box: AESGCM, envelope: Envelope) -> Any:
    nonce, sealed = envelope.sealed[:NONCE], envelope.sealed[NONCE:]
    return json.loads(box.decrypt(nonce, sealed, _binding(envelope.seal_id, envelope.member_id)))


def _binding(seal_id: SealId, member_id: MemberId) -> bytes:
    return f"{seal_id}/{member_id}".encode()
