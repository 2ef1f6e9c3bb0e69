"""The decision log: outcomes of proposals and decisions recorded in minutes, as plain values."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.decisions.views import Entry
from handlers.kit.callers import Caller
from handlers.kit.lists import Page, paginate
from handlers.kit.text import escape, format_day, join_lines, join_names, quote, truncate
from handlers.kit.visibility import Audience, Reader, meeting_audience, sees
from handlers.proposals import snapshot
from handlers.proposals.audience import audience_of
from handlers.proposals.labels import STANCE_LABELS
from storage import agencies, meetings, members, minutes, proposals
from storage.meetings import Meeting, Series
from storage.minutes import Minutes, RecordedDecision
from storage.proposals import Proposal

PAGE_SIZE = 5
MOST_WORDS = 100
"""The longest search text, in characters: a button has to carry it."""

MOST_REASONS = 4
"""The number of reasons quoted for each proposal."""


def load_page(session: Session, caller: Caller, reader: Reader, words: str, number: int) -> Page[Entry]:
    """Load one page of the log, newest first.

    Decisions of a private channel are listed for its members in that channel, for those who decided, and for the chair
    and the note-taker of the meeting.
    """
    loaders = paginate(_entry_loaders(session, caller, reader, words), number, PAGE_SIZE)
    return Page([load() for _, load in loaders.items], loaders.number, loaders.last, loaders.total)


def _entry_loaders(
    session: Session, caller: Caller, reader: Reader, words: str
) -> list[tuple[datetime, Callable[[], Entry]]]:
    """Return when each decision was made, with a function that loads its entry, so that only one page is loaded."""
    consortium = caller.consortium
    loaders: list[tuple[datetime, Callable[[], Entry]]] = [
        (proposal.decided_at, partial(_proposal_entry, session, proposal, consortium.zone))
        for proposal in proposals.list_decided(session, consortium.id, words)
        if proposal.decided_at is not None and sees(reader, audience_of(session, proposal))
    ]
    loaders += [
        (recorded.decided_at, partial(_minutes_entry, session, recorded, its_minutes, meeting, consortium.zone))
        for recorded, its_minutes, meeting, series in minutes.list_recorded_decisions(session, consortium.id, words)
        if sees(reader, _audience_of_minutes(meeting, series))
    ]
    return sorted(loaders, key=lambda pair: pair[0], reverse=True)


def _audience_of_minutes(meeting: Meeting, series: Series) -> Audience:
    return meeting_audience(
        (series.team_id, series.channel),
        private=series.private,
        chair=series.chair_id,
        note_taker=meeting.notes_id,
    )


def _proposal_entry(session: Session, proposal: Proposal, zone: str) -> Entry:
    """Return the entry of a closed proposal."""
    author = members.by_ids(session, [proposal.author_id])[proposal.author_id].name
    decided_at = proposal.decided_at or proposal.closes_at
    review = f" · review on {format_day(proposal.review_on)}" if proposal.review_on else ""
    return Entry(
        title=f"#{proposal.number} {proposal.title}",
        text=join_lines([escape(truncate(proposal.verdict, 400)), *_reasons(session, proposal)[:MOST_REASONS]]),
        small=f"Proposed by {escape(author)} · closed {format_day(decided_at.astimezone(ZoneInfo(zone)))}{review}",
        number=proposal.number,
    )


def _reasons(session: Session, proposal: Proposal) -> list[str]:
    """Quote the reasons given for positions, with their agencies; in a divided agency, with the person."""
    state = snapshot.load_snapshot(session, proposal)
    return [
        f"{STANCE_LABELS[position.stance]}, {escape(state.name_side(agency, position))}: {quote(position.reason, 120)}"
        for agency, standing in state.standings.items()
        for position in standing.own
        if position.reason
    ]


def _minutes_entry(
    session: Session, recorded: RecordedDecision, its_minutes: Minutes, meeting: Meeting, zone: str
) -> Entry:
    """Return the entry of a decision recorded in minutes, with the agencies that were present."""
    series = meetings.series_of(session, meeting)
    every = agencies.all_by_id(session, recorded.consortium_id)
    present = join_names(sorted(escape(every[agency].name) for agency in its_minutes.agencies if agency in every))
    objection = f" After an objection, it became proposal #{recorded.proposal}." if recorded.proposal else ""
    before = f"\nBefore it was corrected: {quote(recorded.original, 300)}" if recorded.original else ""
    return Entry(
        title=recorded.text,
        text=f"Recorded in the minutes of {escape(series.title)}. Present: {present}.{objection}{before}",
        small=f"Recorded in minutes · {format_day(meeting.starts_at.astimezone(ZoneInfo(zone)))}",
        number=recorded.proposal,
    )
