"""What people see of a proposal in channels and direct messages."""

from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import Piece, context, divider, section
from handlers.kit.text import bar, bold, cut, day, escape, lines, moment, quote, written
from handlers.kit.todo import TodoReader
from handlers.proposals.labels import RULE_NAMES, STANCE_BUTTONS, STANCE_LABELS
from handlers.proposals.rules import SENSE_STANCES, Statement, stances
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.proposals.verdict import progress_text, tally_phrases
from storage.todo import TodoItem
from storage.vocabulary import ProposalState, Rule, Stance, UptakeKind

SHOWN_REASONS = 5
SHOWN_BODY = 700
SHOWN_UPTAKES = 8


def live_message(picture: ProposalSnapshot) -> dict[str, Any]:
    """Draw the proposal's message: what is asked, how it stands, and the buttons."""
    if not picture.undecided:
        return _ended(picture)
    blocks: list[Block] = [section(_head(picture)), *_body(picture), divider(), section(_stand(picture))]
    reasons = _reasons(picture)
    if reasons:
        blocks.append(section(reasons))
    blocks.append(_buttons(picture))
    return block_kit.message(_announcement(picture), blocks)


def _announcement(picture: ProposalSnapshot) -> str:
    when = written(picture.closes_at, picture.zone)
    return f"#{picture.number} {escape(picture.title)}: proposed by {escape(picture.author)}, closes {when}"


def _head(picture: ProposalSnapshot) -> str:
    agency = f" ({escape(picture.author_agency)})" if picture.author_agency else ""
    amended = f" · version {picture.version}" if picture.version > 1 else ""
    return (
        f"{bold(f'#{picture.number} {picture.title}')}\n"
        f"Proposed by {escape(picture.author)}{agency} · {RULE_NAMES[picture.rule]} · "
        f"closes {moment(picture.closes_at, picture.zone)}{amended}"
    )


def _body(picture: ProposalSnapshot) -> list[Block]:
    if not picture.body:
        return []
    more = " _More under Details._" if len(picture.body) > SHOWN_BODY else ""
    return [section(escape(cut(picture.body, SHOWN_BODY)) + more)]


def _stand(picture: ProposalSnapshot) -> str:
    if picture.state is ProposalState.TALKING:
        return f"*Time to talk.* Positions open {moment(picture.opens_at, picture.zone)}."
    if picture.rule is Rule.SENSE:
        return lines(
            [f"*{progress_text(picture)}* · decides nothing · counts only, no names", sense_check_bars(picture)]
        )
    asked = "silence is consent" if picture.rule is Rule.CONSENT else f"quorum {picture.needed}"
    return f"*{progress_text(picture)}* ({asked}) · {' · '.join(tally_phrases(picture))}"


def sense_check_bars(picture: ProposalSnapshot) -> str:
    """Draw a sense check's counts."""
    most = max(picture.tally.counts.values(), default=0)
    return lines(
        f"{STANCE_LABELS[stance]}  {bar(picture.tally.of(stance), most)} {picture.tally.of(stance)}"
        for stance in SENSE_STANCES
    )


def _reasons(picture: ProposalSnapshot) -> str:
    """Quote blocks first, then who stands aside, then reservations; the rest is under Details."""
    said = [(agency, word) for agency, standing in picture.standings.items() for word in standing.own if word.reason]
    order = (Stance.BLOCK, Stance.ASIDE, Stance.RESERVATIONS, Stance.YES_RESERVATIONS)
    said.sort(key=lambda pair: order.index(pair[1].stance) if pair[1].stance in order else len(order))
    shown = [f"{_reason_word(word)}, {escape(picture.agencies[a])}: {quote(word.reason)}" for a, word in said]
    more = len(shown) - SHOWN_REASONS
    return lines([*shown[:SHOWN_REASONS], f"{more} more under Details." if more > 0 else ""])


def _reason_word(word: Statement) -> str:
    return {Stance.BLOCK: "Block", Stance.ASIDE: "Stands aside"}.get(word.stance, "Reservation")


def _buttons(picture: ProposalSnapshot) -> ActionsBlock:
    return block_kit.row(*stance_buttons(picture), block_kit.button("Details", "proposal.details", str(picture.number)))


def stance_buttons(picture: ProposalSnapshot) -> list[Any]:
    """Make the buttons for the positions that a rule knows; none while positions are not open."""
    if picture.state is not ProposalState.OPEN:
        return []
    number = str(picture.number)
    sense = picture.rule is Rule.SENSE
    return [
        block_kit.button(s.value if sense else STANCE_BUTTONS[s], f"proposal.say.{s.value}", number)
        for s in stances(picture.rule)
    ]


def _ended(picture: ProposalSnapshot) -> dict[str, Any]:
    """Draw a proposal that has ended: the verdict first, then how agencies take it up."""
    heading, colon, rest = picture.verdict.partition(":")
    blocks: list[Block] = [
        section(f"{bold(f'#{picture.number} {picture.title}')}\n*{escape(heading)}{colon}*{escape(rest)}")
    ]
    if picture.rule is Rule.SENSE and picture.state is ProposalState.SENSED:
        blocks.append(section(sense_check_bars(picture)))
    reasons = _reasons(picture)
    if reasons and picture.state is not ProposalState.WITHDRAWN:
        blocks.append(section(reasons))
    blocks += _after(picture)
    return block_kit.message(f"#{picture.number} {escape(picture.title)}: {escape(picture.verdict)}", blocks)


def _after(picture: ProposalSnapshot) -> list[Block]:
    number = str(picture.number)
    details = block_kit.button("Details", "proposal.details", number)
    if picture.state is ProposalState.NOT_DECIDED and not picture.extended:
        return [
            context("The author or a facilitator can extend it once, within seven days."),
            block_kit.row(block_kit.button("Extend", "proposal.extend", number), details),
        ]
    if picture.state is not ProposalState.ADOPTED:
        return [block_kit.row(details)]
    review = f" To be looked at again on {day(picture.review_on)}." if picture.review_on else ""
    return [
        section(lines([f"How does your agency take it up?{review}", uptake_lines(picture)])),
        block_kit.row(*(_uptake_button(kind, number) for kind in UptakeKind), details),
    ]


def _uptake_button(kind: UptakeKind, number: str) -> Any:
    return block_kit.button(kind.value.capitalize(), f"proposal.uptake.{kind.name.casefold()}", number)


def uptake_lines(picture: ProposalSnapshot, most: int = SHOWN_UPTAKES) -> str:
    """List how agencies take a decision up."""
    shown = [
        f"{escape(u.agency)}: {u.how.value}" + (f", {quote(u.note, 200)}" if u.note else "") for u in picture.uptakes
    ]
    more = len(shown) - most
    return lines([*shown[:most], f"{more} more under Details." if more > 0 else ""])


def reminder_notice(picture: ProposalSnapshot, agency: str) -> Piece:
    """Remind somebody who speaks for an agency, with the buttons to answer right there."""
    number = str(picture.number)
    text = (
        f"{escape(agency)} has not been heard yet on {bold(f'#{picture.number} {picture.title}', 200)}. "
        f"It closes {moment(picture.closes_at, picture.zone)}. You speak for {escape(agency)}."
    )
    buttons = block_kit.row(*stance_buttons(picture), block_kit.button("Read it", "proposal.details", number))
    plain = f"{agency} has not been heard yet on #{picture.number} {picture.title}."
    return Piece(escape(plain), [section(text), buttons])


def amendment_notice(picture: ProposalSnapshot, stands: Stance | None) -> dict[str, Any]:
    """Tell somebody who had spoken that the proposal was amended, and what became of their word."""
    fate = (
        f"Your “{STANCE_LABELS[stands].casefold()}” stands until you lift it: say something else, or take it back."
        if stands
        else "What you had said was cleared, since it was about the earlier wording."
    )
    text = (
        f"{bold(f'#{picture.number} {picture.title}', 200)} was amended (version {picture.version}). {fate} "
        f"It now closes {moment(picture.closes_at, picture.zone)}."
    )
    more = [block_kit.button("Take it back", "proposal.retract", str(picture.number))] if stands else []
    buttons = block_kit.row(
        *stance_buttons(picture), *more, block_kit.button("Read it", "proposal.details", str(picture.number))
    )
    plain = escape(f"#{picture.number} {picture.title} was amended.")
    return block_kit.message(plain, [section(text), buttons])


def review_notice(picture: ProposalSnapshot) -> Piece:
    """Remind of a decision that was to be looked at again."""
    text = (
        f"{bold(f'#{picture.number} {picture.title}', 200)} was to be looked at again by now. It was decided: "
        f"{escape(picture.verdict)}"
    )
    plain = escape(f"#{picture.number} {picture.title} was to be looked at again by now.")
    buttons = block_kit.row(block_kit.button("Read it", "proposal.details", str(picture.number)))
    return Piece(plain, [section(text), buttons])


def block_post(picture: ProposalSnapshot, blocker_user: str, agency: str, *, given_time: bool) -> dict[str, Any]:
    """Bring blocker and author together in the thread."""
    time = (
        f" So that there is time to meet, it now closes {moment(picture.closes_at, picture.zone)}."
        if given_time
        else ""
    )
    both = (
        f"<@{blocker_user}>" if blocker_user == picture.author_user else f"<@{blocker_user}> <@{picture.author_user}>"
    )
    text = (
        f"{both} {escape(agency)} cannot let this pass as it stands. This thread is the place to find out what "
        f"would have to change. The author can amend the proposal.{time}"
    )
    return block_kit.message(f"A block on #{picture.number}: {text}", [section(text)])


def verdict_post(picture: ProposalSnapshot) -> dict[str, Any]:
    """Say the verdict in the thread, so that those who follow it hear of it."""
    text = f"{bold(f'#{picture.number} {picture.title}', 200)}\n{escape(picture.verdict)}"
    return block_kit.message(f"#{picture.number}: {escape(picture.verdict)}", [section(text)], reply_broadcast=True)


def thread_post(text: str) -> dict[str, Any]:
    """Say a sentence in the thread."""
    return block_kit.message(text, [section(text)])


def blocking_voice_notice(picture: ProposalSnapshot, who: str, agency: str, reason: str) -> dict[str, Any]:
    """Tell a representative privately that somebody of the agency would block."""
    text = (
        f"{escape(who)} of {escape(agency)} would block {bold(f'#{picture.number} {picture.title}', 200)}: "
        f"{quote(reason)} Only you and the other who speaks for {escape(agency)} decide its position."
    )
    buttons = block_kit.row(
        *stance_buttons(picture), block_kit.button("Read it", "proposal.details", str(picture.number))
    )
    return block_kit.message(escape(f"{who} would block #{picture.number} {picture.title}."), [section(text), buttons])


def waiting_item(picture: ProposalSnapshot) -> list[Block]:
    """Draw a proposal as something that waits for somebody."""
    text = f"{bold(f'#{picture.number} {picture.title}', 150)}\ncloses {moment(picture.closes_at, picture.zone)}"
    details = block_kit.button("Read it", "proposal.details", str(picture.number))
    return [section(text), block_kit.row(*stance_buttons(picture), details)]


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Show a proposal that waits for the reader's position."""
    rule = Rule(item.extra or "")
    by_person = rule in {Rule.HEADS, Rule.SENSE}
    unheard = "" if by_person else f"{escape(cut(reader.agency, 60))} has not been heard · "
    buttons = [
        block_kit.button(
            stance.value if rule is Rule.SENSE else STANCE_BUTTONS[stance],
            f"proposal.say.{stance.value}",
            str(item.number),
        )
        for stance in stances(rule)
    ]
    read = block_kit.button("Read it", "proposal.details", str(item.number))
    text = f"{todo.title(item)}\n{unheard}{todo.closes(item, reader)}"
    return [section(text), block_kit.row(*buttons, read)]


def counting_voice_notice(number: int, title: str, agency: str, closes_at: datetime) -> Piece:
    """Tell a person that their position counts now, because nobody is named to speak for their agency."""
    text = (
        f"Your position on {bold(f'#{number} {title}', 150)} now counts for {escape(agency)}, because nobody is named "
        f"to speak for it. You can change it until {moment(closes_at)}."
    )
    return Piece(
        text, [section(text), block_kit.row(block_kit.button("Read or change", "proposal.details", str(number)))]
    )
