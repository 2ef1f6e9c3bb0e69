"""What a task that is offered would do to somebody's load: said to them alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.load import snapshot
from handlers.load.rules import AHEAD
from handlers.load.snapshot import Carried
from handlers.tasks import rules
from storage.consortia import Consortium
from storage.tasks import Task
from storage.vocabulary import ConsortiumId, MemberId


class Scales:
    """Weighs what people would carry with a task more; each person once, however many tasks they are offered."""

    def __init__(self, session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
        self._session = session
        self._consortium_id = consortium_id
        self._now = now
        self._known: dict[MemberId, Carried] = {}

    def effect(self, task: Task, member_id: MemberId) -> str:
        """Say what taking a task would do to a person's load."""
        if member_id not in self._known:
            self._known[member_id] = snapshot.person(self._session, self._consortium_id, member_id, self._now)
        own = self._known[member_id]
        today = snapshot.day(self._session.get_one(Consortium, self._consortium_id), self._now)
        return rules.effect(
            own.load, own.hours, task.hours, later=task.due_on is not None and task.due_on > today + AHEAD
        )
