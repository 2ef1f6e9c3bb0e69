"""Openings: those who decide hear that positions are open.

People who decide a proposal of a private channel without being in it get it by direct message as soon as it is made.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.notices.messages import queue_thread_reply
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, join_names
from handlers.proposals import views
from handlers.proposals.audience import deciders
from handlers.proposals.reminders import new_notice, render_to_unheard, with_snapshots
from handlers.proposals.snapshot import load_snapshot
from storage import members, notices, proposals
from storage.notices import NewNotice, Notice
from storage.proposals import Proposal
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, NoticeKind, NoticeTiming, ProposalId, ProposalState


def people_in_channel(request: SlackRequest, channel: str, *, private: bool) -> Collection[str]:
    """Return the Slack users in a private channel. Asks Slack, so it belongs outside transactions.

    Empty for other channels, and if Slack does not answer: then everybody who decides gets the proposal.
    """
    return request.deps.directory.audience(request.workspace, channel) if private else ()


def notify_absent_deciders(session: Session, proposal: Proposal, in_channel: Collection[str], now: datetime) -> int:
    """Queue a new proposal for those who decide it and are not in its private channel. Return their number."""
    if not proposal.private:
        return 0
    people = members.by_ids(session, deciders(session, proposal) - {proposal.author_id}).values()
    absent = [member for member in people if member.user_id not in in_channel]
    for member in absent:
        key = f"proposal/{proposal.number}/opening/{member.id}"
        about = (NoticeKind.OPENING, key, proposal.number, now, proposal.closes_at, NoticeTiming.HOUR)
        notices.add(session, NewNotice(proposal.consortium_id, member.id, proposal.team_id, *about))
    return len(absent)


def announce_voting(session: Session, proposal: Proposal, now: datetime) -> None:
    """Post that the positions of a proposal are open after its discussion, and tell those who decide it."""
    if proposal.closes_at <= now:
        return  # the bot was off for all of that time
    queue_thread_reply(session, proposal, views.voting_post(load_snapshot(session, proposal)), "the opening", now)
    # the news that voting is open says everything that an earlier one would say, which may still wait
    notices.drop_waiting(session, proposal.consortium_id, NoticeKind.OPENING, proposal.number)
    wanted = [
        new_notice(
            proposal,
            member_id,
            NoticeKind.VOTING,
            f"proposal/{proposal.number}/voting/{member_id}",
            now,
            proposal.closes_at,
        )
        for member_id in sorted(deciders(session, proposal))
    ]
    notices.add(session, *wanted)


def render_voting(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the news that positions are open, for people who still decide and have not been heard."""
    return render_to_unheard(
        session,
        due,
        lambda _, proposal: proposal.state is ProposalState.OPEN and now < proposal.closes_at,
        views.voting_notice,
    )


def private_deciders(session: Session, consortium_id: ConsortiumId) -> dict[ProposalId, set[MemberId]]:
    """Return who decides each running proposal of a private channel, before a change of seats."""
    running = proposals.list_running(session, consortium_id)
    return {proposal.id: deciders(session, proposal) for proposal in running if proposal.private}


def announce_new_deciders(
    session: Session, consortium_id: ConsortiumId, before: Mapping[ProposalId, set[MemberId]], now: datetime
) -> None:
    """Post in the thread of each private proposal who takes part in deciding it after a change of seats.

    They can see it, so the people in the channel have to know.
    """
    for proposal in proposals.list_running(session, consortium_id) if before else ():
        new = deciders(session, proposal) - before.get(proposal.id, set()) if proposal.private else set()
        if new:
            names = join_names(sorted(escape(member.name) for member in members.by_ids(session, new).values()))
            take = "takes" if len(new) == 1 else "take"
            post = views.thread_post(f"{names} now {take} part in deciding #{proposal.number}, and can see it.")
            queue_thread_reply(session, proposal, post, "news of who decides", now)


def render_openings(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render proposals for people who still decide them. Leave out those that have ended."""
    return {
        notice.id: views.opening_notice(shown)
        for notice, proposal, shown in with_snapshots(session, due)
        if proposal.state in proposals.RUNNING
        and proposal.closes_at > now
        and notice.member_id in deciders(session, proposal)
    }
