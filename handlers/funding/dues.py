"""Dues for each agency and term, and what has been paid of them; each is one intention within a transaction."""

from datetime import date

from sqlalchemy.orm import Session

from handlers.funding import views
from handlers.funding.views import Owed
from handlers.kit import money
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, escape
from storage import agencies, audit, consortia, funding
from storage.agencies import Agency
from storage.funding import Dues, Payment


def note(session: Session, caller: Caller, agency: Agency, term: str, cents: int, request: SlackRequest) -> str:
    """Note what an agency owes for a term, or change it. Raises Refusal where more has been paid already."""
    consortia.lock(session, caller.consortium.id)
    found = funding.lock_dues(session, agency.id, term)
    currency = caller.consortium.currency
    if found is None:
        found = Dues(
            consortium_id=caller.consortium.id,
            agency_id=agency.id,
            term=term,
            cents=cents,
            created_by=caller.person.id,
            created_at=request.now,
        )
        session.add(found)
        session.flush()
    paid = funding.paid(session, [found.id]).get(found.id, 0)
    if paid > cents:
        raise Refusal(
            f"{escape(agency.name)} has paid {money.written(paid, currency)} for {term} already, which is more. "
            f'`/workload paid back "{escape(agency.name)}" {term}` takes the last payment back.'
        )
    found.cents = cents
    _audit(session, caller, f"dues of {agency.name}", "noted", request)
    return f"Noted: {views.standing(Owed(found, agency.name, paid), currency)}. {views.SEEN_DUES}"


def forget(session: Session, caller: Caller, agency: Agency, term: str, request: SlackRequest) -> str:
    """Take away dues that were noted by mistake. Raises Refusal where something has been paid."""
    found = there(session, agency, term)
    if found.id in funding.paid(session, [found.id]):
        raise Refusal(
            f"Something has been paid of these dues, so they stay. "
            f'`/workload paid back "{escape(agency.name)}" {term}` takes the last payment back first.'
        )
    funding.forget_dues(session, found)
    _audit(session, caller, f"dues of {agency.name}", "took away", request)
    return f"{bold(agency.name)} owes nothing for {term}."


def there(session: Session, agency: Agency, term: str) -> Dues:
    """Lock an agency's dues for a term. Raises Refusal where there are none."""
    found = funding.lock_dues(session, agency.id, term)
    if found is None:
        raise Refusal(
            f"No dues are noted for {escape(agency.name)} and {term}. For example: "
            f'`/workload dues "{escape(agency.name)}" {term} 1500`'
        )
    return found


def pay(
    session: Session, caller: Caller, found: Dues, cents: int, on: date, request: SlackRequest
) -> tuple[str, Payment]:
    """Record a payment on locked dues, and say how they stand. Raises Refusal for more than is left."""
    currency = caller.consortium.currency
    agency = agencies.every(session, caller.consortium.id)[found.agency_id]
    before = funding.paid(session, [found.id]).get(found.id, 0)
    left = found.cents - before
    if cents > left:
        rest = f"only {money.written(left, currency)} is left" if left > 0 else "all of it is paid already"
        raise Refusal(
            f"{money.written(cents, currency)} is more than {escape(agency.name)} owes for {found.term}: {rest}. If "
            f'the dues have changed: `/workload dues "{escape(agency.name)}" {found.term} '
            f"{money.plain(before + cents)}`",
            field="amount" if request.kind == "view_submission" else None,
        )
    made = Payment(dues_id=found.id, cents=cents, paid_on=on, created_by=caller.person.id, created_at=request.now)
    session.add(made)
    session.flush()
    _audit(session, caller, f"a payment of {agency.name}", "recorded", request)
    owed = Owed(found, agency.name, before + cents)
    return f"Recorded: {views.standing(owed, currency)}. {views.SEEN_DUES}", made


def take_back(session: Session, caller: Caller, found: tuple[Payment, Dues] | None, request: SlackRequest) -> str:
    """Take back a locked payment that was a mistake. Raises Refusal."""
    if found is None or found[0].taken_back_at is not None:
        raise Refusal("This payment is not there any more, so nothing has changed. `/workload dues` lists what is.")
    payment, dues = found
    payment.taken_back_at = request.now
    session.flush()
    agency = agencies.every(session, caller.consortium.id)[dues.agency_id]
    _audit(session, caller, f"a payment of {agency.name}", "took back", request)
    owed = Owed(dues, agency.name, funding.paid(session, [dues.id]).get(dues.id, 0))
    amount = money.written(payment.cents, caller.consortium.currency)
    return f"Taken back: {amount}. {views.standing(owed, caller.consortium.currency)}."


def _audit(session: Session, caller: Caller, subject: str, deed: str, request: SlackRequest) -> None:
    audit.note(session, caller.consortium.id, caller.person.id, deed, subject, request.now)
