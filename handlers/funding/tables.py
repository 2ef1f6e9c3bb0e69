"""Tables that an export has of funding and dues."""

from collections.abc import Iterator

from handlers.kit import cells
from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import funding as storage_funding

FUNDING_HEAD = ("Source", "A year", "Currency")


DUES_HEAD = ("Agency", "Term", "Owed", "Paid", "Left", "Currency")


def funding(reader: ExportReader) -> Iterator[Row]:
    """List the sources of funding with what each gives a year."""
    for one in storage_funding.sources(reader.session, reader.consortium.id):
        yield one.name, cells.cents(one.cents), reader.consortium.currency


def dues(reader: ExportReader) -> Iterator[Row]:
    """List the dues with what was paid of them."""
    found = storage_funding.dues(reader.session, reader.consortium.id)
    paid = storage_funding.paid(reader.session, [one.id for one in found])
    for one in found:
        part = paid.get(one.id, 0)
        amounts = (one.cents, part, max(0, one.cents - part))
        yield reader.agency(one.agency_id), one.term, *map(cells.cents, amounts), reader.consortium.currency
