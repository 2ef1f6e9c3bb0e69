"""The decision log: outcomes of proposals and decisions recorded in minutes, as plain values."""

from collections import defaultdict
from collections.abc import Callable, Sequence
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
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.proposals.views import uptake_lines
from storage import agencies, meetings, members, minutes, positions, proposals
from storage.consortia import Consortium
from storage.meetings import Meeting, Series
from storage.minutes import Minutes, RecordedDecision
from storage.names import contains_words
from storage.proposals import Proposal
from storage.vocabulary import ProposalId

PAGE_SIZE = 5
MOST_WORDS = 100
"""The longest search text, in characters: a button has to carry it."""

MOST_REASONS = 4
"""The number of reasons quoted for each proposal."""

MOST_UPTAKES = 4
"""The number of agencies whose way to take a decision up is told."""


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
    decided = proposals.list_decided(session, consortium.id)
    recorded = minutes.list_recorded_decisions(session, consortium.id)
    texts = SearchTexts(session, consortium, decided) if words else None
    loaders: list[tuple[datetime, Callable[[], Entry]]] = [
        (proposal.decided_at, partial(_proposal_entry, session, proposal, consortium.zone))
        for proposal in decided
        if proposal.decided_at is not None
        and (texts is None or contains_words(texts.of_proposal(proposal), words))
        and sees(reader, audience_of(session, proposal))
    ]
    loaders += [
        (decision.decided_at, partial(_minutes_entry, session, decision, its_minutes, meeting, consortium.zone))
        for decision, its_minutes, meeting, series in recorded
        if (texts is None or contains_words(texts.of_minutes(decision, its_minutes, meeting, series), words))
        and sees(reader, _audience_of_minutes(meeting, series))
    ]
    return sorted(loaders, key=lambda pair: pair[0], reverse=True)


class SearchTexts:
    """The words that the log prints of each decision, and those of its wording, read in a few queries for all."""

    def __init__(self, session: Session, consortium: Consortium, decided: Sequence[Proposal]) -> None:
        self._zone = consortium.zone
        self._agencies = {id_: one.name for id_, one in agencies.all_by_id(session, consortium.id).items()}
        reasons = positions.reasons_of_decided(session, consortium.id)
        people = {proposal.author_id for proposal in decided} | {position.member_id for position in reasons}
        self._people = {id_: person.name for id_, person in members.by_ids(session, people).items()}
        self._said: dict[ProposalId, list[str]] = defaultdict(list)
        for position in reasons:
            self._said[position.proposal_id] += [
                STANCE_LABELS[position.stance],
                self._agencies.get(position.agency_id, ""),
                self._people.get(position.member_id, ""),
                position.reason,
            ]
        for uptake in proposals.uptakes_in(session, consortium.id):
            self._said[uptake.proposal_id] += [
                self._agencies.get(uptake.agency_id, ""),
                uptake.how.value,
                uptake.note,
            ]

    def of_proposal(self, proposal: Proposal) -> str:
        """Return what can be found of a decided proposal."""
        author = self._people.get(proposal.author_id, "")
        days = [_day(proposal.decided_at or proposal.closes_at, self._zone)]
        days += [f"review on {format_day(proposal.review_on)}"] if proposal.review_on else []
        head = [f"#{proposal.number}", proposal.title, proposal.body, proposal.verdict, f"Proposed by {author}"]
        return "\n".join([*head, *days, *self._said[proposal.id]])

    def of_minutes(self, decision: RecordedDecision, its_minutes: Minutes, meeting: Meeting, series: Series) -> str:
        """Return what can be found of a decision that was recorded in minutes."""
        present = [self._agencies.get(agency, "") for agency in its_minutes.agencies]
        proposal = f"proposal #{decision.proposal}" if decision.proposal else ""
        head = [decision.text, decision.original or "", "Recorded in the minutes of", series.title, proposal]
        return "\n".join([*head, _day(meeting.starts_at, self._zone), *present])


def _day(at: datetime, zone: str) -> str:
    return format_day(at.astimezone(ZoneInfo(zone)))


def _audience_of_minutes(meeting: Meeting, series: Series) -> Audience:
    return meeting_audience(
        (series.team_id, series.channel),
        private=series.private,
        chair=series.chair_id,
        note_taker=meeting.notes_id,
    )


def _proposal_entry(session: Session, proposal: Proposal, zone: str) -> Entry:
    """Return the entry of a closed proposal."""
    state = snapshot.load_snapshot(session, proposal)
    author = members.by_ids(session, [proposal.author_id])[proposal.author_id].name
    decided_at = proposal.decided_at or proposal.closes_at
    review = f" · review on {format_day(proposal.review_on)}" if proposal.review_on else ""
    return Entry(
        title=f"#{proposal.number} {proposal.title}",
        text=join_lines(
            [
                escape(truncate(proposal.verdict, 400)),
                *_reasons(state)[:MOST_REASONS],
                uptake_lines(state, MOST_UPTAKES),
            ]
        ),
        small=f"Proposed by {escape(author)} · closed {_day(decided_at, zone)}{review}",
        number=proposal.number,
    )


def _reasons(state: ProposalSnapshot) -> list[str]:
    """Quote the reasons given for positions, with their agencies; in a divided agency, with the person."""
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
        small=f"Recorded in minutes · {_day(meeting.starts_at, zone)}",
        number=recorded.proposal,
    )
