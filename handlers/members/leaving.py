"""People who leave, by themselves, at a facilitator's hands, or with their Slack account; and changes of profiles."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller, require_facilitator
from handlers.kit.directory import Person, parse_user
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaks
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape
from handlers.kit.visibility import Audience, meeting_audience
from handlers.members import membership, requests, roll, seats, views
from handlers.polls.audience import audience_of as poll_audience
from handlers.proposals.audience import audience_of
from handlers.proposals.lifecycle import can_be_withdrawn
from handlers.tasks import departures
from storage import (
    agencies,
    agendas,
    audit,
    consortia,
    homes,
    idempotency,
    load,
    meetings,
    members,
    notices,
    polls,
    proposals,
    roles,
    tasks,
)
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.meetings import Series
from storage.members import Member
from storage.notices import NewNotice
from storage.proposals import Proposal
from storage.vocabulary import Departure, NoticeKind, Seat


def user_change(request: SlackRequest) -> None:
    """Answer Slack's events `user_change` and `team_join`.

    Copy the profile, end the membership of people who left Slack, and keep the workspace's roll current.
    """
    person = parse_user(request.body["event"]["user"], request.workspace)
    request.deps.directory.forget(request.workspace, person.user_id)
    with request.deps.db.begin() as session:
        if idempotency.claim(session, request.workspace, f"event:{request.body['event_id']}", request.now):
            follow_profiles(session, request.workspace, [person], request.now)
            if consortia.of_workspace(session, request.workspace) is not None:
                roll.follow(session, request.workspace, [person])


def follow_profiles(session: Session, workspace: str, people: Iterable[Person], now: datetime) -> None:
    """Update members from their Slack profiles; people who left Slack leave the consortium."""
    profiles = {(home, person.user_id): person for person in people for home in (person.team_id, *person.teams)}
    # those who leave come first, because proposals are locked before people
    found = [(profiles[member.team_id, member.user_id], member) for member in _members(session, workspace, profiles)]
    for person, member in sorted(found, key=lambda pair: not pair[0].deleted):
        if member.team_id != person.team_id:
            homes.move(session, workspace, person.user_id, person.teams, person.team_id)
        if person.deleted and member.left_at is None:
            end_membership(session, workspace, member, Departure.SLACK, now)
        elif not person.deleted:
            if member.departure is Departure.SLACK and member.agency_id is not None:
                # who left without an agency was only a facilitator, and stays an outsider
                member.left_at = None
            seats.update_profile(member, person)


def _members(session: Session, workspace: str, profiles: Mapping[tuple[str, str], Person]) -> Sequence[Member]:
    """Return the members with these homes and Slack user ids."""
    people = {person.user_id: person for person in profiles.values()}
    if len(people) == 1:
        (person,) = people.values()
        return members.memberships_of(session, person.team_id, person.user_id, person.teams)
    return [m for m in members.members_of_workspace(session, workspace) if (m.team_id, m.user_id) in profiles]


def end_membership(
    session: Session, workspace: str, member: Member, departure: Departure, now: datetime, by: Member | None = None
) -> int:
    """End a membership: free the seat, tasks, and roles, and tell those concerned. Return how many tasks are free.

    What the person said in decisions and polls stays, also what is sealed. `by` is who ended it, who sees the tasks in
    the answer and is not told of them again.
    """
    consortium = session.get_one(Consortium, member.consortium_id)
    actor = by.id if by is not None else None
    was_representative = member.seat is Seat.REPRESENTATIVE
    with seats.changing(session, consortium, now):
        requests.end_of_former(session, consortium, workspace, member, now)
        with requests.ending_void(session, consortium, workspace, now, by):
            seats.vacate(session, member, now)
            # who comes back joins again, as everybody does
            member.left_at, member.departure, member.facilitator = now, departure, False
            session.flush()
    # tasks are locked before roles, and both before the load is checked
    tasks.lock_owned(session, member.id)
    tasks.offered_to(session, member.id)
    for role in roles.end_all(session, member.id, now):
        notices.delete_waiting(session, consortium.id, f"role/{role.id}/")
    session.flush()
    free_tasks = departures.release_tasks(session, member, now, actor)
    load.schedule_check(session, consortium.id, now)
    audit.record(session, consortium.id, actor, _AUDITED[departure], member.name, now)
    facilitators = members.facilitators(session, consortium.id)
    for recipient in facilitators or _speakers(session, consortium):
        if recipient.id != actor:
            key = f"left/{member.id}/{int(now.timestamp())}/{int(was_representative)}/{actor or 0}/{recipient.id}"
            about = (NoticeKind.DEPARTURE, key, member.id)
            notices.add(session, NewNotice(consortium.id, recipient.id, workspace, *about, due_at=now))
    return free_tasks


_AUDITED = {Departure.SLACK: "left Slack", Departure.OWN: "left", Departure.REMOVED: "removed"}


def _speakers(session: Session, consortium: Consortium) -> list[Member]:
    """Return everybody who speaks for an agency, and can name a facilitator where there is none."""
    living = [agency.id for agency in agencies.active(session, consortium.id)]
    named = {key: Named.of(pair) for key, pair in members.representatives(session, living).items()}
    people = members.active(session, consortium.id)
    return [who for who in people if who.agency_id in named and speaks(who.seat, named[who.agency_id])]


# leaving and removing, by the people of the consortium -------------------------------------------------


@dataclass(frozen=True)
class Holdings:
    """What a member has, to be shown before they leave.

    `colleagues` counts the other people of the agency. `proposals` are the running ones of theirs that the reader may
    see, by what can become of them.
    """

    agency: str
    seat: Seat
    colleagues: int
    tasks: int
    roles: Sequence[str]
    proposals: Mapping[views.Afterward, Sequence[int]]


def holdings_of(session: Session, member: Member, may_see: Callable[[Audience], bool]) -> Holdings:
    """Return what a member has, as somebody may know it: who made a private proposal is only for those who see it."""
    agency = session.get(Agency, member.agency_id) if member.agency_id is not None else None
    if agency is not None and agency.ended_at is not None:
        # nobody speaks for it any more, so it loses nothing
        agency = None
    own = members.members_of_agency(session, agency.id) if agency is not None else []
    goes_on: dict[views.Afterward, list[int]] = {}
    for proposal in proposals.list_running(session, member.consortium_id):
        if proposal.author_id == member.id and may_see(audience_of(session, proposal)):
            goes_on.setdefault(_afterward(session, proposal), []).append(proposal.number)
    return Holdings(
        agency.name if agency is not None else "",
        member.seat,
        len([person for person in own if person.id != member.id]),
        tasks.count_owned(session, member.id),
        [role.title for role in roles.list_of_members(session, [member.id])],
        goes_on,
    )


def parts_of(session: Session, member: Member, now: datetime, may_see: Callable[[Audience], bool]) -> views.Parts:
    """Return what else a member has a part in, as somebody may know it."""
    consortium_id = member.consortium_id
    every = [(each, meetings.series_of(session, each)) for each in meetings.list_coming(session, consortium_id, now)]
    coming = [(meeting, series) for meeting, series in every if may_see(_audience_of_series(series))]
    items = agendas.of_meetings(session, [meeting.id for meeting, _ in coming])
    open_polls: dict[views.Afterward, list[int]] = {}
    for poll in polls.list_open(session, consortium_id):
        if poll.author_id == member.id and may_see(poll_audience(poll)):
            afterward = views.Afterward.PRIVATE if poll.private else views.Afterward.PUBLIC
            open_polls.setdefault(afterward, []).append(poll.number)
    offered, asked = tasks.count_offers(session, member.id)
    return views.Parts(
        list(dict.fromkeys(series.title for _, series in coming if series.chair_id == member.id)),
        sum(member.id == (meeting.notes_id or series.notes_id) for meeting, series in coming),
        sum(item.member_id == member.id for own in items.values() for item in own),
        open_polls,
        offered,
        asked,
    )


def _audience_of_series(series: Series) -> Audience:
    return meeting_audience(
        (series.team_id, series.channel), private=series.private, chair=series.chair_id, note_taker=series.notes_id
    )


def _afterward(session: Session, proposal: Proposal) -> views.Afterward:
    if not can_be_withdrawn(session, proposal):
        return views.Afterward.STAYS
    return views.Afterward.PRIVATE if proposal.private else views.Afterward.PUBLIC


def check_may_leave(session: Session, caller: Caller, member: Member) -> None:
    """Raise `Refusal` unless the caller may end this membership: their own, or anybody's as a facilitator.

    The last facilitator stays, because nobody could set anything up any more.
    """
    if member.id != caller.person.id:
        require_facilitator(session, caller)
    if member.left_at is not None:
        raise Refusal(f"{escape(member.name)} has left already. `/consortium who` lists who belongs to the consortium.")
    if member.facilitator and len(members.facilitators(session, member.consortium_id)) == 1:
        raise Refusal(
            "You are the only facilitator, so you cannot leave yet. Name another one first: `/consortium facilitator "
            "@name`"
        )


def leave(session: Session, caller: Caller, member: Member, now: datetime) -> tuple[str, int]:
    """End a membership at the wish of the person or of a facilitator. Return the answer, and how many tasks are free.

    Raise `Refusal` if the caller may not.
    """
    consortia.lock(session, caller.consortium.id)
    session.refresh(member)
    check_may_leave(session, caller, member)
    if member.id == caller.person.id:
        end_membership(session, caller.workspace, member, Departure.OWN, now)
        return views.left_answer(caller.consortium.name), 0
    membership.check_may_remove(session, caller, member, now)
    body = views.removed(caller.person.name, caller.consortium.name)
    queue_direct_message(session, caller.workspace, member, body, "the news of being removed", now)
    free_tasks = end_membership(session, caller.workspace, member, Departure.REMOVED, now, caller.person)
    return views.removed_answer(member.name, caller.consortium.name), free_tasks
