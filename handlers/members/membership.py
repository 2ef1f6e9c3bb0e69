"""Joining an agency and replacing its representative: one person asks, another confirms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, join_names
from handlers.members import seats, views
from storage import agencies, audit, consortia, members, membership_requests, outbox
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.vocabulary import RequestKind, RequestState, Seat


def request_to_join(session: Session, caller: Caller, person: Person, agency: Agency, now: datetime) -> str:
    """Add a person to an agency, or ask for confirmation; return the answer.

    Nobody has to confirm facilitators and people whose email domain belongs to the agency. Raise `Refusal` if the
    person already belongs to the agency or has already asked.
    """
    consortium = caller.consortium
    consortia.lock(session, consortium.id)
    if caller.member is not None and caller.member.agency_id == agency.id:
        raise Refusal(f"You already belong to {escape(agency.name)}. `/consortium who` shows who else does.")
    agency_of_domain = agencies.find_by_email(session, consortium.id, person.email)
    if agency_of_domain is not None and agency_of_domain.id == agency.id:
        seats.assign(session, consortium, person, agency, Seat.MEMBER, now)
        audit.record(session, consortium.id, None, "joined by e-mail domain", person.name, now)
        return f"Welcome. Your email address belongs to {escape(agency.name)}, so you have joined it."
    if caller.facilitates:
        seats.assign(session, consortium, person, agency, Seat.MEMBER, now)
        audit.record(session, consortium.id, caller.person.id, "joined", agency.name, now)
        return f"You now belong to {escape(agency.name)}."
    earlier = membership_requests.find_open(session, consortium.id, person.team_id, person.user_id, RequestKind.JOIN)
    if earlier is not None:
        if earlier.agency_id == agency.id:
            raise Refusal(f"You have already asked to join {escape(agency.name)}. Nobody has confirmed it yet.")
        earlier.state = RequestState.DECLINED
    membership_request = _add_request(session, consortium, RequestKind.JOIN, person, agency, Seat.MEMBER, now)
    confirmers = _confirmers(session, consortium, agency)
    for member in confirmers:
        body = views.join_request(membership_request, agency.name)
        queue_direct_message(session, caller.workspace, member, body, f"the request of {person.name}", now)
    names = join_names([escape(member.name) for member in confirmers[:3]], "or") or "a facilitator"
    return f"You have asked to join {escape(agency.name)}. {names} can confirm it, and I will tell you."


def _add_request(
    session: Session,
    consortium: Consortium,
    kind: RequestKind,
    person: Person,
    agency: Agency,
    seat: Seat,
    now: datetime,
) -> MembershipRequest:
    membership_request = MembershipRequest(
        consortium_id=consortium.id,
        kind=kind,
        team_id=person.team_id,
        user_id=person.user_id,
        name=person.name,
        email=person.email,
        zone=person.zone,
        agency_id=agency.id,
        seat=seat,
        state=RequestState.OPEN,
        created_at=now,
    )
    session.add(membership_request)
    session.flush()
    return membership_request


def _confirmers(session: Session, consortium: Consortium, agency: Agency) -> Sequence[Member]:
    """Return who can confirm that a person belongs to an agency: its representative and the facilitators."""
    representative, _ = members.representatives(session, [agency.id])[agency.id]
    people = {representative.id: representative} if representative else {}
    people |= {member.id: member for member in members.facilitators(session, consortium.id)}
    return list(people.values())


@dataclass(frozen=True)
class SeatChange:
    """What happened when a person was given a seat. `waits` means that the agency has to confirm it first."""

    sentence: str
    waits: bool = False


def assign_seat(
    session: Session, caller: Caller, person: Person, agency: Agency, seat: Seat, now: datetime
) -> SeatChange:
    """Give a person a seat in an agency, as `place_in_seat` does, and update what is open."""
    with seats.changing(session, caller.consortium, now):
        return place_in_seat(session, caller, person, agency, seat, now)


def place_in_seat(
    session: Session, caller: Caller, person: Person, agency: Agency, seat: Seat, now: datetime
) -> SeatChange:
    """Give a person a seat in an agency. Call it within `seats.changing`.

    Another person of that agency has to confirm a new representative in place of the present one, or of one who was
    moved or made a plain member: otherwise two commands of one facilitator could give away an agency's voice. So does a
    new alternate while nobody represents the agency.
    """
    consortium = caller.consortium
    consortia.lock(session, consortium.id)
    member = members.find(session, consortium.id, person.team_id, person.user_id, person.teams)
    replaced = replaced_representative(session, agency, member) if seat is not Seat.MEMBER else None
    if seat is Seat.ALTERNATE and replaced is not None and replaced.represented_id != agency.id:
        replaced = None
    is_other = member is None or member.id != caller.person.id
    if replaced is not None and not (is_other and _may_confirm(caller.person, agency, replaced, now)):
        return _request_replacement(session, caller, person, agency, seat, replaced, now)
    seats.place(session, consortium, person, agency, seat, now)
    audit.record(session, consortium.id, caller.person.id, f"named {seat.value}", person.name, now)
    role = {Seat.MEMBER: "a member", Seat.ALTERNATE: "the alternate"}.get(seat, "the representative")
    return SeatChange(f"{escape(person.name)} is now {role} of {escape(agency.name)}.")


def replaced_representative(session: Session, agency: Agency, member: Member | None) -> Member | None:
    """Return whose place a new representative would take, or None if there is nobody to ask about it."""
    representative, _ = members.representatives(session, [agency.id])[agency.id]
    if representative is not None:
        return representative if member is None or representative.id != member.id else None
    last = members.former_representative(session, agency.id)
    return None if last is None or (member is not None and last.id == member.id) else last


BELONGS_AFTER = timedelta(days=7)
"""How long somebody has to be in an agency before they confirm who speaks for it."""

AT_THE_BEGINNING = timedelta(days=1)
"""Who came within this time after an agency was added belongs to it from the beginning."""


def _may_confirm(member: Member, agency: Agency, replaced: Member, now: datetime) -> bool:
    """Return whether a person may confirm who speaks for an agency: somebody who belongs to it, or who is replaced.

    A facilitator can join any agency, and add anybody to it: who only just came does not count.
    """
    if member.id == replaced.id:
        return True
    since = member.agency_since
    came_long_ago = since is None or since <= agency.created_at + AT_THE_BEGINNING or now - since >= BELONGS_AFTER
    return member.agency_id == agency.id and came_long_ago


def _request_replacement(
    session: Session,
    caller: Caller,
    person: Person,
    agency: Agency,
    seat: Seat,
    representative: Member,
    now: datetime,
) -> SeatChange:
    """Ask the people of an agency, and who spoke for it before, to confirm who speaks for it."""
    consortium = caller.consortium
    earlier = membership_requests.find_open(session, consortium.id, person.team_id, person.user_id, RequestKind.SEAT)
    if earlier is not None:
        earlier.state = RequestState.DECLINED
    membership_request = _add_request(session, consortium, RequestKind.SEAT, person, agency, seat, now)
    people = {each.id: each for each in (*members.members_of_agency(session, agency.id), representative)}
    for member in people.values():
        if not _may_confirm(member, agency, representative, now):
            continue
        if member.user_id != person.user_id or member.team_id not in {person.team_id, *person.teams}:
            body = views.seat_request(membership_request, agency.name, representative.name, caller.person.name)
            queue_direct_message(
                session, caller.workspace, member, body, f"the new representative of {agency.name}", now
            )
    verb = "speaks" if representative.agency_id == agency.id and representative.seat is Seat.REPRESENTATIVE else "spoke"
    return SeatChange(
        f"{escape(representative.name)} {verb} for {escape(agency.name)}. Someone from {escape(agency.name)} has to "
        f"confirm that {escape(person.name)} takes over. They have been asked.",
        waits=True,
    )


def decide_request(session: Session, caller: Caller, request_id: int, now: datetime, *, confirms: bool) -> str:
    """Confirm or decline a request, tell the person it is about, and return the answer.

    Raise `Refusal` if the request does not exist, the caller may not decide it, or the agency has ended.
    """
    membership_request = membership_requests.lock(session, caller.consortium.id, request_id)
    if membership_request is None:
        raise Refusal("This request no longer exists.")
    agency = session.get_one(Agency, membership_request.agency_id)
    _check_may_decide(session, caller, membership_request, agency, now)
    name = escape(membership_request.name)
    if membership_request.state is not RequestState.OPEN:
        return _already_decided(session, membership_request)
    if agency.ended_at is not None and confirms:
        raise Refusal(f"{escape(agency.name)} has ended, so nobody can join it.")
    membership_request.state = RequestState.CONFIRMED if confirms else RequestState.DECLINED
    membership_request.decided_by = caller.person.id
    if confirms:
        seats.assign(session, caller.consortium, _person(membership_request), agency, membership_request.seat, now)
    deed = membership_request.state.value
    audit.record(session, caller.consortium.id, caller.person.id, deed, membership_request.name, now)
    _tell_person(session, caller, membership_request, agency, now)
    if not confirms:
        return f"Declined. {name} has been told."
    if membership_request.kind is RequestKind.SEAT:
        return f"{name} is now the {membership_request.seat.value} of {escape(agency.name)}."
    return f"{name} now belongs to {escape(agency.name)}."


def _check_may_decide(
    session: Session, caller: Caller, membership_request: MembershipRequest, agency: Agency, now: datetime
) -> None:
    is_own_agency = caller.person.agency_id == agency.id
    if membership_request.kind is RequestKind.SEAT:
        is_about_caller = caller.user_id == membership_request.user_id and membership_request.team_id in {
            caller.home,
            caller.workspace,
        }
        replaced = replaced_representative(session, agency, None)
        may_confirm = is_own_agency if replaced is None else _may_confirm(caller.person, agency, replaced, now)
        if not may_confirm or is_about_caller:
            raise Refusal(f"Someone else from {escape(agency.name)} has to confirm its new representative.")
    elif not (caller.facilitates or (is_own_agency and caller.person.seat is Seat.REPRESENTATIVE)):
        raise Refusal(f"Only a facilitator or the representative of {escape(agency.name)} can confirm this.")


def _already_decided(session: Session, membership_request: MembershipRequest) -> str:
    """Return a sentence about a request that is no longer open: decided, or replaced by a newer one."""
    name = escape(membership_request.name)
    if membership_request.decided_by is None:
        return f"A newer request has already replaced this one for {name}."
    decider = session.get_one(Member, membership_request.decided_by)
    return f"{escape(decider.name)} has already {membership_request.state.value} the request of {name}."


def _person(membership_request: MembershipRequest) -> Person:
    return Person(
        membership_request.team_id,
        membership_request.user_id,
        membership_request.name,
        membership_request.email,
        membership_request.zone,
        bot=False,
        deleted=False,
    )


def _tell_person(
    session: Session, caller: Caller, membership_request: MembershipRequest, agency: Agency, now: datetime
) -> None:
    outbox.queue(
        session,
        team_id=caller.workspace,
        channel=membership_request.user_id,
        body=views.request_decided(membership_request, agency.name, caller.person.name),
        about=f"the answer to {membership_request.name}",
        now=now,
        consortium_id=caller.consortium.id,
    )
