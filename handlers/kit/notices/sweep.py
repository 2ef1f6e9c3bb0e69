"""Send every notice that is due: outside quiet hours, combined into one message, and only once."""

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
from handlers.kit.block_kit import PART_PREFIX, MessagePart, context, divider, section
from handlers.kit.isolation import is_outage
from handlers.kit.notices import rules
from handlers.kit.notices.rules import PendingNotice, Plan, Recipient
from handlers.kit.text import pluralize
from storage import consortia, members, notices, outbox
from storage.database import Database
from storage.members import Member
from storage.notices import Notice
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, NoticeKind, NoticeState, NoticeTiming

log = structlog.get_logger()

PEOPLE_PER_TRANSACTION = 250
"""Limits the memory that a sweep takes, whatever the number of people."""

AHEAD = timedelta(days=1)
"""How far ahead the sweep looks for notices with an hour of their own, for which others wait."""

RESERVED = 2500
"""Characters of a combined message that its heading, dividers, footer and block ids may take."""

RETRY_AFTER = timedelta(hours=1)
"""When a notice is rendered again after its renderer failed."""

FOOTER = (
    "Messages that can wait come together once a day. If you would rather get each one right away, type "
    "`/consortium reminders at once`."
)

RenderedNotice = MessagePart | datetime | None
"""The content to send, the time at which to render the notice again, or None if it is no longer needed."""

RenderNotices = Callable[[Session, Sequence[Notice], datetime], Mapping[NoticeId, RenderedNotice]]
"""Renders several notices of one kind in one consortium. A notice without a result is no longer needed."""


def send_due_notices(db: Database, renderers: Mapping[NoticeKind, RenderNotices], now: datetime) -> None:
    """Send all notices that are due, to a limited number of people in each transaction."""
    while True:
        with db.read() as session:
            people = notices.members_with_due(session, now, PEOPLE_PER_TRANSACTION)
        if not people:
            return
        _send_to(db, people, renderers, now)


next_due = notices.next_due


def _send_to(
    db: Database, people: Sequence[MemberId], renderers: Mapping[NoticeKind, RenderNotices], now: datetime
) -> None:
    """Send what is due to these people. If that fails, do it one by one, so that only one person has to wait."""
    try:
        with db.begin() as session:
            _send_due(session, people, renderers, now)
    except Exception as bug:
        if is_outage(bug):
            raise
        if len(people) > 1:
            for member_id in people:
                _send_to(db, [member_id], renderers, now)
            return
        log.exception("notices to one member not sent", member=people[0])
        with db.begin() as session:
            notices.postpone(session, people[0], now + RETRY_AFTER)


def _send_due(
    session: Session, people: Sequence[MemberId], renderers: Mapping[NoticeKind, RenderNotices], now: datetime
) -> None:
    # locked first: another process may have sent something to these people, or they may have come back
    recipients = members.lock_members(session, people)
    waiting = {
        member_id: list(group)
        for member_id, group in groupby(notices.list_waiting(session, people, now + AHEAD, now), lambda n: n.member_id)
    }
    homes = consortia.by_ids(session, {member.consortium_id for member in recipients.values()})
    plans = {
        id_: _plan(recipients[id_], homes[recipients[id_].consortium_id].quiet_hours, pending, now)
        for id_, pending in waiting.items()
    }
    rendered = _render(session, waiting, plans, renderers, now)
    sender = _Sender(session, now)
    dropped: list[NoticeId] = []
    for member_id, plan in plans.items():
        dropped += [*plan.drop, *(id_ for id_ in plan.send if rendered.get(id_) is None)]
        parts = []
        for notice in waiting[member_id]:
            result = rendered.get(notice.id) if notice.id in plan.send else plan.postpone.get(notice.id)
            if isinstance(result, datetime):
                notice.look_at = max(result, now + timedelta(seconds=1))
            elif isinstance(result, MessagePart):
                parts.append((notice, result))
            elif notice.look_at <= now < notice.due_at:
                # it was considered too early, and must not be considered again and again
                notice.look_at = notice.due_at
        if parts:
            sender.send(recipients[member_id], parts)
    notices.settle(session, sender.sent, NoticeState.SAID, now)
    notices.settle(session, dropped, NoticeState.DROPPED, now)


def _plan(member: Member, quiet_hours: tuple[time, time], pending: Sequence[Notice], now: datetime) -> Plan:
    if member.left_at is not None:
        return Plan(drop=[notice.id for notice in pending])
    recipient = Recipient(member.zone, quiet_hours, member.away_until, member.told_on, member.tell_at_once)
    return rules.plan(recipient, [PendingNotice(n.id, n.manner, n.due_at, n.until) for n in pending], now)


def _render(
    session: Session,
    waiting: Mapping[MemberId, Sequence[Notice]],
    plans: Mapping[MemberId, Plan],
    renderers: Mapping[NoticeKind, RenderNotices],
    now: datetime,
) -> dict[NoticeId, RenderedNotice]:
    """Render all notices that are sent now, kind by kind, so that one query serves many people."""
    by_kind: dict[tuple[ConsortiumId, NoticeKind], list[Notice]] = {}
    for member_id, pending in waiting.items():
        sent = set(plans[member_id].send)
        for notice in pending:
            if notice.id in sent:
                by_kind.setdefault((notice.consortium_id, notice.kind), []).append(notice)
    rendered: dict[NoticeId, RenderedNotice] = {}
    for (_, kind), batch in by_kind.items():
        rendered.update(_render_batch(session, renderers[kind], batch, now))
    return rendered


def _render_batch(
    session: Session, render: RenderNotices, batch: Sequence[Notice], now: datetime
) -> Mapping[NoticeId, RenderedNotice]:
    """Render several notices. If that fails, render them one by one, so that a bad notice delays only itself."""
    try:
        rendered = render(session, batch, now)
        for part in {id(result): result for result in rendered.values() if isinstance(result, MessagePart)}.values():
            block_kit.message(part.text, part.blocks)
    except DBAPIError:
        # PostgreSQL accepts nothing more in this transaction, so the notices of the others are sent in another one
        raise
    except Exception:
        if len(batch) == 1:
            log.exception("notice not rendered", kind=batch[0].kind.value)
            return {batch[0].id: now + RETRY_AFTER}
        return {
            id_: result for notice in batch for id_, result in _render_batch(session, render, [notice], now).items()
        }
    return rendered


@dataclass
class _Sender:
    """Queues the messages of a sweep. Encodes a part once, even if many people get the same one."""

    session: Session
    now: datetime
    sent: list[NoticeId] = field(default_factory=list)
    bodies: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def send(self, member: Member, parts: Sequence[tuple[Notice, MessagePart]]) -> None:
        """Queue one message with all parts, or as few messages as Slack's limits allow."""
        if any(notice.manner is not NoticeTiming.SOON for notice, _ in parts):
            member.told_on = self.now.astimezone(ZoneInfo(member.zone)).date()
        # the same part may be the result of several notices
        distinct = list({id(part): part for _, part in parts}.values())
        for body in self._bodies(distinct):
            outbox.queue(
                self.session,
                team_id=parts[0][0].team_id,
                channel=member.user_id,
                body=body,
                about=f"reminders for {member.name}",
                now=self.now,
                consortium_id=member.consortium_id,
            )
        self.sent += [notice.id for notice, _ in parts]

    def _bodies(self, parts: Sequence[MessagePart]) -> list[dict[str, Any]]:
        if len(parts) > 1:
            return combine_parts(parts)
        key = id(parts[0])
        if key not in self.bodies:
            self.bodies[key] = combine_parts(parts)
        return self.bodies[key]


def combine_parts(parts: Sequence[MessagePart]) -> list[dict[str, Any]]:
    """Combine parts into one message, or into several where Slack's limits require it.

    The block ids name the part, so that one part can be replaced when it is settled: see
    `handlers.kit.block_kit.replace_part`.
    """
    messages: list[dict[str, Any]] = []
    batch: list[MessagePart] = []
    for part in parts:
        if batch and not _fit([*batch, part]):
            messages.append(_message(batch))
            batch = []
        batch.append(part)
    return [*messages, _message(batch)]


def _fit(parts: Sequence[MessagePart]) -> bool:
    blocks = [block for part in parts for block in part.blocks]
    size = block_kit.json_size(blocks)
    count = len(blocks) + len(parts) + 2
    return count <= block_kit.MESSAGE_BLOCKS and size <= block_kit.MESSAGE_CHARACTERS - RESERVED


def _message(parts: Sequence[MessagePart]) -> dict[str, Any]:
    if len(parts) == 1:
        return block_kit.message(parts[0].text, parts[0].blocks)
    head = f"{pluralize(len(parts), 'thing', 'things')} for you."
    blocks: list[Block] = [section(f"*{head}*")]
    block_ids = ["head"]
    for place, part in enumerate(parts):
        blocks += [divider(), *part.blocks]
        block_ids += [f"{PART_PREFIX}{place}.{n}" for n in range(len(part.blocks) + 1)]
    body = block_kit.message(f"{head} {parts[0].text}", [*blocks, context(FOOTER)])
    for block, block_id in zip(body["blocks"], block_ids, strict=False):
        block["block_id"] = block_id
    return body
