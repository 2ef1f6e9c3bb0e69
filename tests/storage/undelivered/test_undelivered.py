"""What could not be posted is told to somebody who is there."""

import pytest
from sqlalchemy import select

from handlers.undelivered import jobs
from storage import outbox
from storage.members import Member
from storage.notices import Notice
from storage.outbox import Outbox
from storage.vocabulary import Delivery
from tests.storage.people import founded
from tests.town import START


@pytest.mark.parametrize(
    ("left", "hears"),
    [
        pytest.param([], ["U1"], id="who asked for it"),
        pytest.param(["U1"], ["U0"], id="a facilitator, where who asked has left"),
        pytest.param(["U1", "U0"], [], id="nobody, where nobody is left"),
    ],
)
def test_who_hears_that_something_was_not_posted(db, left, hears):
    with db.begin() as session:
        consortium = founded(session, "UTC", START).consortium
        for member in session.scalars(select(Member).where(Member.user_id.in_(left))):
            member.left_at = START
        row = outbox.put(
            session,
            team_id="T1",
            channel="C1",
            body={"text": "The result."},
            about="the result of the pulse, round 1",
            now=START,
            consortium_id=consortium.id,
            answers_to="U1",
        )
        row.state, row.reason = Delivery.FAILED, "is_archived"
    for _ in range(2):
        jobs.sweep(db, START)
    with db.read() as session:
        told = session.scalars(select(Outbox).where(Outbox.state == Delivery.PENDING)).all()
        assert [one.channel for one in told] == hears
        assert session.scalars(select(Notice.subject)).all() == ([row.id] if hears == ["U1"] else [])
        assert all("the result of the pulse, round 1" in one.body["text"] for one in told)
