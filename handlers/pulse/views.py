"""What people see of the pulse: the questions' invitation, and what came of a round."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import Piece, context, section
from handlers.kit.text import bar, counted, escape, lines, listed, moment
from handlers.kit.todo import TodoReader
from handlers.pulse.question_bank import SHORT, TALK, THEMES
from handlers.pulse.rules.results import ENOUGH, Group, by_theme, mean
from handlers.pulse.snapshot import Reading, RoundSnapshot
from storage.todo import TodoItem
from storage.vocabulary import Language, Theme

EN, ES = Language.ENGLISH, Language.SPANISH
POINTS = 5
SERIES = 6
CATEGORIES = 12
WHY = f"Counts appear from {ENOUGH} answers on, so that nobody's own can be worked out."

_NUMBERS = {
    EN: ("", "One question", "Two questions", "Three questions", "Four questions", "Five questions"),
    ES: ("", "Una pregunta", "Dos preguntas", "Tres preguntas", "Cuatro preguntas", "Cinco preguntas"),
}
_ASK = {
    EN: (
        "{many} about how we work together, about a minute.",
        "What you answer is sealed until {until}; after that only the counts exist.",
    ),
    ES: (
        "{many} sobre cómo trabajamos juntos, cosa de un minuto.",
        "Lo que responda queda sellado hasta {until}; después solo existen los totales.",
    ),
}
_AGAIN = {
    EN: ("The questions about how we work together are still open for you.", "They take a minute, until {until}."),
    ES: ("Las preguntas sobre cómo trabajamos juntos siguen abiertas para usted.", "Llevan un minuto, hasta {until}."),
}
_LABELS = {
    EN: ("Answer", "Skip this round", "Pause …", "En español"),
    ES: ("Responder", "Saltar esta vez", "Pausar …", "In English"),
}


def invitation(number: int, questions: int, closes_at: datetime, zone: str, language: Language) -> Piece:
    """Ask somebody to answer."""
    first, rest = _ASK[language]
    first = first.format(many=_NUMBERS[language][questions])
    return _asking(first, rest.format(until=moment(closes_at, zone)), number, language)


def reminder(number: int, closes_at: datetime, zone: str, language: Language) -> Piece:
    """Remind somebody who has not answered."""
    first, rest = _AGAIN[language]
    return _asking(first, rest.format(until=moment(closes_at, zone)), number, language)


def _asking(first: str, rest: str, number: int, language: Language) -> Piece:
    return Piece(first, [section(f"{first} {rest}"), buttons(number, language)])


def buttons(number: int, language: Language) -> Block:
    """Give the four things one can do with a round that is open."""
    _, skip, pause, other = _LABELS[language]
    return block_kit.row(
        answer_button(number, language),
        block_kit.button(skip, "pulse.skip", str(number)),
        block_kit.button(pause, "pulse.pause"),
        block_kit.button(other, "pulse.other_language", str(number)),
    )


def answer_button(number: int, language: Language) -> ButtonElement:
    """Give the button that opens the questions."""
    return block_kit.button(_LABELS[language][0], "pulse.answer", str(number), style="primary")


def change(number: int, language: Language) -> Block:
    """Give the button with which an answer can be changed."""
    return block_kit.row(block_kit.button({EN: "Change it", ES: "Cambiarla"}[language], "pulse.answer", str(number)))


def result_post(picture: RoundSnapshot, *, chart: bool = True) -> dict[str, Any]:
    """Say in the channel what came of a round; without `chart` where Slack refuses one."""
    blocks = result_blocks(picture)
    trend = _trend(picture, chart=chart)
    if trend is not None:
        blocks.insert(-1, trend)
    return block_kit.message(f"{_period(picture)}: {_rate(picture)}.", blocks)


def result_blocks(picture: RoundSnapshot) -> list[Block]:
    """Show a closed round: the rate, the themes, what to talk about, and what is withheld."""
    head = f"*{_period(picture)}* · {_rate(picture)}"
    if not picture.readings:
        return [section(f"{head}\n{_nothing(picture)}")]
    blocks: list[Block] = [section(lines([head, *(theme_line(reading) for reading in picture.readings)]))]
    said = lines([_strengths(picture), _conversation(picture)])
    if said:
        blocks.append(section(said))
    blocks += [context(_by_agency(picture), *_comments(picture))]
    concern = _concern(picture)
    agenda = block_kit.button("Put it on the agenda", "meeting.suggest", topic(concern)) if concern else None
    blocks.append(block_kit.row(block_kit.button("Details", "pulse.details", str(picture.number)), agenda))
    return blocks


def _period(picture: RoundSnapshot) -> str:
    first, last = picture.day, picture.closed_at.astimezone(ZoneInfo(picture.zone)).date()
    begin = f"{first.day} {first:%B}" if first.month != last.month else f"{first.day}"
    return f"How we worked, {begin} to {last.day} {last:%B}"


def _rate(picture: RoundSnapshot) -> str:
    return f"{picture.result.answered} of {picture.result.asked} answered"


def _nothing(picture: RoundSnapshot) -> str:
    if picture.result.answered == 0:
        return "Nobody answered, so there is nothing to show."
    return f"With fewer than {ENOUGH} answers nothing is shown or kept. {WHY}"


def theme_line(reading: Reading) -> str:
    """Give a theme in one line, with a bar that reads on a phone."""
    return (
        f"`{bar(reading.mean, POINTS).ljust(10, '░')}` {THEMES[reading.theme][EN]} *{reading.mean:.1f}*"
        f"{_changed(reading.change)} · {_spread(reading.spread)}"
    )


def _changed(change: float | None) -> str:
    if change is None:
        return ""
    if change == 0:
        return " (as before)"
    return f" ({'up' if change > 0 else 'down'} {abs(change):.1f})"


def _spread(value: float) -> str:
    words = "" if value < 0.8 else ", views differ" if value < 1.3 else ", views far apart"
    return f"spread {value:.1f}{words}"


def _strengths(picture: RoundSnapshot) -> str:
    strong = [THEMES[r.theme][EN] for r in picture.readings if r.read_as == "strength"]
    return f"*{'Strengths' if len(strong) > 1 else 'A strength'}:* {' · '.join(strong)}" if strong else ""


def _concern(picture: RoundSnapshot) -> Reading | None:
    """Give the theme that most needs to be talked about."""
    weak = picture.concerns or [r for r in picture.readings if r.read_as != "strength"]
    return min(weak, key=lambda reading: reading.mean, default=None)


def _conversation(picture: RoundSnapshot) -> str:
    weak = [r for r in picture.readings if r.read_as == "address"] or [r for r in [_concern(picture)] if r]
    if not weak:
        return ""
    names = " · ".join(THEMES[reading.theme][EN] for reading in weak)
    return f"*Worth a conversation:* {names}\n{TALK[min(weak, key=lambda r: r.mean).theme]}"


def topic(reading: Reading) -> str:
    """Name what would stand on an agenda."""
    return f"{THEMES[reading.theme][EN]}: {TALK[reading.theme]}"


def _by_agency(picture: RoundSnapshot) -> str:
    groups = picture.result.groups
    if not groups:
        return f"Not shown by agency: that takes two groups of at least {ENOUGH} answers."
    alone = [picture.names[g.agencies[0]] for g in groups if len(g.agencies) == 1]
    pooled = [g for g in groups if len(g.agencies) > 1]
    parts = [escape(name) for name in alone] + [group_name(picture, g) for g in pooled]
    why = f" Those with fewer than {ENOUGH} answers are counted together." if pooled else ""
    return f"By agency, in the details: {'; '.join(parts)}.{why}"


def group_name(picture: RoundSnapshot, group: Group) -> str:
    """Name a group by its agencies."""
    names = [escape(picture.names[agency]) for agency in group.agencies]
    return names[0] if len(names) == 1 else f"{listed(names)} together"


def _comments(picture: RoundSnapshot) -> list[str]:
    result = picture.result
    if result.comments_withheld:
        return [f"There were comments, but fewer than {ENOUGH}: they were not kept."]
    return [f"{counted(len(result.comments), 'comment')} in the details."] if result.comments else []


def _trend(picture: RoundSnapshot, *, chart: bool) -> Block | None:
    """Draw how this round's themes went over the rounds in which they were asked about."""
    days = [{asking.day for asking in reading.askings} for reading in picture.readings]
    common = sorted(set.intersection(*days))[-CATEGORIES:] if days else []
    if len(common) < 2:
        return None
    labels = [f"{on.day} {on:%b}" if on.year == picture.day.year else f"{on.day} {on:%b %y}" for on in common]
    found: dict[Theme, Sequence[float]] = {
        reading.theme: [round(asking.mean, 1) for asking in reading.askings if asking.day in common]
        for reading in picture.readings[:SERIES]
    }
    series = {SHORT[theme]: values for theme, values in found.items()}
    if chart:
        return block_kit.line_chart("How it went over the rounds (1 to 5)", labels, series)
    return block_kit.table(["", *labels], [[name, *(f"{v:.1f}" for v in values)] for name, values in series.items()])


def concern_told(picture: RoundSnapshot) -> Piece:
    """Tell a facilitator, privately, of themes that fell or stay low, with what could be talked about."""
    said = [
        f"*{THEMES[r.theme][EN]}* is at {r.mean:.1f}: "
        f"{'it has fallen by half a point or more' if r.falls else 'below 3.0 for the second time'}. {TALK[r.theme]}"
        for r in picture.concerns
    ]
    first = picture.concerns[0]
    plain = f"The pulse found something worth a conversation: {THEMES[first.theme][EN].casefold()}."
    text = lines(["The pulse found something worth a conversation.", *said])
    agenda = block_kit.button("Put it on the agenda", "meeting.suggest", topic(first))
    return Piece(
        plain, [section(text), block_kit.row(agenda, block_kit.button("Details", "pulse.details", str(picture.number)))]
    )


def group_lines(picture: RoundSnapshot, group: Group) -> str:
    """Give a group's means."""
    parts = [
        f"{THEMES[theme][EN]} {mean(counts):.1f}{_changed(picture.change(group, theme))}"
        for theme, counts in by_theme(group.counts).items()
    ]
    return f"*{group_name(picture, group)}* · {counted(group.answered, 'answer')}\n{' · '.join(parts)}"


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Show a round of the pulse that the reader has not answered yet."""
    closes = todo.closes(item, reader)
    text = f"*A few questions about how we work together*\nabout a minute · sealed · {closes}"
    answer = block_kit.button("Answer", "pulse.answer", str(item.number), style="primary")
    return [section(text), block_kit.row(answer, block_kit.button("Skip this time", "pulse.skip", str(item.number)))]
