"""What the typed words and forms of this feature share."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller, ask_whom
from handlers.kit.command_text import Typed, Word
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import cut, escape
from handlers.members import lookup
from handlers.workload import shared_rules
from storage.agencies import Agency

NEVER = "no role can be given there"
"""What somebody from outside hears is not possible."""


def only(typed: Typed, keys: Collection[str], example: str) -> None:
    """Check that no option was typed that says nothing here. Raises Refusal."""
    left = [key for key in typed.options if key not in keys]
    if left:
        raise Refusal(f"I do not know what `{left[0]}:` means here. For example: {example}")


def text(rest: Sequence[Word], example: str) -> str:
    """Read what stands in quotes, or all that is left where nothing does. Raises Refusal where more is left."""
    quoted = [word.text for word in rest if word.quoted]
    plain = [word.text for word in rest if not word.quoted]
    if len(quoted) > 1 or (quoted and plain):
        left = " ".join(plain or quoted[1:])
        raise Refusal(
            f"I understood “{escape(cut(quoted[0], 80))}”, but not “{escape(cut(left, 80))}”. For example: {example}"
        )
    return " ".join((quoted or [" ".join(plain)])[0].split())


def nothing_more(rest: Sequence[Word], example: str) -> None:
    """Check that nothing is left that was not understood. Raises Refusal."""
    if rest:
        left = escape(cut(" ".join(word.text for word in rest), 80))
        raise Refusal(f"I did not understand “{left}”. For example: {example}")


def term_end(typed: str, ask: Ask, caller: Caller, example: str) -> date | None:
    """Read the last day of a term; words such as "none" mean that it has no end. Raises Refusal."""
    if typed.casefold() in shared_rules.NOTHING:
        return None
    try:
        return dates.read_day(typed, ask.now, caller.zone)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} For example: {example}") from None


def past_day(typed: str | None, ask: Ask, caller: Caller, example: str, field: str | None = None) -> date:
    """Read the day on which something was given or paid; today where nothing was said. Raises Refusal."""
    today = dates.today(ask.now, caller.zone)
    if not typed:
        return today
    try:
        on = dates.read_any_day(typed, ask.now, caller.zone)
    except (Refusal, OverflowError) as refusal:
        said = refusal.sentence if isinstance(refusal, Refusal) else "That day is too far away."
        raise Refusal(f"{said} For example: {example}", field=field) from None
    return shared_rules.past_day(on, today, example, field)


def agency(session: Session, caller: Caller, typed: str | None, example: str) -> Agency:
    """Find the agency that was named, or the speaker's own, for which they may record. Raises Refusal."""
    if typed is None:
        if caller.agency is None or caller.agency.ended_at is not None:
            raise Refusal(f'Say for which agency: `agency:"Elm Schools"`. For example: {example}')
        return caller.agency
    found = lookup.agency(session, caller, typed)
    check_may(session, caller, found)
    return found


def check_may(session: Session, caller: Caller, found: Agency, field: str | None = None) -> None:
    """Check that somebody may record for an agency: its own people, and facilitators. Raises Refusal."""
    if not may_record(caller, found):
        raise Refusal(
            f"{escape(found.name)} records itself what it gives and gains, or a facilitator does. "
            f"{ask_whom(session, caller.consortium)}",
            field=field,
        )


def may_record(caller: Caller, found: Agency) -> bool:
    """Tell whether somebody may record, and take back, what an agency gave or gained."""
    return caller.facilitates or caller.person.agency_id == found.id
