"""What people see of a poll in channels and direct messages."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import Piece, chunks, context, section
from handlers.kit.text import bar, bold, counted, cut, escape, lines, listed, moment, written
from handlers.kit.todo import TodoReader
from handlers.polls.labels import KIND_NAMES
from handlers.polls.rules import ENOUGH, POINTS, Line
from handlers.polls.snapshot import PollSnapshot
from storage.todo import TodoItem
from storage.vocabulary import PollKind, Shows

BUTTONS = 5
"""A poll with one choice among at most so many has a button for each."""

WIDTHS = (100, 50, 25)
ROOM = 8000
"""How many characters of a message the options may take, and how far their words are cut until they do."""

WARNING = "Nobody learns what you choose. If everyone chooses alike, the result shows what everyone chose."


def live(picture: PollSnapshot) -> dict[str, Any]:
    """Draw the poll's message: the question, how it stands, and the buttons."""
    blocks: list[Block] = [section(_head(picture)), *chunks(_short_lines(picture)), section(_stand(picture))]
    if picture.open and picture.anonymous:
        blocks.append(context(f"{WARNING} Sealed until it closes; counts appear from {ENOUGH} ballots on."))
    blocks.append(block_kit.row(*(_buttons(picture) if picture.open else []), _details(picture)))
    return block_kit.message(_announcement(picture), blocks)


def _announcement(picture: PollSnapshot) -> str:
    if picture.open:
        when = written(picture.closes_at, picture.zone)
        return f"#{picture.number} {escape(picture.question)} A poll by {escape(picture.author)}, closes {when}"
    return f"#{picture.number} {escape(picture.question)} Closed: {escape(outcome(picture))}"


def _head(picture: PollSnapshot) -> str:
    when = (
        f"closes {moment(picture.closes_at, picture.zone)}"
        if picture.open
        else f"closed {moment(picture.closed_at or picture.closes_at, picture.zone)}"
    )
    parts = [f"Asked by {escape(picture.author)}", how(picture), when]
    return f"{bold(f'#{picture.number} {picture.question}')}\n{' · '.join(parts)}"


def how(picture: PollSnapshot) -> str:
    """Say in few words what kind of poll this is."""
    kind = KIND_NAMES[picture.kind]
    if picture.kind is PollKind.SEVERAL and picture.most < len(picture.options):
        kind = f"up to {picture.most} choices"
    if picture.kind is PollKind.DOTS:
        kind = f"{picture.most} dots to spend"
    hidden = {Shows.AFTER_VOTE: "hidden until you have voted", Shows.AT_CLOSE: "hidden until it closes"}
    words = [
        kind,
        "anonymous" if picture.anonymous else hidden.get(picture.shows, ""),
        "one voice per agency" if picture.by_agency else "",
        "you can add choices" if picture.open_options and picture.open else "",
    ]
    return " · ".join(word for word in words if word)


def _short_lines(picture: PollSnapshot) -> list[str]:
    """List the options so that they fit into one message; Details has them in full."""
    made: list[str] = []
    for width in WIDTHS:
        made = option_lines(picture, width)
        if sum(map(len, made)) <= ROOM:
            break
    return made


def option_lines(picture: PollSnapshot, width: int = WIDTHS[0]) -> list[str]:
    """List the options, with bars where counts may be shown."""
    counted_yet = picture.result is not None and picture.result.ballots
    found = {line.place: line for line in picture.result.lines} if picture.result and counted_yet else {}
    most = max((line.number for line in found.values()), default=0)
    shown = []
    for place, label in picture.options.items():
        text = f"{place}. {_label(picture, place, cut(label, width))}"
        line = found.get(place)
        shown.append(f"{text}\n{_count(picture, line, most)}" if line else text)
    return shown


def _label(picture: PollSnapshot, place: int, label: str) -> str:
    if place in picture.starts:
        return moment(picture.starts[place], picture.zone)
    return escape(label)


def _count(picture: PollSnapshot, line: Line, most: float) -> str:
    said = {
        PollKind.SCORE: f"{line.number:.2f} of {POINTS}".replace(".00", ""),
        PollKind.DOTS: counted(int(line.number), "dot"),
        PollKind.RANKED: f"preferred to {counted(int(line.number), 'other') if line.number else 'none'}",
        PollKind.TIME: f"{line.yes} yes, {line.maybe} if need be",
    }.get(picture.kind, counted(int(line.number), "agency", "agencies") if picture.by_agency else _votes(line))
    whole = POINTS if picture.kind is PollKind.SCORE else most
    return f"{bar(line.number, whole)} {said}".strip()


def _votes(line: Line) -> str:
    return counted(int(line.number), "vote")


def _stand(picture: PollSnapshot) -> str:
    if not picture.open:
        return f"*Closed: {escape(outcome(picture))}*"
    if picture.by_agency and picture.result is not None:
        heard = picture.result.ballots + picture.result.divided
        divided = f" · {picture.result.divided} divided" if picture.result.divided else ""
        return f"*{counted(heard, 'agency', 'agencies')} heard*{divided}"
    return f"*{counted(picture.ballots, 'person has', 'people have')} voted*"


def outcome(picture: PollSnapshot) -> str:
    """Say what a poll came to, as it goes on behind a colon; ties are said to be ties."""
    result = picture.result
    if result is None or not result.ballots:
        return _nobody(picture)
    who = (
        counted(result.ballots, "agency", "agencies")
        if picture.by_agency
        else counted(result.ballots, "person", "people")
    )
    if result.withheld:
        return f"{who} voted. Counts of an anonymous poll appear from {ENOUGH} ballots on, so nothing is shown."
    divided = f" {counted(result.divided, 'agency was', 'agencies were')} divided." if result.divided else ""
    names = [_plain_label(picture, place) for place in result.leaders]
    if not names:
        return f"{who} voted, no choice got anything.{divided}"
    if len(names) == 1:
        return f"{who} voted, most for {names[0]}.{divided}"
    return f"{who} voted, a tie between {listed(names)}.{divided}"


def _nobody(picture: PollSnapshot) -> str:
    divided = picture.result.divided if picture.result else 0
    return (
        f"all {divided} agencies that voted were divided."
        if divided > 1
        else "the one agency that voted was divided."
        if divided
        else "nobody voted."
    )


def _plain_label(picture: PollSnapshot, place: int) -> str:
    if place in picture.starts:
        return written(picture.starts[place], picture.zone)
    return f"“{cut(picture.options[place], 80)}”"


def _details(picture: PollSnapshot) -> Any:
    return block_kit.button("Details", "poll.details", str(picture.number))


def _buttons(picture: PollSnapshot) -> list[Any]:
    number = str(picture.number)
    made: list[Any] = []
    if picture.kind is PollKind.ONE and len(picture.options) <= BUTTONS and not picture.anonymous:
        made = [
            block_kit.button(cut(label, 40), f"poll.cast.{place}", number) for place, label in picture.options.items()
        ]
    else:
        made = [block_kit.button("Vote", "poll.vote", number, style="primary")]
    if picture.open_options:
        made.append(block_kit.button("Add a choice", "poll.add", number))
    return made


def waiting(picture: PollSnapshot) -> list[Block]:
    """Draw a poll as something that waits for somebody."""
    text = f"{bold(f'#{picture.number} {picture.question}', 150)}\ncloses {moment(picture.closes_at, picture.zone)}"
    return [section(text), block_kit.row(*_buttons(picture), _details(picture))]


def reminder(picture: PollSnapshot) -> Piece:
    """Remind somebody who has not voted, with the buttons to do it right there."""
    text = (
        f"You have not voted yet in {bold(f'#{picture.number} {picture.question}', 200)}. "
        f"It closes {moment(picture.closes_at, picture.zone)}."
    )
    plain = escape(f"You have not voted yet in #{picture.number} {picture.question}")
    return Piece(plain, [section(text), block_kit.row(*_buttons(picture), _details(picture))])


def thread_reminder(picture: PollSnapshot) -> dict[str, Any]:
    """Remind within the thread, where a private channel must stay private."""
    text = (
        f"#{picture.number} closes {moment(picture.closes_at, picture.zone)}; "
        f"{counted(picture.ballots, 'person has', 'people have')} voted."
    )
    return block_kit.message(text, [section(text)])


def result_post(picture: PollSnapshot) -> dict[str, Any]:
    """Say the result in the thread, so that those who follow it hear of it."""
    said = f"Closed: {escape(outcome(picture))}"
    text = lines([bold(f"#{picture.number} {picture.question}", 200), said])
    return block_kit.message(f"#{picture.number}: {said}", [section(text)], reply_broadcast=True)


def who_voted(picture: PollSnapshot) -> Sequence[str]:
    """Say who voted, and what, where that may be known."""
    if not picture.cast:
        return [f"Voted: {escape(listed(picture.voters))}."] if picture.voters else ["Nobody has voted yet."]
    return [f"• {escape(c.name)}{_of(c.agency)}: {_chosen(picture, c.choices)}" for c in picture.cast]


def _of(agency: str) -> str:
    return f" ({escape(agency)})" if agency else ""


def _chosen(picture: PollSnapshot, choices: Any) -> str:
    words = {2: "yes", 1: "if need be", 0: "no"}
    names = []
    ordered = (
        sorted(choices.items(), key=lambda pair: pair[1])
        if picture.kind is PollKind.RANKED
        else sorted(choices.items())
    )
    for place, number in ordered:
        label = _label(picture, place, cut(picture.options.get(place, ""), 60))
        if picture.kind in {PollKind.SCORE, PollKind.DOTS}:
            label += f" {number}"
        if picture.kind is PollKind.TIME:
            label += f" {words[number]}"
        names.append(label)
    return (" &gt; " if picture.kind is PollKind.RANKED else ", ").join(names)


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Show a poll in which the reader has not voted yet."""
    text = f"{todo.title(item)}\npoll · {todo.closes(item, reader)}"
    vote = block_kit.button("Vote", "poll.vote", str(item.number), style="primary")
    return [section(text), block_kit.row(vote, block_kit.button("Read it", "poll.details", str(item.number)))]
