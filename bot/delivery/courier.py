"""The courier sends the messages in the outbox to Slack, and keeps live messages up to date.

Each post is made at most once: its row is claimed on disk before the call, and if the reply is lost or the process
dies during the call, the row becomes *unknown* and people are asked. Calls that are safe to repeat are repeated.
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

from bot.delivery.calls import CallResult, Outcome, call
from bot.delivery.live_messages import PAGE, LiveMessages
from bot.delivery.messages import OutgoingMessage, prepare, record_failure
from bot.delivery.pacing import Pacing
from bot.delivery.pauses import Pauses
from handlers.kit.deps import Clock
from handlers.kit.feature import RenderLive
from handlers.kit.isolation import is_outage, log_failure
from handlers.undelivered.reasons import UNREADABLE
from storage import outbox
from storage.database import Database
from storage.outbox import WaitingCall
from storage.vocabulary import DeliveryState, LiveMessageKind

log = structlog.get_logger()

PARALLEL_WORKSPACES = 8

Sender = Callable[[WebClient, dict[str, Any]], CallResult]
"""Sends a row of the outbox that takes several calls to Slack."""

POLL_SECONDS = 15.0
"""How often the courier checks the outbox even if nobody woke it."""

MIN_PAUSE_SECONDS = 0.02


class SetAside:
    """In place of a message whose row cannot be read."""


class Courier:
    """Sends what is waiting, in order within each channel, no faster than Slack allows."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        slack: Callable[[str], WebClient],
        renderers: Mapping[LiveMessageKind, RenderLive],
        name: str,
        publish_home_tabs: Callable[[datetime], None] = lambda _now: None,
        senders: Mapping[str, Sender] = MappingProxyType({}),
    ) -> None:
        self._db = db
        self._clock = clock
        self._slack = slack
        self._name = name
        self._publish_home_tabs = publish_home_tabs
        self._senders = senders
        self._pacing = Pacing(clock.monotonic)
        self._pauses = Pauses()
        self._live_messages = LiveMessages(db, clock, slack, renderers, self._pacing, self._pauses, self._hold)
        self._lock = threading.Lock()
        self._wake_up = threading.Event()
        self._stopping = False
        self._pool = ThreadPoolExecutor(PARALLEL_WORKSPACES, thread_name_prefix="courier")
        self._next_due: datetime | None = None
        self._held_until: datetime | None = None
        self._unrecorded: list[tuple[OutgoingMessage, CallResult]] = []
        self.progress = 0
        """Grows with each message that is sent, updated or recorded; once it has grown, earlier due times are stale."""

    # running -------------------------------------------------------------------------------------------

    def wake(self) -> None:
        """Check the outbox soon."""
        self._wake_up.set()

    def stop(self) -> None:
        """Stop after the current calls."""
        self._stopping = True
        self._wake_up.set()
        self._pool.shutdown(wait=True)

    def run(self, may_send: Callable[[], bool]) -> None:
        """Send whenever something is waiting, until stopped."""
        while not self._stopping:
            pause = POLL_SECONDS
            try:
                if may_send():
                    self._publish_home_tabs(self._clock.now())
                    next_at = self.drain()
                    if next_at is not None:
                        pause = min(pause, max(MIN_PAUSE_SECONDS, (next_at - self._clock.now()).total_seconds()))
            except Exception as bug:  # noqa: BLE001 - the database may be down for a while, or worse
                # what is waiting is on disk and is tried again
                log_failure("courier failed", bug)
            self._wake_up.wait(pause)
            self._wake_up.clear()

    def drain(self) -> datetime | None:
        """Send all that may be sent now. Return when something may be sent next, or None if nothing is waiting."""
        with self._lock:
            while not self._stopping and self._send_batch():
                pass
            return max(self._next_due, self._held_until or self._next_due) if self._next_due else None

    def _send_batch(self) -> bool:
        """Send up to a page of messages and updates. Return whether there were any."""
        now = self._clock.now()
        self._held_until = None
        if self._unrecorded:
            with self._db.begin() as session:
                self._record(session, self._unrecorded)
            self.progress += len(self._unrecorded)
            self._unrecorded.clear()
        with self._db.glance() as session:
            self._next_due = outbox.next_due(session, now)
        if self._next_due is None or self._next_due > now:
            return False
        sent = sum(self._pool.map(self._send_rows, self._ready(now).values()))
        self.progress += sent
        outdated = self._live_messages.outdated(now)
        updated = sum(self._pool.map(lambda ids: self._live_messages.update(ids, now), outdated.values()))
        self.progress += updated
        return bool(sent) or bool(updated)

    def _hold(self, until: datetime) -> None:
        self._held_until = min(until, self._held_until) if self._held_until else until

    # messages ------------------------------------------------------------------------------------------

    def _ready(self, now: datetime) -> dict[str, list[WaitingCall]]:
        """List the messages that may be sent now, by workspace."""
        ready: dict[str, list[WaitingCall]] = {}
        held: set[tuple[str, str]] = set()
        self._pauses.read(self._db, now)
        with self._db.read() as session:
            paused = self._pauses.teams(now)
            for team in paused:
                self._hold(self._pauses.until(team, now))
            # a workspace that accepts no more calls of a method now is skipped, so that it holds up nothing else
            while not ready and (rows := outbox.list_sendable(session, now, PAGE, held, paused)):
                for row in rows:
                    if not self._must_wait(row, now):
                        ready.setdefault(row.team_id, []).append(row)
                exhausted = {pair for row in rows if self._pacing.is_exhausted(*(pair := (row.team_id, row.method)))}
                if not exhausted:
                    break
                held |= exhausted
            if not ready and (next_at := outbox.next_unblocked(session, now)):
                self._hold(next_at)
        return ready

    def _send_rows(self, rows: Sequence[WaitingCall]) -> int:
        """Send a workspace's messages one after another, as fast as Slack allows. Return how many no longer wait.

        The result of each call is recorded in the transaction that claims the next message: a process that dies
        leaves one unknown message, not several.
        """
        count = 0
        sent: list[tuple[OutgoingMessage, CallResult]] = []
        try:
            for row in rows:
                if self._must_wait(row, self._clock.now()):
                    # the messages before it have used up the rate limit
                    continue
                message = self._record_and_claim(sent, row)
                sent = [(message, self._send(message))] if isinstance(message, OutgoingMessage) else []
                count += message is not None
            if sent:
                with self._db.begin() as session:
                    self._record(session, sent)
        except Exception:
            # the database is down: record the result when it is back
            self._unrecorded.extend(sent)
            raise
        return count

    def _record_and_claim(
        self, sent: Sequence[tuple[OutgoingMessage, CallResult]], row: WaitingCall
    ) -> OutgoingMessage | SetAside | None:
        """Record results and claim the next message. Return None if it no longer waits.

        A row that cannot be read is set aside as failed, so that people hear of it and the others go on.
        """
        try:
            with self._db.begin() as session:
                self._record(session, sent)
                return None if self._stopping else self._claim(session, row.id)
        except Exception as bug:
            if is_outage(bug):
                raise
            log.exception("a message cannot be read and is set aside", method=row.method, row=row.id)
        with self._db.begin() as session:
            self._record(session, sent)
            outbox.set_aside(session, row.id, UNREADABLE, self._clock.now())
        return SetAside()

    def _must_wait(self, row: WaitingCall, now: datetime) -> bool:
        """Return whether Slack does not accept this message yet; if so, it is tried again when Slack does."""
        free_at = self._pacing.free_at(row.team_id, row.channel, row.method, self._pauses.until(row.team_id, now))
        if free_at > now:
            self._hold(free_at)
        return free_at > now

    def _claim(self, session: Session, row_id: int) -> OutgoingMessage | None:
        """Claim a message on disk. Return None if it is no longer waiting."""
        row = outbox.lock_pending(session, row_id)
        if row is None:
            return None
        self._pacing.record_call(row.team_id, row.channel, row.method)
        row.state = DeliveryState.SENDING
        row.claimed_by = self._name
        row.attempts += 1
        return prepare(session, row)

    def _send(self, message: OutgoingMessage) -> CallResult:
        try:
            send, client = self._senders.get(message.method), self._slack(message.team)
            result = send(client, message.body) if send else call(client, message.method, message.body)
        except Exception as bug:
            # whatever it was, the claim must not last forever: people are asked to check
            log.exception("a call failed", method=message.method)
            return CallResult(Outcome.UNKNOWN, reason=type(bug).__name__)
        # now, because the next message checks this before the result is recorded
        if result.outcome is Outcome.RATE_LIMITED:
            self._pacing.block_for(message.team, message.method, result.retry_after)
        elif result.outcome is Outcome.NO_ACCESS:
            self._pauses.hold(message.team, self._clock.now())
        return result

    def _record(self, session: Session, sent: Sequence[tuple[OutgoingMessage, CallResult]]) -> None:
        now = self._clock.now()
        for message, result in sent:
            if result.outcome is Outcome.OK:
                outbox.mark_sent(
                    session, message.row_id, self._name, result.ts, live=message.live, channel=result.channel
                )
                self._pauses.end(session, message.team, now)
                self._live_messages.reopen(session, message.team, message.channel)
                continue
            row = outbox.lock_claimed(session, message.row_id, self._name)
            if row is not None:
                record_failure(row, result, now)
            if result.outcome is Outcome.NO_ACCESS:
                self._pauses.begin(session, message.team, result.reason, now)
            else:
                # of a lost reply, nobody knows whether it was delivered
                event = "no answer" if result.outcome is Outcome.UNKNOWN else "not delivered"
                log.warning(event, method=message.method, outcome=result.outcome.value, reason=result.reason)
