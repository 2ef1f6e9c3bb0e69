"""The forms of the pulse: the questions, a pause, the plan, and a result in full."""

import functools
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ChannelSelectElement,
    CheckboxesElement,
    DatePickerElement,
    RadioButtonsElement,
    TimePickerElement,
)

from handlers.kit import block_kit
from handlers.kit.block_kit import chunks, context, divider, plain, section
from handlers.kit.text import day, lines, quote
from handlers.pulse import views
from handlers.pulse.answers import COMMENT
from handlers.pulse.question_bank import BANK, SCALE, THEMES
from handlers.pulse.rules.results import ENOUGH, POINTS
from handlers.pulse.snapshot import Reading, RoundSnapshot
from handlers.pulse.texts import weekday_name
from storage.pulse import Pulse
from storage.vocabulary import Every, Language, Theme

EN, ES = Language.ENGLISH, Language.SPANISH

_TITLE = {EN: "How we work together", ES: "Cómo trabajamos"}
_SUBMIT = {EN: "Send", ES: "Enviar"}
_CANCEL = {EN: "Cancel", ES: "Cancelar"}
_SEALED = {
    EN: (
        "Sealed until {until}; after that only counts exist, from {enough} answers on. That you have answered is "
        "known, what you answered to nobody."
    ),
    ES: (
        "Sellado hasta {until}; después solo existen totales, a partir de {enough} respuestas. Se sabe que usted ha "
        "respondido; lo que ha respondido, nadie lo sabe."
    ),
}
_CHANGES = {
    EN: "You have answered already. What you send now takes its place; the earlier answer is not shown again.",
    ES: "Ya ha respondido. Lo que envíe ahora la sustituye; la respuesta anterior no se vuelve a mostrar.",
}
_WORDING = {
    EN: "Comments are shown as they are written, shuffled, from five comments on. Your wording may give you away.",
    ES: (
        "Los comentarios se muestran tal como se escriben, mezclados, a partir de cinco. Su manera de escribir puede "
        "delatarle."
    ),
}
_COMMENT = {EN: "Anything you would like to add", ES: "Algo que quiera añadir"}


def questions(
    carry: dict[str, Any], keys: Sequence[str], until: str, language: Language, *, again: bool
) -> dict[str, Any]:
    """Ask the questions of a round."""
    return {**_asked(tuple(keys), until, language, again=again), "private_metadata": block_kit.carried(carry)}


@functools.lru_cache(maxsize=64)
def _asked(keys: tuple[str, ...], until: str, language: Language, *, again: bool) -> dict[str, Any]:
    """Draw the questions once for all who are asked alike: drawing them takes longer than all the rest."""
    options = [block_kit.choice(label, str(point)) for point, label in zip(POINTS, SCALE[language], strict=True)]
    blocks: list[Block] = [
        context(_SEALED[language].format(until=until, enough=ENOUGH)),
        *([context(_CHANGES[language])] if again else []),
    ]
    blocks += [
        block_kit.field(key, BANK[key].text[language], RadioButtonsElement(action_id="value", options=options))
        for key in keys
    ]
    blocks += [
        context(_WORDING[language]),
        block_kit.field("comment", _COMMENT[language], block_kit.words(most=COMMENT, long=True), optional=True),
    ]
    return block_kit.form(
        _TITLE[language],
        "pulse.answer",
        blocks,
        submit=_SUBMIT[language],
        close=_CANCEL[language],
    )


def thanks(text: str, language: Language) -> dict[str, Any]:
    """Say that an answer is sealed."""
    return block_kit.notice(_TITLE[language], [section(text)])


_PAUSES = {
    EN: (("2w", "Two weeks"), ("4w", "Four weeks"), ("12w", "Three months")),
    ES: (("2w", "Dos semanas"), ("4w", "Cuatro semanas"), ("12w", "Tres meses")),
}
_PAUSE = {EN: ("Pause", "Ask me nothing for"), ES: ("Pausar", "No preguntarme nada durante")}


def pause(carry: dict[str, Any], language: Language) -> dict[str, Any]:
    """Ask how long somebody would like to be left in peace."""
    options = [block_kit.choice(label, span) for span, label in _PAUSES[language]]
    element = RadioButtonsElement(action_id="value", options=options, initial_option=options[0])
    title, label = _PAUSE[language]
    fields = [block_kit.field("span", label, element)]
    return block_kit.form(title, "pulse.pause", fields, submit=title, close=_CANCEL[language], carry=carry)


_EVERY = {Every.WEEK: "Every week", Every.TWO_WEEKS: "Every two weeks", Every.MONTH: "Once a month"}


def plan(carry: dict[str, Any], planned: Pulse | None, channel: str, starts_on: date) -> dict[str, Any]:
    """Ask when the pulse shall come and what it asks about."""
    weekdays = [block_kit.choice(weekday_name(n), str(n)) for n in range(5)]
    everies = [block_kit.choice(label, every.value) for every, label in _EVERY.items()]
    themes = [block_kit.choice(names[EN], theme.value) for theme, names in THEMES.items()]
    on = planned.weekday if planned and planned.weekday < len(weekdays) else starts_on.weekday() % 5
    chosen = [t for t in themes if t.value in planned.themes] if planned else themes
    clock = planned.clock if planned else f"{time(9):%H:%M}"
    return block_kit.form(
        "Plan the pulse",
        "pulse.plan",
        [
            block_kit.field("weekday", "Day", block_kit.menu("value", weekdays, initial=str(on))),
            block_kit.field(
                "clock",
                "Time",
                TimePickerElement(action_id="value", initial_time=clock),
                hint="On each person's own clock. Closed days, weekends and quiet hours are passed over.",
            ),
            block_kit.field(
                "every",
                "How often",
                block_kit.menu("value", everies, initial=(planned.every if planned else Every.WEEK).value),
            ),
            block_kit.field(
                "start",
                "From",
                DatePickerElement(action_id="value", initial_date=starts_on.isoformat()),
                hint="The first round is on the first such weekday from this day on.",
            ),
            block_kit.field(
                "channel",
                "Where the results go",
                ChannelSelectElement(
                    action_id="value",
                    initial_channel=planned.channel if planned else channel or None,
                    placeholder=plain("Choose a channel"),
                ),
            ),
            block_kit.field(
                "themes",
                "Asked about",
                CheckboxesElement(action_id="value", options=themes, initial_options=chosen),
                hint="They take turns: at most five questions at a time, each theme at least every second time.",
            ),
        ],
        submit="Plan it",
        carry=carry,
    )


def details(picture: RoundSnapshot) -> dict[str, Any]:
    """Show a closed round in full, as far as it may be shown."""
    result = picture.result
    head = f"*The pulse of {day(picture.day)}* · {result.answered} of {result.asked} answered"
    blocks: list[Block] = [section(head), *(section(_theme(reading)) for reading in picture.readings)]
    if not picture.readings:
        blocks.append(section(f"Nothing is shown. {views.WHY}"))
    else:
        blocks.append(context("Spread is 0 where all say the same, and 2 where half say 1 and half say 5."))
    if result.groups:
        blocks += [divider(), *chunks([views.group_lines(picture, group) for group in result.groups])]
        blocks.append(context(_WHY_POOLED))
    if result.comments:
        blocks += [divider(), *chunks([f"· {quote(comment, COMMENT)}" for comment in result.comments])]
    elif result.comments_withheld:
        blocks.append(context(f"Comments were fewer than {ENOUGH}; they were not kept."))
    return block_kit.notice("The pulse", blocks[:100])


_WHY_POOLED = (
    f"An agency is shown by itself from {ENOUGH} answers on. The others are counted together, and with one more where "
    "their part could be worked out by subtracting."
)


def _theme(reading: Reading) -> str:
    named = " · ".join(str(n) for n in reading.counts)
    trend = " → ".join(f"{asking.mean:.1f}" for asking in reading.askings[-6:])
    return lines(
        [
            views.theme_line(reading),
            f"How many chose 1, 2, 3, 4, 5: {named}"
            + (f"\nOver the rounds: {trend}" if len(reading.askings) > 1 else ""),
        ]
    )


def chosen_themes(ticked: Sequence[str]) -> tuple[Theme, ...]:
    """Give the themes that were ticked."""
    return tuple(theme for theme in Theme if theme.value in ticked)
