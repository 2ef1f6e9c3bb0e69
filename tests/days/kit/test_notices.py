"""Notices: one that cannot be rendered delays no other, and combined messages fit into Slack's limits."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, section
from handlers.kit.notices import sweep
from storage import notices
from storage.notices import NewNotice, Notice
from storage.outbox import OutboxMessage
from storage.vocabulary import NoticeKind, NoticeState
from tests.storage.people import crowd
from tests.town import START

SOUND, BROKEN, LONG = 1, 2, 3


def render(_session, batch, _now):
    """Render notices. BROKEN ones cannot be rendered, LONG ones are too long for a message."""
    if any(notice.subject == BROKEN for notice in batch):
        raise KeyError("an unexpected row")
    size = {SOUND: 1, LONG: 6}
    return {notice.id: MessagePart("A notice.", [section("x" * 2900)] * size[notice.subject]) for notice in batch}


@pytest.fixture
def people(db):
    with db.begin() as session:
        return [(member.consortium_id, member.id) for member in crowd(session, 3, START)]


def put_notices(db, people, subjects):
    with db.begin() as session:
        for (consortium, member), subject in zip(people, subjects, strict=True):
            key, kind = f"{subject}/{member}", NoticeKind.REVIEW
            notices.add(session, NewNotice(consortium, member, "T1", kind, key, subject, START))


@pytest.mark.parametrize("subject", [BROKEN, LONG])
def test_a_notice_that_cannot_be_rendered_delays_no_other(db, people, subject):
    put_notices(db, people, [subject, SOUND, SOUND])
    put_notices(db, people, [SOUND, subject, subject])
    sweep.send_due_notices(db, {NoticeKind.REVIEW: render}, START)
    with db.read() as session:
        assert {row.channel for row in session.scalars(select(OutboxMessage))} == {"U0", "U1", "U2"}
        waiting = session.scalars(select(Notice).where(Notice.state == NoticeState.WAITING)).all()
        assert {notice.subject for notice in waiting} == {subject}
        # it is tried again, but not every few seconds
        assert notices.next_due(session) == START + timedelta(hours=1)


@pytest.mark.parametrize(
    "blocks", [1, 3, 10, *(pytest.param(n, marks=pytest.mark.more) for n in (2, 4, 5, 6, 7, 8, 9))]
)
def test_combined_messages_with_their_block_ids_fit_into_slacks_limits(blocks):
    for size in range(10, 12_000 // blocks - 90, 53):
        for body in sweep.combine_parts([MessagePart("A notice.", [section("x" * size)] * blocks)] * 30):
            assert len(body["blocks"]) <= block_kit.MESSAGE_BLOCKS
            assert len(json.dumps(body["blocks"], ensure_ascii=False)) <= block_kit.MESSAGE_CHARACTERS
