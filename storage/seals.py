"""Sealed answers, which stay encrypted until a pulse round or poll closes and are then destroyed.

Each round has its own random key, wrapped with a key that is in neither the database nor its backups. Each person has
one envelope, overwritten with every change; all envelopes have the same length. Opening returns the answers without
names and erases envelopes and key in the same transaction; wiping then removes them from the database files.
"""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ForeignKey, LargeBinary, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base, Database
from storage.due import Due
from storage.upsert import upsert
from storage.vocabulary import MemberId, SealId

LENGTH = 2048
"""Bytes to which every answer is padded, so that its length reveals nothing."""

NONCE = 12
"""Bytes of the nonce before each encrypted answer."""

ERASED = b""
"""Replaces a key that was erased but may still be in the database files."""


class Seal(Base):
    """The wrapped key of a round: `ERASED` after the round was opened, None after its remnants were wiped."""

    __tablename__ = "seal"

    id: Mapped[SealId] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)


class Envelope(Base):
    """A person's sealed answer: a nonce and the encrypted text."""

    __tablename__ = "envelope"

    seal_id: Mapped[SealId] = mapped_column(ForeignKey("seal.id"), primary_key=True)
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class KeyMissing(Exception):  # noqa: N818 - it names what is wrong
    """None of the configured keys can unwrap a round's key."""


class KeyRing:
    """The keys that wrap the rounds' keys. The first one wraps; all of them unwrap, so that keys can be rotated."""

    def __init__(self, keys: list[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys]) if keys else None

    def wrap(self, key: bytes) -> bytes:
        """Encrypt a round's key. Raise `KeyMissing` if there is no key at all."""
        if self._fernet is None:
            raise KeyMissing
        return self._fernet.encrypt(key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Decrypt a round's key. Raise `KeyMissing` if no key fits."""
        if self._fernet is None:
            raise KeyMissing
        try:
            return self._fernet.decrypt(wrapped)
        except InvalidToken:
            raise KeyMissing from None


def create(session: Session, ring: KeyRing) -> SealId:
    """Create a seal with a new key."""
    seal = Seal(wrapped=ring.wrap(AESGCM.generate_key(256)))
    session.add(seal)
    session.flush()
    return seal.id


def seal_answer(session: Session, ring: KeyRing, seal_id: SealId, member_id: MemberId, answer: Any) -> None:
    """Seal a person's answer, any JSON value, replacing an earlier one.

    Raise `ValueError` if the answer is too long or the seal was opened, `KeyMissing` if its key cannot be unwrapped.
    """
    # without ASCII escapes, a character takes at most four bytes instead of up to twelve
    plain = json.dumps(answer, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")
    if len(plain) > LENGTH:
        raise ValueError("the answer is too long for an envelope")
    nonce = os.urandom(NONCE)
    cipher = AESGCM(_unwrap_key(session, ring, seal_id))
    sealed = nonce + cipher.encrypt(nonce, plain.ljust(LENGTH), _associated_data(seal_id, member_id))
    row = {"seal_id": seal_id, "member_id": member_id, "sealed": sealed}
    upsert(session, Envelope, row, keys=("seal_id", "member_id"))


def delete_answer(session: Session, seal_id: SealId, member_id: MemberId) -> None:
    """Delete a person's answer."""
    session.execute(delete(Envelope).where(Envelope.seal_id == seal_id, Envelope.member_id == member_id))


def open_and_erase(session: Session, ring: KeyRing, seal_id: SealId) -> list[Any]:
    """Return the answers in random order without names, and erase envelopes and key.

    Raise `ValueError` if the seal was opened already, `KeyMissing` if its key cannot be unwrapped.
    """
    cipher = AESGCM(_unwrap_key(session, ring, seal_id))
    envelopes = session.scalars(select(Envelope).where(Envelope.seal_id == seal_id)).all()
    answers = [_decrypt(cipher, envelope) for envelope in envelopes]
    secrets.SystemRandom().shuffle(answers)
    session.execute(delete(Envelope).where(Envelope.seal_id == seal_id))
    session.get_one(Seal, seal_id).wrapped = ERASED
    return answers


def wipe_opened(db: Database) -> None:
    """Remove the remnants of opened seals from the database files.

    The rows record what has to be wiped, so a later call finishes the job if this one cannot or the process stops.
    """
    with db.read() as session:
        opened = session.scalars(_NOT_WIPED).all()
    if opened and db.scrub(Envelope.__tablename__, Seal.__tablename__):
        with db.begin() as session:
            session.execute(update(Seal).where(Seal.id.in_(opened)).values(wrapped=None))


_NOT_WIPED = select(Seal.id).where(Seal.wrapped == ERASED)


def _now_if_any(_session: Session, values: Sequence[Any]) -> datetime | None:
    return None if values[0] is None else datetime.fromtimestamp(0, UTC)


next_due = Due(_NOT_WIPED.limit(1), read=_now_if_any)
"""A time in the past if something has to be wiped."""


@dataclass(frozen=True)
class Stake:
    """What cannot be opened without a key that is missing: rounds of the pulse and polls, and the answers in them."""

    rounds: int
    answers: int

    def describe(self) -> str:
        """Name it in words, for whoever runs the bot."""
        rounds = "an open poll or pulse" if self.rounds == 1 else f"{self.rounds} open polls or pulses"
        answers = {0: "nobody has answered yet", 1: "1 answer so far"}.get(
            self.answers, f"{self.answers} answers so far"
        )
        return f"{rounds} ({answers})"


def find_stake(session: Session, ring: KeyRing) -> Stake | None:
    """Return what none of the keys can open; None if they open everything."""
    missing = []
    for seal_id, wrapped in session.execute(select(Seal.id, Seal.wrapped).where(Seal.wrapped != ERASED)):
        try:
            ring.unwrap(wrapped or b"")
        except KeyMissing:
            missing.append(seal_id)
    if not missing:
        return None
    counted = select(func.count()).select_from(Envelope).where(Envelope.seal_id.in_(missing))
    return Stake(len(missing), session.scalars(counted).one())


def _unwrap_key(session: Session, ring: KeyRing, seal_id: SealId) -> bytes:
    wrapped = session.get_one(Seal, seal_id).wrapped
    if not wrapped:
        raise ValueError("the seal was opened already")
    return ring.unwrap(wrapped)


def _decrypt(cipher: AESGCM, envelope: Envelope) -> Any:
    nonce, sealed = envelope.sealed[:NONCE], envelope.sealed[NONCE:]
    return json.loads(cipher.decrypt(nonce, sealed, _associated_data(envelope.seal_id, envelope.member_id)))


def _associated_data(seal_id: SealId, member_id: MemberId) -> bytes:
    """Bind an envelope to its seal and person, so that it cannot be used for another."""
    return f"{seal_id}/{member_id}".encode()
