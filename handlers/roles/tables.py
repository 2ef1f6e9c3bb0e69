"""The table that an export has of roles."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import roles

ROLE_HEAD = ("Role", "Held by", "Agency", "Hours a month", "Until")


def held_roles(reader: ExportReader) -> Iterator[Row]:
    """List who holds what, as `/workload roles` does."""
    for role in roles.held(reader.session, reader.consortium.id):
        yield role.title, reader.person(role.member_id), reader.agency_of(role.member_id), role.hours, role.until
