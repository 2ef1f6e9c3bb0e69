"""All features: what they answer, what time brings them, and what their live messages show."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handlers.exports import feature, files
from handlers.holidays import jobs
from handlers.home import interactions
from handlers.kit.deps import Deps
from handlers.kit.notices import sweep
from handlers.kit.notices.sweep import RenderNotices
from handlers.kit.surface import Surface
from handlers.meetings import commands, notices
from handlers.meetings import jobs as meeting_jobs
from handlers.meetings import snapshot as meeting_pictures
from handlers.meetings import views as meeting_views
from handlers.meetings.minutes import snapshot, views
from handlers.members import commands as members
from handlers.members import leaving
from handlers.polls import commands as polls
from handlers.polls import jobs as poll_jobs
from handlers.polls import snapshot as poll_pictures
from handlers.polls import views as poll_views
from handlers.proposals import commands as proposals
from handlers.proposals import jobs as proposal_jobs
from handlers.proposals import snapshot as proposal_pictures
from handlers.proposals import views as proposal_views
from handlers.pulse import commands as pulse
from handlers.pulse import jobs as pulse_jobs
from handlers.roles import jobs as role_jobs
from handlers.tasks import commands as tasks
from handlers.tasks import jobs as task_jobs
from handlers.tasks import source_links
from handlers.undelivered import jobs as undelivered_jobs
from handlers.warnings import jobs as load_jobs
from handlers.warnings import weekly
from handlers.workload import commands as workload
from storage import home_tabs, idempotency, meetings, minutes, outbox, seals
from storage import polls as stored_polls
from storage import proposals as stored_proposals
from storage.database import Database
from storage.due import Due, least
from storage.live_messages import LiveMessage
from storage.vocabulary import LiveKind, NoticeKind

draw_home = interactions.render
writes = files.writer
"""Gives what writes exports when they are sent."""


def register(surface: Surface) -> None:
    """Register everything that Slack may send."""
    members.register(surface, feature.WORDS)
    proposals.register(surface)
    polls.register(surface)
    tasks.register(surface)
    workload.register(surface)
    pulse.register(surface)
    commands.register(surface)
    interactions.register(surface)
    feature.register(surface)


def sweeps(deps: Deps) -> dict[str, Callable[[datetime], None]]:
    """Name what is done at each tick, in this order."""
    return {
        "proposals": lambda now: proposal_jobs.sweep(deps.db, now),
        "polls": lambda now: poll_jobs.sweep(deps.db, deps.keys, now),
        "pulse": lambda now: pulse_jobs.sweep(deps.db, deps.keys, now),
        "seals": lambda _now: seals.wipe(deps.db),
        "meetings": lambda now: meeting_jobs.sweep(deps.db, now),
        "roles": lambda now: role_jobs.sweep(deps.db, now),
        # before the notices, so that what has become too much is said with what else there is to say
        "balance": lambda now: load_jobs.sweep(deps.db, now),
        "notices": lambda now: sweep.sweep(deps.db, NOTICES, now),
        "deliveries": lambda now: undelivered_jobs.sweep(deps.db, now),
        "tidiness": lambda now: _tidy(deps.db, now),
        # last, since they wait for others' servers
        "people": lambda now: leaving.sweep(deps.db, deps.directory, now),
        "calendars": lambda now: jobs.sweep(deps.db, deps.fetch, now),
        "links": lambda now: source_links.sweep(deps.db, deps.slack, now),
    }


def _untidy_at(session: Session, values: Sequence[Any]) -> datetime | None:
    received, *sent = values
    return least(session, [idempotency.untidy_at.read(session, [received]), outbox.untidy_at.read(session, sent)])


DUES: dict[str, Due] = {
    "proposals": proposal_jobs.next_due,
    "polls": poll_jobs.next_due,
    "pulse": pulse_jobs.next_due,
    "seals": seals.next_due,
    "meetings": meeting_jobs.next_due,
    "roles": role_jobs.next_due,
    "balance": load_jobs.next_due,
    "notices": sweep.next_due,
    "deliveries": undelivered_jobs.next_due,
    "tidiness": Due(*idempotency.untidy_at.statements, *outbox.untidy_at.statements, read=_untidy_at),
    "people": leaving.next_due,
    "calendars": jobs.next_due,
    "homes": home_tabs.next_due,
    "links": source_links.next_due,
}

NOTICES: dict[NoticeKind, RenderNotices] = {
    NoticeKind.UNDELIVERED: undelivered_jobs.remind,
    NoticeKind.PROPOSAL: proposal_jobs.remind,
    NoticeKind.REVIEW: proposal_jobs.look_again,
    NoticeKind.POLL: poll_jobs.remind,
    NoticeKind.PULSE: pulse_jobs.ask,
    NoticeKind.CLIMATE: pulse_jobs.concern,
    NoticeKind.OFFER: task_jobs.ask,
    NoticeKind.ROLE: role_jobs.draw,
    NoticeKind.LOAD: load_jobs.tell,
    NoticeKind.BALANCE: load_jobs.report,
    NoticeKind.WEEK: weekly.tell,
    NoticeKind.TASK: task_jobs.remind,
    **notices.NOTICES,
}
"""What the bot tells people by itself, and how it looks when its time has come."""


def _tidy(db: Database, now: datetime) -> None:
    """Drop, about once a day, what nobody needs any more."""
    with db.begin() as session:
        idempotency.forget(session, now)
        outbox.forget(session, now)


def _draw_proposal(session: Session, live: LiveMessage) -> dict[str, Any]:
    found = stored_proposals.get(session, live.consortium_id, live.number)
    if found is None:
        raise LookupError("a live message shows a proposal that is not there")
    return proposal_views.live(proposal_pictures.take(session, found))


def _draw_poll(session: Session, live: LiveMessage) -> dict[str, Any]:
    found = stored_polls.get(session, live.consortium_id, live.number)
    if found is None:
        raise LookupError("a live message shows a poll that is not there")
    return poll_views.live(poll_pictures.take(session, found))


def _draw_agenda(session: Session, live: LiveMessage) -> dict[str, Any]:
    found = meetings.get(session, live.consortium_id, live.number)
    if found is None:
        raise LookupError("a live message shows a meeting that is not there")
    picture = meeting_pictures.take(session, found)
    return meeting_views.agenda(picture) if picture.channel == live.channel else meeting_views.rehoused()


def _draw_minutes(session: Session, live: LiveMessage) -> dict[str, Any]:
    found = minutes.get(session, live.consortium_id, live.number)
    if found is None:
        raise LookupError("a live message shows minutes that are not there")
    return views.live(snapshot.take(session, found))


DRAWINGS: dict[LiveKind, Callable[[Session, LiveMessage], dict[str, Any]]] = {
    LiveKind.PROPOSAL: _draw_proposal,
    LiveKind.POLL: _draw_poll,
    LiveKind.AGENDA: _draw_agenda,
    LiveKind.MINUTES: _draw_minutes,
}
