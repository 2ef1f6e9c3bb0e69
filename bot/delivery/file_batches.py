"""Several files as one direct message: each is uploaded, where nobody sees it, and the last call posts all of them.

So all files arrive or none does, and once: a failure before the last call starts over from the beginning.
"""

import json
from collections.abc import Callable
from typing import Any

import structlog
from slack_sdk import WebClient
from sqlalchemy.exc import OperationalError

from bot.delivery import uploads
from bot.delivery.calls import CallResult, Outcome, call
from handlers.exports.files import ExportMessage, WriteExport
from handlers.undelivered.reasons import DATABASE_SILENT, FILES_NOT_WRITTEN

log = structlog.get_logger()


def sender(write: WriteExport) -> Callable[[WebClient, dict[str, Any]], CallResult]:
    """Return the sender of exports. `write` makes the files for a row's body, whose `user` receives them."""

    def send(client: WebClient, body: dict[str, Any]) -> CallResult:
        try:
            with write(body) as message:
                if message is None:
                    return CallResult(Outcome.OK)
                result, params = _upload_all(client, str(body["user"]), message)
        except OperationalError:
            # nobody sees anything yet, so it is safe to try again
            return CallResult(Outcome.RETRY, reason=DATABASE_SILENT)
        except Exception:
            log.exception("export not written")
            return CallResult(Outcome.REJECTED, reason=FILES_NOT_WRITTEN)
        return call(client, "files.completeUploadExternal", params=params) if params else result

    return send


def _upload_all(client: WebClient, user_id: str, message: ExportMessage) -> tuple[CallResult, dict[str, Any]]:
    """Upload all files. Return the last result, and the parameters that post them: empty if an upload failed."""
    conversation = call(client, "conversations.open", {"users": user_id})
    if conversation.outcome is not Outcome.OK:
        return uploads.repeatable(conversation), {}
    files = []
    result = conversation
    for file in message.files:
        result, file_id = uploads.upload(client, file.filename, file.content, file.size)
        if result.outcome is not Outcome.OK:
            return result, {}
        files.append({"id": file_id, "title": file.title})
    target = {"channel_id": conversation.data["channel"]["id"], "initial_comment": message.comment}
    return result, {"files": json.dumps(files), **target}
