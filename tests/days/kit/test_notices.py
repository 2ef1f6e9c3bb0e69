"""What is told to people: one matter that goes wrong keeps back no other, and all fits into Slack's limits."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.kit import block_kit
from handlers.kit.block_kit import Piece, section
from handlers.kit.notices import sweep
from storage import notices
from storage.notices import Notice, Wanted
from storage.outbox import Outbox
from storage.vocabulary import NoticeKind, NoticeState
from tests.storage.people import crowd
from tests.town import START

SOUND, SICK, LONG = 1, 2, 3


def draw(_session, those, _now):
    """Draw matters of which one cannot be drawn and one is too long for a message."""
    if any(one.subject == SICK for one in those):
        raise KeyError("a row that nobody expected")
    size = {SOUND: 1, LONG: 6}
    return {one.id: Piece("A matter.", [section("x" * 2900)] * size[one.subject]) for one in those}


@pytest.fixture
def people(db):
    with db.begin() as session:
        return [(one.consortium_id, one.id) for one in crowd(session, 3, START)]


def note(db, people, subjects):
    with db.begin() as session:
        for (consortium, member), subject in zip(people, subjects, strict=True):
            key, kind = f"{subject}/{member}", NoticeKind.REVIEW
            notices.put(session, Wanted(consortium, member, "T1", kind, key, subject, START))


@pytest.mark.parametrize("trouble", [SICK, LONG])
def test_what_cannot_be_told_to_one_keeps_nothing_from_the_others(db, people, trouble):
    note(db, people, [trouble, SOUND, SOUND])
    note(db, people, [SOUND, trouble, trouble])
    sweep.sweep(db, {NoticeKind.REVIEW: draw}, START)
    with db.read() as session:
        assert {row.channel for row in session.scalars(select(Outbox))} == {"U0", "U1", "U2"}
        waiting = session.scalars(select(Notice).where(Notice.state == NoticeState.WAITING)).all()
        assert {one.subject for one in waiting} == {trouble}
        # it is tried again, but not every few seconds
        assert notices.next_due(session) == START + timedelta(hours=1)


@pytest.mark.parametrize(
    "blocks", [1, 3, 10, *(pytest.param(n, marks=pytest.mark.more) for n in (2, 4, 5, 6, 7, 8, 9))]
)
def test_many_matters_together_fit_into_a_message_with_the_names_of_their_blocks(blocks):
    for size in range(10, 12_000 // blocks - 90, 53):
        for body in sweep.combine([Piece("A matter.", [section("x" * size)] * blocks)] * 30):
            assert len(body["blocks"]) <= block_kit.MESSAGE_BLOCKS
            assert len(json.dumps(body["blocks"], ensure_ascii=False)) <= block_kit.MESSAGE_CHARACTERS
