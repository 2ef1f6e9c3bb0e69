"""Messages that could not be posted are reported to somebody who is still a member."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.undelivered import jobs
from storage import outbox
from storage.members import Member
from storage.notices import Notice
from storage.outbox import OutboxMessage
from storage.vocabulary import DeliveryState
from tests.storage.people import founded
from tests.town import START


@pytest.mark.parametrize(
    ("left", "recipients"),
    [
        pytest.param([], ["U1"], id="the person who asked for it"),
        pytest.param(["U1"], ["U0"], id="a facilitator if that person has left"),
        pytest.param(["U1", "U0"], [], id="nobody if all have left"),
    ],
)
def test_a_message_that_was_not_posted_is_reported_to_somebody_who_is_still_there(db, left, recipients):
    with db.begin() as session:
        consortium = founded(session, "UTC", START).consortium
        for member in session.scalars(select(Member).where(Member.user_id.in_(left))):
            member.left_at = START
        row = outbox.queue(
            session,
            team_id="T1",
            channel="C1",
            body={"text": "The result."},
            about="the result of the pulse, round 1",
            now=START,
            consortium_id=consortium.id,
            answers_to="U1",
        )
        row.state, row.reason = DeliveryState.FAILED, "is_archived"
    for _ in range(2):
        jobs.sweep(db, START)
    with db.read() as session:
        reports = session.scalars(select(OutboxMessage).where(OutboxMessage.state == DeliveryState.PENDING)).all()
        assert [report.channel for report in reports] == recipients
        assert session.scalars(select(Notice.subject)).all() == ([row.id] if recipients == ["U1"] else [])
        assert all("the result of the pulse, round 1" in report.body["text"] for report in reports)


def test_what_waits_for_one_channel_is_told_in_one_message_and_what_comes_later_a_day_later(db):
    with db.begin() as session:
        consortium = founded(session, "UTC", START).consortium

    def fails(number, at):
        with db.begin() as session:
            row = outbox.queue(
                session,
                team_id="T1",
                channel="C1",
                body={"text": "The verdict."},
                about=f"the verdict of proposal {number}",
                now=at,
                consortium_id=consortium.id,
                answers_to="U1",
                by_itself=True,
            )
            row.state, row.reason = DeliveryState.FAILED, "is_archived"

    def news(at):
        jobs.sweep(db, at)
        with db.read() as session:
            rows = session.scalars(select(OutboxMessage).where(OutboxMessage.state == DeliveryState.PENDING))
            return [row.body["blocks"][0]["text"]["text"] for row in rows]

    fails(1, START)
    fails(2, START)
    first = news(START)
    assert (
        "I could not post the verdict of proposal 1 and the verdict of proposal 2 in <#C1>, because the channel"
        in first[0]
    )
    assert len(first) == 1
    fails(3, START + timedelta(hours=1))
    assert news(START + timedelta(hours=1)) == first
    with db.read() as session:
        assert jobs.next_due(session) == START + timedelta(days=1)
    last = news(START + timedelta(days=1))[-1]
    assert "I could not post the verdict of proposal 3 in <#C1>, because the channel is archived." in last
    with db.read() as session:
        assert jobs.next_due(session) is None
        assert len(session.scalars(select(Notice)).all()) == 3, "the facilitator hears of each"
