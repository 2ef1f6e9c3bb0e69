"""People who leave Slack, come back, or change their name, address or zone."""

from sqlalchemy.orm import Session

from handlers.kit.asking import Ask
from handlers.kit.directory import person_of
from handlers.kit.speech import tell
from handlers.members import seating, views
from storage import agencies, audit, inbound, members, tasks
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.vocabulary import Seat


def user_change(ask: Ask) -> None:
    """Keep up with a person's profile; who has left Slack can act no more."""
    person = person_of(ask.body["event"]["user"], ask.workspace)
    ask.deps.directory.forget(ask.workspace, person.user_id)
    with ask.deps.db.begin() as session:
        if not inbound.first_time(session, ask.workspace, f"event:{ask.body['event_id']}", ask.now):
            return
        for member in members.everywhere(session, person.team_id, person.user_id):
            if person.deleted and member.left_at is None:
                _leave(session, ask, member)
            elif not person.deleted:
                member.left_at = None
                seating.update(member, person)


def _leave(session: Session, ask: Ask, member: Member) -> None:
    consortium = session.get_one(Consortium, member.consortium_id)
    agency = session.get(Agency, member.agency_id) if member.agency_id is not None else None
    spoke = member.seat is Seat.REPRESENTATIVE
    seating.leave_seat(session, member, ask.now)
    member.left_at = ask.now
    free = tasks.release(session, member.id)
    session.flush()
    seating.refresh(session, consortium)
    audit.note(session, consortium.id, None, "left Slack", member.name, ask.now)
    chiefs = members.facilitators(session, consortium.id)
    body = views.left(
        member,
        agency.name if agency else "",
        silent=spoke and agency is not None,
        last=not chiefs,
        free=free,
    )
    for person in chiefs or _representatives(session, consortium):
        tell(session, ask.workspace, person, body, f"the news that {member.name} has left", ask.now)


def _representatives(session: Session, consortium: Consortium) -> list[Member]:
    living = [agency.id for agency in agencies.living(session, consortium.id)]
    return [first for first, _ in members.speakers(session, living).values() if first is not None]
