"""Tables of who belongs to the consortium, what there is to do, and what agencies give, gain and owe."""

from collections.abc import Iterator

from handlers.exports import rules
from handlers.exports.rules import Row
from handlers.exports.scope import Reader
from storage import contributions, exports, members, roles
from storage.vocabulary import GivenKind, Seat

OWN_HEAD = ("About you", "What you said")
PEOPLE_HEAD = ("Name", "Agency", "Seat", "Facilitator", "Joined (ZONE)")
AGENCY_HEAD = ("Agency", "Representative", "Alternate", "People", "Joined (ZONE)", "Ended (ZONE)")
ROLE_HEAD = ("Role", "Held by", "Agency", "Hours a month", "Until")
TASK_HEAD = (
    *(
        "Number",
        "Title",
        "State",
        "Owner",
        "Agency",
        "Offered to",
        "Due",
        "Hours",
        "Made by",
        "Made (ZONE)",
        "Settled (ZONE)",
    ),
    *("From", "Link"),
)
GIVEN_HEAD = ("Agency", "Kind", "Hours", "Amount", "Currency", "What", "Given on")
GAIN_HEAD = ("Agency", "Gain", "Recorded (ZONE)")
FUNDING_HEAD = ("Source", "A year", "Currency")
DUES_HEAD = ("Agency", "Term", "Owed", "Paid", "Left", "Currency")


def own(reader: Reader) -> Iterator[Row]:
    """Say what only this person may see: their own hours, and whether they may be asked."""
    member = reader.member
    yield "Hours a month for the consortium", member.hours_a_month
    yield "May be asked to take work over", member.may_be_asked
    yield rules.in_zone("Away until (ZONE)", member.zone), member.away_until
    yield "Reminders", "at once" if member.tell_at_once else "together, in one message a day"
    yield rules.in_zone("Pulse paused until (ZONE)", member.zone), member.pulse_paused_until


def people(reader: Reader) -> Iterator[Row]:
    """List who belongs to the consortium, as `/consortium who` does."""
    for one in members.living(reader.session, reader.consortium.id):
        yield one.name, reader.agency(one.agency_id), one.seat, one.facilitator, one.joined_at


def organisations(reader: Reader) -> Iterator[Row]:
    """List agencies, ended ones too, with who speaks for them."""
    found = sorted(reader.agencies.values(), key=lambda one: (one.ended_at is not None, one.folded))
    living = [one for one in members.living(reader.session, reader.consortium.id) if one.agency_id is not None]
    for one in found:
        theirs = [member for member in living if member.agency_id == one.id]
        speaks = {member.seat: member.name for member in theirs}
        named = (speaks.get(Seat.REPRESENTATIVE), speaks.get(Seat.ALTERNATE))
        yield one.name, *named, len(theirs), one.created_at, one.ended_at


def held_roles(reader: Reader) -> Iterator[Row]:
    """List who holds what, as `/workload roles` does."""
    for role in roles.held(reader.session, reader.consortium.id):
        yield role.title, reader.person(role.member_id), reader.agency_of(role.member_id), role.hours, role.until


def tasks(reader: Reader) -> Iterator[Row]:
    """List all tasks, open and settled, newest first."""
    for page in exports.tasks(reader.session, reader.consortium.id):
        for task in page:
            yield (
                *(task.number, task.title, task.state),
                *(reader.person(task.owner_id), reader.agency_of(task.owner_id), reader.person(task.offered_to)),
                *(task.due_on, task.hours, reader.person(task.created_by), task.created_at, task.settled_at),
                *(task.source, task.source_link),
            )


def given(reader: Reader) -> Iterator[Row]:
    """List what agencies gave."""
    for page in exports.given(reader.session, reader.consortium.id):
        for one in page:
            kind = "in kind" if one.kind is GivenKind.IN_KIND else one.kind
            currency = reader.consortium.currency if one.cents is not None else ""
            amount = rules.cents(one.cents)
            yield reader.agency(one.agency_id), kind, one.hours, amount, currency, one.words, one.given_on


def gains(reader: Reader) -> Iterator[Row]:
    """List what agencies gained."""
    for page in exports.gains(reader.session, reader.consortium.id):
        for one in page:
            yield reader.agency(one.agency_id), one.words, one.created_at


def funding(reader: Reader) -> Iterator[Row]:
    """List the sources of funding with what each gives a year."""
    for one in contributions.sources(reader.session, reader.consortium.id):
        yield one.name, rules.cents(one.cents), reader.consortium.currency


def dues(reader: Reader) -> Iterator[Row]:
    """List the dues with what was paid of them."""
    found = contributions.dues(reader.session, reader.consortium.id)
    paid = contributions.paid(reader.session, [one.id for one in found])
    for one in found:
        part = paid.get(one.id, 0)
        amounts = (one.cents, part, max(0, one.cents - part))
        yield reader.agency(one.agency_id), one.term, *map(rules.cents, amounts), reader.consortium.currency
