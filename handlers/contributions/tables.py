"""Export tables of contributions and gains."""

from collections.abc import Iterator

from handlers.kit import cells
from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import exports
from storage.vocabulary import ContributionKind

GIVEN_HEAD = ("Agency", "Kind", "Hours", "Amount", "Currency", "What", "Given on")
GAIN_HEAD = ("Agency", "Gain", "Recorded (ZONE)")


def given_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield what agencies gave."""
    for page in exports.contribution_pages(reader.session, reader.consortium.id):
        for entry in page:
            kind = "in kind" if entry.kind is ContributionKind.IN_KIND else entry.kind
            currency = reader.consortium.currency if entry.cents is not None else ""
            amount = cells.format_cents(entry.cents)
            yield reader.agency(entry.agency_id), kind, entry.hours, amount, currency, entry.words, entry.given_on


def gain_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield what agencies gained."""
    for page in exports.gain_pages(reader.session, reader.consortium.id):
        for entry in page:
            yield reader.agency(entry.agency_id), entry.words, entry.created_at
