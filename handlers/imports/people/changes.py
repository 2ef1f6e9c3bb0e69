"""Change agencies and the places of people as an import says, and undo it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from handlers.imports.plans import Plan
from handlers.kit.callers import Caller
from handlers.kit.directory import Person
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape
from handlers.members import membership, requests, seat_views, seats
from handlers.members.agencies import check_name_is_free
from handlers.members.seat_views import Place
from storage import agencies, load, members, membership_requests, notices
from storage.agencies import Agency
from storage.members import Member
from storage.vocabulary import Language, MemberId, RequestKind, RequestState, Seat

# carrying out ------------------------------------------------------------------------------------------


def together(session: Session, caller: Caller, now: datetime) -> AbstractContextManager[None]:
    """Update what is open once after the rows that are carried out or undone within."""
    return seats.changing(session, caller.consortium, now)


def carry_out(session: Session, caller: Caller, plan: Plan, now: datetime) -> Plan:
    """Add or change the agency of a row, or place its person. Raise `Refusal` if that is no longer possible."""
    if "person" in plan:
        return _place(session, caller, plan, now)
    load.schedule_check(session, caller.consortium.id, now)
    if "name" in plan:
        return _add_agency(session, caller, plan, now)
    agency = _agency_by_id(session, caller, plan["agency"])
    if agency is None or agency.ended_at is not None:
        raise Refusal("This agency has ended since the preview.")
    if _values(agency) != plan["before"]:
        raise Refusal(f"Somebody has changed {escape(agency.name)} since the preview.")
    _check_domain_free(session, caller, plan["after"]["domain"], agency)
    agency.weight, agency.domain = plan["after"]["weight"], plan["after"]["domain"]
    return {"agency": agency.id, "before": plan["before"], "after": plan["after"]}


def _add_agency(session: Session, caller: Caller, plan: Plan, now: datetime) -> Plan:
    if _agency_by_name(session, caller, plan["name"]) is not None:
        raise Refusal(f"Somebody has added {escape(plan['name'])} since the preview.")
    check_name_is_free(session, caller, plan["name"])
    _check_domain_free(session, caller, plan["after"]["domain"])
    agency = agencies.add(
        session,
        caller.consortium.id,
        plan["name"],
        now,
        weight=plan["after"]["weight"],
        domain=plan["after"]["domain"],
    )
    return {"agency": agency.id, "before": None, "after": plan["after"]}


def _check_domain_free(session: Session, caller: Caller, domain: str | None, own: Agency | None = None) -> None:
    """Raise `Refusal` if another agency uses an email domain."""
    owner = agencies.find_by_domain(session, caller.consortium.id, domain)
    if owner is not None and owner is not own:
        raise Refusal(f"{escape(owner.name)} already uses the email domain {escape(domain or '')}.")


def _place(session: Session, caller: Caller, plan: Plan, now: datetime) -> Plan:
    known = plan.get("agency_id")
    named = _agency_by_name(session, caller, plan["agency"]) if known is None else None
    agency = named or _agency_by_id(session, caller, known)
    who = plan["person"]
    if agency is None or agency.ended_at is not None:
        raise Refusal(f"{escape(plan['agency'])} is not an agency of the consortium anymore.")
    member = members.find(session, caller.consortium.id, who["team"], who["user"])
    living = member if member is not None and member.left_at is None else None
    seat = _seat_of(living)
    moved = (living.agency_id if living else None) != plan["from"]
    # an earlier line of the same table may already have led there, or given the person's seat to somebody else
    expected = {plan.get("was", seat), plan["seat"], *([Seat.MEMBER.value] if plan.get("displaced") else [])}
    if moved or seat not in expected:
        raise Refusal(f"Somebody has changed the place of {escape(who['name'])} since the preview.")
    waiting = membership_requests.find_open(session, caller.consortium.id, who["team"], who["user"], RequestKind.SEAT)
    if waiting is not None and (waiting.agency_id, waiting.seat.value) == (agency.id, plan["seat"]):
        raise Refusal(f"{escape(who['name'])} already waits for the confirmation of {escape(agency.name)}.")
    affected = _affected(session, agency, living)
    before = {other.id: _place_of(other) for other in affected}
    person = _profile(member) if member is not None else _new_person(who)
    # thousands of greetings at once would hold up everything else that is sent
    change = membership.place_in_seat(session, caller, person, agency, Seat(plan["seat"]), now, greets=False)
    if change.waits:
        asked = membership_requests.find_open(session, caller.consortium.id, who["team"], who["user"], RequestKind.SEAT)
        return {"request": asked.id if asked is not None else 0, "name": who["name"]}
    placed = members.find(session, caller.consortium.id, who["team"], who["user"])
    after = {other.id: _place_of(other) for other in [*affected, *([placed] if placed is not None else [])]}
    changed = {key: after[key] for key in after if after[key] != before.get(key)}
    return {
        "name": who["name"],
        "before": {str(key): before.get(key) for key in changed},
        "after": {str(key): value for key, value in changed.items()},
    }


def _seat_of(member: Member | None) -> str | None:
    return member.seat.value if member is not None else None


_Place = list[int | str | None]
"""The agency and the seat of a member."""


def _affected(session: Session, agency: Agency, member: Member | None) -> list[Member]:
    """Return everybody whose place changes, or may change, when a member takes a seat in an agency."""
    seated = [*members.representatives(session, [agency.id])[agency.id], member]
    return list({other.id: other for other in seated if other is not None}.values())


def _place_of(member: Member) -> _Place:
    return [member.agency_id, member.seat.value]


def _profile(member: Member) -> Person:
    return Person(member.team_id, member.user_id, member.name, member.email, member.zone, bot=False, deleted=False)


def _new_person(who: Mapping[str, str]) -> Person:
    """Return a person who is not a member yet. The next check of profiles adds the address."""
    return Person(who["team"], who["user"], who["name"], None, who["zone"] or "UTC", bot=False, deleted=False)


# undoing -----------------------------------------------------------------------------------------------


def take_back(session: Session, caller: Caller, done: Plan, now: datetime) -> str | None:
    """Undo a row, or return what it waits for. Raise `Refusal` if its agency or its people were changed since."""
    if "request" in done:
        asked = membership_requests.lock(session, caller.consortium.id, done["request"])
        if asked is None or asked.state is not RequestState.OPEN:
            raise Refusal(f"The agency has already answered about {escape(done['name'])}.")
        requests.close(session, asked, RequestState.ENDED)
    elif "agency" in done:
        load.schedule_check(session, caller.consortium.id, now)
        _take_agency_back(session, caller, done, now)
    else:
        return _take_places_back(session, caller, done, now)
    return None


def _take_agency_back(session: Session, caller: Caller, done: Plan, now: datetime) -> None:
    agency = _agency_by_id(session, caller, done["agency"])
    if agency is None or agency.ended_at is not None or _values(agency) != done["after"]:
        raise Refusal("Somebody has changed this agency since.")
    if done["before"] is not None:
        _check_domain_free(session, caller, done["before"]["domain"], agency)
        agency.weight, agency.domain = done["before"]["weight"], done["before"]["domain"]
        return
    if members.members_of_agency(session, agency.id):
        raise Refusal(f"{escape(agency.name)} has people now.")
    try:
        with session.begin_nested():
            session.delete(agency)
    except IntegrityError:
        # something is recorded about it: its history stays
        agency.ended_at = now


def _take_places_back(session: Session, caller: Caller, done: Plan, now: datetime) -> str | None:
    ids = [MemberId(int(key)) for key in done["after"]]
    people = members.lock_members(session, ids)
    for key, place in done["after"].items():
        member = people.get(MemberId(int(key)))
        if member is None or member.left_at is not None or _place_of(member) != place:
            raise Refusal(f"Somebody has changed the place of {escape(member.name if member else done['name'])} since.")
    _check_seats_free(session, caller, done, set(ids))
    # plain members first, so that no seat is held twice on the way
    for key in sorted(done["before"], key=lambda key: _is_seated(done["before"][key])):
        member, before = people[MemberId(int(key))], done["before"][key]
        if before is None:
            membership.check_may_undo(session, caller, member, Place(None, Seat.MEMBER), now)
            _remove(session, caller, member, now)
            continue
        agency = _agency_by_id(session, caller, before[0]) if before[0] is not None else None
        if before[0] is not None and (agency is None or agency.ended_at is not None):
            raise Refusal(f"The former agency of {escape(member.name)} has ended since.")
        alone, place = len(done["before"]) == 1, Place(agency, Seat(before[1]))
        waits = membership.put_back(session, caller, _profile(member), place, now, asks=alone)
        if waits is not None:
            return waits.sentence
    return None


def _check_seats_free(session: Session, caller: Caller, done: Plan, own: set[MemberId]) -> None:
    """Raise `Refusal` if somebody else holds a seat that would be given back: an agency confirms who speaks for it."""
    for before in done["before"].values():
        if before is None or not _is_seated(before):
            continue
        pair = members.representatives(session, [before[0]]).get(before[0], (None, None))
        holder = pair[0] if before[1] == Seat.REPRESENTATIVE.value else pair[1]
        if holder is not None and holder.id not in own:
            agency = _agency_by_id(session, caller, before[0])
            named = escape(agency.name) if agency is not None else "the agency"
            raise Refusal(f"{escape(holder.name)} has been named the {before[1]} of {named} since.")


def _is_seated(place: _Place | None) -> bool:
    return place is not None and place[1] != Seat.MEMBER.value


def _remove(session: Session, caller: Caller, member: Member, now: datetime) -> None:
    """Delete a member who has done nothing yet. Raise `Refusal` if anything is recorded about them.

    Who had a seat was told about it, and is told of this too.
    """
    own = (member.hours_a_month, member.away_until, member.pulse_paused_until)
    switched = (member.facilitator, member.may_be_asked, member.tell_at_once, member.language is not Language.ENGLISH)
    if any(switched) or any(value is not None for value in own):
        raise Refusal(f"{escape(member.name)} has settings of their own by now.")
    name = member.name
    agency = _agency_by_id(session, caller, member.agency_id)
    if member.seat is not Seat.MEMBER:
        body = seat_views.entered_no_more(caller.person.name, agency.name if agency is not None else "an agency")
        queue_direct_message(session, caller.workspace, member, body, "the news of being removed", now)
    notices.delete_waiting_of_member(session, member.id)
    try:
        with session.begin_nested():
            session.delete(member)
    except IntegrityError:
        raise Refusal(f"Something is already recorded about {escape(name)}.") from None


def _agency_by_id(session: Session, caller: Caller, agency_id: int | None) -> Agency | None:
    agency = session.get(Agency, agency_id) if agency_id is not None else None
    return agency if agency is not None and agency.consortium_id == caller.consortium.id else None


def _agency_by_name(session: Session, caller: Caller, name: str) -> Agency | None:
    return agencies.find_by_name(session, caller.consortium.id, name)


def _values(agency: Agency) -> Plan:
    return {"weight": agency.weight, "domain": agency.domain}
