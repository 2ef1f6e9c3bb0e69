"""The balance of work with many open and done tasks: `/workload`, suggestions, the home tab."""

import time
from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert, select, update

from handlers.features import FEATURES
from handlers.home import snapshot as home_snapshot
from handlers.home import views
from handlers.kit.registry import Registry
from handlers.load import snapshot
from handlers.warnings import jobs, suggestions
from storage import consortia, warnings
from storage import load as balance
from storage.database import Base
from storage.home_tabs import HomeTab
from storage.vocabulary import ConsortiumId, TaskState
from tests.bench import ground as grounds
from tests.bench import presses
from tests.bench.children import run_load
from tests.bench.ground import MEMBER, Ground
from tests.bench.speed import Place, median_of, servers
from tests.bench.table import Figure

RENDERERS = Registry(FEATURES).todo

PEOPLE, AGENCIES, TASKS, OPEN = 500, 60, 20_000, 5_000
LOADED = 100
"""People who hold half of the open work; the others may be asked."""

TASK = Base.metadata.tables["task"]


def measure(place: Place) -> tuple[list[Figure], dict[str, Any]]:
    """Measure what people wait for, and what scheduled work takes."""
    users = [f"U{n:05}" for n in range(PEOPLE)]
    ground = grounds.prepare(place.folder / "balance.db", place.sandbox, users, AGENCIES)
    home = _work(ground)
    asked = [presses.command({"team": ground.team, "channel": ground.channel}, user, "/workload") for user in users]
    with servers(place, {"bot": place.folder / "balance.db"}) as at:
        runs = [run_load(place.job(at["bot"], asked) | {"connections": 2}) for _ in range(place.rounds)]
    weighed = _weigh(ground, home)
    drawn, statements = _tabs(ground, users)
    p99, failures = median_of(runs, "p99_ms"), sum(run["failures"] for run in runs)
    size = f"{PEOPLE} people, {AGENCIES} agencies, {TASKS:,} tasks, {OPEN:,} open"
    figures = [
        Figure(f"/workload, two at once, {size}: p99", p99, "ms", aim="< 300 ms", met=p99 < 300 and not failures),
        Figure("   everyone's load, with suggestions", weighed, "s", aim="< 1 s", met=weighed < 1),
        Figure("home tab: p99", drawn, "ms", aim="< 150 ms", met=drawn < 150),
        Figure("   statements, at most", statements, "", aim="<= 6", met=statements <= 6),
    ]
    return figures, {"balance": {"workload": runs, "weighed_s": weighed, "tab_ms": drawn, "statements": statements}}


def _work(ground: Ground) -> ConsortiumId:
    """Give people tasks: some more than they have time for, and everyone a long past."""
    with ground.db.begin() as session:
        consortium = consortia.of_workspace(session, ground.team)
        if consortium is None:
            raise RuntimeError("there is no consortium")
        people = list(session.scalars(select(MEMBER.c.id).order_by(MEMBER.c.id)))
        session.execute(update(MEMBER).values(may_be_asked=True))
        today = ground.now.date()
        rows = []
        for n in range(TASKS):
            is_open = n < OPEN
            owner = people[n % LOADED] if n < OPEN // 2 else people[n % len(people)]
            rows.append(
                {
                    "consortium_id": consortium.id,
                    "number": n + 1,
                    "team_id": ground.team,
                    "title": f"Task {n + 1}",
                    "source": "",
                    "created_by": people[0],
                    "owner_id": owner if n % 50 else None,
                    "offers": 0,
                    "hours": (n % 4 + 1) / 2,
                    "due_on": today + timedelta(days=n % 60),
                    "state": TaskState.OPEN if is_open else TaskState.DONE,
                    "created_at": ground.now,
                    "settled_at": None if is_open else ground.now,
                }
            )
        session.execute(insert(TASK), rows)
        session.execute(update(consortia.Consortium).values(last_number=TASKS))
        balance.schedule_next_check(session, consortium.id, ground.now)
        return consortium.id


def _weigh(ground: Ground, consortium_id: ConsortiumId) -> float:
    """Compute everyone's load, open all warnings, and find who could take over from those over their hours."""
    begun = time.perf_counter()
    jobs.sweep(ground.db, ground.now)
    with ground.db.read() as session:
        seen = snapshot.load_snapshot(session, consortium_id, ground.now)
        over = suggestions.plan_handovers(session, consortium_id, seen).people
    spent = time.perf_counter() - begun
    with ground.db.read() as session:
        if not over or not warnings.list_active(session, consortium_id):
            raise RuntimeError("nobody is over their hours")
    return spent


def _tabs(ground: Ground, users: list[str]) -> tuple[float, int]:
    """Render every home tab. Return the 99th percentile in milliseconds, and the most statements that one took."""
    times, most, counted = [], 0, [0]

    def count(*_: Any) -> None:
        counted[0] += 1

    event.listen(ground.db.engine, "before_cursor_execute", count)
    for user in users:
        home = HomeTab(team_id=ground.team, user_id=user, home_team=ground.team, said="")
        counted[0] = 0
        begun = time.perf_counter()
        with ground.db.read() as session:
            views.render(home_snapshot.load_snapshot(session, home, ground.now), RENDERERS)
        times.append((time.perf_counter() - begun) * 1000)
        most = max(most, counted[0])
    return sorted(times)[len(times) * 99 // 100], most
