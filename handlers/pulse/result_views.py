"""The results of a round: the post in the channel, its trend, the details, and the notice to facilitators."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, context, divider, section, text_sections
from handlers.kit.text import escape, format_day, format_short_day, join_lines, join_names, pluralize, quote, text_bar
from handlers.pulse.answers import MAX_COMMENT
from handlers.pulse.question_bank import CHART_LABELS, CONVERSATION_STARTERS, EN, QUESTIONS, THEME_NAMES
from handlers.pulse.rules import results
from handlers.pulse.rules.disclosure import MIN_SHOWN
from handlers.pulse.rules.results import Asking, Band, Change, Group, Shown
from handlers.pulse.snapshot import RoundSnapshot, ThemeResult

MAX_POINTS = 5
CHART_SERIES = 6
CHART_CATEGORIES = 12
DETAIL_SCORES = 6
CHART_TITLE = "The same sentences over time (1 to 5)"
VIEW_BLOCKS = 100

_TOO_FEW = f"With fewer than {MIN_SHOWN} answers, nothing is shown or kept, so that nobody's answer can be worked out."
_COMMENTS_WITHHELD = f"There were fewer than {MIN_SHOWN} comments, so they were not kept."
_SPREAD = "Spread is 0 if everybody gives the same answer, and 2 if half choose 1 and half choose 5."
_POOLED = (
    f"An agency with at least {MIN_SHOWN} answers is shown separately. The others are counted together. If their "
    "answers could still be worked out by subtraction, one more agency is counted with them."
)
_RANGES = (
    "A range, or nothing, stands where nearly the same people have answered the same sentence before. From two exact "
    "numbers, one could work out what the few others answered."
)
_NO_GROUPS = (
    f"Not shown by agency. That takes two groups of at least {MIN_SHOWN} answers each, and no earlier result from "
    "which they differ by only a few people."
)

BANDS = {
    Band(0, 0): "below 3.0",
    Band(1, 1): "3.0 to 3.9",
    Band(2, 2): "4.0 and above",
    Band(0, 1): "below 4.0",
    Band(1, 2): "3.0 and above",
}
"""How a band is written."""

_EDGES = (0, 3, 4, MAX_POINTS)
"""Where each level begins, and where the last one ends."""


def result_post(snapshot: RoundSnapshot, *, chart: bool = True) -> dict[str, Any]:
    """Render the post in the channel, with words in place of the chart where Slack refuses charts."""
    blocks = result_blocks(snapshot)
    trend = trend_chart(snapshot) if chart else trend_words(snapshot)
    blocks[-1:-1] = trend or trend_words(snapshot)
    return block_kit.message(f"{_title(snapshot)}: {_answered(snapshot)}.", blocks)


def trend_post(snapshot: RoundSnapshot, *, chart: bool = True) -> dict[str, Any] | None:
    """Render the trend as a message of its own, which only its reader sees; None if there is no trend to draw."""
    drawn = trend_chart(snapshot)
    if not drawn:
        return None
    blocks = drawn if chart else trend_words(snapshot)
    return block_kit.message("The trend of the pulse.", blocks, response_type="ephemeral")


def result_blocks(snapshot: RoundSnapshot) -> list[Block]:
    """Render a closed round: who answered, the themes, what to talk about, and what is withheld."""
    head = f"*{_title(snapshot)}* · {_answered(snapshot)}"
    if not snapshot.themes:
        nothing = _TOO_FEW if snapshot.result.answered else "Nobody answered, so there is nothing to show."
        return [section(f"{head}\n{nothing}")]
    blocks: list[Block] = [section(join_lines([head, *(_theme_line(theme) for theme in snapshot.themes)]))]
    summary = join_lines([_strengths(snapshot), _conversation(snapshot)])
    if summary:
        blocks.append(section(summary))
    blocks.append(context(*_notes(snapshot), _by_agency(snapshot), *_comments(snapshot)))
    topic = _main_topic(snapshot)
    agenda = block_kit.button("Put it on the agenda", "meeting.suggest", _agenda_item(topic)) if topic else None
    blocks.append(block_kit.actions(block_kit.button("Details", "pulse.details", str(snapshot.number)), agenda))
    return blocks


def _title(snapshot: RoundSnapshot) -> str:
    first, last = snapshot.day, snapshot.closed_at.astimezone(ZoneInfo(snapshot.zone)).date()
    end = format_short_day(last) if first.month != last.month else f"{last.day}"
    return f"How we worked, {format_short_day(first)} to {end}"


def _answered(snapshot: RoundSnapshot) -> str:
    return f"{snapshot.result.answered} of {snapshot.result.asked} answered"


def _theme_line(theme: ThemeResult) -> str:
    name = f"`{_bar(theme.shown)}` {THEME_NAMES[theme.theme][EN]}"
    if theme.shown is None:
        return f"{name} · not shown"
    line = f"{name} *{written(theme.shown)}*{_change(theme.change)}"
    return line if isinstance(theme.shown, Band) else f"{line} · {_spread(results.spread(theme.shown))}"


def written(shown: Shown) -> str:
    """Write a mean with one decimal, or a band."""
    return BANDS[shown] if isinstance(shown, Band) else f"{results.mean(shown):.1f}"


def _bar(shown: Shown | None) -> str:
    """Draw a mean as a bar, and a band as the part of the bar in which the mean is."""
    if isinstance(shown, Band):
        sure, most = (text_bar(_EDGES[place], MAX_POINTS) for place in (shown.first, shown.last + 1))
        return most.replace("█", "▒").replace("▒", "█", len(sure)).ljust(10, "░")
    return (text_bar(results.mean(shown), MAX_POINTS) if shown else "").ljust(10, "░")


def _change(change: Change | None) -> str:
    if change is None:
        return ""
    by = round(change.by, 1)
    return f" ({'up' if by > 0 else 'down'} {abs(by):.1f})" if by else " (as before)"


def _spread(value: float) -> str:
    words = "" if value < 0.8 else ", views differ" if value < 1.3 else ", views far apart"
    return f"spread {value:.1f}{words}"


def _notes(snapshot: RoundSnapshot) -> list[str]:
    """Explain what changes are measured against, and why there are ranges."""
    ranges = any(theme.shown is None or isinstance(theme.shown, Band) for theme in snapshot.themes)
    return [*_compared(snapshot), *([_RANGES] if ranges else [])]


def _compared(snapshot: RoundSnapshot) -> list[str]:
    """Say against which days the themes are compared, once if they are the same for all."""
    names: dict[tuple[date, ...], list[str]] = {}
    for theme in snapshot.themes:
        if theme.change is not None:
            names.setdefault(theme.change.days, []).append(THEME_NAMES[theme.theme][EN])
    return [
        f"{f'{join_names(own)}: c' if len(names) > 1 else 'C'}ompared with "
        f"{'the mean of ' if len(days) > 1 else ''}the same {'sentence' if len(own) == 1 else 'sentences'} on "
        f"{join_names([format_day(day) for day in days])}."
        for days, own in names.items()
    ]


def _short(on: date, snapshot: RoundSnapshot) -> str:
    """Format a day for a chart: "Dec 7", with its year if that is another one."""
    return format_short_day(on) if on.year == snapshot.day.year else f"{format_short_day(on)}, {on.year}"


def _strengths(snapshot: RoundSnapshot) -> str:
    strong = [THEME_NAMES[theme.theme][EN] for theme in snapshot.themes if theme.level == "strength"]
    return f"*{'Strengths' if len(strong) > 1 else 'A strength'}:* {' · '.join(strong)}" if strong else ""


def _main_topic(snapshot: RoundSnapshot) -> ThemeResult | None:
    """Return the theme that most needs a conversation; None if all may be strengths."""
    weak = snapshot.concerns or [theme for theme in snapshot.themes if theme.at_most < results.STRENGTH]
    return min(weak, key=lambda theme: theme.at_most, default=None)


def _conversation(snapshot: RoundSnapshot) -> str:
    """Name the themes to address and those to talk about, which fell or are or may be below 4.0, with a question."""
    main = _main_topic(snapshot)
    low = [theme for theme in snapshot.themes if theme.level == "address"]
    middle = [
        theme
        for theme in snapshot.themes
        if theme not in low and (theme in snapshot.concerns or theme.at_most < results.STRENGTH)
    ]
    return join_lines(
        [
            f"*To address:* {_names(low)}" if low else "",
            f"*Worth a conversation:* {_names(middle)}" if middle else "",
            CONVERSATION_STARTERS[main.theme] if main else "",
        ]
    )


def _names(themes: Iterable[ThemeResult]) -> str:
    return " · ".join(THEME_NAMES[theme.theme][EN] for theme in themes)


def _agenda_item(theme: ThemeResult) -> str:
    return f"{THEME_NAMES[theme.theme][EN]}: {CONVERSATION_STARTERS[theme.theme]}"


def _by_agency(snapshot: RoundSnapshot) -> str:
    groups = snapshot.result.groups
    if not groups:
        return _NO_GROUPS
    alone = [group for group in groups if len(group.agencies) == 1]
    pooled = [group for group in groups if len(group.agencies) > 1]
    names = "; ".join(_group_name(snapshot, group) for group in [*alone, *pooled])
    why = f" Agencies with fewer than {MIN_SHOWN} answers are counted together." if pooled else ""
    return f"The details show results by agency: {names}.{why}"


def _group_name(snapshot: RoundSnapshot, group: Group) -> str:
    names = [escape(snapshot.names[agency]) for agency in group.agencies]
    return names[0] if len(names) == 1 else f"{join_names(names)} together"


def _comments(snapshot: RoundSnapshot) -> list[str]:
    result = snapshot.result
    if result.comments_withheld:
        return [_COMMENTS_WITHHELD]
    return [f"{pluralize(len(result.comments), 'comment')} in the details."] if result.comments else []


# the trend -----------------------------------------------------------------------------------------------


def trend_chart(snapshot: RoundSnapshot) -> list[Block]:
    """Draw the means of this round's sentences over time, and name the sentences; nothing without two days in common.

    Bands cannot be drawn, so sentences that have one this time are left out, and so are days on which one had a band.
    """
    means = [
        (theme, {asking.day: asking.mean for asking in theme.history if asking.mean is not None})
        for theme in snapshot.themes
        if theme.mean is not None
    ]
    drawn = [(theme, by_day) for theme, by_day in means if len(by_day) > 1][:CHART_SERIES]
    days = sorted(set.intersection(*(set(by_day) for _, by_day in drawn)))[-CHART_CATEGORIES:] if drawn else []
    if len(days) < 2:
        return []
    series = {CHART_LABELS[theme.theme]: [round(by_day[day], 1) for day in days] for theme, by_day in drawn}
    return [
        block_kit.line_chart(CHART_TITLE, [_short(day, snapshot) for day in days], series),
        context(*(f"{CHART_LABELS[theme.theme]}: {_sentence(theme)}" for theme, _ in drawn)),
    ]


def trend_words(snapshot: RoundSnapshot) -> list[Block]:
    """Write what was shown of this round's sentences over time, in plain text, which Slack always accepts."""
    lines = [
        f"{THEME_NAMES[theme.theme][EN]}: {_over_time(theme.history[-CHART_CATEGORIES:], snapshot)}\n{_sentence(theme)}"
        for theme in snapshot.themes
        if len(theme.history) > 1
    ]
    return [*text_sections(["*The same sentences over time*", *lines])] if lines else []


def _over_time(askings: Iterable[Asking], snapshot: RoundSnapshot) -> str:
    return " → ".join(
        f"{written(asking.shown)} ({_short(asking.day, snapshot)})" for asking in askings if asking.shown is not None
    )


def _sentence(theme: ThemeResult) -> str:
    return f"“{QUESTIONS[theme.key].text[EN]}”"


# to facilitators -----------------------------------------------------------------------------------------


def concern_notice(snapshot: RoundSnapshot) -> MessagePart:
    """Tell a facilitator about themes that fell or stay low, and suggest what to talk about."""
    first = snapshot.concerns[0]
    plain = f"The pulse found something worth a conversation: {THEME_NAMES[first.theme][EN].casefold()}."
    concerns = [_concern(theme) for theme in snapshot.concerns]
    text = join_lines(["*The pulse found something worth a conversation*", *concerns])
    agenda = block_kit.button("Put it on the agenda", "meeting.suggest", _agenda_item(first))
    details = block_kit.button("Details", "pulse.details", str(snapshot.number))
    return MessagePart(plain, [section(text), block_kit.actions(agenda, details)])


def _concern(theme: ThemeResult) -> str:
    value = "is below 3.0" if theme.mean is None else f"is at {theme.mean:.1f}"
    why = "It was below 3.0 the last two times."
    if theme.falls and theme.change is not None:
        days = join_names([format_day(day) for day in theme.change.days])
        why = f"It has fallen by at least half a point, compared with the same sentence on {days}."
    return f"*{THEME_NAMES[theme.theme][EN]}* {value}. {why} {CONVERSATION_STARTERS[theme.theme]}"


# the details ---------------------------------------------------------------------------------------------


def details(snapshot: RoundSnapshot) -> dict[str, Any]:
    """Render everything about a closed round that may be shown."""
    result = snapshot.result
    blocks: list[Block] = [section(f"*Pulse of {format_day(snapshot.day)}* · {_answered(snapshot)}")]
    blocks += [section(_theme_details(theme, snapshot)) for theme in snapshot.themes]
    blocks.append(context(*_notes(snapshot), _SPREAD) if snapshot.themes else section(_TOO_FEW))
    if result.groups:
        blocks += [
            divider(),
            *text_sections([group_lines(snapshot, group) for group in result.groups]),
            context(_POOLED),
        ]
    if result.comments:
        blocks += [divider(), *text_sections([f"· {quote(comment, MAX_COMMENT)}" for comment in result.comments])]
    elif result.comments_withheld:
        blocks.append(context(_COMMENTS_WITHHELD))
    return block_kit.info_form("The pulse", blocks[:VIEW_BLOCKS])


def _theme_details(theme: ThemeResult, snapshot: RoundSnapshot) -> str:
    counts = () if theme.shown is None or isinstance(theme.shown, Band) else theme.shown
    history = theme.history[-DETAIL_SCORES:]
    return join_lines(
        [
            _theme_line(theme),
            _sentence(theme),
            f"How many chose 1, 2, 3, 4, 5: {' · '.join(map(str, counts))}" if counts else "",
            f"The same sentence over time: {_over_time(history, snapshot)}" if len(history) > 1 else "",
        ]
    )


def group_lines(snapshot: RoundSnapshot, group: Group) -> str:
    """Render a group's means or bands, each mean with its change from earlier askings of the same sentence."""
    parts = [
        f"{THEME_NAMES[results.theme_of(key)][EN]} {written(shown)}{_change(snapshot.change(group, key))}"
        for key, shown in group.shown.items()
    ]
    return f"*{_group_name(snapshot, group)}* · {pluralize(group.answered, 'answer')}\n{' · '.join(parts)}"
