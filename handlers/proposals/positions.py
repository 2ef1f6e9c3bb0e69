"""Positions: saying, taking back, and how agencies take a decision up."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.notices.messages import reply, tell
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaks
from handlers.kit.text import escape, moment
from handlers.proposals import rules, snapshot, views
from handlers.proposals.creation import schedule_reminders
from handlers.proposals.labels import STANCE_LABELS
from handlers.proposals.lookup import check_open, lock_proposal
from storage import electorates, live_messages, members, positions, proposals
from storage.members import Member
from storage.vocabulary import AgencyId, ProposalState, Seat, Stance, UptakeKind
from storage.voting import ProposalPaper, Voter

MAX_REASON = 1500


def record_position(
    session: Session, caller: Voter, proposal: ProposalPaper, stance: Stance, reason: str, now: datetime
) -> str:
    """Keep a position on a locked proposal, and say in a sentence what was noted. Raises Refusal."""
    number = proposal.number
    check_open(proposal, now)
    if stance not in rules.stances(proposal.rule):
        known = ", ".join(STANCE_LABELS[s] for s in rules.stances(proposal.rule))
        raise Refusal(f"Proposal {number} knows these positions: {known}. Nothing has changed.")
    if len(reason) > MAX_REASON:
        raise Refusal(f"The reason has {len(reason):,} characters; there is room for {MAX_REASON:,}.", field="reason")
    if rules.counts_people(proposal.rule):
        return _say_by_head(session, caller, proposal, stance, reason, now)
    return _say_for_agency(session, caller, proposal, stance, reason, now)


def _say_by_head(
    session: Session, caller: Voter, proposal: ProposalPaper, stance: Stance, reason: str, now: datetime
) -> str:
    agency_id = electorates.head_agency(session, proposal.id, caller.person.id)
    if agency_id is None:
        raise Refusal(
            f"Who decides proposal {proposal.number} was settled when it opened, and you were not among them yet. "
            "The next one will count you in."
        )
    _keep(session, caller, proposal, agency_id, stance, reason, now, sole=True)
    return (
        f"Noted on #{proposal.number}: {STANCE_LABELS[stance]}. You can change it until {moment(proposal.closes_at)}."
    )


def _say_for_agency(
    session: Session, caller: Voter, proposal: ProposalPaper, stance: Stance, reason: str, now: datetime
) -> str:
    agency = caller.agency
    if agency is None or agency.ended_at is not None:
        raise Refusal("Agencies take positions, and you belong to none. `/consortium join` asks to join one.")
    if proposal.decides is None:
        raise Refusal(
            f"Who decides proposal {proposal.number} was settled when it opened, and {escape(agency.name)} was not "
            "among the agencies with people then. The next one will count it in."
        )
    named = Named(proposal.representative, proposal.alternate)
    newly = stance is Stance.BLOCK and not _blocks(session, caller, proposal, agency.id)
    _keep(session, caller, proposal, agency.id, stance, reason, now, sole=named.nobody)
    if not speaks(caller.person.seat, named):
        return _noted_voice(session, caller, proposal, (stance, reason), now)
    if newly:
        _meet(session, caller, proposal, now)
    return (
        f"Noted on #{proposal.number} for {escape(agency.name)}: {STANCE_LABELS[stance]}. You can change it until "
        f"{moment(proposal.closes_at)}."
    )


def _blocks(session: Session, caller: Voter, proposal: ProposalPaper, agency_id: AgencyId) -> bool:
    before = positions.of_person(session, proposal.id, agency_id, caller.person.id, caller.person.seat)
    return before is not None and before.stance is Stance.BLOCK


def _keep(
    session: Session,
    caller: Voter,
    proposal: ProposalPaper,
    agency_id: AgencyId,
    stance: Stance,
    reason: str,
    now: datetime,
    *,
    sole: bool,
) -> None:
    spoken = {
        "agency_id": agency_id,
        "member_id": caller.person.id,
        "stance": stance,
        "reason": reason,
        # a head has no seat, so that nobody is counted twice who changes theirs
        "seat": Seat.MEMBER if rules.counts_people(proposal.rule) else caller.person.seat,
        "sole": sole,
        "said_at": now,
    }
    positions.say(session, proposal, spoken)
    live_messages.want(session, proposal.live_id)


def _noted_voice(
    session: Session,
    caller: Voter,
    proposal: ProposalPaper,
    said: tuple[Stance, str],
    now: datetime,
) -> str:
    """Answer a voice; one that says block goes privately to who speaks for the agency."""
    stance, reason = said
    agency = caller.agency.name if caller.agency else ""
    speaker = proposal.representative_name or proposal.alternate_name or ""
    if stance is Stance.BLOCK:
        whole = proposals.lock_id(session, proposal.id)
        body = views.blocking_voice_notice(snapshot.load_snapshot(session, whole), caller.person.name, agency, reason)
        named = session.get_one(Member, proposal.representative or proposal.alternate)
        tell(session, whole.team_id, named, body, f"a voice on proposal {proposal.number}", now)
    return (
        f"Noted on #{proposal.number} as your voice: {STANCE_LABELS[stance]}. {escape(speaker)} speaks for "
        f"{escape(agency)}; everyone can see both under Details."
    )


def _meet(session: Session, caller: Voter, paper: ProposalPaper, now: datetime) -> None:
    """Open a thread on a block, and give extra time where it comes late."""
    proposal = proposals.lock_id(session, paper.id)
    later = rules.closing_time_after_late_block(proposal.closes_at, now, given_time=proposal.given_time)
    if later is not None:
        proposal.closes_at = later
        proposal.given_time = True
        schedule_reminders(proposal)
    picture = snapshot.load_snapshot(session, proposal)
    agency = caller.agency.name if caller.agency else ""
    body = views.block_post(picture, caller.user_id, agency, given_time=later is not None)
    reply(session, proposal, body, "the thread about a block", now)


def retract_position(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Take a position back, and say so. Raises Refusal."""
    proposal = lock_proposal(session, caller, number)
    check_open(proposal, now)
    own = caller.person.agency_id
    if rules.counts_people(proposal.rule):
        own = electorates.head_agency(session, proposal.id, caller.person.id)
    if own is None or not positions.take_back(session, proposal, own, caller.person.id, now):
        raise Refusal(
            f"You have nothing on proposal {number} to take back. `/propose show {number}` shows who said what."
        )
    proposal.remind_at = now
    live_messages.want(session, proposal.live_id)
    return f"Taken back on #{number}. You can say something new until {moment(proposal.closes_at)}."


def record_uptake(session: Session, caller: Caller, number: int, how: UptakeKind, note: str, now: datetime) -> str:
    """Keep how the caller's agency takes a decision up. Raises Refusal."""
    proposal = lock_proposal(session, caller, number)
    if proposal.state is not ProposalState.ADOPTED:
        raise Refusal(f"Proposal {number} is {proposal.state.value}; only what was adopted is taken up.")
    agency = caller.agency
    if agency is None or agency.ended_at is not None:
        raise Refusal("Agencies take decisions up, and you belong to none. `/consortium join` asks to join one.")
    named = Named.of(members.speakers(session, [agency.id])[agency.id])
    if not speaks(caller.person.seat, named):
        raise Refusal(f"Who speaks for {escape(agency.name)} says how it takes this up.")
    if len(note) > MAX_REASON:
        raise Refusal(f"The note has {len(note):,} characters; there is room for {MAX_REASON:,}.", field="reason")
    row = {
        "proposal_id": proposal.id,
        "agency_id": agency.id,
        "member_id": caller.person.id,
        "how": how,
        "note": note,
        "at": now,
    }
    proposals.take_up(session, row)
    live_messages.want(session, proposal.live_id)
    said = "does not take it up" if how is UptakeKind.NOT_HERE else f"takes it up {_HOW[how]}"
    return f"Noted on #{number}: {escape(agency.name)} {said}."


_HOW = {UptakeKind.AS_IT_IS: "as it is", UptakeKind.ADAPTED: "in an adapted form"}
