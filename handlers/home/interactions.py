"""The home tab: opening it, and its own button."""

from handlers.kit.slack_request import SlackRequest
from handlers.tasks import interactions
from storage import home_tabs


def note_opened(request: SlackRequest) -> None:
    """Note that somebody opened the home tab. The courier publishes it."""
    event = request.body["event"]
    if event.get("tab") != "home":
        return
    with request.read("anyone") as (_, caller):
        pass
    with request.deps.db.begin() as session:
        home_tabs.record_opened(
            session,
            (request.workspace, request.user, caller.home),
            request.now,
            shown=bool(event.get("view")),
        )


def show_own_tasks(request: SlackRequest) -> None:
    """Show the person's own tasks."""
    interactions.show_list(request, "mine")
