"""Links to messages. They do not open for people who cannot read the channel."""

import re
from dataclasses import dataclass
from typing import Any, Self

import structlog
from slack_sdk import WebClient

from handlers.kit.directory import SLACK_ERRORS

log = structlog.get_logger()

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class MessageLocation:
    """The place of a message: its channel, `ts` and thread, and the domain of its workspace."""

    channel: str
    ts: str
    thread_ts: str = ""
    domain: str = ""

    @classmethod
    def of(cls, body: dict[str, Any]) -> Self:
        """Read the place of the message on which a message shortcut was used."""
        message, team = body["message"], body.get("team") or {}
        thread = str(message.get("thread_ts") or "")
        return cls(str(body["channel"]["id"]), str(message["ts"]), thread, str(team.get("domain") or ""))


def find_permalink(client: WebClient, spot: MessageLocation) -> str | None:
    """Return the link to a message, or None if there is none.

    Slack is asked first. Where the bot is not in the channel, as in private messages, the link is built here.
    """
    return ask_slack(client, spot.channel, spot.ts) or _build(spot)


def ask_slack(client: WebClient, channel: str, ts: str) -> str | None:
    """Ask Slack for the link to a message. Return None if Slack has none."""
    try:
        permalink = client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    except (*SLACK_ERRORS, KeyError) as error:
        log.info("no link to a message", error=type(error).__name__)
        return None
    return str(permalink)


def _build(spot: MessageLocation) -> str | None:
    if not _DOMAIN.fullmatch(spot.domain):
        return None
    url = f"https://{spot.domain}.slack.com/archives/{spot.channel}/p{spot.ts.replace('.', '')}"
    in_thread = spot.thread_ts and spot.thread_ts != spot.ts
    return f"{url}?thread_ts={spot.thread_ts}&cid={spot.channel}" if in_thread else url
