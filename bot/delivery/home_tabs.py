"""Home tabs: published when a person opens one, and kept up to date while the person may still look at it."""

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.delivery.calls import Outcome, call
from bot.delivery.messages import retry_delay
from bot.delivery.pacing import Pacing
from storage import home_tabs
from storage.database import Database
from storage.home_tabs import HomeTab

log = structlog.get_logger()

METHOD = "views.publish"
PAGE = 20

RenderHomeTab = Callable[[Session, HomeTab, datetime], dict[str, Any]]


class HomeTabs:
    """Publishes home tabs: on each tick, and at once when a person opens one."""

    def __init__(
        self,
        db: Database,
        slack: Callable[[str], WebClient],
        render: RenderHomeTab,
        pacing: Pacing,
    ) -> None:
        self._db = db
        self._slack = slack
        self._render = render
        self._pacing = pacing
        self._lock = threading.Lock()

    def publish(self, now: datetime) -> None:
        """Check the home tabs that are due, and publish those that have changed."""
        with self._lock:
            with self._db.read() as session:
                due = home_tabs.list_due(session, now, PAGE)
            for home_tab in due:
                self._publish_one(home_tab, now)

    def _publish_one(self, home_tab: HomeTab, now: datetime) -> None:
        """Publish one home tab if it has changed and Slack accepts it now."""
        free_at = self._pacing.free_at(home_tab.team_id, home_tab.user_id, METHOD, now)
        if free_at > now:
            self._record(home_tab, home_tab.digest, free_at)
            return
        try:
            with self._db.read() as session:
                view = self._render(session, home_tab, now)
        except Exception:
            # one tab that cannot be rendered must not hold up the others
            log.exception("home tab not rendered")
            self._record(home_tab, home_tab.digest, now + retry_delay(1))
            return
        digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        if digest == home_tab.digest:
            self._record(home_tab, digest, now + home_tabs.CHECK_INTERVAL)
            return
        self._pacing.record_call(home_tab.team_id, home_tab.user_id, METHOD)
        result = call(self._slack(home_tab.team_id), METHOD, {"user_id": home_tab.user_id, "view": view})
        if result.outcome is Outcome.OK:
            self._record(home_tab, digest, now + home_tabs.CHECK_INTERVAL)
            return
        log.warning("home tab not published", outcome=result.outcome.value, reason=result.reason)
        if result.outcome is Outcome.RATE_LIMITED:
            self._pacing.block_for(home_tab.team_id, METHOD, result.retry_after)
            self._record(home_tab, home_tab.digest, now + result.retry_after)
            return
        # publishing the same view twice does no harm, so a lost reply is handled like a lost request
        self._record(home_tab, home_tab.digest, None if result.outcome is Outcome.REJECTED else now + retry_delay(1))

    def _record(self, home_tab: HomeTab, digest: str, next_check: datetime | None) -> None:
        """Record what is shown, and when to check again: never once the person has probably closed it."""
        followed = next_check is not None and next_check <= home_tab.opened_at + home_tabs.FOLLOW_FOR
        with self._db.begin() as session:
            home_tabs.record_shown(session, home_tab, digest, next_check if followed else None)
