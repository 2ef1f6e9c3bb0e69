"""Scheduled work of polls: reminding people who have not voted, and closing polls that are due."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours, sealing, stand_ins
from handlers.kit.isolation import row_transaction
from handlers.kit.notices.messages import queue_thread_reply
from handlers.kit.notices.sweep import RenderedNotice
from handlers.polls import views, voting
from handlers.polls.awaited import awaited, unheard_agencies
from handlers.polls.snapshot import load_snapshot
from storage import members, notices, occurrences, polls
from storage.consortia import Consortium
from storage.database import Database
from storage.members import Member
from storage.notices import NewNotice, Notice
from storage.polls import Poll
from storage.seals import KeyRing
from storage.vocabulary import AgencyId, NoticeId, NoticeKind, PollState

CHECK_EVERY = timedelta(hours=6)
"""How often the list of people to remind is read again: people join, and quiet hours change."""

LONGEST_LEAD = timedelta(days=5)
"""How long before closing the list is read again and again. Before, it is read once, for those who are away."""

next_due = polls.NEXT_DUE


def sweep(db: Database, ring: KeyRing, now: datetime) -> None:
    """Close the polls that are due, then queue the reminders that are due, each poll in its own transaction."""
    with db.read() as session:
        to_close = polls.list_due_to_close(session, now)
        to_remind = polls.list_due_for_reminders(session, now)

    def close(session: Session, poll: Poll) -> None:
        if poll.state is PollState.OPEN:
            voting.close(session, ring, poll, now)

    sealing.close_each(db, to_close, polls.lock_by_id, close, now, feature="polls")
    for poll_id in to_remind:
        with row_transaction(db) as session:
            _queue_reminders(session, polls.lock_by_id(session, poll_id), now)


def _queue_reminders(session: Session, poll: Poll, now: datetime) -> None:
    """Remind each person who has not voted, once. Polls in private channels remind in their thread."""
    if poll.state is not PollState.OPEN or now >= poll.closes_at:
        return
    if poll.private:
        _remind_in_thread(session, poll, now)
        return
    next_times = [max(now + CHECK_EVERY, poll.closes_at - LONGEST_LEAD)]
    for member, at in _people_to_remind(session, poll):
        if at > now:
            next_times.append(at)
        else:
            key = f"poll/{poll.number}/remind/{member.id}"
            about = (NoticeKind.POLL, key, poll.number)
            notices.add(session, NewNotice(poll.consortium_id, member.id, poll.team_id, *about, at, poll.closes_at))
    wanted = list(_about_absent_speakers(session, poll, now))
    notices.add(session, *(notice for notice in wanted if notice.due_at <= now))
    poll.remind_at = min([*next_times, *(notice.due_at for notice in wanted if notice.due_at > now)])


def _about_absent_speakers(session: Session, poll: Poll, now: datetime) -> Iterator[NewNotice]:
    """Yield notices to the other people of each agency without a vote whose speakers are all away, and facilitators."""
    unheard = unheard_agencies(session, poll, polls.list_ballots(session, poll.id)) if poll.by_agency else {}
    facilitators = members.facilitators(session, poll.consortium_id) if unheard else ()
    for absence in stand_ins.absences(session, poll.consortium_id, unheard, now):
        asked = {member.id: member for member in (*absence.others, *facilitators) if member not in absence.speakers}
        for member in asked.values():
            key = f"poll/{poll.number}/stand-in/{absence.agency.id}/{member.id}"
            for end, at in stand_ins.times(absence, member, poll.created_at, poll.closes_at, now).items():
                about = (NoticeKind.POLL_STAND_IN, f"{key}{end}", poll.number, at, poll.closes_at)
                yield NewNotice(poll.consortium_id, member.id, poll.team_id, *about)


def _remind_in_thread(session: Session, poll: Poll, now: datetime) -> None:
    consortium = session.get_one(Consortium, poll.consortium_id)
    at = quiet_hours.reminder_time(poll.closes_at, consortium.zone)
    at = quiet_hours.next_open_time(at, consortium.zone, consortium.quiet_hours)
    if at > now:
        poll.remind_at = at
        return
    poll.remind_at = None
    if at > poll.created_at and occurrences.claim(session, poll.consortium_id, f"poll/{poll.number}/remind", now):
        queue_thread_reply(session, poll, views.thread_reminder(load_snapshot(session, poll)), "the reminder", now)


def _people_to_remind(session: Session, poll: Poll) -> Iterator[tuple[Member, datetime]]:
    """Yield the people who are awaited, each with the time of the reminder."""
    for member in awaited(session, poll, members.active(session, poll.consortium_id)):
        at = quiet_hours.reminder_time(poll.closes_at, member.zone)
        if at > poll.created_at:
            yield member, at


def render_reminders(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the reminders for people who have still not voted."""
    people = members.by_ids(session, {notice.member_id for notice in due})
    rendered: dict[NoticeId, RenderedNotice] = {}
    for poll, about in _open_polls(session, due, now):
        piece = views.reminder(load_snapshot(session, poll))
        awaited_ids = {member.id for member in awaited(session, poll, people.values())}
        rendered |= {notice.id: piece for notice in about if notice.member_id in awaited_ids}
    return rendered


def _open_polls(session: Session, due: Sequence[Notice], now: datetime) -> Iterator[tuple[Poll, list[Notice]]]:
    """Yield each poll that is still open, with the notices about it."""
    for number in {notice.subject for notice in due}:
        poll = polls.get(session, due[0].consortium_id, number)
        if poll is not None and poll.state is PollState.OPEN and now < poll.closes_at:
            yield poll, [notice for notice in due if notice.subject == number]


def render_stand_ins(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the notices that an agency has not voted because those who speak for it are away, if they still are."""
    people = members.by_ids(session, {notice.member_id for notice in due})
    rendered: dict[NoticeId, RenderedNotice] = {}
    for poll, about in _open_polls(session, due, now):
        shown = load_snapshot(session, poll)
        unheard = unheard_agencies(session, poll, polls.list_ballots(session, poll.id))
        found = {each.agency.id: each for each in stand_ins.absences(session, poll.consortium_id, unheard, now)}
        for notice in about:
            absence = found.get(AgencyId(int(notice.key.split("/")[3])))
            reader = people[notice.member_id]
            if absence is None or not (reader in absence.others or reader.facilitator) or reader in absence.speakers:
                continue
            if not stand_ins.is_reminded_too(notice.key, reader, poll.created_at, poll.closes_at, now):
                text = stand_ins.text(session, absence, reader, shown.zone, now)
                rendered[notice.id] = views.stand_in_notice(shown, absence.agency.name, text)
    return rendered
