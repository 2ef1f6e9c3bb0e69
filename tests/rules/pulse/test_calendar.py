"""Days, times, and questions of the pulse."""

# ruff: noqa: DTZ001 - wall clocks know no zone

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import quiet_hours
from handlers.pulse.question_bank import QUESTIONS, SENTENCES, THEME_NAMES
from handlers.pulse.rules import calendar
from storage.vocabulary import Language, PulseInterval, Theme

USUAL = (time(18, 0), time(8, 0))
NINE = time(9, 0)
MONDAY = date(2026, 11, 30)


def wall(at, zone):
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("every", "first", "after", "expected"),
    [
        pytest.param(PulseInterval.WEEK, MONDAY, MONDAY, date(2026, 12, 7), id="weekly is one week later"),
        pytest.param(
            PulseInterval.WEEK, MONDAY, date(2026, 12, 5), date(2026, 12, 7), id="from a day in between as well"
        ),
        pytest.param(PulseInterval.TWO_WEEKS, MONDAY, MONDAY, date(2026, 12, 14), id="every two weeks"),
        pytest.param(
            PulseInterval.MONTH, date(2026, 12, 8), date(2026, 12, 8), date(2027, 1, 12), id="the second Tuesday"
        ),
        pytest.param(PulseInterval.MONTH, MONDAY, MONDAY, date(2026, 12, 28), id="a fifth Monday means the last one"),
        pytest.param(PulseInterval.WEEK, MONDAY, date(2026, 11, 1), MONDAY, id="never before the first"),
    ],
)
def test_the_next_day_of_a_schedule(every, first, after, expected):
    assert calendar.next_day(every, first, after) == expected


@pytest.mark.parametrize(
    ("day", "zone", "closed", "expected"),
    [
        pytest.param(MONDAY, "America/Denver", (), datetime(2026, 11, 30, 9), id="at nine on the day"),
        pytest.param(MONDAY, "Asia/Kathmandu", (), datetime(2026, 11, 30, 9), id="on the local clock everywhere"),
        pytest.param(MONDAY, "America/Denver", (MONDAY,), datetime(2026, 12, 1, 9), id="a closed day is skipped"),
        pytest.param(
            date(2026, 12, 4),
            "America/Denver",
            (date(2026, 12, 4),),
            datetime(2026, 12, 7, 9),
            id="and the weekend after it",
        ),
        pytest.param(date(2027, 3, 14), "America/Denver", (), datetime(2027, 3, 15, 9), id="a Sunday waits for Monday"),
    ],
)
def test_questions_come_at_the_chosen_time_on_the_first_open_day(day, zone, closed, expected):
    assert wall(calendar.due_at(day, NINE, zone, closed, USUAL), zone) == expected


def test_a_time_in_quiet_hours_waits_until_they_end():
    assert wall(calendar.due_at(MONDAY, time(6, 30), "UTC", (), USUAL), "UTC") == datetime(2026, 11, 30, 8)


def test_an_agency_that_is_closed_for_two_months_is_not_asked():
    closed = {MONDAY + timedelta(days=n) for n in range(70)}
    assert calendar.due_at(MONDAY, NINE, "UTC", closed, USUAL) is None


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("America/Denver", date(2027, 3, 14)),
        ("America/Denver", date(2027, 11, 7)),
        ("Europe/Berlin", date(2027, 3, 28)),
        ("Europe/Berlin", date(2027, 10, 31)),
        ("Australia/Sydney", date(2027, 4, 4)),
        ("Australia/Sydney", date(2027, 10, 3)),
        ("Australia/Lord_Howe", date(2027, 4, 4)),
        ("Australia/Lord_Howe", date(2027, 10, 3)),
        ("America/Phoenix", date(2027, 3, 14)),
        ("UTC", date(2027, 3, 14)),
    ],
)
def test_the_local_time_stays_the_same_around_a_clock_change(zone, change):
    for ahead in range(-4, 5):
        due = wall(calendar.due_at(change + timedelta(days=ahead), NINE, zone, (), USUAL), zone)
        assert due.time() == NINE
        assert due.weekday() < 5


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.sampled_from(["America/Denver", "Europe/Berlin", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.sets(st.integers(0, 9), max_size=6),
)
def test_nobody_is_asked_before_the_day_on_a_closed_day_or_in_quiet_hours(day, clock, zone, days_closed):
    closed = {day + timedelta(days=n) for n in days_closed}
    due = calendar.due_at(day, clock, zone, closed, USUAL)
    assert not quiet_hours.is_quiet(due, zone, USUAL)
    assert wall(due, zone).date() >= day
    if USUAL[1] <= clock < USUAL[0]:
        assert wall(due, zone).date() not in closed
        assert wall(due, zone).time() == clock


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)).filter(lambda d: d.weekday() < 5), st.sampled_from(PulseInterval))
def test_a_round_closes_before_the_next_opens(day, every):
    zones = ["Pacific/Pago_Pago", "America/Denver", "Pacific/Kiritimati"]
    assert calendar.closes_at(day, zones) < calendar.opens_at(calendar.next_day(every, day, day))


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
)
def test_a_round_opens_before_its_day_begins_in_any_zone(day, zone):
    begins = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    assert calendar.opens_at(day) <= begins


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        pytest.param(MONDAY, datetime(2026, 12, 3, 17), id="Monday's round closes on Thursday"),
        pytest.param(date(2026, 12, 2), datetime(2026, 12, 7, 17), id="Wednesday's on Monday: weekends do not count"),
        pytest.param(date(2026, 12, 4), datetime(2026, 12, 9, 17), id="Friday's on Wednesday"),
    ],
)
def test_a_round_closes_on_the_third_working_day_after_its_own(day, closes):
    assert wall(calendar.closes_at(day, ["America/Denver"]), "America/Denver") == closes


PLANS = st.lists(st.tuples(st.sets(st.sampled_from(Theme), min_size=1), st.integers(1, 8)), min_size=1, max_size=6)
"""Plans, each with its themes and how many rounds it lasts."""


def rounds_of(plans):
    """Ask as the plans say, one after the other; return the questions of each round, and its themes."""
    asked, planned = [], []
    for themes, rounds in plans:
        for _ in range(rounds):
            asked.append(calendar.choose_questions(sorted(themes), asked))
            planned.append(themes)
    return asked, planned


@given(PLANS)
def test_every_theme_is_asked_about_within_two_rounds_with_at_most_five_questions_each(plans):
    asked, planned = rounds_of(plans)
    for first, second, themes, later in zip(asked, asked[1:], planned, planned[1:], strict=False):
        assert max(len(first), len(second)) <= 5
        assert len(set(first)) == len(first)
        if themes == later:
            assert {QUESTIONS[key].theme for key in (*first, *second)} >= themes


@given(PLANS)
def test_a_sentence_returns_only_after_all_others_of_its_theme_have_been_asked_whatever_was_planned(plans):
    asked, _ = rounds_of(plans)
    for theme in Theme:
        keys = [key for questions in asked for key in questions if QUESTIONS[key].theme is theme]
        for place in range(len(keys)):
            assert len(set(keys[place : place + 3])) == len(keys[place : place + 3])


def test_a_new_plan_does_not_ask_the_same_sentence_again():
    first = calendar.choose_questions(list(Theme), [])
    again = calendar.choose_questions([Theme.TRUST], [first])
    assert (first[0], again) == ("trust-1", ["trust-4"])


def test_nine_themes_take_turns_by_five_and_four():
    asked, _ = rounds_of([(set(Theme), 4)])
    assert [len(questions) for questions in asked] == [5, 4, 5, 4]
    assert [key for questions in asked for key in questions if key.startswith("trust-")] == ["trust-1", "trust-4"]


def test_a_theme_rests_after_a_round_that_asked_a_sentence_of_it_that_is_no_longer_asked():
    asked = [["trust-2", "pace-2"]]
    assert calendar.choose_questions([Theme.TRUST, Theme.HEARD, Theme.CLARITY, Theme.PACE], asked) == [
        "heard-1",
        "clarity-4",
    ]


def test_the_bank_has_three_sentences_for_nine_themes_in_both_languages():
    asked = [key for keys in SENTENCES.values() for key in keys]
    assert len(set(asked)) == len(asked) == 27
    assert set(SENTENCES) == {question.theme for question in QUESTIONS.values()} == set(Theme) == set(THEME_NAMES)
    assert all(QUESTIONS[key].theme is theme for theme, keys in SENTENCES.items() for key in keys)
    for question in QUESTIONS.values():
        assert set(question.text) == set(Language)
        assert len(set(question.text.values())) == 2
        assert all(text.endswith(".") and len(text) <= 120 for text in question.text.values())
    english = [question.text[Language.ENGLISH] for question in QUESTIONS.values()]
    assert len(set(english)) == len(english), "other words are another question"


NEGATIONS = {"not", "never", "without", "nobody", "nothing", "cannot", "no longer", "don't", "isn't"}


@pytest.mark.parametrize("key", [key for keys in SENTENCES.values() for key in keys])
def test_a_sentence_says_one_thing_without_a_negation(key):
    words = re.findall(r"[a-z']+", QUESTIONS[key].text[Language.ENGLISH].casefold())
    assert not NEGATIONS & set(words)
    assert not {"and", "or", "rather"} & set(words), "two things in one sentence cannot be answered with one number"
    assert "could" not in words, "what somebody could do is not more or less true in some weeks"
    assert not {"has", "have"} & set(words) or key == "clarity-2", "what has happened once stays true"
    assert not {"more", "less"} & set(words), "a comparison is true or not, so it does not fit the scale"


ASKED_BEFORE = {
    "trust-1": "The agencies keep their word to one another.",
    "trust-2": "I can tell people from other agencies about one of our problems without regretting it.",
    "trust-3": "Large and small agencies treat one another as equals.",
    "fairness-2": "Money, space, and people's time are used where all of us need them.",
    "fairness-3": "People who take on more get help or thanks for it.",
    "clarity-1": "I could explain to a colleague in two sentences why we work together.",
    "clarity-3": "I know which decisions I can make myself and which belong to all of us.",
    "disagreeing-1": "I can say no here and still be welcome.",
    "disagreeing-3": "People raise doubts in the meeting rather than after it.",
    "agency-gain-6": "The person or board I report to would say that taking part is worth it.",
    "communication-2": "I can find out what was decided without asking around.",
    "pace-2": "We finish what we start.",
    "pace-3": "What comes out of our meetings is worth the time I spend in them.",
    "disagreeing-2": "When we disagree, we talk about the issue and not about the person.",
    "agency-gain-1": "My agency gets more out of this than it puts in.",
    "agency-gain-2": "Something we did together has changed the daily work in my agency.",
    "agency-gain-3": "The people I report to would say that taking part is worth it.",
    "own-gain-1": "I have learned something here that I use in my own work.",
    "own-gain-2": "Working with the others gives me more energy than it takes.",
    "own-gain-3": "People whose opinion matters to me notice what I do here.",
}


@pytest.mark.parametrize(("key", "words"), ASKED_BEFORE.items())
def test_earlier_results_keep_the_words_that_were_asked(key, words):
    assert QUESTIONS[key].text[Language.ENGLISH] == words
