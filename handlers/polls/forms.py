"""The forms of polls: a new poll, a ballot, another option, and the details."""

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
from handlers.kit.block_kit import context, divider, plain_text, section, text_sections
from handlers.kit.text import bold, format_time
from handlers.polls.creation import MAX_LABEL, MAX_QUESTION
from handlers.polls.labels import KIND_NAMES, short_labels
from handlers.polls.rules import MAYBE, NO, POINTS, YES, Choices
from handlers.polls.snapshot import PollSnapshot
from handlers.polls.views import ANONYMITY_NOTE, ballot_lines, kind_summary, option_lines, outcome
from storage.vocabulary import PollKind, ResultVisibility

MAX_BOXES = 10
"""The most radio buttons or checkboxes that Slack shows in one input. More options go into a menu."""

RANKS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")
"""The ranks in the form. People who rank more options type their ballot, and the form then shows all its ranks."""

CHANNEL_HINT = "In a private channel, only its members see the poll."

KINDS = [block_kit.option(KIND_NAMES[kind].capitalize(), kind.value) for kind in PollKind]
COUNTS = [
    block_kit.option("Show counts at once", ResultVisibility.AT_ONCE.value),
    block_kit.option("Show counts to those who have voted", ResultVisibility.AFTER_VOTE.value),
    block_kit.option("Show counts when the poll closes", ResultVisibility.AT_CLOSE.value),
]
SETTINGS = [
    block_kit.option("Anonymous", "anonymous", "Votes are sealed until it closes"),
    block_kit.option("One voice per agency", "agencies"),
    block_kit.option("People may add choices", "open"),
    block_kit.option("Remind people a day before it closes", "remind"),
]


def new_poll_form(metadata: dict[str, Any], question: str, now: datetime, days: int) -> dict[str, Any]:
    """Render the form for a new poll. `days` is how long polls are usually open.

    Without a channel, as on the home tab, the form asks for one.
    """
    closes = now + timedelta(days=days)
    fields: list[Block] = [
        *([] if metadata.get("channel") else [block_kit.channel_field(CHANNEL_HINT)]),
        block_kit.input_block("question", "Question", block_kit.text_input(initial=question, most=MAX_QUESTION)),
        block_kit.input_block(
            "choices",
            "Choices, one on each line",
            block_kit.text_input(long=True, placeholder="One choice on each line"),
            hint="For a time poll, write dates and times, such as 2026-12-01 14:00.",
        ),
        block_kit.input_block("kind", "Kind", block_kit.static_select("value", KINDS, initial=PollKind.ONE.value)),
        block_kit.input_block(
            "most",
            "How many choices or dots",
            NumberInputElement(action_id="value", is_decimal_allowed=False, min_value="1", max_value="100"),
            optional=True,
            hint="For several choices: how many each person can pick. For dots: how many each person can spend.",
        ),
        block_kit.input_block(
            "closes",
            "Closes",
            DateTimePickerElement(action_id="value", initial_date_time=int(closes.timestamp()) // 900 * 900),
        ),
        block_kit.input_block(
            "shows", "Counts", block_kit.static_select("value", COUNTS, initial=ResultVisibility.AT_ONCE.value)
        ),
        block_kit.input_block("options", "Also", CheckboxesElement(action_id="value", options=SETTINGS), optional=True),
    ]
    return block_kit.form("New poll", "poll.new", fields, submit="Ask", metadata=metadata)


def ballot_form(poll: PollSnapshot, own: Choices, zone: str, metadata: dict[str, Any]) -> dict[str, Any]:
    """Render the form for a ballot. `own` is the person's present ballot, empty if they have none or it is sealed."""
    blocks: list[Block] = [section(bold(f"#{poll.number} {poll.question}")), context(kind_summary(poll))]
    if poll.anonymous:
        blocks.append(section(ANONYMITY_NOTE))
    labels = {
        place: format_time(poll.starts[place], zone) if place in poll.starts else label
        for place, label in poll.options.items()
    }
    blocks += _fields(poll, labels, own)
    return block_kit.form(
        f"Poll {poll.number}",
        "poll.vote",
        blocks,
        submit="Vote",
        metadata={**metadata, "number": poll.number},
    )


def _fields(poll: PollSnapshot, labels: Mapping[int, str], own: Choices) -> list[Block]:
    short = short_labels(labels, block_kit.LABEL_CHARACTERS)
    choices = [block_kit.option(label, str(place)) for place, label in short.items()]
    chosen = [choice for choice in choices if own.get(int(choice.value or 0))]
    if poll.kind is PollKind.ONE:
        if len(choices) <= MAX_BOXES:
            radio = RadioButtonsElement(
                action_id="value", options=choices, initial_option=chosen[0] if chosen else None
            )
            return [block_kit.input_block("choice", "Your choice", radio)]
        initial = chosen[0].value if chosen else None
        return [
            block_kit.input_block("choice", "Your choice", block_kit.static_select("value", choices, initial=initial))
        ]
    if poll.kind is PollKind.SEVERAL:
        return [block_kit.input_block("choices", f"Up to {poll.most}", _boxes(choices, chosen, poll.most))]
    if poll.kind is PollKind.RANKED:
        return _ranks(choices, own)
    if poll.kind is PollKind.TIME:
        return [
            block_kit.input_block(f"option.{place}", label, _answers(own.get(place)), optional=True)
            for place, label in labels.items()
        ]
    most = POINTS if poll.kind is PollKind.SCORE else poll.most
    return [
        block_kit.input_block(f"option.{place}", label, _number(most, own.get(place)), optional=True)
        for place, label in labels.items()
    ]


def _boxes(choices: list[Option], chosen: list[Option], most: int) -> Any:
    if len(choices) <= MAX_BOXES:
        return CheckboxesElement(action_id="value", options=choices, initial_options=chosen or None)
    return StaticMultiSelectElement(
        action_id="value",
        options=choices,
        initial_options=chosen or None,
        max_selected_items=most,
        placeholder=plain_text("Choose"),
    )


def _ranks(choices: list[Option], own: Choices) -> list[Block]:
    places = {rank: str(place) for place, rank in own.items()}
    return [
        block_kit.input_block(
            f"rank.{rank}",
            f"{RANKS[rank - 1]} choice" if rank <= len(RANKS) else f"Choice {rank}",
            block_kit.static_select("value", choices, initial=places.get(rank)),
            optional=rank > 1,
        )
        for rank in range(1, max(min(len(RANKS), len(choices)), len(own)) + 1)
    ]


def _answers(own: int | None) -> RadioButtonsElement:
    options = [
        block_kit.option("Yes", str(YES)),
        block_kit.option("If need be", str(MAYBE)),
        block_kit.option("No", str(NO)),
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


def option_form(poll: PollSnapshot, metadata: dict[str, Any]) -> dict[str, Any]:
    """Render the form for another option."""
    hint = "A date and time, such as 2026-12-01 14:00." if poll.kind is PollKind.TIME else None
    blocks: list[Block] = [
        section(bold(f"#{poll.number} {poll.question}")),
        block_kit.input_block("label", "New choice", block_kit.text_input(most=MAX_LABEL), hint=hint),
    ]
    return block_kit.form(
        f"Poll {poll.number}", "poll.add", blocks, submit="Add", metadata={**metadata, "number": poll.number}
    )


def details_view(poll: PollSnapshot, metadata: dict[str, Any], *, may_close: bool, may_retract: bool) -> dict[str, Any]:
    """Render the details of a poll that this reader may see, and buttons for what they may do."""
    blocks: list[Block] = [
        section(bold(f"#{poll.number} {poll.question}")),
        context(kind_summary(poll)),
        *text_sections(option_lines(poll)),
    ]
    if not poll.open:
        blocks.append(section(f"*Closed: {outcome(poll)}*"))
    elif poll.hidden and poll.result is None:
        blocks.append(context("The votes are hidden for now. The names of the people who have voted are not."))
    blocks += [divider(), *text_sections(list(ballot_lines(poll)))[:30]]
    buttons = []
    if poll.open and may_retract:
        buttons.append(block_kit.button("Take mine back", "poll.retract", str(poll.number)))
    if poll.open and may_close:
        confirm = block_kit.confirm_dialog("Close it now?", "Nobody can vote after that.", "Close now", "Not yet")
        buttons.append(block_kit.button("Close now", "poll.close", str(poll.number), confirm=confirm))
    if buttons:
        blocks.append(block_kit.actions(*buttons))
    return block_kit.form(f"Poll {poll.number}", "notice", blocks, submit=None, close="Close", metadata=metadata)
