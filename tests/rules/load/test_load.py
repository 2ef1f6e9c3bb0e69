"""What is fair, on hand-computed cases and as properties."""

import math
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.load import rules

TODAY = date(2026, 11, 30)
quarters = st.integers(0, 400).map(lambda n: n / 4)
loads = st.lists(quarters, min_size=1, max_size=8)
weighted = st.lists(st.tuples(quarters, st.integers(0, 5)), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("due_on", "counts"),
    [
        pytest.param(None, True, id="without a date"),
        pytest.param(TODAY - timedelta(days=400), True, id="overdue"),
        pytest.param(TODAY, True, id="today"),
        pytest.param(TODAY + timedelta(days=30), True, id="in thirty days"),
        pytest.param(TODAY + timedelta(days=31), False, id="in thirty-one days"),
    ],
)
def test_an_open_task_counts_as_load_if_due_within_30_days_overdue_or_without_a_date(due_on, counts):
    assert rules.counts_as_load(due_on, TODAY) is counts


def test_an_agencys_load_is_the_sum_of_what_its_people_carry():
    assert rules.agency_loads([("elm", 26), ("birch", 4), ("elm", 2)]) == {"elm": 28, "birch": 4}
    assert rules.agency_loads([]) == {}


@pytest.mark.parametrize(
    ("weights", "whole", "fair"),
    [
        pytest.param({"elm": 1, "birch": 1}, 40, {"elm": 20, "birch": 20}, id="alike"),
        pytest.param({"elm": 3, "birch": 1}, 40, {"elm": 30, "birch": 10}, id="as agreed"),
        pytest.param({"elm": 1, "birch": 0}, 40, {"elm": 40, "birch": 0}, id="one that carries nothing by agreement"),
        pytest.param({"elm": 0, "birch": 0}, 40, {"elm": 20, "birch": 20}, id="nobody has a weight: alike"),
        pytest.param({"elm": 2}, 40, {"elm": 40}, id="one agency"),
        pytest.param({"elm": 2, "birch": 1}, 0, {"elm": 0, "birch": 0}, id="no work at all"),
        pytest.param({}, 40, {}, id="no agency"),
    ],
)
def test_a_fair_share_is_the_weight_over_the_sum_of_weights(weights, whole, fair):
    assert rules.fair_shares(weights, whole) == fair


@pytest.mark.parametrize(
    ("carried", "fair", "ratio"),
    [(30, 20, 1.5), (20, 20, 1), (0, 20, 0), (0, 0, 0), (1, 0, math.inf)],
)
def test_a_ratio_is_the_load_divided_by_the_fair_share(carried, fair, ratio):
    assert rules.ratio(carried, fair) == ratio


def test_an_agency_carries_too_much_above_150_percent_of_its_share_once_the_total_is_40_hours():
    assert not rules.is_over_share(30, 20, 40, 150)
    assert rules.is_over_share(30.25, 20, 40, 150)
    assert not rules.is_over_share(30.25, 10, 39.75, 150)
    assert rules.is_over_share(1, 0, 40, 150)
    assert not rules.is_over_share(0, 0, 40, 150)
    assert rules.is_over_share(25, 20, 40, 120)
    assert not rules.is_over_hours(10, 10)
    assert rules.is_over_hours(10.25, 10)
    assert rules.is_over_hours(0.25, 0)


@pytest.mark.parametrize(
    ("given_", "fair", "whole", "gifts", "far"),
    [
        pytest.param(40, 20, 60, 3, True, id="twice the share"),
        pytest.param(39.75, 20, 60, 3, False, id="just below"),
        pytest.param(40, 20, 60, 2, False, id="too few gifts to say"),
        pytest.param(0, 0, 0, 3, False, id="nothing given"),
        pytest.param(3, 1, 3, 3, False, id="small numbers"),
        pytest.param(60, 60, 60, 9, False, id="one agency"),
        pytest.param(10, 0, 60, 3, True, id="without a share"),
    ],
)
def test_contributing_twice_the_fair_share_is_far_above_it(given_, fair, whole, gifts, far):
    assert rules.contributes_far_above_share(given_, fair, whole, gifts, least=40) is far


# dependence --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holdings", "factor"),
    [
        pytest.param([1000, 202, 90, 33, 332, 343, 42, 433], 2, id="the worked example of CHAOSS"),
        pytest.param([12.5] * 8, 4, id="eight alike"),
        pytest.param([50, 10, 10, 10, 10, 10], 1, id="one with exactly half"),
        pytest.param([49, 17, 17, 17], 2, id="one with a little less"),
        pytest.param([7], 1, id="one"),
        pytest.param([0, 0, 3], 1, id="others with nothing"),
        pytest.param([0, 0, 0], 0, id="no work at all"),
        pytest.param([], 0, id="nobody"),
    ],
)
def test_the_absence_factor_is_the_smallest_number_of_holders_of_half_the_work(holdings, factor):
    assert rules.absence_factor(holdings) == factor


def test_work_of_people_in_no_agency_counts_when_half_of_the_work_is_looked_for():
    assert rules.absence_factor([30, 10], 20) == 1
    assert rules.absence_factor([20, 10], 10) == 1
    assert rules.absence_factor([20, 10], 30) == 2
    assert rules.absence_factor([20, 10], 31) == 0
    assert rules.depends_on_one([30, 5, 5], 5, elsewhere=20)
    assert not rules.depends_on_one([30, 5, 5], 5, elsewhere=21)


@pytest.mark.parametrize(
    ("holdings", "tasks", "depends"),
    [
        pytest.param([20, 10, 10], 5, True, id="half of forty hours in five tasks, of three"),
        pytest.param([20, 10, 10], 4, False, id="four tasks"),
        pytest.param([19.75, 10, 10], 5, False, id="less than forty hours"),
        pytest.param([40, 0], 5, False, id="two only"),
        pytest.param([40, 0, 0], 5, True, id="three, of whom two hold nothing"),
        pytest.param([19, 11, 10], 5, False, id="two hold half"),
    ],
)
def test_dependence_needs_three_holders_and_40_hours_in_five_tasks(holdings, tasks, depends):
    assert rules.depends_on_one(holdings, tasks) is depends


# how even it is ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        pytest.param([10, 10, 10, 10], 0, id="all alike"),
        pytest.param([40, 0, 0, 0], 1, id="one carries everything"),
        # shares 1/2, 1/4, 1/4: H = 3/8; (3/8 - 1/3) / (2/3) = 1/16
        pytest.param([20, 10, 10], 1 / 16, id="computed by hand"),
        pytest.param([0, 0], 0, id="no work at all"),
        pytest.param([9], 0, id="one agency"),
        pytest.param([], 0, id="nobody"),
    ],
)
def test_concentration_matches_values_computed_by_hand(carried, expected):
    assert rules.concentration(carried) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("carried", "weights", "expected"),
    [
        pytest.param([10, 10, 10], None, 0, id="all alike"),
        pytest.param([0, 0, 0, 40], None, 3 / 4, id="one of four carries everything"),
        # differences 1, 3, 2 twice over: 12 / (2 x 9 x mean 7/3) = 12 / 42
        pytest.param([1, 2, 4], None, 2 / 7, id="computed by hand"),
        pytest.param([30, 10], [3, 1], 0, id="as agreed"),
        pytest.param([10, 10], [3, 1], 1 / 4, id="alike, where three to one was agreed"),
        pytest.param([0, 40], [1, 0], 1, id="all with the one that has no weight"),
        pytest.param([0, 40], [0, 0], 1 / 2, id="nobody has a weight"),
        pytest.param([0, 0], [1, 2], 0, id="no work at all"),
        pytest.param([9], None, 0, id="one"),
        pytest.param([], None, 0, id="nobody"),
    ],
)
def test_gini_matches_values_computed_by_hand(carried, weights, expected):
    assert rules.gini(carried, weights) == pytest.approx(expected)


@given(loads)
def test_gini_is_the_mean_difference_over_twice_the_mean(carried):
    assume(sum(carried) > 0)
    number = len(carried)
    differences = sum(abs(x - y) for x in carried for y in carried)
    assert rules.gini(carried) == pytest.approx(differences / (2 * number * sum(carried)), abs=1e-9)


@given(loads, quarters)
def test_more_work_for_the_most_loaded_never_looks_fairer(carried, more):
    most = carried.index(max(carried))
    after = [hours + more if place == most else hours for place, hours in enumerate(carried)]
    assert rules.gini(after) >= rules.gini(carried) - 1e-9
    assert rules.concentration(after) >= rules.concentration(carried) - 1e-9
    assert rules.largest_share(after) >= rules.largest_share(carried) - 1e-9
    if sum(carried):
        assert rules.absence_factor(after) <= rules.absence_factor(carried)
    if rules.depends_on_one(carried, 5):
        assert rules.depends_on_one(after, 5)


@given(weighted, quarters)
def test_more_work_for_the_agency_farthest_above_its_share_never_looks_fairer(known, more):
    carried, weights = [load for load, _ in known], [float(weight) for _, weight in known]
    fair = rules.fair_shares(dict(enumerate(weights)), sum(carried))
    ratios = [rules.ratio(load, fair[place]) for place, load in enumerate(carried)]
    most = ratios.index(max(ratios))
    after = [load + more if place == most else load for place, load in enumerate(carried)]
    assert rules.gini(after, weights) >= rules.gini(carried, weights) - 1e-9
    new = rules.fair_shares(dict(enumerate(weights)), sum(after))
    assert rules.ratio(after[most], new[most]) >= ratios[most] - 1e-9


@given(weighted, st.sampled_from([0.25, 0.5, 2, 4, 32]))
def test_scaling_all_hours_changes_no_ratio_gini_or_absence_factor(known, factor):
    carried, weights = [load for load, _ in known], [float(weight) for _, weight in known]
    scaled = [load * factor for load in carried]
    fair = rules.fair_shares(dict(enumerate(weights)), sum(carried))
    new = rules.fair_shares(dict(enumerate(weights)), sum(scaled))
    for place, load in enumerate(carried):
        before = rules.ratio(load, fair[place])
        assert rules.ratio(scaled[place], new[place]) == (before if math.isinf(before) else pytest.approx(before))
    assert rules.gini(scaled, weights) == pytest.approx(rules.gini(carried, weights))
    assert rules.concentration(scaled) == pytest.approx(rules.concentration(carried))
    assert rules.absence_factor(scaled) == rules.absence_factor(carried)
    assert rules.largest_share(scaled) == pytest.approx(rules.largest_share(carried))


@given(weighted)
def test_fair_shares_add_up_to_the_total_and_measures_stay_in_range(known):
    carried, weights = [load for load, _ in known], [float(weight) for _, weight in known]
    fair = rules.fair_shares(dict(enumerate(weights)), sum(carried))
    assert sum(fair.values()) == pytest.approx(sum(carried))
    assert 0 <= rules.gini(carried, weights) <= 1
    assert 0 <= rules.concentration(carried) <= 1
    assert (rules.absence_factor(carried) == 0) is (sum(carried) == 0)


def test_a_measure_is_worse_when_it_has_risen_by_a_fifth():
    assert rules.is_worse(3.12, 2.6)
    assert not rules.is_worse(3.11, 2.6)
    assert rules.is_worse(math.inf, 2)
