"""The words of the results, in the language of the person who reads them.

What everybody reads together, the post in the channel and what goes on an agenda, is in English.
"""

from collections.abc import Sequence
from datetime import date

from handlers.kit.text import format_day, format_short_day, join_names
from handlers.pulse.rules.disclosure import MIN_SHOWN
from handlers.pulse.rules.results import Band, Change
from storage.vocabulary import Language

EN, ES = Language.ENGLISH, Language.SPANISH

HEADLINE = {EN: "How we work together.", ES: "Cómo trabajamos juntos."}
NOBODY_ANSWERED = {
    EN: "Nobody answered, so there is nothing to show.",
    ES: "Nadie respondió, así que no hay nada que mostrar.",
}
TOO_FEW = {
    EN: f"With fewer than {MIN_SHOWN} answers, nothing is shown or kept, so that nobody's answer can be worked out.",
    ES: f"Con menos de {MIN_SHOWN} respuestas no se muestra ni se guarda nada, para que nadie pueda deducir lo que "
    "respondió otra persona.",
}
COMMENTS_WITHHELD = {
    EN: f"There were fewer than {MIN_SHOWN} comments, so they were not kept.",
    ES: f"Hubo menos de {MIN_SHOWN} comentarios, así que no se guardaron.",
}
COMMENTS = {EN: "{number} comments in the details.", ES: "{number} comentarios en los detalles."}
SPREAD_MEANS = {
    EN: "Spread is 0 if everybody gives the same answer, and 2 if half choose 1 and half choose 5.",
    ES: "La dispersión es 0 si todas las respuestas son iguales, y 2 si la mitad elige 1 y la otra mitad elige 5.",
}
POOLED = {
    EN: f"An agency with at least {MIN_SHOWN} answers is shown separately. The others are counted together. If their "
    "answers could still be worked out by subtraction, one more agency is counted with them. A sentence that does not "
    "apply to somebody is shown only for everybody together.",
    ES: f"Una agencia con al menos {MIN_SHOWN} respuestas se muestra por separado. Las demás se cuentan juntas. Si aun "
    "así sus respuestas pudieran deducirse por resta, se cuenta con ellas una agencia más. Una afirmación que no "
    "aplica en el caso de alguien solo se muestra para todas las agencias juntas.",
}
FEW_RATED = {
    EN: f"Nothing is shown of a sentence that fewer than {MIN_SHOWN} people rated.",
    ES: f"No se muestra nada de una afirmación que valoraron menos de {MIN_SHOWN} personas.",
}
RANGES = {
    EN: "A range, or nothing, stands where nearly the same people may have rated the same sentence before. From two "
    "exact numbers, one could work out what the few others answered.",
    ES: "Aparece un rango, o nada, cuando es posible que casi las mismas personas hayan valorado antes la misma "
    "afirmación. Con dos números exactos se podría deducir lo que respondieron las pocas restantes.",
}
NO_GROUPS = {
    EN: f"Not shown by agency. That takes two groups of at least {MIN_SHOWN} answers each, a sentence that everybody "
    "rated, and no earlier result from which they differ by only a few people.",
    ES: f"No se muestra por agencia. Para eso hacen falta dos grupos de al menos {MIN_SHOWN} respuestas cada uno, una "
    "afirmación que todas las personas hayan valorado y ningún resultado anterior que se diferencie de ellos por solo "
    "unas pocas personas.",
}
BY_AGENCY = {
    EN: "The details show results by agency: {names}.",
    ES: "Los detalles muestran los resultados por agencia: {names}.",
}
COUNTED_TOGETHER = {
    EN: f"Agencies with fewer than {MIN_SHOWN} answers are counted together.",
    ES: f"Las agencias con menos de {MIN_SHOWN} respuestas se cuentan juntas.",
}
TOGETHER = {EN: "{names} together", ES: "{names} juntas"}

BANDS = {
    EN: {
        Band(0, 0): "below 3.0",
        Band(1, 1): "3.0 to 3.9",
        Band(2, 2): "4.0 and above",
        Band(0, 1): "below 4.0",
        Band(1, 2): "3.0 and above",
    },
    ES: {
        Band(0, 0): "menos de 3.0",
        Band(1, 1): "de 3.0 a 3.9",
        Band(2, 2): "4.0 o más",
        Band(0, 1): "menos de 4.0",
        Band(1, 2): "3.0 o más",
    },
}
"""How a band is written."""

NOT_SHOWN = {EN: "not shown", ES: "no se muestra"}
UP = {EN: "up", ES: "sube"}
DOWN = {EN: "down", ES: "baja"}
AS_BEFORE = {EN: "as before", ES: "igual que antes"}
SPREAD = {EN: "spread", ES: "dispersión"}
VIEWS_DIFFER = {EN: ", views differ", ES: ", opiniones distintas"}
VIEWS_FAR_APART = {EN: ", views far apart", ES: ", opiniones muy distintas"}
ANSWERED = {EN: "{answered} of {asked} answered", ES: "respondieron {answered} de {asked}"}
ANSWERS = {EN: "{number} answers", ES: "{number} respuestas"}
HOW_WE_WORK = {EN: "How we work", ES: "Cómo trabajamos"}
STRONG = {EN: "Strong", ES: "Fortalezas"}
SO_FEW = {
    EN: "With so few answers, no results are shown or kept.",
    ES: "Con tan pocas respuestas no se muestra ni se guarda ningún resultado.",
}
STRENGTH = {EN: "A strength", ES: "Una fortaleza"}
STRENGTHS = {EN: "Strengths", ES: "Fortalezas"}
TO_ADDRESS = {EN: "To address", ES: "Por atender"}
WORTH_A_CONVERSATION = {EN: "Worth a conversation", ES: "Para conversar"}
AGENDA = {EN: "Put it on the agenda", ES: "Ponerlo en la agenda"}
DETAILS = {EN: "Details", ES: "Detalles"}
WINDOW = {EN: "The pulse", ES: "El pulso"}
PULSE_OF = {EN: "Pulse of {day}", ES: "Pulso del {day}"}
CHART = {EN: "The same sentences over time (1 to 5)", ES: "Las mismas afirmaciones a lo largo del tiempo (1 a 5)"}
OVER_TIME = {EN: "The same sentences over time", ES: "Las mismas afirmaciones a lo largo del tiempo"}
ONE_OVER_TIME = {EN: "The same sentence over time", ES: "La misma afirmación a lo largo del tiempo"}
TREND = {EN: "The trend of the pulse.", ES: "La tendencia del pulso."}
HOW_MANY_CHOSE = {EN: "How many chose 1, 2, 3, 4, 5", ES: "Cuántas personas eligieron 1, 2, 3, 4, 5"}
LEFT_OUT = {EN: "Does not apply: {number}", ES: "No aplica: {number}"}

CONCERN = {EN: "The pulse found something worth a conversation", ES: "El pulso encontró algo que conviene conversar"}
IS_AT = {EN: "is at {mean}", ES: "está en {mean}"}
IS_LOW = {EN: "is below 3.0", ES: "está por debajo de 3.0"}
STAYED_LOW = {
    EN: "It was below 3.0 the last two times.",
    ES: "Estuvo por debajo de 3.0 las dos últimas veces.",
}
HAS_FALLEN = {
    EN: "It has fallen by at least half a point, compared with the same sentence {days}.",
    ES: "Bajó al menos medio punto en comparación con la misma afirmación {days}.",
}

_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)


def day(on: date, language: Language) -> str:
    """Write a day: "Fri, Dec 4, 2026", "4 de diciembre de 2026"."""
    return format_day(on) if language is EN else f"{on.day} de {_MONTHS[on.month - 1]} de {on.year}"


def short_day(on: date, language: Language, year: int) -> str:
    """Write a day for a chart: "Dec 7", "7 dic", with its year if that is another one than `year`."""
    written = format_short_day(on) if language is EN else f"{on.day} {_MONTHS[on.month - 1][:3]}"
    return written if on.year == year else f"{written}{',' if language is EN else ''} {on.year}"


def title(first: date, last: date, language: Language) -> str:
    """Name a round by its days: "How we worked, Nov 23 to 26"."""
    same_month = first.month == last.month
    if language is EN:
        return f"How we worked, {format_short_day(first)} to {last.day if same_month else format_short_day(last)}"
    beginning = f"{first.day}" if same_month else f"{first.day} de {_MONTHS[first.month - 1]}"
    return f"Cómo trabajamos, del {beginning} al {last.day} de {_MONTHS[last.month - 1]}"


def change(measured: Change | None, language: Language) -> str:
    """Write a change in parentheses, empty if there is none."""
    if measured is None:
        return ""
    by = round(measured.by, 1)
    return f" ({(UP if by > 0 else DOWN)[language]} {abs(by):.1f})" if by else f" ({AS_BEFORE[language]})"


def on_days(days: Sequence[date], language: Language) -> str:
    """Write when something was: "on Mon, Dec 7, 2026", "del 7 de diciembre de 2026"."""
    written = [day(on, language) for on in days]
    return f"on {join_names(written)}" if language is EN else join_names([f"del {on}" for on in written], last="y")


def compared(themes: Sequence[str], days: Sequence[date], language: Language, *, named: bool) -> str:
    """Say against which days these themes are compared, and name them if they are not all."""
    several = len(themes) > 1
    if language is EN:
        sentence = "sentences" if several else "sentence"
        mean = "the mean of " if len(days) > 1 else ""
        begin = f"{join_names(themes)}: compared" if named else "Compared"
        return f"{begin} with {mean}the same {sentence} {on_days(days, language)}."
    sentence = "las mismas afirmaciones" if several else "la misma afirmación"
    mean = "el promedio de " if len(days) > 1 else ""
    begin = f"{join_names(themes, last='y')}: en comparación" if named else "En comparación"
    return f"{begin} con {mean}{sentence} {on_days(days, language)}."


def names(listed: Sequence[str], language: Language) -> str:
    """Join names in a sentence."""
    return join_names(listed, last="and" if language is EN else "y")
