"""Operations on contributions and gains: who may record for an agency, recording, and taking back."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.contributions import views
from handlers.contributions.parsing import ContributionDraft
from handlers.kit import lookup
from handlers.kit.callers import Caller, require_acts_for
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, quote
from storage import agencies, audit, contributions, load
from storage.agencies import Agency
from storage.contributions import Contribution, Gain
from storage.names import normalize_name
from storage.vocabulary import AgencyId

# who may record ----------------------------------------------------------------------------------------


def check_may_record(session: Session, caller: Caller, agency: Agency, field: str | None = None) -> None:
    """Raise `Refusal` if the caller may not record for an agency."""
    require_acts_for(session, caller, agency, "record what it gives and gains", field)


def recordable_agencies(session: Session, caller: Caller) -> list[Agency]:
    """Return the living agencies that the caller may record for. Raise `Refusal` if there are none."""
    recordable = [agency for agency in agencies.active(session, caller.consortium.id) if caller.acts_for(agency)]
    if not recordable:
        raise Refusal("You are in no agency now, so there is none to record for. `/consortium join` asks to join one.")
    return recordable


def agency_by_name(session: Session, caller: Caller, name: str | None, example: str) -> Agency:
    """Return the named agency, or the caller's own for None. Raise `Refusal` if the caller may not record for it."""
    if name is None:
        if caller.active_agency is None:
            recordable_agencies(session, caller)
            raise Refusal(f'Add the agency: `agency:"Elm Schools"`. For example: {example}')
        return caller.active_agency
    agency = lookup.require_agency(session, caller, name)
    check_may_record(session, caller, agency)
    return agency


# recording ---------------------------------------------------------------------------------------------


def record_contribution(
    session: Session, caller: Caller, agency: Agency, draft: ContributionDraft, on: date, now: datetime
) -> Contribution:
    """Record what an agency gave."""
    contribution = Contribution(
        consortium_id=caller.consortium.id,
        agency_id=agency.id,
        kind=draft.kind,
        hours=draft.hours,
        cents=draft.cents,
        words=draft.words,
        given_on=on,
        created_by=caller.person.id,
        created_at=now,
    )
    session.add(contribution)
    session.flush()
    _log_change(session, caller, "recorded", f"a contribution of {agency.name}", now)
    return contribution


def record_gain(session: Session, caller: Caller, agency: Agency, words: str, now: datetime) -> Gain:
    """Record what an agency gained."""
    gain = Gain(
        consortium_id=caller.consortium.id,
        agency_id=agency.id,
        words=words,
        created_by=caller.person.id,
        created_at=now,
    )
    session.add(gain)
    session.flush()
    _log_change(session, caller, "recorded", f"a gain of {agency.name}", now)
    return gain


# taking back -------------------------------------------------------------------------------------------


def take_back(session: Session, caller: Caller, entry: Contribution | Gain | None, now: datetime) -> str:
    """Take back a locked entry and return the answer. Raise `Refusal` if it is gone or another agency's."""
    if entry is None or entry.taken_back_at is not None:
        raise Refusal(
            "This entry no longer exists, so nothing has changed. `/workload given` and `/workload gains` list all "
            "entries."
        )
    agency = agencies.all_by_id(session, caller.consortium.id)[entry.agency_id]
    check_may_record(session, caller, agency)
    entry.taken_back_at = now
    what = "contribution" if isinstance(entry, Contribution) else "gain"
    _log_change(session, caller, "took back", f"a {what} of {agency.name}", now)
    text = (
        views.contribution_text(entry, caller.consortium.currency)
        if isinstance(entry, Contribution)
        else quote(entry.words)
    )
    return f"Taken back: {text} of {bold(agency.name)}. No list shows it any longer."


def lock_own_contribution(session: Session, caller: Caller, words: str) -> Contribution | None:
    """Lock the newest contribution with these words that the caller may take back; None without one."""
    own = contributions.contributions_of(session, caller.consortium.id, _own_agencies(session, caller))
    match = next((entry for entry in own if normalize_name(entry.words) == normalize_name(words)), None)
    return contributions.lock_contribution(session, caller.consortium.id, match.id) if match is not None else None


def lock_own_gain(session: Session, caller: Caller, words: str) -> Gain | None:
    """Lock the newest gain with these words that the caller may take back; None without one."""
    own = contributions.gains_of(session, caller.consortium.id, _own_agencies(session, caller))
    match = next((entry for entry in own if normalize_name(entry.words) == normalize_name(words)), None)
    return contributions.lock_gain(session, caller.consortium.id, match.id) if match is not None else None


def _own_agencies(session: Session, caller: Caller) -> Sequence[AgencyId]:
    """Return the agencies, ended ones included, whose entries the caller may take back."""
    every = agencies.all_by_id(session, caller.consortium.id).values()
    return [agency.id for agency in every if caller.acts_for(agency)]


def _log_change(session: Session, caller: Caller, deed: str, subject: str, now: datetime) -> None:
    """Store a change in the audit log, and have the balance of work checked again."""
    audit.record(session, caller.consortium.id, caller.person.id, deed, subject, now)
    load.schedule_check(session, caller.consortium.id, now)
