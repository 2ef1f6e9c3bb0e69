"""Messages that could not be posted are reported to somebody who is still a member."""

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
