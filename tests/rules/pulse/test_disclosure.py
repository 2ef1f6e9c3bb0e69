"""When a result of the pulse is a number, a band, or nothing. The cases are worked out by hand."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.pulse.rules import disclosure
from handlers.pulse.rules.disclosure import Answer, Part, Precedent, differ_by_few
from handlers.pulse.rules.results import Band

KEY = "trust-1"


def asked(answers, earlier=()):
    """Summarize what each person, who is a letter, answered to the sentence; all are of one agency."""
    people = frozenset(answers)
    given_answers = [Answer(1, {KEY: score}) for score in answers.values()]
    return disclosure.summarize(30, [KEY], given_answers, {1: people}, {KEY: earlier}).shown.get(KEY)


def then(first, *more):
    """Ask the same sentence several times; return what is shown each time."""
    shown, earlier = [], []
    for answers in (first, *more):
        result = asked(answers, earlier)
        shown.append(result)
        if result is not None:
            people = frozenset(answers)
            earlier.append(Precedent(people, [Part(people, result)]))
    return shown


def of(letters, *scores):
    return dict(zip(letters, scores, strict=True))


SIX = of("abcdef", 4, 4, 4, 4, 4, 1)
"""Finn is f. The mean is 21 / 6 = 3.5."""

ALIKE = dict.fromkeys("abcdef", 4)
WIDE = of("abcdef", 1, 2, 3, 4, 5, 5)
HIGH = dict.fromkeys("abcdefghijklmnop", 5)


def without(answers, letters):
    return {person: score for person, score in answers.items() if person not in letters}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param(SIX, SIX, (1, 0, 0, 5, 0), id="the same six: a number"),
        # without one of 4, 4, 4, 4, 4, 1 the sum is 17 or 20, the mean 3.4 or 4.0
        pytest.param(SIX, without(SIX, "f"), Band(1, 2), id="without the one who said 1: 3.0 and above"),
        pytest.param(SIX, without(SIX, "a"), Band(1, 2), id="without one who said 4: the same"),
        # without one of 4, 4, 4, 4, 4, 4 the mean is 4.0
        pytest.param(ALIKE, without(ALIKE, "f"), Band(2, 2), id="all alike: 4.0 and above"),
        # with one more person, the sum is 25 to 29, the mean 3.6 to 4.1
        pytest.param(ALIKE, {**ALIKE, "g": 5}, Band(1, 2), id="one more person: 3.0 and above"),
        # without one of 1, 2, 3, 4, 5, 5 the sum is 15 to 19, the mean 3.0 to 3.8
        pytest.param(WIDE, without(WIDE, "a"), Band(1, 1), id="wide, but in one band: 3.0 to 3.9"),
        pytest.param(WIDE, {**without(WIDE, "abc"), "x": 1, "y": 1}, (2, 0, 0, 1, 2), id="five others: a number"),
        # without two of them, and with two others: 10 + 2 = 12 to 17 + 10 = 27 of six
        pytest.param(WIDE, {**without(WIDE, "ab"), "x": 1, "y": 1}, None, id="four others: could be anything"),
        # the five said 4 and now say 2: not what one person's answer explains
        pytest.param(SIX, dict.fromkeys("abcde", 2), Band(0, 0), id="others changed their minds: their own band"),
        # 16 people, 80 in all; without four of them 60 of 12
        pytest.param(HIGH, without(HIGH, "abcd"), Band(2, 2), id="four fewer of sixteen: the band"),
        pytest.param(HIGH, without(HIGH, "abcde"), (0, 0, 0, 0, 11), id="five fewer of sixteen: a number"),
    ],
)
def test_a_sentence_that_is_asked_again_shows_a_number_a_band_or_nothing(first, second, expected):
    assert then(first, second)[-1] == expected


def test_what_a_band_replaced_is_not_given_away_by_asking_once_more():
    """The same five answer twice: they still differ by one person from the first six."""
    five = without(SIX, "f")
    assert then(SIX, five, five, five) == [(1, 0, 0, 5, 0), *[Band(1, 2)] * 3]


def test_a_result_of_fewer_than_five_is_compared_with_nothing():
    four = without(SIX, "ef")
    assert then(four, without(SIX, "f")) == [None, (0, 0, 0, 5, 0)]


def test_other_sentences_are_not_compared():
    people = frozenset(SIX)
    answers = [Answer(1, {"trust-2": 4}) for _ in range(5)]
    earlier = {KEY: [Precedent(people, [Part(people, (1, 0, 0, 5, 0))])]}
    shown = disclosure.summarize(6, ["trust-2"], answers, {1: frozenset("abcde")}, earlier).shown
    assert shown == {"trust-2": (0, 0, 0, 5, 0)}


# does not apply ------------------------------------------------------------------------------------------

TEN = dict.fromkeys("abcdefghij", 4)


def but(answers, letters):
    """Return the same answers, where the sentence does not apply to some."""
    return {person: None if person in letters else score for person, score in answers.items()}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # 20 of five, perhaps without one and with another: 17 to 21 of five
        pytest.param(but(SIX, "f"), but(SIX, "f"), Band(1, 2), id="perhaps another of the six: a range"),
        # 20 of five, and one more: 21 to 25 of six; the other way 21 of six without one: 17 to 20 of five
        pytest.param(but(SIX, "f"), SIX, Band(1, 2), id="then it applies to the sixth: 3.0 and above"),
        pytest.param(SIX, but(SIX, "f"), Band(1, 2), id="then it does not apply to the one who said 1: the same"),
        pytest.param(SIX, but(SIX, "a"), Band(1, 2), id="then it does not apply to one who said 4: the same"),
        pytest.param(SIX, but(SIX, "ab"), None, id="four who rated it are too few"),
        pytest.param(
            but(TEN, "a"), but({**without(TEN, "abcd"), **dict.fromkeys("wxyz", 2)}, "b"), (0, 4, 0, 6, 0), id="eight"
        ),
        # 40 of ten without one and with five others: 41 to 61 of 14, 2.9 to 4.4
        pytest.param(TEN, {**but(TEN, "a"), **dict.fromkeys("vwxyz", 4)}, None, id="five more, but one left out"),
        pytest.param(
            TEN, {**but(TEN, "a"), **dict.fromkeys("uvwxyz", 4)}, (0, 0, 0, 15, 0), id="six more, and one left out"
        ),
    ],
)
def test_people_to_whom_it_does_not_apply_may_have_been_any(first, second, expected):
    assert then(first, second)[-1] == expected


@pytest.mark.parametrize("thinks", [5, 1, None])
def test_whether_a_newcomer_rated_a_sentence_does_not_show(thinks):
    """Seven rated it; then four of them answer, and one who is new: perhaps five rate it, perhaps four."""
    seven = dict.fromkeys("abcdefg", 5)
    assert then(seven, {**without(seven, "efg"), "x": thinks})[-1] is None
    # with five of them, five rate it in any case: 25 to 30 of six, or 25 of five
    assert then(seven, {**without(seven, "fg"), "x": thinks})[-1] == Band(2, 2)


def test_a_sentence_of_which_nothing_is_shown_keeps_later_rounds_apart():
    """Four of nine rate it. With one more person, a number would say that this one is among five who rate it."""
    nine = but(dict.fromkeys("abcdefghi", 4), "efghi")
    people = frozenset(nine)
    answers = [Answer(1, {KEY: score}) for score in nine.values()]
    result = disclosure.summarize(9, [KEY], answers, {1: people}, {})
    assert (result.shown, result.blank) == ({}, [KEY])
    for thinks in (4, None):
        assert asked({**nine, "j": thinks}, [Precedent(people, [])]) is None


# groups --------------------------------------------------------------------------------------------------

ELM, OAK = frozenset("abcde"), frozenset("vwxyz")


def by_agency(elm, oak, earlier=()):
    """Return what is shown of everybody and of each agency if all of Elm say 4 and all of Oak 2."""
    answers = [Answer(1, {KEY: 4}) for _ in elm] + [Answer(2, {KEY: 2}) for _ in oak]
    result = disclosure.summarize(30, [KEY], answers, {1: frozenset(elm), 2: frozenset(oak)}, {KEY: earlier})
    return result.shown.get(KEY), {tuple(group.agencies): group.shown.get(KEY) for group in result.groups}


def precedent(elm, oak):
    total, groups = by_agency(elm, oak)
    parts = [Part(elm | oak, total)] + [Part(part, groups[(n,)]) for n, part in ((1, elm), (2, oak)) if groups]
    return Precedent(elm | oak, parts)


@pytest.mark.parametrize(
    ("elm", "oak", "total", "groups"),
    [
        pytest.param(ELM, OAK, (0, 5, 0, 5, 0), {(1,): (0, 0, 0, 5, 0), (2,): (0, 5, 0, 0, 0)}, id="the same people"),
        pytest.param(
            # 30 of 10 and one more are 31 to 35 of 11, 2.8 to 3.2; Elm's 20 of 5 become 21 to 25 of 6, 3.5 to 4.2
            *(ELM | {"f"}, OAK, Band(0, 1), {(1,): Band(1, 2), (2,): Band(0, 0)}),
            id="one more person in one agency",
        ),
        pytest.param(
            # Elm's 20 without a 4 and with one more are 17 to 21 of 5, Oak's 10 without a 2 are 9 to 13 of 5
            ELM - {"e"} | {"v"},
            OAK - {"v"} | {"e"},
            (0, 5, 0, 5, 0),
            {(1,): Band(1, 2), (2,): Band(0, 0)},
            id="two people changed places",
        ),
        pytest.param(
            ELM | set("fghij"),
            OAK,
            (0, 5, 0, 10, 0),
            {(1,): (0, 0, 0, 10, 0), (2,): (0, 5, 0, 0, 0)},
            id="five more people in one agency",
        ),
        pytest.param(
            # eight more in all, but each agency differs by four: 24 to 40 of 9 and 14 to 30 of 9
            ELM | set("fghi"),
            OAK | set("rstu"),
            (0, 9, 0, 9, 0),
            {(1,): None, (2,): Band(0, 1)},
            id="four more in each agency",
        ),
    ],
)
def test_groups_are_compared_with_what_was_shown_of_groups(elm, oak, total, groups):
    assert by_agency(elm, oak, [precedent(ELM, OAK)]) == (total, groups)


def test_everybody_is_compared_with_what_was_shown_of_a_group():
    """Oak did not answer this time, and f has joined Elm: Elm's own result was shown before."""
    total, groups = by_agency(ELM | {"f"}, frozenset(), [precedent(ELM, OAK)])
    assert (total, groups) == (Band(1, 2), {})


def test_a_group_is_compared_with_what_was_shown_of_everybody():
    """At first, only Elm answered; then one of them is missing, and Oak answers."""
    total, groups = by_agency(ELM - {"e"} | {"f"}, OAK, [precedent(ELM, frozenset())])
    assert total == (0, 5, 0, 5, 0)
    assert groups == {(1,): Band(1, 2), (2,): None}


def divisions(people):
    return st.lists(st.integers(0, 3), min_size=people, max_size=people).map(
        lambda places: [
            part for n in (1, 2, 3) if (part := frozenset(p for p, place in enumerate(places) if place == n))
        ]
    )


@given(divisions(16), divisions(16))
def test_divisions_differ_by_few_if_any_two_of_their_sums_do(one, other):
    def sums(parts):
        for taken in product((False, True), repeat=len(parts)):
            yield frozenset().union(*(part for part, takes in zip(parts, taken, strict=True) if takes))

    differences = {len(a ^ b) for a in sums(one) for b in sums(other)}
    assert differ_by_few(one, other) == bool(differences & {1, 2, 3, 4})
