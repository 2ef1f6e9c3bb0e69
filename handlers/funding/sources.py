"""Operations on sources of funding, each of which gives an amount a year."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.funding import views
from handlers.kit import command_text, money
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, escape, quote
from storage import audit, funding, load
from storage.funding import FundingSource
from storage.names import normalize_name
from storage.vocabulary import FundingSourceId

EXAMPLE = '`/workload funding "State grant" 12000`'
NAME_SUBJECT = "what the source is called"
"""What a missing name is about, as the refusal says it."""


def find_source(session: Session, caller: Caller, name: str) -> FundingSource | None:
    """Return the source with this name, or None."""
    current = funding.list_sources(session, caller.consortium.id)
    return next((source for source in current if normalize_name(source.name) == normalize_name(name)), None)


def get_source(session: Session, caller: Caller, name: str) -> FundingSource:
    """Return the source with this name. Raise `Refusal` if there is none."""
    source = find_source(session, caller, name)
    if source is None:
        names = [f"“{escape(other.name)}”" for other in funding.list_sources(session, caller.consortium.id)[:10]]
        current = (
            f"Current sources: {', '.join(names)}. `/workload funding` lists them."
            if names
            else f"There are no sources yet. For example: {EXAMPLE}"
        )
        raise Refusal(f"There is no source {quote(name, 60)}. {current}")
    return source


def get_source_by_id(session: Session, caller: Caller, value: str) -> FundingSource:
    """Return the source that a button or form carries. Raise `Refusal` if it does not exist."""
    source_id = FundingSourceId(command_text.parse_row_id(value))
    for source in funding.list_sources(session, caller.consortium.id):
        if source.id == source_id:
            return source
    raise Refusal("This source no longer exists. `/workload funding` lists the current sources.")


def save_source(
    session: Session, caller: Caller, source: FundingSource | None, name: str, cents: int, now: datetime
) -> str:
    """Add or change a source of funding, and return the answer."""
    currency = caller.consortium.currency
    before = f" instead of {money.format_amount(source.cents, currency)}" if source and source.cents != cents else ""
    if source is None:
        source = FundingSource(
            consortium_id=caller.consortium.id,
            created_by=caller.person.id,
            created_at=now,
            name=name,
            cents=cents,
        )
        session.add(source)
    source.name, source.cents = name, cents
    session.flush()
    audit.record(session, caller.consortium.id, caller.person.id, "noted", f"source {name}", now)
    load.schedule_check(session, caller.consortium.id, now)
    return f"Saved: {bold(name)} gives {money.format_amount(cents, currency)} a year{before}. {views.SOURCE_READERS}"


def end_source(session: Session, caller: Caller, source: FundingSource, now: datetime) -> str:
    """End a source of funding, and return the answer."""
    source.ended_at = now
    audit.record(session, caller.consortium.id, caller.person.id, "ended", f"source {source.name}", now)
    load.schedule_check(session, caller.consortium.id, now)
    command = f'`/workload funding "{escape(source.name)}" {money.format_amount_for_input(source.cents)}`'
    return f"{bold(source.name)} has ended and no longer counts. To add it again: {command}"
