"""Making a proposal, and opening its positions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller, ask_whom
from handlers.kit.dates import local
from handlers.kit.notices.messages import post
from handlers.kit.refusals import Refusal
from handlers.kit.text import written
from handlers.proposals import rules, snapshot, views
from storage import audit, consortia, electorates, live_messages, members
from storage.proposals import Proposal
from storage.vocabulary import ProposalState, Rule

MAX_TITLE = 200
MAX_BODY = 3000


@dataclass(frozen=True)
class ProposalDraft:
    """A proposal before it is made; what is None comes from the consortium's settings."""

    title: str
    channel: str
    body: str = ""
    rule: Rule | None = None
    quorum: int | None = None
    closes_at: datetime | None = None
    open_for: timedelta | None = None
    talk: timedelta | None = None
    review_on: date | None = None
    private: bool = False


def create_proposal(session: Session, caller: Caller, draft: ProposalDraft, now: datetime) -> Proposal:
    """Make a proposal and leave its message for the channel. Raises Refusal."""
    consortium = caller.consortium
    check_wording(draft)
    rule = draft.rule or consortium.rule
    quorum = draft.quorum if draft.quorum is not None else consortium.quorum
    _check_rule(session, caller, rule, quorum)
    opens_at = now + (draft.talk if draft.talk is not None else timedelta(days=consortium.talk_days))
    closes_at = _closing(consortium, draft, opens_at)
    if rule is Rule.CONSENT:
        _check_consent(consortium.zone, opens_at, closes_at)
    if not members.peopled_agencies(session, consortium.id):
        raise Refusal(
            "There is no agency with people in it yet, so nobody could decide. A facilitator adds one with "
            '`/consortium agency add "Elm County Schools"`'
        )
    proposal = Proposal(
        consortium_id=consortium.id,
        number=consortia.next_number(session, consortium.id),
        team_id=caller.workspace,
        channel=draft.channel,
        private=draft.private,
        author_id=caller.person.id,
        author_agency_id=caller.person.agency_id,
        title=draft.title,
        body=draft.body,
        rule=rule,
        quorum=quorum,
        state=ProposalState.TALKING,
        created_at=now,
        opens_at=opens_at,
        closes_at=closes_at,
        seconds=int((closes_at - opens_at).total_seconds()),
        review_on=draft.review_on,
    )
    session.add(proposal)
    session.flush()
    if opens_at <= now:
        open_positions(session, proposal)
    post(session, proposal, caller.user_id, lambda: views.live_message(snapshot.load_snapshot(session, proposal)), now)
    audit.note(session, consortium.id, caller.person.id, "proposed", f"proposal {proposal.number}", now)
    return proposal


def check_wording(draft: ProposalDraft) -> None:
    """Refuse a title that is missing or too long, and a text that is too long. Raises Refusal."""
    if not draft.title:
        raise Refusal(
            'A proposal needs a title. For example: `/propose now "Adopt the shared calendar"`', field="title"
        )
    for text, most, name, field in (
        (draft.title, MAX_TITLE, "title", "title"),
        (draft.body, MAX_BODY, "text", "why"),
    ):
        if len(text) > most:
            raise Refusal(
                f"The {name} has {len(text):,} characters; there is room for {most:,}. A short title and the rest "
                'as text read best, for example: `/propose now "Adopt the shared calendar" why:"One calendar for '
                'all schools from autumn"`',
                field=field,
            )
    if draft.channel.startswith("D"):
        raise Refusal("Propose in the channel where the consortium talks, so that all can see and answer it.")


def _check_rule(session: Session, caller: Caller, rule: Rule, quorum: int) -> None:
    own = caller.consortium
    if not 1 <= quorum <= 100:
        raise Refusal("A quorum is a percentage from 1 to 100, for example `quorum:60`", field="quorum")
    if rule is Rule.HEADS and not own.heads_allowed:
        raise Refusal(
            "Counting heads is switched off here, since agencies count. A facilitator can switch it on under "
            "`/consortium settings`",
            field="rule",
        )
    if caller.facilitates:
        return
    if not rules.at_least_as_demanding(rule, own.rule):
        raise Refusal(
            f"The consortium decides by {own.rule.value}; a less demanding rule is for a facilitator to choose. "
            f"{ask_whom(session, own)}",
            field="rule",
        )
    if quorum < own.quorum:
        raise Refusal(
            f"The consortium's quorum is {own.quorum} %; a lower one is for a facilitator to choose. "
            f"{ask_whom(session, own)}",
            field="quorum",
        )


def _closing(consortium: consortia.Consortium, draft: ProposalDraft, opens_at: datetime) -> datetime:
    if draft.closes_at is None:
        span = draft.open_for if draft.open_for is not None else timedelta(days=consortium.open_days)
        if span % timedelta(days=1):
            return opens_at + span
        wall = opens_at.astimezone(ZoneInfo(consortium.zone)).replace(tzinfo=None) + span
        return local(wall, consortium.zone)
    if draft.closes_at <= opens_at:
        raise Refusal(
            "It would close before the time to talk is over. Choose a later closing time, for example `closes:7d`",
            field="closes",
        )
    return draft.closes_at


def _check_consent(zone: str, opens_at: datetime, closes_at: datetime) -> None:
    """Refuse a consent that would be over too soon: silence is consent only where there was time to speak."""
    wall = [at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in (opens_at, closes_at)]
    if not rules.is_long_enough_for_consent(*wall):
        first = local(rules.earliest_consent_closing(wall[0]), zone)
        raise Refusal(
            "By consent, silence counts as agreeing, so a proposal stays open for at least 72 hours and three "
            f"working days. It could close on {written(first, zone)} at the earliest, for example `closes:7d`",
            field="closes",
        )


def open_positions(session: Session, proposal: Proposal) -> None:
    """Open positions and freeze who decides."""
    proposal.state = ProposalState.OPEN
    schedule_reminders(proposal)
    electorates.freeze(
        session,
        proposal.id,
        members.peopled_agencies(session, proposal.consortium_id),
        members.heads(session, proposal.consortium_id) if rules.counts_people(proposal.rule) else (),
    )
    live_messages.want(session, proposal.live_id)


def schedule_reminders(proposal: Proposal) -> None:
    """Begin to look for whom to remind, in time before the closing time."""
    proposal.remind_at = max(proposal.opens_at, proposal.closes_at - rules.LONGEST_REMINDER_LEAD)
