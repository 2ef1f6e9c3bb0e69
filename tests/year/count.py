"""What was due beside what was sent: repeated, lost, late and unknown messages."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage.database import Database
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState
from tests.year import council, expectations
from tests.year.delays import AllowedDelay, was_quicker
from tests.year.life import Life
from tests.year.recorder import RESULT, Post
from tests.year.rules import ExpectedMessage, Round, Times, rounds
from tests.year.supervisor import Death

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
    "left": "members: facilitator told",
}


@dataclass
class Row:
    """The counts of one kind of message. `unknown` are those whose reply was lost and that the bot listed."""

    what: str
    due: int = 0
    sent: int = 0
    unknown: int = 0
    lost: int = 0
    doubled: int = 0
    late: int = 0
    details: list[str] = field(default_factory=list)


@dataclass
class Report:
    """The counts of a whole year."""

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
        """Return whether every promise was kept."""
        good = all(row.lost == row.doubled == row.late == 0 for row in self.rows)
        return (
            good
            and not self.doubled_posts
            and self.unknown_posts <= self.kills + self.cut
            and self.answers == self.kept
            and not self.wrong
        )

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self) | {"holds": self.holds}


Key = tuple[str, int, str]


def compare(life: Life) -> Report:
    """Compare what was due with what Slack received."""
    facts, now = life.driver.runner.facts, life.end
    times = Times(facts, life.supervisor.deaths)
    expected = [
        message for message in [*expectations.due(life.scale, times, now), *_public(life, times)] if message.at < now
    ]
    stuck = _stuck(life)
    unknown = _keys(life, ((p.whom, p.topics) for p in stuck))
    rows = _rows(life, expected, unknown)
    results = _results(life)
    opened = rounds(times, now)
    shown = {round_.number for round_ in opened if round_.monday in results}
    answers = sum(number in shown for number, _ in facts.answered)
    wrong = [f"refused: {refused}" for refused in life.recorder.refused] + _as_listed(life, len(stuck))
    wrong += _misread(opened, expected, facts.answered, results)
    cut = life.injector.met.get("drop_reply", 0) + life.injector.met.get("drop_request", 0)
    return Report(
        rows=rows,
        calls=life.injector.calls,
        failed=sum(life.injector.met.values()),
        posts=len(life.recorder.posts),
        doubled_posts=_doubled(life),
        unknown_posts=len(stuck) + facts.settled,
        kills=len(life.supervisor.deaths),
        cut=cut,
        answers=answers,
        kept=sum(answered for answered, _ in results.values()),
        wrong=wrong,
        deaths=life.supervisor.deaths,
    )


def _public(life: Life, times: Times) -> Iterable[ExpectedMessage]:
    """List the messages due in the channel: proposals, their outcomes, meetings, and the results of rounds."""
    facts = life.driver.runner.facts
    for matter, proposal in facts.proposals.items():
        yield ExpectedMessage("proposal", matter, "council", proposal.made)
        yield ExpectedMessage("verdict", proposal.number, "council", times.alive(proposal.closes))
    for meeting in council.all_before(life.scale, life.end + timedelta(days=8)):
        yield ExpectedMessage("call", meeting.month, "council", times.alive(meeting.before(7)))
        yield ExpectedMessage("agenda", meeting.month, "council", times.alive(meeting.before(1)))
        if meeting.month in facts.minutes:
            yield ExpectedMessage("recorded", meeting.month, "council", facts.minutes[meeting.month])
    for round_ in rounds(times, life.end):
        yield ExpectedMessage("result", 0, "council", times.alive(round_.closes))


def _keys(life: Life, said: Iterable[tuple[str, Sequence[tuple[str, int]]]]) -> dict[Key, int]:
    found: dict[Key, int] = defaultdict(int)
    for whom, topics in said:
        name = life.driver.runner.facts.ids.get(whom, "council")
        for kind, number in topics:
            found[kind, number, name] += 1
    return found


def _rows(life: Life, expected: Sequence[ExpectedMessage], unknown: dict[Key, int]) -> list[Row]:
    rows = {kind: Row(what) for kind, what in NAMES.items()}
    wanted: dict[Key, list[datetime]] = defaultdict(list)
    for message in expected:
        if not was_quicker(life, message):
            wanted[message.kind, message.number, message.who].append(message.at)
    sent: dict[Key, list[datetime]] = defaultdict(list)
    for post in life.recorder.posts:
        name = life.driver.runner.facts.ids.get(post.whom, "council")
        for kind, number in post.topics:
            sent[kind, number, name].append(post.at)
    allowed = AllowedDelay(life, expected)
    for key in sorted({*wanted, *sent}):
        _count(rows[key[0]], key, sorted(wanted[key]), sorted(sent[key]), unknown.get(key, 0), allowed)
    return list(rows.values())


def _count(
    row: Row, key: Key, wanted: list[datetime], sent: list[datetime], unknown: int, allowed: AllowedDelay
) -> None:
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
            if came - at > MINUTE + allowed.between(at, came) or at - came > MINUTE:
                row.late += 1
                row.details.append(f"{key}: due {at:%a %d %b %H:%M:%S}, came {came:%a %d %b %H:%M:%S}")


def _stuck(life: Life) -> list[Post]:
    """Read the posts whose result the bot does not know."""
    db = Database(life.database_url)
    with db.read() as session:
        rows = session.scalars(select(OutboxMessage).where(OutboxMessage.state == DeliveryState.UNKNOWN)).all()
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
        if stuck == 0 or "Messages to check" in life.stuck
        else [f"{stuck} unknown posts, and the overview does not say so"]
    )


def _doubled(life: Life) -> list[str]:
    """List posts with the same text to the same place within an hour, beyond the first."""
    seen: dict[tuple[str, str, str], datetime] = {}
    doubled = []
    for post in life.recorder.posts:
        key = (post.whom, post.text, str(post.blocks))
        if key in seen and post.at - seen[key] < timedelta(hours=1):
            whom = life.driver.runner.facts.ids.get(post.whom, "council")
            doubled.append(f"to {whom} at {seen[key]:%a %d %b %H:%M:%S} and {post.at:%a %d %b %H:%M:%S}: {post.text}")
        seen[key] = post.at
    return doubled


def _results(life: Life) -> dict[date, tuple[int, int]]:
    """Return how many people answered and how many were asked, from each round's result, by the round's Monday."""
    found = {}
    for post in life.recorder.posts:
        said = RESULT.match(post.text)
        if said:
            found[post.at.date() - timedelta(days=post.at.weekday())] = int(said[1]), int(said[2])
    return found


def _misread(
    opened: Sequence[Round],
    expected: Sequence[ExpectedMessage],
    answered: Collection[tuple[int, str]],
    results: dict[date, tuple[int, int]],
) -> list[str]:
    """List the rounds whose result does not count everyone who was sent the questions, or answered without."""
    asked: dict[int, set[str]] = {round_.number: set() for round_ in opened}
    for message in expected:
        if message.kind == "pulse" and message.number in asked:
            asked[message.number].add(message.who)
    for number, who in answered:
        asked[number].add(who)
    return [
        f"round {round_.number}: {results[round_.monday][1]} were asked, not {len(asked[round_.number])}"
        for round_ in opened
        if round_.monday in results and results[round_.monday][1] != len(asked[round_.number])
    ]
