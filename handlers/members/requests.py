"""Membership requests: whom they ask, how they end, and who is told."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.kit import replacements
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.replacements import Replacement
from handlers.kit.representation import Named
from handlers.kit.text import escape, join_names
from handlers.members import rules, seat_views
from handlers.members.seat_views import Place
from storage import consortia, live_messages, members, membership_requests, outbox
from storage.agencies import Agency
from storage.balance_inputs import main_workspace
from storage.consortia import Consortium
from storage.live_messages import LiveMessage
from storage.members import Member
from storage.membership_requests import MembershipRequest, RequestQuestion
from storage.vocabulary import AgencyId, ConsortiumId, LiveMessageKind, RequestKind, RequestState, Seat


def ask_to_join(session: Session, caller: Caller, person: Person, agency: Agency, now: datetime) -> str:
    """Ask everybody who can admit a person to an agency; return the answer."""
    consortium = caller.consortium
    membership_request = _add(session, consortium, RequestKind.JOIN, person, agency, Seat.MEMBER, None, now)
    known = members.find(session, consortium.id, person.team_id, person.user_id, person.teams)
    asked = _ask_admitters(session, caller.workspace, membership_request, known, agency, now)
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
    for replacement in found:
        if replacement.may_be_confirmed_by(caller.person):
            membership_requests.confirm_for(
                session, membership_request.id, replacement.agency.id, caller.person.id, now
            )
    unconfirmed = [replacement for replacement in found if not replacement.may_be_confirmed_by(caller.person)]
    _ask_confirmers(session, caller.workspace, membership_request, unconfirmed, wanted, now)
    waiting = [seat_views.waits(escape(person.name), replacement, wanted) for replacement in unconfirmed]
    return f"{' '.join(waiting)} They have been asked, and I will tell you what they answer."


def _ask_admitters(
    session: Session,
    workspace: str,
    membership_request: MembershipRequest,
    person: Member | None,
    agency: Agency,
    now: datetime,
    *,
    again: bool = False,
) -> Sequence[Member]:
    """Ask everybody who can admit a person to an agency; return them."""
    asked = replacements.admitters(session, person, agency, now)
    would_speak = replacements.find_joining(session, person, agency, now) is not None
    body = seat_views.join_request(membership_request, agency.name, would_speak=would_speak, again=again)
    for member in asked:
        _ask(session, workspace, membership_request, member, body, f"the request of {membership_request.name}", now)
    return asked


def _ask_confirmers(
    session: Session,
    workspace: str,
    membership_request: MembershipRequest,
    found: Sequence[Replacement],
    wanted: Place,
    now: datetime,
    *,
    again: bool = False,
) -> Sequence[Member]:
    """Ask everybody who can confirm that others speak for agencies; return them."""
    everybody: list[Member] = []
    asker = _asker(session, membership_request)
    for replacement in found:
        asked = {member.id: member for member in replacement.confirmers}
        if replacement.gives_up and replacement.member is not None:
            asked[replacement.member.id] = replacement.member
        everybody += asked.values()
        for member in asked.values():
            own = replacement.member is not None and member.id == replacement.member.id
            body = seat_views.seat_request(membership_request, replacement, wanted, asker, own=own, again=again)
            about = f"a change of who speaks for {replacement.agency.name}"
            _ask(session, workspace, membership_request, member, body, about, now)
    return everybody


def _ask(
    session: Session,
    workspace: str,
    membership_request: MembershipRequest,
    member: Member,
    body: dict[str, object],
    about: str,
    now: datetime,
) -> None:
    """Queue a question to a member. Its message loses its buttons once the request is settled."""
    where = (workspace, member.user_id)
    live_id = live_messages.create(
        session, membership_request.consortium_id, LiveMessageKind.REQUEST, membership_request.id, where, now
    )
    membership_requests.note_asked(session, membership_request.id, member.id, live_id)
    outbox.queue(
        session,
        team_id=workspace,
        channel=member.user_id,
        body=body,
        about=f"{about} to {member.name}",
        now=now,
        consortium_id=membership_request.consortium_id,
        live_id=live_id,
    )


def _asker(session: Session, membership_request: MembershipRequest) -> str:
    """Return the name of who made a request, which may be about somebody else."""
    by = membership_request.asked_by
    return session.get_one(Member, by).name if by is not None else membership_request.name


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
        look_at=_answer_time(consortium, now),
    )
    session.add(membership_request)
    session.flush()
    return membership_request


def _answer_time(consortium: Consortium, now: datetime) -> datetime:
    return rules.after_answer_time(now, consortium.zone, consortium.quiet_hours)


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


# unanswered --------------------------------------------------------------------------------------------


def follow_up(session: Session, consortium_id: ConsortiumId, request_id: int, now: datetime) -> None:
    """Ask about an unanswered request once more; the next time, tell those who wait that nobody has answered."""
    consortia.lock(session, consortium_id)
    membership_request = membership_requests.lock(session, consortium_id, request_id)
    if membership_request is None or membership_request.look_at is None or membership_request.look_at > now:
        return
    workspace = main_workspace(session, consortium_id)
    consortium, agency = (
        session.get_one(Consortium, consortium_id),
        session.get_one(Agency, membership_request.agency_id),
    )
    person = members.find(session, consortium_id, membership_request.team_id, membership_request.user_id)
    if membership_request.asked_again:
        membership_request.look_at = None
        _tell_unanswered(session, workspace, membership_request, Place(agency, membership_request.seat), now)
        return
    membership_request.asked_again = True
    membership_request.look_at = _answer_time(consortium, now)
    if membership_request.kind is RequestKind.JOIN:
        _ask_admitters(session, workspace, membership_request, person, agency, now, again=True)
        return
    given = membership_requests.confirmed_for(session, membership_request.id)
    found = replacements.find(session, person, agency, membership_request.seat, now)
    waiting = [replacement for replacement in found if replacement.agency.id not in given]
    wanted = Place(agency, membership_request.seat)
    _ask_confirmers(session, workspace, membership_request, waiting, wanted, now, again=True)


def _tell_unanswered(
    session: Session, workspace: str, membership_request: MembershipRequest, wanted: Place, now: datetime
) -> None:
    """Tell whoever asked, and the person concerned, that nobody has answered."""
    asked = {question.member_id for question in membership_requests.questions_about(session, membership_request.id)}
    people = sorted(members.by_ids(session, asked).values(), key=lambda member: member.name)
    living = [member for member in people if member.left_at is None]
    others = [member.name for member in living if member.user_id != membership_request.user_id]
    asker = _asker(session, membership_request)
    body = seat_views.unanswered(membership_request, wanted, asker, others, own=True)
    tell_person(session, workspace, membership_request, body, now)
    if asker != membership_request.name:
        body = seat_views.unanswered(membership_request, wanted, asker, others, own=False)
        tell_asker(session, workspace, membership_request, body, now)


# settled -----------------------------------------------------------------------------------------------


def close(
    session: Session, membership_request: MembershipRequest, state: RequestState, by: Member | None = None
) -> None:
    """Settle a request: whoever was asked reads below the question what became of it. `by` decided, and knows."""
    membership_request.state, membership_request.look_at = state, None
    membership_request.decided_by = by.id if by is not None else None
    for question in membership_requests.questions_about(session, membership_request.id):
        if by is None or question.member_id != by.id:
            live_messages.request_update(session, question.live_id)


def render_question(session: Session, live: LiveMessage) -> dict[str, Any]:
    """Render a question about a request, with what became of it."""
    membership_request = session.get_one(MembershipRequest, live.number)
    question = session.get_one(RequestQuestion, live.id)
    reader = session.get_one(Member, question.member_id)
    agency = session.get_one(Agency, membership_request.agency_id)
    wanted = Place(agency, membership_request.seat)
    own = reader.user_id == membership_request.user_id
    wish = seat_views.wish(membership_request, wanted, _asker(session, membership_request), own=own)
    by = membership_request.decided_by
    decided = f"{escape(session.get_one(Member, by).name)} has {membership_request.state.value} it." if by else ""
    return seat_views.settled(membership_request, wish, decided or how_it_ended(session, membership_request, agency))


def how_it_ended(session: Session, membership_request: MembershipRequest, agency: Agency) -> str:
    """Return a sentence about a request that is no longer open: decided, or overtaken by something else."""
    name = escape(membership_request.name)
    if membership_request.decided_by is not None:
        decider = session.get_one(Member, membership_request.decided_by)
        of = "of" if membership_request.kind is RequestKind.JOIN else "about"
        return f"{escape(decider.name)} has already {membership_request.state.value} the request {of} {name}."
    member = members.find(
        session, membership_request.consortium_id, membership_request.team_id, membership_request.user_id
    )
    place = place_of(session, member)
    if member is not None and place.agency is not None:
        return f"Nobody has to decide this any more: {name} is now {place.title}."
    return f"Nobody has to decide this any more. `/consortium who` shows who belongs to {escape(agency.name)}."


def place_of(session: Session, member: Member | None) -> Place:
    """Return the place of a person: no agency for outsiders and those who have left."""
    if member is None or member.left_at is not None or member.agency_id is None:
        return Place(None, Seat.MEMBER)
    return Place(session.get_one(Agency, member.agency_id), member.seat)


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
        close(session, membership_request, RequestState.ENDED)
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
