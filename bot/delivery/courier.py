"""The courier brings to Slack what lies in the outbox, and keeps live messages current.

Posts are made at most once: a row is claimed on disk before the call, and where the reply is lost, or the
process dies while calling, the row becomes *unknown* and is shown to people. What can be repeated without harm
is repeated.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import MappingProxyType
from typing import Any

import structlog
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.delivery.calls import Answer, Fate, call
from bot.delivery.live_messages import PAGE, Draw, LiveMessages
from bot.delivery.messages import OutgoingMessage, note, pack
from bot.delivery.pacing import Pacing
from handlers.kit.deps import Clock
from storage import outbox
from storage.database import Database
from storage.outbox import Outbox
from storage.vocabulary import Delivery, LiveKind

log = structlog.get_logger()

TOGETHER = 8
"""So many workspaces are spoken to at once."""

Sender = Callable[[WebClient, dict[str, Any]], Answer]
"""Sends what the outbox names and Slack takes in several steps."""

SAFETY_NET = 15.0  # seconds after which the outbox is looked at even if nobody called


class Courier:
    """Sends what waits, in each channel's order, no faster than Slack allows."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        slack: Callable[[str], WebClient],
        draw: Mapping[LiveKind, Draw],
        name: str,
        publish: Callable[[datetime], int] = lambda _now: 0,
        senders: Mapping[str, Sender] = MappingProxyType({}),
    ) -> None:
        self._db = db
        self._clock = clock
        self._slack = slack
        self._name = name
        self._publish = publish
        self._senders = senders
        self._pacing = Pacing()
        self._showing = LiveMessages(db, clock, slack, draw, self._pacing, self._hold)
        self._lock = threading.Lock()
        self._bell = threading.Event()
        self._stopping = False
        self._pool = ThreadPoolExecutor(TOGETHER, thread_name_prefix="courier")
        self._upcoming: datetime | None = None
        self._held_until: datetime | None = None
        self._unnoted: list[tuple[OutgoingMessage, Answer]] = []
        self.stirred = 0
        """How much was sent and noted; whoever saw another number looks anew at what comes next."""

    # running -------------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Say that something waits."""
        self._bell.set()

    def stop(self) -> None:
        """End after the call that is under way."""
        self._stopping = True
        self._bell.set()
        self._pool.shutdown(wait=True)

    def run(self, may_send: Callable[[], bool]) -> None:
        """Send whenever something waits, until stopped."""
        while not self._stopping:
            pause = SAFETY_NET
            try:
                if may_send():
                    self._publish(self._clock.now())
                    upcoming = self.drain()
                    if upcoming is not None:
                        pause = min(pause, max(0.02, (upcoming - self._clock.now()).total_seconds()))
            except Exception:
                # the database may be away for a while; what waits is on disk and is tried again
                log.exception("courier stumbled")
            self._bell.wait(pause)
            self._bell.clear()

    def drain(self) -> datetime | None:
        """Send all that may be sent now; give the next moment at which something may, or None if nothing waits."""
        with self._lock:
            while not self._stopping and self._round():
                pass
            return max(self._upcoming, self._held_until or self._upcoming) if self._upcoming else None

    def _round(self) -> bool:
        """Send a handful; tell whether there was anything to send."""
        now = self._clock.now()
        self._held_until = None
        if self._unnoted:
            with self._db.begin() as session:
                self._note(session, self._unnoted)
            self.stirred += len(self._unnoted)
            self._unnoted.clear()
        with self._db.glance() as session:
            self._upcoming = outbox.next_due(session)
        if self._upcoming is None or self._upcoming > now:
            return False
        ready = self._ready(now)
        brought = sum(self._pool.map(self._bring, ready.values()))
        self.stirred += brought
        shown = sum(self._pool.map(lambda ids: self._showing.show(ids, now), self._showing.behind(now).values()))
        return bool(brought) or bool(shown)

    def _hold(self, until: datetime) -> None:
        self._held_until = min(until, self._held_until) if self._held_until else until

    # messages ------------------------------------------------------------------------------------------

    def _ready(self, now: datetime) -> dict[str, list[Outbox]]:
        """List the messages that may be sent now, by workspace; the rest waits for its turn or for Slack."""
        ready: dict[str, list[Outbox]] = {}
        held: set[tuple[str, str]] = set()
        with self._db.read() as session:
            # a workspace that wants no more of a method for now is looked past, so that it holds up nothing else
            while not ready and (rows := outbox.heads(session, now, PAGE, held)):
                for row in rows:
                    if not self._has_to_wait(row, now):
                        ready.setdefault(row.team_id, []).append(row)
                full = {pair for row in rows if self._pacing.holds(*(pair := (row.team_id, row.method)), now)}
                if not full:
                    break
                held |= full
            if not ready and (upcoming := outbox.next_free(session, now)):
                self._hold(upcoming)
        return ready

    def _bring(self, rows: Sequence[Outbox]) -> int:
        """Send a workspace's messages one after the other, as fast as Slack wants them; tell how many.

        What became of one is noted in the transaction that claims the next: a process that dies leaves one unknown
        message, not a handful.
        """
        brought = 0
        sent: list[tuple[OutgoingMessage, Answer]] = []
        try:
            for row in rows:
                if self._has_to_wait(row, self._clock.now()):
                    # others went before it since it was listed
                    continue
                with self._db.begin() as session:
                    self._note(session, sent)
                    parcel = None if self._stopping else self._claim(session, row.id)
                sent = [(parcel, self._send(parcel))] if parcel else []
                brought += len(sent)
            if sent:
                with self._db.begin() as session:
                    self._note(session, sent)
        except Exception:
            # the database is away: what became of this is noted when it is back
            self._unnoted.extend(sent)
            raise
        return brought

    def _has_to_wait(self, row: Outbox, now: datetime) -> bool:
        """Tell whether Slack takes no such message yet; then it is tried again when it does."""
        free_at = self._pacing.free_at(row.team_id, row.channel, row.method, now)
        if free_at > now:
            self._hold(free_at)
        return free_at > now

    def _claim(self, session: Session, row_id: int) -> OutgoingMessage | None:
        """Claim a message on disk; None where it is not to be sent any more."""
        row = outbox.claimable(session, row_id)
        if row is None:
            return None
        self._pacing.spend(row.team_id, row.channel, row.method, self._clock.now())
        row.state = Delivery.SENDING
        row.claimed_by = self._name
        row.attempts += 1
        return pack(session, row)

    def _send(self, parcel: OutgoingMessage) -> Answer:
        try:
            send, client = self._senders.get(parcel.method), self._slack(parcel.team)
            answer = send(client, parcel.body) if send else call(client, parcel.method, parcel.body)
        except Exception as bug:
            # whatever it was, the claim must not stay with us for ever: people are asked to look
            log.exception("a call went wrong", method=parcel.method)
            return Answer(Fate.UNKNOWN, reason=type(bug).__name__)
        if answer.fate is Fate.BUSY:
            # at once: the next one looks at this before it is noted
            self._pacing.obey(parcel.team, parcel.method, self._clock.now() + answer.wait)
        return answer

    def _note(self, session: Session, sent: Sequence[tuple[OutgoingMessage, Answer]]) -> None:
        now = self._clock.now()
        for parcel, answer in sent:
            if answer.fate is Fate.DONE:
                outbox.sent(session, parcel.row_id, self._name, answer.ts, live=parcel.live)
                continue
            row = outbox.claimed(session, parcel.row_id, self._name)
            if row is not None:
                note(row, answer, now)
            log.warning("not delivered", method=parcel.method, fate=answer.fate.value, reason=answer.reason)
