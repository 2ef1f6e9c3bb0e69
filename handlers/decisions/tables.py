"""The export table of the decision log."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader, audience_of_meeting
from handlers.proposals.labels import RULE_NAMES
from handlers.proposals.tables import visible_proposals
from storage import exports, minutes
from storage.exports import MeetingRecord

DECISION_HEAD = (
    *("Number", "Title", "Text", "Outcome", "Rule", "In a sentence", "Proposed by", "Agency", "Decided (ZONE)"),
    *("Look again on", "Recorded in", "Agencies present"),
)


def decision_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield closed proposals, then the decisions in minutes that the reader may see."""
    for proposals in exports.decided_proposal_pages(reader.session, reader.consortium.id):
        for proposal in visible_proposals(reader, proposals):
            yield (
                proposal.number,
                proposal.title,
                proposal.body,
                proposal.state,
                RULE_NAMES[proposal.rule],
                proposal.verdict,
                reader.person(proposal.author_id),
                reader.agency(proposal.author_agency_id),
                proposal.decided_at,
                proposal.review_on,
                "",
                "",
            )
    for meetings in exports.meeting_pages(reader.session, reader.consortium.id):
        for held in meetings:
            yield from _recorded_rows(reader, held)


def _recorded_rows(reader: ExportReader, held: MeetingRecord) -> Iterator[Row]:
    """Yield the decisions recorded in the minutes of one meeting."""
    if held.minutes is None or not reader.sees(audience_of_meeting(held)):
        return
    present = ", ".join(sorted(reader.agency(agency) for agency in held.minutes.agencies if agency in reader.agencies))
    source = f"Minutes of {held.series.title}"
    for recorded in minutes.decisions_in(reader.session, held.minutes.id):
        outcome = "objected to" if recorded.proposal else "recorded in minutes"
        yield (
            *(recorded.proposal, recorded.text, "", outcome, "", "", "", "", recorded.decided_at, None),
            source,
            present,
        )
