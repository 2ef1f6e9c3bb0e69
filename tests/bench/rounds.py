"""A round of the pulse for many people: opening, sending, closing; and a tick with nothing due."""

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy import insert, update

from bot.app import Bot, build
from bot.config import Settings
from bot.runtime.clock import StoryClock
from bot.sandbox import Sandbox, empty_workspace, serve
from bot.sandbox.workspace import Person
from handlers.features import FEATURES
from handlers.kit.callers import identify
from handlers.kit.notices import sweep
from handlers.kit.registry import Registry
from handlers.pulse import jobs, schedule
from handlers.pulse.schedule import Plan
from storage import notices, pulse, seals
from storage.database import Base
from storage.notices import NewNotice, Notice
from storage.seals import KeyRing
from storage.vocabulary import ConsortiumId, MemberId, NoticeKind, NoticeState, PulseInterval
from tests.bench import ground as grounds
from tests.bench.burst import most_within
from tests.bench.ground import Ground
from tests.bench.table import Figure

AGENCIES = 60
RENDERERS = Registry(FEATURES).notice_renderers
POSTS_A_MINUTE = 300
"""Calls of chat.postMessage that the sandbox, like Slack, accepts in a workspace."""

WEEK = timedelta(days=7)
OCCURRENCE, INVITATION = Base.metadata.tables["occurrence"], Base.metadata.tables["pulse_invitation"]
KEY = Fernet.generate_key().decode()
RING = KeyRing([KEY])


def measure(folder: Path, *, people: int, sent: int) -> tuple[list[Figure], dict[str, Any]]:
    """Run a round for `people` people in the database, and one for `sent` people through the courier."""
    found = {"database": _database(folder / "round.db", people), "courier": _courier(folder / "sent.db", sent)}
    found["tick"] = _ticks(folder / "tick.db", 2 * people, 20 * people)
    written, courier = found["database"], found["courier"]
    figures = [
        _seconds(f"pulse for {people:,}: rows and outbox written", written["open"] + written["tell"], 2.0),
        Figure("   memory taken by it", written["mb"], "MB"),
        _seconds(f"   {people:,} answers opened and summarised", written["close"], 1.0),
        Figure(f"pulse for {sent:,} sent: most in any minute", courier["minute"], "", aim=f"<= {POSTS_A_MINUTE}"),
        Figure("   a minute, on average", courier["average"], "", aim=f"<= {POSTS_A_MINUTE}"),
        Figure("   refused by Slack (429)", courier["refused"], "", aim="0", met=not courier["refused"]),
        Figure("   sent", courier["sent"], "", aim=str(sent), met=courier["sent"] == sent),
        Figure(
            f"a tick with nothing due, {2 * people:,} members, {20 * people:,} past occurrences",
            found["tick"]["ms"],
            "ms",
            aim="< 5 ms",
            met=found["tick"]["ms"] < 5,
        ),
    ]
    return figures, {"rounds": found}


def _seconds(what: str, value: float, most: float) -> Figure:
    return Figure(what, value, "s", aim=f"< {most:g} s", met=value < most)


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _lay(path: Path, sandbox: Sandbox, users: list[str], now: datetime) -> Ground:
    ground = replace(grounds.prepare(path, sandbox, users, AGENCIES), now=now)
    with ground.db.begin() as session:
        caller = identify(session, ground.team, ground.team, users[0], "member")
        plan = Plan(now.weekday(), (now + timedelta(hours=1)).time(), PulseInterval.WEEK, now.date(), ground.channel)
        schedule.set_schedule(session, caller, plan, now)
    return ground


def _monday() -> datetime:
    """Return 8:00 UTC of a coming Monday; everyone here is in UTC."""
    today = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


def _database(path: Path, people: int) -> dict[str, float]:
    now = _monday()
    ground = _lay(path, Sandbox(empty_workspace()), [f"U{n:05}" for n in range(people)], now)
    before = _megabytes()
    found = {"open": _timed(lambda: jobs.sweep(ground.db, RING, now))}
    nine = now + timedelta(hours=1)
    found["tell"] = _timed(lambda: sweep.send_due_notices(ground.db, RENDERERS, nine))
    found["mb"] = _megabytes() - before
    _answer_all(ground)
    with ground.db.read() as session:
        closes_at = pulse.NEXT_DUE(session)
    if closes_at is None:
        raise RuntimeError("no round is open")
    found["close"] = _timed(lambda: jobs.sweep(ground.db, RING, closes_at))
    ground.db.close()
    return found


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _answer_all(ground: Ground) -> None:
    with ground.db.begin() as session:
        consortium = grounds.consortia.of_workspace(session, ground.team)
        asked = pulse.find_open_round(session, consortium.id) if consortium else None
        if asked is None:
            raise RuntimeError("no round is open")
        people = pulse.list_invitees(session, asked.consortium_id)
        for place, person in enumerate(people):
            scores = {key: 1 + (place + n) % 5 for n, key in enumerate(asked.questions)}
            comment = "We could meet less often." if place % 10 == 0 else ""
            answer = {"agency": person.agency_id, "scores": scores, "comment": comment}
            seals.seal_answer(session, RING, asked.seal_id, person.member_id, answer)
        session.execute(update(INVITATION).values(answered=True))


def _courier(path: Path, people: int) -> dict[str, float]:
    """Send a round through the courier to the sandbox, in story time; its traffic says when each post arrived."""
    known = empty_workspace()
    crowd = tuple(Person(f"p{n}", f"Person {n}", tz="UTC", id=f"U{n:07}X") for n in range(people))
    sandbox = Sandbox(replace(known, people=(*known.people, *crowd)), starts_at=_monday())
    with serve(sandbox, port=0) as slack:
        ground = _lay(path, sandbox, [person.id or "" for person in crowd], sandbox.now())
        bot = _bot(ground, sandbox, slack.api_url, slack.clock_url)
        now = sandbox.now()
        jobs.sweep(ground.db, RING, now)
        sweep.send_due_notices(ground.db, RENDERERS, now + timedelta(hours=1))
        _drain(bot, sandbox, now + timedelta(hours=1))
        bot.close()
        ground.db.close()
    posts = [entry for entry in sandbox.traffic() if entry["method"] == "chat.postMessage"]
    moments = [datetime.fromisoformat(post["at"]).timestamp() for post in posts]
    span = max(1.0, (moments[-1] - moments[0]) / 60)
    return {
        "minute": most_within(moments, 60.0),
        "average": len(posts) / span,
        "refused": sum(post["status"] == 429 for post in posts),
        "sent": sum(bool(post["answer"]) and post["answer"].get("ok", False) for post in posts),
    }


def _bot(ground: Ground, sandbox: Sandbox, api_url: str = "", clock_url: str = "") -> Bot:
    known = sandbox.credentials
    settings = Settings(
        slack_bot_token=SecretStr(known.bot_token),
        slack_signing_secret=SecretStr(known.signing_secret),
        slack_api_url=api_url or "http://127.0.0.1:9/",
        clock_url=clock_url,
        database_url=str(ground.db.url),
        seal_keys=SecretStr(KEY),
    )
    return build(settings)


def _drain(bot: Bot, sandbox: Sandbox, now: datetime | None) -> None:
    """Deliver until nothing is waiting, turning the clock to the time at which the next message may be sent."""
    while now is not None:
        sandbox.world.clock.advance_to(now)
        cast("StoryClock", bot.clock).set(now)
        now = bot.courier.drain()


def _ticks(path: Path, people: int, past: int) -> dict[str, float]:
    """Tick with nothing due, many members and a long past."""
    now = datetime.now(UTC)
    sandbox = Sandbox(empty_workspace())
    ground = grounds.prepare(path, sandbox, [f"U{n:05}" for n in range(people)], AGENCIES)
    with ground.db.begin() as session:
        consortium = grounds.consortia.of_workspace(session, ground.team)
        home = consortium.id if consortium else 0
        row = {"consortium_id": home, "at": now - WEEK}
        session.execute(insert(OCCURRENCE), [{**row, "key": f"long/ago/{n}"} for n in range(past // 2)])
        said = NewNotice(ConsortiumId(home), MemberId(1), ground.team, NoticeKind.PULSE, "", 1, now - WEEK)
        notices.add(session, *(replace(said, key=f"long/ago/{n}") for n in range(past // 2)))
        session.execute(update(Notice).values(state=NoticeState.SAID))
    bot = _bot(ground, sandbox)
    bot.leadership.begin()
    bot.sweeps.run(now)
    spent = [_timed(lambda: bot.sweeps.run(now)) * 1000 for _ in range(30)]
    bot.close()
    ground.db.close()
    return {"ms": statistics.median(spent)}
