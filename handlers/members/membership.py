"""Places in agencies: who joins, who is named, and who has to confirm it. All ways of placing people pass here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import replacements, representation
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, join_names
from handlers.members import requests, seat_views, seats
from handlers.members.seat_views import Place
from storage import agencies, audit, consortia, members, membership_requests, notices
from storage.agencies import Agency
from storage.members import Member
from storage.membership_requests import MembershipRequest
from storage.notices import NewNotice
from storage.vocabulary import Departure, NoticeKind, RequestKind, RequestState, Seat

# joining -----------------------------------------------------------------------------------------------


def request_to_join(session: Session, caller: Caller, person: Person, agency: Agency, now: datetime) -> str:
    """Add a person to an agency, or ask for confirmation; return the answer.

    Nobody has to confirm facilitators and people whose email domain belongs to the agency, unless they would speak for
    it. Raise `Refusal` if the person already belongs to the agency or has already asked.
    """
    consortium = caller.consortium
    consortia.lock(session, consortium.id)
    if caller.member is not None and caller.member.agency_id == agency.id:
        raise Refusal(f"You already belong to {escape(agency.name)}. `/consortium who` shows who else does.")
    agency_of_domain = agencies.find_by_email(session, consortium.id, person.email)
    known = members.find(session, consortium.id, person.team_id, person.user_id, person.teams)
    was_removed = known is not None and known.left_at is not None and known.departure is Departure.REMOVED
    would_speak = replacements.find_joining(session, known, agency, now) is not None
    if agency_of_domain is not None and agency_of_domain.id == agency.id and not (was_removed or would_speak):
        change = _join(session, caller, person, agency, now)
        audit.record(session, consortium.id, None, "joined by e-mail domain", person.name, now)
        tail = _tell_facilitators(session, caller, change, now)
        return f"Welcome. Your email address belongs to {escape(agency.name)}, so you have joined it.{tail}"
    if caller.facilitates and not would_speak:
        change = _join(session, caller, person, agency, now)
        _tell_speakers(session, caller, change, now)
        audit.record(session, consortium.id, caller.person.id, "joined", agency.name, now)
        return f"You now belong to {escape(agency.name)}.{_tell_facilitators(session, caller, change, now)}"
    earlier = membership_requests.find_open(session, consortium.id, person.team_id, person.user_id, RequestKind.JOIN)
    if earlier is not None:
        if earlier.agency_id == agency.id:
            raise Refusal(f"You have already asked to join {escape(agency.name)}. Nobody has confirmed it yet.")
        requests.close(session, earlier, RequestState.ENDED)
    return requests.ask_to_join(session, caller, person, agency, now)


def _join(session: Session, caller: Caller, person: Person, agency: Agency, now: datetime) -> "_Change":
    with seats.changing(session, caller.consortium, now):
        return _place(session, caller, person, Place(agency, Seat.MEMBER), now)


# seats -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeatChange:
    """What happened when a person was given a place. `waits` means that an agency has to confirm it first."""

    sentence: str
    waits: bool = False


def assign_seat(
    session: Session, caller: Caller, person: Person, agency: Agency, seat: Seat, now: datetime
) -> SeatChange:
    """Give a person a seat in an agency, as `place_in_seat` does, and update what is open."""
    with seats.changing(session, caller.consortium, now):
        return place_in_seat(session, caller, person, agency, seat, now)


def place_in_seat(
    session: Session,
    caller: Caller,
    person: Person,
    agency: Agency,
    seat: Seat,
    now: datetime,
    *,
    greets: bool = True,
) -> SeatChange:
    """Give a person a seat in an agency, and tell them. Call it within `seats.changing`.

    Where this replaces who speaks for an agency, the agency is asked first (`replacements`). With `greets` off, a
    newcomer who only becomes a member is not told.
    """
    consortium = caller.consortium
    consortia.lock(session, consortium.id)
    member = members.find(session, consortium.id, person.team_id, person.user_id, person.teams)
    if _unconfirmed(session, caller, member, agency, seat, now):
        return SeatChange(_ask(session, caller, person, Place(agency, seat), now), waits=True)
    wanted = Place(agency, seat)
    change = _place(session, caller, person, wanted, now)
    if not change.is_new:
        return SeatChange(f"{escape(person.name)} is already {wanted.title}.")
    audit.record(session, consortium.id, caller.person.id, f"named {seat.value}", person.name, now)
    entered = f"{escape(caller.person.name)} has entered this, and can change it."
    if greets or change.before.agency is not None or seat is not Seat.MEMBER:
        _tell_affected(session, caller, change, entered, now)
    _tell_speakers(session, caller, change, now)
    tail = _tell_facilitators(session, caller, change, now)
    return SeatChange(f"{_is_now(caller, change)} {wanted.title}.{tail}")


def _ask(session: Session, caller: Caller, person: Person, wanted: Place, now: datetime) -> str:
    """Ask the agencies whose speakers a place replaces, in place of what was asked about that before."""
    if wanted.agency is None:
        raise ValueError("nobody is asked whether a person leaves the consortium")
    homes = {person.team_id, *person.teams}
    earlier = membership_requests.list_open_about(session, caller.consortium.id, homes, person.user_id)
    seat_requests = [each for each in earlier if each.kind is RequestKind.SEAT]
    why = "Another request has replaced it."
    requests.end_about(session, caller.workspace, seat_requests, why, now, caller.person)
    member = members.find(session, caller.consortium.id, person.team_id, person.user_id, person.teams)
    found = replacements.find(session, member, wanted.agency, wanted.seat, now)
    return requests.ask_agencies(session, caller, person, wanted.agency, wanted.seat, found, now)


def put_back(
    session: Session, caller: Caller, person: Person, place: Place, now: datetime, *, asks: bool
) -> SeatChange | None:
    """Give a person the place back that an import changed, and tell them. Call it within `seats.changing`.

    Where that replaces who speaks for an agency, the agency is asked, and what waits for it is returned; with `asks`
    off, because several places belong together, raise `Refusal` instead.
    """
    consortium = caller.consortium
    member = members.find(session, consortium.id, person.team_id, person.user_id, person.teams)
    if asks and place.agency is not None:
        if _unconfirmed(session, caller, member, place.agency, place.seat, now, undoing=True):
            return SeatChange(_ask(session, caller, person, place, now), waits=True)
    else:
        check_may_undo(session, caller, member, place, now)
    change = _place(session, caller, person, place, now)
    _tell_affected(session, caller, change, seat_views.undone_by(caller.person.name), now)
    return None


def check_may_undo(session: Session, caller: Caller, member: Member | None, place: Place, now: datetime) -> None:
    """Raise `Refusal` if taking back a person's place replaces who speaks for an agency."""
    for replacement in _unconfirmed(session, caller, member, place.agency, place.seat, now, undoing=True):
        named = escape(member.name) if member is not None else "this person"
        raise Refusal(f"{escape(replacement.agency.name)} has to confirm a change of the place of {named}.")


def check_may_remove(session: Session, caller: Caller, member: Member, now: datetime) -> None:
    """Raise `Refusal` if a person speaks for an agency, which has to confirm it before they are removed.

    This is the rule for moving them to another agency, also where nobody is named and everybody speaks.
    """
    for replacement in _unconfirmed(session, caller, member, None, Seat.MEMBER, now):
        raise Refusal(seat_views.not_removed(member, replacement))


def _unconfirmed(
    session: Session,
    caller: Caller,
    member: Member | None,
    agency: Agency | None,
    seat: Seat,
    now: datetime,
    *,
    undoing: bool = False,
) -> list[replacements.Replacement]:
    """List the replacements for which the caller's own word is not enough."""
    found = replacements.find(session, member, agency, seat, now, undoing=undoing)
    return [replacement for replacement in found if not replacement.may_be_confirmed_by(caller.person)]


# carrying out, and telling everybody concerned ---------------------------------------------------------


@dataclass(frozen=True)
class _Change:
    """A place that was given.

    `successor_of` had the seat before. `vacant` are agencies that have lost their representative, or their last
    person; each comes with whether nobody belongs to it any more.
    """

    member: Member
    before: Place
    now: Place
    successor_of: Member | None
    vacant: Sequence[tuple[Agency, bool]]

    @property
    def is_new(self) -> bool:
        """Whether the person had another place, or none, before."""
        return (self.before.agency, self.before.seat) != (self.now.agency, self.now.seat)


def _place(
    session: Session,
    caller: Caller,
    person: Person,
    wanted: Place,
    now: datetime,
    apart_from: MembershipRequest | None = None,
) -> _Change:
    """Place a person whom nobody has to confirm any more. End what was asked about them, but for one request."""
    consortium, agency = caller.consortium, wanted.agency
    member = members.find(session, consortium.id, person.team_id, person.user_id, person.teams)
    before = requests.place_of(session, member)
    affected = {each.id: each for each in (before.agency, agency) if each is not None}
    if before.agency is None and wanted.seat is Seat.MEMBER:
        affected = {}
    named = members.representatives(session, list(affected)) if affected else {}
    with requests.ending_void(session, consortium, caller.workspace, now, caller.member):
        placed = seats.place(session, consortium, person, agency, wanted.seat, now)
        after = members.representatives(session, list(affected)) if affected else {}
        vacant = []
        for key, (representative, _) in named.items():
            is_lost = representative is not None and after[key][0] is None
            is_empty = not members.members_of_agency(session, key)
            # an agency that has ended has nobody to represent it, and needs nobody
            if affected[key].ended_at is None and (is_lost or is_empty):
                vacant.append((affected[key], is_empty))
        holder = _holder(named.get(agency.id, (None, None)), wanted.seat) if agency is not None else None
        successor_of = holder if holder is not None and holder.id != placed.id else None
        change = _Change(placed, before, wanted, successor_of, vacant)
        _end_overtaken(session, caller, change, person, now, apart_from)
    return change


def _holder(pair: tuple[Member | None, Member | None], seat: Seat) -> Member | None:
    return {Seat.REPRESENTATIVE: pair[0], Seat.ALTERNATE: pair[1]}.get(seat)


def _end_overtaken(
    session: Session,
    caller: Caller,
    change: _Change,
    person: Person,
    now: datetime,
    apart_from: MembershipRequest | None,
) -> None:
    """End what was asked about a person before their new place, and what happened already to whoever had it."""
    homes = {person.team_id, *person.teams}
    about = membership_requests.list_open_about(session, caller.consortium.id, homes, person.user_id)
    moved = change.before.agency is not change.now.agency
    overtaken = [each for each in about if each is not apart_from] if change.is_new else []
    displaced = change.successor_of
    if displaced is not None:
        others = membership_requests.list_open_about(
            session, caller.consortium.id, {displaced.team_id}, displaced.user_id
        )
        overtaken += [each for each in others if (each.agency_id, each.seat) == (displaced.agency_id, displaced.seat)]
    why = f"{escape(change.member.name)} is now {change.now.title}."
    requests.end_about(session, caller.workspace, overtaken, why, now, caller.member)
    for each in overtaken:
        # who goes to another agency hears of that instead
        if each.kind is RequestKind.JOIN and not moved:
            body = seat_views.request_ended(each, Place(session.get_one(Agency, each.agency_id), each.seat), "")
            requests.tell_person(session, caller.workspace, each, body, now)


def _tell_affected(session: Session, caller: Caller, change: _Change, by: str, now: datetime) -> None:
    """Tell a person about their new place, and whoever had it before. Who made the change reads the answer."""
    member, previous = change.member, change.successor_of
    if change.is_new and member.id != caller.person.id:
        body = seat_views.placed(change.before, change.now, by)
        queue_direct_message(session, caller.workspace, member, body, "news of their place", now)
    if previous is not None and previous.id != caller.person.id:
        body = seat_views.succeeded(member.name, change.now, by)
        queue_direct_message(session, caller.workspace, previous, body, "news of their place", now)


def _tell_speakers(session: Session, caller: Caller, change: _Change, now: datetime) -> None:
    """Tell those who are named for an agency that somebody has come to it; not on the day on which it was founded."""
    agency, member = change.now.agency, change.member
    if agency is None or agency is change.before.agency or representation.from_the_beginning(now, agency.created_at):
        return
    by = caller.member.id if caller.member is not None else None
    for speaker in members.representatives(session, [agency.id])[agency.id]:
        if speaker is not None and speaker.id not in {member.id, by}:
            key = f"arrival/{member.id}/{int(now.timestamp())}/{speaker.id}"
            about = (NoticeKind.ARRIVAL, key, member.id)
            notices.add(session, NewNotice(agency.consortium_id, speaker.id, caller.workspace, *about, due_at=now))


def _tell_facilitators(
    session: Session, caller: Caller, change: _Change, now: datetime, told: Member | None = None
) -> str:
    """Tell the facilitators about agencies that have lost their representative; return it for the answer."""
    sentences = _vacancies(change)
    for facilitator in members.facilitators(session, caller.consortium.id) if sentences else ():
        if facilitator.id not in {caller.person.id if caller.member else None, told.id if told else None}:
            body = seat_views.lost_representative(change.member.name, change.now, sentences)
            queue_direct_message(session, caller.workspace, facilitator, body, "news of who represents an agency", now)
    if not sentences or (caller.member is not None and caller.facilitates):
        return f" {sentences}" if sentences else ""
    names = join_names([escape(agency.name) for agency, _ in change.vacant])
    return f" The facilitators have been told that nobody represents {names} now."


def _vacancies(change: _Change) -> str:
    return " ".join(seat_views.without_representative(agency, empty=empty) for agency, empty in change.vacant)


# deciding requests -------------------------------------------------------------------------------------


def decide_request(session: Session, caller: Caller, request_id: int, now: datetime, *, confirms: bool) -> str:
    """Confirm or decline a request, tell everybody concerned, and return the answer.

    Raise `Refusal` if the request does not exist, the caller may not decide it, or the agency has ended.
    """
    # first, because the seat that may be given needs this lock, and it comes before the one of the request
    consortia.lock(session, caller.consortium.id)
    membership_request = membership_requests.lock(session, caller.consortium.id, request_id)
    if membership_request is None:
        raise Refusal("This request no longer exists.")
    agency = session.get_one(Agency, membership_request.agency_id)
    if membership_request.kind is RequestKind.JOIN:
        _check_may_admit(session, caller, membership_request, agency, now)
    if membership_request.state is not RequestState.OPEN:
        return requests.how_it_ended(session, membership_request, agency)
    waiting = _waiting(session, caller, membership_request, agency, now)
    if agency.ended_at is not None and confirms:
        raise Refusal(f"{escape(agency.name)} has ended, so nobody can join it.")
    if confirms:
        for replacement in waiting:
            if replacement.may_be_confirmed_by(caller.person):
                membership_requests.confirm_for(
                    session, membership_request.id, replacement.agency.id, caller.person.id, now
                )
        rest = [replacement for replacement in waiting if not replacement.may_be_confirmed_by(caller.person)]
        if rest:
            names = " and ".join(escape(replacement.agency.name) for replacement in rest)
            return f"You have confirmed it. Someone from {names} has to confirm it too."
    state = RequestState.CONFIRMED if confirms else RequestState.DECLINED
    requests.close(session, membership_request, state, caller.person)
    deed = membership_request.state.value
    audit.record(session, caller.consortium.id, caller.person.id, deed, membership_request.name, now)
    if not confirms:
        return _decline(session, caller, membership_request, agency, now)
    return _carry_out(session, caller, membership_request, agency, now)


def _check_may_admit(
    session: Session, caller: Caller, membership_request: MembershipRequest, agency: Agency, now: datetime
) -> None:
    member = members.find(session, caller.consortium.id, membership_request.team_id, membership_request.user_id)
    may = replacements.admitters(session, member, agency, now)
    if caller.person.id not in {who.id for who in may}:
        raise Refusal(seat_views.not_admitted(agency.name, by_facilitators=any(who.facilitator for who in may)))


def _waiting(
    session: Session, caller: Caller, membership_request: MembershipRequest, agency: Agency, now: datetime
) -> list[replacements.Replacement]:
    """List the agencies that have not confirmed a request to change a seat. Raise `Refusal` if the caller cannot."""
    if membership_request.kind is RequestKind.JOIN:
        return []
    member = members.find(session, caller.consortium.id, membership_request.team_id, membership_request.user_id)
    given = membership_requests.confirmed_for(session, membership_request.id)
    found = replacements.find(session, member, agency, membership_request.seat, now)
    waiting = [replacement for replacement in found if replacement.agency.id not in given]
    may = any(replacement.may_be_confirmed_by(caller.person) for replacement in waiting)
    # where it replaces nobody any more, the agency's people still decide what they were asked
    if not may and (waiting or caller.person.agency_id != agency.id):
        names = " or ".join(escape(replacement.agency.name) for replacement in waiting) or escape(agency.name)
        raise Refusal(f"Someone else from {names} has to confirm who speaks for it.")
    return waiting


def _decline(
    session: Session, caller: Caller, membership_request: MembershipRequest, agency: Agency, now: datetime
) -> str:
    name, wanted = escape(membership_request.name), Place(agency, membership_request.seat)
    by = caller.person.name
    if membership_request.kind is RequestKind.JOIN:
        requests.tell_person(session, caller.workspace, membership_request, seat_views.not_joined(agency.name, by), now)
        return f"Declined. {name} has been told."
    if caller.user_id != membership_request.user_id:
        body = seat_views.outcome(membership_request, wanted, by, "", own=True)
        requests.tell_person(session, caller.workspace, membership_request, body, now)
    if not _asked_for_themselves(session, membership_request):
        body = seat_views.outcome(membership_request, wanted, by, "", own=False)
        requests.tell_asker(session, caller.workspace, membership_request, body, now)
    return f"Declined. Nothing has changed, and {_asker_name(session, membership_request)} has been told."


def _asked_for_themselves(session: Session, membership_request: MembershipRequest) -> bool:
    asker = session.get(Member, membership_request.asked_by) if membership_request.asked_by is not None else None
    return asker is not None and asker.user_id == membership_request.user_id


def _asker_name(session: Session, membership_request: MembershipRequest) -> str:
    asker = membership_request.asked_by
    return escape(session.get_one(Member, asker).name) if asker is not None else escape(membership_request.name)


def _carry_out(
    session: Session, caller: Caller, membership_request: MembershipRequest, agency: Agency, now: datetime
) -> str:
    name, by = escape(membership_request.name), caller.person.name
    wanted = Place(agency, membership_request.seat)
    person = requests.person_of(membership_request)
    with seats.changing(session, caller.consortium, now):
        change = _place(session, caller, person, wanted, now, apart_from=membership_request)
    if membership_request.kind is RequestKind.JOIN:
        _tell_speakers(session, caller, change, now)
    asker = session.get(Member, membership_request.asked_by) if membership_request.asked_by is not None else None
    tail = _tell_facilitators(session, caller, change, now, told=asker)
    if membership_request.kind is RequestKind.JOIN:
        requests.tell_person(session, caller.workspace, membership_request, seat_views.joined(agency.name, by), now)
        return f"{name} now belongs to {escape(agency.name)}.{tail}"
    asked = f"{escape(asker.name)} asked for it, and " if asker is not None else ""
    _tell_affected(session, caller, change, f"{asked}{escape(by)} has confirmed it.", now)
    if asker is None or asker.id != change.member.id:
        body = seat_views.outcome(membership_request, wanted, by, _vacancies(change), own=False)
        requests.tell_asker(session, caller.workspace, membership_request, body, now)
    return f"{_is_now(caller, change)} {wanted.title}.{tail}"


def _is_now(caller: Caller, change: _Change) -> str:
    """Return the beginning of a sentence about a new place, as it is said to the caller."""
    return "You are now" if change.member.id == caller.person.id else f"{escape(change.member.name)} is now"
