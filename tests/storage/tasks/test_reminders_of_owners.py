"""The migration that lets reminders of tasks belong to their owner, and remembers how people left."""

from datetime import timedelta

from alembic import command
from sqlalchemy import select, text

from storage import migrate
from storage.members import Member
from storage.notices import Notice
from storage.vocabulary import Departure, NoticeKind
from tests.consortium import NOW, found_consortium
from tests.storage.members.test_own_absences import before, run

REMINDER = text(
    "INSERT INTO notice (consortium_id, member_id, team_id, kind, key, subject, manner, due_at, look_at, state)"
    " VALUES (:consortium, :member, 'T1', 'task', :key, :subject, 'day', :at, :at, 'waiting')"
)


def test_waiting_reminders_of_single_tasks_become_one_of_their_owner(db):
    with db.begin() as session:
        consortium, _ = found_consortium(session, [("Ben", "Elm", 10), ("Cleo", "Birch", 10), ("Finn", "Oak", 10)])
        home = consortium.id
        ben, cleo, finn = (member.id for member in session.scalars(select(Member).order_by(Member.name)))
        session.get_one(Member, finn).left_at = NOW
    run(db, lambda config: command.downgrade(config, before("0018")))
    with db.engine.begin() as connection:
        for number, owner, days in ((7, ben, 4), (8, ben, 2), (9, cleo, 3)):
            at = (NOW + timedelta(days=days)).replace(tzinfo=None)
            key = f"task/{number}/due/2026-12-24/{owner}/{at.date()}"
            values = {"consortium": home, "member": owner, "key": key, "subject": number, "at": at}
            connection.execute(REMINDER, values)
    migrate.upgrade(db)
    with db.read() as session:
        waiting = session.scalars(select(Notice).where(Notice.kind == NoticeKind.TASK).order_by(Notice.member_id))
        assert [(one.member_id, one.subject, one.key) for one in waiting] == [
            (ben, ben, f"tasks/{ben}/2026-12-02"),
            (cleo, cleo, f"tasks/{cleo}/2026-12-03"),
        ]
        assert session.get_one(Member, finn).departure is Departure.SLACK
        assert session.get_one(Member, ben).departure is None
