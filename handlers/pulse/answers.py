"""What a member does with an open round: answer it or skip it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import slack_date
from handlers.pulse import texts
from storage import pulse, seals
from storage.pulse import PulseInvitation, PulseRound
from storage.seals import KeyRing
from storage.vocabulary import RoundState

MAX_COMMENT = 400
"""Characters of a comment that fit into an envelope, in any script."""


def find_round(
    session: Session, caller: Caller, number: int, now: datetime, *, lock: bool = False
) -> tuple[PulseRound, PulseInvitation]:
    """Find a round that still takes answers, and the caller's invitation to it. Raise Refusal if either is missing."""
    language = caller.person.language
    get = pulse.lock_round_by_number if lock else pulse.get_round
    found = get(session, caller.consortium.id, number)
    if found is None or found.state is RoundState.CLOSED or found.closes_at <= now:
        raise Refusal(texts.CLOSED[language], language=language)
    invitation = pulse.find_invitation(session, found.id, caller.person.id)
    if invitation is None:
        raise Refusal(texts.NOT_INVITED[language], language=language)
    return found, invitation


def submit(
    session: Session,
    caller: Caller,
    ring: KeyRing,
    number: int,
    scores: Mapping[str, int | None],
    comment: str,
    now: datetime,
) -> str:
    """Seal an answer in place of an earlier one. Return the thanks. Raise Refusal if it is late or incomplete.

    A score is None where the sentence does not apply to the person.
    """
    found, invitation = find_round(session, caller, number, now, lock=True)
    language = caller.person.language
    if set(scores) != set(found.questions):
        raise Refusal(texts.INCOMPLETE[language], language=language)
    answer = {"agency": invitation.agency_id, "scores": dict(scores), "comment": comment}
    seals.seal_answer(session, ring, found.seal_id, caller.person.id, answer)
    invitation.answered, invitation.skipped = True, False
    return texts.THANKS[language].format(until=slack_date(found.closes_at, caller.zone))


def skip(session: Session, caller: Caller, number: int | None, now: datetime) -> str:
    """Skip a round: the open one if `number` is None. Return the confirmation. Raise Refusal if it was answered."""
    language = caller.person.language
    if number is None:
        running = pulse.find_open_round(session, caller.consortium.id)
        if running is None:
            raise Refusal(texts.NONE_OPEN[language], language=language)
        number = running.number
    found, invitation = find_round(session, caller, number, now, lock=True)
    until = slack_date(found.closes_at, caller.zone)
    if invitation.answered:
        raise Refusal(texts.ALREADY_ANSWERED[language].format(until=until), language=language)
    invitation.skipped = True
    return texts.SKIPPED[language].format(until=until)
