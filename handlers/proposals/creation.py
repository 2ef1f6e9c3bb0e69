"""Create proposals and open their positions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller, facilitators_to_ask
from handlers.kit.dates import local_to_utc
from handlers.kit.notices.messages import queue_live_message
from handlers.kit.refusals import Refusal
from handlers.kit.text import format_time, shows_nothing
from handlers.proposals import rules, views
from handlers.proposals.snapshot import load_snapshot
from storage import audit, consortia, electorates, live_messages, members
from storage.consortia import Consortium
from storage.members import Member
from storage.proposals import Proposal
from storage.vocabulary import ProposalState, Rule

MAX_TITLE = 200
MAX_BODY = 3000


@dataclass(frozen=True)
class ProposalDraft:
    """A proposal before it is created. Fields that are None take the consortium's default."""

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


def create_proposal(
    session: Session, caller: Caller, draft: ProposalDraft, now: datetime, *, author: Member | None = None
) -> Proposal:
    """Create a proposal and queue its message for the channel. Raise Refusal if the draft breaks a rule.

    `author` is the person who can change and withdraw it, if that is not the caller.
    """
    consortium = caller.consortium
    author = author or caller.person
    check_wording(draft)
    if draft.channel.startswith("D"):
        raise Refusal("Please propose in the consortium's channel, so that everyone there can see and answer it.")
    rule = draft.rule or consortium.rule
    quorum = draft.quorum if draft.quorum is not None else consortium.quorum
    _check_rule(session, caller, rule, quorum)
    opens_at = now + (draft.talk if draft.talk is not None else timedelta(days=consortium.talk_days))
    closes_at = _closing_time(consortium, draft, opens_at)
    if rule is Rule.CONSENT:
        closes_at = _with_consent_time(consortium.zone, opens_at, closes_at)
    _check_electorate(session, consortium, rule, opens_at, now)
    proposal = Proposal(
        consortium_id=consortium.id,
        number=consortia.next_number(session, consortium.id),
        team_id=caller.workspace,
        channel=draft.channel,
        private=draft.private,
        author_id=author.id,
        author_agency_id=author.agency_id,
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
        open_positions(session, proposal, now)
    queue_live_message(
        session, proposal, caller.user_id, lambda: views.live_message(load_snapshot(session, proposal)), now
    )
    audit.record(session, consortium.id, caller.person.id, "proposed", f"proposal {proposal.number}", now)
    return proposal


def check_wording(draft: ProposalDraft) -> None:
    """Raise Refusal if the title is missing or too long, or the text too long."""
    if shows_nothing(draft.title):
        raise Refusal(
            'A proposal needs a title. For example: `/propose now "Adopt the shared calendar"`', field="title"
        )
    for text, limit, name, field in (
        (draft.title, MAX_TITLE, "title", "title"),
        (draft.body, MAX_BODY, "text", "why"),
    ):
        if len(text) > limit:
            raise Refusal(
                f"The {name} has {len(text):,} characters; the limit is {limit:,}. A short title is easiest to "
                'read. The rest can go into the text. For example: `/propose now "Adopt the shared calendar" why:"One '
                'calendar for all schools from fall"`',
                field=field,
            )


def _check_rule(session: Session, caller: Caller, rule: Rule, quorum: int) -> None:
    """Raise Refusal if the caller may not choose this rule or this quorum."""
    consortium = caller.consortium
    if not 1 <= quorum <= 100:
        raise Refusal("A quorum is a percentage from 1 to 100. For example: `quorum:60`", field="quorum")
    if rule is Rule.HEADS and not consortium.heads_allowed:
        raise Refusal(
            "Here, agencies are counted, not members. A facilitator can allow counting members under "
            "`/consortium settings`",
            field="rule",
        )
    if caller.facilitates:
        return
    if not rules.at_least_as_demanding(rule, consortium.rule):
        raise Refusal(
            f"The consortium decides by {consortium.rule.value}. Only a facilitator can choose a less demanding rule. "
            f"{facilitators_to_ask(session, consortium)}",
            field="rule",
        )
    if quorum < consortium.quorum:
        raise Refusal(
            f"The consortium's quorum is {consortium.quorum}%. Only a facilitator can choose a lower one. "
            f"{facilitators_to_ask(session, consortium)}",
            field="quorum",
        )


def _check_electorate(session: Session, consortium: Consortium, rule: Rule, opens_at: datetime, now: datetime) -> None:
    """Raise Refusal if nobody could decide, or if agencies decide at once and there is only one.

    Before a discussion ends, others may join.
    """
    deciding = members.agencies_with_members(session, consortium.id)
    if not deciding:
        raise Refusal(
            "No agency has members yet, so nobody could decide. A facilitator can add one with "
            '`/consortium agency add "Elm County Schools"`'
        )
    if len(deciding) == 1 and opens_at <= now and not rules.counts_people(rule):
        raise Refusal(
            "Only one agency has members yet, and it takes at least two to decide. When people of another have joined, "
            "you can propose it. Until then, a sense check shows what people think: `rule:sense`",
            field="rule",
        )


def is_only_one_agency(session: Session, consortium: Consortium) -> bool:
    """Return whether only one agency has members, so that agencies cannot decide anything together."""
    return len(members.agencies_with_members(session, consortium.id)) == 1


def _closing_time(consortium: Consortium, draft: ProposalDraft, opens_at: datetime) -> datetime:
    """Return when positions close. Whole days keep the time of day when the clocks change."""
    if draft.closes_at is None:
        open_for = draft.open_for if draft.open_for is not None else timedelta(days=consortium.open_days)
        if open_for % timedelta(days=1):
            return opens_at + open_for
        return local_to_utc(_naive(opens_at, consortium.zone) + open_for, consortium.zone)
    if draft.closes_at <= opens_at:
        raise Refusal(
            "It would close before the time to talk is over. Choose a later closing time. For example: `closes:7d`",
            field="closes",
        )
    return draft.closes_at


def _with_consent_time(zone: str, opens_at: datetime, closes_at: datetime) -> datetime:
    """Return when a proposal by consent closes. Silence is consent only if there was enough time to answer.

    A time that is some minutes too early becomes the earliest possible: it was that when the bot named it. Raise
    Refusal if it is earlier.
    """
    if rules.is_long_enough_for_consent(_naive(opens_at, zone), _naive(closes_at, zone)):
        return closes_at
    earliest = earliest_closing(Rule.CONSENT, zone, opens_at)
    if earliest - closes_at <= rules.DELIVERY_TIME:
        return earliest
    raise Refusal(
        "By consent, silence counts as agreement. So a proposal stays open for at least 72 hours and three "
        f"working days. The earliest it could close is {format_time(earliest, zone)}. For example: `closes:7d`",
        field="closes",
    )


def earliest_closing(rule: Rule, zone: str, opens_at: datetime) -> datetime:
    """Return the earliest time at which a proposal may close if positions open at `opens_at`."""
    if rule is not Rule.CONSENT:
        return opens_at
    return local_to_utc(rules.earliest_consent_closing(_naive(opens_at, zone)), zone)


def _naive(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def open_positions(session: Session, proposal: Proposal, now: datetime) -> None:
    """Open the positions of a proposal, and freeze its electorate.

    Where they open later than planned, because the bot was off, a consent still gets its minimum.
    """
    zone = session.get_one(Consortium, proposal.consortium_id).zone
    proposal.closes_at = max(proposal.closes_at, earliest_closing(proposal.rule, zone, max(now, proposal.opens_at)))
    proposal.state = ProposalState.OPEN
    schedule_reminders(proposal)
    electorates.freeze(
        session,
        proposal.id,
        members.agencies_with_members(session, proposal.consortium_id),
        members.members_with_agencies(session, proposal.consortium_id) if rules.counts_people(proposal.rule) else (),
    )
    live_messages.request_update(session, proposal.live_id)


def schedule_reminders(proposal: Proposal) -> None:
    """Set when the search for people to remind begins: at the opening, for those who are away then."""
    proposal.remind_at = proposal.opens_at
