"""What the pulse says to one person, in the person's language, and what its typed words mean."""

from storage.vocabulary import Every, Language

EN, ES = Language.ENGLISH, Language.SPANISH

HELP = """*What you can type*
`/pulse` · the latest results, the trend, and the questions if they wait for you
`/pulse skip` · pass this round over · `/pulse pause 2w` · `/pulse resume`
`/pulse language español` · in which language you are asked
*Facilitators*
`/pulse schedule monday 9:00` with `every:week`, `every:2weeks` or `every:month`, and `start:2026-12-07`
`/pulse schedule` · the form, with the themes · `/pulse now` · a round today · `/pulse stop`
Answers are sealed until a round closes; after that only counts exist, from five answers on."""

OVER = {
    EN: "This round is closed. Nothing was noted. `/pulse` shows what came of it.",
    ES: "Esta ronda está cerrada. No se ha anotado nada. `/pulse` muestra el resultado.",
}
NEXT_TIME = {
    EN: "You are not asked in this round; from the next one on you will be.",
    ES: "En esta ronda no se le pregunta; a partir de la próxima, sí.",
}
NONE_OPEN = {
    EN: "No round is open at the moment. `/pulse pause 2w` if you would rather not be asked for a while.",
    ES: "Ahora no hay ninguna ronda abierta. `/pulse pause 2w` si prefiere que no se le pregunte por un tiempo.",
}
THANKS = {
    EN: "Thank you. Your answer is sealed; you can change it until {until}.",
    ES: "Gracias. Su respuesta está sellada; puede cambiarla hasta {until}.",
}
INCOMPLETE = {
    EN: "Not every question had an answer, so nothing was noted. Open the questions once more with `/pulse`.",
    ES: "Faltaba alguna respuesta y no se ha anotado nada. Abra las preguntas otra vez con `/pulse`.",
}
ANSWERED = {
    EN: "You have answered this round already, and thank you. You can change your answer until {until}.",
    ES: "Ya ha respondido a esta ronda, gracias. Puede cambiar su respuesta hasta {until}.",
}
SKIPPED = {
    EN: "Passed over. If you change your mind, the questions stay open until {until}.",
    ES: "Pasamos esta vez. Si cambia de idea, las preguntas siguen abiertas hasta {until}.",
}
PAUSED = {
    EN: "You are asked nothing until {until}. `/pulse resume` begins again earlier.",
    ES: "No se le preguntará nada hasta {until}. Con `/pulse resume` se reanuda antes.",
}
NOT_PAUSED = {
    EN: "You are not pausing. `/pulse pause 2w` would, for two weeks.",
    ES: "No está en pausa. `/pulse pause 2w` la pone por dos semanas.",
}
RESUMED = {
    EN: "Welcome back. You are asked again from the next round on; an open one you can still answer with `/pulse`.",
    ES: "De vuelta. Se le preguntará a partir de la próxima ronda; una abierta todavía puede responderla con `/pulse`.",
}
SPEAKS = {
    EN: "From now on you are asked in English.",
    ES: "A partir de ahora se le pregunta en español.",
}

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EVERY = {
    "week": Every.WEEK,
    "weekly": Every.WEEK,
    "2weeks": Every.TWO_WEEKS,
    "2w": Every.TWO_WEEKS,
    "month": Every.MONTH,
    "monthly": Every.MONTH,
}
_LANGUAGES = {"english": EN, "en": EN, "inglés": EN, "spanish": ES, "español": ES, "espanol": ES, "es": ES}


def weekday(word: str) -> int | None:
    """Read a weekday, Monday being 0; None where it is none."""
    return next((n for n, day in enumerate(_WEEKDAYS) if len(word) > 2 and day.startswith(word.casefold())), None)


def weekday_name(on: int) -> str:
    """Name a weekday."""
    return _WEEKDAYS[on].capitalize()


def every(word: str) -> Every | None:
    """Read how often; None where it cannot be read."""
    return _EVERY.get(word.casefold())


def language(word: str) -> Language | None:
    """Read a language; None where it is none that we have."""
    return _LANGUAGES.get(word.casefold())
