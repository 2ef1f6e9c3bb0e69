"""The effect that an offered task would have on a person's load, shown to that person only."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.load import snapshot
from handlers.load.snapshot import OwnLoad
from handlers.tasks import rules
from storage.consortia import Consortium
from storage.tasks import Task
from storage.vocabulary import ConsortiumId, MemberId


class LoadEffects:
    """Describes the load that people would have with one more task; reads each person's load once."""

    def __init__(self, session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
        self._session = session
        self._consortium_id = consortium_id
        self._now = now
        self._loads: dict[MemberId, OwnLoad] = {}

    def describe(self, task: Task, member_id: MemberId) -> str:
        """Return a sentence about the load that a person would have with this task, which is offered to them."""
        if member_id not in self._loads:
            self._loads[member_id] = snapshot.load_of_member(self._session, self._consortium_id, member_id, self._now)
        own = self._loads[member_id]
        today = snapshot.consortium_today(self._session.get_one(Consortium, self._consortium_id), self._now)
        return rules.offer_effect(own.load.hours, own.load.set_aside, own.offered, task.hours, task.due_on, today)
