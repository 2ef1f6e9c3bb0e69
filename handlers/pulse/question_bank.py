"""The questions of the pulse, in the project's own words, in English and Spanish.

Each is a statement that a person rates from 1 to 5, and 5 is always the good end. The themes are those of
docs/rules.md, "The pulse". Three sentences of a theme take turns, so that nobody answers out of habit.

A sentence says one thing, says it without a negation, and can become less true as well as more: it is asked again and
again. A sentence with other words is another sentence, with a key of its own, so that results are compared only with
those of the same words. The sentence it replaces moves to `_RETIRED`, because earlier rounds asked it.
"""

from dataclasses import dataclass

from storage.vocabulary import Language, Theme

EN, ES = Language.ENGLISH, Language.SPANISH

Translations = dict[Language, str]


@dataclass(frozen=True)
class Question:
    """One statement. Results are stored under `key`, so its English words never change.

    A translation that does not say the same is corrected: it is the same sentence.
    """

    key: str
    theme: Theme
    text: Translations


THEME_NAMES: dict[Theme, Translations] = {
    Theme.TRUST: {EN: "Respect and trust", ES: "Respeto y confianza"},
    Theme.HEARD: {EN: "Being heard", ES: "Que se nos escuche"},
    Theme.CLARITY: {EN: "Clear purpose and roles", ES: "Propósito y funciones claros"},
    Theme.FAIRNESS: {EN: "Fair share of the work", ES: "Reparto justo del trabajo"},
    Theme.COMMUNICATION: {EN: "Communication", ES: "Comunicación"},
    Theme.PACE: {EN: "Pace", ES: "Ritmo de trabajo"},
    Theme.DISAGREEING: {EN: "Freedom to disagree", ES: "Libertad para disentir"},
    Theme.AGENCY_GAIN: {EN: "Benefit to agencies", ES: "Beneficio para las agencias"},
    Theme.OWN_GAIN: {EN: "Personal benefit", ES: "Beneficio personal"},
}

CHART_LABELS: dict[Language, dict[Theme, str]] = {
    EN: {
        **{theme: names[EN] for theme, names in THEME_NAMES.items()},
        Theme.CLARITY: "Clear purpose",
        Theme.FAIRNESS: "Fair share",
    },
    ES: {
        **{theme: names[ES] for theme, names in THEME_NAMES.items()},
        Theme.HEARD: "Escucha",
        Theme.CLARITY: "Propósito claro",
        Theme.FAIRNESS: "Reparto justo",
        Theme.PACE: "Ritmo",
        Theme.DISAGREEING: "Libertad de opinión",
        Theme.AGENCY_GAIN: "Beneficio: agencias",
    },
}
"""Names short enough for the legend of a chart."""

CONVERSATION_STARTERS: dict[Theme, Translations] = {
    Theme.TRUST: {
        EN: "What does each agency need from the others to rely on them?",
        ES: "¿Qué necesita cada agencia de las demás para poder confiar en ellas?",
    },
    Theme.HEARD: {
        EN: "Whose view have we not asked for lately, and how will we ask for it?",
        ES: "¿A quién no le hemos pedido su opinión últimamente y cómo se la vamos a pedir?",
    },
    Theme.CLARITY: {
        EN: "What is our purpose this year, and who does which part?",
        ES: "¿Cuál es nuestro propósito este año y quién se encarga de cada parte?",
    },
    Theme.FAIRNESS: {
        EN: "Who is doing what right now, and what could change hands?",
        ES: "¿Quién está haciendo qué en este momento y qué podría pasar a otras manos?",
    },
    Theme.COMMUNICATION: {
        EN: "What did someone learn too late, and where should it have been posted?",
        ES: "¿De qué se enteró alguien demasiado tarde y dónde debió haberse publicado?",
    },
    Theme.PACE: {
        EN: "What can wait, and what has waited too long?",
        ES: "¿Qué puede esperar y qué ha esperado demasiado?",
    },
    Theme.DISAGREEING: {
        EN: "Which decision left doubts that nobody voiced?",
        ES: "¿Qué decisión dejó dudas que nadie expresó?",
    },
    Theme.AGENCY_GAIN: {
        EN: "What has each agency gained in the past year, and which has gained little?",
        ES: "¿Qué beneficio ha obtenido cada agencia en el último año y cuál ha obtenido poco?",
    },
    Theme.OWN_GAIN: {
        EN: "What would make the time spent here worthwhile for each of us?",
        ES: "¿Qué haría que el tiempo que dedicamos aquí valiera la pena para cada quien?",
    },
}
"""Questions to talk about where a theme is low."""

LEAD_IN: Translations = {
    EN: "How true was this for you in the last weeks?",
    ES: "¿En qué medida fue cierto esto para usted en las últimas semanas?",
}
"""What the scale answers for every sentence."""

SCALE: dict[Language, tuple[str, str, str, str, str]] = {
    EN: ("1 · not at all", "2 · a little", "3 · partly", "4 · mostly", "5 · fully"),
    ES: ("1 · nada", "2 · un poco", "3 · en parte", "4 · en gran parte", "5 · por completo"),
}

DOES_NOT_APPLY: Translations = {EN: "Does not apply", ES: "No aplica en mi caso"}

_Wordings = dict[Theme, dict[int, tuple[str, str]]]
"""The English and the Spanish words of sentences, by theme and by the number in their key."""

_WORDINGS: _Wordings = {
    Theme.TRUST: {
        1: ("The agencies keep their word to one another.", "Las agencias cumplen lo que se prometen entre sí."),
        4: (
            "I can talk openly with other agencies about a problem in my agency.",
            "Puedo hablar con franqueza con otras agencias sobre un problema en mi agencia.",
        ),
        5: (
            "People from other agencies treat me with respect.",
            "Las personas de otras agencias me tratan con respeto.",
        ),
    },
    Theme.HEARD: {
        1: (
            "What my agency said recently made a difference in what was done.",
            "Lo que mi agencia dijo recientemente influyó en lo que se hizo.",
        ),
        2: (
            "I am asked what I think before things are decided.",
            "Me preguntan qué opino antes de que se tomen decisiones.",
        ),
        3: (
            "People hear one another out before they answer.",
            "Las personas se escuchan unas a otras hasta el final antes de responder.",
        ),
    },
    Theme.CLARITY: {
        4: (
            "What we work on fits the purpose we share.",
            "Lo que hacemos corresponde a nuestro propósito común.",
        ),
        2: (
            "For the work we have under way, I know who is doing what.",
            "En el trabajo que tenemos en marcha, sé quién hace cada cosa.",
        ),
        5: (
            "I know which decisions I can make myself.",
            "Sé qué decisiones puedo tomar por mi cuenta.",
        ),
    },
    Theme.FAIRNESS: {
        1: (
            "The work is divided so that each agency can do its part.",
            "El trabajo está repartido de modo que cada agencia puede cumplir con su parte.",
        ),
        4: (
            "Each agency gets a fair share of what we pay for together.",
            "Cada agencia recibe una parte justa de lo que pagamos entre todos.",
        ),
        5: (
            "People who take on extra work get help with it.",
            "Quienes asumen trabajo adicional reciben ayuda con él.",
        ),
    },
    Theme.COMMUNICATION: {
        1: (
            "I learn about what affects me in time to act on it.",
            "Me entero de lo que me afecta con tiempo para actuar.",
        ),
        4: (
            "It is easy to find out what was decided.",
            "Es fácil averiguar qué se decidió.",
        ),
        3: (
            "When I ask another agency a question, I get an answer I can use.",
            "Cuando le pregunto algo a otra agencia, recibo una respuesta que me sirve.",
        ),
    },
    Theme.PACE: {
        1: (
            "Our pace leaves enough time to check with my agency before we decide.",
            "Nuestro ritmo me deja tiempo para consultar a mi agencia antes de decidir.",
        ),
        4: ("Our work moves forward at the right speed.", "Nuestro trabajo avanza a buen ritmo."),
        5: (
            "The deadlines we set leave enough time to do the work well.",
            "Los plazos que fijamos dejan tiempo suficiente para hacer bien el trabajo.",
        ),
    },
    Theme.DISAGREEING: {
        5: (
            "I can say no here when I need to.",
            "Aquí puedo decir que no cuando hace falta.",
        ),
        4: (
            "When we disagree, we keep to the issue.",
            "Cuando hay desacuerdos, nos centramos en el tema.",
        ),
        6: (
            "People voice their doubts in our meetings.",
            "Las dudas se expresan en nuestras reuniones.",
        ),
    },
    Theme.AGENCY_GAIN: {
        4: (
            "What my agency gets out of this is worth what it puts in.",
            "Lo que mi agencia recibe de este trabajo compensa lo que aporta.",
        ),
        5: (
            "Our work together makes the daily work in my agency easier.",
            "Nuestro trabajo conjunto facilita el trabajo diario en mi agencia.",
        ),
        7: (
            "The leadership of my agency sees a benefit in taking part.",
            "La dirección de mi agencia ve un beneficio en participar.",
        ),
    },
    Theme.OWN_GAIN: {
        4: (
            "What I learn here helps me in my own work.",
            "Lo que aprendo aquí me ayuda en mi propio trabajo.",
        ),
        5: (
            "Working with the other agencies gives me energy.",
            "Trabajar con las demás agencias me da energía.",
        ),
        3: (
            "People whose opinion matters to me notice what I do here.",
            "Las personas cuya opinión valoro notan lo que hago aquí.",
        ),
    },
}

_RETIRED: _Wordings = {
    Theme.CLARITY: {
        1: (
            "I could explain to a colleague in two sentences why we work together.",
            "Podría explicarle a un colega en dos frases para qué trabajamos juntos.",
        ),
        3: (
            "I know which decisions I can make myself and which belong to all of us.",
            "Sé qué decisiones puedo tomar por mi cuenta y cuáles nos corresponden a todos.",
        ),
    },
    Theme.TRUST: {
        2: (
            "I can tell people from other agencies about one of our problems without regretting it.",
            "Puedo contarles un problema nuestro a personas de otras agencias sin arrepentirme después.",
        ),
        3: (
            "Large and small agencies treat one another as equals.",
            "Las agencias grandes y las pequeñas se tratan de igual a igual.",
        ),
    },
    Theme.FAIRNESS: {
        2: (
            "Money, space, and people's time are used where all of us need them.",
            "El dinero, los espacios y el tiempo de las personas se usan donde todos los necesitamos.",
        ),
        3: (
            "People who take on more get help or thanks for it.",
            "Quienes se encargan de más trabajo reciben ayuda o reconocimiento.",
        ),
    },
    Theme.COMMUNICATION: {
        2: (
            "I can find out what was decided without asking around.",
            "Puedo encontrar lo que se decidió sin tener que preguntarles a otros.",
        ),
    },
    Theme.PACE: {
        2: ("We finish what we start.", "Terminamos lo que empezamos."),
        3: (
            "What comes out of our meetings is worth the time I spend in them.",
            "Lo que resulta de nuestras reuniones vale el tiempo que les dedico.",
        ),
    },
    Theme.DISAGREEING: {
        1: (
            "I can say no here and still be welcome.",
            "Aquí puedo decir que no y seguir sintiéndome parte del grupo.",
        ),
        2: (
            "When we disagree, we talk about the issue and not about the person.",
            "Cuando no estamos de acuerdo, hablamos del tema y no de la persona.",
        ),
        3: (
            "People raise doubts in the meeting rather than after it.",
            "Las dudas se expresan en la reunión y no después.",
        ),
    },
    Theme.AGENCY_GAIN: {
        1: (
            "My agency gets more out of this than it puts in.",
            "Mi agencia recibe de esto más de lo que aporta.",
        ),
        2: (
            "Something we did together has changed the daily work in my agency.",
            "Algo que hicimos juntos ha cambiado el trabajo diario en mi agencia.",
        ),
        3: (
            "The people I report to would say that taking part is worth it.",
            "Mis superiores dirían que vale la pena participar.",
        ),
        6: (
            "The person or board I report to would say that taking part is worth it.",
            "La persona o la junta a la que rindo cuentas diría que vale la pena participar.",
        ),
    },
    Theme.OWN_GAIN: {
        1: (
            "I have learned something here that I use in my own work.",
            "Aquí he aprendido algo que uso en mi propio trabajo.",
        ),
        2: (
            "Working with the others gives me more energy than it takes.",
            "Trabajar con los demás me da más energía de la que me quita.",
        ),
    },
}
"""Sentences that are no longer asked. Rounds that asked them show their words, and one may be open."""

QUESTIONS: dict[str, Question] = {
    f"{theme.value}-{number}": Question(f"{theme.value}-{number}", theme, {EN: english, ES: spanish})
    for wordings in (_WORDINGS, _RETIRED)
    for theme, numbered in wordings.items()
    for number, (english, spanish) in numbered.items()
}
"""All questions by key, those that are no longer asked as well."""

SENTENCES: dict[Theme, tuple[str, ...]] = {
    theme: tuple(f"{theme.value}-{number}" for number in numbered) for theme, numbered in _WORDINGS.items()
}
"""The keys of the three sentences of each theme that take turns."""
