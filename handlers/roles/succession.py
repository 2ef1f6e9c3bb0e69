"""Who could follow in a role, which rotates over the agencies."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from handlers.load import rules as load_rules
from handlers.load.snapshot import consortium_today
from handlers.roles import rules
from handlers.roles.rules import Candidate
from handlers.roles.views import Turn
from storage import agencies, load, members, roles
from storage.consortia import Consortium
from storage.roles import Role
from storage.vocabulary import MemberId


def agencies_in_turn(
    session: Session, consortium: Consortium, role: Role, now: datetime, *, by_load: bool
) -> list[Turn]:
    """Return the agencies whose people could follow in a role, in turn, without the present holder.

    With `by_load`, the people with the least work come first, which only facilitators may see. Otherwise the alphabet
    decides, so that nobody learns of other people's work.
    """
    people = _candidates(session, consortium, role, now, by_load=by_load)
    names = agencies.all_by_id(session, consortium.id)
    ordered = rules.in_turn(people, roles.last_terms_by_agency(session, consortium.id, role.title))
    first_place: dict[int, int] = {}
    for place, person in enumerate(ordered):
        first_place.setdefault(person.agency_id, place)
    ordered.sort(key=lambda person: first_place[person.agency_id])
    return [
        Turn(names[agency_id].name, [person.name for person in group])
        for agency_id, group in groupby(ordered, key=lambda person: person.agency_id)
    ]


def _candidates(
    session: Session, consortium: Consortium, role: Role, now: datetime, *, by_load: bool
) -> Sequence[Candidate]:
    """Return the people of agencies who are not away, without the role's holder."""
    loads = _loads(session, consortium, now) if by_load else {}
    heads = members.members_with_agencies(session, consortium.id)
    named = members.by_ids(session, [member for member, _ in heads])
    away = {member.id for member in named.values() if member.away_until is not None and member.away_until > now}
    return [
        Candidate(member, named[member].name, agency, loads.get(member, 0.0))
        for member, agency in heads
        if member != role.member_id and member not in away
    ]


def _loads(session: Session, consortium: Consortium, now: datetime) -> dict[MemberId, float]:
    """Map people to the hours of their open work and roles."""
    until = consortium_today(consortium, now) + load_rules.LOAD_PERIOD
    loads = {
        held.owner_id: held.near
        for held in load.open_work_by_owner(session, consortium.id, until)
        if held.owner_id is not None
    }
    for role in roles.list_current(session, consortium.id):
        loads[role.member_id] = loads.get(role.member_id, 0.0) + role.hours
    return loads
