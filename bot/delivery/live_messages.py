"""Live messages: rendered again after each change and updated in Slack, as often as Slack allows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.delivery.calls import CallResult, Outcome, call
from bot.delivery.messages import retry_delay
from bot.delivery.pacing import Pacing
from bot.delivery.pauses import Pauses
from handlers.kit.deps import Clock
from handlers.kit.feature import RenderLive
from handlers.kit.isolation import is_outage
from handlers.undelivered.frozen import report_frozen
from handlers.undelivered.reasons import CLOSED, GONE
from storage import live_messages
from storage.database import Database
from storage.live_messages import MIN_INTERVAL, LiveMessage
from storage.vocabulary import LiveMessageKind

log = structlog.get_logger()

METHOD = "chat.update"

PAGE = 50
"""Messages to update before the courier checks again which come first."""

LONGEST_DELAY = timedelta(hours=1)
"""How long to wait at most where a channel is closed to the bot: somebody may open it again."""


class LiveMessages:
    """Brings live messages up to date. `hold` is called with the time at which Slack accepts the next update."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        slack: Callable[[str], WebClient],
        renderers: Mapping[LiveMessageKind, RenderLive],
        pacing: Pacing,
        pauses: Pauses,
        hold: Callable[[datetime], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._slack = slack
        self._renderers = renderers
        self._pacing = pacing
        self._pauses = pauses
        self._hold = hold
        self._closed: set[tuple[str, str]] = set()

    def reopen(self, session: Session, team: str, channel: str) -> None:
        """Update what waits in a channel that was closed to the bot, now that Slack has accepted a call there."""
        if (team, channel) in self._closed:
            live_messages.update_now(session, team, channel)
            self._closed.discard((team, channel))

    def outdated(self, now: datetime) -> dict[str, list[int]]:
        """List the ids of the messages that are out of date and may be updated now, by workspace."""
        ready: dict[str, list[int]] = {}
        held = set(self._pauses.teams(now))
        with self._db.read() as session:
            # a workspace that accepts no more updates now is skipped, so that it holds up no other
            while not ready and (rows := live_messages.list_outdated(session, now, PAGE, held)):
                for live in rows:
                    free_at = self._pacing.free_at(live.team_id, live.channel, METHOD, now)
                    if free_at <= now:
                        ready.setdefault(live.team_id, []).append(live.id)
                        continue
                    self._hold(free_at)
                    held.add(live.team_id)
        return ready

    def update(self, live_ids: Sequence[int], now: datetime) -> int:
        """Update a workspace's messages one after another. Return how many were tried."""
        return sum(self._try_to_update(live_id, now) for live_id in live_ids)

    def _try_to_update(self, live_id: int, now: datetime) -> bool:
        """Update one message. One that cannot be read, rendered or recorded must not hold up the others."""
        try:
            return self._update_one(live_id, now)
        except Exception as bug:
            if is_outage(bug):
                raise
            log.exception("live message not updated", live=live_id)
        with self._db.begin() as session:
            live_messages.postpone(session, live_id, retry_delay, now)
        return True

    def _update_one(self, live_id: int, now: datetime) -> bool:
        """Render one message and update it; record the changes it shows, not those that came meanwhile."""
        with self._db.read() as session:
            live = session.get_one(LiveMessage, live_id)
            team, channel, wanted = live.team_id, live.channel, live.wanted
            free_at = self._pacing.free_at(team, channel, METHOD, self._pauses.until(team, now))
            if free_at > now:
                self._hold(free_at)
                return False
            content = self._renderers[live.kind](session, live)
            body = {**content, "channel": channel, "ts": live.ts}
        self._pacing.record_call(team, channel, METHOD)
        self._record(live_id, wanted, call(self._slack(team), METHOD, body), content)
        return True

    def _record(self, live_id: int, wanted: int, result: CallResult, content: dict[str, Any]) -> None:
        now = self._clock.now()
        with self._db.begin() as session:
            live = session.get_one(LiveMessage, live_id)
            live.due_at = now + MIN_INTERVAL
            if result.outcome is Outcome.OK:
                live.shown, live.attempts = wanted, 0
                self._pauses.end(session, live.team_id, now)
                self.reopen(session, live.team_id, live.channel)
            elif result.outcome is Outcome.RATE_LIMITED:
                self._pacing.block_for(live.team_id, METHOD, result.retry_after)
            elif result.outcome is Outcome.NO_ACCESS:
                self._pauses.begin(session, live.team_id, result.reason, now)
            elif result.outcome is Outcome.REJECTED and result.reason in CLOSED:
                live.attempts += 1
                live.due_at = now + min(LONGEST_DELAY, timedelta(seconds=2 ** min(live.attempts, 20)))
                self._closed.add((live.team_id, live.channel))
            elif result.outcome is Outcome.REJECTED and result.reason in GONE:
                live.problem = result.reason
                report_frozen(session, live, content, result.reason, now)
            else:
                # whatever Slack has against it may be over, or not hold for what the message shows later
                live.attempts += 1
                live.due_at = now + retry_delay(live.attempts)
        if result.outcome not in {Outcome.OK, Outcome.NO_ACCESS}:
            log.warning("live message not updated", outcome=result.outcome.value, reason=result.reason)
