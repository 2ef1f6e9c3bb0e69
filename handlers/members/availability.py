"""Being left in peace: absence, and how often somebody wants to be told things."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.directory import Person
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import escape, written
from handlers.members import lookup
from storage import members, notices
from storage.members import Member

AWAY_EXAMPLE = "`/consortium away until 2027-01-08`"


def away(ask: Ask, typed: Typed) -> None:
    """Leave somebody in peace until a day."""
    about = any(not word.quoted and word.text.startswith("@") for word in typed.words)
    with ask.look():
        pass
    person, rest = lookup.typed_person(ask, typed, 1, AWAY_EXAMPLE) if about else (None, list(typed.words[1:]))
    plain = " ".join(word.text for word in rest if word.folded != "until")
    if not plain:
        raise Refusal(f"Say until when. For example: {AWAY_EXAMPLE}")
    other = person is not None and person.user_id != ask.user
    with ask.begin("facilitator" if other else "member") as (session, caller):
        member = caller.person
        if other and person is not None:
            member = _present(session, caller, person)
        until = _until(plain, ask, caller)
        member.away_until = until
        # whoever comes back sooner than said before is told sooner
        notices.look_anew(session, member.id, ask.now)
        when = written(until, caller.zone)
        said = (
            f"{escape(member.name)} is left in peace until {when}, or until they type `/consortium back`"
            if other
            else f"You are left in peace until {when}. `/consortium back` ends that earlier."
        )
    ask.answer(said)


def _present(session: Session, caller: Caller, person: Person) -> Member:
    found = members.find(session, caller.consortium.id, person.team_id, person.user_id)
    if found is None or found.left_at is not None:
        raise Refusal(f"{escape(person.name)} does not belong to the consortium. `/consortium who` shows who does.")
    return found


def _until(typed: str, ask: Ask, caller: Caller) -> datetime:
    try:
        return dates.read(typed, ask.now, caller.zone)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} For example: {AWAY_EXAMPLE}") from None


def back(ask: Ask, typed: Typed) -> None:
    """End being away."""
    del typed
    with ask.begin() as (session, caller):
        was = caller.person.away_until is not None and caller.person.away_until > ask.now
        caller.person.away_until = None
        notices.look_anew(session, caller.person.id, ask.now)
    ask.answer("Welcome back. What waits for you comes in one message." if was else "You were not away.")


def reminders(ask: Ask, typed: Typed) -> None:
    """Choose between one message a day and hearing of each thing as it comes."""
    wish = " ".join(typed.plain[1:])
    if wish not in {"at once", "together"}:
        raise Refusal(
            "What I say by myself comes in one message a day. `/consortium reminders at once` if you would rather hear "
            "of each thing as it comes, `/consortium reminders together` for one message a day."
        )
    with ask.begin() as (session, caller):
        caller.person.tell_at_once = wish == "at once"
        notices.look_anew(session, caller.person.id, ask.now)
    ask.answer(
        "From now on you hear of each thing as it comes, outside your quiet hours."
        if wish == "at once"
        else "From now on what can wait comes in one message a day."
    )
