"""How polls look in channels, direct messages and lists."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import MessagePart, context, section, text_sections
from handlers.kit.text import (
    bold,
    escape,
    format_time,
    join_lines,
    join_names,
    pluralize,
    quote,
    slack_date,
    text_bar,
    truncate,
)
from handlers.kit.todo import TodoReader
from handlers.polls.labels import KIND_NAMES, short_labels
from handlers.polls.ranking.views import METHOD, leader_sentence, standing_text, tie_sentence
from handlers.polls.rules import MAYBE, MIN_ANONYMOUS_BALLOTS, NO, POINTS, YES, Choices, OptionResult, PollResult
from handlers.polls.snapshot import NamedBallot, PollSnapshot
from storage.todo import TodoItem
from storage.vocabulary import PollKind, ResultVisibility

MAX_BUTTONS = 5
"""A poll that takes one choice has a button for each option, up to this number of options."""

OPTIONS_ROOM = 8000
"""The most characters that the options may take in a message."""

LABEL_WIDTHS = (100, 50, 25)
"""Labels are cut to the first of these widths at which the options fit."""

LABELS_IN_SENTENCES = 80
LABELS_IN_LISTS = 60

NAMED_IN_TIES = 8
"""A tie between more options gives their numbers."""

ANONYMITY_NOTE = "Nobody sees what you choose. If everyone chooses the same, the result shows what everyone chose."

_ANSWERS = {YES: "yes", MAYBE: "if need be", NO: "no"}


def live_message(poll: PollSnapshot) -> dict[str, Any]:
    """Render the poll's message: the question, the current count, and the buttons."""
    blocks: list[Block] = [section(_head(poll)), *text_sections(_short_lines(poll)), section(_turnout(poll))]
    if poll.open and poll.anonymous:
        withheld = f"With fewer than {MIN_ANONYMOUS_BALLOTS} votes, no counts are shown."
        blocks.append(context(f"{ANONYMITY_NOTE} Votes are sealed until the poll closes. {withheld}"))
    blocks.append(block_kit.actions(*(vote_buttons(poll) if poll.open else []), _details(poll)))
    return block_kit.message(_announcement(poll), blocks)


def _announcement(poll: PollSnapshot) -> str:
    if poll.open:
        when = format_time(poll.closes_at, poll.zone)
        return f"#{poll.number} {escape(poll.question)} Asked by {escape(poll.author)}. Closes {when}."
    return f"#{poll.number} {escape(poll.question)} Closed: {outcome(poll)}"


def _head(poll: PollSnapshot) -> str:
    when = (
        f"closes {slack_date(poll.closes_at, poll.zone)}"
        if poll.open
        else f"closed {slack_date(poll.closed_at or poll.closes_at, poll.zone)}"
    )
    parts = [f"Asked by {escape(poll.author)}", kind_summary(poll), when]
    return f"{bold(f'#{poll.number} {poll.question}')}\n{' · '.join(parts)}"


def kind_summary(poll: PollSnapshot) -> str:
    """Summarize the kind of poll and its settings."""
    kind = KIND_NAMES[poll.kind]
    if poll.kind is PollKind.SEVERAL and poll.most < len(poll.options):
        kind = f"up to {poll.most} choices"
    if poll.kind is PollKind.DOTS:
        kind = f"{poll.most} dots to spend"
    if poll.kind is PollKind.RANKED:
        kind += f" ({METHOD})"
    hidden = {
        ResultVisibility.AFTER_VOTE: "hidden until you have voted",
        ResultVisibility.AT_CLOSE: "hidden until it closes",
    }
    parts = [
        kind,
        "anonymous" if poll.anonymous else hidden.get(poll.shows, ""),
        "one voice per agency" if poll.by_agency else "",
        "you can add choices" if poll.open_options and poll.open else "",
    ]
    return " · ".join(part for part in parts if part)


def _short_lines(poll: PollSnapshot) -> list[str]:
    """List the options so that they fit into one message. Details shows longer labels."""
    shown: list[str] = []
    for width in LABEL_WIDTHS:
        shown = option_lines(poll, width)
        if sum(map(len, shown)) <= OPTIONS_ROOM:
            break
    return shown


def option_lines(poll: PollSnapshot, width: int = LABEL_WIDTHS[0]) -> list[str]:
    """List the options, with a bar and a count each unless the counts are hidden."""
    result = poll.result
    by_place = {option.place: option for option in result.options} if result is not None and result.ballots else {}
    best = max((option.score + option.level for option in by_place.values()), default=0)
    shown = []
    for place, label in poll.options.items():
        text = f"{place}. {_label(poll, place, truncate(label, width))}"
        option = by_place.get(place)
        shown.append(f"{text}\n{_count(poll, option, best)}" if option else text)
    return shown


def _label(poll: PollSnapshot, place: int, label: str) -> str:
    if place in poll.starts:
        return slack_date(poll.starts[place], poll.zone)
    return escape(label)


def _count(poll: PollSnapshot, option: OptionResult, best: float) -> str:
    votes = ("agency", "agencies") if poll.by_agency else ("vote", "votes")
    count = {
        PollKind.SCORE: f"{option.score:.2f} of {POINTS}".replace(".00", ""),
        PollKind.DOTS: pluralize(int(option.score), "dot"),
        PollKind.RANKED: standing_text(int(option.score), option.chained, option.level),
        PollKind.TIME: f"{option.yes} yes, {option.maybe} if need be",
    }.get(poll.kind, pluralize(int(option.score), *votes))
    # level with all others is as good as ahead of them, so that the bars of a tie are equal
    bar = text_bar(option.score + option.level, POINTS if poll.kind is PollKind.SCORE else best)
    return f"{bar} {count}".strip()


def _turnout(poll: PollSnapshot) -> str:
    if not poll.open:
        return f"*Closed: {outcome(poll)}*"
    if poll.by_agency and poll.result is not None:
        heard = poll.result.ballots + poll.result.divided
        divided = f" · {poll.result.divided} divided" if poll.result.divided else ""
        return f"*{pluralize(heard, 'agency', 'agencies')} heard*{divided}"
    return f"*{pluralize(poll.ballots, 'person has', 'people have')} voted*"


def outcome(poll: PollSnapshot) -> str:
    """Return the result of a poll as escaped sentences that follow a colon. A tie is called a tie."""
    result = poll.result
    if result is None or not result.ballots:
        return _no_result(poll)
    voters = (
        pluralize(result.ballots, "agency", "agencies")
        if poll.by_agency
        else pluralize(result.ballots, "person", "people")
    )
    if result.withheld:
        return f"{voters} voted. With fewer than {MIN_ANONYMOUS_BALLOTS} votes, an anonymous poll shows no counts."
    divided = f" {_divided(result)} divided." if result.divided else ""
    return f"{voters} voted{_lead(poll, result)}{divided}"


def _lead(poll: PollSnapshot, result: PollResult) -> str:
    """Return what leads, as the rest of a sentence and what follows it."""
    label = _quoted_labels(poll)
    names = _names(result.leaders, label)
    if not result.leaders:
        return ", and no choice got any support."
    if result.reason is None:
        return f", and {names} came first." if len(result.leaders) == 1 else f". It is a tie between {names}."
    if len(result.leaders) > 1:
        return f". {tie_sentence(names, result.reason, result.duels, label)}"
    explained = leader_sentence(result.leaders[0], len(poll.options), result.reason, result.duels, label)
    return f". {explained}"


def _no_result(poll: PollSnapshot) -> str:
    result = poll.result
    return f"{_divided(result)} divided, so no vote counts." if result and result.divided else "nobody voted."


def _divided(result: PollResult) -> str:
    """Return which agencies were divided: "Oak Valley was"."""
    if not result.divided_names:
        return pluralize(result.divided, "agency was", "agencies were")
    return f"{escape(join_names(result.divided_names))} {'was' if result.divided == 1 else 'were'}"


def _quoted_labels(poll: PollSnapshot) -> Callable[[int], str]:
    """Return the function that names an option in a sentence. Readers see times in their own zone."""
    short = short_labels(poll.options, LABELS_IN_SENTENCES)

    def label(place: int) -> str:
        return slack_date(poll.starts[place], poll.zone) if place in poll.starts else quote(short[place])

    return label


def _names(places: Sequence[int], label: Callable[[int], str]) -> str:
    """Name options in a sentence, by their numbers if they are many."""
    if len(places) > NAMED_IN_TIES:
        return f"choices {join_names([str(place) for place in places])}"
    return join_names([label(place) for place in places])


def _details(poll: PollSnapshot) -> Any:
    return block_kit.button("Details", "poll.details", str(poll.number))


def vote_buttons(poll: PollSnapshot) -> list[Any]:
    """Return the buttons to vote: one for each option if there are few, otherwise one that opens the form."""
    number = str(poll.number)
    if poll.kind is PollKind.ONE and len(poll.options) <= MAX_BUTTONS and not poll.anonymous:
        buttons = [
            block_kit.button(label, f"poll.cast.{place}", number)
            for place, label in short_labels(poll.options, block_kit.LABEL_CHARACTERS).items()
        ]
    else:
        buttons = [block_kit.button("Vote", "poll.vote", number, style="primary")]
    if poll.open_options:
        buttons.append(block_kit.button("Add a choice", "poll.add", number))
    return buttons


def waiting_item(poll: PollSnapshot) -> list[Block]:
    """Render a poll as an item of the list behind `/vote`."""
    text = f"{bold(f'#{poll.number} {poll.question}', 150)}\ncloses {slack_date(poll.closes_at, poll.zone)}"
    return [section(text), block_kit.actions(*vote_buttons(poll), _details(poll))]


def reminder(poll: PollSnapshot) -> MessagePart:
    """Render the reminder for somebody who has not voted, with the buttons to vote."""
    text = (
        f"You have not voted yet in {bold(f'#{poll.number} {poll.question}', 200)}. "
        f"It closes {slack_date(poll.closes_at, poll.zone)}."
    )
    plain = escape(f"You have not voted yet in #{poll.number} {poll.question}")
    return MessagePart(plain, [section(text), block_kit.actions(*vote_buttons(poll), _details(poll))])


def stand_in_notice(poll: PollSnapshot, agency: str, advice: str) -> MessagePart:
    """Render the news that an agency has not voted because all who speak for it are away.

    `advice` says who is away, and what can be done.
    """
    text = (
        f"*{escape(agency)} has not voted yet* in {bold(f'#{poll.number} {poll.question}', 200)}. It closes "
        f"{slack_date(poll.closes_at, poll.zone)}. {advice}"
    )
    plain = escape(f"{agency} has not voted yet in #{poll.number} {poll.question}")
    return MessagePart(plain, [section(text), block_kit.actions(_details(poll))])


def thread_reminder(poll: PollSnapshot) -> dict[str, Any]:
    """Render the reminder in the thread, for a poll in a private channel."""
    text = (
        f"#{poll.number} closes {slack_date(poll.closes_at, poll.zone)}. "
        f"{pluralize(poll.ballots, 'person has', 'people have')} voted so far."
    )
    return block_kit.message(text, [section(text)])


def counting_voice_post(user: str, agency: str, number: int) -> dict[str, Any]:
    """Render the post that a person's vote counts now, for the thread of a poll in a private channel."""
    text = (
        f"<@{user}> Your vote in #{number} now counts for {escape(agency)}, because nobody is named to speak for it. "
        "You can change it until the poll closes."
    )
    return block_kit.message(text, [section(text)])


def result_reply(poll: PollSnapshot) -> dict[str, Any]:
    """Render the result for the thread, where it notifies the people who follow the poll."""
    result = f"Closed: {outcome(poll)}"
    text = join_lines([bold(f"#{poll.number} {poll.question}", 200), result])
    return block_kit.message(f"#{poll.number}: {result}", [section(text)], reply_broadcast=True)


def ballot_lines(poll: PollSnapshot) -> Sequence[str]:
    """List who voted, and what they chose unless that is hidden."""
    if not poll.named_ballots:
        return [f"Voted: {escape(join_names(poll.voters))}."] if poll.voters else ["Nobody has voted yet."]
    counted = [_ballot_line(poll, ballot) for ballot in poll.named_ballots if not ballot.voice]
    voices = [_ballot_line(poll, ballot) for ballot in poll.named_ballots if ballot.voice]
    heading = "*Voices*, which do not count because somebody else speaks for their agency:"
    return [*counted, *([heading, *voices] if voices else [])]


def _ballot_line(poll: PollSnapshot, ballot: NamedBallot) -> str:
    agency = f" ({escape(ballot.agency)})" if ballot.agency else ""
    name = f"*{escape(ballot.agency)}* ({escape(ballot.name)})" if poll.by_agency else f"{escape(ballot.name)}{agency}"
    return f"• {name}: {_choices(poll, ballot.choices)}"


def _choices(poll: PollSnapshot, choices: Choices) -> str:
    return ballot_words(poll.kind, choices, poll.options, poll.starts, poll.zone)


def ballot_words(
    kind: PollKind, choices: Choices, labels: Mapping[int, str], starts: Mapping[int, datetime], zone: str
) -> str:
    """Return a ballot in words: "12 Jan", "19 Jan &gt; 12 Jan", "12 Jan 5, 19 Jan 1"."""
    ranked = kind is PollKind.RANKED
    chosen = []
    short = short_labels(labels, LABELS_IN_LISTS)
    for place, number in sorted(choices.items(), key=lambda pair: pair[1] if ranked else pair[0]):
        label = slack_date(starts[place], zone) if place in starts else escape(short[place])
        if kind in {PollKind.SCORE, PollKind.DOTS}:
            label += f" {number}"
        if kind is PollKind.TIME:
            label += f" {_ANSWERS[number]}"
        chosen.append(label)
    return (" &gt; " if ranked else ", ").join(chosen)


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Render a poll in which the reader has not voted, as an item of the home tab."""
    text = f"{todo.item_title(item)}\npoll · {todo.closing_time(item, reader)}"
    vote = block_kit.button("Vote", "poll.vote", str(item.number), style="primary")
    return [section(text), block_kit.actions(vote, block_kit.button("Read it", "poll.details", str(item.number)))]
