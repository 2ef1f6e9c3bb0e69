"""Tables that an export has of proposals."""

from collections.abc import Iterable, Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.proposals import snapshot as proposal_pictures
from handlers.proposals.audience import audience_of
from handlers.proposals.labels import STANCE_LABELS
from handlers.proposals.rules import Standing
from handlers.proposals.snapshot import ProposalSnapshot
from storage import exports, proposals
from storage.proposals import Proposal
from storage.vocabulary import AgencyId

POSITION_HEAD = ("Number", "Title", "Agency", "Position", "Said by", "Seat", "Counts as", "Reason")


UPTAKE_HEAD = ("Number", "Title", "Agency", "Takes it up", "How, or why not")


def positions(reader: ExportReader) -> Iterator[Row]:
    """List who said what for whom on each decision, as its details show it."""
    for page in exports.decided(reader.session, reader.consortium.id):
        for one in visible_proposals(reader, page):
            picture = proposal_pictures.load_snapshot(reader.session, one)
            for name, stance, reason in picture.heads:
                yield one.number, one.title, "", STANCE_LABELS[stance], name, "", "the person's voice", reason
            for agency, standing in sorted(picture.standings.items(), key=lambda pair: reader.agency(pair[0])):
                yield from _said(reader, one, picture, agency, standing)


def _said(
    reader: ExportReader, one: Proposal, picture: ProposalSnapshot, agency: AgencyId, standing: Standing
) -> Iterator[Row]:
    what = (one.number, one.title, reader.agency(agency))
    if not standing.own:
        yield *what, "silent", "", "", "", ""
    for words, counts in ((standing.own, "the agency's word"), (standing.voices, "a voice, counts for nothing")):
        shown = "one of several words of a divided agency" if standing.divided and words is standing.own else counts
        for word in words:
            name, seat = picture.people[word.said.member_id], word.said.seat
            yield *what, STANCE_LABELS[word.stance], name, seat, shown, word.reason


def visible_proposals(reader: ExportReader, page: Iterable[Proposal]) -> Iterator[Proposal]:
    """Return the proposals of a page that the reader may see."""
    return (proposal for proposal in page if reader.sees(audience_of(reader.session, proposal)))


def uptakes(reader: ExportReader) -> Iterator[Row]:
    """List how agencies take decisions up."""
    for page in exports.decided(reader.session, reader.consortium.id):
        for one in visible_proposals(reader, page):
            for taken in proposals.uptakes(reader.session, one.id):
                yield one.number, one.title, reader.agency(taken.agency_id), taken.how, taken.note
