"""The current state of minutes as plain values."""

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
class RecordedDecision:
    """A decision in minutes. `proposal` is the number of the proposal that an objection made of it.

    `original` is the wording with which it was posted, or None if no correction has changed it. `version` counts the
    corrections since.
    """

    place: int
    text: str
    original: str | None
    proposal: int | None
    version: int


@dataclass(frozen=True)
class ActionItem:
    """An action item with the number of its task; `who` is empty where nobody is named."""

    text: str
    who: str
    due_on: date | None
    task: int


@dataclass(frozen=True)
class ProposedCorrection:
    """A correction of the decision at a place, or of something else, and the name of the person who proposed it."""

    who: str
    place: int | None
    text: str


@dataclass(frozen=True)
class MinutesSnapshot:
    """Minutes as plain values.

    `parts` pairs headings, empty for none, with texts. `taken` lists the accepted corrections, `pending` those that are
    not decided.
    """

    id: MinutesId
    meeting: snapshot.MeetingSnapshot
    author: str
    parts: Sequence[tuple[str, str]]
    decisions: Sequence[RecordedDecision]
    actions: Sequence[ActionItem]
    agencies: Sequence[str]
    people: str
    accepts_at: datetime | None
    accepted_at: datetime | None
    taken: Sequence[ProposedCorrection]
    pending: Sequence[ProposedCorrection]


def load_snapshot(session: Session, record: Minutes) -> MinutesSnapshot:
    """Return the snapshot of minutes."""
    every_agency = agencies.all_by_id(session, record.consortium_id)
    corrections = minutes.list_corrections(session, record.id)
    versions = minutes.wording_versions(session, record.id)
    people = members.by_ids(session, {record.author_id, *(correction.member_id for correction in corrections)})
    by_state = {
        state: [ProposedCorrection(people[c.member_id].name, c.place, c.text) for c in corrections if c.state is state]
        for state in CorrectionState
    }
    return MinutesSnapshot(
        id=record.id,
        meeting=snapshot.load_snapshot(session, session.get_one(Meeting, record.meeting_id)),
        author=people[record.author_id].name,
        parts=[(heading, text) for heading, text in record.parts],
        decisions=[
            RecordedDecision(d.place, d.text, d.original, d.proposal, versions.get(d.place, 0))
            for d in minutes.decisions_in(session, record.id)
        ],
        actions=[
            ActionItem(
                item["text"], item["who"], date.fromisoformat(item["due"]) if item["due"] else None, item["task"]
            )
            for item in record.actions
        ],
        agencies=sorted(every_agency[agency].name for agency in record.agencies if agency in every_agency),
        people=record.people,
        accepts_at=record.accepts_at,
        accepted_at=record.accepted_at,
        taken=by_state[CorrectionState.TAKEN],
        pending=by_state[CorrectionState.OPEN],
    )


def of_live(session: Session, live: LiveMessage) -> MinutesSnapshot:
    """Return the snapshot of the minutes that a live message shows. Raise LookupError where they no longer exist."""
    record = minutes.get(session, live.consortium_id, live.number)
    if record is None:
        raise LookupError("a live message shows minutes that do not exist")
    return load_snapshot(session, record)
