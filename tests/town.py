"""A town in which the real bot runs against the sandbox, and people who type and press.

The permanent cast: Ana facilitates, Ben represents Elm, Cleo represents Birch with Eva as alternate, Finn
represents Oak where Gus is a member, Dov and Hana are outsiders.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.app import Bot
from bot.config import Settings
from bot.demo.launch import running
from bot.fetch.fetcher import Fetcher
from bot.sandbox import PATIENT, Sandbox, serve
from tests.line import Line

START = datetime.fromisoformat("2026-11-30T16:00:00+00:00")
"""A Monday, 9:00 in Denver."""

KEY = "0MNaGu2ZGHXyRnXpO8HZ8xGjZ1LhcJWv2mEVXyK0W0k="


class Town:
    """Drives the sandbox's control interface as people would use Slack."""

    def __init__(self, sandbox: Sandbox, url: str, bot: Bot) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.url = url
        self.line = Line(url)
        self.forgiven: set[str] = set()

    @cached_property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=600)

    def close(self) -> None:
        self.line.close()
        if "http" in vars(self):
            self.http.close()

    # speaking ------------------------------------------------------------------------------------------

    def call(self, path: str, **body):
        return self.line.ask("POST", f"/sandbox/{path}", json.dumps(body))

    def types(self, user: str, text: str, channel: str = "council") -> str:
        """Type a command; give the text of the private answer, or of the form that opened."""
        before = len(self.views(user))
        answer = self.call("command", user=user, channel=channel, text=text)
        assert answer["ok"] and not answer.get("failed"), answer
        if answer["response"]:
            return text_of(answer["response"])
        views = self.views(user)
        return text_of(views[-1]) if len(views) > before else ""

    def presses(self, user: str, label: str, message: dict, channel: str = "council") -> str:
        """Press the button with this label on a message; give the private answer, or the form that opened."""
        element = element_of(message, label)
        known = {m["ts"] for m in self.messages(user, channel)}
        before = [v["id"] for v in self.views(user)]
        pressed = self.call("act", user=user, channel=channel, ts=message["ts"], action_id=element["action_id"])
        assert pressed["ok"] and not pressed.get("failed"), pressed
        self.settle()
        views = self.views(user)
        if [v["id"] for v in views] != before:
            return text_of(views[-1])
        told = [m for m in self.messages(user, channel) if m.get("ephemeral") and m["ts"] not in known]
        return text_of(told[-1]) if told else ""

    def presses_in_form(self, user: str, label: str) -> str:
        """Press a button in the form on top; give what the top form says after that."""
        view = self.views(user)[-1]
        element = element_of(view, label)
        pressed = self.call("act", user=user, view_id=view["id"], action_id=element["action_id"])
        assert pressed["ok"] and not pressed.get("failed"), pressed
        self.settle()
        views = self.views(user)
        return text_of(views[-1]) if views else ""

    def starts(self, user: str, shortcut: str, message: dict | None = None, channel: str = "council") -> str:
        """Use a shortcut, on a message or from anywhere; give the form that opened, or the private answer."""
        where = {"channel": channel, "ts": message["ts"]} if message else {}
        known = {m["ts"] for m in self.messages(user, channel)}
        before = [v["id"] for v in self.views(user)]
        answer = self.call("shortcut", user=user, callback_id=shortcut, **where)
        assert answer["ok"] and not answer.get("failed"), answer
        self.settle()
        views = self.views(user)
        if [v["id"] for v in views] != before:
            return text_of(views[-1])
        told = [m for m in self.messages(user, channel) if m.get("ephemeral") and m["ts"] not in known]
        return text_of(told[-1]) if told else ""

    def fills(self, user: str, **values) -> dict:
        """Fill in the form on top by block ids and submit it; give {closed, errors}."""
        view = self.views(user)[-1]
        named = {name.replace("__", "."): value for name, value in values.items()}
        answer = self.call("submit", user=user, view_id=view["id"], values=named)
        assert answer["ok"] and not answer.get("failed"), answer
        self.settle()
        return answer

    def closes_forms(self, user: str) -> None:
        for view in reversed(self.views(user)):
            self.call("close", user=user, view_id=view["id"])

    def settle(self, advance: str = "PT0S") -> None:
        """Let everything be delivered, after the clock was turned."""
        answer = self.call("clock", advance=advance)
        assert answer["ok"], answer

    def waits(self, advance: str) -> None:
        self.settle(advance)

    # looking -------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.sandbox.now()

    def views(self, user: str) -> list[dict]:
        return self.line.ask("GET", "/sandbox/views?" + urlencode({"user": user}))["views"]

    def messages(self, user: str, channel: str = "council") -> list[dict]:
        answer = self.line.ask("GET", "/sandbox/messages?" + urlencode({"channel": channel, "user": user}))
        assert answer["ok"], answer
        return answer["messages"]

    def message(self, part: str, user: str = "ana", channel: str = "council") -> dict:
        """Find the last message of the bot that everybody sees and that has these words."""
        found = [
            m
            for m in self.messages(user, channel)
            if not m.get("ephemeral") and m.get("thread_ts", m["ts"]) == m["ts"] and part in text_of(m)
        ]
        assert found, f"no message with {part!r} in {[text_of(m) for m in self.messages(user, channel)]}"
        return found[-1]

    def thread(self, message: dict, channel: str = "council") -> list[str]:
        return [
            text_of(m)
            for m in self.messages("ana", channel)
            if m.get("thread_ts") == message["ts"] and m["ts"] != message["ts"]
        ]

    def direct(self, user: str) -> list[dict]:
        """List a person's direct messages from the bot."""
        return self.messages(user, f"@{user}")

    def calls(self, method: str) -> list[dict]:
        return [entry for entry in self.sandbox.traffic() if entry["method"] == method]

    # shortcuts -----------------------------------------------------------------------------------------

    def found(self) -> None:
        self.types("ana", '/consortium setup "Northern Valleys" zone:America/Denver')
        for agency in ("Elm Schools", "Birch Schools", "Oak Valley"):
            self.types("ana", f'/consortium agency add "{agency}"')
        for user, agency, seat in (
            ("ana", "Elm Schools", "member"),
            ("ben", "Elm Schools", "representative"),
            ("cleo", "Birch Schools", "representative"),
            ("eva", "Birch Schools", "alternate"),
            ("finn", "Oak Valley", "representative"),
            ("gus", "Oak Valley", "member"),
        ):
            said = self.types("ana", f'/consortium member @{user} "{agency}" {seat}')
            assert "now" in said, said

    def proposes(self, title: str = "Adopt the calendar", user: str = "ana", more: str = "") -> dict:
        """Propose at once; give the message."""
        said = self.types(user, f'/propose now "{title}" {more}')
        assert said.startswith("#"), said
        self.settle()
        return self.message(title)

    def asks(self, command: str, user: str = "ana") -> dict:
        """Ask a poll at once; give the message."""
        said = self.types(user, command)
        assert said.startswith("#"), said
        self.settle()
        return self.message(said.split(" ")[0])

    def was_clean(self) -> None:
        """Check all that was sent in this test: Slack refused nothing, and slack_sdk's models take it."""
        self.settle()
        for entry in self.sandbox.traffic():
            _check_entry(entry, self.forgiven)


def _check_entry(entry: dict, forgiven: set[str]) -> None:
    """Check one request and its answer, in either direction."""
    answer, sent = entry.get("answer"), entry.get("body")
    from_app = entry["direction"] == "from_app"
    if from_app and isinstance(answer, dict) and answer.get("ok") is False and answer.get("error") not in forgiven:
        raise AssertionError(f"Slack refused: {answer} for {sent}")
    said = sent if from_app else answer
    if not isinstance(said, dict):
        return
    # slack_sdk has no model of charts yet; the sandbox checks them
    known = [block for block in _parsed(said.get("blocks")) or [] if block.get("type") != "data_visualization"]
    for block in Block.parse_all(known):
        block.to_dict()
    view = _parsed(said.get("view"))
    if isinstance(view, dict):
        View(**{k: v for k, v in view.items() if k in ("type", "title", "blocks", "submit", "close")}).to_dict()


def _parsed(value):
    return json.loads(value) if isinstance(value, str) else value


def text_of(thing: dict) -> str:
    """Read a message or form aloud: all its words, buttons and labels."""
    if not thing.get("blocks"):
        return thing.get("text") or ""
    return "\n".join(_block_text(block) for block in thing["blocks"])


def _block_text(block: dict) -> str:
    parts = []
    if isinstance(block.get("text"), dict):
        parts.append(block["text"]["text"])
    if isinstance(block.get("label"), dict):
        parts.append(f"<{block['label']['text']}>")
    for element in block.get("elements", []):
        label = element.get("text")
        if isinstance(label, dict):
            parts.append(f"[{label['text']}]")
        elif isinstance(label, str):
            parts.append(label)
    return " ".join(parts)


def element_of(thing: dict, label: str) -> dict:
    """Find the button with this label."""
    labels = []
    for block in thing.get("blocks") or []:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            text = element.get("text")
            if isinstance(text, dict):
                labels.append(text["text"])
                if text["text"] == label:
                    return element
    raise AssertionError(f"no button {label!r} among {labels}")


def settings_for(sandbox: Sandbox, api_url: str, clock_url: str, database_url: str) -> Settings:
    """Give the settings with which a bot lives in this sandbox."""
    known = sandbox.credentials
    return Settings(
        slack_bot_token=SecretStr(known.bot_token),
        slack_app_token=SecretStr(known.app_token),
        slack_signing_secret=SecretStr(known.signing_secret),
        slack_api_url=api_url,
        clock_url=clock_url,
        database_url=database_url,
        seal_keys=SecretStr(os.environ.get("TEST_SEAL_KEY", KEY)),
    )


@contextmanager
def opened(database_url: str, mode: str = "http", sandbox: Sandbox | None = None, fetching=Fetcher) -> Iterator[Town]:
    """Open a town with a bot in it."""
    sandbox = sandbox or Sandbox(starts_at=START, wire_time=PATIENT)
    with serve(sandbox, port=0) as server:
        settings = settings_for(sandbox, server.api_url, server.clock_url, database_url)
        with running(settings, mode, sandbox, fetching) as bot:
            town = Town(sandbox, server.url, bot)
            try:
                yield town
            finally:
                town.close()
