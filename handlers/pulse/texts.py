"""What the pulse answers to one member, in the member's language.

`{until}` becomes a date that Slack writes in the reader's zone ("tomorrow, 5:00 PM"), so sentences must not put an
article before it.
"""

from storage.vocabulary import Language

EN, ES = Language.ENGLISH, Language.SPANISH

HELP = {
    EN: """*What you can type*
`/pulse` · the latest results, and the questions if you have not answered yet
`/pulse skip` · skip this round · `/pulse pause 2w` · get no questions for two weeks · `/pulse resume` · get them again
`/pulse language español` · get the questions, results, and help of the pulse in Spanish
*Facilitators*
`/pulse schedule monday 9:00` with `every:week`, `every:2weeks`, or `every:month`, and `start:2026-12-07`
`/pulse schedule` · the form, with the themes · `/pulse now` · start a round today · `/pulse stop`
Others can see that you answered, never what. After a round closes, only totals and unsigned comments are kept, and \
only if there are at least five.""",
    ES: """*Qué puede escribir*
`/pulse` · los resultados más recientes y, si aún no ha respondido, las preguntas
`/pulse skip` · omitir esta ronda · `/pulse pause 2w` · no recibir preguntas durante dos semanas · `/pulse resume` · \
volver a recibirlas
`/pulse language english` · recibir en inglés las preguntas, los resultados y la ayuda del pulso
*Quienes facilitan*
`/pulse schedule monday 9:00` con `every:week`, `every:2weeks` o `every:month`, y `start:2026-12-07`
`/pulse schedule` · el formulario, con los temas · `/pulse now` · iniciar una ronda hoy · `/pulse stop`
Otras personas pueden ver que usted respondió, pero nunca qué respondió. Después del cierre de una ronda solo se \
guardan los totales y los comentarios sin nombre, y únicamente si hay al menos cinco.""",
}

CLOSED = {
    EN: "This round has closed, so nothing was saved. `/pulse` shows the latest results.",
    ES: "Esta ronda ya cerró, así que no se guardó nada. `/pulse` muestra los resultados más recientes.",
}
NOT_INVITED = {
    EN: "You are not in this round. The next one asks everyone who has an agency and is not pausing or away.",
    ES: "Usted no está en esta ronda. La próxima incluirá a quienes tengan agencia y no estén en pausa ni ausentes.",
}
NONE_OPEN = {
    EN: "No round is open right now. `/pulse pause 2w` pauses the questions for two weeks.",
    ES: "En este momento no hay ninguna ronda abierta. `/pulse pause 2w` pone las preguntas en pausa por dos semanas.",
}
THANKS = {
    EN: "Thank you. Your answer is sealed. You can change it until {until}.",
    ES: "Gracias. Su respuesta quedó guardada en sobre cerrado. Puede cambiarla antes del cierre: {until}.",
}
INCOMPLETE = {
    EN: "Nothing was saved, because a question had no answer. `/pulse` opens the questions again.",
    ES: "No se guardó nada porque faltaba una respuesta. `/pulse` abre las preguntas de nuevo.",
}
ALREADY_ANSWERED = {
    EN: "You have already answered this round. You can change your answer until {until}.",
    ES: "Usted ya respondió en esta ronda. Puede cambiar su respuesta antes del cierre: {until}.",
}
SKIPPED = {
    EN: "Skipped. If you change your mind, you can answer until {until}.",
    ES: "Ronda omitida. Si cambia de opinión, puede responder antes del cierre: {until}.",
}
PAUSED = {
    EN: "Paused until {until}. `/pulse resume` ends the pause sooner.",
    ES: "Preguntas en pausa. Fin de la pausa: {until}. `/pulse resume` la termina antes.",
}
NOT_PAUSED = {
    EN: "Your questions are not paused. `/pulse pause 2w` pauses them for two weeks.",
    ES: "Sus preguntas no están en pausa. `/pulse pause 2w` las pone en pausa por dos semanas.",
}
RESUMED = {
    EN: "Welcome back. You will get questions again from the next round on. `/pulse` shows any you can answer now.",
    ES: "Hola de nuevo. Volverá a recibir preguntas a partir de la próxima ronda. `/pulse` muestra las que puede "
    "responder ahora.",
}
LANGUAGE_SET = {
    EN: "From now on, you will get the questions, results, and help of the pulse in English. "
    "`/pulse language español` switches to Spanish.",
    ES: "A partir de ahora recibirá en español las preguntas, los resultados y la ayuda del pulso. "
    "`/pulse language english` cambia al inglés.",
}
LANGUAGES = {
    EN: "You can choose English or Spanish: `/pulse language english` or `/pulse language español`.",
    ES: "Puede elegir inglés o español: `/pulse language english` o `/pulse language español`.",
}
UNKNOWN = {
    EN: "I do not know “{typed}”.{suggestion} `/pulse help` lists what you can type, for example {example}",
    ES: "No conozco “{typed}”.{suggestion} `/pulse help` muestra lo que puede escribir, por ejemplo {example}",
}
MEANT = {EN: " Did you mean `{command}`?", ES: " ¿Quiso decir `{command}`?"}
NO_RESULTS = {
    EN: "This round has no results. `/pulse` shows the latest.",
    ES: "Esta ronda no tiene resultados. `/pulse` muestra los más recientes.",
}
NEXT_QUESTIONS = {
    EN: "Next questions: {at}. `/pulse pause 2w` pauses them for two weeks.",
    ES: "Próximas preguntas: {at}. `/pulse pause 2w` las pone en pausa por dos semanas.",
}
NOT_SCHEDULED = {EN: "No pulse is scheduled.", ES: "No hay ningún pulso programado."}
HOW_TO_SCHEDULE = {
    EN: "`/pulse schedule monday 9:00` schedules one.",
    ES: "`/pulse schedule monday 9:00` programa uno.",
}
WHO_SCHEDULES = {EN: "A facilitator can schedule one.", ES: "Quien facilita el consorcio puede programar uno."}
SCHEDULE = {EN: "Schedule the pulse", ES: "Programar el pulso"}
