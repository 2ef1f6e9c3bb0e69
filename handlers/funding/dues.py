"""Operations on dues and payments; each is one intention within the caller's transaction."""

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

# dues --------------------------------------------------------------------------------------------------


def save_dues(session: Session, caller: Caller, agency: Agency, term: str, cents: int, request: SlackRequest) -> str:
    """Set what an agency owes for a term, and return the answer. Raise `Refusal` if more has been paid."""
    consortia.lock(session, caller.consortium.id)
    dues = funding.lock_dues(session, agency.id, term)
    currency = caller.consortium.currency
    if dues is None:
        dues = Dues(
            consortium_id=caller.consortium.id,
            agency_id=agency.id,
            term=term,
            cents=cents,
            created_by=caller.person.id,
            created_at=request.now,
        )
        session.add(dues)
        session.flush()
    paid = funding.paid_cents(session, [dues.id]).get(dues.id, 0)
    if paid > cents:
        raise Refusal(
            f"{escape(agency.name)} has already paid {money.format_amount(paid, currency)} for {term}, which is "
            "more. To "
            f'take the last payment back: `/workload paid back "{escape(agency.name)}" {term}`'
        )
    dues.cents = cents
    _audit(session, caller, f"dues of {agency.name}", "noted", request)
    return f"Saved: {views.standing(Owed(dues, agency.name, paid), currency)}. {views.DUES_READERS}"


def remove_dues(session: Session, caller: Caller, agency: Agency, term: str, request: SlackRequest) -> str:
    """Remove an agency's dues for a term, and return the answer. Raise `Refusal` if something has been paid."""
    dues = lock_dues(session, agency, term)
    if dues.id in funding.paid_cents(session, [dues.id]):
        raise Refusal(
            "Something has been paid for these dues, so they stay. To take the last payment back first: "
            f'`/workload paid back "{escape(agency.name)}" {term}`'
        )
    funding.delete_unpaid_dues(session, dues)
    _audit(session, caller, f"dues of {agency.name}", "took away", request)
    return f"{bold(agency.name)} owes nothing for {term}."


def lock_dues(session: Session, agency: Agency, term: str) -> Dues:
    """Lock an agency's dues for a term. Raise `Refusal` if there are none."""
    dues = funding.lock_dues(session, agency.id, term)
    if dues is None:
        raise Refusal(
            f"There are no dues for {escape(agency.name)} and {term} yet. To add them: "
            f'`/workload dues "{escape(agency.name)}" {term} 1500`'
        )
    return dues


# payments ----------------------------------------------------------------------------------------------


def record_payment(
    session: Session, caller: Caller, dues: Dues, cents: int, on: date, request: SlackRequest
) -> tuple[str, Payment]:
    """Record a payment for locked dues, and return the answer. Raise `Refusal` if it is more than what is left."""
    currency = caller.consortium.currency
    agency = agencies.all_by_id(session, caller.consortium.id)[dues.agency_id]
    before = funding.paid_cents(session, [dues.id]).get(dues.id, 0)
    left = dues.cents - before
    if cents > left:
        rest = f"only {money.format_amount(left, currency)} is left" if left > 0 else "all of it is already paid"
        raise Refusal(
            f"{money.format_amount(cents, currency)} is more than {escape(agency.name)} owes for {dues.term}: "
            f"{rest}. If "
            f'the dues have changed: `/workload dues "{escape(agency.name)}" {dues.term} '
            f"{money.format_amount_for_input(before + cents)}`",
            field="amount" if request.kind == "view_submission" else None,
        )
    payment = Payment(dues_id=dues.id, cents=cents, paid_on=on, created_by=caller.person.id, created_at=request.now)
    session.add(payment)
    session.flush()
    _audit(session, caller, f"a payment of {agency.name}", "recorded", request)
    owed = Owed(dues, agency.name, before + cents)
    return f"Recorded: {views.standing(owed, currency)}. {views.DUES_READERS}", payment


def take_payment_back(
    session: Session, caller: Caller, payment_and_dues: tuple[Payment, Dues] | None, request: SlackRequest
) -> str:
    """Take back a locked payment, and return the answer. Raise `Refusal` if it no longer exists."""
    if payment_and_dues is None or payment_and_dues[0].taken_back_at is not None:
        raise Refusal("This payment no longer exists, so nothing has changed. `/workload dues` lists payments.")
    payment, dues = payment_and_dues
    payment.taken_back_at = request.now
    session.flush()
    agency = agencies.all_by_id(session, caller.consortium.id)[dues.agency_id]
    _audit(session, caller, f"a payment of {agency.name}", "took back", request)
    owed = Owed(dues, agency.name, funding.paid_cents(session, [dues.id]).get(dues.id, 0))
    amount = money.format_amount(payment.cents, caller.consortium.currency)
    return f"Taken back: {amount}. {views.standing(owed, caller.consortium.currency)}."


def _audit(session: Session, caller: Caller, subject: str, deed: str, request: SlackRequest) -> None:
    audit.record(session, caller.consortium.id, caller.person.id, deed, subject, request.now)
