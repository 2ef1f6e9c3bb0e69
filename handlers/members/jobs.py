"""Scheduled work: the daily check of people's Slack profiles, which also reads the workspace's roll; and notices."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from handlers.kit.dates import next_daily_check
from handlers.kit.directory import SLACK_ERRORS, Directory, retry_after
from handlers.kit.isolation import is_outage, row_transaction
from handlers.kit.notices.sweep import RenderedNotice
from handlers.members import requests, roll, seat_views, views
from handlers.members.leaving import follow_profiles
from storage import agencies, consortia, members, membership_requests, roles
from storage.agencies import Agency
from storage.database import Database
from storage.notices import Notice
from storage.vocabulary import MemberId, NoticeId

log = structlog.get_logger()

RETRY_AFTER = timedelta(hours=1)
GUESTS = 50
"""The number of people from other workspaces per check, because Slack returns their profiles one at a time."""


def sweep(db: Database, directory: Directory, now: datetime) -> None:
    """Check everybody's profile each morning, because Slack sends no events for the time the bot was not running."""
    with db.read() as session:
        zones = consortia.workspaces_due_for_profile_check(session, now)
        from_elsewhere = {team: members.user_ids_from_other_workspaces(session, team) for team in zones}
    for team, zone in zones.items():
        try:
            people = directory.roll(team)
            listed = {person.user_id for person in people}
            guests = [user for user in from_elsewhere[team] if user not in listed][:GUESTS]
            people += directory.each(team, guests)
            roll.replace(db, team, people, now)
            with db.begin() as session:
                consortia.schedule_profile_check(session, team, next_daily_check(now, zone))
                follow_profiles(session, team, people, now)
        except SLACK_ERRORS as error:
            log.warning("profiles not checked", error=type(error).__name__)
            _check_again(db, team, now + retry_after(error, RETRY_AFTER))
        except Exception as bug:
            if is_outage(bug):
                raise
            # one workspace must not keep the others from being checked, nor be read again every few seconds
            log.exception("profiles not checked")
            _check_again(db, team, now + RETRY_AFTER)


def _check_again(db: Database, team: str, at: datetime) -> None:
    with db.begin() as session:
        consortia.schedule_profile_check(session, team, at)


next_due = consortia.next_profile_check


def follow_up_requests(db: Database, now: datetime) -> None:
    """Ask about unanswered requests once more, and say where nobody has answered; each in its own transaction."""
    with db.read() as session:
        due = membership_requests.list_due(session, now)
    for consortium_id, request_id in due:
        with row_transaction(db) as session:
            requests.follow_up(session, consortium_id, request_id, now)


next_request_due = membership_requests.next_due


# notices -----------------------------------------------------------------------------------------------


def render_departures(session: Session, batch: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the news that people have left, unless they have come back since."""
    consortium_id = batch[0].consortium_id
    actors = {notice.id: MemberId(int(notice.key.split("/")[-2])) for notice in batch}
    people = members.by_ids(session, {MemberId(notice.subject) for notice in batch} | set(actors.values()))
    every = agencies.all_by_id(session, consortium_id)
    has_facilitator = bool(members.facilitators(session, consortium_id))
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in batch:
        member, remover = people[MemberId(notice.subject)], people.get(actors[notice.id])
        if member.left_at is None:
            continue
        agency = every.get(member.agency_id) if member.agency_id is not None else None
        was_representative = notice.key.split("/")[-3] == "1"
        rendered[notice.id] = views.left_notice(
            member,
            agency.name if agency is not None else "",
            remover.name if remover is not None else "",
            vacancy=_vacancy(session, agency, was_representative=was_representative),
            no_facilitator=not has_facilitator,
            free_roles=roles.freed_at(session, member.id, member.left_at),
        )
    return rendered


def render_arrivals(session: Session, batch: Sequence[Notice], _now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the news of who has come to an agency: for each reader in one notice, which leaves out the others."""
    by_reader: dict[MemberId, list[Notice]] = {}
    for notice in batch:
        by_reader.setdefault(notice.member_id, []).append(notice)
    people = members.by_ids(session, {MemberId(notice.subject) for notice in batch} | set(by_reader))
    rendered: dict[NoticeId, RenderedNotice] = {}
    for reader_id, own in by_reader.items():
        reader = people[reader_id]
        came = dict.fromkeys(people[MemberId(notice.subject)] for notice in own)
        names = [who.name for who in came if who.left_at is None and who.agency_id == reader.agency_id]
        if names and reader.agency_id is not None:
            rendered[own[0].id] = seat_views.arrivals(session.get_one(Agency, reader.agency_id).name, names)
    return rendered


def _vacancy(session: Session, agency: Agency | None, *, was_representative: bool) -> str:
    """Return a sentence about what an agency lacks now that somebody has left it; empty if it lacks nothing."""
    if agency is None or agency.ended_at is not None:
        return ""
    is_empty = not members.members_of_agency(session, agency.id)
    is_lost = was_representative and members.representatives(session, [agency.id])[agency.id][0] is None
    return seat_views.without_representative(agency, empty=is_empty) if is_empty or is_lost else ""
