"""What was due beside what was sent: doubled, lost, late; and what nobody can know."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage.database import Database
from storage.outbox import Outbox
from storage.vocabulary import Delivery
from tests.year import council, oracle
from tests.year.keeper import Death
from tests.year.life import Life
from tests.year.patience import Patience, was_quicker
from tests.year.rules import Round, Times, Told, rounds
from tests.year.witness import RESULT, Post

MINUTE = timedelta(minutes=1)
NAMES = {
    "pulse": "pulse: questions",
    "pulse again": "pulse: reminders",
    "result": "pulse: results",
    "proposal": "proposals: posted",
    "unheard": "proposals: reminders",
    "verdict": "proposals: outcomes",
    "call": "meetings: calls for items",
    "chair": "meetings: chair told",
    "notes": "meetings: note-taker told",
    "agenda": "meetings: agendas",
    "begins": "meetings: reminders",
    "minutes": "meetings: minutes asked for",
    "lack": "meetings: chair asked",
    "recorded": "meetings: minutes posted",
}


@dataclass
class Row:
    """One kind of occurrence, counted. `unknown` were listed by the bot, since their reply was lost."""

    what: str
    due: int = 0
    sent: int = 0
    unknown: int = 0
    lost: int = 0
    doubled: int = 0
    late: int = 0
    details: list[str] = field(default_factory=list)


@dataclass
class Reckoning:
    """The whole account of a year."""

    rows: list[Row]
    calls: int
    failed: int
    posts: int
    doubled_posts: list[str]
    unknown_posts: int
    kills: int
    cut: int
    answers: int
    kept: int
    wrong: list[str]
    deaths: list[Death]

    @property
    def holds(self) -> bool:
        """Tell whether every promise was kept."""
        good = all(row.lost == row.doubled == row.late == 0 for row in self.rows)
        return (
            good
            and not self.doubled_posts
            and self.unknown_posts <= self.kills + self.cut
            and self.answers == self.kept
            and not self.wrong
        )

    def as_json(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self) | {"holds": self.holds}


Key = tuple[str, int, str]


def reckon(life: Life) -> Reckoning:
    """Compare what was due with what Slack received."""
    facts, now = life.driver.doing.facts, life.end
    times = Times(facts, life.keeper.deaths)
    told = [one for one in [*oracle.due(life.scale, times, now), *_public(life, times)] if one.at < now]
    stuck = _stuck(life)
    unknown = _keys(life, ((p.whom, p.matters) for p in stuck))
    rows = _rows(life, told, unknown)
    results = _results(life)
    those = rounds(times, now)
    shown = {one.number for one in those if one.monday in results}
    answers = sum(number in shown for number, _ in facts.answered)
    wrong = [f"refused: {refused}" for refused in life.witness.refused] + _as_listed(life, len(stuck))
    wrong += _misread(those, results)
    cut = life.weather.met.get("drop_reply", 0) + life.weather.met.get("drop_request", 0)
    return Reckoning(
        rows=rows,
        calls=life.weather.calls,
        failed=sum(life.weather.met.values()),
        posts=len(life.witness.posts),
        doubled_posts=_doubled(life),
        unknown_posts=len(stuck) + facts.settled,
        kills=len(life.keeper.deaths),
        cut=cut,
        answers=answers,
        kept=sum(answered for answered, _ in results.values()),
        wrong=wrong,
        deaths=life.keeper.deaths,
    )


def _public(life: Life, times: Times) -> Iterable[Told]:
    """List what had to be said in the channel: proposals, their outcomes, and each round's results."""
    facts = life.driver.doing.facts
    for matter, motion in facts.motions.items():
        yield Told("proposal", matter, "council", motion.made)
        yield Told("verdict", motion.number, "council", times.alive(motion.closes))
    for meeting in council.all_before(life.scale, life.end + timedelta(days=8)):
        yield Told("call", meeting.month, "council", times.alive(meeting.before(7)))
        yield Told("agenda", meeting.month, "council", times.alive(meeting.before(1)))
        if meeting.month in facts.minutes:
            yield Told("recorded", meeting.month, "council", facts.minutes[meeting.month])
    for one in rounds(times, life.end):
        yield Told("result", 0, "council", times.alive(one.closes))


def _keys(life: Life, said: Iterable[tuple[str, Sequence[tuple[str, int]]]]) -> dict[Key, int]:
    found: dict[Key, int] = defaultdict(int)
    for whom, matters in said:
        name = life.driver.doing.facts.ids.get(whom, "council")
        for kind, number in matters:
            found[kind, number, name] += 1
    return found


def _rows(life: Life, told: Sequence[Told], unknown: dict[Key, int]) -> list[Row]:
    rows = {kind: Row(what) for kind, what in NAMES.items()}
    wanted: dict[Key, list[datetime]] = defaultdict(list)
    for one in told:
        if not was_quicker(life, one):
            wanted[one.kind, one.number, one.who].append(one.at)
    sent: dict[Key, list[datetime]] = defaultdict(list)
    for post in life.witness.posts:
        name = life.driver.doing.facts.ids.get(post.whom, "council")
        for kind, number in post.matters:
            sent[kind, number, name].append(post.at)
    patience = Patience(life, told)
    for key in sorted({*wanted, *sent}):
        _count(rows[key[0]], key, sorted(wanted[key]), sorted(sent[key]), unknown.get(key, 0), patience)
    return list(rows.values())


def _count(row: Row, key: Key, wanted: list[datetime], sent: list[datetime], unknown: int, patience: Patience) -> None:
    row.due += len(wanted)
    row.sent += len(sent)
    missing = max(0, len(wanted) - len(sent))
    row.unknown += min(missing, unknown)
    row.lost += max(0, missing - unknown)
    row.doubled += max(0, len(sent) - len(wanted))
    if len(wanted) != len(sent) and (missing == 0 or missing > unknown):
        row.details.append(
            f"{key}: due {[f'{w:%a %d %b %H:%M}' for w in wanted]}, sent {[f'{s:%a %d %b %H:%M}' for s in sent]}"
        )
    if len(wanted) == len(sent):
        for at, came in zip(wanted, sent, strict=True):
            if came - at > MINUTE + patience.excuse(at, came) or at - came > MINUTE:
                row.late += 1
                row.details.append(f"{key}: due {at:%a %d %b %H:%M:%S}, came {came:%a %d %b %H:%M:%S}")


def _stuck(life: Life) -> list[Post]:
    """Read the posts of which the bot says that it cannot know whether they have come."""
    db = Database(life.database_url)
    with db.read() as session:
        rows = session.scalars(select(Outbox).where(Outbox.state == Delivery.UNKNOWN)).all()
        found = [
            Post(
                row.created_at,
                row.channel,
                "",
                "",
                row.body.get("text", ""),
                row.body.get("blocks") or [],
                row.thread_of is not None,
            )
            for row in rows
        ]
    db.close()
    return found


def _as_listed(life: Life, stuck: int) -> list[str]:
    return (
        []
        if stuck == 0 or "Undelivered" in life.stuck
        else [f"{stuck} unknown posts, and the overview does not say so"]
    )


def _doubled(life: Life) -> list[str]:
    """List posts with the same words to the same place within an hour, beyond the first."""
    seen: dict[tuple[str, str, str], datetime] = {}
    doubled = []
    for post in life.witness.posts:
        key = (post.whom, post.text, str(post.blocks))
        if key in seen and post.at - seen[key] < timedelta(hours=1):
            whom = life.driver.doing.facts.ids.get(post.whom, "council")
            doubled.append(f"to {whom} at {seen[key]:%a %d %b %H:%M:%S} and {post.at:%a %d %b %H:%M:%S}: {post.text}")
        seen[key] = post.at
    return doubled


def _results(life: Life) -> dict[date, tuple[int, int]]:
    """Read from each round's result how many answered and how many were asked, by the round's Monday."""
    found = {}
    for post in life.witness.posts:
        said = RESULT.match(post.text)
        if said:
            found[post.at.date() - timedelta(days=post.at.weekday())] = int(said[1]), int(said[2])
    return found


def _misread(those: Sequence[Round], results: dict[date, tuple[int, int]]) -> list[str]:
    """Name the rounds whose result does not count all who were asked."""
    return [
        f"round {one.number}: {results[one.monday][1]} were asked, not {len(one.asked)}"
        for one in those
        if one.monday in results and results[one.monday][1] != len(one.asked)
    ]
