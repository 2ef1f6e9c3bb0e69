"""A file for a channel, handed to Slack in its three steps.

Asking for an address and sending the content can be repeated without harm: what is not finished shows nowhere.
Only the last step posts, so it alone is made at most once; when its reply is lost nobody knows, as with messages.
"""

import json
from typing import Any

import httpx
from slack_sdk import WebClient

from bot.calls import SECONDS, Answer, Fate, ask, call


def send(client: WebClient, body: dict[str, Any]) -> Answer:
    """Upload one file. `body` holds filename, title, content, comment, channel and, in a thread, thread_ts."""
    content = str(body["content"]).encode()
    answer, ticket = ask(
        client, "files.getUploadURLExternal", params={"filename": body["filename"], "length": len(content)}
    )
    if answer.fate is Fate.UNKNOWN:
        return Answer(Fate.LATER, reason=answer.reason)
    if answer.fate is not Fate.DONE:
        return answer
    trouble = _hand_over(ticket["upload_url"], content)
    if trouble:
        return Answer(Fate.LATER, reason=trouble)
    finished = {
        "files": json.dumps([{"id": ticket["file_id"], "title": body["title"]}]),
        "channel_id": body["channel"],
        "initial_comment": body["comment"],
        **({"thread_ts": body["thread_ts"]} if body.get("thread_ts") else {}),
    }
    return call(client, "files.completeUploadExternal", params=finished)


def _hand_over(url: str, content: bytes) -> str:
    """Send a file's content; give what went wrong, if anything did."""
    try:
        answer = httpx.post(url, content=content, timeout=SECONDS)
    except httpx.HTTPError as error:
        return type(error).__name__
    return "" if answer.status_code == httpx.codes.OK else f"status {answer.status_code}"
