"""What happens to channels: one gets a new id, as a private one does when it is shared; one is opened again."""

from handlers.kit.slack_request import SlackRequest
from storage import channels, idempotency, live_messages


def channel_id_changed(request: SlackRequest) -> None:
    """Answer Slack's event `channel_id_changed`: everything that names the channel follows."""
    event = request.body["event"]
    old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
    request.deps.directory.forget_channel(request.workspace, old)
    with request.deps.db.begin() as session:
        if idempotency.claim(session, request.workspace, f"event:{request.body['event_id']}", request.now):
            channels.move(session, request.workspace, old, new, request.now)


def channel_opened(request: SlackRequest) -> None:
    """Answer Slack's event that an archived channel is open again: its messages catch up."""
    with request.deps.db.begin() as session:
        live_messages.update_now(session, request.workspace, str(request.body["event"]["channel"]))
