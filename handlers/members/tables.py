"""Tables that an export has of people and agencies."""

from collections.abc import Iterator

from handlers.kit import cells
from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import members
from storage.vocabulary import Seat

OWN_HEAD = ("About you", "What you said")


PEOPLE_HEAD = ("Name", "Agency", "Seat", "Facilitator", "Joined (ZONE)")


AGENCY_HEAD = ("Agency", "Representative", "Alternate", "People", "Joined (ZONE)", "Ended (ZONE)")


def own(reader: ExportReader) -> Iterator[Row]:
    """Say what only this person may see: their own hours, and whether they may be asked."""
    member = reader.member
    yield "Hours a month for the consortium", member.hours_a_month
    yield "May be asked to take work over", member.may_be_asked
    yield cells.in_zone("Away until (ZONE)", member.zone), member.away_until
    yield "Reminders", "at once" if member.tell_at_once else "together, in one message a day"
    yield cells.in_zone("Pulse paused until (ZONE)", member.zone), member.pulse_paused_until


def people(reader: ExportReader) -> Iterator[Row]:
    """List who belongs to the consortium, as `/consortium who` does."""
    for one in members.living(reader.session, reader.consortium.id):
        yield one.name, reader.agency(one.agency_id), one.seat, one.facilitator, one.joined_at


def agency_rows(reader: ExportReader) -> Iterator[Row]:
    """List agencies, ended ones too, with who speaks for them."""
    found = sorted(reader.agencies.values(), key=lambda one: (one.ended_at is not None, one.folded))
    living = [one for one in members.living(reader.session, reader.consortium.id) if one.agency_id is not None]
    for one in found:
        theirs = [member for member in living if member.agency_id == one.id]
        speaks = {member.seat: member.name for member in theirs}
        named = (speaks.get(Seat.REPRESENTATIVE), speaks.get(Seat.ALTERNATE))
        yield one.name, *named, len(theirs), one.created_at, one.ended_at
