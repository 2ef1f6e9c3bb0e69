"""Links to messages: Slack gives them, and they lead nowhere for who may not read there."""

import re
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk import WebClient

from handlers.kit.directory import TROUBLE

log = structlog.get_logger()

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Spot:
    """Where a message stands: its channel and `ts`, the thread it is in, and the domain of its workspace."""

    channel: str
    ts: str
    thread_ts: str = ""
    domain: str = ""

    @classmethod
    def of(cls, body: dict[str, Any]) -> "Spot":
        """Read it from what Slack sends when somebody uses a message's menu."""
        message, team = body["message"], body.get("team") or {}
        thread = str(message.get("thread_ts") or "")
        return cls(str(body["channel"]["id"]), str(message["ts"]), thread, str(team.get("domain") or ""))


def of(client: WebClient, spot: Spot) -> str | None:
    """Give a message's link: Slack's, or, where the bot cannot look, as in private messages, made by hand.

    None where neither can be had; a link is worth no trouble.
    """
    asked = ask(client, spot.channel, spot.ts)
    return asked or _made(spot)


def ask(client: WebClient, channel: str, ts: str) -> str | None:
    """Ask Slack for a message's link; None where it does not give one."""
    try:
        found = client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"]
    except (*TROUBLE, KeyError) as error:
        log.info("no link to a message", error=type(error).__name__)
        return None
    return str(found)


def _made(spot: Spot) -> str | None:
    if not _DOMAIN.fullmatch(spot.domain):
        return None
    place = f"https://{spot.domain}.slack.com/archives/{spot.channel}/p{spot.ts.replace('.', '')}"
    in_thread = spot.thread_ts and spot.thread_ts != spot.ts
    return f"{place}?thread_ts={spot.thread_ts}&cid={spot.channel}" if in_thread else place
