"""The forms of polls: asking, voting, and what is seen behind Details."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DateTimePickerElement,
    NumberInputElement,
    Option,
    RadioButtonsElement,
    StaticMultiSelectElement,
)

from handlers.kit import block_kit
from handlers.kit.block_kit import chunks, context, divider, plain, section
from handlers.kit.text import bold, cut, escape, written
from handlers.polls.creation import LABEL, QUESTION
from handlers.polls.labels import KIND_NAMES
from handlers.polls.rules import MAYBE, NO, POINTS, YES, Choices
from handlers.polls.snapshot import PollSnapshot
from handlers.polls.views import WARNING, how, option_lines, outcome, who_voted
from storage.vocabulary import PollKind, Shows

FEW = 10
"""Up to so many options stand as buttons and boxes; more go into a menu, as Slack demands."""

RANKS = 7

KINDS = [block_kit.choice(KIND_NAMES[kind].capitalize(), kind.value) for kind in PollKind]
SHOWN = [
    block_kit.choice("Counts are seen at once", Shows.AT_ONCE.value),
    block_kit.choice("Hidden until one has voted", Shows.AFTER_VOTE.value),
    block_kit.choice("Hidden until it closes", Shows.AT_CLOSE.value),
]
MORE = [
    block_kit.choice("Anonymous", "anonymous", "Sealed until it closes"),
    block_kit.choice("One voice per agency", "agencies"),
    block_kit.choice("People may add choices", "open"),
    block_kit.choice("Remind those who have not voted, a day before", "remind"),
]


def new(carry: dict[str, Any], question: str, now: datetime, days: int) -> dict[str, Any]:
    """Draw the form for a new poll."""
    closes = now + timedelta(days=days)
    fields: list[Block] = [
        block_kit.field("question", "Question", block_kit.words(initial=question, most=QUESTION)),
        block_kit.field(
            "choices",
            "Choices, one on each line",
            block_kit.words(long=True, placeholder="One choice on each line"),
            hint="In a time poll: dates and times, such as 2026-12-01 14:00.",
        ),
        block_kit.field("kind", "Kind", block_kit.menu("value", KINDS, initial=PollKind.ONE.value)),
        block_kit.field(
            "most",
            "How many choices or dots",
            NumberInputElement(action_id="value", is_decimal_allowed=False, min_value="1", max_value="100"),
            optional=True,
            hint="For several choices: the most one may choose. For dots: how many to spend.",
        ),
        block_kit.field(
            "closes",
            "Closes",
            DateTimePickerElement(action_id="value", initial_date_time=int(closes.timestamp()) // 900 * 900),
        ),
        block_kit.field("shows", "Counts", block_kit.menu("value", SHOWN, initial=Shows.AT_ONCE.value)),
        block_kit.field("options", "Also", CheckboxesElement(action_id="value", options=MORE), optional=True),
    ]
    return block_kit.form("New poll", "poll.new", fields, submit="Ask", carry=carry)


def vote(picture: PollSnapshot, own: Choices, zone: str, carry: dict[str, Any]) -> dict[str, Any]:
    """Draw the form for a ballot, filled with the person's present one where that may be known."""
    blocks: list[Block] = [section(bold(f"#{picture.number} {picture.question}")), context(how(picture))]
    if picture.anonymous:
        blocks.append(section(WARNING))
    labels = {
        place: written(picture.starts[place], zone) if place in picture.starts else label
        for place, label in picture.options.items()
    }
    blocks += _fields(picture, labels, own)
    return block_kit.form(
        f"Poll {picture.number}",
        "poll.vote",
        blocks,
        submit="Vote",
        carry={**carry, "number": picture.number},
    )


def _fields(picture: PollSnapshot, labels: Mapping[int, str], own: Choices) -> list[Block]:
    choices = [block_kit.choice(label, str(place)) for place, label in labels.items()]
    chosen = [choice for choice in choices if own.get(int(choice.value or 0))]
    if picture.kind is PollKind.ONE:
        if len(choices) <= FEW:
            radio = RadioButtonsElement(
                action_id="value", options=choices, initial_option=chosen[0] if chosen else None
            )
            return [block_kit.field("choice", "Your choice", radio)]
        first = chosen[0].value if chosen else None
        return [block_kit.field("choice", "Your choice", block_kit.menu("value", choices, initial=first))]
    if picture.kind is PollKind.SEVERAL:
        return [block_kit.field("choices", f"Up to {picture.most}", _boxes(choices, chosen, picture.most))]
    if picture.kind is PollKind.RANKED:
        return _ranks(choices, own)
    if picture.kind is PollKind.TIME:
        return [
            block_kit.field(f"option.{place}", label, _answers(own.get(place)), optional=True)
            for place, label in labels.items()
        ]
    most = POINTS if picture.kind is PollKind.SCORE else picture.most
    return [
        block_kit.field(f"option.{place}", label, _number(most, own.get(place)), optional=True)
        for place, label in labels.items()
    ]


def _boxes(choices: list[Option], chosen: list[Option], most: int) -> Any:
    if len(choices) <= FEW:
        return CheckboxesElement(action_id="value", options=choices, initial_options=chosen or None)
    return StaticMultiSelectElement(
        action_id="value",
        options=choices,
        initial_options=chosen or None,
        max_selected_items=most,
        placeholder=plain("Choose"),
    )


def _ranks(choices: list[Option], own: Choices) -> list[Block]:
    at = {rank: str(place) for place, rank in own.items()}
    names = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")
    return [
        block_kit.field(
            f"rank.{rank}",
            f"{names[rank - 1]} choice",
            block_kit.menu("value", choices, initial=at.get(rank)),
            optional=rank > 1,
        )
        for rank in range(1, min(RANKS, len(choices)) + 1)
    ]


def _answers(own: int | None) -> RadioButtonsElement:
    options = [
        block_kit.choice("Yes", str(YES)),
        block_kit.choice("If need be", str(MAYBE)),
        block_kit.choice("No", str(NO)),
    ]
    chosen = next((option for option in options if own is not None and option.value == str(own)), None)
    return RadioButtonsElement(action_id="value", options=options, initial_option=chosen)


def _number(most: int, own: int | None) -> NumberInputElement:
    return NumberInputElement(
        action_id="value",
        is_decimal_allowed=False,
        min_value="0",
        max_value=str(most),
        initial_value=str(own) if own is not None else None,
    )


def add(picture: PollSnapshot, carry: dict[str, Any]) -> dict[str, Any]:
    """Draw the form for one more option."""
    hint = "A date and time, such as 2026-12-01 14:00." if picture.kind is PollKind.TIME else None
    blocks: list[Block] = [
        section(bold(f"#{picture.number} {picture.question}")),
        block_kit.field("label", "One more choice", block_kit.words(most=LABEL), hint=hint),
    ]
    return block_kit.form(
        f"Poll {picture.number}", "poll.add", blocks, submit="Add", carry={**carry, "number": picture.number}
    )


def details(picture: PollSnapshot, carry: dict[str, Any], *, may_close: bool, voted: bool) -> dict[str, Any]:
    """Draw everything about a poll that this reader may see, with what they may do."""
    blocks: list[Block] = [
        section(bold(f"#{picture.number} {picture.question}")),
        context(how(picture)),
        *chunks(option_lines(picture)),
    ]
    if not picture.open:
        blocks.append(section(f"*Closed: {escape(cut(outcome(picture), 2000))}*"))
    elif picture.sealed and picture.result is None:
        blocks.append(context("What was chosen is hidden for now. Who has voted is not."))
    blocks += [divider(), *chunks(list(who_voted(picture)))[:30]]
    buttons = []
    if picture.open and voted:
        buttons.append(block_kit.button("Take mine back", "poll.retract", str(picture.number)))
    if picture.open and may_close:
        sure = block_kit.confirm("Close it now?", "Nobody can vote after that.", "Close now", "Not yet")
        buttons.append(block_kit.button("Close now", "poll.close", str(picture.number), confirm=sure))
    if buttons:
        blocks.append(block_kit.row(*buttons))
    return block_kit.form(f"Poll {picture.number}", "notice", blocks, submit=None, close="Close", carry=carry)
