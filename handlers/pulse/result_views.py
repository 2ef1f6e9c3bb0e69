"""The results of a round: the post in the channel, the details, and the notice to facilitators."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit
from handlers.kit.block_kit import MessagePart, context, divider, section, text_sections
from handlers.kit.text import escape, format_day, format_short_day, join_lines, join_names, pluralize, quote, text_bar
from handlers.pulse.answers import MAX_COMMENT
from handlers.pulse.question_bank import CHART_LABELS, CONVERSATION_STARTERS, EN, THEME_NAMES
from handlers.pulse.rules.results import MIN_SHOWN, Group, counts_by_theme, mean
from handlers.pulse.snapshot import RoundSnapshot, ThemeResult
from storage.vocabulary import Theme

MAX_POINTS = 5
CHART_SERIES = 6
CHART_CATEGORIES = 12
DETAIL_SCORES = 6
VIEW_BLOCKS = 100

_TOO_FEW = f"With fewer than {MIN_SHOWN} answers, nothing is shown or kept, so that nobody's answer can be worked out."
_COMMENTS_WITHHELD = f"There were fewer than {MIN_SHOWN} comments, so they were not kept."
_SPREAD = "Spread is 0 if everybody gives the same answer, and 2 if half choose 1 and half choose 5."
_POOLED = (
    f"An agency with at least {MIN_SHOWN} answers is shown separately. The others are counted together. If their "
    "answers could still be worked out by subtraction, one more agency is counted with them."
)


def result_post(snapshot: RoundSnapshot, *, chart: bool = True) -> dict[str, Any]:
    """Render the post in the channel, with a table in place of the chart where Slack refuses charts."""
    blocks = result_blocks(snapshot)
    trend = _trend(snapshot, chart=chart)
    if trend is not None:
        blocks.insert(-1, trend)
    return block_kit.message(f"{_title(snapshot)}: {_answered(snapshot)}.", blocks)


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
    blocks.append(context(_by_agency(snapshot), *_comments(snapshot)))
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
    return (
        f"`{text_bar(theme.mean, MAX_POINTS).ljust(10, '░')}` {THEME_NAMES[theme.theme][EN]} *{theme.mean:.1f}*"
        f"{_change(theme.change)} · {_spread(theme.spread)}"
    )


def _change(change: float | None) -> str:
    if change is None:
        return ""
    if change == 0:
        return " (as before)"
    return f" ({'up' if change > 0 else 'down'} {abs(change):.1f})"


def _spread(value: float) -> str:
    words = "" if value < 0.8 else ", views differ" if value < 1.3 else ", views far apart"
    return f"spread {value:.1f}{words}"


def _strengths(snapshot: RoundSnapshot) -> str:
    strong = [THEME_NAMES[theme.theme][EN] for theme in snapshot.themes if theme.interpretation == "strength"]
    return f"*{'Strengths' if len(strong) > 1 else 'A strength'}:* {' · '.join(strong)}" if strong else ""


def _main_topic(snapshot: RoundSnapshot) -> ThemeResult | None:
    """Return the theme that most needs a conversation; None if all are strengths."""
    weak = snapshot.concerns or [theme for theme in snapshot.themes if theme.interpretation != "strength"]
    return min(weak, key=lambda theme: theme.mean, default=None)


def _conversation(snapshot: RoundSnapshot) -> str:
    main = _main_topic(snapshot)
    weak = [theme for theme in snapshot.themes if theme.interpretation == "address"] or ([main] if main else [])
    if not weak:
        return ""
    names = " · ".join(THEME_NAMES[theme.theme][EN] for theme in weak)
    lowest = min(weak, key=lambda theme: theme.mean)
    return f"*Worth a conversation:* {names}\n{CONVERSATION_STARTERS[lowest.theme]}"


def _agenda_item(theme: ThemeResult) -> str:
    return f"{THEME_NAMES[theme.theme][EN]}: {CONVERSATION_STARTERS[theme.theme]}"


def _by_agency(snapshot: RoundSnapshot) -> str:
    groups = snapshot.result.groups
    if not groups:
        return f"Not shown by agency: that takes two groups of at least {MIN_SHOWN} answers each."
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


def _trend(snapshot: RoundSnapshot, *, chart: bool) -> Block | None:
    """Chart this round's themes over the rounds that asked about all of them; None if this is the first."""
    days = [{score.day for score in theme.scores} for theme in snapshot.themes]
    common = sorted(set.intersection(*days))[-CHART_CATEGORIES:] if days else []
    if len(common) < 2:
        return None
    labels = [
        format_short_day(on) if on.year == snapshot.day.year else f"{format_short_day(on)} ’{on:%y}" for on in common
    ]
    means: dict[Theme, Sequence[float]] = {
        theme.theme: [round(score.mean, 1) for score in theme.scores if score.day in common]
        for theme in snapshot.themes[:CHART_SERIES]
    }
    series = {CHART_LABELS[theme]: values for theme, values in means.items()}
    if chart:
        return block_kit.line_chart("Trend over the rounds (1 to 5)", labels, series)
    return block_kit.table(["", *labels], [[name, *(f"{v:.1f}" for v in values)] for name, values in series.items()])


def concern_notice(snapshot: RoundSnapshot) -> MessagePart:
    """Tell a facilitator about themes that fell or stay low, and suggest what to talk about."""
    first = snapshot.concerns[0]
    plain = f"The pulse found something worth a conversation: {THEME_NAMES[first.theme][EN].casefold()}."
    text = join_lines(["*The pulse found something worth a conversation*", *map(_concern, snapshot.concerns)])
    agenda = block_kit.button("Put it on the agenda", "meeting.suggest", _agenda_item(first))
    details = block_kit.button("Details", "pulse.details", str(snapshot.number))
    return MessagePart(plain, [section(text), block_kit.actions(agenda, details)])


def _concern(theme: ThemeResult) -> str:
    why = "It has fallen by at least half a point." if theme.falls else "It was below 3.0 the last two times."
    return f"*{THEME_NAMES[theme.theme][EN]}* is at {theme.mean:.1f}. {why} {CONVERSATION_STARTERS[theme.theme]}"


def details(snapshot: RoundSnapshot) -> dict[str, Any]:
    """Render everything about a closed round that may be shown."""
    result = snapshot.result
    blocks: list[Block] = [section(f"*Pulse of {format_day(snapshot.day)}* · {_answered(snapshot)}")]
    blocks += [section(_theme_details(theme)) for theme in snapshot.themes]
    blocks.append(context(_SPREAD) if snapshot.themes else section(_TOO_FEW))
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


def _theme_details(theme: ThemeResult) -> str:
    numbers = " · ".join(str(number) for number in theme.counts)
    trend = " → ".join(f"{score.mean:.1f}" for score in theme.scores[-DETAIL_SCORES:])
    return join_lines(
        [
            _theme_line(theme),
            f"How many chose 1, 2, 3, 4, 5: {numbers}",
            f"Over the rounds: {trend}" if len(theme.scores) > 1 else "",
        ]
    )


def group_lines(snapshot: RoundSnapshot, group: Group) -> str:
    """Render a group's means, each with its change since the last time."""
    means = [
        f"{THEME_NAMES[theme][EN]} {mean(counts):.1f}{_change(snapshot.change(group, theme))}"
        for theme, counts in counts_by_theme(group.counts).items()
    ]
    return f"*{_group_name(snapshot, group)}* · {pluralize(group.answered, 'answer')}\n{' · '.join(means)}"
