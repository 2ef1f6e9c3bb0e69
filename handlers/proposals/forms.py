"""The forms of proposals, and what is seen behind Details."""

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    DateTimePickerElement,
    NumberInputElement,
)

from handlers.kit import block_kit
from handlers.kit.block_kit import chunks, context, divider, section
from handlers.kit.text import bold, day, escape, moment
from handlers.proposals.creation import MAX_BODY, MAX_TITLE
from handlers.proposals.labels import RULE_NAMES, STANCE_LABELS, STANCE_MEANINGS
from handlers.proposals.positions import MAX_REASON
from handlers.proposals.rules import Standing, Statement, stances
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.proposals.verdict import progress_text, tally_phrases
from handlers.proposals.views import sense_check_bars, stance_buttons, uptake_lines
from storage.consortia import Consortium
from storage.vocabulary import ProposalState, Rule, Seat, Stance, UptakeKind

TALKS = {"0": "Positions open at once", "1": "1 day", "3": "3 days", "7": "1 week", "14": "2 weeks"}


def new(consortium: Consortium, carry: dict[str, Any], title: str, now: datetime) -> dict[str, Any]:
    """Draw the form for a new proposal, with the consortium's defaults filled in."""
    rules = [
        block_kit.choice(RULE_NAMES[rule].capitalize(), rule.value)
        for rule in Rule
        if rule is not Rule.HEADS or consortium.heads_allowed
    ]
    closes = now + timedelta(days=consortium.open_days + consortium.talk_days)
    talk = str(consortium.talk_days) if str(consortium.talk_days) in TALKS else "0"
    fields: list[Block] = [
        block_kit.field("title", "Title", block_kit.words(initial=title, most=MAX_TITLE)),
        block_kit.field("why", "What is proposed, and why", block_kit.words(most=MAX_BODY, long=True), optional=True),
        block_kit.field("rule", "Who decides, and how", block_kit.menu("value", rules, initial=consortium.rule.value)),
        block_kit.field(
            "closes",
            "Closes",
            DateTimePickerElement(action_id="value", initial_date_time=int(closes.timestamp()) // 900 * 900),
        ),
        block_kit.field(
            "talk",
            "Time to talk before positions open",
            block_kit.menu("value", [block_kit.choice(label, days) for days, label in TALKS.items()], initial=talk),
        ),
        block_kit.field(
            "quorum",
            "Quorum, in percent",
            NumberInputElement(
                action_id="value",
                is_decimal_allowed=False,
                initial_value=str(consortium.quorum),
                min_value="1",
                max_value="100",
            ),
        ),
        block_kit.field("review", "Look at it again on", DatePickerElement(action_id="value"), optional=True),
    ]
    return block_kit.form("New proposal", "proposal.new", fields, submit="Propose", carry=carry)


def amend(picture: ProposalSnapshot, carry: dict[str, Any]) -> dict[str, Any]:
    """Draw the form for a new wording."""
    blocks: list[Block] = [
        section(
            "A new wording starts the full time again. Blocks and reservations stand until they are lifted; "
            "everything else is cleared, and all who had spoken are told."
        ),
        block_kit.field("title", "Title", block_kit.words(initial=picture.title, most=MAX_TITLE)),
        block_kit.field(
            "why",
            "What is proposed, and why",
            block_kit.words(initial=picture.body, most=MAX_BODY, long=True),
            optional=True,
        ),
    ]
    return block_kit.form(f"Amend #{picture.number}", "proposal.amend", blocks, submit="Amend", carry=carry)


def reason(picture: ProposalSnapshot, stance: Stance, readers: str, carry: dict[str, Any]) -> dict[str, Any]:
    """Draw the form for a reason; it says first what the position means and who will read it."""
    said = {
        Stance.BLOCK: (
            "A block says: I cannot let this pass as it stands. It stops the proposal until you lift it or it is "
            f"amended. Your reason will be read by {readers}."
        ),
    }.get(stance, f"{STANCE_LABELS[stance]}: {STANCE_MEANINGS[stance]}. Your reason will be read by {readers}.")
    ask = "What would have to change?" if stance is Stance.BLOCK else "Your reason"
    blocks: list[Block] = [
        section(bold(f"#{picture.number} {picture.title}")),
        section(said),
        block_kit.field("reason", ask, block_kit.words(most=MAX_REASON, long=True)),
    ]
    if stance is Stance.BLOCK:
        blocks.append(block_kit.row(block_kit.button("Stand aside instead", "proposal.instead", str(picture.number))))
    return block_kit.form(
        f"Proposal {picture.number}",
        "proposal.reason",
        blocks,
        submit=STANCE_LABELS[stance][:24],
        carry={**carry, "number": picture.number, "stance": stance.value},
    )


def uptake(picture: ProposalSnapshot, how: UptakeKind, carry: dict[str, Any]) -> dict[str, Any]:
    """Draw the form that asks how a decision is adapted, or why it is not taken up here."""
    ask = "How do you adapt it?" if how is UptakeKind.ADAPTED else "Why not here?"
    blocks: list[Block] = [
        section(bold(f"#{picture.number} {picture.title}")),
        block_kit.field("reason", ask, block_kit.words(most=MAX_REASON, long=True)),
    ]
    return block_kit.form(
        f"Proposal {picture.number}",
        "proposal.uptake",
        blocks,
        submit=how.value.capitalize(),
        carry={**carry, "number": picture.number, "how": how.name},
    )


def details(
    picture: ProposalSnapshot, carry: dict[str, Any], *, author: bool, facilitator: bool, said: bool, member: bool
) -> dict[str, Any]:
    """Draw everything about a proposal, with what this person may do with it.

    `said` tells whether the person has a word to take back, `member` whether this is one of the consortium.
    """
    blocks: list[Block] = [
        section(bold(f"#{picture.number} {picture.title}")),
        context(_facts(picture)),
        *chunks([escape(line) for line in picture.body.split("\n")] if picture.body else []),
        divider(),
        section(_how_it_stands(picture)),
        *chunks(_who_said_what(picture))[:40],
    ]
    taken = uptake_lines(picture, most=100)
    if taken:
        blocks += [divider(), section("*How agencies take it up*"), *chunks(taken.split("\n"))]
    if picture.state is ProposalState.OPEN and picture.rule is not Rule.SENSE:
        blocks += [divider(), context(_meanings(picture))]
    if member and picture.state is ProposalState.OPEN:
        blocks.append(block_kit.row(*stance_buttons(picture)))
    may = _may(picture, author=author, facilitator=facilitator, said=said)
    if member:
        may += _tasks(picture, responsible=author or facilitator)
    if may:
        blocks.append(block_kit.row(*may))
    return block_kit.form(f"Proposal {picture.number}", "notice", blocks, submit=None, close="Close", carry=carry)


def _facts(picture: ProposalSnapshot) -> str:
    parts = [
        f"Proposed by {escape(picture.author)}",
        RULE_NAMES[picture.rule],
        f"closes {moment(picture.closes_at, picture.zone)}"
        if picture.undecided
        else f"ended {moment(picture.decided_at or picture.closes_at, picture.zone)}",
        f"version {picture.version}" if picture.version > 1 else "",
        f"look at it again {day(picture.review_on)}" if picture.review_on else "",
    ]
    return " · ".join(part for part in parts if part)


def _how_it_stands(picture: ProposalSnapshot) -> str:
    if not picture.undecided:
        return f"*{escape(picture.verdict)}*"
    if picture.state is ProposalState.TALKING:
        return f"*Time to talk.* Positions open {moment(picture.opens_at, picture.zone)}."
    if picture.rule is Rule.SENSE:
        return f"*{progress_text(picture)}*\n{sense_check_bars(picture)}"
    return f"*{progress_text(picture)}* (quorum {picture.needed}) · {' · '.join(tally_phrases(picture))}"


def _who_said_what(picture: ProposalSnapshot) -> list[str]:
    """Say who spoke for whom; while a proposal is open the silent are not named."""
    if picture.rule is Rule.SENSE:
        return ["A sense check shows counts only, no names."]
    if picture.rule is Rule.HEADS:
        return [_line(STANCE_LABELS[stance], name, reason) for name, stance, reason in picture.heads]
    lines: list[str] = []
    for agency, stands in picture.standings.items():
        lines += _agency_lines(picture, picture.agencies[agency], stands)
    return lines


def _agency_lines(picture: ProposalSnapshot, agency: str, stands: Standing) -> list[str]:
    if not stands.heard and not stands.voices:
        return [] if picture.undecided else [f"*{escape(agency)}*: silent"]
    head = "divided" if stands.divided else STANCE_LABELS[stands.stance] if stands.stance else "not heard yet"
    if len(stands.own) == 1:
        lines = [_line(f"*{escape(agency)}*: {head}", _speaker(picture, stands.own[0]), stands.own[0].reason)[2:]]
    else:
        lines = [f"*{escape(agency)}*: {head}"]
        lines += [_line(STANCE_LABELS[word.stance], _speaker(picture, word), word.reason) for word in stands.own]
    lines += [
        _line(f"Voice: {STANCE_LABELS[word.stance]}", _speaker(picture, word), word.reason) for word in stands.voices
    ]
    return lines


def _speaker(picture: ProposalSnapshot, word: Statement) -> str:
    name = picture.people[word.said.member_id]
    return name if word.said.seat is Seat.MEMBER else f"{name}, {word.said.seat.value}"


def _line(label: str, who: str, reason: str) -> str:
    said = f": “{escape(reason)}”" if reason else ""
    return f"• {label} ({escape(who)}){said}"


def _meanings(picture: ProposalSnapshot) -> str:
    return "\n".join(f"{STANCE_LABELS[s]}: {STANCE_MEANINGS[s]}" for s in stances(picture.rule))


def _may(picture: ProposalSnapshot, *, author: bool, facilitator: bool, said: bool) -> list[Any]:
    number = str(picture.number)
    running = picture.undecided
    buttons = []
    if picture.state is ProposalState.OPEN and said:
        buttons.append(block_kit.button("Take mine back", "proposal.retract", number))
    if running and (author or facilitator):
        buttons.append(block_kit.button("Amend", "proposal.amend", number))
    if picture.state is ProposalState.OPEN and picture.rule is not Rule.CONSENT and (author or facilitator):
        buttons.append(block_kit.button("Close now", "proposal.close", number))
    if picture.state is ProposalState.NOT_DECIDED and not picture.extended and (author or facilitator):
        buttons.append(block_kit.button("Extend", "proposal.extend", number))
    if running and author:
        sure = block_kit.confirm(
            "Withdraw it?", "Nothing is decided then. This cannot be undone.", "Withdraw", "Keep it"
        )
        buttons.append(block_kit.button("Withdraw", "proposal.withdraw", number, style="danger", confirm=sure))
    return buttons


def _tasks(picture: ProposalSnapshot, *, responsible: bool) -> list[Any]:
    """Offer to make tasks of what is not to be forgotten; what the buttons do is told by the feature of tasks."""
    number = str(picture.number)
    made = []
    if picture.reservations and responsible and picture.state is not ProposalState.WITHDRAWN:
        made.append(block_kit.button("Make a reservation a task", "task.reservation", number))
    if picture.state is ProposalState.ADOPTED:
        made.append(block_kit.button("New task for it", "task.decision", number))
    return made
