"""Request an export, with a command or a button."""

from datetime import timedelta

from handlers.exports import views
from handlers.kit.export_tables import BUNDLES
from handlers.kit.slack_request import SlackRequest
from storage import exports, members, outbox

REPEAT_AFTER = timedelta(minutes=1)
"""A second request within this time gets no second export."""


def request_export(request: SlackRequest) -> None:
    """Queue an export for the person's direct messages. The files are written when it is sent."""
    with request.begin() as (session, caller):
        # locked, so that the second of two presses at once sees the request of the first
        members.lock_members(session, [caller.person.id])
        requested_at = exports.last_requested_at(session, request.workspace, caller.user_id, request.now - REPEAT_AFTER)
        for name in BUNDLES if requested_at is None else ():
            outbox.queue(
                session,
                team_id=request.workspace,
                channel=exports.queue(caller.user_id),
                body={"user": caller.user_id, "member": caller.person.id, "bundle": name},
                about=f"the export that {caller.person.name} asked for: {name}",
                now=request.now,
                consortium_id=caller.consortium.id,
                method=exports.METHOD,
                answers_to=caller.user_id,
            )
        zone = caller.zone
    request.answer(views.ON_ITS_WAY if requested_at is None else views.already_requested(requested_at, zone))
