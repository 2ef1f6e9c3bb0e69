"""Tables that an export has of contributions and gains."""

from collections.abc import Iterator

from handlers.kit import cells
from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import exports
from storage.vocabulary import GivenKind

GIVEN_HEAD = ("Agency", "Kind", "Hours", "Amount", "Currency", "What", "Given on")


GAIN_HEAD = ("Agency", "Gain", "Recorded (ZONE)")


def given(reader: ExportReader) -> Iterator[Row]:
    """List what agencies gave."""
    for page in exports.given(reader.session, reader.consortium.id):
        for one in page:
            kind = "in kind" if one.kind is GivenKind.IN_KIND else one.kind
            currency = reader.consortium.currency if one.cents is not None else ""
            amount = cells.cents(one.cents)
            yield reader.agency(one.agency_id), kind, one.hours, amount, currency, one.words, one.given_on


def gains(reader: ExportReader) -> Iterator[Row]:
    """List what agencies gained."""
    for page in exports.gains(reader.session, reader.consortium.id):
        for one in page:
            yield reader.agency(one.agency_id), one.words, one.created_at
