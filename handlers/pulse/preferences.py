"""A member's own settings for the pulse: pauses, and the language of questions, results and help."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import slack_date
from handlers.pulse import texts
from storage import pulse
from storage.vocabulary import Language


def pause(session: Session, caller: Caller, until: datetime, now: datetime) -> str:
    """Pause the questions, skip the open round unless it is answered, and return the confirmation."""
    member = caller.person
    member.pulse_paused_until = until
    running = pulse.find_open_round(session, caller.consortium.id)
    invitation = pulse.find_invitation(session, running.id, member.id) if running and running.closes_at > now else None
    if invitation is not None and not invitation.answered:
        invitation.skipped = True
    return texts.PAUSED[member.language].format(until=slack_date(until, member.zone))


def resume(caller: Caller, now: datetime) -> str:
    """End the member's pause, and return the confirmation. Raise Refusal if there is none."""
    member = caller.person
    if member.pulse_paused_until is None or member.pulse_paused_until <= now:
        raise Refusal(texts.NOT_PAUSED[member.language], language=member.language)
    member.pulse_paused_until = None
    return texts.RESUMED[member.language]


def set_language(caller: Caller, language: Language) -> str:
    """Set the language of the pulse, and return the confirmation in it."""
    caller.person.language = language
    return texts.LANGUAGE_SET[language]
