"""The groups of agencies whose shares everybody may see."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from handlers.load.rules import Share
from handlers.workload import rules

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)


def share(name, people, load=10.0, fair=10.0):
    return Share(hash(name), name, NOW, people, weight=1.0, load=load, fair=fair, owned=load)


def names(groups):
    return [sorted(agency.name for agency in group.agencies) for group in groups]


def test_agencies_of_three_people_are_shown_alone_and_smaller_ones_together():
    shares = [share("Elm", 5, 20), share("Birch", 3), share("Oak", 1, 1), share("Pine", 2, 2)]
    groups = rules.pool_agencies(shares)
    assert names(groups) == [["Elm"], ["Birch"], ["Oak", "Pine"]]
    assert [group.name for group in groups] == ["Elm", "Birch", "2 smaller agencies"]
    assert (groups[2].load, groups[2].fair, groups[2].ratio) == (3, 20, 0.15)


def test_a_single_small_agency_is_joined_with_the_smallest_shown():
    assert names(rules.pool_agencies([share("Elm", 5, 20), share("Birch", 3), share("Oak", 2)])) == [
        ["Elm"],
        ["Birch", "Oak"],
    ]


def test_two_people_in_two_agencies_are_too_few_for_a_group():
    shares = [share("Elm", 5, 20), share("Birch", 4), share("Oak", 1), share("Pine", 1)]
    assert names(rules.pool_agencies(shares)) == [["Elm"], ["Birch", "Oak", "Pine"]]


def test_a_single_group_is_not_shown():
    assert rules.pool_agencies([share("Elm", 2), share("Birch", 2), share("Oak", 2)]) == []
    assert rules.pool_agencies([share("Elm", 5), share("Oak", 1)]) == []
    assert rules.pool_agencies([share("Elm", 5)]) == []
    assert rules.pool_agencies([]) == []


def test_beyond_twenty_groups_those_with_the_lowest_ratios_are_combined():
    groups = rules.pool_agencies([share(f"Agency {n}", 3, load=n) for n in range(30)])
    assert len(groups) == 20
    assert groups[0].name == "Agency 29" and groups[-1].name == "11 others"
    assert sum(group.load for group in groups) == sum(range(30))


def test_labels_that_are_cut_stay_unique():
    groups = rules.pool_agencies([share(f"Northern Valleys School District {n}", 3) for n in range(3)])
    labels = rules.unique_labels(groups, 20)
    assert len(set(labels)) == 3 and all(len(label) <= 20 for label in labels)


@given(st.lists(st.integers(1, 6), max_size=12))
def test_no_group_reveals_what_one_or_two_people_carry(people):
    shares = [share(f"A{n}", count, load=n) for n, count in enumerate(people)]
    groups = rules.pool_agencies(shares)
    assert all(sum(agency.people for agency in group.agencies) >= 3 for group in groups)
    assert not groups or sorted(name for group in names(groups) for name in group) == sorted(
        agency.name for agency in shares
    )
    assert len(groups) != 1
