"""Keeping live messages current: what they show is rendered anew and changed in Slack, as often as Slack allows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.delivery.calls import Answer, Fate, call
from bot.delivery.messages import patience
from bot.delivery.pacing import Pacing
from handlers.kit.deps import Clock
from storage import live_messages
from storage.database import Database
from storage.live_messages import LiveMessage
from storage.vocabulary import LiveKind

log = structlog.get_logger()

Draw = Callable[[Session, LiveMessage], dict[str, Any]]

PAGE = 50  # after so many messages it is looked anew what comes first

EACH = timedelta(seconds=1)
"""So long a live message stays as it is before it is changed again."""


class LiveMessages:
    """Shows the present state of live messages. `hold` is told when Slack will take the next change."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        slack: Callable[[str], WebClient],
        draw: Mapping[LiveKind, Draw],
        pacing: Pacing,
        hold: Callable[[datetime], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._slack = slack
        self._draw = draw
        self._pacing = pacing
        self._hold = hold

    def behind(self, now: datetime) -> dict[str, list[int]]:
        """List the messages that are not current and may be changed now, by workspace."""
        ready: dict[str, list[int]] = {}
        held: set[str] = set()
        with self._db.read() as session:
            # a workspace that takes no more changes for now is looked past, so that it holds up no other
            while not ready and (rows := live_messages.behind(session, now, PAGE, held)):
                for live in rows:
                    free_at = self._pacing.free_at(live.team_id, live.channel, "chat.update", now)
                    if free_at <= now:
                        ready.setdefault(live.team_id, []).append(live.id)
                        continue
                    self._hold(free_at)
                    held.add(live.team_id)
        return ready

    def show(self, live_ids: Sequence[int], now: datetime) -> int:
        """Show a workspace's messages one after the other; tell how many calls were made."""
        return sum(self._show_one(live_id, now) for live_id in live_ids)

    def _show_one(self, live_id: int, now: datetime) -> bool:
        """Render the present state and show it; note which changes it shows, not which there are by then."""
        with self._db.read() as session:
            live = session.get_one(LiveMessage, live_id)
            team, channel, wanted = live.team_id, live.channel, live.wanted
            free_at = self._pacing.free_at(team, channel, "chat.update", now)
            if free_at > now:
                self._hold(free_at)
                return False
            try:
                body = {**self._draw[live.kind](session, live), "channel": channel, "ts": live.ts}
            except Exception:
                # one message that cannot be drawn must not keep all others from being current
                log.exception("not drawn", kind=live.kind.value)
                body = None
        if body is None:
            self._note_shown(live_id, wanted, Answer(Fate.LATER, reason="it could not be drawn"))
            return True
        self._pacing.spend(team, channel, "chat.update", now)
        answer = call(self._slack(team), "chat.update", body)
        self._note_shown(live_id, wanted, answer)
        return True

    def _note_shown(self, live_id: int, wanted: int, answer: Answer) -> None:
        now = self._clock.now()
        with self._db.begin() as session:
            live = session.get_one(LiveMessage, live_id)
            live.due_at = now + EACH
            if answer.fate is Fate.DONE:
                live.shown, live.attempts = wanted, 0
            elif answer.fate is Fate.BUSY:
                self._pacing.obey(live.team_id, "chat.update", now + answer.wait)
            elif answer.fate is Fate.REFUSED:
                live.problem = answer.reason[:200]
            else:
                live.attempts += 1
                live.due_at = now + patience(live.attempts)
        if answer.fate is not Fate.DONE:
            log.warning("live message not shown", fate=answer.fate.value, reason=answer.reason)
