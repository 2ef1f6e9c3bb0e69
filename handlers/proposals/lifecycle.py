"""How a proposal ends or goes on: closing, withdrawing, extending, amending."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.notices.messages import reply, tell
from handlers.kit.refusals import Refusal
from handlers.kit.text import counted, escape, moment
from handlers.proposals import rules, snapshot, views
from handlers.proposals.creation import ProposalDraft, check_wording, schedule_reminders
from handlers.proposals.lookup import check_open, lock_proposal, responsible
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.proposals.verdict import verdict_text
from storage import audit, live_messages, members, positions, proposals
from storage.positions import Position
from storage.proposals import Proposal
from storage.vocabulary import ProposalState, Rule, Stance


def close_proposal(session: Session, proposal: Proposal, now: datetime) -> ProposalSnapshot:
    """Close a locked, open proposal: find the outcome, write it down and say it."""
    picture = snapshot.load_snapshot(session, proposal)
    proposal.state = picture.outcome
    proposal.verdict = verdict_text(picture, proposal.state)
    proposal.decided_at = now
    live_messages.want(session, proposal.live_id)
    ended = replace(picture, state=proposal.state, verdict=proposal.verdict, decided_at=now)
    reply(session, proposal, views.verdict_post(ended), "the verdict", now)
    return ended


def close_early(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Close before the time, once everybody was heard. Raises Refusal."""
    proposal = lock_proposal(session, caller, number)
    responsible(session, caller, proposal, "close")
    check_open(proposal, now)
    if proposal.rule is Rule.CONSENT:
        raise Refusal(
            f"Proposal {number} is by consent: it stays open for its whole time, so that silence can be trusted. "
            f"It closes {moment(proposal.closes_at)}."
        )
    picture = snapshot.load_snapshot(session, proposal)
    left = picture.tally.electorate - picture.tally.heard
    if left:
        what = (
            counted(left, "person has", "people have")
            if picture.heads or not picture.standings
            else counted(left, "agency has", "agencies have")
        )
        raise Refusal(
            f"{what} not been heard on proposal {number} yet. It closes by itself {moment(proposal.closes_at)}, or "
            "earlier once all are heard."
        )
    ended = close_proposal(session, proposal, now)
    audit.note(session, proposal.consortium_id, caller.person.id, "closed", f"proposal {number}", now)
    return f"#{number} is closed. {escape(ended.verdict)}"


def withdraw_proposal(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Withdraw one's own proposal while it runs. Raises Refusal."""
    proposal = lock_proposal(session, caller, number)
    if caller.person.id != proposal.author_id:
        raise Refusal(f"Only its author can withdraw proposal {number}. Nothing has changed.")
    if proposal.state is not ProposalState.TALKING:
        check_open(proposal, now)
    proposal.state = ProposalState.WITHDRAWN
    proposal.verdict = f"Withdrawn by {caller.person.name}: nothing was decided."
    proposal.decided_at = now
    live_messages.want(session, proposal.live_id)
    note = views.thread_post(f"{escape(caller.person.name)} has withdrawn #{number}.")
    reply(session, proposal, note, "the withdrawal", now)
    audit.note(session, proposal.consortium_id, caller.person.id, "withdrew", f"proposal {number}", now)
    return f"#{number} is withdrawn. The record keeps it."


def extend_proposal(session: Session, caller: Caller, number: int, now: datetime) -> str:
    """Give what was not decided the same time again, once, within seven days. Raises Refusal."""
    proposal = lock_proposal(session, caller, number)
    responsible(session, caller, proposal, "extend")
    if proposal.state in proposals.RUNNING:
        raise Refusal(f"Proposal {number} is still open. It can be extended if it closes without a decision.")
    if not rules.can_extend(proposal.state, proposal.decided_at, now, extended=proposal.extended):
        why = "was extended once already" if proposal.extended else f"ended as: {proposal.state.value}"
        raise Refusal(
            f"Proposal {number} {why}. Only what was not decided can be extended, once, within seven days. "
            "You can propose it anew."
        )
    proposal.state = ProposalState.OPEN
    proposal.extended = True
    proposal.closes_at = now + timedelta(seconds=proposal.seconds)
    proposal.decided_at = None
    schedule_reminders(proposal)
    proposal.verdict = ""
    live_messages.want(session, proposal.live_id)
    note = views.thread_post(f"#{number} is open again; what was said stands. It closes {moment(proposal.closes_at)}.")
    reply(session, proposal, note, "the extension", now)
    audit.note(session, proposal.consortium_id, caller.person.id, "extended", f"proposal {number}", now)
    return f"#{number} is open again until {moment(proposal.closes_at)}. What was said stands."


def amend_proposal(
    session: Session, caller: Caller, number: int, wording: tuple[str, str], seen: int, now: datetime
) -> str:
    """Give a proposal a new wording and its full time again.

    `wording` is title and text; `seen` the version that the author had before them. Raises Refusal.
    """
    proposal = lock_proposal(session, caller, number)
    check_may_amend(caller, proposal, now)
    title, body = wording
    check_wording(ProposalDraft(title=title, body=body, channel=proposal.channel))
    if proposal.version != seen:
        raise Refusal(f"Proposal {number} was amended meanwhile. Open it again to see the present wording.")
    if (title, body) == (proposal.title, proposal.body):
        raise Refusal("The wording is as it was, so there is nothing to amend.", field="why")
    proposals.keep_wording(session, proposal, now)
    proposal.title, proposal.body = title, body
    proposal.version += 1
    said = positions.every(session, proposal.id)
    positions.clear(session, proposal.id, set(Stance) - rules.STANCES_KEPT_BY_AMENDMENT)
    proposal.opens_at = max(proposal.opens_at, now)
    proposal.closes_at = proposal.opens_at + timedelta(seconds=proposal.seconds)
    schedule_reminders(proposal)
    live_messages.want(session, proposal.live_id)
    _tell_of_amendment(session, proposal, said, now)
    audit.note(session, proposal.consortium_id, caller.person.id, "amended", f"proposal {number}", now)
    return f"#{number} is amended (version {proposal.version}). It closes {moment(proposal.closes_at)}."


def check_may_amend(caller: Caller, proposal: Proposal, now: datetime) -> None:
    """Refuse who is not the author, and what has ended. Raises Refusal."""
    if caller.person.id != proposal.author_id and not caller.facilitates:
        raise Refusal(f"The author or a facilitator can amend proposal {proposal.number}. Nothing has changed.")
    if proposal.state is not ProposalState.TALKING:
        check_open(proposal, now)


def _tell_of_amendment(session: Session, proposal: Proposal, said: Sequence[Position], now: datetime) -> None:
    picture = snapshot.load_snapshot(session, proposal)
    people = members.named(session, {p.member_id for p in said})
    stood = {p.member_id: p.stance for p in said}
    for member_id, stance in stood.items():
        body = views.amendment_notice(picture, stance if stance in rules.STANCES_KEPT_BY_AMENDMENT else None)
        about = f"the amendment of proposal {proposal.number}"
        tell(session, proposal.team_id, people[member_id], body, about, now)
    note = views.thread_post(
        f"#{proposal.number} was amended and has its full time again: it closes {moment(proposal.closes_at)}. "
        "Blocks and reservations stand until they are lifted; all else was cleared."
    )
    reply(session, proposal, note, "the amendment", now)
