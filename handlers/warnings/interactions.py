"""Buttons of warnings: ask somebody to take a task, and mark a load as agreed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, truncate
from handlers.load import snapshot
from handlers.load.snapshot import LoadSnapshot
from handlers.tasks import lookup, offers
from handlers.warnings import detection, suggestions, views
from storage import audit, members, notices, warnings
from storage.members import Member
from storage.tasks import Task
from storage.vocabulary import MemberId, NoticeKind, WarningKind
from storage.warnings import WorkWarning

A_YEAR = timedelta(days=365)
OUTDATED = "This button is out of date, so nothing has changed. `/workload` shows the current state."


def press_ask(request: SlackRequest) -> None:
    """Offer one of the caller's tasks to the suggested person, and show the remaining suggestions."""
    number, taker = (command_text.parse_row_id(part) for part in (request.value.partition("|")[::2]))
    if not (number and taker):
        raise Refusal(OUTDATED)
    with request.begin() as (session, caller):
        task = lookup.lock_open_task(session, caller, number)
        to = members.by_ids(session, [MemberId(taker)]).get(MemberId(taker))
        # the load is read once, before the offer; what the offer changes is added to it
        loads = snapshot.load_snapshot(session, caller.consortium.id, request.now)
        before = task.offered_to
        _check_handover(caller, task, to, loads)
        if to is not None:
            offers.offer_to(session, caller, task, to, request.now)
        answer = offers.status_text(session, caller, task, request.now)
        session.flush()
        after = loads.after_offer(task, before)
        own = caller.person.id
        plan = suggestions.plan_handovers(session, caller.consortium.id, after, own).people.get(own)
    request.show_result(answer, instead=views.answer_with_handovers(answer, plan))


def _check_handover(caller: Caller, task: Task, to: Member | None, loads: LoadSnapshot) -> None:
    """Raise Refusal if the suggested handover is no longer possible; the other person's load stays private."""
    if task.owner_id != caller.person.id:
        raise Refusal(f"#{task.number} is not yours anymore, so nothing has changed. `/workload` shows your load.")
    if to is None or to.consortium_id != caller.consortium.id:
        raise Refusal(OUTDATED)
    if task.offered_to == to.id:
        return
    if not loads.by_id[caller.person.id].load.is_over:
        raise Refusal("You no longer carry too much, so nothing has changed. `/workload` shows your load.")
    person = loads.by_id.get(to.id)
    if person is None or suggestions.room_for(loads, person, caller.person.agency_id) < (task.hours or 0.0):
        raise Refusal(
            f"{escape(truncate(to.name, 80))} cannot be asked for #{task.number} right now, so nothing has changed. "
            f"`/workload` shows who can, and `/task offer {task.number} @name` asks anybody you choose."
        )


def press_agreed(request: SlackRequest) -> None:
    """Mark the caller's own load as agreed."""
    with request.begin() as (session, caller):
        subject = f"member/{caller.person.id}"
        warning = warnings.lock_active(session, caller.consortium.id, WarningKind.PERSON, subject)
        own = snapshot.load_of_member(session, caller.consortium.id, caller.person.id, request.now)
        # the check that ends the warning follows an hour after the last change
        if warning is None or not own.load.is_over:
            raise Refusal("You are within your hours again, so there is nothing to agree to. `/workload` shows more.")
        _agree(session, caller, warning, request.now)
    request.show_result(
        "Noted: it's agreed. I will remind you in a year if it is still too much. Until then, `/workload` shows "
        "your load."
    )


def press_agreed_by_facilitator(request: SlackRequest) -> None:
    """Mark a warning to facilitators as agreed."""
    number = command_text.parse_row_id(request.value)
    with request.begin("facilitator") as (session, caller):
        warning = warnings.lock(session, caller.consortium.id, number)
        if warning is None or warning.kind is WarningKind.PERSON:
            raise Refusal(OUTDATED)
        found = detection.detect(*detection.load_snapshots(session, caller.consortium.id, request.now))
        is_found = any((one.kind, one.subject) == (warning.kind, warning.subject) for one in found)
        if warning.ended_at is not None or not is_found:
            raise Refusal("This is no longer the case, so there is nothing to agree to.")
        if warning.quiet_until is None or warning.quiet_until <= request.now:
            _agree(session, caller, warning, request.now)
    request.show_result_below("Noted: it's agreed. I will remind you in a year if this has not changed.")


def _agree(session: Session, caller: Caller, warning: WorkWarning, now: datetime) -> None:
    warning.quiet_until, warning.agreed_by = now + A_YEAR, caller.person.id
    audit.record(session, caller.consortium.id, caller.person.id, "agreed to", f"a warning: {warning.kind.value}", now)
    for kind in (NoticeKind.LOAD, NoticeKind.BALANCE):
        notices.drop_waiting(session, caller.consortium.id, kind, warning.id)
