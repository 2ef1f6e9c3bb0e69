"""Membership requests: whom they ask, how they end, and who is told."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import replacements
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.replacements import Replacement
from handlers.kit.representation import Named
from handlers.kit.text import escape, join_names
from handlers.members import seat_views
from handlers.members.seat_views import Place
from storage import members, membership_requests, outbox
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.vocabulary import AgencyId, RequestKind, RequestState, Seat


def ask_to_join(session: Session, caller: Caller, person: Person, agency: Agency, now: datetime) -> str:
    """Ask everybody who can admit a person to an agency; return the answer."""
    consortium = caller.consortium
    membership_request = _add(session, consortium, RequestKind.JOIN, person, agency, Seat.MEMBER, None, now)
    known = members.find(session, consortium.id, person.team_id, person.user_id, person.teams)
    asked = replacements.admitters(session, known, agency, now)
    would_speak = replacements.find_joining(session, known, agency, now) is not None
    for member in asked:
        body = seat_views.join_request(membership_request, agency.name, would_speak=would_speak)
        queue_direct_message(session, caller.workspace, member, body, f"the request of {person.name}", now)
    names = join_names([escape(member.name) for member in asked[:3]], "or") or "a facilitator"
    return f"You have asked to join {escape(agency.name)}. {names} can confirm it, and I will tell you."


def ask_agencies(
    session: Session,
    caller: Caller,
    person: Person,
    agency: Agency,
    seat: Seat,
    found: Sequence[Replacement],
    now: datetime,
) -> str:
    """Ask the agencies whose speakers a change would replace; return what the facilitator reads.

    Where the word of the facilitator is enough for one of them, that word is kept, and nobody there is asked.
    """
    consortium, wanted = caller.consortium, Place(agency, seat)
    membership_request = _add(session, consortium, RequestKind.SEAT, person, agency, seat, caller.person, now)
    unconfirmed = []
    for replacement in found:
        if replacement.may_be_confirmed_by(caller.person):
            membership_requests.confirm_for(
                session, membership_request.id, replacement.agency.id, caller.person.id, now
            )
        else:
            unconfirmed.append(replacement)
    for replacement in unconfirmed:
        about = f"a change of who speaks for {replacement.agency.name}"
        asked = {member.id: member for member in replacement.confirmers}
        if replacement.gives_up and replacement.member is not None:
            asked[replacement.member.id] = replacement.member
        for member in asked.values():
            own = replacement.member is not None and member.id == replacement.member.id
            body = seat_views.seat_request(membership_request, replacement, wanted, caller.person.name, own=own)
            queue_direct_message(session, caller.workspace, member, body, about, now)
    waiting = [seat_views.waits(escape(person.name), replacement, wanted) for replacement in unconfirmed]
    return f"{' '.join(waiting)} They have been asked, and I will tell you what they answer."


def _add(
    session: Session,
    consortium: Consortium,
    kind: RequestKind,
    person: Person,
    agency: Agency,
    seat: Seat,
    asker: Member | None,
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
        asked_by=asker.id if asker is not None else None,
    )
    session.add(membership_request)
    session.flush()
    return membership_request


def person_of(membership_request: MembershipRequest) -> Person:
    """Return the person whom a request is about."""
    return Person(
        membership_request.team_id,
        membership_request.user_id,
        membership_request.name,
        membership_request.email,
        membership_request.zone,
        bot=False,
        deleted=False,
    )


def tell_person(
    session: Session, workspace: str, membership_request: MembershipRequest, body: dict[str, object], now: datetime
) -> None:
    """Queue a direct message to the person whom a request is about, member or not."""
    outbox.queue(
        session,
        team_id=workspace,
        channel=membership_request.user_id,
        body=body,
        about=f"the answer to {membership_request.name}",
        now=now,
        consortium_id=membership_request.consortium_id,
    )


def tell_asker(
    session: Session, workspace: str, membership_request: MembershipRequest, body: dict[str, object], now: datetime
) -> None:
    """Queue a direct message to the facilitator who made a request, if there is one."""
    if membership_request.asked_by is not None:
        asker = session.get_one(Member, membership_request.asked_by)
        about = f"the answer about {membership_request.name}"
        queue_direct_message(session, workspace, asker, body, about, now)


# ends without a decision -------------------------------------------------------------------------------


def end_about(
    session: Session,
    workspace: str,
    open_requests: Iterable[MembershipRequest],
    why: str,
    now: datetime,
    by: Member | None,
) -> None:
    """End requests that something has overtaken, and tell the people who made them. `by` did it, and knows.

    `why` is a sentence.
    """
    for membership_request in open_requests:
        membership_request.state = RequestState.ENDED
        agency = session.get_one(Agency, membership_request.agency_id)
        body = seat_views.request_ended(membership_request, Place(agency, membership_request.seat), why)
        if by is None or membership_request.asked_by != by.id:
            tell_asker(session, workspace, membership_request, body, now)


@contextmanager
def ending_void(
    session: Session, consortium: Consortium, workspace: str, now: datetime, by: Member | None
) -> Iterator[None]:
    """End the requests to change a seat that are void once people are placed within this block.

    They are if somebody else has that seat now, or if others are named for an agency that has given its word: it gave
    it for the people who were named then.
    """
    waiting = membership_requests.list_open(session, consortium.id, RequestKind.SEAT)
    given = {each.id: membership_requests.confirmed_for(session, each.id) for each in waiting}
    concerned = {each.agency_id for each in waiting}.union(*given.values())
    before = _named(session, concerned)
    yield
    after = _named(session, concerned)
    for each in waiting:
        changed = {key for key in given[each.id] if before[key] != after[key]}
        holder = after[each.agency_id].holder(each.seat)
        if holder is not None and holder != before[each.agency_id].holder(each.seat):
            changed.add(each.agency_id)
        if changed and each.state is RequestState.OPEN:
            names = join_names([escape(session.get_one(Agency, key).name) for key in sorted(changed)])
            why = f"Who speaks for {names} has changed since. If you still want it, ask again."
            end_about(session, workspace, [each], why, now, by)


def _named(session: Session, agency_ids: Collection[AgencyId]) -> dict[AgencyId, Named]:
    found = members.representatives(session, agency_ids) if agency_ids else {}
    return {agency_id: Named.of(pair) for agency_id, pair in found.items()}


def end_for(session: Session, caller: Caller, agency: Agency, why: str, now: datetime) -> None:
    """End the open requests for a place in an agency, and tell the people who made them."""
    waiting = membership_requests.list_open_for(session, caller.consortium.id, agency.id)
    end_about(session, caller.workspace, waiting, why, now, caller.person)
    for membership_request in waiting:
        if membership_request.kind is RequestKind.JOIN:
            body = seat_views.request_ended(membership_request, Place(agency, Seat.MEMBER), why)
            tell_person(session, caller.workspace, membership_request, body, now)


def end_of_former(session: Session, consortium: Consortium, workspace: str, member: Member, now: datetime) -> None:
    """End the open requests about a person who has left, and tell the facilitators who made them."""
    waiting = membership_requests.list_open_about(session, consortium.id, {member.team_id}, member.user_id)
    end_about(session, workspace, waiting, f"{escape(member.name)} has left.", now, None)
