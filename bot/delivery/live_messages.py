"""Live messages: rendered again after each change and updated in Slack, as often as Slack allows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from slack_sdk import WebClient

from bot.delivery.calls import CallResult, Outcome, call
from bot.delivery.messages import retry_delay
from bot.delivery.pacing import Pacing
from handlers.kit.deps import Clock
from handlers.kit.feature import RenderLive
from handlers.undelivered.reasons import CLOSED
from storage import live_messages
from storage.database import Database
from storage.live_messages import LiveMessage
from storage.vocabulary import LiveMessageKind

log = structlog.get_logger()

METHOD = "chat.update"

PAGE = 50
"""Messages to update before the courier checks again which come first."""

MIN_INTERVAL = timedelta(seconds=1)
"""The shortest time between two updates of one live message."""


CLOSED_CHANNEL_INTERVAL = timedelta(hours=6)
"""How long to wait where a channel is closed to the bot: somebody may open it again."""


class LiveMessages:
    """Brings live messages up to date. `hold` is called with the time at which Slack accepts the next update."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        slack: Callable[[str], WebClient],
        renderers: Mapping[LiveMessageKind, RenderLive],
        pacing: Pacing,
        hold: Callable[[datetime], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._slack = slack
        self._renderers = renderers
        self._pacing = pacing
        self._hold = hold

    def outdated(self, now: datetime) -> dict[str, list[int]]:
        """List the ids of the messages that are out of date and may be updated now, by workspace."""
        ready: dict[str, list[int]] = {}
        held: set[str] = set()
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
        return sum(self._update_one(live_id, now) for live_id in live_ids)

    def _update_one(self, live_id: int, now: datetime) -> bool:
        """Render one message and update it; record the changes it shows, not those that came meanwhile."""
        with self._db.read() as session:
            live = session.get_one(LiveMessage, live_id)
            team, channel, wanted = live.team_id, live.channel, live.wanted
            free_at = self._pacing.free_at(team, channel, METHOD, now)
            if free_at > now:
                self._hold(free_at)
                return False
            try:
                body = {**self._renderers[live.kind](session, live), "channel": channel, "ts": live.ts}
            except Exception:
                # one message that cannot be rendered must not hold up the others
                log.exception("live message not rendered", kind=live.kind.value)
                body = None
        if body is None:
            self._record(live_id, wanted, CallResult(Outcome.RETRY, reason="it could not be rendered"))
            return True
        self._pacing.record_call(team, channel, METHOD, now)
        self._record(live_id, wanted, call(self._slack(team), METHOD, body))
        return True

    def _record(self, live_id: int, wanted: int, result: CallResult) -> None:
        now = self._clock.now()
        with self._db.begin() as session:
            live = session.get_one(LiveMessage, live_id)
            live.due_at = now + MIN_INTERVAL
            if result.outcome is Outcome.OK:
                live.shown, live.attempts = wanted, 0
            elif result.outcome is Outcome.RATE_LIMITED:
                self._pacing.block_until(live.team_id, METHOD, now + result.retry_after)
            elif result.outcome is Outcome.REJECTED and result.reason in CLOSED:
                live.due_at = now + CLOSED_CHANNEL_INTERVAL
            elif result.outcome is Outcome.REJECTED:
                live.problem = result.reason[:200]
            else:
                live.attempts += 1
                live.due_at = now + retry_delay(live.attempts)
        if result.outcome is not Outcome.OK:
            log.warning("live message not updated", outcome=result.outcome.value, reason=result.reason)
