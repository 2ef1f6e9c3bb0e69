"""The demo's story: the last three weeks of an invented consortium, played through the sandbox.

Nothing is written into the database directly: commands are typed, forms are filled in, and the clock is turned, so
the demo shows what the bot really does.
"""

import json
import urllib.request
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo import cast

HOME = ZoneInfo("America/Denver")
LENGTH = timedelta(days=20)
MORNING, EVENING = time(8), time(16)
TIMEOUT_SECONDS = 90


def opens_at(now: datetime) -> datetime:
    """Return when a visitor comes in: now, or the next working morning, when others are there to answer."""
    now = now.astimezone(HOME)
    if now.weekday() < 5 and MORNING <= now.time() < EVENING:
        return now
    first = 0 if now.time() < MORNING else 1
    days = (now + timedelta(days=ahead) for ahead in range(first, first + 3))
    day = next(day for day in days if day.weekday() < 5)
    return day.replace(hour=9, minute=30, second=0, microsecond=0)


def _day_before(day: datetime) -> datetime:
    """Return the morning of the working day before."""
    days = (day - timedelta(days=back) for back in (1, 2, 3))
    before = next(day for day in days if day.weekday() < 5)
    return before.replace(hour=9, minute=10, second=0, microsecond=0)


def begins_at() -> datetime:
    """Return when the story begins: a Monday morning about three weeks before."""
    day = opens_at(datetime.now(UTC)).astimezone(UTC) - LENGTH
    monday = day - timedelta(days=day.weekday())
    return monday.replace(hour=16, minute=0, second=0, microsecond=0)


def play(url: str) -> None:
    """Play the story up to the present."""
    player = _Player(url)
    _founding(player)
    _reading_assessment(player)
    _one_calendar(player)
    _open_items(player)
    _tasks_and_roles(player)
    player.settle(to=max(opens_at(datetime.now(UTC)), player.now()).isoformat())


class _Player:
    """Types commands, presses buttons and fills in forms through the sandbox's control interface."""

    def __init__(self, url: str) -> None:
        self._url = url

    def _call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/sandbox/{path}", data, {"Content-Type": "application/json"})  # noqa: S310 - the sandbox's own URL
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 - as above
            reply: dict[str, Any] = json.load(response)
        if not reply["ok"] or reply.get("failed") or reply.get("errors"):
            raise RuntimeError(f"the story failed at {path} {body}: {reply}")
        return reply

    def types(self, user: str, text: str) -> None:
        self._call("command", {"user": user, "channel": "council", "text": text})

    def says(self, user: str, text: str) -> None:
        self._call("say", {"user": user, "channel": "council", "text": text})

    def fills(self, user: str, values: dict[str, Any]) -> None:
        view = self._call(f"views?user={user}")["views"][-1]
        self._call("submit", {"user": user, "view_id": view["id"], "values": values})

    def presses(self, user: str, action: str, text: str) -> None:
        messages = self._call(f"messages?channel=council&user={user}")["messages"]
        ts = next(
            m["ts"]
            for m in messages
            if text in m["text"] and not m["ephemeral"] and m.get("thread_ts") in (None, m["ts"])
        )
        self._call("act", {"user": user, "channel": "council", "ts": ts, "action_id": action})

    def confirms_table(self, user: str) -> None:
        """Confirm the preview of a table in a person's direct messages."""
        channel, action = f"@{user}", "import.confirm"
        messages = self._call(f"messages?channel={channel}&user={user}")["messages"]
        ts = next(m["ts"] for m in reversed(messages) if action in json.dumps(m))
        self._call("act", {"user": user, "channel": channel, "ts": ts, "action_id": action})
        self.settle()

    def answers(self, user: str, mood: int, comment: str = "") -> None:
        """Answer the pulse in a person's direct messages, if it is there. `mood` is the usual answer, from 1 to 5."""
        channel = f"@{user}"
        messages = self._call(f"messages?channel={channel}&user={user}")["messages"]
        message = next((m for m in reversed(messages) if "pulse.answer" in json.dumps(m)), None)
        if message is None:
            return
        self._call("act", {"user": user, "channel": channel, "ts": message["ts"], "action_id": "pulse.answer"})
        view = self._call(f"views?user={user}")["views"][-1]
        questions = [b["block_id"] for b in view["blocks"] if b["type"] == "input" and b["block_id"] != "comment"]
        points = [
            mood - _POINTS_OFF.get(key, 0) - (mood + 2 * n + len(user)) % 3 % 2 for n, key in enumerate(questions)
        ]
        values = {key: str(max(1, point)) for key, point in zip(questions, points, strict=True)}
        self._call(
            "submit",
            {"user": user, "view_id": view["id"], "values": values | ({"comment": comment} if comment else {})},
        )
        self._call("close", {"user": user, "view_id": view["id"]})

    def settle(self, **turn: str) -> None:
        self._call("clock", turn or {"advance": "PT0S"})

    def now(self) -> datetime:
        return datetime.fromisoformat(self._call("clock")["now"])


def _founding(player: _Player) -> None:
    player.types("ana", '/consortium setup "Northern Valleys" zone:America/Denver')
    player.types("ana", "/consortium import")
    player.fills("ana", {"table": cast.TABLE})
    player.settle()
    player.confirms_table("ana")
    player.types("ana", "/consortium facilitator @hana")
    player.types("ana", "/pulse schedule tuesday 9:00")
    player.settle()


def _reading_assessment(player: _Player) -> None:
    player.types(
        "ben",
        '/propose now "Adopt the shared reading assessment" why:"One assessment in grades 3 to 7 from next fall, in '
        'English and Spanish. Each agency keeps its own calendar." closes:7d review:2027-06-01',
    )
    player.settle(advance="P1D")
    for user in ("ben", "eva", "gus", "hana", "lena"):
        player.types(user, "/vote 1 agree")
    player.types("cleo", "/vote 1 reservations The May window collides with our exams")
    _answer_pulse(player, {})
    player.settle(advance="P7D")
    _answer_pulse(player, {})
    player.presses("ben", "proposal.uptake.as_it_is", "#1 ")
    player.presses("hana", "proposal.uptake.as_it_is", "#1 ")
    player.presses("cleo", "proposal.uptake.adapted", "#1 ")
    player.fills("cleo", {"reason": "Two weeks later, after our exams"})


_POINTS_OFF = {"fairness-1": 1, "fairness-2": 2, "pace-1": 1, "heard-1": 1}
_SILENT = ("dario", "ivo", "pia")
_COMMENTS = {
    "gus": "The small districts write most of the minutes.",
    "june": "I liked that we talked the calendar through before we voted.",
    "eva": "Could the agenda come a day earlier?",
    "cleo": "Two meetings a month would do.",
    "lena": "It helps that someone says thank you.",
}


def _answer_pulse(player: _Player, comments: dict[str, str]) -> None:
    """Let everyone receive the questions at their own nine o'clock; most people answer."""
    player.settle(advance="PT4H")
    for place, (user, *_) in enumerate(cast.PEOPLE):
        if user not in _SILENT:
            player.answers(user, 5 - place % 3 % 2, comments.get(user, ""))


def _one_calendar(player: _Player) -> None:
    player.types(
        "hana",
        '/propose now "One calendar for all schools" why:"The same holidays and the same training days everywhere." '
        "closes:5d",
    )
    player.settle(advance="P1D")
    for user in ("hana", "ben", "june", "lena"):
        player.types(user, "/vote 2 agree")
    player.types("gus", "/vote 2 block Our harvest break is in the treaty and cannot move")
    player.types("cleo", "/vote 2 aside Our bus contracts run until 2028")
    player.settle(advance="P6D")
    _answer_pulse(player, _COMMENTS)


_TASKS = (
    ("ben", "Draft the agreement on the reading assessment", 14, 8),
    ("ben", "Check the budget with the auditors", 19, 4),
    ("ben", "Write to the printers", 17, 3),
    ("cleo", "Find rooms for the spring training", 20, 3),
    ("nora", "Translate the parents' letter", 12, 3),
    ("dario", "Compare the bus contracts", 25, 3),
    ("hana", "Ask the university about the data", 16, 4),
    ("pia", "Collect the fall results", 22, 3),
    ("gus", "List the holidays of all districts", 15, 3),
    ("june", "Plan the reading evening", 18, 6),
    ("lena", "Book the trainers", 21, 4),
)


def _tasks_and_roles(player: _Player) -> None:
    """Give most people a task, and Ben more than he has time for."""
    today = player.now().date()
    for user, title, days, hours in _TASKS:
        player.types(user, f'/task add "{title}" @{user} due:{today + timedelta(days=days)} hours:{hours}')
    player.types("ana", '/workload role add "Fiscal agent" @hana hours:2')
    player.types("eva", "/workload room yes")
    player.types("lena", "/workload room yes")
    player.types("cleo", '/workload give in-kind:"Room for 40" value:200')
    player.types("ben", '/workload give hours:6 "Hosted the training"')
    player.types("june", '/workload gain "Two teachers trained in the new method"')
    player.settle(advance="PT1M")


def _open_items(player: _Player) -> None:
    day = timedelta(days=1)
    to = max(_day_before(opens_at(datetime.now(UTC))), player.now())
    player.settle(to=to.isoformat())
    player.says("eva", "Our speech therapist has two free days a week. Would anyone share her with us?")
    player.types(
        "eva",
        '/propose now "Share a speech therapist" why:"Oak Valley employs her; three districts share her week and the '
        'cost, by days used." closes:6d',
    )
    player.settle(advance="PT2H")
    for user, position in (("ben", "agree"), ("eva", "agree"), ("gus", "reservations Who drives in winter?")):
        player.types(user, f"/vote 3 {position}")
    player.types(
        "ana", '/vote "Which week suits the spring training?" "March 8 to 12" "March 15 to 19" "April 5 to 9" closes:5d'
    )
    player.settle()
    for user, option in (("ana", 1), ("cleo", 2), ("finn", 2), ("kai", 1), ("milo", 2)):
        player.types(user, f"/vote 4 {option}")
    days = ((player.now() + (9 + ahead) * day).date() for ahead in range(3))
    day_of_council = next(day for day in days if day.weekday() < 5)
    player.types("ana", f'/meeting new "Council" {day_of_council} 14:00 for:90m chair:@ana')
    player.settle()
    player.types("ben", '/meeting add "Budget draft" minutes:20')
    player.types("cleo", '/meeting add "Who drives in winter" minutes:10')
    player.settle(advance="PT1M")
