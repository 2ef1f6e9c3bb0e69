"""Minutes as they stand, as plain values for views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.meetings import snapshot
from storage import agencies, members, minutes
from storage.live_messages import LiveMessage
from storage.meetings import Meeting
from storage.minutes import Minutes
from storage.vocabulary import CorrectionState, MinutesId


@dataclass(frozen=True)
class Decision:
    """A decision as recorded. `proposal` is the number it got when somebody objected."""

    place: int
    text: str
    proposal: int | None


@dataclass(frozen=True)
class Todo:
    """An action item with the number of its task; `who` is empty where it is nobody's yet."""

    text: str
    who: str
    due_on: date | None
    task: int


@dataclass(frozen=True)
class Amendment:
    """A correction as all may see it."""

    who: str
    text: str


@dataclass(frozen=True)
class MinutesSnapshot:
    """Minutes as plain values."""

    id: MinutesId
    meeting: snapshot.MeetingSnapshot
    author: str
    parts: Sequence[tuple[str, str]]
    decisions: Sequence[Decision]
    actions: Sequence[Todo]
    agencies: Sequence[str]
    people: str
    accepts_at: datetime | None
    accepted_at: datetime | None
    taken: Sequence[Amendment]
    pending: Sequence[Amendment]


def take(session: Session, kept: Minutes) -> MinutesSnapshot:
    """Take the picture of minutes."""
    every = agencies.every(session, kept.consortium_id)
    corrections = minutes.corrections(session, kept.id)
    people = members.named(session, {kept.author_id, *(one.member_id for one in corrections)})
    by_state = {
        state: [Amendment(people[one.member_id].name, one.text) for one in corrections if one.state is state]
        for state in CorrectionState
    }
    return MinutesSnapshot(
        id=kept.id,
        meeting=snapshot.take(session, session.get_one(Meeting, kept.meeting_id)),
        author=people[kept.author_id].name,
        parts=[(heading, text) for heading, text in kept.parts],
        decisions=[Decision(d.place, d.text, d.proposal) for d in minutes.decisions(session, kept.id)],
        actions=[
            Todo(one["text"], one["who"], date.fromisoformat(one["due"]) if one["due"] else None, one["task"])
            for one in kept.actions
        ],
        agencies=sorted(every[one].name for one in kept.agencies if one in every),
        people=kept.people,
        accepts_at=kept.accepts_at,
        accepted_at=kept.accepted_at,
        taken=by_state[CorrectionState.TAKEN],
        pending=by_state[CorrectionState.OPEN],
    )


def of_live(session: Session, live: LiveMessage) -> MinutesSnapshot:
    """Take the snapshot of the minutes that a live message shows. Raise LookupError where they no longer exist."""
    found = minutes.get(session, live.consortium_id, live.number)
    if found is None:
        raise LookupError("a live message shows minutes that do not exist")
    return take(session, found)
