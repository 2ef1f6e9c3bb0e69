"""Channels that get a new id, as a private channel does when it is shared with another workspace."""

from handlers.kit.slack_request import SlackRequest
from storage import channels, idempotency


def channel_id_changed(request: SlackRequest) -> None:
    """Answer Slack's event `channel_id_changed`: everything that names the channel follows."""
    event = request.body["event"]
    old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
    request.deps.directory.forget_channel(request.workspace, old)
    with request.deps.db.begin() as session:
        if idempotency.claim(session, request.workspace, f"event:{request.body['event_id']}", request.now):
            channels.move(session, request.workspace, old, new, request.now)
