"""Export tables of funding and dues."""

from collections.abc import Iterator

from handlers.kit import cells
from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import funding

FUNDING_HEAD = ("Source", "A year", "Currency")
DUES_HEAD = ("Agency", "Term", "Owed", "Paid", "Left", "Currency")


def funding_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield the sources of funding with what each gives a year."""
    for source in funding.list_sources(reader.session, reader.consortium.id):
        yield source.name, cells.format_cents(source.cents), reader.consortium.currency


def dues_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield the dues with what was paid."""
    every = funding.list_dues(reader.session, reader.consortium.id)
    paid = funding.paid_cents(reader.session, [dues.id for dues in every])
    for dues in every:
        paid_cents = paid.get(dues.id, 0)
        amounts = (dues.cents, paid_cents, max(0, dues.cents - paid_cents))
        yield reader.agency(dues.agency_id), dues.term, *map(cells.format_cents, amounts), reader.consortium.currency
