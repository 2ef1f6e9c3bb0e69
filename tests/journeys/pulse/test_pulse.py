"""The pulse from the schedule to the results, through the real bot and the sandbox."""

from cryptography.fernet import Fernet
from sqlalchemy import select

from storage import seals
from storage.pulse import Pulse, PulseRound
from tests.journeys.home.test_home import opens
from tests.town import text_of

EVERYBODY = ("ana", "ben", "cleo", "eva", "finn", "gus")


def questions(view):
    return [
        block["block_id"] for block in view["blocks"] if block["type"] == "input" and block["block_id"] != "comment"
    ]


def answers(town, user, score=4, comment=""):
    """Answer from the direct message, and return the thanks."""
    message = next(m for m in reversed(town.direct(user)) if "pulse.answer" in str(m))
    label = next(e for b in message["blocks"] for e in b.get("elements", []) if e.get("action_id") == "pulse.answer")
    town.presses(user, label["text"]["text"], message, f"@{user}")
    view = town.views(user)[-1]
    answer = town.fills(user, **dict.fromkeys(questions(view), str(score)), **({"comment": comment} if comment else {}))
    thanks = text_of(town.views(user)[-1])
    town.closes_forms(user)
    assert answer["errors"] is None
    return thanks


def opens_a_round(town):
    assert "6 people will be asked" in town.types("ana", "/pulse now")
    town.waits("PT3H")


def result(town):
    return town.message("How we worked")


def test_a_scheduled_pulse_reaches_everybody_at_nine_on_their_own_clock(town):
    answer = town.types("ana", "/pulse schedule monday 9:00")
    assert "scheduled every week. The first questions go out" in answer
    assert "Mon, Dec 7, 2026, 9:00 AM" in answer
    # Ben lives one zone further west than the consortium
    assert "Thu, Dec 10, 2026, 6:00 PM" in answer
    town.waits("P7DT3H")
    for user, hour in (("ana", 16), ("ben", 17), ("cleo", 15), ("gus", 16)):
        (message,) = town.direct(user)
        assert text_of(message).startswith("*Five questions about how we work together in Northern Valleys*")
        assert float(message["ts"]) // 3600 % 24 == hour, user
    assert town.direct("dov") == []


def test_the_channel_gets_the_totals_when_the_round_closes(town):
    opens_a_round(town)
    for user in EVERYBODY[:5]:
        assert "Your answer is sealed" in answers(town, user, 4)
    assert "Your answer is sealed" in text_of(town.direct("ana")[-1])
    town.waits("P5D")
    said = text_of(result(town))
    assert "*How we worked, Nov 30 to Dec 3* · 5 of 6 answered" in said
    assert "Respect and trust *4.0*" in said
    assert "Strengths" in said
    assert "Not shown by agency" in said


def test_fewer_than_five_answers_show_nothing(town):
    opens_a_round(town)
    for user in EVERYBODY[:4]:
        answers(town, user, 1, comment=f"secret of {user}")
    town.waits("P5D")
    said = text_of(result(town))
    assert "4 of 6 answered" in said
    assert "With fewer than 5 answers, nothing is shown or kept" in said
    assert "secret" not in str(town.messages("ana"))


def test_an_answer_can_be_changed_until_the_round_closes(town):
    opens_a_round(town)
    for user in EVERYBODY[:5]:
        answers(town, user, 5)
    for user in EVERYBODY[:5]:
        answers(town, user, 2)
    town.waits("P5D")
    said = text_of(result(town))
    assert "5 of 6 answered" in said
    assert "Respect and trust *2.0*" in said
    assert "*To address:* " in said
    late = town.presses("ana", "Change my answer", town.direct("ana")[0], "@ana")
    assert "This round has closed" in late


def test_comments_are_shown_from_five_on_and_escaped(town):
    opens_a_round(town)
    for user in EVERYBODY[:5]:
        answers(town, user, 3, comment=f"<!here> & thanks from {user}")
    town.waits("P5D")
    town.presses("gus", "Details", result(town))
    said = text_of(town.views("gus")[-1])
    assert said.count("&lt;!here&gt; &amp; thanks from") == 5


def test_one_reminder_reaches_those_who_have_not_answered_after_a_day(town):
    opens_a_round(town)
    answers(town, "ana")
    town.waits("P1D")
    assert len(town.direct("ana")) == 1
    assert "still open for you" in text_of(town.direct("cleo")[-1])
    answers(town, "cleo")
    town.waits("P2D")
    assert [len(town.direct(user)) for user in ("ana", "cleo", "finn")] == [1, 2, 2]
    town.waits("P7D")
    assert [len(town.direct(user)) for user in ("ana", "cleo", "finn")] == [1, 2, 2]


def test_people_who_skip_or_pause_get_no_reminders(town):
    opens_a_round(town)
    town.presses("ben", "Skip this round", town.direct("ben")[0], "@ben")
    assert "Skipped" in text_of(town.direct("ben")[0])
    town.presses("cleo", "Pause…", town.direct("cleo")[0], "@cleo")
    town.fills("cleo")
    assert "Paused until" in text_of(town.direct("cleo")[0])
    assert "Skipped" in town.types("finn", "/pulse skip")
    assert "Paused until" in town.types("eva", "/pulse pause 2w")
    town.waits("P4D")
    assert [len(town.direct(user)) for user in ("ben", "cleo", "finn", "eva", "gus")] == [1, 1, 1, 1, 2]
    assert "You will get questions again" in town.types("eva", "/pulse resume")
    assert "Your questions are not paused" in town.types("eva", "/pulse resume")


def test_the_form_asks_how_true_a_sentence_was_and_lets_it_not_apply(town):
    opens_a_round(town)
    town.presses("cleo", "Answer", town.direct("cleo")[0], "@cleo")
    view = town.views("cleo")[-1]
    lead_in, *_ = [place for place, block in enumerate(view["blocks"]) if "How true was this for you" in str(block)]
    assert lead_in < next(place for place, block in enumerate(view["blocks"]) if block["type"] == "input")
    for key in questions(view):
        (options,) = [block["element"]["options"] for block in view["blocks"] if block["block_id"] == key]
        assert [option["text"]["text"] for option in options] == [
            *("1 · not at all", "2 · a little", "3 · partly", "4 · mostly", "5 · fully"),
            "Does not apply",
        ]


def test_a_person_to_whom_a_sentence_does_not_apply_is_not_counted_for_it(town):
    opens_a_round(town)
    for user in EVERYBODY[:5]:
        answers(town, user, 5)
    answers(town, "gus", "none")
    town.waits("P5D")
    said = text_of(result(town))
    assert "6 of 6 answered" in said
    assert "Respect and trust *5.0*" in said
    town.presses("ben", "Details", result(town))
    assert "How many chose 1, 2, 3, 4, 5: 0 · 0 · 0 · 0 · 5\nDoes not apply: 1" in text_of(town.views("ben")[-1])


def test_a_sentence_that_applies_to_fewer_than_five_people_is_not_shown(town):
    opens_a_round(town)
    for user in EVERYBODY[:4]:
        answers(town, user, 5)
    for user in EVERYBODY[4:]:
        answers(town, user, "none", comment="I am new")
    town.waits("P5D")
    said = text_of(result(town))
    assert "6 of 6 answered" in said
    assert "Respect and trust · not shown" in said
    assert "Nothing is shown of a sentence that fewer than 5 people rated." in said
    town.presses("ben", "Details", result(town))
    details = text_of(town.views("ben")[-1])
    assert "How many chose" not in details and "Does not apply:" not in details
    with town.bot.db.read() as session:
        kept = session.scalars(select(PulseRound.result)).one()
    assert kept["counts"] == kept["bands"] == {}, "what is not shown is not kept"


def test_a_newcomer_to_whom_the_sentence_did_not_apply_is_not_found_by_subtracting(town):
    """Six answer twice. The first time, the sentence does not apply to Gus; the second time he says 1."""
    schedules_two_themes(town)
    for number in range(4):
        town.waits("P3D" if number else "P7DT3H")
        for user in EVERYBODY[:5]:
            answers(town, user, 4)
        answers(town, "gus", 1 if number else "none")
        town.waits("P4D")
    rounds = [text_of(m) for m in town.messages("ana") if "How we worked" in text_of(m)]
    assert "Pace *4.0*" in rounds[0]
    assert "Pace *3.5*" in rounds[1] and "Pace *3.5*" in rounds[2], "other sentences"
    # 20 of five, and one more: from 21 to 25 of six
    assert "Pace *3.0 and above*" in rounds[3]
    assert "nearly the same people may have rated the same sentence before" in rounds[3]


def test_the_questions_come_in_spanish_too_and_the_way_back_is_there(town):
    opens_a_round(town)
    form = town.presses("cleo", "En español", town.direct("cleo")[0], "@cleo")
    assert "Las agencias cumplen lo que se prometen entre sí." in form
    assert "¿En qué medida fue cierto esto para usted en las últimas semanas?" in form
    view = town.views("cleo")[-1]
    assert (view["submit"]["text"], view["close"]["text"]) == ("Enviar", "Cancelar")
    assert "No aplica en mi caso" in str(view) and "Does not apply" not in str(view)
    town.closes_forms("cleo")
    assert "Su respuesta quedó guardada en sobre cerrado" in answers(town, "cleo")
    message = town.direct("cleo")[0]
    assert "[Cambiar mi respuesta]" in text_of(message) and "[In English]" in text_of(message)
    assert "The agencies keep their word" in town.presses("cleo", "In English", message, "@cleo")
    town.closes_forms("cleo")
    assert "Puede elegir inglés" not in town.types("cleo", "/pulse language klingon")
    assert "en español las preguntas, los resultados y la ayuda" in town.types("cleo", "/pulse language español")
    assert "Puede elegir inglés o español" in town.types("cleo", "/pulse language klingon")
    assert "in English" in town.types("cleo", "/pulse language english")


def test_changing_the_language_of_an_open_form_keeps_what_is_filled_in(town):
    opens_a_round(town)
    town.presses("cleo", "Answer", town.direct("cleo")[0], "@cleo")
    view = town.views("cleo")[-1]
    first, second, *_ = questions(view)
    for key, value in ((first, "none"), (second, "2"), ("comment", "Mi idea")):
        assert town.call("act", user="cleo", view_id=view["id"], action_id="value", block_id=key, value=value)["ok"]
    for label, words in (("En español", "No aplica en mi caso"), ("In English", "Does not apply")):
        town.presses_in_form("cleo", label)
        (view,) = town.views("cleo")
        chosen = {
            block["block_id"]: block["element"]["initial_option"]["text"]["text"]
            for block in view["blocks"]
            if "initial_option" in block.get("element", {})
        }
        assert chosen[first] == words and chosen[second].startswith("2 · ") and len(chosen) == 2
        assert "Mi idea" in str(view["blocks"])
    town.closes_forms("cleo")
    town.presses("cleo", "Pause…", town.direct("cleo")[0], "@cleo")
    town.presses_in_form("cleo", "En español")
    (view,) = town.views("cleo")
    assert (view["title"]["text"], view["submit"]["text"], view["close"]["text"]) == ("Pausar", "Pausar", "Cancelar")
    town.fills("cleo", span="4w")
    assert "Preguntas en pausa" in text_of(town.direct("cleo")[0])
    assert "Hola de nuevo." in town.types("cleo", "/pulse resume")


def test_results_and_help_are_in_spanish_for_those_who_chose_it(town):
    town.types("gus", "/pulse language español")
    town.types("ana", "/pulse language español")
    lives(town, 5, 2, 2, 4)
    assert "*How we worked, " in text_of(result(town)), "the post is for everybody"
    said = town.types("gus", "/pulse")
    town.settle()
    assert "*Cómo trabajamos, del 28 al 31 de diciembre* · respondieron 6 de 6" in said
    assert "Ritmo de trabajo *4.0* (baja 1.0) · dispersión 0.0" in said
    assert "En comparación con las mismas afirmaciones del 7 de diciembre de 2026." in said
    assert "[Detalles]" in said and "Próximas preguntas:" in said
    for english in ("answered", "Strength", "Compared", "Details", "Not shown", "Next"):
        assert english not in said
    (picture,) = [m for m in town.messages("gus") if m.get("ephemeral") and "data_visualization" in kinds(m)]
    assert "Las mismas afirmaciones a lo largo del tiempo" in str(picture) and "28 dic" in str(picture)
    town.presses("gus", "Details", result(town))
    view = town.views("gus")[-1]
    assert (view["title"]["text"], view["close"]["text"]) == ("El pulso", "Cerrar")
    assert "Cuántas personas eligieron 1, 2, 3, 4, 5: 0 · 0 · 0 · 6 · 0" in text_of(view)
    town.closes_forms("gus")
    assert "*Qué puede escribir*" in town.types("gus", "/pulse help")
    assert "*What you can type*" in town.types("ben", "/pulse help")
    assert "*What you can type*" in town.types("dov", "/pulse help")
    tab = opens(town, "gus")
    assert "*Cómo trabajamos* · respondieron 6 de 6" in tab


def test_what_is_waiting_on_the_home_tab_is_in_the_readers_language(town):
    town.types("gus", "/pulse language español")
    opens_a_round(town)
    tab = opens(town, "gus")
    assert "Unas preguntas sobre cómo trabajamos juntos" in tab
    assert "[Responder]" in tab and "[Omitir esta ronda]" in tab and "[In English]" in tab
    assert "A few questions about how we work together" in opens(town, "ben")


def test_facilitators_hear_of_a_theme_in_their_language(town):
    for user in ("dov", "hana"):
        town.types("ana", f'/consortium member @{user} "Oak Valley"')
    town.types("ana", "/pulse language español")
    lives(town, 5, 4, 3, 2, people=(*EVERYBODY, "dov", "hana"))
    (notice,) = [m for m in town.direct("ana") if "conviene conversar" in text_of(m)]
    assert "Bajó al menos medio punto en comparación con la misma afirmación del 7 de diciembre de 2026." in text_of(
        notice
    )
    assert "[Ponerlo en la agenda]" in text_of(notice) and "[Detalles]" in text_of(notice)
    assert "worth a conversation" not in str(town.direct("ana")).casefold()
    town.presses("ana", "Ponerlo en la agenda", notice, "@ana")
    assert "Todavía no hay ninguna reunión programada" in str(town.direct("ana"))
    town.types("ana", '/meeting new "Council" 2027-03-03 14:00')
    town.presses("ana", "Ponerlo en la agenda", notice, "@ana")
    assert "está en la agenda de *Council*" in str(town.direct("ana"))


def test_a_mistyped_command_is_answered_in_the_readers_language(town):
    town.types("gus", "/pulse language español")
    assert "No conozco “foo”." in town.types("gus", "/pulse foo")
    assert "¿Quiso decir `/pulse pause 2w`?" in town.types("gus", "/pulse pasue 2w")
    town.presses("gus", "/pulse pause 2w", town.private_answer("gus"))
    assert "Fin de la pausa" in text_of(town.private_answer("gus"))
    assert "I do not know “foo”." in town.types("ben", "/pulse foo")


def test_a_refusal_in_a_spanish_form_is_in_spanish_and_keeps_the_form(town):
    town.types("gus", "/pulse language español")
    opens_a_round(town)
    town.presses("gus", "Responder", town.direct("gus")[0], "@gus")
    view = town.views("gus")[-1]
    town.waits("P5D")
    town.fills("gus", **dict.fromkeys(questions(view), "3"))
    view = town.views("gus")[-1]
    assert (view["title"]["text"], view["close"]["text"]) == ("Cómo trabajamos juntos", "Cancelar")
    assert text_of(view).startswith("Esta ronda ya cerró")


def test_a_sentence_with_new_words_has_no_change_and_earlier_results_keep_theirs(town):
    """A round that an earlier version closed had asked sentences that have other words now."""
    lives(town, 5)
    with town.bot.db.begin() as session:
        earlier = session.scalars(select(PulseRound)).one()
        named = {"trust-1": "trust-2", "pace-1": "pace-2"}
        earlier.questions = [named[key] for key in earlier.questions]
        earlier.result = {**earlier.result, "counts": {named[key]: n for key, n in earlier.result["counts"].items()}}
    first = result(town)
    for _ in range(3):
        town.waits("P3D")
        for user in EVERYBODY:
            answers(town, user, 2)
        town.waits("P4D")
    rounds = [text_of(m) for m in town.messages("ana") if "How we worked" in text_of(m)]
    assert len(rounds) == 4 and not any("Compared with" in said for said in rounds)
    town.presses("ben", "Details", first)
    assert "“We finish what we start.”" in text_of(town.views("ben")[-1]), "these are the words that were asked"


def test_a_newcomer_joins_in_the_next_round_and_a_person_who_left_is_not_asked(town):
    town.types("ana", "/pulse schedule monday 9:00")
    town.waits("P7DT3H")
    town.types("ana", '/consortium member @hana "Oak Valley"')
    assert town.call("people", user="gus", deleted=True)["ok"]
    town.waits("P4D")
    # she is told about her agency, and nothing else
    assert not [m for m in town.direct("hana") if "questions" in text_of(m)]
    town.waits("P3D")
    assert [m for m in town.direct("hana") if "questions" in text_of(m)]
    assert len(town.direct("gus")) == 1


def test_questions_wait_until_the_agency_is_open(town):
    town.types("ana", '/consortium agency holidays "Oak Valley" 2026-12-07..2026-12-08')
    town.types("ana", "/pulse schedule monday 9:00")
    town.waits("P8DT3H")
    assert len(town.direct("cleo")) == 2
    assert town.direct("gus") == []
    town.waits("P1D")
    assert text_of(town.direct("gus")[0]).startswith("*Five questions")


def schedules_two_themes(town):
    """Schedule a pulse for Mondays that asks about the same two themes each time."""
    town.types("ana", "/pulse schedule")
    town.fills("ana", weekday="0", clock="09:00", themes=["pace", "trust"], start="2026-12-07")


def lives(town, *scores, people=EVERYBODY):
    """Let rounds of two themes pass, in each of which everybody answers the same."""
    schedules_two_themes(town)
    for number, score in enumerate(scores):
        town.waits("P3D" if number else "P7DT3H")
        for user in people:
            answers(town, user, score)
        town.waits("P4D")


def kinds(message):
    return [block["type"] for block in message["blocks"]]


def test_facilitators_alone_are_told_about_a_theme_that_falls_against_the_same_sentence(town):
    for user in ("dov", "hana"):
        town.types("ana", f'/consortium member @{user} "Oak Valley"')
    lives(town, 5, 4, 3, 2, people=(*EVERYBODY, "dov", "hana"))
    (notice,) = [m for m in town.direct("ana") if "worth a conversation" in text_of(m)]
    assert "fallen by at least half a point, compared with the same sentence on Mon, Dec 7, 2026." in text_of(notice)
    assert not [m for m in town.direct("ben") if "worth a conversation" in text_of(m)]
    said = text_of(result(town))
    assert "Pace *2.0* (down 3.0)" in said
    assert "Compared with the same sentences on Mon, Dec 7, 2026." in said
    rounds = [text_of(m) for m in town.messages("ana") if "How we worked" in text_of(m)]
    assert ["down" in text for text in rounds] == [False, False, False, True], "other sentences are not compared"


CHART = "The same sentences over time (1 to 5)"


def test_the_trend_is_drawn_for_the_sentences_that_were_asked_again(town):
    lives(town, 5, 2, 2, 4)
    (chart,) = [block for block in result(town)["blocks"] if block["type"] == "data_visualization"]
    assert chart["title"] == CHART
    points = {line["name"]: [(p["label"], p["value"]) for p in line["data"]] for line in chart["chart"]["series"]}
    seen = [("Dec 7", 5), ("Dec 28", 4)]
    assert points == {"Respect and trust": seen, "Pace": seen}
    assert "Pace: “Our pace leaves enough time to check with my agency before we decide.”" in text_of(result(town))
    # the same picture follows the answer to /pulse
    assert "How we worked" in town.types("gus", "/pulse")
    town.settle()
    (picture,) = [m for m in town.messages("gus") if m.get("ephemeral") and "data_visualization" in kinds(m)]
    assert picture["blocks"][0]["chart"] == chart["chart"]


def test_words_replace_a_chart_that_slack_refuses(town):
    lives(town, 5, 2, 2)
    town.waits("P3D")
    for user in EVERYBODY:
        answers(town, user, 4)
    town.call("faults", method="chat.postMessage", fault="invalid_blocks")
    town.forgiven.add("invalid_blocks")
    town.waits("P4D")
    assert set(kinds(result(town))) <= {"section", "context", "actions"}
    assert "Pace: 5.0 (Dec 7) → 4.0 (Dec 28)" in text_of(result(town))
    town.call("faults", method="response_url", fault="invalid_blocks", times=3)
    town.types("gus", "/pulse")
    town.settle()
    (words,) = [m for m in town.messages("gus") if m.get("ephemeral") and "over time" in text_of(m)]
    assert set(kinds(words)) == {"section"}
    assert "Pace: 5.0 (Dec 7) → 4.0 (Dec 28)\n“" in text_of(words)


def test_a_person_whom_someone_else_sets_away_is_told_and_stays_in_the_pulse(town):
    answer = town.types("ana", "/consortium away @finn until 2027-01-08")
    assert "they have been told" in answer
    town.settle()
    (message,) = town.direct("finn")
    assert "Ana Reyes* entered that you are away until" in text_of(message)
    assert "/consortium back" in text_of(message)
    town.types("cleo", "/consortium away until 2027-01-08")
    assert "5 people will be asked" in town.types("ana", "/pulse now")
    town.waits("PT3H")
    assert len(town.direct("finn")) == 1, "he is not disturbed"
    assert "questions about how we work together" in town.types("finn", "/pulse"), "but may answer"
    assert "No pulse" in town.types("cleo", "/pulse")


def test_a_person_who_is_away_only_for_others_is_asked_after_typing_back(town):
    town.types("ana", "/consortium away @finn until 2027-01-08")
    town.types("finn", "/consortium away until 2027-01-08")
    assert "Welcome back" in town.types("finn", "/consortium back")
    assert "6 people will be asked" in town.types("ana", "/pulse now")
    town.waits("PT3H")
    assert "questions about how we work together" in text_of(town.direct("finn")[-1])


def test_closing_an_agency_does_not_take_its_people_out_of_a_round(town):
    town.types("ana", '/consortium agency holidays "Oak Valley" 2026-11-30..2026-12-20')
    assert "4 people will be asked" in town.types("ana", "/pulse now")
    town.waits("PT3H")
    assert town.direct("gus") == []
    assert "questions about how we work together" in town.types("gus", "/pulse")
    town.waits("P5D")
    assert "0 of 4 answered" in text_of(result(town)), "those of the closed agency were not asked"


BAD = (
    ("schedule sunday 9:00", "The pulse is not sent on weekends"),
    ("schedule monday 24:00", "24:00 is not a time of day"),
    ("schedule monday", "Type a weekday and a time"),
    ("schedule someday 9:00", "Type a weekday and a time"),
    ("schedule monday 9:00 every:day", "every:week"),
    ("schedule monday 9:00 start:2020-01-01", "is in the past"),
    ("schedule monday 9:00 start:2027-02-30", "is not a day in the calendar"),
    ("pause yesterday", "is in the past"),
    ("pause for ever", "could not read"),
    ("stop", "No pulse is scheduled"),
    ("skip", "No round is open"),
    ("sing", "I do not know"),
)


def test_bad_input_is_answered_with_an_example(town, subtests):
    for typed, refusal in BAD:
        with subtests.test(typed):
            answer = town.types("ana", f"/pulse {typed}")
            assert refusal in answer
            assert "`" in answer
    assert "A facilitator can schedule one" in town.types("ben", "/pulse")


def test_an_outsider_is_refused_and_a_member_cannot_schedule(town):
    for typed in ("", "schedule monday 9:00", "now", "skip", "pause 2w"):
        assert "is for members of the consortium" in town.types("dov", f"/pulse {typed}")
    for typed in ("schedule monday 9:00", "schedule", "now", "stop"):
        assert "Only a facilitator can do this" in town.types("gus", f"/pulse {typed}")


def test_rounds_are_at_least_five_days_apart(town):
    opens_a_round(town)
    assert "A round is open until" in town.types("ana", "/pulse now")
    town.waits("P4D")
    assert "Rounds too close together" in town.types("ana", "/pulse now")
    town.waits("P3D")
    assert "people will be asked" in town.types("ana", "/pulse now")


def test_the_form_schedules_the_pulse_with_fewer_themes(town):
    town.types("ana", "/pulse schedule")
    town.fills("ana", weekday="1", clock="10:30", themes=["pace", "trust"], channel="general", start="2026-12-01")
    assert "Two questions" in town.types("ben", "/pulse")
    town.waits("P1DT6H")
    assert text_of(town.direct("gus")[0]).startswith("*Two questions")


def test_the_pulse_can_be_scheduled_from_the_settings(town):
    town.types("ana", "/consortium settings")
    assert "Plan the pulse" in str(town.views("ana")[-1])
    town.presses_in_form("ana", "Plan the pulse")
    town.fills("ana", weekday="2", clock="10:00", start="2026-12-02")
    assert town.views("ana") == []
    assert "Wed, Dec 2, 2026, 10:00 AM" in str(town.messages("ana"))


def test_two_facilitators_who_schedule_the_pulse_at_once_each_change_only_what_they_changed(town):
    town.types("ana", "/consortium facilitator @gus")
    town.types("ana", "/pulse schedule monday 9:00")
    for user in ("ana", "gus"):
        town.types(user, "/pulse schedule")
    assert town.fills("gus", clock="10:30", every="2weeks", start="2027-01-11", themes=["pace", "trust"])["closed"]
    assert town.fills("ana", channel="general")["closed"]
    with town.bot.db.read() as session:
        record = session.scalars(select(Pulse)).one()
        assert (record.weekday, record.clock, record.every.value) == (0, "10:30", "2weeks")
        assert (str(record.starts_on), record.themes) == ("2027-01-11", ["trust", "pace"])
    said = text_of(town.private_answer("ana"))
    assert "every two weeks" in said and "Mon, Jan 11, 2027, 10:30 AM" in said
    general = next(c["id"] for c in town.http.get("/sandbox/channels").json()["channels"] if c["name"] == "general")
    assert f"<#{general}>" in said
    town.types("ana", "/pulse schedule")
    assert "2027-01-11" in str(town.views("ana")[-1]), "it is filled in from the present schedule"


def test_a_schedule_needs_a_theme(town):
    town.types("ana", "/pulse schedule")
    assert town.fills("ana", themes=[])["errors"]


def test_a_result_that_cannot_be_posted_is_reported_and_can_be_posted_again(town):
    opens_a_round(town)
    for user in EVERYBODY:
        answers(town, user)
    town.waits("P3D")
    town.call("faults", method="chat.postMessage", fault="not_in_channel")
    town.forgiven.add("not_in_channel")
    town.waits("P1D")
    (notice,) = [m for m in town.direct("ana") if "the result of the pulse, round 1" in text_of(m)]
    label = next(e["text"]["text"] for b in notice["blocks"] for e in b.get("elements", []))
    town.presses("ana", label, notice, "@ana")
    assert "6 of 6 answered" in text_of(result(town))


def test_a_round_whose_key_is_missing_waits_and_delays_nothing_else(town):
    opens_a_round(town)
    for user in EVERYBODY:
        answers(town, user)
    keys = town.bot.surface.deps.keys
    town.asks('/vote "Which week?" "12 Jan" "19 Jan" closes:2026-12-04')
    right, wrong = keys._fernet, seals.KeyRing([Fernet.generate_key().decode()])._fernet
    keys._fernet = wrong
    town.waits("P5D")
    assert "Closed:" in text_of(town.message("Which week?"))
    assert not [m for m in town.messages("ana") if "How we worked" in text_of(m)]
    keys._fernet = right
    town.waits("PT2H")
    assert "6 of 6 answered" in text_of(result(town))


def test_a_round_that_is_ready_is_not_said_to_be_open_before_anybody_is_asked(town):
    """It is Monday morning in Denver, and Tuesday at the other end of the world."""
    assert "Tue, Dec 1" in town.types("ana", "/pulse schedule tuesday 9:00")
    town.waits("PT1M")
    said = town.types("ana", "/pulse now")
    assert "The next round is on Tue, Dec 1, 2026, and is ready" in said and "A round is open" not in said


def test_a_facilitator_schedules_the_first_pulse_with_a_button(town):
    town.types("ana", "/pulse")
    assert "<How often>" in town.presses("ana", "Schedule the pulse", town.private_answer("ana"))
    assert "[Schedule" not in town.types("ben", "/pulse")


def test_every_theme_below_a_strength_is_named_as_what_it_is(town):
    opens_a_round(town)
    for user, score in zip(EVERYBODY[:5], (3, 3, 3, 3, 3), strict=True):
        answers(town, user, score)
    town.waits("P5D")
    said = text_of(result(town))
    assert "*Worth a conversation:* " in said and "To address" not in said
    assert said.split("*Worth a conversation:* ")[1].split("\n")[0].count(" · ") == 4
