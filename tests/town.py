"""A town: the real bot running against the sandbox, and people who type commands and press buttons.

The permanent cast: Ana is the facilitator, Ben represents Elm, Cleo represents Birch with Eva as alternate, Finn
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
from sqlalchemy import select

from bot.app import Bot
from bot.config import Settings
from bot.demo.launch import running
from bot.fetch.fetcher import Fetcher
from bot.sandbox import PATIENT, Sandbox, serve
from bot.sandbox.web_api.chat import validate_blocks
from storage.outbox import OutboxMessage
from tests.json_client import JsonClient
from tests.timeouts import PATIENT_BOT

START = datetime.fromisoformat("2026-11-30T16:00:00+00:00")
"""A Monday, 9:00 in Denver."""

KEY = "0MNaGu2ZGHXyRnXpO8HZ8xGjZ1LhcJWv2mEVXyK0W0k="


class Town:
    """Uses the sandbox's control interface as people use Slack."""

    def __init__(self, sandbox: Sandbox, url: str, bot: Bot) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.url = url
        self.client = JsonClient(url)
        self.forgiven: set[str] = set()
        self.direct_since = 0.0

    @cached_property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=600)

    def close(self) -> None:
        self.client.close()
        if "http" in vars(self):
            self.http.close()

    # people acting -------------------------------------------------------------------------------------

    def call(self, path: str, **body):
        return self.client.request("POST", f"/sandbox/{path}", json.dumps(body))

    def types(self, user: str, text: str, channel: str = "council") -> str:
        """Type a command. Return the text of the private answer or of the form that opened."""
        before, known = [v["id"] for v in self.views(user)], {m["ts"] for m in self.messages(user, channel)}
        answer = self.call("command", user=user, channel=channel, text=text)
        assert answer["ok"] and not answer.get("failed"), answer
        if answer["response"]:
            return text_of(answer["response"])
        views = self.views(user)
        if views and [v["id"] for v in views] != before:
            return text_of(views[-1])
        # an answer with a chart below it is not in the response: the two come one after the other
        self.settle()
        answers = [m for m in self.messages(user, channel) if m.get("ephemeral") and m["ts"] not in known]
        return text_of(answers[0]) if answers else ""

    def presses(self, user: str, label: str, message: dict, channel: str = "council") -> str:
        """Press the button with this label in a message. Return the text of the private answer or of the new form.

        The message may be a window, as `private_answer` returns it.
        """
        if message.get("type") == "modal":
            return self.presses_in_form(user, label)
        element = element_of(message, label)
        known = {m["ts"] for m in self.messages(user, channel)}
        before = [v["id"] for v in self.views(user)]
        pressed = self.call("act", user=user, channel=channel, ts=message["ts"], action_id=element["action_id"])
        assert pressed["ok"] and not pressed.get("failed"), pressed
        self.settle()
        views = self.views(user)
        if [v["id"] for v in views] != before:
            return text_of(views[-1])
        answers = [m for m in self.messages(user, channel) if m.get("ephemeral") and m["ts"] not in known]
        return text_of(answers[-1]) if answers else ""

    def presses_in_form(self, user: str, label: str) -> str:
        """Press a button in the top form. Return the text of the top form afterward."""
        view = self.views(user)[-1]
        element = element_of(view, label)
        pressed = self.call("act", user=user, view_id=view["id"], action_id=element["action_id"])
        assert pressed["ok"] and not pressed.get("failed"), pressed
        self.settle()
        views = self.views(user)
        return text_of(views[-1]) if views else ""

    def starts(self, user: str, shortcut: str, message: dict | None = None, channel: str = "council") -> str:
        """Use a message or global shortcut. Return the text of the form that opened or of the private answer."""
        where = {"channel": channel, "ts": message["ts"]} if message else {}
        known = {m["ts"] for m in self.messages(user, channel)}
        before = [v["id"] for v in self.views(user)]
        answer = self.call("shortcut", user=user, callback_id=shortcut, **where)
        assert answer["ok"] and not answer.get("failed"), answer
        self.settle()
        views = self.views(user)
        if [v["id"] for v in views] != before:
            return text_of(views[-1])
        answers = [m for m in self.messages(user, channel) if m.get("ephemeral") and m["ts"] not in known]
        return text_of(answers[-1]) if answers else ""

    def fills(self, user: str, **values) -> dict:
        """Fill in the top form by block ids and submit it. Return `{closed, errors}`."""
        view = self.views(user)[-1]
        named = {name.replace("__", "."): value for name, value in values.items()}
        answer = self.call("submit", user=user, view_id=view["id"], values=named)
        assert answer["ok"] and not answer.get("failed"), answer
        self.settle()
        return answer

    def drops(self, user: str, *files: dict, text: str = "") -> list[dict]:
        """Drop files into the direct messages with the bot. Return the messages that follow."""
        self.settle()  # news of what was done before is on its way
        before = {m["ts"] for m in self.direct(user)}
        answer = self.call("say", user=user, channel=f"@{user}", text=text, files=files)
        assert answer["ok"], answer
        self.settle()
        return [m for m in self.direct(user) if m["ts"] not in before and m.get("bot_id")]

    def closes_forms(self, user: str) -> None:
        for view in reversed(self.views(user)):
            self.call("close", user=user, view_id=view["id"])

    def settle(self, advance: str = "PT0S") -> None:
        """Advance the clock, then wait until everything is delivered."""
        answer = self.call("clock", advance=advance)
        assert answer["ok"], answer

    def waits(self, advance: str) -> None:
        self.settle(advance)

    # what people see -----------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.sandbox.now()

    def views(self, user: str) -> list[dict]:
        return self.client.request("GET", "/sandbox/views?" + urlencode({"user": user}))["views"]

    def messages(self, user: str, channel: str = "council") -> list[dict]:
        answer = self.client.request("GET", "/sandbox/messages?" + urlencode({"channel": channel, "user": user}))
        assert answer["ok"], answer
        return answer["messages"]

    def private_answer(self, user: str, channel: str = "council") -> dict:
        """Return what only this person sees: the window that is open, or the last private message."""
        self.settle()
        views = self.views(user)
        if views and not views[-1].get("submit"):
            return views[-1]
        return [m for m in self.messages(user, channel) if m.get("ephemeral")][-1]

    def message(self, part: str, user: str = "ana", channel: str = "council") -> dict:
        """Return the bot's last message that contains these words and that everyone can see."""
        matches = [
            m
            for m in self.messages(user, channel)
            if not m.get("ephemeral") and m.get("thread_ts", m["ts"]) == m["ts"] and part in text_of(m)
        ]
        assert matches, f"no message with {part!r} in {[text_of(m) for m in self.messages(user, channel)]}"
        return matches[-1]

    def thread(self, message: dict, channel: str = "council") -> list[str]:
        return [
            text_of(m)
            for m in self.messages("ana", channel)
            if m.get("thread_ts") == message["ts"] and m["ts"] != message["ts"]
        ]

    def direct(self, user: str) -> list[dict]:
        """Return a person's direct messages from the bot, without the news of the founding if the town has one."""
        return [m for m in self.messages(user, f"@{user}") if float(m["ts"]) >= self.direct_since]

    def calls(self, method: str) -> list[dict]:
        return [entry for entry in self.sandbox.traffic() if entry["method"] == method]

    # common steps --------------------------------------------------------------------------------------

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
            answer = self.types("ana", f'/consortium member @{user} "{agency}" {seat}')
            assert "now" in answer, answer

    def places(self, user: str, place: str, confirmer: str = "") -> None:
        """Have Ana move a person, such as to "Oak member", and their agency confirm it if it has to."""
        answer = self.types("ana", f"/consortium member @{user} {place}")
        if "has to confirm" in answer:
            confirmer = confirmer or user
            self.settle()
            self.presses(confirmer, "Confirm", self.direct(confirmer)[-1], f"@{confirmer}")
            self.call("clock", advance="PT0S")
        else:
            assert "now" in answer, answer

    def proposes(self, title: str = "Adopt the calendar", user: str = "ana", more: str = "") -> dict:
        """Propose without a form. Return the proposal's message."""
        answer = self.types(user, f'/propose now "{title}" {more}')
        assert answer.startswith("#"), answer
        self.settle()
        return self.message(title)

    def asks(self, command: str, user: str = "ana") -> dict:
        """Start a poll without a form. Return the poll's message."""
        answer = self.types(user, command)
        assert answer.startswith("#"), answer
        self.settle()
        return self.message(answer.split(" ")[0])

    def was_clean(self) -> None:
        """Check all traffic of this test: Slack refused nothing, and slack_sdk's models accept all blocks and views.

        Slack would also accept the plainer messages that were kept for a refusal.
        """
        self.settle()
        with self.bot.db.read() as session:
            for fallback in session.scalars(select(OutboxMessage.fallback)):
                validate_blocks(fallback["blocks"] if fallback else [])
        for entry in self.sandbox.traffic():
            _check_entry(entry, self.forgiven)


def _check_entry(entry: dict, forgiven: set[str]) -> None:
    """Check one request and its response, in either direction."""
    answer, sent = entry.get("answer"), entry.get("body")
    from_app = entry["direction"] == "from_app"
    if from_app and isinstance(answer, dict) and answer.get("ok") is False and answer.get("error") not in forgiven:
        raise AssertionError(f"Slack refused: {answer} for {sent}")
    content = sent if from_app else answer
    if not isinstance(content, dict):
        return
    # slack_sdk has no model of charts yet; the sandbox checks them
    blocks = [block for block in _parsed(content.get("blocks")) or [] if block.get("type") != "data_visualization"]
    for block in Block.parse_all(blocks):
        block.to_dict()
    view = _parsed(content.get("view"))
    if isinstance(view, dict):
        View(**{k: v for k, v in view.items() if k in ("type", "title", "blocks", "submit", "close")}).to_dict()


def _parsed(value):
    return json.loads(value) if isinstance(value, str) else value


def text_of(thing: dict) -> str:
    """Return the text of a message or form, with its buttons and labels."""
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
    """Return the button with this label."""
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
    """Return the settings of a bot that uses this sandbox."""
    credentials = sandbox.credentials
    return Settings(
        slack_bot_token=SecretStr(credentials.bot_token),
        slack_app_token=SecretStr(credentials.app_token),
        slack_signing_secret=SecretStr(credentials.signing_secret),
        slack_api_url=api_url,
        clock_url=clock_url,
        database_url=database_url,
        seal_keys=SecretStr(os.environ.get("TEST_SEAL_KEY", KEY)),
    )


@contextmanager
def open_town(
    database_url: str, mode: str = "http", sandbox: Sandbox | None = None, fetching=Fetcher
) -> Iterator[Town]:
    """Open a town with a bot in it."""
    sandbox = sandbox or Sandbox(starts_at=START, wire_time=PATIENT)
    with serve(sandbox, port=0) as server:
        settings = settings_for(sandbox, server.api_url, server.clock_url, database_url)
        with running(settings, mode, sandbox, fetching, PATIENT_BOT) as bot:
            town = Town(sandbox, server.url, bot)
            try:
                yield town
            finally:
                town.close()
