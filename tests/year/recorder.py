"""What Slack received: every accepted post, read as a person would read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.year.fault_injector import RETRY_AFTER

AGAIN = "still open for you"
UNHEARD = re.compile(r"has not been heard yet on \*?#(\d+)")
LEFT = re.compile(r"Person p(\d+) of [^.]* has left Slack")
RESULT = re.compile(r"How we worked.*?(\d+) of (\d+) answered", re.DOTALL)
VERDICT = re.compile(r"#(\d+): (Adopted|Not adopted|Not decided)")
MEETING = {"call", "agenda", "recorded", "chair", "notes", "begins", "minutes", "lack"}
IN_CHANNEL = {"What should we talk about": "call", "The agenda of": "agenda", "The minutes of": "recorded"}
TITLE = re.compile(r"Matter (\d+)")


@dataclass(frozen=True)
class Post:
    """One message that Slack accepted; `whom` is the id of a person or channel."""

    at: datetime
    whom: str
    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]] = field(repr=False)
    threaded: bool

    @property
    def topics(self) -> list[tuple[str, int]]:
        """List the topics of the message."""
        found = read(self.text, self.blocks, threaded=self.threaded)
        # the month identifies a meeting: all messages about it arrive in that month
        return [(kind, self.at.year * 12 + self.at.month if kind in MEETING else number) for kind, number in found]


def read(text: str, blocks: list[dict[str, Any]], *, threaded: bool) -> list[tuple[str, int]]:
    """Return the topics of a message: questions, reminders, results, proposals and verdicts, with their numbers."""
    verdict = VERDICT.match(text)
    if verdict:
        return [("verdict", int(verdict[1]))]
    for begins, kind in IN_CHANNEL.items():
        if text.startswith(begins) and not threaded:
            return [(kind, 0)]
    found = list(_pressed(blocks))
    if not found and RESULT.match(text):
        return [("result", 0)]
    if not found and not threaded and text.startswith("#") and (proposal := TITLE.search(text)):
        return [("proposal", int(proposal[1]))]
    return found


def _pressed(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    said = ""
    for block in blocks:
        if block["type"] == "section":
            said = (block.get("text") or {}).get("text", "")
            yield from (("left", int(number)) for number in LEFT.findall(said))
        actions = {e.get("action_id"): e for e in block.get("elements", ()) if e.get("type") == "button"}
        if "pulse.answer" in actions and "pulse.skip" in actions:
            yield "pulse again" if AGAIN in said else "pulse", int(actions["pulse.answer"]["value"])
        elif actions and (unheard := UNHEARD.search(said)):
            yield "unheard", int(unheard[1])
        elif "minutes.write" in actions:
            yield "lack" if "There are no minutes yet" in said else "minutes", 0
        elif "meeting.cannot" in actions:
            yield "notes", 0
        elif "meeting.agenda" in actions:
            yield "chair" if "which you chair" in said else "begins", 0


class Recorder:
    """Watches the traffic and keeps what was posted."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.held: list[tuple[datetime, datetime]] = []
        """When Slack was limiting the rate of posts."""
        self.refused: list[str] = []
        self.taken = 0
        self.on_post = lambda _post: None

    def see(self, entry: dict[str, Any]) -> None:
        """Read one entry of the traffic."""
        if entry["direction"] != "from_app" or entry["method"] != "chat.postMessage":
            return
        at, answer, body = datetime.fromisoformat(entry["at"]), entry["answer"] or {}, entry["body"]
        if entry["status"] == 429:
            self.held.append((at, datetime.fromtimestamp(at.timestamp() + RETRY_AFTER, UTC)))
        if entry["fault"] in (None, "drop_reply") and answer.get("ok"):
            self._keep(body, answer)
        elif entry["fault"] is None and entry["status"] != 429:
            self.refused.append(f"{answer.get('error')} for {body.get('text')}")

    def _keep(self, body: dict[str, Any], answer: dict[str, Any]) -> None:
        self.taken += 1
        at = datetime.fromtimestamp(float(answer["ts"]), UTC)
        post = Post(
            at,
            body["channel"],
            answer["channel"],
            answer["ts"],
            body.get("text", ""),
            body.get("blocks") or [],
            "thread_ts" in body,
        )
        self.posts.append(post)
        self.on_post(post)
