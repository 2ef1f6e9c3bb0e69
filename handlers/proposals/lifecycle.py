"""Close, withdraw, extend and amend proposals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit import stand_ins
from handlers.kit.callers import Caller, require_author_or_facilitator
from handlers.kit.notices.messages import name_message, queue_direct_message, queue_thread_reply
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, pluralize, slack_date
from handlers.kit.visibility import Reader, sees
from handlers.proposals import openings, rules, views
from handlers.proposals.audience import audience_of, deciders
from handlers.proposals.creation import ProposalDraft, check_wording, earliest_closing, schedule_reminders
from handlers.proposals.lookup import check_open, lock_proposal
from handlers.proposals.snapshot import ProposalSnapshot, load_snapshot
from handlers.proposals.verdict import verdict_text
from storage import audit, drafts, live_messages, members, minutes, outbox, positions, proposals
from storage.consortia import Consortium
from storage.members import Member
from storage.positions import Position
from storage.proposals import Proposal
from storage.vocabulary import AgencyId, DeliveryState, MemberId, ProposalState, Rule, Seat


def close_proposal(session: Session, proposal: Proposal, now: datetime) -> ProposalSnapshot:
    """Close a locked, open proposal, and queue its verdict for the thread. Return its snapshot afterwards."""
    snapshot = load_snapshot(session, proposal)
    proposal.state = snapshot.outcome
    proposal.verdict = verdict_text(snapshot, proposal.state)
    proposal.decided_at = now
    proposal.extend_until = rules.extendable_until(
        proposal.state, now, extended=proposal.extended, decidable=snapshot.decidable
    )
    live_messages.request_update(session, proposal.live_id)
    ended = replace(snapshot, state=proposal.state, verdict=proposal.verdict, decided_at=now)
    queue_thread_reply(session, proposal, views.verdict_post(ended), "the verdict", now)
    return ended


def wait_until_seen(session: Session, proposal: Proposal, now: datetime) -> bool:
    """Keep a locked proposal by consent open if its message came late or not at all. Return whether it stays open.

    Silence is consent only where people could read the proposal in its channel, and answer, for its whole time.
    """
    undelivered = outbox.find_undelivered(session, proposal.live_id) if proposal.rule is Rule.CONSENT else None
    if undelivered is None:
        give_full_time(session, proposal, now)
        return proposal.closes_at > now
    closes_at = _full_time(session, proposal, now)
    if closes_at is None or closes_at <= now:
        return False
    _move_closing(session, proposal, closes_at)
    retry_row = undelivered.id if undelivered.state in outbox.STUCK else None
    author = session.get_one(Member, proposal.author_id)
    unknown = undelivered.state is DeliveryState.UNKNOWN
    withdrawable = can_be_withdrawn(session, proposal)
    snapshot = load_snapshot(session, proposal)
    body = views.unseen_notice(snapshot, retry_row, unknown=unknown, may_withdraw=withdrawable)
    queue_direct_message(session, proposal.team_id, author, body, name_message(proposal, "news of the message"), now)
    return True


def give_full_time(session: Session, proposal: Proposal, now: datetime) -> None:
    """Move the closing time of a locked, open proposal by consent if its message came late, and post that."""
    if proposal.rule is not Rule.CONSENT or proposal.state is not ProposalState.OPEN:
        return
    seen_at = live_messages.posted_at(session, proposal.live_id)
    closes_at = _full_time(session, proposal, seen_at) if seen_at is not None else None
    if seen_at is not None and closes_at is not None and closes_at > max(now, proposal.closes_at):
        _move_closing(session, proposal, closes_at)
        post = views.late_message_post(load_snapshot(session, proposal), seen_at)
        queue_thread_reply(session, proposal, post, "the new closing time", now)


def _full_time(session: Session, proposal: Proposal, seen_at: datetime) -> datetime | None:
    """Return when a proposal closes that people see from a time on; None if that is soon enough after its opening."""
    if seen_at - proposal.opens_at <= rules.DELIVERY_TIME:
        return None
    zone = session.get_one(Consortium, proposal.consortium_id).zone
    return max(seen_at + timedelta(seconds=proposal.seconds), earliest_closing(proposal.rule, zone, seen_at))


def _move_closing(session: Session, proposal: Proposal, closes_at: datetime) -> None:
    proposal.closes_at = closes_at
    schedule_reminders(proposal)
    live_messages.request_update(session, proposal.live_id)


def close_early(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Close a proposal before its time. Return a sentence that confirms it.

    Raise Refusal if somebody has not been heard, if the rule is consent, or if the caller may not close it.
    """
    proposal = lock_proposal(session, caller, number)
    require_author_or_facilitator(session, caller, proposal.author_id, f"close proposal {number}")
    check_open(proposal, now)
    if proposal.rule is Rule.CONSENT:
        raise Refusal(
            f"Proposal {number} is decided by consent, so it stays open for its whole time. Silence counts as consent "
            f"only then. It closes {slack_date(proposal.closes_at)}."
        )
    tally = load_snapshot(session, proposal).tally
    silent = tally.electorate - tally.heard
    if silent:
        electors = (
            pluralize(silent, "person has", "people have")
            if rules.counts_people(proposal.rule)
            else pluralize(silent, "agency has", "agencies have")
        )
        raise Refusal(
            f"{electors} not been heard on proposal {number} yet. You can close it once all are heard. Otherwise it "
            f"closes automatically {slack_date(proposal.closes_at)}."
        )
    ended = close_proposal(session, proposal, now)
    audit.record(session, proposal.consortium_id, caller.person.id, "closed", f"proposal {number}", now)
    return f"#{number} is closed. {escape(ended.verdict)}"


def withdraw_proposal(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Withdraw a proposal. Return a sentence that confirms it.

    Raise Refusal if the caller may not, if it has ended, or if it cannot be withdrawn.
    """
    proposal = lock_proposal(session, caller, number)
    author = session.get_one(Member, proposal.author_id)
    if not is_withdrawer(caller, author):
        who = (
            f"{escape(author.name)}, who made it, has left. Only a facilitator" if author.left_at else "Only its author"
        )
        raise Refusal(f"{who} can withdraw proposal {number}. Nothing has changed.")
    if proposal.state is not ProposalState.TALKING:
        check_open(proposal, now)
    if not can_be_withdrawn(session, proposal):
        raise Refusal(
            f"#{number} came from an objection to recorded minutes, so it stays until it is decided. You can amend it: "
            f"`/propose amend {number}`"
        )
    proposal.state = ProposalState.WITHDRAWN
    proposal.verdict = f"Withdrawn by {caller.person.name}: nothing was decided."
    proposal.decided_at = now
    live_messages.request_update(session, proposal.live_id)
    because = f" {escape(author.name)}, who made it, has left the consortium." if author.left_at is not None else ""
    post = views.thread_post(f"{escape(caller.person.name)} has withdrawn #{number}.{because}")
    queue_thread_reply(session, proposal, post, "the withdrawal", now)
    audit.record(session, proposal.consortium_id, caller.person.id, "withdrew", f"proposal {number}", now)
    return f"#{number} is withdrawn. It stays in the record."


def may_withdraw(session: Session, caller: Caller, proposal: Proposal) -> bool:
    """Return whether the caller can withdraw a proposal while it runs."""
    author = session.get_one(Member, proposal.author_id)
    return is_withdrawer(caller, author) and can_be_withdrawn(session, proposal)


def is_withdrawer(caller: Caller, author: Member) -> bool:
    """Return whether the caller may withdraw the author's proposals: their own, or as a facilitator once they left."""
    if caller.member is None:
        return False
    return caller.member.id == author.id or (author.left_at is not None and caller.facilitates)


def can_be_withdrawn(session: Session, proposal: Proposal) -> bool:
    """Return whether the author of a proposal can withdraw it while it runs.

    One that came from an objection belongs to the agency that objected, too: to withdraw it would bury the objection.
    """
    return not minutes.is_from_objection(session, proposal.consortium_id, proposal.number)


def extend_proposal(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Reopen an undecided proposal for the same time as before. Return a sentence that confirms it.

    Raise Refusal if it was extended before, if more than seven days have passed, and if the caller may not extend it.
    """
    proposal = lock_proposal(session, caller, number)
    require_author_or_facilitator(session, caller, proposal.author_id, f"extend proposal {number}")
    if proposal.state in proposals.RUNNING:
        raise Refusal(f"Proposal {number} has not closed yet. It can be extended if it closes without a decision.")
    if proposal.extend_until is None or proposal.extend_until <= now:
        raise Refusal(
            f"{_why_not_extended(session, proposal)} Only a proposal that was not decided can be extended, once, "
            "within seven days. You can propose it again."
        )
    before = {proposal.id: deciders(session, proposal)} if proposal.private else {}
    proposal.state = ProposalState.OPEN
    proposal.extended, proposal.extend_until = True, None
    proposal.closes_at = now + timedelta(seconds=proposal.seconds)
    proposal.decided_at = None
    schedule_reminders(proposal)
    proposal.verdict = ""
    live_messages.request_update(session, proposal.live_id)
    post = views.thread_post(
        f"#{number} is open again. All positions stand. It closes {slack_date(proposal.closes_at)}."
    )
    queue_thread_reply(session, proposal, post, "the extension", now)
    session.flush()
    openings.announce_new_deciders(session, proposal.consortium_id, before, now)
    audit.record(session, proposal.consortium_id, caller.person.id, "extended", f"proposal {number}", now)
    return f"#{number} is open again until {slack_date(proposal.closes_at)}. All positions stand."


def end_extension_time(session: Session, proposal: Proposal, now: datetime) -> None:
    """Remove the offer to extend from the message of a locked proposal, if the time for it has passed."""
    if proposal.extend_until is not None and proposal.extend_until <= now:
        proposal.extend_until = None
        live_messages.request_update(session, proposal.live_id)


def _why_not_extended(session: Session, proposal: Proposal) -> str:
    if proposal.extended:
        return f"Proposal {proposal.number} was extended once already."
    if proposal.state is ProposalState.NOT_DECIDED and not load_snapshot(session, proposal).decidable:
        return f"Proposal {proposal.number} had too few to decide it, and more time does not change that."
    if proposal.state is ProposalState.NOT_DECIDED:
        return f"Proposal {proposal.number} closed more than seven days ago."
    outcome = "closed as a sense check" if proposal.state is ProposalState.SENSED else f"was {proposal.state.value}"
    return f"Proposal {proposal.number} {outcome}."


def amend_proposal(
    session: Session, caller: Caller, number: int, wording: tuple[str, str], version: int, now: datetime
) -> str:
    """Give a proposal a new wording and its full time again. Return a sentence that confirms it.

    `wording` is the title and the text. `version` is the version that the caller had before them. Raise Refusal if it
    is not the current one, if the wording is the same, too long or empty, and if the caller may not amend.
    """
    proposal = lock_proposal(session, caller, number)
    check_may_amend(session, caller, proposal, now)
    title, body = wording
    check_wording(ProposalDraft(title=title, body=body, channel=proposal.channel))
    if proposal.version != version:
        raise Refusal(f"Somebody amended proposal {number} in the meantime. Open it again to see the current wording.")
    if (title, body) == (proposal.title, proposal.body):
        raise Refusal("The wording is the same as before, so there is nothing to amend.", field="why")
    proposals.save_wording(session, proposal, now)
    proposal.title, proposal.body = title, body
    proposal.version += 1
    earlier = positions.list_positions(session, proposal.id)
    positions.keep_only(session, earlier, _kept_by_amendment(load_snapshot(session, proposal), earlier))
    proposal.opens_at = max(proposal.opens_at, now)
    # never earlier than before: a block may have given more time to meet
    proposal.closes_at = max(
        proposal.closes_at,
        proposal.opens_at + timedelta(seconds=proposal.seconds),
        earliest_closing(proposal.rule, caller.consortium.zone, proposal.opens_at),
    )
    schedule_reminders(proposal)
    live_messages.request_update(session, proposal.live_id)
    # a question about what somebody typed on the earlier wording must not answer the new one
    drafts.forget(session, proposal.team_id, "/vote")
    _notify_of_amendment(session, proposal, earlier, now)
    audit.record(session, proposal.consortium_id, caller.person.id, "amended", f"proposal {number}", now)
    return f"#{number} is amended (version {proposal.version}). It closes {slack_date(proposal.closes_at)}."


def _kept_by_amendment(snapshot: ProposalSnapshot, earlier: Sequence[Position]) -> set[tuple[AgencyId, MemberId, Seat]]:
    """Return which positions stand: blocks and reservations that counted. A voice must not become the agency's."""
    kept = [position for position in earlier if position.stance in rules.STANCES_KEPT_BY_AMENDMENT]
    if not rules.counts_people(snapshot.rule):
        counted = {
            (agency, statement.spoken.member_id, statement.spoken.seat)
            for agency, standing in snapshot.standings.items()
            for statement in standing.own
        }
        kept = [p for p in kept if (p.agency_id, p.member_id, p.seat) in counted]
    return {(position.agency_id, position.member_id, position.seat) for position in kept}


def check_may_amend(session: Session, caller: Caller, proposal: Proposal, now: datetime) -> None:
    """Raise Refusal if the proposal has ended, or if the caller is neither its author nor a facilitator."""
    require_author_or_facilitator(session, caller, proposal.author_id, f"amend proposal {proposal.number}")
    if proposal.state is not ProposalState.TALKING:
        check_open(proposal, now)


def _notify_of_amendment(session: Session, proposal: Proposal, earlier: Sequence[Position], now: datetime) -> None:
    """Send a message to everyone who had taken a position and to those who speak for it now. Post in the thread."""
    snapshot = load_snapshot(session, proposal)
    people = members.by_ids(session, {position.member_id for position in earlier})
    kept = {(p.agency_id, p.member_id, p.seat) for p in positions.list_positions(session, proposal.id)}
    effects: dict[MemberId, list[str]] = {}
    may_retract: set[MemberId] = set()
    for position in earlier:
        member = people[position.member_id]
        if (position.agency_id, position.member_id, position.seat) not in kept:
            effects.setdefault(member.id, []).append(views.POSITION_CLEARED)
        elif rules.counts_people(proposal.rule) or positions.may_take_back(position, member):
            may_retract.add(member.id)
            effects.setdefault(member.id, []).append(views.own_position_stands(position.stance))
        else:
            # the person has given up the seat since, so the position belongs to the agency
            sentence = views.agency_position_stands(snapshot.agencies[position.agency_id], member.name, position.stance)
            speakers = stand_ins.speakers_of(session, position.agency_id)
            people |= {speaker.id: speaker for speaker in speakers}
            for member_id in dict.fromkeys([member.id, *(speaker.id for speaker in speakers)]):
                effects.setdefault(member_id, []).append(sentence)
    audience = audience_of(session, proposal)
    for member_id, sentences in effects.items():
        if not sees(Reader(member_id), audience):
            # people in the private channel read of it in the thread, and nobody knows here who is in it
            continue
        effect = " ".join(dict.fromkeys(sentences))
        body = views.amendment_notice(snapshot, effect, may_retract=member_id in may_retract)
        about = name_message(proposal, "the amendment")
        queue_direct_message(session, proposal.team_id, people[member_id], body, about, now)
    if proposal.state is ProposalState.TALKING:
        rest = f"Voting opens {slack_date(proposal.opens_at)}, and it closes {slack_date(proposal.closes_at)}."
    else:
        rest = (
            f"It has its full time again and closes {slack_date(proposal.closes_at)}. Blocks and reservations that "
            "counted stand until they are lifted. All other positions were cleared."
        )
    post = views.thread_post(f"#{proposal.number} was amended. {rest}")
    queue_thread_reply(session, proposal, post, "the amendment", now)
