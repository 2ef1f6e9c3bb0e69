"""Proposals in channels and direct messages."""

from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import MessagePart, context, divider, section
from handlers.kit.text import (
    bold,
    escape,
    format_day,
    format_time,
    join_lines,
    quote,
    slack_date,
    text_bar,
    truncate,
)
from handlers.kit.todo import TodoReader
from handlers.proposals.labels import RULE_NAMES, STANCE_BUTTONS, STANCE_LABELS
from handlers.proposals.lookup import wording_value
from handlers.proposals.rules import SENSE_STANCES, Statement, counts_people, stances
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.proposals.verdict import progress_text, tally_phrases, too_few_text
from storage.todo import TodoItem
from storage.vocabulary import AgencyId, ProposalState, Rule, Stance, UptakeKind

REASONS_SHOWN = 5
BODY_SHOWN = 700
UPTAKES_SHOWN = 8

_ORDER_OF_REASONS = (Stance.BLOCK, Stance.ASIDE, Stance.RESERVATIONS, Stance.YES_RESERVATIONS)


# the live message ----------------------------------------------------------------------------------------


def live_message(proposal: ProposalSnapshot) -> dict[str, Any]:
    """Render the proposal's message: the text, the positions so far, and the buttons; or how it ended."""
    if not proposal.undecided:
        return _ended_message(proposal)
    blocks: list[Block] = [section(_head(proposal)), *_body(proposal), divider(), section(_positions(proposal))]
    reasons = _reasons(proposal)
    if reasons:
        blocks.append(section(reasons))
    blocks.append(block_kit.actions(*stance_buttons(proposal), _details_button("Details", proposal.number)))
    return block_kit.message(_announcement(proposal), blocks)


def _name(proposal: ProposalSnapshot, limit: int = 300) -> str:
    return bold(f"#{proposal.number} {proposal.title}", limit)


def _details_button(label: str, number: int) -> Any:
    return block_kit.button(label, "proposal.details", str(number))


def _announcement(proposal: ProposalSnapshot) -> str:
    closes = format_time(proposal.closes_at, proposal.zone)
    return f"#{proposal.number} {escape(proposal.title)}: proposed by {escape(proposal.author)}, closes {closes}"


def _head(proposal: ProposalSnapshot) -> str:
    agency = f" ({escape(proposal.author_agency)})" if proposal.author_agency else ""
    amended = f" · version {proposal.version}" if proposal.version > 1 else ""
    return (
        f"{_name(proposal)}\n"
        f"Proposed by {escape(proposal.author)}{agency} · {RULE_NAMES[proposal.rule]} · "
        f"closes {slack_date(proposal.closes_at, proposal.zone)}{amended}"
    )


def _body(proposal: ProposalSnapshot) -> list[Block]:
    if not proposal.body:
        return []
    more = " _More under Details._" if len(proposal.body) > BODY_SHOWN else ""
    return [section(escape(truncate(proposal.body, BODY_SHOWN)) + more)]


def _positions(proposal: ProposalSnapshot) -> str:
    if proposal.state is ProposalState.TALKING:
        return discussion_text(proposal)
    if proposal.rule is Rule.SENSE:
        heading = f"*{progress_text(proposal)}* · decides nothing · counts only, no names"
        return join_lines([heading, sense_check_bars(proposal)])
    return positions_text(proposal)


def discussion_text(proposal: ProposalSnapshot) -> str:
    """Return when positions open."""
    return f"*Time to talk.* Voting opens {slack_date(proposal.opens_at, proposal.zone)}."


def positions_text(proposal: ProposalSnapshot) -> str:
    """Return how many were heard, the quorum, and the count of each position."""
    quorum = "silence is consent" if proposal.rule is Rule.CONSENT else f"quorum {proposal.needed}"
    few = ""
    if not proposal.decidable:
        few = (
            f"This cannot be decided: {too_few_text(proposal, 'is')}. You can propose it again when others have joined."
        )
    return join_lines([f"*{progress_text(proposal)}* ({quorum}) · {' · '.join(tally_phrases(proposal))}", few])


def sense_check_bars(proposal: ProposalSnapshot) -> str:
    """Return the counts of a sense check as bars."""
    most = max(proposal.tally.counts.values(), default=0)
    return join_lines(
        f"{STANCE_LABELS[stance]}  {text_bar(proposal.tally.of(stance), most)} {proposal.tally.of(stance)}"
        for stance in SENSE_STANCES
    )


def _reasons(proposal: ProposalSnapshot) -> str:
    """Quote the first reasons: blocks, then agencies that stand aside, then reservations."""
    given = [
        (agency, statement)
        for agency, standing in proposal.standings.items()
        for statement in standing.own
        if statement.reason
    ]
    given.sort(key=lambda pair: _order_of_reason(pair[1]))
    quotes = [
        f"{_reason_label(statement)}, {escape(proposal.name_side(agency, statement))}: {quote(statement.reason)}"
        for agency, statement in given
    ]
    return join_lines([*quotes[:REASONS_SHOWN], _more(len(quotes) - REASONS_SHOWN)])


def _order_of_reason(statement: Statement) -> int:
    if statement.stance in _ORDER_OF_REASONS:
        return _ORDER_OF_REASONS.index(statement.stance)
    return len(_ORDER_OF_REASONS)


def _reason_label(statement: Statement) -> str:
    return {Stance.BLOCK: "Block", Stance.ASIDE: "Stands aside"}.get(statement.stance, "Reservation")


def _more(count: int) -> str:
    return f"{count} more under Details." if count > 0 else ""


def stance_buttons(proposal: ProposalSnapshot) -> list[Any]:
    """Return a button for each position that the rule allows. Empty unless positions are open."""
    if proposal.state is not ProposalState.OPEN:
        return []
    return _stance_buttons(proposal.rule, proposal.number, proposal.version)


def _stance_buttons(rule: Rule, number: int, version: int) -> list[Any]:
    return [
        block_kit.button(
            stance.value if rule is Rule.SENSE else STANCE_BUTTONS[stance],
            f"proposal.say.{stance.value}",
            wording_value(number, version),
        )
        for stance in stances(rule)
    ]


def _ended_message(proposal: ProposalSnapshot) -> dict[str, Any]:
    """Render a proposal that has ended: the verdict first, then how agencies take it up."""
    heading, colon, rest = proposal.verdict.partition(":")
    blocks: list[Block] = [section(f"{_name(proposal)}\n*{escape(heading)}{colon}*{escape(rest)}")]
    if proposal.rule is Rule.SENSE and proposal.state is ProposalState.SENSED:
        blocks.append(section(sense_check_bars(proposal)))
    reasons = _reasons(proposal)
    if reasons and proposal.state is not ProposalState.WITHDRAWN:
        blocks.append(section(reasons))
    blocks += _next_steps(proposal)
    return block_kit.message(f"#{proposal.number} {escape(proposal.title)}: {escape(proposal.verdict)}", blocks)


def _next_steps(proposal: ProposalSnapshot) -> list[Block]:
    number = str(proposal.number)
    details = _details_button("Details", proposal.number)
    if proposal.extend_until is not None:
        until = slack_date(proposal.extend_until, proposal.zone)
        return [
            context(f"The author or a facilitator can extend it once, until {until}."),
            block_kit.actions(block_kit.button("Extend", "proposal.extend", number), details),
        ]
    if proposal.state is not ProposalState.ADOPTED:
        return [block_kit.actions(details)]
    review = f" Up for review on {format_day(proposal.review_on)}." if proposal.review_on else ""
    return [
        section(join_lines([f"How will your agency take it up?{review}", uptake_lines(proposal)])),
        block_kit.actions(*(_uptake_button(kind, number) for kind in UptakeKind), details),
    ]


def _uptake_button(kind: UptakeKind, number: str) -> Any:
    return block_kit.button(kind.value.capitalize(), f"proposal.uptake.{kind.name.casefold()}", number)


def uptake_lines(proposal: ProposalSnapshot, limit: int = UPTAKES_SHOWN) -> str:
    """List how agencies take a decision up, at most `limit` of them."""
    uptakes = [
        f"{escape(uptake.agency)}: {uptake.how.value}" + (f", {quote(uptake.note, 200)}" if uptake.note else "")
        for uptake in proposal.uptakes
    ]
    return join_lines([*uptakes[:limit], _more(len(uptakes) - limit)])


# posts in the thread -------------------------------------------------------------------------------------


def block_post(proposal: ProposalSnapshot, agency: AgencyId, blocker_user: str, *, given_time: bool) -> dict[str, Any]:
    """Render the post that brings the person who blocks and the author together."""
    standing = proposal.standings[agency]
    blocker = next(proposal.name_side(agency, s) for s in reversed(standing.own) if s.stance is Stance.BLOCK)
    time = (
        f" To leave time to meet, it now closes {slack_date(proposal.closes_at, proposal.zone)}." if given_time else ""
    )
    mentions = " ".join(f"<@{user}>" for user in dict.fromkeys((blocker_user, proposal.author_user)))
    text = (
        f"{mentions} {escape(blocker)} cannot let this pass as it stands. Use this thread to find out what would have "
        f"to change. The author can amend the proposal.{time}"
    )
    return block_kit.message(f"A block on #{proposal.number}: {text}", [section(text)])


def late_message_post(proposal: ProposalSnapshot, seen_at: datetime) -> dict[str, Any]:
    """Render the post that a proposal by consent stays open because its message came late."""
    return thread_post(
        f"#{proposal.number} reached this channel late, {slack_date(seen_at, proposal.zone)}. By consent, silence "
        f"counts only where people could answer, so it now closes {slack_date(proposal.closes_at, proposal.zone)}."
    )


def voting_post(proposal: ProposalSnapshot) -> dict[str, Any]:
    """Render the post that positions are open for the thread. Slack shows it in the channel too."""
    text = (
        f"*Voting is open:* {_name(proposal, 200)}. It closes {slack_date(proposal.closes_at, proposal.zone)}. The "
        "buttons are on the message that begins this thread."
    )
    summary = escape(f"Voting is open on #{proposal.number} {proposal.title}.")
    return block_kit.message(summary, [section(text)], reply_broadcast=True)


def verdict_post(proposal: ProposalSnapshot) -> dict[str, Any]:
    """Render the verdict for the thread. Slack shows it in the channel too."""
    text = f"{_name(proposal, 200)}\n{escape(proposal.verdict)}"
    return block_kit.message(f"#{proposal.number}: {escape(proposal.verdict)}", [section(text)], reply_broadcast=True)


def thread_post(text: str) -> dict[str, Any]:
    """Render a sentence for the thread."""
    return block_kit.message(text, [section(text)])


# direct messages -----------------------------------------------------------------------------------------


def _answer_buttons(proposal: ProposalSnapshot, *more: Any) -> ActionsBlock:
    return block_kit.actions(*stance_buttons(proposal), *more, _details_button("Read it", proposal.number))


def reminder_notice(proposal: ProposalSnapshot, agency: str) -> MessagePart:
    """Render the reminder of a person who has not been heard, or speaks for an agency that has not been.

    `agency` is empty under a rule that counts people.
    """
    unheard = f"{escape(agency)} has" if agency else "You have"
    speaks = f" You speak for {escape(agency)}." if agency else ""
    text = (
        f"{unheard} not been heard yet on {_name(proposal, 200)}. "
        f"It closes {slack_date(proposal.closes_at, proposal.zone)}.{speaks}"
    )
    summary = f"{unheard} not been heard yet on #{proposal.number} {escape(proposal.title)}."
    return MessagePart(summary, [section(text), _answer_buttons(proposal)])


def stand_in_notice(proposal: ProposalSnapshot, agency: str, advice: str) -> MessagePart:
    """Render the news that an agency has not been heard because all who speak for it are away.

    `advice` says who is away, and what can be done.
    """
    name = escape(agency)
    text = (
        f"*{name} has not been heard yet* on {_name(proposal, 200)}. It closes "
        f"{slack_date(proposal.closes_at, proposal.zone)}. {advice}"
    )
    summary = f"{name} has not been heard yet on #{proposal.number} {escape(proposal.title)}."
    return MessagePart(summary, [section(text), block_kit.actions(_details_button("Read it", proposal.number))])


def opening_notice(proposal: ProposalSnapshot) -> MessagePart:
    """Render a new proposal for a person who decides it without being in its private channel."""
    talking = proposal.state is ProposalState.TALKING
    when = discussion_text(proposal) if talking else f"It closes {slack_date(proposal.closes_at, proposal.zone)}."
    text = (
        f"{escape(proposal.author)} proposes {_name(proposal, 200)} in a private channel. You get it here because you "
        f"take part in deciding it. {when}"
    )
    buttons = block_kit.actions(_details_button("Read it", proposal.number)) if talking else _answer_buttons(proposal)
    return MessagePart(
        escape(f"You take part in deciding #{proposal.number} {proposal.title}."), [section(text), buttons]
    )


def voting_notice(proposal: ProposalSnapshot, agency: str) -> MessagePart:
    """Tell a person who decides a proposal that its discussion is over, and positions are open.

    `agency` is the one that the person speaks for, empty under a rule that counts people.
    """
    speaks = f" You speak for {escape(agency)}." if agency else ""
    text = (
        f"*Voting is open:* {_name(proposal, 200)}, proposed by {escape(proposal.author)}. It closes "
        f"{slack_date(proposal.closes_at, proposal.zone)}.{speaks}"
    )
    summary = escape(f"Voting is open on #{proposal.number} {proposal.title}.")
    return MessagePart(summary, [section(text), _answer_buttons(proposal)])


def unseen_notice(
    proposal: ProposalSnapshot, retry_row: int | None, *, unknown: bool, may_withdraw: bool
) -> dict[str, Any]:
    """Render the news to the author that a proposal by consent does not close while nobody may be able to read it.

    `retry_row` is the message that can be posted again; None if it waits, or if somebody chose not to post it.
    `unknown` means that it may have arrived.
    """
    where = (
        "but I cannot tell whether its message is in the channel, because Slack's answer was lost. Check there"
        if unknown
        else "but its message is not in the channel, so nobody could answer it there"
    )
    withdraw = f" `/propose withdraw {proposal.number}` withdraws it." if may_withdraw else ""
    text = (
        f"{_name(proposal, 200)} was due to close, {where}. By consent, silence counts only where people could answer. "
        f"It stays open, and has its full time once its message is there.{withdraw}"
    )
    found = [block_kit.button("It is there", "delivery.settle", str(retry_row))] if unknown else []
    retry = [block_kit.button("Post it again", "delivery.again", str(retry_row))] if retry_row is not None else []
    buttons = block_kit.actions(*found, *retry, _details_button("Read it", proposal.number))
    return block_kit.message(f"#{proposal.number} {escape(proposal.title)} stays open.", [section(text), buttons])


POSITION_CLEARED = "Your position was cleared because it was about the earlier wording. You can take a new one."


def own_position_stands(stance: Stance) -> str:
    """Return what an amendment means for a position that its person can take back."""
    return f"Your position “{STANCE_LABELS[stance].casefold()}” stands until you change it or take it back."


def agency_position_stands(agency: str, who: str, stance: Stance) -> str:
    """Return what an amendment means for a position of an agency whose person has given up that seat."""
    return (
        f"The position “{STANCE_LABELS[stance].casefold()}” that {escape(who)} took for {escape(agency)} stands until "
        f"those who speak for {escape(agency)} take another."
    )


def amendment_notice(proposal: ProposalSnapshot, effect: str, *, may_retract: bool) -> dict[str, Any]:
    """Render the notice of an amendment, with its effect on the position that the person or their agency had taken."""
    text = (
        f"{_name(proposal, 200)} was amended (version {proposal.version}). {effect} "
        f"The proposal now closes {slack_date(proposal.closes_at, proposal.zone)}."
    )
    retract = [block_kit.button("Take it back", "proposal.retract", str(proposal.number))] if may_retract else []
    summary = escape(f"#{proposal.number} {proposal.title} was amended.")
    return block_kit.message(summary, [section(text), _answer_buttons(proposal, *retract)])


def review_notice(proposal: ProposalSnapshot) -> MessagePart:
    """Render the notice that a decision is up for review."""
    text = f"{_name(proposal, 200)} is up for review. It was decided: {escape(proposal.verdict)}"
    summary = escape(f"#{proposal.number} {proposal.title} is up for review.")
    return MessagePart(summary, [section(text), block_kit.actions(_details_button("Read it", proposal.number))])


def blocking_voice_notice(proposal: ProposalSnapshot, who: str, agency: str, reason: str) -> dict[str, Any]:
    """Render the private notice that a member of the agency would block, for a person who speaks for it."""
    text = (
        f"{escape(who)} of {escape(agency)} would block {_name(proposal, 200)}: {quote(reason)} "
        f"This is a voice and does not count. You speak for {escape(agency)}."
    )
    summary = escape(f"{who} would block #{proposal.number} {proposal.title}.")
    return block_kit.message(summary, [section(text), _answer_buttons(proposal)])


# lists of what is waiting --------------------------------------------------------------------------------


def waiting_item(proposal: ProposalSnapshot) -> list[Block]:
    """Render a proposal in the list of what is waiting for a person."""
    text = f"{_name(proposal, 150)}\ncloses {slack_date(proposal.closes_at, proposal.zone)}"
    return [section(text), _answer_buttons(proposal)]


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Render a proposal that waits for the reader's position on the home tab."""
    rule = Rule(item.extra or "")
    unheard = "" if counts_people(rule) else f"{escape(truncate(reader.agency, 60))} has not been heard · "
    text = f"{todo.item_title(item)}\n{unheard}{todo.closing_time(item, reader)}"
    answers = _stance_buttons(rule, item.number, item.version or 1)
    buttons = block_kit.actions(*answers, _details_button("Read it", item.number))
    return [section(text), buttons]
