"""Asking for an export, by typing and with a button."""

from datetime import timedelta

from handlers.exports import views
from handlers.exports.catalogue import BUNDLES
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from storage import exports, members, outbox

ONCE = timedelta(minutes=1)
"""Whoever asks again so soon is answered that it is coming."""


def typed(ask: Ask, said: Typed) -> None:
    """Answer `/consortium export`. Raises Refusal where more was said."""
    with ask.look():
        pass
    if len(said.words) > 1 or said.options or said.gaps:
        raise Refusal(views.more_than_export(said.text.partition(" ")[2]))
    press(ask)


def press(ask: Ask) -> None:
    """Leave an export for the speaker's direct messages; it is written when it is sent."""
    with ask.begin() as (session, caller):
        # locked, so that of two presses at once one is answered by the other
        members.lock(session, [caller.person.id])
        asked_at = exports.asked_at(session, ask.workspace, caller.user_id, ask.now - ONCE)
        for name in BUNDLES if asked_at is None else ():
            outbox.put(
                session,
                team_id=ask.workspace,
                channel=exports.queue(caller.user_id),
                body={"user": caller.user_id, "member": caller.person.id, "bundle": name},
                about=f"the export that {caller.person.name} asked for: {name}",
                now=ask.now,
                consortium_id=caller.consortium.id,
                method=exports.METHOD,
                answers_to=caller.user_id,
            )
        zone = caller.zone
    ask.answer(views.ON_ITS_WAY if asked_at is None else views.already(asked_at, zone))
