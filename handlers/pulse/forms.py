"""The forms of the pulse: the questions and a pause, in two languages, and the schedule."""

import functools
from collections.abc import Mapping, Sequence
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
from handlers.kit.block_kit import context, plain_text, section
from handlers.kit.edits import WAS
from handlers.pulse.answers import MAX_COMMENT
from handlers.pulse.parsing import NOT_APPLICABLE
from handlers.pulse.question_bank import DOES_NOT_APPLY, LEAD_IN, QUESTIONS, SCALE, THEME_NAMES
from handlers.pulse.rules.disclosure import MIN_SHOWN
from handlers.pulse.rules.results import POINTS
from storage.pulse import Pulse
from storage.vocabulary import Language, PulseInterval

EN, ES = Language.ENGLISH, Language.SPANISH

_TITLE = {EN: "How we work together", ES: "Cómo trabajamos juntos"}
_SEND = {EN: "Send", ES: "Enviar"}
_CANCEL = {EN: "Cancel", ES: "Cancelar"}
_ANONYMOUS = {
    EN: (
        "Others can see that you answered, never what. After {until}, only totals and unsigned comments are kept, and "
        "only if there are at least {enough}."
    ),
    ES: (
        "Otras personas pueden ver que usted respondió, pero nunca qué respondió. Después del cierre ({until}) solo "
        "se guardan los totales y los comentarios sin nombre, y únicamente si hay al menos {enough}."
    ),
}
_REPLACES = {
    EN: "You have already answered. If you send this form, it replaces your earlier answer, which is not shown here.",
    ES: "Usted ya respondió. Si envía este formulario, reemplazará su respuesta anterior, que no se muestra aquí.",
}
_COMMENTS_ARE_SHOWN = {
    EN: (
        "Comments are different: with {enough} or more, they are shown as written, shuffled and without names. "
        "Your wording may identify you."
    ),
    ES: (
        "Los comentarios son distintos: a partir de {enough}, se muestran tal como se escribieron, mezclados y sin "
        "nombres. Su manera de escribir podría revelar quién es usted."
    ),
}
_COMMENT = {EN: "Anything you would like to add?", ES: "¿Algo más que quiera añadir?"}
_OTHER_LANGUAGE = {EN: "En español", ES: "In English"}

_PAUSE = {EN: "Pause", ES: "Pausar"}
_PAUSE_LENGTH = {EN: "Pause the questions for", ES: "Pausar las preguntas durante"}
_PAUSE_LENGTHS = {
    EN: (("2w", "Two weeks"), ("4w", "Four weeks"), ("12w", "Three months")),
    ES: (("2w", "Dos semanas"), ("4w", "Cuatro semanas"), ("12w", "Tres meses")),
}

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_FREQUENCIES = {
    PulseInterval.WEEK: "Every week",
    PulseInterval.TWO_WEEKS: "Every two weeks",
    PulseInterval.MONTH: "Once a month",
}


def questions(
    metadata: dict[str, Any], keys: Sequence[str], until: str, language: Language, *, again: bool
) -> dict[str, Any]:
    """Render the questions of a round; `again` for a person who has answered already."""
    return {
        **_questions(tuple(keys), until, language, again=again),
        "private_metadata": block_kit.private_metadata(metadata),
    }


def fill_in(view: Mapping[str, Any], selected: Mapping[str, str], comment: str) -> dict[str, Any]:
    """Return the form with what a person has already chosen and written: option values by the key of the question."""
    return {**view, "blocks": [_filled(block, selected, comment) for block in view["blocks"]]}


def _filled(block: Mapping[str, Any], selected: Mapping[str, str], comment: str) -> dict[str, Any]:
    key, element = block.get("block_id"), block.get("element")
    options = [choice for choice in (element or {}).get("options", ()) if choice["value"] == selected.get(str(key))]
    if element and options:
        return {**block, "element": {**element, "initial_option": options[0]}}
    if element and key == "comment" and comment:
        return {**block, "element": {**element, "initial_value": comment}}
    return dict(block)


@functools.lru_cache(maxsize=64)
def _questions(keys: tuple[str, ...], until: str, language: Language, *, again: bool) -> dict[str, Any]:
    """Render the questions once for all people who get the same ones: it takes longer than the rest of a request."""
    options = [block_kit.option(label, str(point)) for point, label in zip(POINTS, SCALE[language], strict=True)]
    options.append(block_kit.option(DOES_NOT_APPLY[language], NOT_APPLICABLE))
    blocks: list[Block] = [
        context(_ANONYMOUS[language].format(until=until, enough=MIN_SHOWN)),
        *([context(_REPLACES[language])] if again else []),
        block_kit.actions(block_kit.button(_OTHER_LANGUAGE[language], "pulse.other_language")),
        section(f"*{LEAD_IN[language]}*"),
    ]
    blocks += [
        block_kit.input_block(
            key, QUESTIONS[key].text[language], RadioButtonsElement(action_id="value", options=options)
        )
        for key in keys
    ]
    blocks += [
        context(_COMMENTS_ARE_SHOWN[language].format(enough=MIN_SHOWN)),
        block_kit.input_block(
            "comment", _COMMENT[language], block_kit.text_input(most=MAX_COMMENT, long=True), optional=True
        ),
    ]
    return block_kit.form(
        _TITLE[language],
        "pulse.answer",
        blocks,
        submit=_SEND[language],
        close=_CANCEL[language],
    )


def thanks(text: str, language: Language) -> dict[str, Any]:
    """Render the window that follows the questions."""
    return block_kit.info_form(_TITLE[language], [section(text)], language)


def pause(metadata: dict[str, Any], language: Language, span: str = "") -> dict[str, Any]:
    """Render the form that asks how long to pause, with this choice or the first one."""
    options = [block_kit.option(label, span) for span, label in _PAUSE_LENGTHS[language]]
    initial = next((choice for choice in options if choice.value == span), options[0])
    element = RadioButtonsElement(action_id="value", options=options, initial_option=initial)
    fields = [
        block_kit.actions(block_kit.button(_OTHER_LANGUAGE[language], "pulse.pause_language")),
        block_kit.input_block("span", _PAUSE_LENGTH[language], element),
    ]
    title = _PAUSE[language]
    return block_kit.form(title, "pulse.pause", fields, submit=title, close=_CANCEL[language], metadata=metadata)


def schedule_values(record: Pulse | None, channel: str, tomorrow: date) -> dict[str, Any]:
    """Return the values of the schedule form, as JSON: of the present schedule, or those offered where there is none.

    A schedule that has begun goes on from tomorrow; one that begins later keeps its first day.
    """
    if record is None:
        return {
            "weekday": tomorrow.weekday() % len(_WEEKDAYS),
            "clock": f"{time(9):%H:%M}",
            "every": PulseInterval.WEEK.value,
            "start": tomorrow.isoformat(),
            "channel": channel,
            "themes": [theme.value for theme in THEME_NAMES],
        }
    return {
        "weekday": record.weekday if record.weekday < len(_WEEKDAYS) else tomorrow.weekday() % len(_WEEKDAYS),
        "clock": record.clock,
        "every": record.every.value,
        "start": max(record.starts_on, tomorrow).isoformat(),
        "channel": record.channel,
        "themes": [theme.value for theme in THEME_NAMES if theme.value in record.themes],
    }


def schedule(metadata: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Render the schedule form with these values."""
    weekdays = [block_kit.option(name, str(n)) for n, name in enumerate(_WEEKDAYS)]
    frequencies = [block_kit.option(label, every.value) for every, label in _FREQUENCIES.items()]
    themes = [block_kit.option(names[EN], theme.value) for theme, names in THEME_NAMES.items()]
    weekday, chosen = str(values["weekday"]), [choice for choice in themes if choice.value in values["themes"]]
    return block_kit.form(
        "Plan the pulse",
        "pulse.plan",
        [
            block_kit.input_block("weekday", "Day", block_kit.static_select("value", weekdays, initial=weekday)),
            block_kit.input_block(
                "clock",
                "Time",
                TimePickerElement(action_id="value", initial_time=values["clock"]),
                hint="On each person's own clock. Weekends, closed days, and quiet hours are skipped.",
            ),
            block_kit.input_block(
                "every",
                "How often",
                block_kit.static_select("value", frequencies, initial=values["every"]),
            ),
            block_kit.input_block(
                "start",
                "From",
                DatePickerElement(action_id="value", initial_date=values["start"]),
                hint="The first round is on the chosen weekday, on this date or the next one after it.",
            ),
            block_kit.input_block(
                "channel",
                "Post results in",
                ChannelSelectElement(
                    action_id="value",
                    initial_channel=values["channel"] or None,
                    placeholder=plain_text("Choose a channel"),
                ),
            ),
            block_kit.input_block(
                "themes",
                "Themes",
                CheckboxesElement(action_id="value", options=themes, initial_options=chosen),
                hint="Themes take turns: at most five questions a round, each theme at least every second round.",
            ),
        ],
        submit="Save",
        metadata={**metadata, WAS: values},
    )
