"""A consortium prepared with the bot's own functions before anything is measured."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.sandbox import Sandbox
from handlers.features import FEATURES
from handlers.kit.callers import Caller, identify
from handlers.kit.registry import Registry
from handlers.polls import creation
from handlers.proposals import creation as proposing
from storage import agencies, consortia, migrate, outbox, polls, proposals
from storage.database import Base, Database
from storage.live_messages import LiveMessage
from storage.outbox import OutboxMessage
from storage.seals import KeyRing
from storage.vocabulary import DeliveryState, Seat, Stance

TS = "1700000000.000100"
STANCES = ("agree", "abstain")
MEMBER, BALLOT = Base.metadata.tables["member"], Base.metadata.tables["ballot"]
POSITION, EVENT = Base.metadata.tables["position"], Base.metadata.tables["position_event"]
OPTIONS = ("The 12th of January", "The 19th of January", "The 26th of January")


@dataclass(frozen=True)
class Ground:
    """A database with people in it, created at `now`."""

    db: Database
    team: str
    channel: str
    users: list[str]
    now: datetime


def prepare(path: Path, sandbox: Sandbox, users: list[str], agency_count: int) -> Ground:
    """Found a consortium whose people are spread over its agencies, each with a representative and an alternate."""
    db = Database(f"sqlite:///{path}")
    migrate.upgrade(db)
    team = sandbox.credentials.team_id
    channel = next(c["id"] for c in sandbox.channels() if c["name"] == "council")
    now = datetime.now(UTC)
    with db.begin() as session:
        consortium = consortia.create(session, team, "Northern Valleys", "UTC", now)
        homes = [agencies.add(session, consortium.id, f"Agency {n}", now).id for n in range(agency_count)]
        session.execute(
            insert(MEMBER),
            [
                {
                    "consortium_id": consortium.id,
                    "team_id": team,
                    "user_id": user,
                    "name": f"Person {n}",
                    "zone": "UTC",
                    "agency_id": homes[n % agency_count],
                    "seat": _seat(n // agency_count),
                    "facilitator": n == 0,
                    "joined_at": now,
                }
                for n, user in enumerate(users)
            ],
        )
    return Ground(db, team, channel, users, now)


def _seat(turn: int) -> Seat:
    return (Seat.REPRESENTATIVE, Seat.ALTERNATE)[turn] if turn < 2 else Seat.MEMBER


def _caller(session: Session, ground: Ground) -> Caller:
    return identify(session, ground.team, ground.team, ground.users[0], "member")


def open_proposal(ground: Ground, said: int = 0) -> int:
    """Open a proposal on which `said` people have a position. Return its number."""
    with ground.db.begin() as session:
        draft = proposing.ProposalDraft(
            "Adopt the shared calendar", ground.channel, "One calendar for all schools.", open_for=_WEEK
        )
        made = proposing.create_proposal(session, _caller(session, ground), draft, ground.now)
        people = session.execute(select(MEMBER.c.id, MEMBER.c.agency_id, MEMBER.c.seat).limit(said)).all()
        row = {"proposal_id": made.id, "stance": Stance.AGREE, "reason": "", "sole": False, "said_at": ground.now}
        rows = [{**row, "member_id": m, "agency_id": a, "seat": s} for m, a, s in people]
        if rows:
            session.execute(insert(POSITION), rows)
        return made.number


def open_poll(ground: Ground, cast: int = 0) -> int:
    """Open a poll in which `cast` people have voted. Return its number."""
    with ground.db.begin() as session:
        draft = creation.PollDraft("Which week do we meet?", ground.channel, OPTIONS, ground.now + _WEEK)
        ring = KeyRing([Fernet.generate_key().decode()])
        made = creation.create_poll(session, _caller(session, ground), ring, draft, ground.now)
        people = session.execute(select(MEMBER.c.id, MEMBER.c.agency_id, MEMBER.c.seat).limit(cast)).all()
        row = {"poll_id": made.id, "counts_for": 0, "choices": {"1": 1}, "sole": False, "said_at": ground.now}
        rows = [{**row, "member_id": m, "agency_id": a, "seat": s} for m, a, s in people]
        if rows:
            session.execute(insert(BALLOT), rows)
        return made.number


_WEEK = timedelta(days=7)


def mark_posted(ground: Ground) -> None:
    """Record an id for every message, as if Slack had accepted it."""
    with ground.db.begin() as session:
        session.execute(update(LiveMessage).values(ts=TS, shown=LiveMessage.wanted))
        session.execute(update(OutboxMessage).values(state=DeliveryState.SENT, ts=TS))


def message_of(ground: Ground, number: int) -> dict[str, Any]:
    """Return the place of a proposal's or poll's message, and its current content."""
    with ground.db.read() as session:
        live = session.scalars(select(LiveMessage).where(LiveMessage.number == number)).one()
        message = Registry(FEATURES).live[live.kind](session, live)
        return {"team": ground.team, "channel": ground.channel, "ts": live.ts, "message": message}


def is_waiting(ground: Ground) -> bool:
    """Return whether anything is still waiting to be sent or updated."""
    with ground.db.read() as session:
        return outbox.next_due(session, datetime.now(UTC)) is not None


def count_positions(ground: Ground, number: int) -> tuple[int, int]:
    """Return how many people have a position on a proposal, and how often positions were stated."""
    with ground.db.read() as session:
        consortium = consortia.of_workspace(session, ground.team)
        made = proposals.get(session, consortium.id, number) if consortium else None
        ident = made.id if made else 0
        people = select(func.count()).where(POSITION.c.proposal_id == ident)
        words = select(func.count()).where(EVENT.c.proposal_id == ident)
        return session.scalar(people) or 0, session.scalar(words) or 0


def count_ballots(ground: Ground, number: int) -> int:
    """Return the number of ballots in a poll."""
    with ground.db.read() as session:
        consortium = consortia.of_workspace(session, ground.team)
        made = polls.get(session, consortium.id, number) if consortium else None
        return len(polls.list_ballots(session, made.id)) if made else 0
