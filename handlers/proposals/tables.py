"""The tables of proposals in an export."""

from collections.abc import Iterable, Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.proposals.audience import audience_of
from handlers.proposals.labels import STANCE_LABELS
from handlers.proposals.rules import Standing, Statement
from handlers.proposals.snapshot import ProposalSnapshot, load_snapshot
from storage import exports, proposals
from storage.proposals import Proposal
from storage.vocabulary import AgencyId

POSITION_HEAD = ("Number", "Title", "Agency", "Position", "Stated by", "Seat", "Counts as", "Reason")
UPTAKE_HEAD = ("Number", "Title", "Agency", "Takes it up", "How, or why not")


def positions(reader: ExportReader) -> Iterator[Row]:
    """List the positions on each decision, as its details show them."""
    for page in exports.decided_proposal_pages(reader.session, reader.consortium.id):
        for proposal in visible_proposals(reader, page):
            snapshot = load_snapshot(reader.session, proposal)
            for name, stance, reason in snapshot.heads:
                label = STANCE_LABELS[stance]
                yield proposal.number, proposal.title, "", label, name, "", "the person's own position", reason
            for agency, standing in sorted(snapshot.standings.items(), key=lambda pair: reader.agency(pair[0])):
                yield from _agency_rows(reader, snapshot, agency, standing)


def _agency_rows(
    reader: ExportReader, proposal: ProposalSnapshot, agency: AgencyId, standing: Standing
) -> Iterator[Row]:
    key = (proposal.number, proposal.title, reader.agency(agency))
    if not standing.own:
        yield *key, "silent", "", "", "", ""
    counted = [(statement, _counts_as(standing, statement)) for statement in standing.own]
    for statement, counts_as in [*counted, *((voice, "a voice, does not count") for voice in standing.voices)]:
        name, seat = proposal.people[statement.spoken.member_id], statement.spoken.seat
        yield *key, STANCE_LABELS[statement.stance], name, seat, counts_as, statement.reason


def _counts_as(standing: Standing, statement: Statement) -> str:
    if standing.divided:
        return "one of several positions in a divided agency"
    return "the agency's position" if statement.stance is standing.stance else "part of the agency's position"


def visible_proposals(reader: ExportReader, page: Iterable[Proposal]) -> Iterator[Proposal]:
    """Return the proposals of a page that the reader may see."""
    return (proposal for proposal in page if reader.sees(audience_of(reader.session, proposal)))


def uptakes(reader: ExportReader) -> Iterator[Row]:
    """List how agencies take up decisions."""
    for page in exports.decided_proposal_pages(reader.session, reader.consortium.id):
        for proposal in visible_proposals(reader, page):
            for uptake in proposals.list_uptakes(reader.session, proposal.id):
                yield proposal.number, proposal.title, reader.agency(uptake.agency_id), uptake.how, uptake.note
