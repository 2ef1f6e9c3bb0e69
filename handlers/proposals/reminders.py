"""Reminders of a closing: to those who have not been heard, and to others where those who speak for an agency are away.

Source: docs/rules.md, "Time".
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit import stand_ins
from handlers.kit.block_kit import MessagePart
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.stand_ins import Absence
from handlers.kit.visibility import Reader, sees
from handlers.proposals import views
from handlers.proposals.audience import audience_of
from handlers.proposals.rules import LONGEST_REMINDER_LEAD, counts_people
from handlers.proposals.snapshot import ProposalSnapshot, load_snapshot
from storage import agencies, electorates, members, notices, positions, proposals
from storage.members import Member
from storage.notices import NewNotice, Notice
from storage.proposals import Proposal
from storage.vocabulary import AgencyId, ConsortiumId, MemberId, NoticeId, NoticeKind, ProposalState, Rule

CHECK_INTERVAL = timedelta(hours=12)
"""How often those not heard are looked up, besides when people are named, leave, or will be away, and
when positions are taken back."""


def queue_reminders(session: Session, proposal: Proposal, now: datetime) -> None:
    """Queue the reminders of a locked proposal that are due, once for each closing time, and set when to look again."""
    if proposal.state is not ProposalState.OPEN or now >= proposal.closes_at:
        return
    silent = _silent_agencies(session, proposal)
    wanted = [*_to_unheard(session, proposal, silent), *_about_absent_speakers(session, proposal, silent, now)]
    notices.add(session, *(notice for notice in wanted if notice.due_at <= now))
    later = [notice.due_at for notice in wanted if notice.due_at > now]
    proposal.remind_at = min([*later, max(now + CHECK_INTERVAL, proposal.closes_at - LONGEST_REMINDER_LEAD)])


def look_again(session: Session, consortium_id: ConsortiumId) -> None:
    """Look up again who is to be told of the running proposals of a consortium, because somebody will be away."""
    proposals.lock_running(session, consortium_id)
    for proposal in proposals.list_running(session, consortium_id):
        proposal.remind_at = proposal.opens_at


def _to_unheard(session: Session, proposal: Proposal, silent: Sequence[AgencyId]) -> Iterator[NewNotice]:
    closing = int(proposal.closes_at.timestamp())
    for member in _silent_deciders(session, proposal, silent):
        key = f"proposal/{proposal.number}/remind/{closing}/{member.id}"
        at = stand_ins.reminded_at(member, proposal.opens_at, proposal.closes_at)
        if at is not None:
            yield new_notice(proposal, member.id, NoticeKind.PROPOSAL, key, at, proposal.closes_at)


def unheard_deciders(session: Session, proposal: Proposal) -> list[Member]:
    """Return the members who decide an open proposal and have not been heard: speakers of agencies, or people."""
    return _silent_deciders(session, proposal, _silent_agencies(session, proposal))


def _silent_deciders(session: Session, proposal: Proposal, silent: Sequence[AgencyId]) -> list[Member]:
    if proposal.rule is Rule.SENSE:
        return []  # it decides nothing, so nobody is asked twice
    if counts_people(proposal.rule):
        heard = {position.member_id for position in positions.list_positions(session, proposal.id)}
        people = members.by_ids(session, electorates.member_electors(session, proposal.id).keys() - heard)
        return [member for member in people.values() if member.left_at is None]
    return [member for agency in silent for member in stand_ins.speakers_of(session, agency)]


def _silent_agencies(session: Session, proposal: Proposal) -> list[AgencyId]:
    """List the active agencies that have not been heard on an open proposal. Empty where people count."""
    if counts_people(proposal.rule):
        return []
    active = {agency.id for agency in agencies.active(session, proposal.consortium_id)}
    standings = load_snapshot(session, proposal).standings
    return [agency for agency, standing in standings.items() if agency in active and not standing.heard]


def _about_absent_speakers(
    session: Session, proposal: Proposal, silent: Sequence[AgencyId], now: datetime
) -> Iterator[NewNotice]:
    """Yield notices to the other people of each silent agency whose speakers are all away, and to facilitators.

    They hear as soon as it is known, which is when positions open at the earliest, and when the absent are reminded.
    Those who may not see a proposal of a private channel get none; its author does.
    """
    audience = audience_of(session, proposal)
    facilitators = members.facilitators(session, proposal.consortium_id)
    authors = members.by_ids(session, [proposal.author_id]).values() if proposal.private else ()
    for absence in stand_ins.absences(session, proposal.consortium_id, silent, now):
        asked = {member.id: member for member in (*absence.others, *facilitators, *authors)}
        for member in asked.values():
            if member not in absence.speakers and sees(Reader(member.id), audience):
                yield from _stand_in_notices(proposal, absence, member, now)


def _stand_in_notices(proposal: Proposal, absence: Absence, member: Member, now: datetime) -> Iterator[NewNotice]:
    key = f"proposal/{proposal.number}/stand-in/{int(proposal.closes_at.timestamp())}/{absence.agency.id}/{member.id}"
    for end, at in stand_ins.times(absence, member, proposal.opens_at, proposal.closes_at, now).items():
        yield new_notice(proposal, member.id, NoticeKind.STAND_IN, f"{key}{end}", at, proposal.closes_at)


def new_notice(
    proposal: Proposal, member: MemberId, kind: NoticeKind, key: str, due_at: datetime, until: datetime | None = None
) -> NewNotice:
    """Return a notice to a member about a proposal, to be written."""
    return NewNotice(proposal.consortium_id, member, proposal.team_id, kind, key, proposal.number, due_at, until)


# rendering -----------------------------------------------------------------------------------------------


def render_reminders(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the reminders of people who have still not been heard, if the closing time still holds."""
    return render_to_unheard(
        session, due, lambda notice, proposal: _still_holds(notice, proposal, now), views.reminder_notice
    )


def render_to_unheard(
    session: Session,
    due: Sequence[Notice],
    holds: Callable[[Notice, Proposal], bool],
    render: Callable[[ProposalSnapshot, str], MessagePart],
) -> dict[NoticeId, RenderedNotice]:
    """Render the notices that still hold, for people who still decide and have not been heard.

    `render` gets the proposal, and the name of the agency for which the person speaks: empty where people count.
    """
    people = members.by_ids(session, {notice.member_id for notice in due})
    unheard: dict[int, set[MemberId]] = {}
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice, proposal, shown in with_snapshots(session, due):
        if not holds(notice, proposal):
            continue
        if notice.subject not in unheard:
            unheard[notice.subject] = {member.id for member in unheard_deciders(session, proposal)}
        if notice.member_id in unheard[notice.subject]:
            agency = people[notice.member_id].agency_id
            named = shown.agencies[agency] if agency is not None and not counts_people(shown.rule) else ""
            rendered[notice.id] = render(shown, named)
    return rendered


def render_stand_ins(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the notices that an agency has not been heard because those who speak for it are away, if they still are.

    Its people, facilitators, and the author of a private proposal get them.
    """
    people = members.by_ids(session, {notice.member_id for notice in due})
    found: dict[int, dict[AgencyId, Absence]] = {}
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice, proposal, shown in with_snapshots(session, due):
        reader = people[notice.member_id]
        if not _still_holds(notice, proposal, now) or not sees(Reader(reader.id), audience_of(session, proposal)):
            continue
        if notice.subject not in found:
            absences = stand_ins.absences(session, proposal.consortium_id, _silent_agencies(session, proposal), now)
            found[notice.subject] = {absence.agency.id: absence for absence in absences}
        absence = found[notice.subject].get(AgencyId(int(notice.key.split("/")[4])))
        if absence is None or reader in absence.speakers:
            continue
        if stand_ins.is_reminded_too(notice.key, reader, proposal.opens_at, proposal.closes_at, now):
            continue
        if reader in absence.others or reader.facilitator or reader.id == proposal.author_id:
            text = stand_ins.text(session, absence, reader, shown.zone, now)
            rendered[notice.id] = views.stand_in_notice(shown, absence.agency.name, text)
    return rendered


def _still_holds(notice: Notice, proposal: Proposal, now: datetime) -> bool:
    """Return whether a proposal is open and closes when the notice says.

    After an amendment or a late block, there is a reminder before the closing time that holds now.
    """
    return proposal.state is ProposalState.OPEN and proposal.closes_at > now and notice.until == proposal.closes_at


def with_snapshots(session: Session, due: Sequence[Notice]) -> Iterator[tuple[Notice, Proposal, ProposalSnapshot]]:
    """Yield each notice with its proposal and the snapshot of it. Load each proposal once."""
    loaded: dict[int, tuple[Proposal, ProposalSnapshot] | None] = {}
    for notice in due:
        if notice.subject not in loaded:
            proposal = proposals.get(session, notice.consortium_id, notice.subject)
            loaded[notice.subject] = (proposal, load_snapshot(session, proposal)) if proposal is not None else None
        found = loaded[notice.subject]
        if found is not None:
            yield notice, *found
