"""A file for a channel, uploaded in Slack's three steps.

Requesting an upload URL and sending the content are safe to repeat: nobody sees an unfinished upload. Only the last
step posts, so it is made at most once; if its reply is lost, the result is unknown, as with messages.
"""

import json
from typing import Any, BinaryIO

import httpx
from slack_sdk import WebClient

from bot.delivery.calls import TIMEOUT_SECONDS, CallResult, Outcome, call


def send(client: WebClient, body: dict[str, Any]) -> CallResult:
    """Upload and post one file. `body` has filename, title, content, comment, channel, and in a thread thread_ts."""
    content = str(body["content"]).encode()
    result, file_id = upload(client, body["filename"], content, len(content))
    if result.outcome is not Outcome.OK:
        return result
    params = {
        "files": json.dumps([{"id": file_id, "title": body["title"]}]),
        "channel_id": body["channel"],
        "initial_comment": body["comment"],
        **({"thread_ts": body["thread_ts"]} if body.get("thread_ts") else {}),
    }
    return call(client, "files.completeUploadExternal", params=params)


def upload(client: WebClient, filename: str, content: bytes | BinaryIO, size: int) -> tuple[CallResult, str]:
    """Upload a file of `size` bytes, where nobody sees it yet. Return the result and the file's id."""
    result = call(client, "files.getUploadURLExternal", params={"filename": filename, "length": size})
    if result.outcome is not Outcome.OK:
        return repeatable(result), ""
    problem = _send_content(result.data["upload_url"], content)
    return (CallResult(Outcome.RETRY, reason=problem) if problem else result), str(result.data["file_id"])


def repeatable(result: CallResult) -> CallResult:
    """Return the result of a call that posts nothing: try it again if its reply was lost."""
    return CallResult(Outcome.RETRY, reason=result.reason) if result.outcome is Outcome.UNKNOWN else result


def _send_content(url: str, content: bytes | BinaryIO) -> str:
    """Send a file's content. Return the problem, or an empty string."""
    try:
        response = httpx.post(url, content=content, timeout=TIMEOUT_SECONDS)
    except httpx.HTTPError as error:
        return type(error).__name__
    return "" if response.status_code == httpx.codes.OK else f"status {response.status_code}"
