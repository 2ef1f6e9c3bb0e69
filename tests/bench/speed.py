"""Requests a second and the time to the acknowledgment, side by side in one run."""

import contextlib
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox import Sandbox
from bot.sandbox.server import Server
from tests.bench import ground as grounds
from tests.bench import presses
from tests.bench.children import run_load, running, wait_for_line
from tests.bench.ground import OPTIONS, STANCES, Ground
from tests.bench.table import Figure

CONNECTIONS = 16
VOTERS, AGENCIES = 200, 40
MANY, FEW = 10_000, 10

Runs = dict[str, list[dict[str, float]]]


@dataclass(frozen=True)
class Place:
    """The sandbox that stands in for Slack, a folder for databases, and how long to measure."""

    sandbox: Sandbox
    slack: Server
    folder: Path
    rounds: int
    seconds: float

    def settings(self, database: Path) -> dict[str, str]:
        """Return the settings of a process."""
        known = self.sandbox.credentials
        return {
            "SLACK_BOT_TOKEN": known.bot_token,
            "SLACK_APP_TOKEN": known.app_token,
            "SLACK_SIGNING_SECRET": known.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
            "DATABASE_URL": f"sqlite:///{database}",
            "PORT": "0",
        }

    def job(self, address: str, bodies: list[str], seconds: float | None = None) -> dict[str, Any]:
        """Describe the work of the load process."""
        secret = self.sandbox.credentials.signing_secret
        span = self.seconds if seconds is None else seconds
        return {
            "address": address,
            "secret": secret,
            "bodies": bodies,
            "connections": CONNECTIONS,
            "seconds": span,
            "warm": span / 5,
        }


def votes(ground: Ground, number: int, users: list[str]) -> list[str]:
    """Return presses by which these people take a position on a proposal."""
    at = grounds.message_of(ground, number)
    return [presses.press(at, u, f"proposal.say.{stance}", str(number)) for stance in STANCES for u in users]


def ballots(ground: Ground, number: int, users: list[str]) -> list[str]:
    """Return presses by which these people vote in a poll."""
    at = grounds.message_of(ground, number)
    places = range(1, len(OPTIONS) + 1)
    return [presses.press(at, u, f"poll.cast.{place}", str(number)) for place in places for u in users]


@contextlib.contextmanager
def servers(place: Place, databases: dict[str, Path], **more: str) -> Iterator[dict[str, str]]:
    """Run each kind of server in a process of its own. Yield the URLs."""
    with contextlib.ExitStack() as stack:
        started = {
            kind: stack.enter_context(running(["tests.bench.hosts", kind], place.settings(database) | more))
            for kind, database in databases.items()
        }
        yield {kind: wait_for_line(process, "ready ").removeprefix("ready ") for kind, process in started.items()}


def interleaved(place: Place, jobs: dict[str, dict[str, Any]]) -> Runs:
    """Run all jobs in turn, several times over."""
    found: Runs = {name: [] for name in jobs}
    for _ in range(place.rounds):
        for name, job in jobs.items():
            found[name].append(run_load(job))
    return found


def median_of(runs: list[dict[str, float]], name: str) -> float:
    """Return the median of a figure."""
    return statistics.median(run[name] for run in runs)


def ratio(runs: Runs, name: str, beside: str) -> float:
    """Return the median ratio of neighboring runs."""
    pairs = zip(runs[name], runs[beside], strict=True)
    return statistics.median(one["per_second"] / other["per_second"] for one, other in pairs)


def web(place: Place) -> tuple[list[Figure], dict[str, Any]]:
    """Measure the web process beside bare Bolt and beside Bolt with one upsert."""
    users = [f"U{n:05}" for n in range(VOTERS)]
    ground = grounds.prepare(place.folder / "bot.db", place.sandbox, users, AGENCIES)
    number, poll = grounds.open_proposal(ground), grounds.open_poll(ground)
    grounds.mark_posted(ground)
    said, cast = votes(ground, number, users), ballots(ground, poll, users)
    commands = [presses.command(grounds.message_of(ground, poll), user) for user in users]
    databases = {kind: place.folder / f"{kind}.db" for kind in ("bare", "upsert", "bot")}
    with servers(place, databases) as at:
        runs = interleaved(
            place,
            {
                "command": place.job(at["bare"], commands),
                "a": place.job(at["bare"], said),
                "b": place.job(at["upsert"], said),
                "votes": place.job(at["bot"], said),
                "ballots": place.job(at["bot"], cast),
            },
        )
    lost = _lost(runs["votes"], grounds.count_positions(ground, number)) + _lost(
        runs["ballots"], (grounds.count_ballots(ground, poll), None)
    )
    return _web_figures(runs, lost), {"web": runs}


def _lost(runs: list[dict[str, float]], kept: tuple[int, int | None]) -> float:
    """Count acknowledged votes that are missing: people, and where every position is kept, positions."""
    people, words = kept
    voters = min(VOTERS, max(run["requests"] for run in runs))
    said = sum(run["requests"] for run in runs)
    return max(0, voters - people) + max(0, said - words if words is not None else 0)


def _web_figures(runs: Runs, lost: float) -> list[Figure]:
    failures = sum(run["failures"] for some in runs.values() for run in some)
    busy = max(median_of(some, "load_busy") for some in runs.values()) * 100
    return [
        *_speed(runs, "command", "bare Bolt, slash command"),
        *_speed(runs, "a", "(a) bare Bolt, press"),
        *_speed(runs, "b", "(b) bare Bolt, press and one upsert"),
        *_speed(runs, "votes", "the bot: votes on one proposal", aimed=True),
        *_speed(runs, "ballots", "the bot: ballots in one poll", aimed=True),
        Figure("requests that failed", failures, "", aim="0", met=not failures),
        Figure("acknowledged and not on disk", lost, "", aim="0", met=not lost),
        Figure("load process at most busy", busy, "%"),
    ]


def _speed(runs: Runs, name: str, what: str, *, aimed: bool = False) -> list[Figure]:
    some = runs[name]
    bare, upsert = ratio(runs, name, "a"), ratio(runs, name, "b")
    p99 = median_of(some, "p99_ms")
    return [
        Figure(
            what,
            median_of(some, "per_second"),
            "req/s",
            bare if aimed else None,
            upsert if aimed else None,
            "(b) >= 0.8" if aimed else "",
            upsert >= 0.8 if aimed else None,
        ),
        Figure("   acknowledged, median", median_of(some, "p50_ms"), "ms"),
        Figure("   acknowledged, p99", p99, "ms", aim="< 100 ms" if aimed else "", met=p99 < 100 if aimed else None),
    ]


def cost(place: Place) -> tuple[list[Figure], dict[str, Any]]:
    """Measure the cost of a vote when few and when many people have voted."""
    users = [f"U{n:05}" for n in range(MANY)]
    ground = grounds.prepare(place.folder / "cost.db", place.sandbox, users, AGENCIES)
    numbers = {
        "votes": (grounds.open_proposal(ground, FEW), grounds.open_proposal(ground, MANY), votes),
        "ballots": (grounds.open_poll(ground, FEW), grounds.open_poll(ground, MANY), ballots),
    }
    grounds.mark_posted(ground)
    with servers(place, {"bot": place.folder / "cost.db"}) as at:
        jobs = {}
        for name, (few, many, write) in numbers.items():
            for size, number in (("few", few), ("many", many)):
                jobs[f"{name} {size}"] = place.job(at["bot"], write(ground, number, users[:FEW]))
        runs = interleaved(place, jobs)
    figures = []
    for name, what in (("votes", "vote"), ("ballots", "ballot")):
        found = ratio(runs, f"{name} few", f"{name} many")
        line = f"cost of a {what} after {MANY:,} beside one after {FEW}"
        figures.append(Figure(line, found, "times", aim="<= 1.2", met=found <= 1.2))
    return figures, {"cost": runs}
