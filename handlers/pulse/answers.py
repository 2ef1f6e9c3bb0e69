"""What a person does with a round: answer it, pass it over, pause, choose a language."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import moment
from handlers.pulse import texts
from storage import pulse, seals
from storage.pulse import Invitation, Round
from storage.seals import KeyRing
from storage.vocabulary import Language, RoundState

COMMENT = 400
"""So many characters of a comment fit into an envelope, in any script."""


def find(
    session: Session, caller: Caller, number: int, now: datetime, *, lock: bool = False
) -> tuple[Round, Invitation]:
    """Find a round that the caller is asked in and that still takes answers. Raises Refusal."""
    language = caller.person.language
    found = (pulse.lock_number if lock else pulse.get_round)(session, caller.consortium.id, number)
    if found is None or found.state is RoundState.CLOSED or found.closes_at <= now:
        raise Refusal(texts.OVER[language])
    asked = pulse.invitation(session, found.id, caller.person.id)
    if asked is None:
        raise Refusal(texts.NEXT_TIME[language])
    return found, asked


def answer(
    session: Session, caller: Caller, ring: KeyRing, number: int, scores: Mapping[str, int], comment: str, now: datetime
) -> str:
    """Seal a person's answer; it replaces an earlier one. Raises Refusal."""
    found, asked = find(session, caller, number, now, lock=True)
    if set(scores) != set(found.questions):
        raise Refusal(texts.INCOMPLETE[caller.person.language])
    sealed = {"agency": asked.agency_id, "scores": dict(scores), "comment": comment}
    seals.put(session, ring, found.seal_id, caller.person.id, sealed)
    asked.answered, asked.skipped = True, False
    return texts.THANKS[caller.person.language].format(until=moment(found.closes_at, caller.zone))


def skip(session: Session, caller: Caller, number: int | None, now: datetime) -> str:
    """Pass a round over; `number` is None for the one that is open. Raises Refusal."""
    language = caller.person.language
    if number is None:
        running = pulse.open_round(session, caller.consortium.id)
        if running is None:
            raise Refusal(texts.NONE_OPEN[language])
        number = running.number
    found, asked = find(session, caller, number, now, lock=True)
    if asked.answered:
        raise Refusal(texts.ANSWERED[language].format(until=moment(found.closes_at, caller.zone)))
    asked.skipped = True
    return texts.SKIPPED[language].format(until=moment(found.closes_at, caller.zone))


def pause(session: Session, caller: Caller, until: datetime, now: datetime) -> str:
    """Ask a person nothing until a moment, and say so."""
    person = caller.person
    person.pulse_paused_until = until
    running = pulse.open_round(session, caller.consortium.id)
    asked = pulse.invitation(session, running.id, person.id) if running and running.closes_at > now else None
    if asked is not None and not asked.answered:
        asked.skipped = True
    return texts.PAUSED[person.language].format(until=moment(until, person.zone))


def resume(caller: Caller, now: datetime) -> str:
    """Ask a person again from the next round on, and say so. Raises Refusal."""
    person = caller.person
    if person.pulse_paused_until is None or person.pulse_paused_until <= now:
        raise Refusal(texts.NOT_PAUSED[person.language])
    person.pulse_paused_until = None
    return texts.RESUMED[person.language]


def speak(caller: Caller, language: Language) -> str:
    """Keep the language in which a person is asked, and say so in it."""
    caller.person.language = language
    return texts.SPEAKS[language]
