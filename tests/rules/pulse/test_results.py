"""How results of the pulse are interpreted and compared. All expected values are worked out by hand."""

from datetime import date, timedelta

import pytest

from handlers.pulse.rules import results
from handlers.pulse.rules.results import Asking, Band
from storage.vocabulary import Theme

FIRST = date(2026, 11, 30)
BELOW, MIDDLE, ABOVE = Band(0, 0), Band(1, 1), Band(2, 2)


def counts(mean, answered=10):
    """Return counts of ten answers with this mean, which has one decimal."""
    total = round(mean * answered)
    low, more = divmod(total, answered)
    return tuple((answered - more if point == low else 0) + (more if point == low + 1 else 0) for point in range(1, 6))


def askings(*shown, answered=8):
    """Return a theme's askings, two weeks apart: each a sentence and a mean, a band, or None."""
    return [
        Asking(
            FIRST + timedelta(weeks=2 * n),
            f"pace-{sentence}",
            answered,
            counts(value) if type(value) is float else value,
        )
        for n, (sentence, value) in enumerate(shown)
    ]


def day(place):
    return FIRST + timedelta(weeks=2 * place)


@pytest.mark.parametrize(
    ("mean", "expected"),
    [(2.94, "address"), (2.95, "talk"), (3.0, "talk"), (3.94, "talk"), (3.96, "strength"), (5.0, "strength")],
)
def test_a_mean_is_interpreted_as_it_is_shown(mean, expected):
    assert results.interpret(mean) == expected


@pytest.mark.parametrize(
    ("history", "by", "days"),
    [
        pytest.param([(1, 4.0)], None, (), id="a first asking is compared with nothing"),
        pytest.param([(1, 4.0), (2, 3.0)], None, (), id="another sentence is no comparison"),
        pytest.param(
            [(1, 4.0), (2, 3.0), (3, 4.0), (1, 4.0)], 0.0, (0,), id="nobody changed, though one sentence gets less"
        ),
        pytest.param([(1, 4.0), (2, 3.0), (3, 4.0), (1, 4.0), (2, 3.0)], 0.0, (1,), id="nor is it down for that one"),
        pytest.param([(1, 4.0), (2, 1.0), (1, 3.5)], -0.5, (0,), id="down by half a point"),
        # (4.0 + 3.0 + 3.5) / 3 = 3.5
        pytest.param([(1, 4.0), (1, 3.0), (1, 3.5), (1, 3.9)], 0.4, (0, 1, 2), id="against the mean of three"),
        # (3.0 + 3.5 + 4.0) / 3 = 3.5, without the 1.0
        pytest.param([(1, 1.0), (1, 3.0), (1, 3.5), (1, 4.0), (1, 3.2)], -0.3, (1, 2, 3), id="the last three only"),
        pytest.param([(1, 4.0), (1, ABOVE), (1, None), (1, 3.8)], -0.2, (0,), id="bands and nothing are left out"),
        pytest.param([(1, 4.0), (1, MIDDLE)], None, (), id="a band is not compared"),
    ],
)
def test_change_is_measured_against_the_same_sentences_last_three_askings(history, by, days):
    change = results.change(askings(*history))
    assert (None if change is None else round(change.by, 6)) == by
    assert (() if change is None else change.days) == tuple(map(day, days))


@pytest.mark.parametrize(
    ("history", "answered", "falls"),
    [
        pytest.param([(1, 4.0)], 8, False, id="a first asking cannot fall"),
        pytest.param([(1, 4.0), (1, 3.5)], 8, True, id="half a point is enough"),
        pytest.param([(1, 4.0), (1, 3.6)], 8, False, id="less than half a point is not"),
        pytest.param([(1, 4.0), (2, 3.0)], 8, False, id="another sentence gets less"),
        pytest.param([(1, 5.0), (1, 4.0), (1, 4.0), (1, 4.0), (1, 3.6)], 8, False, id="only the last three count"),
        pytest.param([(1, 4.0), (1, 3.5)], 7, False, id="seven answers are too few"),
    ],
)
def test_a_theme_falls_by_half_a_point_against_its_sentences_last_three_askings(history, answered, falls):
    assert results.is_falling(askings(*history, answered=answered)) is falls


def test_a_sentence_that_always_gets_less_never_falls():
    """Everyone answers 4, only the second sentence gets 3, for twelve rounds."""
    history = askings(*[(1 + n % 3, 3.0 if n % 3 == 1 else 4.0) for n in range(12)])
    for last in range(1, 13):
        assert not results.is_falling(history[:last])
        change = results.change(history[:last])
        assert change is None or change.by == 0


@pytest.mark.parametrize(
    ("history", "answered", "low"),
    [
        pytest.param([(1, 2.0)], 8, False, id="once is not enough"),
        pytest.param([(1, 2.9), (2, 2.9)], 8, True, id="twice is, with two sentences"),
        pytest.param([(1, 2.9), (1, 2.9)], 8, True, id="or with one"),
        pytest.param([(1, 2.9), (2, BELOW)], 8, True, id="a band below 3 says so too"),
        pytest.param([(1, 2.9), (2, Band(0, 1))], 8, False, id="a band up to 4 does not"),
        pytest.param([(1, 2.9), (2, None)], 8, False, id="nor does nothing"),
        pytest.param([(1, 2.9), (2, 3.0)], 8, False, id="3.0 is not low"),
        pytest.param([(1, 2.9), (2, 3.4), (3, 2.9)], 8, False, id="not one after the other"),
        pytest.param([(1, 2.9), (2, 2.9)], 7, False, id="seven answers are too few"),
    ],
)
def test_a_theme_stays_low_below_three_for_two_askings(history, answered, low):
    assert results.stays_low(askings(*history, answered=answered)) is low


def test_the_askings_of_a_theme_are_those_of_its_sentences():
    result = results.Result(5, 5, {"pace-1": (0, 0, 5, 0, 0), "trust-2": (5, 0, 0, 0, 0)})
    rounds = [(FIRST, ["trust-1", "pace-3"], results.Result(5, 3)), (day(1), ["trust-2", "pace-1"], result)]
    assert results.askings_of_theme(rounds, Theme.PACE) == [
        Asking(FIRST, "pace-3", 3, None),
        Asking(day(1), "pace-1", 5, (0, 0, 5, 0, 0)),
    ]
