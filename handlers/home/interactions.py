"""What Slack sends about home tabs: who looks, and the two buttons that only they have."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.home import snapshot, views
from handlers.kit.slack_request import SlackRequest
from handlers.kit.surface import Surface
from handlers.tasks import interactions
from handlers.workload import overview
from storage import home_tabs
from storage.home_tabs import HomeTab


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.event("app_home_opened", opened)
    surface.actions(
        {"home.workload": overview.show_shares, "home.tasks": lambda request: interactions.show_list(request, "mine")}
    )


def opened(request: SlackRequest) -> None:
    """Note who looks; the courier publishes what there is to see."""
    event = request.body["event"]
    if event.get("tab") != "home":
        return
    with request.deps.db.begin() as session:
        home_tabs.opened(
            session, (request.workspace, request.user, request.home), request.now, shown=bool(event.get("view"))
        )


def render(session: Session, home: HomeTab, now: datetime) -> dict[str, Any]:
    """Draw the home tab of whoever opened it."""
    return views.draw(snapshot.take(session, home, now))
