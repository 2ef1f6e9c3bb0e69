"""The groups of agencies whose shares everybody may see."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.load.rules import Share
from handlers.workload import rules
from storage.vocabulary import WeekRecord

NOW = datetime(2026, 11, 30, 16, tzinfo=UTC)


def share(name, people, load=10.0, fair=10.0):
    return Share(hash(name), name, NOW, people, weight=1.0, load=load, fair=fair, owned=load)


def names(groups):
    return [sorted(agency.name for agency in group.agencies) for group in groups]


def test_agencies_of_three_people_are_shown_alone_and_smaller_ones_together():
    shares = [share("Elm", 5, 20), share("Birch", 3), share("Oak", 1, 1), share("Pine", 2, 2)]
    groups = rules.pool_agencies(shares, {})
    assert names(groups) == [["Elm"], ["Birch"], ["Oak", "Pine"]]
    assert [group.name for group in groups] == ["Elm", "Birch", "2 agencies together"]
    assert (groups[2].load, groups[2].fair, groups[2].ratio) == (3, 20, 0.15)


def test_a_single_small_agency_is_joined_with_the_smallest_shown():
    assert names(rules.pool_agencies([share("Elm", 5, 20), share("Birch", 3), share("Oak", 2)], {})) == [
        ["Elm"],
        ["Birch", "Oak"],
    ]


def test_two_people_in_two_agencies_are_too_few_for_a_group():
    shares = [share("Elm", 5, 20), share("Birch", 4), share("Oak", 1), share("Pine", 1)]
    assert names(rules.pool_agencies(shares, {})) == [["Elm"], ["Birch", "Oak", "Pine"]]


def test_a_single_group_is_not_shown():
    assert rules.pool_agencies([share("Elm", 2), share("Birch", 2), share("Oak", 2)], {}) == []
    assert rules.pool_agencies([share("Elm", 5), share("Oak", 1)], {}) == []
    assert rules.pool_agencies([share("Elm", 5)], {}) == []
    assert rules.pool_agencies([], {}) == []


def test_beyond_twenty_groups_those_with_the_lowest_ratios_are_combined():
    groups = rules.pool_agencies([share(f"Agency {n}", 3, load=n) for n in range(30)], {})
    assert len(groups) == 20
    assert groups[0].name == "Agency 29" and groups[-1].name == "11 others"
    assert sum(group.load for group in groups) == sum(range(30))


def test_labels_that_are_cut_stay_unique():
    groups = rules.pool_agencies([share(f"Northern Valleys School District {n}", 3) for n in range(3)], {})
    labels = rules.unique_labels([group.name for group in groups], 20)
    assert len(set(labels)) == 3 and all(len(label) <= 20 for label in labels)


@given(st.lists(st.integers(1, 6), max_size=12))
def test_no_group_reveals_what_one_or_two_people_carry(people):
    shares = [share(f"A{n}", count, load=n) for n, count in enumerate(people)]
    groups = rules.pool_agencies(shares, {})
    assert all(sum(agency.people for agency in group.agencies) >= 3 for group in groups)
    assert not groups or sorted(name for group in names(groups) for name in group) == sorted(
        agency.name for agency in shares
    )
    assert len(groups) != 1


# week by week ------------------------------------------------------------------------------------------

MONDAY = date(2026, 11, 30)


def agency(number, people, load=10.0):
    return Share(number, f"A{number}", NOW, people, weight=1.0, load=load, fair=10.0, owned=load)


def weeks_of(*weeks):
    """Return weeks, the newest last, from {agency: (people, hours)}."""
    return {
        MONDAY - timedelta(weeks=len(weeks) - 1 - place): {
            number: WeekRecord(float(hours), people) for number, (people, hours) in week.items()
        }
        for place, week in enumerate(weeks)
    }


def test_weeks_in_which_an_agency_had_one_person_are_pooled_although_it_has_three_now():
    """Oak (4) was one person who carried 17 h; two people have joined it since."""
    before = {1: (5, 20), 2: (4, 9), 3: (2, 6), 4: (1, 17)}
    after = {1: (5, 20), 2: (4, 9), 3: (2, 6), 4: (3, 18)}
    shares = [agency(1, 5, 20), agency(2, 4, 9), agency(3, 3, 6), agency(4, 3, 18)]
    found = rules.trend(weeks_of(before, before, after), shares)
    assert found.lines == [("2 agencies together", [23, 23, 24]), ("A1", [20, 20, 20]), ("A2", [9, 9, 9])]


def test_the_trend_ends_where_an_agency_of_one_or_two_people_joins_a_line_or_leaves_it():
    """Its hours would be the difference: 23 h with it, 6 h without it."""
    with_oak, without = {1: (5, 20), 2: (4, 9), 3: (2, 6), 4: (1, 17)}, {1: (5, 20), 2: (4, 9), 3: (3, 6)}
    three = [agency(1, 5), agency(2, 4), agency(3, 3)]
    assert rules.trend(weeks_of(with_oak, without), three) == rules.Trend()
    assert rules.trend(weeks_of(with_oak, without, without), three).weeks == [MONDAY - timedelta(weeks=1), MONDAY]
    assert rules.trend(weeks_of(without, without, with_oak), [*three, agency(4, 1)]) == rules.Trend()


def test_a_line_that_loses_three_people_or_more_goes_on():
    before = {1: (5, 20), 2: (4, 9), 3: (2, 6), 4: (2, 17), 5: (2, 3)}
    after = {1: (5, 20), 2: (4, 9), 3: (3, 6)}
    found = rules.trend(weeks_of(before, after), [agency(1, 5), agency(2, 4), agency(3, 3)])
    assert ("3 agencies together", [26, 6]) in found.lines


# today, beside the week recorded last -----------------------------------------------------------------


def test_the_end_of_a_small_agency_hides_the_sums_until_the_next_week_is_recorded():
    """Birch and Cedar were counted together with 34 h; 30 h of Birch alone would tell Cedar's 4."""
    (recorded,) = weeks_of({1: (3, 20), 2: (3, 30), 3: (2, 4)}).values()
    left = [agency(1, 3, 20), agency(2, 3, 30)]
    assert rules.pool_agencies(left, recorded) == [] and rules.lost_few(left, recorded)
    (next_week,) = weeks_of({1: (3, 20), 2: (3, 30)}).values()
    assert len(rules.pool_agencies(left, next_week)) == 2 and not rules.lost_few(left, next_week)


def test_agencies_that_were_counted_together_in_the_recorded_week_still_are():
    """Cedar (3) had two people when the week was recorded, and has three now."""
    (recorded,) = weeks_of({1: (3, 20), 2: (3, 30), 3: (2, 4), 4: (4, 9)}).values()
    groups = rules.pool_agencies([agency(1, 3), agency(2, 3), agency(3, 3), agency(4, 4)], recorded)
    assert sorted(len(group.agencies) for group in groups) == [1, 1, 2]


def test_the_trend_ends_at_a_week_whose_people_are_unknown_or_too_few():
    unknown = {1: (None, 20), 2: (None, 9)}
    few = {1: (1, 20), 2: (1, 9)}
    now = {1: (5, 20), 2: (4, 9)}
    shares = [agency(1, 5), agency(2, 4)]
    for early in (unknown, few):
        assert rules.trend(weeks_of(now, early, now, now), shares).weeks == [MONDAY - timedelta(weeks=1), MONDAY]
        assert rules.trend(weeks_of(early, now), shares) == rules.Trend()


def test_beyond_six_lines_the_smallest_are_combined():
    week = {number: (3, number) for number in range(1, 10)}
    found = rules.trend(weeks_of(week, week), [agency(number, 3, number) for number in range(1, 10)])
    assert len(found.lines) == 6 and found.lines[-1] == ("4 others", [10, 10])


heads = st.dictionaries(st.integers(1, 6), st.integers(1, 5), min_size=1)


@given(st.lists(heads, min_size=1, max_size=5), heads)
def test_no_line_of_any_week_can_be_told_apart_from_what_that_week_itself_would_have_shown(history, present):
    """Hours are powers of two, so that a sum tells which agencies are in it."""
    weeks = weeks_of(*({number: (people, 2**number) for number, people in week.items()} for week in history))
    found = rules.trend(weeks, [agency(number, people, number) for number, people in present.items()])
    for place, week in enumerate(found.weeks):
        parts = rules.partition({number: record.heads for number, record in weeks[week].items()})
        for _, hours in found.lines:
            inside = {number for number in weeks[week] if int(hours[place]) & 2**number}
            assert all(part <= inside or not part & inside for part in parts)
            assert sum(weeks[week][number].heads for number in inside) >= 3 or not inside


@given(heads, heads)
def test_no_group_of_today_differs_from_sums_of_the_recorded_week_by_the_people_of_a_small_agency(before, present):
    """Whatever is shown today, less what was shown then of the same agencies, is nothing or three people or more."""
    (recorded,) = weeks_of({number: (people, 1) for number, people in before.items()}).values()
    shares = [agency(number, people) for number, people in present.items()]
    shown_then = rules.partition(before)
    for group in rules.pool_agencies(shares, recorded):
        inside = {one.id for one in group.agencies}
        touched = set().union(*(part for part in shown_then if part & inside))
        assert not touched & present.keys() - inside, "no finer than then"
        gone = sum(before[number] for number in touched - inside)
        assert gone == 0 or gone >= 3
