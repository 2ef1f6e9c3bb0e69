"""Who could follow in a role: it goes round the agencies."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from handlers.load import rules as balance_rules
from handlers.load.snapshot import day
from handlers.roles import rules
from handlers.roles.rules import Candidate
from handlers.roles.views import Turn
from storage import agencies, load, members, roles
from storage.consortia import Consortium
from storage.roles import Role
from storage.vocabulary import MemberId


def turns(session: Session, consortium: Consortium, role: Role, now: datetime, *, by_load: bool) -> list[Turn]:
    """List the agencies whose people could follow, in turn; who holds the role is left out.

    With `by_load` who carries least is named first, for facilitators; without, the alphabet decides, since nobody
    else learns what others carry.
    """
    people = _candidates(session, consortium, role, now, by_load=by_load)
    names = agencies.every(session, consortium.id)
    ordered = rules.followers(people, roles.last_turns(session, consortium.id, role.title))
    first: dict[int, int] = {}
    for place, one in enumerate(ordered):
        first.setdefault(one.agency_id, place)
    ordered.sort(key=lambda one: first[one.agency_id])
    return [
        Turn(names[agency].name, [one.name for one in theirs])
        for agency, theirs in groupby(ordered, key=lambda one: one.agency_id)
    ]


def _candidates(
    session: Session, consortium: Consortium, role: Role, now: datetime, *, by_load: bool
) -> Sequence[Candidate]:
    loads = _loads(session, consortium, now) if by_load else {}
    heads = members.heads(session, consortium.id)
    named = members.named(session, [member for member, _ in heads])
    away = {one.id for one in named.values() if one.away_until is not None and one.away_until > now}
    return [
        Candidate(member, named[member].name, agency, loads.get(member, 0.0))
        for member, agency in heads
        if member != role.member_id and member not in away
    ]


def _loads(session: Session, consortium: Consortium, now: datetime) -> dict[MemberId, float]:
    """Map people to what they carry, in hours."""
    until = day(consortium, now) + balance_rules.AHEAD
    loads = {one.owner_id: one.near for one in load.held(session, consortium.id, until) if one.owner_id is not None}
    for role in roles.held(session, consortium.id):
        loads[role.member_id] = loads.get(role.member_id, 0.0) + role.hours
    return loads
