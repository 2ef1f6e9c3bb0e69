"""The table that an export has of the decision log."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader, audience_of_meeting
from handlers.proposals.labels import RULE_NAMES
from handlers.proposals.tables import visible_proposals
from storage import exports, minutes
from storage.exports import Held

DECISION_HEAD = (
    *("Number", "Title", "Text", "Outcome", "Rule", "In a sentence", "Proposed by", "Agency", "Decided (ZONE)"),
    *("Look again on", "Recorded in", "Agencies present"),
)


def decisions(reader: ExportReader) -> Iterator[Row]:
    """List the decision log: what proposals came to, and what minutes record that this person may read."""
    for page in exports.decided(reader.session, reader.consortium.id):
        for one in visible_proposals(reader, page):
            agency = reader.agency(one.author_agency_id)
            author = reader.person(one.author_id)
            rule = RULE_NAMES[one.rule]
            said = (one.number, one.title, one.body, one.state, rule, one.verdict, author, agency)
            yield *said, one.decided_at, one.review_on, "", ""
    for together in exports.meetings(reader.session, reader.consortium.id):
        for held in together:
            yield from _recorded(reader, held)


def _recorded(reader: ExportReader, held: Held) -> Iterator[Row]:
    if held.minutes is None or not reader.sees(audience_of_meeting(held)):
        return
    present = ", ".join(sorted(reader.agency(one) for one in held.minutes.agencies if one in reader.agencies))
    where = f"Minutes of {held.series.title}"
    for one in minutes.decisions(reader.session, held.minutes.id):
        outcome = "objected to" if one.proposal else "recorded in minutes"
        yield one.proposal, one.text, "", outcome, "", "", "", "", one.decided_at, None, where, present
