"""Joining an agency, and replacing who speaks for it: asked by one, confirmed by another."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.notices.messages import tell
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, listed
from handlers.members import views
from handlers.members.seats import place
from storage import agencies, audit, members, membership_requests, outbox
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.vocabulary import RequestKind, RequestState, Seat


def ask_to_join(session: Session, caller: Caller, person: Person, agency: Agency, now: datetime) -> str:
    """Ask to join an agency, and say what happens now. Raises Refusal."""
    consortium = caller.consortium
    if caller.member is not None and caller.member.agency_id == agency.id:
        raise Refusal(f"You belong to {escape(agency.name)} already. `/consortium who` shows with whom.")
    known = agencies.by_domain(session, consortium.id, person.email)
    if known is not None and known.id == agency.id:
        place(session, consortium, person, agency, Seat.MEMBER, now)
        audit.note(session, consortium.id, None, "joined by e-mail domain", person.name, now)
        return f"Welcome. Your e-mail address says that you belong to {escape(agency.name)}, so you are in."
    if caller.facilitates:
        place(session, consortium, person, agency, Seat.MEMBER, now)
        audit.note(session, consortium.id, caller.person.id, "joined", agency.name, now)
        return f"You belong to {escape(agency.name)} now."
    waiting = membership_requests.find(session, consortium.id, person.team_id, person.user_id, RequestKind.JOIN)
    if waiting is not None:
        if waiting.agency_id == agency.id:
            raise Refusal(f"You have asked to join {escape(agency.name)} already; it waits to be confirmed.")
        waiting.state = RequestState.DECLINED
    membership_request = _request(session, consortium, RequestKind.JOIN, person, agency, Seat.MEMBER, now)
    asked = _confirmers(session, consortium, agency)
    for member in asked:
        body = views.join_request(membership_request, agency.name)
        tell(session, caller.workspace, member, body, f"the request of {person.name}", now)
    who = listed([escape(member.name) for member in asked[:3]], "or") or "a facilitator"
    return f"You have asked to join {escape(agency.name)}. {who} can confirm it, and you will be told."


def _request(
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


def _confirmers(session: Session, consortium: Consortium, agency: Agency) -> list[Member]:
    """List who can confirm that somebody belongs to an agency: its representative, and the facilitators."""
    first, _ = members.speakers(session, [agency.id])[agency.id]
    people = {m.id: m for m in ([first] if first else [])}
    people |= {m.id: m for m in members.facilitators(session, consortium.id)}
    return list(people.values())


def ask_for_seat(session: Session, caller: Caller, person: Person, agency: Agency, seat: Seat, now: datetime) -> str:
    """Give a person a seat; replacing a representative waits for somebody of that agency. Raises Refusal."""
    consortium = caller.consortium
    holder, _ = members.speakers(session, [agency.id])[agency.id]
    present = members.find(session, consortium.id, person.team_id, person.user_id)
    replaces = seat is Seat.REPRESENTATIVE and holder is not None and (present is None or holder.id != present.id)
    confirmed = caller.person.agency_id == agency.id and (present is None or present.id != caller.person.id)
    if replaces and holder is not None and not confirmed:
        return _ask_agency(session, caller, person, agency, holder, now)
    place(session, consortium, person, agency, seat, now)
    audit.note(session, consortium.id, caller.person.id, f"named {seat.value}", person.name, now)
    what = {Seat.MEMBER: "a member of", Seat.ALTERNATE: "the alternate of"}.get(seat, "the representative of")
    return f"{escape(person.name)} is {what} {escape(agency.name)} now."


def _ask_agency(session: Session, caller: Caller, person: Person, agency: Agency, holder: Member, now: datetime) -> str:
    consortium = caller.consortium
    waiting = membership_requests.find(session, consortium.id, person.team_id, person.user_id, RequestKind.SEAT)
    if waiting is not None:
        waiting.state = RequestState.DECLINED
    membership_request = _request(session, consortium, RequestKind.SEAT, person, agency, Seat.REPRESENTATIVE, now)
    for member in members.of_agency(session, agency.id):
        if (member.team_id, member.user_id) != (person.team_id, person.user_id):
            body = views.seat_request(membership_request, agency.name, holder.name, caller.person.name)
            tell(session, caller.workspace, member, body, f"the new representative of {agency.name}", now)
    return (
        f"{escape(holder.name)} speaks for {escape(agency.name)}. Somebody of {escape(agency.name)} has to confirm "
        f"that {escape(person.name)} takes over; they have been asked."
    )


def decide(session: Session, caller: Caller, request_id: int, now: datetime, *, yes: bool) -> str:
    """Confirm or decline a request, and say what was done. Raises Refusal."""
    membership_request = membership_requests.lock(session, caller.consortium.id, request_id)
    if membership_request is None:
        raise Refusal("This request is not there any more.")
    agency = session.get_one(Agency, membership_request.agency_id)
    _may_decide(caller, membership_request, agency)
    if membership_request.state is not RequestState.OPEN:
        return _decided_already(session, membership_request)
    membership_request.state = RequestState.CONFIRMED if yes else RequestState.DECLINED
    membership_request.decided_by = caller.person.id
    if agency.ended_at is not None and yes:
        raise Refusal(f"{escape(agency.name)} has ended, so nobody can join it.")
    person = Person(
        membership_request.team_id,
        membership_request.user_id,
        membership_request.name,
        membership_request.email,
        membership_request.zone,
        bot=False,
        deleted=False,
    )
    if yes:
        place(session, caller.consortium, person, agency, membership_request.seat, now)
    audit.note(
        session, caller.consortium.id, caller.person.id, membership_request.state.value, membership_request.name, now
    )
    _tell_asker(session, caller, membership_request, agency, now)
    if not yes:
        return f"Declined. {escape(membership_request.name)} has been told."
    if membership_request.kind is RequestKind.SEAT:
        return f"{escape(membership_request.name)} is the representative of {escape(agency.name)} now."
    return f"{escape(membership_request.name)} belongs to {escape(agency.name)} now."


def _decided_already(session: Session, membership_request: MembershipRequest) -> str:
    """Say what became of a request, and by whom."""
    decider = session.get(Member, membership_request.decided_by) if membership_request.decided_by is not None else None
    by = f" by {escape(decider.name)}" if decider is not None else ""
    return f"The request of {escape(membership_request.name)} is {membership_request.state.value} already{by}."


def _may_decide(caller: Caller, membership_request: MembershipRequest, agency: Agency) -> None:
    mine = caller.person.agency_id == agency.id
    if membership_request.kind is RequestKind.SEAT:
        if not mine or (caller.home, caller.user_id) == (membership_request.team_id, membership_request.user_id):
            raise Refusal(f"Somebody else of {escape(agency.name)} confirms who speaks for it.")
    elif not (caller.facilitates or (mine and caller.person.seat is Seat.REPRESENTATIVE)):
        raise Refusal(f"A facilitator or the representative of {escape(agency.name)} confirms this.")


def _tell_asker(
    session: Session, caller: Caller, membership_request: MembershipRequest, agency: Agency, now: datetime
) -> None:
    outbox.put(
        session,
        team_id=caller.workspace,
        channel=membership_request.user_id,
        body=views.request_decided(membership_request, agency.name, caller.person.name),
        about=f"the answer to {membership_request.name}",
        now=now,
        consortium_id=caller.consortium.id,
    )
