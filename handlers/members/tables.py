"""Export tables of agencies, people, and the reader's own settings."""

from collections.abc import Iterator

from handlers.kit import cells
from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import members
from storage.vocabulary import Seat

PEOPLE_HEAD = ("Name", "Agency", "Seat", "Facilitator", "Joined (ZONE)")
AGENCY_HEAD = ("Agency", "Representative", "Alternate", "People", "Joined (ZONE)", "Ended (ZONE)")
OWN_HEAD = ("About you", "What you said")


def people_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield the people of the consortium, as `/consortium who` lists them."""
    for member in members.active(reader.session, reader.consortium.id):
        agency = reader.agencies.get(member.agency_id) if member.agency_id is not None else None
        # a seat belongs to an agency: with the agency, its titles have ended
        seat = member.seat if agency is not None and agency.ended_at is None else ""
        yield member.name, reader.agency(member.agency_id), seat, member.facilitator, member.joined_at


def agency_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield the agencies and who speaks for them; ended ones come last."""
    agencies = sorted(reader.agencies.values(), key=lambda agency: (agency.ended_at is not None, agency.folded))
    living = members.active(reader.session, reader.consortium.id)
    for agency in agencies:
        people = [member for member in living if member.agency_id == agency.id]
        holders = {member.seat: member.name for member in people}
        speakers = (holders.get(Seat.REPRESENTATIVE), holders.get(Seat.ALTERNATE))
        yield agency.name, *speakers, len(people), agency.created_at, agency.ended_at


def own_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield the settings that only the reader may see."""
    member = reader.member
    yield "Hours a month for the consortium", member.hours_a_month
    yield "May be asked to take over work", member.may_be_asked
    yield cells.fill_in_zone("Away until (ZONE)", member.zone), member.away_until
    yield "Reminders", "at once" if member.tell_at_once else "together, in one message a day"
    yield cells.fill_in_zone("Pulse paused until (ZONE)", member.zone), member.pulse_paused_until
