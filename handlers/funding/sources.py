"""Sources of funding, with what each gives a year."""

from sqlalchemy.orm import Session

from handlers.funding import views
from handlers.kit import money
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, escape, quote
from storage import audit, funding, load
from storage.agencies import fold
from storage.funding import Source

SOURCE_EXAMPLE = '`/workload funding "State grant" 12000`'
END_EXAMPLE = '`/workload funding end "State grant"`'
SOURCE_NAME = "what the source is called"


# typing ------------------------------------------------------------------------------------------------


def find_source(session: Session, caller: Caller, name: str) -> Source | None:
    """Return the source with this name, or None."""
    return next((one for one in funding.sources(session, caller.consortium.id) if fold(one.name) == fold(name)), None)


def source_called(session: Session, caller: Caller, name: str) -> Source:
    """Return the source with this name. Raise Refusal where there is none."""
    found = find_source(session, caller, name)
    if found is None:
        names = [f"“{escape(one.name)}”" for one in funding.sources(session, caller.consortium.id)[:10]]
        there = f"There are {', '.join(names)}." if names else "There is none yet."
        raise Refusal(f"There is no source {quote(name, 60)}. {there} `/workload funding` lists them.")
    return found


# deeds -------------------------------------------------------------------------------------------------


def save_source(
    session: Session, caller: Caller, found: Source | None, name: str, cents: int, request: SlackRequest
) -> str:
    """Save a source of funding, and return what was saved in words."""
    """Note a source, or change the one that is there; say it."""
    currency = caller.consortium.currency
    before = f" instead of {money.written(found.cents, currency)}" if found and found.cents != cents else ""
    if found is None:
        found = Source(
            consortium_id=caller.consortium.id,
            created_by=caller.person.id,
            created_at=request.now,
            name=name,
            cents=cents,
        )
        session.add(found)
    found.name, found.cents = name, cents
    session.flush()
    audit.note(session, caller.consortium.id, caller.person.id, "noted", f"source {name}", request.now)
    load.touch(session, caller.consortium.id, request.now)
    return f"Noted: {bold(name)} gives {money.written(cents, currency)} a year{before}. {views.SEEN}"


def end_source(session: Session, caller: Caller, found: Source, request: SlackRequest) -> str:
    """End a source of funding, and return a sentence about it."""
    found.ended_at = request.now
    audit.note(session, caller.consortium.id, caller.person.id, "ended", f"source {found.name}", request.now)
    load.touch(session, caller.consortium.id, request.now)
    again = f'`/workload funding "{escape(found.name)}" {money.plain(found.cents)}`'
    return f"{bold(found.name)} is ended and counts no more. {again} notes it again."


# lists, presses and forms ------------------------------------------------------------------------------
