"""Closing what is sealed: polls with anonymous ballots and rounds of the pulse."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session

from handlers.kit.isolation import row_transaction
from storage import seals
from storage.database import Database
from storage.polls import Poll
from storage.pulse import PulseRound
from storage.vocabulary import PollId, PulseRoundId

log = structlog.get_logger()

RETRY_AFTER = timedelta(hours=1)


Id = TypeVar("Id", PollId, PulseRoundId)
Row = TypeVar("Row", Poll, PulseRound)


def close_each(
    db: Database,
    ids: Iterable[Id],
    lock: Callable[[Session, Id], Row],
    close: Callable[[Session, Row], None],
    now: datetime,
    *,
    feature: str,
) -> None:
    """Lock and close each row whose time has come, in its own transaction.

    Where SEAL_KEYS lacks the key of the sealed answers, they are kept and the row is tried again after an hour: it
    closes once the right key is back. `close` checks that the row is still open.
    """
    for id_ in ids:
        try:
            with row_transaction(db, seals.KeyMissing) as session:
                row = lock(session, id_)
                if row.closes_at <= now:
                    close(session, row)
        except seals.KeyMissing:
            log.critical("sealed answers cannot be opened: SEAL_KEYS lacks their key", feature=feature)
            with db.begin() as session:
                lock(session, id_).closes_at = now + RETRY_AFTER
