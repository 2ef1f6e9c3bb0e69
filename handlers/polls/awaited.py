"""Whose ballot a poll awaits: its reminders, `/vote` and the home tab agree."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from handlers.kit.representation import Named, heard, speaks
from storage import agencies, members, polls
from storage.members import Member
from storage.polls import Ballot, Poll
from storage.todo import AGENCIES_VOTE, TodoItem
from storage.vocabulary import AgencyId


def awaited(session: Session, poll: Poll, people: Iterable[Member]) -> list[Member]:
    """Return who of these people has not voted.

    If agencies vote, return who speaks for an active agency that has not been heard.
    """
    ballots = polls.list_ballots(session, poll.id)
    if not poll.by_agency:
        voters = {ballot.member_id for ballot in ballots}
        return [member for member in people if member.id not in voters]
    people = list(people)
    concerned = {member.agency_id for member in people if member.agency_id is not None}
    unheard = unheard_agencies(session, poll, ballots, concerned)
    return [
        member for member in people if member.agency_id in unheard and speaks(member.seat, unheard[member.agency_id])
    ]


def unheard_agencies(
    session: Session, poll: Poll, ballots: Iterable[Ballot], among: Collection[AgencyId] | None = None
) -> dict[AgencyId, Named]:
    """Map the active agencies that have not been heard in a poll, all or some, to who is named to speak for them."""
    by_agency: dict[AgencyId, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        if ballot.agency_id is not None:
            by_agency[ballot.agency_id].append(ballot)
    active = {agency.id for agency in agencies.active(session, poll.consortium_id)}
    concerned = active if among is None else active & set(among)
    named = {agency: Named.of(pair) for agency, pair in members.representatives(session, concerned).items()}
    return {agency: speakers for agency, speakers in named.items() if not heard(by_agency[agency], speakers)}


def awaited_items(session: Session, items: Iterable[TodoItem], member: Member) -> list[TodoItem]:
    """Return the polls on a to-do list without those in which agencies vote and that do not await the member."""
    return [item for item in items if item.extra != AGENCIES_VOTE or _awaits(session, item.number, member)]


def _awaits(session: Session, number: int, member: Member) -> bool:
    poll = polls.get(session, member.consortium_id, number)
    return poll is not None and (not poll.by_agency or bool(awaited(session, poll, [member])))
