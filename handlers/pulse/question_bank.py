"""The questions of the pulse, in the project's own words, in English and Spanish.

Each is a statement that a person rates from 1 to 5, and 5 is always the good end. The themes are those of
docs/rules.md, "The pulse". The three wordings of a theme take turns, so that nobody answers out of habit.
"""

from dataclasses import dataclass

from storage.vocabulary import Language, Theme

EN, ES = Language.ENGLISH, Language.SPANISH

Translations = dict[Language, str]


@dataclass(frozen=True)
class Question:
    """One statement. `key` never changes its meaning: results are stored under it."""

    key: str
    theme: Theme
    text: Translations


THEME_NAMES: dict[Theme, Translations] = {
    Theme.TRUST: {EN: "Respect and trust", ES: "Respeto y confianza"},
    Theme.HEARD: {EN: "Being heard", ES: "Sentirse escuchado"},
    Theme.CLARITY: {EN: "Clear purpose and roles", ES: "Propósito y funciones claros"},
    Theme.FAIRNESS: {EN: "Fair share of the work", ES: "Reparto justo del trabajo"},
    Theme.COMMUNICATION: {EN: "Communication", ES: "Comunicación"},
    Theme.PACE: {EN: "Pace", ES: "Ritmo de trabajo"},
    Theme.DISAGREEING: {EN: "Freedom to disagree", ES: "Libertad para disentir"},
    Theme.AGENCY_GAIN: {EN: "Benefit to agencies", ES: "Beneficio para las agencias"},
    Theme.OWN_GAIN: {EN: "Personal benefit", ES: "Beneficio personal"},
}

CHART_LABELS: dict[Theme, str] = {
    **{theme: names[EN] for theme, names in THEME_NAMES.items()},
    Theme.CLARITY: "Clear purpose",
    Theme.FAIRNESS: "Fair share",
}
"""Names short enough for the legend of a chart."""

CONVERSATION_STARTERS: dict[Theme, str] = {
    Theme.TRUST: "What does each agency need from the others to rely on them?",
    Theme.HEARD: "Whose view have we not asked for lately, and how will we ask for it?",
    Theme.CLARITY: "What is our purpose this year, and who does which part?",
    Theme.FAIRNESS: "Who is doing what right now, and what could change hands?",
    Theme.COMMUNICATION: "What did someone learn too late, and where should it have been posted?",
    Theme.PACE: "What can wait, and what has waited too long?",
    Theme.DISAGREEING: "Which decision left doubts that nobody voiced?",
    Theme.AGENCY_GAIN: "What has each agency gained in the past year, and which has gained little?",
    Theme.OWN_GAIN: "What would make the time spent here worthwhile for each of us?",
}
"""Questions to talk about where a theme is low."""

SCALE: dict[Language, tuple[str, str, str, str, str]] = {
    EN: ("1 · not at all", "2 · a little", "3 · partly", "4 · mostly", "5 · fully"),
    ES: ("1 · nada", "2 · un poco", "3 · en parte", "4 · en gran parte", "5 · por completo"),
}

_WORDINGS: dict[Theme, tuple[tuple[str, str], ...]] = {
    Theme.TRUST: (
        ("The agencies keep their word to one another.", "Las agencias cumplen lo que se prometen entre sí."),
        (
            "I can tell people from other agencies about one of our problems without regretting it.",
            "Puedo contarles un problema nuestro a personas de otras agencias sin arrepentirme después.",
        ),
        (
            "Large and small agencies treat one another as equals.",
            "Las agencias grandes y las pequeñas se tratan de igual a igual.",
        ),
    ),
    Theme.HEARD: (
        (
            "What my agency said recently made a difference in what was done.",
            "Lo que mi agencia dijo recientemente influyó en lo que se hizo.",
        ),
        (
            "I am asked what I think before things are decided.",
            "Me preguntan qué opino antes de tomar una decisión.",
        ),
        (
            "People hear one another out before they answer.",
            "Las personas escuchan hasta el final antes de responder.",
        ),
    ),
    Theme.CLARITY: (
        (
            "I could explain to a colleague in two sentences why we work together.",
            "Podría explicarle a un colega en dos frases para qué trabajamos juntos.",
        ),
        (
            "For the work we have under way, I know who is doing what.",
            "En el trabajo que tenemos en marcha, sé quién hace cada cosa.",
        ),
        (
            "I know which decisions I can make myself and which belong to all of us.",
            "Sé qué decisiones puedo tomar por mi cuenta y cuáles nos corresponden a todos.",
        ),
    ),
    Theme.FAIRNESS: (
        (
            "The work is divided so that each agency can do its part.",
            "El trabajo está repartido de modo que cada agencia puede cumplir con su parte.",
        ),
        (
            "Money, space, and people's time are used where all of us need them.",
            "El dinero, los espacios y el tiempo de las personas se usan donde todos los necesitamos.",
        ),
        (
            "People who take on more get help or thanks for it.",
            "Quienes se encargan de más trabajo reciben ayuda o reconocimiento.",
        ),
    ),
    Theme.COMMUNICATION: (
        (
            "I learn about what affects me in time to act on it.",
            "Me entero de lo que me afecta con tiempo para actuar.",
        ),
        (
            "I can find out what was decided without asking around.",
            "Puedo encontrar lo que se decidió sin tener que preguntarles a otros.",
        ),
        (
            "When I ask another agency a question, I get an answer I can use.",
            "Cuando le pregunto algo a otra agencia, recibo una respuesta que me sirve.",
        ),
    ),
    Theme.PACE: (
        (
            "Our pace leaves enough time to check with my agency before we decide.",
            "Nuestro ritmo me deja tiempo para consultar a mi agencia antes de decidir.",
        ),
        ("We finish what we start.", "Terminamos lo que empezamos."),
        (
            "What comes out of our meetings is worth the time I spend in them.",
            "Lo que resulta de nuestras reuniones vale el tiempo que les dedico.",
        ),
    ),
    Theme.DISAGREEING: (
        (
            "I can say no here and still be welcome.",
            "Aquí puedo decir que no y seguir sintiéndome parte del grupo.",
        ),
        (
            "When we disagree, we talk about the issue and not about the person.",
            "Cuando no estamos de acuerdo, hablamos del tema y no de la persona.",
        ),
        (
            "People raise doubts in the meeting rather than after it.",
            "Las dudas se expresan en la reunión y no después.",
        ),
    ),
    Theme.AGENCY_GAIN: (
        (
            "My agency gets more out of this than it puts in.",
            "Mi agencia recibe de esto más de lo que aporta.",
        ),
        (
            "Something we did together has changed the daily work in my agency.",
            "Algo que hicimos juntos ha cambiado el trabajo diario en mi agencia.",
        ),
        (
            "The people I report to would say that taking part is worth it.",
            "Mis superiores dirían que vale la pena participar.",
        ),
    ),
    Theme.OWN_GAIN: (
        (
            "I have learned something here that I use in my own work.",
            "Aquí he aprendido algo que uso en mi propio trabajo.",
        ),
        (
            "Working with the others gives me more energy than it takes.",
            "Trabajar con los demás me da más energía de la que me quita.",
        ),
        (
            "People whose opinion matters to me notice what I do here.",
            "Las personas cuya opinión me importa notan lo que hago aquí.",
        ),
    ),
}

QUESTIONS: dict[str, Question] = {
    f"{theme.value}-{place}": Question(f"{theme.value}-{place}", theme, {EN: english, ES: spanish})
    for theme, wordings in _WORDINGS.items()
    for place, (english, spanish) in enumerate(wordings, start=1)
}
"""All questions by key."""
