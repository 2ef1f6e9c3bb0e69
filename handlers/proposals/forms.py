"""The forms of proposals, and their details."""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    DateTimePickerElement,
    NumberInputElement,
    StaticSelectElement,
)

from handlers.kit import block_kit
from handlers.kit.block_kit import context, divider, section, text_sections
from handlers.kit.text import bold, escape, format_day, pluralize, slack_date
from handlers.proposals.creation import MAX_BODY, MAX_TITLE, ProposalDraft
from handlers.proposals.labels import RULE_MEANINGS, RULE_NAMES, STANCE_LABELS, STANCE_MEANINGS
from handlers.proposals.lookup import wording_value
from handlers.proposals.positions import MAX_REASON, Weight
from handlers.proposals.rules import Standing, Statement, stances
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.proposals.verdict import progress_text
from handlers.proposals.views import (
    discussion_text,
    positions_text,
    sense_check_bars,
    stance_buttons,
    uptake_lines,
)
from storage.consortia import Consortium
from storage.vocabulary import ProposalState, Rule, Seat, Stance, UptakeKind

DISCUSSION_CHOICES = {0: "Voting opens at once", 1: "1 day", 3: "3 days", 7: "1 week", 14: "2 weeks"}
"""Labels of the times to talk before positions open, by days."""

PRIVATE_CHANNEL = (
    "This channel is private. People who decide but are not in it get the proposal by direct message. Other members do "
    "not see it."
)
CHANNEL_HINT = (
    "In a private channel, people who decide but are not in it get the proposal by direct message. Other members do "
    "not see it."
)

ONE_AGENCY = (
    "There is only one agency with members yet, so agencies cannot decide anything together. A sense check shows what "
    "people think. With time to talk before voting opens, another agency can still join."
)

_STANCE_BLOCKS_SHOWN = 40


def new(
    consortium: Consortium,
    metadata: Mapping[str, Any],
    draft: ProposalDraft,
    now: datetime,
    *,
    private: bool,
    lone: bool,
) -> dict[str, Any]:
    """Render the form for a new proposal with what was typed, and otherwise with the consortium's defaults.

    `private` means that its channel is private. Without a channel, as on the home tab, the form asks for one. `lone`
    means that there is only one agency.
    """
    rules = [
        block_kit.option(RULE_NAMES[rule].capitalize(), rule.value, RULE_MEANINGS[rule])
        for rule in Rule
        if rule is not Rule.HEADS or consortium.heads_allowed
    ]
    default = Rule.SENSE if lone else consortium.rule
    chosen = draft.rule if draft.rule in {Rule(str(option.value)) for option in rules} else default
    talk = draft.talk if draft.talk is not None else timedelta(days=consortium.talk_days)
    open_for = draft.open_for if draft.open_for is not None else timedelta(days=consortium.open_days)
    closes = draft.closes_at or now + talk + open_for
    blocks: list[Block] = [
        *([section(PRIVATE_CHANNEL)] if private else []),
        *([section(ONE_AGENCY)] if lone else []),
        *([] if metadata.get("channel") else [block_kit.channel_field(CHANNEL_HINT)]),
        *_wording_fields(draft.title, draft.body),
        block_kit.input_block(
            "rule", "Who decides, and how", block_kit.static_select("value", rules, initial=chosen.value)
        ),
        block_kit.input_block(
            "closes",
            "Closes",
            DateTimePickerElement(action_id="value", initial_date_time=math.ceil(closes.timestamp() / 900) * 900),
        ),
        block_kit.input_block("talk", "Time to talk before voting opens", _talk_select(talk)),
        block_kit.input_block(
            "quorum",
            "Quorum, in percent",
            NumberInputElement(
                action_id="value",
                is_decimal_allowed=False,
                initial_value=str(draft.quorum if draft.quorum is not None else consortium.quorum),
                min_value="1",
                max_value="100",
            ),
        ),
        block_kit.input_block(
            "review",
            "Review it on",
            DatePickerElement(action_id="value", initial_date=draft.review_on.isoformat() if draft.review_on else None),
            optional=True,
        ),
    ]
    return block_kit.form("New proposal", "proposal.new", blocks, submit="Propose", metadata=dict(metadata))


def _talk_select(talk: timedelta) -> StaticSelectElement:
    """Build the menu of the time to talk. It has the usual times and the one that is set or was typed."""
    usual = {timedelta(days=days): label for days, label in DISCUSSION_CHOICES.items()}
    labels = {talk: _span_text(talk), **usual}
    choices = [block_kit.option(labels[span], _span_value(span)) for span in sorted(labels)]
    return block_kit.static_select("value", choices, initial=_span_value(talk))


def _span_value(span: timedelta) -> str:
    """Return whole days as a number, and any other span in hours and minutes."""
    if not span % timedelta(days=1):
        return str(span.days)
    hours, minutes = divmod(math.ceil(span / timedelta(minutes=1)), 60)
    return f"{hours}h{minutes:02}"


def _span_text(span: timedelta) -> str:
    for unit, name in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour")):
        if not span % unit:
            return pluralize(span // unit, name)
    return pluralize(math.ceil(span / timedelta(minutes=1)), "minute")


def _wording_fields(title: str, body: str) -> list[Block]:
    return [
        block_kit.input_block("title", "Title", block_kit.text_input(initial=title, most=MAX_TITLE)),
        block_kit.input_block(
            "why",
            "What is proposed, and why",
            block_kit.text_input(initial=body, most=MAX_BODY, long=True),
            optional=True,
        ),
    ]


def amend(proposal: ProposalSnapshot, metadata: Mapping[str, Any], title: str, body: str) -> dict[str, Any]:
    """Render the form for a new wording, with this title and text in it."""
    effect = (
        "A new wording restarts the full time. Blocks and reservations stand until they are lifted. All other "
        "positions are cleared. Everyone who had taken a position gets a message."
    )
    blocks: list[Block] = [section(effect), *_wording_fields(title, body)]
    return block_kit.form(
        f"Amend #{proposal.number}", "proposal.amend", blocks, submit="Amend", metadata=dict(metadata)
    )


def reason(
    proposal: ProposalSnapshot, stance: Stance, readers: str, weight: Weight, metadata: Mapping[str, Any]
) -> dict[str, Any]:
    """Render the form for a reason. It first says what the position means and who will read the reason.

    `readers` is one or more whole sentences.
    """
    blocking = stance is Stance.BLOCK
    meaning = f"{STANCE_LABELS[stance]}: {STANCE_MEANINGS[stance]}."
    if blocking:
        meaning = "A block means: “I can't let this pass as it stands.”"
    effect = weight.voice or _effect(stance, weight.until)
    blocks: list[Block] = [
        section(_name(proposal)),
        section("\n".join(part for part in (meaning, effect, readers) if part)),
        block_kit.input_block(
            "reason",
            "What would have to change?" if blocking else "Your reason",
            block_kit.text_input(most=MAX_REASON, long=True),
        ),
    ]
    if blocking:
        blocks.append(
            block_kit.actions(
                block_kit.button(
                    "Stand aside instead", "proposal.instead", wording_value(proposal.number, proposal.version)
                )
            )
        )
    return block_kit.form(
        f"Proposal {proposal.number}",
        "proposal.reason",
        blocks,
        submit=STANCE_LABELS[stance][:24],
        metadata={**metadata, "number": proposal.number, "version": proposal.version, "stance": stance.value},
    )


def _effect(stance: Stance, until: str) -> str:
    """Return how long a position that counts does so. `until` is who can overrule it, if somebody can."""
    if stance is Stance.BLOCK:
        return f"It stops the proposal until you lift it{f', or until {until} takes a position' if until else ''}."
    return f"It counts as long as {until} takes no position." if until else ""


def uptake(proposal: ProposalSnapshot, how: UptakeKind, readers: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Render the form that asks how an agency adapts a decision, or why it does not take it up.

    `readers` is one or more whole sentences about who will read that.
    """
    label = "How do you adapt it?" if how is UptakeKind.ADAPTED else "Why not here?"
    blocks: list[Block] = [
        section(_name(proposal)),
        section(readers),
        block_kit.input_block("reason", label, block_kit.text_input(most=MAX_REASON, long=True)),
    ]
    return block_kit.form(
        f"Proposal {proposal.number}",
        "proposal.uptake",
        blocks,
        submit=how.value.capitalize(),
        metadata={**metadata, "number": proposal.number, "how": how.name},
    )


def details(
    proposal: ProposalSnapshot,
    metadata: Mapping[str, Any],
    *,
    author: bool,
    facilitator: bool,
    may_retract: bool,
    may_withdraw: bool,
    member: bool,
    may_answer: bool,
) -> dict[str, Any]:
    """Render everything about a proposal, with the buttons that this reader may press.

    `author`, `facilitator` and `member` are the reader's roles. `may_retract` is whether the reader has a position to
    take back, `may_withdraw` whether they can withdraw the proposal while it runs, and `may_answer` whether they belong
    to an agency, without which nobody can take a position.
    """
    responsible = author or facilitator
    blocks: list[Block] = [
        section(_name(proposal)),
        context(_facts(proposal)),
        *text_sections([escape(line) for line in proposal.body.split("\n")] if proposal.body else []),
        divider(),
        section(_state(proposal)),
        *text_sections(_position_lines(proposal))[:_STANCE_BLOCKS_SHOWN],
    ]
    uptakes = uptake_lines(proposal, limit=100)
    if uptakes:
        blocks += [divider(), section("*How agencies take it up*"), *text_sections(uptakes.split("\n"))]
    if proposal.state is ProposalState.OPEN and proposal.rule is not Rule.SENSE:
        blocks += [divider(), context(_meanings(proposal))]
    if may_answer and proposal.state is ProposalState.OPEN:
        blocks.append(block_kit.actions(*stance_buttons(proposal)))
    buttons = _change_buttons(proposal, responsible=responsible, may_retract=may_retract, may_withdraw=may_withdraw)
    if member:
        buttons += _task_buttons(proposal, responsible=responsible)
    if buttons:
        blocks.append(block_kit.actions(*buttons))
    return block_kit.form(
        f"Proposal {proposal.number}", "notice", blocks, submit=None, close="Close", metadata=dict(metadata)
    )


def _name(proposal: ProposalSnapshot) -> str:
    return bold(f"#{proposal.number} {proposal.title}")


def _facts(proposal: ProposalSnapshot) -> str:
    parts = [
        f"Proposed by {escape(proposal.author)}",
        RULE_NAMES[proposal.rule],
        f"closes {slack_date(proposal.closes_at, proposal.zone)}"
        if proposal.undecided
        else f"ended {slack_date(proposal.decided_at or proposal.closes_at, proposal.zone)}",
        f"version {proposal.version}" if proposal.version > 1 else "",
        f"review on {format_day(proposal.review_on)}" if proposal.review_on else "",
    ]
    return " · ".join(part for part in parts if part)


def _state(proposal: ProposalSnapshot) -> str:
    if not proposal.undecided:
        return f"*{escape(proposal.verdict)}*"
    if proposal.state is ProposalState.TALKING:
        return discussion_text(proposal)
    if proposal.rule is Rule.SENSE:
        return f"*{progress_text(proposal)}*\n{sense_check_bars(proposal)}"
    return positions_text(proposal)


def _position_lines(proposal: ProposalSnapshot) -> list[str]:
    """List the positions. While a proposal is open, silent agencies are not named."""
    if proposal.rule is Rule.SENSE:
        return ["A sense check shows counts only, no names."]
    if proposal.rule is Rule.HEADS:
        return [_line(STANCE_LABELS[stance], name, reason) for name, stance, reason in proposal.heads]
    return [
        line
        for agency, standing in proposal.standings.items()
        for line in _agency_lines(proposal, proposal.agencies[agency], standing)
    ]


def _agency_lines(proposal: ProposalSnapshot, agency: str, standing: Standing) -> list[str]:
    name = f"*{escape(agency)}*"
    if not standing.heard and not standing.voices:
        return [] if proposal.undecided else [f"{name}: silent"]
    head = f"{name}: {_standing_label(standing)}"
    if len(standing.own) == 1:
        lines = [f"{head} {_speaker_and_reason(proposal, standing.own[0])}"]
    else:
        lines = [head, *(_statement_line(proposal, statement) for statement in standing.own)]
    return [*lines, *(_statement_line(proposal, statement, "Voice: ") for statement in standing.voices)]


def _standing_label(standing: Standing) -> str:
    if standing.divided:
        return "divided"
    return STANCE_LABELS[standing.stance] if standing.stance else "not heard yet"


def _statement_line(proposal: ProposalSnapshot, statement: Statement, prefix: str = "") -> str:
    return f"• {prefix}{STANCE_LABELS[statement.stance]} {_speaker_and_reason(proposal, statement)}"


def _speaker_and_reason(proposal: ProposalSnapshot, statement: Statement) -> str:
    name, seat = proposal.people[statement.spoken.member_id], statement.spoken.seat
    return _person_and_reason(name if seat is Seat.MEMBER else f"{name}, {seat.value}", statement.reason)


def _line(label: str, person: str, reason: str) -> str:
    return f"• {label} {_person_and_reason(person, reason)}"


def _person_and_reason(person: str, reason: str) -> str:
    quoted = f": “{escape(reason)}”" if reason else ""
    return f"({escape(person)}){quoted}"


def _meanings(proposal: ProposalSnapshot) -> str:
    return "\n".join(f"{STANCE_LABELS[stance]}: {STANCE_MEANINGS[stance]}" for stance in stances(proposal.rule))


def _change_buttons(
    proposal: ProposalSnapshot, *, responsible: bool, may_retract: bool, may_withdraw: bool
) -> list[Any]:
    number = str(proposal.number)
    buttons = []
    if proposal.state is ProposalState.OPEN and may_retract:
        buttons.append(block_kit.button("Take mine back", "proposal.retract", number))
    if proposal.undecided and responsible:
        buttons.append(block_kit.button("Amend", "proposal.amend", number))
    if proposal.state is ProposalState.OPEN and proposal.rule is not Rule.CONSENT and responsible:
        buttons.append(block_kit.button("Close now", "proposal.close", number))
    if proposal.extend_until is not None and responsible:
        buttons.append(block_kit.button("Extend", "proposal.extend", number))
    if proposal.undecided and may_withdraw:
        confirm = block_kit.confirm_dialog(
            "Withdraw it?", "Nothing will be decided. You cannot undo this.", "Withdraw", "Keep it"
        )
        buttons.append(block_kit.button("Withdraw", "proposal.withdraw", number, style="danger", confirm=confirm))
    return buttons


def _task_buttons(proposal: ProposalSnapshot, *, responsible: bool) -> list[Any]:
    """Return buttons that make tasks of reservations and of the decision. The tasks feature handles them."""
    number = str(proposal.number)
    buttons = []
    if proposal.reservations and responsible and proposal.state is not ProposalState.WITHDRAWN:
        buttons.append(block_kit.button("Make a reservation a task", "task.reservation", number))
    if proposal.state is ProposalState.ADOPTED:
        buttons.append(block_kit.button("New task for it", "task.decision", number))
    return buttons
