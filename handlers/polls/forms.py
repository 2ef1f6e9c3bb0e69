"""The forms of polls: a new poll, a ballot, another option, and the details."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

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
from handlers.kit.text import bold, format_time, slack_date
from handlers.polls.creation import MAX_LABEL, MAX_QUESTION, PollDraft
from handlers.polls.labels import KIND_NAMES, short_labels
from handlers.polls.rules import MAYBE, NO, POINTS, YES, Choices
from handlers.polls.snapshot import PollSnapshot
from handlers.polls.views import ANONYMITY_NOTE, ballot_lines, kind_summary, option_lines, outcome, vote_buttons
from storage.vocabulary import PollKind, ResultVisibility

MAX_BOXES = 10
"""The most radio buttons or checkboxes that Slack shows in one input. More options go into a menu."""

RANKS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")
"""The ranks in the form. For people who have ranked that many options, it has a rank for each option."""

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
    block_kit.option("Remind people before it closes", "remind"),
]


def new_poll_form(metadata: dict[str, Any], draft: PollDraft, zone: str) -> dict[str, Any]:
    """Render the form for a new poll, with what was typed of it.

    Without a channel, as on the home tab and in direct messages, the form asks for one.
    """
    channel = [] if metadata.get("channel") else [block_kit.channel_field(CHANNEL_HINT)]
    fields = _poll_fields(_with_typed_times(draft, zone))
    return block_kit.form("New poll", "poll.new", [*channel, *fields], submit="Ask", metadata=metadata)


def late_closing_form(metadata: dict[str, Any], draft: PollDraft, zone: str) -> dict[str, Any]:
    """Ask when a time poll closes that would close after its first time. Everything else is filled in.

    The form suggests the first time. It is asked once: what the author then chooses counts.
    """
    first = min(draft.starts)
    question = section(
        f"This poll would close {slack_date(draft.closes_at, zone)}, after its first time, {slack_date(first, zone)}. "
        "When should it close? I filled in the first time. You can choose another one."
    )
    fields = _poll_fields(replace(_with_typed_times(draft, zone), closes_at=first))
    return block_kit.form(
        "New poll", "poll.new", [question, *fields], submit="Ask", metadata={**metadata, "asked": True}
    )


def _with_typed_times(draft: PollDraft, zone: str) -> PollDraft:
    """Return the draft with its times as the form reads them back."""
    typed = [f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for at in draft.starts]
    return replace(draft, options=typed) if typed else draft


def _poll_fields(draft: PollDraft) -> list[Block]:
    settings = {"anonymous": draft.anonymous, "agencies": draft.by_agency, "open": draft.open_options}
    settings["remind"] = draft.remind
    chosen = [option for option in SETTINGS if settings[str(option.value)]]
    return [
        block_kit.input_block("question", "Question", block_kit.text_input(initial=draft.question, most=MAX_QUESTION)),
        block_kit.input_block(
            "choices",
            "Choices, one on each line",
            block_kit.text_input(initial="\n".join(draft.options), long=True, placeholder="One choice on each line"),
            hint="For a time poll, write dates and times of your own zone, such as 2026-12-01 14:00.",
        ),
        block_kit.input_block("kind", "Kind", block_kit.static_select("value", KINDS, initial=draft.kind.value)),
        block_kit.input_block(
            "most",
            "How many choices or dots",
            NumberInputElement(
                action_id="value",
                is_decimal_allowed=False,
                min_value="1",
                max_value="100",
                initial_value=str(draft.most) if draft.kind in {PollKind.SEVERAL, PollKind.DOTS} else None,
            ),
            optional=True,
            hint="For several choices: how many each person can pick. For dots: how many each person can spend.",
        ),
        block_kit.input_block(
            "closes",
            "Closes",
            DateTimePickerElement(action_id="value", initial_date_time=int(draft.closes_at.timestamp()) // 60 * 60),
        ),
        block_kit.input_block("shows", "Counts", block_kit.static_select("value", COUNTS, initial=draft.shows.value)),
        block_kit.input_block(
            "options",
            "Also",
            CheckboxesElement(action_id="value", options=SETTINGS, initial_options=chosen or None),
            optional=True,
        ),
    ]


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
    shown = len(choices) if len(own) >= len(RANKS) else min(len(RANKS), len(choices))
    ranks: list[Block] = [
        block_kit.input_block(
            f"rank.{rank}",
            f"{RANKS[rank - 1]} choice" if rank <= len(RANKS) else f"Choice {rank}",
            block_kit.static_select("value", choices, initial=places.get(rank)),
            optional=rank > 1,
        )
        for rank in range(1, shown + 1)
    ]
    if shown < len(choices):
        ranks.append(context(f"To rank more than {shown}, vote with these, then open this form again."))
    return ranks


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
    hint = "A date and time of your own zone, such as 2026-12-01 14:00." if poll.kind is PollKind.TIME else None
    blocks: list[Block] = [
        section(bold(f"#{poll.number} {poll.question}")),
        block_kit.input_block("label", "New choice", block_kit.text_input(most=MAX_LABEL), hint=hint),
    ]
    return block_kit.form(
        f"Poll {poll.number}", "poll.add", blocks, submit="Add", metadata={**metadata, "number": poll.number}
    )


def details_view(
    poll: PollSnapshot, metadata: dict[str, Any], *, may_vote: bool, may_close: bool, may_retract: bool
) -> dict[str, Any]:
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
    if poll.open and may_vote:
        blocks.append(block_kit.actions(*vote_buttons(poll)))
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
