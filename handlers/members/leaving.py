"""People who leave Slack, come back, or change their name, address or zone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.models.blocks.block_elements import ButtonElement
from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.directory import Person, person_of
from handlers.kit.notices.messages import tell
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import bold, counted, escape, listed
from handlers.members import seats
from handlers.proposals import voices
from handlers.tasks import departures
from storage import agencies, audit, idempotency, load, members, notices, roles
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.roles import Role
from storage.vocabulary import Seat

log = structlog.get_logger()


def user_change(request: SlackRequest) -> None:
    """Keep up with a person's profile; who has left Slack can act no more."""
    person = person_of(request.body["event"]["user"], request.workspace)
    request.deps.directory.forget(request.workspace, person.user_id)
    with request.deps.db.begin() as session:
        if idempotency.first_time(session, request.workspace, f"event:{request.body['event_id']}", request.now):
            keep_up(session, request.workspace, [person], request.now)


def keep_up(session: Session, workspace: str, people: Iterable[Person], now: datetime) -> None:
    """Update members from their Slack profiles; people who left Slack leave the consortium."""
    known = {(person.team_id, person.user_id): person for person in people}
    for member in _members(session, workspace, list(known)):
        person = known[member.team_id, member.user_id]
        if person.deleted and member.left_at is None:
            _leave(session, workspace, member, now)
        elif not person.deleted:
            member.left_at = None
            seats.update(member, person)


def _members(session: Session, workspace: str, who: Sequence[tuple[str, str]]) -> Sequence[Member]:
    if len(who) == 1:
        return members.everywhere(session, *who[0])
    wanted = set(who)
    return [m for m in members.of_workspace(session, workspace) if (m.team_id, m.user_id) in wanted]


def _leave(session: Session, workspace: str, member: Member, now: datetime) -> None:
    consortium = session.get_one(Consortium, member.consortium_id)
    agency = session.get(Agency, member.agency_id) if member.agency_id is not None else None
    spoke = member.seat is Seat.REPRESENTATIVE
    seats.leave_seat(session, member, now)
    member.left_at = now
    free = departures.release(session, member, now)
    ended = roles.release(session, member.id, now)
    for role in ended:
        notices.recall(session, consortium.id, f"role/{role.id}/")
    load.touch(session, consortium.id, now)
    session.flush()
    seats.refresh(session, consortium)
    voices.notify_counting_voices(session, consortium.id, now)
    audit.note(session, consortium.id, None, "left Slack", member.name, now)
    chiefs = members.facilitators(session, consortium.id)
    body = left(
        member,
        agency.name if agency else "",
        silent=spoke and agency is not None,
        last=not chiefs,
        free=free,
        roles=ended,
    )
    for person in chiefs or _representatives(session, consortium):
        tell(session, workspace, person, body, f"the news that {member.name} has left", now)


def _representatives(session: Session, consortium: Consortium) -> list[Member]:
    living = [agency.id for agency in agencies.living(session, consortium.id)]
    return [first for first, _ in members.speakers(session, living).values() if first is not None]


SHOWN = 3


def left(
    member: Member, agency: str, *, silent: bool, last: bool, free: int, roles: Sequence[Role] = ()
) -> dict[str, Any]:
    """Tell a facilitator that somebody has left Slack; `free` tasks are nobody's now, and these roles."""
    text = f"{escape(member.name)}{f' of {escape(agency)}' if agency else ''} has left Slack. What was said stays."
    if silent:
        text += (
            f" *{escape(agency)} has no representative now.* Name one: "
            f'`/consortium member @name "{escape(agency)}" representative`'
        )
    if free:
        text += f" {counted(free, 'task is', 'tasks are')} nobody's now; `/task` lists what somebody could take."
    if roles:
        names = [bold(role.title) for role in roles[:10]] + ([f"{len(roles) - 10} more"] if len(roles) > 10 else [])
        text += f" {listed(names)} {'is' if len(roles) == 1 else 'are'} free now."
    if last:
        text += " There is no facilitator left. Any representative can name one: `/consortium facilitator @name`"
    buttons = [] if last else [_follow(n, role, several=len(roles) > 1) for n, role in enumerate(roles[:SHOWN])]
    return block_kit.message(
        escape(f"{member.name} has left Slack."), [section(text), *([block_kit.row(*buttons)] if buttons else [])]
    )


def _follow(place: int, role: Role, *, several: bool) -> ButtonElement:
    label = f"Who could be {role.title}" if several else "Who could follow"
    return block_kit.button(label, f"role.follow.{place}", str(role.id))
