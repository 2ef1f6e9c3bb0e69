"""What is pressed about too much work: asking somebody to take a task, and saying that it is agreed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, escape
from handlers.load import snapshot
from handlers.tasks import lookup, offers
from handlers.warnings import suggestions, views
from handlers.warnings.rules.suggestions import QUICK
from handlers.warnings.suggestions import Advice
from storage import audit, members, notices, warnings
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeKind, WarningKind
from storage.warnings import WorkWarning

A_YEAR = timedelta(days=365)
OLD = "This button belongs to an earlier time, and nothing has changed. `/workload` shows how it stands now."


def press_ask(request: SlackRequest) -> None:
    """Ask somebody to take one of the speaker's tasks, and show what is left to do."""
    number, taker = (command_text.row_id(part) for part in (request.value.partition("|")[::2]))
    if not (number and taker):
        raise Refusal(OLD)
    with request.begin() as (session, caller):
        task = lookup.open_task(session, caller, number)
        to = members.named(session, [MemberId(taker)]).get(MemberId(taker))
        _may_ask(session, caller, task, to, request.now)
        if to is not None:
            offers.give(session, caller, task, to, request.now)
        said = offers.standing(session, caller, task, request.now)
        session.flush()
        advice = _advice(session, caller, request.now)
    request.done(said, instead=views.noted(said, advice))


def _may_ask(session: Session, caller: Caller, task: Task, to: Member | None, now: datetime) -> None:
    """Look whether what was suggested is still so; what the other carries is not said. Raises Refusal."""
    if task.owner_id != caller.person.id:
        raise Refusal(f"#{task.number} is not yours any more, so nothing has changed. `/workload` shows how you stand.")
    if to is None or to.consortium_id != caller.consortium.id:
        raise Refusal(OLD)
    if task.offered_to == to.id:
        return
    seen = snapshot.take(session, caller.consortium.id, now)
    person = seen.by_id.get(to.id)
    if person is None or suggestions.room_for(seen, person, caller.person.agency_id) < (task.hours or 0.0):
        raise Refusal(
            f"{escape(cut(to.name, 80))} cannot be asked for #{task.number} just now, so nothing has changed. "
            f"`/workload` shows who can, and `/task offer {task.number} @name` asks whom you like."
        )


def _advice(session: Session, caller: Caller, now: datetime) -> Advice | None:
    seen = snapshot.take(session, caller.consortium.id, now)
    own = caller.person.id
    return suggestions.advise(session, caller.consortium.id, seen, [own], together=False, steps=QUICK).get(own)


def press_agreed(request: SlackRequest) -> None:
    """Note that somebody knows that they hold much, and that it is agreed."""
    with request.begin() as (session, caller):
        subject = f"member/{caller.person.id}"
        found = warnings.one_lasting(session, caller.consortium.id, WarningKind.PERSON, subject)
        if found is None:
            raise Refusal("You are within your hours again, so there is nothing to agree to. `/workload` shows more.")
        _agree(session, caller, found, request.now)
    request.done(
        "Noted: it is agreed. You hear of it again in a year, if it is still so; `/workload` shows it any time."
    )


def press_agreed_by_facilitator(request: SlackRequest) -> None:
    """Note that facilitators know of something, and that it is agreed."""
    number = command_text.row_id(request.value)
    with request.begin("facilitator") as (session, caller):
        found = warnings.lock(session, caller.consortium.id, number)
        if found is None or found.kind is WarningKind.PERSON:
            raise Refusal(OLD)
        if found.ended_at is not None:
            raise Refusal("This is not so any more, so there is nothing to agree to.")
        if found.quiet_until is None or found.quiet_until <= request.now:
            _agree(session, caller, found, request.now)
    request.done_here("Noted: it is agreed. You hear of it again in a year, if it is still so.")


def _agree(session: Session, caller: Caller, found: WorkWarning, now: datetime) -> None:
    found.quiet_until, found.agreed_by = now + A_YEAR, caller.person.id
    audit.note(session, caller.consortium.id, caller.person.id, "agreed to", f"a warning: {found.kind.value}", now)
    for kind in (NoticeKind.LOAD, NoticeKind.BALANCE):
        notices.withdraw(session, caller.consortium.id, kind, found.id)
