"""The demo's story: a made-up consortium's last three weeks, played as people would, through the sandbox.

Nothing here is put into the database by hand: commands are typed, forms filled in and the clock turned, so
the demo shows what the bot really does.
"""

import json
import urllib.request
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo import cast

HOME = ZoneInfo("America/Denver")
BEGAN = timedelta(days=20)
MORNING, EVENING = time(8), time(16)


def opens_at(now: datetime) -> datetime:
    """Give the moment at which people come in: now, or the next working morning, when others are there to answer."""
    now = now.astimezone(HOME)
    if now.weekday() < 5 and MORNING <= now.time() < EVENING:
        return now
    ahead = 0 if now.time() < MORNING else 1
    days = (now + timedelta(days=days) for days in range(ahead, ahead + 3))
    day = next(day for day in days if day.weekday() < 5)
    return day.replace(hour=9, minute=30, second=0, microsecond=0)


def _day_before(day: datetime) -> datetime:
    """Give the morning of the working day before."""
    days = (day - timedelta(days=days) for days in (1, 2, 3))
    before = next(day for day in days if day.weekday() < 5)
    return before.replace(hour=9, minute=10, second=0, microsecond=0)


def begins_at() -> datetime:
    """Give the moment at which the story begins: a Monday morning about three weeks before."""
    day = opens_at(datetime.now(UTC)).astimezone(UTC) - BEGAN
    monday = day - timedelta(days=day.weekday())
    return monday.replace(hour=16, minute=0, second=0, microsecond=0)


def tell(url: str) -> None:
    """Play the story up to the present moment."""
    teller = _Teller(url)
    _founding(teller)
    _reading_assessment(teller)
    _one_calendar(teller)
    _what_is_open(teller)
    _who_does_what(teller)
    teller.settle(to=max(opens_at(datetime.now(UTC)), teller.now()).isoformat())


class _Teller:
    """Types, presses and fills in, over the sandbox's control interface."""

    def __init__(self, url: str) -> None:
        self._url = url

    def _call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/sandbox/{path}", data, {"Content-Type": "application/json"})  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=90) as answer:  # noqa: S310 - as above
            found: dict[str, Any] = json.load(answer)
        if not found["ok"] or found.get("failed") or found.get("errors"):
            raise RuntimeError(f"the story stumbled at {path} {body}: {found}")
        return found

    def types(self, user: str, text: str) -> None:
        self._call("command", {"user": user, "channel": "council", "text": text})

    def says(self, user: str, text: str) -> None:
        self._call("say", {"user": user, "channel": "council", "text": text})

    def fills(self, user: str, values: dict[str, Any]) -> None:
        view = self._call(f"views?user={user}")["views"][-1]
        self._call("submit", {"user": user, "view_id": view["id"], "values": values})

    def presses(self, user: str, action: str, message: str) -> None:
        found = self._call(f"messages?channel=council&user={user}")["messages"]
        ts = next(
            m["ts"]
            for m in found
            if message in m["text"] and not m["ephemeral"] and m.get("thread_ts") in (None, m["ts"])
        )
        self._call("act", {"user": user, "channel": "council", "ts": ts, "action_id": action})

    def answers(self, user: str, mood: int, comment: str = "") -> None:
        """Answer the questions that lie in a person's direct messages."""
        channel = f"@{user}"
        found = self._call(f"messages?channel={channel}&user={user}")["messages"]
        message = next((m for m in reversed(found) if "pulse.answer" in json.dumps(m)), None)
        if message is None:
            return
        self._call("act", {"user": user, "channel": channel, "ts": message["ts"], "action_id": "pulse.answer"})
        view = self._call(f"views?user={user}")["views"][-1]
        asked = [b["block_id"] for b in view["blocks"] if b["type"] == "input" and b["block_id"] != "comment"]
        points = [mood - _LOW.get(key, 0) - (mood + 2 * n + len(user)) % 3 % 2 for n, key in enumerate(asked)]
        values = {key: str(max(1, point)) for key, point in zip(asked, points, strict=True)}
        self._call(
            "submit",
            {"user": user, "view_id": view["id"], "values": values | ({"comment": comment} if comment else {})},
        )
        self._call("close", {"user": user, "view_id": view["id"]})

    def settle(self, **turn: str) -> None:
        self._call("clock", turn or {"advance": "PT0S"})

    def now(self) -> datetime:
        return datetime.fromisoformat(self._call("clock")["now"])


def _founding(teller: _Teller) -> None:
    teller.types("ana", '/consortium setup "Northern Valleys" zone:America/Denver')
    teller.types("ana", "/consortium import")
    teller.fills("ana", {"table": cast.TABLE})
    teller.types("ana", "/consortium facilitator @hana")
    teller.types("ana", "/pulse schedule tuesday 9:00")
    teller.settle()


def _reading_assessment(teller: _Teller) -> None:
    teller.types(
        "ben",
        '/propose now "Adopt the shared reading assessment" why:"One assessment in grades 3 to 7 from autumn, in '
        'English and Spanish. Each agency keeps its own calendar." closes:7d review:2027-06-01',
    )
    teller.settle(advance="P1D")
    for user in ("ben", "eva", "gus", "hana", "lena"):
        teller.types(user, "/vote 1 agree")
    teller.types("cleo", "/vote 1 reservations The May window collides with our exams")
    _asked_how_it_goes(teller, {})
    teller.settle(advance="P7D")
    _asked_how_it_goes(teller, {})
    teller.presses("ben", "proposal.uptake.as_it_is", "#1 ")
    teller.presses("hana", "proposal.uptake.as_it_is", "#1 ")
    teller.presses("cleo", "proposal.uptake.adapted", "#1 ")
    teller.fills("cleo", {"reason": "Two weeks later, after our exams"})


_LOW = {"fairness-1": 1, "fairness-2": 2, "pace-1": 1, "heard-1": 1}
_SILENT = ("dario", "ivo", "pia")
_COMMENTS = {
    "gus": "The small districts write most of the minutes.",
    "june": "I liked that the calendar was talked through before we voted.",
    "eva": "Could the agenda come a day earlier?",
    "cleo": "Two meetings a month would do.",
    "lena": "It helps that somebody says thank you.",
}


def _asked_how_it_goes(teller: _Teller, comments: dict[str, str]) -> None:
    """Let everybody be asked, wherever it is nine o'clock by then, and most answer."""
    teller.settle(advance="PT4H")
    for place, (user, *_) in enumerate(cast.PEOPLE):
        if user not in _SILENT:
            teller.answers(user, 5 - place % 3 % 2, comments.get(user, ""))


def _one_calendar(teller: _Teller) -> None:
    teller.types(
        "hana",
        '/propose now "One calendar for all schools" why:"The same holidays and the same training days everywhere." '
        "closes:5d",
    )
    teller.settle(advance="P1D")
    for user in ("hana", "ben", "june", "lena"):
        teller.types(user, "/vote 2 agree")
    teller.types("gus", "/vote 2 block Our harvest break is in the treaty and cannot move")
    teller.types("cleo", "/vote 2 aside Our bus contracts run until 2028")
    teller.settle(advance="P6D")
    _asked_how_it_goes(teller, _COMMENTS)


_TASKS = (
    ("ben", "Draft the agreement on the reading assessment", 14, 8),
    ("ben", "Check the budget with the auditors", 19, 4),
    ("ben", "Write to the printers", 17, 3),
    ("cleo", "Find rooms for the spring training", 20, 3),
    ("nora", "Translate the parents' letter", 12, 3),
    ("dario", "Compare the bus contracts", 25, 3),
    ("hana", "Ask the university about the data", 16, 4),
    ("pia", "Collect the results of autumn", 22, 3),
    ("gus", "List the holidays of all districts", 15, 3),
    ("june", "Plan the reading evening", 18, 6),
    ("lena", "Book the trainers", 21, 4),
)


def _who_does_what(teller: _Teller) -> None:
    """Let everybody take something, and one more than there is time for."""
    today = teller.now().date()
    for user, title, days, hours in _TASKS:
        teller.types(user, f'/task add "{title}" @{user} due:{today + timedelta(days=days)} hours:{hours}')
    teller.types("ana", '/workload role add "Fiscal agent" @hana hours:2')
    teller.types("eva", "/workload room yes")
    teller.types("lena", "/workload room yes")
    teller.types("cleo", '/workload give in-kind:"Room for 40" value:200')
    teller.types("ben", '/workload give hours:6 "Hosted the training"')
    teller.types("june", '/workload gain "Two teachers trained in the new method"')
    teller.settle(advance="PT1M")


def _what_is_open(teller: _Teller) -> None:
    day = timedelta(days=1)
    to = max(_day_before(opens_at(datetime.now(UTC))), teller.now())
    teller.settle(to=to.isoformat())
    teller.says("eva", "Our speech therapist has two free days a week. Would anyone share her with us?")
    teller.types(
        "eva",
        '/propose now "Share a speech therapist" why:"Oak Valley employs her; three districts share her week and the '
        'cost, by days used." closes:6d',
    )
    teller.settle(advance="PT2H")
    for user, word in (("ben", "agree"), ("eva", "agree"), ("gus", "reservations Who drives in winter?")):
        teller.types(user, f"/vote 3 {word}")
    teller.types(
        "ana", '/vote "Which week suits the spring training?" "8 to 12 March" "15 to 19 March" "5 to 9 April" closes:5d'
    )
    teller.settle()
    for user, place in (("ana", 1), ("cleo", 2), ("finn", 2), ("kai", 1), ("milo", 2)):
        teller.types(user, f"/vote 4 {place}")
    days = ((teller.now() + (9 + more) * day).date() for more in range(3))
    day_of_council = next(day for day in days if day.weekday() < 5)
    teller.types("ana", f'/meeting new "Council" {day_of_council} 14:00 for:90m chair:@ana')
    teller.settle()
    teller.types("ben", '/meeting add "Budget draft" minutes:20')
    teller.types("cleo", '/meeting add "Who drives in winter" minutes:10')
    teller.settle(advance="PT1M")
