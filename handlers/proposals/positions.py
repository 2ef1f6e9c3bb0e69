"""Record and retract positions, and record how agencies take decisions up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import voices
from handlers.kit.callers import Caller
from handlers.kit.notices.messages import name_message, queue_direct_message, queue_thread_reply
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaks
from handlers.kit.text import escape, slack_date
from handlers.kit.voices import News
from handlers.proposals import rules, views
from handlers.proposals.creation import schedule_reminders
from handlers.proposals.labels import STANCE_LABELS
from handlers.proposals.lookup import check_open, lock_proposal
from handlers.proposals.rules import Standing, Statement
from handlers.proposals.snapshot import ProposalSnapshot, load_snapshot
from storage import electorates, live_messages, members, positions, proposals
from storage.agencies import Agency
from storage.members import Member
from storage.open_electors import open_electors
from storage.proposals import Proposal
from storage.vocabulary import AgencyId, ConsortiumId, MemberId, ProposalState, Seat, Stance, UptakeKind
from storage.voting import ProposalBallotPaper, Voter

MAX_REASON = 1500

_UPTAKE_SENTENCES = {
    UptakeKind.AS_IT_IS: "takes it up as it is",
    UptakeKind.ADAPTED: "takes it up in an adapted form",
    UptakeKind.NOT_HERE: "does not take it up",
}


# positions -----------------------------------------------------------------------------------------------


def record_position(
    session: Session, voter: Voter, proposal: ProposalBallotPaper, stance: Stance, reason: str, now: datetime
) -> str:
    """Record a position on a locked proposal. Return a sentence that confirms it.

    Raise Refusal if positions are not open, or if the voter may not take this position.
    """
    number = proposal.number
    check_open(proposal, now)
    if stance not in rules.stances(proposal.rule):
        known = ", ".join(STANCE_LABELS[stance] for stance in rules.stances(proposal.rule))
        raise Refusal(f"The positions on proposal {number} are: {known}. Nothing has changed.")
    if len(reason) > MAX_REASON:
        raise Refusal(f"The reason has {len(reason):,} characters; the limit is {MAX_REASON:,}.", field="reason")
    if rules.counts_people(proposal.rule):
        return _record_for_person(session, voter, proposal, stance, reason, now)
    return _record_for_agency(session, voter, proposal, stance, reason, now)


def _record_for_person(
    session: Session, voter: Voter, proposal: ProposalBallotPaper, stance: Stance, reason: str, now: datetime
) -> str:
    agency_id = electorates.agency_of_elector(session, proposal.id, voter.person.id)
    if agency_id is None and voter.agency is None:
        raise Refusal(
            f"Proposal {proposal.number} counts the members of agencies, and you do not belong to one. To join one, "
            "type `/consortium join`."
        )
    if agency_id is None:
        raise Refusal(
            f"The people who decide proposal {proposal.number} were fixed when it opened, and you were not among them "
            "yet. You can take part in the next one."
        )
    _store(session, voter, proposal, agency_id, stance, reason, now, sole=True)
    until = slack_date(proposal.closes_at)
    return f"Noted on #{proposal.number}: {STANCE_LABELS[stance]}. You can change it until {until}."


def _record_for_agency(
    session: Session, voter: Voter, proposal: ProposalBallotPaper, stance: Stance, reason: str, now: datetime
) -> str:
    agency = voter.agency
    if agency is None or agency.ended_at is not None:
        raise Refusal("Agencies take positions, and you do not belong to one. To join one, type `/consortium join`.")
    if proposal.decides is None:
        raise Refusal(
            f"The agencies that decide proposal {proposal.number} were fixed when it opened. {escape(agency.name)} had "
            "no members then. It can take part in the next one."
        )
    named = Named(proposal.representative, proposal.alternate)
    # most votes change nothing but themselves: nothing more has to be read
    watched = stance is Stance.BLOCK or proposal.block_stated or named.nobody or named.alternate is not None
    before = _standing(session, proposal, agency.id, named) if watched else Standing()
    _store(session, voter, proposal, agency.id, stance, reason, now, sole=named.nobody)
    after = _standing(session, proposal, agency.id, named) if watched else Standing(stance)
    if not _counts(voter, named, after):
        return _confirm_voice(session, voter, proposal, stance, reason, now)
    closes_at = proposal.closes_at
    if after.blocks and not before.blocks:
        closes_at = _open_block_thread(
            session, proposals.lock_by_id(session, proposal.id), agency.id, voter.user_id, now
        )
    elif before.blocks and not after.blocks:
        _post_lifted_block(session, proposals.lock_by_id(session, proposal.id), agency.name, now)
    _tell_concerned(session, voter, proposal, before, after, now)
    return (
        f"Noted on #{proposal.number} for {escape(agency.name)}: {STANCE_LABELS[stance]}."
        f"{_reservation(voter, proposal, after)} You can change it until {slack_date(closes_at)}."
    )


def _standing(session: Session, proposal: ProposalBallotPaper, agency_id: AgencyId, named: Named) -> Standing:
    stated = positions.list_positions_of_agency(session, proposal.id, agency_id)
    return rules.agency_standing([Statement(each.stance, each.reason, each) for each in stated], named)


def _counts(voter: Voter, named: Named, after: Standing) -> bool:
    """Return whether the position that was just stored counts for the agency.

    That of an alternate does not if the representative has taken a position.
    """
    if not speaks(voter.person.seat, named):
        return False
    if voter.person.seat is not Seat.ALTERNATE or named.representative is None:
        return True
    return any(statement.spoken.member_id == voter.person.id for statement in after.own)


def _reservation(voter: Voter, proposal: ProposalBallotPaper, after: Standing) -> str:
    """Return a sentence about what limits a position that counts: the representative, or members who disagree."""
    agency = escape(voter.agency.name) if voter.agency is not None else ""
    if voter.person.seat is Seat.ALTERNATE and proposal.representative_name:
        return f" It counts as long as {escape(proposal.representative_name)} takes no position."
    if after.divided:
        block = ", but a block stands" if after.blocks else ""
        return f" {agency} is divided, because its members disagree: it is heard and takes no side{block}."
    return ""


def _tell_concerned(
    session: Session, voter: Voter, proposal: ProposalBallotPaper, before: Standing, after: Standing, now: datetime
) -> None:
    """Tell an alternate whom the representative has overruled, or members that their agency is divided now."""
    overruled = [
        statement.spoken.member_id
        for statement in before.own
        if voter.person.seat is Seat.REPRESENTATIVE
        and statement.spoken.seat is Seat.ALTERNATE
        and statement.stance is not after.stance
    ]
    divided = [statement.spoken.member_id for statement in after.own if after.divided and not before.divided]
    for news, people in ((News.BESIDE, overruled), (News.DIVIDED, divided)):
        others = [member_id for member_id in people if member_id != voter.person.id]
        if others:
            about = proposals.lock_by_id(session, proposal.id)
            voices.tell(session, voices.PROPOSAL, news, about, others, now)


@dataclass(frozen=True)
class Weight:
    """What a position would count. `voice` is a sentence for somebody whose position would only be a voice.

    `until` is the name of the representative whose position would replace that of the alternate, empty for others.
    """

    voice: str = ""
    until: str = ""


def weigh_position(session: Session, caller: Caller, proposal: Proposal) -> Weight:
    """Return what a position of the caller would count."""
    agency = caller.active_agency
    if agency is None or rules.counts_people(proposal.rule):
        return Weight()
    representative, alternate = members.representatives(session, [agency.id])[agency.id]
    speaker = representative or alternate
    is_second = caller.person.seat is Seat.ALTERNATE and representative is not None
    beside = (
        is_second
        and representative is not None
        and any(
            position.member_id == representative.id and position.vacated_at is None
            for position in positions.list_positions_of_agency(session, proposal.id, agency.id)
        )
    )
    if speaker is None or (speaks(caller.person.seat, Named.of((representative, alternate))) and not beside):
        return Weight(until=escape(speaker.name) if is_second and speaker is not None else "")
    return Weight(
        f"{escape(speaker.name)} speaks for {escape(agency.name)}. What you send is noted as your voice and does not "
        "count."
    )


def _store(
    session: Session,
    voter: Voter,
    proposal: ProposalBallotPaper,
    agency_id: AgencyId,
    stance: Stance,
    reason: str,
    now: datetime,
    *,
    sole: bool,
) -> None:
    row = {
        "agency_id": agency_id,
        "member_id": voter.person.id,
        "stance": stance,
        "reason": reason,
        # Where people are counted, the seat is always the same, so that nobody counts twice after changing seats.
        "seat": Seat.MEMBER if rules.counts_people(proposal.rule) else voter.person.seat,
        "sole": sole,
        "said_at": now,
    }
    positions.save_position(session, proposal, row)
    live_messages.request_update(session, proposal.live_id)


def _confirm_voice(
    session: Session, voter: Voter, paper: ProposalBallotPaper, stance: Stance, reason: str, now: datetime
) -> str:
    """Confirm a voice. A voice that blocks also goes privately to the person who speaks for the agency."""
    agency = voter.agency.name if voter.agency else ""
    speaker = paper.representative_name or paper.alternate_name or ""
    if stance is Stance.BLOCK:
        proposal = proposals.lock_by_id(session, paper.id)
        body = views.blocking_voice_notice(load_snapshot(session, proposal), voter.person.name, agency, reason)
        recipient = session.get_one(Member, paper.representative or paper.alternate)
        queue_direct_message(session, proposal.team_id, recipient, body, name_message(proposal, "a voice"), now)
    return (
        f"Noted on #{paper.number} as your voice: {STANCE_LABELS[stance]}. It does not count, because "
        f"{escape(speaker)} speaks for {escape(agency)}. It is shown under Details."
    )


def _open_block_thread(
    session: Session, proposal: Proposal, agency_id: AgencyId, user_id: str, now: datetime
) -> datetime:
    """Post in the thread of a locked proposal that an agency blocks. Move the closing time if the block comes late.

    `user_id` is the person who blocks. Return the closing time.
    """
    later = rules.closing_time_after_late_block(proposal.closes_at, now, given_time=proposal.given_time)
    if later is not None:
        proposal.closes_at = later
        proposal.given_time = True
        schedule_reminders(proposal)
    body = views.block_post(load_snapshot(session, proposal), agency_id, user_id, given_time=later is not None)
    queue_thread_reply(session, proposal, body, "the thread about a block", now)
    return proposal.closes_at


def standing_blocks(
    session: Session, consortium_id: ConsortiumId, now: datetime
) -> dict[tuple[int, AgencyId], MemberId]:
    """Map each open proposal, by its number, and each agency that blocks it now to a member who blocks it."""
    found = {}
    for elector in open_electors(session, consortium_id, now):
        named = Named(elector.representative, elector.alternate)
        standing = rules.agency_standing([Statement(said.stance, "", said) for said in elector.said], named)
        for statement in standing.own:
            if statement.stance is Stance.BLOCK:
                found[elector.number, elector.agency_id] = statement.spoken.member_id
    return found


def follow_blocks(
    session: Session, consortium_id: ConsortiumId, before: Mapping[tuple[int, AgencyId], MemberId], now: datetime
) -> None:
    """Post in the threads of locked proposals which blocks have begun or ceased to count with a change of seats."""
    after = standing_blocks(session, consortium_id, now)
    for key in sorted(before.keys() ^ after.keys()):
        number, agency_id = key
        proposal = proposals.get(session, consortium_id, number)
        if proposal is not None and key in after:
            blocker = session.get_one(Member, after[key])
            _open_block_thread(session, proposal, agency_id, blocker.user_id, now)
        elif proposal is not None:
            _post_lifted_block(session, proposal, session.get_one(Agency, agency_id).name, now)


def _post_lifted_block(session: Session, proposal: Proposal, agency: str, now: datetime) -> None:
    """Post in the thread that an agency no longer blocks, for those whom the block brought there."""
    author = session.get_one(Member, proposal.author_id)
    post = views.thread_post(f"<@{author.user_id}> {escape(agency)} no longer blocks #{proposal.number}.")
    queue_thread_reply(session, proposal, post, "news of a block", now)


def retract_position(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Retract the caller's position. Return a sentence that confirms it. Raise Refusal if there is none."""
    proposal = lock_proposal(session, caller, number)
    check_open(proposal, now)
    agency_id = caller.person.agency_id
    if rules.counts_people(proposal.rule):
        agency_id = electorates.agency_of_elector(session, proposal.id, caller.person.id)
    elif caller.agency is not None and caller.agency.ended_at is not None:
        raise Refusal(
            f"{escape(caller.agency.name)} has ended, and what was said for it stays. Nothing has changed on proposal "
            f"{number}."
        )
    before = load_snapshot(session, proposal)
    if agency_id is None or not positions.take_back(session, proposal, agency_id, caller.person.id, now):
        raise Refusal(
            f"You have no position on proposal {number} to take back. `/propose show {number}` shows all positions."
        )
    proposal.remind_at = now
    live_messages.request_update(session, proposal.live_id)
    note = _follow_retraction(session, proposal, agency_id, before, now)
    return f"Taken back on #{number}.{note} You can take a new position until {slack_date(proposal.closes_at)}."


def _follow_retraction(
    session: Session, proposal: Proposal, agency_id: AgencyId, before: ProposalSnapshot, now: datetime
) -> str:
    """Post in the thread if the agency's block starts or ends. Return a sentence about voices that count from now on.

    The representative's position hid that of the alternate until now.
    """
    after = load_snapshot(session, proposal)
    earlier, standing = before.standings.get(agency_id), after.standings.get(agency_id)
    if earlier is None or standing is None:
        return ""
    agency = after.agencies[agency_id]
    if standing.blocks and not earlier.blocks:
        (blocker,) = members.by_ids(
            session, {s.spoken.member_id for s in standing.own if s.stance is Stance.BLOCK}
        ).values()
        _open_block_thread(session, proposal, agency_id, blocker.user_id, now)
    elif earlier.blocks and not standing.blocks:
        _post_lifted_block(session, proposal, agency, now)
    known = {(s.spoken.member_id, s.spoken.seat) for s in earlier.own}
    again = [s.spoken.member_id for s in standing.own if (s.spoken.member_id, s.spoken.seat) not in known]
    voices.tell(session, voices.PROPOSAL, News.AGAIN, proposal, again, now)
    return "".join(
        f" The position of {escape(after.people[s.spoken.member_id])} now counts for {escape(agency)}: "
        f"{STANCE_LABELS[s.stance]}."
        for s in standing.own
        if (s.spoken.member_id, s.spoken.seat) not in known
    )


# uptake --------------------------------------------------------------------------------------------------


def record_uptake(session: Session, caller: Caller, number: int, how: UptakeKind, note: str, now: datetime) -> str:
    """Record how the caller's agency takes a decision up. Return a sentence that confirms it.

    Raise Refusal if the proposal was not adopted, or if the caller does not speak for an agency.
    """
    proposal = lock_proposal(session, caller, number)
    if proposal.state is not ProposalState.ADOPTED:
        raise Refusal(f"Proposal {number} was not adopted, so there is nothing for your agency to answer.")
    agency = caller.active_agency
    if agency is None:
        raise Refusal("Only agencies take up decisions, and you belong to none. To join one, type `/consortium join`.")
    representative, alternate = members.representatives(session, [agency.id])[agency.id]
    if not speaks(caller.person.seat, Named.of((representative, alternate))):
        raise Refusal(f"Only people who speak for {escape(agency.name)} can say how it will take up this decision.")
    if representative is not None and caller.person.id != representative.id:
        uptakes = proposals.list_uptakes(session, proposal.id)
        if any((u.agency_id, u.member_id) == (agency.id, representative.id) for u in uptakes):
            raise Refusal(
                f"{escape(representative.name)}, who represents {escape(agency.name)}, has already answered. Only "
                f"{escape(representative.name)} can change the answer. Nothing has changed."
            )
    if len(note) > MAX_REASON:
        raise Refusal(f"The note has {len(note):,} characters; the limit is {MAX_REASON:,}.", field="reason")
    row = {
        "proposal_id": proposal.id,
        "agency_id": agency.id,
        "member_id": caller.person.id,
        "how": how,
        "note": note,
        "at": now,
    }
    proposals.save_uptake(session, row)
    live_messages.request_update(session, proposal.live_id)
    return f"Noted on #{number}: {escape(agency.name)} {_UPTAKE_SENTENCES[how]}."
