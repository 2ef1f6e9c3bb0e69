"""The results of a round: the post in the channel, its trend, the details, and the notice to facilitators."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, context, divider, section, text_sections
from handlers.kit.text import escape, join_lines, quote, text_bar
from handlers.pulse import result_texts as texts
from handlers.pulse.answers import MAX_COMMENT
from handlers.pulse.question_bank import CHART_LABELS, CONVERSATION_STARTERS, EN, QUESTIONS, THEME_NAMES
from handlers.pulse.rules import results
from handlers.pulse.rules.results import Asking, Band, Group, Shown
from handlers.pulse.snapshot import RoundSnapshot, ThemeResult
from storage.vocabulary import Language

MAX_POINTS = 5
CHART_SERIES = 6
CHART_CATEGORIES = 12
DETAIL_SCORES = 6
VIEW_BLOCKS = 100

_EDGES = (0, 3, 4, MAX_POINTS)
"""Where each level begins, and where the last one ends."""


def result_post(snapshot: RoundSnapshot, *, chart: bool = True) -> dict[str, Any]:
    """Render the post in the channel, with words in place of the chart where Slack refuses charts."""
    blocks = result_blocks(snapshot, EN)
    trend = trend_chart(snapshot, EN) if chart else trend_words(snapshot, EN)
    blocks[-1:-1] = trend or trend_words(snapshot, EN)
    return block_kit.message(f"{_title(snapshot, EN)}: {_answered(snapshot, EN)}.", blocks)


def trend_post(snapshot: RoundSnapshot, language: Language, *, chart: bool = True) -> dict[str, Any] | None:
    """Render the trend as a message of its own, which only its reader sees; None if there is no trend to draw."""
    drawn = trend_chart(snapshot, language)
    if not drawn:
        return None
    blocks = drawn if chart else trend_words(snapshot, language)
    return block_kit.message(texts.TREND[language], blocks, response_type="ephemeral")


def result_blocks(snapshot: RoundSnapshot, language: Language) -> list[Block]:
    """Render a closed round: who answered, the themes, what to talk about, and what is withheld."""
    head = f"*{_title(snapshot, language)}* · {_answered(snapshot, language)}"
    if not snapshot.themes:
        nothing = texts.TOO_FEW if snapshot.result.answered else texts.NOBODY_ANSWERED
        return [section(f"{head}\n{nothing[language]}")]
    blocks: list[Block] = [section(join_lines([head, *(_theme_line(theme, language) for theme in snapshot.themes)]))]
    summary = join_lines([_strengths(snapshot, language), _conversation(snapshot, language)])
    if summary:
        blocks.append(section(summary))
    blocks.append(context(*_notes(snapshot, language), _by_agency(snapshot, language), *_comments(snapshot, language)))
    topic = _main_topic(snapshot)
    blocks.append(
        block_kit.actions(
            block_kit.button(texts.DETAILS[language], "pulse.details", str(snapshot.number)),
            _agenda_button(topic, language) if topic else None,
        )
    )
    return blocks


def _title(snapshot: RoundSnapshot, language: Language) -> str:
    return texts.title(snapshot.day, snapshot.closed_at.astimezone(ZoneInfo(snapshot.zone)).date(), language)


def _answered(snapshot: RoundSnapshot, language: Language) -> str:
    return texts.ANSWERED[language].format(answered=snapshot.result.answered, asked=snapshot.result.asked)


def _theme_line(theme: ThemeResult, language: Language) -> str:
    name = f"`{_bar(theme.shown)}` {THEME_NAMES[theme.theme][language]}"
    if theme.shown is None:
        return f"{name} · {texts.NOT_SHOWN[language]}"
    line = f"{name} *{written(theme.shown, language)}*{texts.change(theme.change, language)}"
    return line if isinstance(theme.shown, Band) else f"{line} · {_spread(results.spread(theme.shown), language)}"


def written(shown: Shown, language: Language) -> str:
    """Write a mean with one decimal, or a band."""
    return texts.BANDS[language][shown] if isinstance(shown, Band) else f"{results.mean(shown):.1f}"


def _bar(shown: Shown | None) -> str:
    """Draw a mean as a bar, and a band as the part of the bar in which the mean is."""
    if isinstance(shown, Band):
        sure, most = (text_bar(_EDGES[place], MAX_POINTS) for place in (shown.first, shown.last + 1))
        return most.replace("█", "▒").replace("▒", "█", len(sure)).ljust(10, "░")
    return (text_bar(results.mean(shown), MAX_POINTS) if shown else "").ljust(10, "░")


def _spread(value: float, language: Language) -> str:
    words = texts.VIEWS_DIFFER if value < 1.3 else texts.VIEWS_FAR_APART
    return f"{texts.SPREAD[language]} {value:.1f}{words[language] if value >= 0.8 else ''}"


def _notes(snapshot: RoundSnapshot, language: Language) -> list[str]:
    """Explain what changes are measured against, and why there are ranges or nothing."""
    nothing = any(theme.shown is None for theme in snapshot.themes)
    ranges = any(isinstance(theme.shown, Band) for theme in snapshot.themes) or any(
        # where a sentence is asked for the first time, nothing is shown only because few rated it
        theme.shown is None and [asking.key for asking in theme.askings].count(theme.key) > 1
        for theme in snapshot.themes
    )
    return [
        *_compared(snapshot, language),
        *([texts.FEW_RATED[language]] if nothing else []),
        *([texts.RANGES[language]] if ranges else []),
    ]


def _compared(snapshot: RoundSnapshot, language: Language) -> list[str]:
    """Say against which days the themes are compared, once if they are the same for all."""
    names: dict[tuple[date, ...], list[str]] = {}
    for theme in snapshot.themes:
        if theme.change is not None:
            names.setdefault(theme.change.days, []).append(THEME_NAMES[theme.theme][language])
    return [texts.compared(own, days, language, named=len(names) > 1) for days, own in names.items()]


def _strengths(snapshot: RoundSnapshot, language: Language) -> str:
    strong = [theme for theme in snapshot.themes if theme.level == "strength"]
    heading = texts.STRENGTHS if len(strong) > 1 else texts.STRENGTH
    return f"*{heading[language]}:* {_names(strong, language)}" if strong else ""


def _main_topic(snapshot: RoundSnapshot) -> ThemeResult | None:
    """Return the theme that most needs a conversation; None if all may be strengths."""
    weak = snapshot.concerns or [theme for theme in snapshot.themes if theme.at_most < results.STRENGTH]
    return min(weak, key=lambda theme: theme.at_most, default=None)


def _conversation(snapshot: RoundSnapshot, language: Language) -> str:
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
            f"*{texts.TO_ADDRESS[language]}:* {_names(low, language)}" if low else "",
            f"*{texts.WORTH_A_CONVERSATION[language]}:* {_names(middle, language)}" if middle else "",
            CONVERSATION_STARTERS[main.theme][language] if main else "",
        ]
    )


def _names(themes: Iterable[ThemeResult], language: Language) -> str:
    return " · ".join(THEME_NAMES[theme.theme][language] for theme in themes)


def _agenda_button(theme: ThemeResult, language: Language) -> ButtonElement:
    """Return the button that puts a theme on the agenda, which everybody reads, in English."""
    item = f"{THEME_NAMES[theme.theme][EN]}: {CONVERSATION_STARTERS[theme.theme][EN]}"
    action = "meeting.suggest" if language is EN else f"meeting.suggest.{language.value}"
    return block_kit.button(texts.AGENDA[language], action, item)


def _by_agency(snapshot: RoundSnapshot, language: Language) -> str:
    groups = snapshot.result.groups
    if not groups:
        return texts.NO_GROUPS[language]
    alone = [group for group in groups if len(group.agencies) == 1]
    pooled = [group for group in groups if len(group.agencies) > 1]
    names = "; ".join(_group_name(snapshot, group, language) for group in [*alone, *pooled])
    shown = texts.BY_AGENCY[language].format(names=names)
    return f"{shown} {texts.COUNTED_TOGETHER[language]}" if pooled else shown


def _group_name(snapshot: RoundSnapshot, group: Group, language: Language) -> str:
    names = [escape(snapshot.names[agency]) for agency in group.agencies]
    return names[0] if len(names) == 1 else texts.TOGETHER[language].format(names=texts.names(names, language))


def _comments(snapshot: RoundSnapshot, language: Language) -> list[str]:
    result = snapshot.result
    if result.comments_withheld:
        return [texts.COMMENTS_WITHHELD[language]]
    return [texts.COMMENTS[language].format(number=len(result.comments))] if result.comments else []


# the trend -----------------------------------------------------------------------------------------------


def trend_chart(snapshot: RoundSnapshot, language: Language) -> list[Block]:
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
    labels = CHART_LABELS[language]
    series = {labels[theme.theme]: [round(by_day[day], 1) for day in days] for theme, by_day in drawn}
    return [
        block_kit.line_chart(
            texts.CHART[language], [texts.short_day(day, language, snapshot.day.year) for day in days], series
        ),
        context(*(f"{labels[theme.theme]}: {_sentence(theme, language)}" for theme, _ in drawn)),
    ]


def trend_words(snapshot: RoundSnapshot, language: Language) -> list[Block]:
    """Write what was shown of this round's sentences over time, in plain text, which Slack always accepts."""
    lines = [
        f"{THEME_NAMES[theme.theme][language]}: {_over_time(theme.history[-CHART_CATEGORIES:], snapshot, language)}\n"
        f"{_sentence(theme, language)}"
        for theme in snapshot.themes
        if len(theme.history) > 1
    ]
    return [*text_sections([f"*{texts.OVER_TIME[language]}*", *lines])] if lines else []


def _over_time(askings: Iterable[Asking], snapshot: RoundSnapshot, language: Language) -> str:
    return " → ".join(
        f"{written(asking.shown, language)} ({texts.short_day(asking.day, language, snapshot.day.year)})"
        for asking in askings
        if asking.shown is not None
    )


def _sentence(theme: ThemeResult, language: Language) -> str:
    return f"“{QUESTIONS[theme.key].text[language]}”"


# to facilitators -----------------------------------------------------------------------------------------


def concern_notice(snapshot: RoundSnapshot, language: Language) -> MessagePart:
    """Tell a facilitator about themes that fell or stay low, and suggest what to talk about."""
    first = snapshot.concerns[0]
    heading = texts.CONCERN[language]
    concerns = [_concern(theme, language) for theme in snapshot.concerns]
    details = block_kit.button(texts.DETAILS[language], "pulse.details", str(snapshot.number))
    return MessagePart(
        f"{heading}: {THEME_NAMES[first.theme][language].casefold()}.",
        [
            section(join_lines([f"*{heading}*", *concerns])),
            block_kit.actions(_agenda_button(first, language), details),
        ],
    )


def _concern(theme: ThemeResult, language: Language) -> str:
    value = texts.IS_LOW[language] if theme.mean is None else texts.IS_AT[language].format(mean=f"{theme.mean:.1f}")
    why = texts.STAYED_LOW[language]
    if theme.falls and theme.change is not None:
        why = texts.HAS_FALLEN[language].format(days=texts.on_days(theme.change.days, language))
    return f"*{THEME_NAMES[theme.theme][language]}* {value}. {why} {CONVERSATION_STARTERS[theme.theme][language]}"


# the details ---------------------------------------------------------------------------------------------


def details(snapshot: RoundSnapshot, language: Language) -> dict[str, Any]:
    """Render everything about a closed round that may be shown."""
    result = snapshot.result
    head = texts.PULSE_OF[language].format(day=texts.day(snapshot.day, language))
    blocks: list[Block] = [section(f"*{head}* · {_answered(snapshot, language)}")]
    blocks += [section(_theme_details(theme, snapshot, language)) for theme in snapshot.themes]
    notes = context(*_notes(snapshot, language), texts.SPREAD_MEANS[language])
    blocks.append(notes if snapshot.themes else section(texts.TOO_FEW[language]))
    if result.groups:
        blocks += [
            divider(),
            *text_sections([group_lines(snapshot, group, language) for group in result.groups]),
            context(texts.POOLED[language]),
        ]
    if result.comments:
        blocks += [divider(), *text_sections([f"· {quote(comment, MAX_COMMENT)}" for comment in result.comments])]
    elif result.comments_withheld:
        blocks.append(context(texts.COMMENTS_WITHHELD[language]))
    return block_kit.info_form(texts.WINDOW[language], blocks[:VIEW_BLOCKS], language)


def _theme_details(theme: ThemeResult, snapshot: RoundSnapshot, language: Language) -> str:
    history = theme.history[-DETAIL_SCORES:]
    over_time = f"{texts.ONE_OVER_TIME[language]}: {_over_time(history, snapshot, language)}"
    return join_lines(
        [
            _theme_line(theme, language),
            _sentence(theme, language),
            _chosen(theme.shown, snapshot.result.answered, language),
            over_time if len(history) > 1 else "",
        ]
    )


def _chosen(shown: Shown | None, answered: int, language: Language) -> str:
    """Say how many chose each point, and to how many the sentence does not apply; nothing without a number."""
    if shown is None or isinstance(shown, Band):
        return ""
    counts = f"{texts.HOW_MANY_CHOSE[language]}: {' · '.join(map(str, shown))}"
    left_out = answered - sum(shown)
    return join_lines([counts, texts.LEFT_OUT[language].format(number=left_out) if left_out else ""])


def group_lines(snapshot: RoundSnapshot, group: Group, language: Language) -> str:
    """Render a group's means or bands, each mean with its change from earlier askings of the same sentence."""
    parts = [
        f"{THEME_NAMES[results.theme_of(key)][language]} {written(shown, language)}"
        f"{texts.change(snapshot.change(group, key), language)}"
        for key, shown in group.shown.items()
    ]
    answers = texts.ANSWERS[language].format(number=group.answered)
    return f"*{_group_name(snapshot, group, language)}* · {answers}\n{' · '.join(parts)}"
