"""Asking for an export, by typing and with a button."""

from datetime import timedelta

from handlers.exports import views
from handlers.kit.export_tables import BUNDLES
from handlers.kit.slack_request import SlackRequest
from storage import exports, members, outbox

REPEAT_AFTER = timedelta(minutes=1)
"""Whoever asks again so soon is answered that it is coming."""


def request_export(request: SlackRequest) -> None:
    """Leave an export for the speaker's direct messages; it is written when it is sent."""
    with request.begin() as (session, caller):
        # locked, so that of two presses at once one is answered by the other
        members.lock(session, [caller.person.id])
        asked_at = exports.asked_at(session, request.workspace, caller.user_id, request.now - REPEAT_AFTER)
        for name in BUNDLES if asked_at is None else ():
            outbox.put(
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
    request.answer(views.ON_ITS_WAY if asked_at is None else views.already_requested(asked_at, zone))
