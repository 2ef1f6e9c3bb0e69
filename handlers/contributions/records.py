"""Recording what agencies give and gain, and taking back what was recorded by mistake."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from handlers.contributions import parsing, views
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, quote
from storage import agencies, audit, contributions, load
from storage.agencies import Agency, fold
from storage.contributions import Gain, Given
from storage.vocabulary import AgencyId, GivenKind


@dataclass(frozen=True)
class Gift:
    """A contribution before it is recorded: hours, or cents, and a few words."""

    kind: GivenKind
    words: str
    hours: float | None = None
    cents: int | None = None


def give(session: Session, caller: Caller, agency: Agency, gift: Gift, on: date, now: datetime) -> Given:
    """Record what an agency gave."""
    made = Given(
        consortium_id=caller.consortium.id,
        agency_id=agency.id,
        kind=gift.kind,
        hours=gift.hours,
        cents=gift.cents,
        words=gift.words,
        given_on=on,
        created_by=caller.person.id,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, caller, "recorded", f"a contribution of {agency.name}", now)
    return made


def gain(session: Session, caller: Caller, agency: Agency, words: str, now: datetime) -> Gain:
    """Record what an agency gained."""
    made = Gain(
        consortium_id=caller.consortium.id,
        agency_id=agency.id,
        words=words,
        created_by=caller.person.id,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, caller, "recorded", f"a gain of {agency.name}", now)
    return made


def take_back(session: Session, caller: Caller, found: Given | Gain | None, now: datetime) -> str:
    """Take back a locked entry that was a mistake. Raises Refusal."""
    if found is None or found.taken_back_at is not None:
        raise Refusal("This entry is not there any more, so nothing has changed. `/workload given` lists what is.")
    agency = agencies.every(session, caller.consortium.id)[found.agency_id]
    parsing.check_may(session, caller, agency)
    found.taken_back_at = now
    what = "contribution" if isinstance(found, Given) else "gain"
    _note(session, caller, "took back", f"a {what} of {agency.name}", now)
    said = views.gave(found, caller.consortium.currency) if isinstance(found, Given) else quote(found.words)
    return f"Taken back: {said} of {bold(agency.name)}. It is in no list any more."


def given_called(session: Session, caller: Caller, words: str) -> Given | None:
    """Lock the contribution of these words that was recorded last, of those that the caller may take back."""
    mine = _own(session, caller)
    found = next(
        (one for one in contributions.given_of(session, caller.consortium.id, mine) if _fits(one, words)), None
    )
    return contributions.lock_given(session, caller.consortium.id, found.id) if found is not None else None


def gain_called(session: Session, caller: Caller, words: str) -> Gain | None:
    """Lock the gain of these words that was recorded last, of those that the caller may take back."""
    mine = _own(session, caller)
    found = next((one for one in contributions.gain_of(session, caller.consortium.id, mine) if _fits(one, words)), None)
    return contributions.lock_gain(session, caller.consortium.id, found.id) if found is not None else None


def _own(session: Session, caller: Caller) -> list[AgencyId]:
    every = agencies.every(session, caller.consortium.id).values()
    return [one.id for one in every if parsing.may_record(caller, one)]


def _fits(one: Given | Gain, words: str) -> bool:
    return fold(one.words) == fold(words)


def _note(session: Session, caller: Caller, deed: str, subject: str, now: datetime) -> None:
    audit.note(session, caller.consortium.id, caller.person.id, deed, subject, now)
    load.touch(session, caller.consortium.id, now)
