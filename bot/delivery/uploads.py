"""A file for a channel, handed to Slack in its three steps.

Asking for an address and sending the content can be repeated without harm: what is not finished shows nowhere.
Only the last step posts, so it alone is made at most once; when its reply is lost nobody knows, as with messages.
"""

import json
from typing import Any, BinaryIO

import httpx
from slack_sdk import WebClient

from bot.delivery.calls import SECONDS, Answer, Fate, ask, call


def send(client: WebClient, body: dict[str, Any]) -> Answer:
    """Upload one file. `body` holds filename, title, content, comment, channel and, in a thread, thread_ts."""
    content = str(body["content"]).encode()
    answer, file_id = hand_over(client, body["filename"], content, len(content))
    if answer.fate is not Fate.DONE:
        return answer
    finished = {
        "files": json.dumps([{"id": file_id, "title": body["title"]}]),
        "channel_id": body["channel"],
        "initial_comment": body["comment"],
        **({"thread_ts": body["thread_ts"]} if body.get("thread_ts") else {}),
    }
    return call(client, "files.completeUploadExternal", params=finished)


def hand_over(client: WebClient, filename: str, content: bytes | BinaryIO, size: int) -> tuple[Answer, str]:
    """Hand a file of `size` bytes to Slack, where it shows nowhere yet; give what became of it, and its id."""
    answer, ticket = ask(client, "files.getUploadURLExternal", params={"filename": filename, "length": size})
    if answer.fate is not Fate.DONE:
        return repeatable(answer), ""
    trouble = _carry(ticket["upload_url"], content)
    return (Answer(Fate.LATER, reason=trouble) if trouble else answer), str(ticket["file_id"])


def repeatable(answer: Answer) -> Answer:
    """Say of a call that shows nowhere that it is to be tried again where its reply was lost."""
    return Answer(Fate.LATER, reason=answer.reason) if answer.fate is Fate.UNKNOWN else answer


def _carry(url: str, content: bytes | BinaryIO) -> str:
    """Send a file's content; give what went wrong, if anything did."""
    try:
        answer = httpx.post(url, content=content, timeout=SECONDS)
    except httpx.HTTPError as error:
        return type(error).__name__
    return "" if answer.status_code == httpx.codes.OK else f"status {answer.status_code}"
