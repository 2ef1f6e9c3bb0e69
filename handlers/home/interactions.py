"""What Slack sends about home tabs: who looks, and the two buttons that only they have."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.home import snapshot, views
from handlers.kit.slack_request import Ask
from handlers.kit.surface import Surface
from handlers.tasks import interactions
from handlers.workload import overview
from storage import home_tabs
from storage.home_tabs import Home


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.event("app_home_opened", opened)
    surface.actions({"home.workload": overview.show, "home.tasks": lambda ask: interactions.show_list(ask, "mine")})


def opened(ask: Ask) -> None:
    """Note who looks; the courier publishes what there is to see."""
    event = ask.body["event"]
    if event.get("tab") != "home":
        return
    with ask.deps.db.begin() as session:
        home_tabs.opened(session, (ask.workspace, ask.user, ask.home), ask.now, shown=bool(event.get("view")))


def draw(session: Session, home: Home, now: datetime) -> dict[str, Any]:
    """Draw the home tab of whoever opened it."""
    return views.draw(snapshot.take(session, home, now))
