"""Everything the bot says to people by itself goes through here: in their open hours, together, once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from slack_sdk.models.blocks import Block
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import PIECE, Piece, context, divider, section
from handlers.kit.notices import rules
from handlers.kit.notices.rules import Plan, Recipient, Waiting
from handlers.kit.text import counted
from storage import consortia, members, notices, outbox
from storage.database import Database
from storage.members import Member
from storage.notices import Notice
from storage.vocabulary import ConsortiumId, Manner, MemberId, NoticeId, NoticeKind, NoticeState

log = structlog.get_logger()

TOGETHER = 250
"""So many people are told in one transaction; the memory it takes does not grow with their number."""

AHEAD = timedelta(days=1)
"""So far ahead it is looked for something that has an hour of its own."""

ROOM = 2500
"""Characters kept for what stands around the matters of a message, the names of their blocks included."""

AGAIN = timedelta(hours=1)
"""What could not be drawn is tried again after so long."""

AT_ONCE = (
    "What can wait comes in one message a day. `/consortium reminders at once` if you would rather hear of each "
    "thing as it comes."
)


RenderedNotice = Piece | datetime | None
"""What to say; or when to look again; or nothing, since it is done already."""

RenderNotices = Callable[[Session, Sequence[Notice], datetime], Mapping[NoticeId, RenderedNotice]]
"""Says what has become of several notices of one kind; those left out need not be said any more."""


def sweep(db: Database, draws: Mapping[NoticeKind, RenderNotices], now: datetime) -> None:
    """Tell everybody what is due; a handful of people in each transaction."""
    while True:
        with db.read() as session:
            people = notices.due_people(session, now, TOGETHER)
        if not people:
            return
        with db.begin() as session:
            _tell(session, people, draws, now)


next_due = notices.next_due


def _tell(
    session: Session, people: Sequence[MemberId], draws: Mapping[NoticeKind, RenderNotices], now: datetime
) -> None:
    # locked first, so that who is back, and what another process has told them, is seen
    found = members.lock(session, people)
    waiting = {
        member_id: list(theirs)
        for member_id, theirs in groupby(notices.waiting(session, people, now + AHEAD), lambda n: n.member_id)
    }
    homes = consortia.several(session, {member.consortium_id for member in found.values()})
    hours = {id_: consortium.quiet_hours for id_, consortium in homes.items()}
    plans = {id_: _plan(found[id_], hours[found[id_].consortium_id], theirs, now) for id_, theirs in waiting.items()}
    drawn = _draw(session, waiting, plans, draws, now)
    desk = _Desk(session, now)
    for member_id, plan in plans.items():
        pieces = [(n, piece) for n in waiting[member_id] if isinstance(piece := drawn.get(n.id), Piece)]
        desk.dropped += [*plan.drop, *(i for i in plan.say if drawn.get(i) is None)]
        for notice in waiting[member_id]:
            moment = drawn.get(notice.id) if notice.id in plan.say else plan.later.get(notice.id)
            if isinstance(moment, datetime):
                notice.look_at = max(moment, now + timedelta(seconds=1))
        if pieces:
            desk.leave(found[member_id], pieces)
    notices.settle(session, desk.said, NoticeState.SAID, now)
    notices.settle(session, desk.dropped, NoticeState.DROPPED, now)


def _plan(member: Member, quiet_hours: tuple[time, time], theirs: Sequence[Notice], now: datetime) -> Plan:
    if member.left_at is not None:
        return Plan(drop=[notice.id for notice in theirs])
    listener = Recipient(member.zone, quiet_hours, member.away_until, member.told_on, member.tell_at_once)
    return rules.plan(listener, [Waiting(n.id, n.manner, n.due_at, n.until) for n in theirs], now)


def _draw(
    session: Session,
    waiting: Mapping[MemberId, Sequence[Notice]],
    plans: Mapping[MemberId, Plan],
    draws: Mapping[NoticeKind, RenderNotices],
    now: datetime,
) -> dict[NoticeId, RenderedNotice]:
    """Say what has become of all that is to be said, kind by kind: a page of people is one query, not one each."""
    kinds: dict[tuple[ConsortiumId, NoticeKind], list[Notice]] = {}
    for member_id, theirs in waiting.items():
        wanted = set(plans[member_id].say)
        for notice in theirs:
            if notice.id in wanted:
                kinds.setdefault((notice.consortium_id, notice.kind), []).append(notice)
    drawn: dict[NoticeId, RenderedNotice] = {}
    for (_, kind), those in kinds.items():
        drawn.update(_drawn(session, draws[kind], those, now))
    return drawn


def _drawn(
    session: Session, draw: RenderNotices, those: Sequence[Notice], now: datetime
) -> Mapping[NoticeId, RenderedNotice]:
    """Draw several notices; where that goes wrong, one by one: a single one keeps back nothing but itself."""
    try:
        drawn = draw(session, those, now)
        for piece in {id(one): one for one in drawn.values() if isinstance(one, Piece)}.values():
            block_kit.message(piece.text, piece.blocks)
    except DBAPIError:
        # the database is away: nothing is settled, and the next beat finds everything again
        raise
    except Exception:
        if len(those) == 1:
            log.exception("notice not drawn", kind=those[0].kind.value)
            return {those[0].id: now + AGAIN}
        return {id_: one for notice in those for id_, one in _drawn(session, draw, [notice], now).items()}
    return drawn


@dataclass
class _Desk:
    """Where messages are written; what many people are told alike is drawn once."""

    session: Session
    now: datetime
    said: list[NoticeId] = field(default_factory=list)
    dropped: list[NoticeId] = field(default_factory=list)
    made: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def leave(self, member: Member, pieces: Sequence[tuple[Notice, Piece]]) -> None:
        """Leave one message with everything in it, or as few as Slack's limits allow."""
        if any(notice.manner is not Manner.SOON for notice, _ in pieces):
            member.told_on = self.now.astimezone(ZoneInfo(member.zone)).date()
        # one piece may stand for several matters of a person: it is said once
        distinct = list({id(piece): piece for _, piece in pieces}.values())
        for body in self._bodies(distinct):
            outbox.put(
                self.session,
                team_id=pieces[0][0].team_id,
                channel=member.user_id,
                body=body,
                about=f"what waits for {member.name}",
                now=self.now,
                consortium_id=member.consortium_id,
            )
        self.said += [notice.id for notice, _ in pieces]

    def _bodies(self, pieces: Sequence[Piece]) -> list[dict[str, Any]]:
        if len(pieces) > 1:
            return bodies(pieces)
        known = id(pieces[0])
        if known not in self.made:
            self.made[known] = bodies(pieces)
        return self.made[known]


def bodies(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Make one message of several matters, or more where Slack's limits ask for it.

    The blocks of each matter are named after it, so that what was settled can be taken out of the message
    without the rest; see `handlers.kit.asking.Ask.done`.
    """
    if len(pieces) == 1:
        return [block_kit.message(pieces[0].text, pieces[0].blocks)]
    made: list[dict[str, Any]] = []
    held: list[Piece] = []
    for piece in pieces:
        if held and not _fit([*held, piece]):
            made.append(_together(held))
            held = []
        held.append(piece)
    return [*made, _together(held)]


def _fit(pieces: Sequence[Piece]) -> bool:
    blocks = [block for piece in pieces for block in piece.blocks]
    size = block_kit.size(blocks)
    return len(blocks) + len(pieces) + 2 <= block_kit.MESSAGE_BLOCKS and size <= block_kit.MESSAGE_CHARACTERS - ROOM


def _together(pieces: Sequence[Piece]) -> dict[str, Any]:
    if len(pieces) == 1:
        return block_kit.message(pieces[0].text, pieces[0].blocks)
    head = f"{counted(len(pieces), 'thing', 'things')} for you."
    drawn: list[Block] = [section(f"*{head}*")]
    names = ["head"]
    for place, piece in enumerate(pieces):
        drawn += [divider(), *piece.blocks]
        names += [f"{PIECE}{place}.{n}" for n in range(len(piece.blocks) + 1)]
    body = block_kit.message(f"{head} {pieces[0].text}", [*drawn, context(AT_ONCE)])
    for block, name in zip(body["blocks"], names, strict=False):
        block["block_id"] = name
    return body
