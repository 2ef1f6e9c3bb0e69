"""Operations on agencies: add, rename, change the weight, end, and restore.

They open their own transactions, because the database reports a taken name when a transaction ends.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handlers.kit import lookup
from handlers.kit.block_kit import actions, button, confirm_dialog, section
from handlers.kit.callers import Caller
from handlers.kit.notices.messages import queue_direct_message, queue_thread_reply
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaks
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, escape, join_lines, join_names, pluralize, truncate
from handlers.members import requests, rules, seat_views, seats
from storage import agencies, audit, consortia, electorates, load, members, polls, proposals, roles, tasks
from storage.agencies import Agency
from storage.names import normalize_name
from storage.polls import Poll
from storage.proposals import Proposal
from storage.vocabulary import ProposalState

MOST_ROLES_SHOWN = 5
MOST_ENDED_SHOWN = 10


def add_agency(request: SlackRequest, name: str, weight: str, domain: str, *, form: bool) -> None:
    """Add an agency. Raise `Refusal` if a value is wrong or taken; `form` shows it at the field."""
    fields = ("name", "weight", "domain") if form else (None, None, None)
    example = "Elm County Schools" if form else rules.AGENCY_EXAMPLE
    try:
        with request.begin("facilitator") as (session, caller):
            checked_name = rules.name(name, "agency", example, fields[0])
            checked_domain = rules.domain(domain, fields[2])
            check_name_is_free(session, caller, checked_name, fields[0])
            _check_domain_is_free(session, caller, checked_domain, fields[2])
            agencies.add(
                session,
                caller.consortium.id,
                checked_name,
                request.now,
                weight=rules.weight(weight, fields[1]),
                domain=checked_domain,
            )
            audit.record(
                session, caller.consortium.id, caller.person.id, "added", f"agency {checked_name}", request.now
            )
    except IntegrityError:
        distinct = "Elm County Schools, North" if form else '`/consortium agency add "Elm County Schools, North"`'
        with request.read("facilitator") as (session, caller):
            known = {a.folded: a.name for a in agencies.active(session, caller.consortium.id)}
        raise Refusal(
            f"There is already an agency called “{escape(known.get(normalize_name(name), name))}”. Two "
            f"agencies cannot have the same name. Add a place or a number to tell them apart, for example {distinct}.",
            field=fields[0],
        ) from None
    request.show_result(
        f"Added {escape(checked_name)}. Next, add its people, for example: "
        f'`/consortium member @ben "{escape(checked_name)}" representative`',
        button("Add a person", "member.place"),
        button("Add another agency", "member.agency"),
    )


def check_name_is_free(session: Session, caller: Caller, name: str, field: str | None = None) -> None:
    """Raise `Refusal` if an agency of this name has ended and still has people: another one would speak in its name."""
    for agency in agencies.ended(session, caller.consortium.id):
        if agency.folded == normalize_name(name) and members.members_of_agency(session, agency.id):
            raise Refusal(
                f"{escape(agency.name)} has ended, and people still belong to it. To have it back, type "
                f'`/consortium agency restore "{escape(agency.name)}"`. For a new agency, choose another name.',
                field=field,
            )


def _check_domain_is_free(session: Session, caller: Caller, domain: str | None, field: str | None) -> None:
    owner = agencies.find_by_domain(session, caller.consortium.id, domain)
    if owner is not None:
        raise Refusal(
            f"{escape(owner.name)} already uses the email domain {escape(domain or '')}, so leave it out here.",
            field=field,
        )


def rename_agency(request: SlackRequest, old: str, new: str) -> None:
    """Rename an agency. Raise `Refusal` if the new name is taken."""
    try:
        with request.begin("facilitator") as (session, caller):
            agency = lookup.require_agency(session, caller, old)
            before, after = agency.name, rules.name(new, "agency", rules.AGENCY_EXAMPLE)
            if after == before:
                raise Refusal(f"{escape(before)} is already called that. Nothing has changed.")
            check_name_is_free(session, caller, after)
            agencies.rename(agency, after)
            session.flush()
            _tell_renamed(session, caller, agency, before, request.now)
            audit.record(session, caller.consortium.id, caller.person.id, "renamed", f"agency {before}", request.now)
            seats.refresh_open_items(session, caller.consortium)
    except IntegrityError:
        raise Refusal(
            f"There is already an agency called “{escape(truncate(new, 60))}”. Choose another name, for example "
            '`/consortium agency rename "Elm County Schools" "Elm Schools"`'
        ) from None
    request.answer(f"{escape(before)} is now called {escape(after)}.")


def _tell_renamed(session: Session, caller: Caller, agency: Agency, before: str, now: datetime) -> None:
    """Tell an agency's people its new name, and say it where the agency decides something: names stand beside votes."""
    for member in members.members_of_agency(session, agency.id):
        if member.id != caller.person.id:
            body = seat_views.renamed(before, agency.name, caller.person.name)
            queue_direct_message(session, caller.workspace, member, body, f"the new name of {agency.name}", now)
    open_items: list[Proposal | Poll] = [
        *(each for each in proposals.list_running(session, caller.consortium.id) if _decides(session, each, agency)),
        *(poll for poll in polls.list_open(session, caller.consortium.id) if poll.by_agency),
    ]
    for thing in open_items:
        post = seat_views.renamed_here(before, agency.name, caller.person.name)
        queue_thread_reply(session, thing, post, "news of a name", now)


def _decides(session: Session, proposal: Proposal, agency: Agency) -> bool:
    """Return whether an agency decides a running proposal."""
    return proposal.state is ProposalState.TALKING or agency.id in electorates.agencies(session, proposal.id)


def change_weight(request: SlackRequest, name: str, weight: str) -> None:
    """Change an agency's capacity weight. Raise `Refusal` if the weight cannot be read."""
    with request.begin("facilitator") as (session, caller):
        agency = lookup.require_agency(session, caller, name)
        share = rules.weight(weight)
        if share == agency.weight:
            raise Refusal(f"{escape(agency.name)} already carries a share of {share:g}. Nothing has changed.")
        agency.weight = share
        load.schedule_check(session, caller.consortium.id, request.now)
        sentence = (
            f"{escape(agency.name)} now carries a share of {agency.weight:g}. Its voice in decisions is the same."
        )
        audit.record(session, caller.consortium.id, caller.person.id, "weighed", f"agency {agency.name}", request.now)
    request.answer(sentence)


def confirm_end(request: SlackRequest, name: str) -> None:
    """Ask for confirmation before an agency ends, and list the work its people hold."""
    with request.read("facilitator") as (session, caller):
        agency = lookup.require_agency(session, caller, name)
        sure = confirm_dialog(
            "End this agency?",
            "Its people can no longer decide anything for it. Its history stays, and you can undo this.",
            "End it",
        )
        text = join_lines(
            [
                f"End {escape(agency.name)}? Its past positions stay, and it remains part of open proposals.",
                _open_work(session, agency, "They would keep this work until it is passed on"),
            ]
        )
        blocks = [
            section(text),
            actions(button("End it", "member.end", str(agency.id), style="danger", confirm=sure)),
        ]
    request.answer(text, blocks)


def end_agency(request: SlackRequest, agency_id: str) -> None:
    """End an agency, and offer to undo it. Raise `Refusal` if it has already ended."""
    with request.begin("facilitator") as (session, caller):
        consortia.lock(session, caller.consortium.id)
        agency = _by_id(session, caller, agency_id)
        if agency.ended_at is not None:
            raise Refusal(f"{escape(agency.name)} has already ended.")
        agency.ended_at = request.now
        seats.refresh_open_items(session, caller.consortium)
        requests.end_for(session, caller, agency, f"{escape(agency.name)} has ended.", request.now)
        _tell_people(session, caller, agency, request.now)
        audit.record(session, caller.consortium.id, caller.person.id, "ended", f"agency {agency.name}", request.now)
        load.schedule_check(session, caller.consortium.id, request.now)
        text = join_lines(
            [
                f"{escape(agency.name)} has ended. Its history is kept.",
                _open_work(session, agency, "They keep this work until it is passed on"),
            ]
        )
        text += f' To restore it later, type `/consortium agency restore "{escape(agency.name)}"`'
        blocks = [section(text), actions(button("Undo", "member.undo", str(agency.id)))]
    request.answer(text, blocks, replace=True)


def _tell_people(session: Session, caller: Caller, agency: Agency, now: datetime) -> None:
    """Tell the people who speak for an agency that it has ended, or that it is back."""
    people = members.members_of_agency(session, agency.id)
    named = Named.of(members.representatives(session, [agency.id])[agency.id])
    for member in people:
        if speaks(member.seat, named) and member.id != caller.person.id:
            body = seat_views.agency_news(agency.name, caller.person.name, ended=agency.ended_at is not None)
            queue_direct_message(session, caller.workspace, member, body, f"news of {agency.name}", now)


def _open_work(session: Session, agency: Agency, keeps: str) -> str:
    """Name the tasks and roles that an agency's people hold, and where to pass them on; empty without any."""
    people = {member.id: member for member in members.members_of_agency(session, agency.id)}
    held = [
        f"{bold(role.title)} ({escape(people[role.member_id].name)})" for role in roles.list_of_members(session, people)
    ]
    rest = len(held) - MOST_ROLES_SHOWN
    shown = [*held[:MOST_ROLES_SHOWN], *([f"{rest} more roles"] if rest > 0 else [])]
    count = tasks.count_of_agency(session, agency.id)
    if count:
        shown.insert(0, pluralize(count, "open task"))
    if not shown:
        return ""
    ways = [*(["`/task all`"] if count else []), *(["`/workload roles`"] if held else [])]
    return f"Its people hold {join_names(shown)}. {keeps}: {join_names(ways)}."


def restore_agency(request: SlackRequest, agency_id: str) -> None:
    """Undo the end of an agency. Raise `Refusal` if it has not ended, or if another agency has taken its name."""
    _restore(request, lambda session, caller: _by_id(session, caller, agency_id), replace=True)


def restore_named_agency(request: SlackRequest, name: str) -> None:
    """Restore the agency of this name that ended last. Raise `Refusal` if there is none."""

    def find(session: Session, caller: Caller) -> Agency:
        ended = agencies.ended(session, caller.consortium.id)
        wanted = normalize_name(name)
        for agency in ended:
            if agency.folded == wanted:
                return agency
        names = join_names([escape(agency.name) for agency in ended[:MOST_ENDED_SHOWN]])
        if not names:
            raise Refusal("No agency has ended, so there is none to restore.")
        unknown = f"No agency called “{escape(truncate(name, 60))}” has ended." if wanted else "Which agency?"
        raise Refusal(f"{unknown} These have ended: {names}.")

    _restore(request, find, replace=False)


def _restore(request: SlackRequest, find: Callable[[Session, Caller], Agency], *, replace: bool) -> None:
    try:
        with request.begin("facilitator") as (session, caller):
            agency = find(session, caller)
            name = agency.name
            if agency.ended_at is None:
                raise Refusal(f"{escape(name)} has not ended.")
            consortia.lock(session, caller.consortium.id)
            owner = agencies.find_by_domain(session, caller.consortium.id, agency.domain)
            lost = agency.domain if owner is not None else None
            agency.ended_at, agency.domain = None, None if lost else agency.domain
            session.flush()
            note = (
                f" It has no email domain any more: {escape(owner.name)} uses {escape(lost)} now."
                if owner is not None and lost is not None
                else ""
            )
            seats.refresh_open_items(session, caller.consortium)
            _tell_people(session, caller, agency, request.now)
            audit.record(session, caller.consortium.id, caller.person.id, "took back", f"agency {name}", request.now)
            load.schedule_check(session, caller.consortium.id, request.now)
    except IntegrityError:
        raise Refusal("Another agency now has this name. Rename that agency first.") from None
    request.answer(f"{escape(name)} is back.{note}", replace=replace)


def _by_id(session: Session, caller: Caller, agency_id: str) -> Agency:
    """Return an agency, ended or not. Raise `Refusal` if it does not exist."""
    for agency in agencies.all_by_id(session, caller.consortium.id).values():
        if str(agency.id) == agency_id:
            return agency
    raise Refusal("This agency no longer exists.")
