"""Typed ballots."""

# ruff: noqa: PT017 - a ballot and a refusal are both right

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.refusals import Ambiguous, Refusal
from handlers.polls.parsing import BALLOT_EXAMPLES, Times, parse_typed_ballot
from storage.vocabulary import PollKind

ONE, SEVERAL, RANKED = PollKind.ONE, PollKind.SEVERAL, PollKind.RANKED
SCORE, DOTS, TIME = PollKind.SCORE, PollKind.DOTS, PollKind.TIME

WEEKS = {1: "12 Jan", 2: "19 Jan", 3: "26 Jan"}
SPANS = {1: "2 weeks", 2: "3 weeks", 3: "4 weeks"}
FOOD = {1: "Tea, black", 2: "Tea", 3: "No tea = no meeting"}
COUNTS = {1: "3", 2: "2", 3: "7"}
HOURS = {1: "2026-12-01 14:00", 2: "2026-12-02 09:00", 3: "2026-12-03 09:00"}


STARTS = {place: datetime.fromisoformat(f"{label}-07:00") for place, label in HOURS.items()}
"""The same times in Denver, where their author typed them."""

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)


def read(kind, options, typed, zone="America/Denver"):
    times = Times(STARTS, zone, NOW) if kind is TIME else None
    return parse_typed_ballot(kind, 14, options, typed, times)


@pytest.mark.parametrize(
    ("kind", "options", "typed", "ballot"),
    [
        pytest.param(ONE, WEEKS, "2", {2: 1}, id="one choice by its number"),
        pytest.param(ONE, WEEKS, "#2", {2: 1}, id="a number with a hash"),
        pytest.param(ONE, WEEKS, "19 Jan", {2: 1}, id="one choice by its words"),
        pytest.param(ONE, WEEKS, "  19   JAN ", {2: 1}, id="capital letters and spaces do not matter"),
        pytest.param(ONE, SPANS, "3 weeks", {2: 1}, id="words that begin with a number are words"),
        pytest.param(ONE, SPANS, "3", {3: 1}, id="the number alone is the number"),
        pytest.param(ONE, FOOD, "tea, black", {1: 1}, id="words with a comma"),
        pytest.param(ONE, FOOD, "Tea", {2: 1}, id="words that begin another option's words"),
        pytest.param(ONE, FOOD, "no tea = no meeting", {3: 1}, id="words with an equals sign"),
        pytest.param(ONE, COUNTS, "7", {3: 1}, id="the exact words come before the number"),
        pytest.param(ONE, COUNTS, "2", {2: 1}, id="a number that is the words of the same option"),
        pytest.param(ONE, {1: "1", 2: "2"}, "2", {2: 1}, id="words and number that mean the same option"),
        pytest.param(SEVERAL, WEEKS, "2, 3", {2: 1, 3: 1}, id="several by number"),
        pytest.param(SEVERAL, WEEKS, "2 3", {2: 1, 3: 1}, id="several by number without a comma"),
        pytest.param(SEVERAL, WEEKS, "12 jan, 3", {1: 1, 3: 1}, id="several by words and number"),
        pytest.param(SEVERAL, WEEKS, "3", {3: 1}, id="one of several"),
        pytest.param(SEVERAL, FOOD, "Tea, black", {1: 1}, id="one of several whose words have a comma"),
        pytest.param(RANKED, WEEKS, "3, 1", {3: 1, 1: 2}, id="ranked in order"),
        pytest.param(RANKED, WEEKS, "2 > 3 > 1", {2: 1, 3: 2, 1: 3}, id="ranked with arrows"),
        pytest.param(RANKED, WEEKS, "26 Jan, 12 Jan, 19 Jan", {3: 1, 1: 2, 2: 3}, id="ranked by words"),
        pytest.param(SCORE, WEEKS, "2=5 3=1", {2: 5, 3: 1}, id="points by number"),
        pytest.param(SCORE, WEEKS, "2 = 5, 3 = 1", {2: 5, 3: 1}, id="points with spaces and commas"),
        pytest.param(SCORE, WEEKS, "12 Jan=5, 19 jan=1", {1: 5, 2: 1}, id="points by words"),
        pytest.param(SCORE, WEEKS, "12 Jan=5 19 Jan=0", {1: 5, 2: 0}, id="points by words without a comma"),
        pytest.param(DOTS, WEEKS, "1=3 2=2", {1: 3, 2: 2}, id="dots by number"),
        pytest.param(DOTS, SPANS, "3 weeks=2", {2: 2}, id="dots by words that begin with a number"),
        pytest.param(TIME, HOURS, "1 yes, 2 maybe, 3 no", {1: 2, 2: 1, 3: 0}, id="times by number"),
        pytest.param(TIME, HOURS, "1 if need be, 2 YES", {1: 1, 2: 2}, id="times if need be"),
        pytest.param(TIME, HOURS, "1=yes; 2: no", {1: 2, 2: 0}, id="times with other signs"),
        pytest.param(TIME, HOURS, "2026-12-01 14:00 yes", {1: 2}, id="a time"),
        pytest.param(TIME, HOURS, "dec 2 9am yes, dec 3 9:00 no", {2: 2, 3: 0}, id="times written in another way"),
        pytest.param(TIME, HOURS, "wednesday 9am yes", {2: 2}, id="a weekday"),
        pytest.param(TIME, HOURS, "wednesday yes, thursday no", {2: 2, 3: 0}, id="a day with one time"),
        pytest.param(TIME, HOURS, "tuesday 2:00 yes", {1: 2}, id="an hour in the half of the day that is a choice"),
        pytest.param(TIME, HOURS, "tuesday at 2 yes", {1: 2}, id="a bare hour that only one choice has"),
        pytest.param(TIME, HOURS, "tuesday 14:00-15:00 yes", {1: 2}, id="a range of hours"),
        pytest.param(TIME, HOURS, "Tue, Dec 1, 2026, 2:00 PM MST yes, 2 no", {1: 2, 2: 0}, id="as the bot writes it"),
    ],
)
def test_what_can_be_read(kind, options, typed, ballot):
    assert read(kind, options, typed) == ballot


@pytest.mark.parametrize(
    ("kind", "options", "typed", "ways"),
    [
        pytest.param(ONE, COUNTS, "3", ["#1", "#3"], id="both could be meant"),
        pytest.param(SEVERAL, COUNTS, "3, 7", ["#1, 7", "#3, 7"], id="both could be meant among several"),
        pytest.param(DOTS, COUNTS, "3=2", ["#1=2", "#3=2"], id="both could be meant for dots"),
    ],
)
def test_where_words_and_number_differ_it_asks(kind, options, typed, ways):
    with pytest.raises(Ambiguous, match="Which one do you mean") as question:
        read(kind, options, typed)
    assert [reading.text for reading in question.value.readings] == ways
    assert read(kind, options, ways[0])


@pytest.mark.parametrize(
    ("kind", "options", "typed"),
    [
        pytest.param(ONE, WEEKS, "banana", id="words that are no choice"),
        pytest.param(ONE, WEEKS, "4", id="a number that is no choice"),
        pytest.param(ONE, WEEKS, "0", id="nought"),
        pytest.param(ONE, WEEKS, "12", id="the first word of a choice only"),
        pytest.param(ONE, WEEKS, "Jan", id="the last word of a choice only"),
        pytest.param(ONE, WEEKS, "2=5", id="points where one choice is asked"),
        pytest.param(ONE, WEEKS, "", id="nothing"),
        pytest.param(SEVERAL, WEEKS, "2, banana", id="one good choice and one bad one"),
        pytest.param(SEVERAL, WEEKS, "2, 2", id="one choice twice"),
        pytest.param(SEVERAL, WEEKS, "2, 19 Jan", id="one choice twice, by number and by words"),
        pytest.param(SEVERAL, WEEKS, ",", id="a comma"),
        pytest.param(RANKED, WEEKS, "2, 1, 2", id="one choice ranked twice"),
        pytest.param(RANKED, WEEKS, ">", id="an arrow"),
        pytest.param(SCORE, WEEKS, "2", id="a choice without points"),
        pytest.param(SCORE, WEEKS, "2=many", id="points that are no number"),
        pytest.param(SCORE, WEEKS, "2=-1", id="points below nothing"),
        pytest.param(SCORE, WEEKS, "2=4.5", id="half points"),
        pytest.param(SCORE, WEEKS, "2=5 2=4", id="points twice for one choice"),
        pytest.param(SCORE, WEEKS, "2=5 and more", id="words after the points"),
        pytest.param(SCORE, FOOD, "coffee, black=3", id="words with a comma that are no choice"),
        pytest.param(DOTS, WEEKS, "=5", id="dots for nothing"),
        pytest.param(DOTS, WEEKS, "banana=5", id="dots for what is no choice"),
        pytest.param(TIME, HOURS, "1", id="a time without an answer"),
        pytest.param(TIME, HOURS, "2026-12-01 15:00 yes", id="a time that is no choice"),
        pytest.param(TIME, HOURS, "yes", id="an answer without a time"),
        pytest.param(TIME, HOURS, "1 perhaps", id="an answer that is none"),
        pytest.param(TIME, HOURS, "4 yes", id="a time that is not there"),
        pytest.param(TIME, HOURS, "1 yes, 1 no", id="one time twice"),
        pytest.param(TIME, HOURS, ", ,", id="commas"),
    ],
)
def test_what_cannot_be_read_is_answered_with_an_example(kind, options, typed):
    with pytest.raises(Refusal) as refused:
        read(kind, options, typed)
    assert f"`/vote 14 {BALLOT_EXAMPLES[kind]}`" in refused.value.sentence
    assert "!" not in refused.value.sentence.replace("<!date", "")


def test_a_time_is_one_of_the_own_zone_of_the_person_who_types_it():
    assert read(TIME, HOURS, "2026-12-01 16:00 yes", "America/New_York") == {1: 2}
    with pytest.raises(Refusal, match="is not one of the times") as refused:
        read(TIME, HOURS, "2026-12-01 14:00 yes", "America/New_York")
    assert "In your time zone, 1 is <!date^" in refused.value.sentence
    assert "Tue, Dec 1, 2026, 4:00 PM EST" in refused.value.sentence
    assert "14:00 (" not in refused.value.sentence, "no time of the author's zone"


@pytest.mark.parametrize("kind", list(PollKind))
def test_the_example_is_one_that_works(kind):
    assert read(kind, WEEKS, BALLOT_EXAMPLES[kind])


labels = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters=",;>=:"), min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and not text.lstrip("#").rstrip(".").isdecimal()),
    min_size=2,
    max_size=6,
    unique_by=str.casefold,
).map(lambda found: dict(enumerate(found, start=1)))


@given(labels, st.data())
def test_the_words_of_a_choice_choose_it(options, data):
    place = data.draw(st.sampled_from(sorted(options)))
    assert read(ONE, options, options[place]) == {place: 1}
    assert read(ONE, options, str(place)) == {place: 1}


@given(labels, st.data())
def test_choices_by_words_with_commas_between_are_ranked_in_order(options, data):
    order = data.draw(st.permutations(sorted(options)))
    typed = ", ".join(options[place] for place in order)
    assert read(RANKED, options, typed) == {place: rank for rank, place in enumerate(order, start=1)}


@given(labels, st.sampled_from(PollKind), st.text(max_size=60))
def test_whatever_is_typed_is_read_or_answered(options, kind, typed):
    try:
        ballot = read(kind, options, typed)
    except Refusal as refusal:
        assert "/vote 14 " in refusal.sentence
        assert "<" not in refusal.sentence
    else:
        assert ballot
        assert set(ballot) <= set(options)


@pytest.mark.parametrize("kind", list(PollKind))
@pytest.mark.parametrize("typed", ["a" + " " * 1500 + "b", "=" * 1500, "1=" * 800, ", " * 800, "1 " * 800])
def test_long_nonsense_is_answered_as_fast_as_short(kind, typed):
    with pytest.raises(Refusal):
        read(kind, WEEKS, typed)
