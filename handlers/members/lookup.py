"""Finding the agency or person that somebody means."""

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.lookup import person, typed_person
from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape
from handlers.members import views
from storage import agencies
from storage.agencies import Agency

__all__ = ["agency", "chosen_agency", "person", "typed_person"]


def agency(session: Session, caller: Caller, typed: str) -> Agency:
    """Find a living agency by its name, or by the only beginning that fits. Raises Refusal."""
    every = agencies.every(session, caller.consortium.id)
    living = [a for a in every.values() if a.ended_at is None]
    wanted = agencies.fold(typed)
    exact = [a for a in living if a.folded == wanted]
    close = [a for a in living if wanted and a.folded.startswith(wanted)]
    if exact or len(close) == 1:
        return (exact or close)[0]
    shown = f"There is no agency “{escape(cut(typed, 60))}”. " if typed.strip() else "Say which agency. "
    raise Refusal(f"{shown}{views.agency_choices(every)} `/consortium who` lists them with their people.")


def chosen_agency(session: Session, caller: Caller, value: str) -> Agency:
    """Find the living agency chosen in a form. Raises Refusal."""
    for found in agencies.living(session, caller.consortium.id):
        if str(found.id) == value:
            return found
    raise Refusal("This agency is not there any more.", field="agency")
