"""The export table of roles."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import roles

ROLE_HEAD = ("Role", "Held by", "Agency", "Hours a month", "Until")


def role_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield the roles that are held, as `/workload roles` lists them."""
    for role in roles.list_current(reader.session, reader.consortium.id):
        yield role.title, reader.person(role.member_id), reader.agency_of(role.member_id), role.hours, role.until
