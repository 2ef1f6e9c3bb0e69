"""The questions of the pulse, in our own words, in English and Spanish.

Each is a statement that one finds true to a degree from 1 to 5, and 5 is always the good end. The themes are
those of docs/rules.md, "The pulse"; each has three wordings that take turns, so that nobody answers by habit.
"""

from dataclasses import dataclass

from storage.vocabulary import Language, Theme

EN, ES = Language.ENGLISH, Language.SPANISH

Texts = dict[Language, str]


@dataclass(frozen=True)
class Question:
    """One statement. `key` names it for ever: results are kept under it."""

    key: str
    theme: Theme
    text: Texts


THEMES: dict[Theme, Texts] = {
    Theme.TRUST: {EN: "Respect and trust", ES: "Respeto y confianza"},
    Theme.HEARD: {EN: "Being heard", ES: "Ser escuchados"},
    Theme.CLARITY: {EN: "Clear purpose and roles", ES: "Propósito y funciones claros"},
    Theme.FAIRNESS: {EN: "Fair share of the work", ES: "Reparto justo del trabajo"},
    Theme.COMMUNICATION: {EN: "Communication", ES: "Comunicación"},
    Theme.PACE: {EN: "Pace", ES: "Ritmo"},
    Theme.DISAGREEING: {EN: "Being able to disagree", ES: "Poder discrepar"},
    Theme.AGENCY_GAIN: {EN: "Gain for the agency", ES: "Provecho para la agencia"},
    Theme.OWN_GAIN: {EN: "Gain for oneself", ES: "Provecho personal"},
}

SHORT: dict[Theme, str] = {
    Theme.TRUST: "Respect and trust",
    Theme.HEARD: "Being heard",
    Theme.CLARITY: "Clear purpose",
    Theme.FAIRNESS: "Fair share",
    Theme.COMMUNICATION: "Communication",
    Theme.PACE: "Pace",
    Theme.DISAGREEING: "Able to disagree",
    Theme.AGENCY_GAIN: "Gain for the agency",
    Theme.OWN_GAIN: "Gain for oneself",
}
"""Names that fit beside a line of a chart."""

TALK: dict[Theme, str] = {
    Theme.TRUST: "What would each agency need from the others in order to rely on them?",
    Theme.HEARD: "Whose view have we not asked for lately, and how do we ask for it?",
    Theme.CLARITY: "What are we together for this year, and who does which part of it?",
    Theme.FAIRNESS: "Who carries what at the moment, and what could change hands?",
    Theme.COMMUNICATION: "What did somebody learn too late, and where should it have stood?",
    Theme.PACE: "What can wait, and what has waited too long?",
    Theme.DISAGREEING: "Which decision left doubts that nobody voiced?",
    Theme.AGENCY_GAIN: "What has each agency gained since autumn, and which has gained little?",
    Theme.OWN_GAIN: "What would make the time spent here worth it for each of us?",
}
"""What to talk about where a theme is low."""

SCALE: dict[Language, tuple[str, str, str, str, str]] = {
    EN: ("1 · not at all", "2 · a little", "3 · partly", "4 · mostly", "5 · fully"),
    ES: ("1 · nada", "2 · un poco", "3 · en parte", "4 · en gran parte", "5 · del todo"),
}

_WORDINGS: dict[Theme, tuple[tuple[str, str], ...]] = {
    Theme.TRUST: (
        ("The agencies keep their word to one another.", "Las agencias cumplen entre sí lo que prometen."),
        (
            "I can tell people from other agencies about a problem of ours without regretting it.",
            "Puedo contar un problema nuestro a personas de otras agencias sin arrepentirme después.",
        ),
        (
            "Large and small agencies treat one another as equals.",
            "Las agencias grandes y las pequeñas se tratan de igual a igual.",
        ),
    ),
    Theme.HEARD: (
        (
            "What my agency said lately made a difference to what was done.",
            "Lo que mi agencia dijo últimamente influyó en lo que se hizo.",
        ),
        (
            "Before something is settled, I am asked what I think.",
            "Antes de cerrar un asunto, me preguntan qué opino.",
        ),
        (
            "People listen to the end before they answer.",
            "La gente escucha hasta el final antes de responder.",
        ),
    ),
    Theme.CLARITY: (
        (
            "I could tell a colleague in two sentences what we are together for.",
            "Podría explicarle a un colega en dos frases para qué estamos juntos.",
        ),
        (
            "For the things we have under way, I know who does them.",
            "De lo que tenemos en marcha, sé quién hace cada cosa.",
        ),
        (
            "I know which decisions I can make myself and which belong to all of us.",
            "Sé qué decisiones puedo tomar yo y cuáles nos corresponden a todos.",
        ),
    ),
    Theme.FAIRNESS: (
        (
            "The work is shared so that each agency can carry its part.",
            "El trabajo está repartido de modo que cada agencia puede con su parte.",
        ),
        (
            "Money, rooms and people's time are used where all of us need them.",
            "El dinero, los espacios y el tiempo de las personas se usan donde todos los necesitamos.",
        ),
        (
            "Whoever takes on more gets help or thanks for it.",
            "Quien se encarga de más recibe ayuda o reconocimiento.",
        ),
    ),
    Theme.COMMUNICATION: (
        (
            "I hear of what concerns me in time to act on it.",
            "Me entero de lo que me afecta con tiempo para actuar.",
        ),
        (
            "I can find what was decided without having to ask around.",
            "Puedo encontrar lo que se decidió sin tener que ir preguntando.",
        ),
        (
            "When I ask another agency something, I get an answer I can use.",
            "Cuando pregunto algo a otra agencia, recibo una respuesta que me sirve.",
        ),
    ),
    Theme.PACE: (
        (
            "Our pace leaves enough time to ask at home before we decide.",
            "Nuestro ritmo deja tiempo para consultar en casa antes de decidir.",
        ),
        ("What we begin gets finished.", "Lo que empezamos se termina."),
        (
            "The time I spend in meetings is about right for what comes of them.",
            "El tiempo que paso en reuniones está en proporción con lo que sale de ellas.",
        ),
    ),
    Theme.DISAGREEING: (
        (
            "I can say no here and still be welcome.",
            "Aquí puedo decir que no y seguir siendo parte del grupo.",
        ),
        (
            "When we disagree, we talk about the matter and not about the person.",
            "Cuando no estamos de acuerdo, hablamos del asunto y no de la persona.",
        ),
        (
            "Doubts are said in the meeting rather than after it.",
            "Las dudas se dicen en la reunión y no después.",
        ),
    ),
    Theme.AGENCY_GAIN: (
        (
            "My agency gets more out of this than it puts in.",
            "Mi agencia saca de esto más de lo que pone.",
        ),
        (
            "Something we did together has changed the daily work in my agency.",
            "Algo que hicimos juntos ha cambiado el trabajo diario en mi agencia.",
        ),
        (
            "My superiors would say that taking part is worth it.",
            "Mis superiores dirían que vale la pena participar.",
        ),
    ),
    Theme.OWN_GAIN: (
        (
            "I have learned something here that I use in my own work.",
            "Aquí he aprendido algo que uso en mi propio trabajo.",
        ),
        (
            "After working with the others I have more energy, not less.",
            "Después de trabajar con los demás tengo más energía, no menos.",
        ),
        (
            "What I do here is seen by the people I care about.",
            "Lo que hago aquí lo ven las personas que me importan.",
        ),
    ),
}

BANK: dict[str, Question] = {
    f"{theme.value}-{place}": Question(f"{theme.value}-{place}", theme, {EN: english, ES: spanish})
    for theme, wordings in _WORDINGS.items()
    for place, (english, spanish) in enumerate(wordings, start=1)
}
