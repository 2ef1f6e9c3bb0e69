"""Messages that ask a person to answer a round, in the person's language."""

from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.kit import block_kit, todo
from handlers.kit.block_kit import MessagePart, section
from handlers.kit.text import escape, slack_date
from handlers.kit.todo import TodoReader
from storage.todo import TodoItem
from storage.vocabulary import Language

EN, ES = Language.ENGLISH, Language.SPANISH

_NUMBERS = {
    EN: ("", "One question", "Two questions", "Three questions", "Four questions", "Five questions"),
    ES: ("", "Una pregunta", "Dos preguntas", "Tres preguntas", "Cuatro preguntas", "Cinco preguntas"),
}
_INVITATION = {
    EN: (
        "{questions} about how we work together in {consortium}",
        "about a minute",
        "Nobody sees what you rate. After {until}, only totals and unsigned comments are kept.",
    ),
    ES: (
        "{questions} sobre cómo trabajamos juntos en {consortium}",
        "cerca de un minuto",
        "Nadie ve sus valoraciones. Después del cierre ({until}) solo quedan los totales y los comentarios sin nombre.",
    ),
}
_REMINDER = {
    EN: (
        "The questions about how we work together are still open for you",
        "about a minute",
        "You can answer until {until}.",
    ),
    ES: (
        "Todavía puede responder las preguntas sobre cómo trabajamos juntos",
        "cerca de un minuto",
        "Puede responder antes del cierre: {until}.",
    ),
}
_TODO = {
    EN: "*A few questions about how we work together*\nabout a minute · nobody sees your answers · closes {at}",
    ES: "*Unas preguntas sobre cómo trabajamos juntos*\ncerca de un minuto · nadie ve sus respuestas · cierre: {at}",
}
_ANSWER = {EN: "Answer", ES: "Responder"}
_SKIP = {EN: "Skip this round", ES: "Omitir esta ronda"}
_PAUSE = {EN: "Pause…", ES: "Pausar…"}
_OTHER_LANGUAGE = {EN: "En español", ES: "In English"}
_CHANGE = {EN: "Change my answer", ES: "Cambiar mi respuesta"}


def invitation(
    consortium: str, number: int, questions: int, closes_at: datetime, zone: str, language: Language
) -> MessagePart:
    """Ask a person to answer a round."""
    title, duration, rest = _INVITATION[language]
    title = title.format(questions=_NUMBERS[language][questions], consortium=escape(consortium))
    return _request(title, duration, rest.format(until=slack_date(closes_at, zone)), number, language)


def reminder(number: int, closes_at: datetime, zone: str, language: Language) -> MessagePart:
    """Remind a person who has not answered."""
    title, duration, rest = _REMINDER[language]
    return _request(title, duration, rest.format(until=slack_date(closes_at, zone)), number, language)


def _request(title: str, duration: str, rest: str, number: int, language: Language) -> MessagePart:
    text = f"*{title}* · {duration}\n{rest}"
    return MessagePart(f"{title}.", [section(text), buttons(number, language)])


def buttons(number: int, language: Language) -> Block:
    """Return the buttons of an open round."""
    return block_kit.actions(
        answer_button(number, language),
        _skip_button(number, language),
        block_kit.button(_PAUSE[language], "pulse.pause"),
        language_button(number, language),
    )


def language_button(number: int, language: Language) -> ButtonElement:
    """Return the button that opens the questions in the other language, whose name it bears."""
    return block_kit.button(_OTHER_LANGUAGE[language], "pulse.other_language", str(number))


def answer_button(number: int, language: Language) -> ButtonElement:
    """Return the button that opens the questions."""
    return block_kit.button(_ANSWER[language], "pulse.answer", str(number), style="primary")


def _skip_button(number: int, language: Language) -> ButtonElement:
    return block_kit.button(_SKIP[language], "pulse.skip", str(number))


def change_button(number: int, language: Language) -> Block:
    """Return the button that opens the questions again, and the way to the other language."""
    change = block_kit.button(_CHANGE[language], "pulse.answer", str(number))
    return block_kit.actions(change, language_button(number, language))


def todo_item(item: TodoItem, reader: TodoReader) -> list[Block]:
    """Render a round that the reader has not answered yet."""
    language = reader.language
    text = _TODO[language].format(at=todo.item_time(item, reader))
    answer, skip = answer_button(item.number, language), _skip_button(item.number, language)
    return [section(text), block_kit.actions(answer, skip, language_button(item.number, language))]
