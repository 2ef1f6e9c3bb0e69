"""People whose Slack profile changes: they leave, come back, or have another name, address, or time zone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.directory import Person, parse_user
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.slack_request import SlackRequest
from handlers.members import requests, roll, seats, views
from handlers.proposals import openings, voices
from handlers.tasks import departures
from storage import agencies, audit, consortia, homes, idempotency, load, members, notices, roles
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.vocabulary import Seat


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
    for member in _members(session, workspace, profiles):
        person = profiles[member.team_id, member.user_id]
        if member.team_id != person.team_id:
            homes.move(session, workspace, person.user_id, person.teams, person.team_id)
        if person.deleted and member.left_at is None:
            _leave(session, workspace, member, now)
        elif not person.deleted:
            # who left without an agency was only a facilitator, and stays an outsider
            member.left_at = None if member.agency_id is not None else member.left_at
            seats.update_profile(member, person)


def _members(session: Session, workspace: str, profiles: Mapping[tuple[str, str], Person]) -> Sequence[Member]:
    """Return the members with these homes and Slack user ids."""
    people = {person.user_id: person for person in profiles.values()}
    if len(people) == 1:
        (person,) = people.values()
        return members.memberships_of(session, person.team_id, person.user_id, person.teams)
    return [m for m in members.members_of_workspace(session, workspace) if (m.team_id, m.user_id) in profiles]


def _leave(session: Session, workspace: str, member: Member, now: datetime) -> None:
    """End a membership: free the seat, tasks, and roles, and tell the facilitators."""
    consortium = session.get_one(Consortium, member.consortium_id)
    agency = session.get(Agency, member.agency_id) if member.agency_id is not None else None
    was_representative = member.seat is Seat.REPRESENTATIVE
    before = openings.private_deciders(session, consortium.id)
    seats.vacate(session, member, now)
    requests.end_of_former(session, consortium, workspace, member, now)
    # who comes back joins again, as everybody does
    member.left_at, member.facilitator = now, False
    free_tasks = departures.release_tasks(session, member, now)
    free_roles = roles.end_all(session, member.id, now)
    for role in free_roles:
        notices.delete_waiting(session, consortium.id, f"role/{role.id}/")
    load.schedule_check(session, consortium.id, now)
    session.flush()
    seats.refresh_open_items(session, consortium)
    voices.notify_counting_voices(session, consortium.id, now)
    openings.announce_new_deciders(session, consortium.id, before, now)
    audit.record(session, consortium.id, None, "left Slack", member.name, now)
    facilitators = members.facilitators(session, consortium.id)
    body = views.left_slack(
        member,
        agency.name if agency else "",
        no_representative=was_representative and agency is not None,
        no_facilitator=not facilitators,
        free_tasks=free_tasks,
        free_roles=free_roles,
    )
    for recipient in facilitators or _representatives(session, consortium):
        queue_direct_message(session, workspace, recipient, body, f"the news that {member.name} has left", now)


def _representatives(session: Session, consortium: Consortium) -> list[Member]:
    living = [agency.id for agency in agencies.active(session, consortium.id)]
    return [first for first, _ in members.representatives(session, living).values() if first is not None]
