"""Home tabs: published when they are opened, and kept current for those who may still look."""

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.delivery.calls import Fate, call
from bot.delivery.messages import patience
from bot.delivery.pacing import Pacing
from handlers.kit.deps import Clock
from storage import home_tabs
from storage.database import Database
from storage.home_tabs import HomeTab

log = structlog.get_logger()

METHOD = "views.publish"
PAGE = 20

Draw = Callable[[Session, HomeTab, datetime], dict[str, Any]]


class HomeTabs:
    """Shows on each home tab how things stand; called with every tick, and at once when somebody opens one."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        slack: Callable[[str], WebClient],
        draw: Draw,
        pacing: Pacing,
    ) -> None:
        self._db = db
        self._clock = clock
        self._slack = slack
        self._draw = draw
        self._pacing = pacing
        self._lock = threading.Lock()

    def publish(self, now: datetime) -> int:
        """Look at those home tabs whose time has come; tell how many."""
        with self._lock:
            with self._db.read() as session:
                due = home_tabs.due(session, now, PAGE)
            return sum(self._publish(home, now) for home in due)

    def _publish(self, home: HomeTab, now: datetime) -> bool:
        """Draw one home tab, and send it where it shows anything else than before; False where Slack takes no more."""
        free_at = self._pacing.free_at(home.team_id, home.user_id, METHOD, now)
        if free_at > now:
            self._note(home, home.digest, free_at)
            return False
        try:
            with self._db.read() as session:
                view = self._draw(session, home, now)
        except Exception:
            # one tab that cannot be drawn must not keep all others from being current
            log.exception("home tab not drawn")
            self._note(home, home.digest, now + patience(1))
            return True
        digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        if digest == home.digest:
            self._note(home, digest, now + home_tabs.EVERY)
            return True
        self._pacing.spend(home.team_id, home.user_id, METHOD, now)
        answer = call(self._slack(home.team_id), METHOD, {"user_id": home.user_id, "view": view})
        if answer.fate is Fate.DONE:
            self._note(home, digest, now + home_tabs.EVERY)
            return True
        log.warning("home tab not published", fate=answer.fate.value, reason=answer.reason)
        if answer.fate is Fate.BUSY:
            self._pacing.obey(home.team_id, METHOD, now + answer.wait)
            self._note(home, home.digest, now + answer.wait)
            return True
        # publishing the same again does no harm, so a lost answer is like a lost request
        self._note(home, home.digest, None if answer.fate is Fate.REFUSED else now + patience(1))
        return True

    def _note(self, home: HomeTab, digest: str, again: datetime | None) -> None:
        """Note what is shown, and when to look again: not when nobody can be thought to look any more."""
        followed = again is not None and again <= home.opened_at + home_tabs.FOLLOWED
        with self._db.begin() as session:
            home_tabs.looked(session, home, digest, again if followed else None)
