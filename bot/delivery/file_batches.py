"""Several files as one direct message: each is handed to Slack, where it shows nowhere, and the last step posts all.

So all come or none, and once: what goes wrong before the last step is tried again from the beginning.
"""

import json
from collections.abc import Callable
from typing import Any

import structlog
from slack_sdk import WebClient
from sqlalchemy.exc import OperationalError

from bot.delivery import uploads
from bot.delivery.calls import Answer, Fate, ask, call
from handlers.exports.files import Bundle, Write

log = structlog.get_logger()


def sender(write: Write) -> Callable[[WebClient, dict[str, Any]], Answer]:
    """Give what sends an export: `write` makes its files of what lies in the outbox; `user` is who gets it."""

    def send(client: WebClient, body: dict[str, Any]) -> Answer:
        try:
            with write(body) as bundle:
                if bundle is None:
                    return Answer(Fate.DONE)
                answer, finished = _hand_over(client, str(body["user"]), bundle)
        except OperationalError:
            # the database is away; nothing shows yet, so it can be tried again
            return Answer(Fate.LATER, reason="the database did not answer")
        except Exception:
            log.exception("an export was not written")
            return Answer(Fate.REFUSED, reason="the files could not be written")
        return call(client, "files.completeUploadExternal", params=finished) if finished else answer

    return send


def _hand_over(client: WebClient, user_id: str, bundle: Bundle) -> tuple[Answer, dict[str, Any]]:
    """Hand all files over; give what went wrong, or how to post them."""
    answer, opened = ask(client, "conversations.open", {"users": user_id})
    if answer.fate is not Fate.DONE:
        return uploads.repeatable(answer), {}
    files = []
    for sheet in bundle.sheets:
        answer, file_id = uploads.hand_over(client, sheet.filename, sheet.content, sheet.size)
        if answer.fate is not Fate.DONE:
            return answer, {}
        files.append({"id": file_id, "title": sheet.title})
    where = {"channel_id": opened["channel"]["id"], "initial_comment": bundle.comment}
    return answer, {"files": json.dumps(files), **where}
